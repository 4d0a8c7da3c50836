"""A table over domain rows that sorts and filters itself on keys it keeps, and no proxy."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from qpvdesk.domain.french import fold

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
"""The domain row itself."""
SORT_ROLE = ROW_ROLE + 1
"""The raw value a column sorts on."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: how to say a row in it, and what to sort on (the folded text where nothing is given)."""

    title: str
    text: Callable[[Row], str]
    key: Callable[[Row], Any] | None = None
    right: bool = False
    width: int = 100
    """In pixels at a zoom of 100 %; 0: takes the room that is left."""
    tooltip: Callable[[Row], str] | None = None
    spare: bool = False
    """Hidden until the officer chooses it in the header's menu."""
    help: str = ""
    """What the header's tooltip says: the definition of the term."""


class TableModel(QAbstractTableModel, Generic[Row]):
    """Rows shown in the chosen order, those that pass the filter only.

    `identity` names a row for good (its key): the selection survives a new picture.
    """

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        identity: Callable[[Row], Hashable],
        searched: Callable[[Row], str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._identity = identity
        self._searched = searched
        self._all: tuple[Row, ...] = ()
        self._shown: list[Row] = []
        self._folded: dict[Hashable, str] = {}
        self._sort_keys: dict[int, dict[Hashable, Any]] = {}
        self._column = -1
        self._descending = False
        self._words: tuple[str, ...] = ()
        self._keep: Callable[[Row], bool] = lambda _: True

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows, in the order and through the filter in force."""
        self.beginResetModel()
        self._all = tuple(rows)
        self._folded.clear()
        self._sort_keys.clear()
        self._arrange()
        self.endResetModel()

    def set_filter(self, text: str, keep: Callable[[Row], bool] | None = None) -> None:
        """Show the rows that hold every word of `text` and that `keep` accepts."""
        self._words = tuple(fold(text).split())
        if keep is not None:
            self._keep = keep
        self.beginResetModel()
        self._arrange()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort on a column; -1 gives the contract's order back. Rows without a value come last."""
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        rows = [(self._identity(self._shown[index.row()]), index.column()) for index in old]
        self._column = column
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._arrange()
        places = {self._identity(row): place for place, row in enumerate(self._shown)}
        self.changePersistentIndexList(old, [self.index(places[row], column) for row, column in rows])
        self.layoutChanged.emit()

    @property
    def total(self) -> int:
        """How many rows there are without a filter."""
        return len(self._all)

    @property
    def shown(self) -> Sequence[Row]:
        """The rows in the order shown."""
        return self._shown

    def identity(self, row: Row) -> Hashable:
        """Return what names a row for good."""
        return self._identity(row)

    def row_at(self, place: int) -> Row:
        """Return the row at a place."""
        return self._shown[place]

    def place_of(self, identity: Hashable) -> int:
        """Return the place of the row of that identity, -1 where it is not shown."""
        return next((place for place, row in enumerate(self._shown) if self._identity(row) == identity), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Return what a cell says."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        row = self._shown[index.row()]
        column = self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tooltip(row) if column.tooltip else column.text(row)
        if role == ROW_ROLE:
            return row
        if role == SORT_ROLE:
            return self._key(index.column(), row)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Return what a header says."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.help or column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _arrange(self) -> None:
        shown = [row for row in self._all if self._keep(row) and self._holds(row)]
        if self._column >= 0:
            keyed = [(self._key(self._column, row), row) for row in shown]
            known = [pair for pair in keyed if pair[0] is not None]
            known.sort(key=lambda pair: pair[0], reverse=self._descending)
            shown = [row for _, row in known] + [row for key, row in keyed if key is None]
        self._shown = shown

    def _holds(self, row: Row) -> bool:
        if not self._words:
            return True
        identity = self._identity(row)
        folded = self._folded.get(identity)
        if folded is None:
            words = self._searched(row) if self._searched else " ".join(c.text(row) for c in self.columns)
            folded = self._folded[identity] = fold(words)
        return all(word in folded for word in self._words)

    def _key(self, place: int, row: Row) -> Any:
        kept = self._sort_keys.setdefault(place, {})
        identity = self._identity(row)
        if identity not in kept:
            column = self.columns[place]
            kept[identity] = column.key(row) if column.key else fold(column.text(row))
        return kept[identity]
