"""A tile of the dashboard: how many objectives have a status; pressing it filters the list."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.french import format_number, plural
from qpvdesk.domain.statuses import STATUT_LABELS, Statut
from qpvdesk.ui.kit.painted import MIDDLE, PaintedButton
from qpvdesk.ui.kit.tokens import TITLE_PT
from qpvdesk.ui.terms import meaning
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.marks import paint_status


class StatusTile(PaintedButton):
    """Mark, figure and word of one status; eight of them hold in the narrowest window."""

    wanted, least = (108, 56), 76
    boxed, radius = True, 6

    def __init__(self, theme: Theme, status: Statut, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.status = status
        self._count = 0
        theme.changed.connect(self.updateGeometry)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        self._count = count
        word = STATUT_LABELS[self.status]
        self.call(
            f"{word}\u202f: {plural(count, 'objectif', 'objectifs')}",
            meaning(word),
            hint="Cliquez pour en voir la liste.",
        )

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw the figure, the mark at its right, the word below."""
        px, ink = self._theme.px, "text" if self._count else "mention"
        self.pen(painter, TITLE_PT, ink, QFont.Weight.DemiBold)
        top = QRectF(frame.left() + px(10), frame.top() + px(3), frame.width() - px(20), px(26))
        painter.drawText(top, MIDDLE, format_number(self._count))
        side = px(14)
        mark = QRectF(top.right() - side, top.center().y() - side / 2, side, side)
        paint_status(painter, mark, self.status, self._theme.look)
        words = STATUT_LABELS[self.status]
        below = QRectF(frame.left() + px(10), frame.top() + px(29), frame.width() - px(14), px(20))
        for points in (9, 8):
            self.pen(painter, points, ink)
            if painter.fontMetrics().horizontalAdvance(words) <= below.width():
                painter.drawText(below, MIDDLE, words)
                return
        # Two short lines rather than the beginning of one.
        below = QRectF(below.left(), frame.top() + px(24), below.width(), frame.height() - px(24))
        painter.drawText(below, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop), words)
