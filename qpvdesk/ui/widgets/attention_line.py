"""The painted lines of the dashboard: an objective to handle, one that moved, a part of the sentence on top."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from qpvdesk.domain.first_sight import Attention, Headline, Moved
from qpvdesk.domain.french import raised
from qpvdesk.domain.statuses import TREND_LABELS, Trend
from qpvdesk.ui.kit.painted import MIDDLE, PaintedButton, has_room
from qpvdesk.ui.kit.tokens import CELL_PT, MENTION_PT
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.marks import paint_gauge, paint_status

_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_FIGURES = 168
"""Room for the figures, in pixels at a zoom of 100 %."""


class AttentionLine(PaintedButton):
    """Mark, name, value against target; partner, scale, what lacks, and the gap bar."""

    wanted, least = (420, 44), 260

    def __init__(self, theme: Theme, shown: Attention) -> None:
        super().__init__(theme)
        self.shown = shown
        self.call(*shown.sentences)

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        px, look = self._theme.px, self._theme.look
        side, half = px(13), frame.height() / 2
        left, wide = frame.left() + px(5), px(_FIGURES)
        upper = QRectF(left, frame.top() + px(1), frame.right() - left - px(5), half)
        lower = upper.translated(0, half - px(3))
        paint_status(
            painter, QRectF(left, upper.center().y() - side / 2, side, side), self.shown.status, look
        )
        indent = side + px(7)
        self.pen(painter, CELL_PT, "text", QFont.Weight.Medium)
        self.write(painter, upper.adjusted(indent, 0, -wide - px(8), 0), self.shown.label)
        self.pen(painter, CELL_PT, "text", QFont.Weight.DemiBold)
        painter.drawText(upper, _RIGHT, self._fitting(painter, self.shown.value, wide))
        self.pen(painter, MENTION_PT, "mention")
        room = lower.adjusted(indent, 0, -wide - px(8), 0)
        fitting = (words for words in self.shown.wordings if has_room(painter, room, words))
        self.write(painter, room, next(fitting, self.shown.wordings[-1]))
        painter.drawText(lower, _RIGHT, self.shown.far)
        if self.shown.gauge is not None:
            told = painter.fontMetrics().horizontalAdvance(self.shown.far)
            bar = QRectF(lower.right() - wide, lower.center().y() - px(3), max(wide - told - px(8), 0), px(6))
            paint_gauge(
                painter, bar, self.shown.gauge, self.shown.expected, status=self.shown.status, look=look
            )

    @staticmethod
    def _fitting(painter: QPainter, words: str, wide: int) -> str:
        return painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, wide)


_INK = {Trend.HAUSSE: "success", Trend.BAISSE: "error", Trend.STABLE: "mention"}
_RISE = {Trend.HAUSSE: -1, Trend.BAISSE: 1, Trend.STABLE: 0}


class MoveLine(PaintedButton):
    """An arrow up where it comes nearer to what was promised, down where it goes away from it."""

    wanted, least = (320, 42), 200

    def __init__(self, theme: Theme, shown: Moved) -> None:
        super().__init__(theme)
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
        if not has_room(painter, room, told):
            told = self.shown.brief or told
        self.write(painter, room, raised(told))

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


_POINTS = 12.5
_SIDE = 6


class HeadlineLink(PaintedButton):
    """Words underlined as a link is; what asks nothing of anybody stands in the colour of mentions."""

    wanted = (120, 30)

    def __init__(self, theme: Theme, hint: str) -> None:
        """`hint`: where it leads."""
        super().__init__(theme)
        self.part: Headline | None = None
        self._hint = hint
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_part(self, part: Headline) -> None:
        self.part = part
        self.call(part.words, hint=self._hint)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(self._font()).horizontalAdvance(self._words)
        return QSize(wide + self._theme.px(2 * _SIDE), self._theme.px(self.wanted[1]))

    def minimumSizeHint(self) -> QSize:
        """Its words whole."""
        return self.sizeHint()

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Write the words, underlined."""
        ink = colour(self._theme.look.mention if self._calm else self._theme.look.accent)
        painter.setFont(self._font())
        painter.setPen(ink)
        room = frame.adjusted(self._theme.px(_SIDE) - 1, 0, 0, 0)
        painter.drawText(room, MIDDLE, self._words)
        wide = painter.fontMetrics().horizontalAdvance(self._words)
        under = room.center().y() + painter.fontMetrics().ascent() / 2 + 2
        painter.setPen(QPen(ink, 1))
        painter.drawLine(QPointF(room.left(), under), QPointF(room.left() + wide, under))

    @property
    def _words(self) -> str:
        return self.part.words if self.part is not None else ""

    @property
    def _calm(self) -> bool:
        return self.part is None or self.part.calm

    def _font(self) -> QFont:
        return self._theme.font(_POINTS, QFont.Weight.Normal if self._calm else QFont.Weight.DemiBold)
