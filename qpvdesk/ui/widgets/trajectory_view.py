"""The trajectory of one objective: hover says a measurement, a click or Enter corrects it, arrows walk."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from qpvdesk.charts.primitives import Chart
from qpvdesk.charts.trajectory import trajectory_chart, trajectory_grounds
from qpvdesk.domain.how_far import message_words
from qpvdesk.domain.situation import Situation
from qpvdesk.ui.kit.tips import show_tip
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.chart_painter import ChartPicture, paint_focus
from qpvdesk.ui.widgets.told_chart import offer_copies

_UNIT = 96 / 72
"""Device-independent pixels in a point of the chart."""


class TrajectoryView(QWidget):
    """One chart, laid out anew when its size, its picture or the zoom changes."""

    measurement_asked = Signal(str)
    """Key of the measurement to correct."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "drawing")
        self._theme = theme
        self._situation: Situation | None = None
        self._key = ""
        self._chart: Chart | None = None
        self._grounds: tuple[object, ...] = ()
        self._picture = ChartPicture()
        self._at = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Trajectoire")
        offer_copies(self, lambda: self._chart, self._titles)
        theme.changed.connect(self._relay)

    def show_objective(self, situation: Situation, key: str) -> None:
        self._situation = situation
        self._key = key
        self._at = -1
        self._relay()

    def sizeHint(self) -> QSize:
        """A third higher than a line of text is long."""
        return QSize(self._theme.px(420), self._theme.px(220))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._relay()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chart, and a ring round the measurement in hand."""
        del event
        chart = self._chart
        if chart is None:
            return
        look = self._theme.look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self._scale()
        self._picture.paint(painter, chart, look, scale)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if 0 <= self._at < len(chart.hits):
            hit = chart.hits[self._at]
            painter.setPen(QPen(colour(look.focus), 2))
            painter.drawEllipse(QPointF(hit.x * scale, hit.y * scale), 8, 8)
        if self.hasFocus():
            paint_focus(painter, self.rect(), look)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._under(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if at >= 0 else Qt.CursorShape.ArrowCursor)
        if at != self._at:
            self._at = at
            self.update()
            if at >= 0 and self._chart is not None:
                words = f"{self._chart.hits[at].text}\nCliquez pour corriger"
                show_tip(event.globalPosition().toPoint(), self, words)
            else:
                show_tip(QPoint(), self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Correct the measurement under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask(self._under(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the measurements with the arrows, correct one with Enter."""
        count = len(self._chart.hits) if self._chart else 0
        key = event.key()
        if count and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            self._at = min(count - 1, max(0, self._at + step)) if self._at >= 0 else count - 1
            self._say()
        elif count and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._at >= 0:
            self._ask(self._at)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._at = -1
        super().focusOutEvent(event)

    def _titles(self) -> tuple[str, ...]:
        if self._situation is None or self._key not in self._situation.assessments:
            return ()
        assessment = self._situation.assessments[self._key]
        objective = assessment.objective
        return f"{objective.code} · {objective.label}", message_words(assessment)

    def _scale(self) -> float:
        return _UNIT * self._theme.chart_zoom

    def _relay(self) -> None:
        if self._situation is None or self._key not in self._situation.assessments or self.width() < 40:
            return
        room = self.width() / self._scale(), self.height() / self._scale()
        objective = self._situation.objective(self._key)
        grounds = *room, *trajectory_grounds(self._situation, objective)
        if self._chart is None or grounds != self._grounds:
            self._grounds = grounds
            self._chart = trajectory_chart(self._situation, objective, *room, text_size=7.5)
        self.setAccessibleDescription(self._chart.summary)
        self.update()

    def _under(self, where: QPointF) -> int:
        if self._chart is None:
            return -1
        scale = self._scale()
        hit = self._chart.hit(where.x() / scale, where.y() / scale)
        return self._chart.hits.index(hit) if hit else -1

    def _say(self) -> None:
        assert self._chart is not None
        hit = self._chart.hits[self._at]
        scale = self._scale()
        corner = self.mapToGlobal(QPointF(hit.x * scale, hit.y * scale)).toPoint()
        show_tip(corner, self, f"{hit.text}\nEntrée pour corriger")
        self.setAccessibleDescription(hit.text)
        self.update()

    def _ask(self, at: int) -> None:
        if self._chart is not None and at >= 0:
            self.measurement_asked.emit(self._chart.hits[at].key)
