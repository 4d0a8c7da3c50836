"""Filling an empty base with many contracts at once, and reading the latest values: for the bench and the tests.

Nothing goes through the journal: such a base has no history, and `maintenance.check` says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec

from qpvdesk.domain.model import Dossier
from qpvdesk.storage import latest, measurements
from qpvdesk.storage.base import Database
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.migrations import LATEST_TRIGGERS, MEASUREMENT_INDEX, statements
from qpvdesk.storage.tables import TABLES

_TRIGGERS = ("measurement_added", "measurement_changed", "measurement_removed", "objective_removed")


@dataclass(frozen=True, slots=True)
class CurrentValue:
    """The last value of an objective on a territory, up to a day. All but the value are keys."""

    contract: str
    objective: str
    territory: str
    day: date
    measurement: str
    value: Decimal


def bulk_load(base: Database, dossiers: Iterable[Dossier]) -> int:
    """Fill an empty base with contracts that have no history; return how many measurements.

    Raises `RuntimeError` where the base holds a contract already.
    """
    if base.contracts():
        raise RuntimeError("a bulk load fills an empty base")
    with base.guard.everything():
        base.connection.execute("PRAGMA foreign_keys = OFF")
        base.connection.execute("PRAGMA cache_size = -65536")
        try:
            with base.writing() as connection:
                return _load(connection, dossiers)
        finally:
            base.connection.execute("PRAGMA cache_size = -2000")
            base.connection.execute("PRAGMA foreign_keys = ON")


def _load(connection: sqlite3.Connection, dossiers: Iterable[Dossier]) -> int:
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
    latest.rebuild(connection)
    _check_references(connection)
    return count


def _check_references(connection: sqlite3.Connection) -> None:
    """Check at once what the load did not check row by row. Raises `sqlite3.IntegrityError`."""
    lost = connection.execute("PRAGMA foreign_key_check").fetchone()
    if lost is not None:
        raise sqlite3.IntegrityError(f"FOREIGN KEY: {lost[0]} refers to no {lost[2]}")


_LATEST = "SELECT contract, objective, territory, day, measurement, value FROM latest"
_PACKED = (
    "SELECT contract, json_group_array(json_array(objective, territory, day, measurement, value)) FROM latest{}"
    " GROUP BY contract"
)
"""The same, one text a contract: five cells a row cost more as values of SQLite's than read out of it together."""
_ROWS = msgspec.json.Decoder(list[tuple[str, str, int, str, str]])
_UP_TO = (
    "SELECT l.contract, m.objective, m.territory, m.day, m.key, m.value FROM latest l JOIN measurement m"
    " ON m.key = (SELECT s.key FROM measurement s WHERE s.objective = l.objective AND s.territory = l.territory"
    " AND s.day <= ? ORDER BY s.day DESC, s.key DESC LIMIT 1)"
)


def current_rows(
    base: Database, day: date | None = None, contract: str | None = None
) -> list[tuple[str, str, str, int, str, str]]:
    """Return the last values as the table holds them: contract, objective, territory, ordinal day, key, text.

    Without `day`, whatever was recorded last; with it, what was known on that day. Without `contract`, of the
    whole base.
    """
    connection = base.connection
    chosen = () if contract is None else (contract,)
    if day is None:
        where = "" if contract is None else " WHERE contract = ?"
        packed = connection.execute(_PACKED.format(where), chosen)
        return [(key, *row) for key, rows in packed for row in _ROWS.decode(rows)]
    ordinal = day.toordinal()
    and_contract = "" if contract is None else " AND {}contract = ?"
    settled = connection.execute(
        _LATEST + " WHERE day <= ?" + and_contract.format(""), (ordinal, *chosen)
    ).fetchall()
    # Only the series that have gone on since are looked up one by one.
    earlier = connection.execute(
        _UP_TO + " WHERE l.day > ?" + and_contract.format("l."), (ordinal, ordinal, *chosen)
    )
    return settled + earlier.fetchall()


def current_values(
    base: Database, day: date | None = None, contract: str | None = None
) -> tuple[CurrentValue, ...]:
    """Return `current_rows` as domain values, by contract, objective and territory."""
    return tuple(
        CurrentValue(row[0], row[1], row[2], date.fromordinal(row[3]), row[4], Decimal(row[5]))
        for row in sorted(current_rows(base, day, contract))
    )
