"""What the committee is to decide, from the state of the data alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from qpvdesk.domain.agenda import late_counts, past_engagements
from qpvdesk.domain.announced import announced_on
from qpvdesk.domain.counts import NO_PARTNER
from qpvdesk.domain.expected import first_values
from qpvdesk.domain.french import NNBSP, code_ranges, enumerate_words, format_date, plural, raised
from qpvdesk.domain.lacks import Lack, trajectory_lacks, undivided
from qpvdesk.domain.meetings import decided_already, meeting_of, overdue, state_words
from qpvdesk.domain.model import Objective
from qpvdesk.domain.points import PointNature
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.scales import is_beyond_home
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.wording import called, quoted
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import small_heading
from qpvdesk.reports.left_out import of_whom
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.sections.asking import FAR, renewing, requests_words
from qpvdesk.reports.sections.decision_names import (
    CODED,
    CODES_MAX,
    NAMED_MAX,
    TITLED,
    Naming,
    behind_words,
    count_words,
    named_words,
)
from qpvdesk.reports.sections.reserves import reserved
from qpvdesk.reports.text import led, paragraph, shorten_words

_CITED_MAX, _RUN_ON_MAX = 200, 400
"""Letters of a reserve, or of what was announced, under the rows that it is said of; of all that one paragraph holds."""
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


def to_take(data: CopilData, expected: Sequence[str] = (), *, small: bool = False) -> list[Flowable]:
    """The decisions that are expected, those where they are given, under their heading."""
    return [*small_heading(TO_TAKE), *bullets(expected or expected_decisions(data), small=small)]


def with_names(data: CopilData, fits: Callable[[list[str]], bool]) -> list[str]:
    """The decisions that are expected, each with the names of a few beside their codes where all of them still `fits`: who
    reads a code on a paper that has no table of it looks it up elsewhere."""
    told = expected_decisions(data)
    for at, titled in enumerate(expected_decisions(data, TITLED)):
        more = [*told[:at], titled, *told[at + 1 :]]
        told = more if titled != told[at] and fits(more) else told
    return told


def whose_left_out(data: CopilData, expected: Sequence[str]) -> list[str]:
    """The same decisions in fewer words: of how many of whom they are is left out, and which references are asked for, that
    the chapters tell; of a few, the codes stay without whose they are; what comes first is one number, with how many of
    them decline another. What a name holds between parentheses stays."""
    names = (*data.situation.dossier.partner_names.values(), NO_PARTNER)
    theirs = rf"(?:{'|'.join(map(re.escape, names))})"
    few = rf"\({theirs}{NNBSP}: {_CODES}(?:{NNBSP}; {theirs}{NNBSP}: {_CODES})*\)"
    counted = re.compile(rf" \({theirs} \d+(?:, {theirs} \d+)*\)|(?<=références) \({_CODES}\)")
    named, whose = re.compile(few), re.compile(rf"{theirs}{NNBSP}: ")
    again = re.compile(
        r"(?<=, d’abord de )(\d+)\sobjectifs? et (\d+)(\sdéclinaisons?) (en retard ou non atteints|en retard|non atteints)"
    )

    def bare(found: re.Match[str]) -> str:
        return whose.sub("", found[0]).replace(f"{NNBSP};", ",")

    def added(found: re.Match[str]) -> str:
        own, parts, noun, how = found.groups()
        return f"{int(own) + int(parts)} {how} (dont {parts}{noun})"

    return [again.sub(added, named.sub(bare, counted.sub("", text))) for text in expected]


def expected_decisions(data: CopilData, naming: Naming = CODED) -> list[str]:
    """What the committee can decide, from the state of the data alone. `naming`: how it names objectives."""
    situation = data.situation
    found: list[str] = []
    before = f"avant le comité du {format_date(data.read_on)}"
    late = len(overdue(situation.dossier, data.day))
    soon = len(overdue(situation.dossier, data.day, data.read_on)) - late
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
    found += _of_past_engagements(data)
    found += _of_objectives(data, naming)
    return found or ["Aucune décision ne ressort des données à cette date."]


def _of_past_engagements(data: CopilData) -> list[str]:
    """What is to be known of the engagements whose date is past, of which nobody said whether they were kept."""
    past = past_engagements(data.situation)
    if len(past) == 1:
        name = f"{quoted(past[0].task)} ({past[0].code})"
        return [f"Demander si l’engagement {name}, attendu pour le {format_date(past[0].day)}, est tenu."]
    whose = code_ranges(sorted(item.code for item in past))
    if len(past) > CODES_MAX:
        by_code = {item.code: item.partner for item in data.situation.engagements}
        whose = of_whom(data, [by_code.get(item.code) for item in past])
    told = f"Demander si les {len(past)} engagements dont l’échéance est passée sont tenus ({whose})."
    return [told] if past else []


def _of_objectives(data: CopilData, naming: Naming) -> list[str]:
    situation = data.situation
    found: list[str] = []
    if waiting := first_values(situation):
        whose = requests_words(data, waiting, naming)
        found.append(f"Fixer la date de remise d’une première valeur pour {whose}.")
    behind = [item for item in situation.counted if item.status in FAR]
    decided = [item for item in behind if already_words(situation, item.objective, data.day)]
    far = [item for item in behind if item not in decided]
    found += renewing(data, far, naming)
    found += _catching_up(data, far, decided, naming)
    found += _without_trajectory(data, naming)
    if data.review.contradictions:
        gaps = plural(data.review.contradictions, "contradiction de chiffres", "contradictions de chiffres")
        partners = [
            view.point.partner
            for view in data.review.findings
            if view.point.nature is PointNature.CONTRADICTION
        ]
        found.append(f"Faire lever par leurs auteurs {gaps} ({of_whom(data, partners)}).")
    return found


def _without_trajectory(data: CopilData, naming: Naming) -> list[str]:
    """What is to be settled of those of which nothing can be expected: the ends that they lack, else their steps."""
    situation = data.situation
    told: list[str] = []
    if loose := [item for item in situation.counted if trajectory_lacks(item)]:
        words = count_words(loose, "sans trajectoire", "sans trajectoire")
        lacking, named = _lacks_words(loose), named_words(data, loose, naming)
        # Where each end has the codes of what lacks it, they are said again with names alone.
        coded = any(item.objective.code in lacking for item in loose)
        named *= len(loose) <= NAMED_MAX or naming.titled or not coded
        told.append(f"{lacking} de {words}{named}")
    if to_do := undivided(situation):
        words = count_words(to_do, "à réaliser", "à réaliser")
        told.append(f"les étapes de {words}{named_words(data, to_do, naming)}")
    return [f"Préciser {', et '.join(told)}."] if told else []


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
    if len(loose) <= CODES_MAX:
        return enumerate_words(
            [f"{lack.the} ({code_ranges(item.code for item in found)})" for lack, found in lacking.items()]
        )
    *others, last = [f"{lack.the} ({len(found)})" for lack, found in lacking.items()]
    return f"{', '.join(others)} ou {last}"


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


def noted(
    data: CopilData, beside: Sequence[Objective], told: Sequence[str], style: ParagraphStyle
) -> list[Flowable]:
    """What is to be known of the objectives `beside` before they are settled, then what is `told` of all of them: run on
    where it is short and of one each, else in paragraphs, the codes in bold: of five in one the eye finds none."""
    apart = _beside(data, beside)
    if sum(map(len, map("".join, apart.values()))) <= _RUN_ON_MAX and not any(map(_are_several, apart)):
        told, apart = [*map("".join, apart.values()), *told], {}
    blocks: list[Flowable] = [led(codes, words, style) for codes, words in apart.values()]
    rest = " ".join(raised(text) for text in told if text)
    return [*blocks, paragraph(rest, style)] if rest else blocks


def _are_several(codes: Sequence[str]) -> bool:
    return len(codes) > 1


def _beside(data: CopilData, objectives: Sequence[Objective]) -> dict[tuple[str, ...], tuple[str, str]]:
    """By the codes of whom it is true, those codes in words and what is said beside them: what several share, once."""
    found = {item.code: _remarks(data, item) for item in objectives}
    shared: dict[tuple[str, ...], list[str]] = {}
    for text in dict.fromkeys(text for texts in found.values() for text in texts):
        codes = tuple(sorted(code for code, texts in found.items() if text in texts))
        if _are_several(codes):
            text = re.sub("^objet (?=d’une décision )", "objets ", text)
        shared.setdefault(codes, []).append(text)
    lowered = data.situation.names.lowered
    return {
        codes: (f"{enumerate_words(codes)}{NNBSP}:", f" {lowered(f'{NNBSP}; '.join(texts))}.")
        for codes, texts in shared.items()
    }


def _remarks(data: CopilData, objective: Objective) -> list[str]:
    """That a meeting decided of it already; of what this committee settles, the reserve of its partner and what was
    announced."""
    already = already_words(data.situation, objective, data.day)
    told = [f"objet d’une {already}"] if already else []
    told += map(_cited, own_reserve(data.situation, objective))
    return told + _announced(data.situation, objective)


def _announced(situation: Situation, objective: Objective) -> list[str]:
    """What its engagement is said to do next, where the committee of the contract settles of it."""
    meteo = situation.meteo_of(objective.engagement or "")
    if meteo is None or not meteo.next_steps.strip() or is_beyond_home(situation, objective):
        return []
    words = _cited(meteo.next_steps.strip().rstrip("."), quoted)
    return [f"suite annoncée {announced_on(situation, meteo)}, {words}"]


def _cited(text: str, shown: Callable[[str], str] = str) -> str:
    """A text as it is `shown` under what it is said of, cut where it would take the page of the rest: a chapter has it."""
    if len(text) <= _CITED_MAX:
        return shown(text)
    cut = shorten_words(text, _CITED_MAX)
    # What it quotes in its turn ends where it is cut.
    cut += f"{NNBSP}»" * (cut.count("«") - cut.count("»"))
    return f"{shown(cut)} (en entier au dossier)"


def own_reserve(situation: Situation, objective: Objective) -> list[str]:
    """The first reserve of the partner of an objective, where the committee of the contract settles of it."""
    near = not is_beyond_home(situation, objective)
    return [text.rstrip(".") for text in reserved(situation, objective.partner)[:1] if near]


def _catching_up(
    data: CopilData, far: Sequence[Assessment], decided: Sequence[Assessment], naming: Naming
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
        singular, many = behind_words(near)
        here = " à l’échelle du contrat" if wider else ""
        left = _OF_TODAY if _asked_before(situation, near, far) else ""
        words = count_words(near, f"{singular}{here}{left}", f"{many}{here}{left}")
        found.append(f"Convenir d’un rattrapage{revised} pour {words}{named_words(data, near, naming)}.")
    if wider:
        alone = len({item.objective.partner for item in wider}) == 1
        asked = "au partenaire ce qu’il prévoit" if alone else "aux partenaires ce qu’ils prévoient"
        # Of a budget there is a part for the place, and no local plan.
        there_for = f"{asked} pour le territoire du contrat, au titre"
        singular, many = behind_words(wider)
        there = "promis à une échelle plus large"
        left = _OF_TODAY if _asked_before(situation, wider, far) else ""
        words = count_words(wider, f"{there}, {singular}{left}", f"{there}, {many}{left}")
        found.append(f"Demander {there_for} de {words}{named_words(data, wider, naming)}.")
    if found and decided:
        apart = enumerate_words(
            [
                f"{called(item.objective)}{NNBSP}: {already_words(situation, item.objective, data.day)}"
                for item in decided
            ]
        )
        found[-1] = f"{found[-1][:-1]}{APART}{apart}."
    return found


def _asked_before(situation: Situation, items: Sequence[Assessment], far: Sequence[Assessment]) -> bool:
    """Whether a value of today was asked of some that lag like those, at their scale: those are not all."""
    alike = {(item.status, is_beyond_home(situation, item.objective)) for item in items}
    return any(
        item.outdated and (item.status, is_beyond_home(situation, item.objective)) in alike for item in far
    )
