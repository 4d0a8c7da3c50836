"""The contracts of a base side by side: each said by its own review, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

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
