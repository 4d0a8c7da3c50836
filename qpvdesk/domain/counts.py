"""Many objectives together: how many stand where, on what mean, which to speak of first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from qpvdesk.domain.model import Partner
from qpvdesk.domain.progress import Assessment, Statut


class PartnerSummary(Struct, frozen=True):
    """A partner's objectives on a day."""

    partner: Partner
    counts: Mapping[Statut, int]
    """Every status, zero included."""
    objectives: int
    """How many are promised (context figures left out)."""
    mean_rate: Fraction | None
    """Weighted mean of the bounded rates of the `rated` objectives that have a way to go (`hausse`, `baisse`)."""
    rated: int


WORRYING = (Statut.NON_ATTEINT, Statut.EN_RETARD, Statut.A_SURVEILLER)
SEVERITY: dict[Statut, int] = {
    Statut.ATTEINT: 0,
    Statut.EN_AVANCE: 1,
    Statut.CONFORME: 2,
    Statut.A_SURVEILLER: 3,
    Statut.EN_RETARD: 4,
    Statut.NON_ATTEINT: 5,
}
"""How bad a status is; those that tell nothing of progress are left out."""


def count(assessments: Iterable[Assessment]) -> dict[Statut, int]:
    """How many stand at each status, zero included."""
    counts = dict.fromkeys(Statut, 0)
    for item in assessments:
        counts[item.status] += 1
    return counts


def mean_rate(assessments: Iterable[Assessment]) -> tuple[Fraction | None, int]:
    """The weighted mean of the bounded rates, and how many it covers. Flags (kept or not, done or not) stay out."""
    total = weights = Fraction(0)
    rated = 0
    for item in assessments:
        gauge = item.gauge
        if gauge is None or item.flagged:
            continue
        weight = Fraction(item.objective.weight)
        total += gauge * weight
        weights += weight
        rated += 1
    return (total / weights if weights else None), rated


def summary(partner: Partner, assessments: Sequence[Assessment]) -> PartnerSummary:
    """The partner's objectives, counted."""
    mean, rated = mean_rate(assessments)
    promised = sum(1 for item in assessments if item.status is not Statut.SUIVI)
    return PartnerSummary(partner, count(assessments), promised, mean, rated)


def has_line(assessment: Assessment) -> bool:
    """Whether it can be told how far behind it is."""
    return assessment.lead is not None or assessment.gap is not None


def behind(assessment: Assessment) -> Fraction:
    """How far behind, as a fraction of the way or of the bound; the least first."""
    if assessment.lead is not None:
        return assessment.lead
    gap = -abs(assessment.gap or Fraction(0))
    value = assessment.value or Fraction(0)
    bound = value - (assessment.gap or Fraction(0))
    return gap / abs(bound) if bound else gap


def worrying(assessments: Iterable[Assessment]) -> list[Assessment]:
    """Those to speak of: missed, then late, then to watch; the furthest behind first."""
    rank = {status: index for index, status in enumerate(WORRYING)}
    chosen = [item for item in assessments if item.status in rank and has_line(item)]
    return sorted(chosen, key=lambda item: (rank[item.status], behind(item)))
