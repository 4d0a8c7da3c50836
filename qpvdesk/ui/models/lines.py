"""Lines typed down a page as a table: what is typed, what its blanks are taken for, what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from itertools import zip_longest
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from qpvdesk.domain.french import enumerate_words, plural
from qpvdesk.services.editing import EditField
from qpvdesk.services.line_titles import fields_of_titles
from qpvdesk.services.lines import TypedLine
from qpvdesk.ui.kit.tips import tooltip
from qpvdesk.ui.models.pasted_text import FIGURE
from qpvdesk.ui.models.table import ROW_ROLE

Index = QModelIndex | QPersistentModelIndex
Line = dict[str, str]
Cells = Set[tuple[int, str]]
"""Cells of the table, by line and field."""

ERROR_ROLE = ROW_ROLE + 10
"""Whether the cell cannot be understood."""
TAKEN_ROLE = ROW_ROLE + 11
"""Whether what the cell shows is what its blank is taken for."""
LINES_MAX = 500
_FATE = "Ce qu’il en est"
_YEAR = re.compile("(?:19|20)[0-9]{2}")
"""A title that is a year alone, as partners head what they count."""


class Pasted(Struct, frozen=True):
    """The block of cells that was pasted last, and where each of its columns went."""

    start: int
    """The line that its first one went to."""
    heads: Sequence[str]
    cells: Sequence[Sequence[str]]
    placed: Sequence[str]
    """The field of each column; empty of one that goes nowhere."""
    asked: frozenset[int]
    """The columns whose field is said by hand: those that went nowhere by themselves, or gave their field to another."""
    surplus: int
    """Lines that had no room."""

    @property
    def left_out(self) -> str:
        """Say which columns, and how many lines, have no place here; empty where all have."""
        columns = [f"«\u202f{self.heads[at]}\u202f»" for at in sorted(self.asked) if not self.placed[at]]
        told = (
            [f"{'colonnes' if len(columns) > 1 else 'colonne'} {enumerate_words(columns)}"] if columns else []
        )
        told += [plural(self.surplus, "ligne de trop", "lignes de trop")] if self.surplus else []
        how = (
            ". Choisissez ci-dessous ce que chacune donne"
            if len(columns) > 1
            else ". Choisissez ci-dessous ce qu’elle donne"
            if columns
            else ""
        )
        return f"Non repris de ce qui est collé\u202f: {enumerate_words(told)}{how}." if told else ""

    def given(self, at: int) -> list[str]:
        """The cells of a column, line by line; empty where a line is too short."""
        return [row[at] if at < len(row) else "" for row in self.cells]

    def put_right(self, line: int, name: str, text: str) -> Pasted | None:
        """Have the column that gives a field hold there what was typed over it; None where none does."""
        row = line - self.start
        if name not in self.placed or not 0 <= row < len(self.cells):
            return None
        at, cells = list(self.placed).index(name), [list(row_cells) for row_cells in self.cells]
        cells[row] += [""] * (at + 1 - len(cells[row]))
        cells[row][at] = text
        return replace(self, cells=cells)

    def aimed(self, at: int, name: str) -> Pasted:
        """Have a column give a field, or none; the one that gave it gives none."""
        gave = {other for other, field in enumerate(self.placed) if name and field == name}
        placed = ["" if other in gave else field for other, field in enumerate(self.placed)]
        placed[at] = name
        return replace(self, placed=placed, asked=self.asked | gave | {at})


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
        self._pasted: Pasted | None = None
        self._typed: Cells = frozenset()
        self._lines: list[Line] = [{}]
        self._read: list[TypedLine] = []
        self.undo_stack = QUndoStack(self)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is typed, without the blank lines at the end."""
        return tuple(dict(line) for line in self._lines[:-1])

    @property
    def left_out(self) -> str:
        """What of the last paste goes nowhere, one sentence; empty where all of it is there."""
        return self._pasted.left_out if self._pasted is not None else ""

    def asked_columns(self) -> list[tuple[int, str, str]]:
        """The columns of the last paste whose field is said by hand: place, title, and the field that each gives."""
        pasted = self._pasted
        if pasted is None:
            return []
        return [(at, pasted.heads[at], pasted.placed[at]) for at in sorted(pasted.asked)]

    def understood(self, line: int) -> TypedLine | None:
        """Return how a line was read; None before it is."""
        return self._read[line] if line < len(self._read) else None

    def take_read(self, read: Sequence[TypedLine]) -> None:
        self._read = list(read)
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, len(self.fields)))

    def put(self, lines: Sequence[Line], pasted: Pasted | None = None, typed: Cells | None = None) -> None:
        """Show these lines in the place of the others, and a blank one after them. `pasted`: what came in with them;
        `typed`: the cells that no column of it wrote, all where it is None."""
        self._pasted = pasted
        kept = [{name: text for name, text in line.items() if text} for line in lines]
        filled = _filled_cells(kept)
        self._typed = filled if typed is None else filled & typed
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
        if titled := self._titled(cells):
            # A line may be longer than the titles, and a column have none.
            placed = [*titled, *[""] * (width - len(titled))]
            heads = [cell.strip(" *") or head for cell, head in zip_longest(cells[0], heads, fillvalue="")]
            cells = cells[1:]
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
        lost = frozenset(
            at
            for at, name in enumerate(placed)
            if not name and any(at < len(row) and row[at].strip() for row in cells)
        )
        surplus = max(0, len(lines) - LINES_MAX)
        block = {(start + offset, name) for offset, _ in enumerate(cells) for name in placed if name}
        if width > 1 or surplus:
            pasted: Pasted | None = Pasted(start, heads, cells, placed, lost, surplus)
            typed = self._typed - block
        else:
            # A cell that is typed, or put right, leaves what was pasted before it to be placed.
            pasted, typed = self._put_right(lines, block)
        self._push(words, lines[:LINES_MAX], pasted, typed)

    def _put_right(self, lines: Sequence[Line], block: Cells) -> tuple[Pasted | None, Cells]:
        """What was pasted and what is typed, once a hand typed in these cells: where a column wrote, the words are its own
        from now on, and go with it."""
        pasted, typed = self._pasted, self._typed
        for line, name in block:
            amended = None
            if pasted is not None and (line, name) not in typed:
                amended = pasted.put_right(line, name, lines[line].get(name, ""))
            if amended is None:
                typed = typed | {(line, name)}
            else:
                pasted = amended
        return pasted, typed

    def aim(self, at: int, name: str) -> None:
        """Have a column of the last paste give a field, or none where `name` is empty, as one step that can be undone."""
        before = self._pasted
        if before is None or before.placed[at] == name:
            return
        after, lines = before.aimed(at, name), [*self.lines]
        lines += [{} for _ in range(before.start + len(before.cells) - len(lines))]
        for offset, text in enumerate(before.given(at)):
            row = before.start + offset
            former = before.placed[at]
            if former and (row, former) not in self._typed:
                lines[row].pop(former, None)
            # What a hand typed there, before the column came, is not written over.
            if name and (row, name) not in self._typed:
                lines[row][name] = text
        self._push(f"colonne {before.heads[at]}", lines[:LINES_MAX], after, self._typed)

    def _push(self, words: str, lines: Sequence[Line], pasted: Pasted | None, typed: Cells) -> None:
        before = (self.lines, self._pasted, self._typed)
        self.undo_stack.push(_Step(self, words, before, (lines, pasted, typed)))

    def _titled(self, cells: Sequence[Sequence[str]]) -> list[str]:
        """The field of each column where a block begins with titles, empty for one that is not known; else nothing.

        More than half are known; or some are, none is a figure, and figures stand below.
        """
        first = cells[0]
        names = fields_of_titles(self._known, first)
        known = sum(map(bool, names))
        if len(first) < 2 or not known:
            return []
        figured = any(FIGURE.fullmatch(text) and not _YEAR.fullmatch(text) for text in first)
        below = not figured and any(FIGURE.fullmatch(text) for row in cells[1:] for text in row)
        return names if known * 2 > len(first) or below else []

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


def _filled_cells(lines: Sequence[Line]) -> Cells:
    return frozenset((row, name) for row, line in enumerate(lines) for name, text in line.items() if text)


def _fate(read: TypedLine, labels: dict[str, str]) -> str:
    for name, words in read.faults.items():
        return f"{labels.get(name, 'À corriger')}\u202f: {words}"
    return read.sentence or "Prête"


Shown = tuple[Sequence[Line], Pasted | None, Cells]
"""The lines, what was pasted last, and the cells that it did not write."""


class _Step(QUndoCommand):
    """The lines before and after something was typed, pasted or emptied."""

    def __init__(self, model: LinesModel, words: str, before: Shown, after: Shown) -> None:
        super().__init__(words)
        put: Callable[[Sequence[Line], Pasted | None, Cells], None] = model.put
        self._put, self._before, self._after = put, before, after

    def undo(self) -> None:
        self._put(*self._before)

    def redo(self) -> None:
        self._put(*self._after)
