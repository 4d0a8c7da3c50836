"""A status in a line of text: mark and word."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from qpvdesk.domain.statuses import STATUT_LABELS, Statut
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import CELL_PT
from qpvdesk.ui.terms import meaning
from qpvdesk.ui.theme import Theme, colour, status_tint
from qpvdesk.ui.widgets.marks import paint_status


class StatusBadge(QWidget):
    """The mark of a status and its word, on its tint."""

    def __init__(self, theme: Theme, status: Statut | None = None) -> None:
        super().__init__()
        self.setProperty("role", "drawing")
        self._theme = theme
        self._status: Statut | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        self.set_status(status)

    def set_status(self, status: Statut | None, words: str = "") -> None:
        """Show another status, in its own words or in others (with the age of its figure); None: nothing."""
        self._status = status
        self._words = words or (STATUT_LABELS[status] if status else "")
        self.setAccessibleName(f"Statut\u202f: {self._words}" if status else "Aucun statut")
        tip(self, meaning(STATUT_LABELS[status]) if status else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = self._theme.px
        if self._status is None:
            return QSize(0, px(22))
        metrics = QFontMetrics(self._theme.font(CELL_PT, QFont.Weight.Medium))
        return QSize(metrics.horizontalAdvance(self._words) + px(36), px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._status is None:
            return
        look, px = self._theme.look, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(status_tint(look, self._status))
        frame = QRectF(self.rect())
        painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2)
        side = px(13)
        paint_status(painter, QRectF(px(8), frame.center().y() - side / 2, side, side), self._status, look)
        painter.setPen(colour(look.text))
        painter.setFont(self._theme.font(CELL_PT, QFont.Weight.Medium))
        painter.drawText(frame.adjusted(px(26), 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), self._words)
