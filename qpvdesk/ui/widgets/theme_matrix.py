"""Thématiques × partners: how many objectives of each cell are to be handled, of how many; the worst status among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from qpvdesk.domain.attention import to_handle
from qpvdesk.domain.french import plural
from qpvdesk.domain.model import Partner
from qpvdesk.domain.progress import STATUT_LABELS, STATUT_ORDER, Statut
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.themes import ThemeNames
from qpvdesk.ui.kit.tips import tooltip
from qpvdesk.ui.theme import Theme, colour, status_tint
from qpvdesk.ui.widgets.marks import paint_status

Index = QModelIndex | QPersistentModelIndex
Counts = Mapping[Statut, int]

_CODE_POINTS = 9.0
_LEAST_POINTS = 6.0
_COUNTS_ROLE = int(Qt.ItemDataRole.UserRole)


class MatrixModel(QAbstractTableModel):
    """Rows: the thématiques in use; columns: partners, by code."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._partners: tuple[Partner, ...] = ()
        self._themes: tuple[str, ...] = ()
        self._names = ThemeNames()
        self._cells: Mapping[tuple[str, str], Counts] = {}

    def set_situation(self, situation: Situation) -> None:
        """Show another situation."""
        self.beginResetModel()
        self._cells = situation.matrix()
        self._partners = tuple(summary.partner for summary in situation.partners)
        used = {
            theme
            for (_, theme), counts in self._cells.items()
            if sum(counts.values()) > counts.get(Statut.SUIVI, 0)
        }
        self._names = situation.theme_names
        self._themes = tuple(self._names.in_order(used))
        self.endResetModel()

    def cell(self, index: Index) -> tuple[Partner, str]:
        """Return the partner and the code of the thématique of a cell."""
        return self._partners[index.column()], self._themes[index.row()]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        """Return how many thématiques there are."""
        return 0 if parent.isValid() else len(self._themes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        """Return how many partners there are."""
        return 0 if parent.isValid() else len(self._partners)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Return what a cell says."""
        if not index.isValid():
            return None
        partner, theme = self.cell(index)
        counts: dict[Statut, int] = {
            key: count
            for key, count in self._cells.get((partner.key, theme), {}).items()
            if count and key is not Statut.SUIVI
        }
        total = sum(counts.values())
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell_words(counts)
        if role == _COUNTS_ROLE:
            return counts
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            said = "".join(
                f"\n{STATUT_LABELS[status]}\u202f: {counts[status]}"
                for status in STATUT_ORDER
                if status in counts
            )
            words = (
                f"{partner.short_name}, {self._names[theme].lower()}\u202f: "
                f"{plural(total, 'objectif', 'objectifs')}{said}"
            )
            return tooltip(words) if role == Qt.ItemDataRole.ToolTipRole else words
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Return the name of a thématique or the code of a partner."""
        if orientation == Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._names[self._themes[section]]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._partners[section].code
        return tooltip(self._partners[section].name) if role == Qt.ItemDataRole.ToolTipRole else None


def _cell_words(counts: Counts) -> str:
    """`5 / 31`: how many are to be handled, of how many promised."""
    total = sum(counts.values())
    return f"{to_handle(counts)}\u00a0/\u00a0{total}" if total else ""


class _CellPainter(QStyledItemDelegate):
    """Figure, and the mark of the worst status, on its tint."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell."""
        counts: Counts = index.data(_COUNTS_ROLE)
        look, px = self._theme.look, self._theme.px
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(colour(look.focus), 2) if current else Qt.PenStyle.NoPen)
        if counts:
            worst = next(status for status in STATUT_ORDER if status in counts)
            painter.setBrush(colour(look.hover) if hovered else status_tint(look, worst))
            painter.drawRoundedRect(box, 3, 3)
            side = px(10)
            text = _cell_words(counts)
            painter.setFont(self._theme.font(9.5, QFont.Weight.Medium))
            wide = painter.fontMetrics().horizontalAdvance(text)
            left = box.center().x() - (side + px(5) + wide) / 2
            paint_status(painter, QRectF(left, box.center().y() - side / 2, side, side), worst, look)
            painter.setPen(colour(look.text))
            painter.drawText(
                QRectF(left + side + px(5), box.top(), wide + 4, box.height()),
                int(Qt.AlignmentFlag.AlignVCenter),
                text,
            )
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(QPen(colour(look.border), 1.5))
            painter.drawPoint(box.center())
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Small."""
        del option, index
        return QSize(self._theme.px(48), self._theme.px(27))


class ThemeMatrix(QTableView):
    """The matrix; Enter or a click on a cell asks for its objectives."""

    asked = Signal(str, str)
    """Key of the partner, code of the thématique."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cells = MatrixModel(self)
        self.setModel(self._cells)
        self.setItemDelegate(_CellPainter(theme, self))
        self.setAccessibleName("Objectifs par partenaire et par thématique")
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(30)
        self.horizontalHeader().setAccessibleName("Partenaires")
        self.verticalHeader().setAccessibleName("Thématiques")
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.clicked.connect(self._ask)
        theme.changed.connect(self._fit)

    def set_situation(self, situation: Situation) -> None:
        """Show another situation."""
        self._cells.set_situation(situation)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the codes of the partners whole."""
        super().resizeEvent(event)
        self._fit_codes()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the cell on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._ask(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(27))
        height = self.horizontalHeader().sizeHint().height() + self._cells.rowCount() * self._theme.px(27)
        self.setFixedHeight(height + 4)
        self._fit_codes()

    def _fit_codes(self) -> None:
        """Set the header as large as the narrowest column lets its codes be."""
        codes = [
            str(self._cells.headerData(column, Qt.Orientation.Horizontal))
            for column in range(self._cells.columnCount())
        ]
        room = self.horizontalHeader().sectionSize(0) - 4 if codes else 0
        metrics = QFontMetrics(self._theme.font(_CODE_POINTS, QFont.Weight.DemiBold))
        widest = max((metrics.horizontalAdvance(code) for code in codes), default=0)
        share = min(1.0, room / widest) if widest else 1.0
        points = max(_CODE_POINTS * share, _LEAST_POINTS) * self._theme.zoom
        style = (
            "QTableView, QTableView:focus { border: none; }"
            "QHeaderView::section { border: none; padding: 5px 1px; }"
            f"QHeaderView::section:horizontal {{ font-size: {points:.1f}pt; }}"
        )
        if style != self.styleSheet():
            self.setStyleSheet(style)

    def _ask(self, index: QModelIndex) -> None:
        partner, theme = self._cells.cell(index)
        if index.data(_COUNTS_ROLE):
            self.asked.emit(partner.key, theme)
