"""Where the figures are in a file: which column is the indicator, the value, the date, the territory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from qpvdesk.bounded import NOTHING
from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet, cell_name
from qpvdesk.spreadsheets.return_book import DAY_LABEL, IDENTITY_CONTRACT

_LOOKED_AT = 40
_INDICATOR = (
    "code", "code objectif", "code indicateur", "code de l'objectif", "reference", "ref", "objectif", "indicateur",
    "libelle",
)  # fmt: skip
_VALUE = (
    "valeur a saisir",
    "nouvelle valeur",
    "valeur",
    "valeur actuelle",
    "realise",
    "resultat",
    "montant",
    "chiffre",
)
_DAY = ("date si differente", "date", "date de la valeur", "date du releve", "au", "jour", "annee", "periode")
_TERRITORY = ("territoire", "code insee", "insee", "commune", "quartier", "qpv", "lieu")
_SOURCE = ("source", "origine")
_COMMENT = ("commentaire", "commentaires", "remarque", "remarques", "observation", "observations")
_UNIT = re.compile(r"\(([^()]{1,12})\)\s*$|\ben (k?€|M€|Md€|%|euros)\s*$")
_UNIT_ALONE = re.compile(r"%|k?€|M€|Md€|pt")
_YEAR = re.compile(r"(?:.*\D)?((?:19|20)[0-9]{2})")


class Columns(Struct, frozen=True):
    """Where the figures of one sheet are; rows and columns count from 0.

    `values` are (column, day, unit): one without a day for a long table, one a year for a wide one, whose days
    are the 31 December. `unit` is the one written in the header, empty where none is.

    `indicator` is None where each column of values is one indicator, named by its title.
    """

    sheet: str
    head: int
    """The last row of the headers."""
    indicator: int | None
    values: tuple[tuple[int, date | None, str], ...]
    day: int | None = None
    territory: int | None = None
    source: int | None = None
    comment: int | None = None
    provisional: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    first: int | None = None
    """The first row of the headers, where they take several."""

    @property
    def top(self) -> int:
        """The first row of the headers."""
        return self.head if self.first is None else self.first


def guess(book: ReadBook) -> Columns:
    """Find the table by its headers, the visible sheets first.

    Raises `UserError` where no sheet has a column of indicators and one of values, or a header stands twice.
    """
    for sheet in sorted(book.sheets, key=lambda sheet: sheet.hidden):
        found = _in_sheet(sheet)
        if found is not None:
            return found
    names = ", ".join(f"«\u202f{sheet.name}\u202f»" for sheet in book.sheets[:5])
    looked = (
        f" (feuilles lues\u202f: {names}\u202f; les titres sont cherchés à partir de A1)" if names else ""
    )
    raise UserError(
        f"Aucun tableau de valeurs n’est reconnu dans ce fichier{looked}. {NOTHING}",
        "Il faut une ligne de titres\u202f: une colonne «\u202fCode\u202f» et une colonne «\u202fValeur\u202f» ou l’année.",
    )


def said_contract(book: ReadBook) -> str | None:
    """Return the code of the contract that a workbook of ours names; None in any other file."""
    cell = _beside(book, french.fold(IDENTITY_CONTRACT))
    return cell.text.strip() if cell else None


def return_day_cell(book: ReadBook) -> ReadCell | None:
    """Return the cell that holds the date of the whole return, if the file has one."""
    return _beside(book, french.fold(DAY_LABEL))


def _beside(book: ReadBook, label: str) -> ReadCell | None:
    for sheet in book.sheets:
        for at, cell in enumerate(sheet.cells):
            if cell.row > _LOOKED_AT:
                break
            if cell.kind is Read.TEXT and french.fold(cell.text).rstrip(" :") == label:
                beside = sheet.cells[at + 1] if at + 1 < len(sheet.cells) else None
                return beside if beside is not None and beside.row == cell.row else None
    return None


def _in_sheet(sheet: ReadSheet) -> Columns | None:
    rows: dict[int, dict[int, ReadCell]] = {}
    for cell in sheet.cells:
        if cell.row <= _LOOKED_AT + 1:
            rows.setdefault(cell.row, {})[cell.column] = cell
    for index in sorted(rows):
        if index > _LOOKED_AT:
            break
        indicator = _column(sheet, rows[index], _INDICATOR)
        if indicator is None:
            continue
        # The years or the word « valeur » may stand on the line above or below, under a merged title.
        for head, line in (
            (index, rows[index]),
            (index + 1, rows.get(index + 1, {})),
            (index, rows.get(index - 1, {})),
        ):
            values = _values(sheet, line, indicator)
            if values:
                joined = rows.get(index + 1, {}) | rows[index] if head > index else rows[index]
                return Columns(
                    sheet.name, head, indicator, values, _column(sheet, joined, _DAY),
                    _column(sheet, joined, _TERRITORY), _column(sheet, joined, _SOURCE), _column(sheet, joined, _COMMENT),
                    _column(sheet, joined, ("provisoire",)), _column(sheet, joined, ("numerateur",)),
                    _column(sheet, joined, ("denominateur",)),
                )  # fmt: skip
    return None


def _values(
    sheet: ReadSheet, line: dict[int, ReadCell], indicator: int
) -> tuple[tuple[int, date | None, str], ...]:
    value = _column(sheet, line, _VALUE)
    if value is not None:
        return ((value, None, unit_of(line[value].text)),)
    years = [
        (column, date(int(found[1]), 12, 31), unit_of(cell.text))
        for column, cell in sorted(line.items())
        if column != indicator and (found := _YEAR.fullmatch(bare(cell.text))) and len(cell.text) < 40
    ]
    days = [day for _, day, _ in years]
    for at, (column, day, _) in enumerate(years):
        if day in days[:at]:
            raise _twice(sheet, str(day.year), [line[years[days.index(day)][0]], line[column]])
    return tuple(years)


def _column(sheet: ReadSheet, line: dict[int, ReadCell], words: Sequence[str]) -> int | None:
    """Return the column whose header is the first of the words that is there. Raises `UserError` for two."""
    headers = [
        (french.fold(bare(cell.text)), cell) for _, cell in sorted(line.items()) if cell.kind is Read.TEXT
    ]
    for word in words:
        found = [cell for header, cell in headers if header == word]
        if len(found) > 1:
            raise _twice(sheet, found[0].text.strip(), found)
        if found:
            return found[0].column
    return None


def _twice(sheet: ReadSheet, header: str, cells: Sequence[ReadCell]) -> UserError:
    names = " et ".join(cell_name(cell.row, cell.column) for cell in cells[:2])
    return UserError(
        f"Feuille «\u202f{sheet.name}\u202f», cellules {names}\u202f: deux colonnes portent le titre"
        f" «\u202f{header[:40]}\u202f». {NOTHING}",
        "Renommez celle qui ne doit pas être lue.",
    )


def bare(header: str) -> str:
    """Return a header without its unit and final marks."""
    return _UNIT.sub("", header.replace("’", "'")).strip(" :*")


def unit_of(header: str) -> str:
    """Return the unit that a header names, at its end or all by itself; empty where it names none."""
    if _UNIT_ALONE.fullmatch(header.strip()):
        return header.strip()
    found = _UNIT.search(header)
    return next((part for part in found.groups() if part), "").strip() if found else ""
