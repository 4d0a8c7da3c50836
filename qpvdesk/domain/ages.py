"""How old a figure may be: its expected frequency, and what a partner is left to publish."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import pairwise

from qpvdesk.domain.calendar import add_months
from qpvdesk.domain.french import plural
from qpvdesk.domain.model import Frequency, Measurement, Objective

FREQUENCY_MONTHS: dict[Frequency, int] = {
    Frequency.MENSUELLE: 1,
    Frequency.TRIMESTRIELLE: 3,
    Frequency.SEMESTRIELLE: 6,
    Frequency.ANNUELLE: 12,
    Frequency.SCOLAIRE: 12,
    Frequency.BIENNALE: 24,
}
GRACE_MONTHS: dict[Frequency, int] = {
    Frequency.MENSUELLE: 1,
    Frequency.TRIMESTRIELLE: 1,
    Frequency.SEMESTRIELLE: 2,
    Frequency.ANNUELLE: 3,
    Frequency.SCOLAIRE: 3,
    Frequency.BIENNALE: 3,
}
"""What a partner is left to publish: about a quarter of the period, three months for a yearly figure."""


def is_outdated(objective: Objective, value_day: date, day: date, *, met: bool) -> bool:
    """Tell whether on `day` another value should have come since that of `value_day`.

    `met`: whether that value meets the target. Nothing more is awaited of a thing done, nor of a target met on or after
    its date, nor of what is measured once.
    """
    months = FREQUENCY_MONTHS.get(objective.frequency)
    if months is None:
        return False
    over = objective.target_date is not None and value_day >= objective.target_date
    if met and (objective.aim.yes_or_no or over):
        return False
    return day > add_months(value_day, months + GRACE_MONTHS[objective.frequency])


METEO_MONTHS = 12
"""How long a météo is recent, and an engagement without one is waited for."""


def is_old_meteo(meteo_day: date, day: date) -> bool:
    """Tell whether on `day` a météo of `meteo_day` is recent no more."""
    return day > add_months(meteo_day, METEO_MONTHS)


def is_silent_for_a_year(value_day: date | None, day: date) -> bool:
    """Tell whether on `day` no value is known, or none of the year before, however seldom one is expected."""
    return value_day is None or day > add_months(value_day, 12)


def age_words(value_day: date, day: date) -> str:
    """How old a value is on `day`: `12 jours`, `5 mois`, `2 ans`; `du jour` of that very day."""
    if value_day == day:
        return "du jour"
    months = (day.year - value_day.year) * 12 + day.month - value_day.month
    months -= add_months(value_day, months) > day
    if months >= 24:
        return f"{months // 12}\u00a0ans"
    return f"{months}\u00a0mois" if months >= 1 else plural((day - value_day).days, "jour", "jours")


_TIMED = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
"""A key of ours, with its moment; one from elsewhere may be anything."""
_NEVER = 253_370_764_800
"""The first second of the year 9999: no key of ours was made so late."""


def recorded_on(key: str) -> date | None:
    """The day on which a thing was recorded, as its key tells it (UUID version 7: milliseconds since 1970 come first); None
    for what came with the contract, whose key tells none."""
    told = _TIMED.match(key)
    moment = int("".join(told.groups()), 16) // 1000 if told else _NEVER
    return datetime.fromtimestamp(moment, UTC).date() if moment < _NEVER else None


def recording_order(measurement: Measurement) -> tuple[date, date, str]:
    """What measurements are sorted by, so that of several of one day the last is the one that stands: it was recorded last.

    The keys of a starter contract tell nothing of time: what was entered on a known day comes after them.
    """
    return measurement.day, measurement.entered_on or date.min, measurement.key


def in_recording_order(measurements: list[Measurement]) -> None:
    """Sort measurements by `recording_order`; those that stand so by their days alone are only read."""
    if any(left.day >= right.day for left, right in pairwise(measurements)):
        measurements.sort(key=recording_order)
