"""What became of an objective, in two lines: its name with an arrow that says better or worse, then from what to what."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.first_sight import Moved
from qpvdesk.domain.statuses import TREND_LABELS, Trend
from qpvdesk.ui.kit.painted import PaintedButton
from qpvdesk.ui.kit.tokens import CELL_PT, MENTION_PT
from qpvdesk.ui.theme import Theme, colour

_INK = {Trend.HAUSSE: "success", Trend.BAISSE: "error", Trend.STABLE: "mention"}
_RISE = {Trend.HAUSSE: -1, Trend.BAISSE: 1, Trend.STABLE: 0}


class MoveLine(PaintedButton):
    """An arrow up where it comes nearer to what was promised, down where it goes away from it."""

    wanted, least = (320, 42), 200

    def __init__(self, theme: Theme, shown: Moved, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.shown = shown
        self.call(f"{TREND_LABELS[shown.trend]}\u202f: {shown.named}" if shown.trend else shown.named)

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        px = self._theme.px
        half, indent = frame.height() / 2, px(24)
        upper = QRectF(frame.left() + px(5), frame.top() + px(1), frame.width() - px(10), half)
        lower = upper.translated(0, half - px(3))
        if self.shown.trend is not None:
            room = QRectF(upper.left(), upper.center().y() - px(7), px(14), px(14))
            self._draw_arrow(painter, room, self.shown.trend)
        self.pen(painter, CELL_PT, "text", QFont.Weight.Medium)
        self.write(painter, upper.adjusted(indent, 0, 0, 0), self.shown.label)
        self.pen(painter, MENTION_PT, "mention")
        told, room = self.shown.told, lower.adjusted(indent, 0, 0, 0)
        if painter.fontMetrics().horizontalAdvance(told) > room.width():
            told = self.shown.brief or told
        self.write(painter, room, told[:1].upper() + told[1:])

    def _draw_arrow(self, painter: QPainter, room: QRectF, trend: Trend) -> None:
        ink, rise = colour(getattr(self._theme.look, _INK[trend])), _RISE[trend]
        painter.setPen(QPen(ink, max(2.0, self._theme.zoom * 2)))
        slope = room.height() * 0.36 * rise
        tail = QPointF(room.left() + 1, room.center().y() - slope)
        head = QPointF(room.right() - 1, room.center().y() + slope)
        painter.drawLine(tail, head)
        barb = room.width() * 0.42
        if rise:
            painter.drawLine(head, head - QPointF(barb, 0))
            painter.drawLine(head, head - QPointF(0, barb * rise))
        else:
            painter.drawLine(head, head + QPointF(-barb * 0.8, -barb * 0.7))
            painter.drawLine(head, head + QPointF(-barb * 0.8, barb * 0.7))
