"""Where the figures of a table are: which column is the indicator, the value, the date, the territory."""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

from qpvdesk.domain import french
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell
from qpvdesk.spreadsheets.return_book import DAY_LABEL, IDENTITY_CONTRACT, IDENTITY_PARTNER, IDENTITY_VERSION

_LOOKED_AT = 40
_UNIT = re.compile(r"\(([^()]{1,16})\)\s*$|\ben (k?€|M€|Md€|%|euros|milliers|millions)(?: d['’]euros)?\s*$")
_UNIT_ALONE = re.compile(
    r"%|[kK]?€|M€|Mds?€|pts?|points?|euros?|milliers|millions|(?:milliers|millions) d['’]euros"
)


class ValueColumn(Struct, frozen=True):
    """One column of values; `day` is None where each row has its own, `unit` is the one that the title names."""

    column: int
    day: date | None = None
    unit: str = ""
    provisional: bool = False
    place: str = ""
    """What names the territory of the whole column; empty where none is."""
    doubt: str = ""
    """Why somebody must say that it is a column of values of that day, in French; empty where it is sure."""
    of_day: bool = False
    """Whether the doubt is of its day alone."""


class Columns(Struct, frozen=True):
    """Where the figures of one table are; rows and columns count from 0.

    One column of values without a day for a long table, one a period for a wide one. `indicator` is None where each
    column of values is one indicator, named by its title.
    """

    sheet: str
    head: int
    """The last row of the headers."""
    indicator: int | None
    values: tuple[ValueColumn, ...]
    day: int | None = None
    territory: int | None = None
    source: int | None = None
    comment: int | None = None
    provisional: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    first: int | None = None
    """The first row of the headers, where they take several."""
    last: int | None = None
    """The last row of the table; None where it is that of the sheet."""
    kind: int | None = None
    """Where each row says whether it is an achievement, a target or a forecast."""
    unit: int | None = None
    year: int | None = None
    """The column of years whose months or quarters are in `day`."""
    other: int | None = None
    """Another column that names the indicators: it must not name another one."""
    sole: str = ""
    """What names the one indicator of the whole table, above it."""
    place: str = ""
    """What names the territory of the whole table, above it."""
    money: str = ""
    """The unit of all its amounts, said above it (« en k€ »)."""
    context: ValueColumn | None = None
    """The day that is said above the table, or by its sheet or file, with its doubt; its column is -1."""

    @property
    def top(self) -> int:
        """The first row of the headers."""
        return self.head if self.first is None else self.first


def said_contract(book: ReadBook) -> str | None:
    """Return the code of the contract that a workbook of ours names; None in any other file."""
    cell = _beside(book, french.fold(IDENTITY_CONTRACT))
    return cell.text.strip() if cell else None


def said_partner(book: ReadBook) -> str:
    """Return the code of the partner that a workbook of ours was made for; empty in any other file."""
    cell = _beside(book, french.fold(IDENTITY_PARTNER))
    return cell.text.strip() if cell else ""


def said_version(book: ReadBook) -> str:
    """Return which of our workbooks a file is; empty in any other file."""
    cell = _beside(book, french.fold(IDENTITY_VERSION))
    return cell.text.strip() if cell else ""


def return_day_cell(book: ReadBook) -> ReadCell | None:
    """Return the cell that holds the date of the whole return, if the file has one."""
    return _beside(book, french.fold(DAY_LABEL))


def _beside(book: ReadBook, label: str) -> ReadCell | None:
    for sheet in book.sheets:
        for at, cell in enumerate(sheet.cells):
            if cell.row > _LOOKED_AT:
                break
            if cell.kind is Read.TEXT and french.fold(cell.text).rstrip(" :") == label:
                beside = sheet.cells[at + 1] if at + 1 < len(sheet.cells) else None
                return beside if beside is not None and beside.row == cell.row else None
    return None


def bare(header: str) -> str:
    """Return a header without its unit and final marks."""
    return _UNIT.sub("", header.replace("’", "'")).strip(" :*")


def unit_of(header: str) -> str:
    """Return the unit that a header names, at its end or all by itself; empty where it names none that we know."""
    alone = header.strip()
    if _UNIT_ALONE.fullmatch(alone):
        return alone
    found = _UNIT.search(header)
    unit = next((part for part in found.groups() if part), "").strip() if found else ""
    return unit.removeprefix("en ") if _UNIT_ALONE.fullmatch(unit.removeprefix("en ")) else ""
