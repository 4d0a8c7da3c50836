"""Files that are not ours: which column is the indicator, the date, the value, the territory."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import french, periods
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.periods import Period
from qpvdesk.services.figures.import_cells import is_figure
from qpvdesk.services.figures.layout import dated
from qpvdesk.services.figures.roles import not_read
from qpvdesk.services.figures.titles import pattern_of, sheet_named, titles_of, unit_in
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet, column_letters, column_of
from qpvdesk.spreadsheets.columns import Columns, ValueColumn

LOOKED_AT = 40
"""Lines among which the headers are looked for."""
_PLACE = re.compile(r"([A-Z]{1,2})(?:-([A-Z]{1,2}))?(?:@(.+))?")
_WORDS: dict[str, tuple[str, ...]] = {
    "indicator": ("code", "indicateur", "objectif", "intitule", "libelle", "action"),
    "value": ("valeur", "realise", "resultat"),
    "day": ("date", "periode"),
    "territory": ("territoire", "commune", "quartier", "insee", "qpv", "lieu"),
    "source": ("source", "origine"),
    "comment": ("commentaire", "observation", "remarque"),
}
"""What the titles of each role begin with, as people write them."""
ROLES = {"date": "day", "territoire": "territory", "source": "source", "commentaire": "comment"}
_REMEDY = (
    "Écrivez par exemple «\u202ffeuille=Données; titres=3-4; indicateur=B; valeur=D; date=E; territoire=C\u202f»\u202f;"
    " «\u202fvaleur=D-G\u202f» quand les titres sont des années, «\u202fvaleur=D@31/12/2025\u202f» pour une date,"
    " «\u202findicateur=titres\u202f» quand chaque colonne est un indicateur."
)


class Header(Struct, frozen=True):
    """One column of a file, as a mapping screen shows it."""

    column: int
    letter: str
    title: str
    samples: tuple[str, ...]
    """The first values under the title."""
    period: Period | None
    """The period that the title names."""
    unit: str


def headers(book: ReadBook, sheet: str, first: int, last: int) -> tuple[Header, ...]:
    """Return the columns of a sheet whose titles stand on lines `first` to `last` (from 0).

    Raises `UserError` where the sheet is not in the file.
    """
    read_sheet = sheet_named(book, sheet)
    titles = titles_of(read_sheet, first, last)
    samples: dict[int, list[str]] = {}
    for cell in read_sheet.cells:
        if cell.row > last and len(kept := samples.setdefault(cell.column, [])) < 3:
            kept.append(cell.text.strip()[:40])
    headers_found = []
    for column in sorted(titles.keys() | samples.keys()):
        lines = titles.get(column, [])
        title = " ".join(lines)
        headers_found.append(
            Header(
                column,
                column_letters(column),
                title,
                tuple(samples.get(column, ())),
                periods.found(title),
                unit_in(lines),
            )
        )
    return tuple(headers_found)


def likely(book: ReadBook, name: str, *, today: date) -> Columns:
    """Return a first guess at where the figures of a sheet are, for the officer to put right.

    The titles are the lines before the first figure, from the first that holds two cells. Raises `UserError` where
    the sheet is not in the file.
    """
    sheet = sheet_named(book, name)
    rows: dict[int, list[ReadCell]] = {}
    for cell in sheet.cells:
        if cell.row <= LOOKED_AT:
            rows.setdefault(cell.row, []).append(cell)
    top = next((row for row, cells in sorted(rows.items()) if len(cells) > 1), 0)
    head = top
    for row in sorted(row for row in rows if row > top):
        if any(_is_figure(cell) for cell in rows[row]):
            break
        head = row
    if not any(row > head for row in rows):
        # No figure at all: the second line is rather a line than a title.
        head = top
    titled = headers(book, sheet.name, top, head)
    words: dict[str, Any] = {role: _named(titled, wanted) for role, wanted in _WORDS.items()}
    figures = {cell.column for row, cells in rows.items() if row > head for cell in cells if _is_figure(cell)}
    texts = [header.column for header in titled if header.column not in figures and header.samples]
    taken = set(words.values())
    indicator = words.pop("indicator")
    if indicator is None:
        indicator = next((column for column in texts if column not in taken), 0)
    value = words.pop("value")
    if value is None or value == indicator:
        years = [
            header.column
            for header in titled
            if header.period is not None and header.column != indicator and not not_read(header.title)
        ]
        aside = {header.column for header in titled if not_read(header.title)}
        others = [column for column in sorted(figures - aside) if column not in taken | {indicator}]
        value = next(iter([*years, *others]), indicator)
    header = next((header for header in titled if header.column == value), None)
    place = ValueColumn(value) if header is None else value_of(header, today=today)
    columns = Columns(sheet.name, head, indicator, (place,), first=top, **words)
    columns = replace(columns, values=wide(book, columns, today=today))
    # « Part en quartier 2025 » names a figure, not a place.
    figured = {value.column for value in columns.values}
    misread: dict[str, Any] = {role: None for role, column in words.items() if column in figured}
    return replace(columns, **misread)


def _named(titled: tuple[Header, ...], beginnings: tuple[str, ...]) -> int | None:
    for word in beginnings:
        for header in titled:
            if re.search(rf"\b{word}", french.fold(header.title)):
                return header.column
    return None


def _is_figure(cell: ReadCell) -> bool:
    return (is_figure(cell) or cell.kind is Read.DATE) and periods.read(cell.text) is None


def wide(book: ReadBook, columns: Columns, *, today: date) -> tuple[ValueColumn, ...]:
    """Return every column whose title differs from that of the first value's by its period alone."""
    titles = titles_of(sheet_named(book, columns.sheet), columns.top, columns.head)
    first = columns.values[0]
    if first.day is None or periods.found(" ".join(titles.get(first.column, []))) is None:
        return columns.values
    pattern = pattern_of(titles[first.column])
    return tuple(
        dated(column, period, unit_in(lines), today=today)
        for column, lines in sorted(titles.items())
        if pattern_of(lines) == pattern and (period := periods.found(" ".join(lines))) is not None
    )


def across(book: ReadBook, columns: Columns) -> tuple[ValueColumn, ...]:
    """Return every column with a title from the first value's on, those of other roles left out: one an indicator."""
    titles = titles_of(sheet_named(book, columns.sheet), columns.top, columns.head)
    others = {columns.day, columns.territory, columns.source, columns.comment}
    first = columns.values[0].column
    return tuple(
        ValueColumn(column, None, unit_in(lines))
        for column, lines in sorted(titles.items())
        if column >= first and column not in others
    )


def value_of(header: Header, *, today: date) -> ValueColumn:
    """Return a column of values: the last day of the period that its title names, and the unit."""
    if header.period is None:
        return ValueColumn(header.column, None, header.unit)
    return dated(header.column, header.period, header.unit, today=today)


def described(text: str, book: ReadBook, *, today: date) -> Columns:
    """Return the mapping that a person writes for the shell (see `_REMEDY`). Raises `UserError`."""
    words: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        role = french.fold(name)
        if (
            not equals
            or role not in {"feuille", "titres", "indicateur", "valeur", *ROLES}
            or not value.strip()
        ):
            raise UserError(
                f"La correspondance «\u202f{part.strip()[:60]}\u202f» n’est pas comprise.", _REMEDY
            )
        words[role] = value.strip()
    if not {"indicateur", "valeur"} <= words.keys():
        raise UserError("Une correspondance dit au moins l’indicateur et la valeur.", _REMEDY)
    sheet = sheet_named(book, words["feuille"]) if "feuille" in words else _first_sheet(book)
    lines = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", words.get("titres", "1"))
    if lines is None or int(lines[1]) < 1 or (lines[2] and int(lines[2]) < int(lines[1])):
        raise UserError(
            f"Les lignes de titres «\u202f{words['titres']}\u202f» ne sont pas comprises.", _REMEDY
        )
    first, last = int(lines[1]) - 1, int(lines[2] or lines[1]) - 1
    titles = titles_of(sheet, first, last)
    values: list[ValueColumn] = []
    for piece in words["valeur"].upper().split(","):
        place = _PLACE.fullmatch(piece.strip())
        if place is None:
            raise UserError(f"La colonne «\u202f{piece.strip()}\u202f» n’est pas comprise.", _REMEDY)
        start = _column(place[1])
        for column in range(start, _column(place[2] or place[1]) + 1):
            title = titles.get(column, [])
            period = periods.found(" ".join(title))
            if place[3]:
                values.append(ValueColumn(column, periods.typed(place[3], today=today), unit_in(title)))
            elif period is not None:
                values.append(dated(column, period, unit_in(title), today=today))
            else:
                values.append(ValueColumn(column, None, unit_in(title)))
    others: dict[str, Any] = {field: _column(words[role]) for role, field in ROLES.items() if role in words}
    if french.fold(words["indicateur"]) == "titres":
        # A title that holds a year is the name of an indicator, not the day of a value.
        undated = tuple(
            value if "@" in words["valeur"] else ValueColumn(value.column, None, value.unit)
            for value in values
        )
        return Columns(sheet.name, last, None, undated, first=first, **others)
    return Columns(sheet.name, last, _column(words["indicateur"]), tuple(values), first=first, **others)


def _first_sheet(book: ReadBook) -> ReadSheet:
    shown = [sheet for sheet in book.sheets if sheet.cells and not sheet.hidden] or book.sheets
    if not shown:
        raise UserError("Le fichier n’a pas de feuille.", "Demandez-le à nouveau à l’expéditeur.")
    return shown[0]


def _column(letters: str) -> int:
    bare = letters.strip().upper()
    if not re.fullmatch("[A-Z]{1,2}", bare):
        raise UserError(f"La colonne «\u202f{letters[:20]}\u202f» n’est pas comprise.", _REMEDY)
    return column_of(bare)
