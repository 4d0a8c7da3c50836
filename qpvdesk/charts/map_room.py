"""Where a name may stand among the outlines of a map: clear of the lines that it would rub out, on its own ground."""

from __future__ import annotations

import math
import operator
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise, product

from qpvdesk.charts.labels import Box, crosses
from qpvdesk.charts.map import (
    Drawn,
    Point,
    Scene,
    Stretch,
    View,
    lies_within,
    stretches,
    stretches_by_row,
)
from qpvdesk.charts.metrics import DESCENT
from qpvdesk.charts.primitives import Text

Segment = tuple[float, float, float, float]
Cell = tuple[int, int]
HALO = 1.3
"""Points about its letters that a name covers."""
_EDGE = 4.0
"""Points from the frame to the middle of a place that it cuts."""
_DEEP = 1.5
"""Points over and under where a line begins that its place takes: it is no edge."""
SHALLOW = 0.4
"""The same of a quartier that is known to lie in it."""
_SLIVER_MAX = 8.0
"""Points: what is seen of a place no wider than that is not asked the name of."""
_DESCENDING = frozenset("gjpqyçQ,;()/")
_ACCENTED = frozenset("ÀÂÇÉÈÊËÎÏÔÙÛ")
_ROWS = (0.5, 0.42, 0.58, 0.34, 0.66, 0.25, 0.75, 0.15, 0.85, 0.07, 0.93)
_LARGE_SQUARE = 12.0
"""Points of a side of those of which outlines are looked for together."""
_STEP_DOWN, _STEP_ALONG = 3.0, 4.0
"""Points between two places where a name is tried on its ground."""
_STEP_RIGHT, _STEP_UP = 5, 4
"""The same of a name at the end of a line, about where that begins."""
_CELL = 4
"""Points of the squares of the page of which it is noted in which commune they lie."""


class Room:
    """The outlines that a view shows, on the page."""

    def __init__(
        self,
        whole: Scene,
        view: View,
        selected: str = "",
        *,
        contour_alone: bool = False,
        about: Collection[str] = (),
    ) -> None:
        """`contour_alone`: of the selected place, which a name never covers; else of all of them. `about`: what the map is
        about, by code."""
        self.view = view
        self._about = frozenset(about)
        self._middles: dict[tuple[str, float, float], list[Point]] = {}
        self._seats: dict[str, list[Point]] = {}
        self._middle: dict[str, Point] = {}
        self._outlines: dict[str, list[list[Point]]] = {}
        self.whole = whole
        self.subject = next((item for item in whole.places if item.place.code == selected), None)
        self.contour = list(segments_of(self.subject, view)) if self.subject is not None else []
        others = () if contour_alone else whole.places
        owned = [
            (segment, item) for item in others if view.shows(item.box) for segment in segments_of(item, view)
        ]
        self._lines = [segment for segment, _ in owned]
        self._owners = [item for _, item in owned]
        segments = [*self.contour, *self._lines]
        self._sums = _summed(segments, view) if segments else [[0]]
        self._across, self._down = len(self._sums[0]) - 1, len(self._sums) - 1
        self._near: dict[Cell, list[int]] = {}
        """Of each large square of the page, the lines about it, by their rank."""
        for rank, segment in enumerate(self._lines):
            for cell in _cells(segment):
                self._near.setdefault(cell, []).append(rank)

    def is_clear(self, box: Box, about: float = HALO) -> bool:
        """Tell whether no outline enters a box and what is about it."""
        return self.is_clear_within(box.left - about, box.top - about, box.right + about, box.bottom + about)

    def is_clear_within(self, left: float, top: float, right: float, bottom: float) -> bool:
        """The same of what lies between its sides: asked of each spot where a name is tried."""
        first, last, above, below = int(left), int(right) + 1, int(top), int(bottom) + 1
        if first < 0:
            first = 0
        if above < 0:
            above = 0
        if last > self._across:
            last = self._across
        if below > self._down:
            below = self._down
        if first >= last or above >= below:
            return True
        upper, lower = self._sums[above], self._sums[below]
        return lower[last] - lower[first] == upper[last] - upper[first]

    def crossed_by(self, line: Segment, own: Sequence[Drawn]) -> int | None:
        """How many outlines a line crosses, twice for one that two places share; None where it crosses a commune that bears
        a figure, which it would seem to name, or the selected place, but for its `own`."""
        near = {rank for cell in _passed(line) for rank in self._near.get(cell, ())}
        met = [self._owners[rank] for rank in near if meet(line, self._lines[rank])]
        barred = any(is_barred(item) for item in met if item not in own)
        return None if barred or (self.subject in met and own[0] is not self.subject) else len(met)

    def outline(self, item: Drawn) -> list[list[Point]]:
        """The rings of a place on the page."""
        if item.place.code not in self._outlines:
            self._outlines[item.place.code] = [[self.view.page(x, y) for x, y in ring] for ring in item.rings]
        return self._outlines[item.place.code]

    def home_of(self, item: Drawn, seat: Point) -> Drawn | None:
        """The commune in which a name that a line leads to stands: of a quartier, that of its seat; of a commune, none."""
        if item.place.kind == "commune":
            return None
        communes = (other for other in self.whole.places if other.place.kind == "commune")
        return next((other for other in communes if lies_within(other, *self.view.ground(*seat))), None)

    def seat(self, item: Drawn) -> Point:
        """The middle of what is seen of a place, of its own where nothing is."""
        if item.place.code not in self._middle:
            self._middle[item.place.code] = seat_of(item, self.view) or self.view.page(*item.anchor)
        return self._middle[item.place.code]

    def seats(self, item: Drawn) -> Sequence[Point]:
        """Where a line to a name may begin: to that of a quartier that reaches into the selected commune, there first."""
        if item.place.code not in self._seats:
            self._seats[item.place.code] = list(self._found_seats(item))
        return self._seats[item.place.code]

    def _found_seats(self, item: Drawn) -> Iterator[Point]:
        seat, subject = seat_of(item, self.view), self.subject
        if subject is not None:
            inner = seat_within(item, subject, self.view)
            if inner is None and item.place.code in self._about:
                inner = seat_within(item, subject, self.view, deep=SHALLOW)
            if inner is not None:
                yield inner
        if seat is not None:
            yield seat

    def is_in(self, home: Drawn | None, text: Text) -> bool:
        """Tell whether a text is in a commune, beside what lies on it, or where no place is."""
        return self.whole.at(*self.view.ground(text.x, text.y - text.size / 3)) in (None, home)

    def spots(
        self, home: Drawn | None, seat: Point, size: tuple[int, float], reaches: Stretch
    ) -> list[tuple[float, float, float]]:
        """Where about a seat the middle of a name may stand, in short and but for quartiers: on the page, where no other
        commune is than its home; and how far its edge is then, the nearest first. `size`: half its width, and its height;
        `reaches`: how far it is at least and at most."""
        (half, high), (near, far), (seat_x, seat_y) = size, reaches, seat
        own = next((rank for rank, item in enumerate(self.whole.places, 1) if item is home), 0)
        columns = [
            (right, int((seat_x + right) / _CELL), max(abs(right) - half, 0))
            for right in _steps(_STEP_RIGHT, far + 2 * half)
            if 0 <= seat_x + right < self.view.width
        ]
        rows = [
            (down, self._communes[int((seat_y + down) / _CELL)], max(abs(down) - high / 2, 0))
            for down in _steps(_STEP_UP, far + high)
            if 0 <= seat_y + down < self.view.height
        ]
        found = sorted(
            (away, right, down)
            for down, ranks, under in rows
            for right, column, beside in columns
            if ranks[column] in (0, own) and near <= (away := math.hypot(beside, under)) <= far
        )
        return [(away, seat_x + right, seat_y + down) for away, right, down in found]

    @cached_property
    def _communes(self) -> list[array[int]]:
        """Of each square of the page, the rank of the commune in which its middle lies, from one on; nought for none."""
        across, down = math.ceil(self.view.width / _CELL), math.ceil(self.view.height / _CELL)
        rows = [array("H", bytes(2 * across)) for _ in range(down)]
        for rank, item in enumerate(self.whole.places, 1):
            if item.place.kind != "commune" or not self.view.shows(item.box):
                continue
            top, bottom = (self.view.page(0, y)[1] / _CELL for y in (item.box.top, item.box.bottom))
            shown = range(max(0, int(top)), min(down, int(bottom) + 1))
            levels = [self.view.ground(0, (row + 0.5) * _CELL)[1] for row in shown]
            for row, parts in zip(shown, stretches_by_row(item.rings, (), levels), strict=True):
                for left, right in parts:
                    start, end = (self.view.page(x, 0)[0] / _CELL - 0.5 for x in (left, right))
                    for column in range(max(0, math.ceil(start)), min(across, math.floor(end) + 1)):
                        rows[row][column] = rank
        return rows

    def borders_on(self, line: Segment) -> int:
        """How many edges of communes a line goes over, about."""
        x1, y1, x2, y2 = line
        steps = math.ceil(math.hypot(x2 - x1, y2 - y1) / _CELL)
        parts = (step / steps for step in range(steps + 1)) if steps else ()
        points = [
            (int((x1 + (x2 - x1) * part) / _CELL), int((y1 + (y2 - y1) * part) / _CELL)) for part in parts
        ]
        rows = self._communes
        ranks = [rows[y][x] for x, y in points if 0 <= y < len(rows) and 0 <= x < len(rows[y])]
        return sum(rank != other for rank, other in pairwise(ranks))

    def middles(self, item: Drawn, wide: float, high: float) -> list[Point]:
        """Where on what is seen of a place the middle of such a box may stand, the nearest to its middle first."""
        # Asked again for each order in which names are tried.
        known = item.place.code, wide, high
        if known not in self._middles:
            self._middles[known] = self._found_middles(item, wide, high)
        return self._middles[known]

    def _found_middles(self, item: Drawn, wide: float, high: float) -> list[Point]:
        seat = seat_of(item, self.view)
        if seat is None:
            return []
        _, top = self.view.page(0, item.box.top)
        _, bottom = self.view.page(0, item.box.bottom)
        top, bottom = max(top, 2.0) + high / 2, min(bottom, self.view.height - 2) - high / 2
        found = []
        rows = [top + row * _STEP_DOWN for row in range(int(max(bottom - top, -1) // _STEP_DOWN) + 1)]
        levels = [self.view.ground(0, y)[1] for y in rows]
        for y, parts in zip(rows, stretches_by_row(item.rings, item.over, levels), strict=True):
            for left, right in _on_page(parts, self.view):
                free = right - left - wide
                for step in range(int(free // _STEP_ALONG) + 1) if free >= 0 else ():
                    found.append((left + wide / 2 + step * _STEP_ALONG, y))
                if free >= 0:
                    found.append(((left + right) / 2, y))
        found.sort(key=lambda point: math.hypot(point[0] - seat[0], 2 * (point[1] - seat[1])))
        return found


def is_barred(item: Drawn) -> bool:
    """Whether a line that leads through a place to a name would seem to name that place."""
    return item.place.kind == "commune" and bool(item.place.figure)


def seat_of(item: Drawn, view: View) -> Point | None:
    """The middle of a place on the page, of what is seen of it where the frame cuts it; None where nothing is seen."""
    left, top = view.page(item.box.left, item.box.top)
    right, bottom = view.page(item.box.right, item.box.bottom)
    if Box(left, top, right, bottom).within(Box(0, 0, view.width, view.height)):
        return view.page(*item.anchor)
    rows = (top, bottom)
    return _widest(item, view, rows, _EDGE)[1] or _widest(item, view, rows, 0.0)[1]


def seat_within(item: Drawn, commune: Drawn, view: View, deep: float = _DEEP) -> Point | None:
    """The middle of what a commune has, on the page, of a quartier whose own middle lies beyond it; None for no more than
    an edge, less than `deep` over and under it."""
    seat = seat_of(item, view)
    if seat is None or item.place.kind != "quartier" or commune.place.kind != "commune":
        return None
    if lies_within(commune, *view.ground(*seat)):
        return None
    (_, top), (_, bottom) = view.page(0, item.box.top), view.page(0, item.box.bottom)
    top, bottom, best = max(top, _EDGE), min(bottom, view.height - _EDGE), (0.0, seat)
    for row in range(int(max(bottom - top, 0)) + 1):
        y = top + row
        for left, right in _stretches(item, view, y):
            for start, end in _stretches(commune, view, y, bare=True):
                low, high = max(left, start, _EDGE), min(right, end, view.width - _EDGE)
                x = (low + high) / 2
                ends = (view.ground(x, y - deep), view.ground(x, y + deep))
                if high - low > best[0] and all(
                    lies_within(ground, *end) for end in ends for ground in (item, commune)
                ):
                    best = (high - low, (x, y))
    return best[1] if best[0] >= _EDGE else None


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


def _stretches(item: Drawn, view: View, y: float, *, bare: bool = False) -> Iterator[tuple[float, float]]:
    """From where to where a line across the page is on a place alone, within the frame; `bare`: were there nothing on it."""
    _, level = view.ground(0, y)
    yield from _on_page(stretches(item.rings, () if bare else item.over, level), view)


def _on_page(parts: Iterable[Stretch], view: View) -> Iterator[Stretch]:
    for left, right in parts:
        start, end = max(view.page(left, 0)[0], 0.0), min(view.page(right, 0)[0], view.width)
        if end > start:
            yield start, end


def segments_of(item: Drawn, view: View) -> Iterable[Segment]:
    """The outline of a place on the page, as far as it is seen."""
    frame = Box(0, 0, view.width, view.height)
    (left, top), (right, bottom) = (
        view.page(item.box.left, item.box.top),
        view.page(item.box.right, item.box.bottom),
    )
    is_whole = left > 0 and right < view.width and top > 0 and bottom < view.height
    for ring in item.rings:
        for (x1, y1), (x2, y2) in pairwise([view.page(x, y) for x, y in ring]):
            if is_whole or crosses((x1, y1, x2, y2), frame):
                yield x1, y1, x2, y2


def _summed(segments: Iterable[Segment], view: View) -> list[list[int]]:
    """How many squares of a point that an outline enters lie above and left of each corner of them on the page."""
    across, down = math.ceil(view.width), math.ceil(view.height)
    rows = [bytearray(across) for _ in range(down)]
    for x1, y1, x2, y2 in segments:
        steps = math.ceil(2 * max(abs(x2 - x1), abs(y2 - y1))) or 1
        if int(x1) == int(x2) and int(y1) == int(y2):
            steps = 1
        for step in range(steps + 1):
            x, y = int(x1 + (x2 - x1) * step / steps), int(y1 + (y2 - y1) * step / steps)
            if 0 <= x < across and 0 <= y < down:
                rows[y][x] = 1
    sums = [[0] * (across + 1)]
    for row in rows:
        sums.append(list(map(operator.add, sums[-1], accumulate(row, initial=0))))
    return sums


def _steps(step: int, reach: float) -> range:
    """So far on both sides of nought."""
    most = int(reach) // step * step
    return range(-most, most + 1, step)


def _cells(line: Segment) -> Iterator[Cell]:
    """The large squares of the page that the box of a line enters, from its left and its top."""
    left, top, right, bottom = (int(side // _LARGE_SQUARE) for side in line)
    if left == right and top == bottom:
        return iter([(left, top)])
    columns, rows = sorted((left, right)), sorted((top, bottom))
    return product(range(columns[0], columns[1] + 1), range(rows[0], rows[1] + 1))


def _passed(line: Segment) -> Iterator[Cell]:
    """The large squares of the page that a line itself leads through: of a long one far fewer than its box enters."""
    (x1, y1), (x2, y2) = sorted((line[:2], line[2:]))
    for column in range(int(x1 // _LARGE_SQUARE), int(x2 // _LARGE_SQUARE) + 1):
        left, right = max(x1, column * _LARGE_SQUARE), min(x2, (column + 1) * _LARGE_SQUARE)
        ends = (y1 + (y2 - y1) * (x - x1) / (x2 - x1) if x2 > x1 else y for x, y in ((left, y1), (right, y2)))
        first, last = sorted(int(end // _LARGE_SQUARE) for end in ends)
        for row in range(first, last + 1):
            yield column, row


def ink_box(text: Text, box: Box) -> Box:
    """What the letters of a text cover: less than its box where none has an accent or goes below its line."""
    top = text.y - (0.72 if _ACCENTED.isdisjoint(text.text) else 0.9) * text.size
    bottom = text.y + (0.02 if _DESCENDING.isdisjoint(text.text) else DESCENT) * text.size
    return Box(box.left, top, box.right, bottom)


def meet(line: Segment, other: Segment) -> bool:
    """Whether two lines cross: each has the ends of the other on its two sides."""
    x1, y1, x2, y2 = line
    left, top, right, bottom = other
    along, down = x2 - x1, y2 - y1
    if (along * (top - y1) - down * (left - x1)) * (along * (bottom - y1) - down * (right - x1)) >= 0:
        return False
    along, down = right - left, bottom - top
    return (along * (y1 - top) - down * (x1 - left)) * (along * (y2 - top) - down * (x2 - left)) < 0
