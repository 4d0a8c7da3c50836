"""What is done to the bindings of Qt changes nothing that can be seen of them."""

from __future__ import annotations

import ast
import enum
import subprocess
import sys
from pathlib import Path
from types import MethodType, ModuleType
from typing import Any

import pytest
from PySide6 import QtCore, QtGui, QtWidgets

from qpvdesk import bindings

ASKED: dict[str, Any] = {"module": "somewhere", "boundary": enum.KEEP}
pytestmark = pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="another Python makes its enums itself"
)


def kinds_of(module: ModuleType) -> list[Any]:
    """Every enum of a module of Qt, those of its classes too: each is made when it is first asked for."""
    things = [getattr(module, name) for name in dir(module)]
    inner = [getattr(thing, name, None) for thing in things if isinstance(thing, type) for name in dir(thing)]
    found = {id(thing): thing for thing in (*things, *inner) if isinstance(thing, enum.EnumType)}
    return [kind for kind in found.values() if kind.__module__.startswith("PySide6")]


def made_both_ways(kind: Any, names: Any) -> tuple[Any, Any]:
    """The enum as the program makes it, and as Python does."""
    return bindings.waiting_enum(kind, "Made", names, **ASKED), bindings._STANDARD(
        kind, "Made", names, **ASKED
    )


def told(kind: Any) -> dict[str, object]:
    """All that an enum holds, its members by what they are."""

    def plain(thing: Any) -> object:
        if isinstance(thing, kind):
            return {**vars(thing), "__objclass__": thing.__objclass__ is kind, "number": thing == thing.value}
        if isinstance(thing, dict):
            return [(key, plain(value)) for key, value in thing.items()]
        return thing.__func__ if isinstance(thing, MethodType) else thing

    return {
        name: plain(thing) for name, thing in vars(kind).items() if name not in ("__dict__", "__weakref__")
    }


@pytest.mark.parametrize("module", [QtCore, QtGui, QtWidgets], ids=lambda module: module.__name__)
def test_an_enum_made_quickly_is_the_one_that_python_makes(module: ModuleType) -> None:
    kinds = kinds_of(module)
    assert len(kinds) > 50
    for kind in kinds:
        names = [(name, member.value) for name, member in kind.__members__.items()]
        quick, slow = made_both_ways(kind.__mro__[1], names)
        assert told(quick) == told(slow), kind
        assert [member.value for member in quick] == [member.value for member in slow]
        for _, value in names:
            assert repr(quick(value)) == repr(slow(value))


@pytest.mark.parametrize("names", ["RED BLUE", ["RED"], [("name", 1)], [("RED", "r"), ("BLUE", -1)], []])
def test_what_is_not_plain_goes_the_way_of_python(names: Any) -> None:
    quick, slow = made_both_ways(enum.Enum, names)
    assert told(quick).keys() == told(slow).keys()
    assert [member.value for member in quick] == [member.value for member in slow]


_WAITING = """
import enum, threading
from qpvdesk import bindings
from PySide6.QtCore import QEvent, QLocale, Qt
def waits(kind):
    return type(kind) is bindings.WaitingEnum
"""


@pytest.mark.parametrize(
    "asked",
    [
        "Qt.Key.Key_A", "Qt.Key(65)", "Qt.Key['Key_A']", "len(Qt.Key)", "list(Qt.Key)", "Qt.Key.__members__", "dir(Qt.Key)",
        "65 in Qt.Key", "vars(Qt.Key)", "hasattr(Qt.Key, 'no')", "repr(Qt.Key)",
        "setattr(Qt.Key, 'other', 1)", "Qt.Key._member_map_", "reversed(Qt.Key)", "exec('class K(Qt.Key): pass')",
    ],
)  # fmt: skip
def test_an_enum_of_qt_has_its_members_when_anything_is_asked_of_it(asked: str) -> None:
    said = told_by(
        _WAITING,
        "assert waits(Qt.Key) and waits(Qt.Corner) and waits(QLocale.Language)",
        f"try: {asked}",
        "except TypeError: pass",
        "print(type(Qt.Key) is enum.EnumType, len(Qt.Key) > 400, waits(Qt.Corner))",
    )
    assert said == ["True True True"]


def test_what_qt_returns_and_takes_are_members_of_the_enum_that_waited() -> None:
    said = told_by(
        _WAITING,
        "from PySide6.QtGui import QColor, QPen",
        "pen = QPen(QColor('red'))",
        "assert waits(Qt.PenStyle) and waits(Qt.PenCapStyle)",
        "print(pen.style() is Qt.PenStyle.SolidLine, pen.style() == Qt.PenStyle(1), type(Qt.PenStyle) is enum.EnumType)",
        "assert waits(Qt.AlignmentFlag)",
        "print(Qt.AlignmentFlag() == Qt.AlignmentFlag(0), repr(Qt.AlignmentFlag(33)))",
        "assert waits(QEvent.Type)",
        "found = []",
        "threads = [threading.Thread(target=lambda: found.append(QEvent.Type(12))) for _ in range(20)]",
        "[thread.start() for thread in threads], [thread.join() for thread in threads]",
        "print(len(found), {id(member) for member in found} == {id(QEvent.Type.Paint)})",
    )
    assert said == ["True True True", "True <AlignmentFlag.AlignLeft|AlignTop: 33>", "20 True"]


def test_enums_wait_no_more_once_the_signatures_of_qt_are_asked_for() -> None:
    said = told_by(
        _WAITING,
        "from PySide6.support.signature import get_signature",
        "from PySide6.QtCore import QAbstractItemModel",
        "assert waits(Qt.Corner)",
        "print(get_signature(QAbstractItemModel.sort), waits(Qt.Corner), len(bindings._WAITING))",
    )
    assert "Qt.SortOrder" in said[-1]
    assert said[-1].endswith("False 0")
    assert (
        said[-1].split(" False")[0]
        == told_by(
            "from PySide6.support.signature import get_signature",
            "from PySide6.QtCore import QAbstractItemModel",
            "print(get_signature(QAbstractItemModel.sort))",
        )[-1]
    )


_TOLD = """
import sys
from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.support.signature import get_signature
def wrong(call):
    try:
        call()
    except (TypeError, ValueError, AttributeError) as error:
        return type(error).__name__, str(error)
print([
    wrong(lambda: QRect("no")), wrong(lambda: QPoint(1, 2, 3)), wrong(lambda: QObject(nothing=1)),
    str(get_signature(QRect.contains)), str(get_signature(QRect.__init__)), QRect.moveTo.__doc__,
])
"""


def told_by(*lines: str) -> list[str]:
    """What a process that imports Qt for the first time says."""
    said = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True, timeout=300
    )
    return said.stdout.splitlines()


def test_a_wrong_call_is_told_as_by_a_plain_import_of_qt() -> None:
    mended = told_by("from qpvdesk import bindings", _TOLD)
    assert "Supported signatures" in mended[-1]
    assert mended == told_by(_TOLD)


def test_the_signatures_of_qt_are_compiled_when_they_are_first_asked_for() -> None:
    deferred = "print(sum(type(module) is bindings._DeferredModule and '_importer' in vars(module)"
    deferred += " for name, module in sys.modules.items() if name in bindings._DEFERRED))"
    finders = "print([type(finder) for finder in sys.meta_path] == before, type(sys.meta_path) is list)"
    said = told_by(
        "import sys",
        "before = [type(finder) for finder in sys.meta_path]",
        "from qpvdesk import bindings",
        "from PySide6.QtWidgets import QApplication, QLabel",
        "QApplication(['', '-platform', 'offscreen'])",
        "QLabel('words').show()",
        deferred,
        finders,
        "from PySide6.support.signature.lib import enum_sig",
        "enum_sig.ExactEnumerator",
        deferred,
    )
    assert int(said[0]) == len(bindings._DEFERRED)
    assert said[1] == "True True"
    assert int(said[2]) < len(bindings._DEFERRED)


def test_no_word_of_an_enum_is_asked_of_the_class_around_it() -> None:
    """`Qt.AlignLeft` is such a word: the types of an enum that waits do not know it there."""
    asked = {
        (path.name, node.attr)
        for path in Path(bindings.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Qt"
    }
    assert asked
    assert {one for one in asked if not isinstance(getattr(QtCore.Qt, one[1]), type)} == set()
