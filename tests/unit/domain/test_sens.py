"""One row a kind of objective: whoever asks the row knows a new kind without another line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import cast

import pytest

from qpvdesk.domain import sens
from qpvdesk.domain.faults import faults
from qpvdesk.domain.sens import AIMS, Aim, Sens, TargetWords
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.services.editing.reading import asked_of
from tests.helpers.sources import nodes, parsed
from tests.unit.domain.builders import day, dossier, measurement, objective

PACKAGE = Path(sens.__file__).parents[1]


@pytest.fixture
def ceiling_by_day(monkeypatch: pytest.MonkeyPatch) -> Sens:
    """A kind that the program does not know: fewer than so many, counted on the paper as a « seuil »."""
    word = cast(Sens, "seuil")
    row = Aim(
        "Sous le seuil",
        "Tenu ou non.",
        asks="Rester sous {target}{by}.",
        at_most=True,
        words=TargetWords("seuil", "le", "un", "respecté", "respecté"),
        sign="< ",
    )
    monkeypatch.setitem(AIMS, word, row)
    return word


def test_a_new_kind_needs_its_row_and_nothing_else(ceiling_by_day: Sens) -> None:
    item = objective(sens=ceiling_by_day, target=(40, "2027-12-31"))
    values = tuple(
        measurement(item, value, f"2025-0{month}-01") for month, value in ((1, 30), (2, 36), (3, 42))
    )
    seen: Situation = situation(dossier(item, measurements=values), day("2025-03-01"))
    found = seen.assessments[item.key]
    assert (found.status, found.rate, found.gap) == (Statut.NON_ATTEINT, 0, Fraction(2))
    projection = seen.projection(item.key)
    assert projection is not None
    assert "pour un seuil de 40" in projection.sentence
    assert asked_of(item, dossier(item)) == (
        "Rester sous 40\u00a0bus, dès maintenant\u202f: le départ et la date ne compteront pas."
    )
    assert not list(faults(dossier(item)))
    assert sens.labels()[ceiling_by_day] == "Sous le seuil"


@pytest.mark.parametrize("word", Sens)
def test_every_kind_has_its_row(word: Sens) -> None:
    aim = AIMS[word]
    assert aim.label
    assert aim.rate_rule
    assert bool(aim.asks) == (aim.way == 0)
    assert bool(aim.wrong_side) == (aim.way != 0)
    assert aim.promised or not (aim.has_target or aim.is_figure or aim.is_bound)
    assert aim.at_most == (not aim.met(Decimal(2), Decimal(1)))


def test_only_its_own_module_compares_a_kind() -> None:
    """Elsewhere a `Sens` is a word that is read, kept or given; what it means is asked of its row."""
    guilty = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if "Sens." in path.read_text(encoding="utf-8")
        for line in compared_kinds(parsed(path))
    ]
    assert guilty == []


def compared_kinds(tree: ast.AST) -> Iterator[int]:
    for node in nodes(tree):
        compares = isinstance(node, ast.Compare | ast.Dict | ast.MatchValue) and "Sens." in ast.unparse(node)
        # Kinds that stand together are there to be looked a kind up in.
        together = isinstance(node, ast.Tuple | ast.List | ast.Set) and all(
            ast.unparse(item).startswith("Sens.") for item in node.elts
        )
        the_table = isinstance(node, ast.Dict) and "Aim(" in ast.unparse(node)
        if (compares and not the_table) or (together and node.elts):
            yield node.lineno


def test_a_comparison_is_seen() -> None:
    assert list(compared_kinds(ast.parse("x = 1\ny = item.sens is Sens.SUIVI"))) == [2]
    assert list(compared_kinds(ast.parse("WAYS = (Sens.HAUSSE, Sens.BAISSE)"))) == [1]
