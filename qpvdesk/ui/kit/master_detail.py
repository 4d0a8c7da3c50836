"""Parts side by side, whose borders the officer moves; a list and what is said of its line; a stack of parts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from qpvdesk.ui.kit.tokens import EDGE, GAP, ROOM, stacked
from qpvdesk.ui.theme import Theme


def side_by_side(theme: Theme, *panes: tuple[QWidget, int, int]) -> QSplitter:
    """Return parts side by side, none of which can be closed; of each: its width in pixels at a zoom of 100 %, and its
    share of the room that is left."""
    return _Panes(theme, panes)


class _Panes(QSplitter):
    """Follows the size of the characters."""

    def __init__(self, theme: Theme, panes: Sequence[tuple[QWidget, int, int]]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme, self._zoom, self._given = theme, theme.zoom, panes
        self.setChildrenCollapsible(False)
        for place, (pane, _, share) in enumerate(panes):
            self.addWidget(pane)
            self.setStretchFactor(place, share)
        for pane, _, _ in reversed(panes):
            # A splitter puts its latest part below the others; what reads the tree would be told the detail first.
            pane.lower()
        self.setSizes([theme.px(width) for _, width, _ in panes])
        self._left: dict[float, list[int]] = {}
        """How the officer left the parts, by size of the characters: at that size they are found again."""
        self.splitterMoved.connect(lambda *_: self._left.clear())
        theme.changed.connect(self._follow)

    def _follow(self) -> None:
        """Give the parts of a fixed width theirs, and each what it needs at least, in the new size."""
        ratio = self._theme.zoom / self._zoom
        if ratio == 1:
            return
        self._left[self._zoom] = self.sizes()
        self._zoom = self._theme.zoom
        for pane, _, _ in self._given:
            pane.setMinimumWidth(round(pane.minimumWidth() * ratio))
        sizes = self.sizes()
        fixed = [0 if share else self._theme.px(width) for _, width, share in self._given]
        left = sum(sizes) - sum(fixed)
        shared = sum(size for size, own in zip(sizes, fixed, strict=True) if not own) or 1
        self.setSizes([own or round(size * left / shared) for size, own in zip(sizes, fixed, strict=True)])
        # Once what stands around has taken its place in the new size.
        QTimer.singleShot(0, self, self._find_again)

    def _find_again(self) -> None:
        before = self._left.get(self._zoom, [])
        if sum(before) == sum(self.sizes()):
            self.setSizes(before)


class Wrapped(QWidget):
    """A part of a splitter, which reckons with one line of what wraps: it asks for the height that all of it needs in its
    width, lest the last parts lie one over the other."""

    def minimumSizeHint(self) -> QSize:
        """The least, with every line of what wraps."""
        least, layout = super().minimumSizeHint(), self.layout()
        if layout is not None:
            least.setHeight(max(least.height(), layout.totalMinimumHeightForWidth(self.width())))
        return least

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask anew in another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class Master(Wrapped):
    """The left part of a page: its `column` holds the head, the filters, the list."""

    def __init__(self) -> None:
        super().__init__()
        self.column = stacked(on=self, spacing=GAP, margins=(0, 0, GAP, ROOM))


def fill_page(page: QWidget, content: QWidget) -> None:
    """Let a content fill a page, down to its right and lower borders."""
    stacked(content, on=page, margins=(EDGE, ROOM, 0, 0))


class PaneStack(QStackedWidget):
    """Several panes, one in view: Qt would ask for the room of the largest of all, seen or not, and as high as it would
    like to be itself. It asks for what the pane in view cannot do without, and takes what there is."""

    def __init__(self) -> None:
        super().__init__()
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
