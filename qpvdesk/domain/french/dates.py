"""Days as French people write them."""

from __future__ import annotations

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

_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_BARE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LONG = re.compile(r"([0-9]{1,2})(?:er)? ([a-z]+)\.? ([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}")
_YEARS = range(1900, 2101)


def parse_date(text: str, *, today: date | None = None) -> date:
    """The day written in `text`: `31/12/2027`, `31122027`, `2027-12-31`, `31 décembre 2027`.

    With `today`, « aujourd’hui » and « hier » are read too. Raises `UserError` on anything else, a day that the
    calendar does not have (`31/02/2026`) included.
    """
    raw = text.strip()
    folded = fold(raw)
    if not raw:
        raise UserError("Aucune date n’est écrite.", "Écrivez une date comme 31/12/2027.")
    if today is not None and folded in ("aujourd'hui", "hier"):
        return today if folded != "hier" else today - timedelta(days=1)
    if found := _DAY_FIRST.fullmatch(raw) or _BARE.fullmatch(raw):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO.fullmatch(raw):
        year, month, day = (int(part) for part in found.groups())
    elif (found := _LONG.fullmatch(folded)) and (index := _month_number(found[2])):
        day, month, year = int(found[1]), index, int(found[3])
    elif _SHORT_YEAR.fullmatch(raw):
        raise UserError(
            typeset(f"« {printable(raw)} » a une année à deux chiffres."),
            "Écrivez l’année en entier, comme 31/12/2027.",
        )
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


def format_month(day: date) -> str:
    """`décembre 2027`."""
    return f"{MONTHS[day.month - 1]} {day.year}"
