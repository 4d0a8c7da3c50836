"""The table view of every page: sizes of columns, sort by header, selection kept through a new picture."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from PySide6 import QtGui
from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QTableView, QWidget

from qpvdesk.domain.french import clipped
from qpvdesk.ui.kit.columns import PADDING, Widths, beside
from qpvdesk.ui.kit.controls import rest
from qpvdesk.ui.kit.filter_header import FilterHeader
from qpvdesk.ui.kit.scroll_keeper import ScrollKeeper
from qpvdesk.ui.kit.selection import Index, Stood, unite, unite_current
from qpvdesk.ui.kit.table_menu import TableMenu
from qpvdesk.ui.models.table import CELL_LETTERS_MAX, Column, TableModel

_STRETCHED = 120
"""What a stretched column needs at least."""
_MARK_WIDTH = 3
"""Of the bar at the head of a selected row, in pixels."""
_NARROWED = "Aucune ligne ne répond aux filtres des colonnes."
LINES = 7
"""How many lines a wrapped row has at most."""


class Table(QTableView):
    """Rows of a `TableModel`: one row selected; Enter or a double click opens it.

    Ctrl+C copies the rows with the headers, Ctrl+Shift+C the whole table as it is shown; Alt+Down filters the column.
    """

    row_selected = Signal(object)
    """The domain row now selected (None: no row)."""
    row_opened = Signal(object)
    words_typed = Signal(str)
    """Letters typed on the rows: they filter, where the page has a filter; they never jump to a row."""

    _points = 0.0
    """The size of the characters that the widths are for; 0 while the table is made."""

    def __init__(
        self,
        model: TableModel[Any],
        name: str,
        parent: QWidget | None = None,
        *,
        wrapped: bool = False,
        stretched: int = _STRETCHED,
        several: bool = False,
    ) -> None:
        """`wrapped`: rows as high as their words need; `stretched`: pixels a stretched column needs at least;
        `several`: many rows can be chosen, by Shift and Ctrl."""
        super().__init__(parent)
        self._stretched = stretched
        self._rows = model
        self._widths = Widths(self, model)
        self._keeping = False
        self.setModel(model)
        self.setObjectName("table")
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
        self.menu = TableMenu(
            self, model, lambda place, wanted: self.want_column(place, wanted, even_cramped=True)
        )
        self.setShowGrid(False)
        self.setWordWrap(wrapped)
        self.setMouseTracking(True)
        self._pointed, self._stood = _Pointed(self), Stood(self)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._make_header(name)
        self.doubleClicked.connect(lambda index: self.row_opened.emit(self._rows.row_at(index.row())))
        self._identity: Hashable = None
        self._points, self._scale = QGuiApplication.font().pointSizeF(), 1.0
        self._near: Hashable = None
        """The row that stood beside the selected one."""
        self._sought = False
        self.scroll_keeper = ScrollKeeper(self)
        self.empty_words = ""
        model.modelAboutToBeReset.connect(self._before_reset)
        model.modelReset.connect(self._after_reset)
        if wrapped:
            set_lines(self, LINES)
            self._measure = rest(self, 0, self._give_heights)
            for moved in (self.horizontalHeader().sectionResized, model.modelReset, model.layoutChanged):
                moved.connect(lambda *_: self._measure.start())

    def _make_header(self, name: str) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = FilterHeader(self._rows, self)
        header.setAccessibleName(f"Colonnes\u202f: {name}")
        self.setHorizontalHeader(header)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(36)
        header.setSectionsMovable(True)
        self.setSortingEnabled(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._rows.sort)
        # The sheet beside shows what is chosen, and the acts are on it: it stays in sight.
        header.sortIndicatorChanged.connect(lambda *_: self.scrollTo(self.currentIndex()))
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda where: self.menu.popup_header(
                max(0, header.logicalIndexAt(where)), header.mapToGlobal(where)
            )
        )
        header.filter_asked.connect(self.menu.filter_column)
        self._lay_columns()

    def _lay_columns(self) -> None:
        header = self.horizontalHeader()
        self._widths.widen()
        for place, column in enumerate(self._rows.columns):
            mode = header.ResizeMode.Interactive if column.width else header.ResizeMode.Stretch
            header.setSectionResizeMode(place, mode)
            if column.width:
                header.resizeSection(place, column.width)
            self.setColumnHidden(place, column.spare)
        self.wanted = {place for place, column in enumerate(self._rows.columns) if not column.spare}

    def set_columns(self, columns: Sequence[Column[Any]]) -> None:
        """Show other columns, in their own order and widths; the rows stay, sorted on nothing."""
        header = self.horizontalHeader()
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        for place in range(header.count()):
            header.moveSection(header.visualIndex(place), place)
        self._rows.set_columns(columns)
        self._lay_columns()
        self._fit_columns()

    def set_row_height(self, pixels: int) -> None:
        self.verticalHeader().setDefaultSectionSize(pixels)

    def sizeHintForRow(self, row: int) -> int:  # noqa: N802
        """What the longest text of a row needs; the style forgets its own padding and cuts a last line."""
        if not self.wordWrap():
            return super().sizeHintForRow(row)
        metrics, flags = self.fontMetrics(), int(Qt.TextFlag.TextWordWrap)
        model_row = self._rows.row_at(row)
        highest = metrics.lineSpacing()
        for place, column in enumerate(self._rows.columns):
            if not self.isColumnHidden(place):
                words = clipped(column.text(model_row), CELL_LETTERS_MAX)
                room = QRect(0, 0, max(40, self.columnWidth(place) - PADDING - beside(self, column)), 10_000)
                highest = max(highest, metrics.boundingRect(room, flags, words).height())
        return highest + 12

    def current_row(self) -> Any:
        """Return the selected domain row, or None."""
        index = self.currentIndex()
        chosen = index.isValid() and self.selectionModel().isRowSelected(index.row(), QModelIndex())
        return self._rows.row_at(index.row()) if chosen else None

    def select_identity(self, identity: Hashable) -> bool:
        """Select the row of that identity; False where it is not shown."""
        place = self._rows.place_of(identity)
        if place < 0:
            return False
        self.select_place(place)
        if not self._keeping:
            self.scroll_keeper.let_go()
            self.scrollTo(self.currentIndex())
            self._sought = True
        return True

    def _give_heights(self) -> None:
        kept = self._sought or is_selection_in_view(self)
        self._sought = False
        self.resizeRowsToContents()
        # What is selected moved with the heights of the rows above it; the scroll bar would learn of them too late.
        self.updateGeometries()
        if self.scroll_keeper.is_on:
            self.scroll_keeper.bring_back()
        elif kept:
            self.scrollTo(self.currentIndex())

    def select_first(self) -> None:
        """Select the first row, if there is one."""
        if self._rows.rowCount():
            self.select_place(0)

    def select_place(self, place: int) -> None:
        """Select the row at a place alone, whatever keys are held down."""
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(self._rows.index(place, 0), flags.ClearAndSelect | flags.Rows)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        super().selectionChanged(selected, deselected)
        if not unite(self, selected) and not self._keeping:
            self.row_selected.emit(self.current_row())

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        unite_current(self, current)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the characters: what was laid out for others would be cut, or stand wide apart."""
        super().changeEvent(event)
        points = QGuiApplication.font().pointSizeF()
        if event.type() is QEvent.Type.FontChange and self._points not in (0, points):
            ratio, self._points = points / self._points, points
            self._scale *= ratio
            self._stretched = round(self._stretched * ratio)
            self._widths.rescale(ratio, self._scale)
            self._fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room, narrow the columns, then leave the last ones out rather than scroll sideways."""
        super().resizeEvent(event)
        self._fit_columns()
        if event.size().height() != event.oldSize().height() and self.current_row() is not None:
            self.scrollTo(self.currentIndex())

    def _fit_columns(self) -> None:
        shown = self._widths.seen(self.wanted, self._stretched, self._scale)
        for place in range(len(self._rows.columns)):
            if self.isColumnHidden(place) != (place not in shown):
                self.setColumnHidden(place, place not in shown)
        self._widths.stretch(self._stretched)
        self._widths.short |= len(shown) < len(self.wanted)

    def want_column(self, place: int, wanted: bool, *, even_cramped: bool = False) -> None:
        """Show a column where there is room for it (where there is none too, `even_cramped`), or leave it out."""
        (self.wanted.add if wanted else self.wanted.discard)(place)
        if even_cramped:
            self.setColumnHidden(place, not wanted)
        else:
            self._fit_columns()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, or the words that stand where there are none."""
        self._pointed.paint()
        super().paintEvent(event)
        _mark_selected(self)
        words = _NARROWED if self._rows.chosen and self._rows.total else self.empty_words
        if words and not self._rows.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            room = self.viewport().rect().adjusted(16, 12, -16, -12)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(room, int(flags), words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the row on Enter, do what a key of its menu is for."""
        if self.menu.press(event):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_row() is not None:
            self.row_opened.emit(self.current_row())
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Say what is typed, instead of jumping to the row that begins so."""
        if search.strip():
            self.words_typed.emit(search)

    def contextMenuEvent(self, event: QtGui.QContextMenuEvent) -> None:
        self.menu.popup(event.globalPos())

    def layout_state(self) -> dict[str, list[int]]:
        """Return which columns are wanted, in which order, how wide, and what the rows are sorted on."""
        header = self.horizontalHeader()
        count = header.count()
        return {
            "colonnes": sorted(self.wanted),
            "ordre": [header.logicalIndex(place) for place in range(count)],
            "largeurs": [self._widths.own(place) for place in range(count)],
            "tri": [header.sortIndicatorSection(), header.sortIndicatorOrder().value],
        }

    def restore_layout(self, state: Mapping[str, Sequence[int]]) -> None:
        """Put back what `layout_state` returned; that of another release, with other columns, is left aside."""
        header = self.horizontalHeader()
        count = header.count()
        order, widths, sorting = state.get("ordre", ()), state.get("largeurs", ()), state.get("tri", ())
        if sorted(order) != list(range(count)) or len(widths) != count or len(sorting) != 2:
            return
        self.wanted = {place for place in state.get("colonnes", ()) if 0 <= place < count}
        for visual, logical in enumerate(order):
            header.moveSection(header.visualIndex(logical), visual)
        for place, width in enumerate(widths):
            if 20 <= width <= 2000 and header.sectionResizeMode(place) == QHeaderView.ResizeMode.Interactive:
                header.resizeSection(place, width)
        if -1 <= sorting[0] < count and header.isSortIndicatorShown():
            header.setSortIndicator(sorting[0], Qt.SortOrder(sorting[1] if sorting[1] in (0, 1) else 0))
        self._fit_columns()

    def _before_reset(self) -> None:
        self._keeping = True
        row = self.current_row()
        if self._rows.rowCount():
            # One who has scrolled away from the row selected stays there.
            in_view = row is not None and is_selection_in_view(self)
            self.scroll_keeper.hold((lambda: self.scrollTo(self.currentIndex())) if in_view else None)
        self._identity = None if row is None else self._rows.identity(row)
        place = self.currentIndex().row()
        near = [at for at in (place + 1, place - 1) if 0 <= at < self._rows.rowCount()]
        self._near = None if row is None or not near else self._rows.identity(self._rows.row_at(near[0]))

    def _after_reset(self) -> None:
        kept = self._identity is not None and self.select_identity(self._identity)
        if not kept and self._near is not None and not self._rows.holds(self._identity):
            # What was removed leaves the hand on the row beside it; what is filtered away does not.
            kept = self.select_identity(self._near)
        self._keeping = False
        if self._widths.fit_first() or self._widths.short:
            self._fit_columns()
        if kept or self._identity is not None:
            self.row_selected.emit(self.current_row() if kept else None)


class _Pointed(QObject):
    """Tints the row under the pointer: the style would tint one cell, which reads as a mark of its own."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table, self._row = table, -1
        table.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pointer from row to row."""
        if event.type() in (QEvent.Type.HoverMove, QEvent.Type.HoverLeave):
            left = event.type() is QEvent.Type.HoverLeave
            row = -1 if left else self._table.rowAt(event.position().toPoint().y())  # type: ignore[attr-defined]
            if row != self._row:
                self._row = row
                self._table.viewport().update()
        return super().eventFilter(watched, event)

    def paint(self) -> None:
        """Draw the tint, below the cells."""
        if self._row >= 0:
            table, top = self._table, self._table.rowViewportPosition(self._row)
            row = QRect(0, top, table.viewport().width(), table.rowHeight(self._row))
            QPainter(table.viewport()).fillRect(row, table.palette().color(QPalette.ColorRole.Midlight))


def is_selection_in_view(table: QTableView) -> bool:
    return table.visualRect(table.currentIndex()).intersects(table.viewport().rect())


def left_out(table: Table, place: int) -> bool:
    """Tell whether a column that is wanted has no room."""
    return table.isColumnHidden(place) and place in table.wanted


def _mark_selected(table: QTableView) -> None:
    """Draw a bar at the head of each row selected: its tint alone would be too near that of the others."""
    first, last = table.rowAt(0), table.rowAt(table.viewport().height() - 1)
    selection = table.selectionModel()
    rows = range(max(first, 0), (last if last >= 0 else table.model().rowCount() - 1) + 1)
    chosen = [row for row in rows if selection.isRowSelected(row, QModelIndex())] if first >= 0 else ()
    if chosen:
        painter = QPainter(table.viewport())
        for row in chosen:
            bar = QRect(0, table.rowViewportPosition(row), _MARK_WIDTH, table.rowHeight(row) - 1)
            painter.fillRect(bar, table.palette().color(QPalette.ColorRole.Accent))


def set_lines(table: QTableView, most: int) -> None:
    """Have the rows of a table wrap on so many lines at most; 1: each is one line, as low as can be."""
    # A very long sentence ends in « … » rather than push the others out of sight; it is whole elsewhere.
    padding = 12 if most > 1 else 10
    table.verticalHeader().setMaximumSectionSize(table.fontMetrics().lineSpacing() * most + padding)
    table.setWordWrap(most > 1)
    table.resizeRowsToContents()


def type_to_filter(table: Table, field: QLineEdit) -> None:
    """Have what is typed on the rows go on in the field that filters them."""

    def type_on(words: str) -> None:
        field.setFocus()
        field.setText(field.text() + words)

    table.words_typed.connect(type_on)
