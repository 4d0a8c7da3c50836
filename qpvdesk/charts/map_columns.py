"""The names beside a map, in two columns: which stand there, in what order and how high."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from itertools import combinations, pairwise
from operator import itemgetter

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.charts.labels import Box, crosses
from qpvdesk.charts.map import MARGIN, Drawn, Point, Stretch
from qpvdesk.charts.map_callouts import (
    DOT,
    LEADER_MIN,
    NAME_SIZE,
    Leader,
    Names,
    cut,
    leader_from,
    square_about,
)
from qpvdesk.charts.map_room import Room, is_barred, meet
from qpvdesk.charts.metrics import ASCENT, text_width
from qpvdesk.charts.primitives import Anchor, Ink, Text
from qpvdesk.domain.french import NBSP

_GAP = 1.5
"""Points between two names one under the other."""
_BETWEEN = 3.0
"""More points between them, where there is room."""
_EDGE = 3.0
"""Points from the frame to such a name."""
_CROSSING = 40.0
"""Points that a line goes round rather than through a name; thrice as many, rather than through another line."""
_STRUCK = 1e3
"""The same of the beginning of another line: it would seem to be its own."""
_DOT_APART = DOT + 0.8
"""Half the width of what a line keeps free about the beginning of another."""
_END = 2.0
"""Points from the end of a line to the name."""
_OVER = 12.0
"""Points that a line goes round rather than into another commune."""
_BARRED = 150.0
"""The same of one that bears a figure, which the line would seem to name."""
_HIDDEN = 1e4
"""The same of what the legend hides of it, which is no better than no name."""
_CLEARANCES = (2.0, 11.0, 20.0)
"""Points from the legend to the first name under it: more where its line costs less then, or the legend would hide it."""
_TRIED_ANEW = 3
"""Ways to share names among the two columns, the best ones, of which neighbours change places."""
_SLOPE_MAX = 0.5
"""Of a line to a column: steeper, its name stands rather near its place."""
_ASIDE = 2.5
"""Points that the middle of a name keeps from the height at which its line would enter a commune."""
_LINE_HEIGHT = 1.12 * NAME_SIZE
_MIDDLE = ASCENT * NAME_SIZE - 2
"""Points from the top of a line to the middle of its small letters, with which a line to it ends level."""


class _Height(Struct, frozen=True):
    """Where the middle of a name in a column would stand best, and how low it may without its line leading through more."""

    best: float
    lowest: float
    cost: float


class Columns:
    """Names in two columns beside the map and what is `written` on it, from north to south: their lines cross as little as
    may be, and lead through as little of the map, and none under what is `taken`: that beneath the legend begins
    lower rather."""

    def __init__(
        self,
        missing: Sequence[Drawn],
        room: Room,
        *,
        taken: Sequence[Box],
        written: Sequence[Box],
        standing: Sequence[Leader] = (),
    ) -> None:
        """`standing`: lines to other names."""
        self._missing, self._room, self._written = missing, room, written
        self._standing = standing
        self._legends = taken
        self._about = [Box(box.left - 1, box.top - 1, box.right + 1, box.bottom + 1) for box in taken]
        self._by_code = {item.place.code: item for item in missing}
        self._barriers = [item for item in room.whole.places if is_barred(item)]
        # Neighbours change places, and a column begins lower: most lines are asked about many times.
        self._alone = cache(self._found_alone)
        self._stretches = cache(self._found_stretches)
        self._height = cache(self._found_height)
        self._pair = cache(self._found_pair)

    def names(self) -> Names:
        whole, view = self._room.whole, self._room.view
        edges = [
            (view.page(whole.box.left, 0)[0], view.page(whole.box.right, 0)[0]),
            *((box.left, box.right) for box in self._written),
        ]
        left = min(edge[0] for edge in edges) - LEADER_MIN
        right = max(edge[1] for edge in edges) + LEADER_MIN
        foot = view.height - MARGIN
        west = Box(_EDGE, MARGIN, left, foot)
        east = _clear(Box(right, MARGIN, view.width - _EDGE, foot), self._legends, _CLEARANCES[0])
        # Nothing stands in the way of most columns: they are laid out once.
        wests = dict.fromkeys(_clear(west, self._legends, clearance) for clearance in _CLEARANCES)
        _, names = min((self._shared(column, east) for column in wests), key=itemgetter(0))
        hidden = self._hidden(names)
        return {code: texts for code, texts in names.items() if code not in hidden}

    def is_barred(self, item: Drawn) -> bool:
        """Whether the lines from a place straight to both sides of the page lead through others that bear a figure, and so
        do those to the nearer side that are not steep."""
        view, (x, y) = self._room.view, self._room.seat(item)
        code, sides = item.place.code, (0.0, view.width)
        if not all(_count(self._stretches(code, side), y) for side in sides):
            return False
        middle = (self._room.whole.box.left + self._room.whole.box.right) / 2
        side = sides[x > view.page(middle, 0)[0]]
        barred = self._stretches(code, side)
        ends = (end for stretches in barred for stretch in stretches for end in stretch)
        levels = (level for end in ends for level in (end - _ASIDE, end + _ASIDE))
        return not any(
            abs(level - y) <= _SLOPE_MAX * abs(side - x)
            and not _count(barred, level)
            and not any(crosses((x, y, side, level), box) for box in self._about)
            for level in levels
        )

    def _hidden(self, names: Names) -> set[str]:
        """The places whose name beside the map has a line that leads under what is `taken`."""
        lines = ((code, leader_from(self._room.seat(self._by_code[code]), names[code])) for code in names)
        return {code for code, line in lines if any(crosses(line, box) for box in self._about)}

    def _shared(self, west: Box, east: Box) -> tuple[float, Names]:
        """What names cost, shared among two columns as they cost least, and where they stand then. Two change place where
        the line of one would strike that of the other."""

        @cache
        def column(codes: tuple[str, ...], anchor: Anchor) -> Names:
            # Names that change places are those of one column.
            side = west if anchor is Anchor.END else east
            items = [self._by_code[code] for code in codes]
            return _column(items, {code: self._height(code, side) for code in codes}, side, anchor)

        def laid(sides: Sequence[list[Drawn]], most: float = math.inf) -> tuple[float, Names]:
            first, last = (tuple(item.place.code for item in side) for side in sides)
            found = column(first, Anchor.END) | column(last, Anchor.START)
            lacking = (len(self._missing) - len(found)) * _HIDDEN
            return (lacking + self._cost(found, most - lacking), found) if lacking < most else (math.inf, {})

        ordered = sorted(self._missing, key=lambda item: item.anchor[0])
        shared = [
            [
                sorted(side, key=partial(order, box))
                for side, box in ((ordered[:count], west), (ordered[count:], east))
            ]
            for count in range(len(ordered) + 1)
            for order in (self._by_height, self._by_seat)
        ]
        found = sorted(((*laid(sides), sides) for sides in shared), key=itemgetter(0))
        best: tuple[float, Names] = (math.inf, {})
        for here in found[:_TRIED_ANEW]:
            while True:
                tries = ((*laid(sides, here[0]), sides) for sides in _exchanged(here[2]))
                other = min(tries, key=itemgetter(0), default=here)
                if other[0] > here[0] - _CROSSING:
                    break
                here = other
            best = min(best, here[:2], key=itemgetter(0))
        return best

    def _by_height(self, column: Box, item: Drawn) -> tuple[float, float]:
        return self._height(item.place.code, column).best, item.anchor[1]

    def _by_seat(self, _: Box, item: Drawn) -> tuple[float, str]:
        return item.anchor[1], item.place.code

    def _cost(self, names: Names, most: float) -> float:
        """What the lines to names beside the map cost, in points: what each does alone, and what they do to one another;
        infinite where it is no less than `most`."""
        lines = [(code, leader_from(self._room.seat(self._by_code[code]), names[code])) for code in names]
        cost = sum(self._alone(code, line) for code, line in lines)
        for (_, line), (_, other) in combinations(lines, 2):
            if cost >= most:
                return math.inf
            cost += self._pair(line, other)
        return cost

    def _found_pair(self, line: Leader, other: Leader) -> float:
        return _strikes(line, other) + _strikes(other, line) + 3 * _CROSSING * meet(line, other)

    def _found_alone(self, code: str, line: Leader) -> float:
        """What a line costs, whatever the others are: its length and what it leads through, then over."""
        under = _HIDDEN * sum(crosses(line, box) for box in self._about)
        through = _CROSSING * sum(crosses(line, box) for box in self._written)
        stood = sum(self._pair(line, other) for other in self._standing)
        over = _OVER * self._room.borders_on(line)
        barred = _BARRED * _count(self._stretches(code, line[2]), line[3])
        return math.hypot(line[2] - line[0], line[3] - line[1]) + through + under + stood + over + barred

    def _found_stretches(self, code: str, x: float) -> list[list[Stretch]]:
        """Of each commune that bears a figure, between which heights at the side of the map a line from a place leads
        through it; but for its own."""
        item = self._by_code[code]
        seat = self._room.seat(item)
        own = [item, self._room.home_of(item, seat)]
        found = (
            list(_shadows(self._room.outline(other), seat, x)) for other in self._barriers if other not in own
        )
        return [stretches for stretches in found if stretches]

    def _found_height(self, code: str, column: Box) -> _Height:
        """Where in a column the line to a name would cost least."""
        x, y = seat = self._room.seat(self._by_code[code])
        edge = column.right + _END if column.right < x else column.left - _END
        barred = self._stretches(code, edge)
        ends = {end for stretches in barred for stretch in stretches for end in stretch}
        levels = sorted(
            {column.top, column.bottom, *(end for end in ends if column.top < end < column.bottom)}
        )
        tried: list[_Height] = []
        lowest, beneath = column.bottom, 0
        for top, bottom in reversed(list(pairwise(levels))):
            through = _count(barred, (top + bottom) / 2)
            lowest = bottom - _ASIDE if beneath > through else lowest
            beneath = through
            if bottom - top > 2 * _ASIDE:
                best = min(max(y, top + _ASIDE), bottom - _ASIDE)
                tried.append(_Height(best, lowest, self._found_alone(code, (*seat, edge, best))))
        return min(tried, key=lambda height: height.cost, default=_Height(y, column.bottom, 0.0))


def _strikes(line: Leader, other: Leader) -> float:
    """What a line costs that leads through where another begins."""
    return _STRUCK * crosses(line, square_about(other[0], other[1], _DOT_APART))


def _shadows(rings: Iterable[Sequence[Point]], seat: Point, x: float) -> Iterator[Stretch]:
    """Between which heights at the side of a map lines from a point lead through some rings."""
    start, level = seat
    far = x - start
    for ring in rings:
        low, high = math.inf, -math.inf
        for across, down in ring:
            away = (across - start) / far
            if away > 0:
                y = level + (down - level) / away
                low, high = min(low, y), max(high, y)
            elif low < high:
                yield low, high
                low, high = math.inf, -math.inf
        if low < high:
            yield low, high


def _count(barred: Iterable[Iterable[Stretch]], y: float) -> int:
    return sum(any(low < y < high for low, high in stretches) for stretches in barred)


def _exchanged(sides: Sequence[list[Drawn]]) -> Iterator[list[list[Drawn]]]:
    """The same columns with two neighbours of one in each other's place, each in turn."""
    for side, items in enumerate(sides):
        for place in range(len(items) - 1):
            other = [list(names) for names in sides]
            other[side][place : place + 2] = reversed(items[place : place + 2])
            yield other


def _clear(column: Box, taken: Iterable[Box], clearance: float) -> Box:
    """What is left of a column between what stands at its head, and that far from it, and at its foot."""
    top, bottom, middle = column.top, column.bottom, (column.top + column.bottom) / 2
    for box in taken:
        if box.overlaps(column):
            high = box.top + box.bottom < 2 * middle
            top, bottom = (
                (max(top, box.bottom + clearance), bottom) if high else (top, min(bottom, box.top - 2))
            )
    return Box(column.left, top, column.right, bottom)


def _column(items: Sequence[Drawn], wished: Mapping[str, _Height], column: Box, anchor: Anchor) -> Names:
    """The names of some places in a column, in their order, each as near to the height that is wished as the others let it;
    none where one does not hold."""
    room = column.right - column.left
    told: list[tuple[_Height, str, list[Text]]] = []
    edge = column.right if anchor is Anchor.END else column.left
    for item in items:
        if not (halves := _halves(item.place.name, item.place.figure, room)):
            return {}
        ink = Ink.TEXT if item.place.figure else Ink.MENTION
        texts = [Text(edge, 0, half, NAME_SIZE, ink, anchor, bold=True, glow=True) for half in halves]
        told.append((wished[item.place.code], item.place.code, texts))
    heights = [_LINE_HEIGHT * len(texts) + _GAP for _, _, texts in told]
    spare = column.bottom - column.top - sum(heights)
    if spare < 0:
        return {}
    heights = [high + min(_BETWEEN, spare / len(told)) for high in heights]
    rises = [_MIDDLE + _LINE_HEIGHT * (len(texts) - 1) / 2 for _, _, texts in told]
    firsts = [
        (height.best - rise, height.lowest - rise) for (height, _, _), rise in zip(told, rises, strict=True)
    ]
    tops = _tops(firsts, heights, column)
    return {
        code: [
            replace(text, y=top + ASCENT * text.size + row * _LINE_HEIGHT) for row, text in enumerate(texts)
        ]
        for top, (_, code, texts) in zip(tops, told, strict=True)
    }


def _tops(wished: Sequence[Stretch], heights: Sequence[float], column: Box) -> list[float]:
    """Where names one under the other begin, of which it is wished where, and how low at most: one makes room for those
    under it that may stand no lower."""
    latest, limit = [0.0] * len(heights), column.bottom
    for index in range(len(heights) - 1, -1, -1):
        latest[index] = limit = min(limit - heights[index], wished[index][1])
    tops: list[float] = []
    free = column.top
    for (best, _), high, last in zip(wished, heights, latest, strict=True):
        tops.append(max(free, min(best, last)))
        free = tops[-1] + high
    limit = column.bottom
    for index in range(len(tops) - 1, -1, -1):
        tops[index] = limit = min(tops[index], limit - heights[index])
    return tops


@lru_cache(maxsize=256)
def _halves(name: str, figure: str, room: float) -> list[str]:
    """The name of a place and its figure in one line or two that a column is wide enough for; nothing else."""
    tries = (cut(f"{name}{space}{figure}".strip(), NAME_SIZE, room, bold=True) for space in (NBSP, " "))
    fitting = (
        halves for halves in tries if all(text_width(half, NAME_SIZE, bold=True) <= room for half in halves)
    )
    return next(fitting, [])
