"""A meeting: its kind, its day, its place and its title; a day alone; a decision. The rest is written in the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import AROUND_DAYS, DUE_DAYS
from qpvdesk.domain.meetings import meeting_kind
from qpvdesk.domain.model import DECISION_LABELS, MEETING_LABELS, DecisionState
from qpvdesk.services.committees.committee import DecisionEntry, MeetingEntry
from qpvdesk.ui.dialogs.waiting import WaitingDialog
from qpvdesk.ui.kit.form_dialog import Form, FormDialog, Rules, offer
from qpvdesk.ui.kit.text_area import TextArea
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
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


class MeetingDialog(WaitingDialog):
    """One meeting; Enter saves. Submits a checked `MeetingEntry`."""

    chapter = "comites"
    """Where F1 opens the guide."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        entry: MeetingEntry,
        rules: Rules[MeetingEntry],
        *,
        kinds: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        """`kinds`: the contract's list."""
        super().__init__(title, parent, width=theme.px(480))
        self._entry, self._rules, self._kinds = entry, rules, kinds
        form = Form()
        self._kind = ElidedCombo()
        for kind in kinds:
            self._kind.addItem(MEETING_LABELS.get(kind, kind), kind)
        self._kind.setCurrentIndex(self._kind.findData(entry.kind))
        # A contract has kinds of its own: their names are typed in.
        self._kind.setEditable(True)
        self._kind.setInsertPolicy(ElidedCombo.InsertPolicy.NoInsert)
        typed = self._kind.lineEdit()
        assert typed is not None
        typed.setAccessibleName("Réunion")
        self._day = DayLine(lambda: rules.today, entry.day, ahead=AROUND_DAYS)
        self._place = QLineEdit(entry.place)
        self._title = QLineEdit(entry.title)
        self._kind_field = form.add(
            "&Réunion",
            self._kind,
            "Une de la liste, ou le nom d’une autre\u202f: Conseil citoyen, Comité TFPB…",
        )
        self._day_field = form.add("&Date", self._day, "Passée ou à venir")
        form.add("&Lieu", self._place)
        form.add(
            "&Titre",
            self._title,
            "Facultatif\u202f: ce qui la distingue, comme «\u202fCOPIL de lancement\u202f»",
        )
        self.end(form, self._submit)
        self._day.setFocus()
        self._day.selectAll()

    def _submit(self) -> None:
        try:
            kind = meeting_kind(self._kind.currentText(), self._kinds)
        except UserError as error:
            self._kind_field.refuse(error)
            return
        try:
            entry = MeetingEntry(
                kind,
                self._day.day(),
                self._place.text(),
                self._title.text(),
                self._entry.agenda,
                self._entry.participants,
            )
            self._rules.check(entry)
        except UserError as error:
            self._day_field.refuse(error)
            return
        self.submitted.emit(entry)


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
        self._words = TextArea()
        self._words.set_whole(entry.label)
        self._words.setFixedHeight(theme.px(76))
        self._carrier = QLineEdit(entry.carrier)
        offer(self._carrier, carriers)
        self._due = DayLine(lambda: rules.today, entry.due, ahead=DUE_DAYS)
        self._due.setPlaceholderText("JJ/MM/AAAA, ou vide")
        self._state = ElidedCombo("", ((words, state) for state, words in DECISION_LABELS.items()))
        self._state.setCurrentIndex(self._state.findData(entry.state))
        self._words_field = form.add("&Décision", self._words)
        if self._words.shortened:
            self._words_field.set_hint(self._words.shortened)
        form.add("&Confiée à", self._carrier, "Une fonction ou un partenaire, jamais un nom")
        self._due_field = form.add("É&chéance", self._due)
        form.add("É&tat", self._state)
        self.end(form, self._submit)
        self._words.setFocus()

    def _submit(self) -> None:
        for field in (self._words_field, self._due_field):
            field.set_error("")
        try:
            due = self._due.day_if_any()
        except UserError as error:
            self._due_field.refuse(error)
            return
        entry = DecisionEntry(
            self._words.whole(), self._carrier.text(), due, DecisionState(self._state.currentData())
        )
        try:
            self._rules.check(entry)
        except UserError as error:
            (self._due_field if entry.label.strip() else self._words_field).refuse(error)
            return
        self.submitted.emit(entry)
