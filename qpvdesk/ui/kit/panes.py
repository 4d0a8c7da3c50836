"""A stack that takes the room of what is seen of it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget


class PaneStack(QStackedWidget):
    """Several panes, one in view: Qt would ask for the room of the largest of all, seen or not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(lambda _: self.updateGeometry())

    def hasHeightForWidth(self) -> bool:
        """Ask for the height of the pane in view alone."""
        return False

    def minimumSizeHint(self) -> QSize:
        """Need what the pane in view needs."""
        pane = self.currentWidget()
        return super().minimumSizeHint() if pane is None else pane.minimumSizeHint()
