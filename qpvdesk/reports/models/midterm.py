"""The contract halfway: what was promised, what is done, what was given up and why, between two states of the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.charts.bars import statuses_words
from qpvdesk.domain.ages import is_old_meteo
from qpvdesk.domain.counts import partner_counts, promised_count
from qpvdesk.domain.declined import own_words
from qpvdesk.domain.evolution import counted_on
from qpvdesk.domain.french import (
    NBSP,
    NNBSP,
    code_ranges,
    format_date,
    format_number,
    format_value,
    plural,
)
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.meetings import decided_by
from qpvdesk.domain.model import DecisionState, Engagement, Meteo, Objective
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.scales import is_beyond_home, place_word
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.targets import is_undated_total, start_of
from qpvdesk.domain.wording import called, quoted, quoted_name, reserve_words
from qpvdesk.reports import sheets
from qpvdesk.reports.cells import Figure
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, commented, heading, small_heading, title
from qpvdesk.reports.left_out import IN_FILE, ranked_words
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.models.parts import engagements_table, live
from qpvdesk.reports.models.tallies import (
    AT_RISK,
    DONE,
    SECURED,
    Tally,
    of_engagements,
    of_objectives,
    retired_engagements,
    retired_objectives,
    statuses_named,
    tally_tables,
)
from qpvdesk.reports.objectives import contradicted, gauge_cell, number_of, read_words
from qpvdesk.reports.pace import before_the_contract, out_of_term
from qpvdesk.reports.references import parity_note, reference_words
from qpvdesk.reports.sections.asking import FAR
from qpvdesk.reports.sections.engagements import said_of
from qpvdesk.reports.sections.essential import ENTRY
from qpvdesk.reports.sections.headline import standing
from qpvdesk.reports.sections.method import RANKED_MIDTERM, statuses_told
from qpvdesk.reports.sections.moves import VALUED, moves_by_outcome, value_cell
from qpvdesk.reports.sections.reserves import reserved
from qpvdesk.reports.signs import bound_told, gauge_title, signs_words
from qpvdesk.reports.style import CELL_STYLE, NOTE_STYLE, REGULAR, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import paragraph, stacked

_UNTOLD = "non signalé"
_UNKNOWN = "Inconnu, comme il est dit plus haut."
_CODES_MAX, _WHOLE_MAX = 10, 36
"""Of more objectives that are alike it is said whose they are; letters of what stands on a line whole."""
_NONE_GIVEN_UP = "Aucune promesse n’est notée comme abandonnée."


def midterm(data: CopilData) -> list[Flowable]:
    """The blocks of the paper; its review is compared with the first arrêté of the contract."""
    now, baseline = data.situation, data.review.baseline
    blocks = title(Entry("mi-parcours", "Bilan à mi-parcours", 0), data.review.data_words)
    blocks = commented(blocks, data.composition.comment(ENTRY.key))
    blocks += standing(now)
    blocks.append(paragraph(_states(data), CELL_STYLE))
    blocks += tally_tables(data)
    far = [item.objective for item in now.to_treat if item.status in FAR]
    # Where nothing is known of any, the tables have said it.
    if _nothing(of_objectives(data), "", "") != _UNKNOWN:
        # What goes badly is read first; as on page one, what the committee of the contract settles, then the worst.
        blocks += heading("Objectifs en retard ou non atteints, et freins signalés")
        blocks += _objectives(data, sorted(far, key=lambda item: is_beyond_home(now, item)), ranked=True)
        blocks += heading("Objectifs atteints")
        done = [item for item in now.promised if now.assessments[item.key].status in DONE]
        # The tick of a bar is told once.
        blocks += _objectives(data, done, ticks=not far)
        # After both lists: those that are in neither.
        blocks += _others(data, alone=not (far or done))
    secured = [item for item in live(data) if data.situation.weather_of(item.key) in SECURED]
    at_risk = [item for item in live(data) if data.situation.weather_of(item.key) in AT_RISK]
    nothing = _nothing(of_engagements(data), "n’a pas de météo", "n’ont pas de météo")
    if nothing != _UNKNOWN:
        if at_risk or secured:
            blocks += heading("Engagements compromis selon leur météo, et freins signalés")
            blocks += engagements_table(data, at_risk, lambda item: [why_of(data, item)], nothing)
            blocks += heading("Engagements sécurisés, selon leur météo")
            blocks += engagements_table(data, secured, lambda item: said_of(now, item), nothing)
        else:
            # What is said of both lists is said once.
            blocks += heading("Engagements compromis ou sécurisés, selon leur météo")
            blocks.append(paragraph(nothing, NOTE_STYLE))
        under_way = [item for item in live(data) if item not in (*at_risk, *secured)]
        blocks += _hindered(data, under_way, {_why_far(data, item) for item in far})
    blocks += _given_up(data)
    if baseline is not None:
        moves = [move for move in data.review.moves if move.status_changed]
        blocks += heading(f"Ce qui a changé de statut {baseline.since}")
        blocks += moves_by_outcome(data, moves) if moves else [paragraph("Aucun objectif.", NOTE_STYLE)]
    return [*blocks, *statuses_told(data, blocks, RANKED_MIDTERM if far[1:] else "", statuses_named(data))]


def _hindered(data: CopilData, under_way: Sequence[Engagement], told: Set[str]) -> list[Flowable]:
    """Which engagements under way are hindered and by what; those whose brake was `told` beside a figure are not named."""
    brakes = {item.code: _obstacles(data.situation, item).rstrip(".") for item in under_way}
    hindered = [item for item in under_way if brakes[item.code]]
    others = [item for item in hindered if not any(brakes[item.code] in why for why in told)]
    which = "Autres engagements" if len(others) < len(hindered) else "Engagements"
    words = f"{NNBSP}; ".join(
        f"{called(item)}{NNBSP}: {brakes[item.code]} ({_noted_on(data, meteo)})"
        for item in others
        if (meteo := data.situation.meteo_of(item.key)) is not None
    )
    return [paragraph(f"{which} en cours, freins signalés{NNBSP}: {words}.", NOTE_STYLE)] if others else []


def _others(data: CopilData, *, alone: bool) -> list[Flowable]:
    """How many have no row, by status, and where they have one; `alone`: beside none that has one."""
    rest = {status: count for status, count in data.situation.counts.items() if status not in (*DONE, *FAR)}
    count, told = promised_count(rest), statuses_words(rest)
    others = ("objectif est", "objectifs sont") if alone else ("autre objectif est", "autres objectifs sont")
    noun, _, verb = plural(count, *others).rpartition(" ")
    where = f"{IN_FILE}, par partenaire"
    # Of one status, the number is said once: « 29 autres objectifs, non renseignés, sont… ».
    if "," not in told:
        return [paragraph(f"{noun}, {told.partition(NBSP)[2]}, {verb} {where}.", NOTE_STYLE)] if count else []
    return [paragraph(f"{noun} {verb} {where}{NNBSP}: {told}.", NOTE_STYLE)]


def _states(data: CopilData) -> str:
    """Which two states are set side by side, and whether each is frozen."""
    baseline, review = data.review.baseline, data.review
    if baseline is None:
        return f"{_age(data)}Aucun état antérieur n’est arrêté{NNBSP}: ce bilan n’a rien à quoi se comparer."
    then, now = (
        f"le {format_date(day)}{'' if snapshot is not None else ' (données non arrêtées)'}"
        for day, snapshot in ((baseline.day, baseline.snapshot), (data.day, review.snapshot))
    )
    return f"{_age(data)}Ce bilan compare {then} et {now}. {baseline.note}"


def _age(data: CopilData) -> str:
    """How far the contract has run, in months, where its years are known, or that it does not run."""
    contract, day = data.situation.dossier.contract, data.day
    if told := out_of_term(data.situation):
        return f"{told} "
    if contract.start is None or contract.end is None:
        return ""
    passed, lasting = (
        (end.year - contract.start.year) * 12 + end.month - contract.start.month + 1
        for end in (day, contract.end)
    )
    return f"Le contrat est à son {passed}{'er' if passed == 1 else 'e'} mois sur {lasting}. "


def _nothing(tallies: Sequence[Tally], *words: str) -> str:
    """What stands for an empty list: what nothing is said of is not known to be out of it."""
    whole, untold = (sum(tally.counts[place] for tally in tallies) for place in (0, -1))
    if not untold:
        return "Aucun."
    if untold == whole:
        return _UNKNOWN
    return f"Aucun à ce qui est connu{NNBSP}: sur {format_number(whole)}, {plural(untold, *words)}."


def _beside(data: CopilData, item: Objective, after: Assessment) -> list[str]:
    """How its target is read; what was measured beside what its parts make, for one may be reached and the other not."""
    own = own_words(data.situation, after)
    told = " · ".join(
        filter(None, [f"Relevé propre – {own}" if own else "", *contradicted(data.review, after)])
    )
    return [*read_words(item), *filter(None, [told])]


def _objectives(
    data: CopilData, items: Sequence[Objective], *, ticks: bool = True, ranked: bool = False
) -> list[Flowable]:
    """What was promised, where it stood and stands, and what is said to hinder it. `ranked`: the worst first."""
    if not items:
        nothing = _nothing(of_objectives(data), "n’est pas renseigné", "ne sont pas renseignés")
        return [paragraph(nothing, NOTE_STYLE)]
    now, previous = data.situation, data.review.previous
    found = [now.assessments[item.key] for item in items]
    old = before_the_contract(now, found)
    earlier = previous.assessments if previous is not None else {}
    widths = fill(None, 104, VALUED, VALUED, 60)
    rows: list[list[Any]] = []
    whys = {item.code: _why_far(data, item) for item in items if now.assessments[item.key].status in FAR}
    alike: dict[str, list[str]] = {}
    for code, hinder in whys.items():
        alike.setdefault(hinder, []).append(code)
    untold = alike.pop("", [])
    for item in items:
        after, before = now.assessments[item.key], earlier.get(item.key)
        why = [hinder] if (hinder := whys.get(item.code, "")) else []
        if why and (first := alike[hinder][0]) != item.code:
            # One is sent to the other in its row, more than that in a line under the table.
            why = [f"Frein{NNBSP}: le même que pour {first}."] if len(alike[hinder]) == 2 else []
        rows.append(
            [
                stacked(
                    item.label,
                    [
                        " · ".join((item.code, place_word(now, item), *_first(now, item, before))),
                        *_beside(data, item, after),
                        *why,
                    ],
                ),
                _promised(item, after, widths[1] - 8),
                value_cell(before, widths[2] - 8) if before is not None and before.value is not None else "–",
                value_cell(after, widths[3] - 8),
                gauge_cell(after, widths[4] - 4),
            ]
        )
    baseline = data.review.baseline
    # What was known of a thing done may be more than its last figure: a step, a météo.
    then = f"Connu\nau {format_date(baseline.day)}" if baseline is not None else "Avant"
    since = f"Connu\nau {format_date(data.day)}"
    header = ("Objectif", "Cible", then, since, gauge_title(found))
    table = data_table(header, rows, widths, right=(1, 2, 3), optional=(2,))
    # What a sign is, is read before the rows that bear it, which may take pages.
    order = ranked_words(now, found) if ranked else ""
    above = " ".join(filter(None, (*old, order, signs_words(found, ticks=ticks))))
    told = [paragraph(above, NOTE_STYLE)] if above else []
    # Each row has the value of its reference.
    valued = reference_words(now, earlier, items)
    under = [*valued, *_reserves(now, items), *_shared(now, items, alike, untold)]
    named = parity_note(now, items, dated=not valued)
    return [*told, *table, *named, *(paragraph(text, NOTE_STYLE) for text in under)]


def _shared(
    now: Situation, items: Sequence[Objective], alike: Mapping[str, Sequence[str]], untold: Sequence[str]
) -> list[str]:
    """Which of the items have one brake in common, and which none: by their codes, or where they are many by partner."""
    lines = [(f"Même frein que pour {codes[0]}", codes[1:]) for codes in alike.values() if len(codes) > 2]
    told = []
    for words, codes in (*lines, (f"Frein {_UNTOLD}", untold)):
        own = [item for item in items if item.code in codes]
        whose = f"{len(own)} objectifs ({partner_counts(now.dossier, [item.partner for item in own])})"
        if len(own) <= _CODES_MAX:
            whose = called(own[0]) if len(own) == 1 else code_ranges(sorted(codes))
        told += [f"{words}{NNBSP}: {whose}."] * bool(codes)
    return told


def _reserves(now: Situation, items: Sequence[Objective]) -> list[str]:
    """What each partner reserved, beside what it is said to have missed, or reached."""
    partner_keys = {item.partner for item in items}
    return [
        reserve_words(text, f" ({partner.usual_name})")
        for partner in now.dossier.partners
        if partner.key in partner_keys
        for text in _reserved(now, partner.key, items)
    ]


def _reserved(now: Situation, partner: str, items: Sequence[Objective]) -> list[str]:
    """What a partner reserved of the engagements of these objectives, and first of all that it promised."""
    promised = {
        now.followed_by(item.engagement) for item in items if item.engagement and item.partner == partner
    }
    own = [
        item.text
        for item in now.dossier.conditions
        if item.engagement is not None and now.followed_by(item.engagement) in promised
    ]
    return list(dict.fromkeys([*own, *reserved(now, partner)[:1]]))


def _first(now: Situation, item: Objective, before: Assessment | None) -> list[str]:
    """The first value that is known of what has no start of its own."""
    first = now.measurements_of(item.key)[:1] if item.aim.is_figure and start_of(item)[0] is None else ()
    # What is known on either day is told beside it.
    told = {found.value_day for found in (before, now.assessments[item.key]) if found is not None}
    return [
        on_a_line(
            f"premier relevé{NNBSP}:",
            f"{format_value(found.value, item.unit)} {counted_on(item, found.day, found, 'au ')}",
        )
        for found in first
        if found.day not in told
    ]


def on_a_line(name: str, told: str) -> str:
    """What is told after a name, on one line with it where both are short, else with its first word at least."""
    short = len(name) + len(told) < _WHOLE_MAX
    return f"{name} {told}".replace(" ", NBSP) if short else f"{name.replace(' ', NBSP)}{NBSP}{told}"


def _promised(item: Objective, after: Assessment, width: float) -> Figure | str:
    """What was promised: a parity is no figure, its reference moves."""
    if item.aim.compared:
        reference = format_value(after.reference_value, item.unit)
        under = f"référence {reference}" if after.reference_value is not None else ""
        return Figure("à parité", under, width, REGULAR)
    if item.aim.yes_or_no:
        return "à réaliser"
    start, day = start_of(item)
    # The 0 of a total is nothing that anybody counted.
    under = f"départ {number_of(start, item)}" if start and not is_undated_total(item) else ""
    return Figure(
        bound_told(item, how_far(after).bound) or "–", under if day is not None else "", width, REGULAR
    )


def _why_far(data: CopilData, item: Objective) -> str:
    """What the engagement of an objective says of what holds it back, else the one that its reference hangs on: parity is
    promised there. Another says nothing of it; empty where nothing is noted."""
    now = data.situation
    own, promised = (
        _engagement_of(now, objective)
        for objective in (item, now.objective(item.reference) if item.reference else None)
    )
    if promised is not None and promised != own and _obstacles(now, promised) and not _obstacles(now, own):
        return why_of(data, promised, f" sur {quoted_name(promised)}")
    return why_of(data, own) if own is not None and _obstacles(now, own) else ""


def _engagement_of(now: Situation, objective: Objective | None) -> Engagement | None:
    followed = now.followed_by(objective.engagement) if objective is not None else None
    return next((found for found in now.engagements if found.key == followed), None)


def _obstacles(now: Situation, engagement: Engagement | None) -> str:
    meteo = now.meteo_of(engagement.key) if engagement is not None else None
    return meteo.obstacles.strip() if meteo is not None else ""


def why_of(data: CopilData, item: Engagement, where: str = "") -> str:
    """What is said to hinder a promise: the obstacles of its last météo, and the day they were told; `where`, if that is
    not beside it."""
    meteo, obstacles = data.situation.meteo_of(item.key), _obstacles(data.situation, item)
    if meteo is None or not obstacles:
        return f"Frein{NNBSP}: {_UNTOLD}."
    return f"Frein{NNBSP}: {obstacles.rstrip('.')} (signalé le {_noted_on(data, meteo)}{where})."


def _noted_on(data: CopilData, meteo: Meteo) -> str:
    return format_date(meteo.day) + (", ancien" if is_old_meteo(meteo.day, data.day) else "")


def _given_up(data: CopilData) -> list[Flowable]:
    """Every promise and decision that was given up, with why."""
    dossier = data.situation.dossier
    meteos = {item.engagement: item for item in dossier.meteos if item.day <= data.day}
    told = [
        f"{called(item)}{NNBSP}: {_reason(meteos.get(item.key), '')}." for item in retired_engagements(data)
    ]
    told += [
        f"{called(item)}{NNBSP}: {_reason(meteos.get(item.engagement or ''), item.note)}."
        for item in retired_objectives(data)
    ]
    decisions = [
        f"{quoted(item.label.rstrip(' .'))} ({item.carrier or 'sans porteur'}), abandonnée"
        + (f" le {format_date(item.state_on)}" if item.state_on is not None else "")
        + f"{NNBSP}; motif non noté."
        for item in decided_by(dossier, data.day)
        if item.state is DecisionState.ABANDONNEE and (item.state_on is None or item.state_on <= data.day)
    ]
    blocks = heading("Ce qui est abandonné, et pourquoi")
    blocks += bullets(told) if told else [paragraph(_NONE_GIVEN_UP, NOTE_STYLE)]
    if decisions:
        blocks += small_heading(plural(len(decisions), "décision abandonnée", "décisions abandonnées"))
        blocks += bullets(decisions)
    return blocks


def _reason(meteo: Meteo | None, note: str = "") -> str:
    words = (meteo.obstacles if meteo is not None else "") or note or "motif non noté"
    return words.strip().rstrip(".")


write = sheets.paper("bilan à mi-parcours", midterm)
