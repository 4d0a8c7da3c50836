"""What can be taken back and done again: the two stacks of an author, read from the journal."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from qpvdesk.storage.engine import sqlite3

LABELS_LISTED_MAX = 20


class Stacks(Struct):
    """What can be undone and done again: local act numbers with the label of what was first done."""

    undo: list[tuple[int, str]]
    redo: list[tuple[int, str]]

    @property
    def undo_label(self) -> str | None:
        """What would be taken back, in the words of the act."""
        return self.undo[-1][1] if self.undo else None

    @property
    def undo_labels(self) -> tuple[str, ...]:
        """What can be taken back, in the words of the acts, the latest first."""
        return tuple(label for _, label in self.undo[: -LABELS_LISTED_MAX - 1 : -1])

    @property
    def redo_label(self) -> str | None:
        """What would be done again, in the words of the act."""
        return self.redo[-1][1] if self.redo else None

    def done(self, act: int, label: str) -> None:
        """Note a new act: what was undone before can no longer be done again."""
        self.undo.append((act, label))
        self.redo.clear()

    def undone(self, act: int) -> None:
        """Note that the last act was undone by another."""
        self.redo.append((act, self.undo.pop()[1]))

    def redone(self, act: int) -> None:
        """Note that the last undone act was done again by another."""
        self.undo.append((act, self.redo.pop()[1]))


def stacks(connection: sqlite3.Connection, authors: Sequence[int]) -> Stacks:
    """Read the stacks of an officer's authors from the journal; empty for one who never wrote."""
    read = Stacks([], [])
    marks = ", ".join("?" * len(authors))
    for act, label, mode in connection.execute(
        f"SELECT id, label, mode FROM act WHERE author IN ({marks}) ORDER BY id", authors
    ):
        if mode == "undo":
            read.undone(act)
        elif mode == "redo":
            read.redone(act)
        else:
            read.done(act, label)
    return read
