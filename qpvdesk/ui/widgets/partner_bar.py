"""One partner's statuses as a stacked bar; pressing it opens the partner's sheet."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from qpvdesk.domain.counts import PartnerSummary
from qpvdesk.domain.french import format_number, format_rate, plural
from qpvdesk.domain.progress import STATUT_LABELS, STATUT_ORDER
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.theme import Theme, colour, status_colour
from qpvdesk.ui.widgets.marks import paint_hatched


class PartnerBar(QAbstractButton):
    """Name, bar of the statuses with their counts, mean rate."""

    def __init__(
        self, theme: Theme, summary: PartnerSummary, widest: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.summary = summary
        self._widest = max(widest, 1)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = ", ".join(
            f"{STATUT_LABELS[status].lower()} {count}"
            for status in STATUT_ORDER
            if (count := summary.counts.get(status, 0))
        )
        name = f"{summary.partner.name}\u202f: {said or 'aucun objectif'}"
        self.setAccessibleName(name)
        rate = (
            f"Taux moyen\u202f: {format_rate(summary.mean_rate)}, "
            f"sur {plural(summary.rated, 'objectif', 'objectifs')}"
            if summary.mean_rate is not None
            else "Taux moyen\u202f: pas encore calculable"
        )
        tip(self, name, rate)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(self._theme.px(360), self._theme.px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        del event
        look, px = self._theme.look, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.underMouse() or self.hasFocus():
            painter.setBrush(colour(look.hover) if self.underMouse() else Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(look.focus), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(frame, 4, 4)
        name_width, rate_width = px(134), px(46)
        painter.setFont(self._theme.font(9.5, QFont.Weight.Medium))
        painter.setPen(colour(look.text))
        box = QRectF(frame.left() + px(6), frame.top(), name_width - px(10), frame.height())
        name = painter.fontMetrics().elidedText(
            self.summary.partner.short_name, Qt.TextElideMode.ElideRight, int(box.width())
        )
        left = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(box, left, name)
        painter.setFont(self._theme.font(9.5))
        rate = format_rate(self.summary.mean_rate) if self.summary.mean_rate is not None else "–"
        painter.drawText(
            QRectF(frame.right() - rate_width - px(4), frame.top(), rate_width, frame.height()), right, rate
        )
        self._paint_bar(
            painter,
            QRectF(
                frame.left() + name_width,
                frame.center().y() - px(8),
                frame.width() - name_width - rate_width - px(10),
                px(16),
            ),
        )

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
