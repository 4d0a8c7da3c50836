"""The headers of a table: a click sorts, a click in the corner filters; what is filtered bears a mark."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPalette, QPolygonF
from PySide6.QtWidgets import QHeaderView, QWidget

from qpvdesk.ui.models.table import TableModel

_CORNER = 16
"""Pixels of the corner, each way."""
_EDGE = 4
"""Pixels at the border of a column that the hand takes to make it wider."""


class FilterHeader(QHeaderView):
    """The mark is drawn full where the column is filtered, and in outline under the mouse."""

    filter_asked = Signal(int)
    """A column is to be filtered."""

    def __init__(self, model: TableModel[object], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rows = model
        self.setMouseTracking(True)
        self._under = -1

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N802, N803
        """Draw the title, then the mark."""
        painter.save()
        super().paintSection(painter, rect, logicalIndex)
        painter.restore()
        filtered = self._rows.columns[logicalIndex].title in self._rows.chosen
        if not filtered and logicalIndex != self._under:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole.Highlight if filtered else QPalette.ColorRole.PlaceholderText
        color = self.palette().color(role)
        painter.setPen(color)
        painter.setBrush(color if filtered else Qt.BrushStyle.NoBrush)
        right, foot = rect.right() - _EDGE, rect.bottom() - 3
        painter.drawPolygon(
            QPolygonF([QPointF(right - 8, foot - 5), QPointF(right, foot - 5), QPointF(right - 4, foot)])
        )
        painter.restore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.logicalIndexAt(event.position().toPoint()))

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)  # type: ignore[arg-type]
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Filter where the corner is pressed; else sort, move, widen."""
        place = self.logicalIndexAt(event.position().toPoint())
        if place >= 0 and event.button() is Qt.MouseButton.LeftButton:
            end = self.sectionViewportPosition(place) + self.sectionSize(place) - event.position().x()
            if _EDGE <= end <= _CORNER and event.position().y() > self.height() - _CORNER:
                self.filter_asked.emit(place)
                return
        super().mousePressEvent(event)

    def _hover(self, place: int) -> None:
        if place != self._under:
            self._under = place
            self.viewport().update()
