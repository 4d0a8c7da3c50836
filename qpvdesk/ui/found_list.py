"""What the search offers, under its field: pages, commands, things found, places seen lately; icon, words, kind."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6 import QtWidgets
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QWidget

from qpvdesk.domain.statuses import STATUT_LABELS
from qpvdesk.ui.found import Offered
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.tips import tip_item
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.marks import paint_icon, paint_status

ENTRY = int(Qt.ItemDataRole.UserRole)
_HEIGHT, _ICON, _EDGE = 28, 16, 8
"""Pixels at a zoom of 100 %."""
_KIND_LETTERS_MAX = 34


class FoundList(ItemList):
    """Stands over the page; the keyboard stays with the field of the search."""

    def __init__(self, theme: Theme, field: QWidget) -> None:
        super().__init__("Résultats de la recherche", field)
        self._theme = theme
        self.setWindowFlags(Qt.WindowType.ToolTip)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(field)
        self.setItemDelegate(_Line(theme, self))
        self.setUniformItemSizes(True)

    def offer(self, lines: Sequence[Offered], nothing: str, *, doubt: str = "") -> None:
        """Show lines, the first chosen; `nothing`: what is said where there is none; `doubt`: what is said over them where
        none is meant for certain, and none is chosen."""
        self.clear()
        if lines and doubt:
            self._say(doubt)
        for line in lines:
            item = QtWidgets.QListWidgetItem(line.heard)
            tip_item(item, line.tip or line.words)
            item.setData(ENTRY, line)
            self.addItem(item)
        if not lines:
            self._say(nothing)
        self.setCurrentRow(-1 if doubt else 0)

    def _say(self, words: str) -> None:
        item = QtWidgets.QListWidgetItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)

    def unfold(self, field: QWidget) -> None:
        width = max(field.width(), self._theme.px(560))
        corner = field.mapToGlobal(field.rect().bottomRight())
        self.setGeometry(
            corner.x() - width, corner.y() + 3, width, self.count() * self._theme.px(_HEIGHT) + 6
        )
        self.show()

    def step(self, by: int) -> None:
        """Move the choice, round the ends."""
        rows = [row for row in range(self.count()) if self.item(row).flags()]
        if rows:
            at = rows.index(self.currentRow()) if self.currentRow() in rows else min(-by, 0)
            self.setCurrentRow(rows[(at + by) % len(rows)])

    def chosen(self) -> Offered | None:
        """Return the line chosen; None where there is none."""
        item = self.currentItem()
        line = item.data(ENTRY) if item is not None else None
        return line if isinstance(line, Offered) else None


class _Line(QStyledItemDelegate):
    """Icon or status, words, and the kind at the right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, option: QtWidgets.QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(super().sizeHint(option, index).width(), self._theme.px(_HEIGHT))

    def paint(
        self,
        painter: QPainter,
        option: QtWidgets.QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the ground as the style does, then the three parts."""
        line = index.data(ENTRY)
        if not isinstance(line, Offered):
            super().paint(painter, option, index)
            return
        ground = QtWidgets.QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text = ""
        widget = option.widget
        widget.style().drawControl(QtWidgets.QStyle.ControlElement.CE_ItemViewItem, ground, painter, widget)
        look, px = self._theme.look, self._theme.px
        room: QRect = option.rect.adjusted(px(_EDGE), 0, -px(_EDGE), 0)
        square = QRectF(room.left(), room.center().y() - px(_ICON) / 2, px(_ICON), px(_ICON))
        if line.status is not None:
            paint_status(painter, square, line.status, look)
        else:
            paint_icon(painter, line.icon, square, colour(look.mention))
        painter.save()
        metrics = painter.fontMetrics()
        room.setLeft(room.left() + px(_ICON + _EDGE))
        status = f", {STATUT_LABELS[line.status]}" if line.status is not None else ""
        kind = metrics.elidedText(
            f"{line.kind}{status}",
            Qt.TextElideMode.ElideRight,
            metrics.averageCharWidth() * _KIND_LETTERS_MAX,
        )
        painter.setPen(colour(look.mention))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), kind)
        room.setRight(room.right() - metrics.horizontalAdvance(kind) - px(_EDGE))
        painter.setPen(colour(look.text))
        words = metrics.elidedText(line.words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
        painter.restore()
