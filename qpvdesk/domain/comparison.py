"""One contract seen twice – two COPIL, or a COPIL and today – objective by objective."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from operator import attrgetter

from msgspec import Struct

from qpvdesk.domain.counts import turn
from qpvdesk.domain.french import NNBSP, format_date, plural
from qpvdesk.domain.meetings import decided_by, is_open
from qpvdesk.domain.model import Decision, Objective
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.situation import Situation


class Fate(StrEnum):
    """What became of an objective, the most telling first: each has one."""

    MOINS_BIEN = "moins_bien"
    """Its status is worse."""
    MIEUX = "mieux"
    """Its status is better."""
    STATUT = "statut"
    """Its status changed from or to one that tells nothing of progress (not known, followed only)."""
    TAUX = "taux"
    """Same status, another rate or another value."""
    REVISE = "revise"
    """Same figures, but what was promised is not the same: start, target or their dates."""
    NOUVEAU = "nouveau"
    """It was not in the contract."""
    CLOS = "clos"
    """It is no longer in the contract."""
    INCHANGE = "inchange"


FATE_LABELS: dict[Fate, str] = {
    Fate.MOINS_BIEN: "Moins bien",
    Fate.MIEUX: "Mieux",
    Fate.STATUT: "Autre statut",
    Fate.TAUX: "Avancement",
    Fate.REVISE: "Révisé",
    Fate.NOUVEAU: "Nouveau",
    Fate.CLOS: "Retiré",
    Fate.INCHANGE: "Inchangé",
}


class Pair(Struct, frozen=True):
    """One objective in both pictures; `before` or `after` is None where it was not or is no longer in the contract."""

    objective: Objective
    """As it is in the later picture where it is there, else in the earlier one."""
    before: Assessment | None
    after: Assessment | None
    fate: Fate
    revised: bool
    """Whether its start, its target or their dates are not the same."""

    @property
    def rate_step(self) -> Fraction | None:
        """Rate after − rate before, a fraction; None where either is not known, or says only « kept » or not."""
        before, after = self.before, self.after
        if before is None or after is None or before.rate is None or after.rate is None:
            return None
        return None if before.flagged or after.flagged else after.rate - before.rate


class Comparison(Struct, frozen=True, dict=True):
    """A contract in two pictures, `before` the earlier."""

    before: Situation
    after: Situation
    pairs: tuple[Pair, ...]
    """Every objective of either picture, in the order of the later one; those that were closed last."""

    @cached_property
    def counts(self) -> Mapping[Fate, int]:
        """How many of what counts, promised or followed, met each fate, zero included."""
        return self._count(promised_too=True)

    @cached_property
    def followed(self) -> Mapping[Fate, int]:
        """How many of those nobody promised."""
        return self._count(promised_too=False)

    def _count(self, *, promised_too: bool) -> Mapping[Fate, int]:
        found = dict.fromkeys(Fate, 0)
        counted = {item.objective.key for item in self.after.counted}
        closed = {item.objective.key for item in self.before.counted} - self.after.assessments.keys()
        for pair in self.pairs:
            if pair.objective.key in counted | closed and (promised_too or not pair.objective.aim.promised):
                found[pair.fate] += 1
        return found

    @cached_property
    def moved(self) -> tuple[Pair, ...]:
        """The objectives that changed, the most telling fate first, the widest change of rate first within it."""
        place = {fate: rank for rank, fate in enumerate(Fate)}
        kept = [pair for pair in self.pairs if pair.fate is not Fate.INCHANGE]
        kept.sort(key=lambda pair: (place[pair.fate], -abs(pair.rate_step or Fraction(0))))
        return tuple(kept)

    @cached_property
    def new_decisions(self) -> tuple[Decision, ...]:
        """The decisions that the earlier picture does not know, or only as written for a meeting to come."""
        known = {item.key for item in _taken(self.before)}
        return tuple(item for item in _taken(self.after) if item.key not in known)

    @cached_property
    def closed_decisions(self) -> tuple[Decision, ...]:
        """The decisions that were open in the earlier picture and are done or given up in the later one."""
        was_open = {item.key for item in _taken(self.before) if is_open(item, self.before.day)}
        return tuple(
            item for item in _taken(self.after) if item.key in was_open and not is_open(item, self.after.day)
        )


def _taken(picture: Situation) -> tuple[Decision, ...]:
    return decided_by(picture.dossier, picture.day)


def compare(before: Situation, after: Situation) -> Comparison:
    """Set two pictures of one contract side by side."""
    pairs = []
    for objective in after.promises:
        now, was = after.assessments[objective.key], before.assessments.get(objective.key)
        pairs.append(Pair(objective, was, now, _fate(was, now), was is not None and _revised(was, now)))
    for objective in before.promises:
        if objective.key not in after.assessments:
            pairs.append(Pair(objective, before.assessments[objective.key], None, Fate.CLOS, revised=False))
    return Comparison(before, after, tuple(pairs))


def _fate(before: Assessment | None, after: Assessment) -> Fate:
    if before is None:
        return Fate.NOUVEAU
    if before.status is not after.status:
        worse = turn(before.status, after.status)
        return Fate.MOINS_BIEN if worse > 0 else Fate.MIEUX if worse < 0 else Fate.STATUT
    if before.value != after.value or before.rate != after.rate:
        return Fate.TAUX
    return Fate.REVISE if _revised(before, after) else Fate.INCHANGE


_ASKED = attrgetter(
    "start_value", "start_date", "target_value", "target_max", "target_text", "target_date", "sens", "unit"
)


def _revised(before: Assessment, after: Assessment) -> bool:
    old, new = before.objective, after.objective
    return _ASKED(old) != _ASKED(new)


_COUNTED: dict[Fate, tuple[str, str]] = {
    Fate.MOINS_BIEN: ("va moins bien", "vont moins bien"),
    Fate.MIEUX: ("va mieux", "vont mieux"),
    Fate.STATUT: ("change de statut", "changent de statut"),
    Fate.TAUX: ("bouge sans changer de statut", "bougent sans changer de statut"),
    Fate.REVISE: ("est révisé", "sont révisés"),
    Fate.NOUVEAU: ("est nouveau", "sont nouveaux"),
    Fate.CLOS: ("est retiré", "sont retirés"),
    Fate.INCHANGE: ("est inchangé", "sont inchangés"),
}
"""One, several."""


_OBJECTIVE, _FOLLOWED = ("objectif", "objectifs"), ("chiffre suivi", "chiffres suivis")


def _fates(comparison: Comparison) -> list[str]:
    """`1 chiffre suivi est nouveau`, `3 objectifs sont inchangés (dont 2 chiffres suivis)`: a figure that nobody promised
    is no objective; what they are called is said where it is not as just before."""
    told, before = [], ("", "")
    for fate in Fate:
        count, followed = comparison.counts[fate], comparison.followed[fate]
        if not count:
            continue
        nouns = _FOLLOWED if followed == count else _OBJECTIVE
        counted = str(count) if nouns == before else plural(count, *nouns)
        among = f" (dont {plural(followed, *_FOLLOWED)})" if 0 < followed < count else ""
        told.append(f"{counted} {_COUNTED[fate][count > 1]}{among}")
        before = nouns
    return told


def comparison_sentence(comparison: Comparison) -> str:
    """Say how many objectives met each fate, how many of them nobody promised, and what became of the decisions."""
    days = f"Du {format_date(comparison.before.day)} au {format_date(comparison.after.day)}"
    parts = [f"{days}{NNBSP}: {', '.join(_fates(comparison)) or 'aucun objectif'}."]
    taken, closed = len(comparison.new_decisions), len(comparison.closed_decisions)
    if taken:
        parts.append(f"{plural(taken, 'décision prise', 'décisions prises')} entre les deux.")
    if closed:
        parts.append(f"{plural(closed, 'décision close', 'décisions closes')}.")
    return " ".join(parts)
