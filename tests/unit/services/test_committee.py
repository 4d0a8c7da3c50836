"""What an officer does with meetings and decisions, on a base."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.meetings import meeting_coded
from qpvdesk.domain.model import DecisionState, Dossier, MeetingKind
from qpvdesk.domain.situation import situation
from qpvdesk.services import documents, journals
from qpvdesk.services.committees import committee
from qpvdesk.services.committees.committee import DecisionEntry, MeetingEntry
from qpvdesk.storage import maintenance, readers
from qpvdesk.storage.base import Database
from tests.helpers.reviews import desk_on, review_of
from tests.unit.storage import samples

TODAY = date(2026, 6, 30)
CODE = "contrat-1"
ENTRY = MeetingEntry(
    MeetingKind.COPIL,
    date(2026, 6, 30),
    " Sous-préfecture de Lens ",
    "Comité de pilotage n° 3",
    ("Bilan", " ", "Suites\ndonnées"),
    ("Sous-préfète", "Directeur territorial", "Sous-préfète"),
)


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Database]:
    with samples.new_base(tmp_path / "base.db") as made:
        yield made


def held(base: Database) -> Dossier:
    return base.dossier("contract1")


def test_a_meeting_is_kept_as_one_act_and_undone(base: Database) -> None:
    before = held(base).meetings
    twice = replace(ENTRY, participants=(ENTRY.participants[0], " ", *ENTRY.participants))
    change = committee.create(desk_on(base, TODAY), CODE, twice)
    assert change.label == "Comité de pilotage du 30/06/2026 inscrit"
    assert change.kinds == {"meeting"}
    made = meeting_coded(held(base), "copil-2026-06-30")
    assert made.place == "Sous-préfecture de Lens"
    assert made.agenda == "Bilan\nSuites données"
    assert made.participants == "Sous-préfète\nDirecteur territorial"
    base.undo()
    assert held(base).meetings == before
    base.redo()
    assert made in held(base).meetings


def test_a_committee_is_held_once_a_day_but_partners_are_met_apart(base: Database) -> None:
    committee.create(desk_on(base, TODAY), CODE, ENTRY)
    with pytest.raises(UserError, match="il y en a déjà au 30/06/2026"):
        committee.create(desk_on(base, TODAY), CODE, ENTRY)
    committee.create(desk_on(base, TODAY), CODE, replace(ENTRY, kind=MeetingKind.COTECH))
    for _ in range(2):
        committee.create(desk_on(base, TODAY), CODE, replace(ENTRY, kind=MeetingKind.BILATERALE))
    with pytest.raises(UserError, match="Plusieurs réunions"):
        meeting_coded(held(base), "BILAT-2026-06-30")


def test_editing_a_meeting_writes_what_changed_only(base: Database) -> None:
    change = committee.edit(
        desk_on(base, TODAY),
        CODE,
        "meet",
        replace(committee.entry_of(held(base).meetings[0]), place="Mairie de Liévin"),
    )
    assert change.label == "Comité de pilotage du 02/02/2026 modifié"
    assert [one.sentence for one in readers.history_of(base, "meet", 1)] == [
        f"Le {samples.NOON:%d/%m/%Y}, le lieu de COPIL-2026-02-02 est renseigné\u202f: «\u202fMairie de Liévin\u202f»"
    ]
    again = committee.edit(desk_on(base, TODAY), CODE, "meet", committee.entry_of(held(base).meetings[0]))
    assert not again


def test_an_address_is_no_function_and_nothing_is_kept(base: Database) -> None:
    with pytest.raises(UserError, match="est une adresse") as refused:
        committee.create(desk_on(base, TODAY), CODE, replace(ENTRY, participants=("prenom.nom@exemple.fr",)))
    assert "aucun nom" in refused.value.remedy
    assert len(held(base).meetings) == 1


def test_the_agenda_is_put_in_order(base: Database) -> None:
    change = committee.set_agenda(desk_on(base, TODAY), CODE, "meet", ("Suites", "Bilan"))
    assert change.label == "Ordre du jour de COPIL-2026-02-02 réordonné"
    assert held(base).meetings[0].agenda == "Suites\nBilan"
    assert committee.set_agenda(desk_on(base, TODAY), CODE, "meet", ("Suites",)).label.endswith("modifié")


def test_a_meeting_is_made_after_the_last_one_without_its_decisions(base: Database) -> None:
    committee.edit(desk_on(base, TODAY), CODE, "meet", replace(ENTRY, day=date(2026, 2, 2)))
    change = committee.duplicate(desk_on(base, TODAY), CODE, "meet", date(2026, 7, 2))
    assert change.label == "Comité de pilotage du 02/07/2026 inscrit sur le modèle de COPIL-2026-02-02"
    copy = meeting_coded(held(base), "COPIL-2026-07-02")
    assert (copy.agenda, copy.participants) == (
        "Bilan\nSuites données",
        "Sous-préfète\nDirecteur territorial",
    )
    assert copy.title == ""  # « n° 3 » would be wrong the next time
    assert [item.meeting for item in held(base).decisions] == ["meet"]
    with pytest.raises(UserError, match="il y en a déjà"):
        committee.duplicate(desk_on(base, TODAY), CODE, "meet", date(2026, 7, 2))


def test_decisions_are_numbered_for_good(base: Database) -> None:
    committee.decide(
        desk_on(base, TODAY), CODE, "meet", DecisionEntry(" Saisir la Région ", "DDETS", date(2026, 5, 1))
    )
    second = held(base).decisions[1]
    assert (second.rank, second.label, second.state) == (2, "Saisir la Région", DecisionState.A_FAIRE)
    change = committee.remove_decision(desk_on(base, TODAY), CODE, "dec")
    assert change.label == "Décision COPIL-2026-02-02-D1 retirée"
    committee.decide(desk_on(base, TODAY), CODE, "meet", DecisionEntry("Réunir les bailleurs"))
    assert [item.rank for item in held(base).decisions] == [2, 3]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (DecisionEntry(" \n "), "ne peut pas être vide"),
        (DecisionEntry("Écrire", due=date(2026, 2, 1)), "précède la réunion du 02/02/2026"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(base: Database, entry: DecisionEntry, said: str) -> None:
    before = held(base).decisions
    with pytest.raises(UserError, match=said):
        committee.decide(desk_on(base, TODAY), CODE, "meet", entry)
    with pytest.raises(UserError, match=said):
        committee.amend(desk_on(base, TODAY), CODE, "dec", entry)
    assert held(base).decisions == before


def test_the_states_of_a_decision_stay_in_its_history(base: Database) -> None:
    committee.set_state(desk_on(base, TODAY), CODE, "dec", DecisionState.EN_COURS)
    change = committee.set_state(desk_on(base, TODAY), CODE, "dec", DecisionState.FAITE)
    assert change.label == "Décision COPIL-2026-02-02-D1\u202f: faite"
    states = [
        (one.before, one.after)
        for one in journals.history_of(desk_on(base, TODAY), "dec")
        if one.field == "état"
    ]
    assert states == [("En cours", "Faite"), ("À faire", "En cours")]
    committee.amend(
        desk_on(base, TODAY),
        CODE,
        "dec",
        DecisionEntry("Écrire à Bpifrance", "Préfecture", state=DecisionState.FAITE),
    )
    assert [one.field for one in journals.history_of(desk_on(base, TODAY), "dec")][:3] == [
        "échéance",
        "porteur",
        "état",
    ]


def test_a_decision_goes_with_its_files_and_comes_back_with_them(base: Database, tmp_path: Path) -> None:
    desk = desk_on(base, TODAY)
    for name in ("Lettre.txt", "Réponse.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
        documents.attach(
            desk, CODE, "decision", "dec", incoming=documents.take_in(tmp_path / name, read=False)
        )
    before = held(base)
    assert len(before.joined("dec")) == 2
    committee.remove_decision(desk, CODE, "dec")
    assert (held(base).decisions, held(base).attachments) == ((), ())
    base.undo()
    assert held(base) == before


def test_several_decisions_change_their_state_in_one_act(base: Database) -> None:
    desk = desk_on(base, TODAY)
    for label in ("Saisir la Région", "Réunir les bailleurs"):
        committee.decide(desk, CODE, "meet", DecisionEntry(label))
    before = held(base).decisions
    keys = [item.key for item in before]
    change = committee.set_states(desk, CODE, keys[1:], DecisionState.FAITE)
    assert change.label == "2 décisions\u202f: faite"
    assert [item.state for item in held(base).decisions] == [
        DecisionState.A_FAIRE,
        DecisionState.FAITE,
        DecisionState.FAITE,
    ]
    base.undo()
    assert held(base).decisions == before
    change = committee.set_states(desk, CODE, keys[:1], DecisionState.FAITE)
    assert change.label == "Décision COPIL-2026-02-02-D1\u202f: faite"
    with pytest.raises(UserError):
        committee.set_states(desk, CODE, [*keys, "partie"], DecisionState.EN_COURS)
    assert {item.state for item in held(base).decisions} == {DecisionState.FAITE, DecisionState.A_FAIRE}


def test_a_late_decision_is_an_alert_until_it_is_done(base: Database) -> None:
    def late(day: date) -> list[str]:
        views = review_of(situation(held(base), day)).alerts
        return [view.point.object for view in views if view.point.kind == "decision_en_retard"]

    assert late(date(2026, 4, 1)) == []
    assert late(date(2026, 4, 2)) == ["COPIL-2026-02-02-D1"]
    committee.set_state(desk_on(base, date(2026, 4, 5)), CODE, "dec", DecisionState.FAITE)
    assert late(date(2026, 4, 5)) == []
    # On that day it was late, whatever became of it since.
    assert late(date(2026, 4, 2)) == ["COPIL-2026-02-02-D1"]


def test_a_meeting_goes_with_its_decisions_and_comes_back_with_them(base: Database) -> None:
    before = held(base)
    committee.remove(desk_on(base, TODAY), CODE, "meet")
    assert (held(base).meetings, held(base).decisions) == ((), ())
    base.undo()
    assert held(base) == before
    assert maintenance.check(base) == []


def test_what_is_gone_is_told(base: Database) -> None:
    with pytest.raises(UserError, match="Cette réunion n’existe plus"):
        committee.set_agenda(desk_on(base, TODAY), CODE, "elsewhere", ())
    with pytest.raises(UserError, match="Cette décision n’existe plus"):
        committee.set_state(desk_on(base, TODAY), CODE, "elsewhere", DecisionState.FAITE)


def test_an_unknown_code_is_answered_with_those_there_are(base: Database) -> None:
    with pytest.raises(UserError) as refused:
        meeting_coded(held(base), "COPIL-2031-01-01")
    assert "COPIL-2026-02-02" in refused.value.remedy


def test_a_decision_may_be_due_on_the_day_of_its_meeting(base: Database) -> None:
    day = held(base).meetings[0].day
    committee.decide(desk_on(base, TODAY), CODE, "meet", DecisionEntry("Écrire", due=day))
    assert held(base).decisions[-1].due == day


@pytest.mark.parametrize("kind", [kind for kind in MeetingKind if kind is not MeetingKind.BILATERALE])
def test_each_kind_of_committee_is_alone_on_its_day(base: Database, kind: MeetingKind) -> None:
    committee.create(desk_on(base, TODAY), CODE, replace(ENTRY, kind=kind))
    with pytest.raises(UserError, match="il y en a déjà"):
        committee.create(desk_on(base, TODAY), CODE, replace(ENTRY, kind=kind))
    committee.create(desk_on(base, TODAY), CODE, replace(ENTRY, kind=kind, day=date(2026, 7, 1)))
