"""The tables of a new base, made once a process and copied into each: eighteen steps are five hundred statements."""

from __future__ import annotations

import functools

from qpvdesk.storage import migrations
from qpvdesk.storage.engine import sqlite3

_apply, _STEPS = migrations.apply, migrations.STEPS


def apply(connection: sqlite3.Connection, until: int | None = None) -> None:
    """Stand for `migrations.apply`: what it makes of an empty file is copied, all else is done as ever."""
    if until is not None or migrations.STEPS is not _STEPS or not _empty_file(connection):
        _apply(connection, until)
        return
    # A copy is no part of a transaction; nothing was written in the one that is open.
    connection.execute("COMMIT")
    try:
        _model().backup(connection)
    except sqlite3.Error:
        connection.execute("BEGIN IMMEDIATE")
        _apply(connection)
    else:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE meta SET value = lower(hex(randomblob(16))) WHERE name = 'base'")


def _empty_file(connection: sqlite3.Connection) -> bool:
    (_, _, file), *attached = connection.execute("PRAGMA database_list").fetchall()
    if not file or attached or connection.total_changes:
        return False
    return connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0


@functools.cache
def _model() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN")
    _apply(connection)
    connection.execute("COMMIT")
    return connection
