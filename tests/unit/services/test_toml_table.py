"""A table of a contract's file: what it gives, and each thing that is refused with its file, item and field."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.themes import USUAL
from qpvdesk.services.contracts import toml_table
from qpvdesk.services.contracts.toml_names import FileNames
from qpvdesk.services.contracts.toml_table import Table


class Colour(StrEnum):
    RED = "rouge"
    BLUE = "bleu"


def table(text: str) -> Table:
    return Table("contrat.toml", "BPI-O01", tomllib.loads(text, parse_float=Decimal))


def refused(text: str, call: str, *arguments: Any, field: str = "x") -> str:
    with pytest.raises(UserError) as caught:
        getattr(table(text), call)(*arguments)
    assert caught.value.message.startswith("Le fichier contrat.toml ne peut pas être lu\u202f: BPI-O01")
    assert f"champ «\u202f{field}\u202f»" in caught.value.message
    return caught.value.message


def test_texts_are_stripped_and_an_empty_one_is_missing() -> None:
    assert table('x = " un texte "').text("x") == "un texte"
    assert table('x = " "').text("x", "rien") == "rien"
    assert table("").text("x", "rien") == "rien"
    assert table("").optional_text("x") is None
    for text in ("", 'x = " "'):
        assert "ce champ manque" in refused(text, "text", "x")
    assert "un texte est attendu" in refused("x = 3", "text", "x")


def test_numbers_are_exact_and_may_be_written_as_people_do() -> None:
    assert table("x = 3").number("x") == 3
    assert str(table("x = 3.10").number("x")) == "3.10"
    assert table('x = "1 339,5"').number("x") == Decimal("1339.5")
    assert table("").number("x") is None
    for text in ("x = true", "x = nan", "x = inf", "x = []", 'x = "beaucoup"'):
        refused(text, "number", "x")
    assert "ce champ manque" in refused("", "required_number", "x")


def test_whole_numbers_flags_and_days() -> None:
    assert table("x = 0").whole("x", 7) == 0
    assert table("").whole("x", 7) == 7
    for text in ("x = 1.5", "x = true", 'x = "1"', ""):
        refused(text, "whole", "x")
    assert table("x = true").flag("x") is True
    assert table("").flag("x") is False
    refused("x = 1", "flag", "x")
    assert table("x = 2027-12-31").day("x") == date(2027, 12, 31)
    assert table("").day("x") is None
    assert "sans heure" in refused("x = 2027-12-31T08:00:00", "day", "x")
    refused('x = "2027-12-31"', "day", "x")
    refused("", "required_day", "x")


def test_words_are_among_those_that_are_known() -> None:
    assert table('x = "bleu"').choice("x", Colour) is Colour.BLUE
    assert table("").choice("x", Colour, Colour.RED) is Colour.RED
    assert "(rouge, bleu)" in refused('x = "vert"', "choice", "x", Colour)
    refused("", "choice", "x", Colour)


def test_a_list_holds_each_text_once() -> None:
    assert table('x = [" a ", "b"]').texts("x") == ("a", "b")
    assert table("").texts("x") == ()
    for text in ('x = ["a", 1]', 'x = ["a", " "]', 'x = "a"'):
        refused(text, "texts", "x")
    assert "«\u202fa\u202f» y est deux fois" in refused('x = ["a", "b", " a"]', "texts", "x")


def test_a_part_is_known_by_its_code_or_by_its_place() -> None:
    text = '[[x]]\ncode = "A1"\n[[x]]\nnom = "b"\n[y]\nz = 1'
    assert [part.item for part in table(text).tables("x")] == ["A1", "BPI-O01, x n°\u202f2"]
    assert [part.item for part in table(text).tables("x", "nom")] == ["BPI-O01, x n°\u202f1", "BPI-O01, b"]
    part = table(text).table("y")
    assert part is not None
    assert (part.item, part.names(), part.whole("z")) == ("BPI-O01, y", ("z",), 1)
    assert table("").table("y") is None
    assert list(table("").tables("x")) == []
    with pytest.raises(UserError, match="une table est attendue"):
        list(table("x = [1]").tables("x"))


def test_a_field_that_nobody_asked_for_is_refused() -> None:
    misspelt = table('label = "a"\nlabl = "b"')
    misspelt.text("label")
    with pytest.raises(UserError, match="champ «\u202flabl\u202f»\u202f: ce champ n’existe pas"):
        misspelt.finish()
    with toml_table.whole(table('label = "a"')) as held:
        held.text("label")


def test_without_a_sheet_of_its_own_a_contract_names_the_usual_thematiques() -> None:
    names, item = FileNames(()), Table("contrat.toml", "contrat", {})
    assert [names.code(item, "thematique", "theme", name) for name in USUAL.values()] == list(USUAL)
