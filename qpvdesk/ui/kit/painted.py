"""Buttons that draw themselves: what is under the pointer, what has the focus, the name that is heard, once."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from qpvdesk.domain.french import hold_codes
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.theme import Theme, colour

MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
"""How one line of text stands in its room."""
_WRAPPED = MIDDLE | int(Qt.TextFlag.TextWordWrap)
_LEADING = 3
"""Pixels above and under the ink of some lines that may lie outside of their room."""
_SHORTER = 0.05
"""The part of a line that words are shortened by, as long as they do not hold."""
_RAGGED = 0.15
"""The part of a line that words which wrap leave free, about."""


def has_room(painter: QPainter, room: QRectF | QRect, words: str) -> bool:
    """Tell whether `draw_words` would write them whole."""
    needed = painter.boundingRect(room, _WRAPPED, words)
    return needed.width() <= room.width() and needed.height() <= room.height() + _LEADING


def draw_words(painter: QPainter, room: QRectF | QRect, words: str) -> None:
    """Write words on as many lines as their room has; their end is left out where that is not enough."""
    words, metrics = hold_codes(words), painter.fontMetrics()
    if not has_room(painter, room, words):
        # The end of each line but the last is left free by the word that did not fit.
        lines = max(1, int((room.height() + _LEADING) / metrics.lineSpacing()))
        wide, whole = int(room.width() * (lines - _RAGGED * (lines - 1))), words
        words = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, wide)
        # Long words leave more of their lines free: one line too many would be cut at its top, and its end not left out.
        while lines > 1 and wide > room.width() and not has_room(painter, room, words):
            wide -= max(1, int(room.width() * _SHORTER))
            words = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, wide)
    painter.drawText(room, _WRAPPED, words)


class PaintedButton(QAbstractButton):
    """A button whose subclass draws what stands in its frame. All sizes are in pixels at a zoom of 100 %."""

    wanted = (200, 28)
    """The width and the height it asks for."""
    least = 120
    """The width that it may shrink to."""
    radius = 4
    boxed = False
    """Whether it has a ground and a border also where it is neither pointed at nor focused."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def call(self, name: str, *more: str, hint: str = "") -> None:
        """Give the button its name, what is heard after it, and what the pointer alone is told."""
        self.setAccessibleName(name)
        tip(self, name, *more, hint=hint)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(*map(self._theme.px, self.wanted))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(self.least), self._theme.px(self.wanted[1]))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, the border of what has the focus, then what stands in it."""
        del event
        look = self._theme.look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        pointed, focused = self.underMouse() and self.isEnabled(), self.hasFocus()
        if self.boxed or pointed or focused:
            still = colour(look.surface) if self.boxed else Qt.BrushStyle.NoBrush
            border = QPen(colour(look.border), 1) if self.boxed else Qt.PenStyle.NoPen
            painter.setBrush(colour(look.hover) if pointed else still)
            painter.setPen(QPen(colour(look.focus), 2) if focused else border)
            painter.drawRoundedRect(frame, self.radius, self.radius)
        self.draw(painter, frame)

    @abstractmethod
    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw what the button says."""

    def pen(
        self, painter: QPainter, points: float, ink: str, weight: QFont.Weight = QFont.Weight.Normal
    ) -> None:
        """Write from now on at that size, in that colour of the look."""
        painter.setFont(self._theme.font(points, weight))
        painter.setPen(colour(getattr(self._theme.look, ink)))

    write = staticmethod(draw_words)
