"""« À propos et licences »: the version, what it is, and the licence of each part."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPlainTextEdit

from qpvdesk import __version__
from qpvdesk.ui.dialogs.about import AboutDialog
from tests.gui.conftest import Bench


def test_it_says_the_version_and_every_licence(bench: Bench) -> None:
    bench.window._actions["apropos"].trigger()
    (dialog,) = bench.window.findChildren(AboutDialog)
    assert any(__version__ in one.text() for one in dialog.findChildren(QLabel))
    (notice,) = dialog.findChildren(QPlainTextEdit)
    assert notice.isReadOnly()
    for name in ("licences des composants", "Qt", "pikepdf", "IBM Plex Sans", "GNU LESSER GENERAL PUBLIC"):
        assert name in notice.toPlainText()
    assert not notice.verticalScrollBar().value()
    dialog.accept()
