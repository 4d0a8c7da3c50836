"""How large the letters of a slide are: larger than the least that is read from the end of a room, where its matter leaves
room."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from qpvdesk.reports.slide_tables import (
    COLUMN,
    LEADING,
    ROOM,
    SHARES,
    Slide,
    SlideTable,
    holds_head,
    said_height,
    tall,
)
from qpvdesk.reports.style import REGULAR, TABLE
from qpvdesk.reports.text import clean
from qpvdesk.reports.text_cell import break_lines

_SCALES = (1.5, 1.4, 1.3, 1.2, 1.1)
_TITLE, _HEAD, _BAR, _LEGEND, _BAR_ROW = 23.0, 18.0, 13.0, 24.0, 26.0
"""Points of the title, of the head of a table, of the bar over one, of the legend of a chart, of each bar of it."""
_SPARE, _UNDER = 3.0, 6.0


def enlarged(slides: Sequence[Slide]) -> list[Slide]:
    """The same slides, which are read together, in the largest letters in which each of them holds."""
    for scale in _SCALES:
        if any(slide.map_of is not None for slide in slides):
            break
        tables = [_refitted(slide.table, scale) for slide in slides]
        fits = (
            (slide.table is None or table is not None) and _height(slide, table, scale) <= COLUMN - _SPARE
            for slide, table in zip(slides, tables, strict=True)
        )
        if all(fits):
            pairs = zip(slides, tables, strict=True)
            return [replace(slide, table=table, scale=scale) for slide, table in pairs]
    return [*slides]


def _refitted(table: SlideTable | None, scale: float) -> SlideTable | None:
    """The same table with its other columns as much wider as its letters; None where names, or their title, would have no
    room."""
    if table is None:
        return None
    others = [share * scale for share in table.widths[1:]]
    names = 1 - sum(others)
    wider = replace(table, widths=(names, *others))
    return wider if names > SHARES[0] and holds_head(wider, ROOM / scale) else None


def _height(slide: Slide, table: SlideTable | None, scale: float) -> float:
    """The points that a slide takes in these letters, all that may stand under its table with it."""
    room = ROOM / scale
    body = sum(said_height(text, room) for text in (slide.message, *slide.lines))
    if table is not None:
        body += _HEAD + tall(table, room) + _BAR * bool(slide.bars)
    else:
        body += (_LEGEND + _BAR_ROW * len(slide.bars)) * bool(slide.bars)
    under = [text for text in (slide.left_out, *slide.more) if text]
    lines = sum(len(break_lines(clean(text), REGULAR, TABLE, room)) for text in under)
    return _TITLE + scale * (body + LEADING * lines + _UNDER * bool(under))
