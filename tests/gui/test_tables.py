"""What every table can do: headers that filter on several values, named views, acts of rows, export of what is seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.domain.attention import worst_first
from qpvdesk.domain.how_far import bound_words
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.dialogs.together import TogetherDialog
from qpvdesk.ui.kit.columns import PADDING
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.table_menu import ColumnFilterDialog
from qpvdesk.ui.kit.table_tools import FilterChips, TableTools
from qpvdesk.ui.models import table as table_module
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.page import Address, Page
from tests.gui.conftest import Bench
from tests.helpers import invented

SHIFT = Qt.KeyboardModifier.ShiftModifier


def shown(bench: Bench, word: str) -> tuple[Page, Table]:
    """The page of a word and its main table."""
    bench.window.go(Address(word))
    page = bench.window.navigator.current
    assert page is not None
    table = next(one for one in page.findChildren(Table) if one.accessibleName() == page.title)
    return page, table


def column(table: Table, title: str) -> int:
    return [one.title for one in table.model().columns].index(title)


def texts(table: Table, title: str) -> list[str]:
    model = table.model()
    return [model.index(row, column(table, title)).data() for row in range(model.rowCount())]


def test_a_column_is_filtered_on_several_values_by_keyboard_and_a_chip_undoes_it(
    qtbot: QtBot, bench: Bench
) -> None:
    page, table = shown(bench, "objectifs")
    every = table.model().rowCount()
    counts = dict(table.model().words_of(column(table, "Statut")))
    assert sum(counts.values()) == every
    wanted = sorted(counts)[:2]
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, column(table, "Statut")))
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    dialog = bench.window.findChild(ColumnFilterDialog)
    rows = dialog.findChild(type(dialog._list))
    for row in range(rows.count()):
        if rows.item(row).text().rpartition(" (")[0] in wanted:
            rows.setCurrentRow(row)
            rows.setFocus()
            qtbot.keyClick(rows, Qt.Key.Key_Space)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert set(texts(table, "Statut")) == set(wanted)
    assert table.model().rowCount() == sum(counts[words] for words in wanted) < every
    assert (
        table.model().headerData(column(table, "Statut"), Qt.Orientation.Horizontal, 11) == "Statut, filtrée"
    )
    chips = page.findChild(FilterChips)
    assert chips.isVisible()
    qtbot.mouseClick(chips.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert table.model().rowCount() == every
    assert not chips.isVisible()


def test_a_view_is_kept_under_a_name_and_found_again_at_the_next_start(
    open_window: Callable[..., Bench],
) -> None:
    first = open_window()
    page, table = shown(first, "objectifs")
    partner = texts(table, "Statut")[0]
    table.menu.choose({"Statut": [partner]})
    page.filter_by({"texte": "a"})
    table.want_column(column(table, "Code"), True, even_cramped=True)
    seen = texts(table, "Code")
    page.findChild(TableTools).keep_view("La mienne")
    page.filter_by({})
    table.menu.choose({})
    assert texts(table, "Code") != seen
    first.window.close()
    second = open_window()
    page, table = shown(second, "objectifs")
    tools = page.findChild(TableTools)
    assert list(tools.views) == ["La mienne"]
    tools.show_view("La mienne")
    assert texts(table, "Code") == seen
    assert not table.isColumnHidden(column(table, "Code"))
    tools.forget_view("La mienne")
    assert tools.state() == "{}"


def test_what_is_seen_is_what_is_exported(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    page, table = shown(bench, "objectifs")
    status = texts(table, "Statut")[0]
    table.menu.choose({"Statut": [status]})
    table.horizontalHeader().setSortIndicator(column(table, "Objectif"), Qt.SortOrder.DescendingOrder)
    table.horizontalHeader().moveSection(1, 0)
    bench.notifier.path = tmp_path / "vu.xlsx"
    menu = QMenu()
    table.menu.fill(menu)
    with qtbot.waitSignal(bench.session.written):
        next(act for act in menu.actions() if act.text().startswith("Exporter")).trigger()
    sheet = openpyxl.load_workbook(bench.notifier.path).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0].startswith("Objectifs – ")
    assert "Situation au 30/06/2026" in rows[1][0]
    assert rows[2][0] == f"Filtre\u202f: Statut\u202f: {status}"
    assert rows[3][:3] == ["Statut", "Objectif", "Partenaire"], "whose it is goes with it"
    assert [row[1] for row in rows[4:]] == texts(table, "Objectif")
    # A unit that has no room in the column on the screen is not lost: it stands beside its number.
    values = rows[3].index("Valeur")
    assert rows[3][values + 1] == "Unité"
    units = [row.assessment.objective.unit for row in table.model().shown]
    assert [row[values + 1] for row in rows[4:]] == units
    assert page.filters_in_words() == []


def test_several_rows_are_changed_together_in_one_act_and_undone_in_one(qtbot: QtBot, bench: Bench) -> None:
    _, table = shown(bench, "objectifs")
    table.setFocus()
    table.select_first()
    qtbot.keyClick(table, Qt.Key.Key_Down, SHIFT)
    keys = [row.assessment.objective.key for row in table.menu.chosen()]
    assert len(keys) == 2
    qtbot.keyClick(table, Qt.Key.Key_F2)
    dialog = bench.window.findChild(TogetherDialog)
    which = dialog.findChild(QComboBox)
    which.setCurrentIndex(which.findText("Note"))
    dialog._controls[which.currentIndex()].setPlainText("À revoir au prochain COTECH")
    with qtbot.waitSignal(bench.session.changed):
        qtbot.mouseClick(
            next(one for one in dialog.findChildren(QPushButton) if one.text() == "Modifier tous"),
            Qt.MouseButton.LeftButton,
        )
    notes = {one.key: one.note for one in bench.desk.held.objectives}
    assert {notes[key] for key in keys} == {"À revoir au prochain COTECH"}
    with qtbot.waitSignal(bench.session.changed):
        bench.session.undo()
    assert "À revoir au prochain COTECH" not in {one.note for one in bench.desk.held.objectives}


def test_rows_are_retired_by_the_key_and_come_back_by_undo(qtbot: QtBot, bench: Bench) -> None:
    _, table = shown(bench, "objectifs")
    table.setFocus()
    table.select_first()
    qtbot.keyClick(table, Qt.Key.Key_Down, SHIFT)
    keys = {row.assessment.objective.key for row in table.menu.chosen()}
    with qtbot.waitSignal(bench.session.changed) as told:
        qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert told.args[0].label == "2 objectifs retirés"
    assert {one.key for one in bench.desk.held.objectives if one.retired} >= keys
    with qtbot.waitSignal(bench.session.changed):
        bench.session.undo()
    assert not {one.key for one in bench.desk.held.objectives if one.retired} & keys


def test_a_row_offers_its_acts_and_f2_opens_its_form(qtbot: QtBot, bench: Bench) -> None:
    offered = {
        "objectifs": {"Saisir un relevé…", "Modifier…", "Retirer", "Nouvel objectif…", "Voir le partenaire"},
        "engagements": {"Donner la météo…", "Ajouter un objectif…", "Modifier…", "Retirer"},
        "partenaires": {"Imprimer la fiche", "Nouvel engagement…", "Modifier…", "Supprimer"},
        "moyens": {"Modifier…", "Supprimer", "Nouveau moyen…"},
        "points": {"Prendre en compte…"},
    }
    for word, words in offered.items():
        _, table = shown(bench, word)
        if not table.model().rowCount():
            continue
        table.select_first()
        said = {act.words for act in table.menu.offer(table.menu.chosen()) if act is not None}
        assert words <= said or word == "points", (word, said)
    _, table = shown(bench, "engagements")
    table.setFocus()
    table.select_first()
    code = table.current_row().engagement.code
    qtbot.keyClick(table, Qt.Key.Key_F2)
    form = bench.window.findChild(EntityDialog)
    assert form.typed()["code"] == code
    form.reject()


def test_the_menu_of_a_table_copies_several_rows(qtbot: QtBot, bench: Bench) -> None:
    _, table = shown(bench, "engagements")
    table.setFocus()
    table.select_first()
    qtbot.keyClick(table, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(table, Qt.Key.Key_F10, SHIFT)
    menu = next(one for one in table.findChildren(QMenu) if one.isVisible())
    next(act for act in menu.actions() if act.text().startswith("Copier les 2 lignes")).trigger()
    assert len(QGuiApplication.clipboard().text().split("\n")) == 3
    menu.close()


def test_the_hand_goes_to_the_row_beside_what_was_removed_and_not_to_one_where_a_filter_hides(
    qtbot: QtBot, bench: Bench
) -> None:
    page, table = shown(bench, "objectifs")
    table.setFocus()
    table.select_place(1)
    keys = [row.assessment.objective.key for row in table.model().shown]
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert table.model().place_of(keys[1]) < 0
    assert table.current_row().assessment.objective.key == keys[2]
    page.filter_by({"texte": texts(table, "Code")[0]})
    assert table.current_row().assessment.objective.key == keys[0], "the first of what the filter leaves"


def test_an_objective_is_declined_from_its_row_with_the_hand_in_the_list_of_places(
    qtbot: QtBot, bench: Bench
) -> None:
    _, table = shown(bench, "objectifs")
    table.select_first()
    act = next(
        act
        for act in table.menu.offer(table.menu.chosen())
        if act is not None and act.words.startswith("Décliner")
    )
    act.do()
    form = bench.window.findChild(EntityDialog)
    places = form._controls["declined"]
    qtbot.waitUntil(lambda: form.focusWidget() is places.focusProxy())
    seen = places.visibleRegion().boundingRect()
    assert (seen.width(), seen.height()) == (places.width(), places.height()), "whole, its list too"
    form.reject()


@pytest.mark.parametrize(("word", "letters"), [("partenaires", "bpi"), ("moyens", "zzz")])
def test_letters_filter_a_table_without_a_field_and_never_jump(
    qtbot: QtBot, bench: Bench, word: str, letters: str
) -> None:
    bench.window.go(Address(word))
    page = bench.window.navigator.current
    assert page is not None
    table = page.findChild(Table)
    rows = table.model().rowCount()
    table.setFocus()
    qtbot.keyClicks(table, letters[0])
    field = next(
        one for one in page.findChildren(QLineEdit) if one.accessibleName().startswith("Filtrer par mots")
    )
    assert field.isVisible()
    qtbot.keyClicks(field, letters[1:])
    assert table.model().rowCount() == (1 if letters == "bpi" else 0)
    field.clear()
    assert not field.isVisible()
    assert table.model().rowCount() == rows


@pytest.mark.usefixtures("qapp")
def test_a_filter_after_a_new_picture_is_the_filter_of_a_table_made_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = {row: f"mot{row % 7} {'abc'[row % 3]}" for row in range(40)}
    told: list[int] = []

    def text(row: int) -> str:
        told.append(row)
        return said[row]

    monkeypatch.setattr(table_module, "_TOGETHER", 5)
    model: TableModel[int] = TableModel((Column("Mot", text),), lambda row: row)
    model.set_rows(range(30))
    model.set_filter("a")
    for rows in ([*range(30)], [*range(12), 35, *range(13, 30)], [*range(33)], [7, 3], [], [*range(40)]):
        told.clear()
        model.set_rows(rows)
        fresh: TableModel[int] = TableModel((Column("Mot", said.__getitem__),), lambda row: row)
        fresh.set_rows(rows)
        fresh.set_filter("a")
        assert list(model.shown) == list(fresh.shown)
        if len(rows) == 30:
            assert told == [row for row in rows if row == 35], "said again where it changed alone"


def test_the_objectives_open_on_the_worst_their_value_beside_their_target(qtbot: QtBot, bench: Bench) -> None:
    """Title first, what is furthest from what is expected on top, figures of context behind their chip."""
    bench.window.go(Address("objectifs"))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    page = bench.window.navigator.current
    table = next(one for one in page.findChildren(Table) if one.accessibleName() == "Objectifs")
    shown = [table.model().row_at(row).assessment for row in range(table.model().rowCount())]
    assert shown
    assert not any(item.objective.is_context for item in shown)
    now = bench.session.picture.situation
    keys = [item.objective.key for item in shown]
    worst = [item.objective.key for item in worst_first(now, now.assessments.values())]
    assert keys == [key for key in worst if key in set(keys)]
    header = table.horizontalHeader()
    seen = [
        table.model().columns[header.logicalIndex(place)].title
        for place in range(header.count())
        if not header.isSectionHidden(header.logicalIndex(place))
    ]
    assert seen[:3] == ["Objectif", "Statut", "Valeur / cible"]
    # A figure is never shown without its unit, nor a value without its target.
    figures = [table.model().index(row, 2).data() for row in range(len(shown))]
    for words, item in zip(figures, shown, strict=True):
        if item.value is not None and item.objective.unit and not item.objective.aim.yes_or_no:
            assert not words[-1].isdigit(), words
        assert (" / " in words) is bool(bound_words(item)), words


def test_each_title_of_the_objectives_is_read_whole(qtbot: QtBot, open_window: Callable[..., Bench]) -> None:
    """The longest ended in « … » on their second line; the others stay as low as they were."""
    held = invented.dossier()
    long = "Volets santé portant l’objectif commun alimentation et activité physique, où agissent les réseaux"
    named = tuple(replace(item, label=long) if item.key == "o2" else item for item in held.objectives)
    _, table = shown(open_window(replace(held, objectives=named)), "objectifs")
    model = table.model()
    place = next(row for row in range(model.rowCount()) if model.row_at(row).assessment.objective.key == "o2")
    usual = table.verticalHeader().defaultSectionSize()
    room = QRect(0, 0, table.columnWidth(0) - PADDING, 999)
    needed = table.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), long).height()
    assert needed > usual
    qtbot.waitUntil(lambda: table.rowHeight(place) >= needed)
    assert {table.rowHeight(row) for row in range(model.rowCount()) if row != place} == {usual}
    # Elsewhere in the list it takes its height with it.
    table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: table.rowHeight(place) == usual)


def test_the_pointer_tints_the_whole_row(qtbot: QtBot, bench: Bench) -> None:
    """One cell alone looked like a mark."""
    _, table = shown(bench, "objectifs")
    top = table.rowViewportPosition(2)

    def tints() -> set[str]:
        picture = table.viewport().grab().toImage()
        return {picture.pixelColor(x, top + 2).name() for x in (5, table.viewport().width() // 2, 500)}

    qtbot.mouseMove(table.viewport(), QPoint(200, top + 6))
    qtbot.waitUntil(lambda: tints() == {bench.window.theme.look.hover})
    qtbot.mouseMove(table.viewport(), QPoint(200, table.rowViewportPosition(3) + 6))
    qtbot.waitUntil(lambda: tints() == {bench.window.theme.look.surface})
