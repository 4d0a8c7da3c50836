"""Twenty figures in a meeting, from the keyboard alone; nothing lost, one undo."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.progress import Statut
from qpvdesk.paths import resource
from qpvdesk.services.contracts import contract_files
from qpvdesk.storage.keys import starter_key
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.models.entry_rows import EntryColumn as Column
from qpvdesk.ui.pages.entry import EntryPage
from qpvdesk.ui.widgets.entry_table import EntryTable
from tests.gui.conftest import Bench

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


def open_grid(qtbot: QtBot, bench: Bench, partner: str) -> tuple[EntryPage, EntryTable]:
    """Ctrl+R, the name of the partner, Enter."""
    bench.window.activateWindow()
    qtbot.waitUntil(bench.window.isActiveWindow)
    press(qtbot, bench, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    page = bench.window.findChild(EntryPage)
    assert isinstance(page, EntryPage)
    assert isinstance(hand(bench), QComboBox)
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
    settled(qtbot, starter, table, "FT-O03", "Atteint")
    assert all(
        row.effect.after.status is Statut.ATTEINT
        for row in table.model().shown
        if row.typed.value and row.objective.code != afpr
    )
    assert "10 valeurs à enregistrer" in mention(page)
    assert len(starter.desk.held.measurements) == before
    with qtbot.waitSignal(starter.session.changed):
        press(qtbot, starter, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert undo_label(starter) == "Relevés de France Travail\u202f: 10 valeurs"
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
    for value in ("16,5", "1.339", "n.c.", "2600"):
        type_in(qtbot, bench, value)
        press(qtbot, bench, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "2 lignes à corriger" in mention(page))
    assert "ambigu" in cell(table, "FT-O02", Column.EFFECT)
    qtbot.waitUntil(lambda: "Écrivez 1,339 avec une virgule" in mention(page))
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert undo_label(bench) == "Relevés de France Travail\u202f: 2 valeurs"
    assert cell(table, "FT-O02", Column.VALUE) == "1.339"
    assert cell(table, "FT-O01", Column.VALUE) == ""
    assert cell_code(table) == "FT-O02"
    type_in(qtbot, bench, "17,5")
    press(qtbot, bench, Qt.Key.Key_Return)
    settled(qtbot, bench, table, "FT-O02", "Atteint")


def test_a_new_reference_moves_the_parities_typed_with_it(qtbot: QtBot, bench: Bench) -> None:
    _, table = open_grid(qtbot, bench, "France")
    type_in(qtbot, bench, "18")
    press(qtbot, bench, Qt.Key.Key_Return)
    type_in(qtbot, bench, "17,2")
    press(qtbot, bench, Qt.Key.Key_Return)
    settled(qtbot, bench, table, "FT-O02", "Non atteint")


def test_tab_goes_right_and_a_row_keeps_its_own_date_and_source(qtbot: QtBot, bench: Bench) -> None:
    _, table = open_grid(qtbot, bench, "Bpi")
    type_in(qtbot, bench, "33")
    press(qtbot, bench, Qt.Key.Key_Tab)
    assert table.currentIndex().column() == Column.DAY
    type_in(qtbot, bench, "31/03/2026")
    press(qtbot, bench, Qt.Key.Key_Tab)
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


def test_a_column_of_a_spreadsheet_is_pasted_and_cells_are_copied(qtbot: QtBot, bench: Bench) -> None:
    page, table = open_grid(qtbot, bench, "Bpi")
    QGuiApplication.clipboard().setText("34\t31/05/2026\r\n175\t\r\nbeaucoup\t\r\n")
    press(qtbot, bench, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "2 valeurs à enregistrer, 1 ligne à corriger" in mention(page))
    assert cell(table, "BPI-O01", Column.DAY) == "31/05/2026"
    assert cell(table, "BPI-O02", Column.DAY) == "30/06/2026"
    press(qtbot, bench, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, bench, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Nouvelle valeur\n34\n175"
    press(qtbot, bench, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "valeurs à enregistrer" not in mention(page))


def test_cells_pasted_beyond_the_last_column_are_told(qtbot: QtBot, bench: Bench) -> None:
    page, _ = open_grid(qtbot, bench, "Bpi")
    QGuiApplication.clipboard().setText(
        "34\t31/05/2026\tCourriel\tdit au téléphone\tdernière\ten trop\tencore"
    )
    press(qtbot, bench, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "plus de cases que la grille" in mention(page))


def test_lines_pasted_below_the_last_row_are_told(qtbot: QtBot, bench: Bench) -> None:
    page, table = open_grid(qtbot, bench, "Bpi")
    rows = table.model().rowCount()
    QGuiApplication.clipboard().setText("\n".join(["5"] * (rows + 3)) + "\n\n")
    press(qtbot, bench, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: f"{rows} valeurs à enregistrer" in mention(page))
    assert "3 lignes collées en trop, non reprises" in mention(page)
    press(qtbot, bench, Qt.Key.Key_Delete)
    assert "collées en trop" not in mention(page)


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
    assert cell(table, "BPI-O01", Column.VALUE) == "33"
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert undo_label(bench) == "Relevés de Bpifrance\u202f: 1 valeur"


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
