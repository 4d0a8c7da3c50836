"""A page of two parts: a list at the left, what is said of its line at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from qpvdesk.ui.theme import Theme


class MasterDetail(QSplitter):
    """The column of a list, and its detail; the officer moves the border, neither part can be closed.

    It fills the page that it is given: the page's own layout.
    """

    def __init__(self, theme: Theme, page: QWidget, sizes: tuple[int, int] = (690, 450)) -> None:
        """`sizes`: of the two parts, in pixels at a zoom of 100 %."""
        super().__init__(Qt.Orientation.Horizontal)
        self.setChildrenCollapsible(False)
        self._sizes = [theme.px(size) for size in sizes]
        master = QWidget()
        self.column = QVBoxLayout(master)
        self.column.setContentsMargins(0, 0, 8, 12)
        self.column.setSpacing(8)
        self.addWidget(master)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(20, 14, 0, 0)
        outer.addWidget(self)

    def set_detail(self, detail: QWidget) -> None:
        """Take what stands at the right."""
        self.addWidget(detail)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        self.setSizes(self._sizes)
