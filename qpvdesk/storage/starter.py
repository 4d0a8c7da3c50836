"""Bringing in a contract that ships with the program, the same on every laptop."""

from __future__ import annotations

from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier
from qpvdesk.storage import chain, journal, programme
from qpvdesk.storage.base import Database
from qpvdesk.storage.journal import EXISTENCE, Act
from qpvdesk.storage.keys import starter_key
from qpvdesk.storage.tables import BY_ENTITY, RANK, TABLES
from qpvdesk.storage.unit import Unit


def import_starter(base: Database, dossier: Dossier) -> None:
    """Add a contract that ships with the program.

    Author, clock and sequence follow from the contract alone, so that two laptops make the same operations
    and their packages agree. Not an act of the officer's: undo does not offer it. Raises `UserError` where
    the base has the contract already.
    """
    if any(contract.key == dossier.contract.key for contract in base.contracts()):
        raise UserError(f"Le contrat «\u202f{dossier.contract.code}\u202f» est déjà dans la base.")
    label = f"Contrat de départ\u202f: {dossier.contract.name}"
    entities = _entities(dossier)
    if journal.known(base.connection, [entity.key for entity in entities]):
        # It was here and was removed: what comes back is no longer the program's word alone.
        with base.unit(label, undoable=False) as again:
            again.put_all(entities)
        return
    # Another edition of the contract is another author.
    uid = f"{journal.STARTER}{dossier.contract.code}:{_digest(label, entities)}"
    with base.writing() as connection:
        author = journal.author_number(connection, uid, programme.author_name(uid))
        unit = Unit(connection, Act(starter_key(uid), author, label, base.clock()), programme.EPOCH)
        unit.put_all(entities)
        unit.close()


def _digest(label: str, entities: list[Any]) -> str:
    tables = [BY_ENTITY[type(entity)] for entity in entities]
    digests = (
        chain.digest_of(
            (
                seq,
                programme.EPOCH,
                table.kind,
                entity.key,
                EXISTENCE,
                journal.creation(table, entity),
                None,
                None,
            )
        )
        for seq, (table, entity) in enumerate(zip(tables, entities, strict=True), 1)
    )
    return programme.digest(chain.label_digest(label), digests)


def _entities(dossier: Dossier) -> list[Any]:
    entities: list[Any] = [dossier.contract]
    for table in TABLES:
        if table.kind != "contract":
            entities += getattr(dossier, table.dossier)
    # The order in which they are written.
    return sorted(entities, key=lambda entity: RANK[BY_ENTITY[type(entity)].kind])
