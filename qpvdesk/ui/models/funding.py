"""What partners put in, cross-tabulated: one line a partner, one column a year, a nature, a credit or a stage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from qpvdesk.domain.model import Budget, Credit, Funding, Stage

BUDGETS = {
    Budget.INVESTISSEMENT: "Investissement",
    Budget.FONCTIONNEMENT: "Fonctionnement",
    Budget.NON_PRECISE: "Non précisé",
}
CREDITS = {
    Credit.DROIT_COMMUN: "Droit commun",
    Credit.CREDITS_SPECIFIQUES: "Crédits spécifiques",
    Credit.NON_PRECISE: "Non précisé",
}
STAGES = {Stage.PREVU: "Prévu", Stage.ENGAGE: "Engagé", Stage.PAYE: "Payé"}


class Axis(StrEnum):
    """What the columns stand for."""

    YEAR = "annee"
    BUDGET = "nature"
    CREDIT = "credits"
    STAGE = "stade"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Sums by partner (key) and column; None where nothing was declared, which is not zero."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Decimal | None, ...]], ...]
    totals: tuple[Decimal | None, ...]
    """One for each row; None where the columns do not add up (posts over years, plan and payment)."""


def matrix(fundings: Iterable[Funding], partners: Sequence[str], axis: Axis, unit: str) -> Matrix:
    """Cross-tabulate the amounts in `unit` (`EUR` or `ETP`) of these partners (keys), in their order.

    An amount for several years is shared equally between them; posts stand whole in each of their years.
    """
    held = [one for one in fundings if one.unit == unit]
    if axis is Axis.YEAR:
        years = sorted({year for one in held for year in range(one.first_year, one.last_year + 1)})
        columns = tuple(map(str, years))
    else:
        years = []
        columns = tuple(
            (BUDGETS if axis is Axis.BUDGET else CREDITS if axis is Axis.CREDIT else STAGES).values()
        )
    rows, totals = [], []
    for partner in partners:
        own = [one for one in held if one.partner == partner]
        if not own:
            continue
        if axis is Axis.YEAR:
            cells = tuple(
                _total(_share(one) for one in own if one.first_year <= year <= one.last_year)
                for year in years
            )
        else:
            cells = tuple(_total(one.amount for one in own if _column(one, axis) == name) for name in columns)
        rows.append((partner, cells))
        adds = unit == "EUR" and axis is not Axis.STAGE
        totals.append(_total(one.amount for one in own) if adds else None)
    return Matrix(columns, tuple(rows), tuple(totals))


def _column(one: Funding, axis: Axis) -> str:
    if axis is Axis.BUDGET:
        return BUDGETS[one.budget]
    return CREDITS[one.credit] if axis is Axis.CREDIT else STAGES[one.stage]


def _share(one: Funding) -> Decimal:
    # Posts are a level: the same ones stand every year.
    return one.amount / (one.last_year - one.first_year + 1) if one.unit == "EUR" else one.amount


def _total(amounts: Iterable[Decimal]) -> Decimal | None:
    found = list(amounts)
    return sum(found, Decimal(0)) if found else None
