"""Moyens mobilisés: what was planned, committed and paid of each means; each amount under its year, nature or credit;
who has declared nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from PySide6.QtWidgets import QComboBox

from qpvdesk.domain.french import NNBSP, UNKNOWN, format_value, plural
from qpvdesk.domain.kinds.words import BUDGET_LABELS, CREDIT_LABELS, STAGE_LABELS
from qpvdesk.domain.means import (
    SEVERAL_YEARS,
    FundingAxis,
    Means,
    column_of,
    column_titles,
    detail_words,
    means_of,
    payments_of,
    stage_word,
    without_means_words,
)
from qpvdesk.domain.model import Funding, Partner, Stage
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.table_menu import RowAct
from qpvdesk.ui.kit.tips import tell
from qpvdesk.ui.kit.tokens import EDGE, GAP, ROOM, fill, stacked
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.page import Address, Page, page_head
from qpvdesk.ui.pages.things import Things
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.choice_combo import ElidedCombo
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import label

_AXES = (
    ("Prévu, engagé, payé", FundingAxis.STAGE),
    ("Par année", FundingAxis.YEAR),
    ("Par nature", FundingAxis.BUDGET),
    ("Par type de crédits", FundingAxis.CREDIT),
)
_UNITS = (("En euros", "EUR"), ("En postes (ETP)", "ETP"))
_STAGES = (("Tous les stades", ""), *((STAGE_LABELS[stage], stage) for stage in Stage))
_YEARS_IN_SIGHT = 4
_OBJECT_WIDTH = 250
"""The least width of what an amount is for, in pixels at a zoom of 100 %: it is read whole, on a few lines."""
_NO_TOTAL = (
    f"Total{NNBSP}: ces montants ne s’additionnent pas{NNBSP}; rien ne dit qu’ils forment un tout. "
    f"Un montant donné pour plusieurs années reste entier{NNBSP}; ses crédits de paiement se lisent à leur année."
)


@dataclass(frozen=True, slots=True)
class FundingRow:
    """One amount as the table shows it, or one means with what was planned, committed and paid of it."""

    means: Means
    partner: Partner
    details: tuple[str, ...] = ()
    """What it is worth in each year, who finances it as well."""
    payments: Mapping[str, Decimal] = field(default_factory=dict)
    """Of one of several years, the crédits de paiement that are known of each."""

    @property
    def funding(self) -> Funding:
        """The amount that says what it is for."""
        return self.means.first


class FundingPage(Page):
    """Every amount whole, on a line of its own; no total, since none was declared to add up."""

    kinds = frozenset({"contract", "partner", "funding", "funding_year", "funding_partner"})
    word = "moyens"
    title = "Moyens mobilisés"

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        layout = stacked(on=self, spacing=GAP, margins=(EDGE, ROOM, EDGE, ROOM))
        head, self._mention = page_head(self.title)
        ways = Flow(6)
        self._axis = ElidedCombo("Répartir", _AXES)
        self._stage = ElidedCombo("Stade", _STAGES)
        self._unit = ElidedCombo("Compter en", _UNITS)
        for combo in (self._axis, self._stage, self._unit):
            combo.currentIndexChanged.connect(lambda _: self._show_amounts())
            ways.addWidget(combo)
        fill(layout, head, ways)
        self._silent = label("", "banner", wrap=True)
        layout.addWidget(self._silent)
        self._model: TableModel[FundingRow] = TableModel(
            self._columns(FundingAxis.STAGE, ()), lambda row: row.funding.key, parent=self
        )
        self._table = Table(
            self._model, self.title, wrapped=True, stretched=theme.px(_OBJECT_WIDTH), several=True
        )
        self._table.empty_words = "Aucun montant à ce stade dans cette unité."
        self._things = Things(self, self._table, "funding", new="Nouveau moyen…", more=self._acts)
        self._things.add_to(head)
        self._things.add_field(head)
        fill(layout, self._things.chips, (self._table, 1))
        self._no_total = label(_NO_TOTAL, "strong", wrap=True)
        layout.addWidget(self._no_total)
        self._empty = EmptyState(
            "Aucun moyen n’a été déclaré",
            "Les montants et les postes que les partenaires déclarent se lisent ici, par année et par stade.",
            "Nouveau moyen…",
            self._things.make,
        )
        layout.addWidget(self._empty, 1)
        self._picture: Picture | None = None
        self._rows: list[FundingRow] = []

    def show_picture(self, picture: Picture) -> None:
        self._picture = picture
        self._things.show_picture(picture)
        dossier = picture.situation.dossier
        declared = {funding.partner for funding in dossier.fundings}
        silent = without_means_words(dossier)
        self._silent.setVisible(bool(silent))
        self._silent.setText(silent)
        self._table.setVisible(bool(declared))
        self._empty.setVisible(not declared)
        self._show_amounts()

    def arrive(self, address: Address) -> None:
        """Select the amount of the place, through filters that let it be seen."""
        if address.focus and self._picture is not None:
            fundings = self._picture.situation.dossier.fundings
            sought = next((funding for funding in fundings if funding.code == address.focus), None)
            if sought is not None:
                self._unit.setCurrentIndex(0 if sought.unit == "EUR" else 1)
                if self._stage.currentData() not in ("", sought.stage):
                    self._stage.setCurrentIndex(0)
                row_funding = next(
                    (row.funding for row in self._rows if sought.code in row.means.codes), sought
                )
                self._table.select_identity(row_funding.key)
        self._table.setFocus()

    def address(self) -> Address:
        row = self._table.current_row()
        filters = ((name, str(combo.currentData() or "")) for combo, name in self._choices())
        return Address(
            self.word, row.funding.code if row else "", tuple((name, word) for name, word in filters if word)
        )

    def filter_by(self, filters: Mapping[str, str]) -> None:
        for combo, name in self._choices():
            words = [str(combo.itemData(place) or "") for place in range(combo.count())]
            wanted = filters.get(name, "")
            combo.setCurrentIndex(words.index(wanted) if wanted in words else 0)

    def filters_in_words(self) -> Sequence[str]:
        """Return what the page shows of the amounts, in words."""
        return [combo.currentText() for combo, _ in self._choices() if combo.isEnabled()]

    def _choices(self) -> tuple[tuple[QComboBox, str], ...]:
        return (self._axis, "repartir"), (self._stage, "stade"), (self._unit, "unite")

    def _acts(self, rows: Sequence[FundingRow]) -> Sequence[RowAct | None]:
        """What is done with an amount, from its row."""
        if len(rows) != 1:
            return ()
        code = rows[0].partner.code
        return (RowAct("Voir le partenaire", lambda: self.go("partenaires", code)),)

    def _show_amounts(self) -> None:
        if self._picture is None:
            return
        situation = self._picture.situation
        axis = FundingAxis(self._axis.currentData())
        self._stage.setEnabled(axis is not FundingAxis.STAGE)
        stage = self._stage.currentData() if self._stage.isEnabled() else ""
        euros = self._unit.currentData() == "EUR"
        every = situation.dossier.fundings
        fundings = [
            funding
            for funding in every
            if (funding.unit == "EUR") is euros and (not stage or funding.stage == stage)
        ]
        payments = payments_of(situation.dossier.funding_years)
        columns = self._columns(axis, column_titles(fundings, axis, payments))
        if [column.title for column in columns] != [column.title for column in self._model.columns]:
            self._table.set_columns(columns)
        rows = (
            means_of(fundings)
            if axis is FundingAxis.STAGE
            else [Means({funding.stage: funding}) for funding in fundings]
        )
        self._rows = [
            FundingRow(
                means,
                situation.partner(means.first.partner),
                tuple(detail_words(situation.dossier, means.first)),
                payments.get(means.first.key, {}),
            )
            for means in rows
        ]
        self._model.set_rows(self._rows)
        self._no_total.setVisible(len(rows) > 1)
        words = plural(len(fundings), "montant", "montants")
        tell(self._mention, words if len(fundings) == len(every) else f"{words} sur {len(every)}")

    def _columns(self, axis: FundingAxis, titles: tuple[str, ...]) -> list[Column[FundingRow]]:
        """What is told of every amount, round the columns of which each amount has one."""
        px = self._theme.px
        # With many years the table scrolls sideways, and what an amount is for stays readable.
        wide = px(220) if len(titles) > _YEARS_IN_SIGHT else 0
        told = {
            FundingAxis.BUDGET: Column[FundingRow](
                "Nature", lambda row: BUDGET_LABELS[row.funding.budget], width=px(126)
            ),
            FundingAxis.CREDIT: Column(
                "Crédits", lambda row: CREDIT_LABELS[row.funding.credit], width=px(130)
            ),
        }
        stage = Column[FundingRow](
            "Stade", lambda row: stage_word(row.funding.stage, row.funding.unit), width=px(76), kept=True
        )
        paid = Column[FundingRow](
            "Part payée", lambda row: row.means.paid_words or UNKNOWN, _paid_share, width=px(106)
        )
        return [
            Column("Code", lambda row: ", ".join(row.means.codes), width=px(90)),
            Column("Partenaire", lambda row: row.partner.short_name, width=px(110)),
            Column("Objet", lambda row: row.funding.label, width=wide, tooltip=_whole),
            Column("Années", lambda row: row.funding.years, width=px(90), kept=True),
            *([] if axis is FundingAxis.STAGE else [stage]),
            *(_amounts(axis, title, px(130 if title == SEVERAL_YEARS else 116)) for title in titles),
            *([paid] if axis is FundingAxis.STAGE else []),
            *(column for other, column in told.items() if other is not axis),
        ]


def _amounts(axis: FundingAxis, title: str, width: int) -> Column[FundingRow]:
    """The amounts of one year, nature, credit or stage, whole."""

    def amount(row: FundingRow) -> Funding | None:
        return next((item for item in row.means.amounts.values() if column_of(item, axis) == title), None)

    def paid_in(row: FundingRow) -> Decimal | None:
        several = axis is FundingAxis.YEAR and column_of(row.funding, axis) == SEVERAL_YEARS
        return row.payments.get(title) if several else None

    def text(row: FundingRow) -> str:
        found, paid = amount(row), paid_in(row)
        if paid is not None:
            return f"{format_value(paid, '€' if row.funding.unit == 'EUR' else row.funding.unit)} en CP"
        return found.amount_words if found is not None else UNKNOWN

    def key(row: FundingRow) -> object:
        found = amount(row)
        return found.amount if found is not None else paid_in(row)

    return Column(title, text, key, True, width, kept=True)


def _paid_share(row: FundingRow) -> object:
    paid = row.means.paid_of
    return paid[0] if paid is not None else None


def _whole(row: FundingRow) -> str:
    citation = row.funding.citation
    mark = f"\n{citation.section}, «\u202f{citation.mark}\u202f»" if citation else ""
    note = f"\n{row.funding.note}" if row.funding.note else ""
    return "\n".join([f"{row.funding.label}{note}{mark}", *row.details])
