"""The signed chain: each act names the act of its author before it, and bears its author's signature.

An operation's digest is of what it is about and of the digest of each cell that it sets; an act's, of the digest of
the act before, of who, what and when, and of its operations in their order. So nobody can alter, leave out, reorder or
add what an author wrote, nor pass for them: the last signature vouches for all that is before. Where a text was erased
for good, the digest of that cell is kept in its stead; what stands beside it is proven as before. Acts of before
version 9, and those of a base that was repaired, are in no chain: they are not signed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

import msgspec
from msgspec import Struct

from qpvdesk.storage import journal
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.journal import ALIVE, EXISTENCE, Act, Cell, OperationRow

FORM = "qpvdesk acte 1"
DIGEST_DIGITS = 64
_PROVEN = f"t.id IN (SELECT act FROM chain) OR {journal.IS_PROGRAMME}"
"""Which acts bear a proof that an erasure may not break."""
LABEL = 0
"""The place of an act's label among what was withheld, beside the sequences of its operations."""
LABEL_CELL = "label"
NOTHING_WITHHELD: Mapping[str, bytes] = {}
_encode = msgspec.json.Encoder().encode

_ADD = (
    "INSERT INTO chain (act, author, first, last, previous, digest, signature) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
Sign = Callable[[bytes], bytes]


class Hash(Protocol):
    """What `hashlib` makes."""

    def digest(self) -> bytes:
        """Return the digest."""

    def hexdigest(self) -> str:
        """Return it in hexadecimal."""


class Header(Struct, frozen=True, array_like=True):
    """What an act says of itself. `reverses`: the key of the act that it takes back or does again."""

    form: str
    author: str
    key: str
    done_at: str
    mode: str
    reverses: str | None
    first: int
    previous: str | None
    """Digest of the author's act before it, in hexadecimal; None where it is their first."""


OperationContent = tuple[int, int, str, str, str, str | None, str | None, int | None]
"""What an operation says: sequence, clock, kind, key, field, value, uid and sequence of what it replaces."""


@functools.cache
def sha256() -> Callable[[bytes], Hash]:
    import hashlib  # noqa: PLC0415 - 6 ms, not on the way to the first paint

    return hashlib.sha256


def digest_of(content: OperationContent, withheld: Mapping[str, bytes] = NOTHING_WITHHELD) -> bytes:
    """Return the digest of an operation. `withheld`: the digests of the cells whose text was erased, by name.

    Raises `ValueError` where the value of a new entity is no object of texts.
    """
    seq, hlc, kind, key, field, value, parent, parent_seq = content
    if kind == journal.VEILED:
        return bytes.fromhex(value or "")
    if field != EXISTENCE or value is None or value == ALIVE:
        # The most frequent but for new entities, and one cell.
        names, is_whole = [field], False
        digests = [withheld.get(field) or cell_digest(value)]
    else:
        cells = dict(sorted(journal.unfolded(field, value)))
        names, is_whole = list(cells), True
        if withheld:
            digests = [withheld.get(name) or cell_digest(cell) for name, cell in cells.items()]
        else:
            digests = list(map(cell_digest, cells.values()))
    about = (seq, hlc, kind, key, field, is_whole, parent, parent_seq, names)
    return sha256()(b"".join((_encode(about), b"\n", *digests))).digest()


@functools.lru_cache(maxsize=4096)
def cell_digest(cell: Cell) -> bytes:
    # A figure shares all its cells but two with thousands of others: source, objective, territory.
    return sha256()(_encode(cell)).digest()


def label_digest(label: str) -> bytes:
    return sha256()(label.encode()).digest()


def act_digest(header: Header, label: bytes, operations: Iterable[bytes]) -> bytes:
    """Return the digest of an act, of those of its label and its operations."""
    return sha256()(b"".join((_encode(header), b"\n", label, *operations))).digest()


def message(digest: bytes) -> bytes:
    """Return what is signed of an act, which nothing else that is signed can be mistaken for."""
    return FORM.encode() + b"\n" + digest


class Proven(Struct, frozen=True):
    """One act that the chain of its author holds, by its key."""

    key: str
    author: str
    first: int
    last: int
    previous: str | None
    digest: bytes
    signature: bytes


class Link:
    """One act on its way into the journal and the chain of its author, inside a transaction."""

    def __init__(self, connection: sqlite3.Connection, header: Act) -> None:
        self._connection = connection
        self.header = header
        self._first = 0
        self._uids: dict[int | None, str | None] = {None: None}
        self._digests: list[bytes] = []
        self._number: int | None = None
        self.seq = journal.last_seq(connection, header.author)
        """The author's last sequence."""

    @property
    def number(self) -> int | None:
        """Local number of the act, None while it has no operation."""
        return self._number

    def begin(self) -> int:
        """Return the local number of the act, which is added where it was not."""
        if self._number is None:
            self._number = journal.add_act(self._connection, self.header)
            self._first = self.seq + 1
        return self._number

    def add(self, rows: Sequence[OperationRow]) -> None:
        """Append operations of this act, numbered in their order from `seq` on."""
        journal.add_operations(self._connection, rows)
        for _, seq, hlc, _, kind, key, field, value, parent, parent_seq in rows:
            uid = self._uid(parent)
            self._digests.append(digest_of((seq, hlc, kind, key, field, value, uid, parent_seq)))
        if rows:
            self.seq = max(self.seq, rows[-1][1])

    def close(self, sign: Sign) -> None:
        """Sign the act and put it into the chain of its author."""
        if self._number is None:
            return
        header = self.header
        before = tail(self._connection, header.author)
        first = before is None or before[0] != self._first - 1
        digest = act_digest(
            Header(
                FORM,
                self._uid(header.author) or "",
                header.key,
                journal.written_moment(header.done_at),
                header.mode,
                _key_of(self._connection, header.reverses),
                self._first,
                None if first or before is None else before[1].hex(),
            ),
            label_digest(header.label),
            self._digests,
        )
        previous = None if first or before is None else before[1]
        row = (self._number, header.author, self._first, self.seq, previous, digest, sign(message(digest)))
        self._connection.execute(_ADD, row)

    def _uid(self, number: int | None) -> str | None:
        if number not in self._uids:
            row = self._connection.execute("SELECT uid FROM author WHERE id = ?", (number,)).fetchone()
            self._uids[number] = str(row[0])
        return self._uids[number]


def keep(connection: sqlite3.Connection, links: Iterable[tuple[int, int, Proven]]) -> None:
    """Put acts that came from elsewhere, and were checked, into the chains of their authors: number, author, proof."""
    connection.executemany(
        _ADD,
        [
            (
                act,
                author,
                proven.first,
                proven.last,
                None if proven.previous is None else bytes.fromhex(proven.previous),
                proven.digest,
                proven.signature,
            )
            for act, author, proven in links
        ],
    )


def act_reversed(connection: sqlite3.Connection, author: str, key: str | None) -> int | None:
    """Return the number of the act that one takes back or does again: its author's, or of another chain of theirs."""
    if key is None:
        return None
    row = connection.execute(
        "SELECT t.id FROM act t JOIN author a ON a.id = t.author WHERE t.key = ?"
        " ORDER BY a.uid = ? DESC, substr(a.uid, 1, ?) = ? DESC, a.uid LIMIT 1",
        (key, author, DIGEST_DIGITS, author[:DIGEST_DIGITS]),
    ).fetchone()
    return int(row[0]) if row else None


def note_unsigned(connection: sqlite3.Connection, authors: Iterable[str]) -> None:
    """Note of those who sign, of some authors, that acts of theirs stand without a signature, as a repair left them."""
    connection.executemany(
        "INSERT INTO meta (name, value) SELECT ? || a.uid, '0' FROM author a"
        " WHERE a.uid = ? AND substr(a.uid, ?, 1) = '.'"
        " AND EXISTS (SELECT 1 FROM act t WHERE t.author = a.id AND t.id NOT IN (SELECT act FROM chain))"
        " ON CONFLICT (name) DO NOTHING",
        [(journal.LOST, uid, DIGEST_DIGITS + 1) for uid in authors],
    )


def keep_withheld(connection: sqlite3.Connection, act: int, digests: Mapping[str, Mapping[str, str]]) -> None:
    """Keep the digests of what was erased of an act, by sequence and name of cell, where there are none yet."""
    for seq, cells in digests.items():
        for name, digest in cells.items():
            _withhold(connection, act, seq=int(seq), name=name, digest=bytes.fromhex(digest))


def withheld(connection: sqlite3.Connection, act: int) -> dict[int, dict[str, bytes]]:
    """Return the digests of what was erased of an act, by sequence and name of cell; `LABEL` for its label."""
    found: dict[int, dict[str, bytes]] = {}
    rows = connection.execute(
        "SELECT seq, field, digest FROM withheld WHERE act = ? ORDER BY seq, field", (act,)
    )
    for seq, field, digest in rows:
        found.setdefault(seq, {})[field] = bytes(digest)
    return found


def tail(connection: sqlite3.Connection, author: int) -> tuple[int, bytes] | None:
    """Return the last sequence of an author's chain and its digest; None where none of their acts is in it."""
    row = connection.execute(
        "SELECT last, digest FROM chain WHERE author = ? ORDER BY last DESC LIMIT 1", (author,)
    ).fetchone()
    return None if row is None else (int(row[0]), bytes(row[1]))


def digest_of_act(connection: sqlite3.Connection, act: int, first: int, previous: bytes | None) -> bytes:
    """Return the digest of an act (by its number) as the journal has it, from its place in the chain."""
    label, uid, key, done_at, mode, reverses = connection.execute(
        "SELECT t.label, a.uid, t.key, t.done_at, t.mode, r.key FROM act t JOIN author a ON a.id = t.author"
        " LEFT JOIN act r ON r.id = t.reverses WHERE t.id = ?",
        (act,),
    ).fetchone()
    erased = withheld(connection, act)
    before = None if previous is None else previous.hex()
    words = erased.get(LABEL, NOTHING_WITHHELD).get(LABEL_CELL)
    rows = connection.execute(
        "SELECT o.seq, o.hlc, o.kind, o.key, o.field, o.value, p.uid, o.parent_seq FROM operation o"
        " LEFT JOIN author p ON p.id = o.parent_author WHERE o.act = ? ORDER BY o.seq",
        (act,),
    )
    return act_digest(
        Header(FORM, uid, key, done_at, mode, reverses, first, before),
        label_digest(label) if words is None else words,
        [digest_of(row, erased.get(row[0], NOTHING_WITHHELD)) for row in rows],
    )


def sign_again(connection: sqlite3.Connection, author: int, *, after: int, sign: Sign) -> None:
    """Sign anew the acts of an author (by number) beyond a sequence, as the journal has them now."""
    row = connection.execute(
        "SELECT digest FROM chain WHERE author = ? AND last = ?", (author, after)
    ).fetchone()
    previous = None if row is None else bytes(row[0])
    acts = connection.execute(
        "SELECT act, min(seq), max(seq) FROM operation WHERE author = ? AND seq > ? GROUP BY act ORDER BY min(seq)",
        (author, after),
    ).fetchall()
    for act, first, last in acts:
        digest = digest_of_act(connection, act, first, previous)
        connection.execute(
            "UPDATE chain SET author = ?, first = ?, last = ?, previous = ?, digest = ?, signature = ? WHERE act = ?",
            (author, first, last, previous, digest, sign(message(digest)), act),
        )
        previous = digest


def withhold(connection: sqlite3.Connection, operation: int, after: Cell) -> None:
    """Keep, once, the digest of each cell of an operation (by its number) that is about to be erased. `after`: its value
    then.
    """
    act, seq, field, value = connection.execute(
        "SELECT act, seq, field, value FROM operation WHERE id = ?", (operation,)
    ).fetchone()
    kept = dict(journal.unfolded(field, after))
    for name, cell in journal.unfolded(field, value):
        if kept.get(name) != cell:
            _withhold(connection, act, seq=seq, name=name, digest=cell_digest(cell))


def withhold_label(connection: sqlite3.Connection, act: int) -> None:
    """Keep the digest of an act's label (by its number), which is about to be erased, once."""
    (label,) = connection.execute("SELECT label FROM act WHERE id = ?", (act,)).fetchone()
    _withhold(connection, act, seq=LABEL, name=LABEL_CELL, digest=label_digest(label))


def release(connection: sqlite3.Connection, act: int, seq: int, digests: Mapping[str, bytes]) -> None:
    """Forget that cells of an operation were erased, where `digests` say that they are here again as they were signed."""
    connection.executemany(
        "DELETE FROM withheld WHERE act = ? AND seq = ? AND field = ? AND digest = ?",
        [(act, seq, name, digest) for name, digest in digests.items()],
    )


def _withhold(connection: sqlite3.Connection, act: int, *, seq: int, name: str, digest: bytes) -> None:
    connection.execute(
        "INSERT INTO withheld (act, seq, field, digest) SELECT ?, ?, ?, ?"
        f" WHERE EXISTS (SELECT 1 FROM act t JOIN author a ON a.id = t.author WHERE t.id = ? AND ({_PROVEN}))"
        " AND NOT EXISTS (SELECT 1 FROM withheld WHERE act = ? AND seq = ? AND field = ?)",
        (act, seq, name, digest, act, act, seq, name),
    )


def _key_of(connection: sqlite3.Connection, act: int | None) -> str | None:
    row = connection.execute("SELECT key FROM act WHERE id = ?", (act,)).fetchone()
    return None if row is None else str(row[0])
