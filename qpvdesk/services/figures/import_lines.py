"""One value of a file after the other: what it is, what it would change, or why it is not taken."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.faults import Known
from qpvdesk.domain.faults.doubts import Doubts
from qpvdesk.domain.model import Dossier, Measurement, Objective, Territory
from qpvdesk.services import measurements
from qpvdesk.services.figures.import_cells import (
    CellReader,
    RefusedValueError,
    is_blank,
    printable,
    refuse_hidden_characters,
)
from qpvdesk.services.figures.titles import titles_of
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.spreadsheets.columns import Columns, bare, return_day_cell, said_contract


class LineState(StrEnum):
    """What becomes of one value of the file."""

    NEW = "nouveau"
    SAME = "identique"
    CHANGED = "modifie"
    REFUSED = "refuse"
    UNKNOWN = "inconnu"
    SKIPPED = "ignore"
    """A name that the officer said is no indicator (a total, a title)."""


class Line(Struct, frozen=True):
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


class _Value(Struct, frozen=True):
    """One cell of values with what surrounds it; `day` and `unit` are those of its column."""

    sheet: ReadSheet
    row: dict[int, ReadCell]
    cell: ReadCell
    day: date | None
    unit: str

    def line(self, name: str, state: LineState, objective: Objective | None = None, **more: Any) -> Line:
        return Line(self.sheet.name, self.cell.name, name, state, objective, **more)


class _Outcome(Struct, frozen=True):
    """What becomes of a value: what would be written, over what, and what is unusual in it."""

    state: LineState
    measurement: Measurement
    old: Measurement | None
    unusual: Sequence[str] = ()


class Planner:
    """Goes through the rows of one file."""

    def __init__(
        self,
        dossier: Dossier,
        book: ReadBook,
        columns: Columns,
        *,
        today: date,
        day: date | None,
        chosen: Mapping[str, str],
    ) -> None:
        self.dossier, self.book, self.columns, self.today = dossier, book, columns, today
        self.day = day
        self.whole = {columns.provisional, columns.numerator, columns.denominator} != {None}
        """Whether the file says more of a value than people do: it is an export of measurements."""
        shares = said_contract(book) is not None and not book.styled
        self.cells = CellReader(date1904=book.date1904, shares=shares)
        self.day_cell = return_day_cell(book)
        self.by_code = {item.code.upper(): item for item in dossier.objectives}
        self.by_label: dict[str, list[Objective]] = {}
        for item in dossier.objectives:
            self.by_label.setdefault(french.fold(item.label), []).append(item)
        self.chosen = {french.fold(name): code.upper() for name, code in chosen.items()}
        self.places: dict[str, Territory] = {}
        self.known = Known(dossier, today)
        self.doubts = Doubts(dossier)
        for territory in reversed(dossier.territories):
            self.places[french.fold(territory.name)] = territory
            self.places[french.fold(territory.code)] = territory
        self.series: dict[tuple[str, str], list[Measurement]] = {}
        for known in dossier.measurements:
            self.series.setdefault((known.objective, known.territory), []).append(known)
        self.seen: dict[tuple[str, str, date], Line] = {}
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
                if cell is not None and not is_blank(cell):
                    yield self._line(_Value(sheet, row, cell, day, unit), titles.get(column, name))

    def _titles(self, sheet: ReadSheet) -> dict[int, ReadCell]:
        """Return the title of each column of values as the name of an indicator; none where a column names them."""
        if self.columns.indicator is not None:
            return {}
        return {
            column: ReadCell(self.columns.head, column, Read.TEXT, bare(" ".join(lines)))
            for column, lines in titles_of(sheet, self.columns.top, self.columns.head).items()
        }

    def _line(self, value: _Value, name: ReadCell | None) -> Line:
        cell = value.cell
        shown = self._shown(name.text) if name else ""
        objective = None
        try:
            refuse_hidden_characters(cell)
            if name is None:
                raise RefusedValueError(
                    f"«\u202f{printable(cell.text)}\u202f» n’a pas d’indicateur sur sa ligne\u202f; son code est attendu."
                )
            refuse_hidden_characters(name)
            objective = self._objective(name.text)
            if objective is not None:
                return self._known(value, shown, objective)
            full_name = name.text.strip()
            if self.chosen.get(french.fold(full_name)) == "":
                return value.line(shown, LineState.SKIPPED, full_name=full_name)
            unknown = f"«\u202f{shown}\u202f» n’est pas un indicateur du contrat\u202f; un code est attendu."
            sentence = _at(value.sheet, name, unknown)
            return value.line(shown, LineState.UNKNOWN, sentence=sentence, full_name=full_name)
        except RefusedValueError as error:
            sentence = _at(value.sheet, error.cell or cell, str(error))
            return value.line(shown, LineState.REFUSED, objective, sentence=sentence)

    def _shown(self, text: str) -> str:
        if text not in self.printed:
            self.printed[text] = printable(text)
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

    def _known(self, value: _Value, name: str, objective: Objective) -> Line:
        cell = value.cell
        number, warnings = self.cells.value(objective, cell, value.unit)
        new = self._measurement(value, objective, number)
        if cell.row in value.sheet.hidden_rows or cell.column in value.sheet.hidden_columns:
            warnings.append(f"La cellule {cell.name} est masquée dans le fichier.")
        place = (new.objective, new.territory, new.day)
        twice = self.seen.get(place)
        if twice is not None and twice.measurement is not None:
            if twice.measurement.value != number:
                raise RefusedValueError(
                    f"{objective.code} a déjà une autre valeur à cette date, en {twice.cell}\u202f; une seule est attendue."
                )
            warnings.append(f"Doublon de la cellule {twice.cell}.")
            outcome = _Outcome(LineState.SAME, new, new)
        else:
            outcome = self._compared(new)
        line = value.line(
            name,
            outcome.state,
            objective,
            day=new.day,
            measurement=outcome.measurement,
            old=outcome.old,
            warnings=(*warnings, *outcome.unusual),
        )
        self.seen.setdefault(place, line)
        return line

    def _measurement(self, value: _Value, objective: Objective, number: Decimal) -> Measurement:
        row = value.row
        entry = measurements.Entry(
            objective=objective.key,
            day=self._day(row, value.day),
            value=number,
            territory=self._territory(row),
            source=self._text(row, self.columns.source),
            comment=self._text(row, self.columns.comment),
        )
        try:
            new = measurements.allowed(self.known, objective, entry)
        except UserError as error:
            raise RefusedValueError(str(error)) from error
        if not self.whole:
            return new
        return replace(
            new,
            provisional=french.fold(self._text(row, self.columns.provisional)) == "oui",
            numerator=self._part(row, self.columns.numerator),
            denominator=self._part(row, self.columns.denominator),
        )

    def _compared(self, new: Measurement) -> _Outcome:
        """What becomes of a value beside those that are known."""
        known = self.series.get((new.objective, new.territory), [])
        before = bisect_left(known, new.day, key=_day_of)
        after = bisect_right(known, new.day, key=_day_of)
        old = known[after - 1] if after > before else None
        state = LineState.NEW
        if old is not None:
            state = LineState.SAME if self._same(old, new) else LineState.CHANGED
            new = replace(
                old,
                value=new.value,
                source=new.source or old.source,
                comment=new.comment or old.comment,
                provisional=old.provisional if self.columns.provisional is None else new.provisional,
                numerator=_kept(new.numerator, old.numerator, old.value == new.value),
                denominator=_kept(new.denominator, old.denominator, old.value == new.value),
            )
        if state is LineState.SAME:
            return _Outcome(state, new, old)
        return _Outcome(state, new, old, self._unusual(new, known[after:]))

    def _unusual(self, new: Measurement, later: Sequence[Measurement]) -> list[str]:
        """Return what is unusual but allowed, in French: what it replaces is said by the line itself."""
        known = (
            [f"Une valeur plus récente est déjà connue ({french.format_date(later[-1].day)})."]
            if later
            else []
        )
        return known + [doubt.sentence for doubt in self.doubts.of(new) if doubt.kind != "meme_jour"]

    def _same(self, old: Measurement, new: Measurement) -> bool:
        """Whether the file says nothing of a known value that the base does not."""
        return (
            old.value == new.value
            and new.comment in {"", old.comment}
            and new.source in {"", old.source}
            and new.numerator in {None, old.numerator}
            and new.denominator in {None, old.denominator}
            and (self.columns.provisional is None or new.provisional == old.provisional)
        )

    def _day(self, row: dict[int, ReadCell], fixed: date | None) -> date:
        own = row.get(self.columns.day) if self.columns.day is not None else None
        if own is not None and not is_blank(own):
            return self.cells.day(own)
        if fixed is not None:
            return fixed
        if self.day is not None:
            return self.day
        if self.day_cell is not None and not is_blank(self.day_cell):
            return self.cells.day(self.day_cell)
        raise RefusedValueError(
            "la valeur n’a pas de date\u202f; une date est attendue sur sa ligne ou en haut du tableau."
        )

    def _territory(self, row: dict[int, ReadCell]) -> str | None:
        cell = row.get(self.columns.territory) if self.columns.territory is not None else None
        if cell is None or is_blank(cell):
            return None
        found = self.places.get(french.fold(cell.text))
        if found is None:
            raise RefusedValueError(
                f"«\u202f{printable(cell.text)}\u202f» n’est pas un territoire du contrat\u202f; son code est attendu.",
                cell,
            )
        return found.key

    def _part(self, row: dict[int, ReadCell], column: int | None) -> Decimal | None:
        cell = row.get(column) if column is not None else None
        if cell is None or is_blank(cell):
            return None
        return self.cells.number(cell)

    def _text(self, row: dict[int, ReadCell], column: int | None) -> str:
        cell = row.get(column) if column is not None else None
        if cell is None:
            return ""
        refuse_hidden_characters(cell, cell)
        return cell.text.strip()


def _day_of(measurement: Measurement) -> date:
    return measurement.day


def _kept(new: Decimal | None, old: Decimal | None, same: bool) -> Decimal | None:
    """Return a part of a value: the new one; else the old one, as long as the value it makes is the same."""
    return new if new is not None else old if same else None


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
