"""The contracts of a base side by side: each said by its own review, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from qpvdesk.domain.overview import ContractLine, Overview, line_of, overview
from qpvdesk.services.desk import Desk


def line(desk: Desk, contract: str, day: date) -> ContractLine:
    """Where the contract of that code stands on a day. Raises `UserError` where there is none."""
    return line_of(desk.review(contract, day, whole=False))


def of_base(desk: Desk, day: date, *, cancelled: Callable[[], bool] = lambda: False) -> Overview:
    """Every contract of the base on a day, the latest first; what was reckoned so far where it is `cancelled`."""
    lines = []
    for contract in desk.contracts():
        if cancelled():
            break
        lines.append(line(desk, contract.code, day))
    return overview(day, lines)


def print_note(desk: Desk, day: date, path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> Path:
    """Write the departmental note, or its slides (`.pptx`); a cancelled or failed one leaves no file. Raises `UserError`."""
    from qpvdesk.reports.layout import Watch  # noqa: PLC0415 - 400 ms with ReportLab, printing alone needs it
    from qpvdesk.reports.models import department  # noqa: PLC0415 - 400 ms, the same as Watch

    watch = Watch(cancelled=cancelled)
    view = of_base(desk, day, cancelled=cancelled)
    watch.tell(0, 1)
    department.write(path, view, desk.settings.letterhead, watch)
    return path
