"""The keyboard comes through every page, and goes back to where it was taken from."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.ui.dialogs.choosing import ChoosingDialog
from qpvdesk.ui.kit.focus import controls
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages.engagement_detail import EngagementDetail
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.sidebar import NavButton
from tests.gui.conftest import Bench
from tests.helpers.turns import turn

_KEYS_MAX = 80


def hand() -> object:
    return QApplication.focusWidget()


def press(bench: Bench, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or bench.window, key, modifiers)


@pytest.mark.parametrize(
    ("word", "focus"), [("objectifs", "BPI-O01"), ("comites", ""), ("engagements", "BPI-E01")]
)
def test_tab_leaves_a_page(qtbot: QtBot, bench: Bench, word: str, focus: str) -> None:
    bench.window.go(Address(word, focus))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    turn(qtbot)
    for _ in range(_KEYS_MAX):
        press(bench, Qt.Key.Key_Tab)
        if isinstance(entry := hand(), NavButton):
            assert entry.isChecked(), "Tab comes to the page that is shown"
            return
    pytest.fail(f"Tab goes round within {word}")


def test_a_pane_filled_anew_keeps_the_hand_where_it_was(qtbot: QtBot, bench: Bench) -> None:
    """It went to the navigation after each write."""
    bench.window.go(Address("engagements", "BPI-E01"))
    qtbot.waitUntil(lambda: isinstance(hand(), Table) and bench.lane.pending == 0)
    table, pane = hand(), bench.window.findChild(EngagementDetail)
    giving = next(one for one in controls(pane) if one.property("text") == "Donner la météo")
    qtbot.waitUntil(giving.isVisible)
    giving.setFocus()
    for _ in range(2):
        pane.show_row(table.current_row(), bench.session.picture)
        assert not isinstance(hand(), NavButton)
        qtbot.waitUntil(lambda: isinstance(hand(), QPushButton))
        assert hand().text() == "Donner la météo"
        assert hand() is not giving
        giving = hand()


def test_escape_gives_the_hand_back_to_where_it_was(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Address("objectifs", "BPI-O01"))
    qtbot.waitUntil(lambda: isinstance(hand(), Table))
    table = hand()
    control = Qt.KeyboardModifier.ControlModifier
    for key in (Qt.Key.Key_N, Qt.Key.Key_K):
        press(bench, key, control)
        qtbot.waitUntil(lambda: hand() is not table)
        press(bench, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: hand() is table)


def test_all_that_was_retired_is_offered_with_its_name(qtbot: QtBot, open_window: object) -> None:
    from tests.helpers import invented

    dossier = invented.dossier()
    gone = tuple(replace(item, retired=True) for item in dossier.objectives)
    bench = open_window(replace(dossier, objectives=gone, measurements=()))  # type: ignore[operator]
    assert len(gone) > 8
    bench.window.editor.restore()
    dialog = bench.window.findChild(ChoosingDialog)
    listed = dialog.findChild(QListWidget)
    assert [listed.item(place).text() for place in range(listed.count())] == [
        f"{item.label} ({item.code})" for item in bench.session.picture.situation.dossier.objectives
    ]
    (button,) = [one for one in dialog.findChildren(QPushButton) if one.text() == "Rétablir"]
    with qtbot.waitSignal(bench.session.changed):
        button.click()
    assert not bench.session.picture.situation.dossier.objectives[0].retired
