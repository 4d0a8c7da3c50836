"""What is known of one objective: where it stands, its trajectory, its measurements, its source, its history."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from qpvdesk.domain.declined import own_words
from qpvdesk.domain.french import format_date, format_number, format_value, plural
from qpvdesk.domain.how_far import HowFar, how_far
from qpvdesk.domain.model import FREQUENCY_LABELS, THEME_LABELS
from qpvdesk.domain.progress import Assessment, status_words, trend_words
from qpvdesk.domain.review import Review
from qpvdesk.domain.situation import Situation
from qpvdesk.services.journals import HistoryEntry
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.terms import explain, meaning
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import clear
from qpvdesk.ui.widgets.citation import CitationView
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.gauge import Gauge
from qpvdesk.ui.widgets.labels import label, line
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.measurement_table import MeasurementTable
from qpvdesk.ui.widgets.status_badge import StatusBadge
from qpvdesk.ui.widgets.trajectory_view import TrajectoryView


class ObjectiveDetail(QFrame):
    """The right-hand part of the objectives page; given a picture and a key, it asks for nothing itself."""

    enter_asked = Signal(str)
    """Key of the objective."""
    correct_asked = Signal(str, str)
    """Keys of the objective and of the measurement."""
    remove_asked = Signal(str)
    objective_asked = Signal(str)
    """Code of another objective."""
    partner_asked = Signal(str)
    place_asked = Signal(object)
    """The `Place` of a passage."""
    files_asked = Signal(str, str)
    """Key of a measurement, and what it is called: its files."""
    history_asked = Signal(str)
    """Code of the objective whose journal is to be shown with `show_history`."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture: Picture | None = None
        self._key = ""
        self.setProperty("role", "panel")
        self.setAccessibleName("Détail de l’objectif")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        outer.addWidget(self._stack)
        self._stack.addWidget(
            EmptyState(
                "Aucun objectif choisi",
                "Choisissez une ligne du tableau\u202f: sa trajectoire, ses relevés et sa source se lisent ici.",
            )
        )
        self._stack.addWidget(self._make_body())

    @property
    def key(self) -> str:
        """Key of the objective shown; empty where there is none."""
        return self._key

    def show_objective(self, picture: Picture, key: str) -> None:
        """Show an objective of a picture; an empty key shows none."""
        other = key != self._key
        self._picture = picture
        self._key = key
        self._stack.setCurrentIndex(1 if key else 0)
        if not key:
            return
        situation = picture.situation
        assessment = situation.assessments[key]
        objective = assessment.objective
        partner = situation.partner(objective.partner)
        self._code.setText(objective.code)
        self._partner.setText(partner.short_name)
        self._partner.setAccessibleName(f"Ouvrir la fiche de {partner.name}")
        self._label.setText(objective.label)
        self._badge.set_status(assessment.status, status_words(assessment))
        self._gauge.set_assessment(assessment)
        self._gauge.setVisible(assessment.rate is not None and not assessment.flagged)
        self._rate.setText(_far_words(how_far(assessment)))
        self._show_facts(picture.review, assessment)
        self._chart.show_objective(situation, key)
        rows = situation.measurements_of(key)
        self._table.show_measurements(rows, objective.unit)
        self._tabs.setTabText(0, f"Relevés ({len(rows)})")
        self._enter.setEnabled(picture.editable)
        for button in (self._enter, self._correct, self._remove, self._files):
            button.setHidden(picture.projected)
        tip(
            self._enter,
            "Base en lecture seule"
            if picture.read_only
            else "Sa valeur se calcule depuis ses déclinaisons\u202f; un relevé propre se lira à côté"
            if assessment.parts
            else "Saisir une nouvelle valeur (Ctrl+N)",
        )
        self._show_parts(situation, assessment)
        self._show_source(situation, assessment)
        if other:
            self._scroll.verticalScrollBar().setValue(0)
            clear(self._history)
        if self._tabs.currentIndex() == 3:
            self.history_asked.emit(objective.code)

    def show_history(self, entries: Sequence[HistoryEntry]) -> None:
        """Show the journal of the objective, in sentences."""
        clear(self._history)
        for entry in entries:
            self._history.addWidget(label(entry.sentence, wrap=True, select=True))
            self._history.addWidget(line())
        if not entries:
            words = "Rien n’a encore changé depuis la création du contrat. Chaque saisie et chaque correction s’inscrit ici."
            self._history.addWidget(label(words, "mention", wrap=True))
        self._history.addStretch(1)

    def _make_body(self) -> QScrollArea:
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName("Détail de l’objectif")
        body = QWidget()
        body.setObjectName("panelbody")
        self._scroll.setWidget(body)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        head = Flow(last_right=True)
        self._code: QLabel = label("", "code", select=True)
        self._partner = QPushButton()
        self._partner.setProperty("role", "quiet")
        self._partner.clicked.connect(self._ask_partner)
        self._enter = QPushButton("Saisir un relevé")
        self._enter.setProperty("role", "primary")
        self._enter.clicked.connect(lambda: self.enter_asked.emit(self._key))
        head.addWidget(self._code)
        head.addWidget(self._partner)
        head.addWidget(self._enter)
        layout.addLayout(head)
        self._label = label("", "heading", wrap=True, select=True)
        layout.addWidget(self._label)
        state = Flow(10)
        self._badge = StatusBadge(self._theme)
        self._rate: QLabel = label("", "strong")
        explain(self._rate, "Taux")
        self._gauge = Gauge(self._theme)
        state.addWidget(self._badge)
        state.addWidget(self._rate)
        state.addWidget(self._gauge)
        layout.addLayout(state)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(14)
        self._facts.setVerticalSpacing(1)
        for column in range(4):
            self._facts.setColumnStretch(column, 1)
        self._cells: list[tuple[QLabel, QLabel]] = []
        for place in range(4):
            name, value = label("", "mention", wrap=True), label("", "strong", wrap=True)
            self._facts.addWidget(name, 0, place, Qt.AlignmentFlag.AlignBottom)
            self._facts.addWidget(value, 1, place, Qt.AlignmentFlag.AlignTop)
            self._cells.append((name, value))
        layout.addLayout(self._facts)
        self._chart = TrajectoryView(self._theme)
        self._chart.setMinimumHeight(self._theme.px(190))
        self._chart.measurement_asked.connect(lambda key: self.correct_asked.emit(self._key, key))
        layout.addWidget(self._chart, 1)
        self._projection = label("", "mention", wrap=True)
        layout.addWidget(self._projection)
        layout.addWidget(self._make_tabs(), 1)
        return self._scroll

    def _make_tabs(self) -> QTabWidget:
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.setMinimumHeight(self._theme.px(190))
        self._tabs.setAccessibleName("Relevés, déclinaisons, source et historique")
        first = QWidget()
        layout = QVBoxLayout(first)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        self._table = MeasurementTable(self._theme)
        self._table.correct_asked.connect(lambda key: self.correct_asked.emit(self._key, key))
        self._table.remove_asked.connect(self.remove_asked)
        self._table.row_selected.connect(self._allow)
        layout.addWidget(self._table, 1)
        buttons = QHBoxLayout()
        self._correct = QPushButton("Corriger")
        self._remove = QPushButton("Supprimer")
        self._files = QPushButton("Pièces jointes…")
        for button in (self._correct, self._remove, self._files):
            button.setProperty("role", "quiet")
            button.setEnabled(False)
            buttons.addWidget(button)
        self._correct.clicked.connect(lambda: self._with_row(self._table.correct_asked.emit))
        self._remove.clicked.connect(lambda: self._with_row(self._table.remove_asked.emit))
        self._files.clicked.connect(self._ask_files)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        self._tabs.addTab(first, "Relevés")
        self._parts = self._add_tab("Déclinaisons")
        self._source = self._add_tab("Source")
        self._history = self._add_tab("Historique")
        self._tabs.currentChanged.connect(self._turn)
        return self._tabs

    def _add_tab(self, title: str) -> QVBoxLayout:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(title)
        held = QWidget()
        held.setObjectName("panelbody")
        layout = QVBoxLayout(held)
        layout.setContentsMargins(0, 8, 4, 0)
        layout.setSpacing(4)
        area.setWidget(held)
        self._tabs.addTab(area, title)
        return layout

    def _show_facts(self, review: Review, one: Assessment) -> None:
        situation, objective = review.situation, one.objective
        unit = objective.unit
        day = f"Au {format_date(one.value_day)}" if one.value_day else "Valeur"
        facts = [(day, format_value(one.value, unit) if one.value is not None else "–")]
        if one.flagged and objective.aim.is_figure:
            noun = "Référence" if objective.aim.compared else objective.aim.words.noun.capitalize()
            far = how_far(one)
            facts += [(noun, far.bound or "–"), ("Écart", far.gap or "–")]
            if objective.aim.compared:
                facts.append(("Indice", "–" if one.index is None else format_number(one.index, 2)))
        elif not objective.aim.promised:
            moved = one.evolution
            facts.append((f"Évolution {moved.since}", moved.words(unit)) if moved else ("Évolution", "–"))
        else:
            start = "non précisé"
            if objective.start_value is not None:
                start = format_value(objective.start_value, objective.start_unit or unit)
            facts.append((f"Départ, {format_date(objective.start_date)}", start))
            facts.append(("Attendu", _expected(one)))
            target = (
                "non précisée"
                if objective.target_value is None
                else format_value(objective.target_value, unit)
            )
            facts.append((f"Cible, {format_date(objective.target_date)}", target))
        facts = [*facts, *[("", "")] * 4][:4]
        for (name, value), (said, figure) in zip(self._cells, facts, strict=True):
            name.setText(said.removesuffix(", –"))
            tip(name, meaning(said))
            value.setText(figure)
        projection = situation.projection(objective.key)
        own = own_words(situation, one)
        words = [f"Relevé propre – {own}." if own else "", projection.sentence if projection else ""]
        trend = review.trend_of(objective.key)
        if trend is not None and not objective.aim.yes_or_no:
            words.append(f"Tendance {review.trend_since}\u202f: {trend_words(objective, trend)}.")
        self._projection.setText(" ".join(word for word in words if word))
        self._projection.setVisible(bool(self._projection.text()))
        if projection:
            tip(self._projection, projection.method, meaning("Projection"))

    def _show_parts(self, situation: Situation, one: Assessment) -> None:
        clear(self._parts)
        children = situation.children_of(one.objective.key)
        self._tabs.setTabVisible(1, bool(children) or one.objective.parent is not None)
        self._tabs.setTabText(1, f"Déclinaisons ({len(children)})" if children else "Déclinaison")
        if one.objective.parent is not None:
            parent = situation.objective(one.objective.parent)
            self._parts.addWidget(label("Décline l’objectif", "mention"))
            self._parts.addWidget(self._objective_line(situation, parent.code))
        if one.missing:
            words = f"Il manque la valeur de {', '.join(one.missing)}\u202f: l’ensemble ne peut être calculé."
            self._parts.addWidget(label(words, "warning", wrap=True))
        if own := own_words(situation, one):
            self._parts.addWidget(
                label(f"Relevé propre, à côté de l’ensemble – {own}", wrap=True, select=True)
            )
        for child in children:
            self._parts.addWidget(self._objective_line(situation, child.code))
        self._parts.addStretch(1)

    def _objective_line(self, situation: Situation, code: str) -> LineButton:
        objective = situation.objective_by_code(code)
        one = situation.assessments.get(objective.key)
        place = situation.territory(objective.territory).name
        value = format_value(one.value, objective.unit) if one and one.value is not None else "aucun relevé"
        made = LineButton(self._theme, code, f"{place}\u202f: {value}", one.status if one else None)
        made.clicked.connect(lambda _=False: self.objective_asked.emit(code))
        return made

    def _show_source(self, situation: Situation, one: Assessment) -> None:
        clear(self._source)
        objective = one.objective
        if objective.citation is not None:
            self._source.addWidget(
                CitationView(situation, objective.citation, objective.key, self.place_asked.emit)
            )
        else:
            self._source.addWidget(
                label("Aucune source n’est indiquée pour cet objectif.", "warning", wrap=True)
            )
        said = [
            ("Sens", objective.aim.label),
            ("Thématique", THEME_LABELS[objective.theme]),
            ("Territoire", situation.territory(objective.territory).name),
            ("Compte", objective.population),
            ("Relevé attendu", FREQUENCY_LABELS[objective.frequency]),
            ("Note", objective.note),
        ]
        if objective.engagement is not None:
            engagement = situation.engagement(objective.engagement)
            said.insert(0, ("Engagement", f"{engagement.code} – {engagement.label}"))
        for name, words in said:
            if words:
                self._source.addWidget(label(f"{name}\u202f: {words}", wrap=True, select=True))
        others = situation.measurements_of_other_places(objective.key)
        if others:
            words = f"{plural(len(others), 'relevé', 'relevés')} d’un autre territoire, montrés à part et jamais mêlés."
            self._source.addWidget(label(words, "mention", wrap=True))
        counters = [item for item in situation.dossier.counter_values if item.objective == objective.key]
        for counter in counters:
            self._source.addWidget(
                label(
                    f"Contre-valeur au {format_date(counter.day)}\u202f: "
                    f"{format_value(counter.value, objective.unit)} ({counter.reason}{', ' if counter.source else ''}"
                    f"{counter.source})",
                    wrap=True,
                )
            )
        self._source.addStretch(1)

    def _allow(self, row: object) -> None:
        able = row is not None and self._picture is not None and self._picture.editable
        self._correct.setEnabled(able)
        self._remove.setEnabled(able)
        held = self._table.current_row()
        self._files.setEnabled(held is not None)
        files = self._picture.situation.dossier.joined(held.key) if held and self._picture else ()
        self._files.setText(f"Pièces jointes ({len(files)})…" if files else "Pièces jointes…")

    def _ask_files(self) -> None:
        row = self._table.current_row()
        if row is None or self._picture is None:
            return
        objective = self._picture.situation.objective(self._key)
        value = format_value(row.value, objective.unit)
        self.files_asked.emit(row.key, f"{objective.code}\u202f: {value} au {format_date(row.day)}")

    def _with_row(self, do: object) -> None:
        row = self._table.current_row()
        if row is not None and callable(do):
            do(row.key)

    def _ask_partner(self) -> None:
        if self._picture is not None and self._key:
            objective = self._picture.situation.objective(self._key)
            self.partner_asked.emit(self._picture.situation.partner(objective.partner).code)

    def _turn(self, tab: int) -> None:
        if tab == 3 and self._picture is not None and self._key:
            self.history_asked.emit(self._picture.situation.objective(self._key).code)


def _far_words(far: HowFar) -> str:
    if far.rate and far.expected:
        return f"{far.rate} (attendu {far.expected})"
    return far.told[:1].upper() + far.told[1:]


def _expected(one: Assessment) -> str:
    value = one.expected_value
    if value is None:
        return "–"
    return format_value(value, one.objective.unit, 0 if abs(value) >= 20 else 1)
