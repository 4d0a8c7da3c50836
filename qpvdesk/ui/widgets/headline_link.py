"""A part of the sentence on top of the dashboard: what there is to handle, and the way to it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from qpvdesk.domain.first_sight import Headline
from qpvdesk.ui.kit.painted import MIDDLE, PaintedButton
from qpvdesk.ui.theme import Theme, colour

_POINTS = 12.5
_SIDE = 6


class HeadlineLink(PaintedButton):
    """Words underlined as a link is; what asks nothing of anybody stands in the colour of mentions."""

    wanted = (120, 30)

    def __init__(self, theme: Theme, hint: str, parent: QWidget | None = None) -> None:
        """`hint`: where it leads."""
        super().__init__(theme, parent)
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
