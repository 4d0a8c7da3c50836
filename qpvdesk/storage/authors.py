"""In whose name a base is written: the officer's public key, one chain a base and a signature."""

from __future__ import annotations

from collections.abc import Mapping

from qpvdesk.storage import chain, journal
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.identity import Chains, Identity, Tail, new_branch

_NOTE_SUFFIX = ":note"
"""Ends the uid of the author of what is only noted."""


class Authors:
    """The authors under which an open base writes. Its methods that add one run inside a transaction.

    The uid of an author is their public key, a dot and what tells their chains apart: an older copy of a base, put
    back, goes on as another chain, for two files may not both continue one. So does whoever signs otherwise.
    """

    def __init__(self, connection: sqlite3.Connection, identity: Identity) -> None:
        self._connection = connection
        self.identity = identity
        self._uid: str | None = None
        """Under which this transaction writes."""
        self._signature = ""
        self._base = ""
        self._rechained = False
        """Whether this transaction signed acts anew: the ends that are remembered are no more."""

    @property
    def name(self) -> str:
        """The name that acts stand under: the officer's, or that of nobody in particular."""
        return self._signature or "ce poste"

    def sign(self, signature: str) -> None:
        """Write in another name from now on."""
        self._signature = signature

    def forget(self) -> None:
        """Forget who wrote in a transaction that is undone."""
        self._uid = None

    def own(self) -> int:
        """Return the number of whoever writes here."""
        if self._uid is None:
            self._uid = self.last() or self.go_on()
        return journal.author_number(self._connection, self._uid, self.name)

    def go_on(self) -> str:
        """Return the uid of the new chain on which this transaction and those after it write."""
        self._uid = f"{self.identity.public}.{new_branch()}"
        return self._uid

    def note_author(self) -> int:
        """Return the number of the author of what is only noted: one beside our own, whose acts no undo reads."""
        self.own()
        return journal.author_number(self._connection, f"{self._uid}{_NOTE_SUFFIX}", self.name)

    def last(self) -> str | None:
        """Return the uid of who wrote here last, if whoever writes now goes on as them."""
        chains = self._chains()
        if chains.uid is None or public_of(chains.uid) != self.identity.known or self.missing():
            return None
        return chains.uid if journal.author_label(self._connection, chains.uid) in (self.name, None) else None

    def undone_by(self) -> list[int]:
        """Return the numbers of the authors whose acts whoever writes now may take back."""
        chains = self._chains()
        uids = [*chains.former, *([uid] if (uid := self.last()) else [])]
        if not uids:
            return []
        marks = ", ".join("?" * len(uids))
        rows = self._connection.execute(f"SELECT id FROM author WHERE uid IN ({marks}) ORDER BY id", uids)
        return [int(number) for (number,) in rows]

    def missing(self) -> int:
        """Return how many acts this base lacks that the officer did in it: it is an older copy. Usually 0."""
        return sum(self._missing(uid, tail) for uid, tail in self._chains().tails.items())

    def part(self) -> None:
        """Go on as another chain, knowingly, where the base lacks acts: it is no longer asked about."""
        if not self.missing():
            return
        chains = self._chains()
        self.identity.remember(self._base_id(), Chains(former=chains.former, sent=chains.sent))

    def rechain(self) -> list[int]:
        """Return the numbers of the authors whose acts this transaction may sign anew."""
        self.own()
        self._rechained = True
        uids = (self._uid, f"{self._uid}{_NOTE_SUFFIX}")
        rows = self._connection.execute("SELECT id FROM author WHERE uid IN (?, ?)", uids)
        return [number for (number,) in rows]

    def sent(self) -> dict[str, int]:
        """Return the last sequence of each author that a package of ours bore, by uid."""
        return self._chains().sent

    def note_sent(self, vector: Mapping[str, int]) -> None:
        """Remember what a package of ours bears: whoever has it may have received it."""
        chains = self._chains()
        chains.sent = {
            **chains.sent,
            **{uid: max(seq, chains.sent.get(uid, 0)) for uid, seq in vector.items()},
        }
        self.identity.remember(self._base_id(), chains)

    def keep(self) -> None:
        """Remember, outside the base, how far the chains of whoever wrote in it have come (once it is kept)."""
        if self._uid is None:
            return
        chains, uid, self._uid = self._chains(), self._uid, None
        tails = {} if chains.uid != uid or self._rechained else dict(chains.tails)
        self._rechained = False
        for name in (uid, uid + _NOTE_SUFFIX):
            found = self._tail(name, tails.get(name, Tail(0, "", 0)))
            if found is not None:
                tails[name] = found
        self.identity.remember(self._base_id(), Chains(uid, chains.former, tails, chains.sent))

    def _chains(self) -> Chains:
        return self.identity.chains(self._base_id())

    def _base_id(self) -> str:
        if not self._base:
            row = self._connection.execute("SELECT value FROM meta WHERE name = 'base'").fetchone()
            self._base = str(row[0])
        return self._base

    def _tail(self, uid: str, known: Tail) -> Tail | None:
        row = self._connection.execute(
            "SELECT max(c.last), count(*), c.digest FROM chain c JOIN author a ON a.id = c.author"
            " WHERE a.uid = ? AND c.last > ?",
            (uid, known.seq),
        ).fetchone()
        return None if row[0] is None else Tail(int(row[0]), bytes(row[2]).hex(), known.acts + int(row[1]))

    def _missing(self, uid: str, tail: Tail) -> int:
        row = self._connection.execute(
            "SELECT c.digest FROM chain c JOIN author a ON a.id = c.author WHERE a.uid = ? AND c.last = ?",
            (uid, tail.seq),
        ).fetchone()
        if row is not None and bytes(row[0]).hex() == tail.digest:
            return 0
        held = self._connection.execute(
            "SELECT count(*) FROM chain c JOIN author a ON a.id = c.author WHERE a.uid = ? AND c.last <= ?",
            (uid, tail.seq),
        ).fetchone()[0]
        return max(1, tail.acts - int(held))


def public_of(uid: str) -> str | None:
    """Return the public key of an author; None for one of before keys were, and for the program."""
    public, dot, branch = uid.partition(".")
    keyed = len(public) == chain.DIGEST_DIGITS and not set(public) - set("0123456789abcdef")
    return public if dot and branch and keyed else None


def are_several(connection: sqlite3.Connection) -> bool:
    """Tell whether more than one chain of acts is in a base, those of the program and of what is only noted left out."""
    rows = connection.execute(
        f"SELECT count(*) FROM author WHERE NOT {journal.IS_PROGRAMME} AND substr(uid, ?) <> ?",
        (-len(_NOTE_SUFFIX), _NOTE_SUFFIX),
    )
    return int(rows.fetchone()[0]) > 1
