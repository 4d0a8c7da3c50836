"""The tables of objectives: what was promised, and what is followed without being promised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.breakdowns import breakdown_words
from qpvdesk.domain.declined import own_words, parts_title, parts_words
from qpvdesk.domain.evolution import CONVENTION
from qpvdesk.domain.french import (
    NBSP,
    NNBSP,
    format_date,
    format_edge,
    format_number,
    format_on,
    format_value,
)
from qpvdesk.domain.how_far import how_far, sign_of
from qpvdesk.domain.model import CounterValue, Mesure, Objective
from qpvdesk.domain.moves import is_provisional
from qpvdesk.domain.progress import Assessment, day_words
from qpvdesk.domain.review import Review
from qpvdesk.domain.scales import home_of, listed, scale_word
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.target_rules import rule_of, target_word
from qpvdesk.domain.targets import (
    UNDATED,
    counts_otherwise,
    is_multiple,
    is_undated,
    is_undated_total,
    start_of,
    target_of,
)
from qpvdesk.reports.cells import Figure, Gauge, Kept, StatusCell
from qpvdesk.reports.ending import height_of
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.signs import gauge_title, gauge_width, sign_before, signs_words
from qpvdesk.reports.style import MEDIUM, NOTE_STYLE, REGULAR, SMALL, TABLE, code_width, fill, text_width
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph, stacked
from qpvdesk.reports.text_cell import TextCell

FOLLOWED_RULE = f"Chiffres demandés au partenaire{NNBSP}: sans cible, ils sont suivis, non jugés."
_SUMMED = "nos sommes"
_CONTRADICTED = "chiffres à rapprocher"
_OWN_CONTRADICTED = "à rapprocher de ses déclinaisons"
"""Beside what has figures that cannot all be right, its start or its target as well as its value: the title under which
their arithmetic stands."""
DISPUTED = "≠"
"""Beside a value that colleagues disagree on."""


def promised_table(
    data: CopilData,
    objectives: Sequence[Objective],
    *,
    scales: bool = False,
    every: bool = False,
    ticks: bool = True,
    bare: bool = False,
) -> list[Flowable]:
    """The promised objectives: where each started, stands, is to arrive, how far it is and in which status.

    `scales`: name the scale of each, which those of one chapter do not need. `every`: with the parts of places elsewhere,
    which show in what they are parts of otherwise. `ticks`: say what those of its bars are; `bare`: leave all that is said
    under it to the caller.
    """
    situation = data.situation
    objectives = objectives if every else listed(situation, objectives)
    found = [situation.assessments[item.key] for item in objectives]
    # With one measurement each there is no trend to head.
    moved = any(data.review.trend_of(item.key) is not None for item in objectives)
    status = f"Statut, tendance\n{_since(data)}" if moved else "Statut"
    # Beside titles of one line, that of the bars has one too, unless that breaks more names.
    heads = dict.fromkeys(gauge_title(found, apart=apart) for apart in (" ", "\n")[moved:])
    tables: list[list[Flowable]] = [
        _promised_rows(data, objectives, head, status, scales=scales) for head in heads
    ]
    table = min(tables, key=lambda blocks: height_of(blocks))
    notes = "" if bare else notes_words(data.situation, objectives, ticks=ticks)
    return [*table, *([paragraph(notes, NOTE_STYLE)] if notes else [])]


def notes_words(situation: Situation, objectives: Sequence[Objective], *, ticks: bool = True) -> str:
    """What is to be known under their table: what its signs stand for, where its totals begin. `ticks`: say what those of
    its bars are."""
    found = [situation.assessments[item.key] for item in objectives]
    return " ".join(filter(None, (signs_words(found, ticks=ticks), totals_words(objectives))))


def _promised_rows(
    data: CopilData, objectives: Sequence[Objective], gauge_head: str, status_head: str, *, scales: bool
) -> list[Flowable]:
    """The table of the same, under the titles of its bars and of its statuses."""
    situation = data.situation
    # A target, « plus de 450 M€ », stands on one line, and so does « sans échéance » under it.
    told = (target_words(item, situation.assessments[item.key]) for item in objectives)
    target = max((text_width(words, MEDIUM, TABLE) + 8.5 for pair in told for words in pair), default=0.0)
    codes = code_width(item.code for item in objectives)
    widths = fill(codes, None, 53, 54, min(max(target, 57.0), 80.0), gauge_width(gauge_head), 87)
    rows: list[list[Any]] = []
    starts = [_start(objective, widths[2] - 8) for objective in objectives]
    # A column that few fill would be dashes: their start is told under their name.
    few = 2 * sum(not start.empty for start in starts) < len(starts)
    # Where nothing is known of any, « aucun relevé » on each row says no more than their status.
    found = [situation.assessments[item.key] for item in objectives]
    unknown = all(item.status is Statut.NON_RENSEIGNE and not item.parts for item in found)
    for objective, start, assessment in zip(objectives, starts, found, strict=True):
        under = [_start_words(start)] if few and not start.empty else []
        also = [*under, *_disputed(data.review, objective)]
        rows.append(
            [
                cell(objective.code, widths[0] - 4),
                _objective_text(
                    situation,
                    objective,
                    assessment,
                    also,
                    scale=scales,
                    mark="".join(f" · {words}" for words in contradicted(data.review, assessment)),
                ),
                "" if few else start,
                current_cell(assessment, widths[3] - 8, data.review),
                target_cell(objective, assessment, widths[4] - 8),
                "" if unknown else gauge_cell(assessment, widths[5] - 8),
                StatusCell(assessment, data.review.trend_of(objective.key), widths[6] - 4),
            ]
        )
    header = ("Code", "Objectif", "Départ", "Actuel", "Cible", gauge_head, status_head)
    return data_table(header, rows, widths, right=(2, 3, 4), optional=(2, 3, 5))


def totals_words(objectives: Sequence[Objective]) -> str:
    """That nobody counted the 0 of a total: it is where the contract has it begin."""
    begun = any(
        item.mesure is Mesure.CUMUL and item.aim.is_figure and not is_undated_total(item)
        for item in objectives
    )
    return _BEGUN if begun else ""


_BEGUN = f"Départ d’un cumul{NNBSP}: 0 à la date indiquée, par convention."


def _since(data: CopilData) -> str:
    """What the trends are counted from, in the lines of a narrow heading."""
    baseline = data.review.baseline if data.review.previous is not None else None
    return "depuis le relevé\nprécédent" if baseline is None else f"depuis le {format_date(baseline.day)}"


def followed_table(
    situation: Situation,
    objectives: Sequence[Objective],
    review: Review | None = None,
    *,
    every: bool = False,
) -> list[Flowable]:
    """The figures followed without being promised: their value, and how far it moved. `review`: says what is in dispute;
    `every`: as in `promised_table`."""
    objectives = objectives if every else listed(situation, objectives)
    widths = fill(code_width(item.code for item in objectives), None, 72, 148)
    rows: list[list[Any]] = []
    for objective in objectives:
        assessment = situation.assessments[objective.key]
        rows.append(
            [
                cell(objective.code, widths[0] - 4),
                _objective_text(
                    situation,
                    objective,
                    assessment,
                    [*_disputed(review, objective), *_first_words(situation, assessment)],
                ),
                current_cell(assessment, widths[2] - 8, review),
                _evolution(assessment, widths[3]),
            ]
        )
    return data_table(
        ("Code", "Indicateur", "Valeur", "Évolution"), rows, widths, right=(2, 3), optional=(3,)
    )


def _first_words(situation: Situation, assessment: Assessment) -> list[str]:
    """That the first measurement, where a move is counted from it, has a date of convention: its comment says so."""
    evolution, first = assessment.evolution, situation.measurements_of(assessment.objective.key)[:1]
    if evolution is None or evolution.from_start or not first or CONVENTION not in first[0].comment:
        return []
    return [f"Premier relevé – {first[0].comment}"]


def _evolution(assessment: Assessment, width: float) -> Figure:
    evolution = assessment.evolution
    if evolution is None:
        # What others make together is not measured: it has no first value to count from.
        is_sum = assessment.value is not None and assessment.aggregated
        return Figure("–", "non calculée, sans relevé propre" if is_sum else "", width)
    sign = sign_of(assessment.objective)
    if earlier := evolution.earlier_words(sign):
        return Figure(f"contre {earlier}", evolution.when, width)
    return Figure(evolution.words(sign), evolution.since, width)


def _objective_text(
    situation: Situation,
    objective: Objective,
    assessment: Assessment,
    also: Sequence[str] = (),
    *,
    scale: bool = False,
    mark: str = "",
) -> TextCell:
    """Its name, over what is to be known of it. `mark`: what stands beside how it is counted, or its parts."""
    more = [_what_is_counted(situation, objective, scale=scale)]
    if parts := parts_words(situation, assessment):
        more.append(
            f"{parts_title(situation, assessment)}{', sur la cible' * ('/' in parts)}{NNBSP}: {parts}"
        )
    more += read_words(objective)
    more += start_words(objective, rated=assessment.rate is not None)
    if own := own_words(situation, assessment):
        more.append(f"Relevé propre – {own}")
    # Beside the unit, in its narrow column, it would take a line.
    more[-1] += mark
    unsure = (("Valeur", is_provisional(assessment)), ("Référence", assessment.reference_provisional))
    more += filter(None, [" ".join(f"{word} provisoire." for word, found in unsure if found)])
    if assessment.measurement is not None and assessment.measurement.comment.strip():
        more.append(assessment.measurement.comment)
    more += [
        f"Ventilation au {format_date(day)}{NNBSP}: {told}"
        for day, told in breakdown_words(situation.dossier, objective, situation.day)
    ]
    for counter in counter_values(situation, assessment):
        value = format_value(counter.value, objective.unit)
        source = f"{NNBSP}; source{NNBSP}: {counter.source}" if counter.source else ""
        more.append(
            f"{OTHER}{NNBSP}: {value} ({situation.names.lowered(counter.reason.rstrip(' .'))}{source})"
        )
    return stacked(objective.label, [*more, *also])


def contradicted(review: Review, assessment: Assessment) -> list[str]:
    """That a figure cannot be right beside another: beside which, where that is what the promise measured itself; the points
    d’attention have the others. Nothing of any other figure."""
    if not review.is_contradicted(assessment.objective.code):
        return []
    return [_CONTRADICTED if assessment.own is None else _OWN_CONTRADICTED]


OTHER = "Autre chiffre du même jour"


def counter_values(situation: Situation, assessment: Assessment) -> list[CounterValue]:
    """The other figures that were recorded of the day of a value."""
    key, day = assessment.objective.key, assessment.value_day
    return [item for item in situation.dossier.counter_values if (item.objective, item.day) == (key, day)]


def start_words(objective: Objective, *, rated: bool = False) -> list[str]:
    """That a start is counted in another unit than the value, and what it makes of the rate where one is told."""
    unsure = f"{NNBSP}: l’avancement n’est qu’indicatif" if rated else ""
    return [f"Départ compté en {objective.start_unit}{unsure}."] if counts_otherwise(objective) else []


def evolution_words(situation: Situation, assessment: Assessment) -> str:
    """`−254 depuis fin 2023`, but `contre 1 339 en 2023` of what is counted each year; empty where it did not move, or
    nobody knows."""
    evolution = assessment.evolution
    if evolution is None or not evolution.change:
        return ""
    day, sign = evolution.since_day, sign_of(assessment.objective)
    since = f"depuis {format_on(day)}" if day is not None else evolution.since
    earlier = evolution.earlier_words(sign)
    told = f"contre {earlier} {evolution.when}" if earlier else f"{evolution.words(sign)} {since}"
    return f"{told} ({CONVENTION})" if _first_words(situation, assessment) else told


def read_words(objective: Objective) -> list[str]:
    """`Cible lue : …`: the target as the contract words it, where neither a rule nor a word before the figure tells it; of
    what has no target of its own, what the contract says of one."""
    text = objective.target_text
    apart = bool(text) and rule_of(text) is None and not target_word(objective)
    word = "Cible lue" if objective.aim.promised else "Le texte dit"
    return [f"{word}{NNBSP}: {text}"] if apart else []


def read_alone(objective: Objective) -> list[str]:
    """The same of a target without a date, or that we added up: it is not put to a partner as its word."""
    return read_words(objective) if objective.target_date is None or _SUMMED in objective.target_text else []


def _what_is_counted(situation: Situation, objective: Objective, *, scale: bool) -> str:
    """Unit, place, whether it is a total or of each year, whether it counts in a whole."""
    # What is done or not is counted in nothing.
    counted = f"combien de {objective.unit}" if is_multiple(objective) else objective.unit
    unit = "" if len(objective.unit) < 2 or objective.aim.yes_or_no else f"{counted} · "
    of_whom = objective.population if not objective.aim.promised else ""
    unit += f"{of_whom}{'' if of_whom.startswith('hors ') else ' seulement'} · " if of_whom else ""
    place, word = place_in_row(situation, objective), scale_word(situation, objective)
    # « Agglomération (agglomération) » and « France (France) » say it twice.
    told = f"{unit}{place}" + (f" ({word})" if scale and word.lower() not in place.lower() else "")
    if objective.mesure is Mesure.CUMUL:
        told += " · cumul"
    elif objective.mesure is Mesure.FLUX:
        told += " · par an"
    if (
        objective.parent is not None
        and objective.aim.promised
        and objective.key not in situation.promised_keys
    ):
        told += f" · compris dans{NNBSP}:{NBSP}{situation.objective(objective.parent).code}"
    if objective.weight != 1:
        told += f" · poids {format_number(objective.weight)}"
    return told


def place_in_row(situation: Situation, objective: Objective) -> str:
    """The name of the place that an objective is of; of the contract's own its scale, as on page one: its whole name, on
    each line, tells nothing more."""
    territory = situation.territory(objective.territory)
    return scale_word(situation, objective) if territory == home_of(situation) else territory.name


def number_of(value: Any, objective: Objective) -> str:
    """The figure as in a table: with its sign of percent or of money, without the words of its unit."""
    return format_value(value, sign_of(objective))


def _start(objective: Objective, width: float) -> Figure:
    value, day = start_of(objective)
    if value is None or is_undated_total(objective) or not objective.aim.is_figure:
        return Figure("–", "", width)
    return Figure(number_of(value, objective), format_edge(day) if day else "", width)


def _start_words(start: Figure) -> str:
    value, day = (*start.texts, "")[:2]
    return f"Départ{NNBSP}: {value}" + (f" ({day})" if day else "")


def _disputed(review: Review | None, objective: Objective) -> list[str]:
    """What colleagues wrote otherwise, under the mark that stands beside the value."""
    told = review.disputes_on(objective.code) if review is not None else ()
    return [f"{DISPUTED} Désaccord{NNBSP}: {sentence}" for sentence in told]


def current_cell(assessment: Assessment, width: float, review: Review | None = None) -> Figure:
    """The value of an objective and its date; marked where the review tells that colleagues disagree."""
    if assessment.value is None:
        return Figure("–", "", width)
    objective = assessment.objective
    text = how_far(assessment).value if objective.aim.yes_or_no else number_of(assessment.value, objective)
    if review is not None and review.disputes_on(objective.code):
        text = f"{text}{NBSP}{DISPUTED}"
    return Figure(text, day_words(assessment, ""), width)


def target_cell(objective: Objective, assessment: Assessment, width: float) -> Figure:
    """What the value is set against and its date."""
    return Figure(*target_words(objective, assessment), width)


def target_words(objective: Objective, assessment: Assessment) -> tuple[str, str]:
    """The same as words: the figure, and what stands under it."""
    aim = objective.aim
    if aim.compared and assessment.reference_value is not None:
        return f"{aim.sign}{number_of(assessment.reference_value, objective)}", "parité"
    value = target_of(objective)
    unsaid = UNDATED if is_undated(objective) else ""
    day = format_edge(objective.target_date) if objective.target_date is not None else unsaid
    if aim.yes_or_no:
        return "à réaliser", day
    if value is None or not aim.promised:
        return "–", ""
    if aim.between and objective.target_max is not None:
        return f"{number_of(value, objective)} à {number_of(objective.target_max, objective)}", day
    return sign_before(objective) + number_of(value, objective), day


def gauge_cell(assessment: Assessment, width: float) -> Flowable:
    """How far an objective has come: a bar, or kept and the gap."""
    far = how_far(assessment)
    if not far.kept:
        return Gauge(assessment, width)
    if not far.gap:
        return Kept(far.kept, "", width)
    gap = f"écart {far.gap}"
    if text_width(gap, REGULAR, SMALL) > width:
        # The words of the unit stand under the label: here they would shrink the figure to nothing.
        gap = f"écart {far.bare_gap}"
    return Kept(far.kept, gap, width)
