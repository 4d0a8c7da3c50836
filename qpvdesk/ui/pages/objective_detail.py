"""What is known of one objective: where it stands, its trajectory, its measurements, its source, its history."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QTabWidget, QVBoxLayout, QWidget

from qpvdesk.domain.declined import own_words
from qpvdesk.domain.french import enumerate_words, format_date
from qpvdesk.domain.how_far import figure_words, message_words, value_words
from qpvdesk.domain.model import Measurement, Objective
from qpvdesk.domain.progress import Assessment, status_words, trend_words
from qpvdesk.domain.review import Review
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.wording import called, of
from qpvdesk.services.journals import HistoryEntry
from qpvdesk.ui.kit.controls import button, tabs
from qpvdesk.ui.kit.table import Table
from qpvdesk.ui.kit.table_menu import RowAct
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import GAP, SNUG, TIGHT, fill, in_row, scrolled, stacked
from qpvdesk.ui.models.table import Column, TableModel
from qpvdesk.ui.pages.objective_facts import FactsGrid, far_words, source_lines
from qpvdesk.ui.picture import Picture
from qpvdesk.ui.terms import explain, meaning
from qpvdesk.ui.theme import Theme
from qpvdesk.ui.widgets.card import clear
from qpvdesk.ui.widgets.cell_delegate import Gauge
from qpvdesk.ui.widgets.citation import CitationView
from qpvdesk.ui.widgets.detail_panel import DetailPanel
from qpvdesk.ui.widgets.empty import EmptyState
from qpvdesk.ui.widgets.flow import Flow
from qpvdesk.ui.widgets.labels import aside, label, line
from qpvdesk.ui.widgets.line_button import LineButton
from qpvdesk.ui.widgets.status_badge import StatusBadge
from qpvdesk.ui.widgets.trajectory_view import TrajectoryView


class MeasurementTable(Table):
    """Date, value, source."""

    correct_asked = Signal(str)
    remove_asked = Signal(str)
    """Key of the measurement."""

    def __init__(self, theme: Theme) -> None:
        self._objective: Objective | None = None
        model: TableModel[Measurement] = TableModel(
            (
                Column("Date", lambda row: format_date(row.day), lambda row: row.day, width=theme.px(96)),
                Column(
                    "Valeur",
                    lambda row: figure_words(row.value, self._objective) if self._objective else "",
                    lambda row: row.value,
                    right=True,
                    width=theme.px(110),
                ),
                Column("Source", _origin, width=0, tooltip=_whole),
            ),
            lambda row: row.key,
        )
        self._measurements = model
        super().__init__(model, "Relevés de l’objectif")
        model.setParent(self)
        self.set_row_height(theme.px(28))
        self.row_opened.connect(lambda row: self.correct_asked.emit(row.key))
        self.menu.offer = self._acts

    def show_measurements(self, rows: Sequence[Measurement], objective: Objective, *, reckoned: bool) -> None:
        """Show the measurements of another objective; `rows` are oldest first. `reckoned`: from those of its parts."""
        self._objective = objective
        self.empty_words = (
            "Sa valeur se calcule\u202f: relevez celle de chaque lieu (onglet Déclinaisons)."
            if reckoned
            else "Aucun relevé encore. «\u202fSaisir un relevé\u202f» en donne un premier (Ctrl+N)."
        )
        self._measurements.set_rows(tuple(reversed(rows)))

    def _acts(self, rows: Sequence[Measurement]) -> list[RowAct | None]:
        key = rows[0].key if rows else ""
        return [
            RowAct("Corriger…", lambda: self.correct_asked.emit(key), "F2", bool(rows)),
            RowAct("Supprimer", lambda: self.remove_asked.emit(key), "Del", bool(rows)),
        ]


def _origin(row: Measurement) -> str:
    words = row.source or (row.citation.section if row.citation else "") or "Source non précisée"
    return f"{words} (provisoire)" if row.provisional else words


def _whole(row: Measurement) -> str:
    parts = [_origin(row), row.comment]
    if row.citation is not None:
        parts.append(f"Repère\u202f: «\u202f{row.citation.mark}\u202f»")
    if row.entered_on is not None:
        parts.append(f"Saisi le {format_date(row.entered_on)}")
    return "\n".join(part for part in parts if part)


class ObjectiveDetail(DetailPanel):
    """The right-hand part of the objectives page; given a picture and a key, it asks for nothing itself."""

    enter_asked = Signal(str)
    """Key of the objective."""
    correct_asked = Signal(str, str)
    """Keys of the objective and of the measurement."""
    remove_asked = Signal(str)
    objective_asked = Signal(str)
    """Code of another objective."""
    partner_asked = Signal(str)
    address_asked = Signal(object)
    """The `Address` of a passage."""
    files_asked = Signal(str, str)
    """Key of a measurement, and what it is called: its files."""
    history_asked = Signal(str)
    """Code of the objective whose journal is to be shown with `show_history`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            "Détail de l’objectif",
            theme.px(370),
            spacing=GAP,
            nothing=EmptyState(
                "Aucun objectif choisi",
                "Choisissez une ligne du tableau\u202f: sa trajectoire, ses relevés et sa source se lisent ici.",
            ),
        )
        self._theme = theme
        self._picture: Picture | None = None
        self._key = ""
        self._make_body()

    @property
    def key(self) -> str:
        """Key of the objective shown; empty where there is none."""
        return self._key

    def show_objective(self, picture: Picture, key: str) -> None:
        """Show an objective of a picture; an empty key shows none."""
        if key and key == self._key and picture is self._picture:
            # The table has selected it anew, on the way to the same picture.
            return
        other = key != self._key
        self._picture = picture
        self._key = key
        if not key:
            self.show_nothing()
            return
        self.show_column()
        self.begin(key)
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
        self._rate.setText(far_words(assessment))
        self._facts.show_assessment(assessment)
        self._message.setText(message_words(assessment))
        self._message.setVisible(bool(self._message.text()))
        disputes = picture.review.disputes_on(objective.code)
        self._disputed.setText("\n".join(f"Désaccord – {sentence}" for sentence in disputes))
        self._disputed.setVisible(bool(disputes))
        self._say_projection(picture.review, assessment)
        self._chart.show_objective(situation, key)
        rows = situation.measurements_of(key)
        self._table.show_measurements(rows, objective, reckoned=bool(assessment.parts))
        self._tabs.setTabText(0, f"Relevés ({len(rows)})")
        self._enter.setEnabled(picture.editable)
        self._enter.setText("Saisir un relevé propre" if assessment.parts else "Saisir un relevé")
        for act in (self._enter, self._correct, self._remove, self._files):
            act.setHidden(picture.projected)
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
            self._history.addWidget(aside(words))
        self._history.addStretch(1)

    def _make_body(self) -> None:
        layout = self.column
        head = Flow(last_right=True)
        self._code: QLabel = label("", "code", select=True)
        self._partner = button("", self._ask_partner, role="quiet")
        self._enter = button("Saisir un relevé", lambda: self.enter_asked.emit(self._key), role="primary")
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
        self._disputed = label("", "warning", wrap=True, select=True)
        layout.addWidget(self._disputed)
        self._facts = FactsGrid()
        layout.addLayout(self._facts)
        self._message = label("", "strong", wrap=True, select=True)
        layout.addWidget(self._message)
        self._chart = TrajectoryView(self._theme)
        self._chart.setMinimumHeight(self._theme.px(190))
        self._chart.measurement_asked.connect(lambda key: self.correct_asked.emit(self._key, key))
        layout.addWidget(self._chart, 1)
        self._projection = aside("")
        fill(layout, self._projection, (self._make_tabs(), 1))

    def _make_tabs(self) -> QTabWidget:
        self._tabs = tabs("Relevés, déclinaisons, source et historique")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.setMinimumHeight(self._theme.px(190))
        first = QWidget()
        layout = stacked(on=first, spacing=SNUG, margins=(0, GAP, 0, 0))
        self._table = MeasurementTable(self._theme)
        self._table.correct_asked.connect(lambda key: self.correct_asked.emit(self._key, key))
        self._table.remove_asked.connect(self.remove_asked)
        self._table.row_selected.connect(self._allow)
        layout.addWidget(self._table, 1)
        table = self._table
        self._correct = button("Corriger", lambda: self._with_row(table.correct_asked.emit), role="quiet")
        self._remove = button("Supprimer", lambda: self._with_row(table.remove_asked.emit), role="quiet")
        self._files = button("Pièces jointes…", self._ask_files, role="quiet")
        for act in (self._correct, self._remove, self._files):
            act.setEnabled(False)
        layout.addLayout(in_row(self._correct, self._remove, self._files, 1))
        self._tabs.addTab(first, "Relevés")
        self._parts = self._add_tab("Déclinaisons")
        self._source = self._add_tab("Source")
        self._history = self._add_tab("Historique")
        self._tabs.currentChanged.connect(self._turn)
        return self._tabs

    def _add_tab(self, title: str) -> QVBoxLayout:
        area, layout = scrolled(title, "panelbody", read=True, spacing=TIGHT, margins=(0, GAP, TIGHT, 0))
        self._tabs.addTab(area, title)
        return layout

    def _say_projection(self, review: Review, assessment: Assessment) -> None:
        objective = assessment.objective
        projection = review.situation.projection(objective.key)
        own, trend = own_words(review.situation, assessment), review.trend_of(objective.key)
        words = [f"Relevé propre – {own}." if own else "", projection.sentence if projection else ""]
        if trend is not None and not objective.aim.yes_or_no:
            words.append(f"Tendance {review.trend_since}\u202f: {trend_words(objective, trend)}.")
        self._projection.setText(" ".join(filter(None, words)))
        self._projection.setVisible(bool(self._projection.text()))
        if projection:
            tip(self._projection, projection.method, meaning("Projection"))

    def _show_parts(self, situation: Situation, assessment: Assessment) -> None:
        clear(self._parts)
        children = situation.children_of(assessment.objective.key)
        self._tabs.setTabVisible(1, bool(children) or assessment.objective.parent is not None)
        self._tabs.setTabText(1, f"Déclinaisons ({len(children)})" if children else "Déclinaison")
        if assessment.objective.parent is not None:
            parent = situation.objective(assessment.objective.parent)
            self._parts.addWidget(label("Décline l’objectif", "mention"))
            self._parts.addWidget(self._objective_line(situation, parent.code))
        if assessment.missing:
            pending = enumerate_words([of(code).strip() for code in assessment.missing])
            words = f"Il manque la valeur {pending}\u202f: l’ensemble ne peut être calculé."
            self._parts.addWidget(label(words, "warning", wrap=True))
        if own := own_words(situation, assessment):
            self._parts.addWidget(
                label(f"Relevé propre, à côté de l’ensemble – {own}", wrap=True, select=True)
            )
        for child in children:
            self._parts.addWidget(self._objective_line(situation, child.code))
        self._parts.addStretch(1)

    def _objective_line(self, situation: Situation, code: str) -> LineButton:
        objective = situation.objective_by_code(code)
        assessment = situation.assessments.get(objective.key)
        place = situation.territory(objective.territory).name
        value = value_words(assessment) if assessment and assessment.value is not None else "aucun relevé"
        line = LineButton(
            self._theme, code, f"{place}\u202f: {value}", assessment.status if assessment else None
        )
        line.clicked.connect(lambda _=False: self.objective_asked.emit(code))
        return line

    def _show_source(self, situation: Situation, assessment: Assessment) -> None:
        clear(self._source)
        objective = assessment.objective
        if objective.citation is not None:
            self._source.addWidget(
                CitationView(situation, objective.citation, objective.key, self.address_asked.emit)
            )
        else:
            self._source.addWidget(
                label("Aucune source n’est indiquée pour cet objectif.", "warning", wrap=True)
            )
        for words, low in source_lines(situation, assessment):
            self._source.addWidget(label(words, "mention" if low else "", wrap=True, select=not low))
        self._source.addStretch(1)

    def _allow(self, row: object) -> None:
        able = row is not None and self._picture is not None and self._picture.editable
        self._correct.setEnabled(able)
        self._remove.setEnabled(able)
        measurement = self._table.current_row()
        self._files.setEnabled(measurement is not None)
        files = (
            self._picture.situation.dossier.joined(measurement.key) if measurement and self._picture else ()
        )
        self._files.setText(f"Pièces jointes ({len(files)})…" if files else "Pièces jointes…")

    def _ask_files(self) -> None:
        row = self._table.current_row()
        if row is None or self._picture is None:
            return
        objective = self._picture.situation.objective(self._key)
        value = figure_words(row.value, objective)
        self.files_asked.emit(row.key, f"{called(objective)}\u202f: {value} au {format_date(row.day)}")

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
