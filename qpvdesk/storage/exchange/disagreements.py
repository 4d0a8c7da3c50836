"""Disagreements: cells that two wrote without knowing of each other. Both values are kept until the officer decides.

The *heads* of a cell are the operations that no other replaces: none names one of them as its parent, nor did their
author write the cell again. One head is the rule. Several that say the same are no disagreement, which is how a
decision settles one: it replaces each head by an operation that says what was decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qpvdesk.storage import clock
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.history import HistoryReader
from qpvdesk.storage.journal import EXISTENCE, Cell, Head
from qpvdesk.storage.tables import BY_KIND


@dataclass(frozen=True, slots=True)
class Version:
    """What one wrote in a cell, when, and as the officer reads it."""

    author: str
    when: datetime
    cell: Cell
    shown: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A cell with several values. `versions`: the one that is shown first, then the later before the earlier."""

    kind: str
    key: str
    field: str
    code: str
    """What people know the thing by."""
    title: str
    """The field, in French; « existence » for whether it is there at all."""
    versions: tuple[Version, ...]


_SHARED = (
    "SELECT kind, key, field FROM operation WHERE author NOT IN"
    " (SELECT id FROM author WHERE substr(uid, 1, 8) = 'starter:')"
    " GROUP BY kind, key, field HAVING min(author) <> max(author)"
)
_HEADS = (
    "SELECT o.value, o.author, o.seq, o.hlc, a.label FROM operation o JOIN author a ON a.id = o.author"
    " WHERE o.key = ? AND o.kind = ? AND o.field = ?"
    " AND NOT EXISTS (SELECT 1 FROM operation c WHERE c.key = o.key AND c.field = o.field"
    "   AND c.parent_author = o.author AND c.parent_seq = o.seq)"
    " AND NOT EXISTS (SELECT 1 FROM operation s WHERE s.key = o.key AND s.field = o.field"
    "   AND s.author = o.author AND s.seq > o.seq)"
    " ORDER BY o.hlc DESC, a.uid DESC, o.seq DESC"
)


def heads(connection: sqlite3.Connection, kind: str, key: str, field: str) -> list[Head]:
    """Return the operations of a cell that no other replaces, the one that is shown first."""
    return [
        Head(value, author, seq)
        for value, author, seq, _, _ in connection.execute(_HEADS, (key, kind, field))
    ]


def disagreements(connection: sqlite3.Connection) -> tuple[Disagreement, ...]:
    """Return the cells on which the authors of a base disagree, by code."""
    made: list[Disagreement] = []
    others = "SELECT count(*) FROM author WHERE substr(uid, 1, 8) <> 'starter:'"
    if connection.execute(others).fetchone()[0] < 2:
        return ()
    history = HistoryReader(connection)
    for kind, key, name in connection.execute(_SHARED).fetchall():
        rows = connection.execute(_HEADS, (key, kind, name)).fetchall()
        if len({row[0] for row in rows}) < 2:
            continue
        table = BY_KIND[kind]
        alive = connection.execute(f"SELECT 1 FROM {kind} WHERE key = ?", (key,)).fetchone()
        if alive is None and name != EXISTENCE:
            # What is gone for both has no values to choose from.
            continue
        field = table.by_name.get(name)
        versions = tuple(
            Version(label, clock.moment(hlc).astimezone(), value, _shown(history, kind, name, value))
            for value, _, _, hlc, label in rows
        )
        title = f"{table.french}\u202f: existence" if field is None else field.french
        made.append(Disagreement(kind, key, name, history.name(kind, key), title, versions))
    return tuple(sorted(made, key=lambda one: (one.code, one.title, one.key)))


def _shown(history: HistoryReader, kind: str, name: str, cell: Cell) -> str:
    table = BY_KIND[kind]
    if name == EXISTENCE:
        accord = "e" if table.feminine else ""
        return f"gardé{accord}" if cell else f"retiré{accord}"
    return history.shown(table.by_name[name], cell) or "(vide)"
