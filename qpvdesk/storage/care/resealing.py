"""Putting a base under a passphrase, under another one, or back in clear, with its backups.

SQLCipher cannot change this in place: the base is copied table by table into a new file, compared with it row by row, and
replaced in one step. A crash leaves the one or the other, whole; at worst a backup is there in both forms.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from msgspec import Struct

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import lock
from qpvdesk.storage.care import backup
from qpvdesk.storage.care.sealing import Key
from qpvdesk.storage.connection import connect, file_of, uri
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.refusals import explained, no_room


class Resealed(Struct, frozen=True):
    """How many backups followed the base; `left` are those that could not be read, and stay as they were."""

    backups: int
    left: tuple[Path, ...]


def reseal(base: Path, key: Key | None, *, folders: tuple[Path, ...] = ()) -> Resealed:
    """Put a closed base under a key, or in clear where it is None, then its backups (beside it and in `folders`).

    Raises `UserError` where the base is open elsewhere, is not sound, or there is no room; it is then untouched.
    """
    base = base.absolute()
    file = file_of(base)
    resealed = file.parent / (file.name + backup.RESEALING)
    try:
        base_lock = lock.acquire(base)
    except OSError as error:
        raise no_room(base, error) from error
    try:
        _convert(base, resealed, key)
        durable.share_as(resealed, file)
        durable.place(resealed, file)
    except sqlite3.Error as error:
        raise explained(error, base) or error from error
    except OSError as error:
        raise no_room(base, error) from error
    finally:
        _remove(resealed)
        base_lock.release()
    done, left = 0, []
    for folder in (backup.folder_of(base), *folders):
        for kept_backup in backup.backups(base, folder):
            try:
                _follow(kept_backup.path, key)
                done += 1
            except (sqlite3.Error, OSError, UserError):
                left.append(kept_backup.path)
    return Resealed(done, tuple(left))


def _follow(copy: Path, key: Key | None) -> None:
    """Put a backup under the key: the new one is whole beside the old one before that is removed."""
    if not backup.verify(copy):
        raise _unsound(copy)
    resealed = copy.parent / (copy.name + backup.RESEALING)
    target = backup.free_name(copy)
    try:
        _convert(copy, resealed, key)
        backup.sign(resealed, target)
        durable.share_as(resealed, copy)
        durable.place(resealed, target)
    finally:
        _remove(resealed)
    copy.unlink()
    backup.fingerprint_of(copy).unlink(missing_ok=True)


def _convert(source: Path, resealed: Path, key: Key | None) -> None:
    """Write the content of a base to a new file, under the key, and compare the two."""
    durable.begin_privately(resealed)
    with contextlib.closing(connect(source, "rw")) as connection:
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise _unsound(source)
        connection.execute(
            "ATTACH ? AS made KEY ?", (uri(resealed, "rw"), key.spoken if key is not None else "")
        )
        connection.execute("SELECT sqlcipher_export('made')").fetchone()
        for name in ("application_id", "user_version"):
            (value,) = connection.execute(f"PRAGMA main.{name}").fetchone()
            connection.execute(f"PRAGMA made.{name} = {int(value)}")
        if not _same(connection):
            raise sqlite3.DatabaseError("the copy does not hold what the base does")
        connection.execute("DETACH made")
    if key is not None:
        key.remember()
    with contextlib.closing(connect(resealed, "ro")) as connection:
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("the copy is not sound")


def _same(connection: sqlite3.Connection) -> bool:
    """Tell whether the two files hold the same schema and the same rows."""
    kinds = (
        "SELECT type, name, tbl_name, sql FROM {0}.sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name"
    )
    here, there = (connection.execute(kinds.format(schema)).fetchall() for schema in ("main", "made"))
    if here != there:
        return False
    for kind, name, _, declared in here:
        # What a virtual table holds is in the tables that stand behind it.
        if kind == "table" and not declared.startswith("CREATE VIRTUAL"):
            counts = f'SELECT (SELECT count(*) FROM main."{name}") = (SELECT count(*) FROM made."{name}")'
            other = f'SELECT 1 FROM (SELECT * FROM main."{name}" EXCEPT SELECT * FROM made."{name}") LIMIT 1'
            if not connection.execute(counts).fetchone()[0] or connection.execute(other).fetchone():
                return False
    return True


def _remove(resealed: Path) -> None:
    for path in (resealed, resealed.parent / (resealed.name + "-journal")):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _unsound(path: Path) -> UserError:
    return UserError(
        f"«\u202f{path.name}\u202f» est abîmée\u202f: rien n’a été changé.",
        "Restaurez d’abord une sauvegarde, ou réparez la base.",
    )
