"""What can be done with the rows of a table, whichever: their own acts, filters of columns, copies, export."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QTableView, QWidget

from qpvdesk.domain.french import enumerate_words, fold, plural
from qpvdesk.domain.shown_table import ShownTable
from qpvdesk.ui.kit.controls import button, text_line
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.selection import ItemList
from qpvdesk.ui.kit.tips import mention
from qpvdesk.ui.models.table import TableModel
from qpvdesk.ui.widgets.copying import as_table

_DATA = int(Qt.ItemDataRole.UserRole)
_ON = Qt.CheckState.Checked
_WIDTH, _HEIGHT = 380, 440


class ColumnFilterDialog(FormDialog):
    """`chosen` says the words that are let through: none where the column is not to be filtered."""

    chosen = Signal(object)

    def __init__(
        self, title: str, words: Sequence[tuple[str, int]], ticked: Collection[str], parent: QWidget | None
    ) -> None:
        """`words`: each word of the column and how many rows say it; `ticked`: those let through (empty: all)."""
        super().__init__(f"Filtrer\u202f: {title}", parent)
        self._text = text_line("Chercher une valeur de la colonne", "Chercher une valeur")
        self._text.textChanged.connect(self._narrow)
        self.column.addWidget(self._text)
        self._list = ItemList(f"Valeurs\u202f: {title}")
        for value, count in words:
            self._list.add(f"{value or '(vide)'} ({count})", value, ticked=value in ticked)
        self._list.setCurrentRow(0)
        self.column.addWidget(self._list, 1)
        self.foot("Filtrer", self._submit, button("Ne plus filtrer", self._clear))
        self.fit(_WIDTH, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows choose and the space ticks while letters are typed."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            shown = [row for row in range(self._list.count()) if not self._list.item(row).isHidden()]
            if shown:
                here = self._list.currentRow()
                place = shown.index(here) + step if here in shown else 0
                self._list.setCurrentRow(shown[max(0, min(len(shown) - 1, place))])
            self._list.setFocus()
            return
        super().keyPressEvent(event)

    def _narrow(self, text: str) -> None:
        words = fold(text).split()
        first = -1
        for row in range(self._list.count()):
            item = self._list.item(row)
            item.setHidden(not all(word in fold(item.text()) for word in words))
            if first < 0 and not item.isHidden():
                first = row
        self._list.setCurrentRow(first)

    def _submit(self) -> None:
        items = [self._list.item(row) for row in range(self._list.count())]
        ticked = [str(item.data(_DATA)) for item in items if item.checkState() is _ON]
        current = self._list.currentItem()
        if not ticked and current is not None:
            # Nothing ticked: the value under the hand is meant.
            ticked = [str(current.data(_DATA))]
        self.accept()
        self.chosen.emit(ticked)

    def _clear(self) -> None:
        self.accept()
        self.chosen.emit([])


_WORDS_SHOWN = 3
"""Values of a filter that are named; the others are counted."""


class RowAct(Struct, frozen=True):
    """Something that can be done with the rows chosen."""

    words: str
    do: Callable[[], object]
    key: str = ""
    """The key that does it while the table has the keyboard (`F2`, `Del`)."""
    enabled: bool = True


Offer = Callable[[Sequence[Any]], Sequence[RowAct | None]]
"""The acts of rows; None is a separator."""


class TableMenu(QObject):
    """The menu of a table: on a right click, on the menu key, and from the button of its page."""

    narrowed = Signal()
    """The filters of the columns are others."""

    def __init__(self, view: QTableView, model: TableModel[Any], want: Callable[[int, bool], None]) -> None:
        """`want` shows a column, or leaves it out."""
        super().__init__(view)
        self._view, self._model, self._want = view, model, want
        self.offer: Offer = lambda _rows: ()
        """What the page does with the rows chosen."""
        self.export: Callable[[ShownTable], object] | None = None
        """What writes what is seen to a file; None: nothing does."""
        self.unfold: Callable[[Sequence[Any]], Sequence[Any]] = list
        """What stands elsewhere for rows, some of which may hold others."""
        self.filters: Callable[[], Sequence[str]] = tuple
        """What the page itself filters on, in words."""

    @property
    def values(self) -> Mapping[str, frozenset[str]]:
        """The filters of the columns: by title, the words that are let through."""
        return self._model.chosen

    def chosen(self) -> list[Any]:
        """Return the rows chosen, from the top."""
        places = {index.row() for index in self._view.selectionModel().selectedRows()}
        return [self._model.row_at(place) for place in sorted(places)]

    def seen(self, rows: Sequence[Any]) -> ShownTable:
        """Return rows as the table shows them: its columns, in their order."""
        rows = self.unfold(rows)
        header = self._view.horizontalHeader()
        places = [header.logicalIndex(visual) for visual in range(header.count())]
        columns = [self._model.columns[place] for place in places if not self._view.isColumnHidden(place)]
        # What one column writes beside its own words may be a column too: once is enough.
        written = {
            title: text
            for column in columns
            for place, (title, text) in enumerate(column.written or ((column.title, column.text),))
            if not place or any(map(text, rows))
        }
        return ShownTable(
            self._view.accessibleName(),
            tuple(written),
            tuple(tuple(text(row) for text in written.values()) for row in rows),
            (*self.filters(), *self.told()),
        )

    def told(self) -> list[str]:
        """Return the filters of the columns, in words."""
        return [
            f"{title}\u202f: {enumerate_words([word or '(vide)' for word in sorted(words)], _WORDS_SHOWN)}"
            for title, words in self._model.chosen.items()
        ]

    def copy(self, *, whole: bool) -> None:
        """Copy the rows chosen, or every row shown, with the headers, in the order of the columns."""
        rows = self._model.shown if whole else self.chosen()
        if rows:
            seen = self.seen(rows)
            QGuiApplication.clipboard().setText(as_table(seen.columns, seen.rows))
            copied = plural(len(seen.rows), "ligne copiée", "lignes copiées")
            mention(self._view, f"{copied}, avec leurs titres\u202f: collez dans un tableur ou un message.")

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key is for; tell whether there was something."""
        key, control = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key == Qt.Key.Key_C and control:
            self.copy(whole=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return True
        if key == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.filter_column(max(0, self._view.currentIndex().column()))
            return True
        pressed = QKeySequence(event.keyCombination()).toString()
        for act in self.offer(self.chosen()) if pressed else ():
            if act is not None and act.key == pressed and act.enabled:
                act.do()
                return True
        return False

    def popup(self, where: QPoint) -> None:
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for act in self.offer(self.chosen()):
            if act is None:
                menu.addSeparator()
                continue
            action = menu.addAction(f"{act.words}\t{_named(act.key)}" if act.key else act.words)
            action.setEnabled(act.enabled)
            action.triggered.connect(lambda _=False, act=act: act.do())
        menu.addSeparator()
        self.fill(menu)
        menu.popup(where)

    def popup_header(self, place: int, where: QPoint) -> None:
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = self._model.columns[place].title
        menu.addAction(f"Filtrer «\u202f{title}\u202f»…", lambda: self.filter_column(place))
        clear = menu.addAction("Ne plus filtrer cette colonne", lambda: self._choose(place, ()))
        clear.setEnabled(title in self._model.chosen)
        menu.addSeparator()
        self._add_columns(menu)
        menu.popup(where)

    def fill(self, menu: QMenu) -> None:
        lines = len(self.chosen())
        words = "Copier la ligne" if lines < 2 else f"Copier les {lines} lignes"
        menu.addAction(f"{words}\tCtrl+C", lambda: self.copy(whole=False)).setEnabled(bool(lines))
        menu.addAction("Copier le tableau\tCtrl+Maj+C", lambda: self.copy(whole=True))
        if self.export is not None:
            menu.addAction("Exporter ce qui est vu…", self._export)
        menu.addSeparator()
        filters = menu.addMenu("Filtrer une colonne")
        for place, column in enumerate(self._model.columns):
            mark = " ✓" if column.title in self._model.chosen else ""
            filters.addAction(f"{column.title}{mark}…", partial(self.filter_column, place))
        menu.addAction("Ne plus filtrer les colonnes", lambda: self.choose({})).setEnabled(
            bool(self._model.chosen)
        )
        self._add_columns(menu.addMenu("Colonnes"))

    def filter_column(self, place: int) -> None:
        """Ask which words of a column are let through."""
        title = self._model.columns[place].title
        dialog = ColumnFilterDialog(
            title, self._model.words_of(place), self._model.chosen.get(title, ()), self._view.window()
        )
        dialog.chosen.connect(lambda words: self._choose(place, words))
        dialog.open()

    def choose(self, chosen: Mapping[str, Sequence[str]]) -> None:
        """Filter the columns on these words, by title, and nothing else."""
        self._model.choose(chosen)
        self.narrowed.emit()

    def _choose(self, place: int, words: Sequence[str]) -> None:
        self.choose(
            {title: tuple(values) for title, values in self._model.chosen.items()}
            | {self._model.columns[place].title: tuple(words)}
        )
        self._view.setFocus()

    def _add_columns(self, menu: QMenu) -> None:
        for place, column in enumerate(self._model.columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not self._view.isColumnHidden(place))
            action.setEnabled(place > 0)
            action.toggled.connect(lambda shown, place=place: self._want(place, shown))

    def _export(self) -> None:
        if self.export is not None:
            self.export(self.seen(self._model.shown))


def _named(key: str) -> str:
    return {"Del": "Suppr", "Ins": "Inser", "Return": "Entrée"}.get(key, key)
