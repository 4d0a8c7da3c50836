"""A chapter for each partner: engagements, objectives, trajectories to talk about, shares against their reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable, Table, TableStyle

from qpvdesk.charts.bars import counts_sentence, status_bar
from qpvdesk.charts.parity import gap_text, parity_chart
from qpvdesk.charts.trajectory import trajectory_chart
from qpvdesk.domain.french import (
    MINUS,
    NBSP,
    NNBSP,
    format_date,
    format_number,
    format_rate,
    format_value,
    plural,
)
from qpvdesk.domain.model import (
    NATURE_LABELS,
    THEME_LABELS,
    WEATHER_LABELS,
    Engagement,
    Mesure,
    Objective,
    Sens,
    Weather,
)
from qpvdesk.domain.progress import Assessment, Statut, Trend, start_of, target_of
from qpvdesk.domain.situation import WORRYING, PartnerSummary, Situation
from qpvdesk.reports.document import Entry, heading, small_heading, title
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.style import (
    BODY_STYLE,
    CELL_BOLD_STYLE,
    GUTTER,
    MEDIUM,
    NOTE_STYLE,
    REGULAR,
    SMALL,
    TABLE,
    WIDTH,
    code_width,
    fill,
    span,
)
from qpvdesk.reports.tables import Figure, Gauge, Kept, StatusCell, WeatherCell, data_table
from qpvdesk.reports.text import cell, paragraph, shorten, stacked
from qpvdesk.reports.text_cell import TextCell

_CHARTS = 6
"""How many trajectories a chapter shows at most: those that need talk."""


def entry_of(summary: PartnerSummary) -> Entry:
    """The contents line of a partner's chapter."""
    return Entry(f"partenaire-{summary.partner.code}", summary.partner.name, 0)


def sub_entries(data: CopilData, summary: PartnerSummary) -> list[Entry]:
    """The lines under it."""
    code = summary.partner.code
    entries = []
    if data.situation.engagements_of_partner(summary.partner.key):
        entries.append(Entry(f"engagements-{code}", "Engagements", 1))
    if data.situation.objectives_of_partner(summary.partner.key):
        entries.append(Entry(f"objectifs-{code}", "Objectifs chiffrés", 1))
    return entries


def partner_chapter(data: CopilData, summary: PartnerSummary) -> list[Flowable]:
    """The blocks of the chapter."""
    situation = data.situation
    partner = summary.partner
    engagements = situation.engagements_of_partner(partner.key)
    objectives = situation.objectives_of_partner(partner.key)
    subs = {entry.key.partition("-")[0]: entry for entry in sub_entries(data, summary)}
    blocks = title(entry_of(summary), f"Partenaire · {partner.code}")
    blocks.append(paragraph(_lead(summary, len(engagements)), BODY_STYLE))
    if summary.objectives:
        blocks.append(ChartFlowable(status_bar(summary.counts, WIDTH, 11)))
        blocks.append(paragraph(counts_sentence(summary.counts), _COUNTS_STYLE))
    if partner.contact_function:
        blocks.append(paragraph(f"Interlocuteur\u202f: {partner.contact_function}.", NOTE_STYLE))
    if partner.note:
        blocks.append(paragraph(partner.note, NOTE_STYLE))
    blocks += _conditions(situation, partner.key)
    if engagements:
        blocks += heading("Engagements", subs["engagements"])
        blocks += _engagements(situation, engagements)
    else:
        blocks.append(paragraph("Aucun engagement n’est enregistré pour ce partenaire.", NOTE_STYLE))
    if objectives:
        blocks += heading("Objectifs chiffrés", subs["objectifs"])
        blocks += _objectives(data, objectives)
        if data.composition.trajectories:
            blocks += _trajectories(situation, objectives)
        blocks += _parity(situation, objectives)
    return blocks


def _lead(summary: PartnerSummary, engagements: int) -> str:
    text = f"{plural(engagements, 'engagement', 'engagements')}, "
    text += plural(summary.objectives, "objectif chiffré promis", "objectifs chiffrés promis")
    if summary.mean_rate is not None:
        text += (
            f". Taux d’avancement moyen{NNBSP}: {format_rate(summary.mean_rate)}, sur "
            f"{plural(summary.rated, 'objectif', 'objectifs')} à chemin mesurable"
        )
    return text + "."


def _conditions(situation: Situation, partner: str) -> list[Flowable]:
    own = [
        item for item in situation.dossier.conditions if item.partner == partner and item.engagement is None
    ]
    if not own:
        return []
    return [paragraph(f"Réserve du partenaire{NNBSP}: {item.text}", _CONDITION_STYLE) for item in own]


def _engagements(situation: Situation, engagements: Sequence[Engagement]) -> list[Flowable]:
    widths = fill(code_width(item.code for item in engagements), None, 74, 84, 52)
    reserves: dict[str, list[str]] = {}
    for item in situation.dossier.conditions:
        if item.engagement is not None:
            reserves.setdefault(item.engagement, []).append(item.text)
    rows: list[list[Any]] = []
    groups: list[int] = []
    theme = None
    for engagement in sorted(engagements, key=lambda item: list(THEME_LABELS).index(item.theme)):
        if engagement.theme is not theme:
            theme = engagement.theme
            groups.append(len(rows))
            rows.append([THEME_LABELS[theme], "", "", "", ""])
        rows.append(
            [
                cell(engagement.code, widths[0] - 4),
                _engagement_text(situation, engagement, reserves.get(engagement.key, []), widths[1] - 8),
                cell(NATURE_LABELS[engagement.nature], widths[2] - 8),
                _weather(situation, engagement, widths[3] - 8),
                format_date(engagement.due),
            ]
        )
    return data_table(
        ("Code", "Engagement", "Nature", "Météo", "Échéance"),
        rows,
        widths,
        right=(4,),
        groups=groups,
        optional=(4,),
    )


def _engagement_text(
    situation: Situation, engagement: Engagement, reserves: Sequence[str], width: float
) -> str | TextCell:
    more: list[str] = []
    if engagement.detail:
        more.append(engagement.detail)
    more += [f"Réserve{NNBSP}: {text}" for text in reserves]
    meteo = situation.meteo_of(engagement.key)
    if meteo is not None:
        for name, text in (
            ("Résultats", meteo.results),
            ("Freins", meteo.obstacles),
            ("Suites", meteo.next_steps),
        ):
            if text.strip():
                more.append(f"{name}{NNBSP}: {text}")
    steps = [item for item in situation.dossier.steps if item.engagement == engagement.key]
    if steps:
        done = sum(1 for item in steps if item.done_on is not None and item.done_on <= situation.day)
        more.append(f"Étapes{NNBSP}: {done} sur {len(steps)} franchies.")
    if not more:
        return cell(engagement.label, width)
    return stacked(engagement.label, more)


def _weather(situation: Situation, engagement: Engagement, width: float) -> WeatherCell:
    meteo = situation.meteo_of(engagement.key)
    weather = meteo.weather if meteo is not None else Weather.NON_RENSEIGNEE
    words = WEATHER_LABELS[weather].split(" ")
    lines = [" ".join(words)] if len(words[0]) < 4 else [words[0], " ".join(words[1:])]
    if meteo is not None:
        lines.append(format_date(meteo.day))
    return WeatherCell(weather, [text for text in lines if text], width)


def _objectives(data: CopilData, objectives: Sequence[Objective]) -> list[Flowable]:
    situation = data.situation
    promised = [item for item in objectives if item.sens is not Sens.SUIVI]
    followed = [item for item in objectives if item.sens is Sens.SUIVI]
    blocks: list[Flowable] = []
    if data.composition.late_only:
        late = [item for item in promised if situation.assessments[item.key].status in WORRYING]
        blocks.append(paragraph(_late_words(len(late), len(promised)), NOTE_STYLE))
        promised, followed = late, []
    if promised:
        blocks += _promised(data, promised)
    if followed:
        blocks += small_heading("Indicateurs de contexte")
        blocks.append(paragraph("Suivis sans être promis : ni cible, ni statut.", NOTE_STYLE))
        blocks += _followed(situation, followed)
    return blocks


def _late_words(late: int, promised: int) -> str:
    if not late:
        return f"Aucun des {promised} objectifs promis n’est en retard, à surveiller ou non atteint."
    shown = plural(
        late,
        "objectif est en retard, à surveiller ou non atteint",
        "objectifs sont en retard, à surveiller ou non atteints",
    )
    return f"Sur {plural(promised, 'objectif promis', 'objectifs promis')}, {shown}{NNBSP}: eux seuls sont montrés."


def _promised(data: CopilData, objectives: Sequence[Objective]) -> list[Flowable]:
    situation = data.situation
    widths = fill(code_width(item.code for item in objectives), None, 54, 58, 58, 62, 78)
    rows: list[list[Any]] = []
    for objective in objectives:
        assessment = situation.assessments[objective.key]
        rows.append(
            [
                cell(objective.code, widths[0] - 4),
                _objective_text(situation, objective, assessment),
                _start(objective, widths[2] - 8),
                _current(assessment, widths[3] - 8),
                _target(objective, assessment, widths[4] - 8),
                _gauge(assessment, widths[5] - 8),
                StatusCell(assessment.status, _trend(data, assessment), widths[6] - 4),
            ]
        )
    return data_table(
        ("Code", "Objectif", "Départ", "Actuel", "Cible", "Avancement", "Statut, tendance"),
        rows,
        widths,
        right=(2, 3, 4),
        optional=(2,),
    )


def _trend(data: CopilData, assessment: Assessment) -> Trend | None:
    """The rate against that of the last COPIL; against the previous value's where there was none."""
    before = data.previous.assessments.get(assessment.objective.key) if data.previous is not None else None
    if before is None:
        return assessment.trend
    if before.rate is None or assessment.rate is None:
        return None
    if before.rate == assessment.rate:
        return Trend.STABLE
    return Trend.HAUSSE if assessment.rate > before.rate else Trend.BAISSE


def _followed(situation: Situation, objectives: Sequence[Objective]) -> list[Flowable]:
    widths = fill(code_width(item.code for item in objectives), None, 78, 92)
    rows: list[list[Any]] = []
    for objective in objectives:
        assessment = situation.assessments[objective.key]
        rows.append(
            [
                cell(objective.code, widths[0] - 4),
                _objective_text(situation, objective, assessment),
                _current(assessment, widths[2] - 8),
                _change(assessment, widths[3]),
            ]
        )
    return data_table(
        ("Code", "Indicateur", "Valeur", "Évolution"), rows, widths, right=(2, 3), optional=(3,)
    )


def _change(assessment: Assessment, width: float) -> Figure:
    change = assessment.change
    if change is None:
        return Figure("–", "", width)
    sign = "+" if change > 0 else MINUS if change < 0 else ""
    points = assessment.objective.unit.startswith("%")
    text = f"{sign}{format_number(abs(change), 1 if points else None)}"
    return Figure(f"{text}{NBSP}pt" if points else text, "depuis le premier relevé", width)


def _objective_text(situation: Situation, objective: Objective, assessment: Assessment) -> TextCell:
    unit = "" if not objective.unit or len(objective.unit) < 2 else f"{objective.unit} · "
    more = [f"{unit}{situation.territory(objective.territory).name}"]
    if objective.mesure is Mesure.CUMUL:
        more[0] += " · cumul"
    elif objective.mesure is Mesure.FLUX:
        more[0] += " · par an"
    if assessment.missing:
        shown = ", ".join(assessment.missing[:6]) + (" …" if len(assessment.missing) > 6 else "")
        more.append(f"Manquent{NNBSP}: {shown}")
    if assessment.measurement is not None and assessment.measurement.provisional:
        more.append("Valeur provisoire.")
    if assessment.measurement is not None and assessment.measurement.comment.strip():
        more.append(assessment.measurement.comment)
    for counter in situation.dossier.counter_values:
        if counter.objective == objective.key and counter.day == assessment.value_day:
            value = format_value(counter.value, objective.unit)
            source = f", {counter.source}" if counter.source else ""
            more.append(f"Autre valeur{NNBSP}: {value} ({counter.reason}{source})")
    return stacked(objective.label, more)


def _number(value: Any, objective: Objective) -> str:
    """The figure as in a table: with its sign of percent or of money, without the words of its unit."""
    unit = objective.unit
    short = unit if unit.startswith("%") or "€" in unit.split(" ")[0] else ""
    return format_value(value, short.split(" ")[0])


def _start(objective: Objective, width: float) -> Figure:
    value, day = start_of(objective)
    if value is None or objective.sens in (Sens.SUIVI, Sens.JALON):
        return Figure("–", "", width)
    return Figure(_number(value, objective), format_date(day) if day else "", width)


def _current(assessment: Assessment, width: float) -> Figure:
    if assessment.value is None:
        return Figure("–", "", width)
    text = _number(assessment.value, assessment.objective)
    if assessment.objective.sens is Sens.JALON:
        text = "fait" if assessment.status is Statut.ATTEINT else "non fait"
    return Figure(text, format_date(assessment.value_day), width)


def _target(objective: Objective, assessment: Assessment, width: float) -> Figure:
    if objective.sens is Sens.PARITE and assessment.reference_value is not None:
        return Figure(f"≥ {_number(assessment.reference_value, objective)}", "parité", width)
    value = target_of(objective)
    day = format_date(objective.target_date) if objective.target_date is not None else ""
    if objective.sens is Sens.JALON:
        return Figure("à réaliser", day, width)
    if value is None or objective.sens is Sens.SUIVI:
        return Figure("–", "", width)
    sign = {Sens.PLANCHER: "≥ ", Sens.PLAFOND: "≤ "}.get(objective.sens, "")
    return Figure(sign + _number(value, objective), day, width)


def _gauge(assessment: Assessment, width: float) -> Flowable:
    if assessment.flagged and assessment.rate is not None:
        done = assessment.rate >= 1
        if assessment.objective.sens is Sens.JALON:
            return Kept("fait" if done else "non fait", "", width)
        gap = f"écart {gap_text(assessment)}" if assessment.gap is not None else ""
        return Kept("tenu" if done else "non tenu", gap, width)
    return Gauge(assessment.rate, assessment.expected_rate, assessment.status, assessment.rate_reason, width)


def _needs_talk(situation: Situation, objectives: Sequence[Objective]) -> list[Objective]:
    """Those behind, the most behind first, then those that merely have a story of two values or more."""
    order = {status: rank for rank, status in enumerate(WORRYING)}
    known = [
        item for item in objectives if len(situation.series(item.key)) + (item.start_value is not None) > 1
    ]
    talk = [item for item in known if situation.assessments[item.key].status in order]
    talk.sort(key=lambda item: order[situation.assessments[item.key].status])
    return talk[:_CHARTS]


def _trajectories(situation: Situation, objectives: Sequence[Objective]) -> list[Flowable]:
    chosen = [item for item in _needs_talk(situation, objectives) if item.sens is not Sens.PARITE]
    if not chosen:
        return []
    width = span(6)
    blocks = heading("Trajectoires à discuter", room=230)
    for start in range(0, len(chosen), 2):
        pair = chosen[start : start + 2]
        cells: list[list[Any]] = [[_trajectory(situation, item, width) for item in pair]]
        if len(pair) == 1:
            cells[0].append("")
        style = TableStyle(
            [
                # An empty half would name ReportLab's own type otherwise.
                ("FONT", (0, 0), (-1, -1), REGULAR, TABLE),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("RIGHTPADDING", (0, 0), (0, 0), GUTTER),
            ]
        )
        blocks.append(Table(cells, colWidths=[width + GUTTER, width], style=style))
    return blocks


def _trajectory(situation: Situation, objective: Objective, width: float) -> list[Flowable]:
    projection = situation.projection(objective.key)
    assessment = situation.assessments[objective.key]
    head = shorten(f"{objective.code} · {objective.label}", MEDIUM, TABLE, width)
    said = projection.sentence if projection is not None else ""
    if not said and assessment.lead is not None:
        said = (
            f"Taux de {format_rate(assessment.rate)}, pour {format_rate(assessment.expected_rate)} attendu."
        )
    blocks: list[Flowable] = [
        paragraph(head, CELL_BOLD_STYLE),
        ChartFlowable(trajectory_chart(situation, objective, width, 128, text_size=6.8)),
    ]
    if said:
        blocks.append(paragraph(said, _SAID_STYLE))
    return blocks


def _parity(situation: Situation, objectives: Sequence[Objective]) -> list[Flowable]:
    chart = parity_chart([situation.assessments[item.key] for item in objectives], WIDTH)
    if not chart.height:
        return []
    return [
        *heading("Parts comparées à leur référence", room=min(chart.height + 70, 500)),
        ChartFlowable(chart),
        paragraph(
            "Trait vertical : la référence à la même date. Marque : la part mesurée. À droite : l’écart en points.",
            _COUNTS_STYLE,
        ),
    ]


_COUNTS_STYLE = NOTE_STYLE.clone("counts", spaceBefore=4)
_CONDITION_STYLE = NOTE_STYLE.clone("condition", leftIndent=8, spaceBefore=2)
_SAID_STYLE = NOTE_STYLE.clone("said", fontSize=SMALL, leading=9.4, spaceBefore=2)
