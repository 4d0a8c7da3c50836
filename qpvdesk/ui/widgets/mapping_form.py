"""Where the figures are in a file that is not ours: said once, with the file before one's eyes."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QSizePolicy, QTableView, QWidget

from qpvdesk.domain.french import format_date, plural
from qpvdesk.services.figures import mapping
from qpvdesk.services.figures.imports import Columns, ReadBook, ReadSheet, column_letters
from qpvdesk.services.figures.mapping import Header
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.form_dialog import Form
from qpvdesk.ui.kit.tips import tooltip
from qpvdesk.ui.kit.tokens import EDGE, GAP, fill, in_row, stacked
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.labels import aside, label

Index = QModelIndex | QPersistentModelIndex
LINES = 40
COLUMNS = 40


class RawSheetModel(QAbstractTableModel):
    """Cells by place, headed by the letters and numbers of a spreadsheet; the lines of titles are bold."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cells: dict[tuple[int, int], str] = {}
        self._size = (0, 0)
        self._titles = range(0)

    def show_sheet(self, sheet: ReadSheet, first: int, last: int) -> None:
        """Show a sheet whose titles stand on lines `first` to `last` (from 0)."""
        self.beginResetModel()
        self._cells = {
            (cell.row, cell.column): cell.text
            for cell in sheet.cells
            if cell.row < LINES and cell.column < COLUMNS
        }
        rows = max((row for row, _ in self._cells), default=-1) + 1
        columns = max((column for _, column in self._cells), default=-1) + 1
        self._size = (rows, columns)
        self._titles = range(first, last + 1)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        return 0 if parent.isValid() else self._size[0]

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 — Qt's own default
        return 0 if parent.isValid() else self._size[1]

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        text = self._cells.get((index.row(), index.column()), "")
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(text)
        if role == Qt.ItemDataRole.FontRole and index.row() in self._titles:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return column_letters(section) if orientation == Qt.Orientation.Horizontal else str(section + 1)


_NONE, _TITLES = -1, -2
"""No column; the titles of the columns of values."""


class MappingForm(QWidget):
    """The choices above, the first lines of the file below."""

    columns_chosen = Signal(object)
    """The `Columns` that the officer chose."""
    given_up = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._book: ReadBook | None = None
        self._today = date.min
        self._headers: tuple[Header, ...] = ()
        outer = stacked(label("Où sont les chiffres de ce fichier\u202f?", "heading"), on=self, spacing=GAP)
        self._why = aside("")
        fill(outer, self._why, self._make_fields(), (self._make_view(theme), 1))
        self._go = button("Voir l’aperçu", self._say, role="primary")
        foot = in_row(1, button("Renoncer", self.given_up.emit), self._go)
        outer.addLayout(foot)
        self._sheet.currentIndexChanged.connect(lambda _: self._place(None))
        for name in ("indicator", "value"):
            self._roles[name].currentIndexChanged.connect(lambda _: self._check())

    def _make_fields(self) -> QHBoxLayout:
        self._sheet = ElidedCombo()
        self._first, self._last = ElidedCombo(), ElidedCombo()
        for combo, name in (
            (self._first, "Première ligne de titres"),
            (self._last, "Dernière ligne de titres"),
        ):
            combo.addItems([str(number) for number in range(1, LINES + 1)])
            combo.setAccessibleName(name)
            combo.currentIndexChanged.connect(lambda _: self._read_titles())
        lines = QWidget()
        lines.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        in_row(self._first, label("à"), self._last, 1, on=lines)
        self._roles: dict[str, ElidedCombo] = {
            name: ElidedCombo() for name in ("indicator", "value", "day", "territory", "source", "comment")
        }
        left, right = Form(), Form()
        left.add("&Feuille", self._sheet)
        left.add("&Lignes de titres", lines)
        left.add("Indicate&ur", self._roles["indicator"])
        self._value = left.add("&Valeur", self._roles["value"])
        right.add("&Date", self._roles["day"])
        right.add("&Territoire", self._roles["territory"])
        right.add("&Source", self._roles["source"])
        right.add("&Commentaire", self._roles["comment"])
        for combo in (self._sheet, *self._roles.values()):
            combo.need(16)
        return in_row((left, 1), (right, 1), spacing=EDGE)

    def _make_view(self, theme: Theme) -> QTableView:
        self._raw = RawSheetModel(self)
        self._view = QTableView()
        self._view.setModel(self._raw)
        self._view.setAccessibleName("Premières lignes du fichier")
        self._view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._view.setTabKeyNavigation(False)
        self._view.horizontalHeader().setDefaultSectionSize(theme.px(130))
        return self._view

    def show_book(
        self, book: ReadBook, *, columns: Columns | None = None, why: str = "", today: date
    ) -> None:
        """Show a file; `columns` are what is known of it, `why` what was not understood."""
        self._today = today
        self._book = book
        self._why.setText(why)
        self._why.setVisible(bool(why))
        sheets = [sheet for sheet in book.sheets if sheet.cells]
        self._sheet.blockSignals(True)
        self._sheet.clear()
        for sheet in sheets:
            self._sheet.addItem(sheet.name)
        shown = next((at for at, sheet in enumerate(sheets) if not sheet.hidden), 0)
        self._sheet.setCurrentIndex(shown if columns is None else max(0, self._sheet.findText(columns.sheet)))
        self._sheet.blockSignals(False)
        self._place(columns)
        self._sheet.setFocus()

    def _place(self, columns: Columns | None) -> None:
        """Show where the figures are said to be, or most likely are."""
        sheet = self._current()
        if self._book is None or sheet is None:
            return
        columns = columns or mapping.likely(self._book, sheet.name, today=self._today)
        for combo, line in ((self._first, columns.top), (self._last, columns.head)):
            combo.blockSignals(True)
            combo.setCurrentIndex(min(line, LINES - 1))
            combo.blockSignals(False)
        self._read_titles()
        places = {
            "indicator": _TITLES if columns.indicator is None else columns.indicator,
            "value": columns.values[0].column, "day": columns.day,
            "territory": columns.territory, "source": columns.source, "comment": columns.comment,
        }  # fmt: skip
        for name, place in places.items():
            at = self._roles[name].findData(_NONE if place is None else place)
            self._roles[name].setCurrentIndex(max(0, at))

    def _current(self) -> ReadSheet | None:
        name = self._sheet.currentText()
        if self._book is None:
            return None
        return next((sheet for sheet in self._book.sheets if sheet.name == name), None)

    def _read_titles(self) -> None:
        sheet = self._current()
        if sheet is None or self._book is None:
            return
        first = self._first.currentIndex()
        last = max(first, self._last.currentIndex())
        self._raw.show_sheet(sheet, first, last)
        self._headers = mapping.headers(self._book, sheet.name, first, last)
        for name, combo in self._roles.items():
            kept = combo.currentData()
            combo.blockSignals(True)
            combo.clear()
            combo.addItem("À choisir" if name in {"indicator", "value"} else "Aucune colonne", _NONE)
            if name == "indicator":
                combo.addItem("Les titres\u202f: une colonne par indicateur", _TITLES)
            for header in self._headers:
                combo.addItem(
                    f"{header.letter} – {header.title or ', '.join(header.samples) or 'sans titre'}",
                    header.column,
                )
            combo.setCurrentIndex(max(0, combo.findData(kept)))
            combo.blockSignals(False)
        self._check()

    def _columns(self) -> Columns | None:
        """Return what is chosen; None before the indicator and the value are."""
        sheet = self._current()
        chosen = {name: combo.currentData() for name, combo in self._roles.items()}
        if sheet is None or self._book is None or None in chosen.values():
            return None
        if _NONE in (chosen["indicator"], chosen["value"]) or chosen["indicator"] == chosen["value"]:
            return None
        first = self._first.currentIndex()
        optional: dict[str, Any] = {
            name: None if chosen[name] == _NONE else int(chosen[name])
            for name in ("day", "territory", "source", "comment")
        }
        header = next(header for header in self._headers if header.column == chosen["value"])
        titled = chosen["indicator"] == _TITLES
        columns = Columns(
            sheet.name, max(first, self._last.currentIndex()), None if titled else int(chosen["indicator"]),
            (mapping.value_of(header, today=self._today),), first=first, **optional,
        )  # fmt: skip
        values = (
            mapping.across(self._book, columns)
            if titled
            else mapping.wide(self._book, columns, today=self._today)
        )
        return replace(columns, values=values)

    def _check(self) -> None:
        columns = self._columns()
        self._go.setEnabled(columns is not None)
        days = [value.day for value in columns.values if value.day is not None] if columns else []
        self._value.set_hint(
            f"{plural(len(days), 'colonne datée sera lue', 'colonnes datées seront lues')}\u202f:"
            f" {', '.join(map(format_date, days))}."
            if len(days) > 1
            else f"{plural(len(columns.values), 'indicateur sera lu', 'indicateurs seront lus')}, un par colonne."
            if columns is not None and columns.indicator is None
            else ""
        )

    def _say(self) -> None:
        columns = self._columns()
        if columns is not None:
            self.columns_chosen.emit(columns)
