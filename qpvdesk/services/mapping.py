"""Files that are not ours: which column is the indicator, the date, the value, the territory; said once, remembered.

What is remembered are headers, not places: the next file may have its columns elsewhere, more lines above, or
another year in its titles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Correspondence, Dossier
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet, cell_name
from qpvdesk.spreadsheets.columns import Columns, said_contract, unit_of
from qpvdesk.storage.keys import new_key

LOOKED_AT = 40
"""Lines among which the headers are looked for."""
_YEAR = re.compile(r"(?<!\d)((?:19|20)[0-9]{2})(?!\d)")
_PLACE = re.compile(r"([A-Z]{1,2})(?:-([A-Z]{1,2}))?(?:@(.+))?")
_FIGURE = re.compile(r"[-\u2212]?[0-9][0-9 \u00a0\u202f\u2009.,/]*\s?(?:%|k?€|M€|Md€)?")
_WORDS: dict[str, tuple[str, ...]] = {
    "indicator": ("code", "indicateur", "objectif", "intitule", "libelle", "action"),
    "value": ("valeur", "realise", "resultat"),
    "day": ("date", "periode"),
    "territory": ("territoire", "commune", "quartier", "insee", "qpv", "lieu"),
    "source": ("source", "origine"),
    "comment": ("commentaire", "observation", "remarque"),
}
"""What the titles of each role begin with, as people write them."""
_ROLES = {"date": "day", "territoire": "territory", "source": "source", "commentaire": "comment"}
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
    year: int | None
    """The year that the title names."""
    unit: str


class RememberedValues(Struct, frozen=True):
    """Columns of values: by their title, or by the pattern of titles that differ by their year alone."""

    titre: str | None
    annee: bool
    date: date | None


class Layout(Struct, frozen=True):
    """What is remembered of a file, as the base keeps it in JSON: titles, by role."""

    feuille: str
    lignes: Annotated[int, Meta(ge=1, le=LOOKED_AT)]
    """How many lines the titles take."""
    indicateur: str | None
    valeurs: tuple[RememberedValues, ...]
    date: str | None
    territoire: str | None
    source: str | None
    commentaire: str | None
    choisis: dict[str, str]
    """The code of an objective by the name that a file gives it; empty for a name that is passed over."""


class Proposal(Struct, frozen=True):
    """What is known of a file: where its figures are, whose it is, which objectives its names stand for."""

    columns: Columns
    known: Correspondence
    """What was remembered; its partner is the one whose file it was."""
    chosen: Mapping[str, str]
    """Name in the file → code of the objective."""


def headers(book: ReadBook, sheet: str, first: int, last: int) -> tuple[Header, ...]:
    """Return the columns of a sheet whose titles stand on lines `first` to `last` (from 0).

    Raises `UserError` where the sheet is not in the file.
    """
    found = _sheet(book, sheet)
    titles = titles_of(found, first, last)
    samples: dict[int, list[str]] = {}
    for cell in found.cells:
        if cell.row > last and len(kept := samples.setdefault(cell.column, [])) < 3:
            kept.append(cell.text.strip()[:40])
    made = []
    for column in sorted(titles.keys() | samples.keys()):
        lines = titles.get(column, [])
        title = " ".join(lines)
        made.append(
            Header(
                column,
                cell_name(0, column)[:-1],
                title,
                tuple(samples.get(column, ())),
                _year(title),
                _unit(lines),
            )
        )
    return tuple(made)


def likely(book: ReadBook, name: str) -> Columns:
    """Return a first guess at where the figures of a sheet are, for the officer to put right.

    The titles are the lines before the first figure, from the first that holds two cells. Raises `UserError` where
    the sheet is not in the file.
    """
    sheet = _sheet(book, name)
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
    found = headers(book, sheet.name, top, head)
    words = {role: _named(found, said) for role, said in _WORDS.items()}
    figures = {cell.column for row, cells in rows.items() if row > head for cell in cells if _is_figure(cell)}
    texts = [one.column for one in found if one.column not in figures and one.samples]
    taken = set(words.values())
    indicator = words.pop("indicator")
    if indicator is None:
        indicator = next((column for column in texts if column not in taken), 0)
    value = words.pop("value")
    if value is None or value == indicator:
        years = [one.column for one in found if one.year is not None and one.column != indicator]
        others = [column for column in sorted(figures) if column not in taken | {indicator}]
        value = next(iter([*years, *others]), indicator)
    header = next((one for one in found if one.column == value), None)
    place = (value, None, "") if header is None else value_of(header)
    made = Columns(sheet.name, head, indicator, (place,), first=top, **words)
    made = replace(made, values=wide(book, made))
    # « Part en quartier 2025 » names a figure, not a place.
    figured = {column for column, _, _ in made.values}
    misread: dict[str, Any] = {role: None for role, column in words.items() if column in figured}
    return replace(made, **misread)


def _named(found: tuple[Header, ...], said: tuple[str, ...]) -> int | None:
    for word in said:
        for header in found:
            if re.search(rf"\b{word}", french.fold(header.title)):
                return header.column
    return None


def _is_figure(cell: ReadCell) -> bool:
    text = cell.text.strip()
    number = cell.kind in {Read.NUMBER, Read.SHARE, Read.DATE} or (
        cell.kind is Read.TEXT and _FIGURE.fullmatch(text) is not None
    )
    return number and _YEAR.fullmatch(text) is None


def wide(book: ReadBook, columns: Columns) -> tuple[tuple[int, date | None, str], ...]:
    """Return every column whose title differs from that of the first value's by its year alone."""
    titles = titles_of(_sheet(book, columns.sheet), columns.top, columns.head)
    column, day, _ = columns.values[0]
    if day is None or column not in titles or _year(" ".join(titles[column])) is None:
        return columns.values
    pattern = _pattern(titles[column])
    return tuple(
        (at, date(year, 12, 31), _unit(lines))
        for at, lines in sorted(titles.items())
        if _pattern(lines) == pattern and (year := _year(" ".join(lines))) is not None
    )


def across(book: ReadBook, columns: Columns) -> tuple[tuple[int, date | None, str], ...]:
    """Return every column with a title from the first value's on, those of other roles left out: one an indicator."""
    titles = titles_of(_sheet(book, columns.sheet), columns.top, columns.head)
    others = {columns.day, columns.territory, columns.source, columns.comment}
    first = columns.values[0][0]
    return tuple(
        (column, None, _unit(lines))
        for column, lines in sorted(titles.items())
        if column >= first and column not in others
    )


def value_of(header: Header) -> tuple[int, date | None, str]:
    """Return a column of values: the last day of the year that its title names, and the unit."""
    return header.column, date(header.year, 12, 31) if header.year else None, header.unit


def described(text: str, book: ReadBook) -> Columns:
    """Return the mapping that a person writes for the shell (see `_REMEDY`). Raises `UserError`."""
    said: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        role = french.fold(name)
        if (
            not equals
            or role not in {"feuille", "titres", "indicateur", "valeur", *_ROLES}
            or not value.strip()
        ):
            raise UserError(
                f"La correspondance «\u202f{part.strip()[:60]}\u202f» n’est pas comprise.", _REMEDY
            )
        said[role] = value.strip()
    if not {"indicateur", "valeur"} <= said.keys():
        raise UserError("Une correspondance dit au moins l’indicateur et la valeur.", _REMEDY)
    sheet = _sheet(book, said["feuille"]) if "feuille" in said else _first_sheet(book)
    lines = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", said.get("titres", "1"))
    if lines is None or int(lines[1]) < 1 or (lines[2] and int(lines[2]) < int(lines[1])):
        raise UserError(
            f"Les lignes de titres «\u202f{said['titres']}\u202f» ne sont pas comprises.", _REMEDY
        )
    first, last = int(lines[1]) - 1, int(lines[2] or lines[1]) - 1
    titles = titles_of(sheet, first, last)
    values: list[tuple[int, date | None, str]] = []
    for piece in said["valeur"].upper().split(","):
        place = _PLACE.fullmatch(piece.strip())
        if place is None:
            raise UserError(f"La colonne «\u202f{piece.strip()}\u202f» n’est pas comprise.", _REMEDY)
        start = _column(place[1])
        for column in range(start, _column(place[2] or place[1]) + 1):
            title = titles.get(column, [])
            year = _year(" ".join(title))
            day = french.parse_date(place[3]) if place[3] else date(year, 12, 31) if year else None
            values.append((column, day, _unit(title)))
    others = {field: _column(said[role]) for role, field in _ROLES.items() if role in said}
    if french.fold(said["indicateur"]) == "titres":
        # A title that holds a year is the name of an indicator, not the day of a value.
        undated = tuple(
            (column, day if "@" in said["valeur"] else None, unit) for column, day, unit in values
        )
        return Columns(sheet.name, last, None, undated, first=first, **others)
    return Columns(sheet.name, last, _column(said["indicateur"]), tuple(values), first=first, **others)


def correspondence(
    dossier: Dossier, book: ReadBook, columns: Columns, partner: str, chosen: Mapping[str, str]
) -> Correspondence:
    """Return what is to be remembered of a file of that partner (its key)."""
    titles = titles_of(_sheet(book, columns.sheet), columns.top, columns.head)

    def title(column: int | None) -> str | None:
        return None if column is None else _key(titles.get(column, []))

    named = columns.indicator is None
    years = [None if named else _year(" ".join(titles.get(column, []))) for column, _, _ in columns.values]
    values = tuple(
        RememberedValues(
            _pattern(titles.get(column, [])) if year else title(column),
            year is not None,
            None if year else day,
        )
        for (column, day, _), year in zip(columns.values, years, strict=True)
    )
    layout = Layout(
        columns.sheet,
        columns.head - columns.top + 1,
        title(columns.indicator),
        values,
        title(columns.day),
        title(columns.territory),
        title(columns.source),
        title(columns.comment),
        dict(sorted(chosen.items())),
    )
    text = msgspec.json.encode(layout).decode()
    return Correspondence(new_key(), dossier.contract.key, partner, text)


def layout_of(text: str) -> Layout | None:
    """Return what a base remembers of a file; None where it came from elsewhere and is not in our form."""
    try:
        return msgspec.json.decode(text, type=Layout)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def proposed(dossier: Dossier, book: ReadBook) -> Proposal | None:
    """Return what was said of such a file before, the latest first; None where its headers are new or ours."""
    if said_contract(book) is not None:
        return None
    for known in sorted(dossier.correspondences, key=lambda item: item.key, reverse=True):
        layout = layout_of(known.layout)
        columns = None if layout is None else _found(book, layout)
        if layout is not None and columns is not None:
            return Proposal(columns, known, layout.choisis)
    return None


def _found(book: ReadBook, layout: Layout) -> Columns | None:
    """Return where the headers of a layout stand in a file, in the sheet of that name first."""
    depth = layout.lignes
    for sheet in sorted(book.sheets, key=lambda one: (one.name != layout.feuille, one.hidden)):
        rows = {cell.row for cell in sheet.cells if cell.row <= LOOKED_AT}
        for last in sorted(rows):
            if last - depth + 1 < 0:
                continue
            titles = titles_of(sheet, last - depth + 1, last)
            columns = _placed(sheet, titles, last - depth + 1, last, layout)
            if columns is not None:
                return columns
    return None


def _placed(
    sheet: ReadSheet, titles: Mapping[int, list[str]], first: int, last: int, layout: Layout
) -> Columns | None:
    at: dict[str, int] = {}
    for column, lines in titles.items():
        at.setdefault(_key(lines), column)
    places: dict[str, int | None] = {}
    for role in ("indicateur", *_ROLES):
        wanted = getattr(layout, role)
        if wanted is not None and wanted not in at:
            return None
        places[role] = None if wanted is None else at[wanted]
    values: list[tuple[int, date | None, str]] = []
    for value in layout.valeurs:
        if value.annee:
            values += [
                (column, date(year, 12, 31), _unit(lines))
                for column, lines in sorted(titles.items())
                if _pattern(lines) == value.titre and (year := _year(" ".join(lines))) is not None
            ]
        elif value.titre in at:
            column = at[value.titre]
            values.append((column, value.date, _unit(titles[column])))
    indicator = places["indicateur"]
    if not values or (indicator is None and layout.indicateur is not None):
        return None
    read = tuple(sorted(set(values), key=lambda one: one[0]))
    return Columns(
        sheet.name, last, indicator, read, places["date"], places["territoire"],
        places["source"], places["commentaire"], first=first,
    )  # fmt: skip


def titles_of(sheet: ReadSheet, first: int, last: int) -> dict[int, list[str]]:
    """Return by column its titles from top to bottom; a merged title counts for all its columns."""
    held: dict[tuple[int, int], str] = {}
    for cell in sheet.cells:
        if cell.row > last:
            break
        if cell.row >= first and cell.text.strip():
            held[cell.row, cell.column] = cell.text.strip()
    for top, left, bottom, right in sheet.merged:
        text = held.get((top, left))
        if text is not None and right - left < 200:
            for row in range(top, min(bottom, last) + 1):
                for column in range(left, right + 1):
                    # Repeated down the merged lines, it would be said twice.
                    if row == top:
                        held.setdefault((row, column), text)
    titles: dict[int, list[str]] = {}
    for (_, column), text in sorted(held.items()):
        titles.setdefault(column, []).append(text)
    return titles


def _key(lines: list[str]) -> str:
    return french.fold(" ".join(lines).replace("’", "'"))


def _pattern(lines: list[str]) -> str:
    return _YEAR.sub("####", _key(lines))


def _year(title: str) -> int | None:
    found = _YEAR.findall(title)
    return int(found[-1]) if found else None


def _unit(lines: list[str]) -> str:
    return next((unit for line in reversed(lines) if (unit := unit_of(line))), "")


def _sheet(book: ReadBook, name: str) -> ReadSheet:
    wanted = french.fold(name)
    for sheet in book.sheets:
        if french.fold(sheet.name) == wanted:
            return sheet
    names = ", ".join(f"«\u202f{sheet.name}\u202f»" for sheet in book.sheets[:8])
    raise UserError(
        f"Le fichier n’a pas de feuille «\u202f{name}\u202f».", f"Feuilles du fichier\u202f: {names}."
    )


def _first_sheet(book: ReadBook) -> ReadSheet:
    shown = [sheet for sheet in book.sheets if sheet.cells and not sheet.hidden] or book.sheets
    if not shown:
        raise UserError("Le fichier n’a pas de feuille.", "Demandez-le à nouveau à l’expéditeur.")
    return shown[0]


def _column(letters: str) -> int:
    bare = letters.strip().upper()
    if not re.fullmatch("[A-Z]{1,2}", bare):
        raise UserError(f"La colonne «\u202f{letters[:20]}\u202f» n’est pas comprise.", _REMEDY)
    number = 0
    for letter in bare:
        number = number * 26 + ord(letter) - 64
    return number - 1
