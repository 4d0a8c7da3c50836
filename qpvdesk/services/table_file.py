"""A table as it is seen on the screen, written to a file: the same rows, columns and order, and what they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.shown_table import ShownTable
from qpvdesk.spreadsheets.sheet import Cell, Kind, Sheet, Style, kind_of

_WIDEST = 60
"""Characters of a column at most."""
_NUMBERS = "0123456789"


def write(seen: ShownTable, target: Path, *, contract: str, day: date) -> Path:
    """Write what is seen to an xlsx, ods or csv file; `contract`: its name, `day`: that of the situation.

    Raises `UserError` for another format, or a file that cannot be written; nothing is left then.
    """
    from qpvdesk.spreadsheets import writing  # noqa: PLC0415 - 66 ms, a workbook alone needs it

    writing.write([_sheet(seen, contract, day)], target)
    return target


def _sheet(seen: ShownTable, contract: str, day: date) -> Sheet:
    told = [f"Situation au {french.format_date(day)}, {french.plural(len(seen.rows), 'ligne', 'lignes')}"]
    told += [f"Filtre\u202f: {words}" for words in seen.filters]
    above = [(Cell(f"{seen.title} – {contract}", style=Style.TITLE),), *((Cell(words),) for words in told)]
    rows = [tuple(_cell(words) for words in row) for row in seen.rows]
    widths = tuple(
        min(_WIDEST, max([len(title), *(len(row[place]) for row in seen.rows[:500])]) + 2)
        for place, title in enumerate(seen.columns)
    )
    head = tuple(Cell(title, style=Style.HEAD) for title in seen.columns)
    return Sheet("Tableau", (*above, head, *rows), widths, head=len(above))


def _cell(words: str) -> Cell:
    """Return words as what they are: a number is a number, a share a share, a day a day."""
    if words == french.UNKNOWN:
        return Cell()
    share = words.endswith("%")
    bare = words.removesuffix("%").strip("\u202f\u00a0 ")
    if bare[-1:] in _NUMBERS and len(bare) < 25:
        value: Decimal | date | None = _number(bare) if share or "/" not in bare else _day(bare)
        if value is not None:
            return Cell(value, Kind.SHARE if share else kind_of(value))
    return Cell(words)


def _number(words: str) -> Decimal | None:
    plain = words.replace("\u202f", "").replace("\u00a0", "").replace(french.MINUS, "-").replace(",", ".")
    if not plain.replace("-", "", 1).replace(".", "", 1).isdecimal() or (
        plain[:1] == "0" and plain[1:2].isdigit()
    ):
        return None
    return Decimal(plain)


def _day(words: str) -> date | None:
    if len(words) != len("31/12/2026"):
        return None
    try:
        return french.parse_date(words)
    except UserError:
        return None
