"""What the committee is to decide, from the state of the data alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from reportlab.platypus import Flowable

from qpvdesk.domain.agenda import late_counts
from qpvdesk.domain.counts import NO_PARTNER
from qpvdesk.domain.expected import Request, first_values, values_to_renew
from qpvdesk.domain.french import NNBSP, code_ranges, enumerate_words, format_date, plural
from qpvdesk.domain.lacks import Lack, trajectory_lacks, undivided
from qpvdesk.domain.meetings import decided_already, meeting_of, overdue, state_words
from qpvdesk.domain.model import Objective
from qpvdesk.domain.points import PointNature
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.scales import is_beyond_home
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.wording import called, of, quoted
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import small_heading
from qpvdesk.reports.left_out import of_whom
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.sections.engagements import announced_on
from qpvdesk.reports.sections.reserves import reserved
from qpvdesk.reports.text import shorten_words

TO_TAKE = "Décisions à prendre"
APART = f"{NNBSP}; à part, "
"""Before those of which a meeting decided already."""
_LATE = ("décision antérieure échue", "décisions antérieures échues")
_SOON = ("qui échoit", "qui échoient")
_FIRST_SOON = ("décision antérieure qui échoit", "décisions antérieures qui échoient")
_OF_TODAY = ", dont la valeur est à jour"
"""Of those that lag, without those of which the sentence before asks a value: the papers count them together elsewhere."""
_CODES = r"[A-Z][\w-]*(?:(?:, | à )[A-Z][\w-]*)*"
"""Those that `code_ranges` tells."""
FAR = (Statut.NON_ATTEINT, Statut.EN_RETARD)
_NAMED_MAX, _CODES_MAX = 2, 5
"""More objectives than that in one sentence are told by their codes, and more than this by whose they are: how many of
each partner may be those of another list."""


def to_take(data: CopilData) -> list[Flowable]:
    return [*small_heading(TO_TAKE), *bullets(expected_decisions(data))]


def whose_left_out(data: CopilData, expected: Sequence[str]) -> list[str]:
    """The same decisions in fewer words: of how many of whom they are is left out, and which references are asked for, that
    the chapters tell; of a few, the codes stay without whose they are. What a name holds between parentheses stays."""
    names = (*data.situation.dossier.partner_names.values(), NO_PARTNER)
    theirs = rf"(?:{'|'.join(map(re.escape, names))})"
    counted = re.compile(rf" \({theirs} \d+(?:, {theirs} \d+)*\)|(?<=références) \({_CODES}\)")
    named = re.compile(rf"\((?:{theirs}{NNBSP}: )?{_CODES}(?:{NNBSP}; (?:{theirs}{NNBSP}: )?{_CODES})*\)")
    whose = re.compile(rf"{theirs}{NNBSP}: ")

    def bare(found: re.Match[str]) -> str:
        return whose.sub("", found[0]).replace(f"{NNBSP};", ",")

    return [named.sub(bare, counted.sub("", text)) for text in expected]


def expected_decisions(data: CopilData, label_max: int = 0) -> list[str]:
    """What the committee can decide, from the state of the data alone. `label_max`: letters of a name, 0 for all."""
    situation = data.situation
    found: list[str] = []
    before = f"avant le comité du {format_date(data.read_on)}"
    late = len(overdue(situation.dossier, data.day))
    soon = len(overdue(situation.dossier, data.read_on)) - late
    things = [plural(late, *_LATE)] if late else []
    things += [f"{plural(soon, *(_SOON if late else _FIRST_SOON))} {before}"] if soon else []
    if things:
        found.append(f"Relancer ou clore {', et '.join(things)}.")
    steps = late_counts(situation, of_partners=True)
    waited = [f"{enumerate_words(steps)} en retard"] if steps else []
    coming = sum(item.kind == "etape" and item.day < data.read_on for item in data.review.agenda)
    waited += [f"{plural(coming, 'étape due', 'étapes dues')} {before}"] if coming else []
    if waited:
        found.append(f"Relancer {', et '.join(waited)}, ou en revoir la date.")
    found += _of_objectives(data, label_max)
    return found or ["Aucune décision ne ressort des données à cette date."]


def _of_objectives(data: CopilData, label_max: int) -> list[str]:
    situation = data.situation
    found: list[str] = []
    if waiting := first_values(situation):
        whose = _of_requests(data, waiting, label_max)
        found.append(f"Fixer la date de remise d’une première valeur pour {whose}.")
    behind = [item for item in situation.counted if item.status in FAR]
    decided = [item for item in behind if already_words(situation, item.objective, data.day)]
    far = [item for item in behind if item not in decided]
    found += _renewing(data, far, label_max)
    found += _catching_up(data, far, decided, label_max)
    found += _without_trajectory(data, label_max)
    if data.review.contradictions:
        gaps = plural(data.review.contradictions, "contradiction de chiffres", "contradictions de chiffres")
        partners = [
            view.point.partner
            for view in data.review.findings
            if view.point.nature is PointNature.CONTRADICTION
        ]
        found.append(f"Faire lever par leurs auteurs {gaps} ({of_whom(data, partners)}).")
    return found


def _renewing(data: CopilData, far: Sequence[Assessment], label_max: int) -> list[str]:
    """Of which a value of today is asked: a measure is decided on one; what is reached on an old one is asked for as well.
    `far`: those that lag."""
    situation = data.situation
    requests = _old_of_counted(situation)
    old = [request.named for request in requests]
    references = _old_references(situation, old)
    if not requests:
        return [f"Obtenir la valeur à jour {_of_references(references)}."] * bool(references)
    amiss = [request for request in requests if request.whole in far or _is_late_part(request)]
    # A part is told of by what it is itself.
    of_amiss = _behind([item.named if _is_late_part(item) else item.whole for item in amiss])
    like = of_amiss if len(amiss) == len(requests) else ("", "")
    theirs = "" if references else _and_reference(situation, old)
    words = _of_requests(data, requests, label_max, like=like, theirs=theirs)
    first = ""
    if 0 < len(amiss) < len(requests):
        late_ones = [request.named for request in amiss]
        which = f"l’objectif {of_amiss[0]}" if len(amiss) == 1 else f"{len(amiss)} {of_amiss[1]}"
        # Said of all of them, it is not said again.
        too = _parts_too(amiss)
        which += f"{too * (too not in words)}{_named(data, late_ones, label_max, ', ')}"
        if len(old) <= _NAMED_MAX:
            # It has its name in the sentence.
            which = f"{late_ones[0].objective.code}, {of_amiss[0]}"
        first = f", d’abord de {which}"
    # What follows those that come first would be one of them.
    apart = f"{NNBSP};" if first else ","
    others = f"{apart} et {_of_references(references)}" if references else ""
    if len(requests) == 1 < len(far):
        # « L’objectif en retard », of three that are late, said that there is one.
        words = f"un {words.removeprefix('l’')}"
    return [f"Obtenir la valeur à jour {'d’' if words.startswith('un ') else 'de '}{words}{first}{others}."]


def _without_trajectory(data: CopilData, label_max: int) -> list[str]:
    """What is to be settled of those of which nothing can be expected: the ends that they lack, else their steps."""
    situation = data.situation
    told: list[str] = []
    if loose := [item for item in situation.counted if trajectory_lacks(item)]:
        words = _count(loose, "sans trajectoire", "sans trajectoire")
        lacking, named = _lacks_words(loose), _named(data, loose, label_max)
        # Where each end has the codes of what lacks it, they are not said again.
        named = named * (
            len(loose) <= _NAMED_MAX or not any(item.objective.code in lacking for item in loose)
        )
        told.append(f"{lacking} de {words}{named}")
    if to_do := undivided(situation):
        words = _count(to_do, "à réaliser", "à réaliser")
        told.append(f"les étapes de {words}{_named(data, to_do, label_max)}")
    return [f"Préciser {', et '.join(told)}."] if told else []


def _is_late_part(request: Request) -> bool:
    """Whether what is asked is a part that is late or missed, whatever it is a part of."""
    return request.named is not request.whole and request.named.status in FAR


def _of_requests(
    data: CopilData,
    requests: Sequence[Request],
    label_max: int,
    *,
    like: tuple[str, str] = ("", ""),
    theirs: str = "",
) -> str:
    """`17 objectifs (Région 3, …) et 1 part (BPI-O012, d’ARS-O002)`, whose whole the page counts among those without value;
    of more parts than that, `41 objectifs, parts comprises (…)`. `like`: what they are called, one and several; `theirs`:
    said after their count."""
    named = [request.named for request in requests]
    parts = [request for request in requests if request.named is not request.whole]
    if len(requests) == 1 or len(parts) > _NAMED_MAX:
        return f"{_count(named, *like)}{_parts_too(requests)}{theirs}{_named(data, named, label_max)}"
    own = [request.named for request in requests if request not in parts]
    told = [f"{_count(own, *like)}{theirs}{_named(data, own, label_max)}"] if own else []
    by_whole: dict[str, list[str]] = {}
    for request in parts:
        by_whole.setdefault(request.whole.objective.code, []).append(request.named.objective.code)
    codes = [f"{code_ranges(found)}, {of(code).strip()}" for code, found in by_whole.items()]
    told += [f"{plural(len(parts), 'part', 'parts')} ({f'{NNBSP}; '.join(codes)})"] if parts else []
    return " et ".join(told)


def _old_of_counted(situation: Situation) -> list[Request]:
    """What is asked anew of what counts: of a total, of who holds its late parts; not of what is only followed."""
    counted = {item.objective.key for item in situation.counted if item.status is not Statut.SUIVI}
    return [request for request in values_to_renew(situation) if request.whole.objective.key in counted]


def _parts_too(requests: Sequence[Request]) -> str:
    """That a part of another's promise is among those, which the papers do not count elsewhere; one alone has its name."""
    return ", parts comprises" * any(
        request.named is not request.whole for request in requests if len(requests) > 1
    )


def _lacks_words(loose: Sequence[Assessment]) -> str:
    """`le départ et l’échéance`, of all of those; `le départ (BPI-O01, O02) et l’échéance (BPI-O02)` where they lack not the
    same; `le départ (12) ou l’échéance (4)` of many."""
    if len({trajectory_lacks(item) for item in loose}) == 1:
        return enumerate_words([lack.the for lack in trajectory_lacks(loose[0])])
    lacking = {
        lack: found
        for lack in Lack
        if (found := [item.objective for item in loose if lack in trajectory_lacks(item)])
    }
    if len(loose) <= _CODES_MAX:
        return enumerate_words(
            [f"{lack.the} ({code_ranges(item.code for item in found)})" for lack, found in lacking.items()]
        )
    *others, last = [f"{lack.the} ({len(found)})" for lack, found in lacking.items()]
    return f"{', '.join(others)} ou {last}"


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


def _old_references(situation: Situation, stale: Sequence[Assessment]) -> list[str]:
    """The codes of what shares are compared with and is too old, where one is not told with the shares that are as well."""
    references = {item.objective.reference for item in situation.counted if item.objective.aim.compared}
    old = {
        request.told.objective.key: request.told.objective.code
        for request in values_to_renew(situation)
        if request.told.status is Statut.SUIVI and request.told.objective.key in references
    }
    return list(old.values()) if old.keys() - _as_old(situation, stale) else []


def _of_references(codes: Sequence[str]) -> str:
    if len(codes) == 1:
        return f"de la référence {codes[0]}"
    which = f" ({', '.join(codes)})" if len(codes) <= _CODES_MAX else ""
    return f"de {len(codes)} références{which}"


def already_words(situation: Situation, objective: Objective, day: date) -> str:
    """`décision du 17/06/2026 (COPIL-2026-06-17-D1, à faire, échue)`, which speaks of an objective; empty where nothing is
    still to be done of one."""
    dossier = situation.dossier
    decision = decided_already(dossier, objective, day)
    if decision is None:
        return ""
    state = state_words(decision, day).lower()
    made_on = format_date(meeting_of(dossier, decision.meeting).day)
    return f"décision du {made_on} ({situation.decision_code(decision)}, {state})"


def beside_words(data: CopilData, objective: Objective) -> str:
    """What is to be known of an objective before it is settled: that a meeting decided of it already; of what this
    committee settles, the reserve of its partner and what was announced."""
    already = already_words(data.situation, objective, data.day)
    told = [*([f"objet d’une {already}"] if already else []), *own_reserve(data.situation, objective)]
    told += _announced(data.situation, objective)
    return (
        f"{objective.code}{NNBSP}: {data.situation.names.lowered(f'{NNBSP}; '.join(told))}." if told else ""
    )


def _announced(situation: Situation, objective: Objective) -> list[str]:
    """What its engagement is said to do next, where the committee of the contract settles of it."""
    meteo = situation.meteo_of(objective.engagement or "")
    if meteo is None or not meteo.next_steps.strip() or is_beyond_home(situation, objective):
        return []
    return [
        f"suite annoncée {announced_on(situation, meteo)}, {quoted(meteo.next_steps.strip().rstrip('.'))}"
    ]


def own_reserve(situation: Situation, objective: Objective) -> list[str]:
    """The first reserve of the partner of an objective, where the committee of the contract settles of it."""
    near = not is_beyond_home(situation, objective)
    return [text.rstrip(".") for text in reserved(situation, objective.partner)[:1] if near]


def _catching_up(
    data: CopilData, far: Sequence[Assessment], decided: Sequence[Assessment], label_max: int
) -> list[str]:
    """What is settled at the contract's scale; of what is promised on a wider one, the committee asks what is planned.

    `far`: those that lag, of which a value of today was asked just before where theirs is old; `decided`: those of which a
    meeting decided already, said beside the count that they are not in.
    """
    situation = data.situation
    behind = [item for item in far if not item.outdated]
    wider = [item for item in behind if is_beyond_home(situation, item.objective)]
    near = [item for item in behind if item not in wider]
    found: list[str] = []
    if near:
        # A share has its reference for a target, that no committee revises.
        shares = {item.objective.aim.compared for item in near}
        but = ", hors parité," if True in shares else ""
        revised = f" ou{but} d’une cible révisée et motivée" if False in shares else ""
        singular, many = _behind(near)
        here = " à l’échelle du contrat" if wider else ""
        left = _OF_TODAY if _asked_before(situation, near, far) else ""
        words = _count(near, f"{singular}{here}{left}", f"{many}{here}{left}")
        found.append(f"Convenir d’un rattrapage{revised} pour {words}{_named(data, near, label_max)}.")
    if wider:
        alone = len({item.objective.partner for item in wider}) == 1
        asked = "au partenaire ce qu’il prévoit" if alone else "aux partenaires ce qu’ils prévoient"
        # Of a budget there is a part for the place, and no local plan.
        there_for = f"{asked} pour le territoire du contrat, au titre"
        singular, many = _behind(wider)
        there = "promis à une échelle plus large"
        left = _OF_TODAY if _asked_before(situation, wider, far) else ""
        words = _count(wider, f"{there}, {singular}{left}", f"{there}, {many}{left}")
        found.append(f"Demander {there_for} de {words}{_named(data, wider, label_max)}.")
    if found and decided:
        apart = enumerate_words(
            [
                f"{called(item.objective)}{NNBSP}: {already_words(situation, item.objective, data.day)}"
                for item in decided
            ]
        )
        found[-1] = f"{found[-1][:-1]}{APART}{apart}."
    return found


def _behind(items: Sequence[Assessment]) -> tuple[str, str]:
    """What those are called, one and several: by their status, by both where they have not the same."""
    statuses = {item.status for item in items}
    if statuses == {Statut.EN_RETARD}:
        return "en retard", "en retard"
    both = "en retard ou " if len(statuses) > 1 else ""
    return f"{both}non atteint", f"{both}non atteints"


def _asked_before(situation: Situation, items: Sequence[Assessment], far: Sequence[Assessment]) -> bool:
    """Whether a value of today was asked of some that lag like those, at their scale: those are not all."""
    alike = {(item.status, is_beyond_home(situation, item.objective)) for item in items}
    return any(
        item.outdated and (item.status, is_beyond_home(situation, item.objective)) in alike for item in far
    )


def _count(items: Sequence[Assessment], singular: str = "", many: str = "") -> str:
    """`l’objectif non atteint`, `3 objectifs non atteints`: one alone is named after it, and is no number."""
    if len(items) == 1:
        return f"l’objectif {singular}".rstrip()
    return f"{plural(len(items), 'objectif', 'objectifs')} {many}".rstrip()


def _named(data: CopilData, items: Sequence[Assessment], label_max: int, mark: str = f"{NNBSP}: ") -> str:
    """What follows their count: after `mark` their names where they are few; else their codes, or, of many, whose
    they are."""
    if len(items) > _CODES_MAX:
        return f" ({of_whom(data, [item.objective.partner for item in items])})"
    if len(items) > _NAMED_MAX:
        return f" ({_codes_of(data, [item.objective for item in items])})"
    names = [
        f"{quoted(shorten_words(label, label_max) if label_max else label)} ({item.objective.code})"
        for item in items
        for label in (item.objective.label,)
    ]
    return f"{mark}{enumerate_words(names)}"


def _codes_of(data: CopilData, objectives: Sequence[Objective]) -> str:
    """`Bpifrance : BPI-O06, O10 ; ARS-O05`: the codes of a few, after whose they are where they do not say it."""
    names = data.situation.dossier.partner_names
    codes: dict[str, list[str]] = {}
    for objective in objectives:
        codes.setdefault(names.get(objective.partner, NO_PARTNER), []).append(objective.code)
    told = (
        f"{'' if found[0].startswith(f'{name}-') else f'{name}{NNBSP}: '}{code_ranges(found)}"
        for name, found in codes.items()
    )
    return f"{NNBSP}; ".join(told)
