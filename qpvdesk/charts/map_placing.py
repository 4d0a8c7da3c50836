"""Names on a map of paper: each on its own ground, else near it at the end of a line, over no outline and no other name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from msgspec.structs import replace

from qpvdesk.charts.labels import Box, box_of, crosses
from qpvdesk.charts.map import Drawn, Point
from qpvdesk.charts.map_callouts import (
    LEADER_MIN,
    NAME_ROOM_MIN,
    NAME_SIZE,
    Leader,
    Names,
    cut,
    dot_of,
    is_seen,
    leader,
    leader_from,
)
from qpvdesk.charts.map_room import HALO, Room, ink_box, meet, seat_of
from qpvdesk.charts.metrics import ASCENT, text_width
from qpvdesk.charts.primitives import Anchor, Ink, Text
from qpvdesk.domain.french import NBSP

_LINE_HEIGHT = 1.12 * NAME_SIZE
_NAMES_GAP = 5.0
"""Points between two names on one line."""
_AIR = 3.5
"""Points that a name keeps from outlines where its ground has the room."""
_OVER = 4.0
"""Points that a line to a name goes farther rather than over an outline."""
_LONG_NAME_REACH = 30.0
"""Points beyond which the selected place has its short name, nearer to it."""
_OUT = 30.0
"""Points more rather than out of the selected place: it is about what lies in it."""
_STEP_ALONG, _STEP_DOWN = 5, 4
"""Points between two spots where a name is tried about its place."""


class Placing:
    """The names that a view has so far, and the room that they and their lines take."""

    def __init__(self, room: Room, taken: Iterable[Box]) -> None:
        self.room = room
        self.names: Names = {}
        self._boxes = list(taken)
        self._lines: list[Leader] = []

    def hold(self, names: Names, lines: Iterable[Leader] = ()) -> None:
        """Take up names that stand, and the lines that lead to them."""
        self.names |= names
        self._boxes += [parted(box_of(text)) for texts in names.values() for text in texts]
        for line in lines:
            self._lines.append(line)
            self._boxes.append(dot_of(*line[:2]))

    def place(self, items: Iterable[Drawn], reach: float = 0.0, *, in_the_blank: bool = False) -> None:
        """Name places, those on their own ground first; then those that a line of no more than `reach` points leads to,
        where no other place is if `in_the_blank`."""
        for item in items:
            if placed := self._on_own_ground(item):
                self.hold({item.place.code: placed})
        for item in items if reach else ():
            if item.place.code not in self.names and (placed := self._called(item, reach, in_the_blank)):
                self.hold({item.place.code: placed}, [leader(item, self.room.view, placed)])

    def is_free(self, text: Text, about: float = HALO) -> bool:
        """Tell whether a line of a name is in the frame, hides no outline and touches nothing that is held."""
        view, box = self.room.view, box_of(text)
        if not box.within(Box(2, 2, view.width - 2, view.height - 2)) or not self.room.is_clear(
            ink_box(text, box), about
        ):
            return False
        apart = parted(box)
        left, top, right, bottom = apart.left, apart.top, apart.right, apart.bottom
        # Asked of thousands of spots: no call for each box that stands.
        for other in self._boxes:
            if left < other.right and other.left < right and top < other.bottom and other.top < bottom:
                return False
        return not any(crosses(line, apart) for line in self._lines)

    def _on_own_ground(self, item: Drawn) -> list[Text]:
        ways = _ways(item, chosen=item is self.room.subject)
        widths = [[text_width(line.text, line.size, line.bold) for line in lines] for lines in ways]
        middles = [
            self.room.middles(item, max(wide), _LINE_HEIGHT * len(lines))
            for lines, wide in zip(ways, widths, strict=True)
        ]
        for about in (_AIR, HALO):
            for lines, wide, spots in zip(ways, widths, middles, strict=True):
                half = min(wide) / 2
                for x, y in spots:
                    if not self._may_hold(half, x, y):
                        continue
                    placed = _block(lines, x, y)
                    if all(self.is_free(text, about) for text in placed):
                        return placed
        return []

    def _called(self, item: Drawn, reach: float, in_the_blank: bool) -> list[Text]:
        """The name of a place where the line that leads to it crosses no name nor line and never the selected place."""
        room = self.room
        seat = seat_of(item, room.view)
        if seat is None or not is_seen(dot_of(*seat), room.view, self._boxes):
            return []
        *longer, name = _names(item, chosen=item is room.subject) or [""]
        for words, far in (*((other, min(reach, _LONG_NAME_REACH)) for other in longer), (name, reach)):
            if words and (placed := self._beside(item, words, seat, far, in_the_blank=in_the_blank)):
                return placed
        return []

    def _beside(self, item: Drawn, name: str, seat: Point, reach: float, *, in_the_blank: bool) -> list[Text]:
        """A name and its figure after it, in one line or in two, where that costs least."""
        room, best = self.room, (math.inf, list[Text]())
        words = f"{name}{NBSP}{item.place.figure}" if item.place.figure else name
        for texts in _in_one_or_two(item, words, chosen=item is room.subject):
            widths = [text_width(text.text, text.size, text.bold) for text in texts]
            half = min(widths) / 2
            for cost, right, down in _spots(math.ceil(max(widths) / 2), _LINE_HEIGHT * len(texts), reach):
                if cost >= best[0]:
                    break
                x, y = seat[0] + right, seat[1] + down
                if not self._may_hold(half, x, y):
                    continue
                placed = _block(texts, x, y)
                if not all(map(self.is_free, placed)) or (in_the_blank and not room.is_blank(x, y)):
                    continue
                line = leader_from(seat, placed)
                if self._leads(line) and (out := room.way_out(line, (x, y))) is not None:
                    dear = cost + _OVER * room.crossed_by(line) + _OUT * out
                    best = min(best, (dear, placed), key=itemgetter(0))
        return best[1]

    def _leads(self, line: Leader) -> bool:
        (left, right), (top, bottom) = sorted(line[::2]), sorted(line[1::2])
        for box in self._boxes:
            # Most boxes are far from it.
            near = left <= box.right and box.left <= right and top <= box.bottom and box.top <= bottom
            if near and crosses(line, box):
                return False
        return not any(meet(line, other) for other in self._lines)

    def _may_hold(self, half: float, x: float, y: float) -> bool:
        """Tell in short whether lines about a point, `half` as wide or more on each side, hide no outline in their middle:
        most spots fall there."""
        return self.room.is_clear_within(x - half, y - 1, x + half, y + 1)


def parted(box: Box) -> Box:
    """The room of a text, and what keeps it from being read with the next one on its line or under it."""
    return Box(box.left - _NAMES_GAP / 2, box.top - 1, box.right + _NAMES_GAP / 2, box.bottom + 1)


def _spots(half: int, high: float, reach: float) -> Iterator[tuple[float, int, int]]:
    """About a point, where the middle of a box twice `half` as wide may stand, and how far its edge is then, the nearest
    first."""
    for away, alike in groupby(_quarter(half, high, reach), key=itemgetter(0)):
        places = {(x * way, y * up) for _, x, y in alike for way in (1, -1) for up in (1, -1)}
        for x, y in sorted(places):
            yield away, x, y


@lru_cache(maxsize=64)
def _quarter(half: int, high: float, reach: float) -> list[tuple[float, int, int]]:
    """The same to the right of the point and under it."""
    rows, columns = int(reach + high) // _STEP_DOWN, int(reach + 2 * half) // _STEP_ALONG
    found = [
        (math.hypot(max(x - half, 0), max(y - high / 2, 0)), x, y)
        for y in range(0, _STEP_DOWN * rows + 1, _STEP_DOWN)
        for x in range(0, _STEP_ALONG * columns + 1, _STEP_ALONG)
    ]
    return sorted(spot for spot in found if LEADER_MIN <= spot[0] <= reach)


def ink_of(item: Drawn, *, chosen: bool) -> Ink:
    """A commune that the map is not about is named in grey."""
    return Ink.TEXT if item.place.figure or item.place.kind == "quartier" or chosen else Ink.MENTION


def short_name(item: Drawn, *, chosen: bool) -> str:
    """A name, of a quartier that is not the selected one what stands before its other names."""
    return item.place.name if chosen else item.place.name.partition(" – ")[0]


def _ways(item: Drawn, *, chosen: bool) -> list[list[Text]]:
    """A name in one line, then in two, its figure beneath; the selected one shorter where it must."""
    figure = [item.place.figure] if item.place.figure else []
    below = [Text(0, 0, words, NAME_SIZE, Ink.TEXT, Anchor.MIDDLE, bold=True, glow=True) for words in figure]
    return [
        [*lines, *below]
        for name in _names(item, chosen=chosen)
        for lines in _in_one_or_two(item, name, chosen=chosen)
    ]


def _names(item: Drawn, *, chosen: bool) -> list[str]:
    names = dict.fromkeys((short_name(item, chosen=chosen), short_name(item, chosen=False)))
    return [name for name in names if name]


def _in_one_or_two(item: Drawn, words: str, *, chosen: bool) -> list[list[Text]]:
    bold = item.place.kind == "commune" or chosen
    ink = ink_of(item, chosen=chosen)
    # The longer half of a name is seldom more than two thirds of it.
    room = max(NAME_ROOM_MIN, text_width(words, NAME_SIZE, bold) * 0.45)
    ways = dict.fromkeys(((words,), tuple(cut(words, NAME_SIZE, room, bold=bold))))
    return [
        [Text(0, 0, half, NAME_SIZE, ink, Anchor.MIDDLE, bold=bold, glow=True) for half in halves]
        for halves in ways
    ]


def _block(texts: Sequence[Text], x: float, y: float) -> list[Text]:
    """Some lines one under the other, about a point."""
    top = y - _LINE_HEIGHT * len(texts) / 2 + ASCENT * NAME_SIZE
    return [replace(text, x=x, y=top + row * _LINE_HEIGHT) for row, text in enumerate(texts)]
