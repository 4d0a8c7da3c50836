"""The file of a calendar: what is to come of a contract."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qpvdesk import durable
from qpvdesk.domain.appointments import appointments, icalendar
from qpvdesk.services.desk import Desk


def write(desk: Desk, contract: str, day: date, path: Path) -> int:
    """Write what is to come from `day` on; return how many dates. Raises `UserError`."""
    items = appointments(desk.situation(contract, day))
    durable.save(icalendar(items, day), path)
    return len(items)
