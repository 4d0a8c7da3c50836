"""What an officer does with meetings in the window: the acts of `committee` and `freezing`, on the desk's base."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from qpvdesk.domain.change import Change
from qpvdesk.domain.comparison import Comparison, compare
from qpvdesk.domain.letterhead import NO_LETTERHEAD, Letterhead
from qpvdesk.domain.model import DecisionState, Dossier, Snapshot
from qpvdesk.domain.situation import Situation
from qpvdesk.services import committee, freezing, papers
from qpvdesk.services.committee import DecisionEntry, HistoryEntry, MeetingEntry
from qpvdesk.services.printing import Request
from qpvdesk.storage.base import Database

if TYPE_CHECKING:
    from qpvdesk.services.desk import Desk


class CommitteeDesk:
    """Part of a `Desk`, used where it is. Meetings, decisions and snapshots are named by their keys.

    Whatever refuses raises `UserError` and has changed nothing.
    """

    def __init__(
        self,
        desk: Desk,
        base: Database,
        find: Callable[[Callable[[Dossier], bool], str], Dossier],
        changed: Callable[[Change], Change],
        today: Callable[[], date],
        letterhead: Letterhead = NO_LETTERHEAD,
    ) -> None:
        """`find` returns the dossier that holds something; `changed` is told what an act did.

        `letterhead`: what papers bear now, frozen with the data.
        """
        self._desk = desk
        self._base = base
        self._find = find
        self._changed = changed
        self._today = today
        self._letterhead = letterhead

    def create(self, contract: str, entry: MeetingEntry) -> Change:
        """Add a meeting to the contract of that key."""
        dossier = self._find(lambda held: held.contract.key == contract, "Ce contrat")
        return self._changed(committee.create(self._base, dossier, entry))

    def edit(self, meeting: str, entry: MeetingEntry) -> Change:
        """Replace every field of a meeting."""
        return self._changed(committee.edit(self._base, self._of_meeting(meeting), meeting, entry))

    def duplicate(self, meeting: str, day: date) -> Change:
        """Add a meeting made like another one."""
        return self._changed(committee.duplicate(self._base, self._of_meeting(meeting), meeting, day))

    def remove(self, meeting: str) -> Change:
        """Remove a meeting with what it decided."""
        return self._changed(committee.remove(self._base, self._of_meeting(meeting), meeting))

    def set_agenda(self, meeting: str, items: Sequence[str]) -> Change:
        """Replace the agenda of a meeting, or its order."""
        return self._changed(committee.set_agenda(self._base, self._of_meeting(meeting), meeting, items))

    def set_participants(self, meeting: str, functions: Sequence[str]) -> Change:
        """Replace the list of who takes part in a meeting."""
        return self._changed(
            committee.set_participants(self._base, self._of_meeting(meeting), meeting, functions)
        )

    def decide(self, meeting: str, entry: DecisionEntry) -> Change:
        """Add a decision to a meeting."""
        return self._changed(committee.decide(self._base, self._of_meeting(meeting), meeting, entry))

    def amend(self, decision: str, entry: DecisionEntry) -> Change:
        """Replace every field of a decision."""
        return self._changed(committee.amend(self._base, self._of_decision(decision), decision, entry))

    def set_state(self, decision: str, state: DecisionState) -> Change:
        """Say where a decision stands."""
        return self._changed(committee.set_state(self._base, self._of_decision(decision), decision, state))

    def remove_decision(self, decision: str) -> Change:
        """Remove a decision."""
        return self._changed(committee.remove_decision(self._base, self._of_decision(decision), decision))

    def decision_history(self, decision: str) -> tuple[HistoryEntry, ...]:
        """Return what happened to a decision, latest first."""
        return committee.decision_history(self._base, decision)

    def freeze(self, meeting: str, day: date) -> Change:
        """Freeze the contract as it is for a meeting; `day` is the date of the data."""
        dossier = self._of_meeting(meeting)
        return self._changed(
            freezing.freeze(
                self._base, dossier, meeting, today=self._today(), day=day, letterhead=self._letterhead
            )
        )

    def note_paper(self, now: Situation, request: Request, name: str) -> Change:
        """Note that what was asked for was printed for its meeting, under that file name (empty: on paper)."""
        meeting = request.meeting or ""
        review = freezing.shown(self._desk, now.dossier.contract.code, now.day, request.model, meeting)
        dossier = self._of_meeting(meeting)
        return self._changed(
            papers.record(self._base, dossier, request.model, review, name, today=self._today())
        )

    def compared(self, now: Situation, before: Snapshot, after: Snapshot | None) -> Comparison:
        """Set a snapshot beside another one, or beside what the window shows (`after` None)."""
        was = freezing.thawed(self._base, before)
        return compare(was, freezing.thawed(self._base, after) if after is not None else now)

    def _of_meeting(self, key: str) -> Dossier:
        return self._find(lambda held: any(item.key == key for item in held.meetings), "Cette réunion")

    def _of_decision(self, key: str) -> Dossier:
        return self._find(lambda held: any(item.key == key for item in held.decisions), "Cette décision")
