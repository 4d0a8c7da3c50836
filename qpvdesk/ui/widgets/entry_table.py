"""The entry grid under the hands: typing edits, Enter goes down, Tab right, a column is pasted, codes stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from qpvdesk.ui.models.entry import EntryModel, Index
from qpvdesk.ui.models.entry_rows import EDITABLE, EntryColumn, EntryRow, Typed
from qpvdesk.ui.models.pasted_text import cells_of
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.entry_delegate import EntryDelegate
from qpvdesk.ui.widgets.typing_table import TypingTable, types

_KEPT = (EntryColumn.CODE, EntryColumn.OBJECTIVE)


class KeptColumns(QTableView):
    """Lies over the first columns of a grid, whose model and selection it shares."""

    def __init__(self, theme: Theme, grid: QTableView, narrow: Callable[[], bool]) -> None:
        """`narrow`: whether the grid has no room for every column."""
        super().__init__(grid)
        self._grid = grid
        self._narrow = narrow
        self.setObjectName("kept")
        self.setAccessibleName("Codes et libellés des relevés")
        self.setModel(grid.model())
        self.setSelectionModel(grid.selectionModel())
        self.setItemDelegate(EntryDelegate(theme, self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for bar in (self.setVerticalScrollBarPolicy, self.setHorizontalScrollBarPolicy):
            bar(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setAccessibleName("Colonnes\u202f: codes et libellés")
        for place in EntryColumn:
            self.setColumnHidden(place, place not in _KEPT)
        self.hide()
        self.verticalScrollBar().valueChanged.connect(grid.verticalScrollBar().setValue)
        grid.verticalScrollBar().valueChanged.connect(self._follow)
        grid.horizontalScrollBar().valueChanged.connect(lambda _: self.lay())

    def lay(self) -> None:
        """Cover the first columns of the grid where they are scrolled away."""
        shown = self._narrow() and self._grid.horizontalScrollBar().value() > 0
        self.setVisible(shown)
        if not shown:
            return
        for place in _KEPT:
            self.setColumnWidth(place, self._grid.columnWidth(place))
        header, room = self._grid.horizontalHeader(), self._grid.viewport().geometry()
        self.horizontalHeader().setFixedHeight(header.height())
        wide = sum(self.columnWidth(place) for place in _KEPT)
        self.setGeometry(room.left(), room.top() - header.height(), wide, room.height() + header.height())
        # Its own frame must not shift its rows from those under it.
        inner = self.pos() + self.viewport().pos()
        self.move(self.pos() - (inner - room.topLeft()))
        self.verticalScrollBar().setValue(self._grid.verticalScrollBar().value())
        self.raise_()

    def _follow(self, height: int) -> None:
        """Scroll with the grid. New rows are laid out later: these would stop where the last ones end, and the grid too."""
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(height)


_WIDTHS: dict[EntryColumn, int] = {
    EntryColumn.CODE: 106,
    EntryColumn.LAST: 124,
    EntryColumn.TARGET: 98,
    EntryColumn.VALUE: 112,
    EntryColumn.DAY: 93,
    EntryColumn.SOURCE: 66,
    EntryColumn.PROVISIONAL: 46,
    EntryColumn.COMMENT: 94,
    EntryColumn.EFFECT: 137,
}
_STRETCHED = 170
_SOURCE_MORE, _SOURCE_SHARE = 110, 0.4
"""Pixels that the source takes more at most, and of the room that the others leave: « Bpifrance » is read whole on a laptop.
Past the effect, where one scrolls to it, it takes all of them."""
_FAR = (EntryColumn.DAY, EntryColumn.SOURCE, EntryColumn.PROVISIONAL, EntryColumn.COMMENT)
"""Past the effect, in this order, where there is no room for all: the date and the source of all rows stand above. One
scrolls to them, or Tab goes there."""
_TEXTS = (EntryColumn.VALUE, EntryColumn.DAY, EntryColumn.SOURCE, EntryColumn.COMMENT)
"""Where what is typed stays; anywhere else it is the value of the row."""


class EntryTable(TypingTable):
    """Shows an `EntryModel`."""

    row_changed = Signal(object)
    """The `EntryRow` under the hand (None: none)."""
    pasting = Signal(str)
    """Several cells are to be pasted: they are shown before anything is typed over."""
    left = Signal()
    """Escape: the hand leaves the grid."""

    narrow = False
    """Whether there is no room for every column."""

    def __init__(self, theme: Theme, model: EntryModel) -> None:
        super().__init__("Relevés à saisir", EntryDelegate(theme))
        self._theme = theme
        self._rows = model
        self.setModel(model)
        self._kept = KeptColumns(theme, self, lambda: self.narrow)
        self.clicked.connect(self._clicked)
        theme.changed.connect(self._fit)
        # Whether anything can be typed is known with the rows.
        model.modelReset.connect(self._fit_columns)
        self._fit()

    def typed_columns(self) -> Sequence[int]:
        """Return the columns of a row that are typed, those in sight."""
        return [place for place in EDITABLE if not self.isColumnHidden(place)]

    def enter(self) -> None:
        """Put the hand on the first value still to be typed."""
        rows = self._rows.shown
        if rows:
            place = next((place for place, row in enumerate(rows) if not row.typed.value), 0)
            self.stand(place, EntryColumn.VALUE)
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin(self, event: QKeyEvent) -> None:
        """Type the first figure of a value where the hand would come by Enter."""
        if self._rows.shown:
            self.enter()
            self.keyPressEvent(event)

    def current_row(self) -> EntryRow | None:
        index = self.currentIndex()
        return self._rows.shown[index.row()] if index.isValid() else None

    def select_objective(self, key: str, column: int = EntryColumn.VALUE) -> bool:
        """Put the hand on a cell of an objective; False where it is not shown."""
        for place, row in enumerate(self._rows.shown):
            if row.objective.key == key:
                self.stand(place, column)
                return True
        return False

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        self.row_changed.emit(self.current_row())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A hand that comes by the keyboard lands on a value."""
        known = self.currentIndex().isValid()
        super().focusInEvent(event)
        tabbed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if not known:
            self.enter()
        elif tabbed or self.currentIndex().column() not in EDITABLE:
            self.stand(self.currentIndex().row(), EntryColumn.VALUE)

    def moveCursor(  # noqa: N802
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """The arrows go from one cell that can be typed in to the next."""
        moved = super().moveCursor(action, modifiers)
        if not moved.isValid() or moved.column() in EDITABLE:
            return moved
        actions = QAbstractItemView.CursorAction
        last = action in (actions.MoveRight, actions.MoveNext) and self.currentIndex().column() in EDITABLE
        column = self.currentIndex().column() if last else EntryColumn.VALUE
        return moved.siblingAtColumn(EntryColumn.COMMENT if action is actions.MoveEnd else column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, clear, copy, paste, tick; anything else starts typing, in the value unless the hand is elsewhere."""
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        index = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_down(-1 if shift else 1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear_cells()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key == Qt.Key.Key_Space and index.column() == EntryColumn.PROVISIONAL:
            self.tick(index)
        else:
            if types(event) and index.column() not in _TEXTS:
                self.stand(max(0, index.row()), EntryColumn.VALUE)
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for every column, put those less used past the effect."""
        super().resizeEvent(event)
        self._fit_columns()
        self._kept.lay()

    def paste(self) -> None:
        """Take what a spreadsheet copied: one cell where the hand is, several once they were shown."""
        index, text = self.currentIndex(), QGuiApplication.clipboard().text()
        if not index.isValid() or self._rows.read_only or not text.strip():
            return
        if len(cells_of(text)) > 1 or "\t" in text.strip():
            self.pasting.emit(text)
        else:
            column = index.column() if index.column() in EDITABLE else EntryColumn.VALUE
            self._rows.setData(index.siblingAtColumn(column), cells_of(text)[0][0])

    def scrollTo(  # noqa: N802
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Show a cell; one that stands before the effect with all that does."""
        super().scrollTo(index, hint)
        if self.narrow and index.column() not in _FAR:
            self.horizontalScrollBar().setValue(0)

    def clear_cells(self) -> None:
        """Empty the chosen cells, in one step."""
        typed: dict[str, Typed] = {}
        for index in self.selectionModel().selectedIndexes() or [self.currentIndex()]:
            if index.isValid() and index.column() in EDITABLE:
                row = self._rows.shown[index.row()]
                known = typed.get(row.objective.key, row.typed)
                typed[row.objective.key] = known.taking(EntryColumn(index.column()), "")
        self._rows.type_all("valeurs effacées", typed)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == EntryColumn.PROVISIONAL:
            self.tick(index)
        elif index.column() not in EDITABLE and not QGuiApplication.keyboardModifiers():
            self.stand(index.row(), EntryColumn.VALUE)

    def tick(self, index: Index) -> None:
        """Say that the figure of a row is provisional, or no longer."""
        ticked = self._rows.shown[index.row()].typed.provisional
        state = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
        box = self._rows.index(index.row(), EntryColumn.PROVISIONAL)
        self._rows.setData(box, state, int(Qt.ItemDataRole.CheckStateRole))

    def _fit(self) -> None:
        for place, width in _WIDTHS.items():
            self.setColumnWidth(place, self._theme.px(width))
        for view in (self, self._kept):
            view.verticalHeader().setDefaultSectionSize(self._theme.px(42))
        self._fit_columns()
        self._kept.lay()

    def _fit_columns(self) -> None:
        px, header = self._theme.px, self.horizontalHeader()
        room = self.viewport().width()
        for place in EDITABLE:
            self.setColumnHidden(place, self._rows.read_only)
        shown = [px(width) for place, width in _WIDTHS.items() if not self.isColumnHidden(place)]
        left = room - px(_STRETCHED) - sum(shown)
        self.narrow = left < 0
        more = px(_SOURCE_MORE) if self.narrow else min(px(_SOURCE_MORE), int(left * _SOURCE_SHARE))
        self.setColumnWidth(EntryColumn.SOURCE, px(_WIDTHS[EntryColumn.SOURCE]) + more)
        near = [place for place in EntryColumn if not (self.narrow and place in _FAR)]
        for visual, place in enumerate([*near, *(_FAR if self.narrow else ())]):
            header.moveSection(header.visualIndex(place), visual)
        if self.narrow:
            seen = [place for place in near if place in _WIDTHS and not self.isColumnHidden(place)]
            wide = room - sum(px(_WIDTHS[place]) for place in seen)
            header.setSectionResizeMode(EntryColumn.OBJECTIVE, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(EntryColumn.OBJECTIVE, max(wide, px(_STRETCHED)))
        else:
            header.setSectionResizeMode(EntryColumn.OBJECTIVE, QHeaderView.ResizeMode.Stretch)
