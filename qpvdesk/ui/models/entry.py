"""The rows of the entry grid: what is expected, what was typed, and what it would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from qpvdesk.charts.parity import gap_text
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date, format_rate, format_value, parse_date, parse_number
from qpvdesk.domain.model import Frequency, Objective, Partner, Territory
from qpvdesk.domain.progress import STATUT_LABELS, Assessment
from qpvdesk.services.measurements import Effect, Entry
from qpvdesk.ui.kit.tips import tooltip
from qpvdesk.ui.models.table import ROW_ROLE
from qpvdesk.ui.terms import meaning

Index = QModelIndex | QPersistentModelIndex

ERROR_ROLE = ROW_ROLE + 10
"""Whether the cell cannot be understood."""
INHERITED_ROLE = ROW_ROLE + 11
"""Whether what the cell shows comes from the head of the page."""


class Place(IntEnum):
    """The columns."""

    CODE = 0
    OBJECTIVE = 1
    LAST = 2
    TARGET = 3
    VALUE = 4
    DAY = 5
    SOURCE = 6
    PROVISIONAL = 7
    COMMENT = 8
    EFFECT = 9


TITLES: dict[Place, tuple[str, str]] = {
    Place.CODE: ("Code", "Le code de l’objectif et son territoire"),
    Place.OBJECTIVE: ("Objectif", "L’objectif\u202f; son intitulé entier se lit en le survolant"),
    Place.LAST: ("Dernier relevé", "La dernière valeur connue et sa date"),
    Place.TARGET: ("Cible", "La valeur à atteindre, ou la part de référence à égaler"),
    Place.VALUE: ("Nouvelle valeur", "Comme on la dit\u202f: 1 339, 16,4\u202f%, 2,5 M€"),
    Place.DAY: ("Date", "Celle de la remontée, sauf pour une ligne où vous en tapez une autre"),
    Place.SOURCE: ("Source", "Qui a donné la valeur\u202f; reprise de ligne en ligne"),
    Place.PROVISIONAL: ("Prov.", "Chiffre provisoire\u202f: Espace coche et décoche"),
    Place.COMMENT: ("Commentaire", "Ce qu’il faut savoir pour lire la valeur"),
    Place.EFFECT: ("Effet", "Le statut et le taux si vous enregistrez"),
}
EDITABLE = (Place.VALUE, Place.DAY, Place.SOURCE, Place.PROVISIONAL, Place.COMMENT)
_RIGHT = (Place.LAST, Place.TARGET, Place.VALUE)
_DAYS: dict[Frequency, int] = {
    Frequency.MENSUELLE: 31,
    Frequency.TRIMESTRIELLE: 92,
    Frequency.SEMESTRIELLE: 184,
    Frequency.ANNUELLE: 366,
}


@dataclass(slots=True)
class Typed:
    """What was typed in a row, as it was typed. An empty day: that of the return."""

    value: str = ""
    day: str = ""
    source: str = ""
    comment: str = ""
    provisional: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.value or self.day or self.source or self.comment or self.provisional)


@dataclass(slots=True)
class EntryRow:
    """One expected figure."""

    now: Assessment
    partner: Partner
    territory: Territory
    target: str
    typed: Typed = field(default_factory=Typed)
    effect: Effect | None = None
    trouble: UserError | None = None
    trouble_place: Place = Place.VALUE

    @property
    def objective(self) -> Objective:
        return self.now.objective

    @property
    def assessment(self) -> Assessment:
        """For the delegate: where the row would stand with what was typed."""
        return self.effect.after if self.effect else self.now

    def due(self, day: date) -> bool:
        """Whether a value is expected on that day: none yet, or the last older than its frequency."""
        if self.now.value_day is None:
            return True
        days = _DAYS.get(self.objective.frequency)
        return days is not None and (day - self.now.value_day).days >= days

    @property
    def message(self) -> str:
        """What is to be said of the row, in sentences; empty where nothing was typed."""
        if self.trouble is not None:
            return f"{self.trouble.message} {self.trouble.remedy}".strip()
        if self.effect is None:
            return ""
        before, after = self.effect.before, self.effect.after
        if before.status is not after.status:
            said = (
                f"Le statut passe de «\u202f{STATUT_LABELS[before.status]}\u202f»"
                f" à «\u202f{STATUT_LABELS[after.status]}\u202f»."
            )
        elif after.flagged and after.gap is not None and before.gap != after.gap:
            said = f"{STATUT_LABELS[after.status]}, {gap_text(after)}."
        elif before.rate != after.rate:
            said = f"Le taux passe de {format_rate(before.rate)} à {format_rate(after.rate)}."
        else:
            said = "Le statut et le taux ne changent pas."
        return " ".join((said, *self.effect.warnings))


class EntryModel(QAbstractTableModel):
    """Rows shown are a choice among all those of the contract; what was typed in the others is kept."""

    edited = Signal()
    """Something was typed: the draft and the effects are to follow."""
    source_taken = Signal(str)
    """A source was typed in a row: the next rows take it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: dict[str, EntryRow] = {}
        self._shown: list[EntryRow] = []
        self._today = date.max
        self.day_text = ""
        self.source = ""
        self.read_only = False

    @property
    def shown(self) -> Sequence[EntryRow]:
        """The rows in view."""
        return self._shown

    @property
    def rows(self) -> Sequence[EntryRow]:
        """Every row of the contract."""
        return tuple(self._all.values())

    def set_rows(self, rows: Sequence[EntryRow], today: date, *, keep: bool) -> None:
        """Take the rows of another picture; `keep`: with what was typed in the old ones."""
        old = self._all if keep else {}
        self.beginResetModel()
        self._today = today
        self._all = {row.objective.key: row for row in rows}
        for key, row in self._all.items():
            if key in old:
                row.typed = old[key].typed
                self._check(row)
        self._shown = list(self._all.values())
        self.endResetModel()

    def show_rows(self, rows: Sequence[EntryRow]) -> None:
        """Show these rows only."""
        self.beginResetModel()
        self._shown = list(rows)
        self.endResetModel()

    def set_return(self, day_text: str, source: str) -> None:
        """Take the date and the source of the whole return."""
        old, self.day_text, self.source = self.source, day_text.strip(), source.strip()
        for row in self._all.values():
            if row.typed.value and row.typed.source in ("", old):
                row.typed.source = self.source
            self._check(row)
        self._repaint()

    def entries(self) -> tuple[Entry, ...]:
        """Return the rows that can be saved."""
        made = []
        for row in self._all.values():
            entry = self._entry(row)
            if entry is not None:
                made.append(entry)
        return tuple(made)

    def ready(self) -> tuple[Entry, ...]:
        """Return the entries that nothing forbids."""
        return tuple(entry for entry in self.entries() if self._all[entry.objective].trouble is None)

    def troubled(self) -> tuple[EntryRow, ...]:
        """Return the rows that cannot be saved as they are."""
        return tuple(row for row in self._all.values() if row.trouble is not None)

    def take_effects(self, effects: Mapping[str, Effect | UserError]) -> None:
        """Show what the entries would change."""
        for key, row in self._all.items():
            row.effect = None
            self._check(row)
            found = effects.get(key)
            if row.trouble is not None or not row.typed.value:
                continue
            if isinstance(found, UserError):
                row.trouble, row.trouble_place = found, Place.VALUE
            elif found is not None:
                row.effect = found
        self._repaint()

    def clear(self, keys: Sequence[str]) -> None:
        """Forget what was typed in these rows."""
        for key in keys:
            row = self._all.get(key)
            if row is not None:
                row.typed, row.effect, row.trouble = Typed(), None, None
        self._repaint()

    def draft(self) -> dict[str, Any]:
        """Return what was typed, for the disk."""
        return {
            key: {
                "valeur": row.typed.value,
                "date": row.typed.day,
                "source": row.typed.source,
                "commentaire": row.typed.comment,
                "provisoire": row.typed.provisional,
            }
            for key, row in self._all.items()
            if not row.typed.is_empty
        }

    def take_draft(self, draft: Mapping[str, Any]) -> int:
        """Take back what was typed; return in how many rows. What is no longer expected is left."""
        taken = 0
        for key, held in draft.items():
            row = self._all.get(key)
            if row is None or not isinstance(held, dict):
                continue
            row.typed = Typed(
                str(held.get("valeur", "")),
                str(held.get("date", "")),
                str(held.get("source", "")),
                str(held.get("commentaire", "")),
                held.get("provisoire") is True,
            )
            self._check(row)
            taken += 1
        self._repaint()
        return taken

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Place)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Return what a header says."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Place):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[Place(section)][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            title, said = TITLES[Place(section)]
            return tooltip(said, meaning(title))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in _RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a cell."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        made = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.read_only or index.column() not in EDITABLE or index.column() == Place.PROVISIONAL:
            return made
        return made | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Return what a cell says."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        row, place = self._shown[index.row()], Place(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, place)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = f"{row.objective.code}, {TITLES[place][0]}\u202f: {self._text(row, place) or 'vide'}"
            # Code and territory, value and unit share a cell: both are to be heard.
            more = {Place.CODE: row.territory.name, Place.VALUE: f"en {row.objective.unit}"}.get(place, "")
            return f"{said}, {more}" if more else said
        if role == Qt.ItemDataRole.EditRole:
            return self._text(row, place)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(self._tip(row, place))
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return row.message
        if role == Qt.ItemDataRole.CheckStateRole and place is Place.PROVISIONAL:
            return Qt.CheckState.Checked if row.typed.provisional else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if place in _RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == ROW_ROLE:
            return row
        if role == ERROR_ROLE:
            return row.trouble is not None and row.trouble_place is place
        if role == INHERITED_ROLE:
            return place is Place.DAY and not row.typed.day
        return None

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:  # noqa: N802
        """Take what was typed in a cell, understood or not."""
        if not index.isValid() or self.read_only:
            return False
        row, place = self._shown[index.row()], Place(index.column())
        if place not in EDITABLE:
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            row.typed.provisional = Qt.CheckState(value) is Qt.CheckState.Checked
        elif role == Qt.ItemDataRole.EditRole:
            if self._text(row, place) == str(value).strip():
                return False
            self._type(row, place, str(value).strip())
        else:
            return False
        self._check(row)
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), len(Place) - 1))
        self.edited.emit()
        return True

    def _type(self, row: EntryRow, place: Place, text: str) -> None:
        typed = row.typed
        if place is Place.VALUE:
            typed.value = text
            if text and not typed.source:
                typed.source = self.source
        elif place is Place.DAY:
            typed.day = "" if text == self.day_text else text
        elif place is Place.SOURCE:
            typed.source = text
            if text:
                self.source = text
                self.source_taken.emit(text)
        elif place is Place.COMMENT:
            typed.comment = text
        else:
            typed.provisional = text.casefold() in ("x", "oui", "1", "vrai", "p")
        row.effect = None

    def _check(self, row: EntryRow) -> None:
        """Say what is wrong with a row that holds a value, or a date of its own."""
        row.trouble = None
        try:
            row.trouble_place = Place.VALUE
            if row.typed.value:
                self._value(row)
            if row.typed.value or row.typed.day:
                row.trouble_place = Place.DAY
                self._day(row)
        except UserError as error:
            row.trouble, row.effect = error, None

    def _value(self, row: EntryRow) -> Decimal:
        return parse_number(row.typed.value, row.objective.unit)

    def _day(self, row: EntryRow) -> date:
        day = parse_date(row.typed.day or self.day_text, today=self._today)
        if day > self._today:
            raise UserError(
                f"Le {format_date(day)} est à venir\u202f: un relevé dit ce qui est.",
                f"Indiquez une date jusqu’au {format_date(self._today)}.",
            )
        return day

    def _entry(self, row: EntryRow) -> Entry | None:
        typed = row.typed
        if not typed.value:
            return None
        try:
            value, day = self._value(row), self._day(row)
        except UserError:
            return None
        return Entry(
            row.objective.key,
            day,
            value,
            source=typed.source,
            comment=typed.comment,
            provisional=typed.provisional,
        )

    def _text(self, row: EntryRow, place: Place) -> str:
        objective, typed = row.objective, row.typed
        match place:
            case Place.CODE:
                return objective.code
            case Place.OBJECTIVE:
                return objective.label
            case Place.LAST:
                if row.now.value_day is None:
                    return "–"
                return f"{format_value(row.now.value, objective.unit)} au {format_date(row.now.value_day)}"
            case Place.TARGET:
                return row.target
            case Place.VALUE:
                return typed.value
            case Place.DAY:
                return typed.day or self.day_text
            case Place.SOURCE:
                return typed.source
            case Place.PROVISIONAL:
                return "provisoire" if typed.provisional else ""
            case Place.COMMENT:
                return typed.comment
            case Place.EFFECT:
                if row.trouble is not None:
                    return f"À corriger\u202f: {row.trouble.message}"
                after = row.assessment
                if after.flagged and after.gap is not None:
                    return f"{STATUT_LABELS[after.status]}, {gap_text(after)}"
                rate = "" if after.rate is None else f", {format_rate(after.rate)}"
                return f"{STATUT_LABELS[after.status]}{rate}"

    def _tip(self, row: EntryRow, place: Place) -> str:
        objective = row.objective
        if row.message and place in (Place.VALUE, Place.DAY, Place.EFFECT):
            return row.message
        if place is Place.OBJECTIVE:
            note = f"\n{objective.note}" if objective.note else ""
            return f"{objective.label}\n{row.territory.name}, en {objective.unit}{note}"
        return self._text(row, place) or TITLES[place][1]

    def _repaint(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(Place) - 1))


def target_text(now: Assessment) -> str:
    """Return what the figure is to be: the target, or the share it is to equal."""
    objective = now.objective
    if objective.aim.compared:
        if now.reference_value is None:
            return "parité"
        return f"{objective.aim.sign}{format_value(now.reference_value, objective.unit)}"
    if objective.target_value is None:
        return "–"
    return format_value(objective.target_value, objective.unit)
