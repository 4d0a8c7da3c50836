"""Putting a backup back in the place of the base: checked first, and itself undoable.

The backup is copied beside the base and it is that copy which is checked, so that what was checked is what is put
in place. The base it replaces is kept as a backup, or set aside as it is where it can no longer be read.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import journal, lock, migrations, suspicion
from qpvdesk.storage.authors import base_id
from qpvdesk.storage.care import backup, sealing
from qpvdesk.storage.care.backup import Backup
from qpvdesk.storage.care.sealing import SealedError
from qpvdesk.storage.connection import UNREADABLE, check_beside, connect, file_of, journal_of
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import peers
from qpvdesk.storage.refusals import explained, natures, no_room, refuse_mixture

_ACTS = "SELECT a.uid || ' ' || t.key, t.label FROM act t JOIN author a ON a.id = t.author ORDER BY t.id DESC"
"""What an act is known by, and its words, the latest first."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a base holds. `last_act` is empty and `last_day` None where nothing was done in it yet."""

    figures: int
    last_act: str
    last_day: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a restore would change. `present` is None where the base is missing or can no longer be read;
    `lost` are the acts, latest first, that the base holds and the backup does not; `shared`: whether a shared folder
    may bring them back."""

    backup: Contents
    present: Contents | None
    lost: tuple[str, ...]
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and where the base it replaced is kept (None where there was none)."""

    contents: Contents
    kept: Path | None


_SHARED = "SELECT EXISTS (SELECT 1 FROM meta WHERE substr(name, 1, length(?1)) = ?1)"


def contents(path: Path) -> Contents:
    """Read what a base or a backup holds, changing nothing. Raises `sqlite3.Error`."""
    with contextlib.closing(connect(path, "ro")) as connection:
        _refuse_foreign(connection)
        return _contents(connection)


def _refuse_foreign(connection: sqlite3.Connection) -> None:
    if not suspicion.is_as_made(connection):
        raise sqlite3.DatabaseError("no release makes that")


def contents_or_none(path: Path) -> Contents | None:
    """Read what a backup holds; None where it cannot be read, or is under a passphrase that was not given."""
    try:
        return contents(path)
    except UNREADABLE:
        return None


def preview(base: Path, chosen: Path) -> Preview:
    """Say what restoring would change. Raises `UserError` where the backup is not to the bit what was written."""
    _check_fingerprint(chosen, chosen)
    try:
        with contextlib.closing(connect(chosen, "ro")) as connection:
            _check_ours(connection, chosen)
            _check_unmixed(connection, base)
            there, known = (_contents(connection), {name for name, _ in connection.execute(_ACTS)})
    except sqlite3.Error as error:
        raise _unsound(chosen) from error
    try:
        with contextlib.closing(connect(base, "ro")) as connection:
            _refuse_foreign(connection)
            here = _contents(connection)
            acts = connection.execute(_ACTS).fetchall()
            (shared,) = connection.execute(_SHARED, (peers.TAKEN,)).fetchone()
    except (sqlite3.Error, SealedError):
        return Preview(there, None, ())
    return Preview(there, here, tuple(label for name, label in acts if name not in known), bool(shared))


def restore(base: Path, chosen: Path, *, now: datetime, check: Callable[[], None] = lambda: None) -> Restored:
    """Put a backup in the place of a closed base. `now` is local time, without a zone. `check`: raises where the base is
    not to be replaced; asked once nobody else can write in it.

    Raises `UserError` where the base is open elsewhere, the backup is not sound, or there is no room; the base is
    then untouched.
    """
    base = base.absolute()
    check_beside(base)
    file = file_of(base)
    temporary = file.parent / (file.name + backup.RESTORING)
    try:
        base.parent.mkdir(parents=True, exist_ok=True)
        base_lock = lock.acquire(base)
    except OSError as error:
        raise no_room(base, error) from error
    try:
        check()
        durable.copy_privately(chosen, temporary)
        _check_fingerprint(temporary, chosen)
        with contextlib.closing(connect(temporary, "ro")) as connection:
            _check_ours(connection, chosen)
            if not suspicion.is_sound(connection, temporary) or suspicion.unreadable(connection):
                raise _unsound(chosen)
            _check_unmixed(connection, base)
            held_there = _contents(connection)
        kept = _keep(base, now)
        # A journal left beside the file would be rolled back into the one put in its place.
        journal_of(base).unlink(missing_ok=True)
        durable.flush(file.parent)
        durable.share_as(temporary, file)
        durable.place(temporary, file)
    except sqlite3.Error as error:
        raise explained(error, chosen) or _unsound(chosen) from error
    except OSError as error:
        raise no_room(base, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        base_lock.release()
    return Restored(held_there, kept)


def _keep(base: Path, now: datetime) -> Path | None:
    """Keep the base that is about to be replaced; return where, None where there is none."""
    if not base.exists() or base.stat().st_size == 0:
        return None
    with contextlib.suppress(sqlite3.Error, SealedError):
        # Opened for writing first: what a killed process left half-way is rolled back before it is kept.
        with contextlib.closing(connect(base, "rw")) as connection:
            _refuse_foreign(connection)
            sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        if sound:
            kept_backup: Backup = backup.make(base, now=now, reason="restauration")
            return kept_backup.path
    number, aside = 1, base.parent / f"{base.stem}.remplacee{base.suffix}"
    while aside.exists():
        number += 1
        aside = base.parent / f"{base.stem}.remplacee-{number}{base.suffix}"
    hot = journal_of(base)
    if hot.exists():
        durable.copy(hot, journal_of(aside))
    durable.copy(base, aside)
    return aside


def _contents(connection: sqlite3.Connection) -> Contents:
    figures = int(connection.execute("SELECT count(*) FROM measurement").fetchone()[0])
    row = connection.execute("SELECT label, done_at FROM act ORDER BY id DESC LIMIT 1").fetchone()
    if row is None:
        return Contents(figures, "", None)
    return Contents(figures, str(row[0]), journal.moment(row[1]))


def _check_fingerprint(copy: Path, chosen: Path) -> None:
    if not chosen.is_file():
        raise UserError(
            f"La sauvegarde «\u202f{chosen.name}\u202f» est introuvable.", "Choisissez-en une autre."
        )
    if not backup.fingerprint_of(chosen).is_file():
        if not _begins_as_ours(chosen):
            raise _not_ours(chosen)
        raise UserError(
            f"La sauvegarde «\u202f{chosen.name}\u202f» n’a pas son empreinte à côté d’elle\u202f: rien n’a été restauré.",
            f"Retrouvez le fichier «\u202f{backup.fingerprint_of(chosen).name}\u202f», écrit avec elle.",
        )
    if not backup.verify(copy, of=chosen):
        raise _unsound(chosen)


def _begins_as_ours(chosen: Path) -> bool:
    start = sealing.start_of(chosen, suspicion.APPLICATION.stop, writable=False)
    if not start:
        # The open base itself is not read.
        return chosen.stat().st_size > 0
    application = int.from_bytes(start[suspicion.APPLICATION], "big")
    return application == migrations.APPLICATION_ID or sealing.is_sealed(chosen)


def _not_ours(chosen: Path) -> UserError:
    return UserError(
        f"Ce fichier n’est pas une base qpvdesk\u202f: «\u202f{chosen.name}\u202f». Rien n’a été restauré.",
        "Choisissez une sauvegarde faite par qpvdesk.",
    )


def _check_ours(connection: sqlite3.Connection, chosen: Path) -> None:
    application, version, form = suspicion.declared(connection)
    if application != migrations.APPLICATION_ID:
        raise _not_ours(chosen)
    if version > migrations.version():
        raise UserError(
            f"La sauvegarde «\u202f{chosen.name}\u202f» vient d’une version plus récente de qpvdesk.",
            "Mettez qpvdesk à jour.",
        )
    # Before anything else is read: a view, or a column that is reckoned, may take for ever.
    if differing := suspicion.differing(version, form):
        raise UserError(
            f"La sauvegarde «\u202f{chosen.name}\u202f» n’a pas la forme que qpvdesk donne aux siennes ({differing})\u202f:"
            " elle n’a pas été faite par qpvdesk, ou a été modifiée. Rien n’a été restauré.",
            "Choisissez-en une autre.",
        )
    if version >= migrations.KEYED:
        base_id(connection)


def _check_unmixed(backup: sqlite3.Connection, base: Path) -> None:
    """Refuse to put an example in the place of a real base, or the other way round."""
    try:
        with contextlib.closing(connect(base, "ro")) as connection:
            _refuse_foreign(connection)
            here = natures(connection)
    except (sqlite3.Error, SealedError):
        # Missing or unreadable: nothing tells what it was.
        return
    refuse_mixture(here, natures(backup))


def _unsound(chosen: Path) -> UserError:
    return UserError(
        f"La sauvegarde «\u202f{chosen.name}\u202f» est abîmée\u202f: rien n’a été restauré.",
        "Choisissez-en une autre.",
    )
