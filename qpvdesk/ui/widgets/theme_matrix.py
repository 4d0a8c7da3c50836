"""Thématiques or axes × partners: how many objectives of each cell are to be handled, of how many; the worst status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6 import QtWidgets
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
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QTableView

from qpvdesk.domain.first_sight import AXES, PARTNERS, THEMES, FirstSight, Grid, Named
from qpvdesk.domain.french import plural
from qpvdesk.domain.statuses import STATUT_LABELS, STATUT_ORDER, Statut, to_handle, where_most
from qpvdesk.ui.kit.tips import tooltip
from qpvdesk.ui.kit.tokens import CELL_PT, fill
from qpvdesk.ui.theme import Theme, colour, status_tint
from qpvdesk.ui.widgets.card import Card, offer_card_copies
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.marks import paint_status

Index = QModelIndex | QPersistentModelIndex
Counts = Mapping[Statut, int]

_CODE_POINTS = 9.0
_LEAST_POINTS = 6.0
_NAME_LETTERS = 8
_NAME_WIDTH = 200
"""The widest that the names of rows may be, in pixels at a zoom of 100 %."""
_ACROSS_MAX = 12
"""Beyond so many columns they are as wide as their figures, and scroll."""
_COUNTS_ROLE = int(Qt.ItemDataRole.UserRole)


class MatrixModel(QAbstractTableModel):
    """Rows: the thématiques or the axes in use; columns: partners, by code. Turned, partners are the rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._by = THEMES
        self._partners: tuple[Named, ...] = ()
        self._codes: tuple[str, ...] = ()
        self._names: Mapping[str, str] = {}
        self._cells: Mapping[tuple[str, str], Counts] = {}

    def set_grid(self, grid: Grid, partners: tuple[Named, ...], by: str = THEMES) -> None:
        """Show another grid, with other rows."""
        self.beginResetModel()
        self._by = by
        self._cells = {(partner, code): counts for partner, code, counts in grid.cells}
        self._partners = partners
        used = {
            code
            for (_, code), counts in self._cells.items()
            if sum(counts.values()) > counts.get(Statut.SUIVI, 0)
        }
        self._names = grid.names
        self._codes = tuple(code for code in self._names if code in used)
        self.endResetModel()

    @property
    def message(self) -> str:
        """Which thématique or axis has the most to handle."""
        counts = {
            code: sum(to_handle(self._cells.get((partner.key, code), {})) for partner in self._partners)
            for code in self._codes
        }
        return where_most({self._names[code]: count for code, count in counts.items()})

    def table(self) -> list[list[str]]:
        """What is shown, line by line, the heads of the columns first."""
        across, down = range(self.columnCount()), range(self.rowCount())
        heads = [str(self.headerData(column, Qt.Orientation.Horizontal)) for column in across]
        return [
            ["", *heads],
            *(
                [
                    str(self.headerData(row, Qt.Orientation.Vertical)),
                    *(_cell_words(self.index(row, column).data(_COUNTS_ROLE)) for column in across),
                ]
                for row in down
            ),
        ]

    def cell(self, index: Index) -> tuple[Named, str]:
        """Return the partner and the code of the thématique or the axis of a cell."""
        row, column = index.row(), index.column()
        if self._by == PARTNERS:
            row, column = column, row
        return self._partners[column], self._codes[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        return 0 if parent.isValid() else len(self._partners if self._by == PARTNERS else self._codes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        return 0 if parent.isValid() else len(self._codes if self._by == PARTNERS else self._partners)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        partner, code = self.cell(index)
        counts: dict[Statut, int] = {
            key: count
            for key, count in self._cells.get((partner.key, code), {}).items()
            if count and key is not Statut.SUIVI
        }
        total = sum(counts.values())
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell_words(counts)
        if role == _COUNTS_ROLE:
            return counts
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            status_lines = "".join(
                f"\n{STATUT_LABELS[status]}\u202f: {counts[status]}"
                for status in STATUT_ORDER
                if status in counts
            )
            words = (
                f"{partner.short_name}, {self._names[code].lower()}\u202f: "
                f"{plural(total, 'objectif', 'objectifs')}{status_lines}"
            )
            return tooltip(words) if role == Qt.ItemDataRole.ToolTipRole else words
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Return the name of a thématique, an axis or a partner; on a column, its code, or its name cut short."""
        is_row = orientation == Qt.Orientation.Vertical
        if role == Qt.ItemDataRole.TextAlignmentRole and is_row:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if is_row is (self._by == PARTNERS):
            partner = self._partners[section]
            name, short = partner.name, (partner.short_name or partner.name) if is_row else partner.code
        else:
            name = self._names[self._codes[section]]
            short = name if is_row else _cut(name)
        if role == Qt.ItemDataRole.DisplayRole:
            return short
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return name
        return tooltip(name) if role == Qt.ItemDataRole.ToolTipRole and short != name else None


def _cut(name: str) -> str:
    """The head of a name, for a narrow column; the whole is in its tooltip."""
    return name if len(name) <= _NAME_LETTERS else f"{name[: _NAME_LETTERS - 1].rstrip()}."


def _cell_words(counts: Counts) -> str:
    """`5 / 31`: how many are to be handled, of how many promised."""
    total = sum(counts.values())
    return f"{to_handle(counts)}\u00a0/\u00a0{total}" if total else ""


class _CellPainter(QStyledItemDelegate):
    """Figure, and the mark of the worst status, on its tint."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QtWidgets.QStyleOptionViewItem, index: Index) -> None:
        counts: Counts = index.data(_COUNTS_ROLE)
        look, px = self._theme.look, self._theme.px
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5)
        hovered = bool(option.state & QtWidgets.QStyle.StateFlag.State_MouseOver)
        current = bool(option.state & QtWidgets.QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(colour(look.focus), 2) if current else Qt.PenStyle.NoPen)
        if counts:
            worst = next(status for status in STATUT_ORDER if status in counts)
            painter.setBrush(colour(look.hover) if hovered else status_tint(look, worst))
            painter.drawRoundedRect(box, 3, 3)
            side = px(10)
            text = _cell_words(counts)
            painter.setFont(self._theme.font(CELL_PT, QFont.Weight.Medium))
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

    def sizeHint(self, option: QtWidgets.QStyleOptionViewItem, index: Index) -> QSize:
        """Small."""
        del option, index
        return QSize(self._theme.px(48), self._theme.px(27))


class ThemeMatrix(QTableView):
    """The matrix; Enter or a click on a cell asks for its objectives."""

    asked = Signal(str, str)
    """Key of the partner, code of the thématique or of the axis."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("matrix")
        self.cells = MatrixModel(self)
        self.setModel(self.cells)
        self.setItemDelegate(_CellPainter(theme, self))
        self.setAccessibleName("Objectifs par partenaire et par thématique")
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(30)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.clicked.connect(self._ask)
        theme.changed.connect(self._fit)

    def set_sight(self, sight: FirstSight, by: str = THEMES) -> None:
        """Show another sight, with other rows."""
        self.cells.set_grid(sight.grids[AXES if by == AXES else THEMES], sight.partners, by)
        across = sight.ways[AXES] if by == AXES else "Thématiques"
        rows, columns = ("Partenaires", across) if by == PARTNERS else (across, "Partenaires")
        self.verticalHeader().setAccessibleName(rows)
        self.horizontalHeader().setAccessibleName(columns)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the codes of the partners whole."""
        super().resizeEvent(event)
        # Out of view it is resized for nothing, several times: a sheet of styles costs 4 ms.
        if self.isVisible():
            self._fit_codes()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_codes()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._ask(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(27))
        self.verticalHeader().setMaximumWidth(self._theme.px(_NAME_WIDTH))
        many = self.cells.columnCount() > _ACROSS_MAX
        self.horizontalHeader().setMinimumSectionSize(self._theme.px(48) if many else 30)
        self.setHorizontalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if many else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        height = self.horizontalHeader().sizeHint().height() + self.cells.rowCount() * self._theme.px(27)
        self.setFixedHeight(height + 4 + (self.horizontalScrollBar().sizeHint().height() if many else 0))
        self._fit_codes()

    def _fit_codes(self) -> None:
        """Set the header as large as the narrowest column lets its codes be."""
        codes = [
            str(self.cells.headerData(column, Qt.Orientation.Horizontal))
            for column in range(self.cells.columnCount())
        ]
        room = self.horizontalHeader().sectionSize(0) - 4 if codes else 0
        metrics = QFontMetrics(self._theme.font(_CODE_POINTS, QFont.Weight.DemiBold))
        widest = max((metrics.horizontalAdvance(code) for code in codes), default=0)
        share = min(1.0, room / widest) if widest else 1.0
        points = max(_CODE_POINTS * share, _LEAST_POINTS) * self._theme.zoom
        # A sheet of its own costs 4 ms: none where the letters of every table are small enough.
        style = f"QHeaderView::section:horizontal {{ font-size: {points:.1f}pt; }}" if share < 1 else ""
        if style != self.styleSheet():
            self.setStyleSheet(style)

    def _ask(self, index: QModelIndex) -> None:
        partner, theme = self.cells.cell(index)
        if index.data(_COUNTS_ROLE):
            self.asked.emit(partner.key, theme)


class MatrixCard(Card):
    """The matrix under its title, with the choice of its rows: thématiques, axes or partners."""

    asked = Signal(str, str)
    """Key of the partner, code of the thématique or of the axis."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Thématiques et partenaires")
        self.wanted = THEMES
        """What the officer wants the rows to be, even where a contract has no axes."""
        self._sight: FirstSight | None = None
        self.head.addWidget(label("À traiter / promis, par", "mention"))
        self._rows = ElidedCombo()
        # As many letters as its longest word has: reckoned before the look is given to it, its width would be too small.
        self._rows.setMinimumContentsLength(10)
        self._rows.setAccessibleName("Lignes du croisement")
        self._rows.activated.connect(lambda _: self._choose())
        self.head.addWidget(self._rows)
        self._matrix = ThemeMatrix(theme)
        self._matrix.asked.connect(self.asked)
        self._message = label("", "strong", wrap=True)
        self.body.addWidget(self._message)
        offer_card_copies(self, self._matrix.cells.table)
        fill(self.body, self._matrix, 1)

    @property
    def by(self) -> str:
        """What the rows are: a word of `domain.gatherings`."""
        return str(self._rows.currentData())

    def set_sight(self, sight: FirstSight) -> None:
        self._sight = sight
        known = sight.ways
        self._rows.clear()
        for word in (THEMES, AXES, PARTNERS):
            if word in known:
                self._rows.addItem(known[word].lower(), word)
        self._rows.setCurrentIndex(max(0, self._rows.findData(self.wanted)))
        across = known[AXES] if self.by == AXES else "Thématiques"
        self.title.setText(f"{across} et partenaires")
        self._matrix.set_sight(sight, self.by)
        self._message.setText(self._matrix.cells.message)

    def axis_key(self, code: str) -> str:
        """Return the key of the axis of a row; empty for what is under none."""
        return self._sight.axes.get(code, "") if self._sight is not None else ""

    def _choose(self) -> None:
        self.wanted = self.by
        if self._sight is not None:
            self.set_sight(self._sight)
