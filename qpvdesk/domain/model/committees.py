"""Meetings, what they decide, what is frozen and printed for them; visits."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from qpvdesk.domain.model.words import MEETING_LABELS, DecisionState


class Meeting(Struct, frozen=True):
    """A COPIL, a comité technique, a revue de projets, a bilateral meeting, or what else the contract has."""

    key: str
    contract: str
    kind: str
    """A `MeetingKind`, or the name of a kind of the contract's own: « Conseil citoyen »."""
    day: date
    place: str = ""
    title: str = ""
    agenda: str = ""
    """One item a line."""
    participants: str = ""
    """One function a line; never a name."""

    @property
    def kind_name(self) -> str:
        return MEETING_LABELS.get(self.kind, self.kind)

    @property
    def name(self) -> str:
        """Its title, or what its kind is called."""
        return self.title or self.kind_name


class Decision(Struct, frozen=True):
    """What a meeting decided."""

    key: str
    meeting: str
    label: str
    rank: int = 0
    carrier: str = ""
    due: date | None = None
    state: DecisionState = DecisionState.A_FAIRE
    state_on: date | None = None
    """Since when it stands there; None where nobody noted it."""


class Snapshot(Struct, frozen=True):
    """An *arrêté des données*: the whole contract as it was when it was frozen for a meeting. Never changed.

    What it froze is kept apart, under its fingerprint.
    """

    key: str
    contract: str
    meeting: str
    day: date
    """The date of the data."""
    frozen_on: date
    fingerprint: str
    """SHA-256 of what it froze, 64 hexadecimal digits."""
    reason: str = ""
    """Why it replaces the arrêté before it of the same meeting; empty for a first one."""


class Visit(Struct, frozen=True):
    """What was seen and heard in one place on one day: a visit, a diagnostic en marchant, a conseil citoyen…"""

    key: str
    contract: str
    day: date
    place: str
    """Where, in the officer's words; `territory` says in which place of the contract."""
    territory: str | None = None
    functions: str = ""
    """Who was met, one function a line; never a name."""
    mood: str = ""
    needs: str = ""
    difficulties: str = ""
    proposals: str = ""
    follow_up: str = ""
    """What is to be done of it; empty where nothing is."""
    carrier: str = ""
    due: date | None = None
    done_on: date | None = None
    """When what was to be done was done; None as long as it is not."""


class Paper(Struct, frozen=True):
    """A paper that was printed or saved for a meeting. What it holds is not kept: its data are told by a fingerprint."""

    key: str
    contract: str
    meeting: str
    model: str
    """`copil`, `decisions`…"""
    made_on: date
    day: date
    """Date of its data."""
    fingerprint: str
    """The sixteen digits at the foot of its pages, without spaces."""
    name: str = ""
    """The name of its file, without the folder; empty for what went to the printer."""
