"""A list of names in which one is found by typing how it begins."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy

from qpvdesk.domain.french import fold
from qpvdesk.ui.widgets.choice_combo import ElidedCombo

_TYPING_MS = 1500
"""A pause after which what is typed in a list begins anew."""


class NameCombo(ElidedCombo):
    """One types the beginning of a name, spaces and all; Enter goes on to what the list filters, and so does a figure, which
    begins no name."""

    entered = Signal()
    figured = Signal(object)
    """The `QKeyEvent` of a figure, which is typed in what the list filters."""

    def __init__(self, name: str) -> None:
        super().__init__(name, letters=10)
        self._typed = ""
        self._since = QElapsedTimer()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def fill(self, everything: str, items: list[tuple[str, str]]) -> None:
        """Offer these names and their words, after the one that stands for all; the choice stays."""
        self.show_choices([(everything, ""), *items])

    def choose(self, word: str | None) -> None:
        """Choose a name by its word, in silence; all of them where it is not offered."""
        with QSignalBlocker(self):
            self.setCurrentIndex(max(0, self.findData(word)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on; a space inside a name belongs to it, and alone opens the list."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        if not self._since.isValid() or self._since.elapsed() > _TYPING_MS:
            self._typed = ""
        text = event.text()
        if event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier) and (
            (text.isprintable() and text.strip()) or (text == " " and self._typed)
        ):
            if not self._find(self._typed + text) and (text.isdigit() or text == "-"):
                self._typed = ""
                self.figured.emit(event)
                return
            self._typed += text
            self._since.start()
            return
        super().keyPressEvent(event)

    def _find(self, typed: str) -> bool:
        """Go to the first name that begins so, without accents or case; False where none does."""
        wanted = fold(typed)
        names = (fold(" ".join(self.itemText(place).split())) for place in range(self.count()))
        found = next((place for place, name in enumerate(names) if name.startswith(wanted)), -1)
        if found >= 0:
            self.setCurrentIndex(found)
        return found >= 0
