"""What happened, told as in a diary."""

from __future__ import annotations

import pytest

from qpvdesk.domain.model import Dossier
from qpvdesk.domain.wording import Names, changed, of, the
from tests.unit.domain.builders import CONTRACT, FT, NORD


@pytest.mark.parametrize(
    ("words", "feminine", "told"),
    [
        ("valeur", True, "la valeur"),
        ("sens", False, "le sens"),
        ("échéance", True, "l’échéance"),
        ("besoins", False, "les besoins"),
        ("fonctions rencontrées", True, "les fonctions rencontrées"),
    ],
)
def test_a_field_has_its_article(words: str, feminine: bool, told: str) -> None:
    assert the(words, feminine=feminine) == told


def test_a_code_that_begins_with_a_vowel_is_elided() -> None:
    assert (of("BPI-O01"), of("ARS-O02"), of("EN-E01"), of("")) == (
        " de BPI-O01",
        " d’ARS-O02",
        " d’EN-E01",
        "",
    )


def test_a_date_moves_from_one_to_another() -> None:
    told = changed("l’échéance", "31/12/2026", "31/12/2027", feminine=True)
    assert told == "l’échéance passe du 31/12/2026 au 31/12/2027"
    assert (
        changed("les besoins", "un", "deux", feminine=False, several=True)
        == "les besoins passent de un à deux"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Nord et Aisne", "Nord et Aisne"),
        ("France Travail\u00a0: rien", "France Travail\u00a0: rien"),
        ("Nordique ou non", "nordique ou non"),
        ("Saisir le bailleur", "saisir le bailleur"),
    ],
)
def test_a_name_keeps_its_capital_in_a_sentence_and_a_longer_word_does_not(text: str, told: str) -> None:
    assert Names(Dossier(CONTRACT, partners=(FT,), territories=(NORD,))).lowered(text) == told
    assert Names(Dossier(CONTRACT)).lowered("Nord") == "nord"
