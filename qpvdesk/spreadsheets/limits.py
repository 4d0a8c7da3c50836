"""What a reader refuses, in the officer's words, and how much it takes in."""

from __future__ import annotations

import re

from qpvdesk.bounded import refused
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.spreadsheets.book import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TEXT,
    Read,
    ReadCell,
    ReadSheet,
    cell_name,
)  # fmt: skip


class Filler:
    """Adds cells to a sheet within the limits that one file may reach."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, sheet: ReadSheet, row: int, column: int, *, kind: Read, text: str, shown: str = "") -> None:
        """Add one cell. Raises `UserError` beyond the limits, naming sheet and cell."""
        if row >= MAX_ROWS or column >= MAX_COLUMNS:
            raise far(sheet.name, row, column)
        self.count += 1
        if self.count > MAX_CELLS:
            raise refused(
                f"Feuille «\u202f{sheet.name}\u202f», cellule {cell_name(row, column)}\u202f: le fichier contient trop"
                " de cellules.",
                "Gardez les seules lignes utiles.",
            )
        if "\r" in text or "_x00" in text:
            text = plain_lines(text)
        sheet.cells.append(ReadCell(row, column, kind, text[:MAX_TEXT], shown))


def plain_lines(text: str) -> str:
    """Return the text with line ends of one kind, those that Excel writes in letters (`_x000D_`) included."""
    return _LINE_END.sub("\n", text).strip("\n")


_LINE_END = re.compile(r"(?:_x000[dD]_|\r)(?:_x000[aA]_|\n)?|_x000[aA]_")


def many(what: str, count: int, most: int) -> UserError:
    """Return the error of a file that holds more lines or cells than are read: they are counted before anything is."""
    return refused(
        f"Le fichier a {french.format_number(count)} {what}\u202f; {french.format_number(most)} au plus sont lues.",
        "Gardez les seules lignes utiles, ou demandez un fichier par année.",
    )


def far(sheet: str, row: int, column: int) -> UserError:
    return refused(
        f"Feuille «\u202f{sheet}\u202f»\u202f: la cellule {cell_name(row, column)} est hors des limites"
        f" ({MAX_ROWS} lignes, {MAX_COLUMNS} colonnes).",
        "Supprimez les lignes et les colonnes inutiles.",
    )
