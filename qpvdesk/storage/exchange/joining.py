"""The same new figure on both sides, for one objective, place and day: one row, and a disagreement where they differ.

The first made stays; what the other says is written beside it, in the name of whoever wrote it, and its row goes. Both
sides come to the same, whichever merges first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from qpvdesk.storage import journal
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.merged_rows import MergedRows
from qpvdesk.storage.exchange.package import Vector
from qpvdesk.storage.journal import EXISTENCE
from qpvdesk.storage.tables import BY_KIND

_KIND = "measurement"
_SAME = ("objective", "territory", "day")
_HELD = "SELECT key FROM measurement WHERE objective = ? AND territory = ? AND day = ? ORDER BY key"
_BROUGHT = "SELECT key, objective, territory, day FROM measurement WHERE key IN ({}) ORDER BY key"
_MADE = (
    "SELECT o.key, o.hlc, a.uid, o.seq FROM operation o JOIN author a ON a.id = o.author"
    " WHERE o.kind = 'measurement' AND o.key IN (?, ?) ORDER BY o.hlc, a.uid"
)


def join_figures(
    connection: sqlite3.Connection, merged_rows: MergedRows, brought: Iterable[str], known: Vector
) -> None:
    """Make one figure of two. `brought`: keys of those that are new here; `known`: what their sender had seen of ours."""
    new = set(brought)
    for first, second in list(_rivals(connection, new, known)):
        table = BY_KIND[_KIND]
        rows = table.entities(connection.execute(table.select("key IN (?, ?)"), (first, second)).fetchall())
        entities: dict[str, Any] = {entity.key: entity for entity in rows}
        if len(entities) < 2:
            # One of them was joined with a third already.
            continue
        heads = journal.heads(connection, _KIND, second)
        for field in table.fields[1:]:
            values = [field.write(getattr(entities[key], field.name)) for key in (first, second)]
            if field.name not in _SAME and values[0] != values[1]:
                head = heads.get(field.name) or heads[EXISTENCE]
                merged_rows.write(_KIND, first, field.name, values[1], parent=(head.author, head.seq))
        there = heads[EXISTENCE]
        merged_rows.write(_KIND, second, EXISTENCE, None, parent=(there.author, there.seq))
        merged = merged_rows.merged
        merged.joined += 1
        before = merged.removed[_KIND]
        merged_rows.project({_KIND: {first, second}})
        # Nobody added that one nor took it away.
        gone = merged.removed[_KIND] - before
        merged.removed[_KIND] -= gone
        merged.added[_KIND] -= gone


def _rivals(connection: sqlite3.Connection, new: set[str], known: Vector) -> Iterator[tuple[str, str]]:
    """Yield the figures that were made apart, the first made before the other.

    What was here is looked for once a place and day: a package of many figures of one is not compared with itself.
    """
    here: dict[tuple[str, str, str], list[str]] = {}
    keys = sorted(new)
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        for brought, *same in connection.execute(
            _BROUGHT.format(", ".join("?" * len(some))), some
        ).fetchall():
            place = tuple(same)
            if place not in here:
                here[place] = [key for (key,) in connection.execute(_HELD, place) if key not in new]
            for stored_key in here[place]:
                origins: dict[str, tuple[str, int]] = {}
                for key, _, uid, seq in connection.execute(_MADE, (brought, stored_key)).fetchall():
                    origins.setdefault(key, (uid, seq))
                (uid, seq), (other, _) = origins[stored_key], origins[brought]
                apart = uid != other and known.get(uid, 0) < seq
                if apart and not journal.is_programme(uid) and not journal.is_programme(other):
                    first, second = origins
                    yield first, second
