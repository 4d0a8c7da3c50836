"""Reading contracts: everything one holds, as domain objects."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract, Dossier
from qpvdesk.storage import measurements
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.tables import BY_KIND, DOSSIER_TABLES, TABLES, Table, of_contract

_OWNED = tuple(table for table in DOSSIER_TABLES if table.kind != "contract")
_TOGETHER_COLUMNS_MAX = 14
"""Tables of so many columns at most are read by one statement; what lacks of each to the widest is filled with NULL."""


def contracts(connection: sqlite3.Connection, *, removed: bool = False) -> tuple[Contract, ...]:
    """Return the contracts of the base, by code; `removed`: those that were removed too."""
    table = BY_KIND["contract"]
    stored = table.entities(connection.execute(table.select("TRUE") + " ORDER BY code"))
    return tuple(item for item in stored if removed or not item.retired)


def dossier_coded(connection: sqlite3.Connection, code: str) -> Dossier | None:
    """Return everything the contract of that code holds; None where there is none, or it was removed."""
    return _dossier(connection, "code = ?", code, removed=False)


def dossier(connection: sqlite3.Connection, key: str) -> Dossier:
    """Return everything a contract holds, in the order that `Dossier` promises. Raises `UserError` where it is gone."""
    stored = _dossier(connection, "key = ?", key, removed=True)
    if stored is None:
        raise UserError("Ce contrat n’est plus dans la base.", "Choisissez-en un autre.")
    return stored


def _dossier(connection: sqlite3.Connection, where: str, value: str, *, removed: bool) -> Dossier | None:
    table = BY_KIND["contract"]
    # Half of the tables have no row: which, is asked with the contract itself.
    filled = (f"EXISTS (SELECT 1 FROM {owned.kind})" for owned in _OWNED)
    rows = connection.execute(table.select(where, before=filled), (value,)).fetchall()
    coded = table.entities(row[len(_OWNED) :] for row in rows)
    contract = next((item for item in coded if removed or not item.retired), None)
    if contract is None:
        return None
    fields: dict[str, Any] = {owned.dossier: () for owned in _OWNED}
    together: dict[Table, list[tuple[Any, ...]]] = {}
    for owned, has_rows in zip(_OWNED, rows[0], strict=False):
        if has_rows and len(owned.columns) <= _TOGETHER_COLUMNS_MAX and owned.kind != "measurement":
            together[owned] = []
        elif has_rows:
            read = measurements.entities if owned.kind == "measurement" else owned.entities
            fields[owned.dossier] = tuple(read(connection.execute(_select(owned), (contract.key,))))
    _read_together(connection, contract.key, together)
    for owned, its_rows in together.items():
        fields[owned.dossier] = tuple(owned.entities(_ordered(owned, its_rows)))
    return Dossier(contract=contract, **fields)


def _read_together(
    connection: sqlite3.Connection, key: str, rows: dict[Table, list[tuple[Any, ...]]]
) -> None:
    """Put the rows of a contract of several tables beside each, in one statement: those that are narrow."""
    if not rows:
        return
    width = max(len(table.columns) for table in rows)
    queries = (
        table.select(of_contract(table), *["NULL"] * (width - len(table.columns)), str(number))
        for number, table in enumerate(rows)
    )
    take = [of_table.append for of_table in rows.values()]
    for row in connection.execute(" UNION ALL ".join(queries), (key,) * len(rows)):
        take[row[width]](row)


def _ordered(table: Table, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Sort rows as `ORDER BY` does; SQLite would sort those of several tables at twice the price."""
    places = [table.columns.index(name) for name in table.order]
    try:
        rows.sort(key=itemgetter(*places))
    except TypeError:
        # What is unknown comes first.
        rows.sort(key=lambda row: [(row[place] is not None, row[place]) for place in places])
    return rows


def atlas(connection: sqlite3.Connection, key: str) -> dict[str, tuple[Any, ...]]:
    """Return what is kept apart of a contract, by the name of its tuple in a dossier."""
    return {
        table.dossier: tuple(table.entities(connection.execute(_select(table), (key,))))
        for table in TABLES
        if table.apart
    }


def _select(table: Table) -> str:
    query = table.select(of_contract(table))
    return query if table.kind == "measurement" else f"{query} ORDER BY {', '.join(table.order)}"
