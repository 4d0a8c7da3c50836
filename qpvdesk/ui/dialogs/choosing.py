"""Choosing one thing of the contract among all that has a form: words narrow the list, Enter opens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.french import fold
from qpvdesk.ui.kit.controls import text_line
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.theme import Theme

_DATA = int(Qt.ItemDataRole.UserRole)


class ChoosingDialog(FormDialog):
    """`chosen` says the kind and the key."""

    chosen = Signal(str, str)

    def __init__(
        self,
        theme: Theme,
        things: Sequence[tuple[str, str, str]],
        question: str = "Que faut-il modifier\u202f?",
        parent: QWidget | None = None,
        *,
        act: str = "Modifier…",
    ) -> None:
        """`things`: kind, key, and what is shown. `act`: what is done with the one chosen."""
        super().__init__(question, parent)
        self._things = [(kind, key, words, fold(words)) for kind, key, words in things]
        self._text = text_line("Chercher dans la liste", "Un code, un mot du libellé")
        self._text.textChanged.connect(self._fill)
        self.column.addWidget(self._text)
        self._list = ItemList("Éléments du contrat")
        self._list.setUniformItemSizes(True)
        self._list.itemDoubleClicked.connect(lambda _: self._submit())
        self.column.addWidget(self._list, 1)
        self.foot(act, self._submit)
        self.fit(theme.px(620), theme.px(520))
        self._fill()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the arrows move in the list while the words are typed."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._list.count():
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._list.setCurrentRow(max(0, min(self._list.count() - 1, self._list.currentRow() + step)))
            return
        super().keyPressEvent(event)

    def _fill(self) -> None:
        words = fold(self._text.text()).split()
        self._list.clear()
        for kind, key, title, folded in self._things:
            if all(word in folded for word in words):
                self._list.add(title, (kind, key), hint=title)
        self._list.setCurrentRow(0)

    def _submit(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self.accept()
            self.chosen.emit(*item.data(_DATA))
