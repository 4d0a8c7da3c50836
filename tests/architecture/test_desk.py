"""One desk, one door: acts take the desk, window and shell call the same ones, and one place says what stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.sources import nodes, parsed

PACKAGE = Path(__file__).parents[2] / "qpvdesk"
WINDOW_ALONE = {
    "services/care/keeping.py": "the shell has no base open while its file is replaced: it calls `care.safety`",
    "services/documents.py": "joined files are read beside what cites them",
}
SHELL_ALONE: dict[str, str] = {}


def trees(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    for room in rooms:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            yield path.relative_to(PACKAGE).as_posix(), parsed(path)


def acts(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The public functions of a module that are given the desk and say what they changed."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.args:
            takes = node.args.args[0].annotation
            gives = ast.unparse(node.returns) if node.returns else ""
            if isinstance(takes, ast.Name) and takes.id == "Desk" and "Change" in gives:
                yield node


def imported(*rooms: str) -> set[str]:
    """The modules of services that the rooms import, however they do."""
    found = set()
    for _name, tree in trees(*rooms):
        for node in nodes(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qpvdesk.services"):
                module = (node.module or "").removeprefix("qpvdesk.").replace(".", "/")
                found.add(f"{module}.py")
                found |= {f"{module}/{alias.name}.py" for alias in node.names}
    return found


def holders(tree: ast.Module) -> set[str]:
    """The classes that are made of a base."""
    return {
        node.name
        for node in nodes(tree)
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name == "__init__"
        for argument in (*method.args.args, *method.args.kwonlyargs)
        if argument.annotation is not None and "Database" in ast.unparse(argument.annotation)
    }


def test_the_desk_alone_holds_a_base() -> None:
    found = {(name, holder) for name, tree in trees("services") for holder in holders(tree)}
    assert found == {("services/desk.py", "Desk")}


def test_a_class_that_holds_a_base_is_seen() -> None:
    forwarding = "class Keeping:\n    def __init__(self, base: Database) -> None: ...\n"
    assert holders(ast.parse(forwarding)) == {"Keeping"}


def test_window_and_shell_call_the_same_acts() -> None:
    rooms = {name for name, tree in trees("services") if any(acts(tree))}
    assert {"services/measurements.py", "services/weather.py", "services/points.py"} <= rooms
    window, shell = imported("ui") & rooms, imported("cli") & rooms
    assert window - shell == WINDOW_ALONE.keys() & rooms
    assert shell - window == SHELL_ALONE.keys()


def test_an_act_on_a_contract_is_told_which() -> None:
    """What is named by a key comes with the code of its contract: no act searches for it."""
    for name, tree in trees("services"):
        for act in acts(tree):
            names = [argument.arg for argument in act.args.args]
            if any(key in names for key in ("key", "meeting", "decision", "engagement", "measurement")):
                assert names[1] == "contract", f"{name}: {act.name}"


def test_the_desk_alone_makes_a_review() -> None:
    makers = set()
    for name, tree in trees("services", "ui", "cli", "reports", "charts", "spreadsheets"):
        for node in nodes(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                called = (
                    ast.unparse(node.func)
                    if {"review", "glance", "Review"} & {*vars(node.func).values()}
                    else ""
                )
                if called in {"reviewing.review", "reviewing.glance", "Review"}:
                    makers.add(name)
            if isinstance(node, ast.ImportFrom) and node.module == "qpvdesk.domain.review":
                assert not {"review", "glance"} & {alias.name for alias in node.names}, name
    assert makers == {"services/desk.py"}
