"""What the hatchings and the marks of statuses mean, beside what is drawn with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

from qpvdesk.charts.bars import BAR_ORDER
from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.primitives import Ink, Mark
from qpvdesk.domain.french import NBSP
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports.cells import SmallCell
from qpvdesk.reports.painter import paint_mark, paint_rect
from qpvdesk.reports.style import REGULAR, SMALL, ink, text_width
from qpvdesk.reports.tagging import tagged


class Legend(SmallCell):
    """Every status with its hatching and its word, on one line where they fit; how many there are of each, where counted."""

    _SWATCH, _GAP, _GAP_MAX, _LINE = 10.5, 10.0, 24.0, 10.5

    def __init__(
        self, width: float, statuses: Sequence[Statut] = BAR_ORDER, counts: Mapping[Statut, int] | None = None
    ) -> None:
        self.words = tuple(
            STATUS_MARKS[item].word + (f"{NBSP}{counts[item]}" if counts else "") for item in statuses
        )
        """What stands beside each hatching."""
        rooms = [self._SWATCH + text_width(word, REGULAR, SMALL) for word in self.words]
        gap = min((width - sum(rooms)) / max(1, len(rooms) - 1), self._GAP_MAX)
        lines = 1 if gap >= self._GAP else ceil(len(rooms) / max(1, int(width / (max(rooms) + self._GAP))))
        a_line = ceil(len(rooms) / lines)
        places = [sum(rooms[:index]) + gap * index for index in range(len(rooms))]
        if lines > 1:
            # Column under column.
            places = [index % a_line * width / a_line for index in range(len(rooms))]
        self._places = [
            (status, x, index // a_line)
            for index, (status, x) in enumerate(zip(statuses, places, strict=True))
        ]
        super().__init__(width, self._LINE * lines)
        # It touches neither the bars nor what is said of them.
        self.spaceBefore, self.spaceAfter = 1.0, 4.0

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says where it cannot be drawn: nothing."""
        return ()

    def draw(self) -> None:
        with tagged(self.canv, "P"):
            self._draw()

    def _draw(self) -> None:
        canvas = self.canv
        for word, (status, x, at) in zip(self.words, self._places, strict=True):
            look, y = STATUS_MARKS[status], self.height - self._LINE * (1 + at)
            paint_rect(canvas, look.rect(x, y + 1.5, 8, 7))
            canvas.setFont(REGULAR, SMALL)
            canvas.setFillColor(ink(Ink.TEXT))
            canvas.drawString(x + self._SWATCH, y + 2.3, word)


class Swatch(SmallCell):
    """The mark and the hatching of a status side by side."""

    def __init__(self, status: Statut) -> None:
        super().__init__(44, 10.2)
        self.status = status

    @property
    def texts(self) -> tuple[str, ...]:
        return ()

    def draw(self) -> None:
        look = STATUS_MARKS[self.status]
        paint_mark(self.canv, Mark(5, 4.6, 9, look.shape, look.ink))
        paint_rect(self.canv, look.rect(16, 0.8, 26, 8))
