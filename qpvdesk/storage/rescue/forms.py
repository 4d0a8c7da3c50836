"""How the tables of a base looked in each version: what its pages are read by."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from qpvdesk.storage import migrations
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.rescue import pages
from qpvdesk.storage.tables import BY_KIND

JOURNAL_TABLES = ("meta", "author", "act", "operation", "chain", "withheld", "frozen", "file")


def forms_of(version: int) -> Mapping[str, pages.Form]:
    """Return how the tables looked in that version; in ours where the header does not say or cannot be believed."""
    known = version if 1 <= version <= migrations.version() else migrations.version()
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        migrations.apply(connection, known)
        present = {
            row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        }
        forms = {}
        for name in (*JOURNAL_TABLES, *BY_KIND):
            # A table that this version had not yet simply has no rows.
            if name not in present:
                continue
            columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
            defaults = [
                connection.execute(f"SELECT {column[4]}").fetchone()[0] if column[4] is not None else None
                for column in columns
            ]
            rowid = next(
                (place for place, column in enumerate(columns) if column[5] and column[2] == "INTEGER"), None
            )
            forms[name] = pages.Form(
                tuple(str(column[1]) for column in columns),
                tuple(str(column[2]) for column in columns),
                tuple(not column[3] and place != rowid for place, column in enumerate(columns)),
                tuple(defaults),
                rowid,
            )
    return forms
