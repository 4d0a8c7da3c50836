"""The map of a contract as blocks of a paper: the drawing, then who publishes its outlines."""

from __future__ import annotations

from reportlab.platypus import Flowable

from qpvdesk.domain.model import Territory
from qpvdesk.domain.scales import home_of
from qpvdesk.reports import map_file
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.style import NOTE_STYLE, WIDTH
from qpvdesk.reports.text import paragraph

_SOURCE_STYLE = NOTE_STYLE.clone("map-source", spaceBefore=3, spaceAfter=9)


MAP_TITLE = "Les lieux des promesses"


def map_of(
    data: CopilData, height: float, place: Territory | None = None, *, far: bool = False
) -> list[Flowable]:
    """What is promised on the map of the contract, as wide as the page; nothing where it has no outline.

    `far`: read from a step away, as `map_file.chart_of` says. `place`: seen near and outlined; a place that the map does
    not show and that does not hold it has no map.
    """
    atlas, home = data.review.atlas, home_of(data.situation)
    if not atlas.contours or (
        place is not None
        and place.key not in atlas.shapes
        and home is not None
        and not data.situation.is_within(home, place.key)
    ):
        return []
    chart, sources = map_file.chart_of(
        data.situation, atlas, (WIDTH, height), shown=map_file.PROMISES, place=place, far=far
    )
    drawing = ChartFlowable(chart)
    drawing.keepWithNext = 1
    return [drawing, paragraph(sources, _SOURCE_STYLE)]
