"""Taking a merge back: what its operations changed in the rows becomes again what it was. The journal keeps them all.

What somebody wrote since in the same cell stays; so does what was erased for good.
"""

from __future__ import annotations

from qpvdesk.storage import journal
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.peers import LastMerge
from qpvdesk.storage.journal import Cell, Reversal

Place = tuple[str, str, str]
"""Kind, key and field of a cell."""


def end(connection: sqlite3.Connection) -> int:
    """Return the number of the last operation of the journal."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM operation").fetchone()[0])


def reversals(connection: sqlite3.Connection, merge: LastMerge) -> tuple[list[Reversal], int]:
    """Return what would bring back the cells that a merge changed, and how many were written again since."""
    touched = connection.execute(
        "SELECT DISTINCT kind, key FROM operation WHERE id BETWEEN ? AND ? AND kind <> ?",
        (merge.first, merge.last, journal.VEILED),
    ).fetchall()
    keys: dict[str, list[str]] = {}
    for kind, key in touched:
        keys.setdefault(kind, []).append(key)
    found: list[Reversal] = []
    since = 0
    for kind, some in keys.items():
        for key in some:
            before, after, later = _cells(connection, merge, kind, key)
            for field, value in after.items():
                if before.get(field) == value and field in before:
                    continue
                if field in later:
                    since += 1
                    continue
                found.append(Reversal(kind, key, field, value, before.get(field), field in before))
    return found, since


def _cells(
    connection: sqlite3.Connection, merge: LastMerge, kind: str, key: str
) -> tuple[dict[str, Cell], dict[str, Cell], set[str]]:
    """Return the cells of an entity before a merge, those it changed with their present values, those changed since."""
    before: dict[str, Cell] = {}
    now: dict[str, Cell] = {}
    merged: set[str] = set()
    later: set[str] = set()
    rows = connection.execute(
        "SELECT o.id, o.field, o.value FROM operation o JOIN author a ON a.id = o.author"
        " WHERE o.key = ? AND o.kind = ? ORDER BY o.hlc, a.uid, o.seq",
        (key, kind),
    )
    for number, field, value in rows:
        for name, cell in journal.unfolded(field, value):
            now[name] = cell
            if number < merge.first:
                before[name] = cell
            elif number <= merge.last:
                merged.add(name)
            else:
                later.add(name)
    return before, {name: now[name] for name in sorted(merged)}, later
