"""A line of a list of engagements: its météo, its code, its words."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.model import WEATHER_LABELS, Weather
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.marks import paint_weather


class WeatherLine(LineButton):
    """An engagement; the words of its météo come first in its sentence."""

    def __init__(
        self, theme: Theme, code: str, words: str, weather: Weather | None, *, parent: QWidget | None = None
    ) -> None:
        self._weather = weather or Weather.NON_RENSEIGNEE
        said = f"{words} ({WEATHER_LABELS[self._weather].lower()})" if weather else words
        super().__init__(theme, code, said, None, parent=parent, indent=26)

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw the line, then the pictogram."""
        super().draw(painter, frame)
        px = self._theme.px
        room = QRectF(px(6), self.height() / 2 - px(9), px(18), px(18))
        paint_weather(painter, room, self._weather, self._theme.look)
