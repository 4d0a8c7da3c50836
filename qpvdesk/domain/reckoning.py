"""What the rules of progress said of a contract on a day: all that a situation is beside its dossier.

An arrêté keeps it as it was said: what reads it back asks no rule again.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from qpvdesk.domain.counts import PartnerSummary
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.projection import Projection
from qpvdesk.domain.readings import Series
from qpvdesk.domain.statuses import Statut


class Standing(Struct, frozen=True):
    """Where every objective stood on a day, by key."""

    day: date
    assessments: dict[str, Assessment]


class Reckoning(Struct, frozen=True):
    """Values, rates, statuses, counts and order of a contract on a day. Objectives are told by their keys."""

    assessments: tuple[Assessment, ...]
    """In the order of the contract."""
    counted: tuple[str, ...]
    """Those that every count is made of: a parent for its children, no place elsewhere."""
    counts: dict[Statut, int]
    partners: tuple[PartnerSummary, ...]
    to_treat: tuple[str, ...]
    """Those to speak of, the first first."""
    projections: dict[str, Projection]
    """Of those whose pace leads somewhere."""
    series: dict[str, Series]
    """The values by day of those that are reckoned from others."""
