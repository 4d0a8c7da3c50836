"""A sheet to be written, whatever the format: typed cells, widths, what may be filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from qpvdesk.spreadsheets.rules import ColumnRule

Value = str | Decimal | date | None


class Style(StrEnum):
    """How a cell looks and whether it may be written in."""

    PLAIN = "plain"
    HEAD = "head"
    TITLE = "title"
    INPUT = "input"
    NEEDED = "needed"
    """The title of a column that no row can do without."""
    REFUSED = "refused"
    """What was written and cannot be taken."""


class Kind(StrEnum):
    """What a cell holds. A share is in percent points (16.4) and is written as a real percentage."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    """A number without groups of digits: a year, a rank."""
    SHARE = "share"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. An `INPUT` cell is unlocked and takes only its kind."""

    value: Value = None
    kind: Kind = Kind.TEXT
    style: Style = Style.PLAIN
    help: str = ""
    """Shown when an `INPUT` cell is selected."""
    note: str = ""
    """The comment on it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `widths` are in characters; `head` is the index of the row repeated on each printed page."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...] = ()
    head: int | None = None
    locked: bool = False
    hidden: bool = False
    rules: tuple[ColumnRule, ...] = ()
    """How its columns are made ready to be filled in (xlsx alone)."""


def kind_of(value: Value) -> Kind:
    if isinstance(value, Decimal):
        return Kind.NUMBER
    return Kind.DATE if isinstance(value, date) else Kind.TEXT


def table(name: str, headers: Sequence[str], rows: Sequence[Sequence[Value]]) -> Sheet:
    """Return a plain table: one line of headers, then the rows."""
    head = tuple(Cell(header, style=Style.HEAD) for header in headers)
    body = [tuple(Cell(value, kind_of(value)) for value in row) for row in rows]
    widths = tuple(
        min(60, max([len(header) + 2, *(len(str(row[column] or "")) + 2 for row in rows[:200])]))
        for column, header in enumerate(headers)
    )
    return Sheet(name, (head, *body), widths, head=0)
