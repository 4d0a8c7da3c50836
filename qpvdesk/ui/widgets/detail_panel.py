"""The panel beside a list: what is said of the line that is chosen, or that none is."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget

from qpvdesk.ui.kit.scroll_keeper import ScrollKeeper
from qpvdesk.ui.kit.tokens import ROOM, WIDE, scrolled, stacked
from qpvdesk.ui.widgets.empty import EmptyState

MARGINS = (WIDE, ROOM, WIDE, ROOM)


class DetailPanel(QFrame):
    """Shows its `column`, or `nothing` where it is given."""

    def __init__(self, name: str, width: int, *, spacing: int = 6, nothing: EmptyState | None = None) -> None:
        """`name` is what a screen reader says of it; `width` the least, in pixels."""
        super().__init__()
        self.setProperty("role", "panel")
        self.setMinimumWidth(width)
        outer = stacked(on=self)
        self._stack = QStackedWidget()
        outer.addWidget(self._stack)
        self._area, self.column = scrolled(name, "panelbody", read=True, spacing=spacing, margins=MARGINS)
        self._scroll_keeper = ScrollKeeper(self._area)
        self._stack.addWidget(self._area)
        self._key = ""
        """What the column says something of."""
        self._nothing = nothing
        if nothing is not None:
            self._stack.addWidget(nothing)
            self._stack.setCurrentWidget(nothing)

    def add(self, other: QScrollArea) -> None:
        self._stack.addWidget(other)

    def begin(self, key: str) -> None:
        """Say of what the column is filled next: another thing is read from its beginning, the same from where one was."""
        if key == self._key:
            self._scroll_keeper.hold()
        else:
            self._key = key
            self._scroll_keeper.let_go()
            self._area.verticalScrollBar().setValue(0)

    def show_column(self) -> None:
        self._stack.setCurrentWidget(self._area)

    def show_nothing(self) -> None:
        if self._nothing is not None:
            self._stack.setCurrentWidget(self._nothing)

    def show_other(self, other: QScrollArea) -> None:
        self._stack.setCurrentWidget(other)
