"""A chart that is only looked at: laid out for the width it is given, as high as it asks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from qpvdesk.charts.primitives import Chart
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.chart_painter import paint_chart, paint_focus

_UNIT = 96 / 72


class ChartView(QWidget):
    """Shows what `make(width in points)` returns; hidden where that is empty."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "drawing")
        self._theme = theme
        self._make: Callable[[float], Chart] | None = None
        self._chart: Chart | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._relay)

    def show_chart(self, make: Callable[[float], Chart]) -> None:
        self._make = make
        self._relay()

    @property
    def chart(self) -> Chart | None:
        """What is drawn; None before anything is."""
        return self._chart

    def sizeHint(self) -> QSize:
        height = self._chart.height if self._chart else 0
        return QSize(self._theme.px(300), round(height * self._scale()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._relay()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._chart is None:
            return
        painter = QPainter(self)
        painter.scale(self._scale(), self._scale())
        paint_chart(painter, self._chart, self._theme.look)
        if self.hasFocus():
            painter.resetTransform()
            paint_focus(painter, self.rect(), self._theme.look)

    def _scale(self) -> float:
        return _UNIT * self._theme.zoom

    def _relay(self) -> None:
        if self._make is None:
            return
        self._chart = self._make(max(self.width(), 200) / self._scale())
        self.setAccessibleDescription(self._chart.summary)
        self.setVisible(self._chart.height > 0)
        self.setFixedHeight(round(self._chart.height * self._scale()))
        self.update()
