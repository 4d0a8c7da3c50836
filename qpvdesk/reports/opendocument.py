"""The same blocks as on paper in an OpenDocument text (`.odt`), the format that the State's own rules ask for."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from odfdo import (
    Bookmark,
    Cell,
    Column,
    Document,
    Element,
    Frame,
    Header,
    HeaderRows,
    LineBreak,
    Link,
    List,
    Paragraph,
    Row,
    Span,
    Style,
    Tab,
    Table,
    VarPageCount,
    VarPageNumber,
)
from reportlab.lib.enums import TA_RIGHT
from reportlab.platypus import Flowable
from reportlab.platypus import Table as SideBySide

from qpvdesk.charts.marks import PRINT
from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.french import NNBSP, hold_codes
from qpvdesk.domain.letterhead import Letterhead
from qpvdesk.domain.model import FICTITIOUS
from qpvdesk.reports.copied_blocks import (
    RULED_LINES,
    copied_blocks,
    copied_words,
    facts_of,
    is_bold,
    is_kept,
    is_note,
    of_chapters,
    paragraph_text,
    side_by_side,
    turning_titles,
)
from qpvdesk.reports.copied_contents import pages_by_key, place_name
from qpvdesk.reports.copied_drawings import Drawing, drawing_of, image_of
from qpvdesk.reports.copied_tables import copied_title, copy_widths, height_to_write, is_total, row_signs
from qpvdesk.reports.editable import BESIDE, SIGNING_HEIGHT
from qpvdesk.reports.headings import KICKER_STYLE, Contents, Entry, Heading
from qpvdesk.reports.layout import Identity
from qpvdesk.reports.legend import Legend
from qpvdesk.reports.lists import BLANK, BULLET
from qpvdesk.reports.open_styles import (
    BOLD,
    CELL,
    KEPT_WITH_NEXT,
    LISTED,
    NAMED,
    NOTE,
    SMALL,
    TEXT,
    Look,
    add_styles,
    cm,
    derived,
    kept_style,
    row_style,
    tabbed,
    under_table,
    whole_table,
)
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.sections.notes import Ruling
from qpvdesk.reports.sections.signature import SIGNED, SIGNED_LINES, Signatures
from qpvdesk.reports.style import BODY, GUTTER, load_fonts
from qpvdesk.reports.tables import DataTable
from qpvdesk.reports.text import Paragraph as PaperParagraph
from qpvdesk.reports.text import line, whole_names
from qpvdesk.reports.text_cell import weighed

_LEAD = "qpv-tete"
_LATE = "qpv-retard"


def write_open(file: BinaryIO, identity: Identity, story: Sequence[Flowable]) -> int:
    """Write the document; return how many tables it holds."""
    load_fonts()
    text = Document("text")
    text.set_language("fr-FR")
    text.meta.set_title(identity.title)
    text.meta.set_subject(identity.subject)
    body = text.body
    body.clear()
    add_styles(text)
    _add_foot(text, identity)
    blocks = copied_blocks(story)
    turning = turning_titles(story, blocks)
    for element in _head(text, identity.letterhead):
        body.append(element)
    if of_chapters(blocks):
        body.append(Header(1, whole_names(identity.title)))
        for name, told in facts_of(identity):
            look = {"fo:margin-left": cm(BESIDE), "fo:text-indent": cm(-BESIDE)}
            body.append(_led(text, derived(text, TEXT, "fait", look), (name, Tab(), told)))
    if identity.fictitious:
        body.append(_paragraph(FICTITIOUS, BOLD))
    tables = 0
    pages = pages_by_key(blocks, turning, covered=of_chapters(blocks))
    for at, block in enumerate(blocks):
        if isinstance(block, Contents):
            for entry in block.entries:
                body.append(_contents_line(text, entry, pages))
            continue
        for element in _elements(text, block, tables):
            holder: Any = element.get_paragraph() if isinstance(element, List) else element
            if id(block) in turning:
                element.style = derived(
                    text, f"Heading_20_{block.level}", "page", {"fo:break-before": "page"}
                )
            elif (
                is_kept(blocks, at)
                and not isinstance(block, (Heading, DataTable, SideBySide))
                and holder.style
            ):
                holder.style = kept_style(text, holder.style)
            body.append(element)
        tables += isinstance(block, DataTable)
        if isinstance(block, (DataTable, Signatures, SideBySide)):
            # A higher line would turn a page that its table fills.
            under = under_table(text, last=at == len(blocks) - 1)
            body.append(Paragraph("", style=kept_style(text, under) if is_kept(blocks, at) else under))
    whole = io.BytesIO()
    text.save(whole)
    file.write(whole.getbuffer())
    return tables


def _head(text: Any, head: Letterhead) -> Iterator[Any]:
    """The service's header, its image over its lines."""
    if (image := image_of(head)) is not None:
        yield _picture(text, image)
    for words in head.lines:
        yield _paragraph(words, TEXT)


def _add_foot(text: Any, identity: Identity) -> None:
    """Its title above, its data, fingerprint and page numbers below, on each page."""
    master = text.get_styles("master-page")[0]
    master.set_page_header(_paragraph(identity.title, NOTE))
    fictitious = FICTITIOUS if identity.fictitious else ""
    foot = _paragraph(" · ".join(filter(None, (fictitious, identity.foot_words, "page "))), NOTE)
    foot.append(VarPageNumber())
    foot.append(" / ")
    foot.append(VarPageCount())
    master.set_page_footer(foot)


def _paragraph(words: str, style: str | None = None) -> Any:
    return Paragraph(line(words), style=style, formatted=False)


def _contents_line(text: Any, entry: Entry, pages: Mapping[str, int]) -> Any:
    """A title of the contents, and its page: what is shown until the word processor has reckoned it."""
    look = {"fo:margin-left": f"{0.5 * entry.level}cm", "fo:margin-bottom": "0.07cm"} | KEPT_WITH_NEXT
    name = tabbed(text, f"qpv-sommaire-{entry.level}", look)
    place = place_name(entry.key)
    page = Element.from_tag("text:bookmark-ref")
    page.set_attribute("text:reference-format", "page")
    page.set_attribute("text:ref-name", place)
    page.text = f"{pages.get(entry.key, '')}"
    told = Paragraph("", style=name)
    for part in (Link(f"#{place}", text=line(entry.title)), Tab(), page):
        told.append(part)
    return told


def _led(text: Any, style: str, parts: tuple[Any, ...]) -> Any:
    """A paragraph whose first part is in bold."""
    if text.get_style("text", _LEAD) is None:
        text.insert_style(Style("text", name=_LEAD, bold=True), automatic=True)
    told, (first, *others) = Paragraph("", style=style), parts
    for part in (Span(line(first), style=_LEAD), *others):
        told.append(part)
    return told


def _sign(text: Any, sign: tuple[str, Ink]) -> Element:
    """A mark as a letter in its colour."""
    letter, ink = sign
    name = f"qpv-marque-{ink}"
    if text.get_style("text", name) is None:
        style = Style("text", name=name, color=PRINT[ink])
        text.insert_style(style, automatic=True)
    return Span(letter, style=name)


def _weighty(text: Any, words: str) -> Element:
    """What says that something is late, in pale words too."""
    if text.get_style("text", _LATE) is None:
        text.insert_style(Style("text", name=_LATE, bold=True, color=PRINT[Ink.TEXT]), automatic=True)
    return Span(words, style=_LATE)


def _elements(text: Any, block: Flowable, number: int) -> Iterator[Any]:
    """What a block of the paper becomes; nothing for what has no words."""
    match block:
        case Heading():
            title = Header(block.level, paragraph_text(block), formatted=False)
            if block.entry is not None:
                title.append(Bookmark(place_name(block.entry.key)))
            yield title
        case DataTable():
            yield _table(text, block, f"Tableau {number + 1}")
        case SideBySide():
            yield _beside(text, block)
        case ChartFlowable() | Legend():
            yield _picture(text, drawing_of(block))
        case Signatures():
            yield _signatures(text, block)
        case Ruling():
            for _ in range(RULED_LINES):
                told = Paragraph("", style=tabbed(text, "qpv-ligne", {"fo:margin-bottom": "0.3cm"}))
                told.append(Tab())
                yield told
        case PaperParagraph() if block.style is not KICKER_STYLE:
            yield _words(text, block)
        case _ if texts := getattr(block, "texts", ()):
            yield _paragraph(" · ".join(texts), TEXT)


def _words(text: Any, block: PaperParagraph) -> Any:
    """A paragraph, or a line of a list."""
    words = copied_words(block)
    plain = SMALL if block.style.fontSize < BODY else TEXT
    style = NOTE if is_note(block) else BOLD if is_bold(block) else plain
    if block.style.alignment == TA_RIGHT:
        look = {"fo:text-align": "end", "fo:margin-bottom": cm(block.style.spaceAfter)}
        style = derived(text, style, f"droite-{round(block.style.spaceAfter)}", look)
    listed = block.bulletText == BULLET
    if listed:
        style = derived(text, style, "ligne", {"fo:margin-bottom": cm(block.style.spaceAfter)})
    elif block.style.leftIndent:
        indent = {"fo:margin-left": cm(block.style.leftIndent)}
        style = derived(text, style, f"{round(block.style.leftIndent)}", indent)
    mark = "" if listed else block.bulletText or ""
    lead = hold_codes(block.lead)
    rest = words.removeprefix(lead)
    if words == BLANK:
        told = Paragraph(mark, style=tabbed(text, "qpv-ligne", {"fo:margin-bottom": "0.3cm"}))
        told.append(Tab())
    elif rest != words:
        told = _led(text, style, (lead, line(rest)))
    else:
        told = _paragraph(f"{mark} {words}" if mark else words, style)
    return List([told], style=LISTED) if listed else told


def _beside(text: Any, block: SideBySide) -> Element:
    """A table without rules, a row for what stands at one height."""
    levels = side_by_side(block)
    grid = Table("Dessins")
    grid.append(Column(repeated=len(levels[0])))
    for blocks in levels:
        row: Any = Row()
        row.style = row_style(text, 0)
        for part in blocks:
            # A name of one line ends where one of two does: the drawings are level.
            cell: Any = Cell(style=NAMED if blocks is levels[0] else None)
            for element in () if part is None else _elements(text, part, 0):
                if isinstance(part, PaperParagraph):
                    element.style = derived(text, element.style, "cote", {"fo:margin-right": cm(GUTTER)})
                if blocks is not levels[-1]:
                    element.style = kept_style(text, element.style)
                cell.append(element)
            row.append(cell)
        grid.append(row)
    return grid


def _picture(text: Any, drawing: Drawing) -> Element:
    name = text.add_file(io.BytesIO(drawing.content))
    size = (cm(drawing.width), cm(drawing.height))
    frame = Frame.image_frame(name, size=size, anchor_type="as-char")
    frame.svg_title = drawing.words
    holder = Paragraph("", style=TEXT)
    holder.append(frame)
    return holder


def _table(text: Any, table: DataTable, name: str) -> Element:
    """A table whose header stands again on each page, in the widths of the paper."""
    grid = Table(name)
    if table.is_short:
        grid.style = whole_table(text)
    for width in copy_widths(table):
        style = f"qpv-col-{round(width)}"
        if text.get_style("table-column", style) is None:
            column = Style("table-column", name=style, width=cm(width))
            text.insert_style(column, automatic=True)
        grid.append(Column(style=style))
    head = HeaderRows()
    titles: Any = Row()
    right = table.columns.right
    for at, title in enumerate(table.columns.header):
        titles.append(_cell(text, (copied_title(title),), Look(at in right, bold=True, kept=True)))
    head.append(titles)
    grid.append(head)
    rows = zip(table.text_rows(), row_signs(table), strict=True)
    for number, ((is_group, cells), signs) in enumerate(rows):
        row: Any = Row()
        # Where the first row is kept whole or with the next and no more than it stands at the foot of a page, LibreOffice
        # 7.4 may lose all the others, for good: they are in the file and on no page. A page's end may part that one, which
        # is read; no other.
        row.style = row_style(text, height_to_write(table, number), whole=number > 0)
        if is_group:
            band = _cell(text, cells[0], Look(bold=True, kept=True))
            band.set_attribute("table:number-columns-spanned", str(len(cells)))
            row.append(band)
            for _ in cells[1:]:
                row.append(Element.from_tag("table:covered-table-cell"))
        else:
            for at, (texts, sign) in enumerate(zip(cells, signs, strict=True)):
                look = Look(at in right, bold=is_total(table, number))
                row.append(_cell(text, texts, look, sign))
        grid.append(row)
    return grid


def _cell(text: Any, texts: Sequence[str], look: Look, sign: tuple[str, Ink] | None = None) -> Any:
    """A cell: what stands under its first words is paler."""
    cell: Any = Cell(style=CELL)
    for number, words in enumerate(texts or ("",)):
        paragraph = Paragraph("", style=look._replace(pale=number > 0).style(text))
        if sign is not None and not number:
            paragraph.append(_sign(text, sign))
            paragraph.append(" ")
        for index, told in enumerate(hold_codes(words).split("\n")):
            if index:
                paragraph.append(LineBreak())
            # Its signs are drawn by the word processor, that the type of the paper has or has not.
            for part, weighs in weighed(told):
                paragraph.append(_weighty(text, part) if weighs else part)
        cell.append(paragraph)
    return cell


def _signatures(text: Any, block: Signatures) -> Element:
    grid = Table("Signatures")
    row: Any = Row()
    row.style = row_style(text, SIGNING_HEIGHT)
    for name in block.names:
        cell = Cell(style=CELL)
        cell.append(_paragraph(name, BOLD))
        for asked in (*SIGNED_LINES, SIGNED):
            cell.append(_paragraph(f"{asked}{NNBSP}:"))
        row.append(cell)
    grid.append(row)
    return grid
