"""The slides of a committee as landscape pages, the same as those that PowerPoint opens: one message a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.platypus import Flowable, PageBreak, Spacer

from qpvdesk.charts.bars import BAR_ORDER, named_bars, status_bar
from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.primitives import Mark
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports import sheets
from qpvdesk.reports.copil import identity
from qpvdesk.reports.document import write_slides
from qpvdesk.reports.ending import height_of, tightened
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, Heading
from qpvdesk.reports.layout import Format, Watch
from qpvdesk.reports.legend import Legend
from qpvdesk.reports.letterhead import LetterheadBlock
from qpvdesk.reports.painter import ChartFlowable, paint_mark
from qpvdesk.reports.slide_tables import COLUMN, MARK_ROOM, MESSAGE_STYLE, ROOM, SCALE, Slide, SlideTable
from qpvdesk.reports.slides import MAP_WIDTH, map_chart, slides
from qpvdesk.reports.style import BODY_STYLE, CELL_STYLE, H1_STYLE, NOTE_STYLE, load_fonts
from qpvdesk.reports.tables import PAD, data_table
from qpvdesk.reports.text import cell, clean, markup, paragraph
from qpvdesk.reports.text_cell import PLAIN, TextCell

_MARGIN, _FOOT, _RULE, _AIR = 19.0, 41.0, 29.0, 3.0
PAGES = Format(
    ROOM + 2 * _MARGIN,
    COLUMN + _RULE + _AIR + 10,
    _MARGIN,
    _FOOT,
    ((_MARGIN, _RULE + _AIR, ROOM, COLUMN),),
    scale=SCALE,
    head=False,
    foot_size=12 / SCALE,
)
"""16:9, as wide as a slide of PowerPoint."""
_TITLE_STYLE = H1_STYLE.clone(H1_STYLE.name, fontSize=15, leading=18, spaceAfter=5)
_COVER_STYLE = H1_STYLE.clone(H1_STYLE.name, fontSize=19, leading=23, spaceAfter=9)
_LAST_STYLE = BODY_STYLE.clone(BODY_STYLE.name, fontSize=8, leading=9.6, spaceAfter=2)
_SMALL_STYLE = NOTE_STYLE.clone("slide-small", fontSize=12 / SCALE, leading=6.4, spaceBefore=3)
_COVER_AIR = 44.0
_BAR, _ROW_MAX, _SPARE = 11.0, 26.0, 4.0
assert MAP_WIDTH <= ROOM


def slideshow(data: CopilData) -> list[Flowable]:
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
    head = Heading(markup(slide.title), _TITLE_STYLE if number else _COVER_STYLE, entry)
    scale, high = slide.scale, COLUMN - height_of([head], ROOM)
    body = _body(slide, ROOM / scale, high / scale)
    body = tightened(body) if height_of(body, ROOM / scale) * scale > high else body
    return [head, *body] if scale == 1 else [head, Enlarged(body, scale)]


def _body(slide: Slide, room: float, column: float) -> list[Flowable]:
    """What stands under the title of a slide, in so much room."""
    # Under the title, the first of them keeps its distance.
    blocks: list[Flowable] = [Spacer(0, 0)]
    blocks += [paragraph(text, MESSAGE_STYLE) for text in (slide.message, *slide.lines) if text]
    under = [paragraph(slide.left_out, _LAST_STYLE)] if slide.left_out else []
    under += [paragraph(slide.small, _SMALL_STYLE)] if slide.small else []
    if slide.table is not None:
        if slide.bars:
            blocks += [ChartFlowable(status_bar(slide.bars[0][1], room, _BAR, text_size=8)), Spacer(0, 2)]
        blocks += _table(slide.table, room)
    if slide.map_of is not None:
        # As high as its sentence and its sources leave.
        high = column - height_of([*blocks, *under], room) - _SPARE
        blocks.append(ChartFlowable(map_chart(slide.map_of, high)[0]))
    if slide.bars and slide.table is None:
        drawn = [status for status in BAR_ORDER if any(counts.get(status) for _, counts in slide.bars)]
        under.insert(0, Legend(room, drawn))
        row = min(_ROW_MAX, (column - height_of([*blocks, *under], room)) / len(slide.bars) - 0.5)
        blocks.append(ChartFlowable(named_bars(slide.bars, room, row=row, text_size=8, whole=slide.whole)))
    blocks += under
    for text in slide.more:
        told = paragraph(text, _LAST_STYLE)
        # Larger letters were chosen with all of it.
        if slide.scale > 1 or height_of([*blocks, told], room) + _SPARE <= column:
            blocks.append(told)
    return blocks


def _table(table: SlideTable, room: float) -> list[Flowable]:
    widths = [room * share for share in table.widths]
    rows: list[list[Any]] = [
        [
            paragraph(text, _RIGHT_STYLE) if index in table.right else cell(text, width - 2 * PAD)
            for index, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in table.rows
    ]
    for texts, row, status in zip(table.rows, rows, table.statuses, strict=bool(table.statuses)):
        word, *more = clean(texts[-1]).split("\n")
        row[-1] = [_Marked(word, status), *(TextCell([(text, PLAIN)]) for text in more)]
    return data_table(table.header, rows, widths, right=table.right)


_RIGHT_STYLE = CELL_STYLE.clone("slide-figure", alignment=TA_RIGHT)


class Enlarged(Flowable):  # type: ignore[misc]
    """Blocks drawn so much larger than they are laid out."""

    def __init__(self, blocks: list[Flowable], scale: float) -> None:
        super().__init__()
        self.blocks, self._scale = blocks, scale

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width, self.height = width, self._scale * height_of(self.blocks, width / self._scale)
        return self.width, self.height

    def draw(self) -> None:
        canvas, room = self.canv, self.width / self._scale
        canvas.scale(self._scale, self._scale)
        base = self.height / self._scale
        for index, block in enumerate(self.blocks):
            base -= block.getSpaceBefore() if index else 0
            base -= block.wrap(room, base)[1]
            block.drawOn(canvas, 0, base)
            base -= block.getSpaceAfter()


class _Marked(TextCell):
    """The mark of a status before its words."""

    def __init__(self, text: str, status: Statut) -> None:
        super().__init__([(text, PLAIN)])
        self._look = STATUS_MARKS[status]

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        wide, high = super().wrap(width - MARK_ROOM, height)
        return wide + MARK_ROOM, high

    def draw(self) -> None:
        paint_mark(self.canv, Mark(4, self.height - 5.0, 8, self._look.shape, self._look.ink))
        self.canv.translate(MARK_ROOM, 0)
        super().draw()


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the pages and return how many; with the suffix `.pptx`, the slides themselves."""
    load_fonts()
    if path.suffix.lower() == ".pptx":
        return write_slides(path, identity(data), lambda: slides(data))
    return sheets.paper("diapositives", slideshow, pages=PAGES)(path, data, watch)
