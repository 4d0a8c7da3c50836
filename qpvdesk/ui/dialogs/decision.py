"""A decision: what was decided, who carries it out, by when, where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, parse_date
from qpvdesk.domain.model import DECISION_LABELS, DecisionState
from qpvdesk.services.committee import DecisionEntry
from qpvdesk.ui.dialogs.waiting import WaitingDialog
from qpvdesk.ui.forms import Field, Form, answer_buttons, grow
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import label


class DecisionDialog(WaitingDialog):
    """One decision; Ctrl+Enter saves from the text, Enter from the other fields. Submits a checked `DecisionEntry`."""

    chapter = "comites"
    """Where F1 opens the guide."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        entry: DecisionEntry,
        carriers: Sequence[str],
        check: Callable[[DecisionEntry], object],
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        """`carriers` are offered as one types; `check` raises `UserError` for what cannot be."""
        super().__init__(parent)
        self._check = check
        self._today = today
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(520))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(12)
        layout.addWidget(label(title, "heading"))
        form = Form()
        self._words = QPlainTextEdit(entry.label)
        self._words.setFixedHeight(theme.px(76))
        self._carrier = QLineEdit(entry.carrier)
        completer = QCompleter(list(carriers), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._carrier.setCompleter(completer)
        self._due = QLineEdit(format_date(entry.due) if entry.due else "")
        self._due.setPlaceholderText("JJ/MM/AAAA, ou vide")
        self._state = QComboBox()
        for state, words in DECISION_LABELS.items():
            self._state.addItem(words, state)
        self._state.setCurrentIndex(self._state.findData(entry.state))
        self._words_field = form.add("&Décision", self._words)
        form.add("&Confiée à", self._carrier, "Une fonction ou un partenaire, jamais un nom")
        self._due_field = form.add("É&chéance", self._due)
        form.add("É&tat", self._state)
        layout.addLayout(form)
        form.chain()
        layout.addWidget(self._trouble)
        layout.addLayout(answer_buttons(self, self._submit, "Enregistrer"))
        self._words.setFocus()

    def _submit(self) -> None:
        for one in (self._words_field, self._due_field):
            one.set_error("")
        due: date | None = None
        if self._due.text().strip():
            try:
                due = parse_date(self._due.text(), today=self._today)
            except UserError as error:
                self._refuse(self._due_field, error)
                return
        entry = DecisionEntry(
            self._words.toPlainText(), self._carrier.text(), due, DecisionState(self._state.currentData())
        )
        try:
            self._check(entry)
        except UserError as error:
            self._refuse(self._due_field if entry.label.strip() else self._words_field, error)
            return
        self.submitted.emit(entry)

    def _refuse(self, field: Field, error: UserError) -> None:
        field.set_error(f"{error.message} {error.remedy}".strip())
        field.control.setFocus()
        grow(self)
