"""A decision: what was decided, who carries it out, by when, where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import DUE_DAYS
from qpvdesk.domain.model import DECISION_LABELS, DecisionState
from qpvdesk.services.committees.committee import DecisionEntry
from qpvdesk.ui.dialogs.waiting import WaitingDialog
from qpvdesk.ui.kit.form_dialog import Form, Rules, offer
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.day_edit import DayLine


class DecisionDialog(WaitingDialog):
    """One decision; Ctrl+Enter saves from the text, Enter from the other fields. Submits a checked `DecisionEntry`."""

    chapter = "comites"
    """Where F1 opens the guide."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        entry: DecisionEntry,
        rules: Rules[DecisionEntry],
        *,
        carriers: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        """`carriers` are offered as one types."""
        super().__init__(title, parent, width=theme.px(520))
        self._rules = rules
        form = Form()
        self._words = QPlainTextEdit(entry.label)
        self._words.setFixedHeight(theme.px(76))
        self._carrier = QLineEdit(entry.carrier)
        offer(self._carrier, carriers)
        self._due = DayLine(lambda: rules.today, entry.due, ahead=DUE_DAYS)
        self._due.setPlaceholderText("JJ/MM/AAAA, ou vide")
        self._state = ElidedCombo("", ((words, state) for state, words in DECISION_LABELS.items()))
        self._state.setCurrentIndex(self._state.findData(entry.state))
        self._words_field = form.add("&Décision", self._words)
        form.add("&Confiée à", self._carrier, "Une fonction ou un partenaire, jamais un nom")
        self._due_field = form.add("É&chéance", self._due)
        form.add("É&tat", self._state)
        self.end(form, self._submit)
        self._words.setFocus()

    def _submit(self) -> None:
        for one in (self._words_field, self._due_field):
            one.set_error("")
        try:
            due = self._due.day_if_any()
        except UserError as error:
            self._due_field.refuse(error)
            return
        entry = DecisionEntry(
            self._words.toPlainText(), self._carrier.text(), due, DecisionState(self._state.currentData())
        )
        try:
            self._rules.check(entry)
        except UserError as error:
            (self._due_field if entry.label.strip() else self._words_field).refuse(error)
            return
        self.submitted.emit(entry)
