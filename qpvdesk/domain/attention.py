"""What is looked at first: one order and one set of groups, for dashboard, page one, monthly note and partner."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import TypeVar

from msgspec import Struct

from qpvdesk.domain.french import NNBSP, plural
from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Objective
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.scales import home_scale, scale_of, scales_between
from qpvdesk.domain.statuses import GROUPS, Group

_Item = TypeVar("_Item")


class Chosen(Struct, frozen=True):
    """The first of a list, and what it leaves out."""

    shown: tuple[Assessment, ...]
    left_out: int
    unknown: int = 0
    """How many of what the list is drawn from have no value; they can be in none of its groups."""
    unknown_due: int = 0
    """Of these, how many whose date has passed."""
    promised: int | None = None
    """How many the list is drawn from, of whatever status; None where nobody counted them."""


def nothing_shown(chosen: Chosen) -> str:
    """What a list of what is looked at first says in the place of its lines, where it has none."""
    if not chosen.left_out:
        return _none_to_treat(chosen)
    many = chosen.left_out > 1
    told = plural(chosen.left_out, "objectif est", "objectifs sont")
    return f"{told} à traiter, sans mesure de {'leur' if many else 'son'} écart."


def _none_to_treat(chosen: Chosen) -> str:
    if chosen.promised == 0:
        return "Aucun objectif n’est promis."
    none = "n’est non atteint, en retard ni à surveiller."
    if not chosen.unknown:
        return f"Aucun objectif {none}"
    words = plural(chosen.unknown, "objectif n’a pas de valeur", "objectifs n’ont pas de valeur")
    due = f", dont {chosen.unknown_due} à échéance passée" if chosen.unknown_due else ""
    if chosen.unknown_due == chosen.unknown:
        due = f", {'échéance passée' if chosen.unknown == 1 else 'toutes échéances passées'}"
    judged = f"{words}{due}{NNBSP}: rien n’y est jugé."
    # There is no other where none has a value.
    return judged if chosen.unknown == chosen.promised else f"{judged} Aucun autre {none}"


_ZERO, _ONE = Fraction(0), Fraction(1)


def lack(assessment: Assessment) -> Fraction | None:
    """How much is lacking, 0…1: of the way that was expected by the day of the value, of the whole way once the date has
    passed, of the bound or the reference, the whole of a thing not done by its date. None where nothing tells it.
    """
    objective = assessment.objective
    due = objective.target_date
    past = due is not None and assessment.day > due
    if objective.aim.yes_or_no:
        return _ONE if past and assessment.kept is False else None
    if assessment.flagged:
        gap = assessment.gap
        if gap is None or assessment.value is None:
            return None
        bound = assessment.value - gap
        # Against a bound of zero any gap is the whole of it.
        return min(abs(gap) / abs(bound), _ONE) if bound else _ONE if gap else _ZERO
    if assessment.gauge is None:
        return None
    if past:
        return _ONE - assessment.gauge
    expected = assessment.expected_rate
    return None if expected is None else max(min(expected, _ONE) - assessment.gauge, _ZERO)


def by_lack(index: Index, assessments: Iterable[Assessment]) -> list[Assessment]:
    """Those *à traiter*, what lacks the most first; of equal lack, the scale nearest the contract, then the older due
    date, then the code. What cannot be told how far it is has no rank."""
    lacking = ((item, lack(item)) for item in assessments if item.status in GROUPS[Group.A_TRAITER])
    return most_lacking(index, [(item, item.objective, much) for item, much in lacking if much is not None])


def most_lacking(index: Index, lacking: Iterable[tuple[_Item, Objective, Fraction]]) -> list[_Item]:
    """What is told of those objectives, each with how much it lacks: the most first, then as of `by_lack`."""
    home = home_scale(index)
    ranked = []
    for item, objective, much in lacking:
        distance = scales_between(home, scale_of(index, objective))
        # Fractions are compared slowly: only those that fall on one float are.
        rank = (-float(much), -much, distance, objective.target_date or date.max, objective.code)
        ranked.append((rank, item))
    return [item for _, item in sorted(ranked, key=lambda pair: pair[0])]


def worst_first(index: Index, assessments: Collection[Assessment]) -> list[Assessment]:
    """All of them: those *à traiter* `by_lack`, then those that cannot be ranked, then what is to be filled in, what
    goes well, what is only followed; within these in the order given."""
    ranks = {item.objective.key: rank for rank, item in enumerate(by_lack(index, assessments))}
    groups = {status: place for place, statuses in enumerate(GROUPS.values()) for status in statuses}
    return sorted(
        assessments, key=lambda item: (groups[item.status], ranks.get(item.objective.key, len(ranks)))
    )


def first(ordered: Sequence[Assessment], most: int, *, unranked: int = 0) -> Chosen:
    """The first `most` of those `by_lack`. Each status that has a case keeps at least one place, as far as they go.

    `unranked`: how many are *à traiter* without a rank; they are left out, and counted so.
    """
    heads = {item.status: item for item in reversed(ordered)}
    places = {item.objective.key for item in ordered if heads[item.status] is item}
    reserved = [item for item in ordered if item.objective.key in places][:most]
    others = [item for item in ordered if item.objective.key not in places]
    kept = {item.objective.key for item in [*reserved, *others[: most - len(reserved)]]}
    shown = tuple(item for item in ordered if item.objective.key in kept)
    return Chosen(shown, len(ordered) - len(shown) + unranked)
