"""« Comités » as a hand uses it: a meeting from its first line to its frozen data."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.model import Decision, DecisionState, Dossier, Meeting, MeetingKind
from qpvdesk.services import measurements
from qpvdesk.services.committees import committee
from qpvdesk.ui import projector
from qpvdesk.ui.dialogs.meeting import DayDialog, DecisionDialog, MeetingDialog
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.models.entry_rows import Typed
from qpvdesk.ui.pages.committee_decisions import decision_rows
from qpvdesk.ui.pages.committees import CommitteesPage
from qpvdesk.ui.pages.entry import EntryPage
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.printing import PrintingPage
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.year_strip import YearStrip
from tests.gui.conftest import Bench
from tests.helpers import invented

T = TypeVar("T", bound=QWidget)
NONE = Qt.KeyboardModifier.NoModifier


def child(parent: QWidget, kind: type[T]) -> T:
    found = parent.findChild(kind)
    assert isinstance(found, kind)
    return found


def page_of(bench: Bench) -> CommitteesPage:
    return child(bench.window, CommitteesPage)


def named(parent: QWidget, kind: type[T], name: str) -> T:
    return next(one for one in parent.findChildren(kind) if one.accessibleName() == name)


def button(parent: QWidget, words: str) -> QPushButton:
    return next(
        one
        for one in parent.findChildren(QPushButton)
        if one.text() == words and one.isVisibleTo(parent.window())
    )


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def words(parent: QWidget) -> str:
    return "\n".join(one.text() for one in parent.findChildren(QLabel) if one.isVisible())


def settle(qtbot: QtBot, bench: Bench) -> None:
    qtbot.waitUntil(lambda: bench.lane.pending == 0)


def type_in(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    line.selectAll()
    qtbot.keyClicks(line, text)


def opened(qtbot: QtBot, bench: Bench, kind: type[T]) -> T:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in bench.window.findChildren(kind)))
    return next(one for one in bench.window.findChildren(kind) if one.isVisible())


def go(qtbot: QtBot, bench: Bench, code: str = "", tab: int = 0) -> CommitteesPage:
    bench.window.go(Address("comites", code, (("volet", str(tab)),)))
    settle(qtbot, bench)
    return page_of(bench)


def meetings(bench: Bench) -> list[str]:
    return [meeting_code(one) for one in bench.desk.held.meetings]


@pytest.fixture
def busy(open_window: Callable[..., Bench]) -> Bench:
    """A year with three meetings and four decisions, one of them late, on 30/06/2026."""
    made = invented.dossier()
    held = (
        *made.meetings,
        Meeting("g2", "k", MeetingKind.COTECH, date(2026, 3, 12), agenda="Un\nDeux\nTrois"),
        Meeting("g3", "k", MeetingKind.COPIL, date(2026, 6, 30), place="Lens", agenda="Bilan\nSuites"),
    )
    decisions = (
        Decision("x1", "g1", "Ecrire a la Region", 1, "Sous-préfecture", date(2026, 1, 31)),
        Decision("x2", "g1", "Reunir les bailleurs", 2, state=DecisionState.FAITE),
        Decision("x3", "g2", "Demander les chiffres", 1, due=date(2026, 9, 30)),
        Decision("x4", "g3", "Lancer un appel", 1),
    )
    return open_window(_with(made, held, decisions))


def _with(dossier: Dossier, held: tuple[Meeting, ...], decisions: tuple[Decision, ...]) -> Dossier:
    return replace(dossier, meetings=held, decisions=decisions)


def test_a_meeting_is_made_with_the_keyboard_and_undone(qtbot: QtBot, bench: Bench) -> None:
    page = go(qtbot, bench)
    click(qtbot, button(page, "Nouvelle réunion…"))
    dialog = opened(qtbot, bench, MeetingDialog)
    # Half a year after the last COPIL is already past: today is proposed.
    assert named(dialog, QLineEdit, "Date").text() == "30/06/2026"
    type_in(qtbot, named(dialog, QLineEdit, "Date"), "08/12/2026")
    type_in(qtbot, named(dialog, QLineEdit, "Lieu"), "Lens")
    qtbot.keyClick(named(dialog, QLineEdit, "Lieu"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: meetings(bench) == ["COPIL-2025-10-14", "COPIL-2026-12-08"])
    qtbot.waitUntil(lambda: "COPIL-2026-12-08 · 08/12/2026 · Lens" in words(page))
    assert named(page, Table, "Réunions de l’année").current_row().meeting.day == date(2026, 12, 8)
    bench.session.undo()
    qtbot.waitUntil(lambda: meetings(bench) == ["COPIL-2025-10-14"])
    qtbot.waitUntil(lambda: "COPIL-2025-10-14" in words(page))
    click(qtbot, button(page, "Nouvelle réunion…"))
    dialog = opened(qtbot, bench, MeetingDialog)
    type_in(qtbot, named(dialog, QLineEdit, "Réunion"), "conseil citoyen")
    type_in(qtbot, named(dialog, QLineEdit, "Date"), "08/12/2026")
    click(qtbot, button(dialog, "Enregistrer"))
    qtbot.waitUntil(lambda: "CONSEIL-CITOYEN-2026-12-08" in words(page))
    click(qtbot, button(page, "Nouvelle réunion…"))
    offered = opened(qtbot, bench, MeetingDialog).findChildren(QComboBox)[0]
    assert offered.findText("Conseil citoyen") == len(MeetingKind), (
        "the contract's list: the usual ones, then its own"
    )


def test_a_day_that_is_taken_is_told_in_the_dialog(qtbot: QtBot, bench: Bench) -> None:
    page = go(qtbot, bench)
    click(qtbot, button(page, "Nouvelle réunion…"))
    dialog = opened(qtbot, bench, MeetingDialog)
    type_in(qtbot, named(dialog, QLineEdit, "Date"), "14/10/2025")
    click(qtbot, button(dialog, "Enregistrer"))
    assert "il y en a déjà au 14/10/2025" in words(dialog)
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert meetings(bench) == ["COPIL-2025-10-14"]


def test_an_agenda_is_typed_ordered_and_cut(qtbot: QtBot, bench: Bench) -> None:
    page = go(qtbot, bench)
    field, agenda = named(page, QLineEdit, "Ajouter un point"), named(page, QListWidget, "Ordre du jour")
    for number, text in enumerate(("Bilan", "Suites", "Divers"), 1):
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert agenda.count() == number  # at once, before the base has it
    qtbot.waitUntil(lambda: bench.desk.held.meetings[0].agenda == "Bilan\nSuites\nDivers")
    settle(qtbot, bench)
    agenda.setCurrentRow(2)
    agenda.setFocus()
    qtbot.keyClick(agenda, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(agenda, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [agenda.item(row).text() for row in range(3)] == ["1. Divers", "2. Bilan", "3. Suites"]
    qtbot.waitUntil(lambda: bench.desk.held.meetings[0].agenda == "Divers\nBilan\nSuites")
    settle(qtbot, bench)
    assert agenda.currentRow() == 0
    qtbot.keyClick(agenda, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: bench.desk.held.meetings[0].agenda == "Bilan\nSuites")
    settle(qtbot, bench)
    qtbot.keyClick(agenda, Qt.Key.Key_F2)
    editor = agenda.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    type_in(qtbot, editor, "Bilan du semestre")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bench.desk.held.meetings[0].agenda == "Bilan du semestre\nSuites")


def test_a_function_that_came_before_is_offered(qtbot: QtBot, open_window: Callable[..., Bench]) -> None:
    old = Meeting(
        "old", "k", MeetingKind.COPIL, date(2026, 1, 5), participants="Directrice de la DDETS\nPrefet"
    )
    new = Meeting("new", "k", MeetingKind.COPIL, date(2026, 6, 30))
    bench = open_window(replace(invented.dossier(), meetings=(old, new), decisions=()))
    page = go(qtbot, bench, "COPIL-2026-06-30")
    field = named(page, QLineEdit, "Ajouter une fonction")
    qtbot.keyClicks(field, "ddets")
    popup = field.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Directrice de la DDETS" in bench.desk.held.meetings[1].participants)
    settle(qtbot, bench)
    assert field.text() == ""
    assert bench.desk.held.meetings[1].participants == "Directrice de la DDETS"


def test_an_address_among_the_functions_is_refused_and_the_page_shows_what_is_kept(
    qtbot: QtBot, bench: Bench
) -> None:
    page = go(qtbot, bench)
    field = named(page, QLineEdit, "Ajouter une fonction")
    qtbot.keyClicks(field, "a@exemple.fr")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(bench.notifier.notices))
    assert "est une adresse" in bench.notifier.notices[0].message
    settle(qtbot, bench)
    assert named(page, QListWidget, "Participants, par fonction").count() == 0
    qtbot.keyClicks(field, "Prefet")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bench.desk.held.meetings[0].participants == "Prefet")


def test_a_decision_is_noted_carried_out_and_remembered(qtbot: QtBot, bench: Bench) -> None:
    page = go(qtbot, bench, tab=1)
    assert "Aucune décision n’est notée" in words(page)
    click(qtbot, button(page, "Noter une décision"))
    dialog = opened(qtbot, bench, DecisionDialog)
    click(qtbot, button(dialog, "Enregistrer"))
    assert "ne peut pas être vide" in words(dialog)
    qtbot.keyClicks(named(dialog, QPlainTextEdit, "Décision"), "Saisir la Region")
    type_in(qtbot, named(dialog, QLineEdit, "Échéance"), "01/01/2025")
    click(qtbot, button(dialog, "Enregistrer"))
    assert "précède la réunion du 14/10/2025" in words(dialog)
    type_in(qtbot, named(dialog, QLineEdit, "Échéance"), "29/06/2026")
    click(qtbot, button(dialog, "Enregistrer"))
    table = named(page, Table, "Décisions de la réunion")
    qtbot.waitUntil(lambda: table.model().rowCount() == 1)
    assert [table.model().index(0, column).data() for column in range(5)] == [
        "D1",
        "Saisir la Region",
        "En retard de 1 jour",
        "29/06/2026",
        "–",
    ]
    state = next(
        one
        for one in page.findChildren(QComboBox)
        if one.isVisible() and one.accessibleName().startswith("État")
    )
    state.setFocus()
    for steps, wanted in ((1, DecisionState.EN_COURS), (1, DecisionState.FAITE)):
        # The arrows open the list: nothing is chosen by passing over it.
        qtbot.keyClick(state, Qt.Key.Key_Down)
        for _ in range(steps):
            qtbot.keyClick(state.view(), Qt.Key.Key_Down)
        assert bench.desk.held.decisions[0].state is not wanted
        qtbot.keyClick(state.view(), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda wanted=wanted: bench.desk.held.decisions[0].state is wanted)
        settle(qtbot, bench)
    qtbot.waitUntil(lambda: "passe de «\u202fEn cours\u202f» à «\u202fFaite\u202f»" in words(page))
    assert table.model().index(0, 2).data() == "Faite"


def test_what_earlier_meetings_left_is_followed(qtbot: QtBot, busy: Bench) -> None:
    page = go(qtbot, busy, "COPIL-2026-06-30", 2)
    table = named(page, Table, "Suites des réunions précédentes")
    shown = [table.model().index(row, 0).data() for row in range(table.model().rowCount())]
    assert shown == ["COPIL-2025-10-14-D1", "COTECH-2026-03-12-D1", "COPIL-2025-10-14-D2"]
    assert table.model().index(0, 2).data() == "En retard de 150 jours"
    tabs = child(page, QTabWidget)
    assert [tabs.tabText(index) for index in range(4)] == [
        "Séance",
        "Décisions (1)",
        "Suites (2)",
        "Données arrêtées",
    ]


def test_on_the_projector_what_was_decided_has_the_room(qtbot: QtBot, busy: Bench, theme: Theme) -> None:
    """One decision of five was in sight, in seven lines beside its number, over who had changed it when."""
    page = go(qtbot, busy, "COPIL-2026-06-30", 2)
    panel, table = page._panel.earlier, named(page, Table, "Suites des réunions précédentes")
    qtbot.waitUntil(lambda: panel._history.isVisible() and not table.isColumnHidden(0))
    busy.session.project(True)
    theme.set_zoom(1.4, afar=True)
    qtbot.waitUntil(lambda: table.isColumnHidden(0))
    assert not panel._history.isVisible()
    assert table.columnWidth(1) > theme.px(180)
    assert not any(table.isColumnHidden(place) for place in range(1, 5)), "to whom, and for when"
    busy.session.project(False)
    theme.set_zoom(1.0, afar=False)
    qtbot.waitUntil(lambda: panel._history.isVisible() and not table.isColumnHidden(0))


def test_the_year_is_walked_with_the_mouse_and_the_arrows(qtbot: QtBot, busy: Bench) -> None:
    page = go(qtbot, busy, "COPIL-2026-06-30")
    strip = child(page, YearStrip)
    assert strip.accessibleName().startswith("Calendrier 2026\u202f: Comité technique, le 12/03/2026 (tenue)")
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, NONE, strip.rect_of("g2").center().toPoint())
    assert "COTECH-2026-03-12" in words(page)
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert "COPIL-2026-06-30" in words(page)
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert "COPIL-2026-06-30" in words(page)  # the last of the year
    click(qtbot, named(page, QPushButton, "Année précédente"))
    assert "COPIL-2025-10-14" in words(page)
    click(qtbot, named(page, QPushButton, "Année précédente"))
    assert "Aucune réunion cette année-là" in words(page)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, NONE, QPoint(5, 5))  # nothing there, nothing happens


def test_chips_of_neighbouring_days_do_not_cover_each_other(
    qtbot: QtBot, busy: Bench, open_window: Callable[..., Bench]
) -> None:
    del busy
    close = tuple(
        Meeting(f"n{day}", "k", kind, date(2026, 6, day))
        for day, kind in ((10, MeetingKind.COPIL), (12, MeetingKind.COTECH), (30, MeetingKind.REVUE))
    )
    bench = open_window(replace(invented.dossier(), meetings=close, decisions=()))
    strip = child(go(qtbot, bench), YearStrip)
    rects = [strip.rect_of(one.key) for one in close]
    assert all(not one.intersects(other) for one in rects for other in rects if one is not other)
    assert all(strip.rect().toRectF().contains(one) for one in rects)


def test_no_line_strikes_through_what_a_year_without_meeting_says(qtbot: QtBot, theme: Theme) -> None:
    strip = YearStrip(theme)
    qtbot.addWidget(strip)
    strip.show_year(2026, date(2026, 7, 4), (), ())
    strip.resize(strip.sizeHint())
    picture = strip.grab().toImage()
    ground = QColor(theme.look.surface)
    middle = (theme.px(24) + strip._base()) / 2
    for day in (date(2026, 7, 1), date(2026, 7, 4)):
        column = [picture.pixelColor(round(strip._x(day)), round(middle) + y) for y in range(-7, 8)]
        assert ground in column, day


def test_a_meeting_is_duplicated_and_removed(qtbot: QtBot, busy: Bench) -> None:
    page = go(qtbot, busy, "COTECH-2026-03-12")
    qtbot.keyClick(named(page, Table, "Réunions de l’année"), Qt.Key.Key_Insert)
    opened(qtbot, busy, MeetingDialog).reject()
    click(qtbot, button(page, "Dupliquer…"))
    dialog = opened(qtbot, busy, DayDialog)
    assert named(dialog, QLineEdit, "Date").text() == "30/06/2026"
    type_in(qtbot, named(dialog, QLineEdit, "Date"), "14/09/2026")
    qtbot.keyClick(named(dialog, QLineEdit, "Date"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "COTECH-2026-09-14" in words(page))
    assert named(page, QListWidget, "Ordre du jour").count() == 3
    click(qtbot, button(page, "Retirer"))
    qtbot.waitUntil(lambda: "COTECH-2026-09-14" not in meetings(busy))


def freeze(qtbot: QtBot, bench: Bench, page: CommitteesPage) -> None:
    click(qtbot, button(page, "Arrêter les données…"))
    dialog = opened(qtbot, bench, DayDialog)
    qtbot.keyClick(named(dialog, QLineEdit, "Date"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Empreinte" in words(page))


def test_the_data_of_a_workshop_are_not_de_atelier(qtbot: QtBot, open_window: Callable[..., Bench]) -> None:
    workshop = Meeting("g9", invented.dossier().contract.key, "Atelier", date(2026, 3, 12))
    bench = open_window(replace(invented.dossier(), meetings=(workshop,)))
    code = meeting_code(workshop)
    assert code.startswith("ATELIER-")
    click(qtbot, button(go(qtbot, bench, code, 3), "Arrêter les données…"))
    dialog = opened(qtbot, bench, DayDialog)
    assert f"Arrêter les données d’{code}" in (dialog.windowTitle(), words(dialog))
    dialog.reject()


def test_data_are_frozen_then_set_beside_today(qtbot: QtBot, busy: Bench) -> None:
    page = go(qtbot, busy, "COPIL-2026-06-30", 3)
    assert "ne sont pas arrêtées" in words(page)
    freeze(qtbot, busy, page)
    qtbot.waitUntil(lambda: "sont inchangés" in words(page))
    table = named(page, Table, "Objectifs comparés")
    assert table.model().rowCount() == 0
    assert busy.desk.held.snapshots[0].day == invented.TODAY

    objective = next(one for one in busy.desk.held.objectives if one.code == "BPI-O01")
    busy.session.change(
        "Relevé",
        lambda desk: measurements.record(
            desk,
            busy.session.contract,
            measurements.Entry(objective=objective.key, day=invented.TODAY, value=Decimal(1)),
        ),
    )
    qtbot.waitUntil(lambda: table.model().rowCount() > 0)
    codes = [table.model().index(row, 0).data() for row in range(table.model().rowCount())]
    assert "BPI-O01" in codes
    place = codes.index("BPI-O01")
    assert table.model().index(place, 5).data().endswith("→ 1\u00a0bus")
    click(qtbot, named(page, QWidget, "Montrer aussi les objectifs inchangés"))
    assert table.model().rowCount() == len(busy.session.picture.situation.objectives)  # type: ignore[union-attr]
    table.select_identity(objective.key)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert not page.isVisible()


def test_what_is_frozen_is_replaced_with_a_reason_alone(qtbot: QtBot, busy: Bench) -> None:
    page = go(qtbot, busy, "COPIL-2026-06-30", 3)
    freeze(qtbot, busy, page)
    qtbot.waitUntil(lambda: button(page, "Arrêter de nouveau les données…").isEnabled())
    busy.session.change(
        "Relevé",
        lambda desk: measurements.record(
            desk,
            busy.session.contract,
            measurements.Entry(
                objective=next(one.key for one in busy.desk.held.objectives if one.code == "BPI-O01"),
                day=invented.TODAY,
                value=Decimal(1),
            ),
        ),
    )
    click(qtbot, button(page, "Arrêter de nouveau les données…"))
    dialog = opened(qtbot, busy, DayDialog)
    qtbot.keyClick(named(dialog, QLineEdit, "Date"), Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert "Le motif manque." in words(dialog)
    type_in(qtbot, named(dialog, QLineEdit, "Motif"), "Compte refait")
    qtbot.keyClick(named(dialog, QLineEdit, "Motif"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "remplace le n°\u00a01" in words(page))
    assert [one.reason for one in busy.desk.held.snapshots] == ["", "Compte refait"]


def test_what_is_typed_and_not_saved_is_told_before_data_are_frozen(qtbot: QtBot, busy: Bench) -> None:
    """Neither the box nor what followed said that the lines of Relevés were not in what was frozen."""
    page = go(qtbot, busy, "COPIL-2026-06-30", 3)
    click(qtbot, button(page, "Arrêter les données…"))
    assert "sans être enregistré" not in words(opened(qtbot, busy, DayDialog))
    opened(qtbot, busy, DayDialog).reject()
    busy.window.go(Address("releves"))
    grid = busy.window.findChild(EntryPage)
    first, second, *_ = grid._model.rows
    grid._model.type_all("essai", {row.objective.key: Typed(value="31") for row in (first, second)})
    page = go(qtbot, busy, "COPIL-2026-06-30", 3)
    click(qtbot, button(page, "Arrêter les données…"))
    told = "n’y sera pas\u202f: 2 lignes de relevés en brouillon"
    assert any(told in words(one) for one in page.findChildren(DayDialog) if one.isVisible())


def test_the_next_meeting_is_printed_as_frozen_unless_chosen_otherwise(qtbot: QtBot, busy: Bench) -> None:
    """Ctrl+P printed the data of the day, under another digest, for a meeting whose data were frozen."""
    busy.window.actions_by_word["imprimer"].trigger()
    printing = child(busy.window, PrintingPage)
    assert printing.request.meeting is None
    page = go(qtbot, busy, "COPIL-2026-06-30", 3)
    freeze(qtbot, busy, page)
    busy.window.actions_by_word["imprimer"].trigger()
    chosen, models = named(printing, QComboBox, "Réunion"), named(printing, QComboBox, "Document")
    assert chosen.currentText() == "COPIL-2026-06-30, données au 30/06/2026"
    assert "La prochaine, données du jour, non arrêtées" in [
        chosen.itemText(at) for at in range(chosen.count())
    ]
    # What was decided is of the last meeting that was held.
    models.setCurrentIndex(models.findData("decisions"))
    assert printing.request.meeting is None
    models.setCurrentIndex(models.findData("copil"))
    assert printing.request.meeting == "g3"
    chosen.setCurrentIndex(chosen.findData(None))
    busy.window.actions_by_word["imprimer"].trigger()
    busy.session.load()
    qtbot.waitSignal(busy.session.pictured).wait()
    assert printing.request.meeting is None, "the officer's choice"


def test_data_frozen_later_than_the_day_shown_are_not_what_is_printed_of_it(
    qtbot: QtBot, busy: Bench
) -> None:
    freeze(qtbot, busy, go(qtbot, busy, "COPIL-2026-06-30", 3))
    with qtbot.waitSignal(busy.session.pictured):
        busy.session.show_day(date(2026, 6, 29))
    busy.window.actions_by_word["imprimer"].trigger()
    assert child(busy.window, PrintingPage).request.meeting is None


def test_the_meeting_that_a_page_leads_to_print_for_stays_whatever_the_document(
    qtbot: QtBot, busy: Bench
) -> None:
    """Led to the papers of the next COPIL, which was chosen there already: its minutes were of the last one."""
    freeze(qtbot, busy, go(qtbot, busy, "COPIL-2026-06-30", 3))
    busy.window.actions_by_word["imprimer"].trigger()
    printing = child(busy.window, PrintingPage)
    assert printing.request.meeting == "g3"
    busy.window.go(Address("impressions", "", (("modele", "copil"), ("reunion", "COPIL-2026-06-30"))))
    models = named(printing, QComboBox, "Document")
    models.setCurrentIndex(models.findData("decisions"))
    assert printing.request.meeting == "g3"


def test_two_committees_are_compared_whichever_is_named_first(qtbot: QtBot, busy: Bench) -> None:
    page = go(qtbot, busy, "COPIL-2025-10-14", 3)
    freeze(qtbot, busy, page)
    go(qtbot, busy, "COPIL-2026-06-30", 3)
    freeze(qtbot, busy, page)
    after = named(page, QComboBox, "Avec des données arrêtées ou avec aujourd’hui")
    after.setFocus()
    qtbot.keyClick(after, Qt.Key.Key_Home)
    after.activated.emit(after.currentIndex())
    qtbot.waitUntil(lambda: "Du 14/10/2025 au 30/06/2026" in words(page))
    assert named(page, Table, "Objectifs comparés").model().rowCount() > 0


def test_a_meeting_is_printed_with_its_frozen_data(qtbot: QtBot, busy: Bench) -> None:
    page = go(qtbot, busy, "COPIL-2026-06-30", 3)
    freeze(qtbot, busy, page)
    click(qtbot, button(page, "Imprimer le dossier"))
    printing = child(busy.window, PrintingPage)
    assert printing.request.meeting == "g3"
    chosen = named(printing, QComboBox, "Réunion")
    assert chosen.currentText() == "COPIL-2026-06-30, données au 30/06/2026"
    with qtbot.waitSignal(printing.laid_out):
        pass
    busy.window.go(Address("comites", "COTECH-2026-03-12"))
    click(qtbot, button(page, "Relevé de décisions"))
    assert (printing.request.model, printing.request.meeting) == ("decisions", "g2")


def test_the_search_finds_meetings_and_decisions(qtbot: QtBot, busy: Bench) -> None:
    busy.window.go(Address("comites", "COTECH-2026-03-12-D1"))
    page = page_of(busy)
    table = named(page, Table, "Décisions de la réunion")
    assert table.isVisible()
    assert table.current_row().decision.key == "x3"
    assert busy.window.focusWidget() is table
    # What each is and by when stay in sight where the room is short.
    busy.window.resize(911, 768)
    qtbot.waitUntil(lambda: table.viewport().width() < 620)
    assert not any(table.isColumnHidden(place) for place in range(5))
    search = next(one for one in busy.window.findChildren(QLineEdit) if "Rechercher" in one.accessibleName())
    search.setFocus()
    qtbot.keyClicks(search, "bailleurs")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "COPIL-2025-10-14" in words(page))
    assert table.current_row().decision.key == "x2"


def test_nothing_is_offered_that_cannot_be_done(
    qtbot: QtBot, open_window: Callable[..., Bench], busy: Bench
) -> None:
    page = go(qtbot, busy, "COPIL-2026-06-30")
    busy.session.project(True)
    assert not [
        one.text()
        for one in page.findChildren(QPushButton)
        if one.isVisible() and ("…" in one.text() or one.text() == "Retirer")
    ]
    assert not named(page, QLineEdit, "Ajouter un point").isVisible()
    reading = open_window(read_only=True)
    page = go(qtbot, reading)
    for text in ("Nouvelle réunion…", "Arrêter les données…", "Dupliquer…"):
        assert not button(page, text).isEnabled()
    assert button(page, "Imprimer le dossier").isEnabled()


def test_a_contract_without_meetings_says_what_to_do(qtbot: QtBot, open_window: Callable[..., Bench]) -> None:
    bench = open_window(replace(invented.dossier(), meetings=()))
    page = go(qtbot, bench)
    assert "Aucune réunion n’est inscrite" in words(page)
    click(qtbot, button(page, "Inscrire une réunion…"))
    dialog = opened(qtbot, bench, MeetingDialog)
    qtbot.keyClick(named(dialog, QLineEdit, "Date"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: meetings(bench) == ["COPIL-2026-06-30"])
    qtbot.waitUntil(lambda: "COPIL-2026-06-30" in words(page))


@pytest.mark.parametrize(("zoom", "width", "height"), [(1.0, 1366, 768), (1.5, 1366, 768), (1.0, 911, 560)])
def test_no_button_is_cut(
    qtbot: QtBot, busy: Bench, theme: Theme, zoom: float, width: int, height: int
) -> None:
    theme.set_zoom(zoom)
    for tab in range(4):
        page = go(qtbot, busy, "COPIL-2026-06-30", tab)
        busy.window.resize(width, height)
        settle(qtbot, busy)
        for one in page.findChildren(QPushButton):
            if one.isVisible():
                assert one.width() >= one.sizeHint().width() - 1, (tab, one.text())


def test_at_an_earlier_date_the_year_and_the_decisions_are_those_of_that_date(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    held = Meeting("m1", "k", MeetingKind.COPIL, date(2026, 2, 2))
    closed = Decision(
        "d1", "m1", "Ouvrir le point", 1, "", date(2026, 4, 1), DecisionState.FAITE, date(2026, 5, 1)
    )
    bench = open_window(replace(invented.dossier(), meetings=(held,), decisions=(closed,)))
    bench.window.go(Address("comites"))
    page = page_of(bench)
    strip = child(page, YearStrip)
    assert not strip._dues
    bench.session.show_day(date(2026, 4, 10))
    qtbot.waitUntil(lambda: [due.late for due in strip._dues] == [True])
    bench.session.show_day(date(2026, 1, 10))
    meetings = named(page, Table, "Réunions de l’année").model()
    qtbot.waitUntil(lambda: meetings.index(0, 2).data() == "À venir")


def test_a_projected_page_without_meeting_tells_of_no_line_that_it_hides(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    """« Une décision se note aussi ci-dessous »: nothing stood below."""
    bench = open_window(replace(invented.dossier(), meetings=(), decisions=()))
    bench.window.go(Address("comites"))
    page = page_of(bench)
    assert "se note aussi ci-dessous" in words(page)
    bench.window.project()
    qtbot.waitUntil(lambda: "se note aussi ci-dessous" not in words(page))
    assert "Aucune réunion n’est inscrite" in words(page)


def test_a_decision_typed_before_any_meeting_is_inscribed_asks_for_its_meeting(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    """Ctrl+J led to a page without a line: what was typed and Enter were lost."""
    bench = open_window(replace(invented.dossier(), meetings=(), decisions=(), snapshots=(), papers=()))
    bench.window.activateWindow()
    QTest.keyClick(bench.window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    page = page_of(bench)
    line = next(
        one
        for one in page.findChildren(QLineEdit)
        if one.accessibleName() == "Décision à noter" and one.isVisible()
    )
    qtbot.waitUntil(line.hasFocus)
    QTest.keyClicks(line, "Relancer Bpifrance")
    for answer in ("reject", "_submit"):
        QTest.keyClick(line, Qt.Key.Key_Return)
        getattr(opened(qtbot, bench, MeetingDialog), answer)()
        assert line.text() == "Relancer Bpifrance"
    qtbot.waitUntil(lambda: bool(bench.desk.held.decisions))
    (decision,), (meeting,) = bench.desk.held.decisions, bench.desk.held.meetings
    assert (decision.label, decision.meeting) == ("Relancer Bpifrance", meeting.key)
    assert meeting.day == bench.session.today
    # The next one is typed at once, in that meeting.
    settle(qtbot, bench)
    following = page._panel.own.line
    assert following is not None
    assert bench.window.focusWidget() is following.words
    assert following.words.text() == ""
    assert "pas notée" not in words(page)
    assert bench.window._announcer._state.text() == "Tout est enregistré"
    assert "COPIL du 30/06/2026" in following.words.placeholderText().replace("Comité de pilotage", "COPIL")
    assert "1 réunion en 2026 · 1 décision en cours (1 de 2026)" in words(page)


def test_a_decision_that_is_not_noted_waits_for_the_window_to_open_again(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    """Ctrl+Q lost it without a word."""
    for found in ("", "Relancer Bpifrance"):
        bench = open_window()
        state = bench.window._announcer._state
        told = "1 décision tapée, à noter" if found else "Tout est enregistré"
        # The lane reads what waits on disk.
        settle(qtbot, bench)
        qtbot.waitUntil(lambda state=state, told=told: state.text() == told)
        page = go(qtbot, bench, tab=1)
        line = page._panel.own.line
        assert line is not None
        assert line.words.text() == found
        if not found:
            type_in(qtbot, line.words, "Relancer Bpifrance")
            assert state.text() == "1 décision tapée, à noter"
            bench.window.close()
    line._carrier.setText("ft")
    with qtbot.waitSignal(bench.session.changed):
        QTest.keyClick(line.words, Qt.Key.Key_Return)
    settle(qtbot, bench)
    assert [item.carrier for item in bench.desk.held.decisions][-1] == "France Travail", "by its name"
    assert state.text() == "Tout est enregistré"
    assert page._drafts.read(f"{bench.session.contract}-decision-ligne") is None
    assert line.words.text() == ""


def test_the_line_of_a_decision_is_in_sight_in_a_low_window(
    qtbot: QtBot, busy: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+J gave it the hand below the edge, and one typed blind."""
    busy.window.resize(900, 480)
    page = go(qtbot, busy, tab=1)
    line = page._panel.own.line
    assert line is not None
    view = busy.window.navigator.viewport()
    qtbot.waitUntil(lambda: view.rect().contains(line.words.mapTo(view, line.words.rect().center())))
    bar = busy.window.navigator.verticalScrollBar()
    assert bar.value() > 0
    # Back from the projector, the page is no higher than its window: it stayed so in the room of larger characters.
    monkeypatch.setattr(projector, "_ROOM", 500)  # a screen off screen is 800 points wide
    for _ in range(2):
        qtbot.keyClick(busy.window, Qt.Key.Key_F11)
        settle(qtbot, busy)
        QApplication.processEvents()
    busy.window.resize(1366, 768)
    qtbot.waitUntil(lambda: view.height() > 600 and bar.maximum() == 0)


def test_a_decision_typed_while_the_last_is_noted_is_a_decision_of_its_own(qtbot: QtBot, busy: Bench) -> None:
    """A slow machine emptied the line with the words of the second in it; Entrée twice noted the first twice."""
    page = go(qtbot, busy, tab=1)
    line, before = page._panel.own.line, len(busy.desk.held.decisions)
    assert line is not None
    gate = threading.Event()
    busy.session.ask("", lambda _: gate.wait(60), lambda _: None)
    line.words.setFocus()
    for words in ("Relancer Bpifrance", "", "Écrire au rectorat"):
        QTest.keyClicks(line.words, words)
        QTest.keyClick(line.words, Qt.Key.Key_Return)
    QTest.keyClicks(line.words, "Saisir")
    gate.set()
    settle(qtbot, busy)
    labels = [item.label for item in busy.desk.held.decisions[before:]]
    assert sorted(labels) == ["Relancer Bpifrance", "Écrire au rectorat"]
    assert line.words.text() == "Saisir"


@pytest.mark.parametrize("error", [UserError("Non.", "Attendez."), RuntimeError("faute")])
def test_a_decision_that_is_not_noted_comes_back_to_its_line(
    qtbot: QtBot, busy: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    page = go(qtbot, busy, tab=1)
    line = page._panel.own.line
    assert line is not None

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(committee, "decide", fail)
    line._carrier.setText("Rectorat")
    line.words.setFocus()
    QTest.keyClicks(line.words, "Relancer Bpifrance")
    QTest.keyClick(line.words, Qt.Key.Key_Return)
    QTest.keyClicks(line.words, "Saisir")
    settle(qtbot, busy)
    # What was typed since is another decision: it is not joined to the one that came back, nor given whom that was for.
    assert (line.words.text(), line._carrier.text()) == ("Saisir", "")
    assert "1 décision n’est pas notée\u202f: «\u202fRelancer Bpifrance\u202f»" in words(page)
    click(qtbot, button(page, "Reprendre"))
    assert (line.words.text(), line._carrier.text()) == ("Relancer Bpifrance", "Rectorat")
    assert "1 décision n’est pas notée\u202f: «\u202fSaisir\u202f»" in words(page)
    assert line._trouble.isVisible() is isinstance(error, UserError)
    assert busy.bugs == ([] if isinstance(error, UserError) else [error])


def test_decisions_refused_together_come_back_whole_and_in_order(
    qtbot: QtBot, open_window: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They came back joined into one, the last first, the first with the date of another."""
    typed = [
        ("Relancer Bpifrance", "Rectorat", "01/09/2026"),
        ("Écrire au rectorat", "", "15/09/2026"),
        ("Saisir la Région", "Ville de Lens", ""),
    ]
    bench = open_window()
    page = go(qtbot, bench, tab=1)
    line = page._panel.own.line
    assert line is not None

    def fail(*_: object) -> None:
        raise UserError("Le disque est plein.", "Libérez de la place.")

    gate = threading.Event()
    bench.session.ask("", lambda _: gate.wait(60), lambda _: None)
    with monkeypatch.context() as patched:
        patched.setattr(committee, "decide", fail)
        for decision in typed:
            for field, text in zip(line._fields(), decision, strict=True):
                field.setText(text)
            QTest.keyClick(line.words, Qt.Key.Key_Return)
        gate.set()
        settle(qtbot, bench)
    assert "2 décisions ne sont pas notées" in words(page)
    assert bench.window._announcer._state.text() == "3 décisions tapées, à noter"
    assert tuple(field.text() for field in line._fields()) == typed[0]
    # They wait for the window to open again, where it is closed now.
    bench.window.close()
    bench = open_window()
    line = go(qtbot, bench, tab=1)._panel.own.line
    assert line is not None
    before = len(bench.desk.held.decisions)
    for decision in typed:
        assert tuple(field.text() for field in line._fields()) == decision
        QTest.keyClick(line.words, Qt.Key.Key_Return)
        settle(qtbot, bench)
        # Nothing comes under a hand that goes on typing: Entrée on the empty line takes the next one up.
        assert line.words.text() == ""
        QTest.keyClick(line.words, Qt.Key.Key_Return)
    noted = bench.desk.held.decisions[before:]
    assert [item.label for item in sorted(noted, key=lambda item: item.rank)] == [text for text, *_ in typed]
    assert bench.window._announcer._state.text() == "Tout est enregistré"
    assert page_of(bench)._drafts.read(f"{bench.session.contract}-decision-ligne") is None


def test_a_refusal_takes_the_hand_from_nowhere(
    qtbot: QtBot, busy: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one typed in another field, while the disk made up its mind, went on in the line of the decision."""
    page = go(qtbot, busy, tab=1)
    line = page._panel.own.line
    assert line is not None

    def fail(*_: object) -> None:
        raise UserError("Le disque est plein.", "Libérez de la place.")

    monkeypatch.setattr(committee, "decide", fail)
    gate = threading.Event()
    busy.session.ask("", lambda _: gate.wait(60), lambda _: None)
    line.words.setFocus()
    QTest.keyClicks(line.words, "Relancer Bpifrance")
    QTest.keyClick(line.words, Qt.Key.Key_Return)
    elsewhere = busy.window.topbar.search
    elsewhere.setFocus()
    gate.set()
    settle(qtbot, busy)
    assert line.words.text() == "Relancer Bpifrance"
    assert busy.window.focusWidget() is elsewhere
    # Nor does what waits on disk for another contract, nor stays what was said of this one.
    page._drafts.keep("autre-decision-ligne", {"attente": [["Saisir", "", ""]]})
    line.keep_in(page._drafts, "autre-decision-ligne")
    assert line.words.text() == "Saisir"
    assert busy.window.focusWidget() is elsewhere
    assert not line._trouble.isVisible()


def test_a_decision_noted_as_the_window_closes_does_not_come_back(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    """Nobody heard that it was noted: the next window had it in the line, and Entrée noted it twice."""
    bench = open_window()
    page = go(qtbot, bench, tab=1)
    line = page._panel.own.line
    assert line is not None
    gate = threading.Event()
    bench.session.ask("", lambda _: gate.wait(60), lambda _: None)
    line.words.setFocus()
    QTest.keyClicks(line.words, "Relancer Bpifrance")
    QTest.keyClick(line.words, Qt.Key.Key_Return)
    QTest.keyClicks(line.words, "Saisir")
    threading.Timer(0.2, gate.set).start()
    assert bench.window.close()
    draft = page._drafts.read(f"{bench.session.contract}-decision-ligne")
    assert draft is not None
    assert (draft["Décision à noter"], draft["attente"]) == ("Saisir", [])


def test_the_decision_typed_for_a_contract_is_not_noted_in_another(qtbot: QtBot, busy: Bench) -> None:
    """It stayed in the line, under the meeting of the other contract."""
    line = go(qtbot, busy, tab=1)._panel.own.line
    assert line is not None
    drafts = page_of(busy)._drafts
    type_in(qtbot, line.words, "Relancer Bpifrance")
    line.keep_in(drafts, "autre-decision-ligne")
    assert line.words.text() == ""
    type_in(qtbot, line.words, "Saisir")
    line.keep_in(drafts, f"{busy.session.contract}-decision-ligne")
    assert line.words.text() == "Relancer Bpifrance"
    assert (drafts.read("autre-decision-ligne") or {})["Décision à noter"] == "Saisir"


def test_enter_pressed_twice_in_a_form_keeps_what_is_typed_once(qtbot: QtBot, busy: Bench) -> None:
    """The answer of a slow machine had not closed the form yet."""
    page, before = go(qtbot, busy, tab=1), len(busy.desk.held.decisions)
    page._panel.own.new_asked.emit()
    dialog = opened(qtbot, busy, DecisionDialog)
    qtbot.keyClicks(named(dialog, QPlainTextEdit, "Décision"), "Saisir la Region")
    gate = threading.Event()
    busy.session.ask("", lambda _: gate.wait(60), lambda _: None)
    for _ in range(2):
        qtbot.keyClick(named(dialog, QLineEdit, "Échéance"), Qt.Key.Key_Return)
    gate.set()
    settle(qtbot, busy)
    assert [item.label for item in busy.desk.held.decisions[before:]] == ["Saisir la Region"]
    qtbot.waitUntil(lambda: not busy.window.findChildren(DecisionDialog))


def test_a_form_is_saved_after_a_fault_of_the_program(
    qtbot: QtBot, busy: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """« Enregistrer » did nothing more, and said nothing."""
    page, before = go(qtbot, busy, tab=1), len(busy.desk.held.decisions)
    page._panel.own.new_asked.emit()
    dialog = opened(qtbot, busy, DecisionDialog)
    qtbot.keyClicks(named(dialog, QPlainTextEdit, "Décision"), "Saisir la Region")
    due = named(dialog, QLineEdit, "Échéance")

    def fail(*_: object) -> None:
        raise KeyError("faute")

    with monkeypatch.context() as patched:
        patched.setattr(committee, "decide", fail)
        qtbot.keyClick(due, Qt.Key.Key_Return)
        settle(qtbot, busy)
    assert [type(bug) for bug in busy.bugs] == [KeyError]
    qtbot.keyClick(due, Qt.Key.Key_Return)
    settle(qtbot, busy)
    assert [item.label for item in busy.desk.held.decisions[before:]] == ["Saisir la Region"]


def test_a_line_typed_before_the_last_is_kept_takes_none_away(qtbot: QtBot, busy: Bench) -> None:
    """The picture of a slow machine, older than the second line, took it off the list: the third was kept without it."""
    page = go(qtbot, busy)
    key, field = page._key, named(page, QLineEdit, "Ajouter un point")
    before = page._panel.agenda.lines
    gates = [threading.Event() for _ in range(2)]
    field.setFocus()
    for words, gate in zip(("Bilan", "Suites"), gates, strict=True):
        busy.session.ask("", lambda _, gate=gate: gate.wait(60), lambda _: None)
        type_in(qtbot, field, words)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    with qtbot.waitSignal(busy.session.pictured):
        gates[0].set()
    type_in(qtbot, field, "Divers")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    gates[1].set()
    settle(qtbot, busy)
    (meeting,) = [item for item in busy.desk.held.meetings if item.key == key]
    assert tuple(meeting.agenda.splitlines()) == (*before, "Bilan", "Suites", "Divers")
    assert page._panel.agenda.lines == (*before, "Bilan", "Suites", "Divers")


def test_the_mark_of_a_decision_on_a_past_day_is_of_what_its_words_say() -> None:
    """« À faire » stood beside the tick of what was done since."""
    done = Decision("d", "m", "Écrire", 1, state=DecisionState.FAITE, state_on=date(2026, 6, 1))
    for day, state, words in (
        (date(2026, 5, 31), DecisionState.A_FAIRE, "À faire"),
        (date(2026, 6, 1), DecisionState.FAITE, "Faite"),
    ):
        (row,) = decision_rows([done], lambda _: "D1", day)
        assert (row.state_then, row.state) == (state, words)
