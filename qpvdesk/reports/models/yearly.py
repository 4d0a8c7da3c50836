"""The review of the year: promises secured or at risk, figures from start to target, means, participation, what comes."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.agenda import NextDate, late_dates
from qpvdesk.domain.counts import turn
from qpvdesk.domain.declined import objectives_words
from qpvdesk.domain.expected import is_given_once
from qpvdesk.domain.french import (
    NNBSP,
    enumerate_words,
    format_date,
    format_edge,
    format_number,
    plural,
)
from qpvdesk.domain.means import Means, means_of, stage_word
from qpvdesk.domain.meetings import decided_by, is_open
from qpvdesk.domain.model import Engagement, Objective, Weather
from qpvdesk.domain.moves import Move
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.statuses import STATUT_LABELS, Statut
from qpvdesk.domain.wording import called, quoted
from qpvdesk.reports import sheets
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, small_heading, title
from qpvdesk.reports.left_out import of_whom
from qpvdesk.reports.lists import bullets, first_of, titled
from qpvdesk.reports.models.decree import (
    decree,
    is_entered_since,
    is_valued_in_the_year,
    lacking,
    means_of_the_year,
    unvalued_words,
)
from qpvdesk.reports.models.governance import governance
from qpvdesk.reports.models.parts import (
    BY_WEATHER,
    WEATHER_RULE,
    announced,
    awaited_words,
    engagements_table,
    late_title,
    learnt_moves,
    live,
    no_move,
    unknown,
)
from qpvdesk.reports.objectives import followed_table, promised_table
from qpvdesk.reports.references import parity_above
from qpvdesk.reports.sections.agenda import decisions_table
from qpvdesk.reports.sections.engagements import is_old, said_of
from qpvdesk.reports.sections.funding import fundings_tables
from qpvdesk.reports.sections.headline import standing
from qpvdesk.reports.sections.method import statuses_told
from qpvdesk.reports.sections.moves import measured_again, moves_by_outcome
from qpvdesk.reports.signs import has_ticks
from qpvdesk.reports.style import CELL_STYLE, NOTE_STYLE, fill, header_widths
from qpvdesk.reports.tables import Total, data_table
from qpvdesk.reports.text import cell, paragraph
from qpvdesk.reports.valued import followed_pairs

_DATES, _FALLEN_MAX = 12, 5
_NAMED_MAX = 4
"""More things than this on one day are told by how many each partner has."""


def yearly(data: CopilData) -> list[Flowable]:
    now = data.situation
    blocks = title(Entry("annuel", f"Bilan annuel {data.day.year}", 0), data.review.data_words)
    blocks += [*standing(now), *lacking(data)]
    blocks += _by_weather(data)
    blocks += _moved(data)
    blocks += _learnt(data)
    # What goes badly is read first.
    for _, words, weathers in reversed(BY_WEATHER):
        alike = [item for item in live(data) if data.situation.weather_of(item.key) in weathers]
        if alike:
            blocks += heading(f"Engagements {words}, selon leur météo")
            blocks += engagements_table(data, alike, lambda item: said_of(data.situation, item))
    blocks += _figures(data)
    blocks += _means(data)
    blocks += governance(data, live(data), _year_start(data))
    blocks += _perspectives(data)
    blocks += decree(data)
    return [*blocks, *statuses_told(data, blocks)]


def _year_start(data: CopilData) -> date:
    return date(data.day.year - 1, 12, 31)


def _by_weather(data: CopilData) -> list[Flowable]:
    """How many promises of each partner are secured, under way, at risk; of how many nothing is said: each counts once."""
    columns = (
        *(weathers for *_, weathers in BY_WEATHER),
        (Weather.NON_NECESSAIRE,),
        (Weather.NON_RENSEIGNEE,),
    )
    counted = ("Engagements", "Sécurisés", "En cours", "Compromis", "Météo non\nnécessaire", "Sans météo")
    header = ("Partenaire", *counted)
    widths = fill(None, *header_widths(counted))
    rows: list[list[Any]] = []
    totals = [0] * (1 + len(columns))
    for summary in data.situation.partners:
        own = [
            data.situation.weather_of(item.key)
            for item in data.situation.engagements_of_partner(summary.partner.key)
        ]
        if not own:
            continue
        counts = [len(own), *(sum(weather in weathers for weather in own) for weathers in columns)]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        rows.append([cell(summary.partner.name, widths[0] - 4), *map(format_number, counts)])
    blocks = heading("Engagements, selon leur météo")
    if not rows:
        return [*blocks, paragraph("Aucun engagement n’est enregistré.", NOTE_STYLE)]
    if totals[-1] == totals[0]:
        return [*blocks, paragraph(unknown(totals[0], "engagement", "n’a de météo"), NOTE_STYLE)]
    blocks.append(paragraph(WEATHER_RULE, NOTE_STYLE))
    if totals[-1]:
        words = plural(totals[0], "engagement", "engagements")
        untold = plural(totals[-1], "n’a pas de météo", "n’ont pas de météo")
        blocks.append(paragraph(f"Sur {words}, {untold}.", NOTE_STYLE))
    if old := [item for item in live(data) if is_old(data.situation, item)]:
        words = plural(len(old), "météo a plus de 12 mois", "météos ont plus de 12 mois")
        names = f"{NNBSP}; ".join(called(item) for item in old)
        told = names if len(old) <= _NAMED_MAX else of_whom(data, [item.partner for item in old])
        blocks.append(paragraph(f"{words}{NNBSP}: {told}.", NOTE_STYLE))
    rows.append(Total(["Ensemble", *map(format_number, totals)]))
    return [*blocks, *data_table(header, rows, widths, right=(1, 2, 3, 4, 5, 6))]


def _moved(data: CopilData) -> list[Flowable]:
    """What changed since what the review is compared with."""
    baseline, moves = data.review.baseline, data.review.moves
    if baseline is None:
        return []
    changed = [move for move in moves if move.status_changed]
    blocks = heading(f"Ce qui a changé {baseline.since}")
    nothing = no_move(data, "Aucun objectif n’a changé de statut.")
    blocks += moves_by_outcome(data, changed) or [paragraph(nothing, NOTE_STYLE)]
    renewed = [(before, item) for before, item in measured_again(data) if item.status is not Statut.SUIVI]
    still = {item.objective.key for before, item in renewed if before.status is item.status}
    if only := len(still):
        singular, many = "autre objectif a un relevé nouveau", "autres objectifs ont un relevé nouveau"
        words = plural(only, singular, many)
        again = ", celui d’alors étant recalculé avec les valeurs reçues depuis" if learnt_moves(data) else ""
        told = f"{words}, sans changer de statut depuis le {format_date(baseline.day)}{again}."
        blocks.append(paragraph(told, NOTE_STYLE))
    return [*blocks, *_turned(data, learnt_moves(data), still)]


def _turned(data: CopilData, learnt: Sequence[Move], still: Set[str]) -> list[Flowable]:
    """What values of then or before turned for the worse, by name: whoever stops at this page has it; how many better.
    `still`: the objectives that were counted just before."""
    assert data.review.baseline is not None
    turns = [(move, turn(move.before.status, move.after.status)) for move in learnt]
    worse = [move for move, way in turns if way > 0]
    better = [move for move, way in turns if way < 0]
    told = []
    if worse:
        told.append(
            f"dégradent {plural(len(worse), 'statut', 'statuts')}{_counted_above(worse, still)}{_fallen(worse)}"
        )
    if better:
        singular, many = ("autre", "autres") if worse else ("statut", "statuts")
        again = plural(len(better), singular, many) + _counted_above(better, still)
        told.append(f"{'en ' if worse else ''}améliorent {again}")
    if not told:
        return []
    of_then = f"des valeurs du {format_date(data.review.baseline.day)} ou d’avant, reçues depuis,"
    joint = f"{NNBSP}; elles " if worse else ""
    words = f"D’autre part, {of_then} {joint.join(told)}{NNBSP}; détail sous le titre suivant."
    return [paragraph(words, CELL_STYLE if worse else NOTE_STYLE)]


def _counted_above(moves: Sequence[Move], still: Set[str]) -> str:
    """`, dont 3 des 13 ci-dessus`: how many of those were counted already."""
    count = sum(move.objective.key in still for move in moves)
    whose = "celui" if len(still) == 1 else f"{count} des {len(still)}"
    return f", dont {whose} ci-dessus" if count else ""


def _fallen(moves: Sequence[Move]) -> str:
    """`, de « atteint » à « non atteint » : Budget (ARS-O05) et Part (FT-O06)`: once where it is the same of all."""
    from_to = {
        move.objective.key: f"de {quoted(_status(move.before))} à {quoted(_status(move.after))}"
        for move in moves
    }
    alike = set(from_to.values())
    apart = f", {next(iter(alike))}" if len(alike) == 1 else ""
    names = [
        called(move.objective) + (f" {from_to[move.objective.key]}" if not apart else "") for move in moves
    ]
    return f"{apart}{NNBSP}: {enumerate_words(names, limit=_FALLEN_MAX)}"


def _status(item: Assessment) -> str:
    return STATUT_LABELS[item.status].lower()


def _learnt(data: CopilData) -> list[Flowable]:
    """What came in since, of a day that the review of then had already seen: it is in neither otherwise."""
    learnt = learnt_moves(data)
    if not learnt:
        return []
    assert data.review.baseline is not None
    name = f"Valeurs du {format_date(data.review.baseline.day)} ou d’avant, reçues depuis"
    changed = [move for move in learnt if move.status_changed]
    table = moves_by_outcome(data, changed, ("Connu alors", "Connu depuis"))
    blocks = [*heading(name), *(table or [paragraph("Aucun statut n’en a changé.", NOTE_STYLE)])]
    same = [item for item in learnt if not item.status_changed and item.after.status is not Statut.SUIVI]
    if same:
        alike = [item.objective for item in same]
        words = objectives_words(data.situation, alike, "autre objectif", "autres objectifs")
        words += " ont reçu" if len(same) > 1 else " a reçu"
        blocks.append(paragraph(f"{words} une valeur d’alors ou d’avant, à statut égal.", NOTE_STYLE))
    return blocks


def _figures(data: CopilData) -> list[Flowable]:
    """The promised objectives by partner; of the context figures, those with a value of the year."""
    now, start = data.situation, _year_start(data)
    blocks: list[Flowable] = []
    still: list[Objective] = []
    ticks = True
    for summary in now.partners:
        own = now.objectives_of_partner(summary.partner.key)
        promised = [item for item in own if item.aim.promised]
        fresh = [item for item in own if not item.aim.promised and is_valued_in_the_year(data, item)]
        known = {item.key for item in fresh}
        # A parent and its parts are one thing in every count.
        still += [
            item for item in own if not item.aim.promised and item.key not in known and item.parent is None
        ]
        if promised or fresh:
            blocks += heading(f"Chiffres{NNBSP}: {summary.partner.name}")
            blocks += [*parity_above(now, promised), *promised_table(data, promised, ticks=ticks)]
            ticks = ticks and not has_ticks([now.assessments[item.key] for item in promised])
        if fresh:
            blocks += small_heading("Chiffres suivis et de contexte de l’année")
            blocks += followed_table(now, fresh, data.review)
    unvalued = [item for item in now.promised if not is_valued_in_the_year(data, item)]
    if still or unvalued:
        followed = [item for item in still if not item.is_context]
        awaited = [item for item in followed if not is_given_once(now.assessments[item.key])]
        told = awaited_words(data, awaited)
        if once := len(followed) - len(awaited):
            told += (
                f" {plural(once, 'chiffre suivi n’est', 'chiffres suivis ne sont')} à relever qu’une fois."
            )
        if rest := len(still) - len(followed):
            singular, many = "chiffre de contexte n’est demandé", "chiffres de contexte ne sont demandés"
            told += f" {plural(rest, singular, many)} à personne."
        unended = data.day < date(data.day.year, 12, 31)
        late = [item for item in still if is_entered_since(data, item, start)]
        if late:
            former = "de ces chiffres a une valeur antérieure", "de ces chiffres ont une valeur antérieure"
            words = plural(len(late), *former)
            told += f" {words} à {data.day.year}, saisie depuis le {format_date(start)}."
        told += unvalued_words(data, unvalued)
        blocks += [
            *heading(f"Chiffres et objectifs sans valeur de l’année{', à ce jour' if unended else ''}"),
            paragraph(told.strip(), NOTE_STYLE),
        ]
        given = [item for item in late if not item.is_context]
        # Where nothing at all came in since, the count says it.
        silent = [item for item in awaited if late and item not in late]
        received = f"sans relevé reçu depuis le {format_date(start)}"
        for name, items in ((f"parmi ces {len(late)}", given), (received, silent)):
            if items:
                words = plural(len(items), "chiffre suivi", "chiffres suivis")
                blocks += small_heading(f"{words}, {name}")
                blocks += followed_pairs(now, items)
    return blocks


def _means(data: CopilData) -> list[Flowable]:
    """The amounts whose years hold that of the review; how many hold others."""
    now, year = data.situation, data.day.year
    of_the_year = means_of_the_year(data)
    blocks = heading(f"Moyens notés pour {year}")
    if of_the_year or not now.dossier.fundings:
        blocks += fundings_tables(now.dossier, of_the_year, [item.partner for item in now.partners])
    else:
        blocks.append(paragraph(f"Aucun moyen n’est noté pour {year}.", NOTE_STYLE))
    if rest := means_of(item for item in now.dossier.fundings if item not in of_the_year):
        words = plural(len(rest), "moyen est noté", "moyens sont notés")
        again = "Un moyen reconduit d’une année à l’autre ne se lit qu’à l’année notée."
        others = [paragraph(f"{words} pour d’autres années que {year}. {again}", NOTE_STYLE)]
        for partner in now.dossier.partners:
            own = [item for item in rest if item.first.partner == partner.key]
            told = f"{NNBSP}; ".join(f"{item.first.label}, {item.first.years}{_stages(item)}" for item in own)
            name = partner.usual_name
            others += [paragraph(f"{name}{NNBSP}: {told}.", NOTE_STYLE)] if told else []
        for block in others[:-1]:
            # A list is not read without what it is of.
            block.keepWithNext = 1
        blocks += others
    return blocks


def _stages(means: Means) -> str:
    """« (prévu et payé) »: the stages of amounts that are told as one."""
    words = [stage_word(stage, item.unit).lower() for stage, item in means.amounts.items()]
    return f" ({enumerate_words(words)})" if len(words) > 1 else ""


def _perspectives(data: CopilData) -> list[Flowable]:
    """What is due, what partners announce, what earlier decisions leave to do."""
    now = data.situation
    blocks = heading("Perspectives")
    by_day: dict[date, list[NextDate]] = {}
    for item in data.review.agenda:
        by_day.setdefault(item.day, []).append(item)
    if by_day:
        widths = fill(60, None)
        rows: list[list[Any]] = [
            [format_edge(day), cell("\n".join(_due(data, by_day[day])), widths[1] - 4)]
            for day in first_of(sorted(by_day), _DATES)
        ]
        blocks += data_table(("Échéance", "Ce qui est attendu"), rows, widths)
        if left := [format_edge(day) for day in sorted(by_day)[len(rows) :]]:
            words = f"Et {plural(len(left), 'autre date', 'autres dates')}{NNBSP}: {', '.join(left)}."
            blocks.append(paragraph(words, NOTE_STYLE))
    else:
        blocks.append(paragraph("Aucune échéance à venir.", NOTE_STYLE))
    undated = [item.partner for item in now.promised if item.target_date is None]
    if undated:
        words = plural(
            len(undated), "objectif promis n’a pas d’échéance", "objectifs promis n’ont pas d’échéance"
        )
        blocks.append(paragraph(f"{words}{NNBSP}: {of_whom(data, undated)}.", NOTE_STYLE))
    if late := late_dates(now):
        blocks += titled(late_title(late), [item.late_words for item in late], "", small=True)
    coming = [
        f"{called(item)}, au {format_date(meteo.day)}{NNBSP}: {meteo.next_steps}"
        for item, meteo in announced(now, live(data))
    ]
    if coming:
        blocks += small_heading("Suites annoncées, chacune au jour de sa météo, sans nouvelle depuis")
        blocks += bullets(coming)
    still = [item for item in decided_by(now.dossier, data.day) if is_open(item, data.day)]
    if still:
        blocks += small_heading("Décisions à exécuter")
        blocks += decisions_table(data, sorted(still, key=lambda item: (item.due or date.max, item.key)))
    return blocks


def _due(data: CopilData, items: Sequence[NextDate]) -> list[str]:
    """What falls on one day; the promises that end together are told in one line."""
    engagements = {item.code for item in data.situation.dossier.engagements}
    ending = [item for item in items if item.code in engagements and item.label.startswith("Échéance")]
    sentences = []
    for item in items:
        if len(ending) > 2 and item in ending:
            continue
        # The line of several says whose they are.
        names = "" if item.code or len(item.codes) > _NAMED_MAX else _whose(data, item.codes)
        sentences.append(f"{item.told}{names}.")
    if len(ending) > 2:
        codes = [item.code for item in ending]
        sentences.append(f"Échéance de {len(ending)} engagements{_whose(data, codes)}.")
    return sentences


def _whose(data: CopilData, codes: Sequence[str]) -> str:
    """Their names, or how many each partner has where they are too many to be read."""
    if not codes:
        return ""
    dossier = data.situation.dossier
    things: dict[str, Objective | Engagement] = {item.code: item for item in dossier.objectives}
    things |= {item.code: item for item in dossier.engagements}
    if len(codes) <= _NAMED_MAX:
        return f"{NNBSP}: {f'{NNBSP}; '.join(called(things[code]) for code in codes)}"
    return f" ({of_whom(data, [things[code].partner for code in codes])})"


write = sheets.paper("bilan annuel", yearly)
