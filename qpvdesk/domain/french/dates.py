"""Days as French people write them."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french.typography import NBSP, UNKNOWN, fold, printable, typeset

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_BARE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})([-/])([0-9]{2})\2([0-9]{2})")
_LONG = re.compile(r"([0-9]{1,2})(?:er)? ([a-z]+)\.?(?: ([0-9]{4}|[0-9]{2}))?")
_SHORT = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})(?:[/.-]([0-9]{2}))?")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""The days of each month, of a leap year."""
_BARE_SHORT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})")
_YEARS = range(1900, 2101)
_CENTURY = 2000
_LEAP_DAY = (2, 29)
DUE_DAYS, AROUND_DAYS = 364, 182
"""How far ahead a day without its year may lie where a due date, or a day past or to come, is typed."""


def parse_date(text: str, *, today: date | None = None, ahead: int = 0) -> date:
    """The day written in `text`: `31/12/2027`, `31122027`, `2027-12-31`, `31 décembre 2027`.

    With `today`, what a hand types is read too: « aujourd’hui », « hier », a year of two digits (`15/11/26`, `151126`), and
    a day without its year (`15/11`, `15 nov`), which is the latest that lies no more than `ahead` days after today. Raises
    `UserError` on anything else, a day that the calendar does not have (`31/02/2026`) included.
    """
    raw = text.strip()
    folded = fold(raw)
    if not raw:
        raise UserError("Aucune date n’est écrite.", "Écrivez une date comme 31/12/2027.")
    if today is not None and folded in ("aujourd'hui", "hier"):
        return today if folded != "hier" else today - timedelta(days=1)
    last = date.max if today is None else today + timedelta(days=ahead)
    if found := _DAY_FIRST.fullmatch(raw) or _BARE.fullmatch(raw):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO.fullmatch(raw):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
    elif (
        (found := _LONG.fullmatch(folded))
        and (index := _month_number(found[2]))
        and (today is not None or len(found[3] or "") == len("2027"))
    ):
        day, month = int(found[1]), index
        year = _whole_year(found[3], (month, day), last)
    elif today is not None and (found := _SHORT.fullmatch(raw) or _BARE_SHORT.fullmatch(raw)):
        day, month = int(found[1]), int(found[2])
        year = _whole_year(found[3], (month, day), last)
    elif (found := _SHORT.fullmatch(raw)) and found[3] and _may_be(int(found[1]), int(found[2])):
        raise UserError(
            typeset(f"« {printable(raw)} » a une année à deux chiffres."),
            "Écrivez l’année en entier, comme 31/12/2027.",
        )
    elif found and found[3]:
        # Whatever its year, the calendar does not have it.
        day, month, year = int(found[1]), int(found[2]), _YEARS[0]
    else:
        raise UserError(
            typeset(f"« {printable(raw)} » n’est pas une date."), "Écrivez une date comme 31/12/2027."
        )
    if year not in _YEARS:
        raise UserError(
            typeset(f"« {printable(raw)} » : l’année {year} est hors du calendrier suivi."),
            f"L’année va de {_YEARS[0]} à {_YEARS[-1]}.",
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise UserError(
            typeset(f"« {printable(raw)} » n’existe pas dans le calendrier."),
            "Vérifiez le jour et le mois (JJ/MM/AAAA).",
        ) from None


def _may_be(day: int, month: int) -> bool:
    """Whether some year has that day."""
    return 1 <= month <= len(_LONGEST) and 1 <= day <= _LONGEST[month - 1]


def whole_date(text: str, *, today: date, ahead: int = 0) -> str:
    """What a hand typed, as a date written in full; as it is where it is no day."""
    try:
        return format_date(parse_date(text, today=today, ahead=ahead))
    except UserError:
        return text


def _whole_year(year: str | None, month_day: tuple[int, int], last: date) -> int:
    """The year of a day: as it was typed, with all its digits or its last two, else the latest by `last`."""
    if year:
        return int(year) + (_CENTURY if len(year) == len("27") else 0)
    before = last.year - (month_day > (last.month, last.day))
    # The 29th of February is of one year in four, or in eight about 1900 and 2100.
    leap = (year for year in range(before, before - 9, -1) if calendar.isleap(year))
    return next(leap, before) if month_day == _LEAP_DAY else before


def _month_number(word: str) -> int | None:
    for index, month in enumerate(MONTHS, 1):
        folded = fold(month)
        if word == folded or (len(word) >= 3 and folded.startswith(word) and word != "jui"):
            return index
    return None


def format_date(day: date | None) -> str:
    """`31/12/2027`; « – » when unknown."""
    return UNKNOWN if day is None else f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_edge(day: date | None) -> str:
    """`fin 2027` or `début 2029` for the last or the first day of a year, by which a document means the year; else the
    date."""
    if day is not None and (day.day, day.month) in ((31, 12), (1, 1)):
        return f"{'fin' if day.month == 12 else 'début'}{NBSP}{day.year:04}"
    return format_date(day)


def format_on(day: date) -> str:
    """`le 15/12/2026`, but `fin 2027`: for a sentence."""
    words = format_edge(day)
    return words if words[0].isalpha() else f"le {words}"


def format_in_words(day: date) -> str:
    """`mercredi 23 décembre 2026`: for a letter."""
    number = "1er" if day.day == 1 else f"{day.day}"
    return f"{_WEEKDAYS[day.weekday()]} {number}{NBSP}{MONTHS[day.month - 1]} {day.year:04}"


def format_month(day: date) -> str:
    """`décembre 2027`."""
    return f"{MONTHS[day.month - 1]} {day.year}"
