"""How old a figure may be: its expected frequency, and what a partner is left to publish."""

from __future__ import annotations

from datetime import date

from qpvdesk.domain.calendar import add_months
from qpvdesk.domain.model import Frequency, Objective

FREQUENCY_MONTHS: dict[Frequency, int] = {
    Frequency.MENSUELLE: 1,
    Frequency.TRIMESTRIELLE: 3,
    Frequency.SEMESTRIELLE: 6,
    Frequency.ANNUELLE: 12,
}
GRACE_MONTHS: dict[Frequency, int] = {
    Frequency.MENSUELLE: 1,
    Frequency.TRIMESTRIELLE: 1,
    Frequency.SEMESTRIELLE: 2,
    Frequency.ANNUELLE: 3,
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
