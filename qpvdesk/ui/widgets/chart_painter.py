"""Draws the primitives of `qpvdesk.charts` with a QPainter: the thin painter of the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)

from qpvdesk.charts.marks import DARK, LIGHT, SHAPES, Disc, Palette, Shell, mixed
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
    Shape,
    Text,
)
from qpvdesk.ui.theme import FAMILY, Look, colour, solid

_CONTRAST: Palette = {
    **DARK,
    Ink.PAPER: "#000000",
    Ink.TEXT: "#ffffff",
    Ink.MENTION: "#ffffff",
    Ink.AXIS: "#ffffff",
    Ink.GRID: "#5a5a5a",
    Ink.ACCENT: "#ffe14d",
    Ink.EXPECTED: "#ffffff",
    Ink.RANGE: "#4a4100",
}
_PALETTES: dict[str, Palette] = {"clair": LIGHT, "sombre": DARK, "contraste": _CONTRAST}


def palette_of(look: Look) -> Palette:
    return _PALETTES[look.name]


def paint_chart(painter: QPainter, chart: Chart, look: Look) -> None:
    """Draw a chart at the painter's origin, one unit for one unit of the chart."""
    inks = palette_of(look)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for item in chart.items:
        match item:
            case Line():
                painter.setPen(_pen(inks[item.ink], item.width, item.dash))
                painter.drawLine(QPointF(item.x1, item.y1), QPointF(item.x2, item.y2))
            case Polyline():
                painter.setPen(_pen(inks[item.ink], item.width, item.dash))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in item.points]))
            case Area():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(solid(colour(inks[item.ink])))
                painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in item.points]))
            case Rect():
                room = QRectF(item.x, item.y, item.width, item.height)
                ground = mixed(inks[item.ink], inks[Ink.PAPER], item.tint)
                paint_rect(painter, room, item.hatch, ink=ground, paper=inks[Ink.PAPER])
            case Region():
                paint_region(painter, item, path_of(item.rings), inks)
            case Text():
                _text(painter, item, inks)
            case Mark() if item.shape is Shape.DOT:
                # The most of a chart by far: the whole of its square, without the way of the other shapes.
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(_filling(inks[item.ink]))
                half = item.size / 2
                painter.drawEllipse(QRectF(item.x - half, item.y - half, item.size, item.size))
            case Mark():
                half = item.size / 2
                square = QRectF(item.x - half, item.y - half, item.size, item.size)
                paint_shape(painter, square, item.shape, ink=inks[item.ink], paper=inks[Ink.PAPER])
    painter.restore()


class ChartPicture:
    """A drawing, kept as a picture from the second time it is painted: a pointer moves over it, another figure changed."""

    def __init__(self) -> None:
        self._chart: Chart | None = None
        self._grounds: tuple[object, ...] = ()
        self._picture: QPixmap | None = None

    def paint(self, painter: QPainter, chart: Chart, look: Look, scale: float) -> None:
        """Draw a chart at the origin of what is painted, at so many pixels for one of its units."""
        ratio = painter.device().devicePixelRatioF()
        grounds = (look.name, scale, ratio)
        if self._chart is not chart or self._grounds != grounds:
            self._chart, self._grounds, self._picture = chart, grounds, None
            painter.save()
            painter.scale(scale, scale)
            paint_chart(painter, chart, look)
            painter.restore()
            return
        if self._picture is None:
            room = QSize(round(chart.width * scale), round(chart.height * scale))
            self._picture = QPixmap(room * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(QColor(0, 0, 0, 0))
            drawn = QPainter(self._picture)
            drawn.scale(scale, scale)
            paint_chart(drawn, chart, look)
            drawn.end()
        painter.drawPixmap(0, 0, self._picture)


def paint_focus(painter: QPainter, room: QRect, look: Look) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour(look.focus), 2))
    painter.drawRoundedRect(room.adjusted(1, 1, -1, -1), 4, 4)


def path_of(rings: Iterable[Iterable[tuple[float, float]]]) -> QPainterPath:
    """Return closed rings as a path: a point in an odd number of them is inside."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in rings:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in ring]))
        path.closeSubpath()
    return path


def paint_region(painter: QPainter, item: Region, path: QPainterPath, inks: Palette) -> None:
    """Fill and outline a region, whose path is given in the painter's own unit; its edge is as wide at any scale."""
    if item.tint:
        painter.fillPath(path, solid(colour(mixed(inks[item.ink], inks[Ink.PAPER], item.tint))))
        if item.hatch not in (Hatch.SOLID, Hatch.BLANK):
            painter.save()
            painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
            _hatching(painter, path.boundingRect(), item.hatch, inks[Ink.PAPER])
            painter.restore()
    if item.width:
        pen = _pen(inks[item.edge], item.width, item.dash)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.strokePath(path, pen)


def paint_shape(painter: QPainter, square: QRectF, shape: Shape, *, ink: str, paper: str) -> None:
    painter.save()
    painter.translate(square.topLeft())
    painter.scale(square.width() / 14, square.width() / 14)
    for pen, brush, draw, outline in _pieces(shape, ink, paper):
        painter.setPen(pen)
        painter.setBrush(brush)
        draw(painter, outline)
    painter.restore()


@lru_cache(maxsize=128)
def _pieces(
    shape: Shape, ink: str, paper: str
) -> tuple[tuple[QPen, QBrush, Callable[..., None], object], ...]:
    """The pieces of a shape, on a square of 14: with what each is drawn, how, and its outline."""
    nothing = QBrush()
    pieces: list[tuple[QPen, QBrush, Callable[..., None], object]] = []
    for piece in SHAPES[shape]:
        tint = colour(paper if piece.paper else ink)
        pen, brush = QPen(Qt.PenStyle.NoPen), nothing
        if isinstance(piece, Disc):
            pen, brush = (pen, solid(tint)) if piece.fill else (QPen(tint, piece.width), nothing)
            room = QRectF(0, 0, 2 * piece.radius, 2 * piece.radius)
            room.moveCenter(QPointF(piece.x, piece.y))
            pieces.append((pen, brush, QPainter.drawEllipse, room))
            continue
        outline = QPolygonF([QPointF(x, y) for x, y in piece.points])
        if isinstance(piece, Shell):
            brush = solid(tint) if piece.fill else nothing
            pieces.append((pen, brush, QPainter.drawPolygon, outline))
        else:
            pen = QPen(tint, piece.width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            pieces.append((pen, nothing, QPainter.drawPolyline, outline))
    return tuple(pieces)


def fill_rect(painter: QPainter, room: QRectF, tint: QColor) -> None:
    """Fill a rectangle. `fillRect` does the same, and has PySide make gradients to choose among its forms (183 words)."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(solid(tint))
    painter.drawRect(room)
    painter.restore()


def paint_rect(painter: QPainter, room: QRectF, hatch: Hatch, *, ink: str, paper: str) -> None:
    """Fill a rectangle, hatched in paper over the ink so that it is told apart in grey."""
    painter.save()
    if hatch is Hatch.BLANK:
        fill_rect(painter, room, colour(paper))
        painter.setPen(QPen(colour(ink), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.restore()
        return
    fill_rect(painter, room, colour(ink))
    painter.setClipRect(room, Qt.ClipOperation.IntersectClip)
    _hatching(painter, room, hatch, paper)
    painter.restore()


def _hatching(painter: QPainter, room: QRectF, hatch: Hatch, paper: str) -> None:
    """Draw the hatching of a rectangle in paper over what is there, within the clip of the painter."""
    stripe = QColor(colour(paper))
    stripe.setAlpha(165)
    painter.setPen(QPen(stripe, 1.2))
    if hatch in (Hatch.RISING, Hatch.CROSSED):
        _stripes(painter, room, 5.5, rising=True)
    if hatch in (Hatch.FALLING, Hatch.CROSSED):
        _stripes(painter, room, 5.5, rising=False)
    if hatch in (Hatch.ACROSS, Hatch.DASHES):
        if hatch is Hatch.DASHES:
            painter.setPen(QPen(stripe, 1.4, Qt.PenStyle.DashLine))
        y = room.top() + 3
        while y < room.bottom():
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            y += 4
    elif hatch is Hatch.UPRIGHT:
        x = room.left() + 3
        while x < room.right():
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
            x += 4
    elif hatch is Hatch.DOTS:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(stripe)
        y, odd = room.top() + 2.5, False
        while y < room.bottom():
            x = room.left() + (5.5 if odd else 2.5)
            while x < room.right():
                painter.drawEllipse(QPointF(x, y), 1.0, 1.0)
                x += 6
            y, odd = y + 4, not odd


def _stripes(painter: QPainter, room: QRectF, step: float, *, rising: bool) -> None:
    height = room.height()
    x = room.left() - height
    while x < room.right():
        top, bottom = (x + height, x) if rising else (x, x + height)
        painter.drawLine(QPointF(top, room.top()), QPointF(bottom, room.bottom()))
        x += step


@lru_cache(maxsize=64)
def _filling(ink: str) -> QBrush:
    return solid(colour(ink))


@lru_cache(maxsize=256)
def _pen(ink: str, width: float, dash: tuple[float, ...]) -> QPen:
    pen = QPen(colour(ink), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash:
        # Qt counts dashes in widths of the pen, the chart in its own unit; an odd pattern is repeated.
        pattern = [length / width for length in (dash if len(dash) % 2 == 0 else dash * 2)]
        pen.setDashPattern(pattern)
    return pen


_EM = 48
"""Text is laid out at this size and scaled: Qt rounds small sizes to whole pixels, and the line with them."""


@lru_cache(maxsize=2)
def _font(bold: bool) -> tuple[QFont, QFontMetricsF]:
    font = QFont(FAMILY)
    font.setPixelSize(_EM)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font, QFontMetricsF(font)


@lru_cache(maxsize=512)
def _letters(text: str, bold: bool) -> QPainterPath:
    """The outlines of a text at the size at which text is laid out."""
    path = QPainterPath()
    path.addText(QPointF(0, 0), _font(bold)[0], text)
    return path


@lru_cache(maxsize=512)
def _advance(text: str, bold: bool) -> float:
    """How wide a text is at the size at which text is laid out."""
    return _font(bold)[1].horizontalAdvance(text)


def _text(painter: QPainter, item: Text, inks: Palette) -> None:
    scale = item.size / _EM
    wide = _advance(item.text, item.bold) * scale
    x = item.x - {Anchor.START: 0.0, Anchor.MIDDLE: wide / 2, Anchor.END: wide}[item.anchor]
    if item.halo:
        ground = QColor(colour(inks[Ink.PAPER]))
        ground.setAlpha(225)
        painter.fillRect(QRectF(x - 1, item.y - item.size * 0.8, wide + 2, item.size * 1.05), ground)
    painter.save()
    painter.translate(x, item.y)
    painter.scale(scale, scale)
    if item.glow:
        letters = _letters(item.text, item.bold)
        pen = QPen(colour(inks[Ink.PAPER]), _EM * 0.28)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(letters, pen)
        painter.fillPath(letters, solid(colour(inks[item.ink])))
        painter.restore()
        return
    painter.setFont(_font(item.bold)[0])
    painter.setPen(colour(inks[item.ink]))
    painter.drawText(QPointF(0, 0), item.text)
    painter.restore()
