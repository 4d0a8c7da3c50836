"""The one delegate of the tables: status with its mark and word, rate as a bar and a figure, météo."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from PySide6 import QtWidgets
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QStyledItemDelegate, QWidget

from qpvdesk.domain.french import NBSP
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.model import WEATHER_LABELS, Weather
from qpvdesk.domain.progress import Assessment, status_words
from qpvdesk.domain.statuses import STATUT_LABELS
from qpvdesk.ui.kit.painted import draw_words
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import CELL_PT
from qpvdesk.ui.models.table import ROW_ROLE
from qpvdesk.ui.theme import Look, Theme, colour
from qpvdesk.ui.widgets.marks import paint_clock, paint_gauge, paint_status, paint_weather

Index = QModelIndex | QPersistentModelIndex


STATUS_MARK, WEATHER_MARK = 1.1, 1.4
"""How many heights of a line a mark takes with the gap to its words: 13 + 6 and 18 + 6 pixels, at 100 %."""


class Cell(StrEnum):
    """What a painted cell shows."""

    STATUS = "status"
    RATE = "rate"
    WEATHER = "weather"


class CellDelegate(QStyledItemDelegate):
    """Paints the cells of one kind; rows have an attribute `assessment`, `status` or `weather`."""

    def __init__(
        self,
        theme: Theme,
        kind: Cell,
        parent: QObject | None = None,
        *,
        of: Callable[[Any], Any] = lambda row: row,
    ) -> None:
        """`of` returns what has the attribute, where it is not the row itself; None: the cell's own words stand."""
        super().__init__(parent)
        self._of = of
        self._theme = theme
        self._kind = kind

    def paint(self, painter: QPainter, option: QtWidgets.QStyleOptionViewItem, index: Index) -> None:
        """Draw the background as the style does, then the cell."""
        plain = QtWidgets.QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        row = self._of(index.data(ROW_ROLE))
        if row is None:
            super().paint(painter, option, index)
            return
        plain.text = ""
        widget: QWidget | None = option.widget
        style = widget.style() if widget is not None else QApplication.style()
        style.drawControl(QtWidgets.QStyle.ControlElement.CE_ItemViewItem, plain, painter, widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(CELL_PT))
        painter.setPen(colour(self._theme.look.text))
        room = option.rect.adjusted(self._theme.px(9), 0, -self._theme.px(9), 0)
        if self._kind is Cell.RATE:
            self._paint_rate(painter, room, row.assessment)
        elif self._kind is Cell.STATUS:
            self._paint_status(painter, room, getattr(row, "assessment", row), str(index.data()))
        else:
            self._paint_weather(painter, room, row.weather)
        painter.restore()

    def sizeHint(self, option: QtWidgets.QStyleOptionViewItem, index: Index) -> QSize:
        del option, index
        return QSize(self._theme.px(110), self._theme.px(28))

    def _paint_status(self, painter: QPainter, room: QRect, row: Assessment, text: str) -> None:
        side = self._theme.px(13)
        mark = QRectF(room.left(), room.center().y() - side / 2 + 0.5, side, side)
        paint_status(painter, mark, row.status, self._theme.look)
        room = room.adjusted(side + self._theme.px(6), 0, 0, 0)
        if row.outdated:
            clock = QRectF(room.right() - side, mark.top(), side, side)
            paint_clock(painter, clock, self._theme.look)
            room.setRight(int(clock.left()) - self._theme.px(2))
        words = status_words(row)
        fits = painter.fontMetrics().horizontalAdvance(words) <= room.width()
        more = text.removeprefix(words) if text.startswith(words) else ""
        draw_words(painter, room, (words if fits else STATUT_LABELS[row.status]) + more)

    def _paint_weather(self, painter: QPainter, room: QRect, weather: Weather) -> None:
        side = self._theme.px(18)
        mark = QRectF(room.left(), room.center().y() - side / 2 + 0.5, side, side)
        paint_weather(painter, mark, weather, self._theme.look)
        draw_words(painter, room.adjusted(side + self._theme.px(6), 0, 0, 0), WEATHER_LABELS[weather])

    def _paint_rate(self, painter: QPainter, room: QRect, row: Assessment) -> None:
        px = self._theme.px
        words = rate_or_gap(row)
        if row.flagged:
            # Kept or not kept: a bar would look like a path half gone.
            draw_words(painter, room, words)
            return
        wide = px(50)
        painter.setPen(colour(self._theme.look.text if row.rate is not None else self._theme.look.mention))
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(QRect(room.right() - wide, room.top(), wide, room.height()), right, words or "–")
        if row.rate is None:
            # An empty bar would look like a path of which nothing is gone.
            return
        bar = QRectF(room.left(), room.center().y() - px(3) + 0.5, room.width() - wide - px(6), px(7))
        paint_assessment(painter, bar, row, self._theme.look)


def rate_or_gap(assessment: Assessment) -> str:
    """How far it is in a few words that may stand on two lines: the rate, the gap of what is kept or not; empty where
    nothing tells it."""
    far = how_far(assessment)
    if assessment.flagged:
        return f"écart {far.gap.replace(NBSP, ' ')}" if far.gap else far.kept
    return far.rate


def paint_assessment(painter: QPainter, bar: QRectF, assessment: Assessment, look: Look) -> None:
    """Draw how far an objective is."""
    done, expected = (
        None if share is None else float(share) for share in (assessment.gauge, assessment.expected_rate)
    )
    paint_gauge(painter, bar, done, expected, status=assessment.status, look=look)


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
