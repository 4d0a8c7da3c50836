"""What a partner puts in for one thing: what was planned, committed and paid of it side by side. Nothing is summed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from qpvdesk.domain.french import NNBSP, enumerate_words, fold, format_value
from qpvdesk.domain.how_far import part_words
from qpvdesk.domain.kinds.words import BUDGET_LABELS, CREDIT_LABELS, STAGE_LABELS
from qpvdesk.domain.model import Dossier, Funding, FundingYear, Stage


def stage_word(stage: Stage, unit: str) -> str:
    """What a stage is called of money, and of posts, which nobody pays but fills."""
    return STAGE_LABELS[stage] if unit == "EUR" or stage is not Stage.PAYE else "Pourvu"


def without_means_words(dossier: Dossier) -> str:
    """`Sans moyen noté : Bpifrance et CALL.`; empty where each partner has one noted, or none has."""
    declared = {item.partner for item in dossier.fundings}
    silent = [item.usual_name for item in dossier.partners if item.key not in declared]
    return f"Sans moyen noté{NNBSP}: {enumerate_words(silent)}." if silent and declared else ""


class Means(Struct, frozen=True):
    """At most one amount a stage, each whole, of one thing, years, unit, credit and section of the budget."""

    amounts: Mapping[Stage, Funding]

    @property
    def first(self) -> Funding:
        """Its amount at the earliest stage, which says what it is for."""
        return next(self.amounts[stage] for stage in Stage if stage in self.amounts)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its amounts, the earliest stage first."""
        return tuple(self.amounts[stage].code for stage in Stage if stage in self.amounts)

    @property
    def paid_of(self) -> tuple[Fraction, Stage] | None:
        """What share was paid, and of which stage: of what was planned, else of what was committed. None where nothing was
        paid, or nothing is known to compare with."""
        paid = self.amounts.get(Stage.PAYE)
        whole = self.amounts.get(Stage.PREVU) or self.amounts.get(Stage.ENGAGE)
        if paid is None or whole is None or not whole.amount:
            return None
        return Fraction(paid.amount) / Fraction(whole.amount), whole.stage

    @property
    def paid_words(self) -> str:
        """`79 % du prévu`; empty where it cannot be told."""
        if self.paid_of is None:
            return ""
        share, stage = self.paid_of
        the = "de l’" if stage is Stage.ENGAGE else "du "
        return f"{part_words(share)} {the}{STAGE_LABELS[stage].lower()}"


def means_of(fundings: Iterable[Funding]) -> tuple[Means, ...]:
    """The means that amounts make, in their order.

    Amounts are of one means where everything but their stage is the same, and each stage has one: two amounts of one
    stage are not told apart, so none of theirs is compared with another.
    """
    groups: dict[tuple[object, ...], list[Funding]] = {}
    for item in fundings:
        thing = (item.contract, item.partner, item.engagement, item.territory, fold(item.label))
        groups.setdefault((*thing, item.years, item.unit, item.budget, item.credit), []).append(item)
    found: list[Means] = []
    for group in groups.values():
        stages = {item.stage: item for item in group}
        found += (
            [Means(stages)] if len(stages) == len(group) else [Means({item.stage: item}) for item in group]
        )
    return tuple(found)


def detail_words(dossier: Dossier, funding: Funding) -> list[str]:
    """What is known of an amount beside itself: « 2025 : 1 200 000 € en AE, 900 000 € en CP », a text a year, then who
    finances the same thing."""
    unit = funding.shown_unit
    told: list[str] = []
    own = (item for item in dossier.funding_years if item.funding == funding.key)
    for item in sorted(own, key=lambda item: item.year):
        values = [
            f"{format_value(value, unit)} en {word}"
            for word, value in (("AE", item.ae), ("CP", item.cp))
            if value is not None
        ]
        if values:
            told.append(f"{item.year}{NNBSP}: {', '.join(values)}")
    others = {item.partner for item in dossier.funding_partners if item.funding == funding.key}
    names = [item.usual_name for item in dossier.partners if item.key in others]
    return [*told, f"Financé avec{NNBSP}: {enumerate_words(names)}"] if names else told


SEVERAL_YEARS = "Plusieurs années"


class FundingAxis(StrEnum):
    """What the columns of the amounts stand for."""

    YEAR = "annee"
    BUDGET = "nature"
    CREDIT = "credits"
    STAGE = "stade"


_TITLES = {
    FundingAxis.BUDGET: (*BUDGET_LABELS.values(),),
    FundingAxis.CREDIT: (*CREDIT_LABELS.values(),),
    FundingAxis.STAGE: (*STAGE_LABELS.values(),),
}


def column_of(funding: Funding, axis: FundingAxis) -> str:
    """Return the title of the column of an amount; one of several years belongs to none of them."""
    if axis is FundingAxis.YEAR:
        return funding.years if funding.first_year == funding.last_year else SEVERAL_YEARS
    if axis is FundingAxis.BUDGET:
        return BUDGET_LABELS[funding.budget]
    return CREDIT_LABELS[funding.credit] if axis is FundingAxis.CREDIT else STAGE_LABELS[funding.stage]


def payments_of(years: Sequence[FundingYear]) -> dict[str, dict[str, Decimal]]:
    """Return what is paid of each funding in each year whose crédits de paiement are known, by key and by year."""
    found: dict[str, dict[str, Decimal]] = {}
    for item in years:
        if item.cp is not None:
            found.setdefault(item.funding, {})[str(item.year)] = item.cp
    return found


def column_titles(
    fundings: Sequence[Funding], axis: FundingAxis, payments: Mapping[str, Mapping[str, Decimal]]
) -> tuple[str, ...]:
    """Return the titles of the columns: every word of a nature, a credit or a stage; the years that have an amount, or
    payments of one of several years."""
    if axis is FundingAxis.YEAR:
        found = {column_of(funding, axis) for funding in fundings}
        for funding in fundings:
            if column_of(funding, axis) == SEVERAL_YEARS:
                found.update(payments.get(funding.key, ()))
        return tuple(sorted(found, key=lambda title: (title != SEVERAL_YEARS, title)))
    return _TITLES[axis]
