"""The sheet of a partner: what it promised, what is missing, what it gave; its lower cards are made when one stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Protocol, TypeVar

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from qpvdesk.charts.parity import parity_chart, parity_rows
from qpvdesk.domain.counts import PartnerSummary
from qpvdesk.domain.french import enumerate_words, format_date, plural
from qpvdesk.domain.how_far import how_far, mean_words
from qpvdesk.domain.model import Engagement, Funding, Weather
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.returns import returns_of
from qpvdesk.domain.scales import scale_words
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import STATUT_LABELS, STATUT_ORDER, Statut
from qpvdesk.ui.kit.controls import button
from qpvdesk.ui.kit.focus import order_soon
from qpvdesk.ui.kit.tokens import GAP, stacked
from qpvdesk.ui.pages.engagement_parts import told_short
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import Card
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import aside, label
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.told_chart import ToldChart
from qpvdesk.ui.widgets.weather_badge import WeatherLine

DOINGS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Imprimer la fiche", "impressions", {"modele": "partenaire"}),
    ("Préparer un classeur de remontée", "echanges", {}),
    ("Saisir ses relevés", "releves", {}),
)
"""What one does with a partner before seeing it: words, page, filters."""
_Thing = TypeVar("_Thing")
_FIRST = 6
"""Objectives and engagements shown before the rest is asked for."""
_RETURNS = 5
"""Returns of figures that the sheet lists, the latest first."""


class Going(Protocol):
    """`Page.go`."""

    def __call__(self, page: str, focus: str = "", **filters: str) -> None:
        """Ask for a place."""


class PartnerSheet(QWidget):
    """What one situation says of one partner; never filled twice. To lay it all out takes longer than a key that is held
    down leaves: its head is made at once, the rest by `complete`."""

    def __init__(
        self,
        theme: Theme,
        go: Going,
        situation: Situation,
        summary: PartnerSummary,
        *,
        unfolded: set[str],
    ) -> None:
        """`unfolded`: which lists are shown whole; one that is asked for is added."""
        super().__init__()
        self._unfolded = unfolded
        self._theme, self._go, self._situation, self._summary = theme, go, situation, summary
        self._complete = False
        self._column = stacked(on=self, spacing=GAP)
        self._show_head()
        self._make_doings()
        self._show_missing()

    def complete(self) -> None:
        """Make what stands below, once."""
        if self._complete:
            return
        self._complete = True
        situation, key = self._situation, self._summary.partner.key
        self._show_returns()
        assessments = [situation.assessments[item.key] for item in situation.objectives_of_partner(key)]
        if parity_rows(assessments):
            scales = scale_words(situation, [item.objective for item in assessments])
            chart = ToldChart(self._theme, "Écarts à la parité")
            self._card("Parité avec la part des habitants des quartiers").addWidget(chart)
            chart.show_chart(lambda width: parity_chart(assessments, width, scales))
        self._show_objectives(assessments)
        engagements = situation.engagements_of_partner(key)
        self._show_engagements(engagements)
        self._show_fundings()
        self._show_conditions({item.key: item.code for item in engagements})
        order_soon(self)

    def _card(self, title: str) -> QVBoxLayout:
        card = Card(title)
        self._column.addWidget(card)
        return card.body

    def _show_head(self) -> None:
        body, summary = self._card(""), self._summary
        partner = summary.partner
        body.addWidget(label(partner.code, "code", select=True))
        body.addWidget(label(partner.name, "heading", wrap=True, select=True))
        if partner.note:
            body.addWidget(aside(partner.note, select=True))
        if partner.contact_function:
            body.addWidget(label(f"Interlocuteur\u202f: {partner.contact_function}", wrap=True, select=True))
        sentence = plural(summary.objectives, "objectif promis", "objectifs promis")
        if mean := mean_words(summary):
            sentence += f", avancement moyen {mean}"
        body.addWidget(label(sentence, "strong", wrap=True))
        chips = QWidget()
        line = Flow(6)
        chips.setLayout(line)
        for status in STATUT_ORDER:
            count = summary.counts.get(status, 0)
            if count:
                chip = button(
                    f"{STATUT_LABELS[status]} {count}",
                    partial(self._go, "objectifs", partenaire=partner.key, statut=status.value),
                    role="chip",
                    hint="Voir ces objectifs",
                )
                line.addWidget(chip)
        body.addWidget(chips)

    def _make_doings(self) -> None:
        row, code = Flow(), self._summary.partner.code
        for words, page, filters in DOINGS:
            row.addWidget(button(words, partial(self._go, page, code, **filters)))
        self._column.addLayout(row)

    def _show_missing(self) -> None:
        situation, partner = self._situation, self._summary.partner
        phrases: list[str] = []
        unknown = [
            assessment.objective.code
            for assessment in situation.counted
            if assessment.objective.partner == partner.key and assessment.status is Statut.NON_RENSEIGNE
        ]
        if unknown:
            codes = enumerate_words(unknown, limit=8)
            phrases.append(
                f"{plural(len(unknown), 'objectif', 'objectifs')} sans aucun relevé\u202f: {codes}"
            )
        blind = [
            engagement.code
            for engagement in situation.engagements_of_partner(partner.key)
            if situation.weather_of(engagement.key) is Weather.NON_RENSEIGNEE
        ]
        if blind:
            phrases.append(f"{plural(len(blind), 'engagement', 'engagements')} sans météo")
        if not any(funding.partner == partner.key for funding in situation.dossier.fundings):
            phrases.append("Aucun moyen mobilisé n’a été déclaré")
        if phrases:
            body = self._card("Ce qui manque")
            body.addWidget(label("\n".join(f"– {words}." for words in phrases), wrap=True))

    def _show_returns(self) -> None:
        returns = returns_of(self._situation.dossier, self._summary.partner.key)
        if not returns:
            return
        body = self._card("Derniers échanges")
        for partner_return in returns[:_RETURNS]:
            source = f" («\u202f{partner_return.source}\u202f»)" if partner_return.source else ""
            figures = plural(len(partner_return.codes), "chiffre", "chiffres")
            words = (
                f"Relevés le {format_date(partner_return.entered_on)}{source}\u202f: {figures} "
                f"jusqu’au {format_date(partner_return.last)}, {enumerate_words(partner_return.codes, 6)}."
            )
            body.addWidget(label(words, wrap=True, select=True))

    def _show_objectives(self, assessments: Sequence[Assessment]) -> None:
        body = self._card(
            f"Objectifs et chiffres\u202f: {self._counted(assessments)}" if assessments else "Objectifs"
        )
        first = {item.objective.key: place for place, item in enumerate(self._situation.to_treat)}
        ordered = sorted(assessments, key=lambda item: first.get(item.objective.key, len(first)))
        self._fill(body, ordered, self._objective_line, ("autre", "autres"))
        if not assessments:
            body.addWidget(label("Ce partenaire n’a promis aucun chiffre.", "mention"))

    def _counted(self, assessments: Sequence[Assessment]) -> str:
        """What the list is made of: the promised alone are counted above it."""
        promised, followed = self._summary.objectives, self._summary.counts[Statut.SUIVI]
        context = sum(item.objective.is_counted_context for item in assessments)
        parts = len(assessments) - promised - followed - context
        told = (
            (promised, f"{promised} promis"),
            (followed, plural(followed, "suivi sans cible", "suivis sans cible")),
            (context, f"{context} de contexte"),
            (parts, plural(parts, "déclinaison", "déclinaisons")),
        )
        return ", ".join(words for count, words in told if count)

    def _show_engagements(self, engagements: tuple[Engagement, ...]) -> None:
        body = self._card("Engagements")
        self._fill(
            body,
            engagements,
            partial(self._engagement_lines, self._situation),
            ("autre engagement", "autres engagements"),
        )
        if not engagements:
            body.addWidget(label("Aucun engagement n’est enregistré.", "mention"))

    def _objective_line(self, assessment: Assessment) -> Iterable[QWidget]:
        far, objective = how_far(assessment), assessment.objective
        sentence = " · ".join(word for word in (far.rate or far.narrow.strip("–"), objective.label) if word)
        line = LineButton(self._theme, objective.code, sentence, assessment.status)
        line.clicked.connect(lambda: self._go("objectifs", objective.code))
        yield line

    def _engagement_lines(self, situation: Situation, engagement: Engagement) -> Iterable[QWidget]:
        meteo = situation.meteo_of(engagement.key)
        weather = meteo.weather if meteo else None
        line = WeatherLine(self._theme, engagement.code, engagement.label, weather)
        line.clicked.connect(lambda: self._go("engagements", engagement.code))
        yield line
        precisions = situation.precisions_of(engagement.key)
        if precisions:
            yield aside(f"Précisions lues sous cet engagement\u202f:\n{told_short(precisions)}", select=True)

    def _show_fundings(self) -> None:
        body = self._card("Moyens mobilisés")
        fundings = [
            item for item in self._situation.dossier.fundings if item.partner == self._summary.partner.key
        ]
        for funding in fundings:
            body.addWidget(funding_label(funding))
        if not fundings:
            body.addWidget(label("Aucun moyen déclaré à ce jour.", "mention"))

    def _show_conditions(self, codes: dict[str, str]) -> None:
        conditions = [
            item for item in self._situation.dossier.conditions if item.partner == self._summary.partner.key
        ]
        if not conditions:
            return
        body = self._card("Conditions")
        for condition in conditions:
            scope = codes.get(self._situation.followed_by(condition.engagement), "Tous les engagements")
            body.addWidget(label(f"{scope}\u202f: {condition.text}", wrap=True, select=True))

    def _fill(
        self,
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
            self._unfolded.add(noun[1])
            before = body.count()
            show(things[_FIRST:])
            item = body.itemAt(before)
            first = item.widget() if item is not None else None
            if first is not None:
                first.show()
                first.setFocus()

        whole = noun[1] in self._unfolded
        show(things if whole else things[:_FIRST])
        if len(things) > _FIRST and not whole:
            more = button(f"Voir {plural(len(things) - _FIRST, *noun)}", show_rest, role="quiet")
            body.addWidget(more)


def funding_label(funding: Funding) -> QLabel:
    words = f"{funding.code} · {funding.amount_words} · {funding.years} · {funding.label}"
    return label(words, wrap=True, select=True)
