"""What is drawn of the objectives of a chapter or of a sheet: the trajectories that need talk, the shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from qpvdesk.charts.parity import parity_chart, parity_rows, parity_ticks, reference_day_words
from qpvdesk.charts.primitives import Text
from qpvdesk.charts.trajectory import target_words, trajectory_chart
from qpvdesk.charts.trajectory_told import pace_words
from qpvdesk.domain.french import NNBSP, plural, raised
from qpvdesk.domain.how_far import how_far
from qpvdesk.domain.model import Objective
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.projection import THIN, Projection, range_words
from qpvdesk.domain.scales import place_word, scale_words
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import GROUPS, Group
from qpvdesk.domain.targets import by_reference, target_of
from qpvdesk.reports.headings import heading
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.references import compared_with, year_against_day
from qpvdesk.reports.style import (
    CELL_BOLD_STYLE,
    GUTTER,
    HEIGHT,
    MEDIUM,
    NOTE_STYLE,
    REGULAR,
    SMALL,
    TABLE,
    WIDTH,
    span,
)
from qpvdesk.reports.text import paragraph, shorten

_TO_TREAT = GROUPS[Group.A_TRAITER]
_PARITY_ROW, _PARITY_ROW_LEAST = 15.5, 13.0
"""Points of a row of shares; of one where the foot of a page holds no more."""
_HIGH, _LOW = 128.0, 120.0
"""Points of the height of a drawing: of one of two side by side, and of one alone."""
_CHARTS = 2
"""How many trajectories a chapter shows at most: those that need talk."""


def needs_talk(situation: Situation, objectives: Sequence[Objective]) -> list[Objective]:
    """Those to treat that have a way to draw, of two values or more, in the order in which they are looked at.

    A bound to keep has none: its line in the table says all.
    """
    own = {
        item.key
        for item in objectives
        if not item.aim.compared and not situation.assessments[item.key].flagged
    }
    return [
        item.objective
        for item in situation.to_treat
        if item.objective.key in own
        and len(situation.series(item.objective.key)) + (item.objective.start_value is not None) > 1
    ]


def trajectories(situation: Situation, objectives: Sequence[Objective]) -> list[Flowable]:
    talk = needs_talk(situation, objectives)
    chosen = talk[:_CHARTS]
    if not chosen:
        return []
    if len(chosen) == 1:
        # Half a page of nothing helps nobody: alone, a drawing takes the whole width.
        head = paragraph(_named(situation, chosen[0]), CELL_BOLD_STYLE)
        return [*heading("Trajectoire à discuter"), head, *trajectory(situation, chosen[0], WIDTH)]
    width = span(6)
    blocks = heading("Trajectoires à discuter")
    for start in range(0, len(chosen), 2):
        pair = chosen[start : start + 2]
        # Three lines hold any title that was written to be read.
        heads = [
            paragraph(shorten(_named(situation, item), MEDIUM, TABLE, 3 * width - 90), CELL_BOLD_STYLE)
            for item in pair
        ]
        heights = [head.wrap(width, HEIGHT)[1] for head in heads]
        bare = len(pair) > 1 and any(_has_bare_target(situation, item, width) for item in pair)
        cells: list[list[Any]] = [
            [
                # A title of two lines beside one of one: the drawings stand level all the same.
                [
                    Spacer(1, max(heights) - height),
                    head,
                    Spacer(1, 2),
                    *trajectory(situation, item, width, bare=bare),
                ]
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
        # « et 1 autre » alone at the head of a page says nothing.
        blocks[-1].keepWithNext = 1
        # A bound has no drawing, and is to be treated all the same.
        keys = {item.key for item in objectives}
        treated = [
            item for item in situation.counted if item.objective.key in keys and item.status in _TO_TREAT
        ]
        rest = plural(len(treated) - len(chosen), "autre objectif", "autres objectifs")
        blocks.append(paragraph(f"Et {rest} à traiter, plus haut dans ce chapitre.", NOTE_STYLE))
    return blocks


def _named(situation: Situation, objective: Objective) -> str:
    """The title of a drawing: its code, its scale, its name."""
    return f"{objective.code} · {place_word(situation, objective)} · {objective.label}"


def _has_bare_target(situation: Situation, objective: Objective, width: float) -> bool:
    """Whether its target finds room without its unit only: « 1 110 postes » beside « 1 094 » reads as something else."""
    target = target_of(objective)
    if target is None or not objective.unit or objective.unit.startswith("%"):
        return False
    chart = trajectory_chart(situation, objective, width, _HIGH, text_size=8)
    words = target_words(objective, target, "")
    return any(isinstance(item, Text) and item.text == words for item in chart.items)


def trajectory(
    situation: Situation, objective: Objective, width: float, *, bare: bool = False
) -> list[Flowable]:
    """The drawing of an objective, and how far it is under it; `bare`: its target leaves its unit to the axis."""
    assessment = situation.assessments[objective.key]
    far = how_far(assessment)
    told = [f"Taux de {far.rate}, pour {far.expected} attendu."] if assessment.lead is not None else []
    projection = situation.projection(objective.key)
    if projection is not None and assessment.value is not None:
        # Its words have no room in some drawings.
        pace, span = pace_words(objective, projection), range_words(objective, projection)
        band = f" (bande claire{NNBSP}: {span}{_leaning(projection)})" if span else ""
        band = band or (f", {THIN}" if projection.is_thin else "")
        told.append(f"{raised(pace)}{band}.")
    # As wide as the page, it is read lower.
    height = _HIGH if width < WIDTH else _LOW
    blocks: list[Flowable] = [
        ChartFlowable(trajectory_chart(situation, objective, width, height, text_size=8, bare=bare))
    ]
    if told:
        blocks.append(paragraph(" ".join(told), _PROJECTION_STYLE))
    return blocks


def _leaning(projection: Projection) -> str:
    """Why the line runs on an edge of the band, where it does: the values strayed from it to one side."""
    low, value, high = projection.low, projection.value, projection.high
    if low is None or high is None or not 5 * min(value - low, high - value) < high - low:
        return ""
    side = "dessus" if high - value > value - low else "dessous"
    return f", les valeurs étant surtout au-{side} de la tendance"


def parity(situation: Situation, objectives: Sequence[Objective], *, named: bool = False) -> list[Flowable]:
    """The shares set against their reference, under how they are read; nothing where none is compared. `named`: whether what
    they are compared with is told above already."""
    scales = scale_words(situation, objectives)
    found = [situation.assessments[item.key] for item in objectives]
    chart, closer = (parity_chart(found, WIDTH, scales, row=row) for row in (_PARITY_ROW, _PARITY_ROW_LEAST))
    if not chart.height:
        return []
    legend = paragraph(_parity_legend(situation, objectives, named=named), NOTE_STYLE)
    return [*heading("Parts comparées à leur référence"), legend, ChartFlowable(chart, closer)]


def _parity_legend(situation: Situation, objectives: Sequence[Objective], *, named: bool) -> str:
    """What the drawing of shares shows, and what they are compared with; by its code alone where its name was told."""
    references = [situation.objective(key) for key in by_reference(objectives)]
    # Of several references the note over the table says which is whose.
    names = f", {compared_with(situation, objectives)}" if len(references) == 1 else ""
    if names and named:
        names = f" ({references[0].code})"
    unlike = year_against_day(situation, objectives)
    rows = parity_rows([situation.assessments[item.key] for item in objectives])
    day = _reference_day(rows, unlike, told=bool(names) and not named)
    told = f"Trait vertical{NNBSP}: la référence{day}{names}."
    told += f" Marque{NNBSP}: la part mesurée. À droite{NNBSP}: l’écart en points."
    told += f" {unlike}" if unlike and not named else ""
    if rows and parity_ticks(rows)[0].value > 0:
        told += " L’axe brisé ne part pas de zéro."
    return told


def _reference_day(rows: Sequence[Assessment], unlike: str, *, told: bool) -> str:
    """When the reference was measured; nothing of shares of a year that end on its day, as `unlike` has it, nor where its
    value is `told` with its day."""
    days = {reference_day_words(item) for item in rows}
    if days <= {""}:
        return "" if unlike else " à la même date"
    if told:
        return ""
    return days.pop() if len(days) == 1 else " de même date ou d’avant"


_PROJECTION_STYLE = NOTE_STYLE.clone("projection", fontSize=SMALL, leading=9.8, spaceBefore=1)
