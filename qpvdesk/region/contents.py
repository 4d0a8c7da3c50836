"""What the bases of an entrepôt hold, known without opening those that did not change since.

A run that takes one package in among nine hundred bases opens one of them. What is noted is thrown away where it cannot be
read: it only spares opening.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from qpvdesk import durable
from qpvdesk.services.desk import Desk
from qpvdesk.storage.exchange import ledger, packages


class HeldContract(Struct, frozen=True):
    """A contract of a base: its key, its code, its name, its first day."""

    key: str
    code: str
    name: str
    start: date | None
    retired: bool


class Contents(Struct, frozen=True):
    """What one base holds, as of a state of its file."""

    stamp: tuple[int, int]
    """Moment of the last change and size of its file."""
    state: str
    """See `packages.state`."""
    contracts: tuple[HeldContract, ...]
    writers: frozenset[str]
    """See `ledger.writers`."""


def stamp_of(path: Path) -> tuple[int, int]:
    """Return what changes whenever a file does."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def contents_of(desk: Desk, path: Path) -> Contents:
    """Look into an open base."""
    stamp = stamp_of(path)
    contracts = tuple(
        HeldContract(item.key, item.code, item.name, item.signed_on or item.start, item.retired)
        for item in desk.base.contracts(removed=True)
    )
    return Contents(stamp, packages.state(desk.base), contracts, ledger.writers(desk.base))


def read(path: Path) -> dict[str, Contents]:
    """Return what was noted, by name of the base; nothing where it cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Contents])
    except (OSError, msgspec.MsgspecError):
        return {}


def keep(path: Path, known: dict[str, Contents]) -> None:
    """Note what is known. Raises `OSError`."""
    durable.write(path, msgspec.json.encode(known), private=True, flushed=False)
