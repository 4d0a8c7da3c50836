"""Making a base and opening one, with every check it needs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from qpvdesk import durable
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import authors, clock, lock, migrations, suspicion
from qpvdesk.storage.base import TO_SWEEP, Database
from qpvdesk.storage.care import backup, sealing
from qpvdesk.storage.care.backup import Backup
from qpvdesk.storage.clock import Clock
from qpvdesk.storage.connection import (
    begins,
    check_beside,
    close_whole,
    connect,
    is_blank,
    is_hot,
    journal_of,
    one_reading,
    prepare,
    prepared,
)
from qpvdesk.storage.engine import code_of, sqlite3
from qpvdesk.storage.identity import Chains, Identity
from qpvdesk.storage.refusals import check_name, explained, explaining

# How often a file may be replaced while it is being opened.
_REPLACED_MAX = 3
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_Found = tuple[int, int, object, bool]
"""Bytes beyond the last page, version, identifier, and whether what was let go of is still in the file."""


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


def create(
    path: Path, *, now: datetime | None = None, clock: Clock = clock.system, identity: Identity | None = None
) -> Database:
    """Make an empty base, open for writing. `now`, where given, is the moment it is made.

    Raises `UserError` where the file exists or the folder cannot be written. Used as a context manager, a base
    whose block fails before anything was kept in it is removed again.
    """
    path = path.absolute()
    check_name(path, new=True)
    if path.exists():
        raise UserError(
            f"Le fichier «\u202f{path.name}\u202f» existe déjà\u202f: il n’est pas remplacé.",
            "Choisissez un autre nom, ou ouvrez cette base.",
        )
    base_lock: lock.Lock | None = None
    is_made = False
    connection: sqlite3.Connection | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        base_lock = lock.acquire(path)
        with open(path, "xb", opener=durable.private):
            is_made = True
        connection = prepared(path, "rw")
        connection.execute("BEGIN IMMEDIATE")
        migrations.apply(connection)
        made_at = (now or clock()).isoformat()
        connection.execute("INSERT INTO meta (name, value) VALUES ('made_at', ?)", (made_at,))
        connection.execute("COMMIT")
        return Database(path, connection, clock=clock, base_lock=base_lock, fresh=True, identity=identity)
    except BaseException as error:
        if connection is not None:
            connection.close()
        if is_made:
            with contextlib.suppress(OSError):
                path.unlink()
                journal_of(path).unlink(missing_ok=True)
        if base_lock is not None:
            base_lock.release()
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
    identity: Identity | None = None,
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
    who = identity or Identity()
    with _told(path):
        if read_only and (connection := _as_it_is(path, "ro")) is not None:
            return _open_for_reading(path, connection, clock, who)
        of_today = not read_only and suspicion.is_of_today(path)
        pending = not of_today and _check_header(path) < migrations.version()
        why = ""
        if not read_only or pending:
            base_lock, why = lock.attempt(path, wait=wait, override=override_lock)
            base = None
            if base_lock is not None:
                base = _open_for_writing(path, clock, base_lock, who, checked=not of_today)
            if base is not None and not read_only:
                return base
            if base is not None:
                base.close()
            elif pending or (of_today and _check_header(path) < migrations.version()):
                # A base whose migration was cut short says at its head what SQLite undoes.
                raise UserError(
                    f"La base «\u202f{path.name}\u202f» vient d’une version plus ancienne et ne peut pas être modifiée ici.",
                    "Copiez-la dans un dossier où vous pouvez écrire, puis ouvrez la copie.",
                )
            else:
                why = why or "son fichier est protégé en écriture"
        base = _open_for_reading(path, None, clock, who)
        base.why_read_only = "" if read_only else why
        return base


def _open_for_writing(
    path: Path, clock: Clock, base_lock: lock.Lock, identity: Identity, *, checked: bool
) -> Database | None:
    """Open for writing; None where SQLite is refused to write. `checked`: what the base declares was."""
    connection: sqlite3.Connection | None = None
    try:
        suspicion.keep_before(path)
        if not checked and (connection := _as_it_is(path, "rw")) is None:
            _check_header(path)
        connection = connection or prepared(path, "rw")
        if not begins(connection, tried=not checked):
            connection.close()
            base_lock.release()
            return None
        try:
            _, version, identifier, to_sweep = _check_sound(path, connection)
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        if version < migrations.version():
            _bring_up_to_date(path, connection, clock, identity)
            _, _, identifier, to_sweep = _found(path, connection)
        base = Database(path, connection, clock=clock, base_lock=base_lock, identity=identity)
        base.authors.base_id = str(identifier)
        if to_sweep:
            base.sweep()
        return base
    except BaseException:
        if connection is not None:
            close_whole(connection)
        base_lock.release()
        raise


def _as_it_is(path: Path, mode: str) -> sqlite3.Connection | None:
    """Connect where nothing has to be done first; else None: what is declared is then read but once."""
    with contextlib.ExitStack() as undone:
        try:
            connection = connect(path, mode)
            undone.callback(connection.close)
            if _checked_header(path, connection) == migrations.version():
                prepare(connection, read_only=mode == "ro")
                undone.pop_all()
                return connection
        except sqlite3.DatabaseError as error:
            # Whoever holds the base was waited for.
            if code_of(error) in _BUSY:
                raise
    return None


def _open_for_reading(
    path: Path, connection: sqlite3.Connection | None, clock: Clock, identity: Identity
) -> Database:
    try:
        connection = connection or prepared(path, "ro")
        for _ in range(_REPLACED_MAX):
            if _found(path, connection)[0] == 0:
                break
            # The file that bears the name is read, were it replaced meanwhile (a backup restored).
            connection.close()
            connection = prepared(path, "ro")
        _check_sound(path, connection)
        return Database(path, connection, clock=clock, identity=identity)
    except BaseException:
        if connection is not None:
            connection.close()
        raise


def _found(path: Path, connection: sqlite3.Connection) -> _Found:
    """Return what a base says of itself, and by how much its file is longer than its pages (below 0: some are gone)."""
    with one_reading(connection):
        pages, size, version, identifier, to_sweep = connection.execute(
            "SELECT page_count, page_size, user_version, (SELECT value FROM meta WHERE name = 'base'),"
            " EXISTS (SELECT 1 FROM meta WHERE name = ?) FROM pragma_page_count, pragma_page_size, pragma_user_version",
            (TO_SWEEP,),
        ).fetchone()
        # SQLCipher says its page size in letters.
        return path.stat().st_size - int(pages) * int(size), int(version), identifier, bool(to_sweep)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell of what SQLite refuses, once nothing of ours holds the base any more."""
    with explaining(path):
        try:
            yield
        except sqlite3.DatabaseError as error:
            if code_of(error) in _BUSY:
                raise lock.AlreadyOpenError(path, lock.holder(path)) from error
            # An error that a migration raises by itself, not SQLite, carries no code.
            if code_of(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise _damaged(path) from error
            raise


def _check_present(path: Path) -> None:
    check_name(path, new=False)
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError:
        size = None
    if size is None:
        raise BaseMissingError(
            f"La base «\u202f{path.name}\u202f» est introuvable dans «\u202f{path.parent}\u202f».",
            "Cherchez-la ailleurs, restaurez une sauvegarde, ou créez-en une.",
            shell="«\u202fqpvdesk init\u202f» en crée une.",
        )
    if size == 0:
        raise BaseMissingError(
            f"La base «\u202f{path.name}\u202f» est un fichier vide.",
            "Restaurez une sauvegarde, ou cherchez la bonne base.",
        )
    check_beside(path)


def _check_header(path: Path) -> int:
    """Return the version of the base, reading only what it declares and leaving it untouched."""
    try:
        try:
            with contextlib.closing(connect(path, "ro")) as connection:
                return _checked_header(path, connection)
        except sqlite3.DatabaseError as error:
            if code_of(error) == sqlite3.SQLITE_NOTADB:
                # The header of a sealed base says that it is ours: its first page cannot be read any more.
                raise (_damaged(path) if sealing.is_sealed(path) else _not_ours(path)) from error
            if not is_hot(path):
                raise
        return _recovered_header(path)
    except sqlite3.DatabaseError as error:
        # SQLite has no code of its own for a form of its tables that it does not know.
        if code_of(error) == sqlite3.SQLITE_ERROR:
            raise _damaged(path) from error
        raise


def _recovered_header(path: Path) -> int:
    """Let SQLite finish what a killed process left half-way; reading alone cannot. Return the version."""
    # The header alone, whatever the journal says: a file of another application is not ours to mend.
    with contextlib.closing(connect(path, "ro&immutable=1")) as connection:
        try:
            if suspicion.declared(connection)[0] != migrations.APPLICATION_ID:
                raise _not_ours(path)
        except sqlite3.DatabaseError as error:
            # A power cut may have left the first page ahead of the others, or none of it in a base that was being
            # made: only the journal can tell.
            if code_of(error) != sqlite3.SQLITE_CORRUPT and not is_blank(path):
                raise
    suspicion.keep_before(path)
    with contextlib.closing(connect(path, "rw")) as connection:
        return _checked_header(path, connection)


def _checked_header(path: Path, connection: sqlite3.Connection) -> int:
    # Reading a table makes SQLite look at the journal, which the header alone does not.
    application, version, form = suspicion.declared(connection)
    if application != migrations.APPLICATION_ID:
        # SQLite may just have undone the making of a base: nothing is left in its file.
        _check_present(path)
        raise _not_ours(path)
    if version > migrations.version():
        raise NewerBaseError(
            f"La base «\u202f{path.name}\u202f» a été écrite par une version plus récente de qpvdesk.",
            "Mettez qpvdesk à jour.",
        )
    if differing := suspicion.differing(version, form):
        raise _damaged(path, differing)
    return version


def _not_ours(path: Path) -> NotOursError:
    return NotOursError(
        f"Ce fichier n’est pas une base qpvdesk\u202f: «\u202f{path.name}\u202f».",
        "Choisissez un fichier .db créé par qpvdesk.",
    )


def _check_sound(path: Path, connection: sqlite3.Connection) -> _Found:
    """Return what a base says of itself, checked whole where it is small or suspected."""
    doubtful = suspicion.mark_of(path)
    # One reading holds the schema still: the check connects to the tables of the search one after the other.
    with one_reading(connection):
        beyond, version, identifier, _ = found = _found(path, connection)
        if version >= migrations.KEYED:
            authors.checked(identifier)
        # A file is shortened last, once its pages are kept: a power cut may leave what nothing reads at its end.
        if beyond < 0:
            raise _damaged(path)
        if path.stat().st_size > suspicion.CHECKED_WHOLE_BYTES_MAX and not doubtful.exists():
            return found
        sound = suspicion.is_sound(connection, path)
    if not sound:
        raise _damaged(path)
    if doubtful.exists():
        # It was mended, or replaced, since.
        suspicion.trust(path)
    return found


def _damaged(path: Path, differing: str = "") -> DamagedError:
    """Set a copy of the damaged file aside, once, and say what can be restored. `differing`: see `suspicion`."""
    from qpvdesk.storage import rescue  # noqa: PLC0415 - 26 ms, a damaged base alone needs it

    quarantine = suspicion.quarantined(path, rescue.set_aside)
    kept_backups = backup.backups(path)
    remedy = (
        f"Restaurez la sauvegarde du {french.format_date(kept_backups[0].made_at.date())} à {kept_backups[0].made_at:%H:%M}."
        if kept_backups
        else "Aucune sauvegarde n’a été trouvée à côté d’elle\u202f: cherchez-en une copie."
    )
    kept = f" Une copie a été mise de côté\u202f: «\u202f{quarantine.name}\u202f»." if quarantine else ""
    what = "est endommagée" + (f", ou un autre programme l’a modifiée ({differing})" if differing else "")
    return DamagedError(f"La base «\u202f{path.name}\u202f» {what}.{kept}", remedy, quarantine, kept_backups)


def _bring_up_to_date(path: Path, connection: sqlite3.Connection, clock: Clock, identity: Identity) -> None:
    """Run the pending migrations: a checked backup first, then all of them or none."""
    from qpvdesk.storage import programme  # noqa: PLC0415 - 2 ms, a base of an earlier form alone needs it

    now = clock().astimezone().replace(tzinfo=None)
    backup.make(path, now=now, reason="migration")
    _, version, _ = suspicion.declared(connection)
    former = authors.former(path, connection) if version < migrations.KEYED else None
    connection.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(connection)
        connection.execute("PRAGMA defer_foreign_keys = ON")
        programme.migrate(connection, version)
        lost = connection.execute("PRAGMA foreign_key_check").fetchone()
        if lost is not None:
            raise sqlite3.IntegrityError(f"migration lost a reference: {lost}")
        (base,) = connection.execute("SELECT value FROM meta WHERE name = 'base'").fetchone()
        connection.execute("COMMIT")
        if former is not None:
            identity.remember(base, Chains(former=[former]))
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
