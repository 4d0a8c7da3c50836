"""Reading contracts: everything one holds, as domain objects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract, Dossier
from qpvdesk.storage import measurements
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.schema import BY_KIND, TABLES, Table, of_contract


@dataclass(frozen=True, slots=True)
class CurrentValue:
    """The last value of an objective on a territory, up to a day. All but the value are keys."""

    contract: str
    objective: str
    territory: str
    day: date
    measurement: str
    value: Decimal


def contracts(connection: sqlite3.Connection) -> tuple[Contract, ...]:
    """Return the contracts of the base, by code."""
    table = BY_KIND["contract"]
    return tuple(table.entities(connection.execute(table.select("TRUE") + " ORDER BY code")))


def dossier(connection: sqlite3.Connection, key: str) -> Dossier:
    """Return everything a contract holds, in the order that `Dossier` promises. Raises `UserError` where it is gone."""
    held: dict[str, Any] = {}
    for table in TABLES:
        rows = connection.execute(_select(table), (key,))
        entities = measurements.entities(rows) if table.kind == "measurement" else table.entities(rows)
        if table.kind == "contract":
            if not entities:
                raise UserError("Ce contrat n’est plus dans la base.", "Choisissez-en un autre.")
            held["contract"] = entities[0]
        else:
            held[table.dossier] = tuple(entities)
    return Dossier(**held)


def _select(table: Table) -> str:
    query = table.select(of_contract(table))
    return (
        query if table.kind in ("contract", "measurement") else f"{query} ORDER BY {', '.join(table.order)}"
    )


_LATEST = "SELECT contract, objective, territory, day, measurement, value FROM latest"
_UP_TO = (
    "SELECT l.contract, m.objective, m.territory, m.day, m.key, m.value FROM latest l JOIN measurement m"
    " ON m.key = (SELECT s.key FROM measurement s WHERE s.objective = l.objective AND s.territory = l.territory"
    " AND s.day <= ? ORDER BY s.day DESC, s.key DESC LIMIT 1)"
)


def current_rows(
    connection: sqlite3.Connection, day: date | None = None, contract: str | None = None
) -> list[tuple[str, str, str, int, str, str]]:
    """Return the last values as the table holds them: contract, objective, territory, ordinal day, key, text.

    Without `day`, whatever was recorded last; with it, what was known on that day. Without `contract`, of the
    whole base.
    """
    chosen = () if contract is None else (contract,)
    if day is None:
        where = "" if contract is None else " WHERE contract = ?"
        return connection.execute(_LATEST + where, chosen).fetchall()
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
    connection: sqlite3.Connection, day: date | None = None, contract: str | None = None
) -> tuple[CurrentValue, ...]:
    """Return `current_rows` as domain values, by contract, objective and territory."""
    return tuple(
        CurrentValue(row[0], row[1], row[2], date.fromordinal(row[3]), row[4], Decimal(row[5]))
        for row in sorted(current_rows(connection, day, contract))
    )
