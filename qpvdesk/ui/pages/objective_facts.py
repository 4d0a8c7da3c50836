"""What is said of an objective in the page of the objectives: four facts, how far it is, its source."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from qpvdesk.domain.breakdowns import breakdown_words
from qpvdesk.domain.evolution import counted_on
from qpvdesk.domain.french import NBSP, format_date, format_number, format_value, plural, raised
from qpvdesk.domain.how_far import how_far, value_words
from qpvdesk.domain.model import FREQUENCY_LABELS
from qpvdesk.domain.progress import Assessment, day_words
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.targets import due_words, yearly
from qpvdesk.ui.kit.tips import tip
from qpvdesk.ui.kit.tokens import GAP, HAIR
from qpvdesk.ui.terms import meaning
from qpvdesk.ui.widgets.labels import aside, label

_FACTS = 4


class FactsGrid(QGridLayout):
    """Four facts side by side, each under its name."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(GAP)
        self.setVerticalSpacing(HAIR)
        self._cells: list[tuple[QLabel, QLabel]] = []
        for place in range(_FACTS):
            self.setColumnStretch(place, 1)
            name, value = aside(""), label("", "strong", wrap=True)
            self.addWidget(name, 0, place, Qt.AlignmentFlag.AlignBottom)
            self.addWidget(value, 1, place, Qt.AlignmentFlag.AlignTop)
            self._cells.append((name, value))

    def show_assessment(self, assessment: Assessment) -> None:
        facts = [*_facts(assessment), *[("", "")] * _FACTS][:_FACTS]
        for place, ((name, value), (title, figure)) in enumerate(zip(self._cells, facts, strict=True)):
            name.setText(title.removesuffix(", –"))
            tip(name, meaning(title))
            # Its unit goes to the next line rather than under the edge; a fact that is not there leaves its room.
            value.setText(figure.replace(NBSP, " "))
            for part in (name, value):
                part.setVisible(bool(title))
                part.ensurePolished()
            words = [(part, word) for part in (name, value) for word in part.text().split(" ")]
            # Each has the room of its longest word, whose end would be under the edge.
            self.setColumnStretch(
                place, max(part.fontMetrics().horizontalAdvance(word) for part, word in words)
            )


def _facts(assessment: Assessment) -> Iterator[tuple[str, str]]:
    objective, value = assessment.objective, assessment.value
    unit, aim = objective.unit, objective.aim
    day = raised(day_words(assessment)) if assessment.value_day else "Valeur"
    yield day, value_words(assessment)
    if assessment.flagged and aim.is_figure:
        far = how_far(assessment)
        yield "Référence" if aim.compared else raised(aim.words.noun), far.bound or "–"
        yield "Écart", far.gap or "–"
        if aim.compared:
            yield "Indice", "–" if assessment.index is None else format_number(assessment.index, 2)
    elif not aim.promised:
        moved = assessment.evolution
        if moved and (earlier := moved.earlier_words(unit)):
            yield raised(moved.when), earlier
        else:
            yield (f"Évolution {moved.since}", moved.words(unit)) if moved else ("Évolution", "–")
    else:
        start, target = objective.start_value, objective.target_value
        # Between two facts that say the unit, its word would take their room.
        between = unit if unit.startswith("%") or (value is None and target is None) else ""
        yield (
            f"Départ, {format_date(objective.start_date)}",
            "non précisé" if start is None else format_value(start, objective.start_unit or between),
        )
        # What the line asks on the day of the figure, not today.
        yield f"Attendu, {_when(assessment)}", _expected(assessment, between)
        yield (
            f"Cible, {due_words(objective)}",
            "non précisée" if target is None else format_value(target, unit) + yearly(objective),
        )


def far_words(assessment: Assessment) -> str:
    """Return how far an objective is, beside its gauge."""
    far = how_far(assessment)
    if far.rate and far.expected:
        return f"{far.rate} (attendu {_when(assessment, 'au ')}\u202f: {far.expected})"
    return raised(far.told)


def _when(assessment: Assessment, at: str = "") -> str:
    """`31/03/2026`, `en 2025`: of when the figure is."""
    return counted_on(assessment.objective, assessment.value_day, assessment.measurement, at)


def source_lines(situation: Situation, assessment: Assessment) -> Iterator[tuple[str, bool]]:
    """Yield what is said under the citation of an objective, and whether it is a mention only."""
    objective = assessment.objective
    if objective.engagement is not None:
        engagement = situation.engagement(objective.engagement)
        yield f"Engagement\u202f: {engagement.code} – {engagement.label}", False
    for name, words in (
        ("Sens", objective.aim.label),
        ("Cible telle qu’écrite", objective.target_text),
        ("Thématique", situation.theme_names[objective.theme]),
        ("Territoire", situation.territory(objective.territory).name),
        ("Compte", objective.population),
        ("Relevé attendu", FREQUENCY_LABELS[objective.frequency]),
        ("Note", objective.note),
    ):
        if words:
            yield f"{name}\u202f: {words}", False
    others = len(situation.measurements_of_other_places(objective.key))
    if others:
        count = plural(others, "relevé", "relevés")
        yield f"{count} d’un autre territoire, montrés à part et jamais mêlés.", True
    for day, told in breakdown_words(situation.dossier, objective, situation.day):
        yield f"Ventilation au {format_date(day)}\u202f: {told}", False
    for counter in situation.dossier.counter_values:
        if counter.objective == objective.key and counter.day <= situation.day:
            reason = ", ".join(filter(None, (counter.reason, counter.source)))
            value = format_value(counter.value, objective.unit)
            yield (
                f"Autre chiffre (contre-valeur) au {format_date(counter.day)}\u202f: {value} ({reason})",
                False,
            )


def _expected(assessment: Assessment, unit: str) -> str:
    value = assessment.expected_value
    if value is None:
        return "–"
    return format_value(value, unit, 0 if abs(value) >= 20 else 1)
