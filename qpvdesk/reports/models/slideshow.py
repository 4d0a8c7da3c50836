"""The slides of a committee as landscape pages, the same as those that PowerPoint opens: one message a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab.platypus import Flowable, PageBreak, Spacer

from qpvdesk.charts.bars import named_bars, status_bar
from qpvdesk.reports import sheets
from qpvdesk.reports.cells import Legend
from qpvdesk.reports.copil import identity
from qpvdesk.reports.document import write_slides
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, Heading
from qpvdesk.reports.layout import Format, Watch
from qpvdesk.reports.letterhead import LetterheadBlock
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.sections.essential import height_of
from qpvdesk.reports.slides import MAP_SIZE, Slide, SlideTable, map_chart, slides
from qpvdesk.reports.style import BODY_STYLE, H1_STYLE, load_fonts
from qpvdesk.reports.tables import DataTable, data_table
from qpvdesk.reports.text import cell, markup, paragraph

_SCALE = 2.25
"""What makes 18 points, the least that is read from six metres, of the 8 of a table."""
_WIDTH, _HEIGHT, _MARGIN, _FOOT = 960 / _SCALE, 540 / _SCALE, 19.0, 37.0
_ROOM = _WIDTH - 2 * _MARGIN
_COLUMN = _HEIGHT - _FOOT - 10
PAGES = Format(
    _WIDTH,
    _HEIGHT,
    _MARGIN,
    _FOOT,
    ((_MARGIN, _FOOT, _ROOM, _COLUMN),),
    scale=_SCALE,
    head=False,
)
"""16:9, as wide as a slide of PowerPoint."""
_TITLE_STYLE = H1_STYLE.clone(H1_STYLE.name, fontSize=15, leading=18, spaceAfter=5)
_COVER_STYLE = H1_STYLE.clone(H1_STYLE.name, fontSize=19, leading=23, spaceAfter=9)
_LAST_STYLE = BODY_STYLE.clone(BODY_STYLE.name, fontSize=8, leading=9.6, spaceAfter=0)
_COVER_AIR = 44.0
assert MAP_SIZE[0] <= _ROOM


def slideshow(data: CopilData) -> list[Flowable]:
    """A page a slide."""
    blocks: list[Flowable] = []
    for number, slide in enumerate(slides(data)):
        page = _page(slide, number)
        if number:
            page.insert(0, PageBreak())
        else:
            head = LetterheadBlock(data.letterhead) if data.letterhead else None
            page.insert(0, head or Spacer(0, _COVER_AIR))
        blocks += page
    return blocks


def _page(slide: Slide, number: int) -> list[Flowable]:
    entry = Entry(f"diapositive-{number}", slide.title, 0)
    blocks: list[Flowable] = [Heading(markup(slide.title), _TITLE_STYLE if number else _COVER_STYLE, entry)]
    blocks += [paragraph(text, BODY_STYLE) for text in (slide.message, *slide.lines) if text]
    if slide.table is not None:
        table = _table(slide.table)
        bars = [ChartFlowable(status_bar(counts, _ROOM, 8)) for _, counts in slide.bars]
        rest = [paragraph(slide.left_out, _LAST_STYLE)] if slide.left_out else []
        blocks += (
            [*bars, *table, *rest]
            if height_of([*blocks, *bars, *table, *rest], _ROOM) <= _COLUMN
            else [*table, *rest]
        )
    if slide.map_of is not None:
        blocks.append(ChartFlowable(map_chart(slide.map_of)))
    if slide.bars and slide.table is None:
        under = [Legend(_ROOM), *([paragraph(slide.left_out, _LAST_STYLE)] if slide.left_out else [])]
        row = min(17.0, (_COLUMN - height_of([*blocks, *under], _ROOM)) / len(slide.bars) - 0.5)
        blocks.append(ChartFlowable(named_bars(slide.bars, _ROOM, row=row, text_size=8, names_share=0.38)))
        blocks += under
    if height_of(blocks, _ROOM) > _COLUMN:
        blocks = [block.tightened() if isinstance(block, DataTable) else block for block in blocks]
    return blocks


def _table(table: SlideTable) -> list[Flowable]:
    widths = [_ROOM * share for share in table.widths]
    rows: list[list[Any]] = [
        [cell(text, width - 8) for text, width in zip(row, widths, strict=True)] for row in table.rows
    ]
    return data_table(table.header, rows, widths)


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the pages and return how many; with the suffix `.pptx`, the slides themselves."""
    load_fonts()
    if path.suffix.lower() == ".pptx":
        return write_slides(path, identity(data), lambda: slides(data))
    return sheets.write(path, data, "diapositives", slideshow, watch=watch, pages=PAGES)
