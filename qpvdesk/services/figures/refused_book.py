"""The lines of a file that are not taken, in its own columns, with why and what to do: to be sent back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.services.figures.imports import Plan
from qpvdesk.services.figures.line import Line, LineState
from qpvdesk.services.figures.titles import sheet_named, spread_down, title_text
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.spreadsheets.columns import Columns
from qpvdesk.spreadsheets.return_book import IDENTITY
from qpvdesk.spreadsheets.sheet import Cell, Kind, Sheet, Style

WHY, WHAT_TO_DO = "Pourquoi cette ligne n’est pas prise", "Ce qu’il faut faire"
_ROWS_ABOVE_MAX = 12
"""Rows over the titles that are kept: they may say the day, the place or the unit of the table."""
_WIDTH_MAX, _WHY_WIDTH = 40, 46
_NAMES_LOOKED_FOR_MAX = 100
_CONFIRM = "Confirmez la valeur, ou corrigez-la."
_UNFIT = re.compile(r"[\[\]:*?/\\]")
"""What the name of a sheet may not hold."""
_PLACE = re.compile("([A-Z]+)([0-9]+)")


def not_taken(plan: Plan) -> tuple[Line, ...]:
    """Return the lines for which whoever sent the file is to be asked: refused, unknown, doubtful and not accepted."""
    return (
        *plan.refused,
        *(line for line in plan.lines if line.state is LineState.DOUBTFUL and not line.accepted),
    )


def write_refused(plan: Plan, path: Path) -> int:
    """Write the lines that are not taken to an xlsx or ods file; return how many rows it has.

    Raises `UserError` where every line is taken, for another format, or a file that cannot be written.
    """
    from qpvdesk.spreadsheets.writing import write  # noqa: PLC0415 - 66 ms, a workbook alone needs it

    if path.suffix.lower() not in {".xlsx", ".ods"}:
        raise UserError(
            "Les lignes refusées s’écrivent en .xlsx ou en .ods.", "Changez la fin du nom du fichier."
        )
    sheets = refused_sheets(plan)
    if not sheets:
        raise UserError("Toutes les lignes de ce fichier sont prises.", "Il n’y a rien à renvoyer.")
    write(sheets, path)
    return sum(len(sheet.rows) - 1 - (sheet.head or 0) for sheet in sheets if not sheet.hidden)


def refused_sheets(plan: Plan) -> tuple[Sheet, ...]:
    """Return one sheet a table that holds lines not taken; with what makes a workbook of ours known again."""
    book = plan.book
    if book is None:
        return ()
    waiting: dict[str, dict[int, list[Line]]] = {}
    for line in not_taken(plan):
        waiting.setdefault(line.sheet, {}).setdefault(_row_of(line), []).append(line)
    remedies = _Remedies(plan)
    sheets: list[Sheet] = []
    for columns in plan.tables:
        of_table = {
            row: lines
            for row, lines in waiting.get(columns.sheet, {}).items()
            if row > columns.head and (columns.last is None or row <= columns.last)
        }
        if of_table:
            taken = {sheet.name for sheet in sheets}
            name = _free_name(columns.sheet, taken)
            sheets.append(replace(_sheet(book, columns, of_table, remedies), name=name))
    if sheets and plan.ours:
        sheets += [_copied(sheet) for sheet in book.sheets if sheet.name == IDENTITY]
    return tuple(sheets)


def _sheet(book: ReadBook, columns: Columns, waiting: dict[int, list[Line]], remedies: _Remedies) -> Sheet:
    source = sheet_named(book, columns.sheet)
    rows = _unmerged(source, columns)
    shown = sorted(waiting)
    above = range(max(0, columns.top - _ROWS_ABOVE_MAX), columns.head + 1)
    width = 1 + max(column for row in (*above, *shown) for column in rows.get(row, {0: None}))
    titles = rows.get(columns.head, {})
    body = [
        _row(rows.get(row, {}), width, style=Style.HEAD if row >= columns.top else Style.PLAIN)
        for row in above
    ]
    body[-1] += (Cell(WHY, style=Style.HEAD), Cell(WHAT_TO_DO, style=Style.HEAD))
    named = len(columns.values) > 1
    for row in shown:
        lines = waiting[row]
        at_fault = {_column_of(line) for line in lines}
        why = [_reason(line, titles.get(_column_of(line)) if named else None) for line in lines]
        to_do = dict.fromkeys(remedies.of(line) for line in lines)
        body.append((*_row(rows.get(row, {}), width, at_fault), Cell("\n".join(why)), Cell("\n".join(to_do))))
    widths = tuple(
        min(_WIDTH_MAX, max(10, *(len(str(row[at].value or "")) + 2 for row in body[:200] if at < len(row))))
        for at in range(width)
    )
    return Sheet("", tuple(body), (*widths, _WHY_WIDTH, _WHY_WIDTH), head=len(above) - 1)


def _unmerged(source: ReadSheet, columns: Columns) -> dict[int, dict[int, ReadCell]]:
    """The rows of a table, what a merged cell says written in each cell that it covered."""
    rows = {row: dict(cells) for row, cells in source.rows().items()}
    for top, left, _, right in source.merged:
        if columns.top <= top <= columns.head and right - left < 200 and left in rows.get(top, {}):
            for column in range(left, right + 1):
                rows[top].setdefault(column, rows[top][left])
    for column in sorted({column for row in rows.values() for column in row}) if source.merged else ():
        for row, above in spread_down(source, column).items():
            if above > columns.head and column in rows.get(above, {}):
                rows.setdefault(row, {}).setdefault(column, rows[above][column])
    return rows


def _row(
    cells: dict[int, ReadCell], width: int, at_fault: Set[int] = frozenset(), *, style: Style = Style.PLAIN
) -> tuple[Cell, ...]:
    return tuple(
        copied_cell(cells.get(column), Style.INPUT if column in at_fault else style)
        for column in range(width)
    )


def copied_cell(cell: ReadCell | None, style: Style) -> Cell:
    """A cell as its file shows it; what is to be put right takes anything that is typed."""
    if cell is None:
        return Cell(style=style)
    if style is Style.INPUT:
        return Cell(as_shown(cell), style=style)
    if cell.kind in {Read.NUMBER, Read.SHARE} and not (cell.kind is Read.NUMBER and cell.shown):
        return Cell(Decimal(cell.text), Kind.SHARE if cell.kind is Read.SHARE else Kind.NUMBER, style)
    if cell.kind is Read.DATE and not cell.shown and len(cell.text) == 10:
        return Cell(date.fromisoformat(cell.text), Kind.DATE, style)
    return Cell(as_shown(cell), style=style)


def as_shown(cell: ReadCell) -> str:
    """Return the text of a cell with the unit that its format gives it."""
    if cell.kind in {Read.NUMBER, Read.SHARE}:
        unit = "%" if cell.kind is Read.SHARE else cell.shown
        return french.format_value(Decimal(cell.text), unit)
    return title_text(cell)


def _copied(sheet: ReadSheet) -> Sheet:
    rows = sheet.rows()
    width = 1 + max((cell.column for cell in sheet.cells), default=0)
    return Sheet(
        sheet.name,
        tuple(_row(rows.get(row, {}), width) for row in range(max(rows, default=-1) + 1)),
        hidden=True,
    )


def _reason(line: Line, title: ReadCell | None) -> str:
    words = " ".join(line.warnings) if line.state is LineState.DOUBTFUL else line.reason or line.sentence
    words = french.raised(words)
    return words if title is None else f"«\u202f{title_text(title)}\u202f»\u202f: {words}"


class _Remedies:
    """What is to be done about a line; the nearest objectives are looked for once a name."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._near: dict[str, str] = {}

    def of(self, line: Line) -> str:
        if line.state is LineState.DOUBTFUL:
            return _CONFIRM
        if line.state is not LineState.UNKNOWN or len(self._near) >= _NAMES_LOOKED_FOR_MAX:
            return line.remedy
        if line.full_name not in self._near:
            near = self._plan.near(line.full_name)
            words = f"Est-ce «\u202f{near[0].label}\u202f» ({near[0].code})\u202f? " if near else ""
            self._near[line.full_name] = words + line.remedy
        return self._near[line.full_name]


def _free_name(name: str, taken: set[str]) -> str:
    names = _names(name)
    return next(free for free in names if free not in taken)


def _names(name: str) -> Iterator[str]:
    name = _UNFIT.sub(" ", name).strip(" '") or "Feuille"
    yield name[:31]
    number = 2
    while True:
        yield f"{name[:26]} ({number})"
        number += 1


def _row_of(line: Line) -> int:
    found = _PLACE.fullmatch(line.cell)
    return int(found[2]) - 1 if found else 0


def _column_of(line: Line) -> int:
    found = _PLACE.fullmatch(line.cell)
    column = 0
    for letter in found[1] if found else "A":
        column = column * 26 + ord(letter) - 64
    return column - 1
