"""A refusal is true in the window as in the shell: what is to be typed is told apart, and the shell alone adds it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.sources import nodes, parsed

PACKAGE = Path(__file__).parents[2] / "qpvdesk"
SHELL = re.compile(r"--[a-z]|«\s?qpvdesk [a-z]|QPVDESK_|\bterminal\b")
"""An option, a command, a variable of the environment, where they are typed."""
APART = ("cli", "region", "__main__.py", "screen.py")
"""What the window never shows."""


def words(node: ast.AST) -> str:
    """All that is written in an expression."""
    return "".join(
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def told(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What refusals say and advise, constants of the module in the place of their names."""
    known = {
        target.id: words(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in nodes(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if name.endswith("Error") or name == "refused":
            for argument in node.args:
                named = (known.get(part.id, "") for part in ast.walk(argument) if isinstance(part, ast.Name))
                yield node.lineno, "".join((words(argument), *named))


def words_of_the_shell(tree: ast.Module) -> list[int]:
    return [line for line, text in told(tree) if SHELL.search(text)]


def test_no_refusal_tells_the_window_what_to_type() -> None:
    found = [
        f"{path.relative_to(PACKAGE).as_posix()}:{line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in APART
        for line in words_of_the_shell(parsed(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        'raise UserError("Manque.", "Ajoutez « --partenaire CODE ».")',
        '_AGAIN = "Refaites avec « qpvdesk etat »."\nraise refused("Manque.", _AGAIN)',
        'raise UserError(f"Tapez QPVDESK_PHRASE{x}.")',
    ],
)
def test_such_words_are_seen(source: str) -> None:
    assert words_of_the_shell(ast.parse(source)) == [len(source.splitlines())]
    assert words_of_the_shell(ast.parse('raise UserError("Manque.", shell="Ajoutez « --x ».")')) == []
