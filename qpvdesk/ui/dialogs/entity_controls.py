"""The control in which a field of a thing is given, what may be chosen in it, and what stands there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidgetItem, QPlainTextEdit, QWidget

from qpvdesk.domain.french import DUE_DAYS, fold
from qpvdesk.services.editing import EditField, Input
from qpvdesk.ui.kit.controls import button, text_line
from qpvdesk.ui.kit.form_dialog import offer
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.text_area import TextArea
from qpvdesk.ui.kit.tips import tell, warn
from qpvdesk.ui.kit.tokens import HAIR, in_row, stacked
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import TypedCombo
from qpvdesk.ui.widgets.day_edit import DayLine
from qpvdesk.ui.widgets.labels import aside, label

_KEY = int(Qt.ItemDataRole.UserRole)
_NAME, _TARGET = _KEY + 1, _KEY + 2
_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_NAME_AND_TARGET = re.compile(
    r"(?P<name>.+?)[ \u00a0\u202f]+"
    r"(?P<target>(?:[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]+)(?:[.,][0-9]+)?(?:[ \u00a0\u202f]*[^\W\d]\w*| ?[%€])?)"
)
"""« Lens 16,5 », « Liévin 40 % », « Lens 1 339 habitants »."""


class LinksControl(QWidget):
    """A field over a list to tick. What is chosen: a key a line, followed by a tabulation and its target if it has one."""

    edited = Signal()

    def __init__(self, name: str, height: int, *, targets: bool = False) -> None:
        """`targets`: a number may follow the letters (« av 12 »)."""
        super().__init__()
        self._targets = targets
        column = stacked(on=self, spacing=HAIR)
        self._field = text_line(
            f"{name}\u202f: chercher", "Un nom et sa cible, puis Entrée" if targets else "Un nom, puis Entrée"
        )
        self._field.textChanged.connect(self._find)
        row = in_row((self._field, 1))
        hint = "Coche ce qui est trouvé ou choisi dans la liste, ou ôte sa coche (Entrée)"
        press = button("Cocher", self._tick, name=f"Cocher\u202f: {name}", hint=hint)
        # Enter in the field does it: Tab goes on to the list.
        press.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row.addWidget(press)
        column.addLayout(row)
        self.list = ItemList(name)
        self.list.setFixedHeight(height)
        self.list.itemChanged.connect(lambda _: self.edited.emit())
        column.addWidget(self.list)
        self._told = aside("", name=f"{name}\u202f: ce qui est coché")
        self._told.hide()
        self.edited.connect(self._tell)
        column.addWidget(self._told)
        self._trouble = label("", "error", wrap=True)
        self._trouble.hide()
        column.addWidget(self._trouble)
        self.setFocusProxy(self._field)

    def add(self, words: str, key: str) -> None:
        item = QListWidgetItem(words)
        item.setData(_KEY, key)
        item.setData(_NAME, words)
        item.setFlags(
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
        )
        item.setCheckState(_OFF)
        self.list.addItem(item)

    def value(self) -> str:
        ticked = [item for item in self._items() if item.checkState() is _ON]
        return "\n".join("\t".join(filter(None, (item.data(_KEY), item.data(_TARGET)))) for item in ticked)

    def set_value(self, value: str) -> None:
        """Tick what `value` returned."""
        chosen = dict(line.partition("\t")[::2] for line in value.splitlines())
        with QSignalBlocker(self.list):
            for item in self._items():
                key = item.data(_KEY)
                item.setCheckState(_ON if key in chosen else _OFF)
                self._give(item, chosen.get(key, ""))
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the field ticks what it found; the arrows choose in the list."""
        key = event.key()
        if self._field.hasFocus() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._field.text():
            ticked = self._tick()
            if not (ticked and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
                return
        if self._field.hasFocus() and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
            return
        super().keyPressEvent(event)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _tell(self) -> None:
        """Name all that is ticked: the list shows a few of its lines."""
        words = ", ".join(item.text() for item in self._items() if item.checkState() is _ON)
        tell(self._told, words)
        self._told.setVisible(bool(words))

    def _parts(self) -> tuple[str, str]:
        """The letters typed, and the target after them, with its unit where one is written."""
        text = self._field.text().strip()
        found = _NAME_AND_TARGET.fullmatch(text) if self._targets else None
        if found is None or any(fold(text) in fold(item.data(_NAME)) for item in self._items()):
            return text, ""
        return found["name"], found["target"]

    def _find(self, _text: str) -> None:
        """Go to the first thing that begins so, or that has a word that does."""
        self._trouble.hide()
        wanted = fold(self._parts()[0])
        names = [(fold(item.data(_NAME)), row) for row, item in enumerate(self._items())]
        hits = [row for name, row in names if name.startswith(wanted)]
        hits += [row for name, row in names if f" {wanted}" in name]
        self.list.setCurrentRow(hits[0] if wanted and hits else -1)

    def _tick(self) -> bool:
        """Tick what was found; False where nothing was, which is said: a form is not saved over it."""
        item = self.list.currentItem()
        if item is None:
            sought = self._parts()[0]
            nothing = f"Aucun nom de la liste ne commence par «\u202f{sought}\u202f»."
            warn(self._trouble, nothing if sought else "Choisissez d’abord un nom.")
            return False
        target = self._parts()[1]
        on = target or item.checkState() is _OFF
        with QSignalBlocker(self.list):
            item.setCheckState(_ON if on else _OFF)
            self._give(item, target)
        self._field.clear()
        self.edited.emit()
        return True

    def _give(self, item: QListWidgetItem, target: str) -> None:
        item.setData(_TARGET, target)
        item.setText(f"{item.data(_NAME)}\u202f: {target}" if target else item.data(_NAME))


_MANY = 12
"""From so many options on, a list can be typed into."""


def control_of(theme: Theme, field: EditField, today: Callable[[], date]) -> QWidget:
    match field.input:
        case Input.TEXT:
            text = TextArea()
            text.setFixedHeight(theme.px(58))
            return text
        case Input.CHOICE | Input.LINK:
            return TypedCombo(letters=18)
        case Input.LINKS:
            name = field.label.replace("&", "")
            return LinksControl(name, theme.px(104), targets=field.name == "declined")
    ahead = DUE_DAYS if field.to_come else 0
    return DayLine(today, ahead=ahead) if field.input is Input.DATE else QLineEdit()


def listen(control: QWidget, edited: Callable[[], None]) -> None:
    """Call a function each time that what stands in a control changes."""
    if isinstance(control, QLineEdit):
        control.textChanged.connect(lambda _: edited())
    elif isinstance(control, QPlainTextEdit):
        control.textChanged.connect(edited)
    elif isinstance(control, QComboBox):
        control.currentIndexChanged.connect(lambda _: edited())
    elif isinstance(control, LinksControl):
        control.edited.connect(edited)


def show_options(control: QWidget, field: EditField, options: tuple[tuple[str, str], ...]) -> None:
    if isinstance(control, QComboBox):
        for words, value in options:
            control.addItem(words, value)
        if field.input is Input.LINK and len(options) > _MANY:
            control.setEditable(True)
            control.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            # What is typed in has a name of its own to be heard by.
            inner = control.lineEdit()
            assert inner is not None
            inner.setAccessibleName(field.label.replace("&", ""))
            offer(control, (words for words, _ in options))
            # What it was understood as is seen, whole, before anything is saved.
            inner.editingFinished.connect(lambda: _settle(control))
            control.currentIndexChanged.connect(lambda _: inner.setCursorPosition(0))
    elif isinstance(control, LinksControl):
        for words, value in options:
            control.add(words, value)
    elif isinstance(control, QLineEdit) and field.usual:
        offer(control, (words for words, _ in options))


def set_value(control: QWidget, value: str) -> None:
    """Put something in a control, as `value_of` returns it."""
    if isinstance(control, QLineEdit):
        # Qt would cut what is stored at 32 767 letters, and the form would save what is left.
        control.setMaxLength(max(control.maxLength(), len(value.encode("utf-16-le")) // 2))
        control.setText(value)
        control.setModified(False)
    elif isinstance(control, TextArea):
        control.set_whole(value)
    elif isinstance(control, QComboBox):
        control.setCurrentIndex(max(0, control.findData(value)))
        if (inner := control.lineEdit()) is not None:
            # Of what is longer than its field, the code and the first words are seen.
            inner.setCursorPosition(0)
    elif isinstance(control, LinksControl):
        control.set_value(value)


def value_of(control: QWidget) -> str:
    if isinstance(control, DayLine):
        return control.whole()
    if isinstance(control, QLineEdit):
        return control.text()
    if isinstance(control, TextArea):
        return control.whole()
    if isinstance(control, QComboBox):
        if control.isEditable() and control.currentText() != control.itemText(control.currentIndex()):
            # Words that name no option, or several, are refused as they stand: dropped, they would erase what was there.
            found = _typed(control)
            return str(control.itemData(found) or "") if found is not None else control.currentText().strip()
        return str(control.currentData() or "")
    assert isinstance(control, LinksControl)
    return control.value()


def _typed(control: QComboBox) -> int | None:
    """The place of the one option that is typed: it alone bears these words, or else alone holds them."""
    words = fold(control.currentText()).strip()
    options = [fold(control.itemText(place)).strip() for place in range(control.count())]
    for found in (
        [place for place, option in enumerate(options) if option == words],
        [place for place, option in enumerate(options) if words and words in option],
    ):
        if len(found) == 1:
            return found[0]
    return None


def _settle(control: QComboBox) -> None:
    """Show in full the option whose words were typed."""
    found = _typed(control)
    if found is not None:
        control.setCurrentIndex(found)
        control.setEditText(control.itemText(found))
        if (inner := control.lineEdit()) is not None:
            inner.setCursorPosition(0)
