"""Many objectives typed or pasted down one grid, read by the checker of the forms, written in one act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import Dossier, Mesure
from qpvdesk.domain.sens import Sens
from qpvdesk.services.line_titles import fields_by_title
from qpvdesk.services.lines import FIELDS, fields_of, line_titles
from qpvdesk.ui.dialogs.lines import LinesDialog, LinesTable
from qpvdesk.ui.models.lines import LinesModel
from qpvdesk.ui.pages.page import Address
from tests.gui.conftest import Bench
from tests.gui.test_editing import CONTROL, SHIFT
from tests.helpers import invented

PLACES = {name: at for at, name in enumerate(FIELDS["objective"])}


@pytest.fixture
def grid(qtbot: QtBot, bench: Bench) -> LinesDialog:
    """The grid of objectives, opened by its shortcut from their page."""
    bench.window.go(Address("objectifs"))
    qtbot.keyClick(bench.window, Qt.Key.Key_L, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: bench.window.findChild(LinesDialog) is not None)
    dialog = bench.window.findChild(LinesDialog)
    assert dialog is not None
    return dialog


def write(qtbot: QtBot, table: LinesTable, text: str) -> None:
    """Type in the cell under the hand, key by key."""
    for letter in text:
        qtbot.keyClick(table.delegate.editor or table, letter)


def shown(table: LinesTable, row: int, name: str) -> str:
    """What a cell shows."""
    at = PLACES[name] if name in PLACES else len(PLACES)
    return str(table.typed.index(row, at).data() or "")


def test_the_grid_calls_each_thing_as_its_page_does(grid: LinesDialog) -> None:
    """« Financements » in the list, « 3 moyens » on the button below it, « Moyens mobilisés » at the page."""
    titles = [grid._kinds.itemText(place) for place in range(grid._kinds.count())]
    assert titles == ["Partenaires", "Territoires", "Engagements", "Objectifs", "Moyens"]


def test_objectives_are_typed_down_the_page_by_name(qtbot: QtBot, bench: Bench, grid: LinesDialog) -> None:
    """Names for codes, grey for what follows, Ctrl+D for what is the same; one act, which one Ctrl+Z undoes."""
    table, held = grid.table, bench.desk.held
    engagement = held.engagements[0]
    cells = [engagement.code, "Postes pourvus", "postes", "16", "31/12/2023", "22", "fin 2026"]
    for text in cells:
        write(qtbot, table, text)
        qtbot.keyClick(table.delegate.editor or table, Qt.Key.Key_Tab)
    table.stand(1, 0)
    qtbot.keyClick(table, Qt.Key.Key_D, CONTROL)
    qtbot.keyClick(table, Qt.Key.Key_Tab)
    write(
        qtbot,
        table,
        "Places ouvertes ; valeur initiale 0 (2023) ; cible 40 places au 31/12/2027. Suivi : semestrielle.",
    )
    qtbot.keyClick(table.delegate.editor or table, Qt.Key.Key_Return)
    assert table.currentIndex().row() == 2
    qtbot.waitUntil(lambda: shown(table, 1, "unit") == "places")
    assert [shown(table, row, "sens") for row in (0, 1)] == ["À augmenter"] * 2
    assert shown(table, 1, "engagement") == engagement.code
    assert "De 16 postes au 31/12/2023 à 22 postes" in shown(table, 0, "").replace("\u202f", " ").replace(
        "\xa0", " "
    )
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(grid, Qt.Key.Key_Return, CONTROL)
    made = [
        item for item in bench.desk.held.objectives if item.label in ("Postes pourvus", "Places ouvertes")
    ]
    assert [(item.engagement, item.partner, item.start_value, item.target_value) for item in made] == [
        (engagement.key, engagement.partner, Decimal(16), Decimal(22)),
        (engagement.key, engagement.partner, Decimal(0), Decimal(40)),
    ]  # fmt: skip
    assert [(item.target_date, item.sens, item.mesure) for item in made] == [
        (date(2026, 12, 31), Sens.HAUSSE, Mesure.STOCK), (date(2027, 12, 31), Sens.HAUSSE, Mesure.STOCK),
    ]  # fmt: skip
    assert len({item.code for item in made}) == 2
    with qtbot.waitSignal(bench.session.changed):
        bench.window.actions_by_word["annuler"].trigger()
    assert set(bench.desk.held.objectives) == set(held.objectives)


def test_lines_of_a_spreadsheet_are_pasted_and_what_is_wrong_is_said_in_its_line(
    qtbot: QtBot, bench: Bench, grid: LinesDialog
) -> None:
    """Titles say where columns go; nothing is written as long as one line is refused; what is typed is kept."""
    table, before = grid.table, bench.desk.held
    engagement = before.engagements[0].label
    lines = (
        f"Libellé\tEngagement\tCible\tUnité\tÉchéance\n"
        f"Bus\t{engagement}\t12\tbus\t31/12/2027\nTrains\tAucun de ceux-là\t3\ttrains\t31/12/2027\n"
    )
    QGuiApplication.clipboard().setText(lines)
    qtbot.keyClick(table, Qt.Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: "n’est le code ni le nom de rien" in shown(table, 1, ""))
    assert (shown(table, 0, "label"), shown(table, 0, "target_value")) == ("Bus", "12")
    # A target without a start: nobody knows whether it is a floor or a ceiling.
    assert "Sens" in shown(table, 0, "")
    assert not grid._save.isEnabled()
    table.stand(1, 0)
    assert "Aucun de ceux-là" in grid._line.text()
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert set(bench.desk.held.objectives) == set(before.objectives)
    bench.window.editor.many(Address("objectifs"))
    again = next(item for item in bench.window.findChildren(LinesDialog) if item.isVisible()).table
    assert (shown(again, 1, "label"), shown(again, 1, "engagement")) == ("Trains", "Aucun de ceux-là")
    again.stand(1, 0)
    qtbot.keyClick(again, Qt.Key.Key_Delete)
    assert not again.typed.lines[1].get("engagement")
    qtbot.keyClick(again, Qt.Key.Key_Z, CONTROL)
    assert again.typed.lines[1]["engagement"] == "Aucun de ceux-là"


def test_a_paste_goes_where_its_titles_say_and_what_goes_nowhere_is_said() -> None:
    """Titles of the workbook and of the form; what is called otherwise replaces its whole line, the rest completes it."""
    model = LinesModel(fields_of("objective"), line_titles("objective"), fields_by_title("objective"))
    model.change(
        "collage", 0, 0, [["Libellé", "Unité", "Cible", "Date cible"], ["Essai C", "places", "60", "2028"]]
    )
    assert model.lines == (
        {"label": "Essai C", "unit": "places", "target_value": "60", "target_date": "2028"},
    )
    assert model.left_out == ""
    model.change("collage", 0, 0, [["Engagement", "Libellé", "Commission"], ["ETAT-01", "Essai E", "12"]])
    assert model.lines == ({"engagement": "ETAT-01", "label": "Essai E"},)
    assert "colonne «\u202fCommission\u202f»" in model.left_out
    model.change("collage", 0, 0, [["ETAT-02"]])
    model.change("collage", 0, 2, [["postes", "12"]])
    assert model.lines == (
        {"engagement": "ETAT-02", "label": "Essai E", "unit": "postes", "start_value": "12"},
    )
    model.undo_stack.undo()
    assert "unit" not in model.lines[0]


def test_a_column_that_is_not_known_is_placed_by_hand_and_undone(
    qtbot: QtBot, bench: Bench, grid: LinesDialog
) -> None:
    """« Non repris : colonne « Intervention » » named it, and its words could not be had but one by one."""
    table, held = grid.table, bench.desk.held
    engagement = held.engagements[0].code
    text = (
        f"Engagement\tIntervention\tUnité\tCible\nX\tBus de nuit\tbus\t12\n{engagement}\tTrains\ttrains\t3\n"
    )
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(table, Qt.Key.Key_V, CONTROL)
    (choice,) = combos(grid)
    assert choice.accessibleName() == "Ce que donne la colonne «\u202fIntervention\u202f»"
    assert "colonne «\u202fIntervention\u202f»" in table.typed.left_out
    # Tab goes on from the list to the lines below it, and back.
    qtbot.waitUntil(lambda: not grid.property("focusOrderAsked"))
    qtbot.keyClick(table, Qt.Key.Key_Backtab, SHIFT)
    assert choice.hasFocus()
    qtbot.keyClick(choice, Qt.Key.Key_Tab)
    assert table.hasFocus()
    choose(choice, "Libellé")
    assert [line["label"] for line in table.typed.lines] == ["Bus de nuit", "Trains"]
    assert table.typed.left_out == ""
    # Another column gives the field from now on: the one that gave it is to be placed in its turn.
    (choice,) = combos(grid)
    choice.setFocus()
    choose(choice, "Unité")
    assert [box.hasFocus() for box in combos(grid)] == [True, False]
    assert [(line["unit"], line.get("label", "")) for line in table.typed.lines] == [
        ("Bus de nuit", ""),
        ("Trains", ""),
    ]
    assert [box.accessibleName() for box in combos(grid)] == [
        f"Ce que donne la colonne «\u202f{title}\u202f»" for title in ("Intervention", "Unité")
    ]
    assert "colonne «\u202fUnité\u202f»" in table.typed.left_out
    for _ in range(2):
        qtbot.keyClick(table, Qt.Key.Key_Z, CONTROL)
    assert [line["unit"] for line in table.typed.lines] == ["bus", "trains"]
    (choice,) = combos(grid)
    assert choice.currentText() == "Non lue"
    # A cell that is put right leaves the column to be placed; without the paste there is none.
    table.typed.setData(table.typed.index(0, 0), engagement)
    assert len(combos(grid)) == 1
    for _ in range(2):
        qtbot.keyClick(table, Qt.Key.Key_Z, CONTROL)
    assert (table.typed.lines, combos(grid), table.typed.left_out) == ((), [], "")


def combos(dialog: LinesDialog) -> list[QComboBox]:
    """What is asked of the columns that go nowhere by themselves."""
    boxes = [box for box in dialog.findChildren(QComboBox) if box.accessibleName().startswith("Ce que donne")]
    return [box for box in boxes if not box.isHidden() and box.isVisibleTo(dialog)]


def choose(box: QComboBox, words: str) -> None:
    """Choose as a hand does."""
    place = box.findText(words)
    assert place >= 0
    box.setCurrentIndex(place)
    box.activated.emit(place)


def test_titles_that_are_mostly_not_known_are_titles_where_figures_stand_below_them() -> None:
    """They became the first line, and each column went where its place put it: « 12 » was a unit."""
    model = LinesModel(fields_of("objective"), line_titles("objective"), fields_by_title("objective"))
    model.change(
        "collage",
        0,
        0,
        [["Indicateur", "Niveau 2023", "2025", "", "Ambition"], ["Bus", "4", "5", "", "12", "vu"]],
    )
    assert model.lines == ({"label": "Bus"},)
    assert [title for _, title, _ in model.asked_columns()] == ["Niveau 2023", "2025", "Ambition", "n° 6"]
    model.aim(4, "target_value")
    assert model.lines == ({"label": "Bus", "target_value": "12"},)
    # What is typed is no title, however it is called.
    model.change("collage", 1, 1, [["Unité de soins", "places", "12"], ["Unité", "places", "12"]])
    assert [line["label"] for line in model.lines[1:]] == ["Unité de soins", "Unité"]


def test_what_a_hand_typed_stays_where_a_column_is_placed_and_follows_its_own() -> None:
    """A column placed by hand wrote over the cells typed meanwhile, and over those put right in it."""
    model = LinesModel(fields_of("objective"), line_titles("objective"), fields_by_title("objective"))

    def type_in(row: int, name: str, text: str) -> None:
        assert model.setData(model.index(row, PLACES[name]), text)

    def told(name: str) -> list[str]:
        return [line.get(name, "") for line in model.lines]

    type_in(0, "target_value", "40")
    model.change("collage", 0, PLACES["label"], [["Objectif", "Unité", "Ambition"], ["Bus", "places", "4S"]])
    model.change(
        "collage",
        1,
        PLACES["label"],
        [
            ["Objectif", "Unité", "Ambition"],
            ["Tram", "places", "4S"],
            ["Vélo", "places", "7"],
            ["Pied", "km", ""],
        ],
    )
    type_in(3, "target_value", "12")
    ambition = 2
    model.aim(ambition, "target_value")
    assert told("target_value") == ["40", "4S", "7", "12"], "what was typed before it was placed stays"
    # What is put right in a column is its own, wherever it goes.
    type_in(1, "target_value", "45")
    model.aim(ambition, "start_value")
    assert (told("target_value"), told("start_value")) == (["40", "", "", "12"], ["", "45", "7", ""])
    model.aim(ambition, "")
    assert (told("target_value"), told("start_value")) == (["40", "", "", "12"], [""] * 4)
    model.aim(ambition, "target_value")
    assert told("target_value") == ["40", "45", "7", "12"]
    # What was typed over what was typed is the hand's too.
    type_in(3, "target_value", "11")
    type_in(3, "target_value", "12")
    # Undone, the hand and the column are told apart as they were.
    for _ in range(6):
        model.undo_stack.undo()
    assert told("target_value") == ["40", "4S", "7", "12"]
    model.undo_stack.redo()
    model.aim(ambition, "start_value")
    assert (told("target_value"), told("start_value")) == (["40", "", "", "12"], ["", "45", "7", ""])
    # What a paste covers is not the hand's any more; what came back from the disk is.
    model.change("collage", 3, PLACES["target_value"], [["13", "2030"]])
    model.put(model.lines)
    model.change("collage", 3, PLACES["label"], [["Objectif", "Unité", "Ambition"], ["Pied", "km", "99"]])
    model.aim(ambition, "target_value")
    assert told("target_value")[3] == "13"


def test_a_paste_is_read_by_the_titles_of_the_page_and_the_usual_ones() -> None:
    """« Objectif », « Départ » and « Date » were left out: the names themselves, and where each begins."""
    model = LinesModel(fields_of("objective"), line_titles("objective"), fields_by_title("objective"))
    titles = ["Objectif", "Unité", "Départ", "Date", "Cible", "Échéance", "Partenaire"]
    model.change("collage", 0, 0, [titles, ["Essai", "places", "12", "2024", "60", "2028", "BPI"]])
    assert model.left_out == ""
    assert model.lines == (
        {
            "label": "Essai",
            "unit": "places",
            "start_value": "12",
            "start_date": "2024",
            "target_value": "60",
            "target_date": "2028",
            "partner": "BPI",
        },
    )
    model.change("collage", 0, 0, [["Indicateur", "Cible", "Date"], ["Autre", "60", "2028"]])
    assert model.lines == ({"label": "Autre", "target_value": "60", "target_date": "2028"},)


def test_what_is_blank_and_needed_is_told_beside_the_way_that_is_not_known(
    qtbot: QtBot, grid: LinesDialog
) -> None:
    """The first lines showed « Sens » alone in red: the label that lacked too was told once that was chosen."""
    QGuiApplication.clipboard().setText("Libellé\tUnité\tCible\n\tplaces\t12\n")
    grid.table.paste()
    qtbot.waitUntil(lambda: grid.table.typed.understood(0) is not None)
    read = grid.table.typed.understood(0)
    assert read is not None
    assert {"sens", "label"} <= set(read.faults)


def test_the_first_lines_of_a_contract_without_places_are_of_its_perimeter(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    full = invented.dossier()
    bench = open_window(Dossier(contract=full.contract, partners=full.partners[:1]))
    bench.window.editor.many_of("objective")
    dialog = bench.window.findChild(LinesDialog)
    code = full.partners[0].code
    QGuiApplication.clipboard().setText(
        f"Libellé\tUnité\tCible\tSens\tPartenaire\nPostes\tpostes\t22\tAu moins\t{code}\n"
    )
    dialog.table.paste()
    qtbot.waitUntil(lambda: "Enregistrer 1" in dialog._save.text() and dialog._save.isEnabled())
    with qtbot.waitSignal(bench.session.changed):
        dialog.save()
    (place,), (objective,) = bench.desk.held.territories, bench.desk.held.objectives
    assert objective.territory == place.key


def test_a_refusal_leads_to_the_cell_that_it_names(qtbot: QtBot, bench: Bench, grid: LinesDialog) -> None:
    """The button was lit by a refusal, the fault still there; the hand went to the choice at the top, and the cell that was
    named stayed out of sight."""
    engagement = bench.desk.held.engagements[0].code
    rows = [
        f"{engagement}\tBus\tbus\t\t\t40\t31/12/2027\tAu moins",
        f"{engagement}\tCars\tcars\t\t\t4\t2027\taugm",
    ]
    QGuiApplication.clipboard().setText("\n".join(rows))
    grid.table.paste()
    grid.table.stand(0, 0)
    qtbot.waitUntil(lambda: "augm" in shown(grid.table, 1, ""))
    qtbot.keyClick(grid, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: grid._trouble.isVisible())
    assert "Ligne 2, Sens" in grid._trouble.text()
    index = grid.table.currentIndex()
    assert (index.row(), index.column()) == (1, PLACES["sens"])
    assert grid.table.visualRect(index).intersects(grid.table.viewport().rect())
    assert grid.focusWidget() is grid.table
    assert not grid._save.isEnabled()
    # Reading the lines again mends nothing.
    grid._ask()
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    assert grid._trouble.isVisible()
    grid.table.typed.change("sens", 1, PLACES["sens"], [["Au plus"]])
    assert not grid._trouble.isVisible()
    qtbot.waitUntil(grid._save.isEnabled)


def test_the_titles_of_the_cells_are_whole(grid: LinesDialog) -> None:
    """« Objectif de référence » was cut at both ends, without a sign of it."""
    header = grid.table.horizontalHeader()
    for at in range(grid.table.typed.columnCount()):
        title = str(grid.table.typed.headerData(at, Qt.Orientation.Horizontal))
        assert header.sectionSize(at) >= header.fontMetrics().horizontalAdvance(title), title
    assert header.textElideMode() is Qt.TextElideMode.ElideRight
