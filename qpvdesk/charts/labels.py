"""Labels written beside what they name, without covering one another."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.charts.metrics import ASCENT, DESCENT, text_width
from qpvdesk.charts.primitives import Anchor, Ink, Text

_MARK_GAP = 2.5
_HALO = 1.2
"""Around its words, a label covers so much of a line."""
_PARTED = 2
"""What a line between a label and its point weighs: more than the lightest that a label covers."""
_LABELS_GAP = 3.0
"""What two labels on one line keep between them."""
_LINES_AWAY_MAX = 6
"""So many lines of its own text away, a label is no longer read as that of its point, were it needed."""
_SPARED_LINES_AWAY = 3
"""So many lines away, a label that can be spared is better left out."""
_ROUNDING = 0.01
_Point = tuple[float, float]


class Box(Struct, frozen=True):
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: Box) -> bool:
        # A label set flush with the frame may stand a rounding error outside it.
        return (
            self.left >= other.left - _ROUNDING
            and self.right <= other.right + _ROUNDING
            and self.top >= other.top - _ROUNDING
            and self.bottom <= other.bottom + _ROUNDING
        )


class Label(Struct, frozen=True):
    """What is written beside the point (`x`, `y`), whose mark has that `radius`; `short` where that alone finds a place."""

    x: float
    y: float
    text: str
    size: float
    ink: Ink
    bold: bool = False
    radius: float = 3.0
    short: str = ""


def box_of(text: Text) -> Box:
    width = text_width(text.text, text.size, text.bold)
    anchor = text.anchor
    left = text.x if anchor is Anchor.START else text.x - (width / 2 if anchor is Anchor.MIDDLE else width)
    return Box(left, text.y - ASCENT * text.size, left + width, text.y + DESCENT * text.size)


class LabelPlacer:
    """Gives each label the first free place around its point; one that finds none is left out."""

    def __init__(self, frame: Box) -> None:
        self._frame = frame
        self._taken: list[Box] = []
        self._lines: list[tuple[float, float, float, float, int]] = []

    def block(self, left: float, top: float, right: float, bottom: float) -> None:
        self._taken.append(Box(left, top, right, bottom))

    def avoid(self, points: tuple[tuple[float, float], ...], weight: int = 2) -> None:
        """Keep labels off a line; off the heaviest first where a label that must be there has no free place. It does not go
        away from its point for the lightest, of 1."""
        for (x1, y1), (x2, y2) in itertools.pairwise(points):
            self._lines.append((x1, y1, x2, y2, weight))

    def place(self, label: Label, *, needed: bool = False) -> Text | None:
        """The label where it covers neither mark, label nor line, and none parts it from its point; None where there is no
        such place. `needed`: then where that is the least untrue."""
        worst = sum(line[4] for line in self._lines) + _PARTED + 1 if needed else 1
        best, fewest = self._best(label, worst, needed=needed)
        if label.short and fewest:
            best = self._best(replace(label, text=label.short), fewest, needed=needed)[0] or best
        if best is not None:
            self._taken.append(box_of(best))
        return best

    def _best(self, label: Label, fewest: int, *, needed: bool) -> tuple[Text | None, int]:
        """The place that costs less than `fewest`, the nearest first, and what it costs."""
        best: Text | None = None
        further = self._further(label, _LINES_AWAY_MAX if needed else _SPARED_LINES_AWAY)
        for spots in (self._spots(label), further):
            for spot in spots:
                box = box_of(spot)
                if not self._free(box):
                    continue
                cost = self._crossings(box, fewest)
                if cost < fewest and (cost := cost + _PARTED * self._is_parted(label, box)) < fewest:
                    best, fewest = spot, cost
                if not fewest:
                    break
            if best is not None and fewest <= 1:
                # The lightest line does not drive it away.
                break
        return best, fewest

    def first_free(self, spots: Iterable[Text]) -> Text | None:
        """The first of these places where the words cover neither mark, label nor line."""
        for spot in spots:
            box = box_of(spot)
            if self._free(box) and not self._crossings(box, 1):
                self._taken.append(box)
                return spot
        return None

    def _spots(self, label: Label) -> list[Text]:
        x, y, size = label.x, label.y, label.size
        away = label.radius + _MARK_GAP
        above = y - away
        below = y + away + ASCENT * size
        level = y + ASCENT * size / 2
        right, left = x + away, x - away
        width = text_width(label.text, size, label.bold)
        middle = min(max(x, self._frame.left + width / 2), self._frame.right - width / 2)
        within = min(right, self._frame.right - width)
        places = [
            (middle, above, Anchor.MIDDLE),
            (middle, below, Anchor.MIDDLE),
            (right, level, Anchor.START),
            (left, level, Anchor.END),
            (within, above, Anchor.START),
            (left, above, Anchor.END),
            (within, below, Anchor.START),
            (left, below, Anchor.END),
            (middle, above - size * 1.2, Anchor.MIDDLE),
            (middle, below + size * 1.2, Anchor.MIDDLE),
            (left + size, above - size * 1.2, Anchor.END),
            (right - size, below + size * 1.2, Anchor.START),
        ]
        return [
            Text(spot_x, spot_y, label.text, size, label.ink, anchor, bold=label.bold, halo=True)
            for spot_x, spot_y, anchor in places
        ]

    def _further(self, label: Label, lines_away: int) -> Iterator[Text]:
        """Places a little further off, the nearest first."""
        width, size = text_width(label.text, label.size, label.bold), label.size
        away = label.radius + _MARK_GAP
        # Over or under its point, as far as the frame lets it.
        middle = min(max(label.x, self._frame.left + width / 2), self._frame.right - width / 2)
        for lines in range(2, lines_away):
            for side in (-1, 1):
                y = label.y + side * (away + lines * size * 1.1) + ASCENT * size / 2
                for x in (middle, *(label.x + shift * width for shift in (-0.5, 0.5, -1, 1))):
                    yield Text(x, y, label.text, size, label.ink, Anchor.MIDDLE, bold=label.bold, halo=True)

    def _free(self, box: Box) -> bool:
        # Side by side two labels would read as one sentence; one above the other they do not.
        wide = Box(box.left - _LABELS_GAP, box.top, box.right + _LABELS_GAP, box.bottom)
        return box.within(self._frame) and not any(wide.overlaps(other) for other in self._taken)

    def _is_parted(self, label: Label, box: Box) -> bool:
        """Whether a line runs between a label and its point: it would be read as that line's."""
        x, y = label.x, label.y
        end = min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)
        return any(_meet((x, y), end, line[:2], line[2:4]) for line in self._lines)

    def _crossings(self, box: Box, enough: int) -> int:
        """The weight of the segments that enter the box; counting stops at `enough`."""
        box = Box(box.left - _HALO, box.top - _HALO, box.right + _HALO, box.bottom + _HALO)
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        count = 0
        for line in self._lines:
            x1, y1, x2, y2, weight = line
            if (
                (x1 < left and x2 < left)
                or (x1 > right and x2 > right)
                or (y1 < top and y2 < top)
                or (y1 > bottom and y2 > bottom)
            ):
                continue
            if crosses((x1, y1, x2, y2), box):
                count += weight
                if count >= enough:
                    break
        return count


def _meet(start: _Point, end: _Point, first: _Point, last: _Point) -> bool:
    """Whether the first of two segments, which does not begin on the second, meets it within it or at its end."""

    def side(point: _Point, begin: _Point, stop: _Point) -> float:
        return (stop[0] - begin[0]) * (point[1] - begin[1]) - (stop[1] - begin[1]) * (point[0] - begin[0])

    return side(start, first, last) * side(end, first, last) < -_ROUNDING and (
        side(first, start, end) * side(last, start, end) < _ROUNDING
    )


def crosses(line: tuple[float, float, float, float], box: Box) -> bool:
    """Whether a segment enters a box (Liang and Barsky's clipping)."""
    x1, y1, x2, y2 = line
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    # Most segments lie all on one side of it.
    if (x1 < left and x2 < left) or (x1 > right and x2 > right):
        return False
    if (y1 < top and y2 < top) or (y1 > bottom and y2 > bottom):
        return False
    enter, leave = 0.0, 1.0
    for delta, low, high in ((x2 - x1, left - x1, right - x1), (y2 - y1, top - y1, bottom - y1)):
        if delta == 0:
            if low > 0 or high < 0:
                return False
            continue
        first, last = (low / delta, high / delta) if delta > 0 else (high / delta, low / delta)
        enter, leave = first if first > enter else enter, last if last < leave else leave
    return enter < leave


def apart(words: Sequence[tuple[float, float, str]], gap: float) -> Sequence[tuple[float, float, str]]:
    """Return the words of an axis (the middle of each and half its width) where none touch: all, else one of two, of three…

    A single one left out would look like a day that is not there.
    """
    for step in range(1, len(words) + 1):
        kept = words[::step]
        pairs = itertools.pairwise(kept)
        if all(
            left + left_half + gap <= right - right_half
            for (left, left_half, _), (right, right_half, _) in pairs
        ):
            return kept
    return words
