"""What is said of an objective that others decline on lower places: its parts, and what it measured itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from qpvdesk.domain.evidence import Contribution
from qpvdesk.domain.evolution import counted_on
from qpvdesk.domain.french import (
    NBSP,
    NNBSP,
    UNKNOWN,
    code_ranges,
    enumerate_words,
    format_number,
    format_value,
    plural,
)
from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Objective
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.scales import is_declension, listed
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, STATUT_LABELS, Group

_PARTS_MAX, _MISSING_MAX = 8, 3
_DECLENSION = ("déclinaison", "déclinaisons")
_FOLLOWED = ("chiffre suivi", "chiffres suivis")


def whole_of(situation: Situation, objective: Objective) -> Objective | None:
    """What an objective is counted with, the widest that it declines; None of what counts by itself."""
    living, seen = situation.assessments, objective
    above = {seen.key}
    while seen.parent is not None and is_declension(seen, living) and seen.parent not in above:
        above.add(seen.parent)
        seen = situation.objective(seen.parent)
    return None if seen is objective else seen


def with_rows(situation: Situation, objectives: Sequence[Objective]) -> list[Objective]:
    """Those of a list that need a row of it: a part of another place shows in the row of its whole, if that has one."""
    own, keys = {item.key for item in listed(situation, objectives)}, {item.key for item in objectives}
    wholes = ((item, whole_of(situation, item)) for item in objectives)
    return [item for item, whole in wholes if item.key in own or whole is None or whole.key not in keys]


def objectives_words(
    situation: Situation, objectives: Sequence[Objective], noun: str = "objectif", nouns: str = "objectifs"
) -> str:
    """`2 objectifs, 1 déclinaison et 3 chiffres suivis`: how many of a list count, how many do with what they decline,
    and how many nobody promised, as in every other count."""
    declined = sum(whole_of(situation, item) is not None for item in objectives)
    followed = sum(not item.aim.promised and whole_of(situation, item) is None for item in objectives)
    counted = len(objectives) - declined - followed
    told = [plural(counted, noun, nouns).rstrip()] if counted or not objectives else []
    told += [plural(declined, *_DECLENSION)] if declined else []
    told += [plural(followed, *_FOLLOWED)] if followed else []
    return enumerate_words(told)


def uncounted_words(situation: Situation, objectives: Sequence[Objective]) -> list[str]:
    """`Non comptées ici, 2 déclinaisons le sont avec ARS-O01.`: what the count at the head of a list leaves out, were it
    shown among the places of what it declines alone."""
    wholes = [whole.code for item in objectives if (whole := whole_of(situation, item)) is not None]
    if not wholes:
        return []
    head, verb = ("Non comptée ici", "l’est") if len(wholes) == 1 else ("Non comptées ici", "le sont")
    names = enumerate_words(sorted(set(wholes)), limit=_PARTS_MAX)
    return [f"{head}, {plural(len(wholes), *_DECLENSION)} {verb} avec {names}."]


def last_day(assessments: Mapping[str, Assessment], assessment: Assessment) -> date | None:
    """The day of the last value that an objective, one of `assessments` by key, owes its own to: a total bears the day of
    its oldest part, and has a new reading as soon as one part has."""
    if not assessment.aggregated:
        return assessment.value_day
    codes = {part.code for part in assessment.parts}
    days = (last_day(assessments, item) for item in assessments.values() if item.objective.code in codes)
    return max((day for day in days if day is not None), default=assessment.value_day)


def own_words(index: Index, assessment: Assessment) -> str:
    """What a parent measured itself, a counter-value to what its parts make: `ARS : 55 postes au 30/06/2025`; empty where
    it measured nothing, or has no parts."""
    own = assessment.own
    if own is None:
        return ""
    partner = index.partner(assessment.objective.partner)
    value = format_value(own.value, assessment.objective.unit)
    when = counted_on(assessment.objective, own.day, own.measurement, "au ")
    return f"{partner.usual_name}{NNBSP}: {value} {when}"


def missing_words(assessment: Assessment) -> str:
    """`1 déclinaison sur 13 sans valeur (BPI-O012)`: why what was measured has no total; empty if it has."""
    if not assessment.missing or assessment.value is not None:
        return ""
    lacking = f"{plural(len(assessment.missing), *_DECLENSION)} sur {len(assessment.parts)} sans valeur"
    few = len(assessment.missing) <= _MISSING_MAX
    return f"{lacking} ({code_ranges(assessment.missing)})" if few else lacking


def parts_words(situation: Situation, assessment: Assessment) -> str:
    """What each place brings: `Aisne 3/3, Nord –, Oise 12/40 (en retard)`, with how many lack where not all are known, or
    that none is known; empty where nothing declines the objective. Parts that it does not add up stand here alone."""
    parts = _parts(situation, assessment)
    names = _names(situation, parts)
    if parts and all(part.value is None for part in parts):
        return f"aucune valeur ({enumerate_words(names, limit=_PARTS_MAX)})"
    known = [_part_words(situation, part, name) for part, name in zip(parts, names, strict=True)]
    rest = len(known) - _PARTS_MAX
    if rest > 0:
        known = [*known[:_PARTS_MAX], plural(rest, "autre", "autres")]
    if not assessment.missing:
        return ", ".join(known)
    awaited = plural(len(assessment.missing), "manque", "manquent")
    return f"{', '.join(known)} ({awaited} sur {len(assessment.parts)})"


def parts_title(situation: Situation, assessment: Assessment) -> str:
    """What `parts_words` lists: places, or parts, called as where they are counted, where several are of one place."""
    return "Par déclinaison" if _is_repeated(situation, _parts(situation, assessment)) else "Par lieu"


def _parts(situation: Situation, assessment: Assessment) -> Sequence[Contribution]:
    return assessment.parts or [
        Contribution(child.code, value=situation.assessments[child.key].value)
        for child in situation.children_of(assessment.objective.key)
    ]


def _names(situation: Situation, parts: Sequence[Contribution]) -> list[str]:
    """The place of each, with its code where several are of one: they were read as one place told twice."""
    told = _is_repeated(situation, parts)
    return [_place(situation, part) + f" ({part.code})" * told for part in parts]


def _is_repeated(situation: Situation, parts: Sequence[Contribution]) -> bool:
    return len({_place(situation, part) for part in parts}) < len(parts)


def _place(situation: Situation, part: Contribution) -> str:
    return situation.territory(situation.objective_by_code(part.code).territory).name


def _part_words(situation: Situation, part: Contribution, name: str) -> str:
    """What one place brings, for its own target where it has one; what goes badly there is hidden in no sum."""
    child = situation.objective_by_code(part.code)
    told = f"{name}{NBSP}"
    if part.value is None:
        return told + UNKNOWN
    told += format_number(part.value)
    if child.aim.way and child.target_value is not None:
        told += f"/{format_number(child.target_value)}"
    status = situation.assessments[child.key].status
    return f"{told} ({STATUT_LABELS[status].lower()})" if status in GROUPS[Group.A_TRAITER] else told
