"""Many contracts on one day, side by side: who is late, who has not answered, what they follow in common.

Nothing is summed from one contract to another, nor from one scale to another, and no percentage is averaged: counts stand
beside their whole, and what many contracts have in common is told by a median, with how many it is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import takewhile
from statistics import median

from msgspec import Struct

from qpvdesk.domain import common, counts
from qpvdesk.domain.common import SharedPromise
from qpvdesk.domain.counts import PartnerSummary, promised_count
from qpvdesk.domain.expected import to_ask
from qpvdesk.domain.french import UNKNOWN, fold, plural, unquoted
from qpvdesk.domain.how_far import part_words
from qpvdesk.domain.meetings import overdue
from qpvdesk.domain.model import Contract, Partner
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.review import Review
from qpvdesk.domain.scales import is_beyond_home, scale_word, told_apart
from qpvdesk.domain.statuses import STATUT_ORDER, Statut, to_handle

_FIRST_MAX = 3
NO_SUM = (
    "Rien ne s’additionne d’un contrat à l’autre, ni d’une échelle à l’autre\u202f: chaque nombre est compté sur ses"
    " objectifs promis, et ce qui est sans réponse sur les chiffres à demander."
)
MEDIAN_CONTRACTS_MIN = 3
"""Of fewer contracts a median says nothing that the table does not."""


class Silence(Struct, frozen=True):
    """A partner that has figures to give: how many, of how many that were never given or are too old."""

    partner: Partner
    figures: int


class Followed(Struct, frozen=True):
    """An objective of a scale wider than its contract's, as that contract follows it."""

    promise: SharedPromise
    contract: Contract
    partner: Partner
    scale: str
    assessment: Assessment


class ContractLine(Struct, frozen=True):
    """Where one contract stands, by the counts of its own dashboard."""

    contract: Contract
    day: date
    counts: Mapping[Statut, int]
    own_counts: Mapping[Statut, int]
    """Those of its own scale and below: what is followed in common is left out."""
    partners: tuple[PartnerSummary, ...]
    silences: tuple[Silence, ...]
    late_decisions: int
    first: tuple[str, ...]
    """What is to be looked at first, in words."""
    followed: tuple[Followed, ...]

    @property
    def promised(self) -> int:
        return promised_count(self.counts)

    @property
    def to_handle(self) -> int:
        """How many of them are *à traiter*."""
        return to_handle(self.counts)

    @property
    def late_share(self) -> Fraction | None:
        """The part of its promises that is *à traiter*; None where it has none."""
        return _late_share(self.counts)

    @property
    def own_share(self) -> Fraction | None:
        """The same of its own scale and below."""
        return _late_share(self.own_counts)

    def share_of(self, partner: str) -> Fraction | None:
        summary = self.summary_of(partner)
        return _late_share(summary.counts) if summary is not None else None

    def summary_of(self, partner: str) -> PartnerSummary | None:
        """The counts of the partner of that code; None where it has promised nothing here."""
        return next(
            (item for item in self.partners if item.partner.code == partner and item.objectives), None
        )


class Overview(Struct, frozen=True):
    """The contracts of a base, the latest first."""

    day: date
    lines: tuple[ContractLine, ...]

    @property
    def names(self) -> dict[str, str]:
        """How each contract is called beside the others, by key: without the words that all of them begin with."""
        words = {item.contract.key: unquoted(item.contract.name).split() for item in self.lines}
        pairs = zip(min(words.values()), max(words.values()), strict=False) if len(words) > 1 else ()
        alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        begun = min(alike, *(len(split) - 1 for split in words.values())) if alike else 0
        return {key: " ".join(split[begun:]) for key, split in words.items()}

    @property
    def partners(self) -> tuple[Partner, ...]:
        """Those that have promised something, one for each code: what the most contracts have first."""
        known: dict[str, Partner] = {}
        contract_counts: dict[str, int] = {}
        for line in self.lines:
            for item in line.partners:
                if item.objectives:
                    known.setdefault(item.partner.code, item.partner)
                    contract_counts[item.partner.code] = contract_counts.get(item.partner.code, 0) + 1
        return tuple(
            sorted(known.values(), key=lambda item: (-contract_counts[item.code], item.rank, item.code))
        )

    @property
    def median_late(self) -> tuple[Fraction, int] | None:
        """The median of the parts of promises that are *à traiter*, and how many contracts it is of."""
        shares = [line.late_share for line in self.lines if line.late_share is not None]
        return (median(shares), len(shares)) if len(shares) >= MEDIAN_CONTRACTS_MIN else None

    @property
    def common(self) -> tuple[tuple[Followed, ...], ...]:
        """The objectives that several contracts follow, each as they follow it, by name of contract.

        Those of which they do not say the same come first, then by the worst status that one of them has.
        """
        groups: dict[SharedPromise, list[Followed]] = {}
        for line in sorted(self.lines, key=lambda line: fold(line.contract.name)):
            for item in line.followed:
                groups.setdefault(item.promise, []).append(item)
        shared = sorted(
            ((promise, items) for promise, items in groups.items() if len(items) > 1),
            key=lambda pair: pair[0],
        )
        shared.sort(
            key=lambda pair: (
                agree(pair[1]),
                min(STATUT_ORDER.index(item.assessment.status) for item in pair[1]),
            )
        )
        return tuple(tuple(items) for _, items in shared)


def counted_words(by_status: Mapping[Statut, int]) -> str:
    """`7 sur 37`: how many are *à traiter*, of how many promised."""
    whole = promised_count(by_status)
    return f"{to_handle(by_status)} sur {whole}" if whole else UNKNOWN


def _late_share(by_status: Mapping[Statut, int]) -> Fraction | None:
    whole = promised_count(by_status)
    return Fraction(to_handle(by_status), whole) if whole else None


def agree(group: Sequence[Followed]) -> bool:
    """Whether the contracts that follow an objective say the same of it: one value, on one day."""
    first = group[0].assessment
    return all(
        item.assessment.value == first.value and item.assessment.value_day == first.value_day
        for item in group[1:]
    )


def common_sentence(common: Sequence[Sequence[Followed]]) -> str:
    """How many objectives are common, and how many of them are not told alike."""
    if not common:
        return "Aucun objectif n’est suivi par plusieurs contrats"
    count = plural(len(common), "objectif commun", "objectifs communs")
    known = [group for group in common if is_known(group)]
    unknown, apart = len(common) - len(known), sum(not agree(group) for group in known)
    if not known:
        return f"{count}, sans valeur"
    alike = "le même chiffre partout"
    if apart == len(common):
        return f"{count}, {'aucun n’a' if apart > 1 else 'qui n’a pas'} {alike}"
    differing = plural(apart, f"n’a pas {alike}", f"n’ont pas {alike}") if apart else ""
    if not unknown:
        return f"{count}, {f'dont {differing}' if apart else alike}"
    others = f"des {len(known)} autres" if len(known) > 1 else "de l’autre"
    return f"{count}, dont {unknown} sans valeur\u202f; {differing or f'{others}, {alike}'}"


def is_known(group: Sequence[Followed]) -> bool:
    """Whether a contract that follows an objective has a value of it: of what none knows, none says the same."""
    return any(item.assessment.value is not None for item in group)


def median_sentence(overview: Overview) -> str:
    """The median of the parts *à traiter* with how many contracts it is of; empty for too few."""
    late = overview.median_late
    if late is None:
        return ""
    share, count = late
    return (
        f"Médiane de {plural(count, 'contrat', 'contrats')}\u202f: {part_words(share)} des objectifs promis sont à"
        " traiter."
    )


def line_of(review: Review) -> ContractLine:
    now = review.situation
    asked: dict[str, int] = {}
    for item in to_ask(now):
        asked[item.objective.partner] = asked.get(item.objective.partner, 0) + 1
    own = (item for item in now.counted if not is_beyond_home(now, item.objective))
    shared = tuple(
        Followed(
            promise,
            now.dossier.contract,
            now.partner(item.partner),
            scale_word(now, item),
            now.assessments[item.key],
        )
        for promise, item in common.shared_promises(now).items()
        if item.key in now.promised_keys
    )
    return ContractLine(
        now.dossier.contract,
        now.day,
        dict(now.counts),
        counts.count(own),
        now.partners,
        tuple(Silence(item, asked[item.key]) for item in now.dossier.partners if item.key in asked),
        len(overdue(now.dossier, now.day)),
        tuple(told_apart(now, item.objective) for item in now.to_look_at(_FIRST_MAX).shown),
        shared,
    )


def overview(day: date, lines: Iterable[ContractLine]) -> Overview:
    """Rank contracts by lateness: the greatest part of promises *à traiter* first, of equal parts the most of them."""

    def rank(line: ContractLine) -> tuple[bool, Fraction, int, str]:
        share = line.late_share
        return share is None, -(share or Fraction(0)), -line.to_handle, fold(line.contract.name)

    return Overview(day, tuple(sorted(lines, key=rank)))
