"""The few things a chart is drawn with. Lengths in points, x to the right, y downwards, origin at the top left.

A painter draws `Chart.items` in order; it needs to know nothing else. Colours are named by role (`Ink`) and given a
value by a palette (`charts.marks`), so that screen, dark screen and paper draw the same thing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from qpvdesk.domain.french import format_date, format_value

_REACH = 8.0
"""How far from a point, each way, the pointer still means it."""


class Ink(StrEnum):
    """What a colour is for."""

    PAPER = "paper"
    TEXT = "text"
    MENTION = "mention"
    AXIS = "axis"
    GRID = "grid"
    ACCENT = "accent"
    """The measured line."""
    EXPECTED = "expected"
    """The promised trajectory, bounds and references."""
    RANGE = "range"
    """The pale ground of a projection's range."""
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"
    INFO = "info"
    NEUTRAL = "neutral"


class Anchor(StrEnum):
    """Which end of a text stands on its point."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


class Hatch(StrEnum):
    """How a rectangle is filled, told apart without colour."""

    SOLID = "solid"
    RISING = "rising"
    """Stripes /."""
    FALLING = "falling"
    """Stripes \\."""
    CROSSED = "crossed"
    DOTS = "dots"
    ACROSS = "across"
    """Horizontal stripes."""
    UPRIGHT = "upright"
    """Vertical stripes."""
    DASHES = "dashes"
    BLANK = "blank"
    """Outlined, empty."""


class Shape(StrEnum):
    """The shape of a point; those of the statuses first."""

    CHECK = "check"
    DOUBLE_UP = "double_up"
    DISC = "disc"
    DIAMOND = "diamond"
    DOWN = "down"
    CROSS = "cross"
    DASHES = "dashes"
    RING = "ring"
    EYE = "eye"
    DOT = "dot"
    CIRCLE = "circle"
    LOZENGE = "lozenge"
    TARGET = "target"


class Line(Struct, frozen=True):
    x1: float
    y1: float
    x2: float
    y2: float
    ink: Ink
    width: float = 0.6
    dash: tuple[float, ...] = ()


class Polyline(Struct, frozen=True):
    points: tuple[tuple[float, float], ...]
    ink: Ink
    width: float = 1.2
    dash: tuple[float, ...] = ()


class Area(Struct, frozen=True):
    """A closed polygon filled with a pale ink, without outline."""

    points: tuple[tuple[float, float], ...]
    ink: Ink


class Rect(Struct, frozen=True):
    x: float
    y: float
    width: float
    height: float
    ink: Ink
    hatch: Hatch = Hatch.SOLID
    """Stripes are drawn in `Ink.PAPER` over the ink; `BLANK` is outlined with the ink."""
    tint: float = 1.0
    """How much of the ink its ground takes; the rest is paper."""


class Text(Struct, frozen=True):
    """`x`, `y`: the anchor on the baseline. `halo`: a paper ground behind it, so that lines do not cross it."""

    x: float
    y: float
    text: str
    size: float
    ink: Ink = Ink.TEXT
    anchor: Anchor = Anchor.START
    bold: bool = False
    halo: bool = False
    glow: bool = False
    """Its letters are edged with paper: what lies under them is still seen between, as on a map."""


class Mark(Struct, frozen=True):
    """A shape centred on `x`, `y`, `size` across."""

    x: float
    y: float
    size: float
    shape: Shape
    ink: Ink


class Region(Struct, frozen=True):
    """Closed rings: a point in an odd number of them is inside. Outlined with `edge`, filled where `tint` is not 0."""

    rings: tuple[tuple[tuple[float, float], ...], ...]
    edge: Ink
    width: float = 0.6
    ink: Ink = Ink.ACCENT
    tint: float = 0.0
    """How much of the ink its ground takes, from 0 (none) to 1; the rest is paper."""
    hatch: Hatch = Hatch.SOLID
    dash: tuple[float, ...] = ()


Primitive = Line | Polyline | Area | Rect | Text | Mark | Region


class Hit(Struct, frozen=True):
    """A place the pointer can rest on: the measurement's key, and what to say of it.

    The words are made when asked for: a chart has many hits, the pointer rests on one.
    """

    x: float
    y: float
    key: str
    day: date
    value: Fraction
    unit: str
    note: str = ""
    """What else is known: provisional, source, reference."""

    @property
    def text(self) -> str:
        """`28 bus au 30/06/2026 (courriel)`."""
        return f"{format_value(self.value, self.unit)} au {format_date(self.day)}{self.note}"


class Chart(Struct, frozen=True):
    """A finished drawing. `summary` says in one French sentence what it shows, for those who cannot see it; `columns` and
    what `tell` returns are its figures as a table, for who listens: put in words when they are asked for."""

    width: float
    height: float
    items: tuple[Primitive, ...]
    hits: tuple[Hit, ...] = ()
    summary: str = ""
    columns: tuple[str, ...] = ()
    tell: Callable[[], tuple[tuple[str, ...], ...]] = tuple

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        return self.tell()

    def hit(self, x: float, y: float) -> Hit | None:
        """The nearest hit within reach of the point, or None."""
        near = [(abs(hit.x - x) + abs(hit.y - y), hit.x, hit) for hit in self.hits]
        near = [item for item in near if abs(item[2].x - x) <= _REACH and abs(item[2].y - y) <= _REACH]
        return min(near, key=lambda item: item[:2])[2] if near else None
