"""Visites: the list, what was heard, what is to be done; its follow-up is given under the hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QToolTip
from pytestqt.qtbot import QtBot

from qpvdesk.domain.meeting_alerts import SUITE_EN_RETARD
from qpvdesk.domain.model import Visit
from qpvdesk.ui.dialogs.entity import EntityDialog
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.text_area import TextArea
from qpvdesk.ui.pages.dashboard import DashboardPage
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.pages.points import PointsPage
from qpvdesk.ui.pages.visits import VisitsPage
from qpvdesk.ui.widgets.line_button import LineButton
from tests.gui.conftest import Bench
from tests.gui.test_window import child, words
from tests.helpers import invented

MARKET = Visit(
    "v1",
    "k",
    date(2026, 6, 2),
    "Marché",
    functions="Médiateur\nGardien",
    mood="Calme",
    needs="Un banc",
    follow_up="Écrire à la commune",
    due=date(2026, 6, 15),
)
CENTRE = Visit("v2", "k", date(2026, 6, 20), "Centre social", difficulties="Le soir")


def test_a_visit_is_read_followed_up_and_gone_to(qtbot: QtBot, open_window: Callable[..., Bench]) -> None:
    bench = open_window(replace(invented.dossier(), visits=(MARKET, CENTRE)))
    bench.window.go(Address("visites"))
    page = child(bench.window, VisitsPage)
    qtbot.waitUntil(lambda: "Centre social" in words(page))  # the latest is shown first
    bench.window.go(Address("visites", "VISITE-2026-06-02"))
    qtbot.waitUntil(lambda: "Marché" in words(page))
    shown = words(page)
    for text in ("Marché", "Médiateur, Gardien", "Calme", "Un banc", "en retard depuis le 15/06/2026"):
        assert text in shown
    done = next(item for item in page.findChildren(QPushButton) if item.text() == "Suite donnée")
    done.click()
    qtbot.waitUntil(lambda: "donnée le 30/06/2026" in words(page))
    row = child(page, Table).current_row()
    assert row is not None
    assert row.done_on == date(2026, 6, 30), "the same visit stays chosen"
    asked: list[str] = []
    page.making.connect(lambda kind, _: asked.append(kind))
    next(item for item in page.findChildren(QPushButton) if item.text() == "Noter une visite…").click()
    assert asked == ["visit"]
    # A visit has no code of its own: what was just made is chosen all the same, or Suppr would remove the one before.
    form = child(bench.window, EntityDialog)
    for name, typed in (("Date", "10/06/2026"), ("Lieu", "École")):
        control = next(one for one in form.findChildren(QLineEdit) if one.accessibleName() == name)
        control.setFocus()
        control.selectAll()
        qtbot.keyClicks(control, typed)
    qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: child(page, Table).current_row().place == "École")


def test_a_visit_is_modified_and_removed_from_its_row_and_the_hand_stays_beside(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    third = replace(CENTRE, key="v3", day=date(2026, 6, 25), place="Parc")
    bench = open_window(replace(invented.dossier(), visits=(MARKET, CENTRE, third)))
    bench.window.go(Address("visites"))
    page = child(bench.window, VisitsPage)
    table = child(page, Table)
    qtbot.waitUntil(lambda: table.current_row() is not None)
    table.select_identity("v2")
    modify = next(item for item in page.findChildren(QPushButton) if item.text() == "Modifier…")
    assert modify.isEnabled()
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: [row.key for row in table.model().shown] == ["v3", "v1"])
    row = table.current_row()
    assert row is not None
    assert row.key == "v1", "the row below takes the hand"
    qtbot.waitUntil(lambda: "Marché" in words(page))


def test_at_an_earlier_date_what_was_not_yet_visited_is_not_seen(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    bench = open_window(replace(invented.dossier(), visits=(MARKET, CENTRE)))
    bench.window.go(Address("visites"))
    page = child(bench.window, VisitsPage)
    table = child(page, Table)
    qtbot.waitUntil(lambda: table.model().rowCount() == 2)
    bench.session.show_day(date(2026, 6, 10))
    qtbot.waitUntil(lambda: [row.key for row in table.model().shown] == ["v1"])
    assert "1 visite, 1 après cette date" in words(page)
    qtbot.waitUntil(lambda: "à faire pour le 15/06/2026" in words(page))  # not late on that day


def test_the_dashboard_reminds_of_what_a_visit_calls_for(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    bench = open_window(replace(invented.dossier(), visits=(MARKET, CENTRE)))
    dashboard = child(bench.window, DashboardPage)
    late = next(
        one for one in dashboard.findChildren(LineButton) if "Suite de visite (Marché" in one.toolTip()
    )
    assert "en retard" in late.accessibleName()
    late.click()
    page = child(bench.window, VisitsPage)
    qtbot.waitUntil(lambda: page.isVisible() and "Écrire à la commune" in " ".join(words(page)))


def test_a_follow_up_past_its_date_is_to_be_done_and_leads_to_its_visit(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    bench = open_window(replace(invented.dossier(), visits=(MARKET, CENTRE)))
    bench.window.go(Address("points", filters=(("etat", "a_faire"), ("regle", SUITE_EN_RETARD))))
    page = child(bench.window, PointsPage)
    assert any("soit 15 jours de retard" in said for said in words(page))
    next(item for item in page.findChildren(QPushButton) if item.text() == "Ouvrir VISITE-2026-06-02").click()
    qtbot.waitUntil(lambda: "Marché" in words(child(bench.window, VisitsPage)))


def test_a_very_long_text_is_shown_by_its_beginning_and_kept_whole(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    """Nearly as long as a text may be: each painting of the page kept the window for seconds, and opening its form for
    minutes."""
    long = ("mot de passe " * 150_000).strip()
    bench = open_window(
        replace(invented.dossier(), visits=(replace(MARKET, mood=long, place="Marché " * 5000),))
    )
    bench.window.go(Address("visites"))
    page = child(bench.window, VisitsPage)
    qtbot.waitUntil(lambda: any(text.startswith("mot de passe") for text in words(page)))
    (shown,) = (text for text in words(page) if text.startswith("mot de passe"))
    assert len(shown) < 25_000
    assert shown.replace("\u202f", " ").endswith(
        "Ce texte a 1 949 999 signes : ses 20 000 premiers se lisent ici, il est gardé tout entier."
    )
    table = child(page, Table)
    texts = [str(table.model().index(0, at).data()) for at in range(table.model().columnCount())]
    assert max(map(len, texts)) <= 2000
    bench.window.editor.change_one("visit", MARKET.key)
    form = child(bench.window, EntityDialog)
    mood, place = form._controls["mood"], form._controls["place"]
    assert isinstance(mood, TextArea)
    assert (len(mood.toPlainText()), mood.isReadOnly()) == (50_000, True)
    assert "gardé tout entier" in form._fields["mood"]._error.text()
    assert isinstance(place, QLineEdit)
    place.setText("Place du marché")
    with qtbot.waitSignal(bench.session.changed):
        form._submit()
    (visit,) = bench.desk.held.visits
    assert (visit.mood, visit.place) == (long, "Place du marché")


def test_a_line_longer_than_a_field_of_qt_is_not_cut_by_its_form(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    name = "x" * 40_000
    bench = open_window(replace(invented.dossier(), visits=(replace(MARKET, place=name),)))
    bench.window.editor.change_one("visit", MARKET.key)
    form = child(bench.window, EntityDialog)
    mood = form._controls["mood"]
    assert isinstance(mood, TextArea)
    mood.setPlainText("Animé")
    with qtbot.waitSignal(bench.session.changed):
        form._submit()
    assert bench.desk.held.visits[0].place == name


def test_a_paste_that_a_field_cannot_lay_out_is_refused(qtbot: QtBot) -> None:
    area = TextArea()
    qtbot.addWidget(area)
    area.show()
    area.activateWindow()
    qtbot.waitUntil(area.isActiveWindow)
    area.setPlainText("Calme")
    QGuiApplication.clipboard().setText("x" * 60_000)
    area.paste()
    assert area.toPlainText() == "Calme"
    told = QToolTip.text().replace("\u202f", " ")
    assert told.startswith("<p>Rien n’est collé : ce texte a 60 000 signes, ce champ en prend 50 000.")
    assert QToolTip.isVisible()
    QGuiApplication.clipboard().setText(", et propre")
    area.moveCursor(area.textCursor().MoveOperation.End)
    area.paste()
    assert area.toPlainText() == "Calme, et propre"
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
