"""Moyens mobilisés: every amount whole on its line, none invented, and the page under the hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from qpvdesk.domain.french import UNKNOWN, parse_number
from qpvdesk.domain.means import SEVERAL_YEARS, payments_of
from qpvdesk.domain.model import Budget, Dossier, Funding, FundingYear, Stage
from qpvdesk.paths import resource
from qpvdesk.services.contracts import contract_files
from qpvdesk.storage.keys import starter_key
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.pages.funding import FundingPage
from qpvdesk.ui.pages.page import Address
from tests.gui.conftest import Bench
from tests.gui.test_window import child, words
from tests.helpers import invented

PLAN = Funding("a", "k", "p1", "F1", "Plan", 2024, 2027, Decimal(1000), "EUR", Budget.INVESTISSEMENT)
PAID = replace(PLAN, key="b", amount=Decimal(300), first_year=2024, last_year=2024, stage=Stage.PAYE)
AXES = ("Par année", "Par nature", "Par type de crédits", "Prévu, engagé, payé")


def choose(page: FundingPage, name: str, text: str) -> None:
    combo = next(found for found in page.findChildren(QComboBox) if found.accessibleName() == name)
    combo.setCurrentIndex(combo.findText(text))


def lines(page: FundingPage) -> list[dict[str, str]]:
    """What the table says, line by line, by column; only what is in sight or is reached by scrolling."""
    table = child(page, Table)
    model = table.model()
    places = [place for place in range(model.columnCount()) if not table.isColumnHidden(place)]
    return [
        {
            str(model.headerData(place, Qt.Orientation.Horizontal)): str(model.index(row, place).data())
            for place in places
        }
        for row in range(model.rowCount())
    ]


def opened(bench: Bench) -> FundingPage:
    bench.window.go(Address("moyens"))
    page = child(bench.window, FundingPage)
    assert page.isVisible()
    return page


def amounts(line: dict[str, str]) -> list[Decimal]:
    found = [text.partition("\u00a0") for text in line.values()]
    return [parse_number(number) for number, _, unit in found if unit in ("€", "postes", "poste")]


def test_what_is_planned_committed_and_paid_stands_side_by_side_with_the_share_paid(
    qtbot: QtBot, open_window: Callable[..., Bench]
) -> None:
    dossier = invented.dossier()
    planned = dossier.fundings[0]
    paid = replace(planned, key="paid", code="BPI-F02", amount=planned.amount / 4, stage=Stage.PAYE)
    bench = open_window(replace(dossier, fundings=(*dossier.fundings, paid)))
    page = opened(bench)
    line = next(line for line in lines(page) if line["Code"].startswith("BPI"))
    assert (line["Code"], line["Engagé"], line["Part payée"]) == (
        "BPI-F01, BPI-F02", UNKNOWN, "25\u202f% du prévu"
    )  # fmt: skip
    assert amounts(line) == [planned.amount, paid.amount]
    bench.window.go(Address("moyens", "BPI-F02"))
    qtbot.waitUntil(lambda: page.address().focus == "BPI-F01")


def starter() -> Dossier:
    return contract_files.load(resource("contracts/lens-lievin"), key_of=starter_key)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("unit", ["En euros", "En postes (ETP)"])
def test_no_amount_is_shown_that_is_not_one_of_the_contract(
    open_window: Callable[..., Bench], axis: str, unit: str
) -> None:
    dossier = starter()
    page = opened(open_window(dossier))
    choose(page, "Répartir", axis)
    choose(page, "Compter en", unit)
    euros = unit == "En euros"
    wanted = {item.code: item.amount for item in dossier.fundings if (item.unit == "EUR") is euros}
    shown = lines(page)
    # One line an amount, told once: nothing divided, nothing summed.
    assert {line["Code"]: amounts(line) for line in shown} == {
        code: [amount] for code, amount in wanted.items()
    }
    labels = [text for found in page.findChildren(QLabel) if "€" in (text := found.text())]
    assert labels == []
    assert any("ne s’additionnent pas" in text for text in words(page))


def test_the_programme_of_four_years_stays_whole(open_window: Callable[..., Bench]) -> None:
    page = opened(open_window(starter()))
    choose(page, "Répartir", "Par année")
    line = next(line for line in lines(page) if line["Code"] == "BPI-F01")
    assert line["Années"] == "2024–2027"
    assert line["2024"] == UNKNOWN
    assert line[SEVERAL_YEARS].replace("\u202f", " ") == "450 000 000\u00a0€"


def test_what_is_paid_in_each_year_is_told_in_its_column(open_window: Callable[..., Bench]) -> None:
    dossier = invented.dossier()
    planned = dossier.fundings[0]
    years = (
        FundingYear("y1", planned.key, 2024, Decimal(1_200_000), Decimal(900_000)),
        FundingYear("y2", planned.key, 2025, Decimal(1_300_000), None),
    )
    assert payments_of(years) == {planned.key: {"2024": 900_000}}
    page = opened(open_window(replace(dossier, funding_years=years)))
    choose(page, "Répartir", "Par année")
    line = next(line for line in lines(page) if line["Code"] == planned.code)
    told = {title: text.replace("\u202f", " ").replace("\u00a0", " ") for title, text in line.items()}
    assert (told["2024"], told[SEVERAL_YEARS]) == ("900 000 € en CP", "2 500 000 €")
    assert "2025" not in told, "what is only engaged is not paid"


def test_a_small_amount_is_no_zero_and_ten_years_are_all_shown(open_window: Callable[..., Bench]) -> None:
    dossier = invented.dossier()
    small = [
        replace(PAID, key=f"s{year}", code=f"S{year}", first_year=year, last_year=year, amount=Decimal("0.4"))
        for year in range(2015, 2025)
    ]
    page = opened(open_window(replace(dossier, fundings=(*dossier.fundings, *small))))
    choose(page, "Répartir", "Par année")
    for line in lines(page)[1:]:
        assert line[line["Années"]] == "0,4\u00a0€"


def test_the_page_keeps_its_filters(qtbot: QtBot, open_window: Callable[..., Bench]) -> None:
    dossier = invented.dossier()
    paid = replace(
        dossier.fundings[0],
        key="paid",
        code="BPI-F02",
        amount=Decimal(700000),
        last_year=2024,
        stage=Stage.PAYE,
    )
    bench = open_window(replace(dossier, fundings=(*dossier.fundings, paid)))
    page = opened(bench)
    assert any("Sans moyen noté" in text for text in words(page))
    choose(page, "Répartir", "Par année")
    choose(page, "Stade", "Payé")
    assert [line["Code"] for line in lines(page)] == ["BPI-F02"]
    assert "1 montant sur 3" in words(page)
    assert not any("ne s’additionnent pas" in text for text in words(page))
    choose(page, "Répartir", "Prévu, engagé, payé")
    assert [(line["Code"], line["Prévu"] != UNKNOWN, line["Payé"] != UNKNOWN) for line in lines(page)] == [
        ("BPI-F01", True, False),
        ("BPI-F02", False, True),
    ]
    choose(page, "Répartir", "Par année")
    bench.window.go(Address("moyens", "ARS-F01"))
    qtbot.waitUntil(lambda: page.address().focus == "ARS-F01")
    assert [line["Code"] for line in lines(page)] == ["ARS-F01"]
    choose(page, "Stade", "Engagé")
    assert lines(page) == []
