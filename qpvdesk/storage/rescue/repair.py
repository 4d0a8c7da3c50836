"""Putting a damaged base right in its place: what it was stays beside, to the byte."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import lock
from qpvdesk.storage.care import backup
from qpvdesk.storage.connection import check_beside, connect, file_of, journal_of
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.identity import Identity
from qpvdesk.storage.refusals import explained, no_room
from qpvdesk.storage.rescue import pages
from qpvdesk.storage.rescue.forms import forms_of
from qpvdesk.storage.rescue.salvage import Report, salvage


@dataclass(frozen=True, slots=True)
class Repaired:
    """A base that was mended in its place, and where the one before it is kept."""

    report: Report
    kept: Path


def set_aside(path: Path, before: Path | None = None) -> Path:
    """Copy a damaged base beside itself, once, with the journal it may have left; return the copy. Raises `OSError`.

    `before`: the base as it was before something changed it, where that is what to keep.
    """
    kept = before or path
    aside = path.parent / f"{path.stem}.endommagee-{durable.sha256_of(kept)[:12]}{path.suffix}"
    if not aside.exists():
        hot = journal_of(kept)
        if hot.exists() and hot.stat().st_size:
            durable.copy(hot, journal_of(aside))
        durable.copy(kept, aside)
    return aside


def repair(base: Path, *, now: datetime, identity: Identity | None = None) -> Repaired:
    """Put what can be saved of a closed base in its place. `now` bears its zone; `identity`: see `salvage`.

    Raises `UserError` where it is open elsewhere, there is no room, or no contract can be read any more; the base is
    then untouched.
    """
    base = base.absolute()
    check_beside(base)
    file = file_of(base)
    work, repaired = (file.parent / (file.name + end) for end in (backup.SALVAGED, backup.MENDED))
    try:
        base_lock = lock.acquire(base)
    except OSError as error:
        raise no_room(base, error) from error
    try:
        durable.copy_privately(base, work)
        hot = journal_of(base)
        if hot.exists():
            # What a killed process left half-way is rolled back first, in the copy; it names no other file.
            durable.copy_privately(hot, journal_of(work))
            with contextlib.suppress(sqlite3.Error), contextlib.closing(connect(work, "rw")) as connection:
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        repaired.unlink(missing_ok=True)
        report = salvage(work, repaired, now=now, identity=identity)
        kept = _saved(base, now)
        hot.unlink(missing_ok=True)
        durable.flush(file.parent)
        durable.share_as(repaired, file)
        durable.place(repaired, file)
        return Repaired(report, kept)
    except sqlite3.Error as error:
        raise explained(error, base) or error from error
    except OSError as error:
        raise no_room(base, error) from error
    finally:
        for left in (work, repaired, journal_of(work), journal_of(repaired)):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
        base_lock.release()


def readable(damaged: Path) -> bool:
    """Tell whether a file holds a contract of ours, even where its header no longer says that it is a base."""
    try:
        content = damaged.read_bytes()
    except OSError:
        return False
    found = pages.read(content, forms_of(pages.version(content)))
    return bool(found.rows["contract"]) or any("contract" in fitting for _, fitting in found.strays)


def _saved(base: Path, now: datetime) -> Path:
    """Keep the base as it is before it is mended: a checked backup where it can be had, else a copy to the byte."""
    with contextlib.suppress(UserError, sqlite3.Error):
        return backup.make(base, now=now.astimezone().replace(tzinfo=None), reason="reparation").path
    return set_aside(base)
