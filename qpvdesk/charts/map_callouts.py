"""The names beside a map, in two columns, each at the end of a line that leads to its place."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations
from operator import itemgetter

from msgspec.structs import replace

from qpvdesk.charts.labels import Box, box_of, crosses
from qpvdesk.charts.map import MARGIN, Drawn, MapPlace, Point, View, lies_within
from qpvdesk.charts.map_room import SHALLOW, Room, Segment, meet, seat_of, seat_within, segments_of
from qpvdesk.charts.metrics import ASCENT, shorten, text_width
from qpvdesk.charts.primitives import Anchor, Ink, Line, Text
from qpvdesk.domain.french import NBSP

Names = dict[str, list[Text]]
Leader = tuple[float, float, float, float]
NAME_SIZE = 8.0
NAME_ROOM_MIN = 34.0
_GAP = 1.5
"""Points between two names one under the other."""
_BETWEEN = 3.0
"""More points between them, where there is room."""
LEADER_MIN = 7.0
"""Points from the map to the names beside it."""
_EDGE = 3.0
"""Points from the frame to such a name."""
DOT = 1.3
"""Half the width of what a line to a name beside the map begins with."""
_X_HEIGHT = 0.5
"""Of the size of a text: the height of its small letters."""
_HIGH, _LOW = 0.73, 0.16
"""The same over its capitals, and under its line."""
_CROSSING = 40.0
"""Points that a line goes round rather than through a name; thrice as many, rather than through another line."""
_STRUCK = 1e3
"""The same of the beginning of another line: it would seem to be its own."""
_DOT_APART = DOT + 0.8
"""Half the width of what a line keeps free about the beginning of another."""
_OVER = 12.0
"""Points that a line goes round rather than into another commune."""
_HIDDEN = 1e4
"""The same of what the legend hides of it, which is no better than no name."""
_CLEARANCES = (2.0, 11.0, 20.0)
"""Points from the legend to the first name under it: more where its line costs less then, or the legend would hide it."""
_TRIED_ANEW = 3
"""Ways to share names among the two columns, the best ones, of which neighbours change places."""
_HALO = 1.5
"""Half the width of what parts a line from the grounds that it leads over."""
_HALO_END = 1.6
"""Points that it keeps from an outline."""


def led(
    items: Sequence[Drawn], names: Names, room: Room, *, taken: Sequence[Box]
) -> tuple[Names, list[Leader]]:
    """Return `names` and those of the items that they lack, which stand beside the map, with the lines that lead to these:
    of what bears a figure, then of the communes that have a quartier, where the columns hold them too.

    A line through the name or the figure of another place would be read as leading to that one: it is named beside too,
    where the columns hold it. None leads from beyond the frame nor from under what is `taken`.
    """
    view = room.view
    items = [item for item in items if is_seen(dot_of(*view.page(*item.anchor)), view, taken)]
    missing = [item for item in items if item.place.figure and item.place.code not in names]
    beyond = _beside(missing, room, taken=taken, written=boxes_of(names))
    holding = [item for item in items if _holds_alone(item.place) and item.place.code not in names]
    # All of them at once, which is seldom too many; else each that the columns still hold.
    for tried in (holding, *([item] for item in holding)):
        stood = _beside([*missing, *tried], room, taken=taken, written=boxes_of(names)) if tried else {}
        if len(stood) == len(beyond) + len(tried):
            beyond, missing = stood, [*missing, *tried]
            if tried is holding:
                break
    lines = _leaders(missing, room, beyond)
    while crossed := next((item for item in items if _is_crossed(item, names, lines)), None):
        kept = {code: texts for code, texts in names.items() if code != crossed.place.code}
        more = _beside([*missing, crossed], room, taken=taken, written=boxes_of(kept))
        if len(more) <= len(beyond):
            break
        names, beyond, missing = kept, more, [*missing, crossed]
        lines = _leaders(missing, room, beyond)
    return names | beyond, lines


def _holds_alone(place: MapPlace) -> bool:
    """Whether a quartier is all that a commune has: on a map that names no such place, it has no name."""
    return place.holds and bool(place.name) and not place.figure


def is_seen(dot: Box, view: View, taken: Iterable[Box]) -> bool:
    frame = Box(0, 0, view.width, view.height)
    return dot.within(frame) and not any(dot.overlaps(box) for box in taken)


def _leaders(items: Iterable[Drawn], room: Room, beyond: Names) -> list[Leader]:
    told = ((item, beyond.get(item.place.code)) for item in items)
    return [leader_from(room.seat(item), texts) for item, texts in told if texts is not None]


def _is_crossed(item: Drawn, names: Names, lines: Sequence[Leader]) -> bool:
    """A line between a name and its figure, under it, strikes them apart."""
    texts = names.get(item.place.code, ()) if item.place.figure else ()
    return bool(texts) and any(crosses(line, around(texts)) for line in lines)


def boxes_of(names: Names) -> list[Box]:
    return [box_of(text) for texts in names.values() for text in texts]


def dot_of(x: float, y: float) -> Box:
    return _square(x, y, 2 * DOT)


def _square(x: float, y: float, half: float) -> Box:
    return Box(x - half, y - half, x + half, y + half)


def _beside(missing: Sequence[Drawn], room: Room, *, taken: Sequence[Box], written: Sequence[Box]) -> Names:
    """Names in two columns beside the map and what is `written` on it, from north to south: their lines cross as little as
    may be, and lead through as little of the map, and none under what is `taken`: that beneath the legend begins
    lower rather."""
    whole, view = room.whole, room.view
    edges = [
        (view.page(whole.box.left, 0)[0], view.page(whole.box.right, 0)[0]),
        *((box.left, box.right) for box in written),
    ]
    left, right = min(edge[0] for edge in edges) - LEADER_MIN, max(edge[1] for edge in edges) + LEADER_MIN
    foot = view.height - MARGIN
    west = Box(_EDGE, MARGIN, left, foot)
    east = _clear(Box(right, MARGIN, view.width - _EDGE, foot), taken, _CLEARANCES[0])
    about = [Box(box.left - 1, box.top - 1, box.right + 1, box.bottom + 1) for box in taken]
    # Nothing stands in the way of most columns: they are laid out once.
    wests = dict.fromkeys(_clear(west, taken, clearance) for clearance in _CLEARANCES)
    tried = (_shared(missing, room, (column, east), taken=about, written=written) for column in wests)
    _, names = min(tried, key=itemgetter(0))
    hidden = _hidden(missing, names, room, about)
    return {code: texts for code, texts in names.items() if code not in hidden}


def _hidden(items: Iterable[Drawn], names: Names, room: Room, taken: Sequence[Box]) -> set[str]:
    """The places whose name beside the map has a line that leads under what is `taken`."""
    told = [item for item in items if item.place.code in names]
    lines = _leaders(told, room, names)
    return {
        item.place.code
        for item, line in zip(told, lines, strict=True)
        if any(crosses(line, box) for box in taken)
    }


def _shared(
    missing: Sequence[Drawn],
    room: Room,
    columns: tuple[Box, Box],
    *,
    taken: Sequence[Box],
    written: Sequence[Box],
) -> tuple[float, Names]:
    """What names cost, shared among two columns as they cost least, and where they stand then. Two change places where the
    line of one would strike that of the other."""
    view, (west, east) = room.view, columns

    @cache
    def alone(line: Leader) -> tuple[float, float]:
        """What a line costs, whatever the others are: its length and what it leads through, then over."""
        through = _CROSSING * sum(crosses(line, box) for box in written)
        under = _HIDDEN * sum(crosses(line, box) for box in taken)
        return math.hypot(line[2] - line[0], line[3] - line[1]) + through + under, _OVER * room.borders_on(
            line
        )

    by_code = {item.place.code: item for item in missing}

    @cache
    def column(codes: tuple[str, ...], anchor: Anchor) -> Names:
        # Names that change places are those of one column.
        items, side = [by_code[code] for code in codes], west if anchor is Anchor.END else east
        return _column(items, view, side, anchor)

    def laid(sides: Sequence[list[Drawn]]) -> tuple[float, Names]:
        first, last = (tuple(item.place.code for item in side) for side in sides)
        found = column(first, Anchor.END) | column(last, Anchor.START)
        lines = _leaders(missing, room, found)
        return (len(missing) - len(lines)) * _HIDDEN + _cost(lines, alone), found

    ordered = sorted(missing, key=lambda item: item.anchor[0])
    shared = [
        [sorted(side, key=lambda item: (item.anchor[1], item.place.code)) for side in sides]
        for sides in ((ordered[:count], ordered[count:]) for count in range(len(ordered) + 1))
    ]
    found = sorted(((*laid(sides), sides) for sides in shared), key=itemgetter(0))
    best: tuple[float, Names] = (math.inf, {})
    for here in found[:_TRIED_ANEW]:
        while True:
            tries = ((*laid(sides), sides) for sides in _exchanged(here[2]))
            other = min(tries, key=itemgetter(0), default=here)
            if other[0] > here[0] - _CROSSING:
                break
            here = other
        best = min(best, here[:2], key=itemgetter(0))
    return best


def _exchanged(sides: Sequence[list[Drawn]]) -> Iterator[list[list[Drawn]]]:
    """The same columns with two neighbours of one in each other's place, each in turn."""
    for side, items in enumerate(sides):
        for place in range(len(items) - 1):
            other = [list(names) for names in sides]
            other[side][place : place + 2] = reversed(items[place : place + 2])
            yield other


def _cost(lines: Sequence[Leader], alone: Callable[[Leader], tuple[float, float]]) -> float:
    """What the lines to names beside the map cost, in points: what each does `alone`, and what they do to one another."""
    dots = [(line, _square(line[0], line[1], _DOT_APART)) for line in lines]
    cost = 0.0
    for line in lines:
        own, over = alone(line)
        cost += own + _STRUCK * sum(crosses(line, dot) for other, dot in dots if other is not line) + over
    return cost + 3 * _CROSSING * sum(meet(line, other) for line, other in combinations(lines, 2))


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


def _column(items: Sequence[Drawn], view: View, column: Box, anchor: Anchor) -> Names:
    """The names of some places in a column, in their order, each as near to the height of its place as the others let it;
    none where one does not hold."""
    room = column.right - column.left
    told: list[tuple[float, str, list[Text]]] = []
    edge = column.right if anchor is Anchor.END else column.left
    for item in items:
        size = NAME_SIZE
        tries = (
            cut(f"{item.place.name}{space}{item.place.figure}".strip(), size, room, bold=True)
            for space in (NBSP, " ")
        )
        fitting = (
            halves for halves in tries if all(text_width(half, size, bold=True) <= room for half in halves)
        )
        if not (halves := next(fitting, [])):
            return {}
        ink = Ink.TEXT if item.place.figure else Ink.MENTION
        texts = [Text(edge, 0, half, size, ink, anchor, bold=True, glow=True) for half in halves]
        told.append((view.page(*item.anchor)[1], item.place.code, texts))
    heights = [texts[0].size * 1.12 * len(texts) + _GAP for _, _, texts in told]
    spare = column.bottom - column.top - sum(heights)
    if spare < 0:
        return {}
    heights = [high + min(_BETWEEN, spare / len(told)) for high in heights]
    tops: list[float] = []
    free = column.top
    for (y, _, _), high in zip(told, heights, strict=True):
        tops.append(max(free, y - high / 2))
        free = tops[-1] + high
    limit = column.bottom
    for index in range(len(tops) - 1, -1, -1):
        tops[index] = limit = min(tops[index], limit - heights[index])
    return {
        code: [
            replace(text, y=top + ASCENT * text.size + row * text.size * 1.12)
            for row, text in enumerate(texts)
        ]
        for top, (_, code, texts) in zip(tops, told, strict=True)
    }


def around(texts: Sequence[Text]) -> Box:
    boxes = [box_of(text) for text in texts]
    return Box(
        min(box.left for box in boxes), boxes[0].top, max(box.right for box in boxes), boxes[-1].bottom
    )


def stands_in(item: Drawn, texts: Sequence[Text], view: View) -> bool:
    """Tell whether the middle of a name is in a place."""
    box = around(texts)
    return lies_within(item, *view.ground((box.left + box.right) / 2, (box.top + box.bottom) / 2))


def leader(item: Drawn, view: View, texts: Sequence[Text], subject: Drawn | None = None) -> Leader:
    """The line from a place to its name beside it: where that stands in the selected place, from within that one."""
    seat = seat_of(item, view) or view.page(*item.anchor)
    if subject is not None and stands_in(subject, texts, view):
        seat = seat_within(item, subject, view) or seat_within(item, subject, view, SHALLOW) or seat
    return leader_from(seat, texts)


def leader_from(seat: tuple[float, float], texts: Sequence[Text]) -> Leader:
    """The line to a name: it ends level with the small letters of one of its lines, never between two names; over or under
    the letters where it comes to them from there."""
    x, y = seat
    box = around(texts)
    if box.left <= x <= box.right:
        high, low = texts[0].y - _HIGH * texts[0].size, texts[-1].y + _LOW * texts[-1].size
        return x, y, x, high if y < high else low
    ends = (min(max(y, text.y - _X_HEIGHT * text.size), text.y) for text in texts)
    return x, y, min(max(x, box.left - 2), box.right + 2), min(ends, key=lambda end: abs(end - y))


def halos(lines: Iterable[Leader], shown: Iterable[Drawn], view: View) -> Iterator[Line]:
    """What parts lines from hatchings: it stops before each outline, of which a gap would open a place into another."""
    outlines = [segment for item in shown for segment in segments_of(item, view)]
    for x, y, to_x, to_y in lines:
        long = math.hypot(to_x - x, to_y - y)
        if not long:
            continue
        along, down = (to_x - x) / long, (to_y - y) / long
        free = [(0.0, long)]
        for start, end in _covered(outlines, (x, y), (along, down)):
            free = [
                part
                for left, right in free
                for part in ((left, min(right, start)), (max(left, end), right))
                if part[1] > part[0]
            ]
        for start, end in free:
            yield Line(
                x + start * along,
                y + start * down,
                x + end * along,
                y + end * down,
                Ink.PAPER,
                2 * _HALO,
            )


def _covered(outlines: Iterable[Segment], origin: Point, way: Point) -> Iterator[tuple[float, float]]:
    """From where to where, along a line, an outline is in its halo or by it."""
    (x, y), (along, down) = origin, way
    half = _HALO + _HALO_END
    for x1, y1, x2, y2 in outlines:
        # Of each end of the outline, how far along the line it stands, and how far beside it.
        first = (x1 - x) * along + (y1 - y) * down, (y1 - y) * along - (x1 - x) * down
        last = (x2 - x) * along + (y2 - y) * down, (y2 - y) * along - (x2 - x) * down
        (near, low), (far, high) = sorted((first, last), key=itemgetter(1))
        if high < -half or low > half:
            continue
        across = high - low
        if across:
            near, far = (
                near + (far - near) * min(max((side - low) / across, 0), 1) for side in (-half, half)
            )
        yield min(near, far) - _HALO_END, max(near, far) + _HALO_END


def is_whole(name: str, figure: str, texts: Iterable[Text]) -> bool:
    """Tell whether a name is written from end to end, over however many lines."""
    drawn = "".join(text.text for text in texts)
    return "".join(drawn.split()) == "".join(f"{name}{figure}".split())


def cut(name: str, size: float, room: float, *, bold: bool) -> list[str]:
    # A dash between two names stays with the first.
    cuts = [at for at, char in enumerate(name) if char in " -" and name[at + 1 : at + 2] != "–"]
    if text_width(name, size, bold) <= room or not cuts:
        return [name] if name else []
    middle = len(name) / 2
    at = min(cuts, key=lambda place: abs(place - middle))
    first = name[: at + (name[at] == "-")].strip()
    return [first, shorten(name[at + 1 :].strip(), size, max(room, NAME_ROOM_MIN) * 1.6, bold)]
