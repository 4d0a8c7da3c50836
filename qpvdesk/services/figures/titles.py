"""The titles above the columns of a file: their words, the year and the unit that they name."""

from __future__ import annotations

import re

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.spreadsheets.book import ReadBook, ReadSheet
from qpvdesk.spreadsheets.columns import unit_of

YEAR = re.compile(r"(?<!\d)((?:19|20)[0-9]{2})(?!\d)")


def titles_of(sheet: ReadSheet, first: int, last: int) -> dict[int, list[str]]:
    """Return by column its titles from top to bottom; a merged title counts for all its columns."""
    texts: dict[tuple[int, int], str] = {}
    for cell in sheet.cells:
        if cell.row > last:
            break
        if cell.row >= first and cell.text.strip():
            texts[cell.row, cell.column] = cell.text.strip()
    for top, left, bottom, right in sheet.merged:
        text = texts.get((top, left))
        if text is not None and right - left < 200:
            for row in range(top, min(bottom, last) + 1):
                for column in range(left, right + 1):
                    # Repeated down the merged lines, it would be said twice.
                    if row == top:
                        texts.setdefault((row, column), text)
    titles: dict[int, list[str]] = {}
    for (_, column), text in sorted(texts.items()):
        titles.setdefault(column, []).append(text)
    return titles


def folded(lines: list[str]) -> str:
    """The title of a column, as it is compared."""
    return french.fold(" ".join(lines).replace("’", "'"))


def pattern_of(lines: list[str]) -> str:
    """The same without its year."""
    return YEAR.sub("####", folded(lines))


def year_of(title: str) -> int | None:
    """The last year that a title names."""
    found = YEAR.findall(title)
    return int(found[-1]) if found else None


def unit_in(lines: list[str]) -> str:
    """The unit that the lowest title names; empty where none does."""
    return next((unit for line in reversed(lines) if (unit := unit_of(line))), "")


def sheet_named(book: ReadBook, name: str) -> ReadSheet:
    """The sheet of that name. Raises `UserError`."""
    wanted = french.fold(name)
    for sheet in book.sheets:
        if french.fold(sheet.name) == wanted:
            return sheet
    names = ", ".join(f"«\u202f{sheet.name}\u202f»" for sheet in book.sheets[:8])
    raise UserError(
        f"Le fichier n’a pas de feuille «\u202f{name}\u202f».", f"Feuilles du fichier\u202f: {names}."
    )
