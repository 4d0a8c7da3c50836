"""The menu of a row of the entry grid: all that can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from qpvdesk.ui.models.entry_rows import EntryRow
from qpvdesk.ui.widgets.entry_table import EntryTable

Ask = Callable[[EntryRow], object]


def pop_up(table: EntryTable, where: QPoint, *, detail: Ask, read: Ask, writable: bool) -> None:
    """Open the menu of the row under the hand. `detail`: enters its figure with all that goes with it; `read`: goes
    to its objective."""
    row, index = table.current_row(), table.currentIndex()
    if row is None:
        return
    menu = QMenu(table)
    menu.setAccessibleName(f"Relevé\u202f: {row.objective.label}")
    pastable = writable and bool(QGuiApplication.clipboard().text().strip())
    menu.addAction("&Copier\tCtrl+C", table.copy)
    menu.addAction("C&oller\tCtrl+V", table.paste).setEnabled(pastable)
    menu.addAction("&Effacer\tSuppr", table.clear_cells).setEnabled(writable and not row.typed.is_empty)
    menu.addSeparator()
    provisional = menu.addAction("Chiffre &provisoire", lambda: table.tick(index))
    provisional.setCheckable(True)
    provisional.setChecked(row.typed.provisional)
    provisional.setEnabled(writable)
    # What is typed in the row would stay there beside what the form records.
    menu.addAction("&Saisir avec le détail…", lambda: detail(row)).setEnabled(writable and row.typed.is_empty)
    menu.addAction("&Voir l’objectif", lambda: read(row))
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(table.viewport().mapToGlobal(where))
