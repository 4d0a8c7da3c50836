"""What the limits of the house say of a package, read from its source: each question answers with its faults."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.helpers.sources import nodes, parsed

FILE_LINES_MAX, CLASS_METHODS_MAX, FUNCTION_LINES_MAX = 400, 25, 60
VAGUE_NAMES = frozenset({"one", "it", "held", "made", "said"})
"""Words that tell a reader neither the type nor the subject of what bears them."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A module of the package: its dotted name, its file, its tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def layer(self) -> str:
        """The folder of the package that the module is in, or its own name."""
        return self.name.split(".")[1] if "." in self.name else ""


@cache
def modules(package: Path) -> dict[str, Module]:
    """Return every module of a package by its dotted name."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path, parsed(path))
    return found


def long_files(package: Path) -> list[str]:
    """Return the files that have too many lines."""
    lines = {
        module.path: len(module.path.read_text(encoding="utf-8").splitlines()) for module in _all(package)
    }
    return [f"{_short(path, package)} {count}" for path, count in lines.items() if count > FILE_LINES_MAX]


def large_classes(package: Path) -> list[str]:
    """Return the classes that have too many methods."""
    return [
        f"{module.name}.{node.name} {methods}"
        for module in _all(package)
        for node in nodes(module.tree)
        if isinstance(node, ast.ClassDef)
        and (methods := sum(isinstance(item, Function) for item in node.body)) > CLASS_METHODS_MAX
    ]


def long_functions(package: Path) -> list[str]:
    """Return the functions that have too many lines."""
    return [
        f"{module.name}.{node.name} {lines}"
        for module in _all(package)
        for node in nodes(module.tree)
        if isinstance(node, Function)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]


def circle(package: Path) -> list[str]:
    """Return the modules of one circle of imports, those inside functions counted; none where there is no circle.

    An import for the type checker alone runs never; a package that offers the names of its modules may import them.
    """
    known = modules(package)
    graph = {name: set(_imported(module, known)) for name, module in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(name) for name in error.args[1]]
    return []


def homonyms(package: Path) -> list[str]:
    """Return what has the name of another thing of its layer: a public class, or a public function that is imported by
    name. An act may share its name with others: it is called through its module.
    """
    known = modules(package)
    classes: dict[tuple[str, str], list[str]] = defaultdict(list)
    functions: dict[tuple[str, str], list[str]] = defaultdict(list)
    for module in known.values():
        for node in module.tree.body:
            named = {ast.ClassDef: classes, ast.FunctionDef: functions}.get(type(node))
            if named is not None and not node.name.startswith("_"):  # type: ignore[attr-defined]
                named[module.layer, node.name].append(module.name)  # type: ignore[attr-defined]
    faults = [f"class {name}: {', '.join(where)}" for (_, name), where in classes.items() if len(where) > 1]
    shared = {
        (where, name) for (_, name), modules_ in functions.items() if len(modules_) > 1 for where in modules_
    }
    for module in known.values():
        for where, name in _names_imported(module):
            if (where, name) in shared:
                faults.append(f"function {name} of {where}, imported by name in {module.name}")
    return faults


def vague_names(package: Path) -> list[str]:
    """Return the lines that call something by a word that says nothing of it: a local, a parameter, a field or an attribute,
    what an import or a pattern names, a function, a class, a module; a private one too."""
    return [
        f"{_short(module.path, package)} {line} {name}"
        for module in _all(package)
        for line, name in [(1, module.path.stem), *_names_given(module.tree)]
        if name.lstrip("_") in VAGUE_NAMES
    ]


def unmeasured_imports(package: Path) -> list[str]:
    """Return the lines that import inside a function and do not say how many milliseconds that spares, and whom."""
    return [
        f"{_short(module.path, package)} {number}"
        for module in _all(package)
        for number, line in enumerate(module.path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"noqa: .*\bPLC0415\b", line) and not re.search(r"- \D*\d+ ms\b", line)
    ]


def _all(package: Path) -> Iterator[Module]:
    yield from modules(package).values()


def _short(path: Path, package: Path) -> str:
    return path.relative_to(package.parent).as_posix()


def _names_given(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield what each node of a tree gives a name to, with its line; what it reads was named elsewhere."""
    for node in nodes(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.alias(asname=str(name)):
                yield node.lineno, name
            case ast.alias(name=name):
                yield node.lineno, name.partition(".")[0]
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                yield node.lineno, name
            case ast.MatchMapping(rest=str(name)):
                yield node.lineno, name


def _names_imported(module: Module) -> Iterator[tuple[str, str]]:
    """Yield the module and the name of each `from module import name` that can run."""
    for node in _running(module.tree):
        if isinstance(node, ast.ImportFrom):
            stem = module.name.split(".")
            if module.path.name != "__init__.py":
                stem = stem[:-1]
            above = stem[: len(stem) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield base, alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""


@cache
def _running(tree: ast.Module) -> tuple[ast.stmt, ...]:
    """Return the statements of a tree, those within others too, without what is for the type checker alone."""
    waiting: list[ast.AST] = [tree]
    found = []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and any(
            "TYPE_CHECKING" in vars(part).values() for part in ast.walk(node.test)
        ):
            continue
        if isinstance(node, ast.stmt):
            found.append(node)
        for name in ("body", "orelse", "handlers", "finalbody", "cases"):
            held = getattr(node, name, ())
            waiting += held if isinstance(held, list) else ()
    return tuple(found)


def _imported(module: Module, known: dict[str, Module]) -> Iterator[str]:
    for base, name in _names_imported(module):
        whole = f"{base}.{name}"
        target = whole if whole in known else base
        if target in known and target != module.name:
            yield target
