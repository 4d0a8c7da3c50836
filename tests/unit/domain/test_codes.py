"""What is typed as a code is, and which code it is."""

from __future__ import annotations

import pytest

from qpvdesk.domain.codes import code_typed, is_typed_as_code, partner_code, words_code

CODES = ("BPI-O003", "BPI-O034", "GPE-VILLE-O01", "ETAT-01")


@pytest.mark.parametrize(
    "text",
    ["BPI-O0034", "bpi-o3", " BPI \u2013 O0034 ", "BPI O0034", "BPPI-O034", "GPE-VILLE-O1", "BPI-O003-12"],
)
def test_letters_a_hyphen_letters_and_figures_are_a_code(text: str) -> None:
    assert is_typed_as_code(text, CODES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bus",
        "covid-19",
        "lot B2",
        "quartier Q1",
        "médico-social",
        "12",
        "BPI",
        "BPI-",
        "BPI-O",
        "mi-2026",
    ],
)
def test_words_are_no_code(text: str) -> None:
    assert not is_typed_as_code(text, CODES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("bpi-o003", "BPI-O003"),
        ("BPI\u2011O034", "BPI-O034"),
        ("BPI O034", "BPI-O034"),
        ("BPI-O0034", ""),
        ("", ""),
    ],
)
def test_a_code_is_read_whatever_its_capitals_and_hyphens(text: str, code: str) -> None:
    assert code_typed(text, CODES) == code


def test_the_code_of_words_is_that_of_no_other() -> None:
    assert words_code("Avenant n° 1", ()) == "AVENANT-N-1"
    assert words_code("Avenant n° 1", ("AVENANT-N-1", "AVENANT-N-1-2")) == "AVENANT-N-1-3"
    assert words_code("« … »", ()) == ""


def test_a_partner_of_two_letters_is_coded_by_them() -> None:
    assert partner_code("", "CD", ()) == "CD"
    assert partner_code("", "CD", ("CD",)) == "CD2"
    assert partner_code("", "Conseil départemental du Val", ()) == "CDV"
    assert partner_code("", "", ()) == "P"
