"""A clock that was wrong: seen when a base is opened, and what nobody has received yet is given its right moment.

An evening with a date far ahead would stamp all that follows beyond everybody else's; nobody is locked out for it, for a
chain keeps its order whatever the clock says, but what shows a date would show a wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from qpvdesk.storage import chain, clock, journal
from qpvdesk.storage.chain import Sign
from qpvdesk.storage.engine import sqlite3

TOLERATED = timedelta(days=2)
"""How far before one's own last act the clock may be: a change of zone, a battery that lost a night."""
AHEAD_OF_FILE = timedelta(days=300)
"""How far after the last writing of the file the clock may be: nobody leaves a base for longer, but by a wrong year."""
_SEEN = "horloge"
"""The row of `meta` that says up to which act (its number) the officer knows of moments to come."""


def last_moment(connection: sqlite3.Connection, authors: list[int]) -> datetime | None:
    """Return the latest moment of an officer's own acts that they were not asked about yet; None where there is none."""
    marks = ", ".join("?" * len(authors))
    row = connection.execute(
        f"SELECT max(done_at) FROM act WHERE author IN ({marks})"
        " AND id > coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = ?), 0)",
        (*authors, _SEEN),
    ).fetchone()
    return None if row[0] is None else datetime.fromisoformat(row[0])


def note_seen(connection: sqlite3.Connection) -> None:
    """Note that the officer knows of the moments of all acts so far (inside a transaction)."""
    connection.execute(
        "INSERT INTO meta (name, value) SELECT ?, max(id) FROM act WHERE TRUE"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (_SEEN,),
    )


def redate(
    connection: sqlite3.Connection, received: Mapping[str, int], own: list[int], *, now: datetime, sign: Sign
) -> int:
    """Give the acts of one's own that are to come the present moment, in their order; return how many.

    `received`: the last sequence of each author, by uid, that somebody may have; what is beyond is signed anew. Inside a
    transaction that may rewrite the journal.
    """
    marks = ", ".join("?" * len(own))
    acts = [
        (act, uid, first, author)
        for act, uid, first, author in connection.execute(
            "SELECT c.act, a.uid, c.first, c.author FROM chain c JOIN author a ON a.id = c.author"
            f" WHERE c.author IN ({marks}) ORDER BY (SELECT min(hlc) FROM operation o WHERE o.act = c.act), c.act",
            own,
        )
        if first > received.get(uid, 0)
    ]
    latest = clock.stamp(now + TOLERATED)
    late = [
        act
        for act, *_ in acts
        if connection.execute("SELECT max(hlc) > ? FROM operation WHERE act = ?", (latest, act)).fetchone()[0]
        or connection.execute(
            "SELECT done_at > ? FROM act WHERE id = ?", (journal.written_moment(now + TOLERATED), act)
        ).fetchone()[0]
    ]
    if not late:
        return 0
    marks = ", ".join("?" * len(late))
    (before,) = connection.execute(
        f"SELECT coalesce(max(hlc), 0) FROM operation WHERE act NOT IN ({marks})", late
    ).fetchone()
    hlc = max(clock.stamp(now), int(before) + 1)
    for act in late:
        connection.execute("UPDATE operation SET hlc = ? WHERE act = ?", (hlc, act))
        connection.execute("UPDATE act SET done_at = ? WHERE id = ?", (journal.written_moment(now), act))
        hlc += 1
    for author in {author for act, _, _, author in acts if act in set(late)}:
        chain.sign_again(connection, author, after=_first_of(connection, author, late) - 1, sign=sign)
    return len(late)


def _first_of(connection: sqlite3.Connection, author: int, acts: list[int]) -> int:
    marks = ", ".join("?" * len(acts))
    row = connection.execute(
        f"SELECT min(first) FROM chain WHERE author = ? AND act IN ({marks})", (author, *acts)
    ).fetchone()
    return int(row[0])
