"""What mends the words of `mends_data` in the bases that hold them.

A cell is mended where it says still what the contract's author wrote, and nobody has written it since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from qpvdesk.domain.model import Citation
from qpvdesk.storage import journal, second_edition, written
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.mends_data import Mend
from qpvdesk.storage.tables import BY_KIND, TableField
from qpvdesk.storage.written import Written

_FOLLOWED = ("meteo", "step", "attachment")
"""What officers hang on an engagement: one that has some is followed for itself, and goes under no other."""


def changes(connection: sqlite3.Connection, mends: Iterable[Mend]) -> Iterator[Written]:
    """Yield what is to be written where the contract, or the example made of it, is as its author wrote it."""
    for before, after in _written(mends):
        table = BY_KIND[before.kind]
        rows = connection.execute(table.select("key = ?"), (before.key,)).fetchall()
        if before.field == journal.EXISTENCE:
            if (
                bool(rows) and not _is_of_an_officer(connection, before)
                if after.value is None
                else not rows and _has_owner(connection, after)
            ):
                yield after
            continue
        for thing in table.entities(rows):
            cell = table.by_name[before.field].write(getattr(thing, before.field))
            if (
                cell == before.value
                and not _is_of_an_officer(connection, before)
                and not (before.field == "parent" and _is_followed(connection, before.key))
            ):
                yield after


def may_write(change: Written, mends: Iterable[Mend]) -> bool:
    """Tell whether these changes could be so in some base."""
    return any(change == after for _, after in _written(mends))


def _written(mends: Iterable[Mend]) -> Iterator[tuple[Written, Written]]:
    """Yield the cell before and after each mend, in either edition of the contract."""
    for key_of in second_edition.EDITIONS:
        for mend in mends:
            kind = mend.thing.partition("/")[0]
            key, fields = key_of(mend.thing), BY_KIND[kind].by_name
            if mend.field == journal.EXISTENCE and mend.after is None:
                yield Written(kind, key, mend.field, journal.ALIVE), Written(kind, key, mend.field, None)
                continue
            if mend.field == journal.EXISTENCE:
                cells = {name: _named(key_of, fields[name], value) for name, value in mend.after.items()}
                creation = written.new(BY_KIND[kind].entity(key=key, **cells))
                yield Written(kind, key, journal.EXISTENCE, None), creation
                continue
            field = fields[mend.field]
            before, after = (field.write(_named(key_of, field, value)) for value in (mend.before, mend.after))
            yield Written(kind, key, mend.field, before), Written(kind, key, mend.field, after)


def _named(key_of: Callable[[str], str], field: TableField, value: Any) -> Any:
    """What a cell holds, with the keys of an edition for the names of things."""
    if isinstance(value, Citation):
        return Citation(key_of(value.document), value.section, value.mark)
    return key_of(value) if field.ref and value else value


def _has_owner(connection: sqlite3.Connection, creation: Written) -> bool:
    """Whether all that a new thing names is there: the contract of that edition, its partner, its document."""
    table = BY_KIND[creation.kind]
    cells = dict(journal.unfolded(creation.field, creation.value))
    named = (
        (field.refers_to, value.document if isinstance(value, Citation) else value)
        for field in table.fields
        if field.refers_to and (value := field.read(cells.get(field.name)))
    )
    return all(connection.execute(BY_KIND[kind].select("key = ?"), (key,)).fetchone() for kind, key in named)


def _is_of_an_officer(connection: sqlite3.Connection, cell: Written) -> bool:
    """Whether an officer wrote a cell since the contract came in, or any of a thing."""
    field = cell.field or None
    return journal.is_written_since(connection, cell.kind, cell.key, field, programme=False)


def _is_followed(connection: sqlite3.Connection, engagement: str) -> bool:
    return any(
        connection.execute(BY_KIND[kind].select("engagement = ?"), (engagement,)).fetchone()
        for kind in _FOLLOWED
    )
