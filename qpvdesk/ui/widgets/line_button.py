"""A line of a list that opens something: a mark, a code or a date, a sentence."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.statuses import STATUT_LABELS, Statut
from qpvdesk.ui.kit.painted import MIDDLE, PaintedButton
from qpvdesk.ui.kit.tokens import CELL_PT, LABEL_PT
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.marks import paint_status


class LineButton(PaintedButton):
    """One line; the sentence is shortened where there is no room and whole in the tooltip."""

    def __init__(
        self,
        theme: Theme,
        head: str,
        sentence: str,
        status: Statut | None,
        *,
        parent: QWidget | None = None,
        indent: int = 0,
    ) -> None:
        """`indent`: room left of the head, in pixels at a zoom of 100 %, for what a subclass draws there."""
        super().__init__(theme, parent)
        self._head, self._sentence, self._status, self._indent = head, sentence, status, indent
        self.call(f"{head}, {sentence}" + (f" ({STATUT_LABELS[status]})" if status else ""))

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw the mark, the head, the sentence."""
        px = self._theme.px
        x = frame.left() + px(5 + self._indent)
        if self._status is not None:
            side = px(13)
            mark = QRectF(x, frame.center().y() - side / 2, side, side)
            paint_status(painter, mark, self._status, self._theme.look)
            x += side + px(8)
        self.pen(painter, LABEL_PT, "accent", QFont.Weight.DemiBold)
        wide = max(px(74), painter.fontMetrics().horizontalAdvance(self._head) + px(10))
        painter.drawText(QRectF(x, frame.top(), wide, frame.height()), MIDDLE, self._head)
        self.pen(painter, CELL_PT, "text")
        room = QRectF(x + wide, frame.top(), frame.right() - x - wide - px(4), frame.height())
        self.write(painter, room, self._sentence)
