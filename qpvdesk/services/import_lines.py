"""One value of a file after the other: what it is, what it would change, or why it is not taken."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier, Measurement, Mesure, Objective, Territory
from qpvdesk.services import measurements
from qpvdesk.services.titles import titles_of
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.spreadsheets.columns import Columns, bare, return_day_cell, said_contract
from qpvdesk.spreadsheets.serial import day_of


class LineState(StrEnum):
    """What becomes of one value of the file."""

    NEW = "nouveau"
    SAME = "identique"
    CHANGED = "modifie"
    REFUSED = "refuse"
    UNKNOWN = "inconnu"
    SKIPPED = "ignore"
    """A name that the officer said is no indicator (a total, a title)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One value of the file. `measurement` is what would be written; `old` what it would replace or repeats."""

    sheet: str
    cell: str
    name: str
    """The code or the label that the file gives."""
    state: LineState
    objective: Objective | None = None
    day: date | None = None
    measurement: Measurement | None = None
    old: Measurement | None = None
    sentence: str = ""
    warnings: tuple[str, ...] = ()
    full_name: str = ""
    """The whole name of what the contract does not know, by which the officer may say what it stands for."""


class _RefusedValueError(Exception):
    """A value that is not taken, with the cell at fault where it is another than the value's."""

    def __init__(self, sentence: str, cell: ReadCell | None = None) -> None:
        super().__init__(sentence)
        self.cell = cell


class Planner:
    """Goes through the rows of one file."""

    def __init__(
        self,
        dossier: Dossier,
        book: ReadBook,
        columns: Columns,
        today: date,
        day: date | None,
        chosen: Mapping[str, str],
    ) -> None:
        self.dossier, self.book, self.columns, self.today = dossier, book, columns, today
        self.day = day
        self.whole = {columns.provisional, columns.numerator, columns.denominator} != {None}
        """Whether the file says more of a value than people do: it is an export of measurements."""
        self.shares = said_contract(book) is not None and not book.styled
        self.day_cell = return_day_cell(book)
        self.by_code = {item.code.upper(): item for item in dossier.objectives}
        self.by_label: dict[str, list[Objective]] = {}
        for item in dossier.objectives:
            self.by_label.setdefault(french.fold(item.label), []).append(item)
        self.chosen = {french.fold(name): code.upper() for name, code in chosen.items()}
        self.places: dict[str, Territory] = {}
        self.territories = {item.key for item in dossier.territories}
        for territory in reversed(dossier.territories):
            self.places[french.fold(territory.name)] = territory
            self.places[french.fold(territory.code)] = territory
        self.series: dict[tuple[str, str], list[Measurement]] = {}
        for known in dossier.measurements:
            self.series.setdefault((known.objective, known.territory), []).append(known)
        self.seen: dict[tuple[str, str, date], Line] = {}
        # A long file says the same words over and over: each is read once.
        self.values: dict[tuple[str, Read, str, str], tuple[Decimal, list[str]]] = {}
        self.days: dict[tuple[Read, str], date] = {}
        self.names: dict[str, Objective | None] = {}
        self.printed: dict[str, str] = {}

    def lines(self) -> Iterator[Line]:
        """Yield one line for each value that the file holds."""
        sheet = next((item for item in self.book.sheets if item.name == self.columns.sheet), None)
        if sheet is None:
            raise UserError(
                f"Le fichier n’a pas de feuille «\u202f{self.columns.sheet}\u202f». Rien n’a été importé.",
                "Choisissez la feuille qui contient les valeurs.",
            )
        rows = sheet.rows()
        spread = _spread(sheet, self.columns.indicator)
        titles = self._titles(sheet)
        for index in sorted(rows):
            if index <= self.columns.head:
                continue
            row = rows[index]
            at = self.columns.indicator
            name = row.get(at) if at is not None else None
            if name is None and at is not None and index in spread:
                name = rows.get(spread[index], {}).get(at)
            for column, day, unit in self.columns.values:
                cell = row.get(column)
                if cell is not None and not _blank(cell):
                    yield self._line(sheet, row, titles.get(column, name), cell, day, unit)

    def _titles(self, sheet: ReadSheet) -> dict[int, ReadCell]:
        """Return the title of each column of values as the name of an indicator; none where a column names them."""
        if self.columns.indicator is not None:
            return {}
        return {
            column: ReadCell(self.columns.head, column, Read.TEXT, bare(" ".join(lines)))
            for column, lines in titles_of(sheet, self.columns.top, self.columns.head).items()
        }

    def _line(
        self, sheet: ReadSheet, row: dict[int, ReadCell], name: ReadCell | None, cell: ReadCell, day: date | None, unit: str
    ) -> Line:  # fmt: skip
        shown = self._shown(name.text) if name else ""
        objective = None
        try:
            _refuse_hidden_characters(cell)
            if name is None:
                raise _RefusedValueError(
                    f"«\u202f{_printable(cell.text)}\u202f» n’a pas d’indicateur sur sa ligne\u202f; son code est attendu."
                )
            _refuse_hidden_characters(name)
            objective = self._objective(name.text)
            if objective is None and self.chosen.get(french.fold(name.text.strip())) == "":
                return Line(sheet.name, cell.name, shown, LineState.SKIPPED, full_name=name.text.strip())
            if objective is None:
                told = f"«\u202f{shown}\u202f» n’est pas un indicateur du contrat\u202f; un code est attendu."
                return Line(
                    sheet.name,
                    cell.name,
                    shown,
                    LineState.UNKNOWN,
                    sentence=_at(sheet, name, told),
                    full_name=name.text.strip(),
                )
            return self._known(sheet, row, shown, objective, cell, day, unit)
        except _RefusedValueError as error:
            told = _at(sheet, error.cell or cell, str(error))
            return Line(sheet.name, cell.name, shown, LineState.REFUSED, objective, sentence=told)

    def _shown(self, text: str) -> str:
        if text not in self.printed:
            self.printed[text] = _printable(text)
        return self.printed[text]

    def _objective(self, text: str) -> Objective | None:
        if text not in self.names:
            self.names[text] = self._looked_up(text)
        return self.names[text]

    def _looked_up(self, text: str) -> Objective | None:
        bare = text.strip()
        found = self.by_code.get(bare.upper()) or self.by_code.get(self.chosen.get(french.fold(bare), ""))
        if found is not None:
            return found
        named = self.by_label.get(french.fold(bare), [])
        return named[0] if len(named) == 1 else None

    def _known(
        self, sheet: ReadSheet, row: dict[int, ReadCell], name: str, objective: Objective, cell: ReadCell, day: date | None,
        unit: str,
    ) -> Line:  # fmt: skip
        value, warnings = self._value(objective, cell, unit)
        day = self._day(row, day)
        entry = measurements.Entry(
            objective=objective.key,
            day=day,
            value=value,
            territory=self._territory(row),
            source=self._text(row, self.columns.source),
            comment=self._text(row, self.columns.comment),
        )
        try:
            new = measurements.allowed(objective, entry, self.territories, today=self.today)
        except UserError as error:
            raise _RefusedValueError(str(error)) from error
        if self.whole:
            new = replace(
                new,
                provisional=french.fold(self._text(row, self.columns.provisional)) == "oui",
                numerator=self._part(row, self.columns.numerator),
                denominator=self._part(row, self.columns.denominator),
            )
        if cell.row in sheet.hidden_rows or cell.column in sheet.hidden_columns:
            warnings.append(f"La cellule {cell.name} est masquée dans le fichier.")
        place = (new.objective, new.territory, new.day)
        twice = self.seen.get(place)
        if twice is not None and twice.measurement is not None:
            if twice.measurement.value != value:
                raise _RefusedValueError(
                    f"{objective.code} a déjà une autre valeur à cette date, en {twice.cell}\u202f; une seule est attendue."
                )
            warnings.append(f"Doublon de la cellule {twice.cell}.")
            return Line(
                sheet.name,
                cell.name,
                name,
                LineState.SAME,
                objective,
                day,
                new,
                new,
                warnings=tuple(warnings),
            )
        line = self._compared(sheet, cell, name, objective, new, warnings)
        self.seen[place] = line
        return line

    def _compared(
        self, sheet: ReadSheet, cell: ReadCell, name: str, objective: Objective, new: Measurement, warnings: list[str]
    ) -> Line:  # fmt: skip
        known = self.series.get((new.objective, new.territory), [])
        days = [item.day for item in known]
        at = bisect_left(days, new.day)
        after = at
        while after < len(known) and known[after].day == new.day:
            after += 1
        old = known[after - 1] if after > at else None
        state = LineState.NEW
        if old is not None:
            same = (
                old.value == new.value
                and new.comment in {"", old.comment}
                and new.source in {"", old.source}
                and new.numerator in {None, old.numerator}
                and new.denominator in {None, old.denominator}
                and (self.columns.provisional is None or new.provisional == old.provisional)
            )
            state = LineState.SAME if same else LineState.CHANGED
            new = replace(
                old,
                value=new.value,
                source=new.source or old.source,
                comment=new.comment or old.comment,
                provisional=old.provisional if self.columns.provisional is None else new.provisional,
                numerator=_kept(new.numerator, old.numerator, old.value == new.value),
                denominator=_kept(new.denominator, old.denominator, old.value == new.value),
            )
        if state is not LineState.SAME:
            warnings += _unusual(objective, new, known[at - 1] if at else None, known[after:])
        return Line(
            sheet.name, cell.name, name, state, objective, new.day, new, old, warnings=tuple(warnings)
        )

    def _value(self, objective: Objective, cell: ReadCell, unit: str) -> tuple[Decimal, list[str]]:
        asked = (objective.key, cell.kind, cell.text, unit)
        known = self.values.get(asked)
        if known is None:
            known = self.values[asked] = self._read_value(objective, cell, unit)
        return known[0], list(known[1])

    def _read_value(self, objective: Objective, cell: ReadCell, unit: str) -> tuple[Decimal, list[str]]:
        if objective.aim.yes_or_no and (cell.kind is Read.BOOLEAN or french.fold(cell.text) in _YES_NO):
            return Decimal(_YES_NO.get(french.fold(cell.text), cell.text)), []
        match cell.kind:
            case Read.ERROR:
                raise _RefusedValueError(
                    f"«\u202f{_printable(cell.text)}\u202f» est l’erreur d’un calcul\u202f; un nombre est attendu."
                )
            case Read.UNCALCULATED:
                raise _RefusedValueError(
                    "la cellule contient une formule jamais calculée\u202f; ouvrez le fichier dans un tableur et"
                    " enregistrez-le, un nombre est attendu."
                )
            case Read.DATE:
                raise _RefusedValueError(
                    f"«\u202f{cell.text}\u202f» est une date\u202f; un nombre est attendu."
                )
            case Read.BOOLEAN:
                raise _RefusedValueError("la cellule contient VRAI ou FAUX\u202f; un nombre est attendu.")
            case Read.SHARE:
                text, said = cell.text, "%"
            case Read.NUMBER:
                text, said = cell.text, unit
            case Read.TEXT:
                text, said = cell.text, unit
        if cell.kind is not Read.TEXT:
            # A stored number has a point for its decimals: never a thousands mark.
            text = text.replace(".", ",")
        if said and re.fullmatch(r"[-\u2212]?[0-9 \u00a0\u202f\u2009.,]+", text):
            text = f"{text} {said}"
        try:
            value = french.parse_number(text, objective.unit)
        except UserError as error:
            raise _RefusedValueError(str(error)) from error
        bare = cell.kind is Read.NUMBER or (cell.kind is Read.TEXT and "%" not in text)
        if objective.unit == "%" and bare and not said and 0 < abs(value) <= 1:
            if self.shares and cell.kind is Read.NUMBER:
                # In our own workbook the cell is a percentage; the old xls does not let its format be read.
                value *= 100
                return value, [f"Lu {french.format_value(value, '%')} dans une case au format pourcentage."]
            number = french.format_value(value, "%")
            return value, [f"Lu {number}\u202f: est-ce {french.format_value(value * 100, '%')}\u202f?"]
        return value, []

    def _day(self, row: dict[int, ReadCell], fixed: date | None) -> date:
        own = row.get(self.columns.day) if self.columns.day is not None else None
        if own is not None and not _blank(own):
            return self._read_day(own)
        if fixed is not None:
            return fixed
        if self.day is not None:
            return self.day
        if self.day_cell is not None and not _blank(self.day_cell):
            return self._read_day(self.day_cell)
        raise _RefusedValueError(
            "la valeur n’a pas de date\u202f; une date est attendue sur sa ligne ou en haut du tableau."
        )

    def _read_day(self, cell: ReadCell) -> date:
        known = self.days.get((cell.kind, cell.text))
        if known is None:
            known = self.days[cell.kind, cell.text] = self._reckoned_day(cell)
        return known

    def _reckoned_day(self, cell: ReadCell) -> date:
        try:
            _refuse_hidden_characters(cell)
            if cell.kind is Read.DATE:
                return french.parse_date(cell.text)
            if cell.kind in {Read.NUMBER, Read.TEXT} and re.fullmatch(r"[0-9]{1,5}", cell.text):
                number = Decimal(cell.text)
                if 1990 <= number <= 2100:
                    return date(int(number), 12, 31)
                day = day_of(number, self.book.date1904)
                if day is not None and 1990 <= day.year <= 2100:
                    return day
                raise _RefusedValueError(
                    f"«\u202f{cell.text}\u202f» n’est pas une date\u202f; une date comme 31/12/2026 est attendue.",
                    cell,
                )
            return french.parse_date(cell.text, today=None)
        except UserError as error:
            raise _RefusedValueError(str(error), cell) from error
        except _RefusedValueError as error:
            raise _RefusedValueError(str(error), cell) from error

    def _territory(self, row: dict[int, ReadCell]) -> str | None:
        cell = row.get(self.columns.territory) if self.columns.territory is not None else None
        if cell is None or _blank(cell):
            return None
        found = self.places.get(french.fold(cell.text))
        if found is None:
            raise _RefusedValueError(
                f"«\u202f{_printable(cell.text)}\u202f» n’est pas un territoire du contrat\u202f; son code est attendu.",
                cell,
            )
        return found.key

    def _part(self, row: dict[int, ReadCell], column: int | None) -> Decimal | None:
        cell = row.get(column) if column is not None else None
        if cell is None or _blank(cell):
            return None
        try:
            if cell.kind is Read.NUMBER:
                return Decimal(cell.text)
            return french.parse_number(cell.text)
        except UserError as error:
            raise _RefusedValueError(str(error), cell) from error

    def _text(self, row: dict[int, ReadCell], column: int | None) -> str:
        cell = row.get(column) if column is not None else None
        if cell is None:
            return ""
        _refuse_hidden_characters(cell, cell)
        return cell.text.strip()


def _kept(new: Decimal | None, old: Decimal | None, same: bool) -> Decimal | None:
    """Return a part of a value: the new one; else the old one, as long as the value it makes is the same."""
    return new if new is not None else old if same else None


_YES_NO = {"oui": "1", "fait": "1", "realise": "1", "vrai": "1", "non": "0", "non realise": "0", "faux": "0"}
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _refuse_hidden_characters(cell: ReadCell, at: ReadCell | None = None) -> None:
    if _HIDDEN.search(cell.text):
        raise _RefusedValueError(
            f"«\u202f{_printable(cell.text)}\u202f» contient des caractères invisibles\u202f; un texte simple est attendu.",
            at or cell,
        )


def _blank(cell: ReadCell) -> bool:
    return cell.kind is Read.TEXT and not cell.text.strip()


def _printable(text: str) -> str:
    shown = "".join(char if char.isprintable() or char in "\u00a0\u202f" else "·" for char in text.strip())
    return shown if len(shown) <= 40 else f"{shown[:39]}…"


def _at(sheet: ReadSheet, cell: ReadCell, sentence: str) -> str:
    return f"Feuille «\u202f{sheet.name}\u202f», cellule {cell.name}\u202f: {sentence}"


def _spread(sheet: ReadSheet, column: int | None) -> dict[int, int]:
    """Return for each row under a merged cell of that column the row where its text stands."""
    found: dict[int, int] = {}
    if column is None:
        return found
    for top, left, bottom, right in sheet.merged:
        if left <= column <= right and bottom - top < 10_000:
            found |= dict.fromkeys(range(top + 1, bottom + 1), top)
    return found


def _unusual(
    objective: Objective, new: Measurement, before: Measurement | None, later: list[Measurement]
) -> list[str]:
    """Return what is unusual but allowed, in French."""
    said = []
    if later:
        said.append(f"Une valeur plus récente est déjà connue ({french.format_date(later[-1].day)}).")
    if before is not None:
        start, target = objective.start_value, objective.target_value
        known = f"{french.format_value(before.value, objective.unit)} au {french.format_date(before.day)}"
        if (
            start is not None
            and target is not None
            and 0 < abs(target - start) / 2 < abs(new.value - before.value)
        ):
            said.append(f"La valeur s’écarte beaucoup de la précédente ({known}).")
        if objective.mesure is Mesure.CUMUL and new.value < before.value:
            said.append(f"Un cumul ne peut pas diminuer ({known}).")
    if objective.unit == "%" and not 0 <= new.value <= 100 and objective.aim.promised:
        said.append("Cette part sort de l’intervalle de 0 à 100\u202f%.")
    return said
