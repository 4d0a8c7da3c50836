"""The rows of the entry grid as a table that is typed into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.typed_figures import whole_day
from qpvdesk.domain.wording import called
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
    moved = Signal(str)
    """Something typed was undone or done again: the hand goes to the objective of that key."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: dict[str, EntryRow] = {}
        self._shown: list[EntryRow] = []
        self._today = date.max
        self.day_text = ""
        self.source = ""
        self.read_only = False
        self.undo_stack = QUndoStack(self)
        """What was typed, pasted and cleared since the last save: a stack of its own."""

    @property
    def shown(self) -> Sequence[EntryRow]:
        return self._shown

    @property
    def rows(self) -> Sequence[EntryRow]:
        return tuple(self._all.values())

    def set_rows(self, rows: Sequence[EntryRow], today: date, *, keep: bool) -> None:
        """Take the rows of another picture; `keep`: with what was typed in the old ones."""
        old = self._all if keep else {}
        if not keep:
            self.undo_stack.clear()
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
            proposed = ("", old or row.partner.short_name)
            if row.typed.value and self.source != old and row.typed.source in proposed:
                row.typed = replace(row.typed, source=self._source_of(row))
            row.check(self.day_text, self._today)
        self._repaint()

    def _source_of(self, row: EntryRow) -> str:
        """Propose who gave a value: who is said of the whole return, else the partner of the row."""
        return self.source or row.partner.short_name

    def entries(self) -> tuple[Entry, ...]:
        entries = (row.entry(self.day_text, self._today) for row in self._all.values())
        return tuple(entry for entry in entries if entry is not None)

    def ready(self) -> tuple[Entry, ...]:
        """Return the entries that nothing forbids."""
        return tuple(entry for entry in self.entries() if self._all[entry.objective].trouble is None)

    def troubled(self) -> tuple[EntryRow, ...]:
        return tuple(row for row in self._all.values() if row.trouble is not None)

    def doubtful(self) -> tuple[EntryRow, ...]:
        """Return the rows that can be saved and should be looked at first."""
        return tuple(row for row in self._all.values() if row.typed.value and row.doubtful)

    def take_effects(self, effects: Mapping[str, Effect | UserError]) -> Sequence[EntryRow]:
        """Show what the entries would change; return the rows whose effect is another than before."""
        before = {key: row.effect for key, row in self._all.items()}
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
        return [row for key, row in self._all.items() if row.effect not in (None, before[key])]

    def forget(self, keys: Sequence[str]) -> None:
        """Forget what was typed in these rows, for good: it is saved."""
        self.undo_stack.clear()
        self.put(dict.fromkeys(keys, Typed()))

    def type_all(self, words: str, typed: Mapping[str, Typed]) -> None:
        """Take what was typed in rows, by key of their objective, as one step that can be undone; `words` say it."""
        before = {key: self._all[key].typed for key in typed if key in self._all}
        whole = {key: replace(typed[key], day=whole_day(typed[key].day, self._today)) for key in before}
        after = {key: typed_row for key, typed_row in whole.items() if typed_row != before[key]}
        if after and not self.read_only:
            self.undo_stack.push(_Step(self, words, {key: before[key] for key in after}, after))

    def put(self, typed: Mapping[str, Typed]) -> None:
        """Show what is now typed in rows, by key of their objective."""
        for key, words in typed.items():
            row = self._all.get(key)
            if row is not None:
                proposed = self._source_of(row)
                if words.value and not (words.source or row.typed.value):
                    row.typed = replace(words, source=proposed)
                elif not words.value and words.source == proposed:
                    # A row without a value waits for nothing.
                    row.typed = replace(words, source="")
                else:
                    row.typed = words
                row.effect = None
                row.check(self.day_text, self._today)
        self._repaint()
        self.edited.emit()

    def draft(self) -> dict[str, Any]:
        """Return what was typed, for the disk."""
        return {key: row.typed.draft() for key, row in self._all.items() if not row.typed.is_empty}

    def take_draft(self, draft: Mapping[str, Any]) -> int:
        """Take back what was typed; return in how many rows. What is no longer expected is left."""
        taken = 0
        for key, draft_row in draft.items():
            row = self._all.get(key)
            if row is None or not isinstance(draft_row, dict):
                continue
            row.typed = Typed.of_draft(draft_row)
            row.check(self.day_text, self._today)
            taken += 1
        self._repaint()
        return taken

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        return 0 if parent.isValid() else len(EntryColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(EntryColumn):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[EntryColumn(section)][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            title, explanation = TITLES[EntryColumn(section)]
            return tooltip(explanation, meaning(title))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.read_only or index.column() not in EDITABLE:
            return flags
        if index.column() == EntryColumn.PROVISIONAL:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable

    def _heard(self, row: EntryRow, place: EntryColumn) -> str:
        """What a cell says to who does not see its row and its column."""
        title, text = TITLES[place][0], row.text(place, self.day_text) or "vide"
        if place is EntryColumn.PROVISIONAL:
            title, text = "chiffre provisoire", "oui" if row.typed.provisional else "non"
        # Where the hand goes down, the whole name; where a row is read from cell to cell, its code is enough.
        named = {
            EntryColumn.VALUE: f"{called(row.objective)}, ",
            EntryColumn.CODE: "",
            EntryColumn.OBJECTIVE: "",
        }
        told = f"{named.get(place, f'{row.objective.code}, ')}{title}\u202f: {text}"
        # Code and territory, value and unit share a cell: both are to be heard.
        more = {EntryColumn.CODE: row.territory.name, EntryColumn.VALUE: f"en {row.objective.unit}"}
        already_heard = place not in more or (
            place is EntryColumn.VALUE and text.endswith(row.objective.unit)
        )
        return told if already_heard else f"{told}, {more[place]}"

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        row, place = self._shown[index.row()], EntryColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text(place, self.day_text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._heard(row, place)
        if role == Qt.ItemDataRole.EditRole:
            return row.text(place, self.day_text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(row.tip(place, self.day_text))
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            # Heard where it is typed: read on each cell of the row it would be said five times.
            wrong = row.trouble is not None and place is row.trouble_place
            return row.message if wrong or place is EntryColumn.VALUE else ""
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
        typed = row.typed
        if role == Qt.ItemDataRole.CheckStateRole:
            typed = replace(typed, provisional=Qt.CheckState(value) is Qt.CheckState.Checked)
        elif role == Qt.ItemDataRole.EditRole:
            text = " ".join(str(value).splitlines()).strip()
            if row.text(place, self.day_text) == text:
                return False
            typed = typed.taking(place, "" if place is EntryColumn.DAY and text == self.day_text else text)
            if place is EntryColumn.SOURCE and text:
                self.source = text
                self.source_taken.emit(text)
        else:
            return False
        self.type_all(f"{called(row.objective)}, {TITLES[place][0].lower()}", {row.objective.key: typed})
        return True

    def _repaint(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(EntryColumn) - 1))


class _Step(QUndoCommand):
    """What was typed in some rows at once, and what stood there before."""

    def __init__(
        self, model: EntryModel, words: str, before: Mapping[str, Typed], after: Mapping[str, Typed]
    ) -> None:
        super().__init__(words)
        self._model, self._before, self._after = model, before, after
        self._done = False

    def undo(self) -> None:
        self._show(self._before)

    def redo(self) -> None:
        """Put what was typed; the first time the hand is there already."""
        if self._done:
            self._show(self._after)
        else:
            self._done = True
            self._model.put(self._after)

    def _show(self, typed: Mapping[str, Typed]) -> None:
        self._model.put(typed)
        self._model.moved.emit(next(iter(typed)))
