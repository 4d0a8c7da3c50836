"""What a package brings that no contract may hold: found once the rows are there, before anything is kept."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.faults import Fault, faults
from qpvdesk.storage.contracts import contracts, dossier
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.merged import Merged
from qpvdesk.storage.history import HistoryReader


class UnsoundError(Exception):
    """A merge brings faults; some of them may have been there before."""


def standing(connection: sqlite3.Connection, today: date) -> frozenset[Fault]:
    return frozenset(
        fault
        for contract in contracts(connection)
        for fault in faults(dossier(connection, contract.key), today=today)
    )


def check_package(
    connection: sqlite3.Connection, merged: Merged, *, today: date, standing: Container[Fault] | None
) -> None:
    """Refuse what a merge brings and no road lets in. `standing`: the faults of before, which are no news.

    Raises `UnsoundError` where these are not known (None) and there are faults, else `UserError` at the first new one.
    """
    touched = {key for _, key in merged.rows}
    for fault in _brought(connection, touched, today):
        if standing is None:
            raise UnsoundError
        if fault not in standing:
            name = HistoryReader(connection).name(fault.kind, fault.key)
            raise UserError(
                f"Ce paquet apporte ce qu’aucune saisie n’admet ({name}\u202f: {fault.words}). Rien n’a été fusionné.",
                "Demandez à votre collègue de le corriger (la vérification de sa base le lui montre), puis un nouveau"
                " paquet.",
                shell="Pour vérifier une base\u202f: «\u202fqpvdesk verifier\u202f».",
            )


def _brought(connection: sqlite3.Connection, touched: Container[str], today: date) -> Iterator[Fault]:
    for contract in contracts(connection):
        yield from faults(dossier(connection, contract.key), today=today, among=touched)
