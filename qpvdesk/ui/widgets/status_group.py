"""The tiles of the statuses that ask for the same thing, under their name and sum; pressing one filters the list."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.french import format_number, plural, raised
from qpvdesk.domain.statuses import GROUPS, STATUT_LABELS, Group, Statut
from qpvdesk.ui.kit.painted import MIDDLE, PaintedButton
from qpvdesk.ui.kit.tokens import HAIR, LABEL_PT, LEAD_PT, SNUG, TITLE_PT, in_row, stacked
from qpvdesk.ui.terms import meaning
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.marks import paint_status

_SMALL_PT = 8


class StatusTile(PaintedButton):
    """Mark, figure and word of one status; eight of them hold in the narrowest window."""

    wanted, least = (108, 56), 76
    boxed, radius = True, 6

    def __init__(self, theme: Theme, status: Statut) -> None:
        super().__init__(theme)
        self.status = status
        self._count = 0
        theme.changed.connect(self.updateGeometry)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        self._count = count
        word = STATUT_LABELS[self.status]
        self.call(
            f"{word}\u202f: {plural(count, 'objectif', 'objectifs')}",
            meaning(word),
            hint="Cliquez pour en voir la liste.",
        )

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        """Draw the figure, the mark at its right, the word below."""
        px, ink = self._theme.px, "text" if self._count else "mention"
        self.pen(painter, TITLE_PT, ink, QFont.Weight.DemiBold)
        words = STATUT_LABELS[self.status]
        below = QRectF(frame.left() + px(10), frame.top() + px(29), frame.width() - px(14), px(20))
        points = next((size for size in (LABEL_PT, _SMALL_PT) if self._wide(size) <= below.width()), None)
        # Two lines below take the air about the figure.
        air, high = (3, 26) if points is not None else (1, 22)
        top = QRectF(frame.left() + px(10), frame.top() + px(air), frame.width() - px(20), px(high))
        painter.drawText(top, MIDDLE, format_number(self._count))
        side = px(14)
        mark = QRectF(top.right() - side, top.center().y() - side / 2, side, side)
        paint_status(painter, mark, self.status, self._theme.look)
        self.pen(painter, points or _SMALL_PT, ink)
        if points is not None:
            painter.drawText(below, MIDDLE, words)
            return
        # Two short lines rather than the beginning of one.
        below = QRectF(below.left(), frame.top() + px(25), below.width(), frame.height() - px(25))
        painter.drawText(below, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop), words)

    def _wide(self, points: float) -> float:
        """What its word takes on one line of that size, in pixels."""
        return QFontMetricsF(self._theme.font(points)).horizontalAdvance(STATUT_LABELS[self.status])


_INK = {Group.A_TRAITER: "error", Group.A_RENSEIGNER: "text", Group.VA_BIEN: "success"}


class StatusGroup(QWidget):
    """A heading that leads to all of them, and a tile for each status."""

    asked = Signal(str)
    """Value of a status, or name of the group."""

    def __init__(self, theme: Theme, group: Group) -> None:
        super().__init__()
        self.statuses = GROUPS[group]
        column = stacked(on=self, spacing=HAIR)
        self._head = _GroupHead(theme, group)
        self._head.clicked.connect(lambda: self.asked.emit(group.name.lower()))
        column.addWidget(self._head)
        row = in_row(spacing=SNUG)
        column.addLayout(row)
        self.tiles = tuple(StatusTile(theme, status) for status in self.statuses)
        for tile in self.tiles:
            tile.clicked.connect(lambda _=False, status=tile.status: self.asked.emit(status.value))
            row.addWidget(tile)

    def set_counts(self, counts: Mapping[Statut, int], old: Mapping[Statut, int]) -> None:
        """Show other figures. `old`: how many of them rest on a value older than its frequency."""
        self._head.set_count(
            *(sum(some.get(status, 0) for status in self.statuses) for some in (counts, old))
        )
        for tile in self.tiles:
            tile.set_count(counts.get(tile.status, 0))


_HEARD = {
    Group.A_TRAITER: ("objectif à traiter", "objectifs à traiter"),
    Group.A_RENSEIGNER: ("objectif à renseigner", "objectifs à renseigner"),
    Group.VA_BIEN: ("objectif va bien", "objectifs vont bien"),
    Group.SUIVI: ("chiffre suivi", "chiffres suivis"),
}
"""What is heard of a group, of one and of several."""


class _GroupHead(PaintedButton):
    """`À traiter : 12`."""

    wanted, least = (140, 24), 80

    def __init__(self, theme: Theme, group: Group) -> None:
        super().__init__(theme)
        self._group = group
        self._count = self._old = 0
        theme.changed.connect(self.updateGeometry)
        self.set_count(0, 0)

    def set_count(self, count: int, old: int) -> None:
        self._count, self._old = count, old
        self.call(
            plural(count, *_HEARD[self._group]),
            "Somme des nombres écrits dessous.",
            f"{plural(old, 'repose', 'reposent')} sur un chiffre plus vieux que sa fréquence." if old else "",
            hint="Cliquez pour en voir la liste.",
        )

    def draw(self, painter: QPainter, frame: QRectF) -> None:
        self.pen(painter, LEAD_PT, _INK[self._group] if self._count else "mention", QFont.Weight.DemiBold)
        room = frame.adjusted(self._theme.px(4), 0, 0, 0)
        words = f"{raised(self._group.value)}\u202f: {format_number(self._count)}"
        painter.drawText(room, MIDDLE, words)
        if self._old:
            room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(words) + self._theme.px(8))
            self.pen(painter, LABEL_PT, "mention")
            self.write(painter, room, f"dont {plural(self._old, 'chiffre ancien', 'chiffres anciens')}")
