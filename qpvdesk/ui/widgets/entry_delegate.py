"""Paints and edits the cells of the entry grid; there is a widget only while a cell is being typed in."""

from __future__ import annotations

import re

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from qpvdesk.domain.french import format_date
from qpvdesk.domain.how_far import how_far, value_words
from qpvdesk.domain.statuses import STATUT_LABELS
from qpvdesk.domain.wording import called
from qpvdesk.ui.kit.tokens import LABEL_PT
from qpvdesk.ui.models.entry import ERROR_ROLE, INHERITED_ROLE
from qpvdesk.ui.models.entry_rows import EDITABLE, RIGHT, TITLES, EntryColumn, EntryRow
from qpvdesk.ui.models.table import ROW_ROLE
from qpvdesk.ui.theme import Theme, colour
from qpvdesk.ui.widgets.cell_delegate import paint_assessment
from qpvdesk.ui.widgets.marks import paint_status
from qpvdesk.ui.widgets.typing_table import TypingDelegate

Index = QModelIndex | QPersistentModelIndex

_CODE = re.compile("[^ \u00a0\u202f]+")


class EntryDelegate(TypingDelegate):
    """Two lines a row: the figure and what it is, the status and the rate."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return the field of a cell, its figures at the side where they stand."""
        editor = super().createEditor(parent, option, index)
        assert isinstance(editor, QLineEdit)
        editor.setAlignment(index.data(Qt.ItemDataRole.TextAlignmentRole))
        return editor

    def heard(self, index: Index) -> str:
        """Whose figure the field is, and which of its words."""
        row: EntryRow = index.data(ROW_ROLE)
        return f"{called(row.objective)}, {TITLES[EntryColumn(index.column())][0]}"

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Leave the box to the table, which ticks it by a click anywhere in its cell."""
        del event, model, option, index
        return False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option, index
        return QSize(self._theme.px(80), self._theme.px(42))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the ground as the style does, then the cell."""
        place = EntryColumn(index.column())
        row: EntryRow = index.data(ROW_ROLE)
        if place is EntryColumn.PROVISIONAL:
            self._ground(painter, option, index)
            self._paint_tick(painter, option, index, row.typed.provisional)
            return
        self._ground(painter, option, index)
        px, look = self._theme.px, self._theme.look
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = option.rect.adjusted(px(9), px(2), -px(9), -px(2))
        if place in EDITABLE:
            self._paint_field(painter, option.rect, index)
        wrong = bool(index.data(ERROR_ROLE))
        text = index.data(Qt.ItemDataRole.DisplayRole)
        match place:
            case EntryColumn.OBJECTIVE:
                self._paint_label(painter, room, text)
                self._paint_hand(painter, option.rect, index)
            case EntryColumn.CODE:
                self._two(painter, room, text, row.territory.name, bold=True)
            case EntryColumn.LAST if row.now.value_day is not None:
                value = value_words(row.now)
                self._two(painter, room, value, format_date(row.now.value_day), right=True)
            case EntryColumn.TARGET if not self._fits(text, room) and text.endswith(row.objective.unit):
                self._two(
                    painter,
                    room,
                    text.removesuffix(row.objective.unit).strip(),
                    row.objective.unit,
                    right=True,
                )
            case EntryColumn.EFFECT if row.trouble is not None:
                self._paint_remark(painter, room, "À corriger", words=row.trouble.message, ink=look.error)
            case EntryColumn.EFFECT if row.doubtful:
                self._paint_remark(painter, room, "À vérifier", words=row.doubtful, ink=look.warning)
            case EntryColumn.EFFECT:
                self._paint_effect(painter, room, row)
            case _:
                quiet = bool(index.data(INHERITED_ROLE)) or place is EntryColumn.TARGET
                ink = look.error if wrong else look.mention if quiet else look.text
                face = self._face(bold=place is EntryColumn.VALUE and bool(text))
                if place is EntryColumn.VALUE and not text:
                    text, ink = row.objective.unit, look.mention
                # Told by its slant where a hint has the ink of what is typed (contrast).
                face.setItalic(ink == look.mention == look.text)
                self._line(painter, room, text, ink, right=place in RIGHT, font=face)
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        plain.text = ""
        plain.features &= ~QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, option.widget)

    def _paint_field(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Show that a cell can be typed in, whether it is wrong, and which one has the hand."""
        look, px = self._theme.look, self._theme.px
        wrong = bool(index.data(ERROR_ROLE))
        box = QRectF(rect.adjusted(px(2), px(5), -px(2), -px(6)))
        value = index.column() == EntryColumn.VALUE
        doubtful = value and bool(index.data(ROW_ROLE).doubtful)
        if wrong or value:
            edge = look.error if wrong else look.warning if doubtful else look.strong
            painter.setPen(QPen(colour(edge), 1.5 if wrong or doubtful else 1))
            painter.setBrush(
                colour(look.error_tint if wrong else look.warning_tint if doubtful else look.surface)
            )
            painter.drawRoundedRect(box, 3, 3)
        self._paint_hand(painter, rect, index)

    def _paint_hand(self, painter: QPainter, rect: QRect, index: Index) -> None:
        view = self.parent()
        if isinstance(view, QAbstractItemView) and view.hasFocus() and self._has_hand(view, index):
            px = self._theme.px
            painter.setPen(QPen(colour(self._theme.look.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(rect.adjusted(px(2), px(4), -px(2), -px(5))), 3, 3)

    @staticmethod
    def _has_hand(view: QAbstractItemView, index: Index) -> bool:
        """Where nothing can be typed the hand stands on the label: the field that it is on is not in sight."""
        current = view.currentIndex()
        if isinstance(view, QTableView) and view.isColumnHidden(current.column()):
            return index.row() == current.row() and index.column() == EntryColumn.OBJECTIVE
        return current == index

    def _paint_tick(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, ticked: bool
    ) -> None:
        px, look = self._theme.px, self._theme.look
        side = px(15)
        centre = option.rect.center()
        box = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(look.accent if ticked else look.strong), 1))
        painter.setBrush(colour(look.accent if ticked else look.surface))
        painter.drawRoundedRect(box, 3, 3)
        if ticked:
            painter.setPen(QPen(colour(look.on_accent), 2))
            x, y = box.left(), box.top()
            corners = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.30))
            painter.drawPolyline([QPointF(x + side * across, y + side * down) for across, down in corners])
        self._paint_hand(painter, option.rect, index)
        painter.restore()

    def _paint_effect(self, painter: QPainter, room: QRect, row: EntryRow) -> None:
        px, look = self._theme.px, self._theme.look
        after = row.assessment
        side = px(13)
        far = how_far(after)
        alone = not (far.kept or far.rate)
        half = room.height() // 2
        high = room.height() if alone else half + px(2)
        mark = QRectF(room.left(), room.top() + high / 2 - side / 2, side, side)
        paint_status(painter, mark, after.status, look)
        words = QRect(room.left() + side + px(6), room.top(), room.width() - side - px(6), high)
        new = row.effect is not None
        ink = look.text if new else look.mention
        self._line(painter, words, STATUT_LABELS[after.status], ink, font=self._face(bold=new))
        wide = px(44)
        under = QRect(room.left(), room.top() + half, room.width(), half)
        if far.kept:
            self._line(painter, under, far.gap, ink, font=self._face(9))
            return
        if not far.rate:
            return
        figure = QRect(under.right() - wide, under.top(), wide, half)
        self._line(painter, figure, far.rate, ink, right=True)
        bar = QRectF(under.left(), under.center().y() - px(3), under.width() - wide - px(6), px(7))
        paint_assessment(painter, bar, after, look)

    def _paint_remark(self, painter: QPainter, room: QRect, head: str, *, words: str, ink: str) -> None:
        half = room.height() // 2
        first = QRect(room.left(), room.top(), room.width(), half + self._theme.px(2))
        second = QRect(room.left(), room.top() + half, room.width(), half)
        self._line(painter, first, head, ink, font=self._face(bold=True))
        self._line(painter, second, words, ink, font=self._face(8.5))

    def _paint_label(self, painter: QPainter, room: QRect, text: str) -> None:
        """Two lines of the label: what tells one figure from the next often comes last."""
        painter.setFont(self._theme.font(LABEL_PT))
        painter.setPen(colour(self._theme.look.text))
        metrics = painter.fontMetrics()
        first, width = "", room.width()
        words = text.split(" ")
        while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
            first = f"{first} {words.pop(0)}".strip()
        left = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        if not words or not first:
            painter.drawText(room, left, metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))
            return
        half = room.height() // 2
        rest = metrics.elidedText(" ".join(words), Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(room.left(), room.top(), width, half + self._theme.px(1)), left, first)
        painter.drawText(QRect(room.left(), room.top() + half - self._theme.px(1), width, half), left, rest)

    def _two(
        self,
        painter: QPainter,
        room: QRect,
        upper: str,
        lower: str,
        *,
        right: bool = False,
        bold: bool = False,
    ) -> None:
        half = room.height() // 2
        look = self._theme.look
        top = QRect(room.left(), room.top(), room.width(), half + self._theme.px(2))
        whole = self._fits(upper, room)
        self._line(
            painter, top, upper, look.text, right=right, font=self._face(9.5 if whole else 8.5, bold=bold)
        )
        under = QRect(room.left(), room.top() + half, room.width(), half)
        self._line(painter, under, lower, look.mention, right=right, font=self._face(8.5))

    def _fits(self, text: str, room: QRect) -> bool:
        return QFontMetrics(self._face()).horizontalAdvance(text) <= room.width()

    def _face(self, points: float = 9.5, *, bold: bool = False) -> QFont:
        return self._theme.font(points, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)

    def _line(
        self,
        painter: QPainter,
        room: QRect,
        text: str,
        ink: str,
        *,
        right: bool = False,
        font: QFont | None = None,
    ) -> None:
        painter.setFont(font or self._face())
        painter.setPen(colour(ink))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        # Codes differ by their end.
        mode = Qt.TextElideMode.ElideMiddle if _CODE.fullmatch(text) else Qt.TextElideMode.ElideRight
        shown = painter.fontMetrics().elidedText(text, mode, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | side), shown)
