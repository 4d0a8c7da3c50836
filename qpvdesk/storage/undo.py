"""What can be taken back and done again: the two stacks of an author, read from the end of the journal."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from qpvdesk.storage.engine import sqlite3

LABELS_LISTED_MAX = 20

_Row = tuple[int, str, str, int | None]
"""An act: local number, label, mode, local number of the act that it takes back or does again."""


class Stacks:
    """What can be undone and done again: local act numbers with the label of what was first done.

    The acts are read from the latest down, and no further than was asked for: a journal may be long.
    """

    def __init__(self, connection: sqlite3.Connection, authors: Sequence[int]) -> None:
        self._connection = connection
        self._rows = heapq.merge(*(_of_author(connection, author) for author in authors), reverse=True)
        self._answered: set[int] = set()
        """Acts, not met yet, that a later one took back or did again."""
        self._undo: list[tuple[int, str]] = []
        """The latest first; more may follow in the journal."""
        self._redo: list[tuple[int, str]] = []
        self._knows_redo = False
        # At once: what is done from now on is told by `done`, and is not to be met in the journal too.
        self._read(1)

    @property
    def undo(self) -> list[tuple[int, str]]:
        """What can be taken back, the latest last: all of it where it is short, else a good number."""
        self._read(LABELS_LISTED_MAX)
        return self._undo[::-1]

    @property
    def redo(self) -> list[tuple[int, str]]:
        """What can be done again, the next last: all of it is known from the first reading."""
        return self._redo[::-1]

    @property
    def undo_label(self) -> str | None:
        """What would be taken back, in the words of the act."""
        self._read(1)
        return self._undo[0][1] if self._undo else None

    @property
    def undo_labels(self) -> tuple[str, ...]:
        """What can be taken back, in the words of the acts, the latest first."""
        self._read(LABELS_LISTED_MAX)
        return tuple(label for _, label in self._undo[:LABELS_LISTED_MAX])

    @property
    def redo_label(self) -> str | None:
        """What would be done again, in the words of the act."""
        return self._redo[0][1] if self._redo else None

    def done(self, act: int, label: str) -> None:
        """Note a new act: what was undone before can no longer be done again."""
        self._undo.insert(0, (act, label))
        self._redo.clear()

    def undone(self, act: int) -> None:
        """Note that the last act was undone by another."""
        self._read(1)
        self._redo.insert(0, (act, self._undo.pop(0)[1]))

    def redone(self, act: int) -> None:
        """Note that the last undone act was done again by another."""
        self._undo.insert(0, (act, self._redo.pop(0)[1]))

    def _read(self, wanted: int) -> None:
        """Go down the journal until so many acts can be taken back and all that can be done again is known."""
        while len(self._undo) < wanted or not self._knows_redo:
            row = next(self._rows, None)
            if row is None:
                self._knows_redo = True
                return
            act, label, mode, reverses = row
            if reverses is not None:
                self._answered.add(reverses)
            if mode == "do":
                # Whatever was undone before a new act can no longer be done again.
                self._knows_redo = True
            if act in self._answered:
                self._answered.discard(act)
            elif mode == "undo":
                if not self._knows_redo:
                    self._redo.append((act, self._first_label(act)))
            else:
                self._undo.append((act, label if mode == "do" else self._first_label(act)))

    def _first_label(self, act: int) -> str:
        """The words of what was first done, of an act that takes it back or does it again."""
        query = "SELECT label, reverses FROM act WHERE id = ?"
        label, reverses = self._connection.execute(query, (act,)).fetchone()
        while reverses is not None:
            label, reverses = self._connection.execute(query, (reverses,)).fetchone()
        return str(label)


def makers_of_the_last_contract(connection: sqlite3.Connection) -> frozenset[int]:
    """Return the acts that made the only contract of a base, or brought it back: taken back, they would leave none. Empty
    where there are several."""
    present = "FROM contract WHERE retired = 0"
    rows = connection.execute(
        f"SELECT act FROM operation WHERE key = (SELECT min(key) {present} HAVING count(*) = 1)"
        " AND (field = '' AND value IS NOT NULL OR field = 'retired' AND value = '0')"
    )
    return frozenset(act for (act,) in rows)


def _of_author(connection: sqlite3.Connection, author: int) -> Iterator[_Row]:
    before, some = 2**62, LABELS_LISTED_MAX + 1
    while True:
        rows: list[_Row] = connection.execute(
            "SELECT id, label, mode, reverses FROM act WHERE author = ? AND id < ? ORDER BY id DESC LIMIT ?",
            (author, before, some),
        ).fetchall()
        yield from rows
        if len(rows) < some:
            return
        # Acts that were taken back count for nothing: the further down, the more at once.
        before, some = rows[-1][0], min(2 * some, 2000)
