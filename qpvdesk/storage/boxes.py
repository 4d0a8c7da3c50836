"""An R-tree of the boxes of outlines, in memory: which of them may hold a point, however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType

from qpvdesk.domain.shapes import Point, Shape, box_of
from qpvdesk.storage.engine import sqlite3

_SLACK = 1e-5
"""The R-tree keeps single floats: boxes are widened by a metre, what is in an outline is asked of it afterwards."""


class Boxes:
    """The boxes of shapes, by key. Use it as a context manager."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self._keys = list(shapes)
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE box USING rtree (id, west, east, south, north)")
        rows = []
        for number, shape in enumerate(shapes.values()):
            west, south, east, north = box_of(shape)
            rows.append((number, west - _SLACK, east + _SLACK, south - _SLACK, north + _SLACK))
        self._connection.executemany("INSERT INTO box VALUES (?, ?, ?, ?, ?)", rows)

    def __enter__(self) -> Boxes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def at(self, point: Point) -> list[str]:
        """Return the keys of the shapes whose box holds a point."""
        x, y = point
        rows = self._connection.execute(
            "SELECT id FROM box WHERE west <= ? AND east >= ? AND south <= ? AND north >= ? ORDER BY id",
            (x, x, y, y),
        )
        return [self._keys[number] for (number,) in rows]
