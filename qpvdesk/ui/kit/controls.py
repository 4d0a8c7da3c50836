"""Small things made one way: a button that does something, a moment of rest before something is done."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence

from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QWidget
from shiboken6 import isValid

from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import fill
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label

Act = Callable[[], object]
_MARKED = re.compile(r"&(\w)")
_KEPT = "kept"
"""The property of a field whose words need no asking."""


class Hand:
    """Where the keyboard was before something took it, to be given back there."""

    def __init__(self) -> None:
        self._was: QWidget | None = None

    def note(self) -> None:
        """Remember where it is."""
        self._was = QApplication.focusWidget()

    def give_back(self) -> None:
        """Put it there again, where that is still to be seen."""
        was, self._was = self._was, None
        if was is not None and isValid(was) and was.isVisible():
            was.setFocus(Qt.FocusReason.OtherFocusReason)


def tabs(name: str) -> QtWidgets.QTabWidget:
    """Return pages under tabs, called by that name. Their bar alone takes the focus: the widget itself, left in the
    chain behind its leaves, would send Tab back to them for ever."""
    pages = QtWidgets.QTabWidget()
    # What is said of a widget is said of its proxy too, until it has none.
    pages.setFocusProxy(None)  # type: ignore[arg-type]
    pages.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    pages.setAccessibleName(name)
    return pages


def leaves(*parts: QWidget) -> QtWidgets.QStackedWidget:
    """Return parts of which one is seen at a time, the first to begin with."""
    stack = QtWidgets.QStackedWidget()
    for part in parts:
        stack.addWidget(part)
    return stack


class _Button(QPushButton):
    """A button that Enter presses where it has the hand, in a page as in a dialog, and nowhere else."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not _with_control(event):
            self.click()
        else:
            super().keyPressEvent(event)


def _with_control(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def button(words: str, act: Act, *, role: str = "", name: str = "", hint: str = "") -> QPushButton:
    """Return a button. `role`: its look (`primary`, `quiet`, `chip`); `name`: what is heard in the place of its
    words; `hint`: its tooltip. In a dialog, Enter in a field is left to the button that the dialog is for."""
    push_button = _Button(words)
    push_button.setAutoDefault(False)
    if role:
        push_button.setProperty("role", role)
    if name:
        push_button.setAccessibleName(name)
    if hint:
        tip(push_button, hint)
    push_button.clicked.connect(lambda _=False: act())
    return push_button


def chip_button(words: str, turned: Callable[[bool], object], hint: str = "") -> QPushButton:
    """Return a button that stays pressed: `turned` is told whether it is."""
    chip = QPushButton(words)
    chip.setProperty("role", "chip")
    chip.setCheckable(True)
    if hint:
        tip(chip, hint)
    chip.toggled.connect(turned)
    return chip


def literal(words: str) -> str:
    """Return words that the base or a file brings as a button or a menu shows them: Qt takes a lone « & » for a key."""
    return words.replace("&", "&&")


def text_line(name: str, placeholder: str = "", *, clear: bool = False) -> QLineEdit:
    """Return a field of one line. `name`: what is heard of it, where no label says it; `clear`: whether it has the cross
    that empties it."""
    line_edit = QLineEdit()
    if name:
        line_edit.setAccessibleName(name)
    line_edit.setPlaceholderText(placeholder)
    if clear:
        line_edit.setClearButtonEnabled(True)
    return line_edit


def answers(do: QPushButton, leave: QPushButton | None, *others: QPushButton) -> QtWidgets.QDialogButtonBox:
    """Return a row of buttons: the one that Enter presses, the one that leaves, and others away from them."""
    box = QtWidgets.QDialogButtonBox()
    # The order would else be the desktop's: an officer who changes machines would press « Annuler » for « Enregistrer ».
    box.setStyleSheet("QDialogButtonBox { button-layout: 3 }")
    if leave is not None:
        box.addButton(leave, QtWidgets.QDialogButtonBox.ButtonRole.RejectRole)
    for other in others:
        other.setAutoDefault(False)
        box.addButton(other, QtWidgets.QDialogButtonBox.ButtonRole.ResetRole)
    box.addButton(do, QtWidgets.QDialogButtonBox.ButtonRole.AcceptRole)
    do.setProperty("role", "primary")
    do.setAutoDefault(True)
    do.setDefault(True)
    return box


class _WordsOnly(QObject):
    """Lets pass a field by what is no word of it: a file that is dropped, a letter typed with Alt."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt would write the address of the file (« file:///… »), and the letter of a key that no label bears."""
        if isinstance(event, QDropEvent) and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.ignore()
            return True
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and _is_key_of_label(event):
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def _is_key_of_label(event: QKeyEvent) -> bool:
    """Whether a letter goes with Alt alone: AltGr is Ctrl with it, and a Mac writes with it."""
    alone = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier == Qt.KeyboardModifier.AltModifier
    return alone and event.text().isprintable() and bool(event.text()) and sys.platform != "darwin"


def words_only(parent: QWidget) -> None:
    """Have no field of text in a widget, nor the widget itself where it is one, take for words what is none. Asked again, as
    a dialog is shown anew, it takes in the fields made since: one filter serves a widget."""
    past = next((child for child in parent.children() if isinstance(child, _WordsOnly)), None)
    past = past or _WordsOnly(parent)
    lone = [parent] if isinstance(parent, QLineEdit) else []
    for field in (*lone, *_fields_of_text(parent)):
        field.installEventFilter(past)
        if isinstance(field, QtWidgets.QAbstractScrollArea):
            field.viewport().installEventFilter(past)


def _fields_of_text(parent: QWidget) -> list[QWidget]:
    """The fields of text in a widget, of one line and of several."""
    # The class of the latter, named, would make one enum more before the first picture.
    areas = parent.findChildren(QtWidgets.QAbstractScrollArea)
    return [*parent.findChildren(QLineEdit), *(area for area in areas if area.inherits("QPlainTextEdit"))]


class _UndoThrough(QObject):
    """Lets Ctrl+Z pass through a field that is empty: what was saved from it is undone."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt gives the keys of undo and redo to every field, also to one that has nothing to undo."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and isinstance(watched, QLineEdit)
            and not watched.text()
            and (event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo))
        ):
            event.ignore()
            return True
        return False


class _CommandsThrough(QObject):
    """Lets the keys of commands pass through the fields of text: on X11 these take three of them to move and to erase."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave to the window what a field would do at Ctrl+E, Ctrl+K, Ctrl+D."""
        del watched
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and event.modifiers() == Qt.KeyboardModifier.ControlModifier
            and event.key() in (Qt.Key.Key_E, Qt.Key.Key_K, Qt.Key.Key_D)
        ):
            event.ignore()
            return True
        return False


def commands_through(parent: QWidget) -> None:
    """Let the window hear the keys of its commands where the hand is in a field of text."""
    through = _CommandsThrough(parent)
    for field in _fields_of_text(parent):
        field.installEventFilter(through)


def undo_through(*fields: QLineEdit) -> None:
    """Let the window undo and redo where the hand is in one of these fields and nothing is typed in it."""
    for field in fields:
        field.installEventFilter(_UndoThrough(field))


def kept_as_typed(*fields: QWidget, kept: bool = True) -> None:
    """Tell `typed_in` whether what is typed in these fields is kept at each letter, or only looks for something."""
    for field in fields:
        field.setProperty(_KEPT, kept)


def typed_in(parent: QWidget) -> list[tuple[str, str]]:
    """Return what a hand typed in the fields of text and nothing keeps: what each field is called, and its words. A field
    that a button empties only looks for something; those of a form that a page opens over itself are the form's."""
    left = []
    window = parent.window()
    for field in parent.findChildren(QLineEdit):
        if (
            field.isModified()
            and field.window() is window
            and not (field.isClearButtonEnabled() or field.property(_KEPT))
        ):
            left.append((_heard(field), field.text()))
    for area in parent.findChildren(QtWidgets.QPlainTextEdit):
        # What a page writes where only it can write, no hand typed.
        typed = area.document().isModified() and not area.isReadOnly()
        if typed and area.window() is window and not area.property(_KEPT):
            left.append((_heard(area), area.toPlainText()))
    return [(name, words) for name, text in left if (words := " ".join(text.split()))]


def _heard(field: QWidget | None) -> str:
    """What a field is called; the editor of a line, what its list is."""
    while field is not None and not field.accessibleName():
        field = field.parentWidget()
    return field.accessibleName() if field is not None else ""


class TitledFields:
    """Fields of text in rows, each after its title; some of a width that follows the zoom."""

    def __init__(self) -> None:
        self._widths: list[tuple[QLineEdit, int]] = []
        """Fields of a fixed width, in pixels at a zoom of 100 %."""

    def add(
        self, row: QHBoxLayout, title: str, hint: str, *, width: int = 0, field: QLineEdit | None = None
    ) -> QLineEdit:
        """Put a field at the end of a row, after its title, whose `&` marks the letter that leads there."""
        field = field or QLineEdit()
        field.setPlaceholderText(hint)
        words = label(title)
        words.setBuddy(field)
        field.setAccessibleName(title.replace("&", "").removesuffix("\u202f?"))
        if width:
            self._widths.append((field, width))
        fill(row, words, (field, 0 if width else 1))
        return field

    def fit(self, theme: Theme) -> None:
        """Take the zoom in force."""
        for field, width in self._widths:
            field.setFixedWidth(theme.px(width))


def rest(parent: QObject, milliseconds: int, act: Act) -> QTimer:
    """Return a clock that does something once, so long after it was last started."""
    clock = QTimer(parent)
    clock.setSingleShot(True)
    clock.setInterval(milliseconds)
    clock.timeout.connect(lambda: act())
    return clock


def apart(texts: Sequence[str], taken: str = "") -> list[str]:
    """Return the words with a letter marked in each (`&Valeur`), none twice: the first to mark one keeps it, the others take
    another of their own that is free, and mark none where there is none. `taken`: letters that are not free."""
    wanted = [(found.group(1).casefold() if (found := _MARKED.search(text)) else "") for text in texts]
    used = set(taken.casefold())
    kept = []
    for letter in wanted:
        kept.append(bool(letter) and letter not in used)
        used.add(letter)
    return [
        text if keeps or not letter else _marked(text, used)
        for text, letter, keeps in zip(texts, wanted, kept, strict=True)
    ]


def _marked(text: str, used: set[str]) -> str:
    bare = _MARKED.sub(r"\1", text, count=1)
    # The beginning of a word is found sooner than its inside.
    places = sorted(range(len(bare)), key=lambda place: bool(place) and bare[place - 1].isalnum())
    for place in places:
        letter = bare[place].casefold()
        if letter.isalpha() and letter.isascii() and letter not in used:
            used.add(letter)
            return f"{bare[:place]}&{bare[place:]}"
    return bare


class SourceLine(QLineEdit):
    """The field of who told a figure. It stays for the next figure of the same partner: who told that of one did not tell
    that of another.
    """

    def __init__(self) -> None:
        super().__init__()
        self._partner = ""

    def stand_for(self, partner: str) -> None:
        """Take the partner of the figure that is typed now, by key; empty: not known yet."""
        if partner and self._partner not in ("", partner):
            self.clear()
        self._partner = partner or self._partner
