"""What is read of an open base, beyond its contracts: history, frozen data, joined files."""

from __future__ import annotations

from qpvdesk.domain.change import Change
from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.domain.model import Attachment, Snapshot
from qpvdesk.storage import files, snapshots
from qpvdesk.storage.base import Database
from qpvdesk.storage.history import HistoryEntry, HistoryReader
from qpvdesk.storage.snapshots import Frozen


def history(
    base: Database, object_code: str | None = None, limit: int = 500, *, contract: str | None = None
) -> tuple[HistoryEntry, ...]:
    """Return the latest changes first, of the object of that code and what belongs to it, or of all.

    `contract`: key of the contract that they are of; None: of all those of the base.
    """
    with base.at_one_moment() as connection:
        return HistoryReader(connection).entries(object_code, limit, contract)


def contracts_of(base: Database, change: Change) -> frozenset[str]:
    """Return the keys of the contracts that the things which an act changed are or were of."""
    with base.at_one_moment() as connection:
        reader = HistoryReader(connection)
        found = {reader.contract_of(kind, key) for kind, key, _ in change.touched}
    return frozenset(key for key in found if key is not None)


def contract_of(base: Database, kind: str, key: str) -> str | None:
    with base.at_one_moment() as connection:
        return HistoryReader(connection).contract_of(kind, key)


def history_of(base: Database, key: str, limit: int = 500) -> tuple[HistoryEntry, ...]:
    """Return the latest changes first, of the one entity of that key."""
    with base.at_one_moment() as connection:
        return HistoryReader(connection).entries_of(key, limit)


def thawed(base: Database, snapshot: Snapshot) -> Frozen:
    """Return a contract as a snapshot froze it, with what was said of it. Raises `UserError` where it was altered."""
    with base.reading() as connection:
        return snapshots.thawed(connection, snapshot)


def thawed_letterhead(base: Database, snapshot: Snapshot) -> Letterhead:
    """Return the header that papers bore when a snapshot was made. Raises `UserError` as `thawed`."""
    with base.reading() as connection:
        return snapshots.thawed_letterhead(connection, snapshot)


def file(base: Database, attachment: Attachment) -> bytes:
    """Return what an attachment holds. Raises `UserError` where it is absent or altered."""
    with base.reading() as connection:
        return files.content(connection, attachment)


def pages(base: Database, attachment: Attachment) -> tuple[str, ...] | None:
    """Return the text of an attachment, one string a page; None where it has none."""
    with base.reading() as connection:
        return files.pages(connection, attachment.digest)


def files_size(base: Database) -> int:
    """Return how many bytes the joined files take in the base."""
    with base.reading() as connection:
        return files.total(connection)
