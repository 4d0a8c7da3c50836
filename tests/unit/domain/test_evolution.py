"""How far a value moved, and from what it is counted."""

from __future__ import annotations

from fractions import Fraction

import pytest
from msgspec.structs import replace

from qpvdesk.domain.evolution import Evolution
from qpvdesk.domain.model import Aggregation, Mesure, Objective, Sens
from qpvdesk.domain.situation import situation
from tests.unit.domain.builders import NORD, PAS_DE_CALAIS, day, dossier, measurement, objective

TOTAL = {"sens": Sens.SUIVI, "mesure": Mesure.CUMUL, "unit": "M€"}


def seen(item: Objective, *values: tuple[object, str]) -> Evolution | None:
    """How far `item` moved over these values, seen at the end of 2026."""
    measured = tuple(measurement(item, value, on) for value, on in values)
    contract = dossier(item, measurements=measured)
    return situation(contract, day("2026-12-31")).assessments[item.key].evolution


def test_a_running_total_with_one_measurement_and_no_dated_start_has_not_moved() -> None:
    assert seen(objective(**TOTAL), ("3.6", "2024-12-31")) is None
    assert seen(objective(**TOTAL, start=(0, None)), ("3.6", "2024-12-31")) is None


@pytest.mark.parametrize("start", [None, (0, None)])
def test_a_running_total_with_no_dated_start_moves_from_its_first_measurement(
    start: tuple[int, None] | None,
) -> None:
    moved = seen(objective(**TOTAL, start=start), ("6.6", "2024-12-31"), ("7.4", "2026-11-20"))
    assert moved == Evolution(Fraction("0.8"), False, day("2024-12-31"))
    assert moved.since == "depuis le premier relevé (31/12/2024)"
    assert moved.words("M€") == "+0,8\u00a0M€"


def test_of_two_first_measurements_of_one_day_the_last_recorded_is_counted_from() -> None:
    moved = seen(objective(**TOTAL), ("5", "2024-12-31"), ("6.6", "2024-12-31"), ("7.4", "2026-11-20"))
    assert moved == Evolution(Fraction("0.8"), False, day("2024-12-31"))


def test_a_running_total_with_a_dated_start_moves_from_zero() -> None:
    moved = seen(objective(**TOTAL, start=(None, "2024-01-01")), ("3.6", "2024-12-31"))
    assert moved == Evolution(Fraction("3.6"), True, day("2024-01-01"))
    assert moved.since == "depuis le départ (01/01/2024)"


def test_a_declared_start_comes_before_the_first_measurement() -> None:
    values = (("16", "2024-12-31"), ("14.5", "2025-12-31"))
    moved = seen(objective(sens=Sens.SUIVI, unit="%", start=("17", "2023-12-31")), *values)
    assert moved == Evolution(Fraction("-2.5"), True, day("2023-12-31"))
    assert moved.words("%") == "−2,5\u00a0pt"
    undated = seen(objective(sens=Sens.SUIVI, unit="%", start=("17", None)), *values)
    assert undated is not None
    assert (undated.change, undated.since) == (Fraction("-2.5"), "depuis le départ")


def test_nothing_is_taken_from_a_start_that_counts_something_else() -> None:
    values = (("120", "2024-12-31"), ("172", "2025-12-31"))
    item = objective(
        unit="CitésLab", start_unit="chefs de projet", start=("117", "2023-12-31"), target=(200, "2027-12-31")
    )
    assert seen(item, *values) == Evolution(Fraction(52), False, day("2024-12-31"))
    assert seen(replace(item, start_unit="CitésLab"), *values) == Evolution(
        Fraction(55), True, day("2023-12-31")
    )


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("«\u00a0Près de\u00a0» 3 800, en 2022.", "près de 3\u202f800 en 2022"),
        ("", "3\u202f800 en 2022"),
        ("Année non dite\u202f: 31/12/2022 par convention.", "3\u202f800 au\u00a031/12/2022"),
    ],
)
def test_of_what_is_counted_each_year_two_years_are_told_and_no_move(comment: str, told: str) -> None:
    item = objective(sens=Sens.SUIVI, unit="personnes", mesure=Mesure.FLUX)
    values = (
        measurement(item, 3800, "2022-12-31", comment=comment),
        measurement(item, 5900, "2025-12-31"),
    )
    moved = situation(dossier(item, measurements=values), day("2026-12-31")).assessments[item.key].evolution
    assert moved is not None
    assert (moved.change, f"{moved.earlier_words()} {moved.when}") == (2100, told)
    assert (
        seen(replace(item, mesure=Mesure.STOCK), (3, "2022-12-31"), (5, "2025-12-31")).earlier_words() == ""
    )


def test_two_values_of_one_day_are_one_measurement() -> None:
    item = objective(**TOTAL)
    assert seen(item, ("3.6", "2024-12-31"), ("4", "2024-12-31")) is None


def test_a_sum_of_totals_with_no_dated_start_has_not_moved() -> None:
    whole = objective("X-1", aggregation=Aggregation.SOMME, **TOTAL)
    parts = [
        objective(f"X-{rank}", parent="X-1", territory=place.key, **TOTAL)
        for rank, place in enumerate((NORD, PAS_DE_CALAIS), 2)
    ]
    values = tuple(measurement(part, 3, "2025-06-30") for part in parts)
    picture = situation(dossier(whole, *parts, measurements=values), day("2026-01-01"))
    assert (picture.assessments["X-1"].value, picture.assessments["X-1"].evolution) == (6, None)
