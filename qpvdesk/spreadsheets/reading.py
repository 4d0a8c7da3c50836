"""Reading a table that came from elsewhere, in a process of its own that cannot harm this one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qpvdesk import bounded
from qpvdesk.spreadsheets.book import ReadBook


def read(
    path: Path, *, seconds: float = bounded.TABLE_SECONDS, cancelled: Callable[[], bool] = lambda: False
) -> ReadBook:
    """Read a spreadsheet. Raises `UserError` for what is refused, and where the reader hung, died or was stopped."""
    return bounded.ask(bounded.BOOK, path, ReadBook, seconds=seconds, cancelled=cancelled)
