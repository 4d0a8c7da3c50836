"""Moyens mobilisés: the pivot, and the page under the hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtWidgets import QComboBox, QScrollArea
from pytestqt.qtbot import QtBot

from qpvdesk.domain.model import Budget, Credit, Funding, Stage
from qpvdesk.ui.models.funding import Axis, matrix
from qpvdesk.ui.pages.funding import FundingPage
from qpvdesk.ui.pages.page import Place
from tests.gui.conftest import Bench
from tests.gui.test_window import child, words
from tests.helpers import invented

PLAN = Funding("a", "k", "p1", "F1", "Plan", 2024, 2027, Decimal(1000), "EUR", Budget.INVESTISSEMENT)
PAID = replace(PLAN, key="b", amount=Decimal(300), first_year=2024, last_year=2024, stage=Stage.PAYE)
POSTS = replace(PLAN, key="c", amount=Decimal(4), unit="ETP")


def test_what_nobody_declared_is_no_zero() -> None:
    made = matrix([PLAN], ["p1", "p2"], Axis.BUDGET, "EUR")
    assert made.rows == (("p1", (Decimal(1000), None, None)),)
    assert made.totals == (Decimal(1000),)


def test_years_share_an_amount_and_keep_posts_whole() -> None:
    assert matrix([PLAN], ["p1"], Axis.YEAR, "EUR").rows[0][1] == (Decimal(250),) * 4
    posts = matrix([POSTS], ["p1"], Axis.YEAR, "ETP")
    assert posts.rows[0][1] == (Decimal(4),) * 4
    assert posts.totals == (None,)


def test_plan_and_payment_stand_side_by_side_and_are_not_added() -> None:
    made = matrix([PLAN, PAID], ["p1"], Axis.STAGE, "EUR")
    assert dict(zip(made.columns, made.rows[0][1], strict=True)) == {
        "Prévu": Decimal(1000),
        "Engagé": None,
        "Payé": Decimal(300),
    }
    assert made.totals == (None,)


@given(
    st.lists(
        st.builds(
            lambda amount, first, more, budget, credit: replace(
                PLAN, amount=amount, first_year=first, last_year=first + more, budget=budget, credit=credit
            ),
            st.decimals(0, 10**9, places=2),
            st.integers(2015, 2030),
            st.integers(0, 6),
            st.sampled_from(Budget),
            st.sampled_from(Credit),
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([Axis.YEAR, Axis.BUDGET, Axis.CREDIT]),
)
def test_a_line_adds_up_to_its_total(fundings: list[Funding], axis: Axis) -> None:
    made = matrix(fundings, ["p1"], axis, "EUR")
    total = made.totals[0]
    assert total is not None
    assert abs(sum(cell for cell in made.rows[0][1] if cell is not None) - total) < Decimal("0.001")


def choose(page: FundingPage, name: str, text: str) -> None:
    combo = next(one for one in page.findChildren(QComboBox) if one.accessibleName() == name)
    assert combo.isEnabled()
    combo.setCurrentIndex(combo.findText(text))


def test_the_page_turns_by_year_nature_and_stage(qtbot: QtBot, open_window: Callable[..., Bench]) -> None:
    held = invented.dossier()
    paid = replace(
        held.fundings[0], key="paid", code="BPI-F02", amount=Decimal(700000), last_year=2024, stage=Stage.PAYE
    )
    bench = open_window(replace(held, fundings=(*held.fundings, paid)))
    bench.window.go(Place("moyens"))
    page = child(bench.window, FundingPage)
    qtbot.waitUntil(lambda: "625\u202f000\u202f€" in [one.replace("\u00a0", "\u202f") for one in words(page)])
    area = next(
        one for one in page.findChildren(QScrollArea) if one.accessibleName() == "Moyens par partenaire"
    )
    qtbot.waitUntil(lambda: area.viewport().height() >= area.widget().minimumSizeHint().height() > 30)
    assert any("N’ont encore rien déclaré" in one for one in words(page))
    assert any("D’autres montants sont au stade «\u202fpayé\u202f»." in one for one in words(page))
    choose(page, "Répartir", "Prévu, engagé, payé")
    qtbot.waitUntil(lambda: "Payé" in words(page))
    said = [one.replace("\u00a0", "\u202f") for one in words(page)]
    assert {"2\u202f500\u202f000\u202f€", "700\u202f000\u202f€"} <= set(said)
    assert "Total" not in said
    choose(page, "Répartir", "Par année")
    choose(page, "Stade", "Engagé")
    qtbot.waitUntil(lambda: any("Aucun montant au stade" in one for one in words(page)))
