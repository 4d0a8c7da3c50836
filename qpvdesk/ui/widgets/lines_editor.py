"""A list of lines the officer adds to, rewrites, removes and puts in order – an agenda, who takes part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCompleter,
    QHBoxLayout,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from qpvdesk.domain.meetings import moved, one_line
from qpvdesk.ui.kit.controls import button, text_line
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.tokens import TIGHT, fill, in_row, stacked
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.labels import aside, label


class LinesEditor(QWidget):
    """Alt+↑ and Alt+↓ move a line, F2 rewrites it, Suppr removes it; the field below adds one."""

    changed = Signal(object)
    """All the lines (`tuple[str, ...]`), after an act of the hand."""

    def __init__(
        self, theme: Theme, title: str, *, adding: str, teaching: str, numbered: bool = False
    ) -> None:
        """`adding`: what the field says (« Ajouter un point »); `teaching`: what stands where there is no line."""
        super().__init__()
        self._lines: tuple[str, ...] = ()
        self._numbered = numbered
        self._editable = True
        self._allowed = (True, True)
        self._chosen = ""
        self._of = ""
        self._latest: tuple[str, ...] = ()
        self._number = self._awaited = 0
        """Of the last act of the hand, and of the one whose answer is awaited; 0: none is."""
        column = stacked(self._make_head(title), on=self, spacing=TIGHT)
        self._list = ItemList(title, wrapped=True)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self._list.installEventFilter(self)
        self._list.itemChanged.connect(self._rewrite)
        self._list.currentRowChanged.connect(lambda _: self._allow())
        column.addWidget(self._list, 1)
        self._teaching = aside(teaching)
        fill(column, self._teaching, self._make_foot(adding))
        self._minimum = theme.px(50)
        self._list.setMinimumHeight(self._minimum)
        self._allow()

    def _make_head(self, title: str) -> QHBoxLayout:
        head = in_row(label(title, "subheading"), 1, spacing=TIGHT)
        self._buttons: list[QPushButton] = []
        for text, name, act in (
            ("↑", "Monter (Alt+↑)", lambda: self._move(-1)),
            ("↓", "Descendre (Alt+↓)", lambda: self._move(1)),
            ("Retirer", "Retirer la ligne choisie (Suppr)", self._remove),
        ):
            act_button = button(text, act, role="quiet", name=f"{title}\u202f: {name}", hint=name)
            head.addWidget(act_button)
            self._buttons.append(act_button)
        return head

    def _make_foot(self, adding: str) -> QHBoxLayout:
        row = QHBoxLayout()
        self._field = text_line(adding, f"{adding}, puis Entrée")
        self._offered = QStringListModel(self)
        self._completer = completer = QCompleter(self._offered, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._take)
        self._field.setCompleter(completer)
        self._field.returnPressed.connect(self._enter)
        row.addWidget(self._field, 1)
        add = button("Ajouter", self._add, name=adding, hint="Entrée ajoute aussi")
        add.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row.addWidget(add)
        self._buttons.append(add)
        return row

    @property
    def lines(self) -> tuple[str, ...]:
        return self._lines

    def show_lines(self, lines: Sequence[str], of: str = "") -> None:
        """Show other lines, `of` a thing by its key; the one chosen stays chosen where it still is, and what is being
        rewritten stays open. Where the last act of the hand on that thing is not answered, they show once it is."""
        self._latest = tuple(lines)
        if of != self._of:
            self._of, self._awaited = of, 0
        if not self._awaited and self._latest != self._lines:
            self._show(lines)

    def hold(self) -> int:
        """Keep what is shown until the answer to the act that was just told of; return its number."""
        self._number += 1
        self._awaited = self._number
        return self._number

    def release(self, number: int) -> None:
        """That act is answered: show what is kept, unless a later one is not."""
        if number == self._awaited:
            self._awaited = 0
            self.show_lines(self._latest, self._of)

    def _show(self, lines: Sequence[str]) -> None:
        chosen = self._list.currentRow()
        chosen_line = self._lines[chosen] if 0 <= chosen < len(self._lines) else None
        self._lines = tuple(lines)
        self._list.blockSignals(True)
        self._list.clear()
        for number, line in enumerate(self._lines, 1):
            item = QListWidgetItem(f"{number}. {line}" if self._numbered else line)
            item.setData(Qt.ItemDataRole.UserRole, line)
            item.setFlags(
                Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsEnabled
                | (Qt.ItemFlag.ItemIsEditable if self._editable else Qt.ItemFlag.NoItemFlags)
            )
            self._list.addItem(item)
        if chosen_line in self._lines:
            chosen = self._lines.index(chosen_line)
        if self._lines:
            self._list.setCurrentRow(max(0, min(chosen, len(self._lines) - 1)))
        self._list.blockSignals(False)
        self._teaching.setVisible(not self._lines)
        self._allow()

    def suggest(self, lines: Iterable[str]) -> None:
        """Offer those lines, each once, as one types in the field."""
        offered = sorted(dict.fromkeys(lines))
        if offered != self._offered.stringList():
            self._offered.setStringList(offered)

    def set_editable(self, editable: bool, *, shown: bool) -> None:
        """Let the lines be changed, or only read; `shown`: whether the controls are seen at all."""
        if (editable, shown) == self._allowed:
            return
        self._allowed = (editable, shown)
        self._editable = editable
        self._field.setEnabled(editable)
        self._field.setVisible(shown)
        for act in self._buttons:
            act.setVisible(shown)
        self._show(self._lines)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._move(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
            if event.key() == Qt.Key.Key_Delete:
                self._remove()
                return True
        return super().eventFilter(watched, event)

    def _row(self) -> int:
        return self._list.currentRow()

    def _allow(self) -> None:
        row, able = self._row(), self._editable and bool(self._lines)
        up, down, remove, add = self._buttons
        up.setEnabled(able and row > 0)
        down.setEnabled(able and 0 <= row < len(self._lines) - 1)
        remove.setEnabled(able and row >= 0)
        add.setEnabled(self._editable)

    def _move(self, step: int) -> None:
        row = self._row()
        if not self._editable or not 0 <= row + step < len(self._lines) or row < 0:
            return
        self._say(moved(self._lines, row, step), row + step)

    def _remove(self) -> None:
        row = self._row()
        if self._editable and 0 <= row < len(self._lines):
            self._say((*self._lines[:row], *self._lines[row + 1 :]), min(row, len(self._lines) - 2))

    def _enter(self) -> None:
        # Enter on a line of the list comes here first, with what was typed; the line chosen follows.
        popup = self._completer.popup()
        if popup is not None and popup.currentIndex().isValid():
            QTimer.singleShot(0, self._add)
        else:
            self._add()

    def _take(self, words: str) -> None:
        self._chosen = words
        QTimer.singleShot(0, self._add)

    def _add(self) -> None:
        words, self._chosen = self._chosen or one_line(self._field.text()), ""
        self._field.clear()
        if words:
            self._say((*self._lines, words), len(self._lines))

    def _rewrite(self, item: QListWidgetItem) -> None:
        row = self._list.row(item)
        words = one_line(item.text())
        if self._numbered:
            words = words.removeprefix(f"{row + 1}.").strip()
        if words and words != self._lines[row]:
            self._say((*self._lines[:row], words, *self._lines[row + 1 :]), row)
        else:
            self._show(self._lines)

    def _say(self, lines: tuple[str, ...], row: int) -> None:
        """Show the lines at once, and tell of them."""
        self._show(lines)
        self._list.setCurrentRow(row)
        self.changed.emit(lines)
