"""Figures in: what a file would change is shown line by line, then all of it is written or nothing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier, Measurement, Mesure, Objective, Sens, Territory
from qpvdesk.services import measurements
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.spreadsheets.columns import Columns, guess, return_day_cell, said_contract
from qpvdesk.spreadsheets.serial import day_of
from qpvdesk.storage.database import Database


class LineState(StrEnum):
    """What becomes of one value of the file."""

    NEW = "nouveau"
    SAME = "identique"
    CHANGED = "modifie"
    REFUSED = "refuse"
    UNKNOWN = "inconnu"


STATE_LABELS: dict[LineState, str] = {
    LineState.NEW: "Nouveau",
    LineState.SAME: "Identique",
    LineState.CHANGED: "Modifié",
    LineState.REFUSED: "Refusé",
    LineState.UNKNOWN: "Inconnu",
}


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


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do to a contract, reckoned from `dossier`."""

    file: str
    dossier: Dossier
    columns: Columns
    lines: tuple[Line, ...]
    notes: tuple[str, ...]

    def count(self, state: LineState) -> int:
        """Return how many lines are in that state."""
        return sum(line.state is state for line in self.lines)

    @property
    def refused(self) -> tuple[Line, ...]:
        """The lines for which nothing at all is written."""
        return tuple(line for line in self.lines if line.state in {LineState.REFUSED, LineState.UNKNOWN})

    @property
    def sentence(self) -> str:
        """`3 valeurs nouvelles, 1 modifiée, 8 identiques, 0 refusée, 0 inconnue.`"""
        words = (
            (LineState.NEW, "valeur nouvelle", "valeurs nouvelles"),
            (LineState.CHANGED, "modifiée", "modifiées"),
            (LineState.SAME, "identique", "identiques"),
            (LineState.REFUSED, "refusée", "refusées"),
            (LineState.UNKNOWN, "inconnue", "inconnues"),
        )
        return ", ".join(french.plural(self.count(state), one, many) for state, one, many in words) + "."


class _RefusedValueError(Exception):
    """A value that is not taken, with the cell at fault where it is another than the value's."""

    def __init__(self, sentence: str, cell: ReadCell | None = None) -> None:
        super().__init__(sentence)
        self.cell = cell


def read(path: Path) -> ReadBook:
    """Read a file in a bounded process. Raises `UserError`."""
    from qpvdesk.spreadsheets.reading import read as read_apart

    return read_apart(path)


def preview(
    dossier: Dossier,
    path: Path,
    *,
    today: date,
    columns: Columns | None = None,
    day: date | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Plan:
    """Read a file and tell what it would change; nothing is written.

    `columns` says where the figures are (guessed from the headers where absent), `day` is the date of the values
    where the file gives none, `chosen` gives the code of an objective for a name that the contract does not know.
    Raises `UserError` for a file that cannot be read or holds no known table.
    """
    return plan(dossier, read(path), path.name, today=today, columns=columns, day=day, chosen=chosen)


def plan(
    dossier: Dossier,
    book: ReadBook,
    name: str,
    *,
    today: date,
    columns: Columns | None = None,
    day: date | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Plan:
    """Tell what a book already read would change; see `preview`."""
    said = said_contract(book)
    if said is not None and said != dossier.contract.code:
        raise UserError(
            f"Ce classeur est celui du contrat «\u202f{said}\u202f». Rien n’a été importé.",
            f"Ouvrez la base de ce contrat\u202f; celle-ci suit «\u202f{dossier.contract.code}\u202f».",
        )
    places = columns or guess(book)
    lines = tuple(_Planner(dossier, book, places, today, day, chosen or {}).lines())
    if not lines:
        raise UserError(
            f"Aucune valeur n’est remplie dans «\u202f{name}\u202f». Rien n’a été importé.",
            "Vérifiez que le fichier renvoyé est bien celui qui a été rempli.",
        )
    return Plan(name, dossier, places, lines, tuple(book.notes))


def apply(base: Database, plan: Plan) -> Change:
    """Write the plan as one act: all of it or nothing. A backup is made first.

    Raises `UserError` where a line is refused or unknown, or the contract has changed since the preview.
    """
    if plan.refused:
        first = plan.refused[0]
        others = len(plan.refused) - 1
        more = f" (et {french.plural(others, 'autre', 'autres')})" if others else ""
        raise UserError(
            f"{first.sentence}{more} Rien n’a été importé.",
            "Corrigez le fichier, puis importez-le à nouveau.",
        )
    written = [line for line in plan.lines if line.state in {LineState.NEW, LineState.CHANGED}]
    if not written:
        return Change("Rien à importer\u202f: toutes les valeurs sont déjà connues", frozenset())
    if base.dossier(plan.dossier.contract.key).measurements != plan.dossier.measurements:
        raise UserError(
            "Le contrat a changé depuis l’aperçu. Rien n’a été importé.", "Refaites l’aperçu, puis importez."
        )
    base.backup(reason="import")
    values = french.plural(len(written), "valeur", "valeurs")
    with base.unit(f"Import de «\u202f{plan.file}\u202f»\u202f: {values}") as unit:
        for line in written:
            if line.measurement is not None:
                unit.put(line.measurement)
    return unit.change


def as_json(plan: Plan, *, simulation: bool) -> dict[str, Any]:
    """Return the preview as the shell prints it."""
    return {
        "fichier": plan.file,
        "simulation": simulation,
        "bilan": {state.value: plan.count(state) for state in LineState},
        "notes": list(plan.notes),
        "lignes": [
            {
                "feuille": line.sheet,
                "cellule": line.cell,
                "code": line.objective.code if line.objective else None,
                "nom": line.name,
                "date": line.day.isoformat() if line.day else None,
                "etat": line.state.value,
                "ancienne_valeur": _number(line.old),
                "nouvelle_valeur": _number(line.measurement),
                "message": line.sentence,
                "avertissements": list(line.warnings),
            }
            for line in plan.lines
        ],
    }


def as_rows(plan: Plan) -> tuple[list[str], list[list[str]]]:
    """Return headers and one row of French text for each value."""
    headers = ["Cellule", "Objectif", "Date", "Avant", "Après", "État", "Remarque"]
    rows = []
    for line in plan.lines:
        unit = line.objective.unit if line.objective else ""
        rows.append(
            [
                f"{line.sheet}!{line.cell}",
                line.objective.code if line.objective else line.name,
                french.format_date(line.day),
                french.format_value(line.old.value if line.old else None, unit),
                french.format_value(line.measurement.value if line.measurement else None, unit),
                STATE_LABELS[line.state],
                " ".join((line.sentence, *line.warnings)).strip(),
            ]
        )
    return headers, rows


def _number(item: Measurement | None) -> int | float | None:
    if item is None:
        return None
    return int(item.value) if item.value == int(item.value) else float(item.value)


class _Planner:
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
        self.day_cell = return_day_cell(book)
        self.by_code = {item.code.upper(): item for item in dossier.objectives}
        self.by_label: dict[str, list[Objective]] = {}
        for item in dossier.objectives:
            self.by_label.setdefault(french.fold(item.label), []).append(item)
        self.chosen = {french.fold(name): code.upper() for name, code in chosen.items()}
        self.places: dict[str, Territory] = {}
        for territory in reversed(dossier.territories):
            self.places[french.fold(territory.name)] = territory
            self.places[french.fold(territory.code)] = territory
        self.series: dict[tuple[str, str], list[Measurement]] = {}
        for known in dossier.measurements:
            self.series.setdefault((known.objective, known.territory), []).append(known)
        self.seen: dict[tuple[str, str, date], Line] = {}

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
        for index in sorted(rows):
            if index <= self.columns.head:
                continue
            row = rows[index]
            name = row.get(self.columns.indicator)
            if name is None and index in spread:
                name = rows.get(spread[index], {}).get(self.columns.indicator)
            for column, day, unit in self.columns.values:
                cell = row.get(column)
                if cell is not None and not _blank(cell):
                    yield self._line(sheet, row, name, cell, day, unit)

    def _line(
        self, sheet: ReadSheet, row: dict[int, ReadCell], name: ReadCell | None, cell: ReadCell, day: date | None, unit: str
    ) -> Line:  # fmt: skip
        shown = _printable(name.text) if name else ""
        objective = None
        try:
            _refuse_hidden_characters(cell)
            if name is None:
                raise _RefusedValueError(
                    f"«\u202f{_printable(cell.text)}\u202f» n’a pas d’indicateur sur sa ligne\u202f; son code est attendu."
                )
            _refuse_hidden_characters(name)
            objective = self._objective(name.text)
            if objective is None:
                told = f"«\u202f{shown}\u202f» n’est pas un indicateur du contrat\u202f; un code est attendu."
                return Line(sheet.name, cell.name, shown, LineState.UNKNOWN, sentence=_at(sheet, name, told))
            return self._known(sheet, row, shown, objective, cell, day, unit)
        except _RefusedValueError as error:
            told = _at(sheet, error.cell or cell, str(error))
            return Line(sheet.name, cell.name, shown, LineState.REFUSED, objective, sentence=told)

    def _objective(self, text: str) -> Objective | None:
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
            objective.key, day, value, self._territory(row),
            self._text(row, self.columns.source), self._text(row, self.columns.comment),
        )  # fmt: skip
        try:
            new = measurements.checked(self.dossier, entry, today=self.today)
        except UserError as error:
            raise _RefusedValueError(str(error)) from error
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
                old.value == new.value and new.comment in {"", old.comment} and new.source in {"", old.source}
            )
            state = LineState.SAME if same else LineState.CHANGED
            new = replace(
                old,
                value=new.value,
                source=new.source or old.source,
                comment=new.comment or old.comment,
                numerator=old.numerator if old.value == new.value else None,
                denominator=old.denominator if old.value == new.value else None,
            )
        if state is not LineState.SAME:
            warnings += _unusual(objective, new, known[at - 1] if at else None, known[after:])
        return Line(
            sheet.name, cell.name, name, state, objective, new.day, new, old, warnings=tuple(warnings)
        )

    def _value(self, objective: Objective, cell: ReadCell, unit: str) -> tuple[Decimal, list[str]]:
        if objective.sens is Sens.JALON and (cell.kind is Read.BOOLEAN or french.fold(cell.text) in _YES_NO):
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

    def _text(self, row: dict[int, ReadCell], column: int | None) -> str:
        cell = row.get(column) if column is not None else None
        if cell is None:
            return ""
        _refuse_hidden_characters(cell, cell)
        return cell.text.strip()


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


def _spread(sheet: ReadSheet, column: int) -> dict[int, int]:
    """Return for each row under a merged cell of that column the row where its text stands."""
    found: dict[int, int] = {}
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
    if objective.unit == "%" and not 0 <= new.value <= 100 and objective.sens is not Sens.SUIVI:
        said.append("Cette part sort de l’intervalle de 0 à 100\u202f%.")
    return said
