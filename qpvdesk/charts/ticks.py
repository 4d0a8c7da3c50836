"""Round graduations for values and dates, with their French words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from msgspec import Struct

from qpvdesk.charts.primitives import Ink, Polyline
from qpvdesk.domain.french import NNBSP, format_number

_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))
_SPAN_PART = 5
"""An axis spans at least a fifth of its highest value."""


class ValueTick(Struct, frozen=True):
    value: Fraction
    label: str


class DateTick(Struct, frozen=True):
    day: date
    label: str
    """Empty on the lesser graduations."""


def value_ticks(
    low: Fraction, high: Fraction, count: int = 5, unit: str = "", *, counted: bool = False
) -> tuple[ValueTick, ...]:
    """Round values, about `count` of them, that cover `low`…`high`; the first ≤ `low`, the last ≥ `high`.

    `counted`: what is shown is counted one by one, and no graduation stands between two wholes.
    """
    if high <= low:
        # One value alone stands in the middle of what is near it.
        around = abs(low) / 4 or Fraction(1)
        low, high = (low - around, low + around) if low else (low, low + around)
    step = _nice_step(
        (high - low) / max(1, count - 1), whole=not unit.startswith("%") and (counted or high - low >= 4)
    )
    first, last = low // step, -((-high) // step)
    decimals = _decimals(step)
    suffix = f"{NNBSP}%" if unit.startswith("%") else ""
    return tuple(
        ValueTick(index * step, format_number(index * step, decimals) + suffix)
        for index in range(first, last + 1)
    )


def ends(values: list[Fraction]) -> tuple[Fraction, Fraction]:
    """The lowest and the highest of values. Divided as `Fraction.__float__` does, for a third of its time."""
    floats = [value.numerator / value.denominator for value in values]
    return values[floats.index(min(floats))], values[floats.index(max(floats))]


def spread(low: Fraction, high: Fraction, *, share: bool) -> tuple[Fraction, Fraction]:
    """Set two ends further apart where they are near: half a point would look like a chasm on an axis of half a point.
    A share is not drawn beyond the whole."""
    lacking = (abs(high) / _SPAN_PART - (high - low)) / 2
    if lacking <= 0 or (low == high and not share):
        return low, high
    return low - lacking, min(high + lacking, max(high, Fraction(100))) if share else high + lacking


def broken_axis(x: float, y: float, size: float, *, level: bool = False) -> Polyline:
    """The sign that an axis does not begin at zero: a zigzag across its foot (`x`, `y`); `size`: that of its words; `level`:
    of an axis that runs to the right."""
    half = size * 0.4
    steps = ((-half, 1.0), (half, half), (-half, 2 * half), (half, 3 * half))
    zigzag = tuple((x + along, y + across) if level else (x + across, y - along) for across, along in steps)
    return Polyline(zigzag, Ink.TEXT, 0.9)


def _nice_step(rough: Fraction, *, whole: bool) -> Fraction:
    power = Fraction(1)
    while power * 10 <= rough:
        power *= 10
    while power > rough:
        power /= 10
    step = next(item * power for item in _STEPS if item * power >= rough)
    if whole and step.denominator != 1:
        # Nobody counts in half-posts: 2.5 becomes 5.
        return next(item for item in (Fraction(1), Fraction(2), Fraction(5), Fraction(10)) if item >= step)
    return step


def _decimals(step: Fraction) -> int:
    decimals = 0
    while (step * 10**decimals).denominator != 1 and decimals < 6:
        decimals += 1
    return decimals


def date_ticks(low: date, high: date, room: int = 8) -> tuple[DateTick, ...]:
    """Graduations within `low`…`high`, at most about `room` labels: years, or months where the time is short."""
    months = (high.year - low.year) * 12 + high.month - low.month
    if months >= 24:
        years = range(low.year + (low > date(low.year, 1, 1)), high.year + 1)
        every = next(step for step in (1, 2, 5, 10, 20, 50, 100, 10_000) if len(years) / step <= room)
        return tuple(
            DateTick(date(year, 1, 1), str(year) if year % every == 0 or every == 1 else "") for year in years
        )
    step = next((item for item in (1, 2, 3, 6, 12) if months / item <= room), 12)
    ticks = []
    for index in range(low.year * 12 + low.month - 1, high.year * 12 + high.month):
        day = date(index // 12, index % 12 + 1, 1)
        if index % step == 0 and low <= day <= high:
            ticks.append(DateTick(day, f"{_MONTHS[day.month - 1]} {day.year}"))
    return tuple(ticks)
