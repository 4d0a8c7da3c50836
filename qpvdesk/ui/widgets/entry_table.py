"""The entry grid under the hands: typing edits, Enter goes down, Tab goes right, a column can be pasted."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QWidget,
)

from qpvdesk.domain.french import plural
from qpvdesk.ui.kit.selection import unite
from qpvdesk.ui.models.entry import EntryModel, Index
from qpvdesk.ui.models.entry_rows import EDITABLE, TITLES, EntryColumn, EntryRow
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.copying import as_table
from qpvdesk.ui.widgets.entry_delegate import EntryDelegate

_WIDTHS: dict[EntryColumn, int] = {
    EntryColumn.CODE: 96,
    EntryColumn.LAST: 96,
    EntryColumn.TARGET: 82,
    EntryColumn.VALUE: 112,
    EntryColumn.DAY: 92,
    EntryColumn.SOURCE: 104,
    EntryColumn.PROVISIONAL: 46,
    EntryColumn.COMMENT: 104,
    EntryColumn.EFFECT: 160,
}
_STRETCHED = 170
_FAR = (EntryColumn.SOURCE, EntryColumn.PROVISIONAL, EntryColumn.COMMENT, EntryColumn.TARGET)
"""Past the effect, in this order, where there is no room for all; one scrolls to them, or Tab goes there."""
_KEPT = (EntryColumn.CODE, EntryColumn.OBJECTIVE)
"""Stay in sight while one scrolls sideways."""


class EntryTable(QTableView):
    """Shows an `EntryModel`."""

    row_changed = Signal(object)
    """The `EntryRow` under the hand (None: none)."""
    remarked = Signal(str)
    """What is to be known of what was just pasted (French)."""
    left = Signal()
    """Escape: the hand leaves the grid."""

    def __init__(self, theme: Theme, model: EntryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = model
        self._narrow = False
        self._delegate = EntryDelegate(theme, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Relevés à saisir")
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
        header.setAccessibleName("Colonnes\u202f: relevés à saisir")
        header.setHighlightSections(False)
        header.setMinimumSectionSize(36)
        self._kept = self._make_kept()
        self.clicked.connect(self._clicked)
        theme.changed.connect(self._fit)
        self._fit()

    def finish_editing(self) -> None:
        """Take what is being typed."""
        self._delegate.finish()

    def enter(self) -> None:
        """Put the hand on the first value still to be typed."""
        rows = self._rows.shown
        if rows:
            place = next((place for place, row in enumerate(rows) if not row.typed.value), 0)
            self._stand(place, EntryColumn.VALUE)
        self.setFocus(Qt.FocusReason.TabFocusReason)

    def current_row(self) -> EntryRow | None:
        """Return the row under the hand."""
        index = self.currentIndex()
        return self._rows.shown[index.row()] if index.isValid() else None

    def select_objective(self, key: str) -> bool:
        """Put the hand on the value of an objective; False where it is not shown."""
        for place, row in enumerate(self._rows.shown):
            if row.objective.key == key:
                self._stand(place, EntryColumn.VALUE)
                return True
        return False

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        """Say which row is under the hand."""
        super().currentChanged(current, previous)
        self.row_changed.emit(self.current_row())

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        """Put the hand on what is selected without it."""
        super().selectionChanged(selected, deselected)
        unite(self, selected)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A hand that comes by the keyboard lands on a value."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._rows.rowCount():
            self._stand(0, EntryColumn.VALUE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, clear, copy, paste, tick; anything else starts typing."""
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._down(-1 if shift else 1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._clear()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key == Qt.Key.Key_Space and self.currentIndex().column() == EntryColumn.PROVISIONAL:
            self._tick()
        else:
            super().keyPressEvent(event)

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
        elif hint == hints.SubmitModelCache and self._delegate.leaving is not None:
            self._down(-1 if self._delegate.leaving is Qt.Key.Key_Up else 1)
        self._delegate.leaving = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for every column, put those less used past the effect."""
        super().resizeEvent(event)
        self._fit_columns()
        self._lay_kept()

    def copy(self) -> None:
        """Copy the chosen cells with their headers; one cell alone without."""
        indexes = self.selectionModel().selectedIndexes()
        if len(indexes) < 2:
            current = self.currentIndex()
            text = str(current.data() or "") if current.isValid() else ""
        else:
            rows = sorted({index.row() for index in indexes})
            columns = [
                column
                for column in sorted({index.column() for index in indexes})
                if not self.isColumnHidden(column)
            ]
            titles = [TITLES[EntryColumn(column)][0] for column in columns]
            text = as_table(
                titles, [[str(self._rows.index(row, one).data() or "") for one in columns] for row in rows]
            )
        QGuiApplication.clipboard().setText(text)

    def paste(self) -> None:
        """Take the cells of a spreadsheet, from the one under the hand down and to the right."""
        current = self.currentIndex()
        if not current.isValid() or self._rows.read_only:
            return
        lines = QGuiApplication.clipboard().text().replace("\r\n", "\n").replace("\r", "\n").split("\n")
        while lines and not lines[-1].strip():
            lines.pop()
        column = current.column() if current.column() in EDITABLE else int(EntryColumn.VALUE)
        columns = [place for place in EDITABLE if place >= column and not self.isColumnHidden(place)]
        room = self._rows.rowCount() - current.row()
        for row, line in enumerate(lines[:room], start=current.row()):
            for place, text in zip(columns, line.split("\t"), strict=False):
                self._rows.setData(self._rows.index(row, place), text)
        lost = sum(bool(line.strip()) for line in lines[room:])
        wide = sum(any(text.strip() for text in line.split("\t")[len(columns) :]) for line in lines[:room])
        if wide:
            words = plural(wide, "ligne collée a", "lignes collées ont")
            self.remarked.emit(
                f"{words} plus de cases que la grille\u202f: les dernières n’ont pas été reprises."
            )
        if lost:
            more = plural(lost, "ligne collée en trop, non reprise", "lignes collées en trop, non reprises")
            self.remarked.emit(f"{more}\u202f: la grille finit à {self._rows.shown[-1].objective.code}.")

    def scrollTo(  # noqa: N802
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Show a cell; one that stands before the effect with all that does."""
        super().scrollTo(index, hint)
        if self._narrow and index.column() not in _FAR:
            self.horizontalScrollBar().setValue(0)

    def _make_kept(self) -> QTableView:
        """The code and the label over the grid, for as long as it is scrolled sideways."""
        kept = QTableView(self)
        kept.setObjectName("kept")
        kept.setAccessibleName("Codes et libellés des relevés")
        kept.setModel(self._rows)
        kept.setSelectionModel(self.selectionModel())
        kept.setItemDelegate(EntryDelegate(self._theme, kept))
        kept.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        kept.setFrameShape(QFrame.Shape.NoFrame)
        kept.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        kept.setShowGrid(False)
        kept.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for bar in (kept.setVerticalScrollBarPolicy, kept.setHorizontalScrollBarPolicy):
            bar(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        kept.verticalHeader().hide()
        kept.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        kept.horizontalHeader().setHighlightSections(False)
        kept.horizontalHeader().setAccessibleName("Colonnes\u202f: codes et libellés")
        for place in EntryColumn:
            kept.setColumnHidden(place, place not in _KEPT)
        kept.hide()
        kept.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(kept.verticalScrollBar().setValue)
        self.horizontalScrollBar().valueChanged.connect(lambda _: self._lay_kept())
        return kept

    def _lay_kept(self) -> None:
        shown = self._narrow and self.horizontalScrollBar().value() > 0
        self._kept.setVisible(shown)
        if not shown:
            return
        for place in _KEPT:
            self._kept.setColumnWidth(place, self.columnWidth(place))
        header, room = self.horizontalHeader(), self.viewport().geometry()
        self._kept.horizontalHeader().setFixedHeight(header.height())
        wide = sum(self.columnWidth(place) for place in _KEPT)
        self._kept.setGeometry(
            room.left(), room.top() - header.height(), wide, room.height() + header.height()
        )
        # Its own frame must not shift its rows from those under it.
        inner = self._kept.pos() + self._kept.viewport().pos()
        self._kept.move(self._kept.pos() - (inner - room.topLeft()))
        self._kept.verticalScrollBar().setValue(self.verticalScrollBar().value())
        self._kept.raise_()

    def _stand(self, row: int, column: int) -> None:
        index = self._rows.index(row, column)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def _down(self, step: int) -> None:
        index = self.currentIndex()
        row = index.row() + step
        if index.isValid() and 0 <= row < self._rows.rowCount():
            self._stand(row, index.column())

    def _across(self, step: int) -> bool:
        index = self.currentIndex()
        columns = [place for place in EDITABLE if not self.isColumnHidden(place)]
        if not index.isValid() or not columns:
            return False
        row, column = index.row(), index.column() + step
        while True:
            while 0 <= column < len(EntryColumn):
                if column in columns:
                    self._stand(row, column)
                    return True
                column += step
            row += step
            if not 0 <= row < self._rows.rowCount():
                return False
            column = 0 if step > 0 else len(EntryColumn) - 1

    def _clear(self) -> None:
        for index in self.selectionModel().selectedIndexes() or [self.currentIndex()]:
            if index.isValid() and index.column() in EDITABLE:
                if index.column() == EntryColumn.PROVISIONAL:
                    role = int(Qt.ItemDataRole.CheckStateRole)
                    self._rows.setData(index, Qt.CheckState.Unchecked, role)
                else:
                    self._rows.setData(index, "")

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == EntryColumn.PROVISIONAL:
            self._tick()

    def _tick(self) -> None:
        index = self.currentIndex()
        ticked = self._rows.shown[index.row()].typed.provisional
        state = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
        self._rows.setData(index, state, int(Qt.ItemDataRole.CheckStateRole))

    def _fit(self) -> None:
        for place, width in _WIDTHS.items():
            self.setColumnWidth(place, self._theme.px(width))
        for view in (self, self._kept):
            view.verticalHeader().setDefaultSectionSize(self._theme.px(42))
        self._fit_columns()
        self._lay_kept()

    def _fit_columns(self) -> None:
        px, header = self._theme.px, self.horizontalHeader()
        room = self.viewport().width()
        self._narrow = px(_STRETCHED) + sum(px(width) for width in _WIDTHS.values()) > room
        near = [place for place in EntryColumn if not (self._narrow and place in _FAR)]
        for visual, place in enumerate([*near, *(_FAR if self._narrow else ())]):
            header.moveSection(header.visualIndex(place), visual)
        if self._narrow:
            wide = room - sum(px(_WIDTHS[place]) for place in near if place is not EntryColumn.OBJECTIVE)
            header.setSectionResizeMode(EntryColumn.OBJECTIVE, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(EntryColumn.OBJECTIVE, max(wide, px(_STRETCHED)))
        else:
            header.setSectionResizeMode(EntryColumn.OBJECTIVE, QHeaderView.ResizeMode.Stretch)
