"""The journal of a damaged base: authors, acts and operations, with a stand-in for each that is named and lost."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from qpvdesk.storage import chain, clock, files, journal, proof, snapshots
from qpvdesk.storage.authors import ForeignBaseError
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange import peers
from qpvdesk.storage.journal import EXISTENCE
from qpvdesk.storage.keys import new_key
from qpvdesk.storage.rescue import pages
from qpvdesk.storage.tables import BY_KIND, Table

_LOST_ACT = "Acte dont l’intitulé est perdu"
_LOST_AUTHOR = "auteur perdu"

Rows = Mapping[str, Mapping[int, pages.Row]]
"""What was read of each table, by the number of its row."""


def added(connection: sqlite3.Connection, statement: str, row: tuple[Any, ...]) -> bool:
    """Add a row; tell whether the base took it."""
    try:
        connection.execute(statement, row)
    except sqlite3.IntegrityError:
        return False
    return True


class SalvagedJournal:
    """Copies a journal into a new base. `operations`: how many were kept; `gaps`: how many are known to be missing."""

    def __init__(self, connection: sqlite3.Connection, rows: Rows) -> None:
        self._connection = connection
        self._rows = rows
        self._authors = {row[0]: row for row in rows["author"].values()}
        self._acts = {row[0]: row for row in rows["act"].values() if row[5] in ("do", "undo", "redo")}
        self.operations = self.gaps = 0

    def keep(self) -> None:
        operations = self._known_operations()
        self._name_authors(operations)
        self._add_authors_and_acts()
        for operation in sorted(operations, key=_first):
            self.operations += self._added(
                "INSERT INTO operation (id, author, seq, hlc, act, kind, key, field, value, parent_author, parent_seq)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                operation,
            )
        for name, value in self._rows["meta"].values():
            # Whoever writes next goes on as another: this is no longer the base they wrote.
            if name not in ("author", "place", "base"):
                with contextlib.suppress(ForeignBaseError):
                    peers.check_noted([(str(name), str(value))])
                    self._added("INSERT INTO meta (name, value) VALUES (?, ?)", (name, value))
        self._note_gaps()
        self._keep_proofs()
        self._keep_contents()

    def _known_operations(self) -> list[pages.Row]:
        operations = []
        for row in self._rows["operation"].values():
            table = BY_KIND.get(str(row[5]))
            if row[5] != journal.VEILED and (table is None or not _can_be_read(table, str(row[7]), row[8])):
                continue
            operations.append(row)
            stand_in = (row[4], new_key(), row[1], _LOST_ACT, _moment(row[3]), "do", None)
            self._acts.setdefault(row[4], stand_in)
        return operations

    def _name_authors(self, operations: list[pages.Row]) -> None:
        named = [act[2] for act in self._acts.values()]
        named += [number for row in operations for number in (row[1], row[9]) if number is not None]
        for number in named:
            self._authors.setdefault(number, (number, new_key(), _LOST_AUTHOR))

    def _add_authors_and_acts(self) -> None:
        add_author = "INSERT INTO author (id, uid, label) VALUES (?, ?, ?)"
        for number, uid, label in self._authors.values():
            if not self._added(add_author, (number, uid, label)):
                self._added(add_author, (number, new_key(), label))
        add_act = (
            "INSERT INTO act (id, key, author, label, done_at, mode, reverses) VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        for number, key, owner, label, done_at, mode, reverses in sorted(self._acts.values(), key=_first):
            known = reverses in self._acts and mode != "do"
            turn = (mode, reverses) if known else ("do", None)
            if not self._added(add_act, (number, key, owner, label, done_at, *turn)):
                self._added(add_act, (number, new_key(), owner, label, done_at, *turn))

    def _note_gaps(self) -> None:
        for uid, missing in self._connection.execute(
            "SELECT a.uid, max(o.seq) - count(*) FROM operation o JOIN author a ON a.id = o.author"
            " GROUP BY o.author HAVING max(o.seq) <> count(*)"
        ).fetchall():
            self.gaps += missing
            journal.note(self._connection, journal.LOST + uid, str(missing))

    def _keep_proofs(self) -> None:
        """Keep the chain of the acts that are whole: a signature proves nothing of what is lost in part."""
        for row in sorted(self._rows.get("chain", {}).values(), key=_first):
            act, author, first, last = row[:4]
            (kept,) = self._connection.execute(
                "SELECT count(*) FROM operation WHERE act = ? AND author = ? AND seq BETWEEN ? AND ?",
                (act, author, first, last),
            ).fetchone()
            if kept == int(str(last)) - int(str(first)) + 1:
                self._added(
                    "INSERT INTO chain (act, author, first, last, previous, digest, signature)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    row,
                )
        for row in self._rows.get("withheld", {}).values():
            self._added("INSERT INTO withheld (id, act, seq, field, digest) VALUES (?, ?, ?, ?, ?)", row)
        # Nor does it of an act whose words, or whose author, had to be replaced.
        for number in proof.broken(self._connection):
            self._connection.execute("DELETE FROM chain WHERE act = ?", (number,))
        known = self._connection.execute("SELECT uid FROM author").fetchall()
        chain.note_unsigned(self._connection, (uid for (uid,) in known))

    def _keep_contents(self) -> None:
        for fingerprint, content in self._rows["frozen"].values():
            if snapshots.STORE.is_whole(fingerprint, content):
                self._added("INSERT INTO frozen (fingerprint, content) VALUES (?, ?)", (fingerprint, content))
        for digest, content, text in self._rows.get("file", {}).values():
            if files.STORE.is_whole(digest, content):
                self._added(
                    "INSERT INTO file (digest, content, text) VALUES (?, ?, ?)", (digest, content, text)
                )

    def _added(self, statement: str, row: tuple[Any, ...]) -> bool:
        return added(self._connection, statement, row)


def _can_be_read(table: Table, field: str, value: object) -> bool:
    if field != EXISTENCE:
        return field in table.by_name
    try:
        return all(
            name == EXISTENCE or name in table.by_name
            for name, _ in journal.unfolded(field, None if value is None else str(value))
        )
    except ValueError:
        return False


def _first(row: pages.Row) -> int:
    return int(str(row[0]))


def _moment(hlc: object) -> str:
    """Return when an operation was made, from its clock."""
    with contextlib.suppress(ValueError, OverflowError, OSError, TypeError):
        return clock.moment(int(str(hlc))).isoformat(timespec="seconds")
    return clock.moment(0).isoformat(timespec="seconds")
