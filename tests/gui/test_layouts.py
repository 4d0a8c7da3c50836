"""What the officer arranged comes back; what is copied pastes as cells."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSplitter
from pytestqt.qtbot import QtBot

from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.engagements import EngagementsPage
from qpvdesk.ui.pages.objectives import ObjectivesPage
from qpvdesk.ui.pages.page import Address, Page
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.copying import as_table, cell
from tests.gui.conftest import Bench


def _table(bench: Bench, page: str, kind: type) -> Table:
    bench.window.go(Address(page))
    held = bench.window.findChild(kind)
    assert isinstance(held, Page)
    found = next(one for one in held.findChildren(Table) if one.accessibleName() == held.title)
    assert isinstance(found, Table)
    return found


def test_columns_order_sort_and_panels_come_back(open_window: Callable[..., Bench]) -> None:
    first = open_window()
    table = _table(first, "engagements", EngagementsPage)
    header = table.horizontalHeader()
    header.moveSection(header.visualIndex(2), 0)
    header.setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    header.resizeSection(0, 150)
    table.want_column(3, False)
    splitter = first.window.findChild(EngagementsPage).findChild(QSplitter)
    splitter.setSizes([500, 640])
    sizes = splitter.sizes()
    first.window.close()
    second = open_window()
    again = _table(second, "engagements", EngagementsPage)
    assert again.layout_state() == table.layout_state()
    assert again.isColumnHidden(3)
    back = second.window.findChild(EngagementsPage).findChild(QSplitter).sizes()
    assert abs(back[0] - sizes[0]) < 20


@pytest.mark.parametrize(
    "spoilt", ["", "[]", "{", '{"ordre": [9, 9], "largeurs": [1], "tri": [0, 0]}', '{"ordre": "x"}']
)
def test_a_spoilt_layout_is_left_aside(spoilt: str, open_window: Callable[..., Bench]) -> None:
    first = open_window()
    path = first.settings
    first.window.close()
    settings = QSettings(str(path), QSettings.Format.IniFormat)
    settings.setValue("pages/engagements/tableau-0", spoilt)
    settings.setValue("pages/engagements/panneaux-0", "rien")
    settings.sync()
    second = open_window()
    table = _table(second, "engagements", EngagementsPage)
    assert not table.isColumnHidden(0)
    assert second.bugs == []


def test_a_row_and_the_whole_table_are_copied_with_their_headers(bench: Bench) -> None:
    table = _table(bench, "objectifs", ObjectivesPage)
    table.select_first()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    one = QGuiApplication.clipboard().text().split("\n")
    assert len(one) == 2
    assert one[0].split("\t")[:3] == ["Objectif", "Partenaire", "Statut"]
    QTest.keyClick(
        table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    whole = QGuiApplication.clipboard().text().split("\n")
    assert len(whole) == 1 + table.model().rowCount()
    assert whole[:2] == one
    assert len({len(line.split("\t")) for line in whole}) == 1


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        ("1\u202f339", "1339"),
        ("16,4\u202f%", "16,4\u202f%"),
        ("\u22125", "-5"),
        ("-5,2\u202f%", "-5,2\u202f%"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+33 6", "'+33 6"),
        ("@ici", "'@ici"),
        ("deux\nlignes\tet plus", "deux lignes et plus"),
        ("–", "–"),
    ],
)
def test_a_cell_is_pasted_as_it_was_and_never_as_a_formula(text: str, pasted: str) -> None:
    assert cell(text) == pasted


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), max_size=5))
def test_a_table_keeps_its_rows_and_columns_whatever_is_in_them(rows: list[list[str]]) -> None:
    lines = as_table(["A", "B"], rows).split("\n")
    assert len(lines) == len(rows) + 1
    assert all(line.count("\t") == 1 for line in lines)


def test_the_row_looked_for_is_in_view_once_the_rows_have_their_heights(qtbot: QtBot, theme: Theme) -> None:
    del theme
    column: Column[int] = Column(
        "Constat", lambda row: f"Une phrase qui tient sur deux lignes, numéro {row}", width=0
    )
    model: TableModel[int] = TableModel((column,), lambda row: row)
    table = Table(model, "Constats", wrapped=True)
    qtbot.addWidget(table)
    table.resize(220, 300)
    table.show()
    model.set_rows(range(200))
    assert table.select_identity(199)
    qtbot.waitUntil(lambda: table.rowHeight(0) > table.verticalHeader().defaultSectionSize())
    qtbot.waitUntil(lambda: table.viewport().rect().contains(table.visualRect(table.currentIndex())))
