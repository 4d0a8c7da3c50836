"""Decisions in the page of the committees: a meeting's own, or what is left of the earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QApplication,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from qpvdesk.domain.french import format_date, plural
from qpvdesk.domain.meetings import is_late, state_at, state_words
from qpvdesk.domain.model import DECISION_LABELS, Decision, DecisionState
from qpvdesk.services.journals import HistoryEntry
from qpvdesk.ui.kit.controls import button, leaves
from qpvdesk.ui.kit.painted import draw_words
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.table_menu import RowAct
from qpvdesk.ui.kit.tokens import CELL_PT, GAP, SNUG, TIGHT, fill, in_row, stacked
from qpvdesk.ui.models.table import ROW_ROLE, Column, TableModel
from qpvdesk.ui.theme import Look, Theme, colour
from qpvdesk.ui.widgets.cell_delegate import STATUS_MARK
from qpvdesk.ui.widgets.choice_combo import ChoiceCombo
from qpvdesk.ui.widgets.decision_line import DecisionLine
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import aside, label


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
        paint_state(painter, mark, row.state_then, look, late=row.late)
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


_SHOWN = 4
"""Lines of a decision's history."""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision as the table shows it."""

    decision: Decision
    code: str
    late: bool
    day: date

    @property
    def state_then(self) -> DecisionState:
        """Where it stood on the day that is looked at, which its mark shows as its words do."""
        return state_at(self.decision, self.day)

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        if self.late and self.decision.due is not None:
            return f"En retard de {plural((self.day - self.decision.due).days, 'jour', 'jours')}"
        return state_words(self.decision, self.day)


class DecisionsPanel(QWidget):
    """The table, the state of the decision chosen, its history."""

    state_chosen = Signal(str, object)
    """Key of a decision and its new `DecisionState`."""
    states_chosen = Signal(object, object)
    """Keys of decisions and their new `DecisionState`."""
    edit_asked = Signal(str)
    remove_asked = Signal(str)
    files_asked = Signal(str, str)
    """Key of a decision and its words."""
    new_asked = Signal()
    history_asked = Signal(str)

    def __init__(
        self, theme: Theme, name: str, heading: str, teaching: str, *, own: Callable[[], date] | None
    ) -> None:
        """`own`: today, where these are the decisions of the meeting shown, to which some can be added."""
        super().__init__()
        px = theme.px
        self._own = own is not None
        self._row: DecisionRow | None = None
        self._editable = True
        column = stacked(on=self, spacing=SNUG, margins=(0, GAP, 0, 0))
        self._model: TableModel[DecisionRow] = TableModel(
            (
                Column(
                    "N°",
                    lambda row: row.code,
                    lambda row: row.code,
                    width=px(54 if own else 142),
                    # Where the characters are large, what was decided is read before by which number it goes.
                    lesser=own is None,
                ),
                Column("Décision", lambda row: row.decision.label, width=0),
                Column("État", lambda row: row.state, lambda row: row.state, width=px(182), mark=STATUS_MARK),
                Column(
                    "Échéance",
                    lambda row: format_date(row.decision.due) if row.decision.due else "–",
                    lambda row: row.decision.due,
                    True,
                    px(98),
                ),
                Column("Confiée à", lambda row: row.decision.carrier or "–", width=px(128)),
            ),
            lambda row: row.decision.key,
            parent=self,
        )
        self._table = Table(self._model, name, wrapped=True, stretched=px(180), several=True)
        self._table.menu.offer = self._offer
        self._table.setItemDelegateForColumn(2, DecisionDelegate(theme, self._table))
        self.setFocusProxy(self._table)
        self._table.row_selected.connect(self._select)
        self._table.row_opened.connect(self._open)
        act = "Noter une décision" if own else ""
        self._empty = EmptyState(heading, teaching, act, self.new_asked.emit)
        self._stack = leaves(self._table, self._empty)
        fill(column, (self._stack, 1), self._make_foot())
        self.line = DecisionLine(theme, own) if own else None
        if self.line is not None:
            column.addWidget(self.line)

    def show_rows(self, rows: Sequence[DecisionRow], *, editable: bool, shown: bool) -> None:
        """Show other decisions; `shown`: whether the controls are seen at all."""
        self._editable = editable
        self._model.set_rows(rows)
        if self.line is not None:
            self.line.set_editable(editable, shown=shown)
        self._stack.setCurrentIndex(0 if rows else 1)
        for act in self._empty.findChildren(QPushButton):
            act.setEnabled(editable)
            act.setVisible(shown)
        if rows and self._table.current_row() is None:
            self._table.select_first()
        self._foot.setVisible(bool(rows))
        # In a meeting the decisions are read, not who changed them when.
        for part in (*self._controls, self._history):
            part.setVisible(shown)
        self._select(self._table.current_row() if rows else None)

    def select(self, key: str) -> bool:
        """Choose a decision; False where it is not here."""
        return self._table.select_identity(key)

    def show_history(self, key: str, entries: Sequence[HistoryEntry]) -> None:
        """Show what happened to the decision, if it is still the one chosen; the latest first."""
        if self._row is None or self._row.decision.key != key:
            return
        sentences = [entry.sentence for entry in entries[:_SHOWN]]
        if len(entries) > _SHOWN:
            sentences.append(f"et {plural(len(entries) - _SHOWN, 'changement', 'changements')} avant.")
        self._history.setText("\n".join(sentences))

    def _offer(self, rows: Sequence[DecisionRow]) -> Sequence[RowAct | None]:
        """What is done with decisions, from their rows."""
        keys = [row.decision.key for row in rows]
        states = (
            RowAct(
                f"État\u202f: {words.lower()}",
                partial(self.states_chosen.emit, keys, state),
                enabled=self._editable and bool(keys),
            )
            for state, words in DECISION_LABELS.items()
        )
        lone = self._editable and len(keys) == 1
        return (
            *(
                [RowAct("Nouvelle décision…", self.new_asked.emit, "Ins", self._editable)]
                if self._own
                else []
            ),
            RowAct("Modifier…", lambda: self._open(self._row), "F2", lone),
            RowAct("Pièces jointes…", self._ask_files, enabled=len(keys) == 1),
            RowAct("Retirer", self._remove, "Del", lone),
            None,
            *states,
        )

    def _make_foot(self) -> QWidget:
        self._foot = QWidget()
        column = stacked(on=self._foot, spacing=TIGHT)
        row = in_row(spacing=SNUG)
        words = label("État", "mention")
        self._state = ChoiceCombo(
            "État de la décision choisie",
            ((state_name, state) for state, state_name in DECISION_LABELS.items()),
        )
        self._state.activated.connect(self._choose)
        words.setBuddy(self._state)
        self._controls: list[QWidget] = [words, self._state]
        fill(row, words, self._state, 1)
        asks: list[tuple[str, Callable[[], object]]] = [
            ("Modifier…", lambda: self._open(self._row)),
            ("Pièces…", self._ask_files),
            ("Retirer", self._remove),
        ]
        if self._own:
            asks.insert(0, ("Nouvelle…", lambda: self.new_asked.emit()))
        for text, act in asks:
            do = button(text, act, name=f"Décision\u202f: {text.rstrip('…').lower()}")
            row.addWidget(do)
            self._controls.append(do)
        column.addLayout(row)
        self._history = aside("", select=True)
        self._history.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._history)
        return self._foot

    def _select(self, row: DecisionRow | None) -> None:
        changed = (row.decision.key if row else "") != (self._row.decision.key if self._row else "")
        self._row = row
        for part in self._controls:
            part.setEnabled(self._editable and (row is not None))
        if changed or row is None:
            self._history.setText("")
        if row is not None:
            self._state.setCurrentIndex(self._state.findData(row.decision.state))
            self.history_asked.emit(row.decision.key)

    def _open(self, row: DecisionRow | None) -> None:
        if row is not None and self._editable:
            self.edit_asked.emit(row.decision.key)

    def _remove(self) -> None:
        if self._row is not None:
            self.remove_asked.emit(self._row.decision.key)

    def _ask_files(self) -> None:
        if self._row is not None:
            self.files_asked.emit(
                self._row.decision.key, f"Décision {self._row.code}\u202f: {self._row.decision.label}"
            )

    def _choose(self) -> None:
        state = DecisionState(self._state.currentData())
        if self._row is not None and state is not self._row.decision.state:
            self.state_chosen.emit(self._row.decision.key, state)


def decision_rows(
    decisions: Sequence[Decision], code: Callable[[Decision], str], day: date
) -> list[DecisionRow]:
    """Return the rows of decisions, as they stand on a day."""
    return [DecisionRow(decision, code(decision), is_late(decision, day), day) for decision in decisions]
