"""The count that stands for a clock tells what grows as its size from what grows as its square, in code and in a pattern."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qpvdesk.domain import typed_figures
from tests.helpers.work import grows_as_its_size, work


def each(size: int) -> int:
    return sum(at % 3 for at in range(size))


def pairs(size: int) -> int:
    return sum((a + b) % 3 for a, b in combinations(range(size), 2))


def test_a_loop_is_told_from_a_loop_within_it() -> None:
    assert grows_as_its_size(each, 50)
    assert not grows_as_its_size(pairs, 50)
    assert grows_as_its_size(lambda _: each(9), 50), (
        "what does the same whatever the size grows no more than it"
    )


def test_the_count_is_the_same_each_time() -> None:
    assert work(lambda: each(40)) == work(lambda: each(40)) > 40


@pytest.mark.parametrize("form", [r"\d+\s*x", r"(?:\d|\d\d)+x", r"\d*?\d*?x", r"(?:a|b)*\d+x"])
def test_a_pattern_that_goes_back_at_each_letter_is_told(form: str) -> None:
    assert not grows_as_its_size(lambda size: re.search(form, "1" * size), 4)


@pytest.mark.parametrize("form", [r"\d++\s*x", r"(?<!\d)\d+x", r"^\d+x", r"(?>\d+)x(?<=1x)"])
def test_a_pattern_that_walks_once_is_told(form: str) -> None:
    assert grows_as_its_size(lambda size: re.match(form, "1" * size), 20)
    assert grows_as_its_size(lambda size: re.findall(form, "1x " * size), 20)


def test_a_pattern_of_the_program_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(size: int) -> None:
        typed_figures.RATIO.fullmatch("12 sur 1" + " " * size + "x")

    assert grows_as_its_size(read, 20)
    monkeypatch.setattr(typed_figures, "RATIO", re.compile(r"([0-9 ]+)\s*(?:sur|/)\s*([0-9 ]+)\s*"))
    assert not grows_as_its_size(read, 20)


@settings(max_examples=30)
@given(st.text("aAb1 2-é\n", max_size=12))
@example("aa-aa")
@pytest.mark.parametrize(
    "form",
    [r"(a|b)+?\1", r"(?<=a)\s|^[^\W\d]{2,3}$", r"(\w+)-\1", r"(?!a)\w{1,2}+\b", r"(?:a?)*b", r"(?:ab?)??(?>b|-)++"],
)  # fmt: skip
def test_what_is_walked_is_what_the_pattern_finds(form: str, text: str) -> None:
    work(lambda: (re.search(form, text), re.fullmatch(form, text), re.sub(form, "", text)))


@pytest.mark.parametrize("form", ["(?i:a)b", "(a)?(?(1)b|-)"])
def test_a_pattern_that_cannot_be_counted_says_so(form: str) -> None:
    with pytest.raises(AssertionError, match="not counted"):
        work(lambda: re.search(form, "ab"))
