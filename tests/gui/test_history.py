"""The journal under the hand: words, kind of object, period and author."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.domain.change import Change
from qpvdesk.domain.kinds import KINDS, journal_subject
from qpvdesk.domain.model import Dossier
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts
from qpvdesk.services.editing.reading import write
from qpvdesk.storage.history import HistoryEntry
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages import history
from qpvdesk.ui.pages.history import HistoryPage
from qpvdesk.ui.pages.objectives import ObjectivesPage
from qpvdesk.ui.pages.page import Address
from tests.gui.conftest import Bench
from tests.gui.test_window import button, child, click, settle, words
from tests.helpers import invented


def entry(days_ago: int, kind: str, code: str, author: str) -> HistoryEntry:
    when = datetime.combine(invented.TODAY, datetime.min.time()).astimezone() - timedelta(days=days_ago)
    return HistoryEntry(when, author, "Acte", kind, code, "", "", "", f"Le {when:%d/%m/%Y}, {kind} changé")


ENTRIES = (
    entry(0, "measurement", "BPI-O01", "Poste A"),
    entry(6, "meteo", "BPI-E01", "Poste A"),
    entry(7, "measurement", "BPI-O02", "Poste B"),
    entry(400, "contract", "", "Poste A"),
)


@pytest.fixture
def page(qtbot: QtBot, bench: Bench) -> HistoryPage:
    bench.window.go(Address("journal"))
    settle(qtbot, bench)
    found = child(bench.window, HistoryPage)
    found.show_history(ENTRIES)
    return found


def codes(page: HistoryPage) -> list[str]:
    model = child(page, Table).model()
    return [model.index(row, 1).data() for row in range(model.rowCount())]


def choose(qtbot: QtBot, page: HistoryPage, name: str, words: str) -> None:
    """Choose in a list with the keyboard."""
    combo = next(one for one in page.findChildren(QComboBox) if one.accessibleName() == name)
    assert combo.isVisible()
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(combo.count()):
        if combo.currentText() == words:
            return
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    raise AssertionError(words)


def test_by_kind_of_object(qtbot: QtBot, page: HistoryPage) -> None:
    choose(qtbot, page, "Genre d’objet", "Relevés")
    assert codes(page) == ["BPI-O01", "BPI-O02"]
    choose(qtbot, page, "Genre d’objet", "Contrat et documents")
    assert codes(page) == ["–"]


def test_every_kind_of_thing_is_filed_under_something_and_what_has_an_owner_with_it(
    qtbot: QtBot, page: HistoryPage
) -> None:
    # A kind that says nothing and has no owner raises here; what a means is worth by year was filed with the contract.
    words_by_kind = {kind.name: journal_subject(kind.name) for kind in KINDS}
    assert set(words_by_kind.values()) == set(history._SUBJECTS)
    for name in ("funding_year", "funding_partner"):
        assert words_by_kind[name] == "moyens"
    page.show_history((*ENTRIES, entry(0, "funding_year", "F1", "Poste A")))
    choose(qtbot, page, "Genre d’objet", "Moyens mobilisés")
    assert codes(page) == ["F1"]


def test_by_period_counted_in_whole_days_up_to_today(qtbot: QtBot, page: HistoryPage) -> None:
    choose(qtbot, page, "Période", "Aujourd’hui")
    assert codes(page) == ["BPI-O01"]
    choose(qtbot, page, "Période", "7 derniers jours")
    assert codes(page) == ["BPI-O01", "BPI-E01"]
    choose(qtbot, page, "Période", "12 derniers mois")
    assert codes(page) == ["BPI-O01", "BPI-E01", "BPI-O02"]


def test_by_author_and_by_words_together(qtbot: QtBot, page: HistoryPage) -> None:
    choose(qtbot, page, "Auteur", "Poste B")
    assert codes(page) == ["BPI-O02"]
    qtbot.keyClicks(child(page, QLineEdit), "bpi-o01")
    assert codes(page) == []
    assert any("Aucun changement ne répond" in one for one in words(page))
    click(qtbot, button(page, "Tout afficher"))
    assert len(codes(page)) == 4


def test_one_author_alone_is_no_choice(page: HistoryPage) -> None:
    page.show_history(ENTRIES[:2])
    assert not any(
        one.accessibleName() == "Auteur" and one.isVisible() for one in page.findChildren(QComboBox)
    )


def test_the_filters_are_found_again_on_the_way_back(qtbot: QtBot, page: HistoryPage) -> None:
    choose(qtbot, page, "Genre d’objet", "Météo")
    there = page.address()
    choose(qtbot, page, "Genre d’objet", "Tous les objets")
    page.arrive(there)
    assert codes(page) == ["BPI-E01"]


def test_a_line_leads_to_its_object_and_the_sentence_keeps_no_second_date(
    qtbot: QtBot, bench: Bench, page: HistoryPage
) -> None:
    table = child(page, Table)
    assert table.model().index(0, 2).data() == "Measurement changé"
    table.select_first()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert child(bench.window, ObjectivesPage).isVisible()


def test_older_changes_are_read_when_asked_for(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_FIRST", 2)
    for number in range(5):
        bench.session.change("Essai", partial(_note, f"Note {number}"))
    qtbot.waitUntil(lambda: bench.lane.pending == 0)
    bench.window.go(Address("journal"))
    page = bench.window.findChild(HistoryPage)
    assert page is not None
    older = next(one for one in page.findChildren(QPushButton) if one.text() == "Remonter plus loin")
    table = page.findChild(Table)
    qtbot.waitUntil(lambda: table.model().rowCount() == 2 and older.isVisible())
    click(qtbot, older)
    qtbot.waitUntil(lambda: table.model().rowCount() > 2 and not older.isVisible())


def _note(words: str, desk: Desk) -> Change:
    contract = desk.contracts()[0]
    typed = write(Dossier(contract), "contract", contract.key)
    return acts.save(desk, contract.code, "contract", typed | {"note": words}, key=contract.key)
