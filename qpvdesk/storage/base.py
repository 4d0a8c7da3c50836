"""An open base: read, changed by units of work, closed into one single file.

A `Database` belongs to the thread that opened it. A job in another thread asks `reader()` for one of its own.
What is asked of a base beyond that stands in functions that take it: `readers`, `history`, `maintenance`, `starter`,
`exchange`.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from qpvdesk import durable
from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract, Dossier
from qpvdesk.storage import clock, contracts, journal, kept_sight, lock, search, suspicion, undo
from qpvdesk.storage.authors import Authors
from qpvdesk.storage.base_file import BaseFile
from qpvdesk.storage.clock import Clock
from qpvdesk.storage.connection import WriteGuard, close_whole
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.identity import Identity
from qpvdesk.storage.journal import Act
from qpvdesk.storage.keys import new_act_key
from qpvdesk.storage.refusals import explained
from qpvdesk.storage.tables import UnreadableRowError
from qpvdesk.storage.undo import Stacks
from qpvdesk.storage.unit import Unit

TO_SWEEP = "a_resserrer"
"""The row of `meta` that says that the file still holds what was let go of."""
REWRITTEN = "recritures"
"""The row of `meta` that counts how often what the journal or the files said was changed: no sequence moves with it."""


class Database:
    """An open base. Use `opening.create` or `opening.open_base`; a context manager that closes."""

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        *,
        clock: Clock,
        base_lock: lock.Lock | None = None,
        fresh: bool = False,
        identity: Identity | None = None,
    ) -> None:
        """Without `base_lock`, the base is only read. `fresh`: it was made here and holds nothing yet.

        `identity`: who writes; None: the officer whose folder this is.
        """
        self.path = path
        self.read_only = base_lock is None
        self.why_read_only = ""
        """What keeps it from being written, where nobody asked for that: the end of a sentence."""
        self.held_by = ""
        """Who had it open when it was asked for to be read alone, where that is why."""
        self.opened_on = path.stat().st_mtime
        """When the file was written last before it was opened, in seconds since 1970."""
        self.connection = connection
        self.guard = WriteGuard(connection)
        self.clock = clock
        self.authors = Authors(connection, identity or Identity())
        self._lock = base_lock
        self._file = None if base_lock is None else BaseFile(path, connection)
        self._fresh = fresh
        self._stacks: Stacks | None = None
        self._closed = False
        self._inert = fresh
        """Whether nothing but what a release makes acts by itself on what is written."""

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        discarded = kind is not None and self._fresh
        self.close()
        if discarded:
            # It was made here and never held anything.
            with contextlib.suppress(OSError):
                self.path.unlink()

    def close(self) -> None:
        """Close the base, leaving one single file. Harmless twice."""
        if self._closed:
            return
        self._closed = True
        try:
            self.guard.rollback()
            if not self.read_only:
                with self.guard.everything():
                    close_whole(self.connection)
        finally:
            self.connection.close()
            if self._lock is not None:
                self._lock.release()

    # Acts

    @contextlib.contextmanager
    def unit(self, label: str, *, undoable: bool = True, over: Iterable[int] = ()) -> Iterator[Unit]:
        """Do one act: everything put or removed in the block is kept together, or nothing is.

        `label` says in French what is done; it is what undo offers to take back, unless the act is a note of
        something that happened outside the base and `undoable` is false. `over`: the numbers of the authors whose
        values it may take back. Raises `UserError` where the
        base cannot be written or the rows refer to nothing; whatever leaves the block, nothing is kept then.
        """
        with self._transaction(label, "do", None, undoable=undoable, over=over) as unit:
            yield unit
        # Not read yet, the stacks will come from the journal, which has this act already.
        if unit.act is not None and self._stacks is not None and undoable:
            self._stacks.done(unit.act, label)

    def undo(self) -> Change | None:
        """Take the last act back, as a new act; None where there is nothing to take back.

        Raises `UserError` where somebody else has changed the same value since, or where no contract would be left.
        """
        if not self.stacks.undo:
            return None
        act, label = self.stacks.undo[-1]
        with self.reckoning(), self._reversing(f"Annulation\u202f: {label}", "undo", act) as unit:
            self._keep_a_contract(f"«\u202f{label}\u202f» ne peut pas être annulé")
        if unit.act is not None:
            self.stacks.undone(unit.act)
        return unit.change

    def redo(self) -> Change | None:
        """Do again what was last taken back, as a new act; None where there is nothing to do again. Raises as `undo`."""
        if not self.stacks.redo:
            return None
        act, label = self.stacks.redo[-1]
        with self.reckoning(), self._reversing(f"Rétablissement\u202f: {label}", "redo", act) as unit:
            self._keep_a_contract(f"«\u202f{label}\u202f» ne peut pas être rétabli")
        if unit.act is not None:
            self.stacks.redone(unit.act)
        return unit.change

    @contextlib.contextmanager
    def _reversing(self, label: str, mode: str, act: int) -> Iterator[Unit]:
        """Put every cell of an act back, in a new one."""
        with self._transaction(label, mode, act) as unit:
            unit.reverse(journal.reversals(self.connection, act))
            yield unit

    def _keep_a_contract(self, refusal: str) -> None:
        """Never leave a base without a contract. Raises `UserError` with the beginning of its sentence."""
        if not contracts.contracts(self.connection):
            raise UserError(
                f"{refusal}\u202f: la base n’aurait plus aucun contrat. Rien n’a changé.",
                "Pour en commencer un autre, ajoutez-le d’abord, puis retirez celui-ci.",
            )

    def undo_labels(self) -> tuple[str, ...]:
        """Return what can be taken back, in the words of the acts, the latest first: as far as a contract is left."""
        acts = self.stacks.undo[::-1][: undo.LABELS_LISTED_MAX]
        if not acts:
            return ()
        with self.reading() as connection:
            makers = undo.makers_of_the_last_contract(connection)
        return tuple(label for _, label in itertools.takewhile(lambda listed: listed[0] not in makers, acts))

    @property
    def stacks(self) -> Stacks:
        if self._stacks is None:
            with self.reading() as connection:
                self._stacks = undo.Stacks(connection, [] if self.read_only else self.authors.undone_by())
        return self._stacks

    def forget_undo(self) -> None:
        """Read the stacks again when they are next asked for: the journal changed by other means than an act."""
        self._stacks = None

    def sign(self, author: str) -> None:
        """Say in whose name the acts from now on stand in the journal; empty: in that of the computer.

        Acts already there keep the name they were done under: another name is another author.
        """
        self.authors.sign(author)
        # What was done under another name is no longer the last act of whoever writes now.
        self._stacks = None

    # Readings

    def contracts(self, *, removed: bool = False) -> tuple[Contract, ...]:
        """Return the contracts of the base, by code; `removed`: those that were removed too."""
        with self.reading() as connection:
            return contracts.contracts(connection, removed=removed)

    def dossier(self, contract_key: str) -> Dossier:
        """Return everything a contract holds. Raises `UserError` where it is gone."""
        with self.at_one_moment() as connection:
            return contracts.dossier(connection, contract_key)

    def atlas(self, contract_key: str) -> dict[str, tuple[Any, ...]]:
        """Return what a contract keeps apart (contours, reference layers), by the name of its tuple in a dossier."""
        with self.at_one_moment() as connection:
            return contracts.atlas(connection, contract_key)

    def data_version(self) -> int:
        """Return a number that changes when another connection has written to the base."""
        with self.reading() as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read; the troubles of the disk are turned into sentences."""
        try:
            yield self.connection
        except sqlite3.Error as error:
            suspicion.note_damage(error, self.path)
            raise explained(error, self.path) or error from error

    @contextlib.contextmanager
    def reckoning(self) -> Iterator[None]:
        """Reckon from what was read. Raises `UserError` where that fails in a base whose references lead nowhere: it is
        damaged, or another program changed it.
        """
        try:
            yield
        except (UserError, sqlite3.Error):
            raise
        except Exception as error:
            if not suspicion.has_lost_references(self.connection):
                raise
            lost = UnreadableRowError("a reference leads nowhere")
            suspicion.note_damage(lost, self.path)
            raise explained(lost, self.path) or error from error

    @contextlib.contextmanager
    def at_one_moment(self) -> Iterator[sqlite3.Connection]:
        """Read several tables as of one moment, whatever another connection writes meanwhile."""
        with self.reading() as connection:
            if connection.in_transaction:
                yield connection
                return
            with self.guard.everything():
                connection.execute("BEGIN")
            try:
                yield connection
            finally:
                self.guard.rollback()

    # Transactions

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold a transaction for writing; the troubles of the disk are turned into sentences."""
        refuse_read_only(self)
        self.refuse_inside_unit()
        try:
            if self._file is not None:
                self._file.check_place()
            self.guard.begin()
            if self._file is not None:
                self._file.check_end()
            if not self._inert:
                with self.guard.everything():
                    search.renew(self.connection)
            changes = self.connection.total_changes
            yield self.connection
            _commit(self.guard, self._file, self.path)
            self._inert = True
            self._fresh = self._fresh and self.connection.total_changes == changes
            self.authors.keep()
        except BaseException as error:
            # An author that this transaction was the first to name is forgotten with it.
            self.authors.forget()
            with contextlib.suppress(sqlite3.Error):
                self.guard.rollback()
            if isinstance(error, UnicodeEncodeError):
                raise UserError(
                    "Un texte contient un caractère qui ne peut pas être enregistré.",
                    "Retapez-le au lieu de le coller.",
                ) from error
            if isinstance(error, sqlite3.Error):
                suspicion.note_damage(error, self.path)
                told = explained(error, self.path) or _broken_reference(error)
                if told is not None:
                    raise told from error
            raise

    @contextlib.contextmanager
    def forgetting(self) -> Iterator[None]:
        """Let the journal be rewritten, inside a transaction: what is replaced is overwritten in the file too."""
        with self.guard.everything():
            self.connection.execute("PRAGMA secure_delete = ON")
            # What another program had SQLite count of the base holds samples of its words.
            self.connection.execute("DROP TABLE IF EXISTS sqlite_stat1")
            self.connection.execute("DROP TABLE IF EXISTS sqlite_stat4")
            self.connection.execute("DELETE FROM meta WHERE name = ?", (kept_sight.ROW,))
            self.connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, '1')", (TO_SWEEP,))
            changes = self.connection.total_changes
            yield
            if self.connection.total_changes > changes:
                self.connection.execute(
                    "INSERT INTO meta (name, value) VALUES (?, '1')"
                    " ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
                    (REWRITTEN,),
                )

    def sweep(self) -> bool:
        """Leave nothing in the file of what was let go of; tell whether there was the room for it.

        What is kept is kept either way; where there was no room, the next opening tries again.
        """
        try:
            self.guard.begin()
            with self.guard.everything():
                # At an opening nothing was written yet: a trigger of another program's would act.
                search.renew(self.connection)
            self.guard.commit()
            with self.guard.everything():
                self.connection.execute("VACUUM")
                self.connection.execute("DELETE FROM meta WHERE name = ?", (TO_SWEEP,))
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                self.guard.rollback()
            suspicion.note_damage(error, self.path)
            return False
        return True

    def refuse_inside_unit(self) -> None:
        """Raise `RuntimeError` where a unit of work is open."""
        if self.guard.writing:
            raise RuntimeError("a unit of work is open already")

    @contextlib.contextmanager
    def _transaction(
        self, label: str, mode: str, reverses: int | None, *, undoable: bool = True, over: Iterable[int] = ()
    ) -> Iterator[Unit]:
        with self.writing() as connection:
            author = self.authors.own() if undoable else self.authors.note_author()
            now = self.clock()
            words = french.clipped(label, journal.LABEL_CHARACTERS_MAX)
            act = Act(new_act_key(), author, words, now, mode=mode, reverses=reverses)
            hlc = clock.tick(now, journal.last_hlc(connection))
            unit = Unit(connection, act, hlc, undone_by=self.authors.undone_by() if reverses else over)
            try:
                yield unit
                unit.finish(self.authors.identity.sign)
            finally:
                unit.close()


def refuse_read_only(base: Database) -> None:
    """Raise `UserError` where a base is only read, and why."""
    if base.read_only:
        why = f" ({base.why_read_only})" if base.why_read_only else ""
        raise UserError(
            f"La base est ouverte en lecture seule{why}\u202f: rien ne peut y être enregistré.",
            "Libérez de la place, puis rouvrez-la."
            if durable.lacks_room(base.why_read_only)
            else "Fermez l’autre programme qui la tient, ou copiez-la là où vous pouvez écrire.",
        )


def _commit(guard: WriteGuard, file: BaseFile | None, path: Path) -> None:
    """Keep a transaction; it is kept too where the disk refused the last flush alone, of an emptied journal."""
    try:
        guard.commit()
    except sqlite3.Error as error:
        with contextlib.suppress(sqlite3.Error):
            guard.rollback()
        if file is None or not file.has_grown():
            raise
        suspicion.note_damage(error, path)
    if file is not None:
        file.note()


def _broken_reference(error: sqlite3.Error) -> UserError | None:
    if isinstance(error, sqlite3.IntegrityError) and "FOREIGN KEY" in str(error):
        return UserError(
            "Ce qui devait être enregistré renvoie à un élément qui n’existe plus\u202f: rien n’a été enregistré.",
            "Rechargez la page, puis recommencez.",
        )
    return None
