"""What people call a thing leads to it where it is the name of one alone; a code always does."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.named import NamedThings, partner_coded, spelt_code
from tests.unit.domain.builders import BPI

THINGS = NamedThings(
    [
        ("e", "ETAT", {"name": "État – préfecture de Saône-et-Loire", "short_name": "État"}),
        ("c", "CAF", {"name": "Caisse d’allocations familiales (CAF 71)", "short_name": "CAF"}),
        ("f", "71903", {"name": "La Forge"}),
        ("b", "QN07194M", {"name": "La Forge-Basse"}),
        ("p", "QN07195M", {"name": "Les Acacias – Le Parc"}),
        ("a", "V1", {"name": "Beaulieu"}),
        ("z", "V2", {"name": "Beaulieu"}),
        ("o", "ETAT-01", {"label": "Financer 22 postes à La Forge."}),
        ("g", "ETAT-02", {"label": "Ouvrir le guichet (2026)"}),
        ("caf", "caf", {"name": "Un code qui est le nom d’une autre"}),
    ]
)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("ETAT", "e"), ("etat", "e"), ("ÉTAT", "e"), ("État – Préfecture de Saône-et-Loire.", "e"),
        ("Caisse d’allocations familiales", "c"), ("Caisse d'allocations  familiales (CAF)", "c"),
        ("caf", "caf"), ("CAF", "c"),
        ("la forge", "f"), ("Forge", "f"), ("La Forge-Basse", "b"), ("commune de La Forge", "f"),
        ("Le Parc", "p"), ("Acacias", "p"), ("Beaulieu", ""), ("Financer 22 postes à La Forge", "o"),
        ("ETAT-01 Financer 22 postes à La Forge.", "o"), ("Financer 22 postes", ""), ("", ""), ("Parc Forge", ""),
        ("ETAT-02 Ouvrir le guichet (2026)", "g"),
    ],
)  # fmt: skip
def test_words_stand_for_one_thing_or_for_none(words: str, meant: str) -> None:
    assert THINGS.mark_of(words) == meant


def test_a_name_that_two_bear_stands_for_neither() -> None:
    assert THINGS.meant("Beaulieu") == ("a", "z")
    assert THINGS.several("La Forge et Beaulieu") == []
    assert THINGS.unknown_in("La Forge, Beaulieu") == "Beaulieu"


def test_a_list_names_several() -> None:
    assert THINGS.several("La Forge, les Acacias – Le Parc et La Forge-Basse") == ["f", "p", "b"]
    assert THINGS.several("La Forge") == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Ville", "Ville"), ("ville", "Ville"), (" VILLE ", "Ville"), ("CAF", "CAF"), ("caf", "caf"), ("Caf", ""), ("", "")],
)  # fmt: skip
def test_a_code_is_typed_whatever_its_capitals(typed: str, code: str) -> None:
    """An officer may give one in small letters; two that differ by these alone are told apart as they are written."""
    assert spelt_code(("Ville", "CAF", "caf"), typed) == code


def test_a_partner_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(UserError, match=r"Codes connus\u202f: BPI, Ville\."):
        partner_coded((BPI, replace(BPI, code="Ville")), "FT")
    with pytest.raises(UserError, match=r"Le contrat n’a encore aucun partenaire\."):
        partner_coded((), "FT")
