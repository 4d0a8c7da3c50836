"""The file of an open base is compared with what it was when it was written last: another file may have taken its name, or
another journal its place."""

from __future__ import annotations

import os
from pathlib import Path

from qpvdesk.domain.errors import UserError
from qpvdesk.storage.engine import sqlite3

_End = tuple[int, int, int, int] | None
"""Number, author, sequence and clock of the last operation of a journal; None where it is empty."""


class FileTroubleError(UserError):
    """The file of a base, or what it lies on, takes no act any more. `why`: the end of a sentence that says so."""

    def __init__(self, message: str, remedy: str, *, why: str) -> None:
        super().__init__(message, remedy)
        self.why = why


class MovedError(FileTroubleError):
    """The file of an open base was moved, replaced, removed, or written over by another."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"Le fichier «\u202f{path.name}\u202f» {what} pendant que la base était ouverte\u202f: rien n’a été"
            " enregistré.",
            "Ce qui est dans cette fenêtre peut encore être enregistré en copie\u202f; sinon, cherchez le fichier et"
            " rouvrez-le.",
            why=f"son fichier {what}",
        )


class MovedOnError(UserError):
    """The origin of a local copy was changed since: the two can be merged, neither replaces the other."""

    def __init__(self, origin: Path, copy: Path) -> None:
        super().__init__(
            f"La base d’origine «\u202f{origin.name}\u202f» a été modifiée depuis la copie\u202f:"
            " elle n’a pas été remplacée.",
            f"Vous pouvez fusionner les deux. Votre travail est dans la copie locale\u202f: «\u202f{copy}\u202f».",
        )


class BaseFile:
    """What the file of an open base was when it was looked at last."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path, self._connection = path, connection
        self._place = _place(path)
        self._end = self._read_end()

    def check_place(self) -> None:
        """Raise `MovedError` where another file, or none, bears the name."""
        now = _place(self._path)
        # A file system that gives a file another number each time it is asked says nothing.
        if now == self._place or (now is not None and now != _place(self._path)):
            return
        raise MovedError(
            self._path, "a été déplacé ou supprimé" if now is None else "a été remplacé par un autre"
        )

    def check_end(self) -> None:
        """Raise `MovedError` where the journal is not the one that was written last (inside a transaction)."""
        if self._read_end() != self._end:
            raise MovedError(self._path, "a été remplacé par une autre version")

    def has_grown(self) -> bool:
        """Tell whether the journal has come further than what was noted, whatever was said of it."""
        return self._read_end() != self._end

    def note(self) -> None:
        """Remember the journal as it is now kept."""
        self._end = self._read_end()

    def _read_end(self) -> _End:
        row: _End = self._connection.execute(
            "SELECT id, author, seq, hlc FROM operation ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return row


def _place(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
