"""What one cell of a file says: a value, a day, a number; or why it is not taken."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Objective
from qpvdesk.spreadsheets.book import Read, ReadCell
from qpvdesk.spreadsheets.serial import day_of

_YES_NO = {"oui": "1", "fait": "1", "realise": "1", "vrai": "1", "non": "0", "non realise": "0", "faux": "0"}
_NO_NUMBER = {
    Read.ERROR: "«\u202f{text}\u202f» est l’erreur d’un calcul\u202f; un nombre est attendu.",
    Read.UNCALCULATED: "la cellule contient une formule jamais calculée\u202f; ouvrez le fichier dans un tableur et"
    " enregistrez-le, un nombre est attendu.",
    Read.DATE: "«\u202f{text}\u202f» est une date\u202f; un nombre est attendu.",
    Read.BOOLEAN: "la cellule contient VRAI ou FAUX\u202f; un nombre est attendu.",
}
"""Why a cell of that kind holds no value."""
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class RefusedValueError(Exception):
    """A value that is not taken, with the cell at fault where it is another than the value's."""

    def __init__(self, sentence: str, cell: ReadCell | None = None) -> None:
        super().__init__(sentence)
        self.cell = cell


class CellReader:
    """Reads the cells of one file. A long file says the same words over and over: each is read once."""

    def __init__(self, *, date1904: bool, shares: bool) -> None:
        """`shares`: in this file a share is a cell with the format of percentages."""
        self._date1904 = date1904
        self._shares = shares
        self._values: dict[tuple[str, Read, str, str, str], tuple[Decimal, list[str]]] = {}
        self._days: dict[tuple[Read, str], date] = {}

    def value(self, objective: Objective, cell: ReadCell, unit: str) -> tuple[Decimal, list[str]]:
        """The value of a cell in the unit of its objective, and what is doubtful in it, in French."""
        asked = (objective.key, cell.kind, cell.text, cell.shown, unit)
        known = self._values.get(asked)
        if known is None:
            known = self._values[asked] = self._read_value(objective, cell, unit)
        return known[0], list(known[1])

    def _read_value(self, objective: Objective, cell: ReadCell, unit: str) -> tuple[Decimal, list[str]]:
        answer = french.fold(cell.text)
        if objective.aim.yes_or_no and (cell.kind is Read.BOOLEAN or answer in _YES_NO):
            return Decimal(_YES_NO.get(answer, cell.text)), []
        if cell.kind in _NO_NUMBER:
            raise RefusedValueError(_NO_NUMBER[cell.kind].format(text=printable(cell.text)))
        text, unit = cell.text, "%" if cell.kind is Read.SHARE else cell.shown or unit
        if cell.kind is not Read.TEXT:
            # A stored number has a point for its decimals: never a thousands mark.
            text = text.replace(".", ",")
        if unit and re.fullmatch(r"[-\u2212]?[0-9 \u00a0\u202f\u2009.,]+", text):
            text = f"{text} {unit}"
        try:
            value = french.parse_number(text, objective.unit)
        except UserError as error:
            raise RefusedValueError(str(error)) from error
        bare = cell.kind is Read.NUMBER or (cell.kind is Read.TEXT and "%" not in text)
        if objective.unit == "%" and bare and not unit and 0 < abs(value) <= 1:
            return self._doubtful_share(cell, value)
        return value, []

    def _doubtful_share(self, cell: ReadCell, value: Decimal) -> tuple[Decimal, list[str]]:
        """A bare number of 0 to 1 for a share: is it 100 times as much?"""
        share = french.format_value(value * 100, "%")
        if self._shares and cell.kind is Read.NUMBER:
            # In our own workbook the cell is a percentage; the old xls does not let its format be read.
            return value * 100, [f"Lu {share} dans une case au format pourcentage."]
        return value, [f"Lu {french.format_value(value, '%')}\u202f: est-ce {share}\u202f?"]

    def day(self, cell: ReadCell) -> date:
        """The day that a cell says."""
        known = self._days.get((cell.kind, cell.text))
        if known is None:
            known = self._days[cell.kind, cell.text] = self._read_day(cell)
        return known

    def _read_day(self, cell: ReadCell) -> date:
        refuse_hidden_characters(cell)
        if cell.kind in {Read.NUMBER, Read.TEXT} and re.fullmatch(r"[0-9]{1,5}", cell.text):
            number = Decimal(cell.text)
            if 1990 <= number <= 2100:
                return date(int(number), 12, 31)
            day = day_of(number, self._date1904)
            if day is not None and 1990 <= day.year <= 2100:
                return day
            raise RefusedValueError(
                f"«\u202f{cell.text}\u202f» n’est pas une date\u202f; une date comme 31/12/2026 est attendue.",
                cell,
            )
        try:
            return french.parse_date(cell.text)
        except UserError as error:
            raise RefusedValueError(str(error), cell) from error

    def number(self, cell: ReadCell) -> Decimal:
        """A number without a unit."""
        try:
            return Decimal(cell.text) if cell.kind is Read.NUMBER else french.parse_number(cell.text)
        except UserError as error:
            raise RefusedValueError(str(error), cell) from error


def refuse_hidden_characters(cell: ReadCell, at: ReadCell | None = None) -> None:
    """Raise `RefusedValueError` where the text of the cell holds what nobody sees; `at`: the cell that is named."""
    if _HIDDEN.search(cell.text):
        raise RefusedValueError(
            f"«\u202f{printable(cell.text)}\u202f» contient des caractères invisibles\u202f; un texte simple est attendu.",
            at or cell,
        )


def is_blank(cell: ReadCell) -> bool:
    """Whether the cell says nothing."""
    return cell.kind is Read.TEXT and not cell.text.strip()


def printable(text: str) -> str:
    """The text on one short line of a message."""
    shown = "".join(char if char.isprintable() or char in "\u00a0\u202f" else "·" for char in text.strip())
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
