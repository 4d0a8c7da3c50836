"""A row of controls that goes on in the next line where the window is narrow."""

from __future__ import annotations

from typing import NamedTuple

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
        self._asked: list[_Asked] | None = None
        """What the items in view ask for, since something in it changed."""
        self._heights: dict[int, int] = {}
        """By width, what was reckoned since something in it changed: Qt asks tens of times for one layout."""
        self._least: QSize | None = None
        self.setSpacing(spacing)
        self.setContentsMargins(QMargins())

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item; None past the end, as Qt asks."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out; None past the end, as Qt asks."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def invalidate(self) -> None:
        self._heights.clear()
        self._least = self._asked = None
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        height = self._heights.get(width)
        if height is None:
            height = self._heights[width] = self._lay(QRect(0, 0, width, 0), move=False)
        return height

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def sizeHint(self) -> QSize:
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
        if self._asked is None or move:
            self._asked = [_asked(item) for item in self._items if not _is_hidden(item)]
        lines: list[list[_Asked]] = []
        used = 0
        for asked in self._asked:
            if lines and used + self.spacing() + asked.least <= rect.width():
                lines[-1].append(asked)
                used += self.spacing() + asked.least
            else:
                lines.append([asked])
                used = asked.least
        y, widest = rect.y(), 0
        for line in lines:
            widths = self._widths(line, rect.width(), widest)
            widest = max(widest, *(wide for asked, wide in zip(line, widths, strict=True) if asked.eager), 0)
            height = max(_height(asked.item, wide) for asked, wide in zip(line, widths, strict=True))
            if move:
                self._place(line, widths, QRect(rect.x(), y, rect.width(), height))
            y += height + self.spacing()
        return max(0, y - self.spacing() - rect.y())

    def _widths(self, line: list[_Asked], room: int, widest: int) -> list[int]:
        """How wide each item of a line is: those that want it share what is spare. `widest`: how wide such a one is
        in the lines above, 0 in the first; a field that went down alone would else be as wide as all of them."""
        eager = sum(asked.eager for asked in line)
        spare = room - sum(asked.least for asked in line) - self.spacing() * (len(line) - 1)
        more = max(0, spare) // eager if eager else 0
        widths = [min(asked.least + more * asked.eager, room) for asked in line]
        return [
            max(asked.least, min(wide, widest)) if widest and not asked.item.hasHeightForWidth() else wide
            for asked, wide in zip(line, widths, strict=True)
        ]

    def _place(self, line: list[_Asked], widths: list[int], room: QRect) -> None:
        x = room.x()
        for asked, wide in zip(line, widths, strict=True):
            if self._last_right and asked is line[-1] and len(line) > 1:
                x = max(x, room.right() + 1 - wide)
            asked.item.setGeometry(QRect(x, room.y(), wide, room.height()))
            x += wide + self.spacing()


class _Asked(NamedTuple):
    """What an item asks for."""

    item: QLayoutItem
    eager: bool
    """Whether it wants the room that is spare."""
    least: int
    """The width below which it goes to the next line."""


def _asked(item: QLayoutItem) -> _Asked:
    eager = bool(item.expandingDirections() & Qt.Orientation.Horizontal)
    return _Asked(item, eager, (item.minimumSize() if eager else item.sizeHint()).width())


def _height(item: QLayoutItem, width: int) -> int:
    """How high an item is at a width: words that wrap ask for less than their hint, which is for a narrow column."""
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


def _is_hidden(item: QLayoutItem) -> bool:
    widget: QWidget | None = item.widget()
    return widget is not None and widget.isHidden()
