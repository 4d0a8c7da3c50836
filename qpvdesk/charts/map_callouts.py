"""The lines that lead from places to the names beside them, and how these are broken."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from qpvdesk.charts.labels import Box, box_of
from qpvdesk.charts.map import Drawn, Point, View, lies_within
from qpvdesk.charts.map_room import SHALLOW, Segment, seat_of, seat_within, segments_of
from qpvdesk.charts.metrics import shorten, text_width
from qpvdesk.charts.primitives import Ink, Line, Text

Names = dict[str, list[Text]]
Leader = tuple[float, float, float, float]
NAME_SIZE = 8.0
NAME_ROOM_MIN = 34.0
LEADER_MIN = 7.0
"""Points from the map to the names beside it."""
DOT = 1.3
"""Half the width of what a line to a name beside the map begins with."""
_X_HEIGHT = 0.5
"""Of the size of a text: the height of its small letters."""
_HIGH, _LOW = 0.73, 0.16
"""The same over its capitals, and under its line."""
_HALO = 1.5
"""Half the width of what parts a line from the grounds that it leads over."""
_HALO_END = 1.6
"""Points that it keeps from an outline."""


def is_seen(dot: Box, view: View, taken: Iterable[Box]) -> bool:
    frame = Box(0, 0, view.width, view.height)
    return dot.within(frame) and not any(dot.overlaps(box) for box in taken)


def boxes_of(names: Names) -> list[Box]:
    return [box_of(text) for texts in names.values() for text in texts]


def dot_of(x: float, y: float) -> Box:
    return square_about(x, y, 2 * DOT)


def square_about(x: float, y: float, half: float) -> Box:
    return Box(x - half, y - half, x + half, y + half)


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
