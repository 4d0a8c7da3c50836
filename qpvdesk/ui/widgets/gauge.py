"""A rate as a bar, with a tick where it is expected to stand."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.progress import Assessment
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.cell_delegate import paint_assessment


class Gauge(QWidget):
    """The bar of one assessment."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "drawing")
        self._theme = theme
        self._assessment: Assessment | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Taux d’avancement")

    def set_assessment(self, assessment: Assessment | None) -> None:
        self._assessment = assessment
        words = "Taux d’avancement" if assessment is None else how_far(assessment).sentence
        self.setAccessibleName(words)
        tip(self, words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._assessment is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(1, self.height() / 2 - 3.5, self.width() - 2, 7)
        paint_assessment(painter, bar, self._assessment, self._theme.look)
