"""What is selected is what is acted on, also where the selection was made without the current index (AT-SPI, UIA)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import Attachment, Decision, Document, Dossier, Meeting, MeetingKind
from qpvdesk.domain.wording import called
from qpvdesk.services import measurements
from qpvdesk.services.colleagues import Version
from qpvdesk.services.figures.imports import Plan
from qpvdesk.services.figures.line import Line, LineState
from qpvdesk.spreadsheets.columns import Columns, ValueColumn
from qpvdesk.storage import opening
from qpvdesk.ui.dialogs.attachments import AttachmentsDialog
from qpvdesk.ui.dialogs.backups import BackupsDialog
from qpvdesk.ui.dialogs.colleagues import ColleaguesDialog
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.dialogs.measurement import MeasurementDialog
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.registry import PAGES
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.entry_table import EntryTable
from qpvdesk.ui.widgets.import_preview import ImportPreview
from qpvdesk.ui.widgets.lines_editor import LinesEditor
from tests.gui.conftest import Bench
from tests.helpers import demo, invented

W = TypeVar("W", bound=QWidget)
FLAG = QItemSelectionModel.SelectionFlag


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """The contract that ships, with invented figures, one more document, two more committees and three decisions."""
    path: Path = tmp_path_factory.mktemp("selection") / "exemple.db"
    demo.make(path)
    with opening.open_base(path, read_only=True) as base:
        held = base.dossier(base.contracts()[0].key)
    key = held.contract.key
    return replace(
        held,
        documents=(*held.documents, Document("d9", key, "DOC-9", "Un autre document")),
        meetings=(
            *held.meetings,
            Meeting("g8", key, MeetingKind.COTECH, date(2025, 3, 12)),
            Meeting("g9", key, MeetingKind.COTECH, date(2025, 6, 12)),
        ),
        decisions=(
            Decision("x1", "g9", "Écrire à la Région", 1),
            Decision("x2", "g9", "Réunir les bailleurs", 2),
            Decision("x3", "g9", "Demander les chiffres", 3),
        ),
    )


@pytest.fixture
def full(open_window: Callable[..., Bench], contract: Dossier) -> Bench:
    return open_window(contract)


@pytest.fixture(scope="module")
def looked_at(open_shared_window: Callable[..., Bench], contract: Dossier) -> Bench:
    """The window of `full`, for the tests that select and change nothing."""
    return open_shared_window(contract)


def select_alone(view: QAbstractItemView, index: QModelIndex) -> None:
    """Select as Qt's accessible tables and lists do: by the selection model, the current index staying where it is."""
    assert index.isValid()
    view.selectionModel().select(index, FLAG.ClearAndSelect | FLAG.Rows)


def at(view: QAbstractItemView, row: int, under: QModelIndex | None = None) -> QModelIndex:
    return view.model().index(row, 0, under or QModelIndex())


def page_of(qtbot: QtBot, bench: Bench, word: str) -> QWidget:
    bench.window.go(Address(word))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    stack = bench.window.findChild(QStackedWidget)
    assert stack is not None
    return stack.currentWidget()


def child(parent: QWidget, kind: type[W], name: str = "") -> W:
    return next(
        one for one in parent.findChildren(kind) if one.isVisible() and one.accessibleName().startswith(name)
    )


def press(parent: QWidget, words: str) -> None:
    button = next(
        one for one in parent.findChildren(QPushButton) if one.text().startswith(words) and one.isVisible()
    )
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def says(parent: QWidget, words: str) -> bool:
    return any(words in one.text() for one in parent.findChildren(QLabel) if one.isVisible())


def dialog_of(kind: type[W]) -> W:
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible())


def make_table(qtbot: QtBot) -> Table:
    model: TableModel[str] = TableModel((Column("Nom", str), Column("Mot", str.upper)), lambda row: row)
    model.set_rows(("un", "deux", "trois"))
    table = Table(model, "Essai")
    model.setParent(table)
    qtbot.addWidget(table)
    table.select_first()
    return table


def test_a_table_says_the_row_selected_without_the_current_index_once(qtbot: QtBot) -> None:
    table = make_table(qtbot)
    heard: list[Any] = []
    table.row_selected.connect(heard.append)
    select_alone(table, at(table, 2))
    assert heard == ["trois"]
    assert table.current_row() == "trois"
    assert table.currentIndex().row() == 2
    table.selectionModel().clearSelection()
    assert table.current_row() == "trois"
    assert [index.row() for index in table.selectionModel().selectedRows()] == [2]


def test_a_cell_toggled_by_assistive_technology_is_its_row(qtbot: QtBot) -> None:
    table = make_table(qtbot)
    table.show()
    cell = next(
        one
        for place in range(QAccessible.queryAccessibleInterface(table).childCount())
        if (one := QAccessible.queryAccessibleInterface(table).child(place)).text(QAccessible.Text.Name)
        == "DEUX"
    )
    cells = QAccessible.queryAccessibleInterface(table).selectionInterface()
    assert cells.select(cell)
    assert table.current_row() == "deux"
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]


def test_a_list_moves_to_what_is_selected_and_selects_where_it_moves(qtbot: QtBot) -> None:
    names = ItemList("Essai")
    qtbot.addWidget(names)
    names.addItems(["un", "deux", "trois"])
    heard: list[QListWidgetItem] = []
    names.currentItemChanged.connect(lambda item, _: heard.append(item.text()))
    select_alone(names, at(names, 1))
    names.selectionModel().setCurrentIndex(at(names, 2), FLAG.NoUpdate)
    assert heard == ["deux", "trois"]
    assert [item.text() for item in names.selectedItems()] == ["trois"]


@pytest.mark.parametrize("word", [spec.word for spec in PAGES])
def test_in_every_list_of_every_page_the_selected_is_the_current(
    qtbot: QtBot, looked_at: Bench, word: str
) -> None:
    page = page_of(qtbot, looked_at, word)
    views = [one for one in page.findChildren(QAbstractItemView) if one.isVisible()]
    modes = QAbstractItemView.SelectionMode
    for view in views:
        rows = view.model().rowCount()
        if type(view).__name__ == "QHeaderView" or view.selectionMode() is modes.NoSelection or rows < 2:
            continue
        select_alone(view, at(view, rows - 1))
        assert view.currentIndex().row() == rows - 1, view.accessibleName()
    reading = looked_at.session._reader
    qtbot.waitUntil(lambda: reading is None or reading.pending == 0)
    assert looked_at.bugs == []


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("partenaires", "partner"),
        ("objectifs", "objective"),
        ("engagements", "engagement"),
        ("moyens", "funding"),
    ],
)
def test_the_selected_row_is_read_and_modified(qtbot: QtBot, looked_at: Bench, word: str, kind: str) -> None:
    page = page_of(qtbot, looked_at, word)
    table = child(page, Table, page.title)
    select_alone(table, at(table, 4))
    row = table._rows.row_at(4)
    code = (row.assessment.objective if kind == "objective" else getattr(row, kind)).code
    assert page.address().focus == code
    if word in ("objectifs", "engagements"):
        qtbot.waitUntil(lambda: says(page, code))
    looked_at.window.actions_by_word["modifier"].trigger()
    form = dialog_of(EntityDialog)
    assert code in [one.text() for one in form.findChildren(QLineEdit)]
    form.close()


def test_the_selected_territory_is_read_and_modified(qtbot: QtBot, looked_at: Bench) -> None:
    page = page_of(qtbot, looked_at, "territoires")
    tree = child(page, QAbstractItemView, "Territoires")
    index = at(tree, 0, at(tree, 0))
    assert tree.isExpanded(at(tree, 0)), index.data()
    code = next(one.code for one in looked_at.desk.held.territories if one.name == index.data())
    select_alone(tree, index)
    qtbot.waitUntil(lambda: says(page, f"{code} ·"))
    looked_at.window.actions_by_word["modifier"].trigger()
    form = dialog_of(EntityDialog)
    assert code in [one.text() for one in form.findChildren(QLineEdit)]
    form.close()


def test_a_figure_goes_to_the_objective_selected(qtbot: QtBot, full: Bench) -> None:
    page = page_of(qtbot, full, "objectifs")
    table = child(page, Table, "Objectifs")
    place = next(at for at, row in enumerate(table._rows.shown) if at >= 20 and not row.assessment.aggregated)
    select_alone(table, at(table, place))
    objective = table.current_row().assessment.objective
    assert table.model().index(place, 0).data() == objective.label
    qtbot.waitUntil(lambda: says(page, objective.code))
    before = {one.key for one in full.desk.held.measurements}
    press(page, "Saisir un relevé")
    entry = dialog_of(MeasurementDialog)
    assert entry.windowTitle() == f"Saisir un relevé\u202f: {objective.code}, {objective.label}"
    entry._value.setText("7")
    with qtbot.waitSignal(full.session.pictured):
        entry._submit()
    (added,) = [one for one in full.desk.held.measurements if one.key not in before]
    assert (added.objective, added.value) == (objective.key, Decimal(7))
    assert table.current_row().assessment.objective.key == objective.key


def test_the_measurement_selected_is_the_one_removed(qtbot: QtBot, bench: Bench) -> None:
    bench.window.go(Address("objectifs", "BPI-O01"))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    page = page_of(qtbot, bench, "objectifs")
    figures = child(page, Table, "Relevés de l’objectif")
    assert figures.model().rowCount() > 1
    select_alone(figures, at(figures, 1))
    chosen = figures._rows.row_at(1)
    bench.notifier.answers = ["supprimer"]
    with qtbot.waitSignal(bench.session.pictured):
        press(page, "Supprimer")
    assert chosen.key not in {one.key for one in bench.desk.held.measurements}


def test_the_point_selected_is_read_and_taken_into_account(qtbot: QtBot, full: Bench) -> None:
    page = page_of(qtbot, full, "points")
    table = child(page, Table)
    row = next(place for place, one in enumerate(table._rows.shown) if place > 3 and not one.head)
    select_alone(table, at(table, row))
    point = table._rows.row_at(row).views[0].point
    assert says(page, point.message)
    child(page, QWidget, "Motif").setPlainText("Vu")
    with qtbot.waitSignal(full.session.pictured):
        press(page, "Prendre en compte")
    assert [one.point for one in full.desk.held.acknowledgements] == [point.ident]


def test_the_meeting_and_the_decision_selected_are_those_acted_on(qtbot: QtBot, full: Bench) -> None:
    page = page_of(qtbot, full, "comites")
    table = child(page, Table, "Réunions")
    place = next(at for at, row in enumerate(table._rows.shown) if row.meeting.key == "g9")
    select_alone(table, at(table, place))
    assert says(page, "COTECH-2025-06-12")
    child(page, QTabWidget, "La réunion choisie").setCurrentIndex(1)
    decisions = child(page, Table, "Décisions")
    select_alone(decisions, at(decisions, 2))
    full.notifier.answers = ["retirer"]
    with qtbot.waitSignal(full.session.pictured):
        press(decisions.parentWidget().parentWidget(), "Retirer")
    assert {one.key for one in full.desk.held.decisions} == {"x1", "x2"}


def test_the_document_selected_is_the_one_read(qtbot: QtBot, looked_at: Bench) -> None:
    page = page_of(qtbot, looked_at, "documents")
    names = child(page, QListWidget, "Documents sources")
    row = next(place for place in range(names.count()) if "Un autre document" in names.item(place).text())
    select_alone(names, at(names, row))
    qtbot.waitUntil(lambda: looked_at.lane.pending == 0)
    assert page.address().focus == "DOC-9"


def late_chip(page: QWidget) -> QPushButton:
    return next(one for one in page.findChildren(QPushButton) if one.text() == "À relever")


def test_the_grid_follows_a_lone_selected_cell(qtbot: QtBot, bench: Bench) -> None:
    page = page_of(qtbot, bench, "releves")
    late_chip(page).setChecked(False)
    grid = child(page, EntryTable)
    heard: list[Any] = []
    grid.row_changed.connect(heard.append)
    select_alone(grid, at(grid, 2))
    assert grid.current_row() is grid._rows.shown[2]
    assert heard[-1] is grid._rows.shown[2]


def test_a_figure_typed_in_the_grid_goes_to_the_row_selected_by_assistive_technology(
    qtbot: QtBot, bench: Bench
) -> None:
    page = page_of(qtbot, bench, "releves")
    late = QAccessible.queryAccessibleInterface(late_chip(page))
    late.actionInterface().doAction("Toggle")
    grid = child(page, EntryTable)
    spoken = QAccessible.queryAccessibleInterface(grid)
    row = grid._rows.shown[3]
    cell = next(
        one
        for place in range(spoken.childCount())
        if (one := spoken.child(place)).text(QAccessible.Text.Name).startswith(called(row.objective))
    )
    assert spoken.selectionInterface().select(cell)
    grid.setFocus()
    for key in "12":
        QTest.keyClicks(QApplication.focusWidget(), key)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert [one.objective.code for one in grid._rows.rows if one.typed.value] == [row.objective.code]
    with qtbot.waitSignal(bench.session.changed):
        page.save()
    (new,) = [one for one in bench.desk.held.measurements if one.entered_on]
    assert (new.objective, new.value) == (row.objective.key, 12)


def test_the_line_selected_is_the_one_removed(qtbot: QtBot, bench: Bench) -> None:
    page = page_of(qtbot, bench, "comites")
    lines = child(page, QListWidget, "Ordre du jour")
    editor = lines.parentWidget()
    assert isinstance(editor, LinesEditor)
    editor._say(("Un", "Deux", "Trois"), 0)
    select_alone(lines, at(lines, 1))
    editor._remove()
    assert editor.lines == ("Un", "Trois")


def test_the_backup_selected_is_the_one_restored(qtbot: QtBot, bench: Bench) -> None:
    bench.window.actions_by_word["sauvegardes"].trigger()
    dialog = dialog_of(BackupsDialog)
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    for count in (1, 2):
        press(dialog, "Sauvegarder maintenant")
        qtbot.waitUntil(lambda count=count: dialog._model.total == count)
        qtbot.waitUntil(lambda: bench.lane.pending == 0)
        with qtbot.waitSignal(bench.session.pictured):
            bench.session.change(
                "Essai",
                lambda desk, day=count: measurements.record(
                    desk,
                    bench.session.contract,
                    measurements.Entry(objective="o1", day=date(2026, 6, day), value=Decimal(40)),
                ),
            )
    figures = [row.contents.figures for row in dialog._model.shown]
    assert len(set(figures)) == 2
    select_alone(dialog._table, at(dialog._table, 1))
    bench.notifier.answers = ["restaurer", "ok"]
    press(dialog, "Restaurer…")
    qtbot.waitUntil(lambda: len(bench.desk.held.measurements) == figures[1])
    dialog.close()


def test_the_disagreement_selected_is_the_one_settled(qtbot: QtBot, bench: Bench) -> None:
    bench.window.actions_by_word["collegues"].trigger()
    dialog = dialog_of(ColleaguesDialog)
    with qtbot.waitSignal(dialog.shown):
        pass
    settled: list[Any] = []
    dialog._settle = settled.append  # type: ignore[method-assign]
    rows = [Disagreeing(code) for code in ("A", "B", "C")]
    dialog._show((rows, (), "12345", None, (), (), False))  # type: ignore[arg-type]
    select_alone(dialog._table, at(dialog._table, 2))
    press(dialog, "Trancher")
    assert [row.code for row in settled] == ["C"]
    dialog.close()


class Disagreeing:
    """As much of a `Disagreement` as its line shows."""

    kind, title, field = "objective", "Cible", "target"

    def __init__(self, code: str) -> None:
        self.code = self.key = code
        self.versions = tuple(
            Version(name, datetime(2026, 6, 1, 12), None, name) for name in ("Dominique", "Camille")
        )


def test_the_unknown_name_selected_in_a_file_is_the_one_named(qtbot: QtBot, theme: Theme) -> None:
    preview = ImportPreview(theme)
    qtbot.addWidget(preview)
    lines = tuple(
        Line("Feuille", f"A{n}", f"Nom {n}", LineState.UNKNOWN, full_name=f"Nom {n}") for n in range(3)
    )
    columns = Columns("Feuille", 0, 0, (ValueColumn(1),))
    plan = Plan("f.csv", invented.dossier(), (columns,), lines, ())
    preview.show_plan(plan, [("Bus", "BPI-O01")], date(2026, 6, 1))

    preview.show()
    table = child(preview, Table, "Aperçu")
    named: list[tuple[str, str]] = []
    preview.named.connect(lambda name, code: named.append((name, code)))
    select_alone(table, at(table, 2))
    press(preview, "Ignorer ce nom")
    assert named == [("Nom 2", "")]


def test_the_attachment_selected_is_the_one_taken_away(open_window: Callable[..., Bench]) -> None:
    made = invented.dossier()
    files = tuple(
        Attachment(f"a{n}", "k", f"{n}.pdf", "f" * 64, 10, invented.TODAY, engagement="e1") for n in range(3)
    )
    bench = open_window(made)
    dialog = AttachmentsDialog(bench.session, "e1", "Essai", bench.window)
    picture = bench.session.picture
    assert picture is not None
    dialog._attachments = files
    for one in files:
        dialog._list.addItem(one.name)
    asked: list[Attachment] = []
    dialog.copy_asked.connect(asked.append)
    dialog.show()
    select_alone(dialog._list, at(dialog._list, 1))
    press(dialog, "&Enregistrer")
    assert [one.name for one in asked] == ["1.pdf"]
    dialog.close()


def test_the_row_added_to_others_by_assistive_technology_is_the_one_acted_on(
    qtbot: QtBot, full: Bench
) -> None:
    """A table of several rows: a reader adds a row to the one that is selected, and means that row."""
    full.window.go(Address("objectifs"))
    qtbot.waitUntil(lambda: full.lane.pending == 0)
    table = next(one for one in full.window.findChildren(Table) if one.accessibleName() == "Objectifs")
    table.select_first()
    added = table.model().index(2, 0)
    table.selectionModel().select(added, FLAG.Select | FLAG.Rows)
    assert table.currentIndex().row() == 2
    assert full.window.navigator.current.objective == table.model().row_at(2).assessment.objective.key


def test_a_hand_that_comes_by_the_keyboard_stands_on_a_row(bench: Bench) -> None:
    """Of a table where no row is chosen, its name and its size alone were heard."""
    bench.window.go(Address("moyens"))
    page = bench.window.navigator.pages["moyens"]
    table = next(one for one in page.findChildren(Table) if one.isVisible())
    table.clearFocus()
    table.clearSelection()
    table.setFocus(Qt.FocusReason.TabFocusReason)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [0]


def test_a_list_comes_before_what_is_said_of_its_line(qtbot: QtBot, full: Bench) -> None:
    """WCAG 1.3.2: the order of the tree is that of the page."""
    full.window.go(Address("objectifs"))
    qtbot.waitUntil(lambda: full.lane.pending == 0)
    splitter = full.window.navigator.current.findChild(QSplitter)
    panes = [splitter.widget(place) for place in range(splitter.count())]
    assert [child for child in splitter.children() if child in panes] == panes
