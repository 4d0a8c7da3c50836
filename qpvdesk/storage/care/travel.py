"""A base that stands elsewhere (a stick, a network), worked on in a local copy and brought back.

The copy is checked when it is made, and again when it is brought back; the base it replaces is kept as a backup. A
base that has moved on meanwhile, or in which something was erased, is never replaced. What was done in a copy alone is
never written over, nor removed.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qpvdesk import durable
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import journal, lock
from qpvdesk.storage.base import REWRITTEN
from qpvdesk.storage.base_file import MovedOnError
from qpvdesk.storage.care import backup, restore
from qpvdesk.storage.care.restore import Restored
from qpvdesk.storage.care.sealing import SealedError
from qpvdesk.storage.connection import UNREADABLE, connect
from qpvdesk.storage.engine import sqlite3

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

    Raises `UserError` where the base is open elsewhere, is not sound, there is no room, or the copy that is there holds
    what the base does not; nothing has changed then.
    """
    copy = place(origin, folder)
    left = luggage(copy) if copy.exists() else None
    if left is not None and left.news:
        raise UserError(
            f"La copie locale garde {french.plural(len(left.news), 'acte', 'actes')} que la base n’a pas\u202f: elle n’a"
            " pas été remplacée.",
            "Reprenez d’abord la copie locale, puis remettez-la à sa place en fermant.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        base_lock = lock.acquire(origin)
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
        backup.fingerprint_of(copy).unlink()
        mark = f"{origin.absolute()}\n{_rewritten(origin)}"
        durable.write(_origin_of(copy), mark.encode("utf-8", "surrogateescape"))
    finally:
        base_lock.release()
    return copy


def luggage(copy: Path) -> Luggage | None:
    """Return what is to be known of a local copy; None for any other base."""
    origin = origin_of(copy)
    if origin is None:
        return None
    try:
        mine, theirs = _acts(copy), _acts(origin)
    except UNREADABLE:
        return Luggage(copy, origin, None)
    return Luggage(copy, origin, tuple(label for key, label in mine.items() if key not in theirs))


def origin_of(copy: Path) -> Path | None:
    """Return the base a local copy was made of; None for any other base."""
    mark = _mark(copy)
    return None if mark is None else mark[0]


def bring_back(copy: Path, *, now: datetime) -> Restored:
    """Put a closed local copy back in the place of its origin, which is kept as a backup. `now` is local time.

    Raises `UserError` where the origin is gone, is open, holds acts that the copy does not, or no longer says what was
    erased in it since; it is then untouched.
    """
    origin, rewritten = _mark(copy) or (None, "")
    if origin is None or not origin.parent.is_dir():
        raise UserError(
            "Le support d’origine n’est plus là\u202f: rien n’y a été remis.",
            f"Votre travail est dans la copie locale\u202f: «\u202f{copy}\u202f».",
        )
    packed = copy.parent / (copy.stem + _RETURN)
    try:
        backup.write(copy, packed)
        # A colleague may write in it as long as its lock is not had.
        return restore.restore(origin, packed, now=now, check=lambda: _check_unmoved(origin, copy, rewritten))
    finally:
        with contextlib.suppress(OSError):
            packed.unlink(missing_ok=True)
            backup.fingerprint_of(packed).unlink(missing_ok=True)


def _check_unmoved(origin: Path, copy: Path, rewritten: str) -> None:
    """Raise `UserError` where an origin holds what the copy does not, or can no longer be read."""
    if not origin.exists():
        return
    try:
        moved_on = _acts(origin).keys() - _acts(copy).keys() or _rewritten(origin) != rewritten
    except (sqlite3.Error, SealedError) as error:
        raise UserError(
            f"La base d’origine «\u202f{origin.name}\u202f» ne peut plus être lue\u202f: elle n’a pas été remplacée.",
            f"Votre travail est dans la copie locale\u202f: «\u202f{copy}\u202f».",
        ) from error
    if moved_on:
        raise MovedOnError(origin, copy)


def forget(copy: Path) -> tuple[Path, ...]:
    """Remove a local copy that holds nothing more than its origin, and its backups; return those that hold more, kept."""
    origin = origin_of(copy)
    kept = []
    try:
        there = set() if origin is None else _acts(origin).keys()
        for kept_backup in backup.backups(copy):
            with contextlib.suppress(*UNREADABLE):
                if _acts(kept_backup.path).keys() <= there:
                    kept_backup.path.unlink()
                    backup.fingerprint_of(kept_backup.path).unlink(missing_ok=True)
                    continue
            kept.append(kept_backup.path)
    except (OSError, *UNREADABLE):
        # Nothing tells what they hold more.
        return tuple(kept_backup.path for kept_backup in backup.backups(copy))
    for path in (copy, _origin_of(copy)):
        with contextlib.suppress(OSError):
            path.unlink()
    backup.purge(backup.folder_of(copy))
    with contextlib.suppress(OSError):
        backup.folder_of(copy).rmdir()
    return tuple(kept)


def _mark(copy: Path) -> tuple[Path, str] | None:
    """Return where a local copy came from, and how often its origin had been rewritten then; None for any other base."""
    try:
        text = _origin_of(copy).read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return None
    path, _, rewritten = text.partition("\n")
    return Path(path), rewritten


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


def _rewritten(path: Path) -> str:
    """Return how often what a base said was changed, by an erasing above all: no act tells. Raises `sqlite3.Error`."""
    with contextlib.closing(connect(path, "ro")) as connection:
        return journal.noted(connection, REWRITTEN) or ""
