"""The state of a decision in a table: a shape and a word, late told in red and in words."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from qpvdesk.domain.model import DecisionState
from qpvdesk.ui.kit.painted import draw_words
from qpvdesk.ui.kit.tokens import CELL_PT
from qpvdesk.ui.models.table import ROW_ROLE
from qpvdesk.ui.theme import Look, Theme, colour


class DecisionDelegate(QStyledItemDelegate):
    """Paints cells of rows that have a `decision` and say whether it is `late`; the words are the cell's own."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the background as the style does, then the mark and the words."""
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        words, plain.text = plain.text, ""
        widget: QWidget | None = option.widget
        style = widget.style() if widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, widget)
        row, look, px = index.data(ROW_ROLE), self._theme.look, self._theme.px
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = option.rect.adjusted(px(8), 0, -px(4), 0)
        side = px(13)
        mark = QRectF(room.left(), room.center().y() - side / 2 + 0.5, side, side)
        paint_state(painter, mark, row.decision.state, look, late=row.late)
        painter.setFont(self._theme.font(CELL_PT))
        painter.setPen(colour(look.error if row.late else look.text))
        draw_words(painter, room.adjusted(side + px(6), 0, 0, 0), words)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(self._theme.px(120), self._theme.px(28))


def paint_state(painter: QPainter, rect: QRectF, state: DecisionState, look: Look, *, late: bool) -> None:
    """Draw the shape of a state: empty, half full, full with a tick, struck through."""
    ink = colour(look.error if late else look.success if state is DecisionState.FAITE else look.neutral)
    ring = rect.adjusted(1, 1, -1, -1)
    painter.setPen(QPen(ink, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state is DecisionState.FAITE:
        painter.setBrush(ink)
    painter.drawEllipse(ring)
    if state is DecisionState.EN_COURS:
        painter.setBrush(ink)
        painter.drawPie(ring, -90 * 16, 180 * 16)
    elif state is DecisionState.FAITE:
        pen = QPen(colour(look.on_status), 1.6)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        x, y, w = ring.left(), ring.top(), ring.width()
        painter.drawPolyline(
            QPolygonF(
                [
                    QPointF(x + w * 0.27, y + w * 0.52),
                    QPointF(x + w * 0.44, y + w * 0.68),
                    QPointF(x + w * 0.73, y + w * 0.34),
                ]
            )
        )
    elif state is DecisionState.ABANDONNEE:
        middle = ring.center().y()
        painter.drawLine(QPointF(ring.left() + 2, middle), QPointF(ring.right() - 2, middle))
