"""What stands on a map beside its places: what its grounds and lines mean, its scale, its north, its sources."""

from __future__ import annotations

import math
from collections.abc import Iterable

from msgspec.structs import replace

from qpvdesk.charts.labels import Box, box_of
from qpvdesk.charts.map import (
    MARGIN,
    OUTSIDE,
    SELECTED,
    Drawn,
    Key,
    Scene,
    Subject,
    View,
    stretches,
    style_of,
)
from qpvdesk.charts.map_room import seat_of
from qpvdesk.charts.metrics import shorten, text_width
from qpvdesk.charts.primitives import Anchor, Ink, Line, Primitive, Region, Text
from qpvdesk.domain.french import format_number

_STEPS = (1, 2, 5)
_LEGEND_WIDTH_MAX = 190.0
_SCALE_WIDTH_MAX = 90.0
_SCALE_AIR = 8.0
"""Points from the words of the scale to a name after them, which would be read with them."""
_SIZE = 8.0
_SAMPLE_WIDTH = 13.0
_WORD_LEFT = 18.0
"""Points from a sample of the legend to its word."""
_KEYS_GAP = 12.0
_STRIP_LINE = 12.0
_SCALE_IN_STRIP = 60.0
_QUARTIER = "Quartier prioritaire"
_OUTSIDE_ROWS = 24
"""Lines across a map on which it is looked for land beyond all communes."""
_OUTSIDE_MIN = 6.0
"""Points of it on one line that are seen."""


def keyed(whole: Scene, view: View, subject: Subject, selected: str = "") -> Subject:
    """Return the subject with a key for each ground and line that the view shows, and for no other: the places filled, the
    communes that are not, what is of quartiers alone, the selected one."""
    seen = [item for item in whole.places if view.shows(item.box) and seat_of(item, view)]
    keys: list[tuple[bool, Key]] = []
    for fill in subject.fills:
        holders = [item.place for item in seen if item.place.fill == fill]
        holders.sort(key=lambda place: place.kind != "commune")
        if holders:
            keys.append((holders[0].kind == "quartier", Key(fill.word, style_of(holders[0]))))
    for kind, word in (("commune", subject.bare), ("quartier", _QUARTIER)):
        bare = next(
            (item.place for item in seen if item.place.fill is None and item.place.kind == kind), None
        )
        if bare is not None and word:
            keys.append((kind == "quartier", Key(word, style_of(bare))))
    word = subject.outside if shows_outside(whole, view) else ""
    keys += [(False, Key(word, OUTSIDE))] if word else []
    keys.sort(key=lambda key: key[0])
    chosen = [
        Key(item.place.name.partition(" – ")[0], SELECTED) for item in seen if item.place.code == selected
    ]
    return replace(subject, keys=(*(key for _, key in keys), *chosen), outside=word)


def shows_outside(whole: Scene, view: View) -> bool:
    """Tell whether a view shows land that no commune has, more than where two outlines part by a hair."""
    communes = [item for item in whole.places if item.place.kind == "commune" and view.shows(item.box)]
    for row in range(_OUTSIDE_ROWS if communes else 0):
        _, level = view.ground(0, (row + 0.5) * view.height / _OUTSIDE_ROWS)
        covered = 0.0
        for item in communes:
            if item.box.top <= level <= item.box.bottom:
                for start, end in stretches(item.rings, (), level):
                    left, right = view.page(start, 0)[0], view.page(end, 0)[0]
                    covered += max(min(right, view.width) - max(left, 0.0), 0.0)
        if view.width - covered > _OUTSIDE_MIN:
            return True
    return False


def _keys(subject: Subject) -> tuple[Key, ...]:
    return subject.keys or tuple(
        Key(fill.word, Region((), Ink.TEXT, width=0.5, ink=fill.ink, tint=fill.tint, hatch=fill.hatch))
        for fill in subject.fills
    )


def furniture(view: View, subject: Subject) -> tuple[list[Primitive], list[Box]]:
    """Return what stands on a map beside its places (legend, scale, sources), and the room that it takes of them."""
    if subject.beneath:
        return _strip(view, subject), []
    items: list[Primitive] = []
    taken: list[Box] = []
    base = view.height - MARGIN
    if subject.sources:
        words = shorten(subject.sources, _SIZE, view.width - 2 * MARGIN)
        text = Text(MARGIN, base, words, _SIZE, Ink.MENTION, glow=True)
        items.append(text)
        taken.append(box_of(text))
        base -= 12
    scale, room = _scale_bar(view, (MARGIN, base), _SCALE_WIDTH_MAX)
    arrow, corner = _north(view.width - MARGIN - 5, MARGIN)
    taken += [Box(room.left, room.top, room.right + _SCALE_AIR, room.bottom), corner]
    items += [*scale, *arrow]
    if subject.title or subject.fills:
        items += _legend(view, subject, taken)
    return items, taken


def beside_legend(view: View, subject: Subject, drawn: Iterable[Drawn]) -> View:
    """Return the view with some places moved from under the legend, as far as the page has room on their other side."""
    taken: list[Box] = []
    _legend(view, subject, taken)
    legend = taken[0]
    points = [view.page(*point) for item in drawn for ring in item.rings for point in ring]
    lacking = max((legend.right + MARGIN - x for x, y in points if y < legend.bottom + MARGIN), default=0.0)
    room = view.width - MARGIN - max((x for x, _ in points), default=view.width)
    shift = min(lacking, room)
    return replace(view, x=view.x - shift / view.scale) if shift > 0 else view


def strip_height(view: View, subject: Subject) -> float:
    """How high what stands under the frame of a map is."""
    lines = 1 + max(line for line, _, _ in _in_strip(view, subject)) + bool(subject.sources)
    return _STRIP_LINE * lines + 2 if subject.beneath else 0.0


def _strip(view: View, subject: Subject) -> list[Primitive]:
    """Return the legend, the scale and the north of a map under its frame, where they hide nothing of what fills it."""
    width, top = view.width, view.height
    items: list[Primitive] = []
    base = top + _STRIP_LINE - 1
    for line, left, key in _in_strip(view, subject):
        items += _sample(key, left, base + line * _STRIP_LINE) if key else ()
        if key is None and subject.title:
            items.append(Text(left, base, subject.title, _SIZE, Ink.TEXT, bold=True))
    if subject.sources:
        words = shorten(subject.sources, _SIZE, width)
        foot = top + strip_height(view, subject) - 3
        items.append(Text(0.0, foot, words, _SIZE, Ink.MENTION))
    arrow, _ = _north(width - 5, top + 3, high=0.6)
    _, room = _scale_bar(view, (0.0, 0.0), _SCALE_IN_STRIP)
    scale, _ = _scale_bar(view, (width - 22 - (room.right - room.left), base), _SCALE_IN_STRIP)
    return [*items, *scale, *arrow]


def _in_strip(view: View, subject: Subject) -> list[tuple[int, float, Key | None]]:
    """On which line under the frame and how far from the left each key stands, after the title (None)."""
    _, scale = _scale_bar(view, (0.0, 0.0), _SCALE_IN_STRIP)
    end = view.width - 22 - (scale.right - scale.left) - _KEYS_GAP
    line, left = 0, 0.0
    told: list[tuple[int, float, Key | None]] = [(0, 0.0, None)]
    left += text_width(subject.title, _SIZE, bold=True) + _KEYS_GAP if subject.title else 0.0
    for key in _keys(subject):
        wide = _WORD_LEFT + text_width(key.word, _SIZE)
        if left + wide > (view.width if line else end) and left:
            line, left = line + 1, 0.0
        told.append((line, left, key))
        left += wide + _KEYS_GAP
    return told


def _scale_bar(view: View, at: tuple[float, float], wide_max: float) -> tuple[list[Primitive], Box]:
    left, base = at
    metres = _round_length(wide_max / view.scale)
    long = metres * view.scale
    words = f"{format_number(metres // 1000)} km" if metres >= 1000 else f"{format_number(metres)} m"
    text = Text(left + long + 4, base, words, _SIZE, Ink.TEXT, glow=True)
    ticks = [Line(x, base - 5, x, base, Ink.TEXT, width=0.9) for x in (left, left + long / 2, left + long)]
    bar = Line(left, base, left + long, base, Ink.TEXT, width=1.2)
    return [bar, *ticks, text], Box(left - 1, base - 8, box_of(text).right, base + 3)


def _north(x: float, top: float, *, high: float = 1.0) -> tuple[list[Primitive], Box]:
    """An arrow to the north, and its room: in the corner that legend, scale and sources leave free; lower than it is, its
    letter stands beside it."""
    arrow = (
        (x, top),
        (x + 4.5 * high, top + 14 * high),
        (x, top + 10.5 * high),
        (x - 4.5 * high, top + 14 * high),
    )
    letter = (x, top + 23) if high == 1.0 else (x - 8, top + 14 * high)
    return [
        Region(rings=(arrow,), edge=Ink.PAPER, width=0.6, ink=Ink.TEXT, tint=1.0),
        Text(*letter, "N", _SIZE, Ink.TEXT, Anchor.MIDDLE, bold=True, glow=True),
    ], Box(x - 6, top - 2, x + 6, top + 25)


def _round_length(metres: float) -> int:
    power = 10 ** max(0, math.floor(math.log10(max(metres, 1))))
    return max(int(step * power) for step in _STEPS if step * power <= max(metres, 1))


def _legend(view: View, subject: Subject, taken: list[Box]) -> list[Primitive]:
    room = min(_LEGEND_WIDTH_MAX, view.width * 0.45)
    keys = [replace(key, word=shorten(key.word, _SIZE, room - 22)) for key in _keys(subject)]
    title = shorten(subject.title, _SIZE, room, bold=True)
    wide = max(
        [text_width(title, _SIZE, bold=True), *(text_width(key.word, _SIZE) + _WORD_LEFT for key in keys)]
    )
    high = (11 if title else 0) + 10.5 * len(keys)
    box = Box(MARGIN - 3, MARGIN - 3, MARGIN + wide + 5, MARGIN + high)
    taken.append(box)
    items: list[Primitive] = [
        Region(
            rings=(
                ((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)),
            ),
            edge=Ink.GRID,
            ink=Ink.PAPER,
            tint=1.0,
        )
    ]
    y = MARGIN + 6
    if title:
        items.append(Text(MARGIN, y, title, _SIZE, Ink.TEXT, bold=True))
        y += 11
    for key in keys:
        items += _sample(key, MARGIN, y)
        y += 10.5
    return items


def _sample(key: Key, left: float, base: float) -> list[Primitive]:
    """A key: its ground within its own line, and its word."""
    right, top, foot = left + _SAMPLE_WIDTH, base - 6, base + 1.5
    corners = ((left, top), (right, top), (right, foot), (left, foot))
    return [replace(key.style, rings=(corners,)), Text(left + _WORD_LEFT, base, key.word, _SIZE)]
