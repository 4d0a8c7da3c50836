"""The desk of one officer on one open base: everything the window asks, in the window's words.

The window never opens a base: it is given a factory of desks, calls it *inside the lane thread* of `ui/jobs.py`
and uses the desk there only. So a desk may hold a connection that must not cross threads, and needs no lock. What
it returns is frozen and crosses threads freely.

Every method that refuses raises `UserError` and then has changed nothing. A family of acts that has a service of
its own is one property here, imported when first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qpvdesk import paths
from qpvdesk.domain import french
from qpvdesk.domain import review as reviewing
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.domain.meetings import snapshots_of
from qpvdesk.domain.model import Acknowledgement, Contract, Dossier, Meeting, Meteo, Snapshot, Weather
from qpvdesk.domain.review import Baseline, Review
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.services import bases, freezing, measurements
from qpvdesk.services.bases import contract_named
from qpvdesk.services.committee import meeting_coded, meeting_of
from qpvdesk.services.printing import Request
from qpvdesk.services.settings import Settings, SettingsFile
from qpvdesk.storage import maintenance, opening, patching, readers
from qpvdesk.storage.base import Database
from qpvdesk.storage.history import HistoryEntry as HistoryEntry
from qpvdesk.storage.keys import new_key

if TYPE_CHECKING:
    from qpvdesk.services.colleagues import Colleagues
    from qpvdesk.services.committee_desk import CommitteeDesk
    from qpvdesk.services.documents import Documents
    from qpvdesk.services.editing import Editing
    from qpvdesk.services.exchange import Exchange
    from qpvdesk.services.keeping import Keeping


_KNOWN = 3
"""Situations kept beside the one asked for."""


class Desk:
    """Everything an officer does in the window. Called from one thread, except where said otherwise."""

    def __init__(
        self, base: Database, *, today: Callable[[], date], settings: Settings | None = None
    ) -> None:
        self._base = base
        self._today = today
        self._settings = settings or Settings()
        base.sign(self._settings.author)
        # The last dossier read, by contract key: a change of day or a new act reads it again only if it moved.
        self._dossiers: dict[str, Dossier] = {}
        self._situations: dict[date, Situation] = {}
        # What was frozen does not change: read once, by fingerprint.
        self._frozen: dict[str, Situation] = {}
        self._version = 0

    @property
    def read_only(self) -> bool:
        """True where the base cannot be written; every change then raises `UserError`."""
        return self._base.read_only

    @property
    def exchange(self) -> Exchange:
        """Files of figures, in and out."""
        from qpvdesk.services.exchange import Exchange

        return Exchange(self._base, self._today, self._changed, self.review)

    @property
    def colleagues(self) -> Colleagues:
        """Packages to and from other officers."""
        from qpvdesk.services.colleagues import Colleagues

        return Colleagues(self._base, self._changed, self._dossiers.clear)

    def unread(self) -> bool:
        """Tell whether the base is too large to have been read whole when it was opened."""
        return not maintenance.was_checked(self._base)

    @property
    def keeping(self) -> Keeping:
        """Backups, and putting one back."""
        from qpvdesk.services.keeping import Keeping

        return Keeping(self._base, self._while_closed, self._dossiers.clear, self._settings.copies)

    def contracts(self) -> tuple[Contract, ...]:
        """Return the contracts of the base, by name."""
        return tuple(sorted(self._base.contracts(), key=lambda contract: french.fold(contract.name)))

    def situation(self, contract: str, day: date) -> Situation:
        """Return the situation of the contract of that *code* on that day."""
        dossier = self._dossier(contract_named(self._base, contract).key)
        known = self._situations.pop(day, None)
        if known is None or known.dossier is not dossier:
            known = situation(dossier, day, known)
        # The days of the last pictures, the latest last: today, and the one that moves are counted from.
        self._situations = {**dict(list(self._situations.items())[-_KNOWN:]), day: known}
        return known

    def review(
        self,
        contract: str | None,
        day: date,
        compared_with: date | str | None = None,
        *,
        meeting: str | None = None,
        snapshot: Snapshot | None = None,
        whole: bool = True,
    ) -> Review:
        """Say everything of the contract of that code (None: the only one) on a day: the one place where it is said.

        `compared_with`: a date, or the code of a meeting whose data are frozen; by default what the last COPIL saw whose
        data are frozen, else the day of the last COPIL. `meeting`: the key of the one it is made for, which is compared
        with those before it. `snapshot`: shows what it froze, on its day, in the place of what is recorded now.
        `whole` False: only what a first sight shows, neither points nor moves.
        Raises `UserError` for a day to come, and where what is named is not there, or not before the day.
        """
        if day > self._today():
            raise UserError(
                f"Le {french.format_date(day)} n’est pas encore passé.",
                f"Choisissez une date jusqu’au {french.format_date(self._today())}.",
            )
        code = contract_named(self._base, contract).code
        now = self.situation(code, day) if snapshot is None else self._thawed(snapshot)
        owner = meeting_of(now.dossier, meeting) if meeting is not None else None
        candidates = self._baselines(now, compared_with, owner)
        if not whole:
            return reviewing.glance(now, next(candidates, None))
        baseline, previous = self._first_whole(now, candidates)
        return reviewing.review(now, baseline, previous, meeting=owner, snapshot=snapshot)

    def _baselines(
        self, now: Situation, compared_with: date | str | None, owner: Meeting | None
    ) -> Iterator[Baseline]:
        """What the contract may be compared with, the best first. Raises `UserError` for what is named in vain."""
        if compared_with is None:
            return reviewing.baselines(now.dossier, min(now.day, owner.day) if owner is not None else now.day)
        if isinstance(compared_with, str):
            meeting = meeting_coded(now.dossier, compared_with)
            kept = snapshots_of(now.dossier, meeting.key)
            if not kept:
                raise UserError(
                    f"Les données de {compared_with} ne sont pas arrêtées.",
                    f"Nommez sa date pour la recalculer\u202f: {french.format_date(meeting.day)}.",
                )
            named = Baseline(kept[-1].day, meeting, kept[-1])
        else:
            named = Baseline(compared_with)
        if named.day >= now.day:
            raise UserError(
                f"Le {french.format_date(named.day)} ne précède pas la situation au {french.format_date(now.day)}.",
                "Comparez à une date antérieure.",
            )
        return iter((named,))

    def _first_whole(
        self, now: Situation, candidates: Iterator[Baseline]
    ) -> tuple[Baseline | None, Situation | None]:
        """The first baseline whose data can be read, and what it was. An arrêté that is lost is the base check's."""
        for baseline in candidates:
            if baseline.snapshot is not None:
                try:
                    return baseline, self._thawed(baseline.snapshot)
                except UserError:
                    continue
            if now.dossier is self.dossier(now.dossier.contract.code):
                return baseline, self.situation(now.dossier.contract.code, baseline.day)
            return baseline, situation(now.dossier, baseline.day)
        return None, None

    def _thawed(self, snapshot: Snapshot) -> Situation:
        found = self._frozen.pop(snapshot.fingerprint, None) or freezing.thawed(self._base, snapshot)
        self._frozen = {**dict(list(self._frozen.items())[-_KNOWN:]), snapshot.fingerprint: found}
        return found

    def preview_measurement(
        self,
        situation: Situation,
        *,
        objective: str,
        day: date,
        value: Decimal,
        territory: str | None = None,
        replacing: str | None = None,
    ) -> measurements.Effect:
        """Return what the value would change, saving nothing.

        `objective`, `territory` and `replacing` (the measurement being corrected) are keys. Reads only what
        `situation` holds, never the base, and therefore may be called from the GUI thread on each keystroke.
        Both assessments are made on `max(day, situation.day)`. Raises `UserError` as `record_measurement`.
        """
        entry = measurements.Entry(objective, day, value, territory)
        return measurements.preview(situation, entry, today=self._today(), replacing=replacing)

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
        dossier = self._dossier_of_objective(objective)
        entry = measurements.Entry(objective, day, value, territory, source, comment, provisional)
        return self._changed(measurements.record(self._base, dossier, entry, today=self._today()))

    def preview_measurements(
        self, situation: Situation, entries: Sequence[measurements.Entry]
    ) -> Mapping[str, measurements.Effect | UserError]:
        """Return what a whole return would change, or why an entry cannot be, by key of the objective.

        The entries count together (a new reference moves its parities); saves nothing, reads no base.
        """
        return measurements.preview_all(situation, entries, today=self._today())

    def record_measurements(self, entries: Sequence[measurements.Entry]) -> Change:
        """Record a whole return of one contract as one act: all of it or, on `UserError`, nothing."""
        if not entries:
            raise UserError("Aucune valeur n’est saisie.", "Tapez au moins une valeur avant d’enregistrer.")
        dossier = self._dossier_of_objective(entries[0].objective)
        return self._changed(measurements.record_all(self._base, dossier, entries, today=self._today()))

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
        dossier = self._dossier_of_measurement(measurement)
        old = measurements.recorded(dossier, measurement)
        entry = measurements.Entry(old.objective, day, value, old.territory, source, comment, provisional)
        return self._changed(
            measurements.correct(self._base, dossier, measurement, entry, today=self._today())
        )

    def remove_measurement(self, measurement: str) -> Change:
        """Remove the measurement of that key; it can be undone."""
        dossier = self._dossier_of_measurement(measurement)
        return self._changed(measurements.remove(self._base, dossier, measurement))

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
        dossier = self._dossier_where(
            lambda held: any(item.key == engagement for item in held.engagements), "Cet engagement"
        )
        code = next(item.code for item in dossier.engagements if item.key == engagement)
        same_day = [item for item in dossier.meteos if item.engagement == engagement and item.day == day]
        key = same_day[-1].key if same_day else new_key()
        meteo = Meteo(key, engagement, day, weather, results.strip(), obstacles.strip(), next_steps.strip())
        with self._base.unit(f"{code}\u202f: météo au {french.format_date(day)}") as unit:
            unit.put(meteo)
        return self._changed(unit.change)

    def acknowledge(self, contract: str, points: Sequence[str], reason: str) -> Change:
        """Acknowledge points, by their identifiers (`Point.ident`), for one reason and as one act.

        Raises `UserError` where the reason is empty or there is no point.
        """
        if not reason.strip():
            raise UserError(
                "Un point d’attention n’est pris en compte qu’avec son motif.",
                "Écrivez en une phrase pourquoi.",
            )
        if not points:
            raise UserError("Ces points sont déjà pris en compte.", "Rien n’est à faire.")
        held = self._dossier(contract_named(self._base, contract).key)
        known = {old.point: old.key for old in held.acknowledgements}
        said = (
            f"Point d’attention pris en compte\u202f: {_object_of(points[0])}"
            if len(points) == 1
            else f"{len(points)} points d’attention pris en compte"
        )
        with self._base.unit(said) as unit:
            unit.put_all(
                Acknowledgement(
                    known.get(point) or new_key(), held.contract.key, point, reason.strip(), self._today()
                )
                for point in points
            )
        return self._changed(unit.change)

    def withdraw_acknowledgement(self, contract: str, point: str) -> Change:
        """Take the acknowledgement back: the point asks for attention again."""
        held = self._dossier(contract_named(self._base, contract).key)
        old = [item for item in held.acknowledgements if item.point == point]
        if not old:
            raise UserError("Ce point d’attention n’est pas pris en compte.")
        with self._base.unit(f"Point d’attention rouvert\u202f: {_object_of(point)}") as unit:
            for item in old:
                unit.remove(item)
        return self._changed(unit.change)

    @property
    def committee(self) -> CommitteeDesk:
        """Return what is done with meetings, decisions and frozen data."""
        from qpvdesk.services.committee_desk import CommitteeDesk

        return CommitteeDesk(
            self, self._base, self._dossier_where, self._changed, self._today, self._settings.letterhead
        )

    def undo(self) -> Change | None:
        """Undo the last act; None where there is nothing to undo."""
        change = self._base.undo()
        return self._changed(change) if change else None

    def redo(self) -> Change | None:
        """Do the last undone act again; None where there is nothing to redo."""
        change = self._base.redo()
        return self._changed(change) if change else None

    def undo_label(self) -> str | None:
        """Return what `undo` would undo, in words, or None."""
        return self._base.stacks.undo_label

    def undo_labels(self) -> tuple[str, ...]:
        """Return what can be undone, in words, the latest first; the last twenty acts at most."""
        return self._base.stacks.undo_labels

    def undo_many(self, count: int) -> Change | None:
        """Undo the last acts, each with its own place in the journal; None where there is nothing to undo.

        Stops at the first that cannot be undone, those before it undone, and raises its `UserError`.
        """
        made = None
        for _ in range(count):
            made = self.undo() or made
        return made

    def redo_label(self) -> str | None:
        """Return what `redo` would do again, in words, or None."""
        return self._base.stacks.redo_label

    def history(
        self, contract: str, object_code: str | None = None, limit: int = 500
    ) -> tuple[HistoryEntry, ...]:
        """Return the journal of the contract, or of one object of it, latest first.

        The history of an objective holds that of its measurements and milestones; of an engagement, that of
        its météo and steps.
        """
        contract_named(self._base, contract)
        return tuple(readers.history(self._base, object_code, limit))

    def print_report(
        self,
        situation: Situation,
        path: Path,
        request: Request,
        *,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Path:
        """Write the report as a PDF and return its path; a cancelled or failed one leaves no file behind.

        `cancelled` is asked now and then. Raises `UserError`.
        """
        from qpvdesk.services import printing

        review = freezing.shown(
            self, situation.dossier.contract.code, situation.day, request.model, request.meeting
        )
        printing.write_report(request, review, path, letterhead=self.letterhead(review), cancelled=cancelled)
        return path

    def letterhead(self, review: Review) -> Letterhead:
        """Return the header that a paper bears: the one frozen with what it shows, else the service's own."""
        kept = readers.thawed_letterhead(self._base, review.snapshot) if review.snapshot is not None else None
        return self._settings.letterhead if kept is None else kept

    def today(self) -> date:
        """Return the date of the clock."""
        return self._today()

    @property
    def base(self) -> Database:
        """The base that is open."""
        return self._base

    def contract(self, code: str | None) -> Contract:
        """Return the contract of that code; None: the only one of the base. Raises `UserError`."""
        return contract_named(self._base, code)

    def dossier(self, contract: str) -> Dossier:
        """Return everything recorded of the contract of that code. Raises `UserError`."""
        return self._dossier(contract_named(self._base, contract).key)

    def print_guide(self, path: Path, *, quick: bool) -> Path:
        """Write the guide, or its quick start alone, as a PDF. Raises `UserError`."""
        from qpvdesk.services import guide

        guide.write(path, quick=quick, now=self._today())
        return path

    @cached_property
    def editing(self) -> Editing:
        """What can be done to the contract itself."""
        from qpvdesk.services.editing import Editing

        return Editing(
            self._base, lambda code: self._dossier(contract_named(self._base, code).key), self._changed
        )

    @property
    def documents(self) -> Documents:
        """Source documents and joined files."""
        from qpvdesk.services.documents import Documents

        return Documents(
            self._base,
            lambda code: self._dossier(contract_named(self._base, code).key),
            self._changed,
            self._today,
        )

    def keep_safe(self) -> bool:
        """Back the base up where the last backup is half an hour old; tell whether one was made.

        Raises `UserError` where it, or its copy in the second folder of the settings, cannot be written.
        """
        made = maintenance.backup_if_due(self._base)
        if made is not None and self._settings.copies is not None:
            maintenance.backup_into(self._base, self._settings.copies)
        return made is not None

    def take_up(self, settings: Settings) -> None:
        """Go on under other settings."""
        self._settings = settings
        self._base.sign(settings.author)

    def close(self) -> None:
        """Close the base."""
        self._base.close()

    def _while_closed(self, act: Callable[[Path], object]) -> None:
        path = self._base.path
        self._base.close()
        try:
            act(path)
        finally:
            self._base = opening.open_base(path)
            self._base.sign(self._settings.author)
            self._dossiers.clear()

    def _dossier(self, key: str) -> Dossier:
        # The desk of long readings outlives the changes that are made beside it.
        version = self._base.data_version()
        if version != self._version:
            self._dossiers.clear()
            self._version = version
        if key not in self._dossiers:
            self._dossiers[key] = self._base.dossier(key)
        return self._dossiers[key]

    def _dossier_of_objective(self, objective: str) -> Dossier:
        return self._dossier_where(
            lambda held: any(item.key == objective for item in held.objectives), "Cet objectif"
        )

    def _dossier_of_measurement(self, measurement: str) -> Dossier:
        return self._dossier_where(
            lambda held: any(item.key == measurement for item in held.measurements), "Ce relevé"
        )

    def _dossier_where(self, holds: Callable[[Dossier], bool], name: str) -> Dossier:
        """Return the dossier that holds an object, those already read first. Raises `UserError`."""
        keys = [contract.key for contract in self._base.contracts()]
        for key in sorted(keys, key=lambda key: key not in self._dossiers):
            held = self._dossier(key)
            if holds(held):
                return held
        raise UserError(f"{name} n’existe plus.", "S’il a été retiré, «\u202fAnnuler\u202f» le fait revenir.")

    def _changed(self, change: Change) -> Change:
        # Reading a contract of ten thousand measurements again takes longer than everything that follows.
        patched = {key: patching.patched(held, change) for key, held in self._dossiers.items()}
        self._dossiers = {key: held for key, held in patched.items() if held is not None}
        return change


@contextmanager
def opened(path: Path, *, read_only: bool = False) -> Iterator[Desk]:
    """Open a base for the length of a `with` block, as the shell does. Raises `UserError` as `bases.opened`."""
    with bases.opened(path, read_only=read_only) as base:
        yield Desk(base, today=date.today, settings=SettingsFile(paths.user_folder()).read())


def _object_of(point: str) -> str:
    """Return the code inside a point's identifier (`kind:code[:…]`)."""
    return point.split(":")[1] if ":" in point else point
