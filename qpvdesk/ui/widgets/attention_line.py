"""An objective to handle, in two lines: its name, how far it is of what is expected, and what still lacks."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.first_sight import Attention
from qpvdesk.ui.kit.painted import PaintedButton
from qpvdesk.ui.kit.tokens import CELL_PT, MENTION_PT
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.marks import paint_gauge, paint_status

_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_FIGURES = 168
"""Room for the figures, in pixels at a zoom of 100 %."""


class AttentionLine(PaintedButton):
    """Mark, name, value against target; partner, scale, what lacks, and the gap bar."""

    wanted, least = (420, 44), 260

    def __init__(self, theme: Theme, shown: Attention, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.shown = shown
        self.call(*shown.said)

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
        room, advance = lower.adjusted(indent, 0, -wide - px(8), 0), painter.fontMetrics().horizontalAdvance
        fitting = (words for words in self.shown.wordings if advance(words) <= room.width())
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
