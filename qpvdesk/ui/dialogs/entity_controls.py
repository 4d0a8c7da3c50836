"""The control in which a field of a thing is given, what may be chosen in it, and what stands there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from qpvdesk.domain.french import DUE_DAYS, fold
from qpvdesk.services.editing import EditField, Input
from qpvdesk.ui.kit.form_dialog import offer
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.day_edit import DayLine
from qpvdesk.ui.widgets.links_control import LinksControl

_MANY = 12
"""From so many options on, a list can be typed into."""


def control_of(theme: Theme, field: EditField, today: Callable[[], date]) -> QWidget:
    match field.input:
        case Input.TEXT:
            text = QPlainTextEdit()
            text.setFixedHeight(theme.px(58))
            return text
        case Input.CHOICE | Input.LINK:
            return ElidedCombo(letters=18)
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


def show_options(control: QWidget, field: EditField, held: tuple[tuple[str, str], ...]) -> None:
    if isinstance(control, QComboBox):
        for words, value in held:
            control.addItem(words, value)
        if field.input is Input.LINK and len(held) > _MANY:
            control.setEditable(True)
            control.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            # What is typed in has a name of its own to be heard by.
            inner = control.lineEdit()
            assert inner is not None
            inner.setAccessibleName(field.label.replace("&", ""))
            offer(control, (words for words, _ in held))
            # What it was understood as is seen, whole, before anything is saved.
            inner.editingFinished.connect(lambda: _settle(control))
    elif isinstance(control, LinksControl):
        for words, value in held:
            control.add(words, value)
    elif isinstance(control, QLineEdit) and field.usual:
        offer(control, (words for words, _ in held))


def set_value(control: QWidget, value: str) -> None:
    """Put something in a control, as `value_of` returns it."""
    if isinstance(control, QLineEdit):
        control.setText(value)
        control.setModified(False)
    elif isinstance(control, QPlainTextEdit):
        control.setPlainText(value)
    elif isinstance(control, QComboBox):
        control.setCurrentIndex(max(0, control.findData(value)))
    elif isinstance(control, LinksControl):
        control.set_value(value)


def value_of(control: QWidget) -> str:
    if isinstance(control, DayLine):
        return control.whole()
    if isinstance(control, QLineEdit):
        return control.text()
    if isinstance(control, QPlainTextEdit):
        return control.toPlainText()
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
