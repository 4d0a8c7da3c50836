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


_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
"""Month and day of the public holidays that have one (article L3133-1 of the code du travail)."""
_DAYS_AFTER_EASTER = frozenset({1, 39, 50})
"""Easter Monday, Ascension, Whit Monday."""


def working_day(day: date) -> date:
    """The day itself, or the first after it that is neither of a weekend nor a public holiday."""
    easter = _easter(day.year)
    while day.weekday() > 4 or (day.month, day.day) in _HOLIDAYS or (day - easter).days in _DAYS_AFTER_EASTER:
        day += timedelta(days=1)
    return day


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Butcher, 1876)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def iso(day: date | None) -> str | None:
    """`2026-03-12`, as files hold a day; None where it is not known."""
    return day.isoformat() if day else None


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return add_months(date(year, month, 1), 1) - timedelta(days=1)
