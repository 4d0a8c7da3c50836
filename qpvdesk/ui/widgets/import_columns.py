"""What the tables of a file are read as: one line a column, its role, its unit and its day said under them."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from qpvdesk.domain import periods
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date
from qpvdesk.services.figures import mapping, workbench
from qpvdesk.services.figures.imports import Columns, Plan, ReadBook
from qpvdesk.services.figures.roles import Role
from qpvdesk.services.figures.workbench import ROLE_LABELS, ColumnView
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.tokens import GAP, SNUG, fill, in_row, stacked
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ChoiceCombo, ElidedCombo
from qpvdesk.ui.widgets.labels import label


class ImportColumns(QWidget):
    """The table of a file in hand, column by column; what is changed is told at once."""

    tables_chosen = Signal(object)
    """The tables that are to be read, a tuple of `Columns`."""
    partnered = Signal(object)
    """The code of the partner whose files are read so, or None."""
    sheet_set_aside = Signal(str, bool)
    """A sheet is not to be read, here nor in the next file; False: it is again."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._book: ReadBook | None = None
        self._tables: tuple[Columns, ...] = ()
        self._today = date.min
        layout = stacked(on=self, spacing=SNUG)
        self.bar = self._make_head()
        """The table in view, and what is done with it."""
        layout.addLayout(self.bar)
        px = theme.px
        self._model: TableModel[ColumnView] = TableModel(
            (
                Column(
                    "Colonne", lambda view: view.header.letter, lambda view: view.header.column, width=px(70)
                ),
                Column("Titre", lambda view: view.header.title or "sans titre", width=px(230)),
                Column("Premières valeurs", lambda view: ", ".join(view.header.samples), width=0),
                Column("Lue comme", lambda view: ROLE_LABELS[view.role], width=px(120)),
                Column("Unité", lambda view: view.unit or "–", width=px(90)),
                Column("Date", lambda view: format_date(view.day) if view.day else "–", width=px(102)),
                Column("À confirmer", lambda view: view.doubt or "–", width=px(230)),
            ),
            lambda view: view.header.column,
            parent=self,
        )
        self._view = Table(self._model, "Colonnes du tableau", stretched=px(120))
        self._view.setMinimumHeight(px(64))
        self._view.row_selected.connect(self._choose)
        self._view.row_opened.connect(lambda _: self._role.setFocus())
        fill(layout, (self._view, 1), self._make_settler(theme))

    def show_plan(self, plan: Plan, partners: list[tuple[str, str]], today: date) -> None:
        """Show what the tables of a plan are read as; `partners` by their words and codes."""
        self._today = today
        if plan.book is None:
            return
        moved = plan.book is not self._book
        self._book = plan.book
        self._tables = plan.tables
        self._fill_partners(partners, plan.partner)
        self._fill_places(self._shown_place() if not moved else None)
        self._show_table()

    def _make_head(self) -> QHBoxLayout:
        row = in_row(spacing=GAP)
        self._place, self._partner = ElidedCombo(), ElidedCombo()
        for words, combo, name in (
            ("&Tableau", self._place, "Tableau"),
            ("R&etenir pour", self._partner, "Retenir pour"),
        ):
            caption = label(words)
            caption.setBuddy(combo)
            combo.setAccessibleName(name)
            combo.need(14)
            fill(row, caption, (combo, 2 if combo is self._place else 1))
            if combo is self._place:
                self._read = button("&Ne pas lire", self._turn)
                row.addWidget(self._read)
        self._place.activated.connect(lambda _: self._show_table())
        self._partner.activated.connect(lambda _: self.partnered.emit(self._partner.currentData()))
        return row

    def _make_settler(self, theme: Theme) -> QHBoxLayout:
        row = in_row(spacing=GAP)
        self._name = label("", "strong")
        row.addWidget(self._name)
        self._role = ChoiceCombo("", ((words, role.value) for role, words in ROLE_LABELS.items()))
        self._role.activated.connect(lambda _: self._say_role())
        self._unit, self._day = QLineEdit(), QLineEdit()
        self._unit.setPlaceholderText("celle de l’objectif")
        self._day.setPlaceholderText("celle de la ligne")
        for words, control, name, width in (
            ("&Rôle", self._role, "Rôle de la colonne", 150),
            ("&Unité", self._unit, "Unité de la colonne", 150),
            ("&Période", self._day, "Période ou date de la colonne", 150),
        ):
            caption = label(words)
            caption.setBuddy(control)
            control.setAccessibleName(name)
            control.setMinimumWidth(theme.px(width))
            fill(row, caption, control)
        self._unit.editingFinished.connect(self._say_unit)
        self._day.editingFinished.connect(self._say_day)
        self._fault = label("", "error")
        row.addWidget(self._fault, 1)
        return row

    def doubts(self) -> int:
        """Return how many columns of the table in view are to be confirmed."""
        return sum(bool(view.doubt) for view in self._model.shown)

    # The tables and the sheets

    def _fill_partners(self, partners: list[tuple[str, str]], chosen: str) -> None:
        self._partner.show_choices([("Ne pas retenir", None), *partners])
        self._partner.setCurrentIndex(max(0, self._partner.findData(chosen or None)))

    def _fill_places(self, shown: tuple[str, int] | None) -> None:
        self._place.clear()
        read = {table.sheet for table in self._tables}
        for table in self._tables:
            many = sum(other.sheet == table.sheet for other in self._tables) > 1
            line = f", ligne {table.top + 1}" if many else ""
            self._place.addItem(f"{table.sheet}{line}", (table.sheet, table.top))
        for sheet in self._book.sheets if self._book is not None else ():
            if sheet.cells and sheet.name not in read:
                self._place.addItem(f"{sheet.name} – feuille non lue", (sheet.name, -1))
        places = [self._place.itemData(at) for at in range(self._place.count())]
        kept = [at for at, place in enumerate(places) if shown is not None and tuple(place) == shown]
        same = [at for at, place in enumerate(places) if shown is not None and place[0] == shown[0]]
        self._place.setCurrentIndex(next(iter([*kept, *same]), 0))

    def _shown_place(self) -> tuple[str, int] | None:
        place = self._place.currentData()
        return None if place is None else (str(place[0]), int(place[1]))

    def _table(self) -> Columns | None:
        place = self._shown_place()
        return next((table for table in self._tables if (table.sheet, table.top) == place), None)

    def _show_table(self) -> None:
        table = self._table()
        self._read.setText("&Lire cette feuille" if table is None else "&Ne pas lire")
        self._read.setEnabled(table is None or len(self._tables) > 1)
        views = (
            workbench.columns_of(self._book, table) if self._book is not None and table is not None else ()
        )
        kept = self._view.current_row()
        self._model.set_rows(views)
        self._view.empty_words = "Cette feuille n’est pas lue." if table is None else ""
        if kept is None or not self._view.select_identity(kept.header.column):
            self._view.select_first()
        self._choose(self._view.current_row())

    def _turn(self) -> None:
        """Read the sheet that is shown, or no longer."""
        place, table = self._shown_place(), self._table()
        if self._book is None or place is None:
            return
        if table is None:
            self.sheet_set_aside.emit(place[0], False)
            self._tell((*self._tables, mapping.likely(self._book, place[0], today=self._today)))
            return
        left = tuple(other for other in self._tables if other is not table)
        if all(other.sheet != table.sheet for other in left):
            self.sheet_set_aside.emit(table.sheet, True)
        self._tell(left)

    # One column

    def _choose(self, view: ColumnView | None) -> None:
        self._fault.clear()
        for control in (self._role, self._unit, self._day):
            control.setEnabled(view is not None)
        if view is None:
            self._name.clear()
            return
        self._name.setText(f"Colonne {view.header.letter}")
        self._role.setCurrentIndex(self._role.findData(view.role.value))
        value = view.role is Role.VALUE
        self._unit.setEnabled(value)
        self._day.setEnabled(value)
        self._unit.setText(view.unit)
        self._day.setText(format_date(view.day) if view.day else "")

    def _say_role(self) -> None:
        table, view = self._table(), self._view.current_row()
        if table is not None and view is not None:
            role = Role(self._role.currentData())
            self._change(table, workbench.with_role(table, view.header, role, today=self._today))

    def _say_unit(self) -> None:
        table, view = self._table(), self._view.current_row()
        unit = self._unit.text().strip()
        if table is not None and view is not None and view.role is Role.VALUE and unit != view.unit:
            self._change(table, workbench.with_unit(table, view.header.column, unit))

    def _say_day(self) -> None:
        table, view = self._table(), self._view.current_row()
        text = self._day.text().strip()
        if table is None or view is None or view.role is not Role.VALUE:
            return
        if text == (format_date(view.day) if view.day else ""):
            return
        try:
            day = periods.typed(text, today=self._today) if text else None
        except UserError as error:
            self._fault.setText(str(error))
            return
        self._change(table, workbench.with_day(table, view.header.column, day))

    def _change(self, old: Columns, new: Columns) -> None:
        self._tell(tuple(new if table is old else table for table in self._tables))

    def _tell(self, tables: tuple[Columns, ...]) -> None:
        self._tables = tables
        self._fill_places(self._shown_place())
        self._show_table()
        self.tables_chosen.emit(tables)
