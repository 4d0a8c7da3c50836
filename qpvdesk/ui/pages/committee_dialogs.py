"""What the page of the committees asks: a meeting, its copy, the day of its data, a decision."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from qpvdesk.domain import meetings
from qpvdesk.domain.french import NNBSP, format_date
from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.model import Decision, Dossier, Meeting, MeetingKind
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.wording import of
from qpvdesk.services.committees import committee, freezing
from qpvdesk.services.committees.committee import DecisionEntry, MeetingEntry, decision_entry_of
from qpvdesk.ui.dialogs.meeting import DayDialog, DayQuestion, DecisionDialog, MeetingDialog
from qpvdesk.ui.drafts import Drafts
from qpvdesk.ui.kit.form_dialog import Rules
from qpvdesk.ui.session import Act
from qpvdesk.ui.theme import Theme

if TYPE_CHECKING:
    from qpvdesk.ui.dialogs.waiting import WaitingDialog


class CommitteeDialogs(QObject):
    """Opens the dialogs on the meeting it was last shown; what they answer comes as acts of the desk."""

    answering = Signal(str, object, object)
    """What is done, in words, the function of the desk, and the form that waits for the answer."""
    making = Signal(str, object, object, object)
    """What is done and the function, for a new meeting, its `MeetingKind` with its day, and the form that waits or None."""
    freezing = Signal(object, str)
    """The day on which the data of the meeting are to be frozen, and why they replace those that are."""

    def __init__(self, theme: Theme, today: Callable[[], date], drafts: Drafts, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._today = today
        self._drafts = drafts
        self._window = parent
        self._situation: Situation | None = None
        self._meeting: Meeting | None = None

    def show(self, situation: Situation, meeting: Meeting | None) -> None:
        self._situation, self._meeting = situation, meeting

    def ask_new(self, title: str = "Nouvelle réunion") -> WaitingDialog | None:
        """Ask for a new meeting, and return the form; a COPIL half a year after the last one is proposed."""
        if self._situation is None:
            return None
        dossier, today = self._situation.dossier, self._today()
        last = meetings.last_of_kind(dossier, MeetingKind.COPIL)
        day = meetings.day_of_next(last, today) if last is not None else today

        def save(given: MeetingEntry, form: WaitingDialog) -> None:
            self.making.emit(
                "Nouvelle réunion",
                lambda desk: committee.create(desk, dossier.contract.code, given),
                (given.kind, given.day),
                form,
            )

        return self._ask_meeting(title, MeetingEntry(MeetingKind.COPIL, day), "", save)

    def ask_edit(self) -> None:
        """Ask for other words about the meeting."""
        if self._meeting is None or self._situation is None:
            return
        key, contract = self._meeting.key, self._situation.dossier.contract.code

        def save(given: MeetingEntry, form: WaitingDialog) -> None:
            self.answering.emit("Réunion", lambda desk: committee.edit(desk, contract, key, given), form)

        self._ask_meeting(
            f"Modifier {meeting_code(self._meeting)}", committee.entry_of(self._meeting), key, save
        )

    def reopen(self, form: str) -> None:
        """Open the form of a draft: a kind, and the key of a decision or the word of a new meeting (`decision-KEY`)."""
        kind, _, key = form.partition("-")
        if kind == "decision":
            self.ask_decision(key)
        elif key:
            self.ask_new()
        else:
            self.ask_edit()

    def ask_copy(self) -> None:
        """Ask for the day of a meeting made like this one."""
        if self._meeting is None or self._situation is None:
            return
        model, dossier = self._meeting, self._situation.dossier

        def save(day: date, _reason: str) -> None:
            self.making.emit(
                "Dupliquer la réunion",
                lambda desk: committee.duplicate(desk, dossier.contract.code, model.key, day),
                (model.kind, day),
                None,
            )

        self._ask_day(
            DayQuestion(
                f"Dupliquer {meeting_code(model)}",
                "Le lieu, l’ordre du jour et les participants sont repris\u202f; les décisions restent à leur réunion.",
                "Dupliquer",
                meetings.day_of_next(model, self._today()),
            ),
            lambda day: committee.checked_meeting(dossier, replace(committee.entry_of(model), day=day), ""),
            save,
        )

    def ask_freeze(self, waiting: Sequence[str]) -> None:
        """Ask for the day of the data to be frozen; where some are, also why others replace them. `waiting`: what is typed
        in the window and not saved, in words."""
        if self._meeting is None or self._situation is None:
            return
        meeting, today = self._meeting, self._today()
        code, day = meeting_code(meeting), min(meeting.day, today)
        question = DayQuestion(
            f"Arrêter les données{of(code)}",
            "Tout le contrat est gardé tel qu’il est maintenant, avec tout ce qui en est dit, sous une empreinte. Le "
            "dossier imprimé pour cette réunion le montrera toujours ainsi\u202f; vos saisies n’y changeront rien.",
            "Arrêter les données",
            day,
        )
        kept = meetings.snapshots_of(self._situation.dossier, meeting.key)
        if kept:
            question = DayQuestion(
                f"Arrêter de nouveau les données{of(code)}",
                f"Les données de cette réunion sont arrêtées depuis le {format_date(kept[-1].frozen_on)}. Les "
                "nouvelles compteront à la place, les précédentes restent lisibles\u202f; le motif est gardé et imprimé.",
                "Arrêter de nouveau les données",
                day,
                "&Motif",
            )
        if waiting:
            left = f"Ce qui est tapé sans être enregistré n’y sera pas\u202f: {f'{NNBSP}; '.join(waiting)}."
            question = dataclasses.replace(question, sentence=f"{question.sentence} {left}")
        self._ask_day(question, lambda day: freezing.check_day(meeting, day, today), self.freezing.emit)

    def ask_decision(self, key: str) -> None:
        """Ask for a decision of the meeting, or (a key) for other words about one of any meeting."""
        if self._situation is None:
            return
        dossier = self._situation.dossier
        old = next((decision for decision in dossier.decisions if decision.key == key), None)
        owner = _owner(dossier, old) if old is not None else self._meeting
        if owner is None:
            return
        entry = decision_entry_of(old) if old is not None else DecisionEntry("")

        def save(given: DecisionEntry) -> None:
            contract = dossier.contract.code
            if old is not None:
                act: Act = lambda desk: committee.amend(desk, contract, old.key, given)  # noqa: E731
            else:
                act = lambda desk: committee.decide(desk, contract, owner.key, given)  # noqa: E731
            self.answering.emit("Décision", act, dialog)

        blank = Decision("", owner.key, "")
        dialog = DecisionDialog(
            self._theme,
            f"Modifier {self._situation.decision_code(old)}"
            if old is not None
            else f"Décision{of(meeting_code(owner))}",
            entry,
            Rules(lambda given: committee.checked_decision(owner, given, old or blank), self._today()),
            carriers=carriers(dossier),
            parent=self._window,
        )
        dialog.submitted.connect(save)
        dialog.keep_typed(self._drafts, f"{dossier.contract.code}-decision-{key or owner.key}")
        dialog.open()

    def _ask_meeting(
        self, title: str, entry: MeetingEntry, key: str, save: Callable[[MeetingEntry, WaitingDialog], None]
    ) -> WaitingDialog:
        assert self._situation is not None
        dossier = self._situation.dossier
        dialog = MeetingDialog(
            self._theme,
            title,
            entry,
            Rules(lambda given: committee.checked_meeting(dossier, given, key), self._today()),
            kinds=meetings.meeting_kinds(dossier),
            parent=self._window,
        )
        dialog.submitted.connect(lambda given: save(given, dialog))
        dialog.keep_typed(self._drafts, f"{dossier.contract.code}-reunion-{key or 'nouvelle'}")
        dialog.open()
        return dialog

    def _ask_day(
        self, question: DayQuestion, check: Callable[[date], object], save: Callable[[date, str], None]
    ) -> None:
        dialog = DayDialog(self._theme, question, Rules(check, self._today()), self._window)
        dialog.submitted.connect(save)
        dialog.open()


def _owner(dossier: Dossier, decision: Decision) -> Meeting | None:
    return next((meeting for meeting in dossier.meetings if meeting.key == decision.meeting), None)


def carriers(dossier: Dossier) -> list[str]:
    """Those who were given something to do before, then the partners."""
    known = [decision.carrier for decision in dossier.decisions if decision.carrier]
    return list(dict.fromkeys([*known, *(partner.short_name for partner in dossier.partners)]))
