"""Targets as people write them: a part of the start, one for so many inhabitants, two bounds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from msgspec.structs import replace

from qpvdesk.domain import periods
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.evidence import Evidence, Reading
from qpvdesk.domain.model import Objective, Population
from qpvdesk.domain.progress import Assessment, assess, trend_of_value
from qpvdesk.domain.sens import Sens
from qpvdesk.domain.statuses import Statut, Trend
from qpvdesk.domain.target_rules import rule_of, settled, target_word, value_of, written
from tests.unit.domain import builders

DAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("−20 %", Fraction(-1, 5)),
        ("-20%", Fraction(-1, 5)),
        ("– 12,5\u202f%", Fraction(-1, 8)),
        ("+ 15 % du départ", Fraction(3, 20)),
        ("baisse de 20 %", Fraction(-1, 5)),
        ("Augmentation de 10 %", Fraction(1, 10)),
    ],
)
def test_a_signed_part_is_of_the_start(text: str, part: Fraction) -> None:
    rule = rule_of(text)
    assert rule is not None
    assert rule.part == part


@pytest.mark.parametrize(
    "text", ["20 %", "148", "", "maintenir l’existant", "1 pour 0 habitants", "0 pour 10 habitants"]
)
def test_what_is_no_rule_is_only_kept(text: str) -> None:
    objective = replace(_objective(), target_text=text, target_value=None)
    people = (Population("a", objective.territory, "totale", Decimal(79900)),)
    assert rule_of(text) is None
    assert value_of(objective, people) is None
    assert settled(objective, people) == objective


def test_a_part_of_the_start_makes_the_target() -> None:
    objective = replace(_objective(), start_value=Decimal(185), target_text="−20 %", target_value=None)
    assert settled(objective, ()).target_value == Decimal(148)
    assert settled(replace(objective, start_value=None), ()).target_value is None


def test_one_for_so_many_inhabitants_is_rounded_up_and_counts_the_quartiers_first() -> None:
    objective = replace(_objective(), target_text="un médiateur pour 1 500 habitants", target_value=None)
    place = objective.territory
    people = [Population("a", place, "totale", Decimal(79900)), Population("b", place, "qpv", Decimal(13700))]
    assert value_of(objective, people) == 10
    assert value_of(objective, people[:1]) == 54


def test_a_target_that_was_promised_is_not_moved_by_its_rule() -> None:
    objective = replace(
        _objective(), start_value=Decimal(185), target_text="−20 %", target_value=Decimal(150)
    )
    assert settled(objective, ()).target_value == 150


def test_two_bounds_are_read_where_two_are_asked() -> None:
    assert written("entre 20 et 22", "postes", Sens.INTERVALLE) == {"target_value": "20", "target_max": "22"}
    assert written("20 à 22 postes", "postes", Sens.INTERVALLE) == {"target_value": "20", "target_max": "22"}
    with pytest.raises(UserError, match="deux bornes"):
        written("entre 20 et 22", "postes", Sens.HAUSSE)


def test_a_percentage_in_percent_is_left_to_be_a_number() -> None:
    assert written("−20 %", "%", Sens.BAISSE) is None
    told = "+20 % du départ"
    assert written(told, "%", Sens.HAUSSE) == {"target_value": "", "target_text": told}
    assert written("−20 %", "tonnes", Sens.BAISSE) == {"target_value": "", "target_text": "−20 %"}


@pytest.mark.parametrize(
    ("value", "status", "gap"),
    [
        (19, Statut.NON_ATTEINT, -1),
        (20, Statut.ATTEINT, 0),
        (22, Statut.ATTEINT, 0),
        (25, Statut.NON_ATTEINT, 3),
    ],
)
def test_an_interval_is_kept_within_its_bounds_they_included(value: int, status: Statut, gap: int) -> None:
    assessment = _assessed(value)
    assert (assessment.status, assessment.gap, assessment.flagged) == (status, gap, True)


def test_an_interval_with_a_date_is_missed_after_it_alone() -> None:
    later = replace(_interval(), target_date=date(2027, 12, 31))
    assert _assessed(19, later).status is Statut.SANS_TRAJECTOIRE
    assert _assessed(19, replace(later, target_date=date(2025, 12, 31))).status is Statut.NON_ATTEINT


def test_nearer_to_the_interval_is_for_the_better_from_either_side() -> None:
    for before, now, trend in ((30, 25, Trend.HAUSSE), (10, 15, Trend.HAUSSE), (19, 25, Trend.BAISSE)):
        assert _assessed(now, before=before).trend is trend
    assert _assessed(25, before=17).trend is Trend.STABLE
    assert trend_of_value(_interval(), Trend.HAUSSE) is None


def test_a_due_date_may_be_a_period() -> None:
    assert periods.end_of("fin 2026") == date(2026, 12, 31)
    assert periods.end_of("T3 2026") == date(2026, 9, 30)
    assert periods.end_of("année scolaire 2026-2027") == date(2027, 8, 31)
    with pytest.raises(UserError):
        periods.end_of("2026-2027")


def _objective() -> Objective:
    return builders.objective(sens=Sens.BAISSE)


def _interval() -> Objective:
    return replace(
        _objective(),
        sens=Sens.INTERVALLE,
        start_value=None,
        start_date=None,
        target_date=None,
        target_value=Decimal(20),
        target_max=Decimal(22),
    )


def _assessed(value: int, objective: Objective | None = None, *, before: int | None = None) -> Assessment:
    earlier = None if before is None else Reading(Fraction(before), date(2025, 6, 30))
    evidence = Evidence(Reading(Fraction(value), DAY), earlier)
    return assess(objective or _interval(), DAY, evidence)


def test_the_word_before_a_target_is_kept_while_its_figure_is_the_same() -> None:
    worded = builders.objective(target=(450, None), target_text="plus de 450\u00a0M€ sur 4 ans")
    assert target_word(worded) == "plus de "
    assert target_word(replace(worded, target_value=Decimal(500))) == ""
    assert target_word(replace(worded, target_text="Près de 450 M€")) == "près de "
    assert (
        target_word(replace(worded, target_text="−20\u202f%"))
        == target_word(replace(worded, target_text=""))
        == ""
    )
