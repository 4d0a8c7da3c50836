"""A question that a date answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, parse_date
from qpvdesk.ui.forms import Form, answer_buttons, grow
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label


class DayDialog(QDialog):
    """One question that a date answers; Enter does it."""

    submitted = Signal(object)
    """The `date`; the dialog closes."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        sentence: str,
        action: str,
        proposed: date,
        check: Callable[[date], object],
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        """`check` raises `UserError` for a day that cannot be."""
        super().__init__(parent)
        self._check = check
        self._today = today
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(480))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(12)
        layout.addWidget(label(title, "heading"))
        layout.addWidget(label(sentence, wrap=True))
        form = Form()
        self._day = QLineEdit(format_date(proposed))
        self._field = form.add("&Date", self._day)
        layout.addLayout(form)
        layout.addLayout(answer_buttons(self, self._submit, action))
        self._day.setFocus()
        self._day.selectAll()

    def _submit(self) -> None:
        try:
            day = parse_date(self._day.text(), today=self._today)
            self._check(day)
        except UserError as error:
            self._field.set_error(f"{error.message} {error.remedy}".strip())
            self._day.setFocus()
            grow(self)
            return
        self.submitted.emit(day)
        self.accept()
