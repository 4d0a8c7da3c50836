"""Twenty figures in a meeting, from the keyboard alone; nothing lost, one undo."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.expected import Asked
from qpvdesk.domain.model import Frequency
from qpvdesk.domain.statuses import Statut
from qpvdesk.paths import resource
from qpvdesk.services import bases, measurements, printing
from qpvdesk.services.contracts import contract_files
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import exports
from qpvdesk.services.measurements import Entry
from qpvdesk.storage import opening
from qpvdesk.storage.keys import starter_key
from qpvdesk.ui.dialogs.pasting import PastingDialog
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.models.entry_paste import Pasting
from qpvdesk.ui.models.entry_rows import EDITABLE, Typed, rows_of
from qpvdesk.ui.models.entry_rows import EntryColumn as Column
from qpvdesk.ui.models.pasted_text import cells_of
from qpvdesk.ui.pages.entry import EntryPage
from qpvdesk.ui.pages.entry_head import EntryHead
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.entry_table import EntryTable
from tests.gui.conftest import Bench
from tests.helpers import paper_text
from tests.helpers.work import grows_as_its_size

SHARES = {
    "FT-O02": "22,6",
    "FT-O03": "17 %",
    "FT-O04": "18.4",
    "FT-O05": "21,1",
    "FT-O06": "18,4",
    "FT-O07": "20,6",
    "FT-O08": "16,8%",
    "FT-O09": "17",
    "FT-O11": "20,3 %",
    "FT-O12": "15,8",
}


def hand(bench: Bench) -> QWidget:
    """The widget that the keyboard speaks to."""
    focused = QGuiApplication.focusObject()
    return focused if isinstance(focused, QWidget) else bench.window


def press(
    qtbot: QtBot, bench: Bench, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.keyClick(hand(bench), key, modifier)


def type_in(qtbot: QtBot, bench: Bench, text: str) -> None:
    """Type into whatever has the hand, one key after the other."""
    for char in text:
        qtbot.keyClicks(hand(bench), char)


def undo_label(bench: Bench) -> str | None:
    picture = bench.session.picture
    return picture.undo_label if picture else None


def open_grid(
    qtbot: QtBot, bench: Bench, partner: str, *, late: bool = False
) -> tuple[EntryPage, EntryTable]:
    """Ctrl+R, the name of the partner, Enter. `late`: only what is to be given, as the page opens."""
    bench.window.activateWindow()
    qtbot.waitUntil(bench.window.isActiveWindow)
    press(qtbot, bench, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    page = bench.window.findChild(EntryPage)
    assert isinstance(page, EntryPage)
    assert isinstance(hand(bench), QComboBox)
    chip = next(one for one in page.findChildren(QPushButton) if one.text() == "À relever")
    chip.setChecked(late)
    type_in(qtbot, bench, partner)
    press(qtbot, bench, Qt.Key.Key_Return)
    table = page.findChild(EntryTable)
    assert isinstance(table, EntryTable)
    qtbot.waitUntil(table.hasFocus)
    return page, table


def row_of(table: EntryTable, code: str) -> int:
    model = table.model()
    return next(r for r in range(model.rowCount()) if model.index(r, Column.CODE).data() == code)


def cell(table: EntryTable, code: str, column: Column) -> str:
    return str(table.model().index(row_of(table, code), column).data() or "")


def mention(page: EntryPage) -> str:
    return " ".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def settled(qtbot: QtBot, bench: Bench, table: EntryTable, code: str, text: str) -> None:
    qtbot.waitUntil(lambda: text in cell(table, code, Column.EFFECT))
    assert bench.bugs == []


@pytest.fixture
def starter(open_window: Callable[..., Bench]) -> Bench:
    """The window on the contract that ships."""
    return open_window(contract_files.load(resource("contracts/lens-lievin"), key_of=starter_key))


def test_ten_shares_from_the_keyboard_alone(qtbot: QtBot, starter: Bench) -> None:
    page, table = open_grid(qtbot, starter, "France")
    partners = {p.key: p.code for p in starter.desk.held.partners}
    assert {partners[row.objective.partner] for row in table.model().shown} == {"FT"}
    before = len(starter.desk.held.measurements)
    for _ in range(table.model().rowCount()):
        type_in(qtbot, starter, SHARES.get(cell_code(table), ""))
        press(qtbot, starter, Qt.Key.Key_Return)
    afpr = "FT-O12"
    qtbot.waitUntil(lambda: all(row.effect for row in table.model().shown if row.typed.value))
    settled(qtbot, starter, table, afpr, "Non atteint")
    settled(qtbot, starter, table, "FT-O04", "Atteint")
    assert all(
        row.effect.after.status is Statut.ATTEINT
        for row in table.model().shown
        if row.typed.value and row.objective.aim.compared and row.objective.code != afpr
    )
    assert "10 valeurs à enregistrer" in mention(page)
    assert len(starter.desk.held.measurements) == before
    with qtbot.waitSignal(starter.session.changed):
        press(qtbot, starter, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert undo_label(starter) == "Relevés (France Travail)\u202f: 10 valeurs"
    assert len(starter.desk.held.measurements) == before + 10
    situation = starter.session.picture.situation  # type: ignore[union-attr]
    for code, value in ((afpr, "15,8"),):
        one = situation.assessments[situation.objective_by_code(code).key]
        assert one.status is Statut.NON_ATTEINT
        assert one.value_day == date(2026, 6, 30)
        assert cell(table, code, Column.LAST).startswith(value)
        assert cell(table, code, Column.VALUE) == ""
    with qtbot.waitSignal(starter.session.changed):
        press(qtbot, starter, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(starter.desk.held.measurements) == before
    assert starter.bugs == []


def cell_code(table: EntryTable) -> str:
    return str(table.model().index(table.currentIndex().row(), Column.CODE).data())


def test_a_bad_value_is_explained_and_blocks_no_other(qtbot: QtBot, bench: Bench) -> None:
    page, table = open_grid(qtbot, bench, "France")
    values = {"FT-O01": "16,5", "FT-O02": "1.339", "FT-O03": "n.c.", "FT-O04": "2600"}
    for _ in range(table.model().rowCount()):
        type_in(qtbot, bench, values[cell_code(table)])
        press(qtbot, bench, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "2 lignes à corriger" in mention(page))
    assert "ambigu" in cell(table, "FT-O02", Column.EFFECT)
    qtbot.waitUntil(lambda: "Écrivez 1,339 avec une virgule" in mention(page))
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert undo_label(bench) == "Relevés (France Travail)\u202f: 2 valeurs"
    assert cell(table, "FT-O02", Column.VALUE) == "1.339"
    assert cell(table, "FT-O01", Column.VALUE) == ""
    assert cell_code(table) == "FT-O02"
    type_in(qtbot, bench, "17,5")
    press(qtbot, bench, Qt.Key.Key_Return)
    settled(qtbot, bench, table, "FT-O02", "Atteint")


def test_a_new_reference_moves_the_parities_typed_with_it(qtbot: QtBot, bench: Bench) -> None:
    _, table = open_grid(qtbot, bench, "France")
    for code, value in (("FT-O01", "18"), ("FT-O02", "17,2")):
        table.select_objective(next(r.objective.key for r in table.model().shown if r.objective.code == code))
        type_in(qtbot, bench, value)
        press(qtbot, bench, Qt.Key.Key_Return)
    settled(qtbot, bench, table, "FT-O02", "Non atteint")
    # The column says the bound that the effect was reckoned with.
    assert cell(table, "FT-O02", Column.TARGET).endswith("18\u202f%")


def test_tab_goes_right_and_a_row_keeps_its_own_date_and_source(qtbot: QtBot, bench: Bench) -> None:
    _, table = open_grid(qtbot, bench, "Bpi")
    type_in(qtbot, bench, "33")
    press(qtbot, bench, Qt.Key.Key_Tab)
    assert table.currentIndex().column() == Column.DAY
    type_in(qtbot, bench, "31/03")
    press(qtbot, bench, Qt.Key.Key_Tab)
    assert cell(table, "BPI-O01", Column.DAY) == "31/03/2026"
    type_in(qtbot, bench, "Bilan annuel")
    press(qtbot, bench, Qt.Key.Key_Tab)
    press(qtbot, bench, Qt.Key.Key_Space)
    press(qtbot, bench, Qt.Key.Key_Tab)
    type_in(qtbot, bench, "A confirmer")
    press(qtbot, bench, Qt.Key.Key_Tab)
    assert (table.currentIndex().row(), table.currentIndex().column()) == (1, Column.VALUE)
    type_in(qtbot, bench, "170")
    press(qtbot, bench, Qt.Key.Key_Return)
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    new = {one.objective: one for one in bench.desk.held.measurements if one.entered_on}
    assert new["o1"].day == date(2026, 3, 31)
    assert (new["o1"].provisional, new["o1"].comment) == (True, "A confirmer")
    assert new["o2"].day == date(2026, 6, 30)
    assert new["o1"].source == new["o2"].source == "Bilan annuel"


def test_the_source_of_a_value_is_its_partner_until_another_is_said(qtbot: QtBot, bench: Bench) -> None:
    page, table = open_grid(qtbot, bench, "Bpi")
    row = table.model().shown[0]
    type_in(qtbot, bench, "33")
    press(qtbot, bench, Qt.Key.Key_Return)
    assert cell(table, "BPI-O01", Column.SOURCE) == row.partner.short_name
    (head,) = [e for e in page.findChildren(QLineEdit) if e.accessibleName() == "Source de la remontée"]
    head.setText("INSEE")
    assert cell(table, "BPI-O01", Column.SOURCE) == "INSEE"
    head.setText("")
    assert cell(table, "BPI-O01", Column.SOURCE) == row.partner.short_name
    model, at = table.model(), row_of(table, "BPI-O01")
    model.setData(model.index(at, Column.SOURCE), "")
    assert cell(table, "BPI-O01", Column.SOURCE) == "", "who gave it may be unknown"
    model.setData(model.index(at, Column.VALUE), "")
    assert row.typed.is_empty


@pytest.mark.parametrize(
    ("width", "source"), [(1366, "Bpifrance"), (1024, "Note du rectorat"), (1920, "Note du rectorat")]
)
def test_the_source_of_a_row_is_read_whole(qtbot: QtBot, bench: Bench, width: int, source: str) -> None:
    """« Bp…ce », whatever room the names of the objectives left."""
    _, table = open_grid(qtbot, bench, "BPI")
    bench.window.resize(width, 768)
    needed = table.fontMetrics().horizontalAdvance(source) + 20
    qtbot.waitUntil(lambda: table.columnWidth(Column.SOURCE) >= needed, timeout=3000)


def test_a_date_to_come_is_refused_at_its_row(qtbot: QtBot, bench: Bench) -> None:
    page, table = open_grid(qtbot, bench, "Bpi")
    type_in(qtbot, bench, "33")
    press(qtbot, bench, Qt.Key.Key_Tab)
    type_in(qtbot, bench, "31/12/2026")
    press(qtbot, bench, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "1 ligne à corriger" in mention(page))
    assert "à venir" in cell(table, "BPI-O01", Column.EFFECT)
    press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert "act" not in bench.desk.calls


def test_a_doubtful_value_is_counted_beside_the_save_button_and_told_in_its_row(
    qtbot: QtBot, bench: Bench
) -> None:
    page, table = open_grid(qtbot, bench, "Bpi")
    type_in(qtbot, bench, "400,5")
    press(qtbot, bench, Qt.Key.Key_Return)
    (save,) = [button for button in page.findChildren(QPushButton) if "Enregistrer" in button.text()]
    qtbot.waitUntil(lambda: save.text() == "Enregistrer 1 valeur (1 à vérifier)")
    said = cell(table, "BPI-O01", Column.EFFECT)
    assert said.startswith("À vérifier")
    assert "un nombre entier est attendu" in said
    assert "dix fois la cible ou plus" in said
    press(qtbot, bench, Qt.Key.Key_Up)
    type_in(qtbot, bench, "33")
    press(qtbot, bench, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: save.text() == "Enregistrer 1 valeur")


def paste(qtbot: QtBot, bench: Bench, table: EntryTable, text: str) -> PastingDialog:
    """Ctrl+V in the grid; return what is shown before it is taken."""
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    dialog = bench.window.findChild(PastingDialog)
    assert isinstance(dialog, PastingDialog)
    return dialog


def columns_of(dialog: PastingDialog) -> list[QComboBox]:
    return [one for one in dialog.findChildren(QComboBox) if one.accessibleName().startswith("Ce que donne")]


def fates(dialog: PastingDialog) -> list[str]:
    model = dialog.findChild(QTableView).model()
    return [str(model.index(row, 5).data()) for row in range(model.rowCount())]


def test_prose_copied_by_mistake_does_not_hold_the_window() -> None:
    """The name of a line was sought from every pair of its letters: two thousand words took a minute."""

    def paste_prose(words: int) -> None:
        prose = "un mot de plus " * words
        assert Pasting(cells_of(f"{prose}\n{prose}\nParts\u202f: 12"), (), ()).width == 2

    assert grows_as_its_size(paste_prose, 3)


def test_enter_pastes_nothing_where_no_line_can_be_read(qtbot: QtBot, bench: Bench) -> None:
    """800 lines of prose: « Coller 51 lignes » was what Enter did."""
    _, table = open_grid(qtbot, bench, "Bpi")
    dialog = paste(
        qtbot, bench, table, "Compte rendu de la réunion\nLe préfet ouvre la séance\nFin de la séance\n"
    )
    taken = [one for one in dialog.findChildren(QPushButton) if one.text().startswith("Coller")]
    assert [one.isDefault() for one in taken] == [False]
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert bench.window.findChild(EntryPage)._model.draft() == {}


def test_the_hand_goes_to_the_very_cell_that_is_wrong(qtbot: QtBot, bench: Bench) -> None:
    page, table = open_grid(qtbot, bench, "Bpi")
    row = page._model.rows[0]
    page._model.type_all("essai", {row.objective.key: Typed(value="31", day="32/13")})
    press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert Column(table.currentIndex().column()) is Column.DAY


def test_a_wrong_row_that_a_choice_left_out_is_brought_into_view(qtbot: QtBot, starter: Bench) -> None:
    """The choice was widened and the hand put there, out of sight: the columns that stay, hidden, still had the height of
    the rows of before, and held the grid there."""
    page, table = open_grid(qtbot, starter, "Tous")
    bars = [view.verticalScrollBar() for view in (table, table._kept)]
    for row in table.model().shown[9:50:9]:
        page._head.choose("ARS", Address(page.word))
        page._model.type_all("essai", {row.objective.key: Typed(value="31", day="32/13")})
        page._head.choose("ARS", Address(page.word))
        qtbot.waitUntil(lambda: (bars[0].maximum(), bars[1].value()) == (0, 0))
        press(qtbot, starter, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        assert table.current_row().objective.key == row.objective.key
        assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())
        page._model.type_all("effacé", {row.objective.key: Typed()})


def test_days_written_in_several_ways_are_no_source(qtbot: QtBot, bench: Bench) -> None:
    """« 31/10 », « oct-26 » and « T3 2026 » made a column of sources: the value was taken at the day of today."""
    _, table = open_grid(qtbot, bench, "Bpi")
    names = [row.objective.label for row in bench.window.findChild(EntryPage)._model.rows[:5]]
    days = ("oct-25", "31/10", "T3 2025", "31/05/2026", "bientôt")
    lines = "\n".join(
        f"{name}\t{number}\t{day}" for number, (name, day) in enumerate(zip(names, days, strict=True), 31)
    )
    dialog = paste(qtbot, bench, table, lines)
    assert [combo.currentText() for combo in columns_of(dialog)][2] == "Date"
    # A period is read as everywhere else, and the day that is taken for it is seen.
    model = dialog.findChild(QTableView).model()
    shown = [model.index(row, 3).data() for row in range(3)]
    assert shown == ["31/10/2025", "31/10/2025", "30/09/2025"]
    assert fates(dialog)[0] == "Prise"
    assert "Écrivez une date comme 31/12/2027" in fates(dialog)[4]


def test_a_column_of_a_spreadsheet_is_shown_then_pasted_then_undone_in_one_step(
    qtbot: QtBot, bench: Bench
) -> None:
    page, table = open_grid(qtbot, bench, "Bpi")
    dialog = paste(qtbot, bench, table, "34\t31/05/2026\r\n175\t\r\nbeaucoup\t\r\n")
    assert cell(table, "BPI-O01", Column.VALUE) == ""
    assert all("Prise, par son rang" in fate or fate.startswith("À vérifier") for fate in fates(dialog)[:2])
    assert "à corriger dans la grille" in fates(dialog)[2]
    # Nothing names the lines: what each is put beside is seen, and their order told.
    last = dialog.findChild(QTableView).model().index(0, 1).data()
    assert last == cell(table, "BPI-O01", Column.LAST)
    days = [dialog.findChild(QTableView).model().index(row, 3).data() for row in range(2)]
    assert days == ["31/05/2026", "30/06/2026"], "the day that will be written, that of the return included"
    assert any(
        "ils suivent l’ordre de la grille, de haut en bas" in one.text()
        for one in dialog.findChildren(QLabel)
    )
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "2 valeurs à enregistrer, 1 ligne à corriger" in mention(page))
    assert cell(table, "BPI-O01", Column.DAY) == "31/05/2026"
    assert cell(table, "BPI-O02", Column.DAY) == "30/06/2026"
    qtbot.waitUntil(table.hasFocus)
    press(qtbot, bench, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, bench, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Nouvelle valeur\n34\n175"
    press(qtbot, bench, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not any(row.typed.value for row in table.model().rows)
    press(qtbot, bench, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert cell(table, "BPI-O02", Column.VALUE) == "175"


def test_label_value_and_date_are_recognised_in_any_order(qtbot: QtBot, bench: Bench) -> None:
    page, table = open_grid(qtbot, bench, "Bpi")
    text = (
        "31/05/2026\tCarrefours de l’entrepreneuriat ouverts\t175\tBilan\n"
        '30/04/2026\t"BPI-O01\nBus de l’entrepreneuriat en circulation"\t34\t"deux\nlignes"\n'
        "30/04/2026\tAutre chose\t12\t\n"
    )
    dialog = paste(qtbot, bench, table, text)
    assert len(columns_of(dialog)) == 4
    assert fates(dialog)[0] == fates(dialog)[1] == "Prise"
    assert fates(dialog)[2].startswith("Laissée\u202f: aucun chiffre de la grille ne porte ce nom")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert [cell(table, "BPI-O02", c) for c in (Column.VALUE, Column.DAY, Column.SOURCE)] == [
        "175", "31/05/2026", "Bilan",
    ]  # fmt: skip
    assert [cell(table, "BPI-O01", c) for c in (Column.VALUE, Column.DAY, Column.SOURCE)] == [
        "34", "30/04/2026", "deux lignes",
    ]  # fmt: skip
    # What was left is not forgotten with the dialog.
    assert any("Autre chose · 12" in one.text() for one in page.findChildren(QLabel))
    (source,) = [e for e in page.findChildren(QLineEdit) if e.accessibleName() == "Source de la remontée"]
    assert source.text() == ""


@pytest.mark.parametrize(
    ("text", "value", "day"),
    [
        (
            "Indicateur\t31/03/2026\t31/05/2026\nBus en circulation\t30\t34\nZèbres\t1\t2\n",
            "34",
            "31/05/2026",
        ),
        ("\t31/05/2026\nBus en circulation\t34\n", "34", "31/05/2026"),
        ("Bpifrance\tRéalisé au 31 mai 2026\nBus en circulation\t34\n", "34", "31/05/2026"),
        ("Bonjour,\nAu 31/05/2026 :\n- Bus en circulation : 34\nCordialement", "34", "31/05/2026"),
        ("Bus en circulation 34\nZèbres 1 339 ;\n", "34", "30/06/2026"),
    ],
)
def test_a_name_that_is_not_known_is_taken_once_it_is_accepted(
    qtbot: QtBot, bench: Bench, text: str, value: str, day: str
) -> None:
    """Of a sheet headed by a day, or of a mail: each guess shows its last figure, and nothing is taken for it unseen."""
    _, table = open_grid(qtbot, bench, "Bpi")
    dialog = paste(qtbot, bench, table, text)
    place = fates(dialog).index("À accepter\u202f: est-ce ce chiffre\u202f?")
    model = dialog.findChild(QTableView).model()
    assert model.index(place, 0).data().startswith("«\u202f")
    assert "Bus" in model.index(place, 0).data()
    assert model.index(place, 1).data() == cell(table, "BPI-O01", Column.LAST)
    assert not any(fate.startswith("Prise") for fate in fates(dialog))
    # Enter takes what is proposed; the next one pastes.
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: fates(dialog)[place] == "Prise, nom accepté")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert [cell(table, "BPI-O01", c) for c in (Column.VALUE, Column.DAY)] == [value, day]


def test_a_name_that_two_figures_share_is_not_guessed(qtbot: QtBot, bench: Bench) -> None:
    _, table = open_grid(qtbot, bench, "Bpi")
    dialog = paste(qtbot, bench, table, "BPI-O04\t34\nentrepreneuriat\t175\n")
    assert "ce peut être" in fates(dialog)[1]
    assert " ou " in fates(dialog)[1]
    dialog.findChild(QTableView).selectRow(1)
    which = next(
        one for one in dialog.findChildren(QComboBox) if one.accessibleName() == "Chiffre de la ligne choisie"
    )
    assert which.isVisible()
    which.setCurrentIndex(which.findText("BPI-O02", Qt.MatchFlag.MatchContains))
    which.activated.emit(which.currentIndex())
    assert fates(dialog)[1] == "Prise, nom accepté"


def test_values_alone_follow_the_codes_where_that_is_asked_and_none_is_taken_for_sure(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    """What a sheet in the order of the document holds: shifted in the grid, whose promises come first."""
    bench = open_window()
    _, table = open_grid(qtbot, bench, "Tous")
    rows = table.model().shown
    codes = [row.objective.code for row in rows]
    assert codes != sorted(codes)
    count = next(n for n in range(2, len(codes)) if codes[:n] != sorted(codes)[:n])
    known = {row.objective.code: row.now.value for row in rows}
    text = "\n".join(str(float((known[code] or 7) * 2)).replace(".", ",") for code in sorted(codes)[:count])
    dialog = paste(qtbot, bench, table, text)
    assert not any(fate == "Prise" for fate in fates(dialog))
    assert sum("loin du dernier relevé" in fate for fate in fates(dialog)) > 0
    turn = next(
        one for one in dialog.findChildren(QPushButton) if "l’ordre du document (codes)" in one.text()
    )
    assert turn.isVisible()
    qtbot.mouseClick(turn, Qt.MouseButton.LeftButton)
    model = dialog.findChild(QTableView).model()
    named = [str(model.index(place, 0).data()) for place in range(count)]
    assert all(code in name for code, name in zip(sorted(codes), named, strict=False))


def test_a_column_read_wrongly_is_sent_elsewhere(qtbot: QtBot, bench: Bench) -> None:
    _, table = open_grid(qtbot, bench, "Bpi")
    dialog = paste(qtbot, bench, table, "30\t34\n170\t175\n")
    second = dialog.findChildren(QComboBox)[1]
    second.activated.emit(second.findText("Nouvelle valeur"))
    assert [combo.currentText() for combo in columns_of(dialog)] == ["Non lue", "Nouvelle valeur"]
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert cell(table, "BPI-O02", Column.VALUE) == "175"


def test_lines_pasted_below_the_last_row_and_what_was_typed_are_told(qtbot: QtBot, bench: Bench) -> None:
    _, table = open_grid(qtbot, bench, "Bpi")
    type_in(qtbot, bench, "33")
    press(qtbot, bench, Qt.Key.Key_Return)
    press(qtbot, bench, Qt.Key.Key_Up)
    rows = table.model().rowCount()
    dialog = paste(qtbot, bench, table, "\n".join(["5"] * (rows + 3)) + "\n\n")
    assert ", à la place de 33" in fates(dialog)[0]
    assert fates(dialog)[rows:] == ["Laissée\u202f: il n’y a plus de ligne dans la grille."] * 3
    words = " ".join(one.text() for one in dialog.findChildren(QLabel))
    assert "dont 1 par-dessus ce qui était tapé, 3 lignes sont laissées" in words
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert cell(table, "BPI-O01", Column.VALUE) == "33"


def test_undo_takes_back_what_is_typed_and_never_what_is_saved(qtbot: QtBot, bench: Bench) -> None:
    page, table = open_grid(qtbot, bench, "Bpi")
    type_in(qtbot, bench, "33")
    press(qtbot, bench, Qt.Key.Key_Return)
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    saved = len(bench.desk.held.measurements)
    for value in ("175", "12"):
        type_in(qtbot, bench, value)
        press(qtbot, bench, Qt.Key.Key_Return)
    action = bench.window.actions_by_word["annuler"]
    assert (
        action.text()
        == "Annuler\u202f: saisie, Lauréats accompagnés dans la durée (BPI-O03), nouvelle valeur"
    )
    undo = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    press(qtbot, bench, *undo)
    assert (cell(table, "BPI-O02", Column.VALUE), cell(table, "BPI-O03", Column.VALUE)) == ("175", "")
    assert cell_code(table) == "BPI-O03"
    press(qtbot, bench, *undo)
    assert cell(table, "BPI-O02", Column.VALUE) == ""
    # A draft that was found again has no steps: the saved act is not reached without being asked about.
    type_in(qtbot, bench, "9")
    press(qtbot, bench, Qt.Key.Key_Return)
    page.typing.clear()
    press(qtbot, bench, *undo)
    assert "déjà dans la base" in bench.notifier.notices[-1].remedy
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert len(bench.desk.held.measurements) == saved
    # What was undone is in the base no more: to do it again was said to be of an act that is.
    with qtbot.waitSignal(bench.session.changed):
        bench.session.undo()
    bench.window.undoing.redo()
    assert "n’est plus dans la base" in bench.notifier.notices[-1].remedy
    assert "est déjà dans la base" not in bench.notifier.notices[-1].remedy


def test_clearing_cells_is_one_step(qtbot: QtBot, bench: Bench) -> None:
    _, table = open_grid(qtbot, bench, "Bpi")
    for value in ("33", "175"):
        type_in(qtbot, bench, value)
        press(qtbot, bench, Qt.Key.Key_Return)
    table.selectAll()
    press(qtbot, bench, Qt.Key.Key_Delete)
    assert not any(row.typed.value for row in table.model().rows)
    press(qtbot, bench, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (cell(table, "BPI-O01", Column.VALUE), cell(table, "BPI-O02", Column.VALUE)) == ("33", "175")


def by_tab(qtbot: QtBot, bench: Bench, table: EntryTable) -> None:
    del qtbot, bench
    table.clearFocus()
    table.setCurrentIndex(table.model().index(0, Column.CODE))
    table.setFocus(Qt.FocusReason.TabFocusReason)


def by_click(qtbot: QtBot, bench: Bench, table: EntryTable) -> None:
    del bench
    where = table.visualRect(table.model().index(0, Column.OBJECTIVE)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)


def by_arrows(qtbot: QtBot, bench: Bench, table: EntryTable) -> None:
    del table
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Up):
        press(qtbot, bench, key)


def by_provisional(qtbot: QtBot, bench: Bench, table: EntryTable) -> None:
    del qtbot, bench
    table.setCurrentIndex(table.model().index(0, Column.PROVISIONAL))


def by_code(qtbot: QtBot, bench: Bench, table: EntryTable) -> None:
    del qtbot, bench
    table.setCurrentIndex(table.model().index(0, Column.CODE))


def by_save(qtbot: QtBot, bench: Bench, table: EntryTable) -> None:
    type_in(qtbot, bench, "1")
    press(qtbot, bench, Qt.Key.Key_Return)
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert cell_code(table) == "BPI-O02"


def by_refusal(qtbot: QtBot, bench: Bench, table: EntryTable) -> None:
    del table
    type_in(qtbot, bench, "1")
    bench.desk.failing["act"] = UserError("Le disque est plein.", "Faites de la place.")
    press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bench.lane.pending == 0)


@pytest.mark.parametrize("come", [by_tab, by_click, by_arrows, by_provisional, by_code, by_save, by_refusal])
def test_no_figure_is_lost_however_the_hand_came(
    qtbot: QtBot, bench: Bench, come: Callable[[QtBot, Bench, EntryTable], None]
) -> None:
    _, table = open_grid(qtbot, bench, "Bpi")
    come(qtbot, bench, table)
    first = table.currentIndex().row()
    codes = [row.objective.code for row in table.model().shown[first:]]
    for place, _ in enumerate(codes):
        type_in(qtbot, bench, str(20 + place))
        press(qtbot, bench, Qt.Key.Key_Return)
    assert [cell(table, code, Column.VALUE) for code in codes] == [
        str(20 + place) for place, _ in enumerate(codes)
    ]


def test_twenty_figures_cost_no_more_keys_than_ninety_seconds_bear(qtbot: QtBot, starter: Bench) -> None:
    """A hand types 3 keys a second or more: 270 keys in 90 s."""
    keys = len("france ") + 2
    _, table = open_grid(qtbot, starter, "france ")
    shown = min(20, table.model().rowCount())
    for _ in range(shown):
        type_in(qtbot, starter, "16,4")
        press(qtbot, starter, Qt.Key.Key_Return)
        keys += 5
    with qtbot.waitSignal(starter.session.changed):
        press(qtbot, starter, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert (keys + 1) / shown <= 270 / 20
    assert undo_label(starter) == f"Relevés (France Travail)\u202f: {shown} valeurs"


def test_twelve_out_of_forty_eight_fills_numerator_and_denominator(qtbot: QtBot, bench: Bench) -> None:
    _, table = open_grid(qtbot, bench, "France")
    table.select_objective(next(r.objective.key for r in table.model().shown if r.objective.unit == "%"))
    code = cell_code(table)
    type_in(qtbot, bench, "12 sur 48")
    press(qtbot, bench, Qt.Key.Key_Return)
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert cell(table, code, Column.LAST).startswith("25\u202f%")
    (new,) = [item for item in bench.desk.held.measurements if item.entered_on]
    assert (new.value, new.numerator, new.denominator) == (25, 12, 48)


def test_the_menu_of_a_row_offers_all_its_acts(qtbot: QtBot, bench: Bench) -> None:
    _, table = open_grid(qtbot, bench, "Bpi")
    table.customContextMenuRequested.emit(table.visualRect(table.currentIndex()).center())
    menu = table.findChild(QMenu)
    acts = {action.text().replace("&", "").split("\t")[0]: action for action in menu.actions()}
    acts["Chiffre provisoire"].trigger()
    assert table.current_row().typed.provisional
    acts["Voir l’objectif"].trigger()
    assert bench.window.navigator.here().focus == "BPI-O01"
    menu.close()


def test_the_page_opens_on_what_is_to_be_given_and_keeps_the_partner(
    qtbot: QtBot, bench: Bench, open_window: Callable[..., Bench]
) -> None:
    page, table = open_grid(qtbot, bench, "Bpi", late=True)
    late = [row.objective.code for row in table.model().shown if row.due]
    assert [row.objective.code for row in table.model().shown] == late
    assert "à relever" in mention(page)
    bench.window.close()
    again = open_window()
    again.window.go(Address("releves"))
    page = again.window.navigator.current
    partner = next(one for one in page.findChildren(QComboBox) if one.accessibleName() == "Partenaire")
    assert partner.currentText() == "Bpifrance"
    assert page.habits() == {"partenaire-essai": "BPI"}, "another contract opens on all of its partners"


def test_a_name_with_a_space_is_typed_whole(qtbot: QtBot, starter: Bench) -> None:
    page, _ = open_grid(qtbot, starter, "france travail")
    partner = next(one for one in page.findChildren(QComboBox) if one.accessibleName() == "Partenaire")
    assert partner.currentText() == "France Travail"
    assert not partner.view().isVisible()


def test_a_space_alone_opens_the_list(qtbot: QtBot, bench: Bench) -> None:
    page, _ = open_grid(qtbot, bench, "Bpi")
    themes = next(one for one in page.findChildren(QComboBox) if one.accessibleName() == "Thématique")
    themes.setFocus()
    qtbot.keyClick(themes, Qt.Key.Key_Space)
    qtbot.waitUntil(themes.view().isVisible)
    themes.hidePopup()


def test_on_a_small_screen_every_column_is_reached_and_the_labels_stay(qtbot: QtBot, bench: Bench) -> None:
    page, table = open_grid(qtbot, bench, "Bpi")
    bench.window.resize(911, 512)
    kept = next(one for one in page.findChildren(QTableView) if one.objectName() == "kept")
    bar = table.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert not kept.isVisible()
    effect = table.model().index(0, Column.EFFECT)
    qtbot.waitUntil(lambda: table.viewport().rect().contains(table.visualRect(effect)))
    type_in(qtbot, bench, "34")
    for _ in range(4):
        press(qtbot, bench, Qt.Key.Key_Tab)
    assert table.currentIndex().column() == Column.COMMENT
    assert kept.isVisible()
    comment = table.visualRect(table.currentIndex())
    assert table.viewport().rect().contains(comment)
    assert comment.left() >= kept.width()
    cells = [
        view.viewport().mapToGlobal(view.visualRect(effect.siblingAtColumn(0)).topLeft()).y()
        for view in (table, kept)
    ]
    assert cells[0] == cells[1]
    type_in(qtbot, bench, "vu")
    press(qtbot, bench, Qt.Key.Key_Tab)
    assert cell(table, "BPI-O01", Column.COMMENT) == "vu"
    assert table.currentIndex().column() == Column.VALUE
    assert bar.value() == 0
    assert not kept.isVisible()


def test_a_refused_save_keeps_everything(qtbot: QtBot, bench: Bench) -> None:
    page, table = open_grid(qtbot, bench, "Bpi")
    type_in(qtbot, bench, "33")
    press(qtbot, bench, Qt.Key.Key_Return)
    bench.desk.failing["act"] = UserError("Le disque est plein.", "Faites de la place.")
    press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "Le disque est plein. Faites de la place." in mention(page))
    # The effects of what was typed may come after the refusal.
    page._ask_effects()
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert "Le disque est plein. Faites de la place." in mention(page)
    assert cell(table, "BPI-O01", Column.VALUE) == "33"
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert undo_label(bench) == "Relevés (Bpifrance)\u202f: 1 valeur"


def test_the_draft_is_found_again_then_erased(
    qtbot: QtBot, bench: Bench, open_window: Callable[..., Bench]
) -> None:
    open_grid(qtbot, bench, "Bpi")
    type_in(qtbot, bench, "33")
    press(qtbot, bench, Qt.Key.Key_Return)
    type_in(qtbot, bench, "17x")
    bench.window.close()
    again = open_window()
    page, table = open_grid(qtbot, again, "Bpi")
    said = re.search(
        r"Brouillon du 30/06/2026 à (\d+)\u00a0h\u00a0\d\d retrouvé\u202f: 2 lignes", mention(page)
    )
    assert said is not None
    assert 0 <= int(said[1]) < 24
    assert cell(table, "BPI-O01", Column.VALUE) == "33"
    assert cell(table, "BPI-O02", Column.VALUE) == "17x"
    assert again.desk.held == bench.desk.held
    erase = next(one for one in page.findChildren(QPushButton) if one.text() == "Effacer")
    qtbot.mouseClick(erase, Qt.MouseButton.LeftButton)
    assert cell(table, "BPI-O01", Column.VALUE) == ""
    assert not list((bench.settings.parent / "brouillons").iterdir())


def test_nothing_of_a_saved_return_stays_in_the_draft(qtbot: QtBot, bench: Bench) -> None:
    folder = bench.settings.parent / "brouillons"
    open_grid(qtbot, bench, "Bpi")
    type_in(qtbot, bench, "33")
    press(qtbot, bench, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: folder.is_dir() and any(p.suffix == ".json" for p in folder.iterdir()))
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert list(folder.iterdir()) == []


def test_read_only_types_nothing(qtbot: QtBot, open_window: Callable[..., Bench]) -> None:
    bench = open_window(read_only=True)
    page, table = open_grid(qtbot, bench, "Bpi")
    type_in(qtbot, bench, "33")
    assert table.findChild(QLineEdit) is None
    assert "Lecture seule" in mention(page)
    # Nothing that can be typed in is drawn, nor is there anything to scroll to.
    assert all(table.isColumnHidden(place) for place in EDITABLE)
    assert not table.isColumnHidden(Column.TARGET)
    assert not any(one.isVisible() for one in page.findChildren(QLineEdit))


def test_the_hand_gets_out_of_the_grid(qtbot: QtBot, bench: Bench) -> None:
    _, table = open_grid(qtbot, bench, "Bpi")
    press(qtbot, bench, Qt.Key.Key_Escape)
    assert isinstance(hand(bench), QComboBox)
    press(qtbot, bench, Qt.Key.Key_Return)
    press(qtbot, bench, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert hand(bench) is not table


def test_the_model_keeps_its_word_to_qt(qtbot: QtBot, bench: Bench) -> None:
    _, table = open_grid(qtbot, bench, "Bpi")
    tester = QAbstractItemModelTester(
        table.model(), QAbstractItemModelTester.FailureReportingMode.Warning, table
    )
    type_in(qtbot, bench, "33")
    press(qtbot, bench, Qt.Key.Key_Return)
    settled(qtbot, bench, table, "BPI-O01", "%")
    assert tester.model() is table.model()


def test_a_draft_is_whole_or_absent(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "brouillons")
    assert drafts.read("releves-essai") is None
    for count in range(50):
        drafts.keep("releves-essai", {"lignes": {"o1": {"valeur": str(count)}}})
    assert drafts.read("releves-essai") == {"lignes": {"o1": {"valeur": "49"}}}
    drafts.path("releves-essai").write_text('{"lignes": {"o1"', encoding="utf-8")
    assert drafts.read("releves-essai") is None
    drafts.drop("releves-essai")
    drafts.flush()
    assert list((tmp_path / "brouillons").iterdir()) == []


def test_a_draft_that_cannot_be_kept_is_told(qtbot: QtBot, bench: Bench) -> None:
    # A file where the folder should be.
    (bench.settings.parent / "brouillons").write_text("", encoding="utf-8")
    page, table = open_grid(qtbot, bench, "Bpi")
    type_in(qtbot, bench, "33")
    press(qtbot, bench, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "ne peut pas être gardé" in mention(page))
    assert cell(table, "BPI-O01", Column.VALUE) == "33"


def test_a_killed_process_finds_its_draft_again(
    qtbot: QtBot, open_window: Callable[..., Bench], tmp_path: Path
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.helpers.typing_child", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "typed"
    draft = tmp_path / "brouillons" / "releves-essai.json"
    qtbot.waitUntil(draft.exists)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()
    bench = open_window()
    page, table = open_grid(qtbot, bench, "Bpi")
    assert "retrouvé" in mention(page)
    assert cell(table, "BPI-O01", Column.VALUE) == "33"


def test_a_figure_given_once_is_asked_again_by_no_grid_no_workbook_and_no_form(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    """CALL-O02 is given a single time: once it has a value, even « non fait », nobody is asked for it any more."""
    today = date(2026, 6, 30)
    path = tmp_path / "base.db"
    bases.create(path, "lens-lievin", now=datetime(2026, 6, 30, tzinfo=UTC))
    head = EntryHead(theme, lambda: today)
    qtbot.addWidget(head)
    with opening.open_base(path) as base:
        desk = Desk(base, today=lambda: today)

        def asked() -> tuple[set[str], set[str], str]:
            review = desk.review("lens-lievin", today)
            rows = rows_of(review.situation)
            head.show_situation(review.situation, rows)
            head.due.setChecked(False)
            head.choose("CALL")
            book = tmp_path / "remontee.xlsx"
            exports.export(desk, review, book, content="remontee", partner="CALL", asked=Asked.EXPECTED)
            cells = openpyxl.load_workbook(book)["Remontée"].iter_rows(min_row=5)
            form = tmp_path / "saisie.pdf"
            printing.write_report(printing.Request("saisie", partner="CALL"), review, form)
            words = " ".join(paper_text.pages(form))
            grid = {row.objective.code for row in head.asked(rows)}
            return grid, {str(row[0].value) for row in cells}, words

        assert all("CALL-O02" in road for road in asked())
        objective = desk.situation("lens-lievin", today).objective_by_code("CALL-O02")
        assert objective.frequency is Frequency.UNIQUE
        entry = Entry(objective=objective.key, day=date(2026, 1, 31), value=Decimal(0))
        measurements.record(desk, "lens-lievin", entry)
        later = asked()
        assert not any("CALL-O02" in road for road in later)
        assert all("CALL-O04" in road for road in later)


def test_what_waits_on_disk_is_told_before_its_page_is_seen(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    """« Tout est enregistré » was said at the start over a line that was not."""
    bench = open_window()
    open_grid(qtbot, bench, "Bpi")
    type_in(qtbot, bench, "33")
    press(qtbot, bench, Qt.Key.Key_Return)
    bench.window.close()
    again = open_window()
    told = "1 ligne de relevés en brouillon, à enregistrer"
    qtbot.waitUntil(lambda: told in [one.text() for one in again.window.statusBar().findChildren(QLabel)])
