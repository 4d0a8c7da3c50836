"""Moyens mobilisés: amounts by partner and year, and who has declared nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from qpvdesk.domain.french import enumerate_words, format_value, plural
from qpvdesk.domain.model import Funding, Partner, Stage
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.models.funding import BUDGETS, CREDITS, STAGES, Axis, matrix
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.page import Page, Place, page_head
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.terms import explain
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import Card
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.labels import label

_UNITS = {"EUR": "€"}
_WIDE = 5
"""With more columns than these, euros are told in thousands: all of them are to be seen side by side."""
_AXES = (
    ("Par année", Axis.YEAR),
    ("Par nature", Axis.BUDGET),
    ("Par type de crédits", Axis.CREDIT),
    ("Prévu, engagé, payé", Axis.STAGE),
)


@dataclass(frozen=True, slots=True)
class FundingRow:
    """One amount as the table shows it."""

    funding: Funding
    partner: Partner


class FundingPage(Page):
    """Totals by partner and stage, then every amount."""

    kinds = frozenset({"contract", "partner", "funding"})
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
        self._axis, self._stage = QComboBox(), QComboBox()
        self._axis.setAccessibleName("Répartir")
        for words, axis in _AXES:
            self._axis.addItem(words, axis)
        self._stage.setAccessibleName("Stade")
        for stage in Stage:
            self._stage.addItem(STAGES[stage], stage)
        for combo in (self._axis, self._stage, self._unit):
            combo.currentIndexChanged.connect(lambda _: self._show_totals())
            head.addWidget(combo)
        layout.addLayout(head)
        self._silent = label("", "banner", wrap=True)
        layout.addWidget(self._silent)
        self._card = Card("Par partenaire")
        held = QWidget()
        held.setObjectName("panelbody")
        self._grid = QGridLayout(held)
        self._grid.setContentsMargins(0, 0, 0, px(4))
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(5)
        self._area = _Across("Moyens par partenaire")
        self._area.setWidget(held)
        self._card.body.addWidget(self._area)
        self._rule = label("", "mention", wrap=True)
        self._card.body.addWidget(self._rule)
        layout.addWidget(self._card)
        self._model: TableModel[FundingRow] = TableModel(
            (
                Column("Code", lambda row: row.funding.code, width=px(90)),
                Column("Partenaire", lambda row: row.partner.short_name, width=px(120)),
                Column("Objet", lambda row: row.funding.label, width=0, tooltip=_whole),
                Column("Montant", _amount, lambda row: (row.funding.unit, row.funding.amount), True, px(130)),
                Column("Années", _years, lambda row: row.funding.first_year, width=px(90)),
                Column("Nature", lambda row: BUDGETS[row.funding.budget], width=px(120)),
                Column("Crédits", lambda row: CREDITS[row.funding.credit], width=px(140)),
                Column("Stade", lambda row: STAGES[row.funding.stage], width=px(80)),
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
                widget.hide()
                widget.deleteLater()
        unit, axis = str(self._unit.currentData()), Axis(self._axis.currentData())
        # Posts of several years are the same posts: they are told year by year only.
        self._axis.setEnabled(unit == "EUR")
        axis = axis if unit == "EUR" else Axis.YEAR
        self._stage.setEnabled(axis is not Axis.STAGE)
        stage = Stage(self._stage.currentData())
        situation = self._picture.situation
        found = matrix(
            [one for one in situation.dossier.fundings if axis is Axis.STAGE or one.stage is stage],
            [partner.key for partner in situation.dossier.partners],
            axis,
            unit,
        )
        thousands = unit == "EUR" and len(found.columns) > _WIDE
        shown = "" if thousands else _UNITS.get(unit, unit)

        def said(amount: Decimal | None) -> str:
            if amount is None:
                return "–"
            return format_value(amount / 1000, "", 1) if thousands else format_value(amount, shown, 0)

        add = self._grid.addWidget
        right = Qt.AlignmentFlag.AlignRight
        if found.rows:
            summed = any(total is not None for total in found.totals)
            for column, words in enumerate([*found.columns, *(["Total"] if summed else [])], 1):
                add(explain(label(words, "mention")), 0, column, right)
        for row, ((key, cells), total) in enumerate(zip(found.rows, found.totals, strict=True), 1):
            add(label(situation.partner(key).short_name), row, 0)
            for column, cell in enumerate(cells, 1):
                add(label(said(cell)), row, column, right)
            if total is not None:
                add(label(said(total), "strong"), row, len(cells) + 1, right)
        if not found.rows:
            words = f"Aucun montant au stade «\u202f{STAGES[stage].lower()}\u202f» dans cette unité."
            add(label(words, "mention"), 1, 0)
        self._grid.setColumnStretch(0, 1)
        self._rule.setText(
            ("En milliers d’euros. " if thousands else "")
            + (
                "Les mêmes postes se retrouvent chaque année\u202f: ils ne s’additionnent pas."
                if unit != "EUR"
                else "Un montant donné pour plusieurs années est réparti également entre elles."
                if axis is Axis.YEAR
                else "Ce qui est prévu, engagé et payé ne s’additionne pas."
                if axis is Axis.STAGE
                else "Chaque montant compte en entier, toutes années réunies."
            )
        )
        if axis is not Axis.STAGE:
            other = [
                f"«\u202f{STAGES[one].lower()}\u202f»"
                for one in Stage
                if one is not stage
                and any(item.stage is one and item.unit == unit for item in situation.dossier.fundings)
            ]
            if other:
                words = f" D’autres montants sont au stade {enumerate_words(other)}."
                self._rule.setText(self._rule.text() + words)
        self._area.updateGeometry()


class _Across(QScrollArea):
    """As high as what it holds; it scrolls sideways where that is wider."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The height of what is held, and of the bar below it."""
        held = self.widget()
        inner = held.minimumSizeHint() if held is not None else QSize(0, 0)
        bar = self.horizontalScrollBar().sizeHint().height() if inner.width() > self.width() else 0
        return QSize(200, inner.height() + bar)

    def minimumSizeHint(self) -> QSize:
        """Narrow if need be, but never lower than its lines."""
        return QSize(100, self.sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what is held when its lines change."""
        if watched is self.widget() and event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for the bar, or give it back."""
        super().resizeEvent(event)
        self.updateGeometry()


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
