"""A workbook as it was read: cells with their place, and what a reader must not mistake for empty."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

MAX_ROWS = 200_000
MAX_COLUMNS = 512
MAX_CELLS = 2_000_000
MAX_TEXT = 32_768
MAX_SHEETS = 60


class Read(StrEnum):
    """What a cell was found to hold."""

    TEXT = "t"
    NUMBER = "n"
    SHARE = "p"
    """A cell shown as a percentage; its text is already in percent points (16.4)."""
    DATE = "d"
    """ISO text."""
    ERROR = "e"
    UNCALCULATED = "f"
    """A formula whose result was never stored."""
    BOOLEAN = "b"


class ReadCell(NamedTuple):
    """One cell that is not empty. `row` and `column` count from 0. A tuple: a file may hold two million of them."""

    row: int
    column: int
    kind: Read
    text: str
    shown: str = ""
    """What the format adds to a number or a date: a unit (€, k€, M€, %), `mois` or `annee`; empty for nothing.

    `mois ?` is the first day of a month whose format the file does not tell.
    """

    @property
    def name(self) -> str:
        """`B12`."""
        return cell_name(self.row, self.column)


@dataclass(slots=True)
class ReadSheet:
    """One sheet. `cells` are in reading order; `hidden_rows` count from 0; `merged` as `A1:B2`."""

    name: str
    cells: list[ReadCell] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, last row, last column."""

    def rows(self) -> dict[int, dict[int, ReadCell]]:
        """Return the cells by row, then by column; a merged area repeats its cell down its first column."""
        rows: dict[int, dict[int, ReadCell]] = {}
        for cell in self.cells:
            rows.setdefault(cell.row, {})[cell.column] = cell
        return rows


@dataclass(slots=True)
class ReadBook:
    """A file. `notes` are French sentences on what was noticed while reading."""

    sheets: list[ReadSheet]
    date1904: bool = False
    notes: list[str] = field(default_factory=list)
    styled: bool = True
    """Whether the format tells a percentage from a number (not in csv nor in the old xls)."""


def cell_name(row: int, column: int) -> str:
    """Return the name people know a cell by: (11, 1) is `B12`."""
    return f"{column_letters(column)}{row + 1}"


def column_letters(column: int) -> str:
    """Return the letters of a column: 1 is `B`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_of(letters: str) -> int:
    """Return the column of those letters: `B` is 1."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1
