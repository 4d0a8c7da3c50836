"""Contrats: offered where a base holds several, each read beside, one opened from its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import Contract, MeetingKind
from qpvdesk.domain.statuses import to_handle
from qpvdesk.services.committees import committee
from qpvdesk.services.committees.committee import MeetingEntry
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts
from qpvdesk.storage import opening
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.kit.table import Table, left_out
from qpvdesk.ui.pages.committees import CommitteesPage
from qpvdesk.ui.pages.contracts import ContractsPage
from qpvdesk.ui.pages.page import Address
from qpvdesk.ui.sidebar import NavButton
from qpvdesk.ui.topbar import Topbar
from tests.bench.bases import take_in
from tests.bench.synthetic import Size, dossiers
from tests.gui.conftest import Bench
from tests.gui.test_window import child
from tests.helpers import invented

THREE = Size("trois", 3, 120, 2)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base of three small contracts. Not to be changed: copy it."""
    path = tmp_path_factory.mktemp("trois") / "base.db"
    with opening.create(path) as base:
        take_in(base, dossiers(THREE))
    return path


def button(bench: Bench) -> NavButton:
    return next(item for item in bench.window.findChildren(NavButton) if item.accessibleName() == "Contrats")


def test_with_one_contract_the_page_is_not_offered(bench: Bench) -> None:
    assert button(bench).isHidden()
    assert not bench.window.actions_by_word["contrats"].isEnabled()
    assert "contrats" not in bench.window.navigator.pages


def test_every_contract_is_told_as_its_own_page_tells_it(
    open_window: Callable[..., Bench], three: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    bench = open_window(next(dossiers(THREE)), model=three)
    assert not button(bench).isHidden()
    bench.window.actions_by_word["contrats"].trigger()
    page = child(bench.window, ContractsPage)
    table, common = page.findChildren(Table)
    model = table.model()
    # The contract in view is there at once.
    assert model.rowCount() == 1
    qtbot.waitUntil(lambda: model.rowCount() == 3)
    titles = [str(model.headerData(place, Qt.Orientation.Horizontal)) for place in range(model.columnCount())]
    with opening.open_base(bench.desk.path, read_only=True) as base:
        desk = Desk(base, today=lambda: invented.TODAY)
        expected = {}
        for contract in desk.contracts():
            now = desk.situation(contract.code, invented.TODAY)
            # Without « Contrat de ville n° », which all of them begin with.
            expected[contract.name.rpartition(" ")[2]] = f"{to_handle(now.counts)} sur {len(now.promised)}"
    place = titles.index("À traiter")
    assert {model.index(row, 0).data(): model.index(row, place).data() for row in range(3)} == expected
    assert titles.index("ARS") > place
    told = [at for at in range(5, len(titles)) if not left_out(table, at)]
    assert len(told) >= 5, "five partners have room on a laptop"
    silent = {str(model.index(row, titles.index("Sans réponse")).data()) for row in range(3)}
    # One partner with its figures, then how many others: nobody is cut off unseen.
    assert all(re.fullmatch(r"[^,]+ \d+( et \d+ autres|, [^,]+ \d+)?", words) for words in silent), silent
    assert any("autres" in words for words in silent)
    assert common.model().rowCount() > 0
    said = [item.text() for item in page.findChildren(QLabel)]
    assert any(words.startswith("Médiane de 3 contrats") for words in said)
    assert "3 contrats" in said
    bench.notifier.path = tmp_path / "note.pdf"
    with qtbot.waitSignal(bench.session.printed) as printed:
        next(item for item in page.findChildren(QPushButton) if item.text() == "Note départementale…").click()
    assert printed.args == [tmp_path / "note.pdf"]
    assert (tmp_path / "note.pdf").read_bytes().startswith(b"%PDF")
    # Enter opens the contract of the line.
    table.setFocus()
    table.selectRow(2)
    name = model.index(2, 0).data()
    with qtbot.waitSignal(bench.session.pictured):
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert bench.session.picture is not None
    assert bench.session.picture.contract.name.endswith(f" {name}")
    assert bench.window.navigator.current is not None
    assert bench.window.navigator.current.word == "tableau"
    # Come back to, it reads again what may have moved.
    bench.window.go(Address("contrats"))
    qtbot.waitUntil(lambda: "3 contrats" in [item.text() for item in page.findChildren(QLabel)])
    assert bench.bugs == []


def test_what_waits_in_another_contract_is_told_and_led_to(
    open_window: Callable[..., Bench], three: Path, qtbot: QtBot
) -> None:
    """« Tout est enregistré » stood over a form left in the contract looked at before, and its decision over this one."""
    bench = open_window(next(dossiers(THREE)), model=three)
    first, second = bench.session.picture.contracts[:2]
    state, resume = bench.window._announcer._state, bench.window._announcer._resume

    def show(contract: Contract) -> None:
        child(bench.window, Topbar).contract_chosen.emit(contract.code)
        qtbot.waitUntil(lambda: bench.session.picture.contract == contract)

    def wait(words: str) -> None:
        expected = sorted(words.replace(" : ", "\u202f: ").split(" · "))
        qtbot.waitUntil(lambda: sorted(state.text().split(" · ")) == expected)

    show(first)
    wait("Tout est enregistré")
    bench.window.go(Address("comites", filters=(("volet", "1"),)))
    child(bench.window, CommitteesPage)._line.words.setText("Relancer Bpifrance")
    drafts = Drafts(bench.settings.parent / "brouillons")
    drafts.keep(f"{first.code}-partner-nouveau", {"champs": {"name": "Bpifrance"}})
    # Of a thing that is gone, and of no contract: nothing can be taken up again.
    for name in (f"{first.code}-partner-parti", "autre-partner-nouveau"):
        drafts.keep(name, {"champs": {"name": "Bpifrance"}})
    drafts.flush()
    bench.window.go(Address("tableau"))
    show(second)
    wait(f"Tout est enregistré ici · 2 brouillons attendent dans {first.name}")
    qtbot.keyClick(resume, Qt.Key.Key_Return)
    menu = resume.findChild(QMenu)
    (act,) = [item for item in menu.actions() if not item.isSeparator()]
    assert act.text() == f"Voir\u202f: {first.name} (2 brouillons)"
    act.trigger()
    menu.close()
    qtbot.waitUntil(lambda: bench.session.picture.contract == first)
    wait("1 décision tapée, à noter · 1 brouillon gardé : Nouveau partenaire")
    # Of several contracts their number.
    drafts.keep(f"releves-{second.code}", {"lignes": {"o1": {"value": "12"}}})
    drafts.flush()
    show(bench.session.picture.contracts[2])
    wait("Tout est enregistré ici · 3 brouillons attendent dans 2 autres contrats")
    show(second)
    wait(f"1 ligne de relevés en brouillon, à enregistrer · 2 brouillons attendent dans {first.name}")


def test_a_decision_typed_where_no_meeting_is_inscribed_is_not_told_of_another_contract(
    open_window: Callable[..., Bench], three: Path, qtbot: QtBot
) -> None:
    """The line of the meetings, shown again, said nothing: « 1 décision tapée » stayed at the foot, of the contract left."""
    bench = open_window(next(dossiers(THREE)), model=three)
    first, second = bench.session.picture.contracts[:2]
    state = bench.window._announcer._state

    def show(contract: Contract) -> None:
        child(bench.window, Topbar).contract_chosen.emit(contract.code)
        qtbot.waitUntil(lambda: bench.session.picture.contract == contract and bench.lane.pending == 0)

    show(second)
    meeting = MeetingEntry(MeetingKind.COPIL, bench.session.today)
    bench.session.change("Réunion", lambda desk: committee.create(desk, second.code, meeting))
    bench.window.go(Address("comites", filters=(("volet", "1"),)))
    page = child(bench.window, CommitteesPage)
    qtbot.waitUntil(lambda: page._panel.own.line.isVisible())
    show(first)
    page._line.words.setText("Relancer Bpifrance")
    assert state.text() == "1 décision tapée, à noter"
    show(second)
    qtbot.waitUntil(lambda: "attend dans" in state.text())
    assert state.text() == f"Tout est enregistré ici · 1 brouillon attend dans {first.name}"
    assert page._panel.own.line.words.text() == ""
    show(first)
    assert page._line.words.text() == "Relancer Bpifrance"


def test_what_waited_in_a_contract_that_is_being_removed_is_not_looked_for_in_it(
    open_window: Callable[..., Bench], three: Path, qtbot: QtBot
) -> None:
    """Asked behind the removal, on a slow disk, for what the window still showed: a refusal of nothing was told."""
    bench = open_window(next(dossiers(THREE)), model=three)
    second = bench.session.picture.contracts[1]
    drafts = Drafts(bench.settings.parent / "brouillons")
    drafts.keep(f"{second.code}-partner-nouveau", {"champs": {"name": "Bpifrance"}})
    drafts.flush()
    refused: list[str] = []
    bench.session.refused.connect(lambda _, error: refused.append(error.message))
    bench.session.change("Contrat", lambda desk: acts.remove_contract(desk, second.code))
    bench.window._equipment._tell_kept()
    qtbot.waitUntil(lambda: len(bench.session.picture.contracts) == 2 and bench.lane.pending == 0)
    assert refused == []
    assert bench.window._announcer._state.text() == "Tout est enregistré"
