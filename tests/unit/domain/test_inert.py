"""No text of a csv file is reckoned by the spreadsheet that opens it."""

from __future__ import annotations

import pytest

from qpvdesk.domain.inert import inert


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "-2 jours"]
)
@pytest.mark.parametrize("figures", [True, False])
def test_what_begins_as_a_formula_is_a_text(text: str, figures: bool) -> None:
    assert inert(text, figures=figures) == f"'{text}"


@pytest.mark.parametrize("text", ["-3,2 pts", "+12\u202f%", "-1 250,5"])
def test_a_signed_figure_stays_one_where_it_may(text: str) -> None:
    assert inert(text, figures=True) == text
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Lens", "12", "a=1", "l’ARS – suite"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == text
