"""Filling an empty base with many contracts at once, for the bench: the rows, then the index, then the latest values.

Nothing goes through the journal: such a base has no history, and `Database.check` says so. What an officer brings
in goes through a unit of work.
"""

from __future__ import annotations

from collections.abc import Iterable

from qpvdesk.domain.model import Dossier
from qpvdesk.storage import measurements
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.migrations import LATEST_TRIGGERS, MEASUREMENT_INDEX, statements
from qpvdesk.storage.schema import TABLES

_TRIGGERS = ("measurement_added", "measurement_changed", "measurement_removed", "objective_removed")

_REBUILD = """
INSERT INTO latest (contract, objective, territory, day, measurement, value)
SELECT o.contract, s.objective, s.territory, m.day, m.key, m.value
FROM (SELECT DISTINCT objective, territory FROM measurement) s
JOIN objective o ON o.key = s.objective
JOIN measurement m ON m.key = (
    SELECT n.key FROM measurement n WHERE n.objective = s.objective AND n.territory = s.territory
    ORDER BY n.day DESC, n.key DESC LIMIT 1)
"""


def load(connection: sqlite3.Connection, dossiers: Iterable[Dossier]) -> int:
    """Add contracts to an empty base inside the open transaction; return how many measurements they held."""
    for trigger in _TRIGGERS:
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("DROP INDEX measurement_series")
    count = 0
    for dossier in dossiers:
        for table in TABLES:
            items = (dossier.contract,) if table.kind == "contract" else getattr(dossier, table.dossier)
            if table.kind == "measurement":
                connection.executemany(table.insert, measurements.rows(dossier.measurements))
            else:
                connection.executemany(table.insert, map(table.row, items))
        count += len(dossier.measurements)
    for script in (MEASUREMENT_INDEX, LATEST_TRIGGERS):
        for statement in statements(script):
            connection.execute(statement)
    rebuild_latest(connection)
    check_references(connection)
    return count


def check_references(connection: sqlite3.Connection) -> None:
    """Check at once what the load did not check row by row. Raises `sqlite3.IntegrityError`."""
    lost = connection.execute("PRAGMA foreign_key_check").fetchone()
    if lost is not None:
        raise sqlite3.IntegrityError(f"FOREIGN KEY: {lost[0]} refers to no {lost[2]}")


def rebuild_latest(connection: sqlite3.Connection) -> None:
    """Make the latest values anew from the measurements."""
    connection.execute("DELETE FROM latest")
    connection.execute(_REBUILD)
