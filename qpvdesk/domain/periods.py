"""Periods as people write them: « juin 2025 », « T2 2025 », « Réalisé au 30/06/2025 ».

One reader for cells, titles, names of files and sheets, and what is typed. A period is dated on its last day. What
has two readings is not settled here: it says that it must be asked, with the day that it would be.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain.calendar import month_end
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french.dates import MONTHS, format_date, parse_date
from qpvdesk.domain.french.typography import fold

YEARS = range(1990, 2100)
"""Years that a figure may be of; a number outside is no year."""


class Grain(StrEnum):
    """How long a period is, as it was written."""

    DAY = "jour"
    MONTH = "mois"
    QUARTER = "trimestre"
    SEMESTER = "semestre"
    YEAR = "annee"
    SPAN = "intervalle"
    """Two years with a dash: a school year, or the whole of a programme."""


class Period(Struct, frozen=True):
    """What a text says of when: its first and last day. `day` is the date of a value of that period."""

    first: date
    day: date
    grain: Grain
    asked: bool = False
    """Whether it can be read otherwise: `day` is then only what is proposed."""
    provisional: bool = False
    """Whether « (p) » or « provisoire » stands beside it."""

    @property
    def convention(self) -> bool:
        """Whether the day is a convention to be said: a bare year, dated on its last day."""
        return self.grain is Grain.YEAR

    def holds(self, other: Period) -> bool:
        """Whether the other lies wholly within this one."""
        return self.first <= other.first and other.day <= self.day


_SHORT_MONTHS = {
    "jan": 1,
    "janv": 1,
    "fev": 2,
    "fevr": 2,
    "avr": 4,
    "juil": 7,
    "sept": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_MONTHS = {fold(name): number for number, name in enumerate(MONTHS, 1)} | _SHORT_MONTHS
_ORDINALS = {"premier": 1, "deuxieme": 2, "second": 2, "troisieme": 3, "quatrieme": 4}
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_WEEKDAY = r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\s+)?"
_YEAR = r"(?:19|20)[0-9]{2}(?![0-9])"
_TIME = r"(?:[t ]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:z|[+-][0-9]{2}:?[0-9]{2})?)?"
_ORDINAL = r"(?:er|ere|e|eme|nd|nde|d)?"
_SEP = r"\s*[-/ .']?\s*"

_Found = re.Match[str]
_Maker = Callable[[_Found, int | None], Period | None]
"""Makes a period of what a form found, in the year that stands above it. Raises `ValueError` for none."""


class _Reader:
    """Takes the periods of one text away, one form after the other. None among them: a form that is no period."""

    def __init__(self, text: str, year: int | None) -> None:
        self.text = re.sub("[\u2013\u2014\u2212\u2010\u2011]", "-", fold(text)).replace("_", " ")
        self.year = year
        self.periods: list[Period] = []
        self.broken = False
        """Whether something has the form of a period and is none (31/02/2025, T5, week 26)."""
        self.provisional = self._taken(_PROVISIONAL) > 0

    def _taken(self, form: re.Pattern[str], maker: _Maker | None = None) -> int:
        count = 0

        def take(found: _Found) -> str:
            nonlocal count
            count += 1
            if maker is not None:
                try:
                    period = maker(found, self.year)
                except ValueError:
                    period = None
                if period is None:
                    self.broken = True
                else:
                    self.periods.append(period)
            return " \x00 "

        self.text = form.sub(take, self.text)
        return count

    def read(self) -> Period | None:
        """Return the one period of the text; one that is asked where there are several; None where there is none."""
        years = {int(year) for year in re.findall(rf"(?<![0-9]){_YEAR}", self.text)}
        if len(years) == 1:
            self.year = max(years)
        for form, maker in _FORMS:
            self._taken(form, maker)
        if not self.periods:
            # A year beside what is no date (« 31/06/2025 ») is still said: it must be asked, not replaced.
            return _months(max(years), 1, 12, Grain.SPAN, asked=True) if self.broken and years else None
        # Each once: a cell may hold the lines of a whole sheet, which say the same few periods.
        periods = tuple(dict.fromkeys(self.periods))
        kept = [
            period
            for period in periods
            if not any(period.holds(other) and not other.holds(period) for other in periods)
        ]
        # Of one span said twice (« rentrée 2025, bilan 2025 »), the one that must be asked.
        last = max(kept, key=lambda period: (period.day, period.asked))
        several = len({(period.first, period.day) for period in kept}) > 1
        return replace(last, asked=last.asked or several or self.broken, provisional=self.provisional)

    @property
    def rest(self) -> str:
        """What of the text is no period and no word that goes with one."""
        return " ".join(_FILLERS.sub(" ", self.text.replace("\x00", " ")).split()).strip(" .,:;()[]-/'")


def read(text: str, *, year: int | None = None) -> Period | None:
    """The period that a whole text is; None where it says anything else. `year` is the one that stands above it."""
    reader = _Reader(text, year)
    period = reader.read()
    return None if period is None or reader.broken or reader.rest else period


def found(text: str, *, year: int | None = None) -> Period | None:
    """The period that is named somewhere in a title; None where none is."""
    return _Reader(text, year).read()


def rest(text: str) -> str:
    """What a title says beside its period, folded."""
    reader = _Reader(text, None)
    reader.read()
    return reader.rest


def typed(text: str, *, today: date) -> date:
    """The day of what somebody typed, « aujourd’hui » and « hier » included. Raises `UserError`."""
    period = read(text)
    if period is None or (period.asked and period.grain is Grain.DAY):
        return parse_date(text, today=today)
    if period.asked:
        raise UserError(
            f"«\u202f{text.strip()}\u202f» peut se lire de deux façons.",
            f"Écrivez le jour, par exemple {format_date(period.day)}.",
        )
    return period.day


def begin_of(text: str) -> date:
    """The first of January of a year alone, which a census or a contract begins with, else a day. Raises `UserError`."""
    year = re.fullmatch("(?:debut )?((?:19|20)[0-9]{2})", fold(text), re.ASCII)
    return date(int(year[1]), 1, 1) if year else parse_date(text)


def end_of(text: str) -> date:
    """The last day of what somebody typed as a due date: « fin 2026 », « T4 2026 », « année scolaire 2026-2027 ».

    Raises `UserError`.
    """
    period = read(text)
    if period is None or (period.asked and "scolaire" not in fold(text)):
        return parse_date(text)
    return period.day


def day_of(text: str, *, begins: bool = False, ends: bool = False) -> date:
    """The day that is typed for a date, as its field declares what a period stands for. Raises `UserError`."""
    return begin_of(text) if begins else end_of(text) if ends else parse_date(text)


def _whole_year(text: str | None, default: int | None) -> int:
    if not text:
        if default is None:
            raise ValueError("no year")
        return default
    return int(text) + (2000 if len(text) == 2 else 0)


def _of_day(day: date, *, asked: bool = False) -> Period | None:
    if day.year not in YEARS:
        return None
    return Period(day, day, Grain.DAY, asked)


def _months(year: int, first: int, last: int, grain: Grain, *, asked: bool = False) -> Period | None:
    if year not in YEARS:
        return None
    return Period(date(year, first, 1), month_end(year, last), grain, asked)


def _iso(found: _Found, _: int | None) -> Period | None:
    return _of_day(date(int(found[1]), int(found[2]), int(found[3])))


def _numeric(found: _Found, _: int | None) -> Period | None:
    # « 05/06/25 » has its year last in French, and could be a code: it is asked.
    return _of_day(date(_whole_year(found[3], None), int(found[2]), int(found[1])), asked=len(found[3]) == 2)


def _long(found: _Found, year: int | None) -> Period | None:
    return _of_day(date(_whole_year(found[3], year), _MONTHS[found[2].rstrip(".")], int(found[1])))


def _day_of_year(found: _Found, year: int | None) -> Period | None:
    return _of_day(date(_whole_year(None, year), int(found[2]), int(found[1])))


def _between(found: _Found, year: int | None) -> Period | None:
    ends = [read(text, year=year) for text in (found[1], found[2])]
    if ends[0] is None or ends[1] is None or ends[0].day > ends[1].day:
        return None
    return replace(ends[1], first=ends[0].first)


def _part(found: _Found, year: int | None) -> Period | None:
    """A quarter or a semester: a letter and a number, or an ordinal and a word, the year on either side."""
    groups = found.groupdict()
    digits = groups.get("number")
    number = int(digits) if digits else _ORDINALS[groups["ordinal"]]
    months = 3 if groups["kind"][0] in "tq" else 6
    if not 0 < number <= 12 // months:
        return None
    whole = _whole_year(groups.get("before") or groups.get("after"), year)
    grain = Grain.QUARTER if months == 3 else Grain.SEMESTER
    return _months(whole, (number - 1) * months + 1, number * months, grain)


def _month_words(found: _Found, year: int | None) -> Period | None:
    last = _MONTHS[found[2].rstrip(".")]
    first = _MONTHS[found[1].rstrip(".")] if found[1] else last
    if first > last:
        return None
    # « mi-juin » is not the end of June; « sept » alone may be a number.
    just_before = max(0, found.start() - _VAGUE_LETTERS_MAX), found.start()
    asked = _VAGUE.search(found.string, *just_before) is not None or (found[3] is None and found[2] == "sept")
    return _months(_whole_year(found[3], year), first, last, Grain.MONTH, asked=asked)


def _month_number(found: _Found, _: int | None) -> Period | None:
    return _months(int(found[2]), int(found[1]), int(found[1]), Grain.MONTH)


def _iso_month(found: _Found, _: int | None) -> Period | None:
    """« 2024-12 » is a month, « 2024-25 » a school year, « 2011-12 » may be both."""
    year, second = int(found[1]), int(found[2])
    follows = second == (year + 1) % 100
    if 1 <= second <= 12:
        return _months(year, second, second, Grain.MONTH, asked=follows)
    return _school(year) if follows else None


def _two_years(found: _Found, _: int | None) -> Period | None:
    first, last = int(found[1]), int(found[2])
    if last == first + 1:
        return _school(first)
    return Period(date(first, 1, 1), date(last, 12, 31), Grain.SPAN, True) if first < last else None


def _school(year: int) -> Period | None:
    return Period(date(year, 9, 1), date(year + 1, 8, 31), Grain.SPAN, True) if year in YEARS else None


def _season(found: _Found, _: int | None) -> Period | None:
    """« début 2025 », « rentrée 2025 »: some day of that year, to be asked."""
    return _months(int(found[1]), 1, 12, Grain.SPAN, asked=True)


_DAY = rf"[0-9]{{1,2}}[/.][0-9]{{1,2}}[/.][0-9]{{4}}|[0-9]{{1,2}}(?:er)?\s+{_MONTH}(?:\s+{_YEAR})?"
_TWO_DIGITS = r"[0-9]{2}(?![0-9])"
_AFTER = rf"(?:{_SEP}(?:de\s+)?(?:l'annee\s+)?(?P<after>{_YEAR}))?"
_FORMS: tuple[tuple[re.Pattern[str], _Maker], ...] = tuple(
    (re.compile(form), maker)
    for form, maker in (
        (rf"\b(?:du\s+)?({_DAY})\s*(?:au|a|-)\s*({_DAY})", _between),
        (rf"(?<![0-9])([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}}){_TIME}(?![0-9])", _iso),
        (
            rf"(?<![0-9/.-])([0-9]{{1,2}})[/.-]([0-9]{{1,2}})[/.-]([0-9]{{4}}|[0-9]{{2}}){_TIME}(?![0-9/.])",
            _numeric,
        ),
        (rf"\b{_WEEKDAY}([0-9]{{1,2}})(?:er)?[ -]\s*({_MONTH})(?:[ -]\s*({_YEAR}|{_TWO_DIGITS}))?", _long),
        (
            rf"\b(?P<before>{_YEAR})?{_SEP}(?P<number>[0-9]){_ORDINAL}\s*"
            rf"(?P<kind>trimestre|trim|tr|semestre|sem)\b\.?{_AFTER}",
            _part,
        ),
        (rf"\b(?P<ordinal>{'|'.join(_ORDINALS)})\s+(?P<kind>trimestre|semestre)\b{_AFTER}", _part),
        (rf"\b(?P<before>{_YEAR}){_SEP}(?P<kind>[tqs])(?P<number>[0-9]{{1,2}})\b", _part),
        (rf"\b(?P<kind>[tqs])(?P<number>[0-9]{{1,2}})\b(?:{_SEP}(?P<after>{_YEAR}|{_TWO_DIGITS}))?", _part),
        (rf"\b(?P<number>[0-9])(?P<kind>[ts]){_SEP}(?P<after>{_YEAR})", _part),
        (rf"\b(?:({_MONTH})\s*(?:a|-|/)\s*)?({_MONTH})(?:[\s/-]*({_YEAR}|{_TWO_DIGITS}))?", _month_words),
        (rf"(?<![0-9/.-])({_YEAR})\s*[-/]\s*({_YEAR})(?![/-])", _two_years),
        (rf"(?<![0-9/.-])([0-9]{{1,2}})[/.-]({_YEAR})(?![/.-][0-9])", _month_number),
        (rf"(?<![0-9/.-])({_YEAR})[-/ ]([0-9]{{2}})(?![0-9/.-])", _iso_month),
        (r"\bau\s+([0-9]{1,2})/([0-9]{1,2})(?![0-9/])", _day_of_year),
        (
            r"\b(?:debut|mi|rentree|ete|printemps|automne|hiver|courant)[ -]+(?:de\s+|d')?"
            rf"({_YEAR})",
            _season,
        ),
        (rf"(?<![0-9]){_YEAR}", lambda found, _: _months(int(found[0]), 1, 12, Grain.YEAR)),
    )
)
"""The forms, the longest first: each takes its own away from what the next look at."""
_PROVISIONAL = re.compile(
    r"\((?:donnees?\s+)?(?:p|prov|provisoires?)\.?\)|\b(?:donnees?\s+)?provisoires?\b|\bprov\."
)
_VAGUE = re.compile(r"\b(?:mi|debut|courant)[ -]+(?:de\s+|d')?$")
_VAGUE_LETTERS_MAX = 64
"""It stands just before its month: to look for it from the beginning of a long text, at each month, takes its square."""
_FILLERS = re.compile(
    r"\b(?:mi|debut|courant|au|le|la|les|en|a|de|du|des|d|l|fin|annee|annees|exercice|millesime|periode|date|scolaire|situation|arrete|arretee)\b"
)
