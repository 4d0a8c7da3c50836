"""A figure as somebody tells it: a number, an answer, or « 12 sur 48 »."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import Struct

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import fold, format_value, parse_number
from qpvdesk.domain.french.typography import printable
from qpvdesk.domain.model import Engagement, Funding, Objective

RATIO = re.compile(r"([0-9][0-9 \u00a0\u202f]*)\s*(?:sur|/)\s*([0-9][0-9 \u00a0\u202f]*)", re.IGNORECASE)
_ANSWERS = {"oui": 1, "non": 0}
_HUNDREDTH = Decimal("0.01")


class Told(Struct, frozen=True):
    """A value, and what it was reckoned from where that was told too."""

    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None


def called(item: Objective | Engagement | Funding) -> str:
    """The whole name of what was promised, or of a means, on one line, then its code."""
    return f"{' '.join(item.label.split())} ({item.code})"


def read_told(text: str, objective: Objective) -> Told:
    """Return the figure written in a text, in the unit of its objective. Raises `UserError`."""
    if objective.aim.yes_or_no and (answer := _ANSWERS.get(fold(text).strip())) is not None:
        return Told(Decimal(answer))
    ratio = read_ratio(text, objective)
    return Told(parse_number(text, objective.unit)) if ratio is None else ratio


def read_ratio(text: str, objective: Objective) -> Told | None:
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
    return Told(Decimal(format(share, "f")), numerator, denominator)
