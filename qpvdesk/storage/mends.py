"""What mends the words of `mends_data` in the bases that hold them.

A cell is mended where it says still what the contract's author wrote, and nobody has written it since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qpvdesk.storage import journal, levels
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.mends_data import Mend
from qpvdesk.storage.tables import BY_KIND
from qpvdesk.storage.written import Written


def changes(connection: sqlite3.Connection, mends: Iterable[Mend]) -> Iterator[Written]:
    """Yield what is to be written where the contract, or the example made of it, is as its author wrote it."""
    for before, after in _written(mends):
        table = BY_KIND[before.kind]
        rows = connection.execute(table.select("key = ?"), (before.key,)).fetchall()
        for thing in table.entities(rows):
            said = table.by_name[before.field].write(getattr(thing, before.field))
            if said == before.value and not journal.is_written_since(
                connection, before.kind, before.key, before.field, programme=False
            ):
                yield after


def may_write(change: Written, mends: Iterable[Mend]) -> bool:
    """Tell whether these changes could be so in some base."""
    return any(change == after for _, after in _written(mends))


def _written(mends: Iterable[Mend]) -> Iterator[tuple[Written, Written]]:
    """Yield the cell before and after each mend, in either edition of the contract."""
    for key_of in levels.EDITIONS:
        for mend in mends:
            kind = mend.thing.partition("/")[0]
            field = BY_KIND[kind].by_name[mend.field]
            before, after = (
                field.write(key_of(said) if mend.field == "reference" and said else said)
                for said in (mend.before, mend.after)
            )
            key = key_of(mend.thing)
            yield Written(kind, key, mend.field, before), Written(kind, key, mend.field, after)
