"""The last value of each objective and territory, kept beside the measurements by triggers."""

from __future__ import annotations

from qpvdesk.storage.engine import sqlite3

_REBUILD = """
INSERT INTO latest (contract, objective, territory, day, measurement, value)
SELECT o.contract, s.objective, s.territory, m.day, m.key, m.value
FROM (SELECT DISTINCT objective, territory FROM measurement) s
JOIN objective o ON o.key = s.objective
JOIN measurement m ON m.key = (
    SELECT n.key FROM measurement n WHERE n.objective = s.objective AND n.territory = s.territory
    ORDER BY n.day DESC, n.key DESC LIMIT 1)
"""
_KEPT = "SELECT contract, objective, territory, day, measurement, value FROM latest"
_EXPECTED = (
    "SELECT o.contract, m.objective, m.territory, m.day, m.key, m.value FROM measurement m"
    " JOIN objective o ON o.key = m.objective WHERE NOT EXISTS (SELECT 1 FROM measurement n"
    " WHERE n.objective = m.objective AND n.territory = m.territory AND (n.day, n.key) > (m.day, m.key))"
)


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the latest values anew from the measurements."""
    connection.execute("DELETE FROM latest")
    connection.execute(_REBUILD)


def faults(connection: sqlite3.Connection) -> list[str]:
    """Return a French sentence where they are not those of the measurements."""
    for kept, expected in ((_KEPT, _EXPECTED), (_EXPECTED, _KEPT)):
        if connection.execute(f"SELECT 1 FROM ({kept} EXCEPT {expected}) LIMIT 1").fetchone() is not None:
            return ["Les dernières valeurs ne correspondent pas aux relevés."]
    return []
