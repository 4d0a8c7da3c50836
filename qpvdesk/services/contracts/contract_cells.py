"""The cells of a whole contract's workbook: what each says, in the type of its column."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from qpvdesk.domain import file_names, french, periods
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import BY_NAME, Field, Kind, Type
from qpvdesk.domain.levels import Levels
from qpvdesk.domain.meetings import meeting_kind
from qpvdesk.services.contracts import contract_layout as layout
from qpvdesk.services.contracts.blank_lines import EXAMPLES
from qpvdesk.services.contracts.contract_layout import Column
from qpvdesk.spreadsheets.book import Read, ReadCell, ReadSheet, cell_name

_EXACT = re.compile(r"-?[0-9]{1,25}(?:,[0-9]{1,25})?")
EXAMPLE = "Exemple"
"""What the code or the partner of a line begins with that is there to be imitated."""
_TITLES_MIN = 3
"""How many titles of a sheet a sheet of another name bears to be taken for it."""
_YES = {"oui": True, "vrai": True, "1": True, "non": False, "faux": False, "0": False}


class RefusedCellError(Exception):
    """What was expected where something else was read."""


def cell_refusal(column: Column, error: UserError) -> RefusedCellError:
    """Return why a cell is refused, and what to do: what is told of a number says more than that it is one."""
    expected = f"attendu\u202f: {column.expected}"
    told = error.remedy if column.type is Type.NUMBER and error.remedy else expected
    return RefusedCellError(f"{error.message.rstrip('.')}\u202f; {french.lowered(told.rstrip('.'))}")


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """A cell that cannot be taken, by its place in what was read; without a sheet: something beside the cells."""

    words: str
    """Where it is and why, in one sentence."""
    sheet: str = ""
    row: int = 0
    column: int | None = None
    """None for one that is lacking, and has no column."""
    why: str = ""

    @property
    def place(self) -> str:
        """`B12`; `ligne 12` of what has no column."""
        return cell_name(self.row, self.column) if self.column is not None else f"ligne {self.row + 1}"


@dataclass(slots=True)
class Row:
    """One line of a sheet: what stands in each column."""

    sheet: ReadSheet
    number: int
    places: Mapping[str, int]
    """Column of the sheet by header."""
    cells: Mapping[int, ReadCell]
    taken: dict[str, ReadCell] = field(default_factory=dict)
    """What the blank cells are taken for, by field (see `contract_blanks`)."""
    asked: dict[str, str] = field(default_factory=dict)
    """Why a blank cell has to be filled, by field, where it is more than that it is blank; empty where another cell is
    refused for it."""
    key: str = ""
    typed: bool = False
    """Whether it bears no key: a person wrote it."""
    listed: bool = False
    """Whether it is an element of a list, in a JSON document: it has neither sheet nor cell there."""

    @property
    def is_example(self) -> bool:
        """Whether it shows how a line is filled in, and is nobody's."""
        named = (self.cells.get(self.places.get(header, 0)) for header in ("Code", "Partenaire"))
        return any(cell is not None and cell.text.startswith(f"{EXAMPLE} ") for cell in named)

    def cell(self, column: Column) -> ReadCell | None:
        """Return what stands in a column; None where it is blank."""
        at = self.places.get(column.header)
        cell = self.cells.get(at) if at is not None else None
        blank = cell is None or (cell.kind is Read.TEXT and not cell.text.strip())
        return self.taken.get(column.field.name) if blank else cell

    def blank(self, column: Column) -> None:
        at = self.places.get(column.header)
        self.cells = {place: cell for place, cell in self.cells.items() if place != at}
        self.taken.pop(column.field.name, None)

    def where(self, column: Column) -> str:
        """Say where a column of this line is."""
        if self.listed:
            name = layout.list_name(self.sheet.name)
            return f"Liste «\u202f{name}\u202f», élément {self.number}, champ «\u202f{column.slug}\u202f»"
        at = self.places.get(column.header)
        place = f"cellule {cell_name(self.number, at)}" if at is not None else f"ligne {self.number + 1}"
        return f"Feuille «\u202f{self.sheet.name}\u202f», {place}"


def share_doubt(cell: ReadCell, unit: str) -> str:
    """Say why a bare number under 1 is no number of percent points that was typed; empty where there is no doubt."""
    if cell.kind is not Read.NUMBER or not unit.startswith("%") or not 0 < abs(Decimal(cell.text)) < 1:
        return ""
    share = french.format_value(Decimal(cell.text) * 100, unit)
    point = french.format_value(Decimal(cell.text), unit)
    return f"se lit {share} ou {point}\u202f: écrivez l’un des deux, avec le signe %"


def folded_title(text: str) -> str:
    """Return the title of a sheet or a column as two titles are compared."""
    return french.fold(text.replace("’", "'").replace("_", " ").replace("–", "-")).strip(" :*")


def known_titles(kind: Kind) -> Mapping[str, Column]:
    """Return the columns of a sheet by all that calls them, folded: their fields in the window, their names in JSON, their
    own titles."""
    own = (*layout.columns(kind), *layout.entries(kind))
    fields = {column.field.name: column for column in own if column.part is None}
    asked = {item.name: item.ask.label.replace("&", "") for item in kind.asked if item.ask is not None}
    return {
        **{
            folded_title(label): fields[at]
            for name, label in asked.items()
            if (at := layout.ENTERED.get((kind.name, name), name)) in fields
        },
        **{folded_title(column.slug): column for column in own},
        **{folded_title(column.header): column for column in own},
    }


def placed(kind: Kind, titles: Mapping[int, ReadCell]) -> tuple[dict[str, int], list[tuple[int, str]]]:
    """Return where each column of a sheet is, by its title, and what is wrong with those of the others."""
    known, places, wrong = known_titles(kind), dict[str, int](), list[tuple[int, str]]()
    for at, cell in titles.items():
        column = known.get(folded_title(cell.text))
        if column is None:
            why = (
                f"la colonne «\u202f{cell.text[:40]}\u202f» n’est pas prévue\u202f; la feuille «\u202fMode d’emploi"
                "\u202f» du gabarit donne celles de chaque feuille"
            )
            wrong.append((at, why))
        elif column.header in places:
            why = f"deux colonnes portent le titre «\u202f{column.header}\u202f»\u202f; renommez ou retirez l’une des deux"
            wrong.append((at, why))
        else:
            places[column.header] = at
    return places, wrong


def lacking_sheets(names: Container[str]) -> Iterator[str]:
    """Say which of the sheets that a contract begins with are not there. `names`: of those that are, folded."""
    lost = [
        f"«\u202f{BY_NAME[kind].sheet}\u202f»"
        for kind in EXAMPLES
        if french.fold(BY_NAME[kind].sheet) not in names
    ]
    if lost:
        absent = "Feuilles absentes" if len(lost) > 1 else "Feuille absente"
        yield f"{absent}\u202f: {french.enumerate_words(lost)}\u202f; rien n’en entre."


def misnamed(sheets: Iterable[ReadSheet], lines: Mapping[str, Sequence[Row]]) -> Iterator[RefusedCell]:
    """Say of sheets that each bears the titles of one without lines: half a contract would enter. `lines`: by kind."""
    lacking = [kind for kind in layout.kinds_with_files() if not lines[kind.name]]
    for sheet in sheets:
        rows = sheet.rows()
        known = [(kind, placed(kind, rows[min(rows)])) for kind in lacking] if rows else []
        fits = ((len(places), kind.sheet) for kind, (places, wrong) in known if not wrong)
        count, name = max(fits, default=(0, ""))
        if count >= _TITLES_MIN:
            words = (
                f"La feuille «\u202f{sheet.name}\u202f» n’est pas lue\u202f: elle a les titres de «\u202f{name}\u202f», qui"
                " manque. Rendez-lui ce nom."
            )
            yield RefusedCell(words, sheet.name, min(rows))


def cell_value(column: Column, cell: ReadCell, unit: str = "") -> Any:
    """Return what a cell says in the kind of its field, in the unit of its row. Raises `UserError`."""
    text = cell.text if column.type is Type.TEXT else cell.text.strip()
    match column.type:
        case Type.TEXT:
            return _word(column, text)
        case Type.LEVEL:
            # A level of the contract's own is known once its sheet is read: the checks say it.
            return Levels(()).coded(text) or text
        case Type.FILE_NAME:
            return file_names.check(text)
        case Type.NUMBER:
            return _number(cell, text, unit)
        case Type.DATE | Type.DAY:
            return _day(cell, text, column.field)
        case Type.INTEGER:
            number = _number(cell, text, "")
            if number != number.to_integral_value() or abs(number) > 10**9:
                raise UserError(f"«\u202f{text}\u202f» n’est pas un nombre entier.")
            return int(number)
        case Type.BOOL:
            if french.fold(text) not in _YES:
                raise UserError(f"«\u202f{text[:40]}\u202f» n’est ni oui ni non.")
            return _YES[french.fold(text)]
    if column.field.open:
        return meeting_kind(text)
    found = layout.word_of(column.field.words, text) if column.field.words else None
    if found is None:
        raise UserError(f"«\u202f{text[:40]}\u202f» n’est pas l’un des mots admis.")
    return found


def _word(column: Column, text: str) -> str:
    """Return a text as it is; where the program knows but a few words, the one that it means."""
    wanted = french.fold(text) if column.words else ""
    return next((word for label, word in column.words if wanted in {french.fold(label), word.lower()}), text)


def _number(cell: ReadCell, text: str, unit: str) -> Decimal:
    if cell.kind is Read.SHARE and unit and not unit.startswith("%"):
        # « −20 % » of a start in tonnes is no number of tonnes.
        return french.parse_number(f"{text} %".replace(".", ","), unit)
    if cell.kind in {Read.NUMBER, Read.SHARE}:
        return Decimal(text)
    return Decimal(text.replace(",", ".")) if _EXACT.fullmatch(text) else french.parse_number(text, unit)


def _day(cell: ReadCell, text: str, field: Field) -> date:
    typed_as_period = (field.begins or field.ends) and cell.kind is not Read.DATE
    if cell.kind in {Read.NUMBER, Read.SHARE, Read.BOOLEAN} and not typed_as_period:
        raise UserError(f"«\u202f{text}\u202f» n’est pas une date.")
    return periods.day_of(text, begins=field.begins, ends=field.ends)
