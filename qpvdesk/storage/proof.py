"""Whether the journal of a base is what its authors signed: every act again, from its operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qpvdesk.domain import french
from qpvdesk.storage import chain, journal
from qpvdesk.storage.authors import public_of
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.identity import verify_signature

_ACTS = (
    "SELECT t.id, t.label, a.uid, a.label, t.key, t.done_at, t.mode, r.key, c.first, c.last, c.previous, c.digest,"
    " c.signature FROM chain c JOIN act t ON t.id = c.act JOIN author a ON a.id = c.author"
    " LEFT JOIN act r ON r.id = t.reverses ORDER BY c.author, c.last"
)


_UNSIGNED = (
    "SELECT a.uid, a.label, count(*) FROM act t JOIN author a ON a.id = t.author"
    " LEFT JOIN meta m ON m.name = ? || a.uid"
    " WHERE m.name IS NULL AND t.id NOT IN (SELECT act FROM chain) GROUP BY a.id ORDER BY a.id"
)


def faults(connection: sqlite3.Connection) -> list[str]:
    """Return a French sentence for each author whose acts are not, or not all, as they were signed.

    Of whoever signs, an act without a signature is told too, unless a repair noted that it could find none.
    """
    altered: dict[str, str] = {}
    before: dict[str, tuple[int, bytes]] = {}
    last: dict[str, tuple[bytes, bytes]] = {}
    for act in connection.execute(_ACTS):
        uid, author, digest = act[2], act[3], bytes(act[11])
        previous = None if act[10] is None else bytes(act[10])
        end, found = before.get(uid, (0, None))
        if _digest(connection, act) != digest or (end == act[8] - 1 and previous != found):
            altered[uid] = author
        before[uid] = (act[9], digest)
        last[uid] = (digest, bytes(act[12]))
    for uid, (digest, signature) in last.items():
        public = public_of(uid)
        if public is None or not verify_signature(public, signature, chain.message(digest)):
            altered.setdefault(uid, next(_labels(connection, uid)))
    unsigned = [
        (label, count)
        for uid, label, count in connection.execute(_UNSIGNED, (journal.LOST,))
        if public_of(uid) is not None
    ]
    return [
        *(
            f"Des actes de «\u202f{label}\u202f» ne sont pas tels qu’ils ont été signés\u202f: le journal a été altéré."
            for label in dict.fromkeys(altered.values())
        ),
        *(
            f"{french.plural(count, 'acte', 'actes')} au nom de «\u202f{label}\u202f», qui signe les siens, sans sa"
            " signature\u202f: rien ne prouve qui les a écrits."
            for label, count in unsigned
        ),
    ]


def broken(connection: sqlite3.Connection) -> list[int]:
    """Return the numbers of the acts that are not as they were signed, in a base of which parts are lost."""
    return [
        act[0]
        for act in connection.execute(_ACTS).fetchall()
        if public_of(act[2]) is None or _digest(connection, act) != bytes(act[11])
    ]


def _digest(connection: sqlite3.Connection, act: tuple[Any, ...]) -> bytes:
    return chain.digest_of_act(connection, act[0], act[8], None if act[10] is None else bytes(act[10]))


def _labels(connection: sqlite3.Connection, uid: str) -> Iterator[str]:
    yield from (
        str(label) for (label,) in connection.execute("SELECT label FROM author WHERE uid = ?", (uid,))
    )
