"""« Au moins 50 % en 2026 (18 % en 2023) »: a bound that is to be reached is a way until its date, a bound after it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.evidence import Evidence, Reading, reading_of
from qpvdesk.domain.model import Mesure, Objective, Sens
from qpvdesk.domain.progress import Assessment, assess
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.targets import is_bound_from_now
from qpvdesk.services.editing.objectives import asked_of
from tests.unit.domain.builders import day, dossier, measurement, milestone, objective, project

FLOOR = objective(
    sens=Sens.PLANCHER, unit="%", start=(18, "2023-12-31"), target=(50, "2026-12-31"), code="FT-O01"
)
CEILING = replace(FLOOR, sens=Sens.PLAFOND, start_value=Decimal(50), target_value=Decimal(18))


def look(item: Objective, value: object, on: str, seen_on: str, reference: object = None) -> Assessment:
    compared = None if reference is None else Reading(Fraction(str(reference)), day(on))
    return assess(item, day(seen_on), Evidence(reading_of(measurement(item, value, on)), reference=compared))


def test_until_its_date_a_floor_to_reach_is_a_way() -> None:
    seen = look(FLOOR, 26, "2025-06-30", "2026-12-31")
    assert (seen.rate, seen.flagged, seen.kept) == (Fraction(8, 32), False, None)
    assert seen.expected_rate == Fraction(547, 1096)
    assert (seen.status, seen.gap) == (Statut.EN_RETARD, -24)
    assert look(FLOOR, 50, "2025-06-30", "2026-12-31").status is Statut.ATTEINT


def test_after_its_date_it_is_a_bound_to_keep() -> None:
    seen = look(FLOOR, 26, "2025-06-30", "2027-01-01")
    assert (seen.rate, seen.flagged, seen.kept, seen.status) == (0, True, False, Statut.NON_ATTEINT)
    assert (seen.expected_value, seen.expected_rate, seen.gap) == (None, None, -24)
    assert look(FLOOR, 50, "2025-06-30", "2027-01-01").kept is True


def test_its_milestones_and_its_projection_are_those_of_a_way() -> None:
    step = milestone(FLOOR, 20, "2025-06-30")
    values = [measurement(FLOOR, value, on) for value, on in ((20, "2024-06-30"), (26, "2025-06-30"))]
    seen = assess(FLOOR, day("2025-12-31"), Evidence(reading_of(values[-1])), milestones=[step])
    assert (seen.expected_value, seen.status) == (20, Statut.EN_AVANCE)
    assert project(FLOOR, values, day("2025-12-31")) is not None


@pytest.mark.parametrize(
    "item",
    [
        replace(FLOOR, start_value=None),
        replace(FLOOR, target_date=None),
        replace(FLOOR, start_value=Decimal(50)),
        replace(FLOOR, start_value=Decimal(60)),
    ],
)
def test_with_no_start_no_date_or_a_start_that_keeps_it_it_is_a_bound_from_now_on(item: Objective) -> None:
    seen = look(item, 49, "2025-06-30", "2025-12-31")
    assert (seen.rate, seen.flagged, seen.expected_rate) == (0, True, None)
    assert seen.status is Statut.NON_ATTEINT


def test_a_parity_may_have_until_a_date() -> None:
    item = objective(sens=Sens.PARITE, unit="%", reference="X", target=(None, "2026-12-31"))
    seen = look(item, "4.2", "2025-12-31", "2026-12-31", "16.4")
    assert (seen.status, seen.rate, seen.gap) == (Statut.SANS_TRAJECTOIRE, 0, Fraction("-12.2"))
    assert look(item, 17, "2025-12-31", "2026-12-31", "16.4").status is Statut.ATTEINT
    assert look(item, "4.2", "2025-12-31", "2027-01-01", "16.4").status is Statut.NON_ATTEINT
    assert (
        look(replace(item, target_date=None), "4.2", "2025-12-31", "2026-12-31", "16.4").status
        is Statut.NON_ATTEINT
    )


@pytest.mark.parametrize(
    ("sens", "start", "target", "reason"),
    [
        (Sens.HAUSSE, 200, 100, "départ au-dessus de la cible"),
        (Sens.BAISSE, 100, 200, "départ en dessous de la cible"),
    ],
)
@pytest.mark.parametrize("value", [50, 150, 250])
@pytest.mark.parametrize("seen_on", ["2025-12-31", "2028-01-01"])
def test_a_target_behind_its_start_has_no_rate_and_says_why(
    sens: Sens, start: int, target: int, reason: str, value: int, seen_on: str
) -> None:
    item = objective(sens=sens, start=(start, "2023-12-31"), target=(target, "2027-12-31"))
    seen = look(item, value, "2025-06-30", seen_on)
    assert (seen.rate, seen.rate_reason, seen.expected_rate) == (None, reason, None)
    assert (seen.status, seen.flagged) == (Statut.SANS_TRAJECTOIRE, False)
    assert assess(item, day(seen_on), Evidence()).status is Statut.NON_RENSEIGNE


@given(
    floor=st.booleans(),
    start=st.integers(0, 60),
    target=st.integers(0, 60),
    value=st.integers(-10, 90),
    mesure=st.sampled_from([Mesure.STOCK, Mesure.FLUX]),
    days=st.tuples(*[st.dates(date(2024, 1, 1), date(2029, 12, 31))] * 2),
)
@settings(max_examples=300, deadline=None)
def test_until_its_date_a_bound_to_reach_is_assessed_as_a_rise_or_a_fall(
    floor: bool, start: int, target: int, value: int, mesure: Mesure, days: tuple[date, date]
) -> None:
    on, seen_on = min(days), max(days)
    bound = objective(
        sens=Sens.PLANCHER if floor else Sens.PLAFOND,
        mesure=mesure,
        start=(start, "2023-12-31"),
        target=(target, "2027-06-30"),
    )
    way = replace(bound, sens=Sens.HAUSSE if floor else Sens.BAISSE)
    seen, as_way = (look(item, value, on.isoformat(), seen_on.isoformat()) for item in (bound, way))
    ahead = start < target if floor else start > target
    if ahead and seen_on <= date(2027, 6, 30):
        assert replace(seen, objective=way) == as_way
    else:
        kept = value >= target if floor else value <= target
        assert (seen.rate, seen.flagged, seen.expected_rate) == (int(kept), True, None)
        assert seen.status is (Statut.ATTEINT if kept else Statut.NON_ATTEINT)


@pytest.mark.parametrize(
    ("item", "asked"),
    [
        (
            FLOOR,
            "Au moins 50\u202f% d’ici le 31/12/2026, en partant de 18\u202f% au 31/12/2023\u202f; à tenir ensuite.",
        ),
        (
            replace(FLOOR, start_value=None),
            "Au moins 50\u202f%, dès maintenant\u202f: le départ et la date ne compteront pas.",
        ),
        (
            replace(CEILING, target_date=None),
            "Au plus 18\u202f%, dès maintenant\u202f: le départ et la date ne compteront pas.",
        ),
        (
            replace(FLOOR, start_value=None, start_date=None, target_date=None),
            "Au moins 50\u202f%.",
        ),
    ],
)
def test_the_form_says_what_will_count(item: Objective, asked: str) -> None:
    assert asked_of(item, dossier(item)) == asked
    assert is_bound_from_now(item) is ("ne compteront pas" in asked)
