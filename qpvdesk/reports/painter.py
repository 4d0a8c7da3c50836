"""The charts' primitives drawn on a ReportLab canvas: vectors, the same picture as on screen."""

from __future__ import annotations

from math import ceil

from msgspec.structs import replace
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import FILL_EVEN_ODD, Canvas
from reportlab.platypus import Flowable

from qpvdesk.charts.marks import LIGHT, PRINT, SHAPES, Disc, Shell, mixed
from qpvdesk.charts.metrics import ASCENT, DESCENT
from qpvdesk.charts.primitives import (
    Anchor,
    Area,
    Chart,
    Hatch,
    Ink,
    Line,
    Mark,
    Polyline,
    Rect,
    Region,
    Text,
)
from qpvdesk.reports.style import BOLD, REGULAR, ink, text_width
from qpvdesk.reports.tagging import tagged
from qpvdesk.reports.text import line

_BOX = 14
_GLOW = 0.28
"""How much wider than its letters the edge of a text is, of its size."""


class ChartFlowable(Flowable):  # type: ignore[misc]
    """A chart as a block of the page."""

    def __init__(self, chart: Chart, closer: Chart | None = None) -> None:
        """`closer`: the same with less air, for the foot of a page that holds no more."""
        super().__init__()
        self.chart = chart
        self.width, self.height = chart.width, chart.height
        self._by_choice = (chart, closer or chart)

    @property
    def least_height(self) -> float:
        """The room that it asks for, in points."""
        return self._by_choice[1].height

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        loose, close = self._by_choice
        self.chart = close if close.height <= height < loose.height else loose
        self.height = self.chart.height
        return self.width, self.height

    def draw(self) -> None:
        size = (self.chart.width, self.chart.height)
        with tagged(self.canv, "Figure", alt=line(self.chart.summary), size=size):
            paint(self.canv, self.chart)


def paint(canvas: Canvas, chart: Chart, x: float = 0, y: float = 0) -> None:
    """Draw a chart with its lower left corner at (`x`, `y`)."""
    top = y + chart.height
    if clipped := any(isinstance(item, Region) for item in chart.items):
        # A map seen near holds places that go beyond its frame.
        canvas.saveState()
        frame = canvas.beginPath()
        frame.rect(x, y, chart.width, chart.height)
        canvas.clipPath(frame, stroke=0, fill=0)
    for item in chart.items:
        if isinstance(item, Line):
            _line(canvas, item, x, top)
        elif isinstance(item, Text):
            _text(canvas, item, x, top)
        elif isinstance(item, Polyline):
            _polyline(canvas, item, x, top)
        elif isinstance(item, Rect):
            paint_rect(canvas, replace(item, x=x + item.x, y=top - item.y - item.height))
        elif isinstance(item, Region):
            _region(canvas, item, x, top)
        elif isinstance(item, Mark):
            paint_mark(canvas, Mark(x + item.x, top - item.y, item.size, item.shape, item.ink))
        else:
            _area(canvas, item, x, top)
    if clipped:
        canvas.restoreState()


def _line(canvas: Canvas, item: Line, x: float, top: float) -> None:
    canvas.setStrokeColor(ink(item.ink))
    canvas.setLineWidth(item.width)
    canvas.setDash(list(item.dash))
    canvas.line(x + item.x1, top - item.y1, x + item.x2, top - item.y2)
    if item.dash:
        canvas.setDash([])


def _text(canvas: Canvas, item: Text, x: float, top: float) -> None:
    font = BOLD if item.bold else REGULAR
    left, base = x + item.x, top - item.y
    words = line(item.text)
    width = text_width(words, font, item.size)
    left -= {Anchor.START: 0.0, Anchor.MIDDLE: width / 2, Anchor.END: width}[item.anchor]
    canvas.setFont(font, item.size)
    if item.glow:
        canvas.setStrokeColor(ink(Ink.PAPER))
        canvas.setLineWidth(_GLOW * item.size)
        canvas.setLineJoin(1)
        canvas.drawString(left, base, words, mode=1)
    if item.halo:
        canvas.setFillColor(ink(Ink.PAPER))
        bottom = base - DESCENT * item.size
        canvas.rect(left - 1, bottom, width + 2, (ASCENT + DESCENT) * item.size, stroke=0, fill=1)
    canvas.setFillColor(ink(item.ink))
    canvas.drawString(left, base, words)


def _polyline(canvas: Canvas, item: Polyline, x: float, top: float) -> None:
    path = canvas.beginPath()
    for index, (px, py) in enumerate(item.points):
        (path.lineTo if index else path.moveTo)(x + px, top - py)
    canvas.setStrokeColor(ink(item.ink))
    canvas.setLineWidth(item.width)
    canvas.setLineJoin(1)
    canvas.setLineCap(1)
    canvas.setDash(list(item.dash))
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.setDash([])
    canvas.setLineCap(0)


def _area(canvas: Canvas, item: Area, x: float, top: float) -> None:
    path = canvas.beginPath()
    for index, (px, py) in enumerate(item.points):
        (path.lineTo if index else path.moveTo)(x + px, top - py)
    path.close()
    canvas.setFillColor(ink(item.ink))
    canvas.drawPath(path, stroke=0, fill=1)


def _region(canvas: Canvas, item: Region, x: float, top: float) -> None:
    path = canvas.beginPath()
    for ring in item.rings:
        for index, (px, py) in enumerate(ring):
            (path.lineTo if index else path.moveTo)(x + px, top - py)
        path.close()
    hatched = item.tint and item.hatch not in (Hatch.SOLID, Hatch.BLANK)
    if item.tint:
        canvas.setFillColor(HexColor(mixed(LIGHT[item.ink], LIGHT[Ink.PAPER], item.tint)))
        if hatched or not item.width:
            canvas.drawPath(path, stroke=0, fill=1, fillMode=FILL_EVEN_ODD)
        if hatched:
            xs, ys = zip(*(point for ring in item.rings for point in ring), strict=True)
            canvas.saveState()
            canvas.clipPath(path, stroke=0, fill=0, fillMode=FILL_EVEN_ODD)
            room = (x + min(xs), top - max(ys), max(xs) - min(xs), max(ys) - min(ys))
            _stripes(canvas, Rect(*room, ink=item.ink, hatch=item.hatch))
            canvas.restoreState()
    if item.width:
        canvas.setStrokeColor(ink(item.edge))
        canvas.setLineWidth(item.width)
        canvas.setLineJoin(1)
        canvas.setDash(list(item.dash))
        # A ground without hatching is filled with its line: the path, the most of a map, is written once.
        canvas.drawPath(path, stroke=1, fill=int(item.tint > 0 and not hatched), fillMode=FILL_EVEN_ODD)
        canvas.setDash([])


def paint_mark(canvas: Canvas, mark: Mark) -> None:
    """Draw a mark, its `y` counted upwards as on paper."""
    x, y, scale = mark.x, mark.y, mark.size / _BOX
    colour, paper = ink(mark.ink), ink(Ink.PAPER)
    for piece in SHAPES[mark.shape]:
        tone = paper if piece.paper else colour
        if isinstance(piece, Disc):
            cx, cy = x + (piece.x - 7) * scale, y + (7 - piece.y) * scale
            if piece.fill:
                canvas.setFillColor(tone)
                canvas.circle(cx, cy, piece.radius * scale, stroke=0, fill=1)
            else:
                canvas.setStrokeColor(tone)
                canvas.setLineWidth(piece.width * scale)
                canvas.circle(cx, cy, piece.radius * scale, stroke=1, fill=0)
            continue
        path = canvas.beginPath()
        for index, (px, py) in enumerate(piece.points):
            (path.lineTo if index else path.moveTo)(x + (px - 7) * scale, y + (7 - py) * scale)
        if isinstance(piece, Shell):
            path.close()
            canvas.setFillColor(tone)
            canvas.drawPath(path, stroke=0, fill=1)
        else:
            canvas.setStrokeColor(tone)
            canvas.setLineWidth(piece.width * scale)
            canvas.setLineCap(1)
            canvas.setLineJoin(1)
            canvas.drawPath(path, stroke=1, fill=0)
            canvas.setLineCap(0)


def paint_rect(canvas: Canvas, rect: Rect) -> None:
    """Fill a rectangle with its colour and hatching; its `x`, `y` are its lower left corner, as on paper."""
    x, y, width, height, hatch = rect.x, rect.y, rect.width, rect.height, rect.hatch
    if hatch is Hatch.BLANK:
        canvas.setFillColor(ink(Ink.PAPER))
        canvas.setStrokeColor(ink(rect.ink))
        canvas.setLineWidth(0.6)
        canvas.rect(x + 0.3, y + 0.3, max(width - 0.6, 0.1), height - 0.6, stroke=1, fill=1)
        return
    canvas.setFillColor(HexColor(mixed(PRINT[rect.ink], PRINT[Ink.PAPER], rect.tint)))
    canvas.rect(x, y, width, height, stroke=0, fill=1)
    if hatch is Hatch.SOLID:
        return
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(x, y, width, height)
    canvas.clipPath(clip, stroke=0, fill=0)
    _stripes(canvas, rect)
    canvas.restoreState()


def _stripes(canvas: Canvas, rect: Rect) -> None:
    """Draw the hatching of a rectangle in paper over what is there, within the clip of the canvas."""
    x, y, width, height, hatch = rect.x, rect.y, rect.width, rect.height, rect.hatch
    canvas.setStrokeColor(ink(Ink.PAPER))
    canvas.setFillColor(ink(Ink.PAPER))
    canvas.setLineWidth(0.8)
    if hatch in (Hatch.RISING, Hatch.CROSSED):
        _slant(canvas, rect, 1, 4.2)
    if hatch in (Hatch.FALLING, Hatch.CROSSED):
        _slant(canvas, rect, -1, 3.4 if hatch is Hatch.FALLING else 4.2)
    if hatch is Hatch.DOTS:
        # A dash of no length with a round end is a dot: a line for a row of them, and not a path for each.
        canvas.setLineWidth(1.5)
        canvas.setLineCap(1)
        canvas.setDash([0, 3.6])
        rows = _steps(y + 1.8, y + height, 2.6)
        starts = (x + (1.8 if row % 2 else 3.6) for row in range(len(rows)))
        canvas.lines([(start, at, x + width, at) for start, at in zip(starts, rows, strict=True)])
    if hatch in (Hatch.ACROSS, Hatch.DASHES):
        canvas.setDash([2, 2] if hatch is Hatch.DASHES else [])
        canvas.lines([(x, at, x + width, at) for at in _steps(y + 1.6, y + height, 2.6)])
    if hatch is Hatch.UPRIGHT:
        canvas.lines([(at, y, at, y + height) for at in _steps(x + 1.6, x + width, 2.6)])


def _steps(first: float, end: float, step: float) -> list[float]:
    """From `first` on, below `end`."""
    return [first + index * step for index in range(max(0, ceil((end - first) / step)))]


def _slant(canvas: Canvas, rect: Rect, way: int, step: float) -> None:
    starts = _steps(rect.x - rect.height, rect.x + rect.width + rect.height, step)
    top = rect.y + rect.height
    canvas.lines([(start, rect.y, start + way * rect.height, top) for start in starts])
