"""Reading the text of a document that came from elsewhere, in a process of its own that cannot harm this one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qpvdesk import bounded


def pages(
    path: Path, *, seconds: float = bounded.SECONDS, cancelled: Callable[[], bool] = lambda: False
) -> tuple[str, ...]:
    """Return the text of a document, one string a page; a plain text is one page.

    A page without text (a scan) is an empty string. Raises `UserError` for what is refused, and where the reader
    hung, died or was stopped.
    """
    return bounded.ask(bounded.PAGES, path, tuple[str, ...], seconds=seconds, cancelled=cancelled)
