"""One objective of the dashboard: its mark, its words, its small trajectory; pressing it opens it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QWidget

from qpvdesk.charts.primitives import Chart, Ink, Text
from qpvdesk.charts.trajectory import trajectory_chart
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.progress import STATUT_LABELS, Assessment, status_words
from qpvdesk.domain.scales import scale_word
from qpvdesk.domain.situation import Situation
from qpvdesk.ui.kit.painted import MIDDLE, PaintedButton
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.chart_painter import paint_chart
from qpvdesk.ui.widgets.marks import paint_status

_UNIT = 96 / 72


class ObjectiveCard(PaintedButton):
    """Code and partner, label on two lines, status and rate, trajectory."""

    wanted, least = (212, 196), 120
    boxed, radius = True, 5

    def __init__(
        self, theme: Theme, situation: Situation, assessment: Assessment, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._situation = situation
        self._one = assessment
        self._chart: Chart | None = None
        self._laid: tuple[int, int] = (0, 0)
        objective = assessment.objective
        self._partner = situation.partner(objective.partner).short_name
        self._scale = scale_word(situation, objective)
        self.call(
            f"{objective.code}, {self._partner}, {self._scale}\u202f: {objective.label}. "
            f"{status_words(assessment)}. {how_far(assessment).sentence}"
        )

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw the code and the partner, the label, where it stands, its trajectory."""
        px = self._theme.px
        inner = frame.adjusted(px(10), px(7), -px(10), -px(6))
        objective = self._one.objective
        self.pen(painter, 9, "accent", QFont.Weight.DemiBold)
        head = QRectF(inner.left(), inner.top(), inner.width(), px(18))
        painter.drawText(head, MIDDLE, objective.code)
        wide = painter.fontMetrics().horizontalAdvance(objective.code) + px(8)
        self.pen(painter, 9, "mention")
        self.write(painter, head.adjusted(wide, 0, 0, 0), f"{self._partner} · {self._scale}")
        self.pen(painter, 9.5, "text")
        self._two_lines(painter, objective.label, QRectF(inner.left(), head.bottom(), inner.width(), px(36)))
        side = px(13)
        state = QRectF(inner.left(), head.bottom() + px(38), inner.width(), px(18))
        mark = QRectF(state.left(), state.center().y() - side / 2, side, side)
        paint_status(painter, mark, self._one.status, self._theme.look)
        self.pen(painter, 9, "text", QFont.Weight.Medium)
        room = state.adjusted(side + px(6), 0, 0, 0)
        metrics = painter.fontMetrics()
        words = next(
            (said for said in self._states() if metrics.horizontalAdvance(said) <= room.width()),
            STATUT_LABELS[self._one.status],
        )
        painter.drawText(room, MIDDLE, words)
        top = state.bottom() + px(4)
        self._draw_chart(painter, QRectF(inner.left(), top, inner.width(), inner.bottom() - top))

    def _states(self) -> tuple[str, ...]:
        """What may be said of where it stands, the fullest first."""
        word = status_words(self._one)
        far = how_far(self._one)
        return tuple(
            f"{word}, {more}" for more in (far.rate or far.gap, far.rate or far.bare_gap) if more
        ) or (word,)

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
