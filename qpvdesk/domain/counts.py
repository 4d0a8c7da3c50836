"""Many objectives together: how many stand where, and on what mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Dossier, Level, Partner
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.scales import scale_of
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.targets import start_of

NO_PARTNER = "sans partenaire désigné"
"""Whose a thing is that nobody bears."""
_MEAN_OBJECTIVES_MIN = 2
"""One rate alone is no mean: it stands in its own row."""
OBJECTIVE_NOUNS = ("objectif ou indicateur", "objectifs et indicateurs")
"""What one and several are called where those that are only followed are counted too."""


class PartnerSummary(Struct, frozen=True):
    """A partner's objectives on a day."""

    partner: Partner
    counts: Mapping[Statut, int]
    """Every status, zero included."""
    objectives: int
    """How many are promised (context figures left out)."""
    mean_rate: Fraction | None
    """Weighted mean of the bounded rates of the `rated` objectives, all of one `scale`; None where scales differ, or
    for one alone."""
    rated: int
    """How many have a way to go from a known start, and a value."""
    scale: Level | None = None
    """That of the mean; None without one."""

    @property
    def mean_reason(self) -> str:
        """Why there is no mean, in French; empty where there is one."""
        if self.mean_rate is not None:
            return ""
        if not self.rated:
            return "aucun chemin mesurable"
        return "un seul chemin mesurable" if self.rated < _MEAN_OBJECTIVES_MIN else "échelles différentes"


SEVERITY: dict[Statut, int] = {
    Statut.ATTEINT: 0,
    Statut.EN_AVANCE: 1,
    Statut.CONFORME: 2,
    Statut.A_SURVEILLER: 3,
    Statut.EN_RETARD: 4,
    Statut.NON_ATTEINT: 5,
}
"""How bad a status is; those that tell nothing of progress are left out."""


def turn(before: Statut, after: Statut) -> int:
    """Above 0 where a status has become worse, below 0 where better; 0 where one of the two tells nothing of progress.

    A target is reached all the same by what had no trajectory towards it.
    """
    if (before, after) == (Statut.SANS_TRAJECTOIRE, Statut.ATTEINT):
        return -1
    return SEVERITY[after] - SEVERITY[before] if before in SEVERITY and after in SEVERITY else 0


def count(assessments: Iterable[Assessment]) -> dict[Statut, int]:
    """How many stand at each status, zero included."""
    counts = dict.fromkeys(Statut, 0)
    for item in assessments:
        counts[item.status] += 1
    return counts


def mean_rate(assessments: Iterable[Assessment]) -> Fraction | None:
    """The weighted mean of the bounded rates of objectives that have a way to go; None where none weighs."""
    total = weights = Fraction(0)
    for item in assessments:
        weight = Fraction(item.objective.weight)
        total += (item.gauge or 0) * weight
        weights += weight
    return total / weights if weights else None


def promised_count(by_status: Mapping[Statut, int]) -> int:
    """How many of those counted are promised: what is only followed is not."""
    return sum(number for status, number in by_status.items() if status is not Statut.SUIVI)


def summary(index: Index, partner: Partner, assessments: Sequence[Assessment]) -> PartnerSummary:
    """The partner's objectives, counted. `assessments`: of those that count."""
    with_way = [
        item
        for item in assessments
        if item.gauge is not None and not item.flagged and start_of(item.objective)[0] is not None
    ]
    scales = {scale_of(index, item.objective) for item in with_way}
    mean = mean_rate(with_way) if len(scales) == 1 and len(with_way) >= _MEAN_OBJECTIVES_MIN else None
    by_status = count(assessments)
    scale = scales.pop() if mean is not None else None
    return PartnerSummary(partner, by_status, promised_count(by_status), mean, len(with_way), scale)


def partner_counts(dossier: Dossier, partners: Iterable[str | None]) -> str:
    """« Bpifrance 5, ARS 2 »: how many of each partner (its key), the most first; the name alone where all are of one."""
    names = dossier.partner_names
    counts = Counter(names.get(key or "", NO_PARTNER) for key in partners)
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())
