"""Shapes: the marks of statuses and météo, and the icons of the window, drawn with the painter.

Each status has a shape of its own, readable in greyscale; colour comes on top of it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from qpvdesk.charts.marks import STATUS_MARKS, mixed
from qpvdesk.domain.statuses import Statut, Weather
from qpvdesk.ui.theme import Look, colour, solid, status_colour, status_ink
from qpvdesk.ui.widgets.chart_painter import paint_rect, paint_shape

# Strokes on a grid of 20: M and L as in SVG, O cx cy r a circle, D cx cy r a disc, C a cubic, Z closes.
_ICONS: dict[str, str] = {
    "tableau": (
        "M3 3 L9 3 L9 9 L3 9 Z M11.5 3 L17 3 L17 6 L11.5 6 Z"
        " M11.5 9 L17 9 L17 17 L11.5 17 Z M3 12 L9 12 L9 17 L3 17 Z"
    ),
    "partenaires": "M3 17 L3 8 L10 3.5 L17 8 L17 17 Z M7.5 17 L7.5 11.5 L12.5 11.5 L12.5 17",
    "documents": (
        "M5 2.5 L12 2.5 L15.5 6 L15.5 17.5 L5 17.5 Z M12 2.5 L12 6 L15.5 6"
        " M7.5 9 L13 9 M7.5 11.7 L13 11.7 M7.5 14.4 L11 14.4"
    ),
    "objectifs": "O10 10 7.2 O10 10 3.6 D10 10 0.9",
    "releves": "M3 4 L17 4 L17 16 L3 16 Z M3 8 L17 8 M3 12 L17 12 M8.5 4 L8.5 16 M11 10 L14.5 10",
    "engagements": (
        "M3.5 5 L5 6.6 L7.6 3.4 M10.5 5 L17 5 M3.5 11 L5 12.6 L7.6 9.4"
        " M10.5 11 L17 11 M4 16 L7 16 M10.5 16 L17 16"
    ),
    "moyens": "O10 10 7.2 M12.8 7.2 C11 5.6 7.6 6.4 7.6 10 C7.6 13.6 11 14.4 12.8 12.8 M5.9 9.2 L11 9.2 M5.9 11 L10.6 11",
    "territoires": (
        "M10 17.5 C6 13 4.5 10.6 4.5 8 C4.5 4.8 7 2.8 10 2.8 C13 2.8 15.5 4.8 15.5 8"
        " C15.5 10.6 14 13 10 17.5 Z O10 8 2"
    ),
    "visites": "O10 5 2.2 M10 7.2 L10 12 M10 12 L7 17 M10 12 L13 17 M6.5 9.5 L13.5 9.5 M2.5 17.5 L17.5 17.5",
    "points": "M10 3 L17.6 16.5 L2.4 16.5 Z M10 8 L10 12 D10 14.3 0.7",
    "impressions": (
        "M5.5 7 L5.5 2.8 L14.5 2.8 L14.5 7 M5.5 14 L3 14 L3 7 L17 7 L17 14 L14.5 14 "
        "M5.5 11.5 L14.5 11.5 L14.5 17.2 L5.5 17.2 Z"
    ),
    "echanges": "M3 7 L15 7 M11.5 3.5 L15 7 L11.5 10.5 M17 13 L5 13 M8.5 9.5 L5 13 L8.5 16.5",
    "journal": "M5 2.8 L15 2.8 L15 17.2 L5 17.2 Z M7.5 6.5 L12.5 6.5 M7.5 10 L12.5 10 M7.5 13.5 L10.5 13.5",
    "contrats": (
        "M3 3.5 L8 3.5 L8 16.5 L3 16.5 Z M12 3.5 L17 3.5 L17 16.5 L12 16.5 Z"
        " M4.8 7 L6.2 7 M13.8 7 L15.2 7 M4.8 10 L6.2 10 M13.8 10 L15.2 10"
    ),
    "comites": (
        "O10 5.6 2.6 O4.6 8.4 1.9 O15.4 8.4 1.9 M5.6 17 C5.6 12.6 7.2 10.6 10 10.6 C12.8 10.6 14.4 12.6 14.4 17"
        " M1.6 16 C1.6 13.4 2.6 12.2 4.4 12.2 M18.4 16 C18.4 13.4 17.4 12.2 15.6 12.2"
    ),
    "arrete": "M4.5 9 L15.5 9 L15.5 17 L4.5 17 Z M7 9 L7 6.5 C7 2.5 13 2.5 13 6.5 L13 9 D10 13 1.2",
    "annuler": "M7.5 4 L3.5 8 L7.5 12 M3.5 8 L12 8 C18 8 18 16 12 16 L9 16",
    "retablir": "M12.5 4 L16.5 8 L12.5 12 M16.5 8 L8 8 C2 8 2 16 8 16 L11 16",
    "precedent": "M12 4 L6 10 L12 16",
    "suivant": "M8 4 L14 10 L8 16",
    "recherche": "O8.5 8.5 5 M12.2 12.2 L17 17",
    "ajouter": "M10 4 L10 16 M4 10 L16 10",
    "calendrier": "M3.5 5 L16.5 5 L16.5 16.5 L3.5 16.5 Z M3.5 8.5 L16.5 8.5 M7 3 L7 6 M13 3 L13 6",
    "imprimer": "M6 7 L6 3 L14 3 L14 7 M6 14 L3.5 14 L3.5 7 L16.5 7 L16.5 14 L14 14 M6 11.5 L14 11.5 L14 17 L6 17 Z",
    "modifier": "M4 16 L4.8 12.4 L13.4 3.8 L16.2 6.6 L7.6 15.2 Z M11.6 5.6 L14.4 8.4",
    "fermer": "M5 5 L15 15 M15 5 L5 15",
}

_TOKEN = re.compile(r"[MLCODZ]|-?\d+(?:\.\d+)?")
_ARITY = {"M": 2, "L": 2, "C": 6, "O": 3, "D": 3, "Z": 0}


@lru_cache(maxsize=64)
def _parse(name: str) -> tuple[QPainterPath, QPainterPath]:
    strokes, discs = QPainterPath(), QPainterPath()
    tokens = _TOKEN.findall(_ICONS[name])
    index = 0
    while index < len(tokens):
        order = tokens[index]
        count = _ARITY[order]
        numbers = [float(token) for token in tokens[index + 1 : index + 1 + count]]
        index += 1 + count
        if order == "M":
            strokes.moveTo(*numbers)
        elif order == "L":
            strokes.lineTo(*numbers)
        elif order == "C":
            strokes.cubicTo(*numbers)
        elif order == "Z":
            strokes.closeSubpath()
        else:
            path = strokes if order == "O" else discs
            path.addEllipse(QPointF(numbers[0], numbers[1]), numbers[2], numbers[2])
    return strokes, discs


def paint_icon(painter: QPainter, name: str, rect: QRectF, ink: QColor) -> None:
    strokes, discs = _parse(name)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 20, rect.height() / 20)
    pen = QPen(ink, 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(strokes)
    painter.fillPath(discs, solid(ink))
    painter.restore()


def icon(name: str, ink: str, off: str | None = None, size: int = 20) -> QIcon:
    """Return an icon at once and twice its size; `off` is its colour when disabled."""
    drawn_icon = QIcon()
    for ratio in (1, 2):
        normal = _drawn(name, ink, size, ratio)
        drawn_icon.addPixmap(normal, QIcon.Mode.Normal)
        drawn_icon.addPixmap(normal if off is None else _drawn(name, off, size, ratio), QIcon.Mode.Disabled)
    return drawn_icon


def _drawn(name: str, ink: str, size: int, ratio: int) -> QPixmap:
    pixmap = QPixmap(QSize(size * ratio, size * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_icon(painter, name, QRectF(0, 0, size * ratio, size * ratio), colour(ink))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def paint_status(painter: QPainter, rect: QRectF, status: Statut, look: Look) -> None:
    """Draw the mark of a status, filling a square."""
    side = min(rect.width(), rect.height())
    square = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    mark = STATUS_MARKS[status]
    paint_shape(painter, square, mark.shape, ink=status_ink(look, status), paper=look.on_status)
    painter.restore()


def paint_clock(painter: QPainter, rect: QRectF, look: Look) -> None:
    """Draw a dial with two hands in a square: the figure beside it is old, which no colour need tell."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour(look.mention), rect.width() / 10))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    reach = rect.width() * 0.4
    centre = rect.center()
    painter.drawEllipse(centre, reach, reach)
    painter.drawLine(centre, centre + QPointF(0, -reach * 0.65))
    painter.drawLine(centre, centre + QPointF(reach * 0.5, 0))
    painter.restore()


def paint_hatched(painter: QPainter, rect: QRectF, status: Statut, look: Look) -> None:
    """Fill a rectangle with a status: its colour, and a hatching that tells it apart in grey."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    mark = STATUS_MARKS[status]
    ground = mixed(status_ink(look, status), look.surface, mark.tint)
    paint_rect(painter, rect, mark.hatch, ink=ground, paper=look.surface)
    painter.restore()


def paint_gauge(
    painter: QPainter, bar: QRectF, done: float | None, expected: float | None, *, status: Statut, look: Look
) -> None:
    """Draw a rate bounded to 0…1, in the colour of its status, and a tick where it is expected to stand."""
    if bar.width() < 8:
        return
    radius = bar.height() / 2
    painter.setBrush(colour(look.neutral_tint))
    # The tint is barely told from the ground: without its outline nobody sees where 100 % is.
    painter.setPen(QPen(colour(look.strong), 1))
    painter.drawRoundedRect(bar, radius, radius)
    if done is None:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    if done > 0:
        painter.setBrush(status_colour(look, status))
        way = QRectF(bar)
        way.setWidth(max(bar.width() * done, bar.height()))
        painter.drawRoundedRect(way, radius, radius)
    if expected is not None and 0 < expected < 1:
        x = bar.left() + bar.width() * expected
        painter.setPen(QPen(colour(look.surface), 3.5))
        painter.drawLine(QPointF(x, bar.top() - 2), QPointF(x, bar.bottom() + 2))
        painter.setPen(QPen(colour(look.text), 1.5))
        painter.drawLine(QPointF(x, bar.top() - 3), QPointF(x, bar.bottom() + 3))


def paint_weather(painter: QPainter, rect: QRectF, weather: Weather, look: Look) -> None:
    """Draw the pictogram of a météo in a square; its words always stand beside it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = min(rect.width(), rect.height())
    painter.translate(rect.center().x() - side / 2, rect.center().y() - side / 2)
    painter.scale(side / 20, side / 20)
    sun, alarm = colour(look.success), colour(look.error)
    if weather in (Weather.SOLEIL, Weather.COUVERT):
        shift = QPointF(0, 0) if weather is Weather.SOLEIL else QPointF(3.2, -3.2)
        centre = QPointF(10, 10) + shift
        pen = QPen(sun, 1.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for dx, dy in (
            (0, 1),
            (0.71, 0.71),
            (1, 0),
            (0.71, -0.71),
            (0, -1),
            (-0.71, -0.71),
            (-1, 0),
            (-0.71, 0.71),
        ):
            painter.drawLine(centre + QPointF(dx * 5.6, dy * 5.6), centre + QPointF(dx * 7.4, dy * 7.4))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(sun)
        painter.drawEllipse(centre, 3.9, 3.9)
    if weather is Weather.COUVERT:
        _cloud(painter, colour(look.surface), colour(look.success), 0)
    elif weather is Weather.NUAGE:
        _cloud(painter, colour(look.warning), colour(look.warning), -1.5)
    elif weather is Weather.ORAGE:
        _cloud(painter, alarm, alarm, -3)
        _lines(painter, alarm, ((10.8, 12.8), (8.2, 16.2), (11.2, 16.2), (8.8, 19.2)))
    elif weather is Weather.NON_RENSEIGNEE:
        painter.setPen(QPen(colour(look.neutral), 1.5, Qt.PenStyle.DashLine))
        painter.drawEllipse(QRectF(3, 3, 14, 14))
    elif weather is Weather.NON_NECESSAIRE:
        _lines(painter, colour(look.neutral), ((5, 10), (15, 10)))
    painter.restore()


def _cloud(painter: QPainter, fill: QColor, line: QColor, shift: float) -> None:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for x, y, r in ((6, 13, 3.4), (10, 10.6, 4.4), (14.2, 13, 3.4)):
        path.addEllipse(QPointF(x, y + shift), r, r)
    path.addRect(QRectF(6, 12 + shift, 8.2, 4.4))
    painter.setPen(QPen(line, 1.4))
    painter.setBrush(fill)
    painter.drawPath(path.simplified())


def _lines(painter: QPainter, ink: QColor, points: tuple[tuple[float, float], ...]) -> None:
    pen = QPen(ink, 1.8)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))
    painter.setPen(Qt.PenStyle.NoPen)
