"""The commands that only read: what they print, and in which form."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

Run = Callable[..., str]


def test_the_state_is_one_table_document_or_sheet(run: Run, document: Callable[..., dict]) -> None:
    state = document("etat", "--date", "28/11/2026")
    assert (state["contrat"]["code"], state["date_etat"]) == ("lens-lievin", "2026-11-28")
    rows = list(csv.reader(io.StringIO(run("etat", "--format", "csv")), delimiter=";"))
    assert len(rows) == len(state["objectifs"]) + 1
    table = run("etat", "--partenaire", "EN").splitlines()
    assert set(table[1]) == {"-", " "}
    assert any(line.startswith("EN-O01") for line in table)


def test_a_text_that_looks_like_a_formula_is_inert_in_a_sheet(run: Run) -> None:
    run("objectif", "modifier", "BPI-O01", "--libelle", "=1+1 place")
    assert ";'=1+1 place;" in run("etat", "--format", "csv")


def test_the_journal_tells_of_one_object_or_of_all(run: Run, document: Callable[..., list]) -> None:
    run("relever", "BPI-O01", "22", "--date", "01/06/2026")
    run("relever", "BPI-O02", "5", "--date", "01/06/2026")
    assert "22" in run("journal", "--objet", "BPI-O01", "--limite", "1")
    assert len(document("journal", "--limite", "2")) == 2


def test_the_base_is_checked(document: Callable[..., dict]) -> None:
    found = document("verifier")
    assert found["base"] == {"saine": True, "problemes": []}
    assert {"point", "genre", "objet", "message"} <= set(found["coherence"][0])


def test_meetings_are_listed(run: Run, document: Callable[..., list]) -> None:
    assert run("reunions").startswith("Aucune réunion n’est inscrite")
    run("reunion", "ajouter", "--date", "30/06/2026")
    told = run("reunion", "ajouter", "--date", "01/07/2026", "--genre", "comité TFPB")
    assert "Réunion « Comité TFPB » du 01/07/2026 inscrite" in told.replace("\u202f", " ")
    found = document("reunions")
    assert [(row["code"], row["genre"]) for row in found] == [
        ("COMITE-TFPB-2026-07-01", "Comité TFPB"), ("COPIL-2026-06-30", "copil"),
    ]  # fmt: skip
    assert "COMITE-TFPB-2026-07-01" in run("journal")


@pytest.mark.parametrize(
    "word", ["partenaire", "engagement", "objectif", "moyens", "territoire", "document", "enonce"]
)
def test_what_a_contract_holds_is_listed_as_it_would_be_typed(
    document: Callable[..., list], run: Run, word: str
) -> None:
    rows = document(word, "lister")
    assert rows
    assert all(row["code"] for row in rows)
    assert len(run(word, "lister").splitlines()) == len(rows) + 2
