"""Slides as a PowerPoint file that LibreOffice opens too: native tables and charts, 16:9, notes with sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any, BinaryIO

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_PATTERN
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.enum.text import PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from qpvdesk.charts.bars import BAR_ORDER
from qpvdesk.charts.marks import PRINT, STATUS_MARKS, StatusMark, mixed
from qpvdesk.charts.metrics import text_width
from qpvdesk.charts.primitives import Anchor, Chart, Hatch, Ink, Line, Region, Text
from qpvdesk.domain.counts import promised_count
from qpvdesk.domain.french import hold_codes
from qpvdesk.domain.model import FICTITIOUS
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports.layout import Identity
from qpvdesk.reports.slide_tables import ROOM, SCALE, TITLE_MAX, Slide, SlideTable, lines_of
from qpvdesk.reports.slides import map_chart
from qpvdesk.reports.style import BOLD, REGULAR
from qpvdesk.reports.tables import PAD
from qpvdesk.reports.text import clean, whole_names
from qpvdesk.reports.text_cell import break_lines, weighed

_FONT = "Arial"
"""On every desk, and as wide as the type that the rooms of labels are reckoned in."""
_WIDTH, _HEIGHT, _MARGIN = Inches(13.333), Inches(7.5), Inches(0.6)
_BLUE = RGBColor(0, 0, 0x91)
_PALE = "C8C8CE"
_COVER, _TITLE, _MESSAGE, _TABLE, _FOOT = Pt(40), Pt(32), Pt(20), Pt(18), Pt(12)
"""The least that is read from six metres is 18 points; the foot is for who has the file."""
_POINT = 12700 * 2.25
"""EMU in a point of a map: as large as on the landscape pages."""
_BLANK = 6
_PATTERNS = {
    Hatch.FALLING: MSO_PATTERN.LIGHT_DOWNWARD_DIAGONAL,
    Hatch.RISING: MSO_PATTERN.LIGHT_UPWARD_DIAGONAL,
    Hatch.CROSSED: MSO_PATTERN.OUTLINED_DIAMOND,
    Hatch.DOTS: MSO_PATTERN.PERCENT_20,
    Hatch.ACROSS: MSO_PATTERN.LIGHT_HORIZONTAL,
    Hatch.UPRIGHT: MSO_PATTERN.LIGHT_VERTICAL,
    Hatch.DASHES: MSO_PATTERN.LARGE_GRID,
}
"""In paper over the ground of a status: none covers more than a quarter of it, so that each keeps its weight in grey.
LibreOffice draws dashes as lines, and dots as a slant: neither is told from another by it alone."""
_TINTS = {Hatch.DOTS: 0.8}
"""How much of the ink its ground takes where that is less than on paper: as far in grey from what is late as from what is
reached, whose slants LibreOffice draws alike."""
_LINE, _PADDING, _AIR, _BAR = Inches(0.31), Inches(0.14), Inches(0.12), Inches(0.5)

_LABEL_GROUND = f'<c:spPr {nsdecls("c", "a")}><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></c:spPr>'


_HALO = f'<a:effectLst {nsdecls("a")}><a:glow rad="38100"><a:srgbClr val="FFFFFF"/></a:glow></a:effectLst>'
"""About a name that stands on outlines."""
PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""The style of a table without ground nor rule."""
_RULE = (
    f'<a:lnB {nsdecls("a")} w="{{width}}"><a:solidFill><a:srgbClr val="{{colour}}"/></a:solidFill></a:lnB>'
)
_WHOLE = (
    f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
    '<c:yMode val="edge"/><c:x val="0"/><c:y val="0"/><c:w val="1"/><c:h val="1"/></c:manualLayout></c:layout>'
)
"""One bar fills its room."""
_VEIL = f'<a:alpha {nsdecls("a")} val="55000"/>'


def draw_slides(file: BinaryIO, identity: Identity, shown: Sequence[Slide]) -> int:
    """Write the file; return how many slides it has."""
    deck = Presentation()
    _set_theme(deck)
    deck.slide_width, deck.slide_height = _WIDTH, _HEIGHT
    properties = deck.core_properties
    properties.title, properties.subject = identity.title[:250], identity.subject[:250]
    properties.author, properties.language, properties.last_modified_by = identity.author, "fr-FR", "qpvdesk"
    properties.created = properties.modified = datetime(*identity.day.timetuple()[:3])
    foot = f"{FICTITIOUS} · {identity.foot_words}" if identity.fictitious else identity.foot_words
    for number, slide in enumerate(shown, 1):
        _add(deck, slide, f"{foot} · {number} / {len(shown)}", first=number == 1)
    deck.save(file)
    return len(shown)


def _add(deck: Any, slide: Slide, foot: str, *, first: bool) -> None:
    page = deck.slides.add_slide(deck.slide_layouts[_BLANK])
    room = Emu(_WIDTH - 2 * _MARGIN)
    top = Inches(1.6) if first else Inches(0.3)
    size, height = (
        (_COVER, _room(slide.title, _COVER, bold=True)) if first else (_title_size(slide.title), Inches(0.75))
    )
    title = whole_names(slide.title) if first else slide.title
    _text(page, (title,), (_MARGIN, top, room, height), size, bold=True)
    top = Emu(top + height + (Inches(0.3) if first else 0))
    message, body = (Emu(round(letters * slide.scale)) for letters in (_MESSAGE, _TABLE))
    if slide.message:
        height = Emu(_room(slide.message, message) + Inches(0.15))
        words = whole_names(slide.message)
        _text(page, (words,), (_MARGIN, top, room, height), message)
        top = Emu(top + height)
    if slide.lines:
        _text(page, slide.lines, (_MARGIN, top, room, Inches(2.0)), message)
    if slide.table is not None:
        if slide.bars:
            _chart(page, slide.bars, (_MARGIN, top, room, _BAR), alone=True)
            top = Emu(top + _BAR + _AIR)
        top = Emu(top + _table(page, slide.table, (_MARGIN, top, room), slide.scale) + _AIR)
    foot_top = Emu(_HEIGHT - Inches(0.45))
    notes = slide.notes
    sentences = [(text, body) for text in (slide.left_out, *slide.more) if text]
    sentences += [(slide.small, _FOOT)] if slide.small else []
    if slide.map_of is not None:
        # As high as its sentences leave.
        under = sum(_room(text, letters) + _AIR for text, letters in sentences) + _AIR
        chart, contours = map_chart(slide.map_of, (foot_top - top - under) / _POINT)
        notes = f"{contours}\n{notes}"
        _map(page, chart, (_MARGIN, top))
        top = Emu(top + round(chart.height * _POINT) + _AIR)
    for text, letters in sentences:
        height = Emu(_room(text, letters) + _AIR)
        # What is said beside the table stands where there is room.
        if top + height <= foot_top or text not in slide.more:
            _text(page, (text,), (_MARGIN, top, room, height), letters)
            top = Emu(top + height)
    if slide.bars and slide.table is None:
        _chart(
            page,
            slide.bars,
            (_MARGIN, top, room, min(Emu(foot_top - top), Emu(round(_room_of(slide.bars) * slide.scale)))),
            whole=slide.whole,
            letters=body,
        )
    _text(page, (foot,), (_MARGIN, foot_top, room, Inches(0.35)), _FOOT)
    page.notes_slide.notes_text_frame.text = clean(notes)


def _set_theme(deck: Any) -> None:
    """Name the type and the blue of the whole file in its theme, where whoever takes it up changes them once."""
    theme = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    blob = theme.blob.replace(b'typeface="Calibri"', f'typeface="{_FONT}"'.encode())
    theme._blob = blob.replace(
        b'<a:accent1><a:srgbClr val="4F81BD"/>', f'<a:accent1><a:srgbClr val="{_BLUE}"/>'.encode()
    )


def _title_size(title: str) -> Any:
    """The size in which a title stands on one line, as long as it is read from the end of the room."""
    return Pt(max(24, min(_TITLE.pt, int(_TITLE.pt * TITLE_MAX / max(1, len(title))))))


def _room(text: str, size: Any, *, bold: bool = False) -> Any:
    """The height of a text as wide as the slide, whose type is as wide as the paper's, in bold a little wider."""
    font, room = (BOLD, ROOM * 0.96) if bold else (REGULAR, ROOM)
    return Emu(len(break_lines(clean(text), font, size.pt / SCALE, room)) * size * 5 // 4)


def _text(
    page: Any, lines: Sequence[str], box: tuple[Any, Any, Any, Any], size: Any, *, bold: bool = False
) -> None:
    frame = page.shapes.add_textbox(*box).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    for index, text in enumerate(lines):
        paragraph = frame.paragraphs[0] if not index else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = hold_codes(clean(text))
        run.font.size, run.font.bold = size, bold
        if bold:
            run.font.color.rgb = _BLUE


def _table(page: Any, table: SlideTable, corner: tuple[Any, Any, Any], scale: float) -> int:
    """Add a table, its letters `scale` times the least; return its height, as tall as the longest cells ask for."""
    left, top, room = corner
    rows = (table.header, *table.rows)
    # The first is flush with the title: its words have the room of a margin more.
    wides = [
        int(room * share) / Inches(1) * 72 / SCALE / scale + PAD * (not at)
        for at, share in enumerate(table.widths)
    ]
    heights = [Emu(round(_PADDING + _LINE * scale * max(map(lines_of, cells, wides)))) for cells in rows]
    grid = page.shapes.add_table(len(rows), len(table.header), left, top, room, Emu(sum(heights))).table
    grid._tbl.tblPr.find(qn("a:tableStyleId")).text = PLAIN_TABLE
    grid.horz_banding = False
    for column, share in zip(grid.columns, table.widths, strict=True):
        column.width = Emu(int(room * share))
    for row, cells, height in zip(grid.rows, rows, heights, strict=True):
        row.height = height
        for index, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            cell.text = hold_codes(clean(text))
            head = cells is table.header
            for paragraph in cell.text_frame.paragraphs:
                _weigh(paragraph)
                paragraph.font.size = Emu(round(_TABLE * scale))
                paragraph.alignment = PP_ALIGN.RIGHT if index in table.right else PP_ALIGN.LEFT
                if head:
                    paragraph.font.bold, paragraph.font.color.rgb = True, _BLUE
            if not index:
                cell.margin_left = 0
            rule = _RULE.format(width=15875 if head else 6350, colour=_BLUE if head else _PALE)
            cell._tc.get_or_add_tcPr().insert(0, parse_xml(rule))
            # The accent of a capital stands above the line of a type that another one replaces.
            cell.margin_top, cell.margin_bottom = Inches(0.09), Inches(0.03)
    for row, status in zip(list(grid.rows)[1:], table.statuses, strict=bool(table.statuses)):
        _sign(row.cells[len(cells) - 1], STATUS_MARKS[status])
    return sum(heights)


def _weigh(paragraph: Any) -> None:
    """Set heavier what says that something is late."""
    parts = weighed(paragraph.text)
    if not any(weighs for _, weighs in parts):
        return
    paragraph.runs[0].text = parts[0][0]
    runs = [paragraph.runs[0], *(paragraph.add_run() for _ in parts[1:])]
    for run, (text, weighs) in zip(runs, parts, strict=True):
        run.text, run.font.bold = text, weighs or None


def _sign(cell: Any, look: StatusMark) -> None:
    """Write the mark of a status, in its colour, before the words of a cell."""
    run = cell.text_frame.paragraphs[0].runs[0]
    sign = deepcopy(run._r)
    run._r.addprevious(sign)
    sign.t.text = f"{look.sign} "
    style = cell.text_frame.paragraphs[0].runs[0].font
    style.color.rgb = _rgb(PRINT[look.ink])


def _map(page: Any, chart: Chart, corner: tuple[int, int]) -> None:
    """Add a map as a group of shapes, a place each, that can be taken apart, filled otherwise and renamed."""
    left, top = corner
    shapes = page.shapes.add_group_shape().shapes

    def at(x: float, y: float) -> tuple[int, int]:
        # What goes beyond the frame ends at it.
        x, y = min(max(x, 0), chart.width), min(max(y, 0), chart.height)
        return round(left + x * _POINT), round(top + y * _POINT)

    for item in chart.items:
        if isinstance(item, Region):
            _region(shapes, item, at)
        elif isinstance(item, Line):
            line = shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *at(item.x1, item.y1), *at(item.x2, item.y2))
            _flatten(line)
            line.line.color.rgb, line.line.width = _rgb(PRINT[item.ink]), Emu(round(item.width * _POINT))
        elif isinstance(item, Text):
            _label(shapes, item, at)
    shapes._grpSp.nvGrpSpPr.cNvPr.set("descr", clean(chart.summary))


def _region(shapes: Any, item: Region, at: Callable[[float, float], tuple[int, int]]) -> None:
    first, *others = item.rings
    builder = shapes.build_freeform(*at(*first[0]), scale=1.0)
    builder.add_line_segments([at(*point) for point in first[1:]])
    for ring in others:
        builder.move_to(*at(*ring[0]))
        builder.add_line_segments([at(*point) for point in ring[1:]])
    shape = builder.convert_to_shape()
    if item.tint:
        shape.fill.solid()
        shape.fill.fore_color.rgb = _rgb(mixed(PRINT[item.ink], PRINT[Ink.PAPER], item.tint))
    else:
        shape.fill.background()
    if item.width:
        shape.line.color.rgb, shape.line.width = _rgb(PRINT[item.edge]), Emu(round(item.width * _POINT))
    else:
        shape.line.fill.background()
    _flatten(shape)


def _flatten(shape: Any) -> None:
    """Take the style of the theme off a shape: it would lay a shadow under every line."""
    shape._element.remove(shape._element.find(qn("p:style")))


def _label(shapes: Any, item: Text, at: Callable[[float, float], tuple[int, int]]) -> None:
    wide, high = text_width(item.text, item.size, item.bold) * (1.06 if item.glow else 1.3), item.size * 1.3
    start = {Anchor.START: 0.0, Anchor.MIDDLE: wide / 2, Anchor.END: wide}[item.anchor]
    size = (round(wide * _POINT), round(high * _POINT))
    label = shapes.add_textbox(*at(item.x - start, item.y - item.size * 1.1), *size)
    frame = label.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    # LibreOffice sets a text that does not wrap about the middle of its box, whatever its alignment.
    frame.word_wrap = item.anchor is Anchor.START
    paragraph = frame.paragraphs[0]
    paragraph.alignment = {
        Anchor.START: PP_ALIGN.LEFT,
        Anchor.MIDDLE: PP_ALIGN.CENTER,
        Anchor.END: PP_ALIGN.RIGHT,
    }[item.anchor]
    run = paragraph.add_run()
    run.text = clean(item.text)
    run.font.size, run.font.bold = Emu(round(item.size * _POINT)), item.bold
    run.font.color.rgb = _rgb(PRINT[item.ink])
    if item.glow:
        run.font._rPr.find(qn("a:solidFill")).addnext(parse_xml(_HALO))
        # LibreOffice draws no halo: the ground of the label stands for it.
        label.fill.solid()
        label.fill.fore_color.rgb = _rgb(PRINT[Ink.PAPER])
        label.fill._xPr.find(qn("a:solidFill"))[0].append(parse_xml(_VEIL))


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:].upper())


def _chart(
    page: Any,
    bars: Sequence[tuple[str, Mapping[Statut, int]]],
    box: tuple[Any, Any, Any, Any],
    *,
    alone: bool = False,
    whole: int = 0,
    letters: Any = _TABLE,
) -> None:
    """Stacked bars by status, a series a status that has a case, in the colours and the words of the paper. `alone`: one
    bar without name nor key, under the sentence that says both."""
    content = CategoryChartData()
    # The first category of such a chart stands at its foot.
    ordered = list(reversed(bars))
    # In all, which the pages write at the end of each bar.
    content.categories = [f"{clean(name)} ({promised_count(counts)})" for name, counts in ordered]
    statuses = [status for status in BAR_ORDER if any(counts.get(status) for _, counts in bars)]
    for status in statuses:
        content.add_series(STATUS_MARKS[status].word, [counts.get(status, 0) for _, counts in ordered])
    chart = page.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *box, content).chart
    chart.has_title, chart.has_legend = False, not alone
    if not alone:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.legend.font.size = letters
    chart.category_axis.visible = not alone
    chart.category_axis.tick_labels.font.size = letters
    chart.value_axis.minimum_scale = 0
    chart.value_axis.maximum_scale = whole or max(promised_count(counts) for _, counts in bars)
    if alone:
        chart._chartSpace.chart.plotArea.insert(0, parse_xml(_WHOLE))
    # An axis that is taken away has no scale left, and LibreOffice finds its own.
    chart.value_axis.tick_label_position, chart.value_axis.major_tick_mark = (
        XL_TICK_LABEL_POSITION.NONE,
        XL_TICK_MARK.NONE,
    )
    chart.value_axis.format.line.fill.background()
    chart.value_axis.has_major_gridlines = False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 0 if alone else 45, 100
    plot.has_data_labels = True
    told = plot.data_labels
    told.font.size, told.number_format, told.number_format_is_linked = letters, "0;;", False
    told.show_value = True
    told._element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("wrap", "none")
    # On a ground of its own: a figure is not read through a hatching.
    told._element.numFmt.addnext(parse_xml(_LABEL_GROUND))
    for status, series in zip(statuses, plot.series, strict=True):
        _fill(series.format, STATUS_MARKS[status])


def _room_of(bars: Sequence[Any]) -> Any:
    """The height of a chart of so many bars, with its legend."""
    return Emu(Inches(0.9) + len(bars) * Inches(0.75))


def _fill(style: Any, look: StatusMark) -> None:
    """The ground and the hatching of a status, as on paper: turned to grey, what is late weighs the most."""
    style.line.color.rgb = _rgb(PRINT[look.ink])
    ground = _rgb(
        PRINT[Ink.PAPER]
        if look.hatch is Hatch.BLANK
        else mixed(PRINT[look.ink], PRINT[Ink.PAPER], _TINTS.get(look.hatch, look.tint))
    )
    pattern = _PATTERNS.get(look.hatch)
    if pattern is None:
        style.fill.solid()
        style.fill.fore_color.rgb = ground
        return
    style.fill.patterned()
    style.fill.pattern = pattern
    style.fill.fore_color.rgb, style.fill.back_color.rgb = _rgb(PRINT[Ink.PAPER]), ground
