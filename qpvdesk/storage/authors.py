"""In whose name a base is written: the officer's public key, one chain a base and a signature."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import chain, journal, lock
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.identity import NOBODY, Chains, Identity, Tail, is_base_id, new_branch

NOTE_SUFFIX = ":note"
"""Ends the uid of the author of what is only noted."""


_NAME_CHARACTERS_MAX = 2_000
_PARTING = re.compile(r" ?[\t-\r]+ ?")
"""What parts two words though it is no letter: a tab, an end of line."""


class ForeignBaseError(UserError):
    """Another program wrote in a base what none of our releases does. `what`: the beginning of the sentence."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}\u202f: elle a été modifiée par un autre programme.",
            "Restaurez une sauvegarde, ou faites-la réparer\u202f: tout ce qui peut en être lu est repris.",
            shell="Pour la réparer\u202f: «\u202fqpvdesk verifier --reparer\u202f».",
        )


def bare_name(name: str) -> str:
    """Return the name of an author as a package carries it: no control character, and an end.

    A tab or an end of line between two words parts them all the same.
    """
    spaced = _PARTING.sub(" ", name.strip("\t\n\v\f\r"))
    return "".join(letter for letter in spaced if letter >= " ")[:_NAME_CHARACTERS_MAX]


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
        self.base_id = ""
        """Which base it is, by its row in `meta`; empty: not read yet."""
        self._counted: tuple[dict[str, Tail], int] | None = None
        """How many acts were missing, and after which ends of chains that was counted."""
        self._known: dict[tuple[str, ...], list[tuple[int, str, str | None, int | None]]] = {}
        """Number, uid, label and last clock of the authors of some uids, until something is written."""
        self._rechained = False
        """Whether this transaction signed acts anew: the ends that are remembered are no more."""

    @property
    def name(self) -> str:
        """The name that acts stand under: the officer's, or that of nobody in particular."""
        return self._signature or NOBODY

    def sign(self, signature: str) -> None:
        """Write in another name from now on."""
        self._signature = bare_name(signature)

    def forget(self) -> None:
        """Forget who wrote in a transaction that is undone."""
        self._uid = None
        self._forget_read()

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
        return journal.author_number(self._connection, f"{self._uid}{NOTE_SUFFIX}", self.name)

    def last(self) -> str | None:
        """Return the uid of who wrote here last, if whoever writes now goes on as them."""
        chains = self._chains()
        if chains.uid is None or not self._goes_on(chains.uid):
            return None
        return chains.uid if journal.author_label(self._connection, chains.uid) in (self.name, None) else None

    def undone_by(self) -> list[int]:
        """Return the numbers of the authors whose acts whoever writes now may take back."""
        return [number for number, _ in self._undone_by()]

    def latest_clock(self) -> int:
        """Return the greatest clock of those acts, which none of their moments is after; 0 where there is none."""
        return max((hlc or 0 for _, hlc in self._undone_by()), default=0)

    def _undone_by(self) -> list[tuple[int, int | None]]:
        """The numbers of the officer's authors, each with the clock of its last operation."""
        chains = self._chains()
        going_on = (chains.uid,) if chains.uid is not None and self._goes_on(chains.uid) else ()
        uids = (*chains.former, *going_on)
        if not uids:
            return []
        if uids not in self._known or self._connection.in_transaction:
            marks = ", ".join("?" * len(uids))
            self._known[uids] = self._connection.execute(
                "SELECT id, uid, label, (SELECT hlc FROM operation WHERE author = author.id ORDER BY seq DESC LIMIT 1)"
                f" FROM author WHERE uid IN ({marks}) ORDER BY id",
                uids,
            ).fetchall()
        return [
            (number, hlc)
            for number, uid, label, hlc in self._known[uids]
            if uid in chains.former or label in (self.name, None)
        ]

    def missing(self) -> int:
        """Return how many acts this base lacks that the officer did in it: it is an older copy. Usually 0."""
        tails = self._chains().tails
        if self._counted is None or self._counted[0] != tails or self._connection.in_transaction:
            self._counted = dict(tails), sum(self._missing(uid, tail) for uid, tail in tails.items())
        return self._counted[1]

    def cut(self) -> frozenset[str]:
        """Return the chains of the officer, of those they remember, that are shorter in this base than they wrote them."""
        return frozenset(
            uid
            for uid, tail in self._chains().tails.items()
            if self._missing(uid, tail) or self._kept_acts(uid, tail) < tail.acts
        )

    def part(self) -> None:
        """Go on as another chain, knowingly, where the base lacks acts: it is no longer asked about."""
        if not self.missing():
            return
        chains = self._chains()
        self.identity.remember(self.identifier, Chains(former=chains.former, sent=chains.sent))

    def rechain(self) -> list[int]:
        """Return the numbers of the authors whose acts this transaction may sign anew."""
        self.own()
        self._rechained = True
        uids = (self._uid, f"{self._uid}{NOTE_SUFFIX}")
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
        self.identity.remember(self.identifier, chains)

    def keep(self) -> None:
        """Remember, outside the base, how far the chains of whoever wrote in it have come (once it is kept)."""
        self._forget_read()
        if self._uid is None:
            return
        chains, uid, self._uid = self._chains(), self._uid, None
        tails = {} if chains.uid != uid or self._rechained else dict(chains.tails)
        self._rechained = False
        for name in (uid, uid + NOTE_SUFFIX):
            found = self._tail(name, tails.get(name, Tail(0, "", 0)))
            if found is not None:
                tails[name] = found
        self.identity.remember(self.identifier, Chains(uid, chains.former, tails, chains.sent))

    def _forget_read(self) -> None:
        self._counted = None
        self._known.clear()

    def _goes_on(self, uid: str) -> bool:
        """Whether a chain is of this officer's key, and whole here."""
        return public_of(uid) == self.identity.known and not self.missing()

    def _chains(self) -> Chains:
        return self.identity.chains(self.identifier)

    @property
    def identifier(self) -> str:
        """Which base it is."""
        if not self.base_id:
            self.base_id = base_id(self._connection)
        return self.base_id

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
        return max(1, tail.acts - self._kept_acts(uid, tail))

    def _kept_acts(self, uid: str, tail: Tail) -> int:
        """Return how many acts of a chain are here, up to the end that is remembered."""
        row = self._connection.execute(
            "SELECT count(*) FROM chain c JOIN author a ON a.id = c.author WHERE a.uid = ? AND c.last <= ?",
            (uid, tail.seq),
        ).fetchone()
        return int(row[0])


def base_id(connection: sqlite3.Connection) -> str:
    """Return which base it is. Raises `ForeignBaseError` where no release of ours gave it that identifier."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'base'").fetchone()
    return checked(row and row[0])


def checked(identifier: object) -> str:
    """Return the identifier of a base. Raises `ForeignBaseError` where no release of ours gave it."""
    if not isinstance(identifier, str) or not is_base_id(identifier):
        raise ForeignBaseError("Cette base porte un identifiant que qpvdesk n’a pas donné")
    return identifier


def former(path: Path, connection: sqlite3.Connection) -> str | None:
    """Return who wrote a base last, before keys were, if it was on this computer and in this very file."""
    meta = dict(connection.execute("SELECT name, value FROM meta WHERE name IN ('author', 'place')"))
    return meta.get("author") if meta.get("place") == lock.place(path) else None


def public_of(uid: str) -> str | None:
    """Return the public key of an author; None for one of before keys were, and for the program."""
    public, dot, branch = uid.partition(".")
    keyed = len(public) == chain.DIGEST_DIGITS and not set(public) - set("0123456789abcdef")
    return public if dot and branch and keyed else None


def are_several(connection: sqlite3.Connection) -> bool:
    """Tell whether more than one chain of acts is in a base, those of the program and of what is only noted left out."""
    rows = connection.execute(
        f"SELECT count(*) FROM author WHERE NOT {journal.IS_PROGRAMME} AND substr(uid, ?) <> ?",
        (-len(NOTE_SUFFIX), NOTE_SUFFIX),
    )
    return int(rows.fetchone()[0]) > 1
