"""Days as spreadsheets number them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

_FIRST_SAFE = 61


def day_of(number: Decimal, date1904: bool = False) -> date | None:
    """Return the day of a serial, or None where it is none.

    In the 1900 system, 60 is the 29 February 1900, which never was, and what comes before it is shifted.
    """
    whole = int(number)
    if not 0 < whole < 100_000:
        return None
    if date1904:
        return date(1904, 1, 1) + timedelta(days=whole)
    return date(1899, 12, 30) + timedelta(days=whole) if whole >= _FIRST_SAFE else None
