"""The sentence that a contract comes down to, and what still lacks of an objective."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from qpvdesk.domain.expected import is_expected, to_ask
from qpvdesk.domain.french import format_date
from qpvdesk.domain.headline import Subject, headline
from qpvdesk.domain.how_far import against_words, gap_words, lack_words
from qpvdesk.domain.model import Decision, DecisionState, Frequency, Meeting, MeetingKind, Mesure, Sens
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.domain.statuses import Statut, statuses_named, to_handle
from qpvdesk.domain.targets import due_words
from tests.helpers import invented
from tests.unit.domain.builders import day, dossier, measurement, objective
from tests.unit.domain.test_progress import look


def parts(now: Situation) -> dict[Subject, str]:
    return {part.subject: part.words for part in headline(now)}


def test_what_counts_nothing_is_said_and_asks_nothing() -> None:
    dossier = invented.dossier()
    bare = replace(dossier, objectives=(), measurements=(), meetings=(), decisions=(), milestones=())
    now = situation(bare, invented.TODAY)
    assert list(parts(now).values()) == [
        "aucun objectif à traiter",
        "aucune décision échue",
        "aucun chiffre à demander",
        "aucun COPIL inscrit",
    ]
    assert [part.calm for part in headline(now)] == [True, True, True, False]
    assert [part.count for part in headline(now)] == [0, 0, 0, 0]


def test_it_counts_what_the_tiles_the_decisions_and_the_grid_count() -> None:
    dossier = invented.dossier()
    soon = Meeting(
        "copil-a-venir", dossier.contract.key, MeetingKind.COPIL, invented.TODAY + timedelta(days=1)
    )
    later = replace(soon, key="copil-suivant", day=invented.TODAY + timedelta(days=60))
    due = Decision(
        "d1", dossier.meetings[0].key, "Envoyer les chiffres", 1, "", invented.TODAY - timedelta(days=1)
    )
    done = replace(due, key="d2", rank=2, state=DecisionState.FAITE)
    today = replace(due, key="d3", rank=3, due=invented.TODAY)
    held = replace(dossier, meetings=(*dossier.meetings, later, soon), decisions=(due, done, today))
    now = situation(held, invented.TODAY)
    said = parts(now)
    assert said[Subject.TO_HANDLE] == f"{to_handle(now.counts)} objectifs à traiter"
    assert said[Subject.LATE_DECISIONS] == "1 décision échue"
    assert said[Subject.TO_ASK] == f"{len(to_ask(now))} chiffres à demander"
    assert said[Subject.NEXT_COPIL] == "COPIL dans 1 jour"
    assert headline(now)[-1].code.startswith("COPIL-")
    held_today = replace(dossier, meetings=(later, replace(soon, day=invented.TODAY)))
    assert parts(situation(held_today, invented.TODAY))[Subject.NEXT_COPIL] == "COPIL aujourd’hui"


def test_what_is_to_ask_was_never_given_or_is_too_old() -> None:
    now = situation(invented.dossier(), invented.TODAY)
    asked = to_ask(now)
    assert asked
    for item in asked:
        assert item.value_day is None or item.outdated
        assert not item.parts
        assert not item.objective.is_context


def test_what_is_given_once_is_awaited_until_it_is_known() -> None:
    once = objective("A", start=(0, "2023-12-31"), target=(100, "2027-12-31"), frequency=Frequency.UNIQUE)
    for figures in ((), (measurement(once, 20, "2025-06-30"),)):
        seen = situation(dossier(once, measurements=figures), day("2025-12-31")).assessments[once.key]
        assert is_expected(seen) is not bool(figures)


def test_what_lacks_is_told_with_its_date_and_nothing_where_it_is_met() -> None:
    now = situation(invented.dossier(), invented.TODAY)
    told = {item.objective.code: lack_words(item) for item in now.counted}
    for item in now.counted:
        words = told[item.objective.code]
        if item.status is Statut.ATTEINT or item.value is None:
            assert not words or item.objective.aim.yes_or_no
        if item.status is Statut.NON_ATTEINT and item.gap:
            assert words
    lacking = next(item for item in now.counted if "il manque" in told[item.objective.code])
    year = lacking.objective.target_date.year  # type: ignore[union-attr]
    assert told[lacking.objective.code].endswith(f" d’ici fin {year}")
    summer = replace(lacking, objective=replace(lacking.objective, target_date=date(year, 6, 30)))
    assert lack_words(summer).endswith(f" d’ici au 30/06/{year}")


@pytest.mark.parametrize(
    ("value", "words"),
    [("99.97", "il manque <\u00a00,1\u00a0pt"), ("98", "il manque 2,0\u00a0pt"), ("100.02", "")],
)
def test_a_share_that_lacks_almost_nothing_says_no_sign(value: str, words: str) -> None:
    """« il manque +0,1 pt » was said of what lacks less than a tenth."""
    share = objective(unit="%", start=(50, "2023-12-31"), target=(100, "2027-12-31"))
    told = lack_words(look(share, value, "2025-06-30"))
    assert told == (f"{words} d’ici fin 2027" if words else "")


def test_a_share_above_its_bound_by_almost_nothing_is_too_much_of_it() -> None:
    bound = objective(unit="%", sens=Sens.PLAFOND, target=(10, None))
    assert lack_words(look(bound, "10.01", "2025-06-30")) == "<\u00a00,1\u00a0pt de trop"


def test_what_nobody_dated_says_so_where_it_is_promised_by_a_day() -> None:
    now = situation(invented.dossier(), invented.TODAY)
    lacking = next(item for item in now.counted if "il manque" in lack_words(item) and item.objective.aim.way)
    undated = replace(lacking.objective, target_date=None, mesure=Mesure.STOCK)
    assert due_words(lacking.objective) == format_date(lacking.objective.target_date)
    assert due_words(undated) == "sans échéance"
    assert lack_words(replace(lacking, objective=undated)).endswith(", sans échéance")
    yearly = replace(undated, mesure=Mesure.FLUX)
    assert due_words(yearly) == "–"
    assert "échéance" not in lack_words(replace(lacking, objective=yearly))
    for sens in (Sens.PARITE, Sens.SUIVI):
        assert due_words(replace(undated, sens=sens)) == "–"
    bound = replace(undated, sens=Sens.PLANCHER)
    assert due_words(bound) == "sans échéance"
    assert "échéance" not in lack_words(replace(lacking, objective=bound))


def test_a_gap_of_one_is_singular_and_the_unit_is_told_once() -> None:
    now = situation(invented.dossier(), invented.TODAY)
    item = next(one for one in now.counted if one.gap and not one.objective.unit.startswith("%"))
    one_bus = replace(item, gap=-1, objective=replace(item.objective, unit="bus scolaires"))
    assert gap_words(one_bus) == "−1\u00a0bus scolaire"
    assert against_words(one_bus).count("bus scolaires") == 1


def test_a_group_names_its_statuses_and_an_unknown_word_is_refused() -> None:
    assert Statut.EN_RETARD in statuses_named("a_traiter")
    assert to_handle({Statut.EN_RETARD: 2, Statut.ATTEINT: 3}) == 2
    assert statuses_named("atteint") == (Statut.ATTEINT,)
    assert set(statuses_named("")) == set(Statut)
    with pytest.raises(ValueError, match="inconnu"):
        statuses_named("inconnu")
