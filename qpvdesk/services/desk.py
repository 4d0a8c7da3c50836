"""The desk of one officer on one open base: what every act and every question of theirs is given.

Window and shell make one and give it to the functions of `services`: `measurements.record(desk, contract, entry)`. The
window is given a factory of desks, calls it inside the lane thread of `ui/jobs.py` and uses the desk there only: a
desk may hold a connection that must not cross threads, and needs no lock. What it returns is frozen and crosses freely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from qpvdesk import paths
from qpvdesk.domain import french, meetings
from qpvdesk.domain import review as reviewing
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract, Dossier, Meeting, Snapshot
from qpvdesk.domain.named import codes_known, spelt_code
from qpvdesk.domain.review import Baseline, Review
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.domain.wording import of
from qpvdesk.services.settings import Settings, SettingsFile
from qpvdesk.storage import authors, contracts, freshness, lock, opening, patching, readers
from qpvdesk.storage.base import Database, refuse_read_only
from qpvdesk.storage.unit import Unit

T = TypeVar("T")

_DOSSIERS_KEPT = 3
"""Contracts kept beside the one asked for, the last read."""
_SITUATIONS_KEPT = 3
"""Situations kept beside the one asked for."""


class Desk:
    """An open base, the clock, the settings, and what was read already. Used in one thread."""

    def __init__(
        self, base: Database, *, today: Callable[[], date], settings: Settings | None = None
    ) -> None:
        self.base = base
        self.today = today
        self.settings = settings or Settings()
        base.sign(self.settings.author)
        # The last dossier read, by contract key: a change of day or a new act reads it again only if it moved.
        self._dossiers: dict[str, Dossier] = {}
        self._situations: dict[date, Situation] = {}
        # What was frozen does not change: read once, by fingerprint.
        self._frozen: dict[str, tuple[Situation, Review | None]] = {}
        self._version = 0

    # Questions

    def contracts(self) -> tuple[Contract, ...]:
        """Return the contracts of the base, by name."""
        return tuple(sorted(self.base.contracts(), key=lambda contract: french.fold(contract.name)))

    def contract(self, code: str | None) -> Contract:
        """Return the contract of that code, whatever its capitals; None: the only one of the base.

        Raises `UserError` where the code is unknown, or missing although the base holds several.
        """
        contracts = self.base.contracts()
        if code is None:
            if len(contracts) == 1:
                return contracts[0]
            if not contracts:
                raise UserError(
                    "Cette base ne contient aucun contrat.",
                    shell="Créez-en une avec «\u202fqpvdesk init\u202f».",
                )
            known = ", ".join(contract.code for contract in contracts)
            raise UserError("Cette base contient plusieurs contrats.", f"Précisez lequel\u202f: {known}.")
        by_code = {contract.code: contract for contract in contracts}
        if spelt := spelt_code(by_code, code):
            return by_code[spelt]
        raise UserError(
            f"Aucun contrat ne porte le code «\u202f{code}\u202f».",
            codes_known(by_code, "Cette base ne contient aucun contrat."),
        )

    def dossier(self, contract: str) -> Dossier:
        """Return everything recorded of the contract of that code. Raises `UserError`."""
        # The desk of long readings outlives the changes that are made beside it.
        version = self.base.data_version()
        if version != self._version:
            self._dossiers.clear()
            self._version = version
        for dossier in self._dossiers.values():
            if dossier.contract.code == contract:
                return dossier
        with self.base.at_one_moment() as connection:
            coded = contracts.dossier_coded(connection, contract)
        dossier = coded or self.base.dossier(self.contract(contract).key)
        # A base of sixty contracts, each read in turn, would else be held whole.
        self._dossiers = dict(list(self._dossiers.items())[-_DOSSIERS_KEPT:])
        self._dossiers[dossier.contract.key] = dossier
        return dossier

    def situation(self, contract: str, day: date) -> Situation:
        dossier = self.dossier(contract)
        known = self._situations.pop(day, None)
        if known is None or known.dossier is not dossier:
            with self.base.reckoning():
                known = situation(dossier, day, known)
        # The days of the last pictures, the latest last: today, and the one that moves are counted from.
        self._situations = {**dict(list(self._situations.items())[-_SITUATIONS_KEPT:]), day: known}
        return known

    def thawed(self, snapshot: Snapshot) -> Situation:
        """Return the situation that a snapshot froze: as it was said where that was kept, else by today's rules.

        Raises `UserError` where it is absent or altered.
        """
        return self._thawed(snapshot)[0]

    def _thawed(self, snapshot: Snapshot) -> tuple[Situation, Review | None]:
        """The situation that a snapshot froze, and what was said of it; None where that was not kept."""
        known = self._frozen.pop(snapshot.fingerprint, None)
        if known is None:
            frozen = readers.thawed(self.base, snapshot)
            review = frozen.review
            known = (
                (review.situation, review)
                if review is not None
                else (situation(frozen.dossier, snapshot.day), None)
            )
        self._frozen = {**dict(list(self._frozen.items())[-_SITUATIONS_KEPT:]), snapshot.fingerprint: known}
        return known

    def review(
        self,
        contract: str,
        day: date,
        compared_with: date | str | None = None,
        *,
        meeting: str | None = None,
        snapshot: Snapshot | None = None,
        whole: bool = True,
    ) -> Review:
        """Say everything of the contract of that code on a day: the one place where it is said.

        `compared_with`: a date, or the code of a meeting whose data are frozen; by default what the last COPIL saw whose
        data are frozen, else the day of the last COPIL. `meeting`: the key of the one it is made for, which is compared
        with those before it. `snapshot`: shows what it froze, on its day, in the place of what is recorded now, as it was
        said then where that was kept and nothing else is to be compared with.
        `whole` False: only what a first sight shows, neither points nor moves.
        Raises `UserError` for a day to come, and where what is named is not there, or not before the day.
        """
        if day > self.today():
            raise UserError(
                f"Le {french.format_date(day)} n’est pas encore passé.",
                f"Choisissez une date jusqu’au {french.format_date(self.today())}.",
            )
        now, frozen_review = (
            (self.situation(contract, day), None) if snapshot is None else self._thawed(snapshot)
        )
        arrete = meetings.arrete_words(self.dossier(contract), snapshot) if snapshot is not None else ""
        if frozen_review is not None and compared_with is None:
            return replace(frozen_review, snapshot=snapshot, arrete=arrete)
        owner = meetings.meeting_of(now.dossier, meeting) if meeting is not None else None
        candidates = _baselines(now, compared_with, owner)
        if not whole:
            with self.base.reckoning():
                return reviewing.glance(now, next(candidates, None))
        with self.base.reckoning():
            baseline, previous = self._first_whole(now, candidates)
            review = reviewing.review(now, baseline, previous, meeting=owner, snapshot=snapshot)
        review = replace(review, arrete=arrete)
        if frozen_review is not None:
            review = replace(review, program=frozen_review.program, atlas=frozen_review.atlas)
        if snapshot is not None or not self.is_shared():
            return review
        from qpvdesk.services import disputes  # noqa: PLC0415 - 57 ms, a base that several write in alone needs it

        return disputes.with_disputes(self.base, review)

    def is_shared(self) -> bool:
        """Tell whether more than one officer wrote in the base."""
        return authors.are_several(self.base.connection)

    def _first_whole(
        self, now: Situation, candidates: Iterator[Baseline]
    ) -> tuple[Baseline | None, Situation | None]:
        """The first baseline whose data can be read, and what it was. An arrêté that is lost is the base check's."""
        for baseline in candidates:
            if baseline.snapshot is not None:
                try:
                    return baseline, self.thawed(baseline.snapshot)
                except UserError:
                    continue
            if now.dossier is self.dossier(now.dossier.contract.code):
                return baseline, self.situation(now.dossier.contract.code, baseline.day)
            return baseline, situation(now.dossier, baseline.day)
        return None, None

    # Acts

    @contextmanager
    def act(self, label: str, *, undoable: bool = True) -> Iterator[Unit]:
        """Do one act, as `Database.unit`; what the desk has read follows it."""
        with self.base.unit(label, undoable=undoable) as unit:
            yield unit
        self._follow(unit.change)

    def undo(self) -> Change | None:
        """Undo the last act; None where there is nothing to undo. Raises `UserError`, also where the base is only read."""
        refuse_read_only(self.base)
        change = self.base.undo()
        return self._follow(change) if change else None

    def redo(self) -> Change | None:
        """Do the last undone act again; None where there is nothing to redo. Raises as `undo`."""
        refuse_read_only(self.base)
        change = self.base.redo()
        return self._follow(change) if change else None

    def undo_many(self, count: int) -> Change | None:
        """Undo the last acts, each with its own place in the journal; None where there is nothing to undo.

        Stops at the first that cannot be undone, those before it undone, and raises its `UserError`.
        """
        change = None
        for _ in range(count):
            change = self.undo() or change
        return change

    def forget(self) -> None:
        """Drop what was read: the base changed by other means than an act."""
        self._dossiers.clear()

    def while_closed(self, work: Callable[[Path], T]) -> T:
        """Close the base, do something to its file, open it again: to read it, where another program took it meanwhile."""
        path = self.base.path
        self.base.close()
        try:
            return work(path)
        finally:
            try:
                self.base = opening.open_base(path)
            except lock.AlreadyOpenError as error:
                self.base = opening.open_base(path, read_only=True)
                self.base.held_by = str(error.holder)
            self.base.sign(self.settings.author)
            self.forget()

    def apply_settings(self, settings: Settings) -> None:
        """Go on under other settings."""
        self.settings = settings
        self.base.sign(settings.author)

    def close(self) -> None:
        self.base.close()

    def _follow(self, change: Change) -> Change:
        # Reading a contract of ten thousand measurements again takes longer than everything that follows.
        patched = {key: patching.patched(dossier, change) for key, dossier in self._dossiers.items()}
        self._dossiers = {key: dossier for key, dossier in patched.items() if dossier is not None}
        return change


def _baselines(now: Situation, compared_with: date | str | None, owner: Meeting | None) -> Iterator[Baseline]:
    """What a contract may be compared with, the best first. Raises `UserError` for what is named in vain."""
    if compared_with is None:
        return reviewing.baselines(now.dossier, min(now.day, owner.day) if owner is not None else now.day)
    if isinstance(compared_with, str):
        meeting = meetings.meeting_coded(now.dossier, compared_with)
        frozen = meetings.snapshots_of(now.dossier, meeting.key)
        if not frozen and meeting.day >= now.day:
            raise UserError(
                f"La réunion {meetings.meeting_code(meeting)} n’a pas encore eu lieu au {french.format_date(now.day)}.",
                "Comparez à une réunion passée, ou à une date antérieure.",
            )
        if not frozen:
            raise UserError(
                f"Les données{of(compared_with)} ne sont pas arrêtées.",
                f"Nommez sa date pour la recalculer\u202f: {french.format_date(meeting.day)}.",
            )
        named = Baseline(frozen[-1].day, meeting, frozen[-1])
    else:
        named = Baseline(compared_with)
    if named.day >= now.day:
        raise UserError(
            f"Le {french.format_date(named.day)} ne précède pas la situation au {french.format_date(now.day)}.",
            "Comparez à une date antérieure.",
        )
    return iter((named,))


@contextmanager
def opened(path: Path, *, read_only: bool = False) -> Iterator[Desk]:
    """Open the desk of a base for the length of a `with` block. Raises `UserError` as `storage.opening` says."""
    with opening.open_base(path, read_only=read_only) as base:
        freshness.check_newest(base)
        freshness.check_clock(base)
        yield Desk(base, today=date.today, settings=SettingsFile(paths.user_folder()).read())
