"""What a page does with the things that it lists: make one, change them, remove them, from its head and from its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from qpvdesk.ui.kit.controls import button, text_line
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.table_menu import RowAct
from qpvdesk.ui.kit.table_tools import FilterChips, TableTools
from qpvdesk.ui.kit.tokens import in_row
from qpvdesk.ui.models.table import TableModel
from qpvdesk.ui.pages.page import Page
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.widgets.flow import Flow

More = Callable[[Sequence[Any]], Sequence[RowAct | None]]


class Things:
    """The buttons of a page for one kind of thing, and the acts of the rows of its table."""

    def __init__(
        self,
        page: Page,
        table: Table,
        kind: str,
        *,
        new: str,
        more: More = lambda _: (),
    ) -> None:
        """`table`: its rows are known by the key of their thing; `new`: the words of « Nouveau… »; `more`: what else is done
        with rows."""
        rows = table.model()
        assert isinstance(rows, TableModel)
        self._page, self._table, self._rows, self._kind, self._more = page, table, rows, kind, more
        self._retired = kind in ("objective", "engagement")
        self._remove_words = "Retirer" if self._retired else "Supprimer"
        self._writable = False
        table.menu.offer = self._offer
        named = {"new": new, "change": "Modifier…", "remove": self._remove_words}
        self._new = button(new, self._make, role="quiet", hint="Inser, sur une ligne")
        self._change = button(named["change"], self._change_chosen, role="quiet", hint="F2, sur une ligne")
        self._remove = button(named["remove"], self._remove_chosen, role="quiet", hint="Suppr, sur une ligne")
        self.tools = TableTools(table, lambda: dict(page.address().filters), page.filter_by)
        self.chips = FilterChips(table)
        table.menu.filters = page.filters_in_words
        table.selectionModel().selectionChanged.connect(lambda *_: self._follow())
        rows.modelReset.connect(self._follow)

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """« Nouveau », « Modifier », « Retirer »."""
        return self._new, self._change, self._remove

    def add_to(self, head: Flow) -> None:
        # Together: where there is no room for all three beside the title, they go on in the next line as one.
        acts = QWidget()
        in_row(*self.buttons, on=acts, spacing=0)
        for part in (acts, self.tools):
            head.addWidget(part)

    def add_field(self, head: Flow) -> None:
        """Have letters typed on the rows filter them: the field that they go on in is seen as long as it holds some."""
        table, rows = self._table, self._rows
        field = text_line(f"Filtrer par mots\u202f: {table.accessibleName()}", "Filtrer", clear=True)
        field.hide()
        nothing = table.empty_words

        def narrow(words: str) -> None:
            if not words:
                table.setFocus()
            field.setVisible(bool(words))
            table.empty_words = "Aucune ligne ne contient ces mots." if words else nothing
            rows.set_filter(words)
            if table.current_row() is None:
                table.select_first()

        def type_on(words: str) -> None:
            field.show()
            field.setFocus()
            field.setText(field.text() + words)

        field.textChanged.connect(narrow)
        field.returnPressed.connect(table.setFocus)
        table.words_typed.connect(type_on)
        head.addWidget(field)

    def show_picture(self, picture: Picture) -> None:
        self._writable = picture.editable
        for part in self.buttons:
            part.setHidden(picture.projected)
        self._follow()

    def make(self, known: Mapping[str, str] | None = None) -> None:
        self._page.making.emit(self._kind, dict(known or {}))

    def _keys(self) -> list[str]:
        return [str(self._rows.identity(row)) for row in self._table.menu.chosen()]

    def _make(self) -> None:
        self.make()

    def _change_chosen(self) -> None:
        if keys := self._keys():
            self._page.changing.emit(self._kind, keys)

    def _remove_chosen(self) -> None:
        if keys := self._keys():
            self._page.removing.emit(self._kind, keys)

    def _follow(self) -> None:
        some = bool(self._keys())
        self._new.setEnabled(self._writable)
        self._change.setEnabled(self._writable and some)
        self._remove.setEnabled(self._writable and some)

    def _offer(self, rows: Sequence[Any]) -> Sequence[RowAct | None]:
        keys = self._keys()
        able = self._writable and bool(keys)
        several = len(keys) > 1
        change = f"Modifier ensemble ces {len(keys)} lignes…" if several else "Modifier…"
        remove = f"{self._remove_words} ces {len(keys)} lignes" if several else self._remove_words
        return (
            *self._more(rows),
            None,
            RowAct(change, self._change_chosen, "F2", able),
            RowAct(remove, self._remove_chosen, "Del", able),
            RowAct(self._new.text(), self._make, "Ins", self._writable),
        )
