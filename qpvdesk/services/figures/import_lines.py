"""One value of a file after the other: what it is, what it would change, or why it is not taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.faults import Known
from qpvdesk.domain.model import Dossier, Measurement, Objective
from qpvdesk.domain.wording import called
from qpvdesk.services import measurements
from qpvdesk.services.figures.beside import Beside
from qpvdesk.services.figures.day_order import DayOrder, days_in_order, doubted, order_of, ordered_titles
from qpvdesk.services.figures.import_cells import (
    CellDay,
    CellReader,
    CellValue,
    NotAvailableError,
    RefusedValueError,
    is_blank,
    printable,
    refuse_hidden_characters,
)
from qpvdesk.services.figures.known_figures import KnownFigures, Outcome
from qpvdesk.services.figures.layout import Words
from qpvdesk.services.figures.line import UNDECIDED, Decision, Line, LineState, Value
from qpvdesk.services.figures.roles import KINDS, not_read
from qpvdesk.services.figures.titles import sheet_named, spread_down, titles_of
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.spreadsheets.columns import Columns, bare, return_day_cell, said_contract, said_version, unit_of


class Planner:
    """Goes through the tables of one file."""

    def __init__(
        self,
        dossier: Dossier,
        book: ReadBook,
        words: Words,
        *,
        day: date | None,
        decisions: Mapping[str, Decision],
        source: str = "",
    ) -> None:
        """`decisions`: what somebody says of a line, by its place (see `Line.place`); `source`: where the values come from
        whose line does not say."""
        self.dossier, self.book, self.words, self.today = dossier, book, words, words.today
        self.day, self.decisions, self.source = day, decisions, source
        # A value of the first workbooks of ours was a percentage; the old xls does not let its format be read.
        shares = said_contract(book) is not None and said_version(book) == "1" and not book.styled
        self.cells = CellReader(date1904=book.date1904, shares=shares, styled=book.styled, today=self.today)
        self.day_cell = return_day_cell(book)
        self.shows_sheets = not all(sheet.hidden for sheet in book.sheets)
        self.known = Known(dossier, self.today)
        self.known_figures = KnownFigures(dossier)
        self.seen: dict[tuple[str, str, date], Line] = {}
        self.contradicted: dict[str, str] = {}
        """Cell of another value of the same day, by place of the line that came first."""
        self.printed: dict[str, str] = {}
        self.order = DayOrder.DAY_FIRST
        self.beside: Beside | None = None

    def lines(self, tables: Sequence[Columns]) -> list[Line]:
        lines = [line for columns in tables for line in self._of_table(columns)]
        if not self.contradicted:
            return lines
        return [self._doubted(line) for line in lines]

    def _doubted(self, line: Line) -> Line:
        other = self.contradicted.get(line.place)
        if other is None or line.state not in {LineState.NEW, LineState.CHANGED, LineState.DOUBTFUL}:
            return line
        doubt = f"Le fichier donne une autre valeur à cette date, en {other}."
        return replace(line, state=LineState.DOUBTFUL, warnings=(*line.warnings, doubt))

    def _of_table(self, columns: Columns) -> Iterator[Line]:
        sheet = sheet_named(self.book, columns.sheet)
        rows = sheet.rows()
        shared = (columns.indicator, columns.territory, columns.day, columns.year, columns.unit, columns.kind)
        spread = {
            column: spread_down(sheet, column) for column in shared if column is not None and sheet.merged
        }
        titles = self._titles(sheet, columns)
        self.beside = Beside(sheet, columns, self.words.places)
        values = ordered_titles(sheet, columns)
        self.order = DayOrder.DAY_FIRST
        if columns.day is not None:
            at_day = columns.day
            self.order = order_of(
                row[at_day] for index, row in rows.items() if at_day in row and index > columns.head
            )
        for index in sorted(rows):
            if index <= columns.head or (columns.last is not None and index > columns.last):
                continue
            row = rows[index]
            for at, above in spread.items():
                if at not in row and index in above and at in rows.get(above[index], {}):
                    row = row | {at: rows[above[index]][at]}
            for column in values:
                cell = row.get(column.column) or _drawn_from(row, columns)
                if cell is not None and not is_blank(cell):
                    name = (
                        titles.get(column.column) if columns.indicator is None else row.get(columns.indicator)
                    )
                    place = f"{sheet.name}!{cell.name}" if self.decisions else ""
                    decision = self.decisions.get(place, UNDECIDED)
                    yield self._line(Value(columns, sheet, row, cell, column, decision), name)

    def _titles(self, sheet: ReadSheet, columns: Columns) -> dict[int, ReadCell]:
        """Return the title of each column of values as the name of an indicator; none where a column names them."""
        if columns.indicator is not None:
            return {}
        titles = titles_of(sheet, columns.top, columns.head)
        names = {
            value.column: columns.sole or bare(" ".join(titles.get(value.column, [])))
            for value in columns.values
        }
        return {
            column: ReadCell(columns.head, column, Read.TEXT, name) for column, name in names.items() if name
        }

    def _line(self, value: Value, name: ReadCell | None) -> Line:
        cell, decision = value.cell, value.decision
        shown = self._shown(name.text) if name else ""
        objective = None
        try:
            if decision.write is False:
                return value.line(shown, LineState.ASIDE, sentence="Mise de côté.")
            refuse_hidden_characters(cell)
            if name is not None:
                refuse_hidden_characters(name)
            text = decision.code or (name.text if name is not None else "")
            if not text:
                raise RefusedValueError(
                    f"«\u202f{printable(cell.text)}\u202f» n’a pas d’indicateur sur sa ligne.",
                    "Écrivez-y son nom ou son code.",
                )
            objective = self.words.names.find(text)
            if objective is not None:
                return self._known(value, shown, objective)
            return self._unknown(value, shown, text.strip(), name or cell)
        except NotAvailableError as error:
            return value.line(shown, LineState.ASIDE, objective, _at(value.sheet, cell, str(error)))
        except RefusedValueError as error:
            line = value.line(
                shown, LineState.REFUSED, objective, _at(value.sheet, error.cell or cell, str(error))
            )
            return replace(line, reason=error.reason, remedy=error.remedy)

    def _unknown(self, value: Value, shown: str, full_name: str, name: ReadCell) -> Line:
        if self.words.names.passed_over(full_name):
            return replace(value.line(shown, LineState.ASIDE, sentence="Nom ignoré."), full_name=full_name)
        if not_read(full_name):
            aside = f"«\u202f{shown}\u202f» n’est pas un relevé\u202f; la ligne est mise de côté."
            return replace(value.line(shown, LineState.ASIDE, sentence=aside), full_name=full_name)
        unknown = f"«\u202f{shown}\u202f» n’est pas un indicateur du contrat."
        remedy = "Écrivez son code, ou son nom exact."
        line = value.line(shown, LineState.UNKNOWN, sentence=_at(value.sheet, name, f"{unknown} {remedy}"))
        return replace(line, full_name=full_name, reason=unknown, remedy=remedy)

    def _shown(self, text: str) -> str:
        if text not in self.printed:
            self.printed[text] = printable(text)
        return self.printed[text]

    def _known(self, value: Value, name: str, objective: Objective) -> Line:
        cell, columns, decision = value.cell, value.columns, value.decision
        warnings: list[str] = [] if decision.write and decision.value else self._doubts(value, objective)
        kind = self._unknown_kind(value) if columns.kind is not None else ""
        if kind:
            warnings.append(f"«\u202f{printable(kind)}\u202f»\u202f: est-ce une valeur constatée\u202f?")
        unit = value.column.unit
        if not unit and columns.unit is not None:
            unit = self._unit(value, objective, warnings)
        if not unit and columns.money and "€" in objective.unit:
            unit = columns.money
        typed = ReadCell(cell.row, cell.column, Read.TEXT, decision.value) if decision.value else cell
        read = self.cells.value(objective, typed, "" if decision.value else unit)
        remarks = list(read.remarks)
        warnings += read.warnings
        new = self._measurement(value, objective, read, (warnings, remarks))
        place = (new.objective, new.territory, new.day)
        twice = self.seen.get(place)
        if twice is not None and twice.measurement is not None:
            outcome = self._again(value, new, twice, doubtful=bool(warnings))
        else:
            outcome = self.known_figures.compared(new, columns)
        warnings += outcome.unusual
        changes = outcome.state in {LineState.NEW, LineState.CHANGED}
        written = outcome.measurement
        # Who gave the value of before did not give this one; a column of sources says where there is none.
        if changes and columns.source is None and (outcome.old is None or outcome.old.value != new.value):
            written = replace(written, source=self.source)
        line = Line(
            value.sheet.name, cell.name, name, LineState.DOUBTFUL if warnings and changes else outcome.state, objective,
            new.day, written, outcome.old, warnings=tuple(warnings), remarks=(*remarks, *outcome.remarks),
            text=f"{cell.text} {cell.shown}".strip() if cell.shown else cell.text.strip(),
            accepted=decision.accepts(warnings), kind=kind,
        )  # fmt: skip
        self.seen.setdefault(place, line)
        return line

    def _doubts(self, value: Value, objective: Objective) -> list[str]:
        """What must be said before the value of a cell is believed."""
        cell, columns = value.cell, value.columns
        doubts = []
        if value.column.doubt and not (value.column.of_day and self.day is not None):
            doubts.append(value.column.doubt)
        if cell.row in value.sheet.hidden_rows or cell.column in value.sheet.hidden_columns:
            doubts.append(f"La cellule {cell.name} est masquée dans le fichier.")
        if value.sheet.hidden and self.shows_sheets:
            doubts.append(f"La feuille «\u202f{value.sheet.name}\u202f» est masquée dans le fichier.")
        other = value.at(columns.other)
        meant = self.words.names.find(other.text) if other is not None else None
        if meant is not None and meant is not objective and not value.decision.code:
            doubts.append(
                f"La ligne nomme aussi «\u202f{called(meant)}\u202f», en {other.name if other else ''}."
            )
        if self.beside is not None:
            doubts += self.beside.doubts(
                value, objective, named=meant is not None or bool(value.decision.code)
            )
        return doubts

    def _unknown_kind(self, value: Value) -> str:
        """Set aside what the line says to be a target or a forecast; return what it says otherwise and nobody knows."""
        kind = value.at(value.columns.kind)
        if kind is None:
            return ""
        measured = KINDS.get(french.fold(kind.text))
        if self.words.names.passed_over(kind.text):
            measured = False
        if measured is False:
            raise NotAvailableError(
                f"«\u202f{printable(kind.text)}\u202f» n’est pas un relevé\u202f; la ligne est mise de côté."
            )
        return kind.text if measured is None else ""

    def _unit(self, value: Value, objective: Objective, warnings: list[str]) -> str:
        """The unit that the line names where it is not that of the objective."""
        text = value.text(value.columns.unit)
        unit = unit_of(text)
        if not text or objective.aim.yes_or_no or _singular(text) == _singular(objective.unit):
            return ""
        scale = unit if "€" in unit or "euro" in unit or unit.startswith("mill") else ""
        if not scale or objective.unit == "%":
            warnings.append(
                f"La ligne compte en «\u202f{printable(text)}\u202f», l’objectif en «\u202f{objective.unit}\u202f»."
            )
        return scale

    def _again(self, value: Value, new: Measurement, twice: Line, *, doubtful: bool) -> Outcome:
        """What becomes of a second value of the same objective, territory and day. Raises `RefusedValueError`."""
        if twice.measurement is not None and twice.measurement.value == new.value:
            return Outcome(LineState.SAME, new, new, (), (f"Doublon de la cellule {twice.cell}.",))
        if doubtful and not (value.decision.write and twice.written):
            return Outcome(
                LineState.NEW,
                new,
                None,
                (f"Le fichier donne une autre valeur à cette date, en {twice.cell}.",),
            )
        self.contradicted[twice.place] = value.cell.name
        name = called(twice.objective) if twice.objective is not None else twice.name
        raise RefusedValueError(
            f"«\u202f{name}\u202f» a déjà une autre valeur à cette date, en {twice.cell}.",
            "Gardez celle qui est juste.",
        )

    def _measurement(
        self, value: Value, objective: Objective, read: CellValue, told: tuple[list[str], list[str]]
    ) -> Measurement:
        columns = value.columns
        day = self._day(value)
        if day.doubt:
            told[0].append(day.doubt)
        comment = value.text(columns.comment)
        numerator, denominator = (self._part(value, at) for at in (columns.numerator, columns.denominator))
        entry = measurements.Entry(
            objective=objective.key,
            day=day.day,
            value=read.number,
            territory=self._territory(value, told),
            source=value.text(columns.source),
            comment=" ".join(filter(None, (comment, read.comment))),
            provisional=day.provisional or read.provisional or self._provisional(value),
            numerator=read.numerator if numerator is None else numerator,
            denominator=read.denominator if denominator is None else denominator,
        )
        try:
            return measurements.allowed(self.known, objective, entry)
        except UserError as error:
            raise RefusedValueError.of(error) from error

    def _provisional(self, value: Value) -> bool:
        if value.columns.provisional is None:
            return False
        text = french.fold(value.text(value.columns.provisional))
        return text in {"oui", "x", "p", "vrai", "1"} or text.startswith("prov")

    def _day(self, value: Value) -> CellDay:
        columns, column = value.columns, value.column
        own = value.at(columns.day)
        if value.decision.day is not None:
            return CellDay(value.decision.day)
        if own is not None:
            year = value.text(columns.year)
            own = self._part_of_year(value, own, year)
            if self.order is DayOrder.DAY_FIRST:
                return self.cells.day(own, year)
            return doubted(self.order, own, self.cells.day(days_in_order(self.order, own), year))
        if column.day is not None:
            asked = column.of_day and bool(column.doubt)
            return CellDay(self.day if asked and self.day is not None else column.day, "", column.provisional)
        above = columns.context
        if above is not None and above.day is not None and (not above.doubt or self.day is None):
            return CellDay(above.day, above.doubt, above.provisional)
        if self.day is not None:
            return CellDay(self.day)
        if self.day_cell is not None and not is_blank(self.day_cell):
            return self.cells.day(self.day_cell)
        raise RefusedValueError(
            "la valeur n’a pas de date.", "Écrivez-la sur sa ligne ou en haut du tableau."
        )

    def _part_of_year(self, value: Value, own: ReadCell, year: str) -> ReadCell:
        """The cell of a month or a quarter that is said by its number alone, written out."""
        if not year or not own.text.isdigit() or len(own.text) > 2:
            return own
        titles = titles_of(value.sheet, value.columns.top, value.columns.head).get(own.column, [])
        letter = french.fold(" ".join(titles))[:1]
        text = f"{own.text.zfill(2)}/{year}" if letter == "m" else f"{letter.upper()}{own.text} {year}"
        return ReadCell(own.row, own.column, Read.TEXT, text)

    def _territory(self, value: Value, told: tuple[list[str], list[str]]) -> str | None:
        columns = value.columns
        cell = value.at(columns.territory)
        if columns.territory is not None and cell is None and not value.decision.territory:
            told[0].append("Le territoire n’est pas écrit sur cette ligne.")
        text = value.decision.territory or (
            cell.text if cell is not None else value.column.place or columns.place
        )
        if not text:
            return None
        found = self.words.places.find(text)
        if found is None:
            raise RefusedValueError(
                f"«\u202f{printable(text)}\u202f» {self.words.places.why_not(text)}.",
                "Écrivez son code ou son nom entier.",
                cell,
            )
        if found.remark:
            told[1].append(found.remark)
        return found.territory.key

    def _part(self, value: Value, column: int | None) -> Decimal | None:
        cell = value.at(column)
        return None if cell is None else self.cells.number(cell)


def _drawn_from(row: Mapping[int, ReadCell], columns: Columns) -> ReadCell | None:
    """A share of which a line gives but the two numbers that it is drawn from, in the words of who writes « 12 sur 48 »."""
    if columns.numerator is None or columns.denominator is None or len(columns.values) != 1:
        return None
    parts = [row.get(at) for at in (columns.numerator, columns.denominator)]
    told = [cell for cell in parts if cell is not None and not is_blank(cell)]
    words = ["?" if cell is None else cell.text.replace(".", ",") for cell in parts]
    return told[0]._replace(kind=Read.TEXT, text=" sur ".join(words), shown="") if told else None


def _at(sheet: ReadSheet, cell: ReadCell, sentence: str) -> str:
    return f"Feuille «\u202f{sheet.name}\u202f», cellule {cell.name}\u202f: {sentence}"


def _singular(unit: str) -> str:
    return french.fold(unit).rstrip("s").strip("() ")
