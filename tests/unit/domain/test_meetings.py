"""Meetings: their lines, their order, what is still to be done of what they decided."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain import agenda, calendar, meetings
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Decision, DecisionState, Dossier, Meeting, MeetingKind, Snapshot
from qpvdesk.domain.situation import situation
from tests.unit.domain import builders

WINTER = Meeting("m1", "c", MeetingKind.COPIL, date(2025, 12, 10))
SPRING = Meeting("m2", "c", MeetingKind.COTECH, date(2026, 3, 12))
SUMMER = Meeting("m3", "c", MeetingKind.COPIL, date(2026, 6, 30))
CITIZENS = Meeting("m4", "c", "Conseil citoyen", date(2026, 5, 4))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
days = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@given(st.lists(texts, max_size=8))
def test_items_come_back_from_their_text(items: list[str]) -> None:
    held = meetings.lines(meetings.joined(items))
    assert held == tuple(item for item in map(meetings.one_line, items) if item)
    assert meetings.lines(meetings.joined(held)) == held


@given(texts)
def test_one_line_is_one_line_and_keeps_it_when_said_twice(text: str) -> None:
    said = meetings.one_line(text)
    assert len(said.splitlines()) <= 1
    assert meetings.one_line(said) == said


def test_narrow_spaces_inside_an_item_stay() -> None:
    assert meetings.one_line(" Bilan\u202f:\u00a0suites\n 2026 ") == "Bilan\u202f:\u00a0suites 2026"


@given(st.lists(st.integers(), min_size=1, max_size=9), st.data())
def test_moving_an_item_keeps_every_item_and_the_order_of_the_others(
    items: list[int], data: st.DataObject
) -> None:
    named = tuple(f"{place}:{item}" for place, item in enumerate(items))
    index = data.draw(st.integers(0, len(named) - 1))
    step = data.draw(st.integers(-12, 12))
    done = meetings.moved(named, index, step)
    assert sorted(done) == sorted(named)
    assert [item for item in done if item != named[index]] == [item for item in named if item != named[index]]
    assert done.index(named[index]) == max(0, min(len(named) - 1, index + step))


@given(st.sampled_from(MeetingKind), days, days)
def test_the_next_meeting_is_proposed_on_a_working_day_that_is_not_past(
    kind: MeetingKind, day: date, today: date
) -> None:
    proposed = meetings.day_of_next(Meeting("m", "c", kind, day), today)
    assert proposed >= today
    assert proposed > day
    assert proposed.weekday() < 5


def test_the_next_copil_is_proposed_half_a_year_later() -> None:
    assert meetings.day_of_next(WINTER, date(2026, 1, 5)) == date(2026, 6, 10)
    assert meetings.day_of_next(SUMMER, date(2027, 2, 1)) == date(2027, 2, 1)


def test_no_meeting_is_proposed_on_a_public_holiday() -> None:
    on = date.fromisoformat
    # All Saints, the Armistice, Easter Monday, Ascension, Whit Monday, the eighth of May before a weekend, the New Year.
    for day, proposed in (
        ("2026-05-01", "2026-11-02"),
        ("2026-05-11", "2026-11-12"),
        ("2026-09-28", "2027-03-30"),
        ("2026-11-06", "2027-05-07"),
        ("2026-11-17", "2027-05-18"),
        ("2025-11-08", "2026-05-11"),
        ("2026-07-01", "2027-01-04"),
    ):
        after = Meeting("m", "c", MeetingKind.COPIL, on(day))
        assert meetings.day_of_next(after, on("2026-01-01")) == on(proposed)
    for year, easter in (
        (2024, "2024-03-31"),
        (2026, "2026-04-05"),
        (2030, "2030-04-21"),
        (2038, "2038-04-25"),
        (2049, "2049-04-18"),
    ):
        assert calendar.working_day(on(easter)) == on(easter) + timedelta(2), year


def decision(key: str, meeting: Meeting, state: DecisionState, due: str | None = None) -> Decision:
    return Decision(
        key, meeting.key, key, int(key[-1]), due=date.fromisoformat(due) if due else None, state=state
    )


def test_earlier_decisions_show_what_is_open_by_due_day_then_what_is_closed() -> None:
    dossier = Dossier(
        builders.CONTRACT,
        meetings=(WINTER, SPRING, SUMMER),
        decisions=(
            decision("d1", WINTER, DecisionState.FAITE, "2026-01-31"),
            decision("d2", WINTER, DecisionState.EN_COURS),
            decision("d3", WINTER, DecisionState.A_FAIRE, "2026-09-30"),
            decision("d4", SPRING, DecisionState.A_FAIRE, "2026-05-31"),
            decision("d5", SPRING, DecisionState.ABANDONNEE),
            decision("d6", SUMMER, DecisionState.A_FAIRE, "2026-07-31"),
        ),
    )
    assert [item.key for item in meetings.earlier_decisions(dossier, SUMMER, SUMMER.day)] == [
        "d4",
        "d3",
        "d2",
        "d5",
        "d1",
    ]
    assert [item.key for item in meetings.earlier_decisions(dossier, SPRING, SPRING.day)] == [
        "d3",
        "d2",
        "d1",
    ]
    assert meetings.earlier_decisions(dossier, WINTER, WINTER.day) == ()
    assert [item.key for item in meetings.decisions_of(dossier, SPRING.key)] == ["d4", "d5"]


@pytest.mark.parametrize("state", DecisionState)
def test_only_an_open_decision_past_its_day_is_late(state: DecisionState) -> None:
    due = date(2026, 5, 31)
    item = Decision("d", "m", "Écrire", due=due, state=state)
    assert not meetings.is_late(item, due)
    assert meetings.is_late(item, due + timedelta(days=1)) is (state in meetings.OPEN_STATES)
    assert not meetings.is_late(Decision("d", "m", "Écrire", state=state), due)


def test_the_last_of_a_kind_is_the_latest_whatever_the_order() -> None:
    held = builders.dossier(meetings=(SUMMER, SPRING, WINTER, CITIZENS))
    assert meetings.last_of_kind(held, MeetingKind.COPIL) == SUMMER
    assert meetings.last_of_kind(held, MeetingKind.COTECH) == SPRING
    assert meetings.last_of_kind(held, MeetingKind.REVUE) is None


def test_the_state_of_a_decision_is_that_of_the_day() -> None:
    closed = replace(decision("d1", WINTER, DecisionState.FAITE, "2026-09-30"), state_on=date(2026, 10, 15))
    days = (date(2026, 6, 17), date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 15))
    assert [meetings.state_words(closed, day) for day in days] == [
        "À faire",
        "À faire",
        "À faire, échue",
        "Faite",
    ]
    assert [meetings.is_open(closed, day) for day in days] == [True, True, True, False]
    begun = replace(closed, state=DecisionState.EN_COURS, state_on=days[0])
    assert [meetings.state_words(begun, day) for day in days[1:3]] == ["En cours", "En cours, échue"]
    # Nobody noted since when, in a base of before: as recorded.
    assert meetings.state_words(replace(closed, state_on=None), days[0]) == "Faite"


def test_an_arrete_says_what_it_replaces_and_why() -> None:
    made = [
        Snapshot(f"s{rank}", "c", WINTER.key, WINTER.day, date(2026, 1, rank), "0" * 64, reason)
        for rank, reason in enumerate(("", "Chiffre de l’ARS corrigé", ""), 1)
    ]
    dossier = Dossier(builders.CONTRACT, meetings=(WINTER,), snapshots=tuple(made))
    assert [meetings.arrete_words(dossier, item) for item in made] == [
        "arrêté n°\u00a01 du 01/01/2026",
        "arrêté n°\u00a02 du 02/01/2026, remplace le n°\u00a01 du 01/01/2026\u202f: Chiffre de l’ARS corrigé",
        "arrêté n°\u00a03 du 03/01/2026, remplace le n°\u00a02 du 02/01/2026, sans motif",
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("copil", MeetingKind.COPIL), ("Comité de pilotage", MeetingKind.COPIL), ("CoTech", MeetingKind.COTECH),
        ("comite_technique", MeetingKind.COTECH), ("réunion bilatérale", MeetingKind.BILATERALE),
        ("CONSEIL CITOYEN", "Conseil citoyen"), (" comité  TFPB ", "Comité TFPB"),
    ],
)  # fmt: skip
def test_a_kind_of_meeting_is_a_usual_one_or_one_of_the_contract(text: str, kind: str) -> None:
    dossier = builders.dossier(meetings=(CITIZENS, WINTER))
    assert meetings.meeting_kinds(dossier) == (*MeetingKind, "Conseil citoyen")
    assert meetings.meeting_kind(text, meetings.meeting_kinds(dossier)) == kind
    code = meetings.meeting_code(CITIZENS)
    assert (code, meetings.is_meeting_code(code)) == ("CONSEIL-CITOYEN-2026-05-04", True)
    assert not any(map(meetings.is_meeting_code, ("VISITE-2026-05-04", "CAF-O01", "")))


@pytest.mark.parametrize("text", ["", "…", "Visite", "x" * 61])
def test_what_names_no_kind_of_meeting_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="genre de réunion"):
        meetings.meeting_kind(text)


def test_a_decision_is_of_the_code_that_it_names_and_not_of_one_that_begins_so() -> None:
    """What was decided of BPI-O12 was « décision à exécuter » of BPI-O1."""
    item = builders.objective("BPI-O1", label="Ateliers tenus")
    base = builders.dossier(item)
    carrier = base.partners[0].short_name

    def decided(label: str) -> bool:
        decision = Decision("d", WINTER.key, label, carrier=carrier)
        dossier = replace(base, meetings=(WINTER,), decisions=(decision,))
        return meetings.decided_already(dossier, item, SUMMER.day) is not None

    assert decided("Relever BPI-O1 avant juin.")
    assert not decided("Relever BPI-O12 avant juin.")


def test_what_was_announced_is_decided_of_where_a_later_decision_speaks_of_the_same_thing() -> None:
    base = builders.dossier()
    partner = replace(base.partners[0], name="Agence régionale", short_name="ARS", code="ARS")
    told = "Saisir le comité. Couvrir les quartiers par des médiateurs"
    before, after = WINTER.day - timedelta(1), WINTER.day
    for label, carrier, since, decided in (
        ("Le cofinancement du médiateur est arbitré.", "ARS", before, True),
        ("Le cofinancement du médiateur est arbitré.", "ARS", after, False),
        ("Le cofinancement du médiateur est arbitré.", "Région", before, False),
        ("L’agence régionale signe la charte.", "ARS", before, False),
    ):
        decision = Decision("d", WINTER.key, label, carrier=carrier)
        dossier = replace(base, meetings=(WINTER,), decisions=(decision,))
        words = f"{told} de l’agence régionale"
        assert meetings.decided_since(dossier, partner, words, since=since, day=SUMMER.day) is decided
    everywhere = replace(
        dossier,
        engagements=tuple(builders.engagement(label=f"Actions {n} en quartiers") for n in range(4)),
        decisions=(Decision("d", WINTER.key, "Présenter le bilan des quartiers.", carrier="ARS"),),
    )
    assert not meetings.decided_since(everywhere, partner, told, since=before, day=SUMMER.day)
    closed = replace(
        dossier,
        decisions=(Decision("d", WINTER.key, "Médiateur.", carrier="ARS", state=DecisionState.FAITE),),
    )
    assert not meetings.decided_since(closed, partner, told, since=before, day=SUMMER.day)


def test_what_a_later_meeting_decides_is_not_yet_to_be_done() -> None:
    """The dates to come of the day before a committee told what it decided, and a paper that it was decided already."""
    told, eve = builders.objective("BPI-O10"), SUMMER.day - timedelta(1)
    partner = builders.BPI.code
    taken = Decision("d", SUMMER.key, "Revoir BPI-O10.", 1, partner, SUMMER.day + timedelta(30))
    base = replace(builders.dossier(told), meetings=(WINTER, SUMMER), decisions=(taken,))
    for day, known in ((eve, False), (SUMMER.day, True)):
        dated = agenda.next_dates(situation(base, day))
        assert [item.code for item in dated if item.kind == "decision"] == ["COPIL-2026-06-30-D1"] * known
        assert (meetings.decided_already(base, told, day) is taken) is known
        assert meetings.decided_by(base, day) == (taken,) * known


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Revoir BPI-O10.", True),
        ("Revoir BPI-O10-62.", True),
        ("Revoir BPI-O100.", False),
        ("Revoir X-BPI-O10.", False),
    ],
)
def test_a_decision_names_the_code_of_an_objective_not_the_beginning_of_another(
    words: str, named: bool
) -> None:
    told = builders.objective("BPI-O10")
    taken = Decision("d", WINTER.key, words, carrier=builders.BPI.code)
    base = replace(builders.dossier(told), meetings=(WINTER,), decisions=(taken,))
    assert (meetings.decided_already(base, told, SUMMER.day) is taken) is named


def test_what_is_decided_after_a_day_binds_nobody_on_it() -> None:
    """A paper of 31/12/2025 asked what had become of what was decided on 17/06/2026."""
    partner, target = builders.BPI, builders.objective(label="Chargeurs ouverts")
    ordered = replace(
        decision("d1", SUMMER, DecisionState.A_FAIRE, "2026-03-01"),
        label=f"Achever {target.code} et ses chargeurs",
        carrier=partner.short_name,
    )
    dossier = builders.dossier(target, meetings=(WINTER, SUMMER), decisions=(ordered,))
    after = Meeting("m9", "c", MeetingKind.COPIL, date(2026, 12, 10))
    eve, day = SUMMER.day - timedelta(days=1), SUMMER.day
    for known, then in (((), eve), ((ordered,), day)):
        assert meetings.decided_by(dossier, then) == known
        assert meetings.overdue(dossier, then) == known
        assert meetings.earlier_decisions(dossier, after, then) == known
        assert (meetings.decided_already(dossier, target, then) is not None) is bool(known)
        since = meetings.decided_since(dossier, partner, "Des chargeurs manquent", since=WINTER.day, day=then)
        assert since is bool(known)
        dates = agenda.next_dates(situation(replace(dossier, decisions=(replace(ordered, due=day),)), then))
        assert any("Décision" in item.label for item in dates) is bool(known)
