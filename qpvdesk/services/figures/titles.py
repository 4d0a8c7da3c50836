"""The titles above the columns of a file: their words, the period and the unit that they name."""

from __future__ import annotations

from qpvdesk.domain import french, periods
from qpvdesk.domain.errors import UserError
from qpvdesk.services.figures.roles import not_read
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.spreadsheets.columns import unit_of


def title_text(cell: ReadCell) -> str:
    """The text of a title: a date as it is shown, by its day, its month or its year."""
    if cell.kind is not Read.DATE or len(cell.text) != 10:
        return cell.text.strip()
    year, month, day = cell.text.split("-")
    whole = f"{french.MONTHS[int(month) - 1]} {year}"
    shown = {"mois": whole, "annee": year, "mois ?": f"début {whole}"}
    return shown.get(cell.shown, f"{day}/{month}/{year}")


def titles_of(sheet: ReadSheet, first: int, last: int) -> dict[int, list[str]]:
    """Return by column its titles from top to bottom; a merged title counts for all its columns."""
    texts: dict[tuple[int, int], str] = {}
    for cell in sheet.cells:
        if cell.row > last:
            break
        if cell.row >= first and cell.text.strip():
            texts[cell.row, cell.column] = title_text(cell)
    for top, left, bottom, right in sheet.merged:
        text = texts.get((top, left))
        if text is not None and right - left < 200:
            for row in range(top, min(bottom, last) + 1):
                for column in range(left, right + 1):
                    # Repeated down the merged lines, it would be said twice.
                    if row == top:
                        texts.setdefault((row, column), text)
    _spread_periods(texts, last)
    titles: dict[int, list[str]] = {}
    for (_, column), text in sorted(texts.items()):
        titles.setdefault(column, []).append(text)
    return titles


def _spread_periods(texts: dict[tuple[int, int], str], last: int) -> None:
    """Let a year count for the columns at its right that have a title of their own under none: unmerged by a csv."""
    for row in sorted({row for row, _ in texts if row < last}):
        above = ""
        for column in range(max(column for _, column in texts) + 1):
            if (row, column) in texts:
                above = texts[row, column]
                continue
            below = next(
                (texts[line, column] for line in range(row + 1, last + 1) if (line, column) in texts), ""
            )
            if (
                above
                and below
                and periods.read(above)
                and (periods.read(below, year=2000) or not_read(below))
            ):
                texts[row, column] = above


def folded_lines(lines: list[str]) -> str:
    """The title of a column, as it is compared."""
    return french.fold(" ".join(lines).replace("’", "'"))


def pattern_of(lines: list[str]) -> str:
    return periods.rest(folded_lines(lines))


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


def spread_down(sheet: ReadSheet, column: int | None) -> dict[int, int]:
    """Return for each row under a merged cell of that column the row where its text stands."""
    found: dict[int, int] = {}
    if column is None:
        return found
    for top, left, bottom, right in sheet.merged:
        if left <= column <= right and bottom - top < 10_000:
            found |= dict.fromkeys(range(top + 1, bottom + 1), top)
    return found
