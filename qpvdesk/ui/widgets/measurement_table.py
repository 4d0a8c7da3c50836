"""The measurements of one objective, latest first: Enter corrects, Delete removes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from qpvdesk.domain.french import format_date, format_value
from qpvdesk.domain.model import Measurement
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.theme import Theme


class MeasurementTable(Table):
    """Date, value, source."""

    correct_asked = Signal(str)
    remove_asked = Signal(str)
    """Key of the measurement."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._unit = ""
        model: TableModel[Measurement] = TableModel(
            (
                Column("Date", lambda row: format_date(row.day), lambda row: row.day, width=theme.px(96)),
                Column(
                    "Valeur",
                    lambda row: format_value(row.value, self._unit),
                    lambda row: row.value,
                    right=True,
                    width=theme.px(110),
                ),
                Column("Source", _origin, width=0, tooltip=_whole),
            ),
            lambda row: row.key,
        )
        self._measurements = model
        super().__init__(model, "Relevés de l’objectif", parent)
        model.setParent(self)
        self.set_row_height(theme.px(28))
        self.row_opened.connect(lambda row: self.correct_asked.emit(row.key))

    def show_measurements(self, rows: Sequence[Measurement], unit: str, *, reckoned: bool) -> None:
        """Show the measurements of another objective; `rows` are oldest first. `reckoned`: from those of its parts."""
        self._unit = unit
        self.empty_words = (
            "Sa valeur se calcule\u202f: relevez celle de chaque lieu (onglet Déclinaisons)."
            if reckoned
            else "Aucun relevé encore. «\u202fSaisir un relevé\u202f» en donne un premier (Ctrl+N)."
        )
        self._measurements.set_rows(tuple(reversed(rows)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current_row()
        if event.key() == Qt.Key.Key_Delete and row is not None:
            self.remove_asked.emit(row.key)
            return
        super().keyPressEvent(event)


def _origin(row: Measurement) -> str:
    words = row.source or (row.citation.section if row.citation else "") or "Source non précisée"
    return f"{words} (provisoire)" if row.provisional else words


def _whole(row: Measurement) -> str:
    parts = [_origin(row), row.comment]
    if row.citation is not None:
        parts.append(f"Repère\u202f: «\u202f{row.citation.mark}\u202f»")
    if row.entered_on is not None:
        parts.append(f"Saisi le {format_date(row.entered_on)}")
    return "\n".join(part for part in parts if part)
