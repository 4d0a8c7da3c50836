"""An objective to handle, in two lines: its name, how far it is of what is expected, and what still lacks."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.ages import age_words
from qpvdesk.domain.french import format_date
from qpvdesk.domain.how_far import against_words, how_far, lack_words
from qpvdesk.domain.progress import Assessment, status_words
from qpvdesk.domain.scales import scale_word
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.told import called
from qpvdesk.ui.kit.painted import PaintedButton
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.cell_delegate import paint_gauge
from qpvdesk.ui.widgets.marks import paint_status

_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_FIGURES = 168
"""Room for the figures, in pixels at a zoom of 100 %."""


class AttentionLine(PaintedButton):
    """Mark, name, value against target; partner, scale, what lacks, and the gap bar."""

    wanted, least = (420, 44), 260

    def __init__(
        self, theme: Theme, situation: Situation, assessment: Assessment, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self.assessment = assessment
        objective = assessment.objective
        far = how_far(assessment)
        lack = lack_words(assessment)
        partner, scale = situation.partner(objective.partner).short_name, scale_word(situation, objective)
        whose = f"{partner} · {scale}"
        age = f"chiffre de {age_words(assessment.value_day, assessment.day)}" if assessment.value_day else ""
        # Where there is no room for all, what lacks and how old the figure is are said first.
        self._wordings = [" · ".join(filter(None, (first, lack, age))) for first in (whose, scale, "")]
        self._value = against_words(assessment)
        expected = f", attendu {far.expected}" if far.expected else ""
        self._far = f"{far.rate}{expected}" if far.rate else f"écart {far.gap}" if far.gap else far.kept
        self.call(
            f"{called(objective)}, {whose}\u202f: {status_words(assessment)}, {self._value}, {self._far}",
            lack[:1].upper() + lack[1:],
            f"Valeur au {format_date(assessment.value_day)}." if assessment.value_day else "",
        )

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw the two lines."""
        px, look = self._theme.px, self._theme.look
        side, half = px(13), frame.height() / 2
        left, wide = frame.left() + px(5), px(_FIGURES)
        upper = QRectF(left, frame.top() + px(1), frame.right() - left - px(5), half)
        lower = upper.translated(0, half - px(3))
        paint_status(
            painter,
            QRectF(left, upper.center().y() - side / 2, side, side),
            self.assessment.status,
            look,
        )
        indent = side + px(7)
        self.pen(painter, 9.5, "text", QFont.Weight.Medium)
        self.write(painter, upper.adjusted(indent, 0, -wide - px(8), 0), self.assessment.objective.label)
        self.pen(painter, 9.5, "text", QFont.Weight.DemiBold)
        painter.drawText(upper, _RIGHT, self._fitting(painter, self._value, wide))
        self.pen(painter, 8.5, "mention")
        room, advance = lower.adjusted(indent, 0, -wide - px(8), 0), painter.fontMetrics().horizontalAdvance
        fitting = (words for words in self._wordings if advance(words) <= room.width())
        self.write(painter, room, next(fitting, self._wordings[-1]))
        painter.drawText(lower, _RIGHT, self._far)
        if how_far(self.assessment).rate:
            told = painter.fontMetrics().horizontalAdvance(self._far)
            bar = QRectF(lower.right() - wide, lower.center().y() - px(3), max(wide - told - px(8), 0), px(6))
            paint_gauge(painter, bar, self.assessment, look)

    @staticmethod
    def _fitting(painter: QPainter, words: str, wide: int) -> str:
        return painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, wide)
