"""What each status looks like: a shape, a hatching and a word that need no colour, and a colour on top."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from qpvdesk.charts.primitives import Hatch, Ink, Rect, Shape
from qpvdesk.domain.statuses import STATUT_LABELS, Statut, Weather


class StatusMark(NamedTuple):
    shape: Shape
    hatch: Hatch
    ink: Ink
    tint: float
    """How much of the ink the ground of a bar takes."""
    word: str

    def rect(self, x: float, y: float, width: float, height: float) -> Rect:
        return Rect(x, y, width, height, self.ink, self.hatch, self.tint)

    @property
    def sign(self) -> str:
        """The shape as a letter, in a copy whose words stay words."""
        return _SIGNS[self.shape]


_SIGNS = {
    Shape.CHECK: "✔",
    Shape.DOUBLE_UP: "▲",
    Shape.DISC: "●",
    Shape.DIAMOND: "◆",
    Shape.DOWN: "▼",
    Shape.CROSS: "✖",
    Shape.DASHES: "⋯",
    Shape.RING: "○",
    Shape.EYE: "◎",
}
# Turned to grey, what is late weighs the most, what goes well the least; no slant tells two of them apart.
_LOOKS: dict[Statut, tuple[Shape, Hatch, Ink, float]] = {
    Statut.ATTEINT: (Shape.CHECK, Hatch.CROSSED, Ink.SUCCESS, 0.5),
    Statut.EN_AVANCE: (Shape.DOUBLE_UP, Hatch.UPRIGHT, Ink.SUCCESS, 0.5),
    Statut.CONFORME: (Shape.DISC, Hatch.ACROSS, Ink.INFO, 0.5),
    Statut.A_SURVEILLER: (Shape.DIAMOND, Hatch.DOTS, Ink.WARNING, 0.85),
    Statut.EN_RETARD: (Shape.DOWN, Hatch.FALLING, Ink.ERROR, 1.0),
    Statut.NON_ATTEINT: (Shape.CROSS, Hatch.SOLID, Ink.ERROR, 1.0),
    Statut.SANS_TRAJECTOIRE: (Shape.DASHES, Hatch.DASHES, Ink.NEUTRAL, 0.5),
    Statut.NON_RENSEIGNE: (Shape.RING, Hatch.BLANK, Ink.NEUTRAL, 1.0),
    Statut.SUIVI: (Shape.EYE, Hatch.RISING, Ink.NEUTRAL, 0.35),
}
STATUS_MARKS: dict[Statut, StatusMark] = {
    status: StatusMark(*look, STATUT_LABELS[status]) for status, look in _LOOKS.items()
}

WEATHER_INKS: dict[Weather, Ink] = {
    Weather.SOLEIL: Ink.SUCCESS,
    Weather.COUVERT: Ink.SUCCESS,
    Weather.NUAGE: Ink.WARNING,
    Weather.ORAGE: Ink.ERROR,
    Weather.NON_RENSEIGNEE: Ink.NEUTRAL,
    Weather.NON_NECESSAIRE: Ink.NEUTRAL,
}
WEATHER_SIGNS: dict[Weather, str] = {
    Weather.SOLEIL: "☀",
    Weather.COUVERT: "☀☁",
    Weather.NUAGE: "☁",
    Weather.ORAGE: "⚡",
}
"""The pictograms as letters."""

Palette = dict[Ink, str]

LIGHT: Palette = {
    Ink.PAPER: "#ffffff",
    Ink.TEXT: "#161616",
    Ink.MENTION: "#5c5c61",
    Ink.AXIS: "#858585",
    Ink.GRID: "#e5e5ea",
    Ink.ACCENT: "#000091",
    Ink.EXPECTED: "#7b7b85",
    Ink.RANGE: "#e3e3fd",
    Ink.SUCCESS: "#18753c",
    Ink.WARNING: "#b34000",
    Ink.ERROR: "#ce0500",
    Ink.INFO: "#0063cb",
    Ink.NEUTRAL: "#666666",
}
DARK: Palette = {
    Ink.PAPER: "#1f1f23",
    Ink.TEXT: "#f2f2f4",
    Ink.MENTION: "#b4b4bb",
    Ink.AXIS: "#8a8a90",
    Ink.GRID: "#34343b",
    Ink.ACCENT: "#a6a6ff",
    Ink.EXPECTED: "#95959d",
    Ink.RANGE: "#35356b",
    Ink.SUCCESS: "#4cc27a",
    Ink.WARNING: "#ff8d4f",
    Ink.ERROR: "#ff7b78",
    Ink.INFO: "#79acff",
    Ink.NEUTRAL: "#a3a3a9",
}
PRINT: Palette = LIGHT | {Ink.GRID: "#e2e2e6", Ink.MENTION: "#55555a", Ink.RANGE: "#e8e8f8"}


class Disc(Struct, frozen=True):
    """In a square of 14 × 14, y downwards. `fill` False: a ring."""

    x: float
    y: float
    radius: float
    fill: bool = True
    paper: bool = False
    width: float = 1.6


class Shell(Struct, frozen=True):
    """A closed, filled polygon in a square of 14 × 14."""

    points: tuple[tuple[float, float], ...]
    fill: bool = True
    paper: bool = False


class Stroke(Struct, frozen=True):
    """A line with round ends in a square of 14 × 14, in the mark's ink or in paper."""

    points: tuple[tuple[float, float], ...]
    paper: bool = False
    width: float = 1.8


Piece = Disc | Shell | Stroke

SHAPES: dict[Shape, tuple[Piece, ...]] = {
    Shape.CHECK: (Disc(7, 7, 6.5), Stroke(((3.9, 7.2), (6.2, 9.5), (10.3, 4.9)), paper=True)),
    Shape.DOUBLE_UP: (Shell(((7, 1), (13, 7), (1, 7))), Shell(((7, 7), (13, 13), (1, 13)))),
    Shape.DISC: (Disc(7, 7, 5.5),),
    Shape.DIAMOND: (
        Shell(((7, 0.3), (13.7, 7), (7, 13.7), (0.3, 7))),
        Stroke(((7, 4), (7, 7.4)), paper=True),
        Stroke(((7, 9.9), (7, 10.0)), paper=True),
    ),
    Shape.DOWN: (Shell(((0.8, 1.8), (13.2, 1.8), (7, 13))),),
    Shape.CROSS: (
        Shell(((0.8, 0.8), (13.2, 0.8), (13.2, 13.2), (0.8, 13.2))),
        Stroke(((4.2, 4.2), (9.8, 9.8)), paper=True),
        Stroke(((9.8, 4.2), (4.2, 9.8)), paper=True),
    ),
    Shape.DASHES: (Stroke(((1.5, 7), (3.3, 7))), Stroke(((6.2, 7), (8, 7))), Stroke(((10.9, 7), (12.7, 7)))),
    Shape.RING: (Disc(7, 7, 5.2, fill=False),),
    Shape.EYE: (
        Stroke(
            (
                (1, 7),
                (2.6, 4.9),
                (4.7, 3.5),
                (7, 3.1),
                (9.3, 3.5),
                (11.4, 4.9),
                (13, 7),
                (11.4, 9.1),
                (9.3, 10.5),
                (7, 10.9),
                (4.7, 10.5),
                (2.6, 9.1),
                (1, 7),
            ),
            width=1.4,
        ),
        Disc(7, 7, 1.9),
    ),
    Shape.DOT: (Disc(7, 7, 7),),
    Shape.CIRCLE: (Disc(7, 7, 7, paper=True), Disc(7, 7, 5.9, fill=False, width=2.4)),
    Shape.LOZENGE: (
        Shell(((7, 0), (14, 7), (7, 14), (0, 7)), paper=True),
        Stroke(((7, 0.8), (13.2, 7), (7, 13.2), (0.8, 7), (7, 0.8)), width=2.2),
    ),
    Shape.TARGET: (Disc(7, 7, 7, paper=True), Disc(7, 7, 6.2, fill=False, width=1.6), Disc(7, 7, 2.6)),
}
"""How each shape is drawn, scaled from 14 to `Mark.size` and centred on it; `paper` pieces in `Ink.PAPER`."""


def mixed(ink: str, paper: str, part: float) -> str:
    """Return a colour between two: `part` of the ink, the rest of the paper."""
    pairs = ((int(ink[at : at + 2], 16), int(paper[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(paper + (ink - paper) * part):02x}" for ink, paper in pairs)
