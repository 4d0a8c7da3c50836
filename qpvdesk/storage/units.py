"""A unit of the contract of Lens-Liévin that did not name what it counts, mended in the bases that hold it so.

ARS-O09 counts contrats de ville that are finished: « contrats », where the first edition said « fait ».
"""

from __future__ import annotations

from collections.abc import Iterator

from qpvdesk.storage import journal, levels
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.written import Written

_OBJECTIVE, _BEFORE, _AFTER = "ARS-O09", "fait", "contrats"


def _mended() -> Iterator[Written]:
    for key_of in levels.EDITIONS:
        yield Written("objective", key_of(f"objective/{_OBJECTIVE}"), "unit", _AFTER)


def changes(connection: sqlite3.Connection) -> Iterator[Written]:
    """Yield the unit of the objective, where it is the first one still and nobody but the contract's author wrote it."""
    for change in _mended():
        kept = connection.execute(
            "SELECT 1 FROM objective WHERE key = ? AND unit = ?", (change.key, _BEFORE)
        ).fetchone()
        if kept is not None and not journal.is_written_since(
            connection, change.kind, change.key, change.field
        ):
            yield change


def may_write(change: Written) -> bool:
    """Tell whether these changes could be so in some base."""
    return change in _mended()
