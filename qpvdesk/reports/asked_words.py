"""A line to write on by hand, on a paper whose words are asked for."""

from __future__ import annotations

from reportlab.platypus import Flowable

from qpvdesk.charts.primitives import Ink
from qpvdesk.reports.style import REGULAR, RULE, SMALL, colour, ink
from qpvdesk.reports.tagging import artifact, tagged
from qpvdesk.reports.text import line


class AskedWords(Flowable):  # type: ignore[misc]
    """A line to write on, under what it asks for."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    @property
    def texts(self) -> tuple[str, ...]:
        """What it asks for."""
        return (line(self._words),)

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width, self.height = width, 30.0
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        with tagged(canvas, "P"):
            canvas.setFont(REGULAR, SMALL)
            canvas.setFillColor(ink(Ink.MENTION))
            canvas.drawString(0, self.height - 8, self.texts[0])
        with artifact(canvas):
            canvas.setStrokeColor(colour(RULE))
            canvas.setLineWidth(0.6)
            canvas.line(0, 6, self.width, 6)
