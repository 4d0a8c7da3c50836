"""What the window asks of the rest of the program, in one protocol.

The window never opens a base: it is given a factory that returns a `Desk`, calls the factory *inside the lane
thread* of `ui/jobs.py` and uses the desk there only. So an implementation may hold a connection that must not
cross threads, needs no lock, and is closed by `close()` in the thread that made it. The values that it returns
are frozen and cross threads freely.

Every method that refuses raises `qpvdesk.domain.errors.UserError` and then has changed nothing. Results are
described structurally, so that the services keep their own dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract, Weather
from qpvdesk.domain.points import Point
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.situation import Situation

if TYPE_CHECKING:
    from qpvdesk.services.measurements import Entry


class PointView(Protocol):
    """A point d'attention with what the officer said about it."""

    @property
    def point(self) -> Point: ...

    @property
    def acknowledged(self) -> bool: ...

    @property
    def reason(self) -> str:
        """Why it was acknowledged; empty where it was not."""

    @property
    def acknowledged_on(self) -> date | None: ...


class Effect(Protocol):
    """What a measurement would change, reckoned before it is saved."""

    @property
    def before(self) -> Assessment: ...

    @property
    def after(self) -> Assessment: ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """French sentences on what is unusual but allowed (a jump, a running total going down, a day that
        already has a value…)."""


class HistoryEntry(Protocol):
    """One changed field of one object, as the journal keeps it."""

    @property
    def when(self) -> datetime: ...

    @property
    def author(self) -> str: ...

    @property
    def act(self) -> str:
        """What the officer did, in words (« Relevé de BPI-O01 au 30/06/2026 »)."""

    @property
    def kind(self) -> str:
        """The kind of object: a table name (`measurement`, `objective`…)."""

    @property
    def code(self) -> str:
        """The code of the object, of its objective or of its engagement; empty where it has none."""

    @property
    def sentence(self) -> str:
        """« Le 12/03/2026, valeur corrigée de 27 à 29 »."""


class Desk(Protocol):
    """Everything an officer does in the window. Called from one thread, except where said otherwise."""

    @property
    def read_only(self) -> bool:
        """True where the base cannot be written; every change then raises `UserError`."""

    def contracts(self) -> tuple[Contract, ...]:
        """Return the contracts of the base, by name."""

    def situation(self, contract: str, day: date) -> Situation:
        """Return the situation of the contract of that *code* on that day."""

    def points(self, situation: Situation) -> tuple[PointView, ...]:
        """Return alerts then coherence findings, each with its acknowledgement."""

    def preview_measurement(
        self,
        situation: Situation,
        *,
        objective: str,
        day: date,
        value: Decimal,
        territory: str | None = None,
        replacing: str | None = None,
    ) -> Effect:
        """Return what the value would change, saving nothing.

        `objective`, `territory` and `replacing` (the measurement being corrected) are keys. Reads only what
        `situation` holds, never the base, and therefore may be called from the GUI thread on each keystroke.
        Both assessments are made on `max(day, situation.day)`. Raises `UserError` as `record_measurement`.
        """

    def record_measurement(
        self,
        *,
        objective: str,
        day: date,
        value: Decimal,
        territory: str | None = None,
        source: str = "",
        comment: str = "",
        provisional: bool = False,
    ) -> Change:
        """Record a new value for the objective of that key, on its own territory unless another is named.

        Raises `UserError` for a day in the future, an aggregated objective, a retired one…
        """

    def preview_measurements(
        self, situation: Situation, entries: Sequence[Entry]
    ) -> Mapping[str, Effect | UserError]:
        """Return what a whole return would change, or why an entry cannot be, by key of the objective.

        The entries count together (a new reference moves its parities); saves nothing, reads no base.
        """

    def record_measurements(self, entries: Sequence[Entry]) -> Change:
        """Record a whole return of one contract as one act: all of it or, on `UserError`, nothing."""

    def correct_measurement(
        self,
        measurement: str,
        *,
        day: date,
        value: Decimal,
        source: str = "",
        comment: str = "",
        provisional: bool = False,
    ) -> Change:
        """Replace every field of the measurement of that key; the journal keeps the old ones."""

    def remove_measurement(self, measurement: str) -> Change:
        """Remove the measurement of that key; it can be undone."""

    def set_meteo(
        self,
        engagement: str,
        *,
        day: date,
        weather: Weather,
        results: str = "",
        obstacles: str = "",
        next_steps: str = "",
    ) -> Change:
        """Record the weather of the engagement of that key; an entry of the same day is replaced."""

    def acknowledge(self, contract: str, point: str, reason: str) -> Change:
        """Acknowledge the point of that identifier (`Point.ident`) in the contract of that code.

        Raises `UserError` where the reason is empty.
        """

    def withdraw_acknowledgement(self, contract: str, point: str) -> Change:
        """Take the acknowledgement back: the point asks for attention again."""

    def undo(self) -> Change | None:
        """Undo the last act; None where there is nothing to undo."""

    def redo(self) -> Change | None:
        """Do the last undone act again; None where there is nothing to redo."""

    def undo_label(self) -> str | None:
        """Return what `undo` would undo, in words, or None."""

    def redo_label(self) -> str | None:
        """Return what `redo` would do again, in words, or None."""

    def history(
        self, contract: str, object_code: str | None = None, limit: int = 500
    ) -> tuple[HistoryEntry, ...]:
        """Return the journal of the contract, or of one object of it, latest first.

        The history of an objective holds that of its measurements and milestones; of an engagement, that of
        its météo and steps.
        """

    def print_report(
        self,
        situation: Situation,
        path: Path,
        *,
        model: str = "copil",
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Path:
        """Write the report as a PDF and return its path; a cancelled or failed one leaves no file behind.

        `model` is a word of the command line's `rapport --modele` (`copil`). `cancelled` is asked now and then.
        """

    def keep_safe(self) -> bool:
        """Back the base up where the last backup is half an hour old; tell whether one was made."""

    def close(self) -> None:
        """Close the base."""


DeskFactory = Callable[[], Desk]
