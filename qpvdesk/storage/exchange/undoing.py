"""Taking a merge back: what its operations changed in the rows becomes again what it was. The journal keeps them all.

What somebody wrote since in the same cell stays, and in a row that the merge began the row; so does what was erased for
good, and what the merge brought that something written since needs. Where the merge brought another value beside the one
that is shown, that one is decided.
"""

from __future__ import annotations

from msgspec import Struct

from qpvdesk.storage import journal
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import disagreements
from qpvdesk.storage.exchange.peers import LastMerge
from qpvdesk.storage.journal import ALIVE, EXISTENCE, Cell, Reversal
from qpvdesk.storage.tables import BY_KIND, TABLES

CellKey = tuple[str, str, str]
"""Kind, key and field of a cell."""


class TakenBack(Struct, frozen=True):
    """What takes a merge back: cells that become what they were, and disagreements (kind, key, field and the cell that is
    shown) that it began. `since`: how many cells stay.
    """

    reversals: list[Reversal]
    disputed: list[tuple[str, str, str, Cell]]
    since: int


def end(connection: sqlite3.Connection) -> int:
    """Return the number of the last operation of the journal."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM operation").fetchone()[0])


def reversals(connection: sqlite3.Connection, merge: LastMerge) -> TakenBack:
    """Return what would bring back the cells that a merge changed, but for those that what was written since needs."""
    touched = connection.execute(
        "SELECT DISTINCT kind, key FROM operation WHERE id BETWEEN ? AND ? AND kind <> ?",
        (merge.first, merge.last, journal.VEILED),
    ).fetchall()
    keys: dict[str, list[str]] = {}
    for kind, key in touched:
        keys.setdefault(kind, []).append(key)
    found: list[Reversal] = []
    disputed: list[tuple[str, str, str, Cell]] = []
    since = 0
    for kind, some in keys.items():
        for key in some:
            before, after, later, rewritten = _cells(connection, merge, kind, key)
            if EXISTENCE in after and EXISTENCE not in before and later:
                # What the merge began stays as a whole, or goes as a whole: a cell of it alone was nothing before.
                if rewritten:
                    since += 1
                    continue
                later.clear()
            for field, value in after.items():
                if before.get(field) == value and field in before:
                    heads = disagreements.heads(connection, kind, key, field)
                    if field not in later and len({head.value for head in heads}) > 1:
                        disputed.append((kind, key, field, value))
                    continue
                if field in later:
                    since += 1
                    continue
                found.append(Reversal(kind, key, field, value, before.get(field), field in before))
    gone = {
        (reversal.kind, reversal.key)
        for reversal in found
        if reversal.field == EXISTENCE and reversal.before != ALIVE
    }
    doomed = _removable(
        connection, set(gone), {(reversal.kind, reversal.key, reversal.field) for reversal in found}
    )
    kept = [reversal for reversal in found if (reversal.kind, reversal.key) not in gone - doomed]
    moved = {(reversal.kind, reversal.key) for reversal in kept if reversal.field == "code"} | doomed
    free = [
        reversal
        for reversal in kept
        if reversal.field != "code" or not _is_taken(connection, reversal, moved)
    ]
    return TakenBack(free, disputed, since + len(gone - doomed) + len(kept) - len(free))


def _removable(
    connection: sqlite3.Connection, doomed: set[tuple[str, str]], reversed_cells: set[CellKey]
) -> set[tuple[str, str]]:
    """Return which of the rows (kind, key) can be removed: no row that stays refers to them once cells are what they were.

    A cell that becomes what it was refers to what was there before the merge, which none of those is.
    """
    fields = [
        (table.kind, field) for table in TABLES for field in table.fields if field.refers_to is not None
    ]
    needed = True
    while needed:
        needed = False
        for kind, field in fields:
            query = f'SELECT key FROM {kind} WHERE "{field.columns[0]}" = ?'
            for row in [row for row in doomed if row[0] == field.refers_to]:
                users = [user for (user,) in connection.execute(query, (row[1],))]
                if any(
                    (kind, user) not in doomed and (kind, user, field.name) not in reversed_cells
                    for user in users
                ):
                    doomed.remove(row)
                    needed = True
    return doomed


def _is_taken(connection: sqlite3.Connection, reversal: Reversal, moved: set[tuple[str, str]]) -> bool:
    """Tell whether another row of the same contract has, and keeps, the code that a row would have again."""
    query = f"SELECT key FROM {reversal.kind} WHERE code = ?2 AND key <> ?1"
    if "contract" in BY_KIND[reversal.kind].by_name:
        query += f" AND contract = (SELECT contract FROM {reversal.kind} WHERE key = ?1)"
    rows = connection.execute(query, (reversal.key, reversal.before))
    return any((reversal.kind, key) not in moved for (key,) in rows)


def _cells(
    connection: sqlite3.Connection, merge: LastMerge, kind: str, key: str
) -> tuple[dict[str, Cell], dict[str, Cell], set[str], bool]:
    """Return the cells of an entity before a merge, those it changed with their present values, those changed since, and
    whether one of these is another than the merge left it: what was written and taken back is not."""
    before: dict[str, Cell] = {}
    left: dict[str, Cell] = {}
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
            if number <= merge.last:
                left[name] = cell
    unset = {field.name: field.default_cell for field in BY_KIND[kind].fields} if later else {}
    rewritten = any(now[name] != left.get(name, unset.get(name)) for name in later)
    return before, {name: now[name] for name in sorted(merged)}, later, rewritten
