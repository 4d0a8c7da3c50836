"""Moyens mobilisés: amounts by partner and year, and who has declared nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from qpvdesk.domain.french import enumerate_words, format_value, plural
from qpvdesk.domain.model import Budget, Credit, Funding, Partner, Stage
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.page import Page, Place, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import Card
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.table import Table

_BUDGETS = {
    Budget.INVESTISSEMENT: "Investissement",
    Budget.FONCTIONNEMENT: "Fonctionnement",
    Budget.NON_PRECISE: "Non précisé",
}
_CREDITS = {
    Credit.DROIT_COMMUN: "Droit commun",
    Credit.CREDITS_SPECIFIQUES: "Crédits spécifiques",
    Credit.NON_PRECISE: "Non précisé",
}
_STAGES = {Stage.PREVU: "Prévu", Stage.ENGAGE: "Engagé", Stage.PAYE: "Payé"}
_UNITS = {"EUR": "€"}


@dataclass(frozen=True, slots=True)
class FundingRow:
    """One amount as the table shows it."""

    funding: Funding
    partner: Partner


class FundingPage(Page):
    """Totals by partner and stage, then every amount."""

    word = "moyens"
    title = "Moyens mobilisés"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        px = theme.px
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 12)
        layout.setSpacing(10)
        head, self._mention = page_head(self.title)
        self._unit = QComboBox()
        self._unit.setAccessibleName("Compter en")
        for words, word in (("En euros", "EUR"), ("En postes (ETP)", "ETP")):
            self._unit.addItem(words, word)
        self._unit.currentIndexChanged.connect(lambda _: self._show_totals())
        head.addWidget(self._unit)
        layout.addLayout(head)
        self._silent = label("", "banner", wrap=True)
        layout.addWidget(self._silent)
        self._card = Card("Par partenaire et par année")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(5)
        self._card.body.addLayout(self._grid)
        self._card.body.addWidget(
            label(
                "Un montant donné pour plusieurs années est réparti également entre elles.",
                "mention",
                wrap=True,
            )
        )
        layout.addWidget(self._card)
        self._model: TableModel[FundingRow] = TableModel(
            (
                Column("Code", lambda row: row.funding.code, width=px(90)),
                Column("Partenaire", lambda row: row.partner.short_name, width=px(120)),
                Column("Objet", lambda row: row.funding.label, width=0, tooltip=_whole),
                Column("Montant", _amount, lambda row: (row.funding.unit, row.funding.amount), True, px(130)),
                Column("Années", _years, lambda row: row.funding.first_year, width=px(90)),
                Column("Nature", lambda row: _BUDGETS[row.funding.budget], width=px(120)),
                Column("Crédits", lambda row: _CREDITS[row.funding.credit], width=px(140)),
                Column("Stade", lambda row: _STAGES[row.funding.stage], width=px(80)),
            ),
            lambda row: row.funding.key,
            parent=self,
        )
        self._table = Table(self._model, self.title)
        self._table.set_row_height(px(29))
        layout.addWidget(self._table, 1)
        self._empty = EmptyState(
            "Aucun moyen n’a été déclaré",
            "Les montants et les postes que les partenaires déclarent se lisent ici, par année et par stade.",
        )
        layout.addWidget(self._empty, 1)
        self._picture: Picture | None = None

    def show_picture(self, picture: Picture) -> None:
        """Show another picture."""
        self._picture = picture
        situation = picture.situation
        rows = [FundingRow(one, situation.partner(one.partner)) for one in situation.dossier.fundings]
        self._model.set_rows(rows)
        self._mention.setText(plural(len(rows), "montant", "montants"))
        for part in (self._table, self._card):
            part.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        declared = {one.partner for one in situation.dossier.fundings}
        silent = [one.short_name for one in situation.dossier.partners if one.key not in declared]
        self._silent.setVisible(bool(silent))
        self._silent.setText(f"N’ont encore rien déclaré\u202f: {enumerate_words(silent)}.")
        self._show_totals()

    def arrive(self, place: Place) -> None:
        """Select the amount of the place."""
        if place.focus and self._picture is not None:
            fundings = self._picture.situation.dossier.fundings
            self._table.select_identity(next((one.key for one in fundings if one.code == place.focus), ""))
        self._table.setFocus()

    def place(self) -> Place:
        """Return the amount selected."""
        row = self._table.current_row()
        return Place(self.word, row.funding.code if row else "")

    def _show_totals(self) -> None:
        if self._picture is None:
            return
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        unit = str(self._unit.currentData())
        situation = self._picture.situation
        fundings = [one for one in situation.dossier.fundings if one.unit == unit]
        years = sorted({year for one in fundings for year in range(one.first_year, one.last_year + 1)})
        right = Qt.AlignmentFlag.AlignRight
        for column, words in enumerate(["", *map(str, years), "Total" if unit == "EUR" else ""]):
            self._grid.addWidget(
                label(words, "mention"), 0, column, right if column else Qt.AlignmentFlag.AlignLeft
            )
        shown = _UNITS.get(unit, unit)
        row = 0
        for partner in situation.dossier.partners:
            own = [one for one in fundings if one.partner == partner.key]
            if not own:
                continue
            row += 1
            self._grid.addWidget(label(partner.short_name), row, 0)
            for column, year in enumerate(years, 1):
                total = sum(
                    (_share(one) for one in own if one.first_year <= year <= one.last_year), Decimal(0)
                )
                self._grid.addWidget(
                    label(format_value(total, shown, 0) if total else "–"), row, column, right
                )
            if unit == "EUR":
                whole = sum((one.amount for one in own), Decimal(0))
                self._grid.addWidget(
                    label(format_value(whole, shown, 0), "strong"), row, len(years) + 1, right
                )
        if not row:
            self._grid.addWidget(label("Aucun montant dans cette unité.", "mention"), 1, 0, 1, 3)
        self._grid.setColumnStretch(0, 1)


def _share(one: Funding) -> Decimal:
    if one.unit != "EUR":
        # Posts are a level: the same ones stand every year.
        return one.amount
    return one.amount / (one.last_year - one.first_year + 1)


def _amount(row: FundingRow) -> str:
    return format_value(row.funding.amount, _UNITS.get(row.funding.unit, row.funding.unit))


def _years(row: FundingRow) -> str:
    first, last = row.funding.first_year, row.funding.last_year
    return str(first) if first == last else f"{first}-{last}"


def _whole(row: FundingRow) -> str:
    citation = row.funding.citation
    mark = f"\n{citation.section}, «\u202f{citation.mark}\u202f»" if citation else ""
    note = f"\n{row.funding.note}" if row.funding.note else ""
    return f"{row.funding.label}{note}{mark}"
