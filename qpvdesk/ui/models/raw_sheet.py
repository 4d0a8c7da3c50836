"""The first lines of a sheet as they stand in a file, to see where its figures are."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from qpvdesk.services.figures.imports import ReadSheet, cell_name
from qpvdesk.ui.kit.tips import tooltip

Index = QModelIndex | QPersistentModelIndex
LINES = 40
COLUMNS = 40


class RawSheetModel(QAbstractTableModel):
    """Cells by place, headed by the letters and numbers of a spreadsheet; the lines of titles are bold."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cells: dict[tuple[int, int], str] = {}
        self._size = (0, 0)
        self._titles = range(0)

    def show_sheet(self, sheet: ReadSheet, first: int, last: int) -> None:
        """Show a sheet whose titles stand on lines `first` to `last` (from 0)."""
        self.beginResetModel()
        self._cells = {
            (cell.row, cell.column): cell.text
            for cell in sheet.cells
            if cell.row < LINES and cell.column < COLUMNS
        }
        rows = max((row for row, _ in self._cells), default=-1) + 1
        columns = max((column for _, column in self._cells), default=-1) + 1
        self._size = (rows, columns)
        self._titles = range(first, last + 1)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        return 0 if parent.isValid() else self._size[0]

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        return 0 if parent.isValid() else self._size[1]

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        text = self._cells.get((index.row(), index.column()), "")
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(text)
        if role == Qt.ItemDataRole.FontRole and index.row() in self._titles:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return cell_name(0, section)[:-1] if orientation == Qt.Orientation.Horizontal else str(section + 1)
