"""How much work an act does, counted: the same on a busy machine as on an idle one, so that a test may hold it.

Counted are the instructions of Python's own code, and the steps that a pattern takes on a text, which no profile sees:
the pattern is walked again here as the `re` module walks it, place after place and one way back after the other. What else
is written in C (a slice, a sort) counts as one; a test that fears one of these counts it itself.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from re import _compiler, _parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

import pytest

_End = int | None
_Next = Callable[[int], _End]
"""What is looked for after a part of a pattern, from a place on; returns where all of it ends, None where it does not."""

_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_OF_ONE_LETTER = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN", "RANGE", "CATEGORY"})
_DEPTH_MAX = 200_000
_GROWTH_MAX = 2.25
"""Of twice the size: twice the work, and a little for a sort; of a square beside much else, soon more than this."""


def grows_as_its_size(act: Callable[[int], object], size: int) -> bool:
    """Whether an act of twice the size does about twice the work, or less; its square would be four times. What is done
    once, whatever the size, is left out, and what is done the first time only."""
    act(size)
    first, second, third = (work(partial(act, size * times)) for times in (1, 2, 4))
    return third - second <= _GROWTH_MAX * (second - first)


def work(act: Callable[[], object]) -> int:
    """Return the instructions and the steps that an act takes."""
    done = _Work()
    before, depth = sys.gettrace(), sys.getrecursionlimit()
    with pytest.MonkeyPatch.context() as patch, done.patterns_counted(patch):
        sys.setrecursionlimit(_DEPTH_MAX)
        sys.settrace(done.called)
        try:
            act()
        finally:
            sys.settrace(before)
            sys.setrecursionlimit(depth)
    return done.steps


class _Work:
    def __init__(self) -> None:
        self.steps = 0

    def called(self, frame: FrameType, _event: str, _argument: object) -> Any:
        """Count each instruction of a function, from its call on."""
        if frame.f_code.co_filename == __file__:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._run

    def _run(self, _frame: FrameType, event: str, _argument: object) -> Any:
        self.steps += event == "opcode"
        return self._run

    @contextmanager
    def patterns_counted(self, patch: pytest.MonkeyPatch) -> Iterator[None]:
        """Put in the place of each pattern of the program one that counts."""
        compiled = re._compile  # type: ignore[attr-defined]
        patch.setattr(re, "_compile", lambda *asked: _Pattern(compiled(*asked), self))
        for name, module in list(sys.modules.items()):
            if name.startswith("qpvdesk.") and isinstance(module, ModuleType):
                for word, value in list(vars(module).items()):
                    counted = self._counted(value)
                    if counted is not value:
                        patch.setattr(module, word, counted)
        yield

    def _counted(self, value: Any) -> Any:
        """The same value with patterns that count, by themselves or in a table."""
        if isinstance(value, re.Pattern):
            return _Pattern(value, self)
        if type(value) is tuple:
            parts = [self._counted(part) for part in value]
            return tuple(parts) if any(a is not b for a, b in zip(parts, value, strict=True)) else value
        if type(value) is dict and any(isinstance(part, re.Pattern) for part in value.values()):
            return {key: self._counted(part) for key, part in value.items()}
        return value


class _Pattern:
    """A pattern whose steps are counted; what it finds is what the pattern itself finds, or the test fails."""

    def __init__(self, pattern: re.Pattern[str], done: _Work) -> None:
        self._pattern, self._done = pattern, done

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pattern, name)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self._tried("match", text, start, end)

    def fullmatch(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self._tried("fullmatch", text, start, end)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self._tried("search", text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        self._all(text, start, end)
        return self._pattern.finditer(text, start, end)

    def findall(self, text: str, start: int = 0, end: int = sys.maxsize) -> list[Any]:
        self._all(text, start, end)
        return self._pattern.findall(text, start, end)

    def sub(self, put: Any, text: str, count: int = 0) -> str:
        self._all(text, 0, sys.maxsize)
        return self._pattern.sub(put, text, count)

    def split(self, text: str, count: int = 0) -> list[Any]:
        self._all(text, 0, sys.maxsize)
        return self._pattern.split(text, count)

    def _all(self, text: str, start: int, end: int) -> None:
        last = start
        for found in self._pattern.finditer(text, start, end):
            self._walk("search", text, last, end)
            last = max(found.end(), last + 1)
        self._walk("search", text, last, end)

    def _tried(self, how: str, text: str, start: int, end: int) -> re.Match[str] | None:
        found: re.Match[str] | None = getattr(self._pattern, how)(text, start, end)
        walked = self._walk(how, text, start, end)
        assert walked == (found.span() if found else None), (self._pattern.pattern, walked, found)
        return found

    def _walk(self, how: str, text: str, start: int, end: int) -> tuple[int, int] | None:
        before = sys.gettrace()
        sys.settrace(None)
        try:
            walker = _Walker(self._pattern, text, min(end, len(text)))
            found = walker.found(how, start)
            self._done.steps += walker.steps
        finally:
            sys.settrace(before)
        return found


class _Walker:
    """Walks one text by one pattern, and counts the places where it looks."""

    def __init__(self, pattern: re.Pattern[str], text: str, end: int) -> None:
        self.text, self.end, self.steps = text, end, 0
        self._tree = _parser.parse(pattern.pattern, pattern.flags)
        self._flags = pattern.flags
        self._groups: dict[int, tuple[int, int]] = {}

    def found(self, how: str, start: int) -> tuple[int, int] | None:
        """Return where the pattern begins and ends, from a place on; None where it does not."""
        whole = how == "fullmatch"
        for at in range(start, (self.end if how == "search" else start) + 1):
            self._groups.clear()
            end = self._all(list(self._tree), 0, at, lambda to: None if whole and to != self.end else to)
            if end is not None:
                return at, end
        return None

    def _all(self, parts: list[Any], number: int, at: int, then: _Next) -> _End:
        """Look for the parts of a pattern from one on."""
        if number == len(parts):
            return then(at)
        self.steps += 1
        operation, asked = parts[number]
        name = str(operation)

        def rest(to: int) -> _End:
            return self._all(parts, number + 1, to, then)

        if name in _OF_ONE_LETTER:
            return rest(at + 1) if self._one(parts[number], at) else None
        if name in _REPEATS:
            return self._repeated(name, asked, at, rest)
        if name == "SUBPATTERN":
            return self._group(asked, at, rest)
        if name == "BRANCH":
            ends = (self._all(list(way), 0, at, rest) for way in asked[1])
            return next((end for end in ends if end is not None), None)
        if name == "ATOMIC_GROUP":
            end = self._all(list(asked), 0, at, lambda to: to)
            return None if end is None else rest(end)
        if name in ("ASSERT", "ASSERT_NOT"):
            way, sought = asked
            begin = at if way > 0 else at - sought.getwidth()[0]
            seen = begin >= 0 and self._all(list(sought), 0, begin, lambda to: to) is not None
            return rest(at) if seen == (name == "ASSERT") else None
        if name == "GROUPREF":
            begin, end = self._groups[asked]
            said = self.text[begin:end]
            return rest(at + len(said)) if self.text.startswith(said, at) else None
        assert name == "AT", f"{name} of a pattern is not counted"
        return rest(at) if self._alone(parts[number]).match(self.text, at, self.end) else None

    def _group(self, asked: Any, at: int, rest: _Next) -> _End:
        number, added, taken, inner = asked
        assert not added, "flags within a pattern are not counted"
        assert not taken, "flags within a pattern are not counted"

        def closed(to: int) -> _End:
            before = self._groups.get(number)
            if number is not None:
                self._groups[number] = (at, to)
            end = rest(to)
            if end is None and before is not None:
                self._groups[number] = before
            return end

        return self._all(list(inner), 0, at, closed)

    def _repeated(self, name: str, asked: Any, at: int, rest: _Next) -> _End:
        least, most, inner = asked
        parts = list(inner)
        if len(parts) == 1 and str(parts[0][0]) in _OF_ONE_LETTER:
            return self._run(name, (least, most), parts[0], at, rest)
        if name == "POSSESSIVE_REPEAT":
            count = 0
            while count < int(most):
                end = self._all(parts, 0, at, lambda to: to)
                if end is None or (end == at and count >= least):
                    break
                at, count = end, count + 1
            return rest(at) if count >= least else None
        return self._again(name, (least, int(most)), parts, (at, 0), rest)

    def _again(
        self, name: str, bounds: tuple[int, int], parts: list[Any], done: tuple[int, int], rest: _Next
    ) -> _End:
        at, count = done

        def more() -> _End:
            if count >= bounds[1]:
                return None
            return self._all(
                parts,
                0,
                at,
                lambda to: (
                    None
                    if to == at and count >= bounds[0]
                    else self._again(name, bounds, parts, (to, count + 1), rest)
                ),
            )

        self.steps += 1
        if count < bounds[0]:
            return more()
        first, second = (more, lambda: rest(at)) if name == "MAX_REPEAT" else (lambda: rest(at), more)
        end = first()
        return second() if end is None else end

    def _run(self, name: str, bounds: tuple[int, int], part: Any, at: int, rest: _Next) -> _End:
        """A letter of some kind again and again: no call a letter, as `re` does it."""
        least, most = bounds[0], min(int(bounds[1]), self.end - at)
        count = 0
        if name == "MIN_REPEAT":
            while count <= most:
                end = rest(at + count) if count >= least else None
                if end is not None or count == most or not self._one(part, at + count):
                    return end
                count += 1
            return None
        while count < most and self._one(part, at + count):
            count += 1
        if name == "POSSESSIVE_REPEAT":
            return rest(at + count) if count >= least else None
        for kept in range(count, least - 1, -1):
            end = rest(at + kept)
            if end is not None:
                return end
        return None

    def _one(self, part: Any, at: int) -> bool:
        self.steps += 1
        return at < self.end and self._alone(part).match(self.text, at, self.end) is not None

    def _alone(self, part: Any) -> re.Pattern[str]:
        """The pattern of one part, which `re` itself tries; kept, for it is tried at each place."""
        key = (repr(part), self._flags)
        if key not in _ALONE:
            tree = _parser.SubPattern(_parser.State(), [part])
            _ALONE[key] = _compiler.compile(tree, self._flags & ~re.DEBUG)
        return _ALONE[key]


_ALONE: dict[tuple[str, int], re.Pattern[str]] = {}
