"""A line of a list that opens something: a mark, a code or a date, a sentence."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from qpvdesk.domain.progress import STATUT_LABELS, Statut
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.marks import paint_status


class LineButton(QAbstractButton):
    """One line; the sentence is shortened where there is no room and whole in the tooltip."""

    def __init__(
        self,
        theme: Theme,
        head: str,
        sentence: str,
        status: Statut | None,
        parent: QWidget | None = None,
        *,
        indent: int = 0,
    ) -> None:
        """`indent`: room left of the head, in pixels at a zoom of 100 %, for what a subclass draws there."""
        super().__init__(parent)
        self._theme = theme
        self._head = head
        self._sentence = sentence
        self._status = status
        self._indent = indent
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = f"{head}, {sentence}" + (f" ({STATUT_LABELS[status]})" if status else "")
        self.setAccessibleName(words)
        tip(self, words)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(self._theme.px(200), self._theme.px(28))

    def minimumSizeHint(self) -> QSize:
        """It may shrink."""
        return QSize(self._theme.px(120), self._theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        del event
        look, px = self._theme.look, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if (self.underMouse() and self.isEnabled()) or self.hasFocus():
            painter.setBrush(colour(look.hover) if self.underMouse() else Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(look.focus), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(frame, 4, 4)
        x = frame.left() + px(5 + self._indent)
        if self._status is not None:
            side = px(13)
            paint_status(painter, QRectF(x, frame.center().y() - side / 2, side, side), self._status, look)
            x += side + px(8)
        painter.setFont(self._theme.font(9, QFont.Weight.DemiBold))
        painter.setPen(colour(look.accent))
        wide = max(px(74), painter.fontMetrics().horizontalAdvance(self._head) + px(10))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(x, frame.top(), wide, frame.height()), middle, self._head)
        painter.setFont(self._theme.font(9.5))
        painter.setPen(colour(look.text))
        room = QRectF(x + wide, frame.top(), frame.right() - x - wide - px(4), frame.height())
        text = painter.fontMetrics().elidedText(
            self._sentence, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, middle, text)
