"""Figures read from what somebody typed: a number, an answer, « 12 sur 48 »; and the day of one."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from msgspec import Struct

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import fold, format_date, format_value, parse_number
from qpvdesk.domain.french.typography import printable
from qpvdesk.domain.model import Objective

_COUNT = r"([0-9](?:[0-9 \u00a0\u202f]*[0-9])?)"
"""It ends with a digit: spaces that two parts of a form could both take are looked at as many times as their square."""
RATIO = re.compile(rf"{_COUNT}\s*(?:sur|/)\s*{_COUNT}\s*", re.IGNORECASE)
_ANSWERS = {"oui": 1, "non": 0}
_HUNDREDTH = Decimal("0.01")


class TypedFigure(Struct, frozen=True):
    """A value, and what it was reckoned from where that was told too."""

    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None


def read_figure(text: str, objective: Objective) -> TypedFigure:
    """Return the figure written in a text, in the unit of its objective. Raises `UserError`."""
    if objective.aim.yes_or_no and (answer := _ANSWERS.get(fold(text).strip())) is not None:
        return TypedFigure(Decimal(answer))
    ratio = read_ratio(text, objective)
    return TypedFigure(parse_number(text, objective.unit)) if ratio is None else ratio


def read_day(text: str, today: date) -> date:
    """Return the day that somebody typed for a figure, the last one of a month, a quarter, a year. Raises `UserError`,
    also for one to come."""
    day = _typed_day(text, today)
    if day > today:
        raise UserError(
            f"Le {format_date(day)} est à venir\u202f: un relevé dit ce qui est.",
            f"Indiquez une date jusqu’au {format_date(today)}.",
        )
    return day


def whole_day(text: str, today: date) -> str:
    """What somebody typed, as the day that it is read as, written in full; as it is where it is none."""
    try:
        return format_date(_typed_day(text, today))
    except UserError:
        return text


def _typed_day(text: str, today: date) -> date:
    from qpvdesk.domain import periods  # noqa: PLC0415 - 3 ms, not on the way to the window

    return periods.typed(text, today=today)


def read_ratio(text: str, objective: Objective) -> TypedFigure | None:
    """Return the share that « 12 sur 48 » makes, to the hundredth of a point; None where the text is no such thing.

    Raises `UserError` where the objective is no share.
    """
    found = RATIO.fullmatch(text.strip())
    if found is None:
        return None
    numerator, denominator = (parse_number(part) for part in found.groups())
    written = f"«\u202f{printable(text.strip())}\u202f»"
    if objective.unit != "%":
        raise UserError(
            f"{written} est une part\u202f; un nombre est attendu.",
            f"Écrivez le nombre seul, par exemple {format_value(numerator, objective.unit)}.",
        )
    if not denominator:
        raise UserError(
            f"{written} divise par zéro.", "Écrivez l’effectif entier après «\u202fsur\u202f», ou la part."
        )
    share = (numerator * 100 / denominator).quantize(_HUNDREDTH).normalize()
    return TypedFigure(Decimal(format(share, "f")), numerator, denominator)
