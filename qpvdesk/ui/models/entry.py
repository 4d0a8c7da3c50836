"""The rows of the entry grid as a table that is typed into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from qpvdesk.domain.errors import UserError
from qpvdesk.services.measurements import Effect, Entry
from qpvdesk.ui.kit.tips import tooltip
from qpvdesk.ui.models.entry_rows import EDITABLE, RIGHT, TITLES, EntryColumn, EntryRow, Typed
from qpvdesk.ui.models.table import ROW_ROLE
from qpvdesk.ui.terms import meaning

Index = QModelIndex | QPersistentModelIndex

ERROR_ROLE = ROW_ROLE + 10
"""Whether the cell cannot be understood."""
INHERITED_ROLE = ROW_ROLE + 11
"""Whether what the cell shows comes from the head of the page."""


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
                row.check(self.day_text, self._today)
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
            row.check(self.day_text, self._today)
        self._repaint()

    def entries(self) -> tuple[Entry, ...]:
        """Return the rows that can be saved."""
        entries = (row.entry(self.day_text, self._today) for row in self._all.values())
        return tuple(entry for entry in entries if entry is not None)

    def ready(self) -> tuple[Entry, ...]:
        """Return the entries that nothing forbids."""
        return tuple(entry for entry in self.entries() if self._all[entry.objective].trouble is None)

    def troubled(self) -> tuple[EntryRow, ...]:
        """Return the rows that cannot be saved as they are."""
        return tuple(row for row in self._all.values() if row.trouble is not None)

    def doubtful(self) -> tuple[EntryRow, ...]:
        """Return the rows that can be saved and should be looked at first."""
        return tuple(row for row in self._all.values() if row.typed.value and row.doubtful)

    def take_effects(self, effects: Mapping[str, Effect | UserError]) -> None:
        """Show what the entries would change."""
        for key, row in self._all.items():
            row.effect = None
            row.check(self.day_text, self._today)
            found = effects.get(key)
            if row.trouble is not None or not row.typed.value:
                continue
            if isinstance(found, UserError):
                row.trouble, row.trouble_place = found, EntryColumn.VALUE
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
        return {key: row.typed.draft() for key, row in self._all.items() if not row.typed.is_empty}

    def take_draft(self, draft: Mapping[str, Any]) -> int:
        """Take back what was typed; return in how many rows. What is no longer expected is left."""
        taken = 0
        for key, held in draft.items():
            row = self._all.get(key)
            if row is None or not isinstance(held, dict):
                continue
            row.typed = Typed.of_draft(held)
            row.check(self.day_text, self._today)
            taken += 1
        self._repaint()
        return taken

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(EntryColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Return what a header says."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(EntryColumn):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[EntryColumn(section)][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            title, said = TITLES[EntryColumn(section)]
            return tooltip(said, meaning(title))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a cell."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        made = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.read_only or index.column() not in EDITABLE or index.column() == EntryColumn.PROVISIONAL:
            return made
        return made | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Return what a cell says."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        row, place = self._shown[index.row()], EntryColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text(place, self.day_text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = (
                f"{row.objective.code}, {TITLES[place][0]}\u202f: {row.text(place, self.day_text) or 'vide'}"
            )
            # Code and territory, value and unit share a cell: both are to be heard.
            more = {EntryColumn.CODE: row.territory.name, EntryColumn.VALUE: f"en {row.objective.unit}"}.get(
                place, ""
            )
            return f"{said}, {more}" if more else said
        if role == Qt.ItemDataRole.EditRole:
            return row.text(place, self.day_text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(row.tip(place, self.day_text))
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return row.message
        if role == Qt.ItemDataRole.CheckStateRole and place is EntryColumn.PROVISIONAL:
            return Qt.CheckState.Checked if row.typed.provisional else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if place in RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == ROW_ROLE:
            return row
        if role == ERROR_ROLE:
            return row.trouble is not None and row.trouble_place is place
        if role == INHERITED_ROLE:
            return place is EntryColumn.DAY and not row.typed.day
        return None

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:  # noqa: N802
        """Take what was typed in a cell, understood or not."""
        if not index.isValid() or self.read_only:
            return False
        row, place = self._shown[index.row()], EntryColumn(index.column())
        if place not in EDITABLE:
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            row.typed.provisional = Qt.CheckState(value) is Qt.CheckState.Checked
        elif role == Qt.ItemDataRole.EditRole:
            if row.text(place, self.day_text) == str(value).strip():
                return False
            self._type(row, place, str(value).strip())
        else:
            return False
        row.check(self.day_text, self._today)
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), len(EntryColumn) - 1))
        self.edited.emit()
        return True

    def _type(self, row: EntryRow, place: EntryColumn, text: str) -> None:
        row.typed.take(place, "" if place is EntryColumn.DAY and text == self.day_text else text)
        if place is EntryColumn.VALUE and text and not row.typed.source:
            row.typed.source = self.source
        elif place is EntryColumn.SOURCE and text:
            self.source = text
            self.source_taken.emit(text)
        row.effect = None

    def _repaint(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(EntryColumn) - 1))
