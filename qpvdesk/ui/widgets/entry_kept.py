"""The codes and the labels of the entry grid, that stay in sight while one scrolls it sideways."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from qpvdesk.ui.models.entry_rows import EntryColumn
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.entry_delegate import EntryDelegate

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
        grid.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
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
