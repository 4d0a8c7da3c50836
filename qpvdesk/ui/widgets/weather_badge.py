"""A météo with its words: on its own, or in a line of a list of engagements."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from qpvdesk.domain.model import WEATHER_LABELS, Weather
from qpvdesk.ui.kit.tokens import BODY_PT
from qpvdesk.ui.terms import explain
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.marks import paint_weather


class WeatherBadge(QWidget):
    """Pictogram and words of a météo."""

    def __init__(self, theme: Theme, weather: Weather) -> None:
        super().__init__()
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


class WeatherLine(LineButton):
    """An engagement; the words of its météo come first in its sentence."""

    def __init__(self, theme: Theme, code: str, words: str, weather: Weather | None) -> None:
        self._weather = weather or Weather.NON_RENSEIGNEE
        title = f"{words} ({WEATHER_LABELS[self._weather].lower()})" if weather else words
        super().__init__(theme, code, title, None, indent=26)

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw the line, then the pictogram."""
        super().draw(painter, frame)
        px = self._theme.px
        room = QRectF(px(6), self.height() / 2 - px(9), px(18), px(18))
        paint_weather(painter, room, self._weather, self._theme.look)
