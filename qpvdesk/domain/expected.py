"""Which figures somebody is to give: the same ones in the grid, the return workbook and the paper form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct

from qpvdesk.domain.ages import is_outdated
from qpvdesk.domain.model import Frequency, Objective
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut


def is_expected(assessment: Assessment) -> bool:
    """Whether a value is awaited of somebody.

    Not where the figure is of context or reckoned from others, nor once a thing is done, nor once a figure that is
    given a single time is known.
    """
    objective = assessment.objective
    if objective.is_context or assessment.parts:
        return False
    done = objective.aim.yes_or_no and assessment.status is Statut.ATTEINT
    return not (done or is_given_once(assessment))


def is_given_once(assessment: Assessment) -> bool:
    """Whether it is a figure that is given a single time, and was."""
    return assessment.objective.frequency is Frequency.UNIQUE and assessment.value_day is not None


def is_to_ask(assessment: Assessment) -> bool:
    """Whether it is to be asked for now: awaited of somebody, and never given or too old for its frequency."""
    return is_expected(assessment) and (assessment.value_day is None or assessment.outdated)


def to_ask(situation: Situation) -> tuple[Assessment, ...]:
    """The promised figures that are to be asked for now, in the order of the contract."""
    promised = (situation.assessments[item.key] for item in situation.promises)
    held_up = late_parts(situation)
    return tuple(item for item in promised if is_to_ask(item) or item.objective.key in held_up)


class Request(Struct, frozen=True):
    """What a partner is asked of a promise: its value; where that is reckoned from parts, its own parts of its own promise
    together, or one part of another's, who can give none but its own."""

    told: Assessment
    """The promise that waits for it."""
    named: Assessment
    """What its partner is asked about: a promise of its own, or its part of another's."""
    asked: tuple[Assessment, ...]
    """What is to be given, the oldest first."""
    whole: Assessment
    """What counts: the promise, or what it is a part of."""
    first: bool = True
    """Whether it is the first of that promise, or the only one."""

    @property
    def partner(self) -> str:
        """The key of who is asked."""
        return self.named.objective.partner


def values_to_renew(situation: Situation) -> tuple[Request, ...]:
    """Whom to ask for a value of today, where one of a promise or of what shares are compared with is too old: of what
    parts make, each part that is, by its own frequency or by that of what it makes, of who holds it."""
    # A figure without a target is awaited by nobody, but one that shares are compared with must be fresh as well.
    references = {item.reference for item in situation.promises if item.reference is not None}
    old = {
        item.key
        for item in situation.promises
        if situation.assessments[item.key].outdated and (item.aim.promised or item.key in references)
    }
    found: list[Request] = []
    for objective in situation.promises:
        told, above = situation.assessments[objective.key], _above(situation, objective)
        # What an old total is made of is told with it.
        if objective.key in old and not any(total.objective.key in old for total in above):
            asked = _late(situation, told, ()) if told.parts else [told]
            found += _requests(told, asked or [told], above[-1] if above else told)
    return tuple(found)


def first_values(situation: Situation) -> tuple[Request, ...]:
    """Whom to ask for a first value, of what has none: of what parts make, each part that it waits for, of who holds it."""
    found: list[Request] = []
    for told in situation.counted:
        if told.status is Statut.NON_RENSEIGNE:
            found += _requests(told, list(_missing(situation, told)) or [told], told)
    return tuple(found)


def late_parts(situation: Situation) -> frozenset[str]:
    """The keys of the figures that are asked for because what they make is old."""
    return frozenset(
        item.objective.key
        for request in values_to_renew(situation)
        if request.told.parts
        for item in request.asked
        if is_expected(item)
    )


def _above(situation: Situation, objective: Objective) -> list[Assessment]:
    """The totals that it is a part of, the widest last."""
    found: dict[str, Assessment] = {}
    above = situation.assessments.get(objective.parent or "")
    while above is not None and above.parts and above.objective.key not in found:
        found[above.objective.key] = above
        above = situation.assessments.get(above.objective.parent or "")
    return list(found.values())


def _parts(situation: Situation, whole: Assessment) -> Iterator[Assessment]:
    return (situation.assessments[situation.objective_by_code(part.code).key] for part in whole.parts)


def _late(situation: Situation, whole: Assessment, above: tuple[Assessment, ...]) -> list[Assessment]:
    """What is measured and too old in a total, the oldest first; nothing where all that is old was done, or is given once.

    `above`: the totals that this one is a part of.
    """
    totals, found = (*above, whole), list[Assessment]()
    for part in _parts(situation, whole):
        if part.parts:
            found += _late(situation, part, totals) if part.aggregated else []
        elif part.value_day is not None and is_expected(part) and (part.outdated or _is_old(part, totals)):
            found.append(part)
    return sorted(found, key=lambda item: item.value_day or situation.day)


def _is_old(part: Assessment, totals: Iterable[Assessment]) -> bool:
    """Whether one of the totals that a part makes is awaited more often than that."""
    return any(
        is_outdated(total.objective, part.value_day, total.day, met=total.status is Statut.ATTEINT)
        for total in totals
        if part.value_day is not None
    )


def _missing(situation: Situation, whole: Assessment, above: tuple[str, ...] = ()) -> Iterator[Assessment]:
    """What a total waits for. `above`: the codes of the totals that it is a part of."""
    for part in _parts(situation, whole):
        code = part.objective.code
        if code in whole.missing and part.missing and code not in above:
            yield from _missing(situation, part, (*above, code))
        elif code in whole.missing:
            yield part


def _requests(told: Assessment, asked: Iterable[Assessment], whole: Assessment) -> list[Request]:
    """In the order of what is asked: one for the parts of who made the promise, and one for each of the others."""
    groups: dict[str, tuple[Assessment, list[Assessment]]] = {}
    for item in asked:
        named = told if item.objective.partner == told.objective.partner else item
        groups.setdefault(named.objective.key, (named, []))[1].append(item)
    return [
        Request(told, named, tuple(items), whole, first=not rank)
        for rank, (named, items) in enumerate(groups.values())
    ]


class Asked(StrEnum):
    """Which figures a partner is asked for."""

    TO_ASK = "a-demander"
    EXPECTED = "attendus"
    CONTEXT = "contexte"


ASKED_LABELS = {
    Asked.TO_ASK: "Ce qui est à demander",
    Asked.EXPECTED: "Tout ce qui est attendu",
    Asked.CONTEXT: "Avec les chiffres de contexte",
}
"""What is asked for never holds less from one to the next."""


def asked_of(situation: Situation, partner: str, which: Asked = Asked.TO_ASK) -> tuple[Assessment, ...]:
    """What a partner (its key) is asked for: what has a target first, then what is only followed, then the context."""
    found = [situation.assessments[item.key] for item in situation.objectives_of_partner(partner)]
    if which is Asked.TO_ASK:
        held_up = late_parts(situation)
        admitted = [item for item in found if is_to_ask(item) or item.objective.key in held_up]
    else:
        admitted = list(filter(is_expected, found))
    asked = sorted(admitted, key=lambda item: not item.objective.aim.promised)
    if which is Asked.CONTEXT:
        context = (item for item in found if item.objective.is_context and not item.parts)
        asked += [item for item in context if not is_given_once(item)]
    return tuple(asked)
