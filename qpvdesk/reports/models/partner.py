"""The sheet of a partner, for a bilateral meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from reportlab.platypus import Flowable

from qpvdesk.domain.alerts import old_value_ident
from qpvdesk.domain.counts import PartnerSummary
from qpvdesk.domain.declined import objectives_words
from qpvdesk.domain.expected import asked_of, first_values, values_to_renew
from qpvdesk.domain.french import NNBSP, enumerate_words, format_date, format_value, lowered, plural, raised
from qpvdesk.domain.lacks import Lack, awaits_steps, trajectory_lacks
from qpvdesk.domain.meetings import decided_by, is_entrusted, is_open
from qpvdesk.domain.points import PointNature
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.scales import is_beyond_home, place_word
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.targets import start_of
from qpvdesk.domain.wording import called, quoted
from qpvdesk.reports import sheets
from qpvdesk.reports.ending import laid_out, tightened, well_ended
from qpvdesk.reports.folding import COUNTS_STYLE
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, small_heading, title
from qpvdesk.reports.layout import Watch
from qpvdesk.reports.left_out import compared
from qpvdesk.reports.lists import bullets, first_of
from qpvdesk.reports.models.disputes import ANY, CONTRADICTIONS, asked_of_points, disputed, reckoned, unlike
from qpvdesk.reports.models.parts import engagements_told, provisional_values, to_ask
from qpvdesk.reports.models.treated import to_treat, treated_shares
from qpvdesk.reports.objectives import followed_table, promised_table
from qpvdesk.reports.pace import PACE, standing_words, too_slow
from qpvdesk.reports.references import parity_words
from qpvdesk.reports.sections.agenda import decisions_table
from qpvdesk.reports.sections.decisions import already_words
from qpvdesk.reports.sections.drawings import needs_talk, parity, trajectory
from qpvdesk.reports.sections.engagements import Detail, told_engagements
from qpvdesk.reports.sections.essential import unseen
from qpvdesk.reports.sections.funding import fundings_tables
from qpvdesk.reports.sections.moves import moves_table
from qpvdesk.reports.sections.notes import Ruling
from qpvdesk.reports.sections.partner import promised_lists, promised_rows
from qpvdesk.reports.sections.reserves import engagement_reserves, reserves
from qpvdesk.reports.signs import old_words
from qpvdesk.reports.style import BODY_STYLE, CELL_BOLD_STYLE, NOTE_STYLE, WIDTH
from qpvdesk.reports.text import paragraph
from qpvdesk.reports.valued import followed_pairs

_FIRST, _ASKED, _NAMED_MAX = 5, 8, 2
_PROVISIONAL = 2
"""More provisional values of one day than this are counted."""
_PAGES_MAX = 3
_FILLED = 0.86
"""A last page less filled than that has lines to write on."""
_MOVES, _MOVES_MIN = 8, 3


def partner_sheet(data: CopilData, summary: PartnerSummary) -> list[Flowable]:
    """What a bilateral is about: what to treat, decisions entrusted, changes, the trajectory that matters, questions;
    then where everything stands; where three pages would not hold them, the figures without target two a row, then the
    objectives without value in a line, then what goes well with its values, then the engagements without news and half of
    the moves, then the units of those values, then how far those figures moved, last the names of most engagements and two
    moves more, then the air of the tables. What is left of the last page is to write on."""
    blocks: list[Flowable] = []
    everything = len(data.situation.engagements)
    # What a figure was goes last: it is what the talk compares.
    least = [(False, everything, True), (True, everything, True), (True, 1, False), (True, 1, True)]
    tried = [(detail, False, everything, False) for detail in Detail]
    for detail, brief, named, terse in [*tried, *((Detail.WORST, *fewer) for fewer in least)]:
        blocks, _ = well_ended(_sheet(data, summary, detail, brief=brief, named=named, terse=terse))
        pages = laid_out(blocks)[0]
        if pages <= _PAGES_MAX:
            break
    else:
        blocks = tightened(blocks)
        pages = laid_out(blocks)[0]
    # Where they leave no room for that, its tables do with less air.
    for body in (blocks, tightened(blocks)):
        noted = [*body, *heading("Notes de l’entretien"), Ruling()]
        if laid_out(body)[1] < _FILLED and laid_out(noted)[0] == pages:
            return noted
    return blocks


def _sheet(
    data: CopilData, summary: PartnerSummary, detail: Detail, *, brief: bool, named: int, terse: bool
) -> list[Flowable]:
    situation, key = data.situation, summary.partner.key
    blocks = title(
        Entry("partenaire", summary.partner.name, 0, summary.partner.short_name),
        f"Fiche partenaire · {lowered(data.review.data_words)}",
    )
    none = "" if summary.objectives else "Aucun objectif promis."
    standing = " ".join(filter(None, (none, standing_words(situation, summary))))
    blocks.append(paragraph(standing, BODY_STYLE))
    if summary.partner.contact_function:
        blocks.append(paragraph(f"Interlocuteur{NNBSP}: {summary.partner.contact_function}.", NOTE_STYLE))
    blocks += reserves(situation, key)
    blocks += engagement_reserves(situation, situation.engagements_of_partner(key))
    blocks += to_treat(situation, key)
    blocks += _decisions(data, summary)
    most = _MOVES if detail < Detail.WORST else _FIRST if named > 1 else _MOVES_MIN
    blocks += _changes(data, key, most)
    blocks += _trajectory(situation, key)
    blocks += _questions(data, key)
    # What stands goes before what is to be ticked.
    blocks += _figures(data, key, detail, brief=brief, terse=terse)
    blocks += _engagements(data, key, detail, named)
    own = [item for item in situation.dossier.fundings if item.partner == key]
    blocks += heading("Moyens mobilisés") + fundings_tables(situation.dossier, own) if own else []
    return blocks + reckoned(data, key)


def _engagements(data: CopilData, key: str, detail: Detail, named: int) -> list[Flowable]:
    engagements = data.situation.engagements_of_partner(key)
    if detail < Detail.WORST:
        told = engagements_told(data, engagements, asked=True)
    else:
        told = told_engagements(data, engagements, detail, alone=named)
    return [*heading("Engagements"), *(told or [paragraph("Aucun engagement n’est enregistré.", NOTE_STYLE)])]


def _figures(data: CopilData, key: str, detail: Detail, *, brief: bool, terse: bool) -> list[Flowable]:
    """Its objectives, with a row or in a line, then what it follows without a target."""
    situation = data.situation
    objectives = situation.objectives_of_partner(key)
    promised = [item for item in objectives if item.aim.promised]
    blocks = heading("Objectifs chiffrés") if promised else []
    statuses = {item.key: situation.assessments[item.key].status for item in promised}
    told = [
        item for item in promised if detail < Detail.LATE or statuses[item.key] is not Statut.NON_RENSEIGNE
    ]
    # What shares are compared with is said once: of what is treated first, else over the rows; where there is no room for
    # that, by the drawing.
    named = bool(treated_shares(situation, key))
    sentence = "" if named or brief else parity_words(situation, told, whose=True)
    if detail < Detail.LEAST:
        blocks += [*([paragraph(sentence, NOTE_STYLE)] if sentence else []), *promised_table(data, told)]
        old = old_words(data.situation.assessments[item.key] for item in told)
        blocks += [paragraph(old, NOTE_STYLE)] if old else []
    else:
        blocks += promised_rows(data, objectives, Detail.LEAST, sentence=sentence)
        blocks += promised_lists(data, objectives, Detail.LEAST, valued=len(promised), terse=terse)
    if detail < Detail.LEAST and (without := [item for item in promised if item not in told]):
        count = objectives_words(situation, without)
        names = f"{NNBSP}; ".join(called(item) for item in without)
        blocks.append(paragraph(f"Sans valeur ({count}){NNBSP}: {names}.", COUNTS_STYLE))
    aimless = [item for item in objectives if not item.aim.promised and not item.is_context]
    if aimless:
        blocks += small_heading("Chiffres suivis") if promised else heading("Chiffres suivis")
    if aimless and detail is Detail.WHOLE:
        blocks += followed_table(situation, aimless, data.review)
    elif aimless:
        blocks += followed_pairs(situation, aimless, brief=brief)
    return blocks + parity(situation, promised, named=named or bool(sentence))


def _changes(data: CopilData, key: str, most: int) -> list[Flowable]:
    """What moved of its objectives since the committee before, `most` of them named."""
    baseline = data.review.baseline
    moves = [move for move in data.review.moves if move.objective.partner == key]
    if baseline is None or not moves:
        return []
    blocks = heading(f"Ce qui a changé {baseline.since}")
    shown = first_of(moves, most)
    blocks += moves_table(data, shown)
    if left := [move.objective for move in moves[len(shown) :]]:
        # Some have no row below, and no row says that its figure moved.
        words = plural(len(left), "autre évolution", "autres évolutions")
        of = objectives_words(data.situation, left)
        blocks.append(paragraph(f"Et {words} ({of}), {compared(data)}.", NOTE_STYLE))
    return blocks


def _trajectory(situation: Situation, key: str) -> list[Flowable]:
    """The drawing that matters first: of what is looked at first, the first that has a story."""
    talk = needs_talk(situation, situation.objectives_of_partner(key))
    if not talk:
        return []
    first = talk[0]
    blocks = heading("Trajectoire à discuter d’abord" if len(talk) > 1 else "Trajectoire à discuter")
    blocks.append(paragraph(f"{first.label} ({first.code}, {place_word(situation, first)})", CELL_BOLD_STYLE))
    return [*blocks, *trajectory(situation, first, WIDTH)]


def _questions(data: CopilData, key: str) -> list[Flowable]:
    """What to ask at the table, from the state of the data; arithmetic of several lines stands at the end of the sheet."""
    situation = data.situation
    counted = [item for item in situation.counted if item.objective.partner == key]
    chosen = situation.to_look_at(_ASKED, key)
    behind: dict[str, list[str]] = {}
    for item in chosen.shown:
        if not item.outdated:
            behind.setdefault(_how(data, item), []).append(situation.names.quoted(item.objective))
    asked = [f"{question} {enumerate_words(names)}{NNBSP}?" for question, names in behind.items()]
    if chosen.left_out:
        # Nothing was asked yet of those whose value is old.
        left = chosen.left_out + sum(item.outdated for item in chosen.shown)
        others = f"des {left} {'autres ' * bool(behind)}objectifs" if left > 1 else "de l’autre objectif"
        asked.append(f"Qu’en est-il {others} à traiter, dans le tableau qui suit{NNBSP}?")
    lacking: dict[str, list[str]] = {}
    if never := [request.named for request in first_values(situation) if request.partner == key]:
        lacking["Quand donnerez-vous une première valeur"] = [
            situation.names.quoted(item.objective) for item in never
        ]
    for item in counted:
        if trajectory_lacks(item) or awaits_steps(situation, item):
            lacking.setdefault(_lacking(situation, item), []).append(situation.names.quoted(item.objective))
    # What is to be treated first is among the few that are named; what the officer set aside is not asked.
    waiting = {point.ident for point in unseen(data)}
    aged = [
        request.named.objective
        for request in values_to_renew(situation)
        if request.partner == key and old_value_ident(request) in waiting
    ]
    first = [item.objective.code for item in chosen.shown]
    old = [situation.names.quoted(item) for item in sorted(aged, key=lambda item: item.code not in first)]
    if old:
        lacking["Quand donnerez-vous la valeur à jour"] = old
    asked += [
        f"{question} pour {enumerate_words(told, limit=_FIRST)}{NNBSP}?"
        for question, told in sorted(lacking.items())
    ]
    asked += [*_too_slow(situation, key), *_followed(situation, key, old), *_provisional(data, key)]
    asked += disputed(situation, key)
    found = unlike(data, key)
    told = bullets(
        [
            *to_ask(data, key, _ASKED),
            *asked,
            *asked_of_points(data, found[:CONTRADICTIONS]),
        ]
    )
    if left := sum(point.nature is PointNature.CONTRADICTION for point in found[CONTRADICTIONS:]):
        rest = plural(left, "autre contradiction", "autres contradictions")
        told += bullets([f"Reste à lever {rest} de chiffres."])
    told = told or bullets(_brakes(situation, key)) or bullets(_unexplained(data, key))
    return [*heading("Questions à poser"), *told] if told else []


def _brakes(situation: Situation, key: str) -> list[str]:
    """What to ask of who has nothing late, missing or unlike: the brakes noted on what it promised."""
    return [
        f"Qu’est-ce qui lèverait ce frein, {quoted(meteo.obstacles.strip().rstrip('.'))} ({item.code}){NNBSP}?"
        for item in situation.engagements_of_partner(key)
        if (meteo := situation.meteo_of(item.key)) is not None and meteo.obstacles.strip()
    ][:_FIRST]


def _unexplained(data: CopilData, key: str) -> list[str]:
    """What to ask of who has no brake noted either: the first of what its promises do not say."""
    found = [view.point for view in data.review.findings if view.point.partner == key]
    return [f"{raised(point.message)} {ANY}" for point in found[:1]]


def _too_slow(situation: Situation, key: str) -> list[str]:
    """What to ask of those that go well, or without trajectory, and would miss their target all the same."""
    missing = too_slow(situation, Statut.SANS_TRAJECTOIRE)
    own = [item for item in missing if item.objective.partner == key and not item.outdated]
    # Of an old value the next one is asked for, and nothing else.
    names = [situation.names.quoted(item.objective) for item in own]
    loose = any(item.status is Statut.SANS_TRAJECTOIRE for item in own)
    miss = "manquerait sa cible" if len(names) == 1 else "manqueraient leur cible"
    told = f"{PACE}, {enumerate_words(names)} {miss}{NNBSP}: que prévoyez-vous{NNBSP}?"
    if len(names) > _NAMED_MAX:
        # The head of the sheet has named them.
        how = "conformes, en avance ou sans trajectoire" if loose else "conformes ou en avance"
        told = f"{PACE}, {len(names)} objectifs {how} {miss}{NNBSP}: que prévoyez-vous{NNBSP}?"
    return [told] if names else []


def _followed(situation: Situation, key: str, asked: Sequence[str]) -> list[str]:
    """What to ask of what is followed without a target, never given or too old. `asked`: names of which it is already."""
    names = [
        name
        for item in asked_of(situation, key)
        if not item.objective.aim.promised and (name := situation.names.quoted(item.objective)) not in asked
    ]
    told = f"Parmi les chiffres suivis, quelle est la dernière valeur de {enumerate_words(names, limit=_FIRST)}{NNBSP}?"
    return [told] if names else []


def _provisional(data: CopilData, key: str) -> list[str]:
    """What to ask of the values that were never said to be final: after what is asked of today, and once a day."""
    by_day: dict[date, list[str]] = {}
    for item, found in provisional_values(data, key):
        by_day.setdefault(found.day, []).append(data.situation.names.quoted(item))
    return [
        f"Quelle est la valeur définitive du {format_date(day)} pour {enumerate_words(names)}{NNBSP}?"
        if len(names) <= _PROVISIONAL
        else f"Quelles sont les valeurs définitives des {len(names)} chiffres promis ou suivis du {format_date(day)},"
        f" encore provisoires{NNBSP}?"
        for day, names in sorted(by_day.items())
    ]


def _how(data: CopilData, item: Assessment) -> str:
    """What to ask of objectives that are looked at first, before their names: a share that others set is not revised, a way
    that is still open is not yet missed, what was decided is not asked anew."""
    if already := already_words(data.situation, item.objective, data.day):
        # Its code and its state are for the table of decisions.
        return f"Quelle suite avez-vous donnée à la {already.partition(' (')[0]} sur"
    wider, due = is_beyond_home(data.situation, item.objective), item.objective.target_date
    until = ", d’ici l’échéance," if due is not None and due > data.day else ""
    if wider and "€" in item.objective.unit:
        # Of a budget there is a part for the place, and no local plan.
        return f"Que prévoyez-vous{until or ','} et quelle part pour le territoire du contrat, au titre de"
    if wider or item.status is Statut.A_SURVEILLER:
        # A target of the région or of France is in nobody's hand at this table.
        return f"Que prévoyez-vous{' localement' if wider else ''}{until} pour"
    revised = "" if item.objective.aim.compared else ", ou quelle cible révisée,"
    return f"Quelle mesure de rattrapage{revised} proposez-vous pour"


def _lacking(situation: Situation, item: Assessment) -> str:
    """What to ask of an objective that cannot be judged, though it has a value: what its trajectory lacks, that alone."""
    objective, lacks = item.objective, trajectory_lacks(item)
    if not lacks:
        return "Quelles étapes prévoyez-vous, d’ici l’échéance,"
    parts = [lack.which for lack in lacks]
    first = situation.measurements_of(objective.key)[:1] if None in start_of(objective) else ()
    if Lack.START in lacks and first and first[0].day < (item.value_day or first[0].day):
        known = f"{format_value(first[0].value, objective.unit)} au {format_date(first[0].day)}"
        more = f", et {enumerate_words(parts[1:])} retenir," if len(parts) > 1 else ""
        return f"Le premier relevé connu, {known}, peut-il servir de départ{more}"
    return f"{raised(enumerate_words(parts))} retenir"


def _decisions(data: CopilData, summary: PartnerSummary) -> list[Flowable]:
    """What meetings decided that is entrusted to the partner and still open."""
    own = [
        item
        for item in decided_by(data.situation.dossier, data.day)
        if is_open(item, data.day) and is_entrusted(item.carrier, summary.partner)
    ]
    if not own:
        return []
    own.sort(key=lambda item: (item.due or date.max, item.key))
    return [*heading("Décisions qui lui sont confiées"), *decisions_table(data, own)]


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the paper and return its number of pages."""
    summary = data.partner
    assert summary is not None
    name = f"fiche {summary.partner.usual_name}"
    return sheets.paper(name, lambda shown: partner_sheet(shown, summary))(path, data, watch)
