"""A rate becomes French in one place, which knows that a flag is no rate: `domain/how_far.py`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.sources import nodes, parsed

PACKAGE = Path(__file__).parents[2] / "qpvdesk"
HOW_FAR = PACKAGE / "domain" / "how_far.py"
DEFINED = {PACKAGE / "domain" / "french" / name for name in ("__init__.py", "numbers.py")}
RATES = {"rate", "expected_rate", "mean_rate", "gauge", "lead", "rate_step"}


def _rates_in(node: ast.AST) -> Iterator[str]:
    yield from (
        part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute) and part.attr in RATES
    )


def faults_of(tree: ast.AST) -> Iterator[str]:
    """Yield each place that makes words of a rate by itself."""
    for node in nodes(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.lineno} {alias.name}" for alias in node.names if alias.name == "format_rate")
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "format_rate":
                yield f"{node.lineno} format_rate()"
            elif called.startswith("format_") or called in ("str", "round"):
                said = [name for argument in node.args for name in _rates_in(argument)]
                yield from (f"{node.lineno} {called}(.{name})" for name in said)
        elif isinstance(node, ast.FormattedValue) and not isinstance(node.value, ast.Call):
            yield from (f"{node.lineno} {{.{name}}}" for name in _said(node.value))


def _said(value: ast.expr) -> Iterator[str]:
    """The rates that a place of an f-string says: not those of `how_far(…)`, whose words are words."""
    owner = value.value if isinstance(value, ast.Attribute) else None
    if not (isinstance(owner, ast.Name) and owner.id == "far"):
        yield from _rates_in(value)


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != HOW_FAR and path not in DEFINED)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_leaves_the_words_of_a_rate_to_the_one_that_knows_flags(path: Path) -> None:
    assert list(faults_of(parsed(path))) == []


@pytest.mark.parametrize(
    "guilty",
    [
        "from qpvdesk.domain.french import format_rate",
        "french.format_rate(assessment.rate)",
        "format_number(assessment.rate * 100)",
        "french.format_number(pair.rate_step * 100, 1)",
        "f'{assessment.rate:.0%}'",
        "f'{summary.mean_rate}'",
        "str(row.assessment.expected_rate)",
    ],
)
def test_the_test_bites(guilty: str) -> None:
    assert len(list(faults_of(ast.parse(guilty)))) == 1


def test_it_lets_the_words_of_the_domain_through() -> None:
    told = ast.parse("f'Taux de {far.rate}'; how_far(assessment).rate; json_rounded(assessment.rate)")
    assert list(faults_of(told)) == []
