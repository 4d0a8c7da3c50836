"""Numbers as a file stores them, and what their format shows: a share, a date, an amount in thousands of euros."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from qpvdesk.spreadsheets.book import Read


class Format(NamedTuple):
    """What a cell format makes of a stored number. `power`: the power of ten by which it is shown divided."""

    kind: Read
    shown: str = ""
    """As `ReadCell.shown`."""
    power: int = 0
    cases: tuple[tuple[str, Decimal, Format], ...] = ()
    """What it makes instead of the numbers that compare so with a bound; the first that holds counts."""

    def of(self, number: Decimal) -> Format:
        """What it makes of one number."""
        return next(
            (section_format for sign, bound, section_format in self.cases if _COMPARED[sign](number, bound)),
            self,
        )


PLAIN = Format(Read.NUMBER)
_COMPARED: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)\]")
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENTS = {9, 10}
_MONTH_AND_YEAR = 17
_DIGITS_MAX = 30
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)(?:-[^\]]*)?\]')
_MONEY = re.compile(r"(Mds?|[kKM]?)\s?(?:€|EUR\b|euros?\b)")
_SCALE = re.compile(r"[-\u2212]?[0-9\s.,]*\s?(k|K|milliers?|millions?)\s*")
"""What a cell shows beside its number where that is counted in thousands of what the column counts."""
POWERS = {"k€": 3, "milliers": 3, "M€": 6, "millions": 6, "Md€": 9, "Mds€": 9}
"""By which power of ten a format may divide a number beside which it shows that unit."""
_THOUSANDS = re.compile(r"[0#?](,+)(?![0#?.,])")


def stored_number(value: str) -> Decimal | None:
    """Return a number that a file stores, None for what is none that anybody gives. Of what is stored as the nearest
    double, the figures that were typed: 0.16400000000000001 is 0.164."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS_MAX:
        return None
    return Decimal(format(float(number), ".15g"))


def plain(number: Decimal) -> str:
    """Return the number without exponent and without idle zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def built_in(number: int) -> Format:
    """Return what one of the formats that every workbook has makes of a number."""
    if number in _PERCENTS:
        return Format(Read.SHARE)
    return Format(Read.DATE, "mois" if number == _MONTH_AND_YEAR else "") if number in _DATES else PLAIN


def format_of(code: str) -> Format:
    """Return what a format code makes of a number: by the bounds that its sections name, else by the first of them, that of
    positive numbers."""
    sections = code.split(";")
    conditions = [(_CONDITION.search(section), _section(section)) for section in sections]
    if not any(found for found, _ in conditions):
        return _section(sections[0])
    cases = tuple(
        (found[1], Decimal(found[2]), section_format)
        for found, section_format in conditions
        if found is not None
    )
    others = [section_format for found, section_format in conditions if found is None]
    return (others[0] if others else cases[0][2])._replace(cases=cases)


def _section(section: str) -> Format:
    words = "".join(part for found in _LITERAL.findall(section) for part in found)
    bare = re.sub(r"am/pm|a/p|\[[^\]]*\]|_.|\*.", "", _LITERAL.sub("", section).lower())
    if "%" in bare:
        return Format(Read.SHARE)
    # French Excel may write the year as « aaaa » and the day as « jj ».
    if re.search(r"[ydaj]|m{2,}", bare) and "0" not in bare and "#" not in bare and bare != "general":
        return Format(Read.DATE, _grain(bare))
    power = 3 * sum(len(commas) for commas in _THOUSANDS.findall(bare))
    return Format(Read.NUMBER, unit_shown(words + ("€" if "€" in bare else "")), power)


def unit_shown(words: str) -> str:
    """Return the unit among the words that a cell shows beside its number; empty where none is known."""
    money = _MONEY.search(words)
    if money:
        return f"{money[1].replace('K', 'k')}€"
    if "%" in words:
        return "%"
    alone = _SCALE.fullmatch(words)
    return "" if alone is None else "millions" if alone[1].startswith("million") else "milliers"


def _grain(bare: str) -> str:
    """Return whether a format of dates shows the month or the year alone."""
    if re.search("[djhs]", bare):
        return ""
    return "mois" if "m" in bare else "annee"
