"""What a base notes of its exchanges, in rows of `meta`: who sent packages and what theirs held then, which need not be
sent to them again, and what the last merge brought."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.storage import journal
from qpvdesk.storage.authors import ForeignBaseError
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.exchange.package import Count, Package, Vector

_PEER = "peer:"
"""Rows whose name begins so say what another installation knew when its last package was made."""
_LAST_MERGE = "fusion"
"""The row that says which operations the last merge brought, by their numbers here."""
TAKEN = "partage:"
"""Rows whose name begins so say under which mark a file of a shared folder, by its name, was taken."""


class Peer(Struct, frozen=True):
    """Who sent packages, and what their base held at the last one."""

    name: str = msgspec.field(name="nom")
    known: dict[str, Count] = msgspec.field(name="connus")


class LastMerge(Struct, frozen=True):
    """What came last from a colleague: operations of the numbers `first` to `last`."""

    sender: str = msgspec.field(name="de")
    made_at: datetime = msgspec.field(name="le")
    first: Count = msgspec.field(name="premiere")
    last: Count = msgspec.field(name="derniere")
    returned: Count = msgspec.field(name="rendus", default=0)
    """How many texts came back with it as their author signed them: these stay."""
    completed: Count = msgspec.field(name="completees", default=0)
    """How many operations that were here already it changed: nothing tells any more what they said."""


_PEERS, _MERGES = msgspec.json.Decoder(Peer), msgspec.json.Decoder(LastMerge)


def remember(connection: sqlite3.Connection, package: Package) -> None:
    """Note what the sender of a package knows (inside a transaction)."""
    # Who never wrote has no uid, and whoever puts an older copy back goes on under another: their key stays.
    former = _PEER + (package.public or package.sender or package.sender_label)
    connection.execute(
        "DELETE FROM meta WHERE name = ? OR substr(name, 1, ?) = ?",
        (_PEER + package.sender_label, len(former) + 1, f"{former}."),
    )
    _note(connection, former, Peer(package.sender_label, package.known))


def note_merge(connection: sqlite3.Connection, merge: LastMerge) -> None:
    """Note a merge, inside its transaction."""
    _note(connection, _LAST_MERGE, merge)


def _note(connection: sqlite3.Connection, name: str, noted: Peer | LastMerge) -> None:
    journal.note(connection, name, msgspec.json.encode(noted).decode())


def peers(connection: sqlite3.Connection) -> dict[str, tuple[str, Vector]]:
    """Return who sent packages: uid → name, and what their base held then. Raises `ForeignBaseError`."""
    rows = connection.execute(
        "SELECT name, value FROM meta WHERE substr(name, 1, 5) = ?", (_PEER,)
    ).fetchall()
    check_noted(rows)
    sent = {name.removeprefix(_PEER): _PEERS.decode(value) for name, value in rows}
    return {uid: (peer.name, peer.known) for uid, peer in sent.items()}


def last_merge(connection: sqlite3.Connection) -> LastMerge | None:
    """Return the last merge; None where there was none. Raises `ForeignBaseError`."""
    rows = connection.execute("SELECT name, value FROM meta WHERE name = ?", (_LAST_MERGE,)).fetchall()
    check_noted(rows)
    return _MERGES.decode(rows[0][1]) if rows else None


def names(connection: sqlite3.Connection) -> set[str]:
    """Return the names that are noted: of colleagues, of who sent the last merge, of files that were taken.

    Raises `ForeignBaseError`.
    """
    return {name for row in _noted(connection) for name in _names(*row)}


def erase(connection: sqlite3.Connection, erased: Callable[[str], str]) -> None:
    """Take a text out of the names that were noted, and out of nothing else: identifiers and keys are no words.

    `erased`: what is left of a text. Raises `ForeignBaseError`.
    """
    changed = [row for row in _noted(connection) if any(erased(name) != name for name in _names(*row))]
    for name, value in changed:
        connection.execute("DELETE FROM meta WHERE name = ?", (name,))
        if name == _LAST_MERGE:
            merge = _MERGES.decode(value)
            _note(connection, name, replace(merge, sender=erased(merge.sender)))
        elif name.startswith(_PEER):
            peer = _PEERS.decode(value)
            # Who sent before keys were, and never wrote, is known by their name alone.
            place = _PEER + erased(peer.name) if name == _PEER + peer.name else name
            _note(connection, place, replace(peer, name=erased(peer.name)))
        # Else it is a file that was taken: read again at the next look, which changes nothing.


def _noted(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    rows = connection.execute("SELECT name, value FROM meta").fetchall()
    check_noted(rows)
    return rows


def _names(name: str, value: str) -> tuple[str, ...]:
    """Return the names of people, or of what they name, in one row."""
    if name.startswith(TAKEN):
        return (name.removeprefix(TAKEN),)
    if name == _LAST_MERGE:
        return (_MERGES.decode(value).sender,)
    return (_PEERS.decode(value).name,) if name.startswith(_PEER) else ()


def check_noted(rows: Iterable[tuple[str, str]]) -> None:
    """Raise `ForeignBaseError` where a row of `meta` says of exchanges what no release writes."""
    for name, value in rows:
        try:
            if name == _LAST_MERGE:
                _MERGES.decode(value)
            elif name.startswith(_PEER):
                _PEERS.decode(value)
        except msgspec.MsgspecError as error:
            raise ForeignBaseError(
                "Ce que cette base a noté de ses échanges avec vos collègues ne se lit pas"
            ) from error
