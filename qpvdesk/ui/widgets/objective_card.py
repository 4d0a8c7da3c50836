"""One objective of the dashboard: its mark, its words, its small trajectory; pressing it opens it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from qpvdesk.charts.parity import gap_text
from qpvdesk.charts.primitives import Chart, Ink, Text
from qpvdesk.charts.trajectory import trajectory_chart
from qpvdesk.domain.french import format_rate
from qpvdesk.domain.progress import STATUT_LABELS, Assessment
from qpvdesk.domain.situation import Situation
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.chart_painter import paint_chart
from qpvdesk.ui.widgets.marks import paint_status

_UNIT = 96 / 72


class ObjectiveCard(QAbstractButton):
    """Code and partner, label on two lines, status and rate, trajectory."""

    def __init__(
        self, theme: Theme, situation: Situation, assessment: Assessment, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._situation = situation
        self._one = assessment
        self._chart: Chart | None = None
        self._laid: tuple[int, int] = (0, 0)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        objective = assessment.objective
        partner = situation.partner(objective.partner).short_name
        words = (
            f"{objective.code}, {partner}\u202f: {objective.label}. {STATUT_LABELS[assessment.status]}, "
            f"avancement {format_rate(assessment.rate)}, attendu {format_rate(assessment.expected_rate)}"
        )
        self.setAccessibleName(words)
        tip(self, words)

    def sizeHint(self) -> QSize:
        """Five stand side by side."""
        return QSize(self._theme.px(212), self._theme.px(196))

    def minimumSizeHint(self) -> QSize:
        """Five stand side by side in the narrowest window."""
        return QSize(self._theme.px(120), self._theme.px(196))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        del event
        look, px = self._theme.look, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        focused = self.hasFocus()
        painter.setPen(QPen(colour(look.focus if focused else look.border), 2 if focused else 1))
        painter.setBrush(colour(look.hover if self.underMouse() else look.surface))
        painter.drawRoundedRect(frame, 5, 5)
        inner = frame.adjusted(px(10), px(7), -px(10), -px(6))
        objective = self._one.objective
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(self._theme.font(9, QFont.Weight.DemiBold))
        painter.setPen(colour(look.accent))
        head = QRectF(inner.left(), inner.top(), inner.width(), px(18))
        painter.drawText(head, middle, objective.code)
        wide = painter.fontMetrics().horizontalAdvance(objective.code) + px(8)
        painter.setFont(self._theme.font(9))
        painter.setPen(colour(look.mention))
        partner = painter.fontMetrics().elidedText(
            self._situation.partner(objective.partner).short_name,
            Qt.TextElideMode.ElideRight,
            int(inner.width() - wide),
        )
        painter.drawText(head.adjusted(wide, 0, 0, 0), middle, partner)
        painter.setFont(self._theme.font(9.5))
        painter.setPen(colour(look.text))
        self._two_lines(painter, objective.label, QRectF(inner.left(), head.bottom(), inner.width(), px(36)))
        side = px(13)
        state = QRectF(inner.left(), head.bottom() + px(38), inner.width(), px(18))
        mark = QRectF(state.left(), state.center().y() - side / 2, side, side)
        paint_status(painter, mark, self._one.status, look)
        painter.setFont(self._theme.font(9, QFont.Weight.Medium))
        painter.setPen(colour(look.text))
        told = state.adjusted(side + px(6), 0, 0, 0)
        metrics = painter.fontMetrics()
        words = next(
            (said for said in self._states() if metrics.horizontalAdvance(said) <= told.width()),
            STATUT_LABELS[self._one.status],
        )
        painter.drawText(told, middle, words)
        self._draw_chart(
            painter,
            QRectF(
                inner.left(), state.bottom() + px(4), inner.width(), inner.bottom() - state.bottom() - px(4)
            ),
        )

    def _states(self) -> tuple[str, ...]:
        """What may be said of where it stands, the fullest first."""
        word = STATUT_LABELS[self._one.status]
        if self._one.flagged and self._one.gap is not None:
            # Kept or not kept: the gap says how far, a rate of 0 or 100 % would not.
            return f"{word}, {gap_text(self._one)}", f"{word}, {gap_text(self._one, unit=False)}"
        return (f"{word}, {format_rate(self._one.rate)}",) if self._one.rate is not None else (word,)

    def _draw_chart(self, painter: QPainter, room: QRectF) -> None:
        scale = _UNIT * self._theme.zoom
        size = (int(room.width()), int(room.height()))
        if self._chart is None or self._laid != size:
            self._laid = size
            drawn = trajectory_chart(
                self._situation, self._one.objective, size[0] / scale, size[1] / scale, text_size=6.5
            )
            # So small, only the value and the target are named; the rest is read on the objective's page.
            kept = tuple(
                one
                for one in drawn.items
                if not isinstance(one, Text) or not one.halo or one.bold or one.ink is Ink.TEXT
            )
            self._chart = Chart(drawn.width, drawn.height, kept)
        painter.save()
        painter.translate(room.topLeft())
        painter.scale(scale, scale)
        paint_chart(painter, self._chart, self._theme.look)
        painter.restore()

    def _two_lines(self, painter: QPainter, text: str, room: QRectF) -> None:
        layout = QTextLayout(text, painter.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        first = layout.createLine()
        first.setLineWidth(room.width())
        cut = first.textLength()
        layout.endLayout()
        metrics = painter.fontMetrics()
        line = metrics.lineSpacing()
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        painter.drawText(QRectF(room.left(), room.top(), room.width(), line), left, text[:cut].rstrip())
        rest = metrics.elidedText(text[cut:], Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(QRectF(room.left(), room.top() + line, room.width(), line), left, rest)
