"""A stack that takes the room of what is seen of it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget


class PaneStack(QStackedWidget):
    """Several panes, one in view: Qt would ask for the room of the largest of all, seen or not, and as high as it would
    like to be itself. It asks for what the pane in view cannot do without, and takes what there is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(lambda _: self.updateGeometry())

    def hasHeightForWidth(self) -> bool:
        """Ask for the height of the pane in view alone."""
        return False

    def minimumSizeHint(self) -> QSize:
        """Need what the pane in view needs."""
        pane = self.currentWidget()
        if pane is None:
            return super().minimumSizeHint()
        least, layout = pane.minimumSizeHint(), pane.layout()
        if layout is not None and layout.hasHeightForWidth():
            # A sentence takes the more lines the narrower the pane.
            least.setHeight(layout.minimumHeightForWidth(max(self.width(), least.width())))
        return least

    def sizeHint(self) -> QSize:
        """Want no more height than needed: a page is as high as its panes want, and scrolls for it."""
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In another width other heights are needed."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
