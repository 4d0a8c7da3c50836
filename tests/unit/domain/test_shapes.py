"""An outline is checked in steps that grow as its points, or is given up."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest

from qpvdesk.domain import shapes
from qpvdesk.domain.shapes import Point, ShapeError, crossing
from tests.helpers.work import grows_as_its_size


def closed(*points: Point) -> shapes.Shape:
    return (((*points, points[0]),),)


class Counted(list[Any]):
    """Sides that are counted whenever they are taken, one by one or many at once: a copy is one instruction."""

    taken = 0

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        Counted.taken += len(found) if isinstance(at, slice) else 1
        return found

    def __iter__(self) -> Iterator[Any]:
        for side in super().__iter__():
            Counted.taken += 1
            yield side


def test_the_sides_of_a_long_outline_are_not_copied_at_each_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the copies, an outline of a hundred thousand sides took a minute."""
    monkeypatch.setattr(shapes, "sorted", lambda sides: Counted(sorted(sides)), raising=False)
    monkeypatch.setattr(Counted, "taken", 0)

    def check(count: int) -> None:
        west_to_east = [(at / count, 50 + at % 7 / 1000) for at in range(count)]
        assert crossing(closed(*west_to_east, (1, 49), (0, 49))) is None

    check(1_000)
    # Each by itself, and beside the next two or three.
    assert 1_000 < Counted.taken < 6_000
    assert grows_as_its_size(check, 250)


def test_an_outline_whose_sides_lie_beside_each_other_by_the_million_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    comb = [(2 + at % 2, 50 + at / 10_000) for at in range(1_000)]
    shape = closed(*comb, (3, 51), (4, 51), (4, 49), (2, 49))
    assert crossing(shape) is None
    monkeypatch.setattr(shapes, "_PAIRS_MAX", 100_000)
    with pytest.raises(ShapeError, match="trop de détails"):
        crossing(shape)
    # All the rings of an outline count together.
    whole = tuple(polygon for _ in range(2_000) for polygon in closed((0, 0), (0, 1), (1, 1), (1, 0)))
    with pytest.raises(ShapeError, match="trop de détails"):
        crossing(whole * 100)


def test_where_a_ring_crosses_itself_is_told() -> None:
    bow = [(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]
    assert crossing(closed(*bow)) is not None
    star = [(math.cos(at * 4 * math.pi / 5), math.sin(at * 4 * math.pi / 5)) for at in range(5)]
    assert crossing(closed(*star)) is not None
    assert crossing(closed((0, 0), (1, 0), (1, 1), (0.5, 0), (0, 1))) is None, "it may touch itself"
