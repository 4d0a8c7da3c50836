"""What was planned, committed and paid of one means: side by side, never summed, compared where they are of one thing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from qpvdesk.domain.means import SEVERAL_YEARS, FundingAxis, column_of, column_titles, means_of
from qpvdesk.domain.model import Credit, Funding, Stage

PLANNED = Funding("a", "c", "p", "F1", "Ateliers", 2024, 2024, Decimal(1000), "EUR")
PAID = replace(PLANNED, key="b", code="F2", label="ateliers ", amount=Decimal(790), stage=Stage.PAYE)
COMMITTED = replace(PLANNED, key="c", code="F3", amount=Decimal(900), stage=Stage.ENGAGE)


def test_the_stages_of_one_means_stand_side_by_side() -> None:
    (means,) = means_of((PAID, PLANNED, COMMITTED))
    assert means.codes == ("F1", "F3", "F2")
    assert means.first is PLANNED
    assert means.paid_words == "79\u202f% du prévu"


@pytest.mark.parametrize(
    "change",
    [
        {"first_year": 2023}, {"label": "Autre"}, {"partner": "q"}, {"unit": "ETP"}, {"engagement": "e"},
        {"credit": Credit.DROIT_COMMUN}, {"territory": "t"},
    ],
)  # fmt: skip
def test_amounts_of_other_things_are_never_compared(change: dict[str, object]) -> None:
    means = means_of((PLANNED, replace(PAID, **change)))
    assert [item.codes for item in means] == [("F1",), ("F2",)]
    assert [item.paid_words for item in means] == ["", ""]


def test_two_amounts_of_one_stage_are_not_told_apart() -> None:
    means = means_of((PLANNED, replace(PLANNED, key="d", code="F4"), PAID))
    assert [item.codes for item in means] == [("F1",), ("F4",), ("F2",)]
    assert not any(item.paid_words for item in means)


def test_the_share_is_of_what_was_committed_where_nothing_was_planned() -> None:
    (means,) = means_of((COMMITTED, replace(PAID, amount=Decimal(1))))
    assert means.paid_words == "<\u202f1\u202f% de l’engagé"
    (nothing,) = means_of((replace(PLANNED, amount=Decimal(0)), PAID))
    assert nothing.paid_words == ""


def test_an_amount_of_several_years_belongs_to_none_of_them() -> None:
    plan = replace(PLANNED, last_year=2027)
    assert plan.years == "2024–2027"
    assert column_titles([PAID, plan], FundingAxis.YEAR, {}) == (SEVERAL_YEARS, "2024")
    assert column_of(plan, FundingAxis.YEAR) == SEVERAL_YEARS
    assert column_of(PAID, FundingAxis.YEAR) == "2024"
