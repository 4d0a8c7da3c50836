"""One contract of several in a package: what is of another goes along as a *veiled* operation, its digest and no more.

The acts of an author are one signed chain over all the contracts of a base. A digest stands for what an operation says,
so that the chain is proven, no number is missing, and nobody who relays a veiled operation can put another in its place.
Whoever has what it says brings it, some day; it is known by its digest then, whoever sends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qpvdesk.storage import chain, journal
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.erasures import Erasures, bared
from qpvdesk.storage.exchange.package import Operation, Package
from qpvdesk.storage.exchange.trust import operation_digest
from qpvdesk.storage.history import HistoryReader
from qpvdesk.storage.journal import STARTER, VEILED

_Row = tuple[Any, ...]
"""uid, sequence, clock, act (number and key), kind, key, field, value, uid and sequence of what it replaces."""


class SentScope:
    """What is sent of the operations of a base, where it is of one contract, by its key (None: of all)."""

    def __init__(self, connection: sqlite3.Connection, contract: str | None) -> None:
        self._connection, self._contract = connection, contract
        self._history = HistoryReader(connection)
        self._belonging: dict[tuple[str, str], bool] = {}
        self.veiled: set[tuple[int, int]] = set()
        """Act, by its number, and sequence of what was veiled."""

    def narrow(self, row: _Row) -> _Row | None:
        """Return an operation as it is sent; None for what goes unsaid: another contract that ships, of its own author."""
        uid, seq, hlc, number, act, kind, key, name, value, parent, parent_seq = row
        if self._contract is None or kind == VEILED or self._holds(kind, key):
            return row
        if uid.startswith(STARTER):
            return None
        withheld = chain.withheld(self._connection, number).get(seq, {})
        digest = chain.digest_of((seq, hlc, kind, key, name, value, parent, parent_seq), withheld)
        self.veiled.add((number, seq))
        return (uid, seq, hlc, number, act, VEILED, *journal.veiled_place(uid, seq), digest.hex(), None, None)

    def _holds(self, kind: str, key: str) -> bool:
        if (kind, key) not in self._belonging:
            self._belonging[kind, key] = self._history.contract_of(kind, key) == self._contract
        return self._belonging[kind, key]


def first_veiled(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the first sequence of each author of whom something is veiled here: beyond it, not all is known."""
    rows = connection.execute(
        "SELECT a.uid, min(o.seq) FROM operation o JOIN author a ON a.id = o.author WHERE o.kind = ?"
        " GROUP BY a.id",
        (VEILED,),
    )
    return dict(rows)


class Unveiling:
    """What a package says of what is veiled here, inside a transaction."""

    def __init__(self, connection: sqlite3.Connection, package: Package) -> None:
        self._connection = connection
        self._acts = {act.name: act for act in package.acts}
        self.found: list[tuple[Operation, int]] = []
        """What is veiled here, and comes as it is, with its number here."""

    def is_the_same(self, brought: Operation, kind: str, number: int) -> bool:
        """Tell whether an operation, of which a digest alone is here or brought, is the one here. `kind`: as it is here."""
        act = self._acts.get(brought.act_name)
        digest, proven = self._digest_here(number)
        # Of what nobody signed, a text may have been erased without a digest of it.
        if act is None or (operation_digest(brought, act) != digest and (proven or kind == VEILED)):
            return False
        if kind == VEILED != brought.kind:
            self.found.append((brought, number))
        return True

    def keep(self, numbers: Mapping[str, int], erasures: Erasures) -> list[Operation]:
        """Have the journal say what was veiled; return that. `numbers`: of the authors, by uid."""
        kept = []
        for brought, number in self.found:
            operation = bared(brought, erasures)
            (act,) = self._connection.execute("SELECT act FROM operation WHERE id = ?", (number,)).fetchone()
            self._connection.execute(
                "UPDATE operation SET hlc = ?, kind = ?, key = ?, field = ?, value = ?, parent_author = ?,"
                " parent_seq = ? WHERE id = ?",
                (operation.hlc, *operation.columns(numbers), number),
            )
            seq = str(operation.seq)
            withheld = self._acts[operation.act_name].withheld.get(seq)
            chain.keep_withheld(self._connection, act, {} if withheld is None else {seq: withheld})
            kept.append(operation)
        return kept

    def _digest_here(self, number: int) -> tuple[bytes, bool]:
        """Return the digest of an operation of the journal, and whether its act is signed."""
        *content, act, proven = self._connection.execute(
            "SELECT o.seq, o.hlc, o.kind, o.key, o.field, o.value, p.uid, o.parent_seq, o.act,"
            " EXISTS (SELECT 1 FROM chain WHERE act = o.act) FROM operation o"
            " LEFT JOIN author p ON p.id = o.parent_author WHERE o.id = ?",
            (number,),
        ).fetchone()
        withheld = chain.withheld(self._connection, act).get(content[0], {})
        return chain.digest_of(tuple(content), withheld), bool(proven)
