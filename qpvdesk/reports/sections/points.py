"""The points d’attention: what time calls for, and what figures do not agree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.agenda import past_engagements
from qpvdesk.domain.alerts import (
    ECHEANCE_PROCHE,
    ENGAGEMENT_SANS_SUIVI,
    PLURALS,
    PROJECTION_MANQUEE,
    SILENT_WORDS,
    STATUT_DEGRADE,
)
from qpvdesk.domain.french import (
    NNBSP,
    UNKNOWN,
    code_ranges,
    enumerate_words,
    format_date,
    lowered,
    plural,
    stands_in,
)
from qpvdesk.domain.meeting_alerts import ETAPE_EN_RETARD, SUITE_EN_RETARD
from qpvdesk.domain.points import DECISION_EN_RETARD, NATURE_LABELS, Point, PointNature
from qpvdesk.domain.review import PointView
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.targets import lacks_date
from qpvdesk.domain.wording import quoted
from qpvdesk.reports.composition import IN_WHOLE
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, small_heading, title
from qpvdesk.reports.left_out import of_whom, others_words
from qpvdesk.reports.lists import bullets, first_of
from qpvdesk.reports.sections import agenda
from qpvdesk.reports.sections.engagements import annexed
from qpvdesk.reports.sections.essential import ENTRY as PAGE_ONE
from qpvdesk.reports.sections.page_one import LATE_NAMED
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE, code_width, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, group_title, paragraph, shorten_words, stacked

_ALERTS, _CONTRADICTIONS, _BRIEF = 2, 2, 2
"""How many of one rule are told in the section; all are in the annex."""
_NAMED_MAX, _NAME_MAX = 4, 90
"""How many objects of which the same is said are named, and in how many letters."""
_LATE = frozenset({STATUT_DEGRADE, ECHEANCE_PROCHE, PROJECTION_MANQUEE, ETAPE_EN_RETARD, SUITE_EN_RETARD})
"""The alerts that tell of lateness."""
_UNDATED = "sans_echeance"
"""The rule of promises that lack a date."""
_TO_DO = {
    PointNature.NON_COMPARABLE: "Demandez ce que compte chacun avant de les rapprocher.",
    PointNature.BASE_MANQUANTE: "Demandez au partenaire ce qui n’est pas dit.",
    PointNature.PARITE: "Demandez au partenaire ce qu’il prévoit pour la tenir.",
    PointNature.HOMONYMIE: "Dites la commune avec le nom.",
    PointNature.ECHEANCE: "Demandez une date, ou ce qui prendra la suite.",
}
"""What is to be done of those that are told in one line, once over each group."""
_SENTENCE = re.compile(r"(?>«[^»]*»|\([^)]*\)|\.(?! |$)|[^.])+?\.(?= |$)")
"""What ends with a full stop, but one between quotes or brackets: « (cat. A, B, C) »."""

ENTRY = Entry("points", "Points d’attention", 0)
ALERTS = Entry("points-alertes", "Alertes", 1)
FINDINGS = Entry("points-coherence", "Chiffres à rapprocher", 1)


def points(data: CopilData) -> list[Flowable]:
    blocks = title(ENTRY)
    others = len(data.review.findings) - data.review.contradictions
    whole = [point for point in _points(data.review.waiting) if _is_told_here(point)]
    shown = [point for point in whole if not data.composition.late_only or point.kind in _LATE]
    seen = len(data.review.alerts) - len(data.review.waiting)
    apart = plural(seen, "alerte prise", "alertes prises")
    apart = f" S’y ajoute{'nt' * (seen > 1)} {apart} en compte." if seen else ""
    where = "" if data.composition.late_only else annexed(data)
    named = f" Ceux qui sont seulement comptés ici sont nommés {where}." if where else ""
    counted = (
        f"{plural(len(whole), 'alerte', 'alertes')}, "
        f"{plural(data.review.contradictions, 'contradiction', 'contradictions')} et "
        f"{plural(others, 'autre rapprochement de chiffres', 'autres rapprochements de chiffres')}"
    )
    # Those that page one or a chapter tells are no others where there are none.
    elsewhere = _elsewhere(data)
    other, late = "autre " * bool(elsewhere), " de retard" * data.composition.late_only
    if not whole and not data.review.findings:
        counted, named = f"Ni {other}alerte, ni chiffre à rapprocher", ""
    words = f"{counted} au {format_date(data.day)}.{apart} Rien n’est corrigé en silence."
    blocks.append(paragraph(f"{words}{_late_alone(data, whole, shown)}{named}", BODY_STYLE))
    blocks += heading("Alertes", ALERTS)
    blocks += _table(data, shown, f"Aucune {other}alerte{late} à cette date.", most=_ALERTS)
    if elsewhere:
        blocks.append(paragraph(elsewhere, NOTE_STYLE))
    if data.composition.late_only:
        return blocks
    blocks += heading("Chiffres à rapprocher", FINDINGS)
    findings = _points(data.review.findings)
    contradictions = [point for point in findings if point.nature is PointNature.CONTRADICTION]
    blocks += _table(data, contradictions, "Aucune contradiction n’est relevée.", most=_CONTRADICTIONS)
    if milder := [point for point in findings if point.nature is not PointNature.CONTRADICTION]:
        blocks += small_heading("Autres rapprochements")
        blocks += _brief(data, milder)
    return blocks


WHOLE = ", en entier"
"""What follows the name of a list that the section cuts short."""


def every_point(data: CopilData) -> list[Flowable]:
    """Every point with its source and what to do: what the section cuts short."""
    blocks: list[Flowable] = []
    for name, views in (("Alertes", data.review.alerts), ("Chiffres à rapprocher", data.review.findings)):
        if views:
            blocks += heading(f"{name}{WHOLE}")
            blocks += _table(data, _points(views), "")
    return blocks


def _points(views: Sequence[PointView]) -> list[Point]:
    return [view.point for view in views]


def _is_told_here(point: Point) -> bool:
    """Whether no other chapter says it: decisions stand with the follow-up, silent engagements with their partner."""
    return point.kind not in (DECISION_EN_RETARD, ENGAGEMENT_SANS_SUIVI)


def _late_alone(data: CopilData, whole: Sequence[Point], shown: Sequence[Point]) -> str:
    """That lateness alone is told, where that is asked for, of more alerts and of figures that do not agree."""
    if not data.composition.late_only or not (len(whole) > len(shown) or data.review.findings):
        return ""
    degraded = any(point.kind == STATUT_DEGRADE for point in shown)
    which = "de retard, de statut dégradé ou de cible" if degraded else "de retard, ou de cible"
    told = plural(len(shown), f"alerte {which}", f"alertes {which}")
    given = f"{told} qui serait manquée, {'est comptée' if len(shown) == 1 else 'sont comptées'} ici"
    where = annexed(data) or IN_WHOLE
    return f" {given}{NNBSP}: le reste est {where}." if shown else f" Le détail est {where}."


def _elsewhere(data: CopilData) -> str:
    """Where the alerts are that other chapters say."""
    waiting = _points(data.review.waiting)
    counts = Counter(point.kind for point in waiting)
    parts = []
    if late := counts[DECISION_EN_RETARD]:
        where = _where_decided(data, late)
        parts.append(f"{plural(late, 'décision en retard', 'décisions en retard')} ({where})")
    past = {item.code for item in past_engagements(data.situation)}
    untold = [point.object for point in waiting if point.kind == ENGAGEMENT_SANS_SUIVI]
    if silent := counts[ENGAGEMENT_SANS_SUIVI]:
        words = plural(silent, f"engagement {SILENT_WORDS}", f"engagements {SILENT_WORDS}")
        # What is among them is not added to them.
        among = len(past & {*untold})
        words += f", dont {among} à échéance passée" if among else ""
        whose = of_whom(data, [point.partner for point in waiting if point.kind == ENGAGEMENT_SANS_SUIVI])
        parts.append(f"{words}{NNBSP}: {whose}")
    apart = past - {*untold}
    if apart:
        by_code = {item.code: item.partner for item in data.situation.engagements}
        words = plural(len(apart), "engagement à échéance passée", "engagements à échéance passée")
        parts.append(
            f"{words}, sans nouvelle depuis{NNBSP}: {of_whom(data, [by_code[code] for code in apart])}"
        )
    several = counts[DECISION_EN_RETARD] + counts[ENGAGEMENT_SANS_SUIVI] + len(apart) > 1
    return f"S’y ajoute{'nt' * several} {' ; '.join(parts)}." if parts else ""


def _where_decided(data: CopilData, late: int) -> str:
    """Where the late decisions are told: under the agenda, else on page one, which names a few of them."""
    printed = data.composition.place_of
    if printed(agenda.ENTRY.key, beside=ENTRY.key) != IN_WHOLE:
        return quoted(agenda.ENTRY.title)
    named = late <= LATE_NAMED and printed(PAGE_ONE.key, beside=ENTRY.key) != IN_WHOLE
    return quoted(PAGE_ONE.title) if named else IN_WHOLE


def _brief(data: CopilData, items: Sequence[Point]) -> list[Flowable]:
    """A line for each nature: the first sentence of each where they are few, else how many there are and whose."""
    by_nature: dict[str, list[Point]] = {}
    for point in items:
        by_nature.setdefault(NATURE_LABELS[point.nature] if point.nature else point.title, []).append(point)
    told = []
    partners = {item.code for item in data.situation.dossier.partners}
    for name, alike in by_nature.items():
        # What is of several partners at once is nobody's alone: it is told whole, with what is to be done of it.
        shared = [point for point in alike if point.instances and partners.issuperset(point.instances)]
        own = [point for point in alike if point not in shared]
        if len(own) > _BRIEF:
            words = f"{of_whom(data, [point.partner for point in own])}."
        else:
            words = " ".join(_first_sentence(data, point) for point in own)
        remedies = {point.remedy for point in own}
        advice = _TO_DO.get(alike[0].nature) if own and alike[0].nature else ""
        if len(remedies) == 1:
            advice = remedies.pop()
        several = f"De plusieurs à la fois{NNBSP}: "
        also = [
            f"{several}{data.situation.names.lowered(_first_sentence(data, point))} {point.remedy}"
            for point in shared
        ]
        uncounted = _uncounted(data, alike)
        counted = f"{name} ({len(alike)}{_of_objects(data, own)}){NNBSP}:"
        told.append((counted, f" {' '.join(filter(None, [words, advice, uncounted, *also]))}"))
    return bullets(told, small=True)


def _of_objects(data: CopilData, own: Sequence[Point]) -> str:
    """`, pour 3 objectifs et 1 chiffre suivi`: of how many those findings are, where each is told and one cause has several;
    what nobody promised is no objective."""
    codes = {code for point in own for code in point.instances or (point.object,)}
    known = {item.code: item for item in data.situation.dossier.objectives}
    if len(own) > _BRIEF or len(codes) == len(own) or not codes <= known.keys():
        return ""
    promised = sum(known[code].aim.promised for code in codes)
    counted = (
        (promised, "objectif", "objectifs"),
        (len(codes) - promised, "chiffre suivi", "chiffres suivis"),
    )
    return f", pour {enumerate_words([plural(*words) for words in counted if words[0]])}"


def _uncounted(data: CopilData, alike: Sequence[Point]) -> str:
    """Which promises that lack a date are not counted among those, and why."""
    if not any(point.kind == _UNDATED for point in alike):
        return ""
    counted = {code for point in alike for code in point.instances or (point.object,)}
    undated = [item for item in data.situation.promised if item.target_date is None]
    lacking = [item for item in undated if lacks_date(item) and item.code not in counted]
    reached = [item for item in lacking if data.situation.assessments[item.key].status is Statut.ATTEINT]
    # Its contract says of the others that their base is missing: they are told as that.
    based = [item.code for item in lacking if item not in reached]
    told = [
        *["une borne ou une parité, jugée à chaque valeur"] * (not all(map(lacks_date, undated))),
        *["ce qui est atteint"] * bool(reached),
        *([f"{code_ranges(based)}, dont la base manque aussi"] if based else []),
    ]
    return f"Hors de ce compte{NNBSP}: {f'{NNBSP}; '.join(told)}." if told else ""


def _first_sentence(data: CopilData, point: Point) -> str:
    found = _SENTENCE.match(point.titled)
    sentence = found[0] if found is not None else point.titled
    code = _spoken_code(data, point)
    # What is found of several things is not the first one's alone.
    if code != UNKNOWN and len(point.instances) > 1:
        code = code_ranges(point.instances)
    return sentence if code == UNKNOWN or stands_in(code, sentence) else f"{sentence.rstrip('.')} ({code})."


def _table(data: CopilData, items: Sequence[Point], nothing: str, *, most: int = 0) -> list[Flowable]:
    """Points under the name of their rule. `most`: how many of one rule are told; whose the others are closes it. 0 for
    all, each with its source."""
    if not items:
        return [paragraph(nothing, NOTE_STYLE)]
    widths = fill(code_width(point.object for point in items), None)
    rows: list[list[Any]] = []
    groups: list[int] = []
    kinds: dict[str, list[Point]] = {}
    for point in items:
        kinds.setdefault(point.kind, []).append(point)
    for alike in kinds.values():
        groups.append(len(rows))
        advice = {point.remedy for point in alike} if len(alike) > 1 else set()
        nature = NATURE_LABELS[alike[0].nature] + NNBSP + ": " if alike[0].nature else ""
        title = _title(alike)
        head = f"{nature}{lowered(title) if nature else title} ({len(alike)})"
        shared = next(iter(advice)) if len(advice) == 1 else ""
        # What is to be done is in the title of its group, on two lines where it is long.
        told = f"{head} · {shared}" if shared else head
        rows.append([group_title(told), ""])
        same = _said_alike(data, alike)
        shown = same[: most or None]
        for points in shown:
            rows.append(_row(data, points, widths, advised=bool(shared), sourced=not most))
        if rest := [point for points in same[len(shown) :] for point in points]:
            # Of whom they are: a code alone tells nobody anything.
            others = others_words(data, [point.partner for point in rest], "autre", "autres")
            rows.append(["", cell(f"{others}{_of_others(data, rest)}", widths[1] - 4)])
    return data_table(("Objet", "Constat et suite possible"), rows, widths, groups=groups)


def _of_others(data: CopilData, items: Sequence[Point]) -> str:
    """« ARS-O002 est compté à Bpifrance, qui en doit une valeur. »: what another owes than who promised it."""
    partners = {item.code: item.partner for item in data.situation.dossier.objectives}
    owing: dict[str, list[str]] = {}
    for point in items:
        if point.partner is not None and partners.get(point.object, point.partner) != point.partner:
            owing.setdefault(point.object, []).append(data.situation.partner(point.partner).usual_name)
    # Of one partner there may be several findings of the same objective.
    distinct = {code: list(dict.fromkeys(names)) for code, names in owing.items()}
    told = {code: enumerate_words(names) for code, names in distinct.items()}
    if len(told) == 1:
        ((code, names),) = told.items()
        owes = "doivent chacun" if len(distinct[code]) > 1 else "doit"
        return f" {code} est compté à {names}, qui en {owes} une valeur."
    words = ", ".join(f"{code} ({names})" for code, names in told.items())
    return f" Comptés à qui en doit une valeur{NNBSP}: {words}." if told else ""


def _title(alike: Sequence[Point]) -> str:
    """The name of the rule, in the plural over several."""
    first = alike[0]
    return PLURALS.get(first.kind, first.title) if len(alike) > 1 else first.title


def _said_alike(data: CopilData, items: Sequence[Point]) -> list[list[Point]]:
    """Points that say the same thing of several objects, together; those the officer has seen stand alone."""
    seen = {item.point for item in data.situation.dossier.acknowledgements}
    groups: dict[tuple[str, ...], list[Point]] = {}
    for point in items:
        key = (point.ident,) if point.ident in seen else (point.untitled, point.remedy)
        groups.setdefault(key, []).append(point)
    return list(groups.values())


def _spoken_code(data: CopilData, point: Point) -> str:
    """The code of an objective, of an engagement, of a statement, by which people name them; that of another thing is said
    by nobody."""
    situation = data.situation
    statements = situation.dossier.statements
    known = point.object in situation.names.by_code or any(item.code == point.object for item in statements)
    return point.object if known else UNKNOWN


def _named(data: CopilData, point: Point) -> str:
    """The same under the name of its object, where it does not say it itself."""
    if point.parts:
        # One after the other, a dozen lines of figures are checked by nobody.
        return "\n".join([f"{point.cause}{NNBSP}:", *(f"– {part}" for part in point.parts)])
    if point.statement:
        return point.message
    names = data.situation.names
    name, text = names.by_code.get(point.object, ""), point.untitled
    if not name or stands_in(name, text):
        return text
    return f"{name}{NNBSP}: {names.lowered(text)}"


def _row(
    data: CopilData, same: Sequence[Point], widths: Sequence[float], *, advised: bool, sourced: bool
) -> list[Any]:
    """`advised`: what to do is said over the group already; `sourced`: say where it was read."""
    point = same[0]
    more = [point.remedy] if point.remedy and not advised else []
    if len(same) > 1:
        if sourced:
            # The annex has named each of them.
            codes = code_ranges([item.object for item in same])
            return [_times(len(same)), stacked(f"{point.untitled} {codes}.", more)]
        told = f"{point.untitled.rstrip('.')}{NNBSP}: {_called(data, same)}."
        return [_times(len(same)), stacked(told, more)]
    if sourced and point.citation is not None:
        documents = data.situation.dossier.documents
        # Where there is one document alone, naming it under each point tells nothing; « Sources » does.
        titles = {item.key: item.title for item in documents} if len(documents) > 1 else {}
        source = titles.get(point.citation.document, "")
        place = ", ".join(part for part in (source, point.citation.section) if part)
        mark = f", {quoted(point.citation.mark)}" if point.citation.mark else ""
        more.append(f"Source{NNBSP}: {place}{mark}")
    for known in data.situation.dossier.acknowledgements:
        if known.point == point.ident:
            more.append(f"Vu le {format_date(known.day)}{NNBSP}: {known.reason}")
    code = point.object if sourced else _spoken_code(data, point)
    # A dash would say that it is about nothing.
    code = "Visite" if code == UNKNOWN and point.kind == SUITE_EN_RETARD else code
    return [cell(code, widths[0] - 4), stacked(_named(data, point), more)]


def _called(data: CopilData, same: Sequence[Point]) -> str:
    """The first objects by name; how many the others are."""
    names = data.situation.names.by_code
    told = [
        f"{shorten_words(names[item.object], _NAME_MAX)} ({item.object})"
        if item.object in names
        else item.object
        for item in first_of(same, _NAMED_MAX)
    ]
    rest = len(same) - len(told)
    return f"{NNBSP}; ".join(told) + (f" et {plural(rest, 'autre', 'autres')}" if rest else "")


def _times(count: int) -> str:
    return f"{count}\u00a0objets"
