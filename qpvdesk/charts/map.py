"""A map of places: their outlines in metres about the middle, and what is written on them at a scale.

Under 200 km a local equirectangular projection is exact to the width of a line. A `Scene` is projected once; a `View`
says which part of it is shown and how large; labels are placed anew at each view, so that none covers another.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.charts.labels import Box
from qpvdesk.charts.primitives import Hatch, Ink, Region
from qpvdesk.domain.shapes import Shape, surround, united
from qpvdesk.domain.shapes import box_of as shape_box

_METRES_BY_DEGREE = 111_195.0
MARGIN = 6.0
"""What a map keeps free about itself, in points."""

Point = tuple[float, float]
Stretch = tuple[float, float]
Rings = tuple[tuple[Point, ...], ...]


class Fill(Struct, frozen=True):
    """How a class of places is filled, told apart in grey: by its ground and its hatching. `word` names it."""

    word: str
    ink: Ink = Ink.ACCENT
    tint: float = 0.0
    hatch: Hatch = Hatch.SOLID


class MapPlace(Struct, frozen=True):
    """A place to be drawn. Those of `kind` « commune » lie under those of « quartier »."""

    code: str
    name: str
    kind: str
    shape: Shape
    sentence: str = ""
    """What is said of it, in one French sentence: its figure or its status."""
    figure: str = ""
    """What stands under its name; empty for nothing."""
    fill: Fill | None = None
    holds: bool = False
    """Whether it is a commune that a quartier lies in: named before those that have none."""


class Key(Struct, frozen=True):
    """A line of the legend: a ground within its line as the map draws them, and what they mean."""

    word: str
    style: Region


class Subject(Struct, frozen=True):
    """What a map shows beside the outlines."""

    title: str = ""
    fills: tuple[Fill, ...] = ()
    """The classes of the legend, in order."""
    sources: str = ""
    bare: str = "Commune"
    """What a commune is that no class fills."""
    outside: str = ""
    """What the land is that no commune of the map has; empty where it is not told from them."""
    keys: tuple[Key, ...] = ()
    """The legend of one view of it; where there is none, that of the classes alone."""
    beneath: bool = False
    """Whether legend, scale and north stand under the frame, where they hide nothing."""


class Drawn(Struct, frozen=True):
    """A place in metres: x to the east, y to the south, about the middle of the scene."""

    place: MapPlace
    rings: Rings
    box: Box
    anchor: Point
    """A point inside, where its name stands best: beside what lies `over` it, where there is such a point."""
    over: Rings = ()
    """Of a commune: the rings of the quartiers that lie on it."""


class Scene(Struct, frozen=True):
    """All the places of a map, communes first; in reading order, from the north-west on, within each kind."""

    places: tuple[Drawn, ...]
    middle: Point
    """Longitude and latitude of the origin."""

    @property
    def box(self) -> Box:
        """The box of all of them, in metres."""
        boxes = [item.box for item in self.places]
        return Box(
            min((box.left for box in boxes), default=-500.0),
            min((box.top for box in boxes), default=-500.0),
            max((box.right for box in boxes), default=500.0),
            max((box.bottom for box in boxes), default=500.0),
        )

    def at(self, x: float, y: float) -> Drawn | None:
        """Return the place at a point in metres, the smallest where one lies in another."""
        near = (
            item
            for item in self.places
            if (box := item.box).left <= x <= box.right and box.top <= y <= box.bottom
        )
        found = [item for item in near if lies_within(item, x, y)]
        return min(found, key=lambda item: surface(item.box), default=None)


class View(Struct, frozen=True):
    """Which part of a scene is shown: the point in the middle, in metres, and points of the page for a metre."""

    x: float
    y: float
    scale: float
    width: float
    height: float

    def page(self, x: float, y: float) -> Point:
        """Return where a point in metres stands on the page."""
        return (x - self.x) * self.scale + self.width / 2, (y - self.y) * self.scale + self.height / 2

    def ground(self, x: float, y: float) -> Point:
        """Return the point in metres that stands there on the page."""
        return (x - self.width / 2) / self.scale + self.x, (y - self.height / 2) / self.scale + self.y

    def zoomed(self, factor: float, about: Point | None = None) -> View:
        """Return the view larger by a factor, the point of the page `about` staying where it is."""
        at = about or (self.width / 2, self.height / 2)
        x, y = self.ground(*at)
        scale = self.scale * factor
        return View(
            x=x - (at[0] - self.width / 2) / scale,
            y=y - (at[1] - self.height / 2) / scale,
            scale=scale,
            width=self.width,
            height=self.height,
        )

    def shows(self, box: Box) -> bool:
        """Tell whether something of a box in metres is on the page."""
        left, top = self.ground(0, 0)
        right, bottom = self.ground(self.width, self.height)
        return box.overlaps(Box(left, top, right, bottom))


def scene(places: Iterable[MapPlace]) -> Scene:
    """Project places about their middle."""
    every = list(places)
    whole = united(shape_box(item.shape) for item in every) or (0.0, 0.0, 0.0, 0.0)
    middle = ((whole[0] + whole[2]) / 2, (whole[1] + whole[3]) / 2)
    wide = _METRES_BY_DEGREE * math.cos(math.radians(middle[1]))
    drawn = _under([_drawn(item, middle, wide) for item in every])
    drawn.sort(key=lambda item: (item.place.kind != "commune", round(item.anchor[1] / 1500), item.anchor[0]))
    return Scene(tuple(drawn), middle)


def _drawn(place: MapPlace, middle: Point, wide: float) -> Drawn:
    rings = tuple(
        tuple(((x - middle[0]) * wide, (middle[1] - y) * _METRES_BY_DEGREE) for x, y in ring)
        for polygon in place.shape
        for ring in polygon
    )
    xs = [x for ring in rings for x, _ in ring]
    ys = [y for ring in rings for _, y in ring]
    box = Box(min(xs), min(ys), max(xs), max(ys))
    return Drawn(place, rings, box, _inside(rings))


def _under(drawn: Sequence[Drawn]) -> list[Drawn]:
    """Communes with what lies on them: their names stand beside it."""
    quartiers = [item for item in drawn if item.place.kind == "quartier"]
    found = []
    for item in drawn:
        over = (
            []
            if item.place.kind == "quartier"
            else [other for other in quartiers if other.box.overlaps(item.box)]
        )
        rings = tuple(ring for other in over for ring in other.rings)
        found.append(replace(item, over=rings, anchor=_inside(item.rings, rings)) if rings else item)
    return found


def fitted(whole: Scene, width: float, height: float, codes: Iterable[str] = ()) -> View:
    """Return the view that shows some places whole, all of them where none is named."""
    wanted = set(codes)
    boxes = [item.box for item in whole.places if item.place.code in wanted]
    box = whole.box
    if boxes:
        box = Box(
            min(item.left for item in boxes),
            min(item.top for item in boxes),
            max(item.right for item in boxes),
            max(item.bottom for item in boxes),
        )
    room = max(box.right - box.left, 200.0), max(box.bottom - box.top, 200.0)
    scale = min((width - 2 * MARGIN) / room[0], (height - 2 * MARGIN) / room[1])
    return View(
        x=(box.left + box.right) / 2,
        y=(box.top + box.bottom) / 2,
        scale=max(scale, 1e-6),
        width=width,
        height=height,
    )


_BARE_QUARTIER, _BARE_COMMUNE = Fill("", Ink.NEUTRAL, 0.30), Fill("", Ink.PAPER, 1.0)
OUTSIDE = Region(rings=(), edge=Ink.AXIS, width=0.7, ink=Ink.NEUTRAL, tint=0.11)
"""How the land is drawn that no commune of the map has: turned to grey, as far from white as from the palest class."""


def style_of(place: MapPlace) -> Region:
    """Return how a place is drawn, without its rings: a quartier stands out of its commune without colour, too."""
    fill = place.fill or (_BARE_QUARTIER if place.kind == "quartier" else _BARE_COMMUNE)
    quartier = place.kind == "quartier"
    return Region(
        rings=(),
        edge=Ink.TEXT if quartier else Ink.AXIS,
        width=0.9 if quartier else 0.7,
        ink=fill.ink,
        tint=fill.tint,
        hatch=fill.hatch,
    )


def outside(view: View) -> Region:
    """Return the land beyond all communes: the whole frame, under them."""
    corners = ((0.0, 0.0), (view.width, 0.0), (view.width, view.height), (0.0, view.height))
    return replace(OUTSIDE, rings=(corners,), width=0.0)


SELECTED = Region(rings=(), edge=Ink.ACCENT, width=1.7)
"""How the outline of the place that is selected is drawn over all the others: its own are seen in it."""


def regions(whole: Scene, view: View, selected: str = "") -> list[Region]:
    """Return the outlines that a view shows, on the page, that of the selected one again, over them."""
    shown = [(style_of(item.place), item) for item in whole.places if view.shows(item.box)]
    shown += [(SELECTED, item) for item in whole.places if item.place.code == selected]
    return [
        replace(style, rings=tuple(tuple(view.page(x, y) for x, y in ring) for ring in item.rings))
        for style, item in shown
    ]


def above(ground: Region, foot: float) -> Region:
    """Return an outline cut at a line across the page, under which other things stand."""
    return replace(
        ground, rings=tuple(ring for ring in (_above(ring, foot) for ring in ground.rings) if ring)
    )


def _above(ring: tuple[Point, ...], foot: float) -> tuple[Point, ...]:
    kept: list[Point] = []
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > foot) != (y2 > foot):
            kept.append((x1 + (x2 - x1) * (foot - y1) / (y2 - y1), foot))
        if y2 <= foot:
            kept.append((x2, y2))
    return (*kept, kept[0]) if kept else ()


def _inside(rings: Rings, over: Rings = ()) -> Point:
    """A point inside the largest ring: in the widest stretch of the line through its middle, or of those beside it, that no
    ring `over` it covers."""
    ring = max(rings, key=lambda item: abs(_area(item)))
    top, bottom = min(y for _, y in ring), max(y for _, y in ring)
    best = (0.0, ring[0])
    rows = {part: top + (bottom - top) * part for part in (0.5, 0.42, 0.58, 0.34, 0.66, 0.25, 0.75)}
    levels = sorted(rows.values())
    found = dict(zip(levels, stretches_by_row((ring,), over, levels), strict=True))
    for part, y in rows.items():
        for left, right in found[y]:
            # A line farther from the middle must be much wider to be better.
            width = (right - left) * (1 - abs(part - 0.5))
            if width > best[0]:
                best = (width, ((left + right) / 2, y))
    return best[1]


def stretches(rings: Rings, over: Rings, y: float) -> list[Stretch]:
    """From where to where a line from west to east is within rings and under none of those `over` them."""
    return _freed(_crossed(rings, y), _crossed(over, y))


def stretches_by_row(rings: Rings, over: Rings, rows: Sequence[float]) -> list[list[Stretch]]:
    """The same of many such lines, in order, in one pass over the rings."""
    return [
        _freed(own, other)
        for own, other in zip(_crossed_by_row(rings, rows), _crossed_by_row(over, rows), strict=True)
    ]


def _freed(free: list[Stretch], over: Iterable[Stretch]) -> list[Stretch]:
    for start, end in over:
        free = [
            part
            for left, right in free
            for part in ((left, min(right, start)), (max(left, end), right))
            if part[1] > part[0]
        ]
    return free


def _crossed_by_row(rings: Rings, rows: Sequence[float]) -> list[list[Stretch]]:
    crossings: list[list[float]] = [[] for _ in rows]
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            low, high = (y1, y2) if y1 < y2 else (y2, y1)
            for row in range(bisect_left(rows, low), bisect_left(rows, high)):
                crossings[row].append((x2 - x1) * (rows[row] - y1) / (y2 - y1) + x1)
    ordered = map(sorted, crossings)
    return [list(zip(row[::2], row[1::2], strict=False)) for row in ordered]


def _crossed(rings: Rings, y: float) -> list[Stretch]:
    crossings = sorted(
        (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]
        for ring in rings
        for a, b in pairwise(ring)
        if (a[1] > y) != (b[1] > y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _area(ring: Sequence[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def surface(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)


def lies_within(item: Drawn, x: float, y: float) -> bool:
    """Tell whether a point in metres is in a place."""
    box = item.box
    return box.left <= x <= box.right and box.top <= y <= box.bottom and surround(item.rings, x, y)
