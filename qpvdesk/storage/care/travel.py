"""A base that stands elsewhere (a stick, a network), worked on in a local copy and brought back.

The copy is checked when it is made, and again when it is brought back; the base it replaces is kept as a backup. A
base that has moved on meanwhile is never replaced.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import lock
from qpvdesk.storage.care import backup, restore
from qpvdesk.storage.care.restore import Restored
from qpvdesk.storage.care.sealing import SealedError
from qpvdesk.storage.connection import connect
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.standing import MovedOnError

_ORIGIN = ".origine"
_RETURN = ".retour.db"


@dataclass(frozen=True, slots=True)
class Luggage:
    """A local copy: where it came from, and the labels of what was done in it that its origin does not hold."""

    copy: Path
    origin: Path
    news: tuple[str, ...] | None
    """None where the origin cannot be read."""


def place(origin: Path, folder: Path) -> Path:
    """Return where the local copy of a base is, or would be."""
    mark = zlib.crc32(os.fsencode(origin.absolute()))
    return folder / f"{origin.stem}-{mark:08x}{origin.suffix}"


def take(origin: Path, folder: Path) -> Path:
    """Copy a base into a local folder, checked, and return the copy; one that was there is kept as a backup.

    Raises `UserError` where the base is open elsewhere, is not sound, or there is no room; nothing has changed then.
    """
    copy = place(origin, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = lock.acquire(origin)
    except OSError as error:
        raise UserError(
            "La copie locale n’a pas pu être faite\u202f: ce support ne peut pas être réservé.",
            "Copiez le fichier à la main, ou ouvrez la base quand même.",
        ) from error
    try:
        if copy.exists():
            backup.make(copy, now=datetime.now(), reason="restauration")
        backup.write(origin, copy)
        # The copy will change: its fingerprint would only accuse it.
        backup.fingerprint_of(copy).unlink(missing_ok=True)
        durable.write(_origin_of(copy), str(origin.absolute()).encode("utf-8", "surrogateescape"))
    finally:
        held.release()
    return copy


def luggage(copy: Path) -> Luggage | None:
    """Return what is to be known of a local copy; None for any other base."""
    origin = origin_of(copy)
    if origin is None:
        return None
    try:
        mine, theirs = _acts(copy), _acts(origin)
    except (sqlite3.Error, SealedError):
        return Luggage(copy, origin, None)
    return Luggage(copy, origin, tuple(label for key, label in mine.items() if key not in theirs))


def origin_of(copy: Path) -> Path | None:
    """Return the base a local copy was made of; None for any other base."""
    try:
        return Path(_origin_of(copy).read_text(encoding="utf-8"))
    except OSError:
        return None


def bring_back(copy: Path, *, now: datetime) -> Restored:
    """Put a closed local copy back in the place of its origin, which is kept as a backup. `now` is local time.

    Raises `UserError` where the origin is gone, is open, or holds acts that the copy does not; it is then untouched.
    """
    origin = origin_of(copy)
    if origin is None or not origin.parent.is_dir():
        raise UserError(
            "Le support d’origine n’est plus là\u202f: rien n’y a été remis.",
            f"Votre travail est dans la copie locale\u202f: «\u202f{copy}\u202f».",
        )
    if origin.exists():
        try:
            moved_on = _acts(origin).keys() - _acts(copy).keys()
        except (sqlite3.Error, SealedError) as error:
            raise UserError(
                f"La base d’origine «\u202f{origin.name}\u202f» ne peut plus être lue\u202f: elle n’a pas été remplacée.",
                f"Votre travail est dans la copie locale\u202f: «\u202f{copy}\u202f».",
            ) from error
        if moved_on:
            raise MovedOnError(origin, copy)
    packed = copy.parent / (copy.stem + _RETURN)
    try:
        backup.write(copy, packed)
        return restore.restore(origin, packed, now=now)
    finally:
        with contextlib.suppress(OSError):
            packed.unlink(missing_ok=True)
            backup.fingerprint_of(packed).unlink(missing_ok=True)


def forget(copy: Path) -> None:
    """Remove a local copy that holds nothing more than its origin, and its backups."""
    for path in (copy, _origin_of(copy)):
        with contextlib.suppress(OSError):
            path.unlink()
    shutil.rmtree(backup.folder_of(copy), ignore_errors=True)


def _origin_of(copy: Path) -> Path:
    return copy.parent / (copy.name + _ORIGIN)


def _acts(path: Path) -> dict[str, str]:
    """Return the labels of the acts of a base by their authors and keys, in order. Raises `sqlite3.Error`."""
    with contextlib.closing(connect(path, "ro")) as connection:
        return dict(
            connection.execute(
                "SELECT a.uid || ' ' || t.key, t.label FROM act t JOIN author a ON a.id = t.author ORDER BY t.id"
            ).fetchall()
        )
