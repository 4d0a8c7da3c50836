"""Whether the journal of a base is what its authors signed: every act again, from its operations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
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
    "SELECT a.uid, a.label, count(*), m.value FROM act t JOIN author a ON a.id = t.author"
    " LEFT JOIN meta m ON m.name = ? || a.uid"
    " WHERE t.id NOT IN (SELECT act FROM chain) GROUP BY a.id ORDER BY a.id"
)
_MISSING = (
    "SELECT a.label, max(o.seq) - count(*) FROM operation o JOIN author a ON a.id = o.author"
    " JOIN meta m ON m.name = ? || a.uid GROUP BY a.id HAVING max(o.seq) > count(*)"
)


def faults(connection: sqlite3.Connection, cut: Collection[str] = ()) -> list[str]:
    """Return a French sentence for each author whose acts are not, or not all, as they were signed.

    Of whoever signs, an act without a signature is told too, unless a repair noted that it could find none. `cut`: chains
    that no repair shortened here, whatever the base says (see `Authors.cut`).
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
        for uid, label, count, mark in connection.execute(_UNSIGNED, (journal.LOST,))
        if public_of(uid) is not None and (mark is None or uid in cut)
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


def excused(connection: sqlite3.Connection) -> list[str]:
    """Return French sentences on what is not proven, or not there, of a base that says it was repaired, and what to do.

    Nothing proves that it was: whoever can write in the file could say so. The officer knows.
    """
    from qpvdesk.storage.exchange.consent import (  # noqa: PLC0415 - 4 ms, a check that is asked for alone needs it
        repaired_sentences,
    )

    stripped: Counter[str] = Counter()
    for uid, label, count, mark in connection.execute(_UNSIGNED, (journal.LOST,)):
        if mark is not None and public_of(uid) is not None:
            stripped[label] += count
    lost: Counter[str] = Counter()
    for label, count in connection.execute(_MISSING, (journal.LOST,)):
        lost[label] += count
    sentences = repaired_sentences(lost, stripped)
    if sentences:
        sentences.append(
            "Si personne n’a réparé cette base, un autre programme l’a modifiée\u202f: comparez-la avec une sauvegarde. Un"
            " paquet complet, fait par chacun sur son poste, en rapporte les actes et leur signature."
        )
    return sentences


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
