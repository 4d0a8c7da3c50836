"""A question that a date answers, and sometimes a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.ui.kit.form_dialog import Form, FormDialog, Rules
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.day_edit import DayLine


@dataclass(frozen=True, slots=True)
class DayQuestion:
    """What is asked, the words of the button that does it, and the day proposed."""

    title: str
    sentence: str
    action: str
    proposed: date
    reason: str = ""
    """What else is asked, a sentence of why; empty where the date is enough."""


class DayDialog(FormDialog):
    """One question that a date answers, with a reason where one is asked; Enter does it."""

    submitted = Signal(object, str)
    """The `date` and the reason; the dialog closes."""

    def __init__(
        self, theme: Theme, question: DayQuestion, rules: Rules[date], parent: QWidget | None = None
    ) -> None:
        super().__init__(question.title, parent, width=theme.px(480))
        self._rules = rules
        self.say(question.sentence)
        form = Form()
        self._day = DayLine(lambda: rules.today, question.proposed)
        self._field = form.add("&Date", self._day)
        self._reason = QLineEdit()
        self._why = form.add(question.reason, self._reason) if question.reason else None
        self.column.addLayout(form)
        self.foot(question.action, self._submit)
        self._day.setFocus()
        self._day.selectAll()

    def _submit(self) -> None:
        try:
            day = self._day.day()
            self._rules.check(day)
        except UserError as error:
            self._field.refuse(error)
            return
        reason = self._reason.text().strip()
        if self._why is not None and not reason:
            self._why.refuse(UserError("Le motif manque.", "Dites en une phrase pourquoi."))
            return
        self.submitted.emit(day, reason)
        self.accept()
