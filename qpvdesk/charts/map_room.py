"""Where a name may stand among the outlines of a map: clear of the lines that it would rub out, on its own ground."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise

from qpvdesk.charts.labels import Box, box_of, crosses
from qpvdesk.charts.map import Drawn, Point, Scene, View, lies_within, stretches
from qpvdesk.charts.metrics import DESCENT
from qpvdesk.charts.primitives import Text

Segment = tuple[float, float, float, float]
Stretch = tuple[float, float]
HALO = 1.3
"""Points about its letters that a name covers."""
_EDGE = 4.0
"""Points from the frame to the middle of a place that it cuts."""
_SLIVER_MAX = 8.0
"""Points: what is seen of a place no wider than that is not asked the name of."""
_DESCENDING = frozenset("gjpqyçQ,;()/")
_ACCENTED = frozenset("ÀÂÇÉÈÊËÎÏÔÙÛ")
_ROWS = (0.5, 0.42, 0.58, 0.34, 0.66, 0.25, 0.75, 0.15, 0.85, 0.07, 0.93)
_STEP_DOWN, _STEP_ALONG = 3.0, 4.0
"""Points between two places where a name is tried on its ground."""


class Room:
    """The outlines that a view shows, on the page."""

    def __init__(self, whole: Scene, view: View, selected: str = "", *, contour_alone: bool = False) -> None:
        """`contour_alone`: of the selected place, which a name never covers; else of all of them."""
        self.view = view
        self.whole = whole
        self.subject = next((item for item in whole.places if item.place.code == selected), None)
        self.contour = list(_segments(self.subject, view)) if self.subject is not None else []
        others = () if contour_alone else whole.places
        self._lines = [
            segment for item in others if view.shows(item.box) for segment in _segments(item, view)
        ]
        segments = [*self.contour, *self._lines]
        self._sums = _summed(segments, view) if segments else [[0]]

    def is_clear(self, box: Box, about: float = HALO) -> bool:
        """Tell whether no outline enters a box and what is about it."""
        across, down = len(self._sums[0]) - 1, len(self._sums) - 1
        left, top = max(int(box.left - about), 0), max(int(box.top - about), 0)
        right, bottom = min(int(box.right + about) + 1, across), min(int(box.bottom + about) + 1, down)
        if left >= right or top >= bottom:
            return True
        upper, lower = self._sums[top], self._sums[bottom]
        return lower[right] - lower[left] == upper[right] - upper[left]

    def crossed_by(self, line: Segment) -> int:
        """How many outlines a line crosses, twice for one that two places share."""
        x1, y1, x2, y2 = line
        left, top, right, bottom = min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
        return sum(
            meet(line, other)
            for other in self._lines
            if not (
                (other[0] < left and other[2] < left)
                or (other[0] > right and other[2] > right)
                or (other[1] < top and other[3] < top)
                or (other[1] > bottom and other[3] > bottom)
            )
        )

    def way_out(self, line: Segment, middle: Point) -> int | None:
        """How often a line to a name (its middle) leaves the selected place: never or once; None where it goes across it or
        leads from beyond to a name in it."""
        if self.subject is None:
            return 0
        begins, ends = (lies_within(self.subject, *self.view.ground(*point)) for point in (line[:2], middle))
        met = sum(meet(line, segment) for segment in self.contour)
        return begins - ends if begins >= ends and met <= begins - ends else None

    def is_blank(self, x: float, y: float) -> bool:
        """Tell whether no place is at a point of the page."""
        return self.whole.at(*self.view.ground(x, y)) is None

    def middles(self, item: Drawn, wide: float, high: float) -> list[Point]:
        """Where on what is seen of a place the middle of such a box may stand, the nearest to its middle first."""
        seat = seat_of(item, self.view)
        if seat is None:
            return []
        _, top = self.view.page(0, item.box.top)
        _, bottom = self.view.page(0, item.box.bottom)
        top, bottom = max(top, 2.0) + high / 2, min(bottom, self.view.height - 2) - high / 2
        found = []
        for row in range(int(max(bottom - top, -1) // _STEP_DOWN) + 1):
            y = top + row * _STEP_DOWN
            for left, right in _stretches(item, self.view, y):
                free = right - left - wide
                for step in range(int(free // _STEP_ALONG) + 1) if free >= 0 else ():
                    found.append((left + wide / 2 + step * _STEP_ALONG, y))
                if free >= 0:
                    found.append(((left + right) / 2, y))
        found.sort(key=lambda point: math.hypot(point[0] - seat[0], 2 * (point[1] - seat[1])))
        return found


def seat_of(item: Drawn, view: View) -> Point | None:
    """The middle of a place on the page, of what is seen of it where the frame cuts it; None where nothing is seen."""
    left, top = view.page(item.box.left, item.box.top)
    right, bottom = view.page(item.box.right, item.box.bottom)
    if Box(left, top, right, bottom).within(Box(0, 0, view.width, view.height)):
        return view.page(*item.anchor)
    rows = (top, bottom)
    return _widest(item, view, rows, _EDGE)[1] or _widest(item, view, rows, 0.0)[1]


def is_sliver(item: Drawn, view: View) -> bool:
    """Tell whether the frame leaves no more than an edge of a place."""
    (_, top), (_, bottom) = view.page(0, item.box.top), view.page(0, item.box.bottom)
    is_cut = seat_of(item, view) != view.page(*item.anchor)
    return is_cut and _widest(item, view, (top, bottom), _EDGE)[0] < _SLIVER_MAX


def _widest(item: Drawn, view: View, rows: Stretch, inset: float) -> tuple[float, Point | None]:
    """How wide a place is at most within the frame, so far from its edges, and the middle of that stretch."""
    top, bottom = max(rows[0], inset), min(rows[1], view.height - inset)
    best: tuple[float, Point | None] = (0.0, None)
    for part in _ROWS if bottom > top else ():
        y = top + (bottom - top) * part
        for left, right in _stretches(item, view, y):
            start, end = max(left, inset), min(right, view.width - inset)
            width = (end - start) * (1 - abs(part - 0.5))
            if width > best[0]:
                best = (width, ((start + end) / 2, y))
    return best


def _stretches(item: Drawn, view: View, y: float) -> Iterator[tuple[float, float]]:
    """From where to where a line across the page is on a place alone, within the frame."""
    _, level = view.ground(0, y)
    for left, right in stretches(item.rings, item.over, level):
        start, end = max(view.page(left, 0)[0], 0.0), min(view.page(right, 0)[0], view.width)
        if end > start:
            yield start, end


def _segments(item: Drawn, view: View) -> Iterable[Segment]:
    """The outline of a place on the page, as far as it is seen."""
    frame = Box(0, 0, view.width, view.height)
    for ring in item.rings:
        for (x1, y1), (x2, y2) in pairwise([view.page(x, y) for x, y in ring]):
            if crosses((x1, y1, x2, y2), frame):
                yield x1, y1, x2, y2


def _summed(segments: Iterable[Segment], view: View) -> list[list[int]]:
    """How many squares of a point that an outline enters lie above and left of each corner of them on the page."""
    across, down = math.ceil(view.width), math.ceil(view.height)
    rows = [bytearray(across) for _ in range(down)]
    for x1, y1, x2, y2 in segments:
        steps = math.ceil(2 * max(abs(x2 - x1), abs(y2 - y1))) or 1
        for step in range(steps + 1):
            x, y = int(x1 + (x2 - x1) * step / steps), int(y1 + (y2 - y1) * step / steps)
            if 0 <= x < across and 0 <= y < down:
                rows[y][x] = 1
    sums = [[0] * (across + 1)]
    for row in rows:
        sums.append(list(map(operator.add, sums[-1], accumulate(row, initial=0))))
    return sums


def ink_box(text: Text) -> Box:
    """What the letters of a text cover: less than its box where none has an accent or goes below its line."""
    box = box_of(text)
    top = text.y - (0.9 if _ACCENTED & set(text.text) else 0.72) * text.size
    bottom = text.y + (DESCENT if _DESCENDING & set(text.text) else 0.02) * text.size
    return Box(box.left, top, box.right, bottom)


def meet(line: Segment, other: Segment) -> bool:
    """Whether two lines cross: each has the ends of the other on its two sides."""
    return all(
        _side(along, across[:2]) * _side(along, across[2:]) < 0
        for along, across in ((line, other), (other, line))
    )


def _side(line: Segment, point: tuple[float, ...]) -> float:
    """Positive on one side of a line, negative on the other."""
    x, y, to_x, to_y = line
    return (to_x - x) * (point[1] - y) - (to_y - y) * (point[0] - x)
