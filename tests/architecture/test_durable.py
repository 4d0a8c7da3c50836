"""Whatever is written for good is written by `qpvdesk.durable`, whole or not at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.sources import nodes, parsed

PACKAGE = Path(__file__).parents[2] / "qpvdesk"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "durable.py")
OWN = {
    "os": {"replace", "rename", "renames", "fsync", "link"},
    "tempfile": {"mkstemp", "NamedTemporaryFile", "mktemp"},
    "shutil": {"move", "copy", "copy2"},
}
OF_A_PATH = {"rename", "write_text", "write_bytes"}


def faults_of(tree: ast.AST) -> Iterator[str]:
    """Yield each call that writes, flushes or renames by itself."""
    for node in nodes(tree):
        if isinstance(node, ast.ImportFrom) and node.module in OWN:
            names = {alias.name for alias in node.names} & OWN[node.module]
            yield from (f"{node.lineno} {node.module}.{name}" for name in names)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner, name = node.func.value, node.func.attr
        if isinstance(owner, ast.Name) and name in OWN.get(owner.id, ()):
            yield f"{node.lineno} {owner.id}.{name}"
        # A text is replaced by another, an entity by named fields: only a path takes one argument by place.
        elif name in OF_A_PATH or (name == "replace" and len(node.args) == 1 and not node.keywords):
            yield f"{node.lineno} .{name}()"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_leaves_writing_to_the_one_that_does_it(path: Path) -> None:
    assert list(faults_of(parsed(path))) == []


@pytest.mark.parametrize(
    "guilty",
    [
        "os.replace(made, target)",
        "from os import replace",
        "tempfile.mkstemp()",
        "Path(name).replace(path)",
        "part.rename(path)",
        "path.write_text('x')",
        "os.fsync(3)",
    ],
)
def test_a_writer_of_its_own_is_seen(guilty: str) -> None:
    assert len(list(faults_of(ast.parse(guilty)))) == 1


@pytest.mark.parametrize(
    "innocent", ["'a'.replace('b', 'c')", "replace(entity, name='x')", "day.replace(day=1)"]
)
def test_what_writes_nothing_is_left_alone(innocent: str) -> None:
    assert list(faults_of(ast.parse(innocent))) == []
