"""Reading contracts: everything one holds, as domain objects."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract, Dossier, Measurement
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
        entities = _measurements(rows) if table.kind == "measurement" else table.entities(rows)
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


def _measurements(rows: Iterable[Sequence[Any]]) -> list[Measurement]:
    """Do what `Table.entities` does, several times as fast, for the only table that grows large."""
    table = BY_KIND["measurement"]
    if table.columns[:12] != _MEASUREMENT_COLUMNS:
        raise RuntimeError("the columns of measurement moved")
    plain: list[Measurement] = []
    cited: list[Sequence[Any]] = []
    decimal, ordinal, iso = Decimal, date.fromordinal, date.fromisoformat
    for row in rows:
        if row[11] is not None:
            cited.append(row)
            continue
        plain.append(
            Measurement(
                row[0],
                row[1],
                row[2],
                ordinal(row[3]),
                decimal(row[4]),
                row[5],
                row[6],
                row[7] == 1,
                None if row[8] is None else decimal(row[8]),
                None if row[9] is None else decimal(row[9]),
                None if row[10] is None else iso(row[10]),
            )
        )
    plain += table.entities(cited)
    plain.sort(key=lambda item: (item.objective, item.day, item.key))
    return plain


_MEASUREMENT_COLUMNS = (
    "key", "objective", "territory", "day", "value", "source", "comment", "provisional", "numerator", "denominator",
    "entered_on", "citation_document",
)  # fmt: skip

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
