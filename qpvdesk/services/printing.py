"""Printing: a situation in, a PDF on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qpvdesk.services.state import Picture


def write_report(
    model: str,
    picture: Picture,
    path: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Write the report and return its number of pages.

    The file appears whole or not at all. Raises `UserError` where it cannot be written.
    """
    from qpvdesk.reports import copil

    writers = {"copil": copil.write}
    data = copil.CopilData(
        situation=picture.situation,
        previous=picture.previous,
        alerts=tuple(view.point for view in picture.alerts),
        findings=tuple(view.point for view in picture.findings),
    )
    return writers[model](path, data, progress=progress, cancelled=cancelled)
