"""A row of controls that goes on in the next line where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Lays widgets out from left to right; those of one line share what room it leaves, if they want it.

    `last_right`: where none wants it, the last of a line stands at its right end.
    """

    def __init__(self, spacing: int = 6, *, last_right: bool = False) -> None:
        super().__init__()
        self._last_right = last_right
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        """By width, what was reckoned since something in it changed: Qt asks tens of times for one layout."""
        self._least: QSize | None = None
        self.setSpacing(spacing)
        self.setContentsMargins(QMargins())

    def addItem(self, item: QLayoutItem) -> None:
        """Add an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item; None past the end, as Qt asks."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out; None past the end, as Qt asks."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Take no more height than needed."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def invalidate(self) -> None:
        """Forget what was reckoned."""
        self._heights.clear()
        self._least = None
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        """Return the height of all the lines."""
        height = self._heights.get(width)
        if height is None:
            height = self._heights[width] = self._lay(QRect(0, 0, width, 0), move=False)
        return height

    def setGeometry(self, rect: QRect) -> None:
        """Put the items in their places."""
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def sizeHint(self) -> QSize:
        """One line."""
        wide = sum(item.sizeHint().width() for item in self._items) + self.spacing() * len(self._items)
        return QSize(wide, self.minimumSize().height())

    def minimumSize(self) -> QSize:
        """The widest item alone."""
        if self._least is None:
            sizes = [item.minimumSize() for item in self._items]
            self._least = QSize(
                max((size.width() for size in sizes), default=0), max((s.height() for s in sizes), default=0)
            )
        return self._least

    def _lay(self, rect: QRect, *, move: bool) -> int:
        """Deal the items out to lines; return the height of all of them."""
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._items:
            if _is_hidden(item):
                continue
            wide = _least(item)
            if lines and used + self.spacing() + wide <= rect.width():
                lines[-1].append(item)
                used += self.spacing() + wide
            else:
                lines.append([item])
                used = wide
        y, widest = rect.y(), 0
        for line in lines:
            widths = self._widths(line, rect.width(), widest)
            widest = max(
                widest, *(wide for item, wide in zip(line, widths, strict=True) if _is_eager(item)), 0
            )
            height = max(map(_height, line, widths))
            if move:
                self._place(line, widths, QRect(rect.x(), y, rect.width(), height))
            y += height + self.spacing()
        return max(0, y - self.spacing() - rect.y())

    def _widths(self, line: list[QLayoutItem], room: int, widest: int) -> list[int]:
        """How wide each item of a line is: those that want it share what is spare. `widest`: how wide such a one is
        in the lines above, 0 in the first; a field that went down alone would else be as wide as all of them."""
        eager = list(map(_is_eager, line))
        spare = room - sum(map(_least, line)) - self.spacing() * (len(line) - 1)
        more = max(0, spare) // sum(eager) if any(eager) else 0
        widths = [min(_least(item) + more * wants, room) for item, wants in zip(line, eager, strict=True)]
        return [
            max(_least(item), min(wide, widest)) if widest and not item.hasHeightForWidth() else wide
            for item, wide in zip(line, widths, strict=True)
        ]

    def _place(self, line: list[QLayoutItem], widths: list[int], room: QRect) -> None:
        x = room.x()
        for item, wide in zip(line, widths, strict=True):
            if self._last_right and item is line[-1] and len(line) > 1:
                x = max(x, room.right() + 1 - wide)
            item.setGeometry(QRect(x, room.y(), wide, room.height()))
            x += wide + self.spacing()


def _is_eager(item: QLayoutItem) -> bool:
    return bool(item.expandingDirections() & Qt.Orientation.Horizontal)


def _least(item: QLayoutItem) -> int:
    """The width below which an item goes to the next line."""
    return (item.minimumSize() if _is_eager(item) else item.sizeHint()).width()


def _height(item: QLayoutItem, width: int) -> int:
    """How high an item is at a width: words that wrap ask for less than their hint, which is for a narrow column."""
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


def _is_hidden(item: QLayoutItem) -> bool:
    widget: QWidget | None = item.widget()
    return widget is not None and widget.isHidden()
