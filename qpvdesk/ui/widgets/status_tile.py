"""A tile of the dashboard: how many objectives have a status; pressing it filters."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from qpvdesk.domain.french import format_number, plural
from qpvdesk.domain.progress import STATUT_LABELS, Statut
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.terms import meaning
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.marks import paint_status


class StatusTile(QAbstractButton):
    """Mark, figure and word of one status."""

    def __init__(self, theme: Theme, status: Statut, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status = status
        self._theme = theme
        self._count = 0
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.updateGeometry)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """Show another figure."""
        self._count = count
        words = f"{STATUT_LABELS[self.status]}\u202f: {plural(count, 'objectif', 'objectifs')}"
        self.setAccessibleName(words)
        tip(self, words, meaning(STATUT_LABELS[self.status]), hint="Cliquez pour en voir la liste.")
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for its word."""
        return QSize(self._theme.px(108), self._theme.px(70))

    def minimumSizeHint(self) -> QSize:
        """Nine of them hold in the narrowest window."""
        return QSize(self._theme.px(72), self._theme.px(70))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tile."""
        del event
        look, px = self._theme.look, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(colour(look.hover if self.underMouse() else look.surface))
        focused = self.hasFocus()
        painter.setPen(QPen(colour(look.focus if focused else look.border), 2 if focused else 1))
        painter.drawRoundedRect(frame, 6, 6)
        quiet = not self._count
        painter.setFont(self._theme.font(19, QFont.Weight.DemiBold))
        painter.setPen(colour(look.mention if quiet else look.text))
        top = QRectF(frame.left() + px(12), frame.top() + px(6), frame.width() - px(24), px(32))
        left = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(top, left, format_number(self._count))
        side = px(15)
        mark = QRectF(frame.right() - px(12) - side, top.center().y() - side / 2, side, side)
        paint_status(painter, mark, self.status, look)
        painter.setFont(self._theme.font(9))
        painter.setPen(colour(look.mention if quiet else look.text))
        words = STATUT_LABELS[self.status]
        below = QRectF(frame.left() + px(12), frame.top() + px(37), frame.width() - px(16), px(30))
        whole = painter.fontMetrics().horizontalAdvance(words) <= below.width()
        below.setHeight(px(20) if whole else px(30))
        wrapped = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.drawText(below, left if whole else wrapped, words)
