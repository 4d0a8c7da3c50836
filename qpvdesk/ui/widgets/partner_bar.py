"""One partner's statuses as a stacked bar; pressing it opens the partner's sheet."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.counts import PartnerSummary
from qpvdesk.domain.french import format_number
from qpvdesk.domain.how_far import mean_words
from qpvdesk.domain.progress import STATUT_LABELS, STATUT_ORDER
from qpvdesk.ui.kit.painted import PaintedButton
from qpvdesk.ui.theme import Theme, colour, status_colour
from qpvdesk.ui.widgets.marks import paint_hatched


class PartnerBar(PaintedButton):
    """Name, bar of the statuses with their counts, mean rate."""

    wanted, least = (360, 30), 0

    def __init__(
        self, theme: Theme, summary: PartnerSummary, widest: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self.summary = summary
        self._widest = max(widest, 1)
        counts = ", ".join(
            f"{STATUT_LABELS[status].lower()} {count}"
            for status in STATUT_ORDER
            if (count := summary.counts.get(status, 0))
        )
        mean = mean_words(summary) or "pas encore calculable"
        self.call(f"{summary.partner.name}\u202f: {counts or 'aucun objectif'}", f"Taux moyen\u202f: {mean}")

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw the name, the bar, the rate."""
        px = self._theme.px
        name_width, rate_width = px(134), px(46)
        self.pen(painter, 9.5, "text", QFont.Weight.Medium)
        room = QRectF(frame.left() + px(6), frame.top(), name_width - px(10), frame.height())
        self.write(painter, room, self.summary.partner.short_name)
        painter.setFont(self._theme.font(9.5))
        rate = mean_words(self.summary, brief=True) or "–"
        room = QRectF(frame.right() - rate_width - px(4), frame.top(), rate_width, frame.height())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), rate)
        wide = frame.width() - name_width - rate_width - px(10)
        self._paint_bar(painter, QRectF(frame.left() + name_width, frame.center().y() - px(8), wide, px(16)))

    def _paint_bar(self, painter: QPainter, room: QRectF) -> None:
        look = self._theme.look
        unit = room.width() / self._widest
        x = room.left()
        painter.setFont(self._theme.font(8.5, QFont.Weight.DemiBold))
        if not sum(self.summary.counts.values()):
            painter.setPen(colour(look.mention))
            painter.setFont(self._theme.font(9))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), "Aucun objectif chiffré")
            return
        for status in STATUT_ORDER:
            count = self.summary.counts.get(status, 0)
            if not count:
                continue
            part = QRectF(x, room.top(), max(unit * count - 1, 2), room.height())
            paint_hatched(painter, part, status, look)
            text = format_number(count)
            width = painter.fontMetrics().horizontalAdvance(text) + 6
            if part.width() >= width:
                hollow = status.value == "non_renseigne"
                patch = QRectF(part.center().x() - width / 2, part.top() + 2, width, part.height() - 4)
                if not hollow:
                    painter.fillRect(patch, status_colour(look, status))
                painter.setPen(colour(look.text if hollow else look.on_status))
                painter.drawText(part, int(Qt.AlignmentFlag.AlignCenter), text)
            x += unit * count
