"""Visites: the list, what was heard, what is to be done; its follow-up is given under the hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec.structs import replace
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import Visit
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages.page import Place
from qpvdesk.ui.pages.visits import VisitsPage
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
    bench.window.go(Place("visites"))
    page = child(bench.window, VisitsPage)
    qtbot.waitUntil(lambda: "Centre social" in words(page))  # the latest is shown first
    bench.window.go(Place("visites", "VISITE-2026-06-02"))
    qtbot.waitUntil(lambda: "Marché" in words(page))
    shown = words(page)
    for text in ("Marché", "Médiateur, Gardien", "Calme", "Un banc", "en retard, 15/06/2026"):
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
