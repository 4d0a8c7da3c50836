"""A page that is drawn again stays as one left it: where it is scrolled to, and what was unfolded in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QComboBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import Dossier
from qpvdesk.services import measurements
from qpvdesk.services.desk import Desk
from qpvdesk.services.measurements import Entry
from qpvdesk.storage import opening
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.kit.selection import ItemTree
from qpvdesk.ui.kit.table import Table, is_selection_in_view
from qpvdesk.ui.pages.page import Address, Page
from qpvdesk.ui.widgets.line_button import LineButton
from tests.gui.conftest import Bench
from tests.helpers import demo

TODAY = date(2026, 11, 30)
FIGURE = "BPI-O06"
"""Promised for the country, without any figure yet."""
PAGES = ("tableau", "partenaires", "objectifs", "engagements", "territoires", "points")
_STEADY = 6


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """The contract that ships, with invented figures: its lists are longer than any window."""
    path: Path = tmp_path_factory.mktemp("tenu") / "exemple.db"
    demo.make(path)
    with opening.open_base(path, read_only=True) as base:
        return base.dossier(base.contracts()[0].key)


@pytest.fixture
def long(open_window: Callable[..., Bench], contract: Dossier) -> Bench:
    bench = open_window(contract, today=TODAY)
    bench.window.resize(1366, 560)
    return bench


def go(qtbot: QtBot, bench: Bench, word: str) -> Page:
    bench.window.go(Address(word))
    settle(qtbot, bench)
    page = bench.window.navigator.current
    assert page is not None
    return page


def settle(qtbot: QtBot, bench: Bench) -> None:
    """Wait until what was made is laid out: no list has moved or grown for a few turns of the loop."""
    seen: list[list[tuple[int, int]]] = []

    def is_steady() -> bool:
        bars = [area.verticalScrollBar() for area in bench.window.findChildren(QAbstractScrollArea)]
        seen.append([(bar.value(), bar.maximum()) for bar in bars])
        return (
            bench.lane.pending == 0
            and len(seen) > _STEADY
            and all(one == seen[-1] for one in seen[-_STEADY:])
        )

    qtbot.waitUntil(is_steady)


def change(qtbot: QtBot, bench: Bench, page: Page) -> None:
    """Enter a figure, which every page is concerned by."""
    code = bench.desk.held.contract.code
    objective = next(item for item in bench.desk.held.objectives if item.code == FIGURE)
    entry = Entry(objective=objective.key, day=date(2026, 11, 1), value=Decimal(3))

    def record(desk: Desk) -> object:
        return measurements.record(desk, code, entry)

    with qtbot.waitSignal(bench.session.pictured):
        page.acting.emit("Relevé", record)
    settle(qtbot, bench)


def undo(qtbot: QtBot, bench: Bench) -> None:
    with qtbot.waitSignal(bench.session.pictured):
        bench.session.undo()
    settle(qtbot, bench)


def scrolled(page: QWidget) -> dict[str, int]:
    """Where each list and sheet in view is scrolled to, by its name."""
    areas = [area for area in page.findChildren(QAbstractScrollArea) if area.isVisible()]
    return {
        area.accessibleName(): area.verticalScrollBar().value()
        for area in areas
        if area.verticalScrollBar().maximum() > 0
    }


@pytest.mark.parametrize("word", PAGES)
def test_a_page_stays_where_it_was_scrolled_to(qtbot: QtBot, long: Bench, word: str) -> None:
    """Ctrl+Z brought every list back to the row selected, and the sheets of partners and places to their top."""
    page = go(qtbot, long, word)
    for area in page.findChildren(QAbstractScrollArea):
        bar = area.verticalScrollBar()
        bar.setValue(bar.maximum() * 2 // 3)
    settle(qtbot, long)
    before = scrolled(page)
    assert any(before.values())
    change(qtbot, long, page)
    assert scrolled(page) == before
    undo(qtbot, long)
    assert scrolled(page) == before


def test_what_was_unfolded_in_a_sheet_stays_so(qtbot: QtBot, long: Bench) -> None:
    page = go(qtbot, long, "partenaires")

    def folded() -> list[QPushButton]:
        return [
            one
            for one in page.findChildren(QPushButton)
            if one.text().startswith("Voir ") and one.isVisible()
        ]

    def lines() -> int:
        return sum(line.isVisible() for line in page.findChildren(LineButton))

    first = lines()
    for more in folded():
        more.click()
    settle(qtbot, long)
    unfolded = lines()
    assert unfolded > first
    change(qtbot, long, page)
    assert (lines(), folded()) == (unfolded, [])
    undo(qtbot, long)
    assert (lines(), folded()) == (unfolded, [])
    # Another partner's lists are folded, and these are as they were left.
    table = page.findChild(Table)
    assert table is not None
    qtbot.keyClick(table, Qt.Key.Key_Down)
    settle(qtbot, long)
    assert folded()
    qtbot.keyClick(table, Qt.Key.Key_Up)
    settle(qtbot, long)
    assert (lines(), folded()) == (unfolded, [])


def test_a_row_selected_in_view_is_followed_and_another_thing_is_read_from_its_beginning(
    qtbot: QtBot, long: Bench
) -> None:
    page = go(qtbot, long, "engagements")
    table = page.findChild(Table)
    assert table is not None
    table.select_identity(table.model().row_at(60).engagement.key)
    settle(qtbot, long)
    assert is_selection_in_view(table)
    change(qtbot, long, page)
    undo(qtbot, long)
    assert is_selection_in_view(table)
    detail = next(
        area for area in page.findChildren(QAbstractScrollArea) if "Détail" in area.accessibleName()
    )
    detail.verticalScrollBar().setValue(40)
    table.select_place(0)
    settle(qtbot, long)
    assert detail.verticalScrollBar().value() == 0
    assert table.verticalScrollBar().value() == 0, "a row that is chosen is brought into view"


def test_the_place_selected_is_in_view_when_its_page_is_first_seen(qtbot: QtBot, long: Bench) -> None:
    code = next(place.code for place in reversed(long.desk.held.territories))
    long.window.go(Address("territoires", code))
    settle(qtbot, long)
    page = long.window.navigator.current
    assert page is not None
    tree = page.findChild(ItemTree)
    assert tree is not None
    assert tree.viewport().rect().intersects(tree.visualItemRect(tree.currentItem()))
    assert tree.verticalScrollBar().value() > 0


def test_what_is_chosen_stays_in_sight_when_a_header_sorts(qtbot: QtBot, long: Bench) -> None:
    """It went out of view: its sheet stayed, and the next key was about a row that nobody saw."""
    page = go(qtbot, long, "objectifs")
    table = next(one for one in page.findChildren(Table) if one.accessibleName() == page.title)
    table.select_place(3)
    header = table.horizontalHeader()
    for title in ("Statut", "Objectif", "Cible"):
        place = [column.title for column in table.model().columns].index(title)
        for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
            header.setSortIndicator(place, order)
            settle(qtbot, long)
            assert is_selection_in_view(table), (title, order)


def test_of_a_long_choice_the_beginning_is_seen(long: Bench) -> None:
    """« roposer des actions de recherche d’emploi… »: its code and its first word were cut away."""
    engagement = max(long.desk.held.engagements, key=lambda item: len(item.label))
    long.window.editor.make("objective", None, {"partner": engagement.partner, "engagement": engagement.key})
    dialog = long.window.findChild(EntityDialog)
    chosen = dialog._controls["engagement"]
    assert isinstance(chosen, QComboBox)
    assert engagement.label in chosen.currentText()
    for combo in dialog.findChildren(QComboBox):
        if combo.isEditable():
            assert combo.lineEdit().cursorPosition() == 0
    dialog.reject()
