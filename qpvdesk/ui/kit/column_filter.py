"""Filtering a column on several of the words it says: a list to tick, which letters narrow."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.french import fold
from qpvdesk.ui.kit.controls import button, text_line
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.selection import ItemList

_DATA = int(Qt.ItemDataRole.UserRole)
_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_WIDTH, _HEIGHT = 380, 440


class ColumnFilterDialog(FormDialog):
    """`chosen` says the words that are let through: none where the column is not to be filtered."""

    chosen = Signal(object)

    def __init__(
        self, title: str, words: Sequence[tuple[str, int]], ticked: Collection[str], parent: QWidget | None
    ) -> None:
        """`words`: each word of the column and how many rows say it; `ticked`: those let through (empty: all)."""
        super().__init__(f"Filtrer\u202f: {title}", parent)
        self._text = text_line("Chercher une valeur de la colonne", "Chercher une valeur")
        self._text.textChanged.connect(self._narrow)
        self.column.addWidget(self._text)
        self._list = ItemList(f"Valeurs\u202f: {title}")
        for value, count in words:
            self._list.add(f"{value or '(vide)'} ({count})", value, ticked=value in ticked)
        self._list.setCurrentRow(0)
        self.column.addWidget(self._list, 1)
        self.foot("Filtrer", self._submit, button("Ne plus filtrer", self._clear))
        self.fit(_WIDTH, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows choose and the space ticks while letters are typed."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            shown = [row for row in range(self._list.count()) if not self._list.item(row).isHidden()]
            if shown:
                here = self._list.currentRow()
                place = shown.index(here) + step if here in shown else 0
                self._list.setCurrentRow(shown[max(0, min(len(shown) - 1, place))])
            self._list.setFocus()
            return
        super().keyPressEvent(event)

    def _narrow(self, text: str) -> None:
        words = fold(text).split()
        first = -1
        for row in range(self._list.count()):
            item = self._list.item(row)
            item.setHidden(not all(word in fold(item.text()) for word in words))
            if first < 0 and not item.isHidden():
                first = row
        self._list.setCurrentRow(first)

    def _submit(self) -> None:
        items = [self._list.item(row) for row in range(self._list.count())]
        ticked = [str(item.data(_DATA)) for item in items if item.checkState() is _ON]
        current = self._list.currentItem()
        if not ticked and current is not None:
            # Nothing ticked: the value under the hand is meant.
            ticked = [str(current.data(_DATA))]
        self.accept()
        self.chosen.emit(ticked)

    def _clear(self) -> None:
        self.accept()
        self.chosen.emit([])
