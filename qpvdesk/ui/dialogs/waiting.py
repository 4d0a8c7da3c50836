"""A form that stays, with what was typed, until its act is kept; what is typed outlives the process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.kit.controls import rest
from qpvdesk.ui.kit.form_dialog import Fitted, Form, FormDialog, grow
from qpvdesk.ui.kit.text_area import TextArea
from qpvdesk.ui.kit.tips import warn
from qpvdesk.ui.kit.tokens import ROOM, TIGHT, stacked
from qpvdesk.ui.widgets.labels import aside

_REST_MS = 300

DRAFT_FOUND = "Brouillon retrouvé\u202f: rien n’en est encore enregistré."


class WaitingDialog(FormDialog):
    """What was submitted is answered by `saved`, or by `refuse`: a full disk takes nothing away."""

    submitted = Signal(object)
    """What is to be kept; the dialog waits for the answer."""

    def __init__(
        self, title: str, parent: QWidget | None = None, *, heading: str | None = None, width: int = 0
    ) -> None:
        super().__init__(title, parent, heading=heading, width=width)
        self._drafts: tuple[Drafts, str] | None = None
        self._fields: list[QWidget] = []
        self._waits = False
        """Whether what was submitted has no answer yet: Enter pressed again would keep it twice."""
        self._rest = rest(self, _REST_MS, self._keep)

    def end(self, form: Form, submit: Callable[[], object], effect: QWidget | None = None) -> None:
        """Add the form, what it would change if that is shown, and what keeps from saving; then the buttons."""
        fields = stacked(form, spacing=ROOM, margins=(0, 0, TIGHT, 0))
        if effect is not None:
            fields.addWidget(effect)
        # What room is left over would else stand between the fields and their help.
        fields.addStretch(1)
        self._area = Fitted("Champs", fields)
        self.column.addWidget(self._area, 1)
        form.chain()
        self._trouble = self.trouble()
        self._save = self.foot("Enregistrer", lambda: None if self._waits else submit())
        self.submitted.connect(self._wait)

    def saved(self) -> None:
        """Close: it was kept."""
        self.forget_typed()
        self.accept()

    def refuse(self, error: UserError) -> None:
        """Stay open with what was typed, and say why it was not kept."""
        self.answered()
        warn(self._trouble, str(error))
        grow(self)

    def answered(self) -> None:
        """Take what is asked anew: what became of it was told, be it a fault of the program that refuses nothing."""
        self._waits = False

    def keep_typed(self, drafts: Drafts, name: str) -> None:
        """Keep what is typed under that name until it is saved; what was found there comes back, and is told."""
        self._fields = [widget for widget in self.findChildren(QWidget) if _is_field(widget)]
        self._drafts = (drafts, name)
        self._before = self._values()
        found = (drafts.take_up(name) or {}).get("champs")
        if isinstance(found, list) and len(found) == len(self._fields) and found != self._before:
            for field, value in zip(self._fields, found, strict=True):
                _put(field, value)
            self.column.insertWidget(1, aside(DRAFT_FOUND))
        for field in self._fields:
            _changed(field).connect(self._rest.start)

    def forget_typed(self) -> None:
        """Drop the draft: it was saved, or knowingly given up."""
        self._rest.stop()
        if self._drafts is not None:
            drafts, name = self._drafts
            drafts.drop(name)
            self._drafts = None

    def showEvent(self, event: QShowEvent) -> None:
        """Be as high as what is asked, as far as the screen has room for it."""
        super().showEvent(event)
        grow(self)

    def done(self, result: int) -> None:
        """Close; what was typed last may still be on its way to the draft."""
        if self._rest.isActive():
            self._rest.stop()
            self._keep()
        super().done(result)

    def _wait(self) -> None:
        self._waits = True

    def _keep(self) -> None:
        if self._drafts is None:
            return
        drafts, name = self._drafts
        values = self._values()
        if values == self._before:
            drafts.drop(name)
        else:
            drafts.keep(name, {"champs": values})

    def _values(self) -> list[Any]:
        return [_value(field) for field in self._fields]


def _is_field(widget: QWidget) -> bool:
    if isinstance(widget, QLineEdit):
        # The one inside a combo box is the box's own.
        return not isinstance(widget.parent(), QComboBox)
    return isinstance(widget, QPlainTextEdit | QComboBox | QCheckBox)


def _value(field: QWidget) -> Any:
    match field:
        case QLineEdit():
            return field.text()
        case TextArea():
            return field.whole()
        case QPlainTextEdit():
            return field.toPlainText()
        case QComboBox():
            return field.currentText() if field.isEditable() else field.currentIndex()
        case QCheckBox():
            return field.isChecked()
    return None


def _put(field: QWidget, value: Any) -> None:
    match field, value:
        case QLineEdit(), str():
            field.setText(value)
        case TextArea(), str():
            field.set_whole(value)
        case QPlainTextEdit(), str():
            field.setPlainText(value)
        case QCheckBox(), bool():
            field.setChecked(value)
        case QComboBox(), int():
            field.setCurrentIndex(value)
        case QComboBox(), str() if (at := field.findText(value)) >= 0:
            field.setCurrentIndex(at)
        case QComboBox(), str():
            field.setEditText(value)


def _changed(field: QWidget) -> Any:
    match field:
        case QLineEdit() | QPlainTextEdit():
            return field.textChanged
        case QComboBox():
            return field.editTextChanged if field.isEditable() else field.currentIndexChanged
    assert isinstance(field, QCheckBox)
    return field.toggled
