"""Partenaires: the partner's sheet, and the list to choose it from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from qpvdesk.charts.parity import parity_chart, parity_rows
from qpvdesk.domain.counts import PartnerSummary
from qpvdesk.domain.french import enumerate_words, format_date, plural
from qpvdesk.domain.how_far import how_far, mean_words
from qpvdesk.domain.model import Engagement, Funding, Partner
from qpvdesk.domain.progress import STATUT_LABELS, STATUT_ORDER, Assessment, Statut
from qpvdesk.domain.returns import returns_of
from qpvdesk.domain.scales import scale_words
from qpvdesk.domain.situation import Situation
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.table_menu import RowAct
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.engagement_parts import told_short
from qpvdesk.ui.pages.page import ASSESSED, Page, Place, page_head
from qpvdesk.ui.pages.things import Things
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import Card, clear
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import label
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.told_chart import ToldChart
from qpvdesk.ui.widgets.weather_line import WeatherLine

_DOINGS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Imprimer la fiche", "impressions", {"modele": "partenaire"}),
    ("Préparer un classeur de remontée", "echanges", {}),
    ("Saisir ses relevés", "releves", {}),
)
_Thing = TypeVar("_Thing")
_FIRST = 6
"""Objectives and engagements shown before the rest is asked for."""
_RETURNS = 5
"""Returns of figures that the sheet lists, the latest first."""


class PartnersPage(Page):
    """List at the left, sheet at the right."""

    kinds = ASSESSED | {
        "axis", "engagement", "engagement_territory", "condition", "step", "meteo",
        "funding", "document",
    }  # fmt: skip
    word = "partenaires"
    title = "Partenaires"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture: Picture | None = None
        self._key = ""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 14, 0, 0)
        layout.setSpacing(12)
        self._side = QWidget()
        self._fit()
        theme.changed.connect(self._fit)
        left = QVBoxLayout(self._side)
        left.setSpacing(8)
        head, self._mention = page_head(self.title)
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
                    "Taux",
                    lambda row: mean_words(row, brief=True) or "–",
                    lambda row: row.mean_rate,
                    True,
                    theme.px(58),
                ),
            ),
            lambda row: row.partner.key,
            parent=self,
        )
        self._table = Table(self._model, self.title)
        self._table.set_row_height(theme.px(32))
        self._table.row_selected.connect(self._select)
        self._things = Things(self, self._table, "partner", _key, new="Nouveau…", more=self._acts)
        self._things.add_to(head)
        self._things.add_field(head)
        left.addWidget(self._things.chips)
        left.addWidget(self._table, 1)
        left.setContentsMargins(0, 0, 0, 12)
        layout.addWidget(self._side)
        layout.addWidget(self._make_sheet(), 1)
        self._empty = EmptyState(
            "Aucun partenaire",
            "Les institutions qui ont signé des engagements viennent ici, avec leurs objectifs et ce qui manque.",
            "Nouveau partenaire…",
        )
        self._empty.asked.connect(self._things.make)
        layout.addWidget(self._empty, 1)

    def _fit(self) -> None:
        """As wide as the table, whatever the buttons of its head would like."""
        self._side.setFixedWidth(self._theme.px(300))

    def show_picture(self, picture: Picture) -> None:
        """Show another picture; the partner stays."""
        self._picture = picture
        partners = picture.situation.partners
        self._things.show_picture(picture)
        self._model.set_rows(partners)
        self._area.setVisible(bool(partners))
        self._empty.setVisible(not partners)
        if self._table.current_row() is None:
            self._table.select_first()

    def arrive(self, place: Place) -> None:
        """Select the partner of the place."""
        if place.focus and self._picture is not None:
            key = next((p.key for p in self._picture.situation.dossier.partners if p.code == place.focus), "")
            self._table.select_identity(key)
        self._table.setFocus()

    def place(self) -> Place:
        """Return the partner shown."""
        row = self._table.current_row()
        return Place(self.word, row.partner.code if row else "")

    def _acts(self, rows: Sequence[PartnerSummary]) -> Sequence[RowAct | None]:
        """What is done with a partner, from its row."""
        if len(rows) != 1 or self._picture is None:
            return ()
        able = self._picture.editable and not self._picture.projected
        goings = (RowAct(words, partial(self._leave_for, page, filters)) for words, page, filters in _DOINGS)
        return (
            *goings,
            RowAct("Voir ses objectifs", lambda: self.go("objectifs", partenaire=rows[0].partner.key)),
            RowAct("Voir ses engagements", lambda: self.go("engagements", partenaire=rows[0].partner.key)),
            None,
            RowAct("Nouvel engagement…", lambda: self.making.emit("engagement", {}), enabled=able),
            RowAct("Nouvel objectif…", lambda: self.making.emit("objective", {}), enabled=able),
            RowAct("Nouveau moyen…", lambda: self.making.emit("funding", {}), enabled=able),
        )

    def _make_sheet(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName("Fiche du partenaire")
        body = QWidget()
        body.setObjectName("scrolled")
        area.setWidget(body)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(4, 0, 18, 16)
        layout.setSpacing(10)
        self._head = Card()
        layout.addWidget(self._head)
        layout.addLayout(self._make_doings())
        self._missing = Card("Ce qui manque")
        layout.addWidget(self._missing)
        self._returns = Card("Derniers échanges")
        layout.addWidget(self._returns)
        self._parity = Card("Parité avec la part des habitants des quartiers")
        self._chart = ToldChart(self._theme, "Écarts à la parité")
        self._parity.body.addWidget(self._chart)
        layout.addWidget(self._parity)
        self._objectives = Card("Objectifs")
        layout.addWidget(self._objectives)
        self._engagements = Card("Engagements")
        layout.addWidget(self._engagements)
        self._fundings = Card("Moyens mobilisés")
        layout.addWidget(self._fundings)
        self._conditions = Card("Conditions")
        layout.addWidget(self._conditions)
        layout.addStretch(1)
        self._area = area
        return area

    def _make_doings(self) -> Flow:
        """What one does with a partner before seeing it."""
        row = Flow()
        for words, page, filters in _DOINGS:
            button = QPushButton(words)
            button.clicked.connect(lambda _=False, page=page, filters=filters: self._leave_for(page, filters))
            row.addWidget(button)
        return row

    def _leave_for(self, page: str, filters: dict[str, str]) -> None:
        here = self._table.current_row()
        if here is not None:
            self.go(page, here.partner.code, **filters)

    def _select(self, row: PartnerSummary | None) -> None:
        if row is None or self._picture is None:
            return
        if row.partner.key != self._key:
            self._area.verticalScrollBar().setValue(0)
        self._key = row.partner.key
        situation, partner = self._picture.situation, row.partner
        self._show_head(row)
        self._show_missing(partner)
        self._show_returns(partner)
        assessments = [situation.assessments[one.key] for one in situation.objectives_of_partner(partner.key)]
        scales = scale_words(situation, [one.objective for one in assessments])
        self._parity.setVisible(bool(parity_rows(assessments)))
        self._chart.show_chart(lambda width: parity_chart(assessments, width, scales))
        body = self._objectives.body
        clear(body)
        first = {one.objective.key: place for place, one in enumerate(situation.to_treat)}
        _fill(
            body,
            sorted(assessments, key=lambda one: first.get(one.objective.key, len(first))),
            self._objective_line,
            ("autre objectif", "autres objectifs"),
        )
        if not assessments:
            body.addWidget(label("Ce partenaire n’a promis aucun chiffre.", "mention"))
        engagements = situation.engagements_of_partner(partner.key)
        self._show_engagements(engagements)
        fundings = [one for one in situation.dossier.fundings if one.partner == partner.key]
        self._show_fundings(fundings)
        conditions = [one for one in situation.dossier.conditions if one.partner == partner.key]
        self._conditions.setVisible(bool(conditions))
        clear(self._conditions.body)
        codes = {one.key: one.code for one in engagements}
        for condition in conditions:
            scope = codes.get(situation.followed_by(condition.engagement), "Tous les engagements")
            words = f"{scope}\u202f: {condition.text}"
            self._conditions.body.addWidget(label(words, wrap=True, select=True))

    def _show_head(self, row: PartnerSummary) -> None:
        body = self._head.body
        clear(body)
        partner = row.partner
        body.addWidget(label(partner.code, "code", select=True))
        body.addWidget(label(partner.name, "heading", wrap=True, select=True))
        if partner.note:
            body.addWidget(label(partner.note, "mention", wrap=True, select=True))
        if partner.contact_function:
            body.addWidget(label(f"Interlocuteur\u202f: {partner.contact_function}", wrap=True, select=True))
        said = plural(row.objectives, "objectif promis", "objectifs promis")
        if mean := mean_words(row):
            said += f", avancement moyen {mean}"
        body.addWidget(label(said, "strong", wrap=True))
        chips = QWidget()
        line = Flow(6)
        chips.setLayout(line)
        for status in STATUT_ORDER:
            count = row.counts.get(status, 0)
            if count:
                chip = QPushButton(f"{STATUT_LABELS[status]} {count}")
                chip.setProperty("role", "chip")
                tip(chip, "Voir ces objectifs")
                chip.clicked.connect(
                    lambda _=False, status=status: self.go(
                        "objectifs", partenaire=partner.key, statut=status.value
                    )
                )
                line.addWidget(chip)
        body.addWidget(chips)

    def _show_missing(self, partner: Partner) -> None:
        assert self._picture is not None
        situation = self._picture.situation
        body = self._missing.body
        clear(body)
        said: list[str] = []
        unknown = [
            one.objective.code
            for one in situation.counted
            if one.objective.partner == partner.key and one.status is Statut.NON_RENSEIGNE
        ]
        if unknown:
            codes = enumerate_words(unknown, limit=8)
            said.append(f"{plural(len(unknown), 'objectif', 'objectifs')} sans aucun relevé\u202f: {codes}")
        blind = [
            one.code
            for one in situation.engagements_of_partner(partner.key)
            if situation.meteo_of(one.key) is None
        ]
        if blind:
            said.append(f"{plural(len(blind), 'engagement', 'engagements')} sans météo")
        if not any(one.partner == partner.key for one in situation.dossier.fundings):
            said.append("Aucun moyen mobilisé n’a été déclaré")
        self._missing.setVisible(bool(said))
        for words in said:
            body.addWidget(label(f"– {words}.", wrap=True))

    def _show_returns(self, partner: Partner) -> None:
        assert self._picture is not None
        body = self._returns.body
        clear(body)
        returns = returns_of(self._picture.situation.dossier, partner.key)
        self._returns.setVisible(bool(returns))
        for one in returns[:_RETURNS]:
            source = f" («\u202f{one.source}\u202f»)" if one.source else ""
            words = (
                f"Relevés le {format_date(one.entered_on)}{source}\u202f: {plural(len(one.codes), 'chiffre', 'chiffres')} "
                f"jusqu’au {format_date(one.last)}, {enumerate_words(one.codes, 6)}."
            )
            body.addWidget(label(words, wrap=True, select=True))

    def _show_engagements(self, engagements: tuple[Engagement, ...]) -> None:
        assert self._picture is not None
        body = self._engagements.body
        clear(body)
        _fill(
            body,
            engagements,
            partial(self._engagement_lines, self._picture.situation),
            ("autre engagement", "autres engagements"),
        )
        if not engagements:
            body.addWidget(label("Aucun engagement n’est enregistré.", "mention"))

    def _objective_line(self, assessment: Assessment) -> Iterable[QWidget]:
        far, objective = how_far(assessment), assessment.objective
        said = " · ".join(word for word in (far.rate or far.narrow.strip("–"), objective.label) if word)
        line = LineButton(self._theme, objective.code, said, assessment.status)
        line.clicked.connect(lambda: self.go("objectifs", objective.code))
        yield line

    def _engagement_lines(self, situation: Situation, engagement: Engagement) -> Iterable[QWidget]:
        meteo = situation.meteo_of(engagement.key)
        weather = meteo.weather if meteo else None
        line = WeatherLine(self._theme, engagement.code, engagement.label, weather)
        line.clicked.connect(lambda: self.go("engagements", engagement.code))
        yield line
        precisions = situation.precisions_of(engagement.key)
        if precisions:
            yield label(told_short(precisions), "mention", wrap=True, select=True)

    def _show_fundings(self, fundings: list[Funding]) -> None:
        body = self._fundings.body
        clear(body)
        for one in fundings:
            body.addWidget(funding_label(one))
        if not fundings:
            body.addWidget(label("Aucun moyen déclaré à ce jour.", "mention"))


def _fill(
    body: QVBoxLayout,
    things: Sequence[_Thing],
    lines: Callable[[_Thing], Iterable[QWidget]],
    noun: tuple[str, str],
) -> None:
    """Show the first things of a partner, and the rest where it is asked for: hundreds of lines take half a second."""

    def show(some: Sequence[_Thing]) -> None:
        for thing in some:
            for line in lines(thing):
                body.addWidget(line)

    def show_rest() -> None:
        more.hide()
        before = body.count()
        show(things[_FIRST:])
        item = body.itemAt(before)
        first = item.widget() if item is not None else None
        if first is not None:
            first.show()
            first.setFocus()

    show(things[:_FIRST])
    if len(things) > _FIRST:
        more = button(f"Voir {plural(len(things) - _FIRST, *noun)}", show_rest, role="quiet")
        body.addWidget(more)


def funding_label(funding: Funding) -> QLabel:
    """Return one amount in words."""
    words = f"{funding.code} · {funding.amount_words} · {funding.years} · {funding.label}"
    return label(words, wrap=True, select=True)


def _key(row: PartnerSummary) -> str:
    return row.partner.key


def _name(row: PartnerSummary) -> str:
    return row.partner.name
