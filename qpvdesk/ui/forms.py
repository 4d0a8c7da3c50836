"""Forms built one way: label, buddy, tab order, accessible name, and the error under the field."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qpvdesk.ui.kit.tips import describe
from qpvdesk.ui.terms import explain
from qpvdesk.ui.widgets.labels import label


class Field:
    """One row of a form: the control and what is wrong with it."""

    def __init__(self, title: QLabel, control: QWidget, error: QLabel, help_text: str) -> None:
        self._title = title
        self.control = control
        self._error = error
        self._help = help_text

    def set_error(self, words: str) -> None:
        """Say what is wrong with the field; an empty text takes it back."""
        changed = bool(self.control.property("invalid")) != bool(words)
        self._error.setText(words or self._help)
        self._error.setVisible(bool(words or self._help))
        self._error.setProperty("role", "error" if words else "mention")
        describe(self.control, words or self._help)
        if changed:
            self.control.setProperty("invalid", bool(words))
            for widget in (self.control, self._error):
                widget.style().unpolish(widget)
                widget.style().polish(widget)

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
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(6)
        self.setColumnStretch(1, 1)
        self._controls: list[QWidget] = []

    def chain(self) -> None:
        """Put the controls in tab order; to be called once the form stands in its window."""
        for one, other in pairwise(self._controls):
            QWidget.setTabOrder(one, other)

    def add(self, title: str, control: QWidget, help_text: str = "", beside: QWidget | None = None) -> Field:
        """Add a field. `title` may hold a mnemonic (`&Valeur`); `beside` stands at the right of the control."""
        row = self.rowCount()
        words = label(title)
        explain(words)
        words.setBuddy(control)
        control.setAccessibleName(title.replace("&", ""))
        error = label("", "mention", wrap=True)
        error.setVisible(False)
        top = Qt.AlignmentFlag.AlignTop
        words.setContentsMargins(0, 5, 0, 0)
        self.addWidget(words, row, 0, top)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(control)
        column.addWidget(error)
        self.addLayout(column, row, 1)
        if beside is not None:
            self.addWidget(beside, row, 2, top)
        if isinstance(control, QPlainTextEdit):
            control.setTabChangesFocus(True)
        self._controls.append(control)
        field = Field(words, control, error, help_text)
        field.set_error("")
        return field


def answer_buttons(dialog: QDialog, submit: Callable[[], None], action: str) -> QHBoxLayout:
    """Return « Annuler » and the button that does what the dialog is for, which Enter presses."""
    row = QHBoxLayout()
    row.addStretch(1)
    cancel = QPushButton("Annuler")
    cancel.setAutoDefault(False)
    cancel.clicked.connect(dialog.reject)
    save = QPushButton(action)
    save.setProperty("role", "primary")
    save.setDefault(True)
    save.clicked.connect(lambda _=False: submit())
    row.addWidget(cancel)
    row.addWidget(save)
    return row


def grow(dialog: QDialog) -> None:
    """Make a dialog as high as what it now says; it never shrinks under the hand."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        needed = layout.totalHeightForWidth(dialog.width())
        if needed > dialog.height():
            dialog.resize(dialog.width(), needed)
