"""What partners put in, one line an amount: the column in which each stands whole. Nothing is divided, nothing summed;
of one of several years, what is paid in each is told in its column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from qpvdesk.domain.kinds.words import BUDGET_LABELS, CREDIT_LABELS, STAGE_LABELS
from qpvdesk.domain.model import Funding, FundingYear

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


def payments_of(years: Sequence[FundingYear]) -> dict[str, dict[str, Decimal]]:
    """Return what is paid of each funding in each year whose crédits de paiement are known, by key and by year."""
    found: dict[str, dict[str, Decimal]] = {}
    for item in years:
        if item.cp is not None:
            found.setdefault(item.funding, {})[str(item.year)] = item.cp
    return found


def column_titles(
    fundings: Sequence[Funding],
    axis: Axis,
    payments: Mapping[str, Mapping[str, Decimal]] = MappingProxyType({}),
) -> tuple[str, ...]:
    """Return the titles of the columns: every word of a nature, a credit or a stage; the years that have an amount, or
    payments of one of several years."""
    if axis is Axis.YEAR:
        found = {column_of(funding, axis) for funding in fundings}
        for funding in fundings:
            if column_of(funding, axis) == SEVERAL_YEARS:
                found.update(payments.get(funding.key, ()))
        return tuple(sorted(found, key=lambda title: (title != SEVERAL_YEARS, title)))
    labels = BUDGET_LABELS if axis is Axis.BUDGET else CREDIT_LABELS if axis is Axis.CREDIT else STAGE_LABELS
    return tuple(labels.values())
