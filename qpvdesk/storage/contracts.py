"""Reading contracts: everything one holds, as domain objects."""

from __future__ import annotations

from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract, Dossier
from qpvdesk.storage import measurements
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.tables import BY_KIND, DOSSIER_TABLES, TABLES, Table, of_contract


def contracts(connection: sqlite3.Connection, *, removed: bool = False) -> tuple[Contract, ...]:
    """Return the contracts of the base, by code; `removed`: those that were removed too."""
    table = BY_KIND["contract"]
    held = table.entities(connection.execute(table.select("TRUE") + " ORDER BY code"))
    return tuple(item for item in held if removed or not item.retired)


def dossier_coded(connection: sqlite3.Connection, code: str) -> Dossier | None:
    """Return everything the contract of that code holds; None where there is none, or it was removed."""
    table = BY_KIND["contract"]
    coded = table.entities(connection.execute(table.select("code = ?"), (code,)))
    contract = next((contract for contract in coded if not contract.retired), None)
    return None if contract is None else dossier(connection, contract.key, contract)


def dossier(connection: sqlite3.Connection, key: str, contract: Contract | None = None) -> Dossier:
    """Return everything a contract holds, in the order that `Dossier` promises. Raises `UserError` where it is gone.

    `contract`: its own row, where that was read already.
    """
    held: dict[str, Any] = {} if contract is None else {"contract": contract}
    filled = _filled(connection)
    for table in DOSSIER_TABLES:
        if table.dossier in held:
            continue
        if table.kind not in filled:
            held[table.dossier] = ()
            continue
        rows = connection.execute(_select(table), (key,))
        entities = measurements.entities(rows) if table.kind == "measurement" else table.entities(rows)
        if table.kind == "contract":
            if not entities:
                raise UserError("Ce contrat n’est plus dans la base.", "Choisissez-en un autre.")
            held["contract"] = entities[0]
        else:
            held[table.dossier] = tuple(entities)
    return Dossier(**held)


def atlas(connection: sqlite3.Connection, key: str) -> dict[str, tuple[Any, ...]]:
    """Return what is kept apart of a contract, by the name of its tuple in a dossier."""
    return {
        table.dossier: tuple(table.entities(connection.execute(_select(table), (key,))))
        for table in TABLES
        if table.apart
    }


def _filled(connection: sqlite3.Connection) -> set[str]:
    """Return the kinds that have a row in the base, and the contract's: half of them have none, in one statement."""
    kinds = [table.kind for table in DOSSIER_TABLES]
    row = connection.execute(
        f"SELECT {', '.join(f'EXISTS (SELECT 1 FROM {kind})' for kind in kinds)}"
    ).fetchone()
    return {"contract", *(kind for kind, has_rows in zip(kinds, row, strict=True) if has_rows)}


def _select(table: Table) -> str:
    query = table.select(of_contract(table))
    return (
        query if table.kind in ("contract", "measurement") else f"{query} ORDER BY {', '.join(table.order)}"
    )
