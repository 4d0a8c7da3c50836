"""Dialogs and forms built one way: frame, label, buddy, tab order, name, the error under the field, the buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QRawFont, QResizeEvent, QShowEvent, QWindow
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)
from shiboken6 import isValid

from qpvdesk.domain.errors import UserError
from qpvdesk.ui.kit.controls import answers, button, words_only
from qpvdesk.ui.kit.tips import announce, blame, describe, restyle, show_tip
from qpvdesk.ui.kit.tokens import EDGE, HAIR, ROOM, SNUG, TIGHT, WIDE, stacked
from qpvdesk.ui.terms import explain
from qpvdesk.ui.widgets.labels import aside, label

_FIRST = "Fermez d’abord cette fenêtre (Échap), puis quittez."
_LATIN_LAST = 0x17F
"""The letters up to there are drawn by every type."""
_UNPRINTED = "Un signe (image, autre écriture) ne s’imprime pas\u202f: le papier dira «\u202fsigne non imprimable\u202f»."
_LEAST = 160
"""Pixels of a form that are in sight on the lowest screen."""

Entry = TypeVar("Entry")
Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Rules(Generic[Entry]):
    """What an entry is held against."""

    check: Callable[[Entry], object]
    """Raises `UserError` for what cannot be."""
    today: date


class FormDialog(QDialog):
    """A dialog: its heading, then its parts one under the other in `column`; it is gone once it is closed."""

    def __init__(
        self, title: str, parent: QWidget | None = None, *, heading: str | None = None, width: int = 0
    ) -> None:
        """`heading`: what stands first, the title where nothing is given, nothing where it is empty; `width`: pixels
        that the dialog needs at least."""
        super().__init__(parent)
        # A closed dialog would stay in memory, and in what assistive technology reads, as long as the window.
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        if width:
            self.setMinimumWidth(width)
        self.column = stacked(on=self, spacing=ROOM, margins=(EDGE, WIDE, EDGE, WIDE))
        heading = title if heading is None else heading
        if heading:
            self.say(heading, "heading")

    def sizeHint(self) -> QSize:
        """Ask for the height that its words take at the width that it has at least: taken at that of its fields alone, it
        would be parted between them as white."""
        hint = super().sizeHint()
        return QSize(max(hint.width(), self.minimumWidth()), hint.height())

    def showEvent(self, event: QShowEvent) -> None:
        """Take for words what is typed alone: no file that is dropped, no key of a label."""
        super().showEvent(event)
        if not event.spontaneous():
            words_only(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter does what Enter does, from a text of several lines too; Ctrl+Q says what comes before it."""
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_Q:
            self.tell(_FIRST)
            return
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not (entered and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            super().keyPressEvent(event)
            return
        for answer in self.findChildren(QPushButton):
            if answer.isDefault():
                answer.click()

    def tell(self, words: str) -> None:
        """Say beside the hand what a key does not do here."""
        show_tip(self.mapToGlobal(QPoint(EDGE, self.height() // 2)), self, words)
        announce(self, words)

    def is_open(self) -> bool:
        """Tell whether the dialog can still be touched: what was asked of the desk may answer after it is closed."""
        return isValid(self)

    def while_open(self, show: Callable[[Shown], object]) -> Callable[[Shown], None]:
        """Return `show` for an answer that is of no interest once the dialog is closed."""

        def answer(shown: Shown) -> None:
            if self.is_open():
                show(shown)

        return answer

    def lines_typed(self) -> int:
        """Return how many lines are typed in it and not saved, beside its fields of text."""
        return 0

    def say(self, words: str, role: str = "", *, name: str = "") -> QLabel:
        """Add words, in as many lines as they need; `name`: heard before them."""
        text_label = label(words, role, wrap=True, name=name)
        self.column.addWidget(text_label)
        return text_label

    def trouble(self) -> QLabel:
        """Add the place where it is said what keeps from saving; hidden as long as nothing does."""
        trouble_label = self.say("", "error", name="Ce qui empêche d’enregistrer")
        trouble_label.hide()
        return trouble_label

    def foot(
        self, action: str, act: Callable[[], object], *others: QPushButton, leave: str = "Annuler"
    ) -> QPushButton:
        """Add the buttons: the one that does what the dialog is for, which Enter presses and which is returned, the
        one that leaves (none where its words are empty), and `others` away from them."""
        do = button(action, act)
        self.column.addWidget(answers(do, button(leave, self.reject) if leave else None, *others))
        self.press_on_enter(do)
        return do

    @staticmethod
    def press_on_enter(do: QPushButton) -> None:
        """Have Enter press a button, from any field. Told before the button stands in the dialog, Qt would give that part to
        the first button that has the hand, and leave it there when its leaf is gone."""
        do.setDefault(False)
        do.setDefault(True)

    def fit(self, width: int, height: int) -> None:
        """Take a size, as far as the screen has room for it."""
        room = self.screen().availableGeometry()
        self.resize(min(width, int(room.width() * 0.94)), min(height, int(room.height() * 0.86)))


STAR = "\u00a0*"


class Field:
    """One row of a form: the control and what is wrong with it."""

    def __init__(self, title: QLabel, control: QWidget, error: QLabel, help_text: str) -> None:
        self._title = title
        self.control = control
        self._error = error
        self._help = help_text
        self._unprinted = ""
        if isinstance(control, (QLineEdit, QtWidgets.QPlainTextEdit)):
            control.textChanged.connect(self._look_for_signs)

    def _look_for_signs(self) -> None:
        """Say of a sign without a drawing in the product's type that no paper will show it."""
        control = self.control
        text = control.text() if isinstance(control, QLineEdit) else ""
        text = control.toPlainText() if isinstance(control, QtWidgets.QPlainTextEdit) else text
        rare = {ord(char) for char in text if ord(char) > _LATIN_LAST}
        font = QRawFont.fromFont(control.font()) if rare else None
        lacking = font is not None and not all(map(font.supportsCharacter, rare))
        words = _UNPRINTED if lacking else ""
        if words != self._unprinted:
            self._unprinted = words
            if not self.error:
                self.set_error("")

    def set_wanted(self, wanted: bool) -> None:
        """Mark the field with a star where it has to be filled in, or take the star back."""
        words = self._title.text().removesuffix(STAR)
        self._title.setText(f"{words}{STAR}" if wanted else words)

    def set_error(self, words: str) -> None:
        """Say what is wrong with the field; an empty text takes it back."""
        blame(self.control, words)
        message = words or self._unprinted or self._help
        self._error.setText(message)
        self._error.setVisible(bool(message))
        restyle(self._error, role="error" if words else "mention")
        describe(self.control, message)

    def refuse(self, error: UserError) -> None:
        """Say why what stands in the field cannot be, and put the hand there."""
        self.set_error(str(error))
        self.control.setFocus()
        if isinstance(self.control, QLineEdit):
            self.control.selectAll()
        window = self.control.window()
        if isinstance(window, QDialog):
            grow(window)

    def set_hint(self, words: str) -> None:
        """Say something else under the field, where nothing is wrong with it."""
        self._help = words
        self.set_error("")

    def set_shown(self, shown: bool) -> None:
        """Show the field, or leave it out where it has no meaning."""
        for widget in (self._title, self.control):
            widget.setVisible(shown)
        self._error.setVisible(shown and bool(self._error.text()))

    @property
    def error(self) -> str:
        """What is wrong with the field; empty where nothing is."""
        return self._error.text() if self.control.property("invalid") else ""


class Form(QGridLayout):
    """A column of labels and a column of controls."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(ROOM)
        self.setVerticalSpacing(SNUG)
        self.setColumnStretch(1, 1)
        self._controls: list[QWidget] = []

    def chain(self) -> None:
        """Put the controls in tab order; to be called once the form stands in its window."""
        for control, following in pairwise(self._controls):
            QWidget.setTabOrder(control, following)

    def add(self, title: str, control: QWidget, help_text: str = "", beside: QWidget | None = None) -> Field:
        """Add a field. `title` may hold a mnemonic (`&Valeur`); `beside` stands at the right of the control."""
        row = self.rowCount()
        words = label(title)
        explain(words)
        words.setBuddy(control)
        if control.focusProxy() is not None:
            # A letter leads to no control that takes no focus, not even where another takes it for it.
            control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        control.setAccessibleName(title.replace("&", ""))
        error = aside("")
        error.setVisible(False)
        top = Qt.AlignmentFlag.AlignTop
        words.setContentsMargins(0, TIGHT, 0, 0)
        self.addWidget(words, row, 0, top)
        column = stacked(control, error, spacing=HAIR)
        self.addLayout(column, row, 1)
        if beside is not None:
            self.addWidget(beside, row, 2, top)
        if isinstance(control, QtWidgets.QPlainTextEdit):
            control.setTabChangesFocus(True)
        self._controls.append(control)
        field = Field(words, control, error, help_text)
        field.set_error("")
        return field


def offer(control: QLineEdit | QComboBox, words: Iterable[str]) -> None:
    """Offer words as one types, wherever what is typed stands in them."""
    completer = QtWidgets.QCompleter(list(words), control)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    control.setCompleter(completer)


def grow(dialog: QDialog) -> None:
    """Make a dialog as high as what it now says; it never shrinks under the hand."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        needed = layout.totalHeightForWidth(dialog.width())
        area = dialog.screen().availableGeometry()
        needed = min(needed, int(area.height() * 0.94))
        if needed > dialog.height():
            dialog.resize(dialog.width(), needed)
            # Its buttons are below what it says: they stay on the screen.
            lowest = area.bottom() - dialog.frameGeometry().height() + 1
            if dialog.isVisible() and dialog.y() > lowest:
                dialog.move(dialog.x(), max(area.top(), lowest))


class Fitted(QScrollArea):
    """What it holds, as high as that needs; where the screen is lower, one scrolls."""

    def __init__(self, name: str, layout: QLayout) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(_LEAST)
        self._window: QWindow | None = None
        self._window_height = 0
        """Of its dialog, when this last had another size."""
        self._layout, self._body = layout, QWidget()
        self._body.setObjectName("scrolled")
        self._body.setLayout(layout)
        self.setWidget(self._body)

    def sizeHint(self) -> QSize:
        high = self._layout.totalHeightForWidth(self.viewport().width())
        return QSize(self._body.sizeHint().width(), max(high, self._body.minimumSizeHint().height()))

    def reveal(self, reached: QWidget | None) -> None:
        """Show a field whole, if it is one of these; Qt shows the cursor alone."""
        if reached is None or not self._body.isAncestorOf(reached):
            return
        # A field over its list is one control: both are seen.
        while (above := reached.parentWidget()) is not None and above is not self._body:
            reached = above
        corner = reached.mapTo(self._body, QPoint(0, 0))
        for y in (corner.y() + reached.height(), corner.y()):
            self.ensureVisible(0, y, 0, 12)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the hand from now on, by whichever way it comes to a field: Tab, a letter, the pointer."""
        super().showEvent(event)
        window = self.window().windowHandle()
        if window is not None and self._window is not window:
            self._window = window
            window.focusObjectChanged.connect(self._follow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the room that words beside it took: its fields were cut, the screen half free. A dialog that is made lower
        by hand stays so."""
        super().resizeEvent(event)
        window = self.window()
        before, self._window_height = self._window_height, window.height()
        taken = event.size().height() < event.oldSize().height() and window.height() == before
        if taken and isinstance(window, QDialog):
            QTimer.singleShot(0, window, lambda: grow(window))

    def _follow(self, reached: QObject | None) -> None:
        if isinstance(reached, QWidget):
            self.reveal(reached)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show whole the field under the hand when it grows: what it says below was cut by the edge. Ask for the room that
        the fields now need: Qt asks for it once."""
        if event.type() is QEvent.Type.LayoutRequest and watched is self._body:
            self.updateGeometry()
            window = self.window()
            if isinstance(window, QDialog):
                QTimer.singleShot(0, window, lambda: grow(window))
        if event.type() is QEvent.Type.Resize and watched is self._body:
            # Its fields have their places once it has its size.
            QTimer.singleShot(0, self, lambda: self.reveal(self.window().focusWidget()))
        return super().eventFilter(watched, event)
