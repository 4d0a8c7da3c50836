"""Visites: what was seen and heard in each place, and what is to be done of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from qpvdesk.domain.french import NNBSP, format_date, plural
from qpvdesk.domain.meetings import lines
from qpvdesk.domain.model import Visit
from qpvdesk.domain.visits import WORDS, follow_up_words, visit_codes
from qpvdesk.services import visits
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.master_detail import Master, fill_page, side_by_side
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.table_menu import RowAct
from qpvdesk.ui.kit.tokens import GAP, fill, in_row
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.page import Address, Page, page_head
from qpvdesk.ui.pages.things import Things
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import clear
from qpvdesk.ui.widgets.detail_panel import DetailPanel
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import aside, label


class VisitsPage(Page):
    """The visits at the left, the latest first; the one chosen at the right."""

    kinds = frozenset({"contract", "territory", "visit", "attachment"})
    word = "visites"
    title = "Visites"

    def __init__(self, theme: Theme, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._picture: Picture | None = None
        left = Master()
        head, self._mention = page_head(self.title)
        left.column.addLayout(head)
        columns: list[Column[Visit]] = [
            Column("Date", lambda visit: format_date(visit.day), lambda visit: visit.day, width=theme.px(86)),
            Column("Lieu", lambda visit: visit.place, width=0),
            Column("Territoire", self._territory, width=theme.px(100)),
            Column("Suite", self._standing, width=theme.px(200), kept=True),
        ]
        self._model: TableModel[Visit] = TableModel(columns, lambda visit: visit.key, parent=self)
        self._table = Table(self._model, self.title, wrapped=True, stretched=theme.px(110))
        self._table.empty_words = "Aucune visite n’est notée."
        self._table.row_selected.connect(lambda _: self._show_visit())
        self._things = Things(self, self._table, "visit", new="Noter une visite…", more=self._acts)
        self._things.add_to(head)
        self._things.add_field(head)
        fill(left.column, self._things.chips, (self._table, 1))
        self._detail = DetailPanel(
            "Détail de la visite",
            theme.px(340),
            nothing=EmptyState(
                "Ce qui se voit et s’entend",
                "Notez le lieu, la date, les fonctions rencontrées, l’ambiance, les besoins, les difficultés, les "
                "propositions\u202f: le point mensuel les reprend. La fiche à remplir sur place est dans "
                "«\u202fImpressions\u202f».",
            ),
        )
        fill_page(self, side_by_side(theme, (left, 560, 1), (self._detail, 480, 1)))

    def show_picture(self, picture: Picture) -> None:
        """Show another picture; the visit stays."""
        self._picture = picture
        every = picture.situation.dossier.visits
        # A visit that is planned is seen today; at an earlier date, only what had been seen and heard by then.
        known = [visit for visit in every if visit.day <= picture.day or picture.day >= self._today()]
        later = len(every) - len(known)
        words = plural(len(known), "visite", "visites")
        self._mention.setText(f"{words}, {later} après cette date" if later else words)
        self._model.set_rows(known[::-1])
        self._things.show_picture(picture)
        if self._table.current_row() is None:
            self._table.select_first()
        self._show_visit()

    def arrive(self, address: Address) -> None:
        """Select the visit of the place (its code or its key)."""
        if address.focus and self._picture is not None:
            codes = visit_codes(self._picture.situation.dossier.visits)
            for key, code in codes.items():
                if address.focus in (key, code):
                    self._table.select_identity(key)
        self._table.setFocus()

    def address(self) -> Address:
        visit = self._table.current_row()
        return Address(self.word, visit.key if visit else "")

    def _acts(self, rows: Sequence[Visit]) -> Sequence[RowAct | None]:
        """What is done with a visit, from its row."""
        if len(rows) != 1 or self._picture is None:
            return ()
        visit = rows[0]
        place = self._picture.situation.territory(visit.territory) if visit.territory else None
        return (
            self._follow_up_act(visit),
            RowAct("Photos et pièces…", lambda: self.attaching.emit("visit", visit.key, _named(visit))),
            RowAct(
                "Voir le lieu",
                lambda: self.go("territoires", place.code if place else ""),
                enabled=place is not None,
            ),
        )

    def _follow_up_act(self, visit: Visit) -> RowAct:
        """Say that what was to be done of a visit is done, or that it is not."""
        assert self._picture is not None
        done, contract = visit.done_on is None, self._picture.contract.code
        code = visit_codes(self._picture.situation.dossier.visits)[visit.key]
        return RowAct(
            "Suite donnée" if done else "Suite de nouveau attendue",
            lambda: self.acting.emit(
                f"{code}\u202f: suite", lambda desk: visits.set_done(desk, contract, visit.key, done=done)
            ),
            enabled=bool(visit.follow_up) and self._picture.editable,
        )

    def _territory(self, visit: Visit) -> str:
        if self._picture is None or visit.territory is None:
            return ""
        return self._picture.situation.territory(visit.territory).name

    def _standing(self, visit: Visit) -> str:
        return follow_up_words(visit, self._picture.situation.day) if self._picture is not None else ""

    def _show_visit(self) -> None:
        visit, picture = self._table.current_row(), self._picture
        if visit is None or picture is None:
            self._detail.show_nothing()
            return
        dossier = picture.situation.dossier
        self._detail.begin(visit.key)
        clear(self._detail.column)
        add = self._detail.column.addWidget
        code = visit_codes(dossier.visits)[visit.key]
        add(label(f"{code} · {format_date(visit.day)}", "code", select=True))
        add(label(visit.place, "heading", wrap=True, select=True))
        if place := self._territory(visit):
            add(aside(place))
        if visit.functions:
            add(label("Fonctions rencontrées", "subheading"))
            add(label(", ".join(lines(visit.functions)), wrap=True, select=True))
        for name, head in WORDS:
            if text := getattr(visit, name):
                add(label(head, "subheading"))
                add(label(text, wrap=True, select=True))
        if visit.follow_up:
            add(label("Suite à donner", "subheading"))
            who = f"{NNBSP}: {visit.carrier}" if visit.carrier else ""
            add(label(f"{visit.follow_up}{who}", wrap=True, select=True))
            add(aside(follow_up_words(visit, picture.situation.day)))
        self._add_buttons(visit, len(dossier.joined(visit.key)))
        self._detail.column.addStretch(1)
        self._detail.show_column()

    def _add_buttons(self, visit: Visit, joined: int) -> None:
        buttons = QWidget()
        row = in_row(on=buttons, margins=(0, GAP, 0, 0))
        words = f"Photos et pièces ({joined})…" if joined else "Joindre une photo…"
        assert self._picture is not None
        if joined or self._picture.editable:
            row.addWidget(
                button(
                    words,
                    lambda: self.attaching.emit("visit", visit.key, _named(visit)),
                    hint="La position, le jour et l’appareil en sont retirés",
                )
            )
        follow_up = self._follow_up_act(visit)
        if follow_up.enabled:
            row.addWidget(button(follow_up.words, follow_up.do))
        row.addStretch(1)
        self._detail.column.addWidget(buttons)


def _named(visit: Visit) -> str:
    return f"{visit.place}, {format_date(visit.day)}"
