"""The limits of the house: what is too large to be read, what turns in a circle, what two things are called."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import house
from tests.helpers.sources import parsed

PACKAGE = Path(__file__).parents[2] / "qpvdesk"


@pytest.fixture
def scratch(tmp_path: Path) -> Callable[..., Path]:
    """Write a package of modules and return its folder."""

    def write(**sources: str) -> Path:
        package = tmp_path / "house"
        for name, source in {"__init__": "", **sources}.items():
            path = package / f"{name.replace('__of__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
        return package

    return write


def test_no_imports_turn_in_a_circle() -> None:
    assert house.circle(PACKAGE) == []


@pytest.mark.parametrize("limit", [house.long_files, house.large_classes, house.long_functions])
def test_nothing_is_too_large(limit: Callable[[Path], list[str]]) -> None:
    assert limit(PACKAGE) == []


def test_one_name_has_one_meaning_within_a_layer() -> None:
    assert house.homonyms(PACKAGE) == []


def test_every_name_is_a_noun() -> None:
    """`held` or `it` says neither the type nor the subject of what bears it: see `house.VAGUE_NAMES`."""
    assert house.vague_names(PACKAGE) == []


def test_a_long_file_is_seen(scratch: Callable[..., Path]) -> None:
    package = scratch(fits="x = 1\n" * house.FILE_LINES_MAX, guilty="x = 1\n" * (house.FILE_LINES_MAX + 1))
    assert house.long_files(package) == [f"house/guilty.py {house.FILE_LINES_MAX + 1}"]


def test_a_large_class_is_seen(scratch: Callable[..., Path]) -> None:
    methods = [f"    def m{number}(self): ...\n" for number in range(house.CLASS_METHODS_MAX + 1)]
    package = scratch(
        guilty="class Fits:\n" + "".join(methods[1:]) + "class Large:\n    x = 1\n" + "".join(methods)
    )
    assert house.large_classes(package) == [f"house.guilty.Large {len(methods)}"]


def test_a_long_function_is_seen_inside_a_class_too(scratch: Callable[..., Path]) -> None:
    body = "        x = 1\n" * (house.FUNCTION_LINES_MAX - 1)
    package = scratch(
        guilty=f"class A:\n    def fits(self):\n{body}    def long(self):\n{body}        x = 2\n"
    )
    assert house.long_functions(package) == [f"house.guilty.long {house.FUNCTION_LINES_MAX + 1}"]


def test_a_circle_is_seen_through_an_import_inside_a_function(scratch: Callable[..., Path]) -> None:
    package = scratch(
        layer__of__one="def f():\n    from house.layer import two\n",
        layer__of__two="from . import three\n",
        layer__of__three="from .one import f\n",
    )
    assert {"house.layer.one", "house.layer.two", "house.layer.three"} == set(house.circle(package))


def test_an_import_for_the_type_checker_makes_no_circle(scratch: Callable[..., Path]) -> None:
    guard = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house import one\n"
    assert house.circle(scratch(one="from house import two\n", two=guard)) == []


def test_an_import_inside_a_function_says_what_it_spares() -> None:
    """Ruff refuses it without a word (PLC0415); the word is a number of milliseconds and who needs it."""
    assert house.unmeasured_imports(PACKAGE) == []


def test_an_import_that_says_nothing_is_seen(scratch: Callable[..., Path]) -> None:
    said = "    import {}  # noqa: PLC0415{}\n"
    package = scratch(
        guilty="def f():\n"
        + said.format("a", " - 31 ms, the paper alone")
        + said.format("b", " - slow")
        + said.format("c", " - slow").replace("noqa: ", "noqa: F401, ")
    )
    assert house.unmeasured_imports(package) == ["house/guilty.py 3", "house/guilty.py 4"]


def test_homonyms_are_seen_but_acts_called_through_their_module(scratch: Callable[..., Path]) -> None:
    package = scratch(
        layer__of__one="class Table: ...\ndef read(): ...\ndef _own(): ...\nclass _Own: ...\n",
        layer__of__two="class Table: ...\ndef read(): ...\ndef _own(): ...\nclass _Own: ...\n",
        layer__of__good="from house.layer import one, two\none.read()\ntwo.read()\n",
        layer__of__guilty="from house.layer.two import read\n",
        other__of__one="class Table: ...\nfrom house.layer.one import Table as Theirs\n",
    )
    assert house.homonyms(package) == [
        "class Table: house.layer.one, house.layer.two",
        "function read of house.layer.two, imported by name in house.layer.guilty",
    ]


@pytest.mark.parametrize(
    "guilty",
    [
        "held = 1",
        "held: int",
        "held += 1",
        "first, *held = range(3)",
        "(held := 1)",
        "for held in range(3): ...",
        "words = [held for held in range(3)]",
        "with open(0) as held: ...",
        "def read(held): ...",
        "def read(*held): ...",
        "def read(*, held=1): ...",
        "read = lambda held: held",
        "def held(): ...",
        "async def held(): ...",
        "class held: ...",
        "class Row:\n    held: int",
        "class Row:\n    held = 1",
        "class Row:\n    def __init__(self): self.held = 1",
        "class Row:\n    def held(self): ...",
        "try: ...\nexcept OSError as held: ...",
        "match 1:\n    case held: ...",
        "match 1:\n    case int() as held: ...",
        "match 1:\n    case [1, *held]: ...",
        "match 1:\n    case {1: 1, **held}: ...",
        "import os as held",
        "import held",
        "import held.inner",
        "from os import path as held",
        "from os import held",
    ],
)
def test_a_name_that_tells_no_type_is_seen(scratch: Callable[..., Path], guilty: str) -> None:
    package = scratch(
        fits="withheld, said_of = 1, print\nsaid_of(withheld, 'held', end='')\n", guilty=f"{guilty}\n"
    )
    assert [fault.split()[::2] for fault in house.vague_names(package)] == [["house/guilty.py", "held"]]


def test_what_is_private_has_a_name_too(scratch: Callable[..., Path]) -> None:
    """`self._held` was in ten modules, beside the fields that had been named."""
    package = scratch(guilty="class Row:\n    def __init__(self): self._held = 1\n\n\ndef _said(_): ...\n")
    assert sorted(house.vague_names(package)) == ["house/guilty.py 2 _held", "house/guilty.py 5 _said"]


@pytest.mark.parametrize("name", sorted(house.VAGUE_NAMES))
def test_each_name_that_tells_no_type_is_seen_of_a_module_too(
    scratch: Callable[..., Path], name: str
) -> None:
    package = scratch(**{f"layer__of__{name}": "", "guilty": f"\n{name} = 1\nprint({name}, {name}s=1)\n"})
    assert sorted(house.vague_names(package)) == [
        f"house/guilty.py 2 {name}",
        f"house/layer/{name}.py 1 {name}",
    ]


def test_what_a_module_does_when_it_is_run_stands_at_its_end() -> None:
    """What is defined below it is not there yet: `make` ended in a raw error on a new machine alone."""
    below = []
    for folder in (PACKAGE, PACKAGE.parent / "tests"):
        for path in sorted(folder.rglob("*.py")):
            body = parsed(path).body
            guards = [
                at
                for at, node in enumerate(body)
                if isinstance(node, ast.If) and "__main__" in ast.dump(node.test)
            ]
            below += [str(path) for at in guards if at < len(body) - 1]
    assert below == []
