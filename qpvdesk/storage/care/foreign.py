"""What a base does by itself: our triggers alone, and no view. A file from elsewhere may bear others."""

from __future__ import annotations

import contextlib
import re

from qpvdesk.storage import migrations
from qpvdesk.storage.engine import sqlite3

_OF_THE_SEARCH = re.compile(r"search_[a-z_]+_(added|changed|removed)")
_SPEAKING = "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view')"


def foreign(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the triggers and views of a base that no release of its version makes.

    Those of the search are made anew with each form of the tables: of an older form, their names alone are known.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        fresh.execute("BEGIN")
        migrations.apply(fresh, None if version == migrations.version() else version)
        ours = _speaking(fresh)
    others = _speaking(connection) - ours
    if version < migrations.version():
        others = {one for one in others if one[0] == "view" or not _OF_THE_SEARCH.fullmatch(one[1])}
    return sorted(name for _, name, _ in others)


def unreadable(connection: sqlite3.Connection) -> bool:
    """Tell whether a text of a base is none: what is read of it later would fail."""
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    try:
        for (name,) in tables:
            for _ in connection.execute(f'SELECT * FROM "{name}"'):
                pass
    except sqlite3.OperationalError:
        return True
    return False


def _speaking(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    rows = connection.execute(_SPEAKING).fetchall()
    return {(kind, name, " ".join(declared.split())) for kind, name, declared in rows}
