"""Arithmetic on calendar dates."""

from __future__ import annotations

from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for length in (day.day, 30, 29, 28):
        if length <= day.day:
            try:
                return date(year, month + 1, length)
            except ValueError:
                continue
    raise AssertionError("every month has 28 days")


def iso(day: date | None) -> str | None:
    """`2026-03-12`, as files hold a day; None where it is not known."""
    return day.isoformat() if day else None


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return add_months(date(year, month, 1), 1) - timedelta(days=1)
