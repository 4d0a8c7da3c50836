"""Bringing in a contract that ships with the program, the same on every laptop."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from qpvdesk.domain import canonical
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier
from qpvdesk.storage import clock, journal
from qpvdesk.storage.base import Database
from qpvdesk.storage.journal import Act
from qpvdesk.storage.keys import starter_key
from qpvdesk.storage.tables import TABLES
from qpvdesk.storage.unit import Unit

_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)


def import_starter(base: Database, dossier: Dossier) -> Change:
    """Add a contract that ships with the program.

    Author, clock and sequence follow from the contract alone, so that two laptops make the same operations
    and their packages agree. Not an act of the officer's: undo does not offer it. Raises `UserError` where
    the base has the contract already.
    """
    if any(one.key == dossier.contract.key for one in base.contracts()):
        raise UserError(f"Le contrat «\u202f{dossier.contract.code}\u202f» est déjà dans la base.")
    # Another edition of the contract is another author.
    uid = f"{journal.STARTER}{dossier.contract.code}:{canonical.fingerprint_of(dossier)[:12]}"
    label = f"Contrat de départ\u202f: {dossier.contract.name}"
    with base.writing() as connection:
        author = journal.author_number(connection, uid, "contrat de départ")
        unit = Unit(connection, Act(starter_key(uid), author, label, base.clock()), clock.stamp(_EPOCH))
        unit.put_all(_entities(dossier))
        unit.close()
    return unit.change


def _entities(dossier: Dossier) -> list[Any]:
    held: list[Any] = [dossier.contract]
    for table in TABLES:
        if table.kind != "contract":
            held += getattr(dossier, table.dossier)
    return held
