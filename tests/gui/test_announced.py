"""What happens is heard wherever the focus is (WCAG 4.1.3): what a screen reader is told, act by act."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.dialogs.measurement import MeasurementDialog
from qpvdesk.ui.models.entry_rows import EntryColumn
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.widgets.entry_table import EntryTable
from tests.gui.conftest import Bench


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is announced, in order."""
    words: list[str] = []

    def take(event: QAccessibleAnnouncementEvent) -> None:
        words.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", take)
    yield words
    monkeypatch.undo()


def go(qtbot: QtBot, bench: Bench, word: str, focus: str = "") -> None:
    bench.window.go(Address(word, focus))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)


def test_the_effect_of_a_value_and_its_save_are_heard_in_the_grid(
    qtbot: QtBot, bench: Bench, heard: list[str]
) -> None:
    go(qtbot, bench, "releves", "BPI")
    grid = bench.window.findChild(EntryTable)
    assert grid is not None
    first = grid.current_row()
    assert first is not None
    qtbot.keyClicks(grid, "7")
    qtbot.keyClick(grid.indexWidget(grid.currentIndex()) or grid.focusWidget() or grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: first.effect is not None)
    qtbot.waitUntil(lambda: any(first.objective.code in words and first.message in words for words in heard))
    model, row = grid.model(), grid.model().shown.index(first)
    roles = Qt.ItemDataRole.AccessibleDescriptionRole, Qt.ItemDataRole.AccessibleTextRole
    told = [[model.index(row, place).data(role) for place in EntryColumn] for role in roles]
    assert [words for words in told[0] if words] == [first.message], "once in a row"
    assert sum(first.objective.label in words for words in told[1]) == 2, "by its code where it is no name"
    heard.clear()
    with qtbot.waitSignal(bench.session.pictured):
        bench.window.actions_by_word["enregistrer"].trigger()
    assert any(words.startswith("Relevé") for words in heard), heard


def test_the_effect_of_a_figure_and_its_save_are_heard_in_the_form(
    qtbot: QtBot, bench: Bench, heard: list[str]
) -> None:
    go(qtbot, bench, "objectifs", "BPI-O01")
    bench.window.actions_by_word["saisir_detail"].trigger()
    qtbot.waitUntil(lambda: bench.window.findChild(MeasurementDialog) is not None)
    dialog = bench.window.findChild(MeasurementDialog)
    assert dialog is not None
    value = next(
        line for line in dialog.findChildren(QLineEdit) if line.accessibleName().startswith("Valeur")
    )
    value.setText("7")
    qtbot.waitUntil(lambda: heard != [])
    effect = heard.pop()
    assert effect
    heard.clear()
    with qtbot.waitSignal(bench.session.pictured):
        qtbot.keyClick(value, Qt.Key.Key_Return)
    assert len(heard) == 1
    assert "BPI-O01" in heard[0]


def test_how_many_lines_a_filter_leaves_is_heard(qtbot: QtBot, bench: Bench, heard: list[str]) -> None:
    go(qtbot, bench, "objectifs")
    heard.clear()
    field = next(
        line
        for line in bench.window.findChildren(QLineEdit)
        if line.isVisible() and line.accessibleName().startswith("Filtrer")
    )
    field.setText("bus")
    qtbot.waitUntil(lambda: any(" sur " in words for words in heard))


def test_a_form_says_aloud_what_keeps_from_saving(qtbot: QtBot, bench: Bench, heard: list[str]) -> None:
    go(qtbot, bench, "engagements")
    bench.window.actions_by_word["nouvel_engagement"].trigger()
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    dialog = bench.window.findChild(EntityDialog)
    assert dialog is not None
    heard.clear()
    save = next(one for one in dialog.findChildren(QPushButton) if one.text().startswith("Enregistrer"))
    save.click()
    qtbot.waitUntil(lambda: "Corrigez les champs signalés, puis enregistrez." in heard)
    dialog.done(0)
