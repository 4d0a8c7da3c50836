"""The last first sight of a contract, kept in a row of the base: a window is painted from it before anything is reckoned.

It is sealed with the base, copied with it, erased with what it says. It is shown where nothing was written since it was
kept; whatever else is found leaves the window to wait for what is reckoned. No trust is put in it: the base is opened,
checked and reckoned behind it, and takes its place.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from qpvdesk import __version__
from qpvdesk.domain.first_sight import FirstSight
from qpvdesk.storage.engine import sqlite3

if TYPE_CHECKING:
    from qpvdesk.storage.base import Database

ROW = "premier_regard"
"""Its row of `meta`."""
_LETTERS_MAX = 400_000
_STEPS, _STEPS_MAX = 1000, 50
"""Instructions of SQLite's machine between two counts, and how often they may be counted while one row is read."""
_HEADER = b"SQLite format 3\0"
# The newest act and operation, and how often the journal was written anew.
_MOMENT = (
    "SELECT coalesce((SELECT max(id) FROM act), 0), coalesce((SELECT max(id) FROM operation), 0),"
    " coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'recritures'), 0)"
)


class _Kept(Struct, frozen=True):
    release: str
    moment: tuple[int, int, int]
    sight: FirstSight


def read(path: Path) -> FirstSight | None:
    """Return the sight that was kept, of the base as it is now; None where there is none, or none that can be shown.

    Nothing is raised, written or locked. A sealed base, and one that a killed process left half written, are left alone.
    """
    try:
        if not path.is_file():
            # A pipe would be waited for.
            return None
        with path.open("rb") as file:
            if file.read(len(_HEADER)) != _HEADER or path.with_name(path.name + "-journal").exists():
                return None
        with contextlib.closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0, isolation_level=None)
        ) as connection:
            steps = iter(range(_STEPS_MAX))
            connection.set_progress_handler(lambda: int(next(steps, None) is None), _STEPS)
            row = connection.execute(
                f"{_MOMENT}, (SELECT value FROM meta WHERE name = ? AND length(value) <= ?)",
                (ROW, _LETTERS_MAX),
            ).fetchone()
        if row[3] is None:
            return None
        kept = msgspec.json.decode(row[3], type=_Kept)
    except (OSError, ValueError, TypeError, sqlite3.Error, msgspec.MsgspecError):
        return None
    if (kept.release, kept.moment) != (__version__, row[:3]) or not kept.sight.can_be_shown:
        return None
    return kept.sight


def keep(base: Database, sight: FirstSight) -> None:
    """Keep a sight of the base as it is now, unless it holds it already. Raises `UserError`."""
    with base.reading() as connection:
        moment = connection.execute(_MOMENT).fetchone()
        stored = connection.execute("SELECT value FROM meta WHERE name = ?", (ROW,)).fetchone()
    text = msgspec.json.encode(_Kept(__version__, moment, sight)).decode()
    if stored != (text,):
        with base.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (ROW, text))
