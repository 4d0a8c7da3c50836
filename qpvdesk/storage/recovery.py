"""What a base was before SQLite rolls back into it the journal that stands beside it.

A killed process leaves such a journal, and then it is right. A folder that is half synchronised brings one of another day:
the base is a mixture once it is rolled back, and the copy to set aside is the one of before.
"""

from __future__ import annotations

import contextlib
import filecmp
from pathlib import Path

from qpvdesk import durable
from qpvdesk.storage import suspicion
from qpvdesk.storage.care import backup
from qpvdesk.storage.connection import file_of, is_hot, journal_of


def before_of(path: Path) -> Path:
    """Return where a base is kept as it was, its journal beside, until it was found sound."""
    file = file_of(path)
    return file.parent / (file.name + backup.RECOVERING)


def keep_before(path: Path) -> None:
    """Copy a base and its journal, where there is one, before whoever opens it rolls it back; have it checked whole.

    Where the folder has no room nothing is copied: what a killed process left is rolled back all the same.
    """
    if not is_hot(path):
        return
    suspicion.suspect(path)
    before, hot = before_of(path), journal_of(path)
    with contextlib.suppress(OSError):
        # A recovery that was itself cut short has changed the base since: its first copy is the right one.
        if not (before.is_file() and journal_of(before).is_file() and _same(hot, journal_of(before))):
            durable.copy(path, before)
            durable.copy(hot, journal_of(before))


def forget(path: Path) -> None:
    """Remove what was kept of a base that was found sound. Raises `OSError`."""
    before = before_of(path)
    for left in (journal_of(before), before):
        left.unlink(missing_ok=True)


def quarantined(path: Path) -> Path | None:
    """Set a copy of a damaged base aside, as it was before its journal was rolled back; None where it cannot be."""
    before = before_of(path)
    with contextlib.suppress(OSError):
        from qpvdesk.storage import rescue  # noqa: PLC0415 - 26 ms, a damaged base alone needs it

        if not before.is_file():
            return rescue.set_aside(path)
        aside = rescue.set_aside(path, before)
        forget(path)
        return aside
    return None


def _same(journal: Path, other: Path) -> bool:
    return filecmp.cmp(journal, other, shallow=False)
