"""What is read of one place: who lives there, what it lies in and holds, its figures, what is promised here, then above."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from qpvdesk.domain.atlas import Atlas
from qpvdesk.domain.concerns import Concern, concerns, holds, lies_in, people_words, quartiers_title
from qpvdesk.domain.french import format_date, plural
from qpvdesk.domain.model import Territory
from qpvdesk.domain.shares import quote_part
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.visits import visit_codes, visits_in
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import fill, stacked
from qpvdesk.ui.terms import explain
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import clear
from qpvdesk.ui.widgets.detail_panel import DetailPanel
from qpvdesk.ui.widgets.labels import aside, label
from qpvdesk.ui.widgets.line_button import LineButton

Go = Callable[[str, str], None]
"""Goes to a page, at something of that code."""
_NOTHING = "Choisissez un territoire\u202f: sa population et ce qui le concerne se lisent ici."


class TerritoryDetail(DetailPanel):
    """The right part of the page. What is promised above is folded until it is asked for."""

    def __init__(self, theme: Theme, go: Go) -> None:
        super().__init__("Détail du territoire", theme.px(360))
        self._theme = theme
        self._go = go
        self._unfolded: set[str] = set()

    def show_nothing(self) -> None:
        clear(self.column)
        fill(self.column, aside(_NOTHING), 1)

    def show_place(self, situation: Situation, atlas: Atlas, place: Territory) -> None:
        self.begin(place.key)
        clear(self.column)
        add = self.column.addWidget
        add(label(f"{place.code} · {situation.places.levels.name(place.level)}", "code", select=True))
        add(label(place.name, "heading", wrap=True, select=True))
        if place.note:
            add(aside(place.note, select=True))
        self._add_people(situation, place)
        self._add_links(situation, place)
        self._add_indicators(situation, atlas, place)
        found = concerns(situation, place)
        add(label("Ici", "subheading"))
        if not found.here:
            add(aside("Rien n’est promis pour ce seul lieu."))
        for concern in found.here:
            self._add_concern(self.column, situation, concern, named=concern.place.key != place.key)
        self._add_establishments(situation, place)
        self._add_visits(situation, place)
        if found.above:
            add(label("Au-dessus", "subheading"))
        for concern in found.above:
            self._add_folded(situation, concern)
        self._add_shares(situation, place)
        self.column.addStretch(1)

    def _add_people(self, situation: Situation, place: Territory) -> None:
        self.column.addWidget(label("Habitants", "subheading"))
        words = people_words(situation, place)
        for sentence in words:
            self.column.addWidget(label(sentence, wrap=True, select=True))
        if not words:
            self.column.addWidget(aside("Aucune population n’est connue pour ce territoire."))

    def _add_links(self, situation: Situation, place: Territory) -> None:
        for title, items in (
            ("S’étend sur", lies_in(situation, place)),
            (quartiers_title(situation, place), holds(situation, place)),
        ):
            if items:
                self.column.addWidget(label(f"{title} ({len(items)})", "subheading"))
            for other, share in items:
                line = LineButton(
                    self._theme, other.code, f"{other.name}{f', {share}' if share else ''}", None
                )
                line.clicked.connect(lambda _=False, code=other.code: self._go("territoires", code))
                self.column.addWidget(line)

    def _add_indicators(self, situation: Situation, atlas: Atlas, place: Territory) -> None:
        found = atlas.indicators(place.key, situation.places, situation.dossier.territories)
        if not found:
            return
        self.column.addWidget(label("Chiffres de référence", "subheading"))
        for indicator in found:
            text = label(indicator.words, wrap=True, select=True)
            tip(
                text,
                f"{indicator.layer.note}\nSource\u202f: {indicator.layer.source}, {indicator.layer.vintage}".strip(),
            )
            self.column.addWidget(text)

    def _add_concern(
        self, column: QVBoxLayout, situation: Situation, concern: Concern, *, named: bool
    ) -> None:
        if named:
            column.addWidget(label(concern.place.name, "strong", wrap=True))
        for objective in concern.objectives:
            status = situation.assessments[objective.key].status
            line = LineButton(self._theme, objective.code, objective.label, status)
            line.clicked.connect(lambda _=False, code=objective.code: self._go("objectifs", code))
            column.addWidget(line)
        for engagement in concern.engagements:
            line = LineButton(self._theme, engagement.code, engagement.label, None)
            line.clicked.connect(lambda _=False, code=engagement.code: self._go("engagements", code))
            column.addWidget(line)

    def _add_folded(self, situation: Situation, concern: Concern) -> None:
        """A wider place as one line that unfolds."""
        count = len(concern.objectives) + len(concern.engagements)
        button = LineButton(self._theme, plural(count, "promesse", "promesses"), concern.place.name, None)
        button.setCheckable(True)
        inner = QWidget()
        column = stacked(on=inner)

        def unfold(shown: bool) -> None:
            if shown and column.count() == 0:
                self._add_concern(column, situation, concern, named=False)
            inner.setVisible(shown)
            (self._unfolded.add if shown else self._unfolded.discard)(concern.place.code)

        button.toggled.connect(unfold)
        inner.hide()
        fill(self.column, button, inner)
        button.setChecked(concern.place.code in self._unfolded)

    def _add_establishments(self, situation: Situation, place: Territory) -> None:
        own = [item for item in situation.dossier.establishments if item.territory == place.key]
        if own:
            self.column.addWidget(label("Établissements", "subheading"))
        for item in own:
            mark = f" ({item.label})" if item.label else ""
            self.column.addWidget(label(f"{item.name}{mark}", wrap=True, select=True))

    def _add_visits(self, situation: Situation, place: Territory) -> None:
        """The visits made here, the last first; each leads to what was seen and heard."""
        visits = visits_in(situation.dossier, place.key, situation.day)
        if visits:
            self.column.addWidget(label(f"Visites ({len(visits)})", "subheading"))
        codes = visit_codes(situation.dossier.visits)
        for visit in visits:
            line = LineButton(self._theme, format_date(visit.day), visit.place, None)
            line.clicked.connect(lambda _=False, code=codes[visit.key]: self._go("visites", code))
            self.column.addWidget(line)

    def _add_shares(self, situation: Situation, place: Territory) -> None:
        shares = [
            (objective, share)
            for objective in situation.objectives
            if (share := quote_part(situation, objective, place)) is not None
        ]
        if not shares:
            return
        self.column.addWidget(explain(label("Quote-part indicative", "subheading")))
        words = (
            "La part d’une cible plus large au prorata des habitants en quartier\u202f: "
            "un ordre de grandeur, jamais un objectif."
        )
        self.column.addWidget(aside(words))
        for objective, share in shares:
            sentence = f"{share.words(objective.unit)} · {objective.label}"
            line = LineButton(self._theme, objective.code, sentence, None)
            line.clicked.connect(lambda _=False, code=objective.code: self._go("objectifs", code))
            self.column.addWidget(line)
