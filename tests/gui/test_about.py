"""« À propos et licences »: the version, what it is, and the licence of each part."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPlainTextEdit

from qpvdesk import __version__, paths
from qpvdesk.services import licences
from qpvdesk.ui.dialogs.about import AboutDialog
from tests.gui.conftest import Bench
from tests.helpers import notice


def test_it_says_the_version_and_every_licence(bench: Bench) -> None:
    if not (paths.resources() / licences.FILE).is_file():
        notice.make()
    bench.window.actions_by_word["apropos"].trigger()
    (dialog,) = bench.window.findChildren(AboutDialog)
    assert any(__version__ in one.text() for one in dialog.findChildren(QLabel))
    (shown,) = dialog.findChildren(QPlainTextEdit)
    assert shown.isReadOnly()
    for name in ("licences des composants", "Qt", "pypdfium2", "IBM Plex Sans", "GNU LESSER GENERAL PUBLIC"):
        assert name in shown.toPlainText()
    assert not shown.verticalScrollBar().value()
    dialog.accept()
