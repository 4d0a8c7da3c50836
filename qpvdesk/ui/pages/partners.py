"""Partenaires: the partner's sheet, and the list to choose it from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QScrollArea, QWidget

from qpvdesk.domain.counts import PartnerSummary
from qpvdesk.domain.statuses import to_handle
from qpvdesk.ui.kit.controls import rest
from qpvdesk.ui.kit.scroll_keeper import ScrollKeeper
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.table_menu import RowAct
from qpvdesk.ui.kit.tokens import EDGE, GAP, ROOM, TIGHT, WIDE, fill, in_row, scrolled, stacked
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.page import ASSESSED, Address, Page, page_head
from qpvdesk.ui.pages.partner_sheet import DOINGS, PartnerSheet
from qpvdesk.ui.pages.things import Things
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.empty import EmptyState

_SHEETS_KEPT = 12
"""Sheets that are kept as they were laid out, until something they show changes."""
_STAYING_MS = 60
"""How long one stays on a partner before the whole of its sheet is made, in milliseconds."""


class PartnersPage(Page):
    """List at the left, sheet at the right."""

    kinds = ASSESSED | {
        "axis", "engagement", "engagement_territory", "condition", "step", "meteo",
        "funding", "document",
    }  # fmt: skip
    word = "partenaires"
    title = "Partenaires"

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._picture: Picture | None = None
        self._key = ""
        self._unfolded: dict[str, set[str]] = {}
        """By key of the partner, the lists of its sheet that were asked for whole: they stay so in the next picture."""
        self._sheets: dict[str, PartnerSheet] = {}
        """By key of the partner, the sheets of this picture that were seen, the latest last."""
        self._staying = rest(self, _STAYING_MS, self._complete)
        layout = in_row(on=self, spacing=ROOM, margins=(EDGE, ROOM, 0, 0))
        self._side = QWidget()
        self._fit()
        theme.changed.connect(self._fit)
        left = stacked(on=self._side, spacing=GAP)
        head, _ = page_head(self.title)
        left.addLayout(head)
        self._model: TableModel[PartnerSummary] = TableModel(
            (
                Column("Partenaire", lambda row: row.partner.short_name, width=0, tooltip=_name),
                Column(
                    "Objectifs",
                    lambda row: str(row.objectives),
                    lambda row: row.objectives,
                    True,
                    theme.px(76),
                ),
                Column(
                    "À traiter",
                    lambda row: str(to_handle(row.counts)),
                    lambda row: to_handle(row.counts),
                    True,
                    theme.px(78),
                ),
            ),
            lambda row: row.partner.key,
            parent=self,
        )
        self._table = Table(self._model, self.title)
        self._table.set_row_height(theme.px(32))
        self._table.row_selected.connect(self._select)
        self._things = Things(self, self._table, "partner", new="Nouveau…", more=self._acts)
        self._things.add_to(head)
        self._things.add_field(head)
        fill(left, self._things.chips, (self._table, 1))
        left.setContentsMargins(0, 0, 0, ROOM)
        layout.addWidget(self._side)
        self._area = self._make_area()
        self._scroll_keeper = ScrollKeeper(self._area)
        layout.addWidget(self._area, 1)
        self._empty = EmptyState(
            "Aucun partenaire",
            "Les institutions qui ont signé des engagements viennent ici, avec leurs objectifs et ce qui manque.",
            "Nouveau partenaire…",
            self._things.make,
        )
        layout.addWidget(self._empty, 1)

    def _fit(self) -> None:
        """As wide as the table, whatever the buttons of its head would like."""
        self._side.setFixedWidth(self._theme.px(300))

    def show_picture(self, picture: Picture) -> None:
        """Show another picture; the partner stays."""
        again = self._picture is not None
        self._picture = picture
        if again:
            self._scroll_keeper.hold()
        for key in tuple(self._sheets):
            self._drop(key)
        partners = sorted(picture.situation.partners, key=lambda row: -to_handle(row.counts))
        self._things.show_picture(picture)
        self._model.set_rows(partners)
        self._area.setVisible(bool(partners))
        self._empty.setVisible(not partners)
        if self._table.current_row() is None:
            self._table.select_first()
        if again and self.isVisible():
            self._complete()

    def arrive(self, address: Address) -> None:
        if address.focus and self._picture is not None:
            key = next(
                (p.key for p in self._picture.situation.dossier.partners if p.code == address.focus), ""
            )
            self._table.select_identity(key)
        self._complete()
        self._table.setFocus()

    def address(self) -> Address:
        row = self._table.current_row()
        return Address(self.word, row.partner.code if row else "")

    def _acts(self, rows: Sequence[PartnerSummary]) -> Sequence[RowAct | None]:
        """What is done with a partner, from its row."""
        if len(rows) != 1 or self._picture is None:
            return ()
        able = self._picture.editable
        goings = (RowAct(words, partial(self._leave_for, page, filters)) for words, page, filters in DOINGS)
        return (
            *goings,
            RowAct("Voir ses objectifs", lambda: self.go("objectifs", partenaire=rows[0].partner.key)),
            RowAct("Voir ses engagements", lambda: self.go("engagements", partenaire=rows[0].partner.key)),
            None,
            RowAct("Nouvel engagement…", lambda: self.making.emit("engagement", {}), enabled=able),
            RowAct("Nouvel objectif…", lambda: self.making.emit("objective", {}), enabled=able),
            RowAct("Nouveau moyen…", lambda: self.making.emit("funding", {}), enabled=able),
        )

    def _make_area(self) -> QScrollArea:
        area, self._body = scrolled("Fiche du partenaire", read=True, margins=(TIGHT, 0, WIDE, WIDE))
        self._body.addStretch(1)
        return area

    def _leave_for(self, page: str, filters: dict[str, str]) -> None:
        here = self._table.current_row()
        if here is not None:
            self.go(page, here.partner.code, **filters)

    def _select(self, row: PartnerSummary | None) -> None:
        if row is None or self._picture is None:
            return
        if row.partner.key != self._key:
            self._scroll_keeper.let_go()
            self._area.verticalScrollBar().setValue(0)
        self._key = row.partner.key
        sheet = self._sheets.pop(self._key, None)
        if sheet is None:
            unfolded = self._unfolded.setdefault(self._key, set())
            sheet = PartnerSheet(self._theme, self.go, self._picture.situation, row, unfolded=unfolded)
            self._body.insertWidget(0, sheet)
        for other in self._sheets.values():
            other.hide()
        self._sheets[self._key] = sheet
        sheet.show()
        if len(self._sheets) > _SHEETS_KEPT:
            self._drop(next(iter(self._sheets)))
        self._staying.start()

    def _complete(self) -> None:
        """Make the whole of the sheet in view."""
        self._staying.stop()
        sheet = self._sheets.get(self._key)
        if sheet is not None:
            sheet.complete()

    def _drop(self, key: str) -> None:
        sheet = self._sheets.pop(key)
        # Deleted while it stands in the layout, it brings the program down.
        self._body.removeWidget(sheet)
        sheet.hide()
        sheet.deleteLater()


def _name(row: PartnerSummary) -> str:
    return row.partner.name
