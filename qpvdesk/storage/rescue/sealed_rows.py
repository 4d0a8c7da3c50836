"""The rows of a damaged base that is under a passphrase, read through SQLite around the pages it refuses.

Ciphered pages cannot be walked as `pages` does. Each is authenticated: what is read here is what was written, and a page
of which one bit has changed is lost whole. Where it is one of those that say where the tables are, a hundredth of the
file, nothing can be had.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from qpvdesk.storage.connection import connect
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.rescue.pages import Form, Found, Row

_DEPTH = 8
"""How often what is left is halved: a hundred and fifty places to look behind the pages that are lost."""
_DENSE = 200
"""Rows of a page, at most about: how far the numbers of a table may reach beyond the last that was read."""


def read(path: Path, forms_of: Callable[[int], Mapping[str, Form]]) -> tuple[Found, Mapping[str, Form]]:
    """Read every row that can be, and return the forms the base has too. Raises `sqlite3.Error` where nothing can."""
    with contextlib.closing(connect(path, "ro")) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        told = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'"))
    bad = {int(page) for (text,) in told for page in re.findall(r"page (\d+)", text)}
    forms = forms_of(int(version))
    with contextlib.closing(_Reader(path)) as reader:
        rows = {
            # Without its first page, which says where the others are, nothing of a table can be had.
            name: {} if roots.get(name) in bad else _Table(reader, name, form, int(pages)).read()
            for name, form in forms.items()
        }
    return Found(rows, (), int(pages), len(told)), forms


class _Reader:
    """A connection to the file, another after each altered page: one that has met it reads nothing any more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def connection(self) -> sqlite3.Connection:
        """Return the one to read from. Raises `sqlite3.Error` where the file cannot be opened any more."""
        if self._connection is None:
            self._connection = connect(self._path, "ro")
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Table:
    """Reads the rows of one table from both ends, then on either side of the middle of what is left."""

    def __init__(self, reader: _Reader, name: str, form: Form, pages: int) -> None:
        self._reader = reader
        self._bound = pages * _DENSE
        columns = ", ".join(f'"{column}"' for column in form.names)
        self._select = f'SELECT rowid, {columns} FROM "{name}" WHERE rowid > ? AND rowid < ? ORDER BY rowid'
        self._rows: dict[int, Row] = {}

    def read(self) -> Mapping[int, Row]:
        self._within(-1, 1 << 62, _DEPTH)
        return self._rows

    def _within(self, low: int, high: int, depth: int) -> None:
        """Read what can be of the rows between two numbers, from both ends, then in the two halves of the rest."""
        if (reached := self._run(low, high, "")) is None:
            return
        if (back := self._run(reached, high, " DESC")) is None:
            return
        back = min(back, max(self._rows, default=0) + self._bound)
        middle = (reached + back) // 2
        if depth and reached < middle < back:
            self._within(reached, middle, depth - 1)
            self._within(middle - 1, back, depth - 1)

    def _run(self, low: int, high: int, order: str) -> int | None:
        """Read on until a page refuses; return the number of the last row read, None where the end was reached."""
        last = high if order else low
        connection = self._reader.connection()
        try:
            for last, *values in connection.execute(self._select + order, (low, high)):
                self._rows[last] = tuple(values)
        except sqlite3.Error:
            self._reader.close()
            return last
        return None
