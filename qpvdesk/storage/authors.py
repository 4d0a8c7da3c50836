"""In whose name a base is written: one author an installation, a signature and a place of the file."""

from __future__ import annotations

from pathlib import Path

from qpvdesk.storage import journal, lock
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.keys import new_key

_NOTE_SUFFIX = ":note"
"""Ends the uid of the author of what is only noted."""


class Authors:
    """The authors under which an open base writes. Its methods that add one run inside a transaction."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._own: int | None = None
        self._signature = ""

    @property
    def name(self) -> str:
        """The name that acts stand under: the officer's, or that of the computer."""
        return self._signature or lock.host_name() or "ce poste"

    def sign(self, signature: str) -> None:
        """Write in another name from now on; empty: in that of the computer."""
        self._signature = signature
        self._own = None

    def forget(self) -> None:
        """Forget the own author: the transaction that was the first to name it is undone."""
        self._own = None

    def own(self) -> int:
        """Return the number of whoever writes here.

        A copy of a base, or a backup put back, goes on as another author: two files may not both continue one
        sequence, or packages would take different operations for the same. So does whoever signs otherwise.
        """
        if self._own is None:
            uid = self.last()
            if uid is None:
                uid = new_key()
                self._connection.executemany(
                    "INSERT INTO meta (name, value) VALUES (?, ?)"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    [("author", uid), ("place", lock.place(self._path))],
                )
            self._own = journal.author_number(self._connection, uid, self.name)
        return self._own

    def note_author(self) -> int:
        """Return the number of the author of what is only noted: one beside our own, whose acts no undo reads."""
        (uid,) = self._connection.execute("SELECT uid FROM author WHERE id = ?", (self.own(),)).fetchone()
        return journal.author_number(self._connection, f"{uid}{_NOTE_SUFFIX}", self.name)

    def last(self) -> str | None:
        """Return the uid of who wrote here last, if whoever writes now goes on as them."""
        meta = dict(
            self._connection.execute("SELECT name, value FROM meta WHERE name IN ('author', 'place')")
        )
        uid = meta.get("author")
        if uid is None or meta.get("place") != lock.place(self._path):
            return None
        return uid if journal.author_label(self._connection, uid) in (self.name, None) else None

    def last_number(self) -> int | None:
        """Return the number of `last`; None where there is none, or it has written nothing yet."""
        uid = self.last()
        row = self._connection.execute("SELECT id FROM author WHERE uid = ?", (uid,)).fetchone()
        return None if row is None else int(row[0])
