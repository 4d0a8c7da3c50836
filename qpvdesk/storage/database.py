"""A base: made, opened with every check it needs, changed by units of work, closed into one single file.

A `Database` belongs to the thread that opened it. A job in another thread asks `reader()` for one of its own.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from qpvdesk.domain import canonical, french
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.domain.model import Attachment, Contract, Dossier, Snapshot
from qpvdesk.storage import clock, contracts, files, journal, lock, migrations, snapshots
from qpvdesk.storage.care import backup, sealing
from qpvdesk.storage.care.backup import Backup
from qpvdesk.storage.clock import Clock
from qpvdesk.storage.connection import Door, connect, explained, prepare
from qpvdesk.storage.contracts import CurrentValue
from qpvdesk.storage.engine import code_of, sqlite3
from qpvdesk.storage.journal import HistoryEntry, Stacks
from qpvdesk.storage.keys import new_key, starter_key
from qpvdesk.storage.schema import TABLES
from qpvdesk.storage.unit import Unit

if TYPE_CHECKING:
    from qpvdesk.storage.care.purging import Mentions
    from qpvdesk.storage.exchange.disagreements import Disagreement
    from qpvdesk.storage.exchange.merging import Merged
    from qpvdesk.storage.exchange.package import Package, Vector

_CLERK = ":note"
"""Ends the name of the author of what is only noted."""
QUICK_CHECK_LIMIT = 16 * 1024 * 1024
"""Bases up to this size (bytes) are checked whole at each opening, some 1.5 ms a megabyte; for larger ones the
application runs `look_over()` in the background, and what it finds makes the next opening check them whole. A starter
contract takes 3 MB; with 9 000 measurements, 17 MB."""

_ALTERED = "PRAGMA cipher_integrity_check"
_STARTER_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)


class BaseMissingError(UserError):
    """The file is absent or empty: the officer looks for it, or restores a backup."""


class NotOursError(UserError):
    """The file is no base of qpvdesk."""


class NewerBaseError(UserError):
    """The base was made by a later release."""


class DamagedError(UserError):
    """The base is damaged. `quarantine` is the copy set aside, `backups` what can be restored, latest first."""

    def __init__(
        self, message: str, remedy: str, quarantine: Path | None, backups: tuple[Backup, ...]
    ) -> None:
        super().__init__(message, remedy)
        self.quarantine = quarantine
        self.backups = backups


class _Simulated(Exception):  # noqa: N818 - no error
    """Leaves a transaction that was only tried."""


class Database:
    """An open base. Use `create` or `open_base`; a context manager that closes."""

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        *,
        read_only: bool,
        clock: Clock,
        held: lock.Lock | None,
        fresh: bool = False,
    ) -> None:
        self.path = path
        self.read_only = read_only
        self._connection = connection
        self._door = Door(connection)
        self._clock = clock
        self._lock = held
        self._fresh = fresh
        self._author: int | None = None
        self._signature = ""
        self._stacks: Stacks | None = None
        self._closed = False

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        discarded = kind is not None and self._fresh
        if discarded:
            self._discard()
        self.close()

    @property
    def closed(self) -> bool:
        """Whether the base was closed."""
        return self._closed

    def close(self) -> None:
        """Close the base, leaving one single file. Harmless twice."""
        if self._closed:
            return
        self._closed = True
        try:
            self._door.rollback()
            if not self.read_only:
                with self._door.everything():
                    _close(self._connection)
        finally:
            self._connection.close()
            if self._lock is not None:
                self._lock.release()

    def reader(self) -> Database:
        """Open the same base a second time, for reading, in the calling thread. Cheap: nothing is checked again."""
        try:
            return Database(
                self.path, _connected(self.path, "ro"), read_only=True, clock=self._clock, held=None
            )
        except sqlite3.Error as error:
            raise explained(error, self.path) or error from error

    @contextlib.contextmanager
    def unit(self, label: str, *, undoable: bool = True) -> Iterator[Unit]:
        """Do one act: everything put or removed in the block is kept together, or nothing is.

        `label` says in French what is done; it is what undo offers to take back, unless the act is a note of
        something that happened outside the base and `undoable` is false. Raises `UserError` where the
        base cannot be written or the rows refer to nothing; whatever leaves the block, nothing is kept then.
        """
        with self._transaction(label, "do", None, undoable=undoable) as unit:
            yield unit
        if unit.act is not None:
            self._fresh = False
            # Not read yet, the stacks will come from the journal, which has this act already.
            if self._stacks is not None and undoable:
                self._stacks.done(unit.act, label)

    def undo(self) -> Change | None:
        """Take the last act back, as a new act; None where there is nothing to take back.

        Raises `UserError` where somebody else has changed the same value since.
        """
        stack = self._stack()
        if not stack.undo:
            return None
        act, label = stack.undo[-1]
        with self._transaction(f"Annulation\u202f: {label}", "undo", act) as unit:
            unit.reverse(journal.reversals(self._connection, act))
        if unit.act is not None:
            stack.undone(unit.act)
        return unit.change

    def redo(self) -> Change | None:
        """Do again what was last taken back, as a new act; None where there is nothing to do again."""
        stack = self._stack()
        if not stack.redo:
            return None
        act, label = stack.redo[-1]
        with self._transaction(f"Rétablissement\u202f: {label}", "redo", act) as unit:
            unit.reverse(journal.reversals(self._connection, act))
        if unit.act is not None:
            stack.redone(unit.act)
        return unit.change

    def undo_label(self) -> str | None:
        """What `undo` would take back, in the words of the act."""
        stack = self._stack()
        return stack.undo[-1][1] if stack.undo else None

    def undo_labels(self, most: int = 20) -> tuple[str, ...]:
        """What can be taken back, in the words of the acts, the latest first."""
        return tuple(label for _, label in self._stack().undo[: -most - 1 : -1])

    def redo_label(self) -> str | None:
        """What `redo` would do again, in the words of the act."""
        stack = self._stack()
        return stack.redo[-1][1] if stack.redo else None

    def contracts(self) -> tuple[Contract, ...]:
        """Return the contracts of the base, by code."""
        with self._reading():
            return contracts.contracts(self._connection)

    def contract(self, code: str) -> Contract:
        """Return the contract of that code. Raises `UserError`."""
        for one in self.contracts():
            if one.code == code:
                return one
        raise UserError(f"Aucun contrat de la base ne porte le code «\u202f{code}\u202f».")

    def elsewhere(self) -> int:
        """Return a number that changes when another connection has written to the base."""
        with self._reading():
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def dossier(self, contract_key: str) -> Dossier:
        """Return everything a contract holds. Raises `UserError` where it is gone."""
        with self._reading(), self._snapshot():
            return contracts.dossier(self._connection, contract_key)

    def thawed(self, snapshot: Snapshot) -> Dossier:
        """Return the contract as a snapshot froze it. Raises `UserError` where it is not what was frozen."""
        with self._reading():
            return snapshots.thawed(self._connection, snapshot)

    def thawed_letterhead(self, snapshot: Snapshot) -> Letterhead:
        """Return the header that papers bore when a snapshot was made. Raises `UserError` as `thawed`."""
        with self._reading():
            return snapshots.thawed_letterhead(self._connection, snapshot)

    def file(self, attachment: Attachment) -> bytes:
        """Return what an attachment holds. Raises `UserError` where it is absent or altered."""
        with self._reading():
            return files.content(self._connection, attachment)

    def pages(self, attachment: Attachment) -> tuple[str, ...] | None:
        """Return the text of an attachment, one string a page; None where it has none."""
        with self._reading():
            return files.pages(self._connection, attachment.digest)

    def files_size(self) -> int:
        """Return how many bytes the joined files take in the base."""
        with self._reading():
            return files.total(self._connection)

    def release_files(self) -> int:
        """Remove for good the files that nothing names any more; return how many. Raises `UserError`."""
        with self._opened():
            released = files.release(self._connection)
        self._sweep()
        return released

    def current_values(
        self, day: date | None = None, contract_key: str | None = None
    ) -> tuple[CurrentValue, ...]:
        """Return the last value of each objective and territory up to `day`, of one contract or of all."""
        with self._reading():
            return contracts.current_values(self._connection, day, contract_key)

    def current_rows(
        self, day: date | None = None, contract_key: str | None = None
    ) -> list[tuple[str, str, str, int, str, str]]:
        """Return `current_values` as the tables hold them: days are ordinals, values exact decimal texts."""
        with self._reading():
            return contracts.current_rows(self._connection, day, contract_key)

    def history(self, object_code: str | None = None, limit: int = 500) -> tuple[HistoryEntry, ...]:
        """Return the latest changes first, of the object of that code and what belongs to it, or of all."""
        with self._reading(), self._snapshot():
            return journal.Historian(self._connection).entries(object_code, limit)

    def history_of(self, key: str, limit: int = 500) -> tuple[HistoryEntry, ...]:
        """Return the latest changes first, of the one entity of that key."""
        with self._reading(), self._snapshot():
            return journal.Historian(self._connection).entries_of(key, limit)

    def check(self) -> list[str]:
        """Check everything that can be: the file, the references, the journal against the tables, the latest values.

        Returns French sentences, none when all is well. Takes seconds on a large base.
        """
        problems = []
        try:
            found = [str(row[0]) for row in self._connection.execute("PRAGMA integrity_check(20)")]
            if found != ["ok"]:
                problems += [f"Le fichier est endommagé\u202f: {line}." for line in found]
            if sealing.is_sealed(self.path) and (bad := self._connection.execute(_ALTERED).fetchall()):
                verb = "a été altérée" if len(bad) == 1 else "ont été altérées"
                problems.append(f"{french.plural(len(bad), 'page', 'pages')} du fichier {verb}.")
            lost = self._connection.execute("PRAGMA foreign_key_check").fetchall()
            problems += [
                f"Une ligne de «\u202f{table}\u202f» renvoie à une ligne de «\u202f{target}\u202f» qui n’existe pas."
                for table, _, target, _ in lost[:20]
            ]
            with self._snapshot():
                problems += journal.differences(self._connection, TABLES)
                problems += _gaps(self._connection)
                problems += _latest_faults(self._connection)
                problems += snapshots.faults(self._connection)
                problems += files.faults(self._connection)
        except sqlite3.DatabaseError as error:
            problems.append(f"Le fichier ne peut pas être relu en entier\u202f: {error}.")
        return problems

    def was_checked(self) -> bool:
        """Tell whether the opening read the whole file; false for a large one, that `look_over` is for."""
        return self.path.stat().st_size <= QUICK_CHECK_LIMIT

    def look_over(self) -> bool:
        """Read the whole file; tell whether it is sound. Where it is not, the next opening will refuse it."""
        try:
            sound = str(self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]) == "ok"
        except sqlite3.DatabaseError:
            sound = False
        if not sound:
            _suspect(self.path)
        return sound

    def mentions(self, text: str) -> Mentions:
        """Look for a text about a person everywhere in the base. Raises `UserError` where it is too short."""
        from qpvdesk.storage.care import purging

        with self._reading(), self._snapshot():
            return purging.mentions(self._connection, text)

    def erase(self, text: str) -> Change:
        """Replace a text everywhere by « [effacé] », its history included. Undo neither offers nor needs it.

        Raises `UserError`; then nothing was erased.
        """
        from qpvdesk.storage.care import purging

        label = "Effacement d’un texte personnel"
        found = self.mentions(text)
        if not (found.fields or found.past or self.read_only):
            return Change(label, frozenset(), None, ())
        with self._opened(), self._forgetting():
            author = journal.author_number(self._connection, new_key(), "effacement")
            now, key = self._clock(), new_key()
            hlc = clock.tick(now, journal.last_hlc(self._connection))
            act = journal.add_act(self._connection, key=key, author=author, label=label, done_at=now)
            kinds = purging.erase(self._connection, text, author=author, act=act, hlc=hlc)
        # Read again: the words of an act may have held the text.
        self._stacks = None
        self._sweep()
        return Change(label, frozenset(kinds), key if kinds else None, ())

    @contextlib.contextmanager
    def _forgetting(self) -> Iterator[None]:
        """Let the journal be rewritten, inside a transaction: what is replaced is overwritten in the file too."""
        with self._door.everything():
            self._connection.execute("PRAGMA secure_delete = ON")
            yield

    def _sweep(self) -> None:
        """Leave nothing in the file of what was let go of."""
        with self._reading(), self._door.everything():
            self._connection.execute("VACUUM")

    def package(self, beyond: Vector | None = None) -> tuple[bytes, int]:
        """Return a package of what the base holds beyond what is known elsewhere, and its number of operations."""
        from qpvdesk.storage.exchange import package

        with self._reading(), self._snapshot():
            return package.write(
                self._connection,
                sender=self._last_author(),
                label=self._name(),
                now=self._clock(),
                beyond=beyond or {},
            )

    def peers(self) -> dict[str, tuple[str, Vector]]:
        """Return who sent packages to this base: uid → name, and what theirs held then."""
        from qpvdesk.storage.exchange import merging

        with self._reading():
            return merging.peers(self._connection)

    def merge(self, package: Package, *, simulate: bool = False) -> Merged:
        """Merge a package: all of it or, on `UserError`, nothing. Simulated, the same is reckoned and nothing is kept."""
        from qpvdesk.storage.exchange import disagreements, merging

        try:
            with self._opened():
                now = self._clock()
                hand = merging.Hand(self._clerk(), new_key(), now)
                merged = merging.Merger(self._connection, package, hand).merge(self._forgetting)
                merged.disagreements = disagreements.disagreements(self._connection)
                if simulate:
                    raise _Simulated
        except _Simulated:
            return merged
        self._fresh = False
        # Acts of our own may have come back with it.
        self._stacks = None
        if merged.erased:
            self._sweep()
        return merged

    def disagreements(self) -> tuple[Disagreement, ...]:
        """Return the cells that two authors wrote without knowing of each other."""
        from qpvdesk.storage.exchange import disagreements

        with self._reading(), self._snapshot():
            return disagreements.disagreements(self._connection)

    def sign(self, author: str) -> None:
        """Say in whose name the acts from now on stand in the journal; empty: in that of the computer.

        Acts already there keep the name they were done under: another name is another author.
        """
        self._signature = author
        self._author = None
        # What was done under another name is no longer the last act of whoever writes now.
        self._stacks = None

    def backup(self, *, reason: str = "manuelle") -> Backup:
        """Back the base up now, checked. Raises `UserError`."""
        self._refuse_inside_unit()
        return backup.make(self.path, now=self._local_now(), reason=reason)

    def backup_to(self, target: Path) -> None:
        """Write a checked copy of the base to a file of the officer's choice. Raises `UserError`."""
        self._refuse_inside_unit()
        backup.write(self.path, target)

    def backup_if_due(self) -> Backup | None:
        """Back the base up where the last backup is half an hour old, and thin out. Raises `UserError`."""
        self._refuse_inside_unit()
        now = self._local_now()
        if not backup.due(self.path, now=now):
            return None
        made = backup.make(self.path, now=now)
        backup.thin(self.path, now=now)
        return made

    def backup_into(self, folder: Path) -> Backup:
        """Make an automatic backup in another folder too, and thin out there. Raises `UserError`."""
        self._refuse_inside_unit()
        now = self._local_now()
        made = backup.make(self.path, now=now, folder=folder)
        backup.thin(self.path, now=now, folder=folder)
        return made

    def backups(self) -> tuple[Backup, ...]:
        """Return the backups of this base, the latest first."""
        return backup.backups(self.path)

    def import_starter(self, dossier: Dossier) -> Change:
        """Add a contract that ships with the program.

        Author, clock and sequence follow from the contract alone, so that two laptops make the same operations
        and their packages agree. Not an act of the officer's: undo does not offer it. Raises `UserError` where
        the base has the contract already.
        """
        if any(one.key == dossier.contract.key for one in self.contracts()):
            raise UserError(f"Le contrat «\u202f{dossier.contract.code}\u202f» est déjà dans la base.")
        # Another edition of the contract is another author.
        uid = f"{journal.STARTER}{dossier.contract.code}:{canonical.fingerprint_of(dossier)[:12]}"
        label = f"Contrat de départ\u202f: {dossier.contract.name}"
        with self._opened():
            unit = Unit(
                self._connection,
                label=label,
                author=journal.author_number(self._connection, uid, "contrat de départ"),
                act_key=starter_key(uid),
                hlc=clock.stamp(_STARTER_EPOCH),
                now=self._clock(),
            )
            unit.put_all(_entities(dossier))
            unit.close()
        self._fresh = False
        return unit.change

    def bulk_load(self, dossiers: Iterable[Dossier]) -> int:
        """Fill an empty base with contracts that have no history (the bench); return how many measurements.

        Raises `RuntimeError` where the base holds a contract already.
        """
        from qpvdesk.storage import bulk

        if self.contracts():
            raise RuntimeError("a bulk load fills an empty base")
        with self._door.everything():
            self._connection.execute("PRAGMA foreign_keys = OFF")
            self._connection.execute("PRAGMA cache_size = -65536")
            try:
                with self._opened():
                    count = bulk.load(self._connection, dossiers)
            finally:
                self._connection.execute("PRAGMA cache_size = -2000")
                self._connection.execute("PRAGMA foreign_keys = ON")
        self._fresh = False
        return count

    @contextlib.contextmanager
    def _transaction(
        self, label: str, mode: str, reverses: int | None, *, undoable: bool = True
    ) -> Iterator[Unit]:
        with self._opened():
            author = self._own_author() if undoable else self._clerk()
            now = self._clock()
            unit = Unit(
                self._connection,
                label=label,
                author=author,
                act_key=new_key(),
                hlc=clock.tick(now, journal.last_hlc(self._connection)),
                now=now,
                mode=mode,
                reverses=reverses,
            )
            try:
                yield unit
                unit.finish()
            finally:
                unit.close()

    @contextlib.contextmanager
    def _opened(self) -> Iterator[None]:
        """Hold a transaction for writing; turn the troubles of the disk into sentences."""
        if self.read_only:
            raise UserError(
                "La base est ouverte en lecture seule\u202f: rien ne peut y être enregistré.",
                "Fermez l’autre programme qui la tient, ou copiez-la là où vous pouvez écrire.",
            )
        self._refuse_inside_unit()
        try:
            self._door.begin()
            yield
            self._door.commit()
        except BaseException as error:
            # An author that this transaction was the first to name is forgotten with it.
            self._author = None
            with contextlib.suppress(sqlite3.Error):
                self._door.rollback()
            if isinstance(error, UnicodeEncodeError):
                raise UserError(
                    "Un texte contient un caractère qui ne peut pas être enregistré.",
                    "Retapez-le au lieu de le coller.",
                ) from error
            if isinstance(error, sqlite3.Error):
                _note_damage(error, self.path)
                told = explained(error, self.path) or _broken_reference(error)
                if told is not None:
                    raise told from error
            raise

    def _refuse_inside_unit(self) -> None:
        if self._door.writing:
            raise RuntimeError("a unit of work is open already")

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            _note_damage(error, self.path)
            raise explained(error, self.path) or error from error

    @contextlib.contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Read several tables as of one moment, whatever another connection writes meanwhile."""
        if self._connection.in_transaction:
            yield
            return
        with self._door.everything():
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._door.rollback()

    def _own_author(self) -> int:
        """Return the number of whoever writes here (inside a transaction).

        A copy of a base, or a backup put back, goes on as another author: two files may not both continue one
        sequence, or packages would take different operations for the same. So does whoever signs otherwise.
        """
        if self._author is not None:
            return self._author
        uid = self._last_author()
        if uid is None:
            uid = new_key()
            for row in (("author", uid), ("place", lock.place(self.path))):
                self._connection.execute(
                    "INSERT INTO meta (name, value) VALUES (?, ?)"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    row,
                )
        self._author = journal.author_number(self._connection, uid, self._name())
        return self._author

    def _clerk(self) -> int:
        """Return the number of the author of what is only noted: one beside our own, whose acts no undo reads."""
        own = self._own_author()
        (uid,) = self._connection.execute("SELECT uid FROM author WHERE id = ?", (own,)).fetchone()
        return journal.author_number(self._connection, f"{uid}{_CLERK}", self._name())

    def _last_author(self) -> str | None:
        """Return who wrote here last, if whoever writes now goes on as them."""
        held = dict(
            self._connection.execute("SELECT name, value FROM meta WHERE name IN ('author', 'place')")
        )
        uid = held.get("author")
        if uid is None or held.get("place") != lock.place(self.path):
            return None
        return uid if journal.author_label(self._connection, uid) in (self._name(), None) else None

    def _name(self) -> str:
        return self._signature or lock.host_name() or "ce poste"

    def _stack(self) -> Stacks:
        if self._stacks is None:
            with self._reading():
                row = None
                uid = None if self.read_only else self._last_author()
                if uid is not None:
                    row = self._connection.execute("SELECT id FROM author WHERE uid = ?", (uid,)).fetchone()
                self._stacks = journal.stacks(self._connection, int(row[0])) if row else Stacks([], [])
        return self._stacks

    def _local_now(self) -> datetime:
        return self._clock().astimezone().replace(tzinfo=None)

    def _discard(self) -> None:
        """Remove a base that was made here and never held anything."""
        self.close()
        with contextlib.suppress(OSError):
            self.path.unlink()


def create(path: Path, *, now: datetime | None = None, clock: Clock = clock.system) -> Database:
    """Make an empty base, open for writing. `now`, where given, is the moment it is made.

    Raises `UserError` where the file exists or the folder cannot be written. Used as a context manager, a base
    whose block fails before anything was kept in it is removed again.
    """
    path = path.absolute()
    if path.exists():
        raise UserError(
            f"Le fichier «\u202f{path.name}\u202f» existe déjà\u202f: il n’est pas remplacé.",
            "Choisissez un autre nom, ou ouvrez cette base.",
        )
    held: lock.Lock | None = None
    made = False
    connection: sqlite3.Connection | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = lock.acquire(path)
        with path.open("xb"):
            made = True
        connection = _connected(path, "rw")
        connection.execute("BEGIN IMMEDIATE")
        migrations.apply(connection)
        connection.execute(
            "INSERT INTO meta (name, value) VALUES ('made_at', ?)", ((now or clock()).isoformat(),)
        )
        connection.execute("COMMIT")
        return Database(path, connection, read_only=False, clock=clock, held=held, fresh=True)
    except BaseException as error:
        if connection is not None:
            connection.close()
        if made:
            with contextlib.suppress(OSError):
                path.unlink()
                _journal_of(path).unlink(missing_ok=True)
        if held is not None:
            held.release()
        if isinstance(error, sqlite3.Error) and (told := explained(error, path)):
            raise told from error
        if isinstance(error, OSError):
            raise UserError(
                f"La base ne peut pas être créée dans «\u202f{path.parent}\u202f».",
                "Choisissez un dossier où vous pouvez écrire, avec de la place libre.",
            ) from error
        raise


def open_base(
    path: Path,
    *,
    read_only: bool = False,
    clock: Clock = clock.system,
    wait: float = 1.0,
    override_lock: bool = False,
) -> Database:
    """Open a base after checking it.

    In order: it is there and not empty, it is ours, it is of a version we know, no one else writes it, it is
    sound, and it is brought up to date (a checked backup first). A base or a folder that cannot be written opens
    with `read_only` set, and so does one asked for; neither takes the lock. `wait` is how many seconds a base held
    by someone else is waited for. Raises `UserError`: `BaseMissingError`, `NotOursError`, `NewerBaseError`,
    `lock.AlreadyOpenError`, `DamagedError`.
    """
    path = path.absolute()
    _check_present(path)
    version = _check_header(path)
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    pending = version < migrations.version()
    if pending and not writable:
        raise UserError(
            f"La base «\u202f{path.name}\u202f» vient d’une version plus ancienne et ne peut pas être modifiée ici.",
            "Copiez-la dans un dossier où vous pouvez écrire, puis ouvrez la copie.",
        )
    if writable and (not read_only or pending):
        base = _open_for_writing(path, clock, wait, override_lock, pending)
        if not read_only:
            return base
        base.close()
    return _open_for_reading(path, clock)


def _open_for_writing(path: Path, clock: Clock, wait: float, override: bool, pending: bool) -> Database:
    try:
        held = lock.acquire(path, wait=wait, override=override)
    except OSError as error:
        raise UserError(
            f"Le verrou de la base «\u202f{path.name}\u202f» ne peut pas être posé.",
            "Ouvrez-la en lecture seule, ou copiez-la dans un autre dossier.",
        ) from error
    connection: sqlite3.Connection | None = None
    try:
        connection = _connected(path, "rw")
        _check_sound(path, connection)
        if pending:
            _bring_up_to_date(path, connection, clock)
        return Database(path, connection, read_only=False, clock=clock, held=held)
    except BaseException as error:
        if connection is not None:
            _close(connection)
        held.release()
        _raise_told(error, path)
        raise


def _close(connection: sqlite3.Connection) -> None:
    """Close a connection that could write, leaving one single file: what people copy is then all there is."""
    with contextlib.suppress(sqlite3.Error):
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()


def _open_for_reading(path: Path, clock: Clock) -> Database:
    connection: sqlite3.Connection | None = None
    try:
        connection = _connected(path, "ro")
        _check_sound(path, connection)
        return Database(path, connection, read_only=True, clock=clock, held=None)
    except BaseException as error:
        if connection is not None:
            connection.close()
        _raise_told(error, path)
        raise


def _raise_told(error: BaseException, path: Path) -> None:
    if isinstance(error, sqlite3.DatabaseError):
        # An error that a migration raises by itself, not SQLite, carries no code.
        if code_of(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise _damaged(path) from error
        told = explained(error, path)
        if told is not None:
            raise told from error


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    connection = connect(path, mode)
    try:
        prepare(connection, read_only=mode == "ro")
    except BaseException:
        connection.close()
        raise
    return connection


def _check_present(path: Path) -> None:
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError:
        size = None
    if size is None:
        raise BaseMissingError(
            f"La base «\u202f{path.name}\u202f» est introuvable dans «\u202f{path.parent}\u202f».",
            "Cherchez-la ailleurs, restaurez une sauvegarde, ou créez-en une avec «\u202fqpvdesk init\u202f».",
        )
    if size == 0:
        raise BaseMissingError(
            f"La base «\u202f{path.name}\u202f» est un fichier vide.",
            "Restaurez une sauvegarde, ou cherchez la bonne base.",
        )


def _check_header(path: Path) -> int:
    """Return the version of the base, reading only its header and leaving it untouched."""
    try:
        with contextlib.closing(connect(path, "ro")) as connection:
            application, version = _header(connection)
    except sqlite3.DatabaseError as error:
        if code_of(error) == sqlite3.SQLITE_NOTADB:
            # The header of a sealed base says that it is ours: its first page cannot be read any more.
            raise (_damaged(path) if sealing.is_sealed(path) else _not_ours(path)) from error
        if not _hot(path):
            _raise_told(error, path)
            raise
        application, version = _recovered_header(path)
    if application != migrations.APPLICATION_ID:
        raise _not_ours(path)
    if version > migrations.version():
        raise NewerBaseError(
            f"La base «\u202f{path.name}\u202f» a été écrite par une version plus récente de qpvdesk.",
            "Mettez qpvdesk à jour.",
        )
    return version


def _recovered_header(path: Path) -> tuple[int, int]:
    """Let SQLite finish what a killed process left half-way; reading alone cannot. Return the header."""
    try:
        # The header alone, whatever the journal says: a file of another application is not ours to mend.
        with contextlib.closing(connect(path, "ro&immutable=1")) as connection:
            try:
                if _header(connection)[0] != migrations.APPLICATION_ID:
                    raise _not_ours(path)
            except sqlite3.DatabaseError as error:
                # A power cut may have left the first page ahead of the others: only the journal can tell.
                if code_of(error) != sqlite3.SQLITE_CORRUPT:
                    raise
        with contextlib.closing(connect(path, "rw")) as connection:
            return _header(connection)
    except sqlite3.DatabaseError as error:
        _raise_told(error, path)
        raise


def _header(connection: sqlite3.Connection) -> tuple[int, int]:
    # Reading a table makes SQLite look at the journal, which the header alone does not.
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    return int(application), int(connection.execute("PRAGMA user_version").fetchone()[0])


def _hot(path: Path) -> bool:
    try:
        return _journal_of(path).stat().st_size > 0
    except OSError:
        return False


def _journal_of(path: Path) -> Path:
    return path.parent / (path.name + "-journal")


def _not_ours(path: Path) -> NotOursError:
    return NotOursError(
        f"Ce fichier n’est pas une base qpvdesk\u202f: «\u202f{path.name}\u202f».",
        "Choisissez un fichier .db créé par qpvdesk.",
    )


def _check_sound(path: Path, connection: sqlite3.Connection) -> None:
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    # SQLCipher says its page size in letters.
    size = pages * int(connection.execute("PRAGMA page_size").fetchone()[0])
    if path.stat().st_size != size:
        raise _damaged(path)
    doubtful = _mark_of(path)
    if size > QUICK_CHECK_LIMIT and not doubtful.exists():
        return
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise _damaged(path)
    with contextlib.suppress(OSError):
        # It was mended, or replaced, since.
        doubtful.unlink(missing_ok=True)


def _mark_of(path: Path) -> Path:
    return path.parent / (path.name + ".a-verifier")


def _suspect(path: Path) -> None:
    """Have the next opening read the whole file, however large."""
    with contextlib.suppress(OSError):
        _mark_of(path).touch()


def _note_damage(error: sqlite3.Error, path: Path) -> None:
    if code_of(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        _suspect(path)


def _damaged(path: Path) -> DamagedError:
    """Set a copy of the damaged file aside, once, and say what can be restored."""
    quarantine: Path | None = None
    with contextlib.suppress(OSError):
        from qpvdesk.storage.rescue import salvage

        quarantine = salvage.set_aside(path)
    held = backup.backups(path)
    remedy = (
        f"Restaurez la sauvegarde du {french.format_date(held[0].made_at.date())} à {held[0].made_at:%H:%M}."
        if held
        else "Aucune sauvegarde n’a été trouvée à côté d’elle\u202f: cherchez-en une copie."
    )
    kept = f" Une copie a été mise de côté\u202f: «\u202f{quarantine.name}\u202f»." if quarantine else ""
    return DamagedError(f"La base «\u202f{path.name}\u202f» est endommagée.{kept}", remedy, quarantine, held)


def _bring_up_to_date(path: Path, connection: sqlite3.Connection, clock: Clock) -> None:
    """Run the pending migrations: a checked backup first, then all of them or none."""
    now = clock().astimezone().replace(tzinfo=None)
    backup.make(path, now=now, reason="migration")
    connection.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(connection)
        lost = connection.execute("PRAGMA foreign_key_check").fetchone()
        if lost is not None:
            raise sqlite3.IntegrityError(f"migration lost a reference: {lost}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _broken_reference(error: sqlite3.Error) -> UserError | None:
    if isinstance(error, sqlite3.IntegrityError) and "FOREIGN KEY" in str(error):
        return UserError(
            "Ce qui devait être enregistré renvoie à un élément qui n’existe plus\u202f: rien n’a été enregistré.",
            "Rechargez la page, puis recommencez.",
        )
    return None


def _entities(dossier: Dossier) -> list[Any]:
    held: list[Any] = [dossier.contract]
    for table in TABLES:
        if table.kind != "contract":
            held += getattr(dossier, table.dossier)
    return held


def _gaps(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT a.label, max(o.seq) - count(*) FROM operation o JOIN author a ON a.id = o.author"
        # What a salvage could not find was said once, and cannot be mended.
        " LEFT JOIN meta m ON m.name = ? || a.uid"
        " GROUP BY o.author HAVING max(o.seq) - count(*) > coalesce(CAST(max(m.value) AS INTEGER), 0)",
        (journal.LOST,),
    )
    return [
        f"Il manque {french.plural(missing, 'opération', 'opérations')} de «\u202f{label}\u202f» dans le journal."
        for label, missing in rows
    ]


_LATEST_EXPECTED = (
    "SELECT o.contract, m.objective, m.territory, m.day, m.key, m.value FROM measurement m"
    " JOIN objective o ON o.key = m.objective WHERE NOT EXISTS (SELECT 1 FROM measurement n"
    " WHERE n.objective = m.objective AND n.territory = m.territory AND (n.day, n.key) > (m.day, m.key))"
)


def _latest_faults(connection: sqlite3.Connection) -> list[str]:
    kept = "SELECT contract, objective, territory, day, measurement, value FROM latest"
    for one, other in ((kept, _LATEST_EXPECTED), (_LATEST_EXPECTED, kept)):
        row = connection.execute(f"SELECT 1 FROM ({one} EXCEPT {other}) LIMIT 1").fetchone()
        if row is not None:
            return ["Les dernières valeurs ne correspondent pas aux relevés."]
    return []


__all__ = [
    "BaseMissingError",
    "DamagedError",
    "Database",
    "NewerBaseError",
    "NotOursError",
    "create",
    "open_base",
]
