"""Where a paper is signed."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable

from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.french import NNBSP
from qpvdesk.reports.style import MEDIUM, REGULAR, RULE, TABLE, WIDTH, colour, ink, span
from qpvdesk.reports.tagging import tagged

SIGNED_LINES, SIGNED = ("Fonction", "Fait à", "Le"), "Signature"
"""What who signs fills in, and what stands where the hand goes."""


class Signatures(Flowable):  # type: ignore[misc]
    """Frames to sign in, side by side, never cut."""

    HEIGHT = 138.0
    """A hand and a stamp find room under the lines to fill in."""

    def __init__(self, names: Sequence[str]) -> None:
        """`names`: who signs in each, two at most."""
        super().__init__()
        self.names = tuple(names)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(f"{name}{NNBSP}: fonction, lieu, date et signature" for name in self.names)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        self.width, self.height = WIDTH, self.HEIGHT
        return self.width, self.height

    def draw(self) -> None:
        with tagged(self.canv, "P", text=". ".join(self.texts)):
            for index, name in enumerate(self.names):
                self._sign(name, index * (WIDTH - span(6)))

    def _sign(self, name: str, x: float) -> None:
        canvas, top = self.canv, self.HEIGHT
        canvas.setStrokeColor(colour(RULE))
        canvas.setLineWidth(0.8)
        canvas.rect(x, 1, span(6), top - 2, stroke=1, fill=0)
        canvas.setFont(MEDIUM, TABLE)
        canvas.setFillColor(ink(Ink.TEXT))
        canvas.drawString(x + 8, top - 15, name)
        canvas.setFont(REGULAR, TABLE)
        canvas.setFillColor(ink(Ink.MENTION))
        for row, words in enumerate(SIGNED_LINES):
            y = top - 31 - row * 14
            canvas.drawString(x + 8, y, words)
            canvas.setLineWidth(0.5)
            canvas.line(x + 46, y - 2, x + span(6) - 8, y - 2)
        canvas.drawString(x + 8, 9, SIGNED)
