"""What a merged area covers: a file may keep there what its sheet shows nobody."""

from __future__ import annotations

from qpvdesk.domain import french
from qpvdesk.spreadsheets.book import ReadBook, ReadCell, ReadSheet, cell_name

_PLACES_MAX = 200_000
"""Cells under merged areas that are looked for; what a larger area heads is a title."""
_NAMED_MAX = 5


def drop_covered(book: ReadBook) -> ReadBook:
    """Take out of a book the cells that its merged areas cover; those that said something else are noted."""
    for sheet in book.sheets:
        areas = _covered(sheet)
        hidden = [cell for cell in sheet.cells if (cell.row, cell.column) in areas]
        if not hidden:
            continue
        shown = {(cell.row, cell.column): cell.text for cell in sheet.cells}
        told = [cell for cell in hidden if shown.get(areas[cell.row, cell.column]) != cell.text]
        sheet.cells = [cell for cell in sheet.cells if (cell.row, cell.column) not in areas]
        book.notes += [_note(sheet, told)] if told else []
    return book


def _covered(sheet: ReadSheet) -> dict[tuple[int, int], tuple[int, int]]:
    """The first cell, which is shown, of the merged area over each place that is not."""
    areas: dict[tuple[int, int], tuple[int, int]] = {}
    if not sheet.merged or not sheet.cells:
        return areas
    room = _PLACES_MAX
    last_row = max(cell.row for cell in sheet.cells)
    last_column = max(cell.column for cell in sheet.cells)
    for top, left, bottom, right in sheet.merged:
        rows, columns = range(top, min(bottom, last_row) + 1), range(left, min(right, last_column) + 1)
        if len(rows) * len(columns) <= room:
            room -= len(rows) * len(columns)
            areas |= {
                (row, column): (top, left)
                for row in rows
                for column in columns
                if (row, column) != (top, left)
            }
    return areas


def _note(sheet: ReadSheet, cells: list[ReadCell]) -> str:
    names = french.enumerate_words([cell_name(cell.row, cell.column) for cell in cells], limit=_NAMED_MAX)
    words = ("cellule cachée sous une fusion, non lue", "cellules cachées sous une fusion, non lues")
    return f"Feuille «\u202f{sheet.name}\u202f»\u202f: {french.plural(len(cells), *words)}\u202f: {names}."
