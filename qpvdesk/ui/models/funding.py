"""What partners put in, one line an amount: the column in which each stands whole. Nothing is divided, nothing summed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from qpvdesk.domain.kinds.words import BUDGET_LABELS, CREDIT_LABELS, STAGE_LABELS
from qpvdesk.domain.model import Funding

SEVERAL_YEARS = "Plusieurs années"


class Axis(StrEnum):
    """What the columns stand for."""

    YEAR = "annee"
    BUDGET = "nature"
    CREDIT = "credits"
    STAGE = "stade"


def column_of(funding: Funding, axis: Axis) -> str:
    """Return the title of the column of an amount; one of several years belongs to none of them."""
    if axis is Axis.YEAR:
        return funding.years if funding.first_year == funding.last_year else SEVERAL_YEARS
    if axis is Axis.BUDGET:
        return BUDGET_LABELS[funding.budget]
    return CREDIT_LABELS[funding.credit] if axis is Axis.CREDIT else STAGE_LABELS[funding.stage]


def column_titles(fundings: Sequence[Funding], axis: Axis) -> tuple[str, ...]:
    """Return the titles of the columns: every word of a nature, a credit or a stage; the years that have an amount."""
    if axis is Axis.YEAR:
        found = {column_of(funding, axis) for funding in fundings}
        return tuple(sorted(found, key=lambda title: (title != SEVERAL_YEARS, title)))
    labels = BUDGET_LABELS if axis is Axis.BUDGET else CREDIT_LABELS if axis is Axis.CREDIT else STAGE_LABELS
    return tuple(labels.values())
