"""Which values a committee asks for: a first one, one of today, that of a reference."""

from __future__ import annotations

from collections.abc import Sequence

from qpvdesk.domain.expected import Request, values_to_renew
from qpvdesk.domain.french import NNBSP, code_ranges, plural
from qpvdesk.domain.model import Objective
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.wording import of
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.sections.decision_names import (
    CODES_MAX,
    NAMED_MAX,
    Naming,
    behind_words,
    count_words,
    few_words,
    name_words,
    named_words,
)

FAR = (Statut.NON_ATTEINT, Statut.EN_RETARD)


def renewing(data: CopilData, far: Sequence[Assessment], naming: Naming) -> list[str]:
    """Of which a value of today is asked: a measure is decided on one; what is reached on an old one is asked for as well.
    `far`: those that lag."""
    situation = data.situation
    requests = _old_of_counted(situation)
    old = [request.named for request in requests]
    references = _old_references(situation, old)
    if not requests:
        return [f"Obtenir la valeur à jour {_of_references(data, references, naming)}."] * bool(references)
    # A part is told of by what it is itself, whatever its whole is.
    amiss = [item for item in requests if (_is_late_part(item) if _is_part(item) else item.whole in far)]
    of_amiss = behind_words([item.named for item in amiss])
    like = of_amiss if len(amiss) == len(requests) else ("", "")
    theirs = "" if references else _and_reference(situation, old)
    # « L’objectif en retard », of three that are late, would say that there is one.
    words = requests_words(data, requests, naming, like=like, theirs=theirs, only=len(far) <= 1)
    first = ""
    if 0 < len(amiss) < len(requests):
        late_ones = [request.named for request in amiss]
        if len(old) <= NAMED_MAX:
            # It has its name in the sentence.
            which = f"{late_ones[0].objective.code}, {of_amiss[0]}"
        else:
            # Of objectives alone, the number says it.
            which = (
                _counted(amiss, of_amiss)
                if len(amiss) == 1 or any(map(_is_part, requests))
                else f"{len(amiss)} {of_amiss[1]}"
            )
            which += named_words(data, late_ones, naming, ", ")
        first = f", d’abord de {which}"
    # What follows those that come first would be one of them.
    apart = f"{NNBSP};" if first else ","
    others = f"{apart} et {_of_references(data, references, naming)}" if references else ""
    return [f"Obtenir la valeur à jour{of(words)}{first}{others}."]


def _is_part(request: Request) -> bool:
    """Whether what is asked declines another's promise, which the papers do not count with the objectives."""
    return request.named is not request.whole


def _is_late_part(request: Request) -> bool:
    """Whether what is asked is a part that is late or missed, whatever it is a part of."""
    return _is_part(request) and request.named.status in FAR


def _counted(requests: Sequence[Request], like: tuple[str, str], *, only: bool = True) -> str:
    """`37 objectifs et 4 déclinaisons en retard`: what adds up with the counts of the page, in which no part is; of one
    alone `la déclinaison non atteinte`."""
    parts = [request.named for request in requests if _is_part(request)]
    own = [request.named for request in requests if not _is_part(request)]
    singular, many = like if own else (word.replace("atteint", "atteinte") for word in like)
    if len(requests) == 1 and parts:
        return f"{'la' if only else 'une'} déclinaison {singular}".rstrip()
    if not parts:
        return count_words(own, singular, many, only=only)
    told = [plural(len(own), "objectif", "objectifs")] if own else []
    told.append(plural(len(parts), "déclinaison", "déclinaisons"))
    return f"{' et '.join(told)} {many if len(requests) > 1 else singular}".rstrip()


def requests_words(
    data: CopilData,
    requests: Sequence[Request],
    naming: Naming,
    *,
    like: tuple[str, str] = ("", ""),
    theirs: str = "",
    only: bool = True,
) -> str:
    """`17 objectifs (Région 3, …) et 1 déclinaison (BPI-O012, d’ARS-O002)`, whose whole the page counts among those without
    value; of more than that, `37 objectifs et 4 déclinaisons (…)`. `like`: what they are called, one and several; `theirs`:
    said after their count; `only`: see `count_words`."""
    named = [request.named for request in requests]
    parts = [request for request in requests if _is_part(request)]
    if len(requests) == 1 or len(parts) > NAMED_MAX:
        return f"{_counted(requests, like, only=only)}{theirs}{named_words(data, named, naming)}"
    own = [request.named for request in requests if request not in parts]
    told = [f"{count_words(own, *like, only=only)}{theirs}{named_words(data, own, naming)}"] if own else []
    by_whole: dict[str, list[str]] = {}
    for request in parts:
        by_whole.setdefault(request.whole.objective.code, []).append(request.named.objective.code)
    codes = [f"{code_ranges(found)}, {of(code).strip()}" for code, found in by_whole.items()]
    words = plural(len(parts), "déclinaison", "déclinaisons")
    told += [f"{words} ({f'{NNBSP}; '.join(codes)})"] if parts else []
    return " et ".join(told)


def _old_of_counted(situation: Situation) -> list[Request]:
    """What is asked anew of what counts: of a total, of who holds its late parts; not of what is only followed."""
    counted = {item.objective.key for item in situation.counted if item.status is not Statut.SUIVI}
    return [request for request in values_to_renew(situation) if request.whole.objective.key in counted]


def _as_old(situation: Situation, stale: Sequence[Assessment]) -> set[str]:
    """The keys of what the shares among those are compared with, where it is as old: none is judged on theirs alone."""
    among = {item.objective.key for item in stale}
    compared = (
        (item, situation.assessments.get(item.objective.reference or ""))
        for item in stale
        if item.objective.aim.compared and item.objective.reference not in among
    )
    # A reference may not be in force on the day.
    return {
        reference.objective.key
        for share, reference in compared
        if reference is not None and reference.value_day == share.value_day
    }


def _and_reference(situation: Situation, stale: Sequence[Assessment]) -> str:
    old = _as_old(situation, stale)
    return f" et de {'sa' if len(stale) == 1 else 'leur'} référence" if old else ""


def _old_references(situation: Situation, stale: Sequence[Assessment]) -> list[Objective]:
    """What shares are compared with and is too old, where one is not told with the shares that are as well."""
    references = {item.objective.reference for item in situation.counted if item.objective.aim.compared}
    old = {
        request.told.objective.key: request.told.objective
        for request in values_to_renew(situation)
        if request.told.status is Statut.SUIVI and request.told.objective.key in references
    }
    return list(old.values()) if old.keys() - _as_old(situation, stale) else []


def _of_references(data: CopilData, references: Sequence[Objective], naming: Naming) -> str:
    if len(references) == 1:
        (alone,) = references
        return f"de la référence {name_words(data, alone, naming.label_max) if naming.titled else alone.code}"
    if len(references) > CODES_MAX:
        return f"de {len(references)} références"
    # By their codes alone where a chapter has each beside what it is of.
    codes = ", ".join(item.code for item in references)
    which = few_words(data, references, naming) if naming.titled else codes
    return f"de {len(references)} références ({which})"
