"""The quartiers of a base of before, linked to the place under which each was listed.

How much of a quartier lies there nobody said: the share is unknown until a list or a contour tells it.
"""

from __future__ import annotations

from collections.abc import Iterator

from qpvdesk.domain.model import Basis, Level, TerritoryLink
from qpvdesk.storage import journal, written
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.journal import EXISTENCE
from qpvdesk.storage.keys import link_key
from qpvdesk.storage.written import Written

_UNLINKED = """
SELECT q.key, q.parent FROM territory q JOIN territory c ON c.key = q.parent
WHERE q.level = ? AND c.level = ? AND NOT EXISTS (SELECT 1 FROM territory_link l WHERE l.part = q.key)
ORDER BY q.key
"""


def changes(connection: sqlite3.Connection) -> Iterator[Written]:
    """Yield a link of unknown share for each quartier that has none."""
    rows = connection.execute(_UNLINKED, (Level.QPV.value, Level.COMMUNE.value)).fetchall()
    for part, whole in rows:
        yield written.new(_unknown(part, whole))


def may_write(change: Written) -> bool:
    """Tell whether these changes could be so in some base: a link of unknown share, under the key of its two places.

    Raises `ValueError` where it is in no form of ours.
    """
    if change.kind != "territory_link" or change.field != EXISTENCE or change.value is None:
        return False
    cells = dict(journal.unfolded(change.field, change.value))
    return change == written.new(_unknown(str(cells.get("part")), str(cells.get("whole"))))


def _unknown(part: str, whole: str) -> TerritoryLink:
    return TerritoryLink(link_key(part, whole), part, whole, basis=Basis.INCONNUE)
