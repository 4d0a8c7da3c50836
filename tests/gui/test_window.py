"""The window as a hand uses it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPushButton,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.expected import to_ask
from qpvdesk.domain.french import plural
from qpvdesk.domain.headline import headline
from qpvdesk.domain.model import Dossier, Sens
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import GROUPS, Group, Statut
from qpvdesk.services import measurements
from qpvdesk.services.desk import Desk
from qpvdesk.ui.announcer import Toast
from qpvdesk.ui.banner import Banner
from qpvdesk.ui.commands import make_actions
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.dialogs.measurement import MeasurementDialog
from qpvdesk.ui.jobs import Lane
from qpvdesk.ui.kit.painted import PaintedButton
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.main_window import MainWindow
from qpvdesk.ui.pages.dashboard import DashboardPage
from qpvdesk.ui.pages.entry import EntryPage
from qpvdesk.ui.pages.objectives import ObjectivesPage
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.points import PointsPage
from qpvdesk.ui.session import Session
from qpvdesk.ui.sidebar import NavButton
from qpvdesk.ui.theme import Mode, Theme
from qpvdesk.ui.widgets.attention_line import AttentionLine
from qpvdesk.ui.widgets.day_edit import DayEdit
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.first_steps import FirstSteps
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.partner_bar import PartnerBar
from qpvdesk.ui.widgets.status_group import StatusGroup, StatusTile
from qpvdesk.ui.widgets.theme_matrix import ThemeMatrix
from qpvdesk.ui.widgets.trajectory_view import TrajectoryView
from tests.gui.conftest import Bench, RecordingNotifier
from tests.helpers import invented

T = TypeVar("T", bound=QWidget)


def tile(bench: Bench, status: Statut) -> StatusTile:
    return next(one for one in bench.window.findChildren(StatusTile) if one.status is status)


def tile_name(bench: Bench, status: Statut) -> str:
    return tile(bench, status).accessibleName()


def child(parent: QWidget, kind: type[T]) -> T:
    """Return the only widget of a kind."""
    found = parent.findChild(kind)
    assert isinstance(found, kind)
    return found


def words(parent: QWidget) -> list[str]:
    """What can be read."""
    return [one.text() for one in parent.findChildren(QLabel) if one.isVisible()]


def objectives_table(bench: Bench) -> Table:
    page = child(bench.window, ObjectivesPage)
    return next(one for one in page.findChildren(Table) if one.accessibleName() == "Objectifs")


def codes(table: Table) -> list[str]:
    return [row.assessment.objective.code for row in table.model().shown]


def press(qtbot: QtBot, bench: Bench, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    bench.window.activateWindow()
    qtbot.waitUntil(bench.window.isActiveWindow)
    qtbot.keyClick(bench.window, key, modifier)


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def open_objective(qtbot: QtBot, bench: Bench, code: str) -> None:
    """Find an objective by the search field, with the keyboard."""
    press(qtbot, bench, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    search = next(one for one in bench.window.findChildren(QLineEdit) if "Rechercher" in one.accessibleName())
    qtbot.keyClicks(search, code)
    qtbot.keyClick(search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: getattr(bench.window.navigator.here(), "focus", "") == code)


def dialog(qtbot: QtBot, bench: Bench) -> MeasurementDialog:
    qtbot.waitUntil(lambda: bench.window.findChild(MeasurementDialog) is not None)
    return child(bench.window, MeasurementDialog)


def field(parent: QWidget, name: str) -> QLineEdit:
    return next(one for one in parent.findChildren(QLineEdit) if one.accessibleName() == name)


def type_in(qtbot: QtBot, line: QLineEdit, words: str) -> None:
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, words)


def spoken(bench: Bench, name: str) -> PaintedButton:
    """The painted button of that spoken name."""
    return next(one for one in bench.window.findChildren(PaintedButton) if one.accessibleName() == name)


def button(parent: QWidget, words: str) -> QPushButton:
    return next(one for one in parent.findChildren(QPushButton) if one.text().replace("&", "") == words)


def settle(qtbot: QtBot, bench: Bench) -> None:
    qtbot.waitUntil(lambda: bench.lane.pending == 0)


def test_the_dashboard_counts_every_status(bench: Bench) -> None:
    counts = situation(bench.desk.held, invented.TODAY).counts
    for group, statuses in GROUPS.items():
        if group is Group.SUIVI:
            # A figure of context is no promise: it has no tile.
            assert not any(one.status in statuses for one in bench.window.findChildren(StatusTile))
            continue
        for status in statuses:
            assert f": {counts[status]} objectif" in tile_name(bench, status)
        verb = ("va bien", "vont bien") if group is Group.VA_BIEN else (group.value, group.value)
        count = sum(counts[status] for status in statuses)
        assert spoken(bench, plural(count, f"objectif {verb[0]}", f"objectifs {verb[1]}"))


def test_the_sentence_on_top_leads_to_what_it_counts(qtbot: QtBot, bench: Bench) -> None:
    now = situation(bench.desk.held, invented.TODAY)
    handle, late, ask, _ = headline(now)
    click(qtbot, spoken(bench, handle.words))
    assert len(codes(objectives_table(bench))) == handle.count == len(now.to_treat)
    press(qtbot, bench, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    click(qtbot, spoken(bench, ask.words))
    assert ask.count == len(to_ask(now)) > 0
    assert ("pret", "a_relever") in child(bench.window, EntryPage).address().filters
    assert late.words in {"aucune décision échue", f"{late.count} décisions échues", "1 décision échue"}


def test_letters_typed_on_the_rows_filter_them_and_the_first_left_is_selected(
    qtbot: QtBot, bench: Bench
) -> None:
    bench.window.go(Address("objectifs"))
    table = objectives_table(bench)
    table.setFocus()
    before = codes(table)
    qtbot.keyClick(table, Qt.Key.Key_B)
    qtbot.keyClicks(bench.window.focusWidget(), "us")
    qtbot.waitUntil(lambda: 0 < len(codes(table)) < len(before))
    left = table.current_row()
    assert left.assessment.objective.code == codes(table)[0]
    assert "bus" in left.assessment.objective.label.lower()


def test_a_tile_opens_the_objectives_of_its_status_and_alt_left_comes_back(
    qtbot: QtBot, bench: Bench
) -> None:
    click(qtbot, tile(bench, Statut.EN_RETARD))
    table = objectives_table(bench)
    assert sorted(codes(table)) == ["ARS-O04", "BPI-O03", "BPI-O04"]
    press(qtbot, bench, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert child(bench.window, DashboardPage).isVisible()
    press(qtbot, bench, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert table.isVisible()
    assert len(codes(table)) == 3


def test_a_worrying_objective_is_one_click_away(qtbot: QtBot, bench: Bench) -> None:
    line = bench.window.findChildren(AttentionLine)[0]
    assert line.shown.code == "FT-O03"
    click(qtbot, line)
    assert objectives_table(bench).current_row().assessment.objective.code == "FT-O03"


def test_a_partner_bar_opens_the_partner(qtbot: QtBot, bench: Bench) -> None:
    bar = next(one for one in bench.window.findChildren(PartnerBar) if one.shown.partner.code == "ARS")
    click(qtbot, bar)
    qtbot.waitUntil(lambda: "Agence régionale de santé" in words(bench.window))


def test_a_cell_of_the_matrix_opens_with_the_keyboard(qtbot: QtBot, bench: Bench) -> None:
    matrix = child(bench.window, ThemeMatrix)
    matrix.setFocus()
    model = matrix.model()
    place = next(
        model.index(row, column)
        for row in range(model.rowCount())
        for column in range(model.columnCount())
        if model.index(row, column).data() == "3\u00a0/\u00a04"
    )
    matrix.setCurrentIndex(place)
    qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert all(code.startswith("BPI") for code in codes(objectives_table(bench)))
    assert len(codes(objectives_table(bench))) == 4


def test_the_matrix_is_turned_and_its_cells_open_the_same(qtbot: QtBot, bench: Bench) -> None:
    rows = next(
        one for one in bench.window.findChildren(QComboBox) if one.accessibleName() == "Lignes du croisement"
    )
    matrix = child(bench.window, ThemeMatrix)
    before = (matrix.model().rowCount(), matrix.model().columnCount())
    at = rows.findText("partenaire")
    rows.setCurrentIndex(at)
    rows.activated.emit(at)
    assert (matrix.model().columnCount(), matrix.model().rowCount()) == before
    model = matrix.model()
    cells = [model.index(0, column) for column in range(model.columnCount())]
    place = next(index for index in cells if index.data())
    partner, _theme = matrix.model().cell(place)
    matrix.setCurrentIndex(place)
    matrix.setFocus()
    qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert {code.partition("-")[0] for code in codes(objectives_table(bench))} == {partner.code}


def test_the_picture_can_be_set_back(qtbot: QtBot, bench: Bench) -> None:
    day = next(one for one in bench.window.findChildren(DayEdit) if "Situation" in one.accessibleName())
    before = tile_name(bench, Statut.NON_RENSEIGNE)
    with qtbot.waitSignal(bench.session.pictured):
        day.choose(date(2024, 7, 1))
    assert tile_name(bench, Statut.NON_RENSEIGNE) != before
    assert any("situation au 01/07/2024" in said for said in words(bench.window))
    with qtbot.waitSignal(bench.session.pictured):
        click(qtbot, button(bench.window, "Aujourd’hui"))
    assert tile_name(bench, Statut.NON_RENSEIGNE) == before


def test_a_measurement_is_entered_with_the_keyboard_and_the_page_moves(qtbot: QtBot, bench: Bench) -> None:
    open_objective(qtbot, bench, "BPI-O01")
    press(qtbot, bench, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(bench.window.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    entry = dialog(qtbot, bench)
    qtbot.keyClicks(field(entry, "Valeur"), "40 bus")
    qtbot.waitUntil(lambda: any("100" in one.text() for one in entry.findChildren(QLabel)))
    assert bench.desk.held.measurements[0].value == 23
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(field(entry, "Valeur"), Qt.Key.Key_Return)
    assert entry.result() == MeasurementDialog.DialogCode.Accepted
    row = objectives_table(bench).current_row()
    assert row.assessment.status is Statut.ATTEINT
    assert row.assessment.value == 40
    toast = child(bench.window, Toast)
    assert toast.isVisible()
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, button(toast, "Annuler"))
    assert objectives_table(bench).current_row().assessment.status is Statut.A_SURVEILLER
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert objectives_table(bench).current_row().assessment.status is Statut.ATTEINT


@pytest.mark.parametrize(
    ("value", "day", "named"),
    [("douze", "30/06/2026", "Valeur"), ("31", "31/02/2026", "Date"), ("31", "01/07/2026", "Date")],
)
def test_what_cannot_be_is_said_at_the_field(
    qtbot: QtBot, bench: Bench, value: str, day: str, named: str
) -> None:
    open_objective(qtbot, bench, "BPI-O01")
    press(qtbot, bench, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(bench.window.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    entry = dialog(qtbot, bench)
    type_in(qtbot, field(entry, "Valeur"), value)
    type_in(qtbot, field(entry, "Date"), day)
    qtbot.keyClick(field(entry, "Valeur"), Qt.Key.Key_Return)
    assert entry.isVisible()
    assert field(entry, named).property("invalid")
    assert field(entry, named).accessibleDescription().endswith(".")
    assert "act" not in bench.desk.calls
    bench.notifier.answers.append("abandonner")
    qtbot.keyClick(entry, Qt.Key.Key_Escape)


def test_escape_keeps_what_was_typed_until_the_officer_says_otherwise(qtbot: QtBot, bench: Bench) -> None:
    open_objective(qtbot, bench, "BPI-O01")
    press(qtbot, bench, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(bench.window.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    entry = dialog(qtbot, bench)
    qtbot.keyClicks(field(entry, "Valeur"), "31")
    bench.notifier.answers.append("rester")
    qtbot.keyClick(entry, Qt.Key.Key_Escape)
    assert entry.isVisible()
    assert field(entry, "Valeur").text() == "31"
    bench.notifier.answers.append("enregistrer")
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(entry, Qt.Key.Key_Escape)
    assert any(one.value == 31 for one in bench.desk.held.measurements)


def test_an_effect_that_comes_after_the_form_is_closed_is_dropped(qtbot: QtBot, bench: Bench) -> None:
    open_objective(qtbot, bench, "BPI-O01")
    press(qtbot, bench, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(bench.window.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    entry = dialog(qtbot, bench)
    answers: list[Callable[[], None]] = []
    late = bench.session.preview

    def hold(reckon: Any, done: Any, refused: Any) -> None:
        late(reckon, lambda result: answers.append(lambda: done(result)), refused)

    bench.session.preview = hold  # type: ignore[method-assign]
    qtbot.keyClicks(field(entry, "Valeur"), "31")
    qtbot.waitUntil(lambda: bool(answers))
    bench.notifier.answers.append("abandonner")
    qtbot.keyClick(entry, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bench.window.findChild(MeasurementDialog) is None)
    for answer in answers:
        answer()
    assert bench.bugs == []


def test_a_refused_save_keeps_the_form_open_and_what_was_typed(qtbot: QtBot, bench: Bench) -> None:
    open_objective(qtbot, bench, "BPI-O01")
    press(qtbot, bench, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(bench.window.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    entry = dialog(qtbot, bench)
    qtbot.keyClicks(field(entry, "Valeur"), "31")
    bench.desk.failing["act"] = UserError("Le disque est plein.", "Libérez de la place.")
    qtbot.keyClick(field(entry, "Valeur"), Qt.Key.Key_Return)
    settle(qtbot, bench)
    assert entry.isVisible()
    assert field(entry, "Valeur").text() == "31"
    assert any("Le disque est plein." in one.text() for one in entry.findChildren(QLabel))
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(field(entry, "Valeur"), Qt.Key.Key_Return)


def test_a_point_of_the_chart_is_corrected_by_a_click(qtbot: QtBot, bench: Bench) -> None:
    open_objective(qtbot, bench, "BPI-O01")
    chart = child(bench.window, TrajectoryView)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    entry = dialog(qtbot, bench)
    assert entry.windowTitle().startswith("Corriger un relevé\u202f: ")
    assert field(entry, "Valeur").text() == "27"
    type_in(qtbot, field(entry, "Valeur"), "29")
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(field(entry, "Valeur"), Qt.Key.Key_Return)
    assert [one.value for one in bench.desk.held.measurements if one.objective == "o1"] == [23, 29]


def test_a_removed_measurement_comes_back_with_ctrl_z(qtbot: QtBot, bench: Bench) -> None:
    open_objective(qtbot, bench, "BPI-O01")
    table = next(
        one for one in bench.window.findChildren(Table) if one.accessibleName() == "Relevés de l’objectif"
    )
    table.setFocus()
    table.select_first()
    # F2 corrects it, as it does the row of any table.
    qtbot.keyClick(table, Qt.Key.Key_F2)
    dialog = bench.window.findChild(MeasurementDialog)
    assert dialog is not None
    assert dialog.windowTitle().startswith("Corriger un relevé")
    dialog.reject()
    with qtbot.waitSignal(bench.session.changed):
        qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert table.model().rowCount() == 1
    with qtbot.waitSignal(bench.session.changed):
        press(qtbot, bench, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert table.model().rowCount() == 2


def test_what_is_reckoned_from_its_parts_may_have_a_figure_of_its_own(qtbot: QtBot, bench: Bench) -> None:
    open_objective(qtbot, bench, "ARS-O01")
    press(qtbot, bench, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(bench.window.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    dialog = bench.window.findChild(MeasurementDialog)
    assert dialog is not None
    dialog.reject()


def test_a_point_is_acknowledged_with_its_reason_only(qtbot: QtBot, bench: Bench) -> None:
    modifiers = Qt.KeyboardModifier
    press(qtbot, bench, Qt.Key.Key_A, modifiers.ControlModifier | modifiers.ShiftModifier)
    page = child(bench.window, PointsPage)
    table = child(page, Table)
    before = table.model().rowCount()
    assert before
    do = button(page, "Prendre en compte")
    assert not do.isEnabled()
    reason = next(one for one in page.findChildren(QWidget) if one.accessibleName().startswith("Motif"))
    qtbot.keyClicks(reason, "Vu avec le partenaire en juin")
    assert do.isEnabled()
    with qtbot.waitSignal(bench.session.changed):
        click(qtbot, do)
    assert table.model().rowCount() == before - 1
    assert bench.desk.held.acknowledgements[0].reason == "Vu avec le partenaire en juin"


def test_ready_filters(qtbot: QtBot, bench: Bench) -> None:
    press(qtbot, bench, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    page = child(bench.window, ObjectivesPage)
    click(qtbot, button(page, "Sans source"))
    assert codes(objectives_table(bench)) == ["FT-O04"]
    click(qtbot, button(page, "Sans relevé depuis un an"))
    assert sorted(codes(objectives_table(bench))) == ["BPI-O03", "FT-O01"]
    click(qtbot, button(page, "Tout afficher"))
    # The two places of ARS-O01 are inside it.
    assert len(codes(objectives_table(bench))) == 10


def test_a_thing_to_be_done_lacks_no_target(qtbot: QtBot, open_window: Callable[..., Bench]) -> None:
    dossier = invented.dossier()
    changes = {"BPI-O01": {"sens": Sens.JALON, "target_value": None}, "BPI-O03": {"target_value": None}}
    bench = open_window(
        replace(
            dossier,
            objectives=tuple(replace(item, **changes.get(item.code, {})) for item in dossier.objectives),
        )
    )
    bench.window.go(Address("objectifs"))
    chip = button(child(bench.window, ObjectivesPage), "Cible manquante")
    click(qtbot, chip)
    assert codes(objectives_table(bench)) == ["BPI-O03"]
    assert "n’en demande pas" in chip.toolTip(), "a figure that is followed is « sans cible » and lacks none"


def test_words_filter_without_accents(qtbot: QtBot, bench: Bench) -> None:
    press(qtbot, bench, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    page = child(bench.window, ObjectivesPage)
    qtbot.keyClicks(field(page, "Filtrer les objectifs par mots"), "MEDIATEURS nord")
    qtbot.waitUntil(lambda: codes(objectives_table(bench)) == ["ARS-O02"])


def test_a_header_sorts_on_values_and_leaves_the_unknown_last(qtbot: QtBot, bench: Bench) -> None:
    press(qtbot, bench, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    table = objectives_table(bench)
    header = table.horizontalHeader()
    place = [column.title for column in table.model().columns].index("Avancement")
    x = header.sectionViewportPosition(place) + 20
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
    assessments = [table.model().row_at(row).assessment for row in range(table.model().rowCount())]
    rates = [None if item.kept is not None else item.rate for item in assessments]
    known = [rate for rate in rates if rate is not None]
    assert known == sorted(known)
    assert rates[: len(known)] == known


def test_a_bug_reaches_the_hook_and_the_window_goes_on(qtbot: QtBot, bench: Bench) -> None:
    bench.desk.failing["undo"] = ZeroDivisionError("bogue")
    bench.session.undo()
    qtbot.waitUntil(lambda: bool(bench.bugs))
    open_objective(qtbot, bench, "BPI-O02")
    assert objectives_table(bench).current_row().assessment.objective.code == "BPI-O02"


def test_a_refusal_is_told(qtbot: QtBot, bench: Bench) -> None:
    bench.desk.failing["undo"] = UserError("Rien à annuler.", "")
    bench.session.undo()
    qtbot.waitUntil(lambda: bool(bench.notifier.notices))
    assert bench.notifier.notices[0].message == "Rien à annuler."


def test_nothing_is_lit_to_be_undone_before_anything_is_open(bench: Bench) -> None:
    """Behind the question of a base that is open elsewhere both arrows were lit."""
    actions, _ = make_actions(bench.window, QMenuBar(bench.window))
    lit = [word for word in ("annuler", "retablir", "precedent", "suivant") if actions[word].isEnabled()]
    assert lit == []


def test_read_only_is_said_and_nothing_can_be_entered(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    bench = open_window(read_only=True)
    assert any("Lecture seule" in said for said in words(bench.window))
    banner = bench.window.findChild(Banner)
    for why, remedy in (("l’accès est refusé", "Copiez-la"), ("le disque est plein", "Libérez de la place")):
        kept_out = replace(bench.session.picture, why_read_only=why)
        banner.show_picture(kept_out, invented.TODAY, explains_portable=False)
        assert any(f"parce que {why}. {remedy}" in sentence for sentence in words(banner))
    held = replace(bench.session.picture, held_by="le poste X")
    banner.show_picture(held, invented.TODAY, explains_portable=False)
    assert any("déjà ouverte par le poste X. Fermez\u2011la là\u2011bas" in said for said in words(banner))
    open_objective(qtbot, bench, "BPI-O01")
    assert not button(child(bench.window, ObjectivesPage), "Saisir un relevé").isEnabled()
    press(qtbot, bench, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert bench.window.findChild(MeasurementDialog) is None


def test_an_empty_contract_teaches(open_window: Callable[..., Bench], qtbot: QtBot) -> None:
    full = invented.dossier()
    bench = open_window(Dossier(contract=full.contract))
    for number in range(1, 9):
        press(qtbot, bench, Qt.Key(int(Qt.Key.Key_0) + number), Qt.KeyboardModifier.ControlModifier)
        settle(qtbot, bench)
        page = child(bench.window, QStackedWidget).currentWidget()
        # The journal is never empty: it holds how the contract came in.
        qtbot.waitUntil(
            lambda page=page: (
                any(len(said) > 20 for said in words(page)) or child(page, Table).model().rowCount() > 0
            )
        )
        assert not any("ces filtres" in said for said in words(page) if page.isVisible())
    assert bench.bugs == []


def test_an_empty_contract_shows_its_five_first_steps(open_window: Callable[..., Bench]) -> None:
    full = invented.dossier()
    bench = open_window(Dossier(contract=full.contract))
    page = child(bench.window, DashboardPage)
    steps = child(page, FirstSteps)
    shown = [one for one in words(steps) if one[:1].isdigit() or one == "✓"]
    assert shown == ["1", "2", "3", "4", "5"]
    assert not button(steps, "Nouvel engagement…").isEnabled(), "a promise has somebody who made it"
    assert not any(one.isVisible() for one in page.findChildren(StatusTile))
    asked: list[str] = []
    page.making.connect(lambda kind, _: asked.append(kind))
    button(steps, "Nouveau partenaire…").click()
    assert asked == ["partner"]
    bench.window.findChild(EntityDialog).reject()
    bench.window.close()
    # Once somebody and a figure are there, the dashboard says how they stand.
    begun = open_window(Dossier(contract=full.contract, partners=full.partners[:1]))
    steps = child(child(begun.window, DashboardPage), FirstSteps)
    assert "✓" in words(steps)
    assert button(steps, "Nouvel engagement…").isEnabled()
    assert (
        button(steps, "Nouvel engagement…").property("role") is None
        or not button(steps, "Saisir un relevé…").isEnabled()
    )


@pytest.mark.parametrize(
    ("word", "said", "kind"),
    [
        ("objectifs", "Aucun objectif encore", "objective"),
        ("engagements", "Aucun engagement encore", "engagement"),
        ("releves", "Rien à relever encore", "objective"),
        ("partenaires", "Aucun partenaire", "partner"),
    ],
)
def test_an_empty_page_offers_what_it_is_for(
    open_window: Callable[..., Bench], word: str, said: str, kind: str
) -> None:
    bench = open_window(Dossier(contract=invented.dossier().contract))
    bench.window.go(Address(word))
    page = bench.window.navigator.current
    assert page is not None
    page.making.disconnect()
    asked: list[str] = []
    page.making.connect(lambda kind, _: asked.append(kind))
    empty = next(one for one in page.findChildren(EmptyState) if one.isVisible() and said in words(one))
    child(empty, QPushButton).click()
    assert asked == [kind]


def test_filters_are_spoken_of_where_they_are_set(bench: Bench) -> None:
    bench.window.go(Address("objectifs", filters=(("texte", "introuvable"),)))
    page = child(bench.window, ObjectivesPage)
    assert "Aucun objectif ne répond à ces filtres" in words(page)
    button(page, "Tout afficher").click()
    assert child(page, Table).model().rowCount() > 0


def test_the_lists_that_open_show_all_their_rows(bench: Bench) -> None:
    for word in ("engagements", "points", "releves"):
        bench.window.go(Address(word))
        page = bench.window.navigator.current
        assert page is not None
        for combo in page.findChildren(QComboBox):
            assert combo.maxVisibleItems() >= min(combo.count(), 40) > 0
            if combo.isVisible():
                # Twice: the arrow that Qt once drew at the foot of a list took the room of its last row.
                for _ in range(2):
                    combo.showPopup()
                    QApplication.processEvents()
                    assert combo.view().verticalScrollBar().maximum() == 0, combo.accessibleName()
                    combo.hidePopup()


def test_the_layout_is_remembered(qtbot: QtBot, bench: Bench) -> None:
    press(qtbot, bench, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    bench.window.close()
    kept = QSettings(str(bench.settings), QSettings.Format.IniFormat)
    assert kept.value("contrat") == "essai"
    assert float(str(kept.value("zoom"))) == 1.1
    assert bench.desk.closed


def test_the_look_is_kept_when_it_is_chosen(qtbot: QtBot, bench: Bench) -> None:
    """It waited for the window to be closed: one that was killed came up in the look of before."""
    bench.window.actions_by_word[Mode.DARK.value].trigger()
    press(qtbot, bench, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    bench.window.project()
    bench.window._settings.sync()
    kept = QSettings(str(bench.settings), QSettings.Format.IniFormat)
    assert kept.value("apparence") == Mode.DARK.value
    assert float(str(kept.value("zoom"))) == 1.1


def test_the_counter_of_late_objectives_stands_in_the_navigation(bench: Bench) -> None:
    names = [one.accessibleName() for one in bench.window.findChildren(NavButton)]
    assert bench.session.picture is not None
    counts = bench.session.picture.situation.counts
    to_treat = sum(counts[status] for status in GROUPS[Group.A_TRAITER])
    assert to_treat
    assert f"Objectifs, {to_treat} à traiter" in names


def test_what_moved_is_counted_from_the_chosen_day(qtbot: QtBot, bench: Bench) -> None:
    page = child(bench.window, DashboardPage)
    since = next(one for one in page.findChildren(DayEdit))
    assert since.day == date(2025, 10, 14)
    with qtbot.waitSignal(bench.session.pictured):
        since.choose(date(2026, 6, 1))
    qtbot.waitUntil(lambda: any(said.startswith("Aucune valeur n’a changé") for said in words(page)))


def test_all_that_changed_opens_its_list_and_old_figures_are_counted(bench: Bench) -> None:
    page = child(bench.window, DashboardPage)
    picture = bench.session.picture
    assert picture is not None
    moved = {move.objective.code for move in picture.review.moves}
    bench.window.go(Address("objectifs", filters=(("change", "oui"),)))
    assert set(codes(objectives_table(bench))) == moved
    assert ("change", "oui") in child(bench.window, ObjectivesPage).address().filters
    assert "chiffre de " in page.findChildren(AttentionLine)[0].shown.wordings[0]


def test_figures_older_than_their_frequency_are_counted_beside_what_they_hold_up(
    open_window: Callable[..., Bench],
) -> None:
    full = invented.dossier()
    aged = tuple(replace(item, day=item.day - timedelta(days=1461)) for item in full.measurements)
    bench = open_window(replace(full, measurements=aged))
    picture = bench.session.picture
    assert picture is not None
    groups = child(bench.window, DashboardPage).findChildren(StatusGroup)
    found = [
        sum(item.outdated and item.status in group.statuses for item in picture.situation.counted)
        for group in groups
    ]
    assert sum(found) > 0
    for group, old in zip(groups, found, strict=True):
        told = group.findChildren(PaintedButton)[0].accessibleDescription()
        assert ("plus vieux que sa fréquence" in told) == bool(old)
        assert not old or f"{old} repose" in told


def test_only_pages_that_were_seen_are_made(qtbot: QtBot, bench: Bench) -> None:
    assert bench.window.findChild(ObjectivesPage) is None
    press(qtbot, bench, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert bench.window.findChild(ObjectivesPage) is not None


def test_a_hidden_page_shows_the_change_when_next_seen(qtbot: QtBot, bench: Bench) -> None:
    before = tile_name(bench, Statut.ATTEINT)
    press(qtbot, bench, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(bench.session.changed):
        bench.session.change(
            "Essai",
            lambda desk: measurements.record(
                desk,
                bench.session.contract,
                measurements.Entry(objective="o1", day=invented.TODAY, value=Decimal(40)),
            ),
        )
    press(qtbot, bench, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert tile_name(bench, Statut.ATTEINT) != before


def test_a_base_that_cannot_be_opened_is_told_and_the_window_closes(
    qtbot: QtBot, theme: Theme, notifier: RecordingNotifier, tmp_path: Path
) -> None:
    def refuse() -> Desk:
        raise UserError("Ce fichier n’est pas une base qpvdesk.", "Choisissez un autre fichier.")

    bugs: list[Exception] = []
    lane = Lane(refuse)
    session = Session(lane, lambda: lane, lambda: invented.TODAY, bugs.append)
    window = MainWindow(session, theme, notifier, tmp_path / "f.ini")
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.opening_refused):
        window.start()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert notifier.notices[0].message == "Ce fichier n’est pas une base qpvdesk."
    assert bugs == []


@pytest.mark.parametrize(
    ("words", "page", "focus"),
    [
        ("Imprimer la fiche", "impressions", "FT"),
        ("Préparer un classeur de remontée", "echanges", ""),
        ("Saisir ses relevés", "releves", "FT"),
    ],
)
def test_a_partners_sheet_leads_to_what_is_done_with_it(
    qtbot: QtBot, bench: Bench, words: str, page: str, focus: str
) -> None:
    bench.window.go(Address("partenaires", "FT"))
    shown = child(bench.window, QStackedWidget).currentWidget()
    (asked,) = [one for one in shown.findChildren(QPushButton) if one.text() == words and one.isVisible()]
    click(qtbot, asked)
    there = child(bench.window, QStackedWidget).currentWidget().address()
    assert there.page == page
    if focus:
        assert focus in (there.focus, *dict(there.filters).values())
    chosen = {one.currentText() for one in bench.window.findChildren(QComboBox) if one.isVisible()}
    assert "France Travail" in chosen


def test_the_date_of_a_meeting_leads_to_the_meeting(qtbot: QtBot, open_window: Callable[..., Bench]) -> None:
    held = invented.dossier()
    coming = replace(held.meetings[0], key="g9", day=invented.TODAY + timedelta(days=9), title="COPIL d’été")
    bench = open_window(replace(held, meetings=(*held.meetings, coming)))
    line = next(one for one in bench.window.findChildren(LineButton) if "COPIL d’été" in one.accessibleName())
    click(qtbot, line)
    there = child(bench.window, QStackedWidget).currentWidget().address()
    assert there.page == "comites"
    assert "2026-07-09" in there.focus


def test_several_acts_are_undone_from_the_list(qtbot: QtBot, bench: Bench) -> None:
    before = bench.desk.held
    for value in (31, 32, 33):
        with qtbot.waitSignal(bench.session.changed):
            bench.session.change(
                "Essai",
                lambda desk, value=value: measurements.record(
                    desk,
                    bench.session.contract,
                    measurements.Entry(
                        objective="o1", day=invented.TODAY - timedelta(days=value), value=Decimal(value)
                    ),
                ),
            )
    menu = next(
        one for one in bench.window.findChildren(QMenu) if one.title().replace("&", "") == "Annuler jusqu’à"
    )
    assert ["(BPI-O01)" in one.text() for one in menu.actions()] == [True] * 3
    with qtbot.waitSignal(bench.session.changed):
        menu.actions()[2].trigger()
    assert bench.desk.held == before
    assert not menu.isEnabled()
