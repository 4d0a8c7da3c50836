"""A tile for each status."""

from __future__ import annotations

from reportlab.platypus import Flowable

from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.primitives import Ink, Mark
from qpvdesk.domain.french import NNBSP, format_number
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import STATUT_ORDER
from qpvdesk.reports.painter import paint_mark, paint_rect
from qpvdesk.reports.style import (
    BOLD,
    REGULAR,
    SMALL,
    ink,
)
from qpvdesk.reports.tagging import tagged
from qpvdesk.reports.text_cell import break_lines


class Tiles(Flowable):  # type: ignore[misc]
    """A tile for each status: its hatching, how many, its mark and its word."""

    def __init__(self, situation: Situation, width: float) -> None:
        super().__init__()
        self.width, self.height = width, 64.0
        self._counts = situation.counts

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says: how many in each status."""
        return tuple(
            f"{STATUS_MARKS[status].word}{NNBSP}: {format_number(self._counts.get(status, 0))}"
            for status in STATUT_ORDER
        )

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        with tagged(self.canv, "P", said="\n".join(self.texts)):
            self._draw()

    def _draw(self) -> None:
        canvas = self.canv
        gap = 6.0
        room = (self.width - gap * (len(STATUT_ORDER) - 1)) / len(STATUT_ORDER)
        for index, status in enumerate(STATUT_ORDER):
            look = STATUS_MARKS[status]
            x = index * (room + gap)
            count = self._counts.get(status, 0)
            paint_rect(canvas, look.rect(x, self.height - 5, room, 5))
            canvas.setFont(BOLD, 21)
            canvas.setFillColor(ink(Ink.TEXT if count else Ink.AXIS))
            canvas.drawString(x, self.height - 29, format_number(count))
            paint_mark(canvas, Mark(x + room - 6, self.height - 21.5, 9, look.shape, look.ink))
            canvas.setFont(REGULAR, SMALL)
            canvas.setFillColor(ink(Ink.TEXT))
            for row, word in enumerate(break_lines(look.word, REGULAR, SMALL, room)):
                canvas.drawString(x, self.height - 41 - row * 9, word)
