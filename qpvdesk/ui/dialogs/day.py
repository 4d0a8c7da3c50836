"""A question that a date answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, parse_date
from qpvdesk.ui.kit.form_dialog import Form, FormDialog, Rules
from qpvdesk.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class DayQuestion:
    """What is asked, the words of the button that does it, and the day proposed."""

    title: str
    sentence: str
    action: str
    proposed: date


class DayDialog(FormDialog):
    """One question that a date answers; Enter does it."""

    submitted = Signal(object)
    """The `date`; the dialog closes."""

    def __init__(
        self,
        theme: Theme,
        question: DayQuestion,
        rules: Rules[date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(question.title, parent, width=theme.px(480))
        self._rules = rules
        self.say(question.sentence)
        form = Form()
        self._day = QLineEdit(format_date(question.proposed))
        self._field = form.add("&Date", self._day)
        self.column.addLayout(form)
        self.foot(question.action, self._submit)
        self._day.setFocus()
        self._day.selectAll()

    def _submit(self) -> None:
        try:
            day = parse_date(self._day.text(), today=self._rules.today)
            self._rules.check(day)
        except UserError as error:
            self._field.refuse(error)
            return
        self.submitted.emit(day)
        self.accept()
