"""Parts side by side, whose borders the officer moves; above all a list and what is said of its line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from qpvdesk.ui.theme import Theme


def side_by_side(theme: Theme, *panes: tuple[QWidget, int, int]) -> QSplitter:
    """Return parts side by side, none of which can be closed; of each: its width in pixels at a zoom of 100 %, and its
    share of the room that is left."""
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.setChildrenCollapsible(False)
    for place, (pane, _, share) in enumerate(panes):
        splitter.addWidget(pane)
        splitter.setStretchFactor(place, share)
    splitter.setSizes([theme.px(width) for _, width, _ in panes])
    return splitter


class Master(QWidget):
    """The left part of a page: its `column` holds the head, the filters, the list."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 8, 12)
        self.column.setSpacing(8)


def fill_page(page: QWidget, content: QWidget) -> None:
    """Let a content fill a page, down to its right and lower borders."""
    layout = QVBoxLayout(page)
    layout.setContentsMargins(20, 14, 0, 0)
    layout.addWidget(content)
