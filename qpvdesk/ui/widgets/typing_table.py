"""A grid that is typed down: typing edits, Enter goes down, Tab goes right, what is chosen can be copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from qpvdesk.domain.french import clipped, lowered
from qpvdesk.ui.kit.controls import kept_as_typed, words_only
from qpvdesk.ui.kit.selection import unite
from qpvdesk.ui.models.table import CELL_LETTERS_MAX
from qpvdesk.ui.widgets.copying import as_table

Index = QModelIndex | QPersistentModelIndex

_LEAVING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Up, Qt.Key.Key_Down)


class TypingDelegate(QStyledItemDelegate):
    """There is a field only while a cell is being typed in; Enter and the arrows up and down take it and leave it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.editor: QLineEdit | None = None
        self.leaving: Qt.Key | None = None
        """The key that ended the last edit, for the view to move on."""
        self._waiting: Callable[[], object] | None = None

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        del option
        editor = QLineEdit(parent)
        kept_as_typed(editor)
        words_only(editor)
        editor.setAccessibleName(self.heard(index))
        self.editor, self.leaving = editor, None
        return editor

    def heard(self, index: Index) -> str:
        """What the field of a cell is called."""
        return str(index.data(Qt.ItemDataRole.AccessibleTextRole) or "")

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """Draw no more of a cell than can be seen; what is copied is whole."""
        super().initStyleOption(option, index)
        option.text = clipped(option.text, CELL_LETTERS_MAX)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Leave what is being typed: Qt would set what stood there again whenever some cell of the grid changes."""
        if not (isinstance(editor, QLineEdit) and editor.isModified()):
            super().setEditorData(editor, index)

    def wait(self, act: Callable[[], object]) -> bool:
        """Do something once the open cell is closed; False where none is open, and nothing is done."""
        if self.editor is not None:
            self._waiting = act
        return self.editor is not None

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        del index
        editor.setGeometry(option.rect.adjusted(1, 3, -1, -4))

    def finish(self) -> None:
        """Take what is being typed, if a cell is open."""
        if self.editor is not None:
            self.commitData.emit(self.editor)
            self.closeEditor.emit(self.editor)

    def destroyEditor(self, editor: QWidget, index: Index) -> None:  # noqa: N802
        if editor is self.editor:
            self.editor = None
            if self._waiting is not None:
                QTimer.singleShot(0, self, self._waiting)
                self._waiting = None
        super().destroyEditor(editor, index)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter and the arrows up and down take the cell and leave it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in _LEAVING and isinstance(editor, QLineEdit):
                up = key is Qt.Key.Key_Up or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.leaving = Qt.Key.Key_Up if up else Qt.Key.Key_Down
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.SubmitModelCache)
                return True
        return super().eventFilter(editor, event)


class TypingTable(QTableView):
    """Moves through the cells that can be typed in."""

    delegate: TypingDelegate

    def __init__(self, name: str, delegate: TypingDelegate, parent: QWidget | None = None) -> None:
        """`name`: what assistive technology calls it."""
        super().__init__(parent)
        self.delegate = delegate
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.EditKeyPressed | triggers.DoubleClicked)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setAccessibleName(f"Colonnes\u202f: {lowered(name)}")
        header.setHighlightSections(False)
        header.setMinimumSectionSize(36)

    def typed_columns(self) -> Sequence[int]:
        """Return the columns that can be typed in, those in sight."""
        return [place for place in range(self.model().columnCount()) if not self.isColumnHidden(place)]

    def finish_editing(self) -> None:
        self.delegate.finish()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        """Put the hand on what is selected without it."""
        super().selectionChanged(selected, deselected)
        unite(self, selected)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Letters are typed into a value: they never jump from row to row."""
        del search

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from cell to cell, and out of the grid at its ends."""
        return self._across(1 if forward else -1) or super().focusNextPrevChild(forward)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:  # noqa: N802
        """Close a cell, then move as the key that closed it says."""
        hints = QAbstractItemDelegate.EndEditHint
        super().closeEditor(editor, hints.NoHint)
        if hint == hints.EditNextItem:
            self._across(1)
        elif hint == hints.EditPreviousItem:
            self._across(-1)
        elif hint == hints.SubmitModelCache and self.delegate.leaving is not None:
            self.go_down(-1 if self.delegate.leaving is Qt.Key.Key_Up else 1)
        self.delegate.leaving = None

    def copy(self) -> None:
        """Copy the chosen cells with their headers; one cell alone without."""
        indexes, model = self.selectionModel().selectedIndexes(), self.model()
        if len(indexes) < 2:
            current = self.currentIndex()
            text = str(current.data() or "") if current.isValid() else ""
        else:
            rows = sorted({index.row() for index in indexes})
            places = sorted({index.column() for index in indexes})
            columns = [column for column in places if not self.isColumnHidden(column)]
            titles = [str(model.headerData(column, Qt.Orientation.Horizontal)) for column in columns]
            text = as_table(
                titles, [[str(model.index(row, column).data() or "") for column in columns] for row in rows]
            )
        QGuiApplication.clipboard().setText(text)

    def stand(self, row: int, column: int) -> None:
        index = self.model().index(row, column)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def go_down(self, step: int) -> None:
        """Go to the same cell of another line."""
        index = self.currentIndex()
        row = index.row() + step
        if index.isValid() and 0 <= row < self.model().rowCount():
            self.stand(row, index.column())

    def _across(self, step: int) -> bool:
        index, columns = self.currentIndex(), self.typed_columns()
        if not index.isValid() or not columns:
            return False
        count = self.model().columnCount()
        row, column = index.row(), index.column() + step
        while True:
            while 0 <= column < count:
                if column in columns:
                    self.stand(row, column)
                    return True
                column += step
            row += step
            if not 0 <= row < self.model().rowCount():
                return False
            column = 0 if step > 0 else count - 1


def types(event: QKeyEvent) -> bool:
    """Whether a key writes something: a letter, a figure, a sign."""
    modifiers = event.modifiers()
    keys = Qt.KeyboardModifier
    # Ctrl and Alt together are the key AltGr of some keyboards.
    commands = modifiers & (keys.ControlModifier | keys.AltModifier | keys.MetaModifier)
    plain = not commands or commands == keys.ControlModifier | keys.AltModifier
    return plain and event.text().isprintable() and bool(event.text().strip())
