"""A trajectory for who listens: its figures as a table, and a sentence."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.primitives import Hit
from qpvdesk.domain.french import NNBSP, UNKNOWN, format_date, format_value, plural
from qpvdesk.domain.how_far import value_words
from qpvdesk.domain.model import Measurement, Objective
from qpvdesk.domain.progress import after_value
from qpvdesk.domain.projection import Projection, bare_words
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.targets import target_of

Line = tuple[tuple[date, Fraction], ...]


def trajectory_rows(promised: Line, measured: Line, unit: str) -> tuple[tuple[str, ...], ...]:
    """What was measured on each day, with what was promised for it."""

    def expected(day: date) -> str:
        for (before, low), (after, high) in itertools.pairwise(promised):
            if before <= day <= after and before < after:
                share = Fraction((day - before).days, (after - before).days)
                return format_value(low + (high - low) * share, unit, 1)
        return UNKNOWN

    return tuple((format_date(day), format_value(value, unit), expected(day)) for day, value in measured)


def trajectory_summary(situation: Situation, objective: Objective) -> str:
    """Say in one sentence what the drawing shows."""
    assessment = situation.assessments[objective.key]
    facts = [f"{objective.code}, {objective.label}"]
    if assessment.value is not None:
        facts.append(f"{value_words(assessment)} {after_value(assessment)}")
    else:
        facts.append("aucun relevé")
    target = target_of(objective)
    if target is not None:
        facts.append(
            f"cible de {format_value(target, objective.unit)} au {format_date(objective.target_date)}"
        )
    facts.append(f"statut «{NNBSP}{STATUS_MARKS[assessment.status].word}{NNBSP}»")
    count = len(situation.series(objective.key))
    return f"{NNBSP}; ".join([", ".join(facts), plural(count, "valeur", "valeurs")]) + "."


def trajectory_hits(
    measurements: Sequence[Measurement], unit: str, measured: Line, line: Sequence[tuple[float, float]]
) -> tuple[Hit, ...]:
    """What each value says under the pointer; `line`: where they are."""
    known = {item.day: item for item in measurements}
    hits = []
    for (day, value), (x, y) in zip(measured, line, strict=True):
        measurement = known.get(day)
        note = ""
        if measurement is not None and measurement.provisional:
            note += ", provisoire"
        if measurement is not None and measurement.source:
            note += f" ({measurement.source})"
        key = measurement.key if measurement is not None else day.isoformat()
        hits.append(Hit(x, y, key, day, value, unit, note))
    return tuple(hits)


def pace_words(objective: Objective, projection: Projection) -> str:
    """`au rythme constaté : environ 18 500`."""
    return f"au rythme constaté{NNBSP}: {bare_words(objective, projection)}"
