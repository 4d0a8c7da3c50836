"""Who sent packages to a base, and what theirs held then: what need not be sent to them again."""

from __future__ import annotations

import json

from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.package import Package, Vector

PEER = "peer:"
"""Rows of `meta` whose name begins so say what another installation knew when its last package was made."""


def remember(connection: sqlite3.Connection, package: Package) -> None:
    """Note what the sender of a package knows (inside a transaction)."""
    known = {"nom": package.sender_label, "connus": package.known}
    connection.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        # Who never wrote has no uid, and may still send what others wrote.
        (PEER + (package.sender or package.sender_label), json.dumps(known, ensure_ascii=False)),
    )


def peers(connection: sqlite3.Connection) -> dict[str, tuple[str, Vector]]:
    """Return who sent packages: uid → name, and what their base held then."""
    rows = connection.execute("SELECT name, value FROM meta WHERE substr(name, 1, 5) = ?", (PEER,)).fetchall()
    made = {}
    for name, value in rows:
        held = json.loads(value)
        made[name.removeprefix(PEER)] = (
            str(held["nom"]),
            {str(uid): int(seq) for uid, seq in held["connus"].items()},
        )
    return made
