"""What is being typed in the grid stays, whatever comes meanwhile."""

from __future__ import annotations

import threading

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from qpvdesk.ui.pages.entry import EntryPage
from tests.gui.conftest import Bench
from tests.gui.test_entry_grid import hand, open_grid, press, type_in


def field(bench: Bench) -> QLineEdit:
    editor = hand(bench)
    assert isinstance(editor, QLineEdit)
    return editor


def test_the_effect_of_a_value_does_not_take_back_what_is_typed_in_the_next(
    qtbot: QtBot, bench: Bench
) -> None:
    """A slow machine answered while the next value was typed: « 18,4 » became « 8,4 », and was saved so."""
    page, table = open_grid(qtbot, bench, "BPI")
    type_in(qtbot, bench, "15")
    press(qtbot, bench, Qt.Key.Key_Return)
    first, row = table.model().shown[table.currentIndex().row() - 1], table.currentIndex().row()
    assert first.effect is None
    type_in(qtbot, bench, "1")
    qtbot.waitUntil(lambda: first.effect is not None)
    type_in(qtbot, bench, "8")
    assert field(bench).text() == "18"
    press(qtbot, bench, Qt.Key.Key_Return)
    assert table.model().shown[row].typed.value == "18"
    assert isinstance(page, EntryPage)


def test_a_picture_that_comes_waits_for_the_cell_that_is_open(qtbot: QtBot, bench: Bench) -> None:
    _, table = open_grid(qtbot, bench, "BPI")
    row = table.currentIndex().row()
    objective = table.model().shown[row].objective.key
    type_in(qtbot, bench, "1")
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.load()
    type_in(qtbot, bench, "8")
    assert field(bench).text() == "18"
    before = table.model().shown[row]
    press(qtbot, bench, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.model().shown[row] is not before)
    shown = table.model().shown
    assert [item.typed.value for item in shown if item.objective.key == objective] == ["18"]
    assert table.currentIndex().row() == row + 1
    assert bench.bugs == []


def test_a_value_corrected_while_it_is_saved_stays_to_be_saved(qtbot: QtBot, bench: Bench) -> None:
    """A slow machine forgot the correction with what it had saved: the first value stood in the base, unseen."""
    _, table = open_grid(qtbot, bench, "BPI")
    objective = table.model().shown[table.currentIndex().row()].objective.key
    gate = threading.Event()
    bench.session.ask("", lambda _: gate.wait(60), lambda _: None)
    type_in(qtbot, bench, "15")
    press(qtbot, bench, Qt.Key.Key_Return)
    press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    press(qtbot, bench, Qt.Key.Key_Up)
    type_in(qtbot, bench, "16")
    press(qtbot, bench, Qt.Key.Key_Return)
    with qtbot.waitSignal(bench.session.changed):
        gate.set()

    def typed() -> dict[str, str]:
        return {row.objective.key: row.typed.value for row in table.model().rows if row.typed.value}

    def recorded() -> list[str]:
        return [str(item.value) for item in bench.desk.held.measurements if item.entered_on]

    assert recorded() == ["15"]
    assert typed() == {objective: "16"}
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert recorded() == ["15", "16"]
    assert typed() == {}
