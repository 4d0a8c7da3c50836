"""What is written on a map at a view: names without overlap, a legend, a scale bar, the sources; the finished map."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import product

from msgspec.structs import replace

from qpvdesk.charts.labels import Box, box_of, crosses
from qpvdesk.charts.map import (
    Drawn,
    Fill,
    MapPlace,
    Scene,
    Subject,
    View,
    above,
    lies_within,
    outside,
    regions,
    surface,
)
from qpvdesk.charts.map_callouts import (
    DOT,
    NAME_ROOM_MIN,
    NAME_SIZE,
    Leader,
    Names,
    cut,
    dot_of,
    halos,
    leader,
    stands_in,
)
from qpvdesk.charts.map_leading import led, through
from qpvdesk.charts.map_legend import furniture, strip_height
from qpvdesk.charts.map_placing import SUBJECT_AIRS, Placing, ink_of, parted, short_name
from qpvdesk.charts.map_room import Room, is_sliver, seat_of, seat_within
from qpvdesk.charts.metrics import ASCENT, text_width
from qpvdesk.charts.primitives import Anchor, Chart, Hatch, Ink, Line, Primitive, Region, Text
from qpvdesk.domain.french import NBSP, lowered, plural

_ON_QUARTIER_MAX = 0.9
"""A name stands on a quartier where it takes less than this part of its width."""
_OWN_GROUND_MIN = 0.6
"""The part of each line of the name of a commune that bears a figure, about its middle, that stands in it."""
_GAP = 1.5
"""Points between a place and its name where that stands beside it."""
_QUARTIER_NAMED_MIN = 11.0
"""Points of the page below which a quartier is not named."""
_REACH = {"own": 90.0, "figure": 100.0, "commune": 70.0, "other": 45.0}
"""Points that the line to a name on the map may be long: of what it is about, of what bears a figure, of others."""
_QUARTIERS_NAMED_MIN = 2 / 3
"""Of the quartiers of a whole map: fewer named would look like the only ones that there are."""
_PALE_MAX = 0.3
"""The tint of a ground on which a line is plain to see."""
_NAMED_MAX = 6
"""Places of a class that are named one by one by who listens to the map."""


def names_of(
    whole: Scene,
    view: View,
    subject: Subject,
    selected: str = "",
    *,
    leaders: bool = False,
    about: Collection[str] = (),
) -> Names:
    """Return the names that have room beside the legend, by the code of their place, none over another nor over a quartier
    that it does not name: the selected place first, then those that bear a figure (which stand over a quartier rather than
    nowhere), then the largest; with `leaders`, what bears a figure and has no room on its ground is named beside the map, at
    the end of a line that leads to it, and none hides an outline. `about`: what the map is about, the selected one too."""
    _, taken = furniture(view, subject)
    shown = [item for item in whole.places if view.shows(item.box)]
    shown.sort(key=lambda item: (item.place.code != selected, *_rank(item.place), -_weight(item)))
    if leaders:
        own = {selected, *about}
        return _with_leaders(shown, Placing(Room(whole, view, selected, about=own), taken), taken, own)
    return _named(shown, shown, Room(whole, view, selected, contour_alone=True), taken)


def lack_of_names(
    whole: Scene, view: View, subject: Subject, selected: str, *, about: Collection[str]
) -> int:
    """How much of what a map is about would lack its name: the most, one that it has nowhere; nought where all have it."""
    _, taken = furniture(view, subject)
    own = [item for item in whole.places if item.place.code in about and view.shows(item.box)]
    placing = _own_named(own, Room(whole, view, selected, about=about), taken)
    return sum(_lack(item, placing) for item in own)


def _with_leaders(
    shown: Sequence[Drawn], placing: Placing, taken: Sequence[Box], about: Collection[str]
) -> Names:
    """Names that hide no outline, each on its own ground or at the end of a line that leads to it: in columns beside a map
    that is whole, near their place on one that fills its frame."""
    whole, view = placing.room.whole, placing.room.view
    corners = view.page(whole.box.left, whole.box.top), view.page(whole.box.right, whole.box.bottom)
    if not Box(*corners[0], *corners[1]).within(Box(0, 0, view.width, view.height)):
        return _nearest(shown, placing.room, taken, about)
    first = [item for item in shown if item.place.figure or item.place.code in about]
    rest = [item for item in shown if item not in first]
    communes = [item for item in rest if item.place.kind != "quartier"]
    placing.place([*first, *communes])
    told = [*first, *(item for item in communes if item.place.holds)]
    _spare_columns(first, communes, placing, taken)
    names, lines = led(told, placing.names, placing.room, taken=taken, standing=placing.lines)
    struck = [item for item in communes if _is_struck(placing.names.get(item.place.code, []), lines)]
    for item in struck:
        del names[item.place.code]
    placing = Placing(placing.room, taken)
    placing.hold(names, lines)
    placing.place(struck)
    placing.lead(communes, _REACH["commune"])
    named, quartiers = dict(placing.names), [item for item in rest if item.place.kind == "quartier"]
    placing.place(quartiers)
    spared = (1 - _QUARTIERS_NAMED_MIN) * len(quartiers)
    for item in quartiers:
        if item.place.code not in placing.names:
            placing.place([item], _REACH["other"])
            spared -= item.place.code not in placing.names
            if spared < 0:
                return named
    return placing.names


def _spare_columns(
    told: Sequence[Drawn], communes: Sequence[Drawn], placing: Placing, taken: Sequence[Box]
) -> None:
    """Name near its place what is told of, where the line to a column beside the map would lead through what bears a figure;
    nor does one pass where that to the name of another commune may begin."""
    barred = through(told, placing.names, placing.room, taken=taken)
    dots = [dot_of(*placing.room.seat(item)) for item in communes if item.place.code not in placing.names]
    near = Placing(placing.room, [*taken, *dots])
    near.hold(placing.names)
    near.lead(barred, _REACH["figure"])
    placing.hold({code: texts for code, texts in near.names.items() if code not in placing.names}, near.lines)


def _is_struck(texts: Sequence[Text], lines: Sequence[Leader]) -> bool:
    """Tell whether a line to another name leads through this one."""
    return any(crosses(line, parted(box_of(text))) for line in lines for text in texts)


def _nearest(shown: Sequence[Drawn], room: Room, taken: Sequence[Box], about: Collection[str]) -> Names:
    """Names about a place: its own before a neighbour takes the ground that they need; then what bears a figure, then the
    other communes, each on its own ground before a line leads to any; last what lies in them."""
    groups: list[list[Drawn]] = [[], [], [], []]
    for item in shown:
        own, commune = item.place.code in about, item.place.kind != "quartier"
        groups[0 if own else 1 if item.place.figure else 2 if commune else 3].append(item)
    own_places, *others, quartiers = groups
    placing = _own_named(own_places, room, taken)
    for items in others:
        placing.place(items)
    for items, reach in zip(others, ("figure", "commune"), strict=True):
        placing.lead(items, _REACH[reach])
    placing.place(quartiers, _REACH["other"])
    return placing.names


def _own_named(places: Sequence[Drawn], room: Room, taken: Sequence[Box]) -> Placing:
    """Name what a map is about: the selected place as far in the middle of its free ground as leaves its quartiers theirs,
    what would lack a name, or that within the place, before the others and then before the place."""
    best, least = Placing(room, taken), math.inf
    late = set[str]()
    for air, last in product(SUBJECT_AIRS, (False, False, True)):
        placing = Placing(room, taken, air)
        ranks = {item.place.code: (item.place.code not in late, item is not room.subject) for item in places}
        for item in sorted(places, key=lambda item: ranks[item.place.code][:: 1 if last else -1]):
            placing.place([item], _REACH["own"])
        cost = 0
        for item in places:
            lack = _lack(item, placing)
            cost += lack
            late |= {item.place.code} if lack else set()
        if cost < least:
            best, least = placing, cost
        if not least:
            break
    return best


def _lack(item: Drawn, placing: Placing) -> int:
    """What a place of the map's own lacks: the most, a name; or that in what the selected commune has of it."""
    room, texts = placing.room, placing.names.get(item.place.code)
    if not texts:
        return 100 if seat_of(item, room.view) else 0
    if room.subject is None or seat_within(item, room.subject, room.view) is None:
        return 0
    return int(not stands_in(room.subject, texts, room.view))


def _leaders(whole: Scene, view: View, named: Names, selected: str) -> list[tuple[Leader, Ink]]:
    """Of the names that do not stand on their place, in the ink of each."""
    lines = []
    subject = next((item for item in whole.places if item.place.code == selected), None)
    for item in whole.places:
        if (texts := named.get(item.place.code)) and not stands_in(item, texts, view):
            lines.append((leader(item, view, texts, subject), texts[0].ink))
    return lines


def written(whole: Scene, view: View, named: Names, selected: str = "") -> list[Primitive]:
    """Names, and the lines to those that do not stand on their place."""
    lines = [item for line, ink in _leaders(whole, view, named, selected) for item in _led_from(line, ink)]
    return [*lines, *(text for texts in named.values() for text in texts)]


def _led_from(line: Leader, ink: Ink) -> Iterator[Line | Region]:
    x, y, to_x, to_y = line
    dot = tuple((x + dx * DOT, y + dy * DOT) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
    yield Line(x, y, to_x, to_y, ink, 0.8 if ink is Ink.TEXT else 0.5)
    yield Region(rings=(dot,), edge=Ink.PAPER, width=0.4, ink=ink, tint=1.0)


def left_out(
    whole: Scene,
    view: View,
    names: Names,
    *,
    kinds: Iterable[str] = ("commune", "quartier"),
    slivers: bool = True,
) -> str:
    """« Lens (3), Avion (2), Harnes »: the places of some kinds that have no room for their name on the map, and their
    figures, those that have one first; empty where there are none. `slivers`: also those of which only an edge is seen."""
    missing = [
        item.place
        for item in whole.places
        if item.place.kind in kinds
        and item.place.name
        and item.place.code not in names
        and seat_of(item, view) is not None
        and (slivers or not is_sliver(item, view))
    ]
    missing.sort(key=_rank)
    return ", ".join(f"{item.name}{NBSP}({item.figure})" if item.figure else item.name for item in missing)


def _named(items: Sequence[Drawn], shown: Sequence[Drawn], room: Room, taken: Sequence[Box]) -> Names:
    """The names of some of the places `shown` that have room on the map, clear of what is `taken`."""
    placing, view = Placing(room, taken), room.view
    grounds = [(item.place.code, _on_page(item, view)) for item in shown if item.place.kind == "quartier"]
    for item in items:
        code, chosen = item.place.code, item is room.subject
        others = [ground for own, ground in grounds if own != code]
        over: list[Text] = []
        for placed in _spots(_lines(item, view, chosen=chosen), item, view):
            if not all(map(placing.is_free, placed)):
                continue
            boxes = [parted(box_of(text)) for text in placed]
            if not any(box.overlaps(ground) for box in boxes for ground in others):
                over = placed
                break
            if not over and (chosen or item.place.figure):
                over = placed
        if over:
            placing.hold({code: over})
    return placing.names


def _on_page(item: Drawn, view: View) -> Box:
    return Box(*view.page(item.box.left, item.box.top), *view.page(item.box.right, item.box.bottom))


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
    name = short_name(item, chosen=chosen)
    bold = kind == "commune" or chosen
    halves = [name] if chosen else cut(name, size, room, bold=bold)
    ink = ink_of(item, chosen=chosen)
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


def _rank(place: MapPlace) -> tuple[bool, bool]:
    """What is named before the others: a figure of its own, then the quartier that a commune has."""
    return not place.figure, not place.holds


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
    grounds = regions(whole, view, selected)
    if subject.beneath:
        grounds = [above(ground, view.height) for ground in grounds]
    shown = [item for item in whole.places if view.shows(item.box)]
    lines = [line for line, ink in _leaders(whole, view, named, selected) if ink is Ink.TEXT]
    # On a plain pale ground a line needs nothing about it.
    veiled = any(item.place.fill is not None and _is_dense(item.place.fill) for item in shown)
    items: list[Primitive] = [
        *([outside(view)] if subject.outside else ()),
        *grounds,
        *(halos(lines, shown, view) if veiled else ()),
        *written(whole, view, named, selected),
        *beside,
        frame,
    ]
    height = view.height + strip_height(view, subject)
    return Chart(view.width, height, tuple(items), summary=summary(whole, subject, selected))


def _is_dense(fill: Fill) -> bool:
    return fill.ink is not Ink.PAPER and (fill.tint > _PALE_MAX or fill.hatch is not Hatch.SOLID)


def summary(whole: Scene, subject: Subject, selected: str = "") -> str:
    """Say in one sentence what a map shows: how many places, which of them in each class of the legend, the selected."""
    kinds = [sum(item.place.kind == kind for item in whole.places) for kind in ("commune", "quartier")]
    counts = f"{plural(kinds[0], 'commune', 'communes')}, {plural(kinds[1], 'quartier', 'quartiers')}"
    chosen = next((item.place for item in whole.places if item.place.code == selected), None)
    told = f"\u202f; {chosen.name}\u202f: {chosen.sentence}" if chosen is not None and chosen.sentence else ""
    title = f" ({subject.title})" if subject.title else ""
    classes = "".join(_class_told(whole, fill) for fill in subject.fills if len(subject.fills) > 1)
    return f"Carte{title}\u202f: {counts}{classes}{told}."


def _class_told(whole: Scene, fill: Fill) -> str:
    """« ; à traiter : Lens, Avion ». Beyond a few, only how many."""
    names = [item.place.name for item in whole.places if item.place.fill == fill]
    told = ", ".join(names) if len(names) <= _NAMED_MAX else plural(len(names), "lieu", "lieux")
    return f"\u202f; {lowered(fill.word)}\u202f: {told}" if names else ""
