"""What a format of numbers shows of a stored one: a share, a date, an amount in thousands of euros."""

from __future__ import annotations

import re
from typing import NamedTuple

from qpvdesk.spreadsheets.book import Read


class Format(NamedTuple):
    """What a cell format makes of a stored number. `power`: the power of ten by which it is shown divided."""

    kind: Read
    shown: str = ""
    """As `ReadCell.shown`."""
    power: int = 0


PLAIN = Format(Read.NUMBER)
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENTS = {9, 10}
_MONTH_AND_YEAR = 17
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)(?:-[^\]]*)?\]')
_MONEY = re.compile(r"(Mds?|[kKM]?)\s?(?:€|EUR\b|euros?\b)")
_THOUSANDS = re.compile(r"[0#?](,+)(?![0#?.,])")


def built_in(number: int) -> Format:
    """Return what one of the formats that every workbook has makes of a number."""
    if number in _PERCENTS:
        return Format(Read.SHARE)
    return Format(Read.DATE, "mois" if number == _MONTH_AND_YEAR else "") if number in _DATES else PLAIN


def format_of(code: str) -> Format:
    """Return what a format code makes of a number; of its sections the first, that of positive numbers, counts."""
    section = code.split(";")[0]
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
    return "%" if "%" in words else ""


def _grain(bare: str) -> str:
    """Return whether a format of dates shows the month or the year alone."""
    if re.search("[djhs]", bare):
        return ""
    return "mois" if "m" in bare else "annee"
