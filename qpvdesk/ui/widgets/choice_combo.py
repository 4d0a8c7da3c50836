"""Lists that drop down: a cut choice says so, an act is not made by passing over it, a name is found by typing."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6 import QtWidgets
from PySide6.QtCore import QElapsedTimer, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy

from qpvdesk.domain.french import fold

_SPARE = 4
"""Pixels beyond the longest choice: Qt counts whole ones, and on a screen of 150 % a word takes a part of one more."""


class ElidedCombo(QComboBox):
    """Where there is no room for its choice, it ends in « … » rather than in the middle of a letter."""

    def __init__(
        self, name: str = "", choices: Iterable[tuple[str, object]] = (), *, letters: int | None = None
    ) -> None:
        """`name`: what is heard of it; `choices`: their words, and what each stands for; `letters`: as
        `need` takes them; None: room for the longest choice."""
        super().__init__()
        if name:
            self.setAccessibleName(name)
        if letters is not None:
            self.need(letters)
        self.show_choices(choices)

    def need(self, letters: int) -> None:
        """Have room for so many letters at least, however long the choices are."""
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(letters)

    def show_choices(self, choices: Iterable[tuple[str, object]]) -> None:
        """Offer these in the place of others, in silence; what was chosen stays, the first where it is no more offered."""
        kept, some = self.currentData(), self.count() > 0
        with QSignalBlocker(self):
            self.clear()
            for words, meaning in choices:
                self.addItem(words, meaning)
            self.setCurrentIndex(max(0, self.findData(kept)) if some else 0)

    def sizeHint(self) -> QSize:
        """Ask for the room that keeps its longest choice whole."""
        return super().sizeHint() + QSize(_SPARE, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Shorten what is drawn, where it may not hold; what is heard stays whole.

        To ask the style for its room has PySide make 18 enums of 600 words, which a first sight does without.
        """
        if self.fontMetrics().horizontalAdvance(self.currentText()) < self.width() - 2 * self.height():
            super().paintEvent(event)
            return
        style, option = QtWidgets.QStyle, QtWidgets.QStyleOptionComboBox()
        self.initStyleOption(option)
        part = style.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(style.ComplexControl.CC_ComboBox, option, part, self)
        end = Qt.TextElideMode.ElideRight
        option.currentText = self.fontMetrics().elidedText(option.currentText, end, room.width() - 2)
        painter = QtWidgets.QStylePainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawComplexControl(style.ComplexControl.CC_ComboBox, option)
        painter.drawControl(style.ControlElement.CE_ComboBoxLabel, option)


class ChoiceCombo(ElidedCombo):
    """The arrows and the letters open the list; Enter or a click there chooses; the wheel does nothing."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list rather than change the choice."""
        leaving = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)
        if leaving or event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        ):
            super().keyPressEvent(event)
        elif event.text() or event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_F4):
            self.showPopup()
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let what is around scroll."""
        event.ignore()


class ElidedLine(QtWidgets.QLineEdit):
    """The field of a choice that can be typed in: where it does not hold the words, they end in « … », as long as the hand
    is elsewhere."""

    def drawn(self) -> str:
        """Return the words as they are drawn."""
        words = self.text()
        if self.hasFocus():
            return words
        return self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, self._room().width())

    def _room(self) -> QRect:
        option = QtWidgets.QStyleOptionFrame()
        self.initStyleOption(option)
        part = QtWidgets.QStyle.SubElement.SE_LineEditContents
        inner = self.style().subElementRect(part, option, self)
        return inner.adjusted(_MARGIN, 0, -_MARGIN, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words alone: the frame is that of the choice."""
        words = self.drawn()
        if words == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, QPalette.ColorRole.Text))
        painter.drawText(self._room(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)


_MARGIN = 2
"""Pixels that Qt leaves at both ends of the words of a field."""
_TYPING_MS = 1500
"""A pause after which what is typed in a list begins anew."""


class TypedCombo(ElidedCombo):
    """One types the beginning of a name, spaces and all; a space alone opens the list."""

    cycles = True
    """Whether a letter alone goes on from the name that is chosen, to the next that begins so."""

    def __init__(self, name: str = "", *, letters: int) -> None:
        super().__init__(name, letters=letters)
        self._typed = ""
        self._since = QElapsedTimer()

    def setEditable(self, editable: bool) -> None:  # noqa: N802
        """Let a name be typed in; one that is too long says so."""
        super().setEditable(editable)
        if editable:
            self.setLineEdit(ElidedLine(self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the name that begins so; a space inside a name belongs to it."""
        text = event.text()
        bare = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if not self._since.isValid() or self._since.elapsed() > _TYPING_MS:
            self._typed = ""
        written = (text.isprintable() and text.strip()) or (text == " " and self._typed)
        if self.isEditable() or not (bare and written):
            super().keyPressEvent(event)
        elif self._find(self._typed + text) or not self._pass_on(event):
            self._typed += text
            self._since.start()
        else:
            self._typed = ""

    def _pass_on(self, event: QKeyEvent) -> bool:
        """Do something else with what begins no name; False where it is to be gone on with."""
        del event
        return False

    def _find(self, typed: str) -> bool:
        """Go to the first name that begins so, without accents or case; False where none does."""
        wanted = fold(typed)
        begin = self.currentIndex() + 1 if self.cycles and len(wanted) == 1 else 0
        places = (*range(begin, self.count()), *range(begin))
        names = ((place, fold(" ".join(self.itemText(place).split()))) for place in places)
        found = next((place for place, name in names if name.startswith(wanted)), -1)
        if found >= 0:
            self.setCurrentIndex(found)
        return found >= 0


class NameCombo(TypedCombo):
    """Enter goes on to what the list filters, and so does a figure, which begins no name."""

    cycles = False
    entered = Signal()
    figured = Signal(object)
    """The `QKeyEvent` of a figure, which is typed in what the list filters."""
    pasted = Signal()
    """Ctrl+V: what was copied goes to what the list filters."""

    def __init__(self, name: str) -> None:
        super().__init__(name, letters=10)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def fill(self, everything: str, items: list[tuple[str, str]]) -> None:
        """Offer these names and their words, after the one that stands for all; the choice stays."""
        self.show_choices([(everything, ""), *items])

    def choose(self, word: str | None) -> None:
        """Choose a name by its word, in silence; all of them where it is not offered."""
        with QSignalBlocker(self):
            self.setCurrentIndex(max(0, self.findData(word)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, and so does what was copied."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        else:
            super().keyPressEvent(event)

    def _pass_on(self, event: QKeyEvent) -> bool:
        if not (event.text().isdigit() or event.text() == "-"):
            return False
        self.figured.emit(event)
        return True
