"""« À propos et licences »: the version, what it is, and the licence of each part."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from qpvdesk import __version__
from qpvdesk.ui.dialogs.about import AboutDialog
from tests.gui.conftest import Bench


def test_it_says_the_version_and_every_licence(qtbot: QtBot, bench: Bench) -> None:
    bench.window._actions["apropos"].trigger()
    (dialog,) = bench.window.findChildren(AboutDialog)
    assert any(__version__ in one.text() for one in dialog.findChildren(QLabel))
    (notice,) = dialog.findChildren(QPlainTextEdit)
    qtbot.waitUntil(lambda: "licences des composants" in notice.toPlainText())
    assert notice.isReadOnly()
    for name in ("Qt", "pikepdf", "IBM Plex Sans", "GNU LESSER GENERAL PUBLIC LICENSE"):
        assert name in notice.toPlainText()
    assert not notice.verticalScrollBar().value()
    dialog.accept()


def test_it_may_be_closed_before_the_notice_has_come(qtbot: QtBot, bench: Bench) -> None:
    bench.window._actions["apropos"].trigger()
    (dialog,) = bench.window.findChildren(AboutDialog)
    dialog.accept()
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.load()
    (notice,) = dialog.findChildren(QPlainTextEdit)
    assert notice.toPlainText() == ""
    assert bench.bugs == []
