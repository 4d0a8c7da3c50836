"""Names on a map of paper: each on its own ground, else near it at the end of a line, over no outline and no other name."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, product
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
    around,
    cut,
    dot_of,
    is_seen,
    leader_from,
)
from qpvdesk.charts.map_room import HALO, Room, ink_box, meet
from qpvdesk.charts.metrics import ASCENT, text_width
from qpvdesk.charts.primitives import Anchor, Ink, Text
from qpvdesk.domain.french import NBSP

_LINE_HEIGHT = 1.12 * NAME_SIZE
_EDGE = 3.5
"""Points from the frame to a name."""
_NAMES_GAP = 5.0
"""Points between two names on one line."""
_NAMES_AIR = 9.0
"""Points more between two names one under the other, where there is room: nearer, they are read as one."""
_AIR = 3.5
"""Points that a name keeps from outlines where its ground has the room."""
SUBJECT_AIRS = (24.0, 16.0, 10.0, _AIR)
"""The same of the name of the selected commune, the most first: in the middle of its free ground, as far as its quartiers
leave it that."""
_FIGURES_APART = Box(-24, -9, 24, 9)
"""Points between a name that ends in a figure and one that begins with one: « Mazingarbe 3 » and « 3 Cités »."""
_OVER = 4.0
"""Points that a line to a name goes farther rather than over an outline."""
_CROWDED = 10.0
"""The same rather than right over or under another name."""
_LONG_NAME_REACH = 30.0
"""Points beyond which the selected place has its short name, nearer to it."""
_LONG_NAME_MIN = 24
"""Letters of a name that is broken over three lines where it has no room on two."""
_BREAK = re.compile(r" (?!–)")
"""Where it is: a dash between two names stays with the first."""
_LISTED = re.compile(r"^(\S+ \S.*?) \w+(?: \d+){2,}$")
"""« Les Blanches Laines Fosse 11 12 13 »: what stands before several numbers, and what they number."""


class Placing:
    """The names that a view has so far, and the room that they and their lines take."""

    def __init__(self, room: Room, taken: Iterable[Box], air: float = _AIR) -> None:
        """`air`: what the name of the selected commune keeps from outlines at most."""
        self.room = room
        self._air = air
        self.names: Names = {}
        self._boxes = list(taken)
        self._frame = Box(_EDGE, _EDGE, room.view.width - _EDGE, room.view.height - _EDGE)
        self.lines: list[Leader] = []
        self._texts: list[Text] = []

    def hold(self, names: Names, lines: Iterable[Leader] = ()) -> None:
        """Take up names that stand, and the lines that lead to them."""
        self.names |= names
        self._texts += [text for texts in names.values() for text in texts]
        self._boxes += [parted(box_of(text)) for texts in names.values() for text in texts]
        for line in lines:
            self.lines.append(line)
            self._boxes.append(dot_of(*line[:2]))

    def place(self, items: Iterable[Drawn], reach: float = 0.0) -> None:
        """Name places that have no name yet: those on their own ground first; then those that a line of no more than `reach`
        points leads to."""
        for item in items:
            if item.place.code not in self.names and (placed := self._on_own_ground(item)):
                self.hold({item.place.code: placed})
        if reach:
            self.lead(items, reach)

    def lead(self, items: Iterable[Drawn], reach: float) -> None:
        """Name places that have no name yet at the end of a line: a commune where no other is, a quartier in its own too."""
        for item in items:
            if item.place.code not in self.names and (placed := self._called(item, reach)):
                self.hold({item.place.code: placed[0]}, [leader_from(placed[1], placed[0])])

    def is_free(self, text: Text, about: float = HALO) -> bool:
        """Tell whether a line of a name is in the frame, hides no outline and touches nothing that is held."""
        box = box_of(text)
        if not box.within(self._frame) or not self.room.is_clear(ink_box(text, box), about):
            return False
        apart, air = parted(box), _NAMES_AIR if about > HALO else 0.0
        left, top, right, bottom = apart.left, apart.top - air, apart.right, apart.bottom + air
        # Asked of thousands of spots: no call for each box that stands.
        for other in self._boxes:
            if left < other.right and other.left < right and top < other.bottom and other.top < bottom:
                return False
        for line in self.lines:
            if crosses(line, apart):
                return False
        is_numbered = text.text[:1].isdigit() or text.text[-1:].isdigit()
        return not (is_numbered and any(_run_together(text, other) for other in self._texts))

    def _on_own_ground(self, item: Drawn) -> list[Text]:
        is_central = item is self.room.subject and item.place.kind == "commune"
        airs = [air for air in (*SUBJECT_AIRS, HALO) if air <= (self._air if is_central else _AIR)]
        for ways in _ways(item, chosen=item is self.room.subject):
            widths = [[text_width(line.text, line.size, line.bold) for line in lines] for lines in ways]
            middles: dict[int, list[Point]] = {}
            for about, (rank, lines) in product(airs, enumerate(ways)):
                if rank not in middles:
                    middles[rank] = self.room.middles(item, max(widths[rank]), _LINE_HEIGHT * len(lines))
                half = min(widths[rank]) / 2
                for x, y in middles[rank]:
                    if not self._may_hold(half, x, y):
                        continue
                    placed = _block(lines, x, y)
                    if all(self.is_free(text, about) for text in placed):
                        return placed
        return []

    def _called(self, item: Drawn, reach: float) -> tuple[list[Text], Point] | None:
        """The name of a place where the line that leads to it crosses no name nor line, and where that line begins."""
        room = self.room
        *longer, name = _names(item, chosen=item is room.subject) or [""]
        for seat in room.seats(item):
            if not is_seen(dot_of(*seat), room.view, self._boxes):
                continue
            for words, far in (*((other, min(reach, _LONG_NAME_REACH)) for other in longer), (name, reach)):
                if words and (placed := self._beside(item, words, seat, far)):
                    return placed, seat
        return None

    def _beside(self, item: Drawn, name: str, seat: Point, reach: float) -> list[Text]:
        """A name and its figure after it, in one line or in two, where that costs least: in no other commune than that of
        the place, which would bear its name."""
        room, best = self.room, (math.inf, list[Text]())
        home = room.home_of(item, seat)
        own = [item] if home is None else [item, home]
        for texts in _in_lines(item, _numbered(item, name), chosen=item is room.subject):
            widths = [text_width(text.text, text.size, text.bold) for text in texts]
            half, size = min(widths) / 2, (math.ceil(max(widths) / 2), _LINE_HEIGHT * len(texts))
            for cost, x, y in room.spots(home, seat, size, (LEADER_MIN, min(reach, best[0]))):
                if cost >= best[0]:
                    break
                if not self._may_hold(half, x, y):
                    continue
                placed = _block(texts, x, y)
                if not all(self.is_free(text) and room.is_in(home, text) for text in placed):
                    continue
                line = leader_from(seat, placed)
                if self._leads(line) and (met := room.crossed_by(line, own)) is not None:
                    cost += _OVER * met + (_CROWDED if self._crowds(placed) else 0)
                    best = min(best, (cost, placed), key=itemgetter(0))
        return best[1]

    def _crowds(self, placed: Sequence[Text]) -> bool:
        """Tell whether a name stands right over or under another, as if they were one."""
        box = around(placed)
        tall = Box(box.left, box.top - _NAMES_AIR, box.right, box.bottom + _NAMES_AIR)
        return any(tall.overlaps(box_of(other)) for other in self._texts)

    def _leads(self, line: Leader) -> bool:
        (left, right), (top, bottom) = sorted(line[::2]), sorted(line[1::2])
        for box in self._boxes:
            # Most boxes are far from it.
            near = left <= box.right and box.left <= right and top <= box.bottom and box.top <= bottom
            if near and crosses(line, box):
                return False
        return not any(meet(line, other) for other in self.lines)

    def _may_hold(self, half: float, x: float, y: float) -> bool:
        """Tell in short whether lines about a point, `half` as wide or more on each side, hide no outline in their middle:
        most spots fall there."""
        return self.room.is_clear_within(x - half, y - 1, x + half, y + 1)


def parted(box: Box) -> Box:
    """The room of a text, and what keeps it from being read with the next one on its line or under it."""
    return Box(box.left - _NAMES_GAP / 2, box.top - 1, box.right + _NAMES_GAP / 2, box.bottom + 1)


def _run_together(text: Text, other: Text) -> bool:
    """Tell whether the figure that ends a name is read with that which begins another."""
    if not any(
        last.text[-1:].isdigit() and first.text[:1].isdigit()
        for last, first in ((text, other), (other, text))
    ):
        return False
    box, apart = box_of(text), _FIGURES_APART
    about = Box(
        box.left + apart.left, box.top + apart.top, box.right + apart.right, box.bottom + apart.bottom
    )
    return about.overlaps(box_of(other))


def ink_of(item: Drawn, *, chosen: bool) -> Ink:
    """A commune that the map is not about is named in grey."""
    return Ink.TEXT if item.place.figure or item.place.kind == "quartier" or chosen else Ink.MENTION


def short_name(item: Drawn, *, chosen: bool) -> str:
    """A name, of a quartier that is not the selected one what stands before its other names."""
    return item.place.name if chosen else item.place.name.partition(" – ")[0]


def _ways(item: Drawn, *, chosen: bool) -> Iterator[list[list[Text]]]:
    """A name in one line and in two, the selected one shorter where it must, its figure after it; then that beneath it."""
    names, figure = _names(item, chosen=chosen), item.place.figure
    yield [lines for name in names for lines in _in_lines(item, _numbered(item, name), chosen=chosen)]
    if figure:
        below = Text(0, 0, figure, NAME_SIZE, Ink.TEXT, Anchor.MIDDLE, bold=True, glow=True)
        yield [[*lines, below] for name in names for lines in _in_lines(item, name, chosen=chosen)]


def _numbered(item: Drawn, name: str) -> str:
    return f"{name}{NBSP}{item.place.figure}" if item.place.figure else name


def _names(item: Drawn, *, chosen: bool) -> list[str]:
    """The name of a place, then shorter ones, each the beginning of the one before."""
    short = short_name(item, chosen=False)
    names = dict.fromkeys((short_name(item, chosen=chosen), short, _LISTED.sub(r"\1", short)))
    return [name for name in names if name]


def _in_lines(item: Drawn, words: str, *, chosen: bool) -> list[list[Text]]:
    """A name in one line, in two, and in three where it is long."""
    bold = item.place.kind == "commune" or chosen
    ink = ink_of(item, chosen=chosen)
    # The longer half of a name is seldom more than two thirds of it.
    room = max(NAME_ROOM_MIN, text_width(words, NAME_SIZE, bold) * 0.45)
    ways = dict.fromkeys(
        ((words,), tuple(cut(words, NAME_SIZE, room, bold=bold)), _in_three(words, bold=bold))
    )
    return [
        [Text(0, 0, half, NAME_SIZE, ink, Anchor.MIDDLE, bold=bold, glow=True) for half in halves]
        for halves in ways
        if halves
    ]


@lru_cache(maxsize=256)
def _in_three(words: str, *, bold: bool) -> tuple[str, ...]:
    """A long name in three lines, the widest of which is as narrow as may be; none else."""
    parts = _BREAK.split(words) if len(words) >= _LONG_NAME_MIN else []
    ways = [
        (" ".join(parts[:first]), " ".join(parts[first:last]), " ".join(parts[last:]))
        for first, last in combinations(range(1, len(parts)), 2)
    ]
    return min(ways, key=lambda lines: max(text_width(line, NAME_SIZE, bold) for line in lines), default=())


def _block(texts: Sequence[Text], x: float, y: float) -> list[Text]:
    """Some lines one under the other, about a point."""
    top = y - _LINE_HEIGHT * len(texts) / 2 + ASCENT * NAME_SIZE
    return [replace(text, x=x, y=top + row * _LINE_HEIGHT) for row, text in enumerate(texts)]
