"""What the program writes of itself in a base, one cell or one new thing at a time."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from qpvdesk.storage import journal
from qpvdesk.storage.journal import EXISTENCE, Cell
from qpvdesk.storage.tables import BY_ENTITY, Entity


class Written(Struct, frozen=True):
    """One thing that the program writes: a new entity (its cells), or another value of one cell.

    A new entity whose key the journal knows is left as it is; a cell that has the value already, too.
    """

    kind: str
    key: str
    field: str
    value: Cell


def new(entity: Entity) -> Written:
    """Return the making of an entity; its key follows from the data (see `keys.starter_key`)."""
    table = BY_ENTITY[type(entity)]
    return Written(table.kind, entity.key, EXISTENCE, journal.creation(table, entity))


def changed(entity: Entity, field: str, value: Any) -> Written:
    table = BY_ENTITY[type(entity)]
    return Written(table.kind, entity.key, field, table.by_name[field].write(value))


def removed(entity: Entity) -> Written:
    return Written(BY_ENTITY[type(entity)].kind, entity.key, EXISTENCE, None)
