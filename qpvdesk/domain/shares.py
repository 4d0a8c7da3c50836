"""What falls to one place of a figure that was promised for a wider one."""

from __future__ import annotations

import re
from fractions import Fraction

from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Aggregation, Mesure, Objective, Territory

_INTENSIVE = re.compile(
    r"^(%|pt|points?\b|fois\b|taux\b|parts?\b|moyenne|médiane|indice|note|rang|score|âge|ratio)"
    r"|/|[\s\u00a0\u202f](pour|par)[\s\u00a0\u202f]"
)
_DURATION = re.compile(r"^(h|heures?|min|minutes?|jours?|semaines?|mois|ans?|années?)\b")


def divisible(objective: Objective) -> bool:
    """Whether the figure is a number of things, so that a place may be told its part of it.

    How the contract has it added up says it first: what sums over places can be dealt out, a mean or a share
    cannot. Else the unit says it: no ratio, no multiple, and no duration unless hours or days are counted up.
    """
    if objective.aggregation is not Aggregation.AUCUN:
        return objective.aggregation is Aggregation.SOMME
    unit = objective.unit.strip().lower()
    if _INTENSIVE.search(unit):
        return False
    return objective.mesure is not Mesure.STOCK or not _DURATION.match(unit)


def quote_part(index: Index, objective: Objective, territory: Territory) -> Fraction | None:
    """The territory's *quote-part indicative* of a target set wider: target × its inhabitants in QPV over those of
    the objective's territory. None for what cannot be dealt out (`divisible`) or where a local target exists.
    Indicative: never counted in a status."""
    aim = objective.aim
    if not (aim.has_target and aim.is_figure) or objective.target_value is None or not divisible(objective):
        return None
    if objective.territory == territory.key or not index.is_within(territory, objective.territory):
        return None
    if any(child.territory == territory.key for child in index.children_of(objective.key)):
        return None
    part, whole = index.population(territory.key), index.population(objective.territory)
    if part is None or not whole:
        return None
    return Fraction(objective.target_value) * part / whole
