"""What is selected is what is acted on: in every list, the selected thing and the current one are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QTableView,
    QTreeWidget,
    QWidget,
)

from qpvdesk.domain.french import hold_codes
from qpvdesk.ui.kit.tips import tip_item

if TYPE_CHECKING:
    # Two enums that a first sight does without.
    from PySide6.QtWidgets import QStyleOptionViewItem

Index = QModelIndex | QPersistentModelIndex
_Flag = QItemSelectionModel.SelectionFlag
_PADDING = 12
"""Pixels at the sides of a thing beyond those that Qt counts."""


def unite(view: QAbstractItemView, selected: QItemSelection) -> bool:
    """Make the row just selected the current one; tell whether the selection itself had to be mended for that.

    Assistive technology (AT-SPI, UIA) selects without moving the current index, which is what Qt's signals and our
    acts go by. A view of one selection keeps exactly the current row selected; one of many follows
    a lone row, or the one just added to others.
    Where the selection was mended, `selectionChanged` has come again meanwhile, and has been heard.
    """
    model = view.selectionModel()
    current, chosen = model.currentIndex(), model.selection()
    rows = view.selectionBehavior() is QAbstractItemView.SelectionBehavior.SelectRows

    def same(index: Index, other: Index) -> bool:
        return (
            index.row() == other.row()
            and index.parent() == other.parent()
            and (rows or index.column() == other.column())
        )

    if view.selectionMode() is not QAbstractItemView.SelectionMode.SingleSelection:
        # A row that was just added to others is the one that is meant, as a lone one is.
        for among in (selected, chosen):
            if among.count() == 1 and among.at(0).height() == 1:
                if among.at(0).top() != current.row():
                    model.setCurrentIndex(among.at(0).topLeft(), _Flag.NoUpdate)
                break
        return False
    if chosen.isEmpty():
        return _select(model, current, rows)
    others = [index for index in selected.indexes() if not same(index, current)]
    if others:
        column = current.column() if rows and current.isValid() else others[0].column()
        current = others[0].sibling(others[0].row(), column)
    whole = model.isRowSelected(current.row(), current.parent()) if rows else model.isSelected(current)
    if whole and all(same(index, current) for index in chosen.indexes()):
        model.setCurrentIndex(current, _Flag.NoUpdate)
        return False
    return _select(model, current, rows)


def unite_current(view: QAbstractItemView, current: Index) -> None:
    """Select what became the current thing without being selected (Qt does so where the focus comes by Tab)."""
    single = view.selectionMode() is QAbstractItemView.SelectionMode.SingleSelection
    if single and current.isValid() and not view.selectionModel().isSelected(current):
        rows = view.selectionBehavior() is QAbstractItemView.SelectionBehavior.SelectRows
        _select(view.selectionModel(), current, rows)


def _select(model: QItemSelectionModel, index: Index, rows: bool) -> bool:
    """Select that row alone, the current one; tell whether there is one."""
    if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsSelectable:
        model.setCurrentIndex(index, _Flag.ClearAndSelect | (_Flag.Rows if rows else _Flag.NoUpdate))
        return True
    return False


class _Padded(QStyledItemDelegate):
    """Reckons the lines of a thing in the room that they are drawn in: Qt forgets the padding of the sheet, and some words
    would end in « … » for want of a line."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """No code is broken at its hyphen; what is heard, looked for and copied keeps it as it is typed."""
        super().initStyleOption(option, index)
        option.text = hold_codes(option.text)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """What the words need between the paddings."""
        drawn = QtWidgets.QStyleOptionViewItem(option)
        drawn.rect = option.rect.adjusted(0, 0, -_PADDING, 0)
        return super().sizeHint(drawn, index)


class ItemList(QListWidget):
    """A list of things, one selected, that never scrolls sideways.

    `wrapped`: a thing takes as many lines as its words need; else its end is left out.
    """

    def __init__(self, name: str, parent: QWidget | None = None, *, wrapped: bool = False) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if wrapped:
            self.setItemDelegate(_Padded(self))
            self.setWordWrap(True)
            self.setResizeMode(QListWidget.ResizeMode.Adjust)
        else:
            self.setTextElideMode(Qt.TextElideMode.ElideRight)

    def add(
        self, words: str, meaning: object, *, hint: str = "", ticked: bool | None = None
    ) -> QListWidgetItem:
        """Add a thing, which is returned. `meaning`: its data of the user; `hint`: its tooltip; `ticked`: whether its box
        is, None where it has none."""
        item = QListWidgetItem(words)
        item.setData(Qt.ItemDataRole.UserRole, meaning)
        if hint:
            tip_item(item, hint)
        if ticked is not None:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.addItem(item)
        return item

    def showEvent(self, event: QShowEvent) -> None:
        """Lay wrapped things out again: what Qt laid out for a new look while they were hidden left no room for the
        scroll bar, and each would be drawn over the next."""
        super().showEvent(event)
        if self.wordWrap():
            self.scheduleDelayedItemsLayout()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        super().selectionChanged(selected, deselected)
        unite(self, selected)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        unite_current(self, current)


class ItemTree(QTreeWidget):
    """Things under others, one selected."""

    def __init__(self, name: str, titles: list[str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.header().setAccessibleName(f"Colonnes\u202f: {name.lower()}")
        self.setHeaderLabels(titles)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        super().selectionChanged(selected, deselected)
        unite(self, selected)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        unite_current(self, current)


class Stood(QObject):
    """A hand that comes by the keyboard stands on a row: of a table without one its name alone would be heard."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        table.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Select the first row where none is."""
        if (
            event.type() is QEvent.Type.FocusIn
            and not self._table.selectionModel().hasSelection()
            and event.reason() is not Qt.FocusReason.MouseFocusReason  # type: ignore[attr-defined]
        ):
            self._table.selectRow(0)
        return super().eventFilter(watched, event)
