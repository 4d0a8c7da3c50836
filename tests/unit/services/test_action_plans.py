"""A partner's action plan: its actions are proposed as engagements, and written once somebody takes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Nature
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import action_plans, imports
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from tests.helpers import shipped
from tests.helpers.reviews import desk_on

FILE = Path(__file__).parents[2] / "reference" / "imports" / "plan-d-actions" / "a.xlsx"
CODE = "lens-lievin"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "base.db"
    with shipped.new_base(path, datetime(2026, 1, 5, 9).astimezone()) as opened:
        yield desk_on(opened, date(2026, 11, 28))


def plan() -> action_plans.ActionPlan:
    found = action_plans.found(imports.read(FILE), FILE.name)
    assert found is not None
    return found


def test_actions_are_found_with_what_is_said_of_them() -> None:
    first, second = plan().actions
    assert (first.axis, first.label, first.carrier) == ("Axe 1", "Ouvrir un guichet d’essai", "Structure A")
    assert (first.day, first.budget, first.status) == (date(2026, 6, 30), "Entre 200 et 500", "En cours")
    assert (second.axis, second.day, second.cell) == ("Axe 1", date(2027, 12, 31), "B3")


def test_nothing_is_written_before_somebody_takes_it_and_all_of_it_is_one_act(desk: Desk) -> None:
    before = desk.dossier(CODE).engagements
    proposed = action_plans.proposed(desk, CODE, plan(), "FT")
    assert desk.dossier(CODE).engagements == before
    change = action_plans.take(desk, CODE, proposed, "FT", cells=["B2"], nature=Nature.GOUVERNANCE)
    assert "1 engagement" in change.label
    (made,) = [item for item in desk.dossier(CODE).engagements if item not in before]
    assert (made.label, made.due, made.code[:4]) == ("Ouvrir un guichet d’essai", date(2026, 6, 30), "FT-E")
    assert made.detail == (
        "Pilote\u202f: Structure A. Statut\u202f: En cours. Budget\u202f: Entre 200 et 500. Axe\u202f: Axe 1."
    )
    assert made.nature is Nature.GOUVERNANCE
    assert made.citation is not None
    sources = {item.key: item.title for item in desk.dossier(CODE).documents}
    assert (sources[made.citation.document], made.citation.mark) == ("a", made.label)
    with pytest.raises(UserError, match="est déjà un engagement"):
        action_plans.take(desk, CODE, proposed, "FT", cells=["B3"], nature=Nature.GOUVERNANCE)
    desk.undo()
    assert desk.dossier(CODE).engagements == before
    action_plans.take(desk, CODE, proposed, "FT", cells=["B2", "B3"], nature=Nature.GOUVERNANCE)
    codes = [item.code for item in desk.dossier(CODE).engagements if item not in before]
    assert len(set(codes)) == 2
    assert [item.title for item in desk.dossier(CODE).documents].count("a") == 1


@pytest.mark.parametrize(("partner", "cells", "words"), [("ZZ", ["B2"], "ZZ"), ("FT", [], "Aucune action")])
def test_what_cannot_be_taken_is_said(desk: Desk, partner: str, cells: list[str], words: str) -> None:
    with pytest.raises(UserError, match=words):
        action_plans.take(desk, CODE, plan(), partner, cells=cells, nature=Nature.GOUVERNANCE)


def test_two_actions_of_one_name_are_told() -> None:
    rows = (
        ("Plan 2026",),
        ("Action", "Pilote", "Statut"),
        ("Ouvrir", "A", "En cours"),
        ("ouvrir", "B", "Prévu"),
    )
    cells = [
        ReadCell(row, column, Read.TEXT, text)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    book = ReadBook([ReadSheet("Feuille1", cells)])
    twice = action_plans.found(book, "a.xlsx")
    assert twice is not None
    assert [item.named for item in twice.actions] == ["Ouvrir", "ouvrir (même nom qu’en A3)"]


def test_two_actions_of_one_name_made_are_known_each_by_its_code(desk: Desk) -> None:
    first = plan().actions[0]
    twice = replace(plan(), actions=(first, replace(first, cell="B9")))
    action_plans.take(desk, CODE, twice, "FT", cells=["B2", "B9"], nature=Nature.GOUVERNANCE)
    codes = [item.known for item in action_plans.proposed(desk, CODE, twice, "FT").actions]
    assert all(codes)
    assert len(set(codes)) == 2


def test_a_table_of_figures_is_no_action_plan() -> None:
    for name in ("nc-bloque-tout", "format-monnaie", "dates-de-periode"):
        assert action_plans.found(imports.read(FILE.parents[1] / name / "a.xlsx"), "a.xlsx") is None
