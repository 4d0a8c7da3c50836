"""Lines typed down a page as a table: what is typed, what its blanks are taken for, what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from qpvdesk.domain.french import enumerate_words, plural
from qpvdesk.services.editing import EditField
from qpvdesk.services.line_titles import fields_of_titles
from qpvdesk.services.lines import TypedLine
from qpvdesk.ui.kit.tips import tooltip
from qpvdesk.ui.models.table import ROW_ROLE

Index = QModelIndex | QPersistentModelIndex
Line = dict[str, str]

ERROR_ROLE = ROW_ROLE + 10
"""Whether the cell cannot be understood."""
TAKEN_ROLE = ROW_ROLE + 11
"""Whether what the cell shows is what its blank is taken for."""
LINES_MAX = 500
_FATE = "Ce qu’il en est"


class LinesModel(QAbstractTableModel):
    """There is always one more line to type in."""

    edited = Signal()
    """Something was typed: the lines are to be read again."""

    def __init__(
        self,
        fields: Sequence[EditField],
        titles: Mapping[str, str],
        known: Mapping[str, str],
        parent: QObject | None = None,
    ) -> None:
        """`titles`: of the fields, by name; `known`: the fields by all that calls them, folded."""
        super().__init__(parent)
        self.fields = fields
        self.titles = [*(titles[field.name] for field in fields), _FATE]
        self._known = known
        self.left_out = ""
        """What of the last paste goes nowhere, one sentence; empty where all of it is there."""
        self._lines: list[Line] = [{}]
        self._read: list[TypedLine] = []
        self.undo_stack = QUndoStack(self)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is typed, without the blank lines at the end."""
        return tuple(dict(line) for line in self._lines[:-1])

    def understood(self, line: int) -> TypedLine | None:
        """Return how a line was read; None before it is."""
        return self._read[line] if line < len(self._read) else None

    def take_read(self, read: Sequence[TypedLine]) -> None:
        self._read = list(read)
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, len(self.fields)))

    def put(self, lines: Sequence[Line]) -> None:
        """Show these lines in the place of the others, and a blank one after them."""
        kept = [{name: text for name, text in line.items() if text} for line in lines]
        while kept and not kept[-1]:
            kept.pop()
        wanted, had = [*kept[:LINES_MAX], {}], len(self._lines)
        # Lines come and go one by one: the hand stays where it is.
        if len(wanted) > had:
            self.beginInsertRows(QModelIndex(), had, len(wanted) - 1)
            self._lines = wanted
            self.endInsertRows()
        elif len(wanted) < had:
            self.beginRemoveRows(QModelIndex(), len(wanted), had - 1)
            self._lines = wanted
            self.endRemoveRows()
        self._lines = wanted
        self._read = self._read[: len(wanted)]
        self.dataChanged.emit(self.index(0, 0), self.index(len(wanted) - 1, len(self.fields)))
        self.edited.emit()

    def change(self, words: str, start: int, column: int, cells: Sequence[Sequence[str]]) -> None:
        """Put a block of cells from one on, as one step that can be undone.

        A first line that is made of titles says where each column goes. What is called otherwise than the thing that the
        line held is another one: nothing of the first stays.
        """
        names = [field.name for field in self.fields]
        width = max(map(len, cells))
        placed = [names[at] if at < len(names) else "" for at in range(column, column + width)]
        heads = [f"n° {at + 1}" for at in range(width)]
        if titled := self._titled(cells[0]):
            placed, heads, cells = titled, [cell.strip(" *") for cell in cells[0]], cells[1:]
        lines = [*self.lines, *({} for _ in range(start + len(cells) - len(self._lines) + 1))]
        called = next(name for name in ("label", "name") if name in names)
        for offset, row in enumerate(cells):
            told = {name: text for name, text in zip(placed, row, strict=False) if name}
            current_line = lines[start + offset]
            is_another = (
                len(told) > 1
                and current_line.get(called)
                and told.get(called, current_line[called]) != current_line[called]
            )
            lines[start + offset] = told if is_another else {**current_line, **told}
        lost = [
            heads[at]
            for at, name in enumerate(placed)
            if not name and any(at < len(row) and row[at].strip() for row in cells)
        ]
        self._left_out(lost, max(0, len(lines) - LINES_MAX))
        self.undo_stack.push(_Step(self, words, self.lines, lines[:LINES_MAX]))

    def _left_out(self, columns: Sequence[str], lines: int) -> None:
        """Say which columns of a paste, and how many of its lines, have no place here."""
        titles = enumerate_words([f"«\u202f{title}\u202f»" for title in columns])
        told = [f"{'colonnes' if len(columns) > 1 else 'colonne'} {titles}"] if columns else []
        told += [plural(lines, "ligne de trop", "lignes de trop")] if lines else []
        self.left_out = f"Non repris de ce qui est collé\u202f: {enumerate_words(told)}." if told else ""

    def _titled(self, cells: Sequence[str]) -> list[str]:
        """The field of each column where a line is made of titles, empty for one that is not known; else nothing."""
        names = fields_of_titles(self._known, cells)
        return names if len(cells) > 1 and sum(map(bool, names)) * 2 > len(cells) else []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        """Return how many columns there are: the fields, then what comes of the line."""
        return 0 if parent.isValid() else len(self.fields) + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.titles):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            needed = section < len(self.fields) and self.fields[section].required
            return f"{self.titles[section]}\u00a0*" if needed else self.titles[section]
        if role == Qt.ItemDataRole.ToolTipRole and section < len(self.fields):
            return tooltip(self.fields[section].help)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() < len(self.fields) else flags

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line, read = self._lines[index.row()], self.understood(index.row())
        if index.column() == len(self.fields):
            shown = _fate(read, self._labels()) if read is not None and any(line.values()) else ""
            wanted = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return (
                tooltip(shown) if role == Qt.ItemDataRole.ToolTipRole else shown if role in wanted else None
            )
        name = self.fields[index.column()].name
        typed, taken = line.get(name, ""), read.taken.get(name, "") if read is not None else ""
        fault = read.faults.get(name, "") if read is not None else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return typed or taken
        if role == Qt.ItemDataRole.EditRole:
            return typed
        if role == ERROR_ROLE:
            return bool(fault)
        if role == TAKEN_ROLE:
            return not typed
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(fault or typed or taken)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return fault
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.titles[index.column()]}\u202f: {typed or taken or 'vide'}"
        return None

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:  # noqa: N802
        """Take what was typed in a cell, understood or not."""
        if not index.isValid() or role != Qt.ItemDataRole.EditRole or index.column() >= len(self.fields):
            return False
        text = " ".join(str(value).split())
        if text != self._lines[index.row()].get(self.fields[index.column()].name, ""):
            self.change(self.titles[index.column()].lower(), index.row(), index.column(), [[text]])
        return True

    def _labels(self) -> dict[str, str]:
        return {field.name: title for field, title in zip(self.fields, self.titles, strict=False)}


def _fate(read: TypedLine, labels: dict[str, str]) -> str:
    for name, words in read.faults.items():
        return f"{labels.get(name, 'À corriger')}\u202f: {words}"
    return read.sentence or "Prête"


class _Step(QUndoCommand):
    """The lines before and after something was typed, pasted or emptied."""

    def __init__(self, model: LinesModel, words: str, before: Sequence[Line], after: Sequence[Line]) -> None:
        super().__init__(words)
        put: Callable[[Sequence[Line]], None] = model.put
        self._put, self._before, self._after = put, before, after

    def undo(self) -> None:
        self._put(self._before)

    def redo(self) -> None:
        self._put(self._after)
