"""What lies between the operations that are here and those that come: what is lost is accepted once, and no more of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import journal
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.gaps import check_gap
from qpvdesk.storage.exchange.package import Author


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT)")
        made.execute("CREATE TABLE author (id INTEGER PRIMARY KEY, uid TEXT)")
        made.execute("CREATE TABLE operation (author INTEGER, seq INTEGER)")
        made.executemany("INSERT INTO author VALUES (?, ?)", [(1, "camille"), (2, "dominique")])
        # Of somebody else: it fills no gap of hers.
        made.executemany("INSERT INTO operation VALUES (2, ?)", [(seq,) for seq in range(1, 30)])
        yield made


@pytest.mark.parametrize(
    ("held", "known", "lost", "seqs", "said", "noted"),
    [
        ([], None, 0, [1, 2], 0, None),
        ([1, 2, 3], None, 0, [4, 5], 0, None),
        ([1, 2, 3], None, 2, [6, 7], 2, "2"),
        # Known already, nothing more is lost.
        ([1, 2, 3, 6, 7], "2", 2, [8], 0, "2"),
        ([1, 2, 3, 6, 7], "2", 0, [8], 0, "2"),
        # One more than was accepted, which its author could not find either.
        ([1, 2, 3, 6, 7], "2", 3, [9], 1, "3"),
        # What was lost comes back, in part or whole, with what follows or without.
        ([1, 2, 3, 6, 7], "2", 2, [4], 0, "1"),
        ([1, 2, 3, 6, 7], "2", 2, [4, 5], 0, "0"),
        ([1, 2, 3, 6, 7], "2", 0, [4, 5, 8], 0, "0"),
    ],
)
def test_what_is_lost_is_told_once_and_what_comes_back_is_lost_no_more(
    connection: sqlite3.Connection,
    held: list[int],
    known: str | None,
    lost: int,
    seqs: list[int],
    said: int,
    noted: str | None,
) -> None:
    connection.executemany("INSERT INTO operation VALUES (1, ?)", [(seq,) for seq in held])
    if known is not None:
        connection.execute("INSERT INTO meta VALUES (?, ?)", (f"{journal.LOST}camille", known))
    assert check_gap(connection, Author("camille", "Camille", lost), max(held, default=0), seqs) == said
    row = connection.execute("SELECT value FROM meta").fetchone()
    assert (row[0] if row else None) == noted


@pytest.mark.parametrize(
    ("held", "known", "lost", "seqs", "missing"),
    [
        ([], None, 0, [3], "1 à 2"),
        ([1, 2, 3], None, 0, [6], "4 à 5"),
        ([1, 2, 3], None, 1, [6, 7], "4 à 5"),
        ([1, 2, 3, 6, 7], "2", 2, [9], "8 à 8"),
        ([1, 2, 3, 6, 7], "2", 0, [4, 10], "8 à 9"),
    ],
)
def test_a_package_that_is_missing_is_named_and_nothing_is_noted(
    connection: sqlite3.Connection,
    held: list[int],
    known: str | None,
    lost: int,
    seqs: list[int],
    missing: str,
) -> None:
    connection.executemany("INSERT INTO operation VALUES (1, ?)", [(seq,) for seq in held])
    if known is not None:
        connection.execute("INSERT INTO meta VALUES (?, ?)", (f"{journal.LOST}camille", known))
    with pytest.raises(UserError, match=f"paquet de Camille.*ses modifications {missing} ne sont pas ici"):
        check_gap(connection, Author("camille", "Camille", lost), max(held, default=0), seqs)
    row = connection.execute("SELECT value FROM meta").fetchone()
    assert (row[0] if row else None) == known
