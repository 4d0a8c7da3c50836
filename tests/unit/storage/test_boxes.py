"""Which outlines may hold a point, however many there are."""

from __future__ import annotations

import pytest

from qpvdesk.domain.shapes import shape_of
from qpvdesk.storage.boxes import Boxes
from qpvdesk.storage.engine import sqlite3


def test_the_tree_of_boxes_misses_none() -> None:
    def square(x: float, y: float) -> list[list[float]]:
        return [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]

    shapes = {
        f"{x}-{y}": shape_of({"type": "Polygon", "coordinates": [square(x, y)]})
        for x in range(20)
        for y in range(20)
    }
    with Boxes(shapes) as boxes:
        assert boxes.at((3.5, 7.5)) == ["3-7"]
        assert set(boxes.at((4.0, 7.5))) == {"3-7", "4-7"}
        assert boxes.at((-5.0, 0.0)) == []
    with pytest.raises(sqlite3.ProgrammingError):
        boxes.at((3.5, 7.5))
