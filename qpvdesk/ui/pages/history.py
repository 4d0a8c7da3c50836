"""Journal: everything that was changed, by whom, when, in sentences."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from qpvdesk.domain.french import plural
from qpvdesk.services.desk import HistoryEntry
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.page import Page, Place, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.table import Table

Row = tuple[int, HistoryEntry]


class HistoryPage(Page):
    """The journal, latest first; it asks for its rows when shown a picture."""

    word = "journal"
    title = "Journal"

    history_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 12)
        layout.setSpacing(8)
        head, self._mention = page_head(self.title)
        layout.addLayout(head)
        row = QHBoxLayout()
        self._text = QLineEdit()
        self._text.setPlaceholderText("Filtrer par code, par mot ou par date")
        self._text.setAccessibleName("Filtrer le journal par mots")
        self._text.setClearButtonEnabled(True)
        self._text.textChanged.connect(self._apply)
        row.addWidget(self._text)
        layout.addLayout(row)
        px = theme.px
        self._model: TableModel[Row] = TableModel(
            (
                Column(
                    "Quand",
                    lambda row: row[1].when.strftime("%d/%m/%Y %H:%M"),
                    lambda row: row[1].when,
                    width=px(126),
                ),
                Column("Acte", lambda row: row[1].act, width=px(330)),
                Column("Objet", lambda row: row[1].code, width=px(90)),
                Column("Ce qui a changé", lambda row: row[1].sentence, width=0),
            ),
            lambda row: row[0],
            parent=self,
        )
        self._table = Table(self._model, self.title)
        self._table.set_row_height(px(28))
        self._table.row_opened.connect(self._open)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._table)
        self._stack.addWidget(
            EmptyState(
                "Rien n’a encore été changé",
                "Chaque saisie, chaque correction et chaque annulation s’inscrit ici, avec sa date, et y reste.",
            )
        )
        layout.addWidget(self._stack, 1)

    def show_picture(self, picture: Picture) -> None:
        """Ask for the journal anew."""
        del picture
        self.history_asked.emit()

    def show_history(self, entries: tuple[HistoryEntry, ...]) -> None:
        """Show the journal."""
        self._model.set_rows(list(enumerate(entries)))
        self._apply()

    def arrive(self, place: Place) -> None:
        """Take the focus."""
        del place
        self._table.setFocus()

    def _apply(self) -> None:
        self._model.set_filter(self._text.text())
        shown, total = self._model.rowCount(), self._model.total
        words = plural(total, "changement", "changements")
        self._mention.setText(words if shown == total else f"{shown} sur {words}")
        self._stack.setCurrentIndex(0 if total else 1)

    def _open(self, row: Row) -> None:
        code = row[1].code
        if code:
            self.go("engagements" if "-E" in code else "objectifs", code)
