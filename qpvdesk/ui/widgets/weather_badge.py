"""A météo in a line of text: pictogram and words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from qpvdesk.domain.model import WEATHER_LABELS, Weather
from qpvdesk.ui.kit.tokens import BODY_PT
from qpvdesk.ui.terms import explain
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.marks import paint_weather


class WeatherBadge(QWidget):
    """Pictogram and words of a météo."""

    def __init__(self, theme: Theme, weather: Weather, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "drawing")
        self._theme = theme
        self._weather = weather
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        explain(self, "Météo")
        self.setAccessibleName(f"Météo\u202f: {WEATHER_LABELS[weather]}")

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        px = self._theme.px
        painter = QPainter(self)
        paint_weather(painter, QRectF(0, 1, px(24), px(24)), self._weather, self._theme.look)
        painter.setPen(colour(self._theme.look.text))
        painter.setFont(self._theme.font(BODY_PT, QFont.Weight.Medium))
        room = QRectF(px(32), 0, self.width() - px(32), self.height())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), WEATHER_LABELS[self._weather])
