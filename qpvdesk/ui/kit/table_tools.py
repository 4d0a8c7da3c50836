"""The button « Tableau » of a page: filters of columns, columns, named views, copy, export; and the filters in force."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from qpvdesk.ui.kit.controls import button, literal, text_line
from qpvdesk.ui.kit.form_dialog import FormDialog
from qpvdesk.ui.kit.table import Table, left_out
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.widgets.card import clear
from qpvdesk.ui.widgets.flow import Flow

Filters = Mapping[str, str]
View = Mapping[str, object]


class TableTools(QToolButton):
    """`place` tells what the page filters on, `filter_by` filters it so."""

    kept = Signal()
    """A view was kept or forgotten."""

    def __init__(
        self, table: Table, place: Callable[[], Filters] = dict, filter_by: Callable[[Filters], object] = bool
    ) -> None:
        super().__init__()
        self._table, self._place, self._filter_by = table, place, filter_by
        self.views: dict[str, View] = {}
        self.setObjectName("table tools")
        self.setAccessibleName(f"Tableau\u202f: {table.accessibleName()}")
        self._tell()
        # A column that is hidden is one of no width.
        table.horizontalHeader().sectionResized.connect(lambda *_: self._tell())
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        menu = QMenu(self)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self.setMenu(menu)

    def _tell(self) -> None:
        """Say what the button is for, and which columns have no room."""
        title, across = self._table.model().headerData, Qt.Orientation.Horizontal
        missing = [
            str(title(place, across)) for place in sorted(self._table.wanted) if left_out(self._table, place)
        ]
        words = f"Tableau (+{len(missing)})" if missing else "Tableau"
        if words != self.text():
            self.setText(words)
            cut = (f"Sans place ici\u202f: {', '.join(missing)}",) if missing else ()
            tip(self, "Vues gardées, filtres des colonnes, colonnes, copie, export", *cut)

    def show_view(self, name: str) -> None:
        """Filter, sort and lay out the table as a view has it."""
        view = self.views[name]
        filters, columns, layout = view.get("filtres"), view.get("valeurs"), view.get("tableau")
        self._filter_by(
            {str(key): str(word) for key, word in filters.items()} if isinstance(filters, dict) else {}
        )
        if isinstance(layout, dict):
            self._table.restore_layout(layout)
        self._table.menu.choose(
            {str(title): list(map(str, words)) for title, words in columns.items()}
            if isinstance(columns, dict)
            else {}
        )
        self._table.setFocus()

    def keep_view(self, name: str) -> None:
        """Keep what is seen under a name; one of that name is replaced."""
        chosen = self._table.menu.values
        self.views[name] = {
            "filtres": dict(self._place()),
            "valeurs": {title: sorted(words) for title, words in chosen.items()},
            "tableau": self._table.layout_state(),
        }
        self.kept.emit()

    def forget_view(self, name: str) -> None:
        self.views.pop(name, None)
        self.kept.emit()

    def state(self) -> str:
        """Return the views, to be kept."""
        return json.dumps(self.views)

    def restore(self, state: str) -> None:
        """Take back what `state` returned; what is spoilt is left aside."""
        try:
            stored_views = json.loads(state or "{}")
        except ValueError:
            return
        if isinstance(stored_views, dict):
            self.views = {str(name): view for name, view in stored_views.items() if isinstance(view, dict)}

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for name in self.views:
            menu.addAction(literal(name), partial(self.show_view, name))
        if self.views:
            menu.addSeparator()
        menu.addAction("Garder cette vue sous un nom…", self._ask_name)
        if self.views:
            gone = menu.addMenu("Oublier une vue")
            for name in self.views:
                gone.addAction(literal(name), partial(self.forget_view, name))
        menu.addSeparator()
        self._table.menu.fill(menu)

    def _ask_name(self) -> None:
        dialog = _NamingDialog(self.window())
        dialog.named.connect(self.keep_view)
        dialog.open()


class _NamingDialog(FormDialog):
    """Asks what a view is to be called."""

    named = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Garder cette vue", parent)
        self.say("Les filtres, les colonnes et l’ordre d’à présent se retrouveront sous ce nom.", "mention")
        self._name = text_line("Nom de la vue", "Retards de Bpifrance")
        self.column.addWidget(self._name)
        self.foot("Garder", self._submit)
        self._name.setFocus()

    def _submit(self) -> None:
        name = self._name.text().strip()
        if name:
            self.accept()
            self.named.emit(name)


class FilterChips(QWidget):
    """The filters of the columns of a table, in words; each goes when it is pressed."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self._table = table
        self.setAccessibleName(f"Filtres des colonnes\u202f: {table.accessibleName()}")
        self._row = Flow()
        self.setLayout(self._row)
        table.menu.narrowed.connect(self._tell)
        self.hide()

    def _tell(self) -> None:
        clear(self._row)
        told = self._table.menu.told()
        for title, words in zip(self._table.menu.values, told, strict=True):
            self._row.addWidget(
                button(
                    literal(f"{words}  ✕"),
                    partial(self._drop, title),
                    role="chip",
                    name=f"Ne plus filtrer\u202f: {words}",
                )
            )
        self.setVisible(bool(told))

    def _drop(self, title: str) -> None:
        self._table.menu.choose(
            {other: tuple(words) for other, words in self._table.menu.values.items() if other != title}
        )
        self._table.setFocus()
