"""What falls to one place of a figure that was promised for a wider one."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from msgspec import Struct

from qpvdesk.domain.french import NBSP, format_date, format_value
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


class QuotePart(Struct, frozen=True):
    """What falls to a place of a target set wider, or why it cannot be told."""

    value: Fraction | None
    vintage: date | None
    """That of both populations; None where nobody noted it."""
    reason: str = ""
    """French words; empty where there is a value."""

    def words(self, unit: str) -> str:
        """The part in words with the vintage that it rests on: `8 postes (habitants en QPV au 01/01/2018)`."""
        return self.reason if self.value is None else f"{self.amount(unit)} ({self.counted_by})"

    def amount(self, unit: str) -> str:
        """`8 postes`; why it cannot be told where it is not known."""
        if self.value is None:
            return self.reason
        # Under one, a whole number would round up what is not there.
        least = 0 < self.value < 1
        return f"<{NBSP}{format_value(1, unit)}" if least else format_value(self.value, unit, 0)

    @property
    def counted_by(self) -> str:
        """`habitants en QPV au 01/01/2018`: the people that it is reckoned from."""
        known = f"au {format_date(self.vintage)}" if self.vintage is not None else "de millésime inconnu"
        return f"habitants en QPV {known}"


def quote_part(index: Index, objective: Objective, territory: Territory) -> QuotePart | None:
    """The territory's *quote-part indicative* of a target set wider: target × its inhabitants in QPV over those of
    the objective's territory, in one vintage. None for what cannot be dealt out (`divisible`), where a local target
    exists, and where a population is not known. Indicative: never counted in a status."""
    aim = objective.aim
    if (
        not (aim.has_target and aim.is_figure)
        or aim.between
        or objective.target_value is None
        or not divisible(objective)
    ):
        return None
    if objective.territory == territory.key or not index.is_within(territory, objective.territory):
        return None
    if any(child.territory == territory.key for child in index.children_of(objective.key)):
        return None
    places = (territory.key, objective.territory)
    if any(index.population(place) is None for place in places):
        return None
    known = index.populations.together(places, "qpv")
    if known is None:
        vintages = (index.populations.latest_vintage(place, "qpv") for place in places)
        days = " et ".join(format_date(day) if day is not None else "inconnu" for day in vintages)
        return QuotePart(None, None, f"aucune, les populations sont de deux millésimes ({days})")
    vintage, (part, whole) = known
    return QuotePart(Fraction(objective.target_value) * part / whole, vintage) if whole else None
