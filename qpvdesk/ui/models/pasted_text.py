"""What was copied from a spreadsheet or a mail, as lines of cells: names, values, the days that head them.

Each pattern walks a line once, whatever comes after: a cell may hold the lines of a whole sheet.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from qpvdesk.domain import periods
from qpvdesk.domain.french import format_date
from qpvdesk.services.figures.roles import not_read

_UNIT = r"\s*+(?:%|[kM]?€|Md€|(?:sur|/)(?:\s*+[0-9][0-9 ]*+|BLANK))?+"
"""What follows a number; `BLANK`: where what it is « sur » is left out."""
_BLANK, _BLANK_BEFORE_END = r"\s*+(?<= )", r"[^\S ]*+ "
FIGURE = re.compile(r"[-\u2212]?[0-9][0-9 .,\u00a0\u202f\u2009]*+" + _UNIT.replace("BLANK", _BLANK))
"""A number and its unit, alone in a cell."""
_BULLET = re.compile(r"[-\u2013\u2022*\u00b7]\s+")
_LETTER = re.compile(r"[^\W\d_]")
_AFTER_SIGN = re.compile(r"[:=;]\s*(?P<value>[-\u2212]?[0-9].*)")
_GAP = re.compile(r"(?<![\s\u2013\u2014-])[\s\u2013\u2014-]+")
_NUMBER = re.compile(
    r"\u2212?(?:[0-9]{1,3}(?:[ \u00a0\u202f\u2009][0-9]{3}(?![0-9]))++|[0-9]++)(?P<rest>(?:[.,][0-9]++)?+)"
)
_END = re.compile(_UNIT.replace("BLANK", _BLANK_BEFORE_END) + r"[\s.;,]*+")


def cells_of(text: str) -> list[list[str]]:
    """Return the lines of cells that a spreadsheet copied; what it put between quotes is one cell, ends of line and all."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    try:
        lines = [
            [" ".join(cell.split("\n")).strip() for cell in line]
            for line in csv.reader(io.StringIO(whole), delimiter="\t")
        ]
    except csv.Error:
        lines = [[cell.strip() for cell in line.split("\t")] for line in whole.split("\n")]
    while lines and not any(lines[-1]):
        lines.pop()
    return lines or [[""]]


def _name_and_value(line: str) -> tuple[str, str] | None:
    """Return the name that a line of a mail says, and its value: after the first colon before a figure, or the last word,
    an amount. None where it says no such two; a name has a letter."""
    letter = _LETTER.search(line)
    if letter is None:
        return None
    bullet = _BULLET.match(line)
    begin = bullet.end() if bullet else 0
    told = _AFTER_SIGN.search(line, letter.end())
    end = len(line[: told.start()].rstrip()) if told else len(line)
    walked = 0
    for gap in _GAP.finditer(line, letter.end()):
        if gap.start() >= end:
            break
        # Within thousands that do not go to the end of the line, no shorter number does.
        number = _NUMBER.match(line, gap.end()) if gap.end() >= walked else None
        if number is not None:
            walked = number.start("rest")
            if _END.fullmatch(line, number.end()):
                return line[begin : gap.start()].strip(), _without_end(line[gap.end() :])
    return (line[begin:end].strip(), _without_end(told["value"])) if told else None


def _without_end(value: str) -> str:
    """The value without the stops and the spaces that end its line."""
    size = len(value)
    while size and (value[size - 1] in ".;," or value[size - 1].isspace()):
        size -= 1
    return value[:size]


def parted(lines: Sequence[str]) -> list[list[str]]:
    """Part the name from the value of each line that says both, as a mail does; one that says a day alone heads the rest."""
    days = [title_day(line) for line in lines]
    pairs = [None if day else _name_and_value(line) for line, day in zip(lines, days, strict=True)]
    if sum(map(bool, pairs)) <= sum(FIGURE.fullmatch(line) is not None for line in lines):
        return [[line] for line in lines]
    return [
        ["", day] if day else list(found) if found else [line, ""]
        for line, found, day in zip(lines, pairs, days, strict=True)
    ]


def title_day(title: str) -> str:
    """The day that a title says its figures are of, as it is typed; empty where it says none, or something else."""
    period = periods.found(title)
    if period is None or period.asked or period.convention or not_read(title):
        return ""
    return "" if re.search("[0-9]", periods.rest(title)) else format_date(period.day)
