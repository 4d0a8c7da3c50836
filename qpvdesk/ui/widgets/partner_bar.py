"""One partner's statuses as a stacked bar; pressing it opens the partner's sheet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter

from qpvdesk.domain.first_sight import Bar
from qpvdesk.domain.french import format_number
from qpvdesk.domain.statuses import STATUT_LABELS, STATUT_ORDER, Statut, to_handle
from qpvdesk.ui.kit.painted import PaintedButton
from qpvdesk.ui.kit.tokens import CELL_PT, LABEL_PT, MENTION_PT
from qpvdesk.ui.theme import Theme, colour, status_colour
from qpvdesk.ui.widgets.chart_painter import fill_rect
from qpvdesk.ui.widgets.marks import paint_hatched


class PartnerBar(PaintedButton):
    """Name, bar of the promised objectives by status with their counts, how many are to be handled."""

    wanted, least = (360, 30), 0

    def __init__(self, theme: Theme, shown: Bar, widest: int) -> None:
        super().__init__(theme)
        self.shown = shown
        self._widest = max(widest, 1)
        counts = ", ".join(
            f"{STATUT_LABELS[status].lower()} {count}"
            for status in STATUT_ORDER
            if status is not Statut.SUIVI and (count := shown.counts.get(status, 0))
        )
        self._to_handle = to_handle(shown.counts)
        to_handle_words = (
            f"{format_number(self._to_handle)} à traiter" if self._to_handle else "rien à traiter"
        )
        self.call(f"{shown.partner.name}\u202f: {counts or 'aucun objectif'}", to_handle_words)

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw the name, the bar, the count."""
        px = self._theme.px
        name_width, count_width = px(134), px(46)
        self.pen(painter, CELL_PT, "text", QFont.Weight.Medium)
        room = QRectF(frame.left() + px(6), frame.top(), name_width - px(10), frame.height())
        self.write(painter, room, self.shown.partner.short_name)
        self.pen(painter, CELL_PT, "text" if self._to_handle else "mention", QFont.Weight.DemiBold)
        rate = format_number(self._to_handle)
        room = QRectF(frame.right() - count_width - px(4), frame.top(), count_width, frame.height())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), rate)
        wide = frame.width() - name_width - count_width - px(10)
        self._paint_bar(painter, QRectF(frame.left() + name_width, frame.center().y() - px(8), wide, px(16)))

    def _paint_bar(self, painter: QPainter, room: QRectF) -> None:
        look = self._theme.look
        unit = room.width() / self._widest
        x = room.left()
        painter.setFont(self._theme.font(MENTION_PT, QFont.Weight.DemiBold))
        if not self.shown.objectives:
            painter.setPen(colour(look.mention))
            painter.setFont(self._theme.font(LABEL_PT))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), "Aucun objectif promis")
            return
        for status in STATUT_ORDER:
            count = self.shown.counts.get(status, 0)
            if not count or status is Statut.SUIVI:
                continue
            part = QRectF(x, room.top(), max(unit * count - 1, 2), room.height())
            paint_hatched(painter, part, status, look)
            text = format_number(count)
            width = painter.fontMetrics().horizontalAdvance(text) + 6
            if part.width() >= width:
                hollow = status.value == "non_renseigne"
                patch = QRectF(part.center().x() - width / 2, part.top() + 2, width, part.height() - 4)
                if not hollow:
                    fill_rect(painter, patch, status_colour(look, status))
                painter.setPen(colour(look.text if hollow else look.on_status))
                painter.drawText(part, int(Qt.AlignmentFlag.AlignCenter), text)
            x += unit * count


def by_partner(bars: Sequence[Bar]) -> list[list[str]]:
    """The bars as a table: the titles, then a line a partner."""
    statuses = [status for status in STATUT_ORDER if status is not Statut.SUIVI]
    titles = ["Partenaire", "À traiter", *(STATUT_LABELS[status] for status in statuses)]
    return [
        titles,
        *(
            [
                item.partner.short_name,
                *map(
                    format_number,
                    (to_handle(item.counts), *(item.counts.get(status, 0) for status in statuses)),
                ),
            ]
            for item in bars
        ),
    ]
