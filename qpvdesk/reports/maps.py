"""The map of a contract as blocks of a paper: the drawing, then who publishes its outlines."""

from __future__ import annotations

from reportlab.platypus import Flowable

from qpvdesk.domain.model import Territory
from qpvdesk.reports import map_file
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.style import NOTE_STYLE, WIDTH
from qpvdesk.reports.text import paragraph

_SOURCE_STYLE = NOTE_STYLE.clone("map-source", spaceBefore=3, spaceAfter=9)


def map_of(data: CopilData, height: float, place: Territory | None = None) -> list[Flowable]:
    """What is promised on the map of the contract, as wide as the page; nothing where it has no outline.

    `place`: seen near and outlined.
    """
    if not data.review.atlas.contours:
        return []
    chart, sources = map_file.chart_of(
        data.situation, data.review.atlas, (WIDTH, height), shown=map_file.PROMISES, place=place
    )
    drawing = ChartFlowable(chart)
    drawing.keepWithNext = 1
    return [drawing, paragraph(sources, _SOURCE_STYLE)]
