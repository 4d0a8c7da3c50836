"""The mark beside a base that may be damaged: the next opening then reads it whole, however large it is."""

from __future__ import annotations

import contextlib
from pathlib import Path

from qpvdesk.storage.engine import code_of, sqlite3

CHECKED_WHOLE_BYTES_MAX = 4 * 1024 * 1024
"""Bases up to this size are checked whole at each opening, some 2.5 ms a megabyte; for larger ones the application
runs `maintenance.quick_check` behind its window, and what it finds makes the next opening check them whole. A starter
contract takes 3 MB; with 9 000 measurements, 9 MB."""


def mark_of(path: Path) -> Path:
    """Return the file that says a base is suspected."""
    return path.parent / (path.name + ".a-verifier")


def suspect(path: Path) -> None:
    """Have the next opening read the whole file."""
    with contextlib.suppress(OSError):
        mark_of(path).touch()


def note_damage(error: sqlite3.Error, path: Path) -> None:
    """Suspect a base where an error tells of damage."""
    if code_of(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        suspect(path)


def is_sound(connection: sqlite3.Connection, path: Path) -> bool:
    """Read a base whole and tell whether it is sound; of a suspected one each text too, which SQLite does not check."""
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        return False
    if not mark_of(path).exists():
        return True
    from qpvdesk.storage.care import foreign  # noqa: PLC0415 - 2 ms, a suspected base alone needs it

    return not foreign.unreadable(connection)
