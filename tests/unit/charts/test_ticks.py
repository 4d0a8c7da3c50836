"""Graduations: round, in order, covering what they measure."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpvdesk.charts.labels import apart
from qpvdesk.charts.ticks import date_ticks, value_ticks

VALUES = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=3).map(Fraction)


@given(VALUES, VALUES, st.integers(3, 7))
def test_ticks_cover_the_values_in_even_steps_and_no_more_than_asked_twice(
    one: Fraction, other: Fraction, count: int
) -> None:
    low, high = min(one, other), max(one, other)
    ticks = value_ticks(low, high, count)
    steps = {after.value - before.value for before, after in itertools.pairwise(ticks)}
    assert ticks[0].value <= low
    assert ticks[-1].value >= high
    assert len(steps) == 1
    assert steps.pop() > 0
    assert 2 <= len(ticks) <= count * 2 + 2
    assert len({tick.label for tick in ticks}) == len(ticks)


@pytest.mark.parametrize(
    ("low", "high", "unit", "labels"),
    [
        ("0", "40", "bus", ["0", "10", "20", "30", "40"]),
        ("0", "4000", "habitants", ["0", "1\u202f000", "2\u202f000", "3\u202f000", "4\u202f000"]),
        ("12", "18", "%", ["12\u202f%", "14\u202f%", "16\u202f%", "18\u202f%"]),
        ("0", "10", "postes", ["0", "5", "10"]),
        ("0", "1", "M€", ["0,00", "0,25", "0,50", "0,75", "1,00"]),
    ],
)
def test_ticks_are_those_a_person_would_write(low: str, high: str, unit: str, labels: list[str]) -> None:
    ticks = value_ticks(Fraction(Decimal(low)), Fraction(Decimal(high)), 5, unit)
    assert [tick.label for tick in ticks] == labels


def test_one_value_alone_still_has_a_scale() -> None:
    ticks = value_ticks(Fraction(5), Fraction(5))
    assert ticks[0].value <= 5 < ticks[-1].value


def test_one_value_alone_stands_in_the_middle_of_what_is_near_it() -> None:
    ticks = value_ticks(Fraction(407, 10), Fraction(407, 10), 5, "%")
    assert ticks[0].value < 35
    assert 45 < ticks[-1].value <= 60


def test_long_times_are_told_in_years_and_short_ones_in_months() -> None:
    assert [tick.label for tick in date_ticks(date(2023, 12, 31), date(2027, 12, 31))] == [
        "2024", "2025", "2026", "2027",
    ]  # fmt: skip
    # One day more at the beginning shows no other years: two drawings side by side bear the same.
    for first in (date(2023, 12, 31), date(2024, 1, 1)):
        twin = [tick.label for tick in date_ticks(first, date(2028, 2, 24), 5)]
        assert twin == ["2024", "2025", "2026", "2027", "2028"]
    short = [tick.label for tick in date_ticks(date(2026, 1, 1), date(2026, 12, 31), 6)]
    assert short == ["janv. 2026", "mars 2026", "mai 2026", "juil. 2026", "sept. 2026", "nov. 2026"]


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_date_ticks_stay_within_and_are_few(one: date, other: date) -> None:
    low, high = min(one, other), max(one, other)
    ticks = date_ticks(low, high, 8)
    assert all(low <= tick.day <= high for tick in ticks)
    assert sum(1 for tick in ticks if tick.label) <= 9


@given(st.lists(st.floats(4, 40), min_size=1, max_size=12), st.floats(1, 100))
def test_the_words_of_an_axis_never_touch_and_stand_at_even_steps(halves: list[float], step: float) -> None:
    """March alone was left out, between January and May."""
    words = [(step * place, half, str(place)) for place, half in enumerate(halves)]
    kept = apart(words, 2)
    assert all(one[0] + one[1] + 2 <= other[0] - other[1] for one, other in itertools.pairwise(kept))
    places = [int(word[2]) for word in kept]
    assert places[0] == 0
    assert len({later - sooner for sooner, later in itertools.pairwise(places)}) <= 1
