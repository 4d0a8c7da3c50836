"""What is written on a map at a view: names without overlap, a legend, a scale bar, the sources; the finished map."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from qpvdesk.charts.labels import Box, box_of
from qpvdesk.charts.map import MARGIN, Drawn, Fill, Scene, Subject, View, lies_within, regions, surface
from qpvdesk.charts.map_callouts import (
    DOT,
    NAME_ROOM_MIN,
    NAME_SIZE,
    Names,
    along,
    around,
    boxes_of,
    cut,
    leader,
    led,
)
from qpvdesk.charts.metrics import ASCENT, shorten, text_width
from qpvdesk.charts.primitives import Anchor, Chart, Ink, Line, Primitive, Region, Text
from qpvdesk.domain.french import NBSP, format_number, lowered, plural

_STEPS = (1, 2, 5)
_ON_QUARTIER_MAX = 0.9
"""A name stands on a quartier where it takes less than this part of its width."""
_OWN_GROUND_MIN = 0.6
"""The part of each line of the name of a commune that bears a figure, about its middle, that stands in it."""
_GAP = 1.5
"""Points between a place and its name where that stands beside it."""
_NAMES_GAP = 5.0
"""Points between two names on one line."""
_QUARTIER_NAMED_MIN = 11.0
"""Points of the page below which a quartier is not named."""
_LEGEND_WIDTH_MAX = 190.0
_SCALE_WIDTH_MAX = 90.0
_NAMED_MAX = 6
"""Places of a class that are named one by one by who listens to the map."""


def names_of(
    whole: Scene, view: View, subject: Subject, selected: str = "", *, leaders: bool = False
) -> Names:
    """Return the names that have room beside the legend, by the code of their place, none over another nor over a quartier
    that it does not name: the selected place first, then those that bear a figure (which stand over a quartier rather than
    nowhere), then the largest; with `leaders`, what bears a figure and has no room on its ground is named beside the map, at
    the end of a line that leads to it."""
    _, taken = furniture(view, subject)
    shown = [item for item in whole.places if view.shows(item.box)]
    shown.sort(key=lambda item: (item.place.code != selected, not item.place.figure, -_weight(item)))
    if not leaders:
        return dict(_named(shown, shown, view, taken, selected=selected, over_quartiers=True))
    first = [item for item in shown if item.place.figure or item.place.code == selected]
    names = dict(_named(first, shown, view, taken, selected=selected, over_quartiers=False))
    names, lines = led(first, names, whole, view, taken=taken)
    taken += [*boxes_of(names), *(box for line in lines for box in along(line))]
    return names | dict(
        _named(shown[len(first) :], shown, view, taken, selected=selected, over_quartiers=False)
    )


def _leaders(whole: Scene, view: View, named: Names) -> Iterable[Line | Region]:
    """Of the names that stand beyond their place, from a dot in it; that of a quartier needs none."""
    for item in whole.places:
        texts = named.get(item.place.code)
        if texts and item.place.kind != "quartier":
            box = around(texts)
            middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
            if whole.at(*view.ground(*middle)) is None:
                x, y, to_x, to_y = leader(item, view, texts)
                dot = tuple((x + dx * DOT, y + dy * DOT) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
                # It passes over the places between: their outlines stop short of it.
                yield Line(x, y, to_x, to_y, Ink.PAPER, 3.0)
                yield Line(x, y, to_x, to_y, Ink.TEXT, 0.8)
                yield Region(rings=(dot,), edge=Ink.PAPER, width=0.4, ink=Ink.TEXT, tint=1.0)


def left_out(whole: Scene, view: View, names: Names) -> str:
    """« Lens (3), Avion (2), Harnes »: the places that have no room for their name on the map, and their figures, those
    that have one first; empty where there are none."""
    missing = [
        item.place
        for item in whole.places
        if item.place.name and item.place.code not in names and view.shows(item.box)
    ]
    missing.sort(key=lambda place: not place.figure)
    return ", ".join(f"{item.name}{NBSP}({item.figure})" if item.figure else item.name for item in missing)


def _named(
    items: Sequence[Drawn],
    shown: Sequence[Drawn],
    view: View,
    taken: Sequence[Box],
    *,
    selected: str,
    over_quartiers: bool,
) -> Iterable[tuple[str, list[Text]]]:
    """The names of some of the places `shown` that have room on the map, clear of what is `taken`."""
    held = list(taken)
    grounds = [(item.place.code, _on_page(item, view)) for item in shown if item.place.kind == "quartier"]
    for item in items:
        code = item.place.code
        others = [ground for own, ground in grounds if own != code]
        over: list[Text] = []
        for placed in _spots(_lines(item, view, chosen=code == selected), item, view):
            boxes = [_apart(box_of(text)) for text in placed]
            if not all(_is_free(box, view, held) for box in boxes):
                continue
            if not any(box.overlaps(ground) for box in boxes for ground in others):
                over = placed
                break
            if not over and (code == selected or (item.place.figure and over_quartiers)):
                over = placed
        if over:
            yield code, over
            held += [_apart(box_of(text)) for text in over]


def _on_page(item: Drawn, view: View) -> Box:
    return Box(*view.page(item.box.left, item.box.top), *view.page(item.box.right, item.box.bottom))


def _is_free(box: Box, view: View, held: Sequence[Box]) -> bool:
    frame = Box(2, 2, view.width - 2, view.height - 2)
    return box.within(frame) and not any(box.overlaps(other) for other in held)


def _apart(box: Box) -> Box:
    """The room of a text, and what keeps it from being read with the next one on its line."""
    return Box(box.left - _NAMES_GAP / 2, box.top, box.right + _NAMES_GAP / 2, box.bottom)


def _lines(item: Drawn, view: View, *, chosen: bool) -> list[Text]:
    """The name of a place, in one line or two, and its figure; nothing where it would not fit."""
    if not item.place.name:
        return []
    kind = item.place.kind
    size = NAME_SIZE
    room = max((item.box.right - item.box.left) * view.scale * 1.25, NAME_ROOM_MIN)
    if (
        not chosen
        and kind == "quartier"
        and (item.box.right - item.box.left) * view.scale < _QUARTIER_NAMED_MIN
    ):
        return []
    name = item.place.name.partition(" – ")[0] if not chosen else item.place.name
    bold = kind == "commune" or chosen
    halves = [name] if chosen else cut(name, size, room, bold=bold)
    ink = Ink.TEXT if kind == "quartier" or chosen else Ink.MENTION
    texts = [Text(0, 0, half, size, ink, Anchor.MIDDLE, bold=bold, glow=True) for half in halves]
    if item.place.figure:
        texts.append(Text(0, 0, item.place.figure, size, Ink.TEXT, Anchor.MIDDLE, bold=True, glow=True))
    return texts


def _spots(lines: list[Text], item: Drawn, view: View) -> Iterable[list[Text]]:
    """Where some lines may stand: on a place that is wide enough, else beside it, its outline staying seen."""
    if not lines:
        return
    x, y = view.page(*item.anchor)
    size = lines[0].size
    height = size * 1.12
    high = height * len(lines)
    wide = max(text_width(line.text, line.size, line.bold) for line in lines)
    top = y - high / 2 + ASCENT * size
    near = [
        (0.0, 0.0),
        *((wide * part, height * row) for row in (0, -1, 1, -2, 2) for part in (0, 0.4, -0.4, 0.9, -0.9)),
    ]
    left, above = view.page(item.box.left, item.box.top)
    right, below = view.page(item.box.right, item.box.bottom)
    beside = [
        (0.0, below - y + high / 2 + _GAP),
        (0.0, above - y - high / 2 - _GAP),
        (right - x + wide / 2 + _GAP, 0.0),
        (left - x - wide / 2 - _GAP, 0.0),
    ]
    if item.place.kind != "quartier":
        # The name of a commune outside of it would name its neighbour, as its figure would count there.
        points = [(x, y)]
        if item.place.figure:
            points += [
                (x + part * text_width(line.text, size, line.bold), top + row * height - size / 3)
                for row, line in enumerate(lines)
                for part in (-_OWN_GROUND_MIN / 2, 0, _OWN_GROUND_MIN / 2)
            ]
        offsets = [
            (dx, dy)
            for dx, dy in near
            if all(lies_within(item, *view.ground(at + dx, level + dy)) for at, level in points)
        ]
    elif wide < (right - left) * _ON_QUARTIER_MAX and high < below - above:
        offsets = near + beside
    else:
        offsets = beside + near
    for dx, dy in offsets:
        yield [replace(line, x=x + dx, y=top + dy + index * height) for index, line in enumerate(lines)]


def furniture(view: View, subject: Subject) -> tuple[list[Primitive], list[Box]]:
    """Return what stands on a map beside its places (legend, scale, sources), and the room that it takes."""
    items: list[Primitive] = []
    taken: list[Box] = []
    base = view.height - MARGIN
    if subject.sources:
        words = shorten(subject.sources, 8.0, view.width - 2 * MARGIN)
        text = Text(MARGIN, base, words, 8.0, Ink.MENTION, glow=True)
        items.append(text)
        taken.append(box_of(text))
        base -= 12
    items += _scale_bar(view, base, taken)
    items += _north(view, taken)
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


def _scale_bar(view: View, base: float, taken: list[Box]) -> list[Primitive]:
    metres = _round_length(_SCALE_WIDTH_MAX / view.scale)
    long = metres * view.scale
    words = f"{format_number(metres // 1000)} km" if metres >= 1000 else f"{format_number(metres)} m"
    left = MARGIN
    text = Text(left + long + 4, base, words, 8.0, Ink.TEXT, glow=True)
    taken.append(Box(left - 1, base - 8, box_of(text).right, base + 3))
    ticks = [Line(x, base - 5, x, base, Ink.TEXT, width=0.9) for x in (left, left + long / 2, left + long)]
    return [Line(left, base, left + long, base, Ink.TEXT, width=1.2), *ticks, text]


def _north(view: View, taken: list[Box]) -> list[Primitive]:
    """An arrow to the north, in the corner that legend, scale and sources leave free."""
    x, top = view.width - MARGIN - 5, MARGIN
    taken.append(Box(x - 6, top - 2, x + 6, top + 25))
    arrow = ((x, top), (x + 4.5, top + 14), (x, top + 10.5), (x - 4.5, top + 14))
    return [
        Region(rings=(arrow,), edge=Ink.PAPER, width=0.6, ink=Ink.TEXT, tint=1.0),
        Text(x, top + 23, "N", 8.0, Ink.TEXT, Anchor.MIDDLE, bold=True, glow=True),
    ]


def _round_length(metres: float) -> int:
    power = 10 ** max(0, math.floor(math.log10(max(metres, 1))))
    return max(int(step * power) for step in _STEPS if step * power <= max(metres, 1))


def _legend(view: View, subject: Subject, taken: list[Box]) -> list[Primitive]:
    room = min(_LEGEND_WIDTH_MAX, view.width * 0.45)
    words = [shorten(fill.word, 8.0, room - 22) for fill in subject.fills]
    title = shorten(subject.title, 8.0, room, bold=True)
    wide = max([text_width(title, 8.0, bold=True), *(text_width(word, 8.0) + 18 for word in words)])
    high = (11 if title else 0) + 10.5 * len(words) + 3
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
        items.append(Text(MARGIN, y, title, 8.0, Ink.TEXT, bold=True))
        y += 11
    for fill, word in zip(subject.fills, words, strict=True):
        sample = ((MARGIN, y - 6), (MARGIN + 13, y - 6), (MARGIN + 13, y + 1.5), (MARGIN, y + 1.5))
        items.append(
            Region(rings=(sample,), edge=Ink.TEXT, width=0.5, ink=fill.ink, tint=fill.tint, hatch=fill.hatch)
        )
        items.append(Text(MARGIN + 18, y, word, 8.0))
        y += 10.5
    return items


def _weight(item: Drawn) -> float:
    """What is named first: a quartier counts for more than its surface, the map is about them."""
    return surface(item.box) * (12 if item.place.kind == "quartier" else 1)


def map_chart(
    whole: Scene, view: View, subject: Subject, selected: str = "", *, names: Names | None = None
) -> Chart:
    """Return a finished map of a view: what the paper, the pictures and the clipboard take.

    `names`: those that are written, where they are known.
    """
    beside, _ = furniture(view, subject)
    named = names_of(whole, view, subject, selected) if names is None else names
    corners = ((0.0, 0.0), (view.width, 0.0), (view.width, view.height), (0.0, view.height))
    frame = Region(rings=(corners,), edge=Ink.AXIS, width=0.8)
    items: list[Primitive] = [
        *regions(whole, view, selected),
        *_leaders(whole, view, named),
        *(text for texts in named.values() for text in texts),
        *beside,
        frame,
    ]
    return Chart(view.width, view.height, tuple(items), summary=summary(whole, subject, selected))


def summary(whole: Scene, subject: Subject, selected: str = "") -> str:
    """Say in one sentence what a map shows: how many places, which of them in each class of the legend, the selected."""
    kinds = [sum(item.place.kind == kind for item in whole.places) for kind in ("commune", "quartier")]
    counts = f"{plural(kinds[0], 'commune', 'communes')}, {plural(kinds[1], 'quartier', 'quartiers')}"
    chosen = next((item.place for item in whole.places if item.place.code == selected), None)
    told = f"\u202f; {chosen.name}\u202f: {chosen.said}" if chosen is not None and chosen.said else ""
    title = f" ({subject.title})" if subject.title else ""
    classes = "".join(_class_told(whole, fill) for fill in subject.fills if len(subject.fills) > 1)
    return f"Carte{title}\u202f: {counts}{classes}{told}."


def _class_told(whole: Scene, fill: Fill) -> str:
    """« ; à traiter : Lens, Avion ». Beyond a few, only how many."""
    names = [item.place.name for item in whole.places if item.place.fill == fill]
    told = ", ".join(names) if len(names) <= _NAMED_MAX else plural(len(names), "lieu", "lieux")
    return f"\u202f; {lowered(fill.word)}\u202f: {told}" if names else ""
