"""The legend of the statuses: swatch as in the bars, mark as in the tables, word."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from qpvdesk.domain.statuses import STATUT_LABELS, Statut
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import MENTION_PT
from qpvdesk.ui.terms import meaning
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.marks import paint_hatched


class Legend(QWidget):
    """The statuses in use, flowing over as many lines as the width wants."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "drawing")
        self._theme = theme
        self._statuses: tuple[Statut, ...] = ()
        self._words: tuple[object, list[float]] = ((), [])
        """How wide the words are, with what that rests on: Qt asks a hundred times for one layout."""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Légende des statuts")

    def set_statuses(self, statuses: Sequence[Statut]) -> None:
        self._statuses = tuple(statuses)
        names = [STATUT_LABELS[status] for status in self._statuses]
        tip(self, *(f"{name}\u202f: {meaning(name)}" for name in names))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Its height follows from its width."""
        return True

    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return int(places[-1].bottom()) + 2 if places else 0

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(300), self.heightForWidth(self._theme.px(380)))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        look, px = self._theme.look, self._theme.px
        painter.setFont(self._theme.font(MENTION_PT))
        for status, place in zip(self._statuses, self._places(self.width()), strict=True):
            swatch = QRectF(place.left(), place.center().y() - px(5), px(16), px(10))
            paint_hatched(painter, swatch, status, look)
            painter.setPen(colour(look.mention))
            painter.drawText(
                place.adjusted(px(21), 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), STATUT_LABELS[status]
            )

    def _places(self, width: int) -> list[QRectF]:
        px = self._theme.px
        grounds = (self._statuses, self._theme.zoom)
        if self._words[0] != grounds:
            metrics = QFontMetricsF(self._theme.font(MENTION_PT))
            words = [metrics.horizontalAdvance(STATUT_LABELS[status]) for status in self._statuses]
            self._words = (grounds, words)
        places: list[QRectF] = []
        x = y = 0.0
        for words_wide in self._words[1]:
            wide = px(21) + words_wide + px(14)
            if x and x + wide > width:
                x, y = 0.0, y + px(18)
            places.append(QRectF(x, y, wide, px(18)))
            x += wide
        return places
