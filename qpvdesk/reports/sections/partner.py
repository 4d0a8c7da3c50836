"""A chapter for each partner: engagements, objectives, trajectories to talk about, shares against their reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from qpvdesk.charts.bars import counts_sentence, status_bar
from qpvdesk.charts.parity import parity_chart
from qpvdesk.charts.trajectory import trajectory_chart
from qpvdesk.domain.attention import GROUPS, Group
from qpvdesk.domain.counts import PartnerSummary
from qpvdesk.domain.engagements import axis_words, precision_words
from qpvdesk.domain.french import (
    NNBSP,
    format_date,
    plural,
)
from qpvdesk.domain.how_far import how_far, mean_words
from qpvdesk.domain.model import (
    NATURE_LABELS,
    WEATHER_LABELS,
    Engagement,
    Objective,
    Weather,
)
from qpvdesk.domain.situation import Situation
from qpvdesk.reports.cells import WeatherCell
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.objectives import followed_table, promised_table
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.style import (
    BODY_STYLE,
    CELL_BOLD_STYLE,
    GUTTER,
    HEIGHT,
    MEDIUM,
    NOTE_STYLE,
    REGULAR,
    SMALL,
    TABLE,
    WIDTH,
    code_width,
    fill,
    span,
    text_width,
)
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph, shorten, stacked
from qpvdesk.reports.text_cell import TextCell

_FEW = 3
"""A column is worth its room where more than one row in so many fills it."""
_FOLLOWED = (
    ("Chiffres suivis", "Attendus du partenaire : ni cible, ni statut.", False),
    (
        "Chiffres de contexte",
        "Dits par le document : personne ne les a promis, aucun compte ne les prend.",
        True,
    ),
)
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
        blocks += _promised(data, objectives)
        if data.composition.trajectories:
            blocks += _trajectories(situation, objectives)
        blocks += _parity(situation, objectives)
        blocks += _followed(data, objectives)
    return blocks


def _lead(summary: PartnerSummary, engagements: int) -> str:
    text = f"{plural(engagements, 'engagement', 'engagements')}, "
    promised = plural(summary.objectives, "objectif chiffré promis", "objectifs chiffrés promis")
    text += promised if summary.objectives else "aucun objectif chiffré promis"
    if mean := mean_words(summary):
        text += f". Taux d’avancement moyen{NNBSP}: {mean}"
    return text + "."


def _conditions(situation: Situation, partner: str) -> list[Flowable]:
    own = [
        item for item in situation.dossier.conditions if item.partner == partner and item.engagement is None
    ]
    if not own:
        return []
    return [paragraph(f"Réserve du partenaire{NNBSP}: {item.text}", _CONDITION_STYLE) for item in own]


def _engagements(situation: Situation, engagements: Sequence[Engagement]) -> list[Flowable]:
    told = sum(1 for item in engagements if situation.meteo_of(item.key) is not None)
    # Where most have a météo its words stand on one line; where few have, the room is better left to the promises.
    weather_room = 97 if told * _FEW > len(engagements) else 84
    # A column for a date or two would be dashes: they are told under the promise.
    dated = sum(1 for item in engagements if item.due is not None) * _FEW > len(engagements)
    widths = fill(code_width(item.code for item in engagements), None, 78, weather_room, 56)
    reserves: dict[str, list[str]] = {}
    for item in situation.dossier.conditions:
        if item.engagement is not None:
            reserves.setdefault(situation.followed_by(item.engagement), []).append(item.text)
    rows: list[list[Any]] = []
    groups: list[int] = []
    theme: str | None = None
    names = situation.theme_names
    for engagement in sorted(engagements, key=lambda item: names.rank(item.theme)):
        if engagement.theme != theme:
            theme = engagement.theme
            groups.append(len(rows))
            rows.append([names[theme], "", "", "", ""])
        rows.append(
            [
                cell(engagement.code, widths[0] - 4),
                _engagement_text(
                    situation, engagement, reserves.get(engagement.key, []), widths[1] - 8, dated=dated
                ),
                cell(NATURE_LABELS[engagement.nature], widths[2] - 8),
                _weather(situation, engagement, widths[3] - 8),
                format_date(engagement.due) if dated else "",
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
    situation: Situation, engagement: Engagement, reserves: Sequence[str], width: float, *, dated: bool
) -> str | TextCell:
    """`dated`: the date it is due on has a column of its own."""
    more: list[str] = []
    if engagement.detail:
        more.append(engagement.detail)
    if axis := axis_words(situation.dossier, engagement):
        more.append(f"{axis}.")
    if engagement.due is not None and not dated:
        more.append(f"Échéance{NNBSP}: {format_date(engagement.due)}.")
    more += [f"Réserve{NNBSP}: {text}" for text in dict.fromkeys(reserves)]
    meteo = situation.meteo_of(engagement.key)
    if meteo is not None:
        for name, text in (
            ("Résultats", meteo.results),
            ("Freins", meteo.obstacles),
            ("Suites", meteo.next_steps),
        ):
            if text.strip():
                more.append(f"{name}{NNBSP}: {text}")
    steps = [
        item for item in situation.dossier.steps if situation.followed_by(item.engagement) == engagement.key
    ]
    if steps:
        done = sum(1 for item in steps if item.done_on is not None and item.done_on <= situation.day)
        more.append(f"Étapes{NNBSP}: {done} sur {len(steps)} franchies.")
    more += [f"– {precision_words(item)}" for item in situation.precisions_of(engagement.key)]
    if not more:
        return cell(engagement.label, width)
    return stacked(engagement.label, more)


def _weather(situation: Situation, engagement: Engagement, width: float) -> WeatherCell:
    meteo = situation.meteo_of(engagement.key)
    weather = meteo.weather if meteo is not None else Weather.NON_RENSEIGNEE
    word = WEATHER_LABELS[weather]
    first, _, rest = word.partition(" ")
    lines = [word] if text_width(word, REGULAR, SMALL) <= width - WeatherCell.INDENT else [first, rest]
    if meteo is not None:
        lines.append(format_date(meteo.day))
    return WeatherCell(weather, [text for text in lines if text], width)


def _promised(data: CopilData, objectives: Sequence[Objective]) -> list[Flowable]:
    situation = data.situation
    promised = [item for item in objectives if item.aim.promised]
    blocks: list[Flowable] = []
    if data.composition.late_only:
        late = [
            item for item in promised if situation.assessments[item.key].status in GROUPS[Group.A_TRAITER]
        ]
        blocks.append(paragraph(_late_words(len(late), len(promised)), NOTE_STYLE))
        promised = late
    if promised:
        blocks += promised_table(data, promised)
    return blocks


def _followed(data: CopilData, objectives: Sequence[Objective]) -> list[Flowable]:
    if data.composition.late_only:
        return []
    blocks: list[Flowable] = []
    for name, rule, of_context in _FOLLOWED:
        shown = [item for item in objectives if not item.aim.promised and item.is_context is of_context]
        if shown:
            blocks += [
                *heading(name),
                paragraph(rule, NOTE_STYLE),
                *followed_table(data.situation, shown),
            ]
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


def _needs_talk(situation: Situation, objectives: Sequence[Objective]) -> list[Objective]:
    """Those to treat that have a story of two values or more to draw, in the order in which they are looked at."""
    own = {item.key for item in objectives if not item.aim.compared}
    return [
        item.objective
        for item in situation.to_treat
        if item.objective.key in own
        and len(situation.series(item.objective.key)) + (item.objective.start_value is not None) > 1
    ]


def _trajectories(situation: Situation, objectives: Sequence[Objective]) -> list[Flowable]:
    talk = _needs_talk(situation, objectives)
    chosen = talk[:_CHARTS]
    if not chosen:
        return []
    width = span(6)
    blocks = heading("Trajectoires à discuter", room=230)
    for start in range(0, len(chosen), 2):
        pair = chosen[start : start + 2]
        # Three lines hold any title that was written to be read.
        heads = [
            paragraph(shorten(f"{item.code} · {item.label}", MEDIUM, TABLE, 3 * width - 90), CELL_BOLD_STYLE)
            for item in pair
        ]
        heights = [head.wrap(width, HEIGHT)[1] for head in heads]
        cells: list[list[Any]] = [
            [
                # A title of two lines beside one of one: the drawings stand level all the same.
                [Spacer(1, max(heights) - height), head, Spacer(1, 2), *_trajectory(situation, item, width)]
                for item, head, height in zip(pair, heads, heights, strict=True)
            ]
        ]
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
    if len(talk) > len(chosen):
        rest = plural(len(talk) - len(chosen), "autre objectif", "autres objectifs")
        blocks.append(paragraph(f"et {rest} à traiter, dans le tableau du chapitre.", NOTE_STYLE))
    return blocks


def _trajectory(situation: Situation, objective: Objective, width: float) -> list[Flowable]:
    projection = situation.projection(objective.key)
    assessment = situation.assessments[objective.key]
    sentence = projection.sentence if projection is not None else ""
    if not sentence and assessment.lead is not None:
        far = how_far(assessment)
        sentence = f"Taux de {far.rate}, pour {far.expected} attendu."
    blocks: list[Flowable] = [
        ChartFlowable(trajectory_chart(situation, objective, width, 128, text_size=6.8)),
    ]
    if sentence:
        blocks.append(paragraph(sentence, _PROJECTION_STYLE))
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
_PROJECTION_STYLE = NOTE_STYLE.clone("projection", fontSize=SMALL, leading=9.4, spaceBefore=2)
