"""A ruled page to write on."""

from __future__ import annotations

from reportlab.platypus import Flowable

from qpvdesk.reports.headings import Entry, title
from qpvdesk.reports.style import HEIGHT, RULE, WIDTH, colour
from qpvdesk.reports.tagging import artifact

ENTRY = Entry("notes", "Notes", 0)
_STEP = 25.0


def notes() -> list[Flowable]:
    return [*title(ENTRY), Ruling()]


class Ruling(Flowable):  # type: ignore[misc]
    """Lines to the foot of the page."""

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        self.width, self.height = WIDTH, min(height, HEIGHT) - 1
        return self.width, self.height

    def draw(self) -> None:
        with artifact(self.canv):
            self.canv.setStrokeColor(colour(RULE))
            self.canv.setLineWidth(0.5)
            y = self.height - _STEP
            while y > 0:
                self.canv.line(0, y, self.width, y)
                y -= _STEP
