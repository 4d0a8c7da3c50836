"""The same blocks as on paper in an OpenDocument text (`.odt`), the format that the State's own rules ask for."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

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

from qpvdesk.charts.marks import PRINT
from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.french import NNBSP
from qpvdesk.domain.model import FICTITIOUS
from qpvdesk.reports.copied_contents import pages_by_key, place_name
from qpvdesk.reports.copied_tables import copy_widths, height_to_write, kept_rows, row_signs
from qpvdesk.reports.editable import drawn, of_chapters, paragraph_text, reading_order, turning_titles
from qpvdesk.reports.headings import KICKER_STYLE, Contents, Entry, Heading
from qpvdesk.reports.layout import Identity
from qpvdesk.reports.legend import Legend
from qpvdesk.reports.lists import BULLET
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.sections.signature import Signatures
from qpvdesk.reports.style import HEIGHT, MARGIN_X, NOTE_STYLE, WIDTH, load_fonts
from qpvdesk.reports.tables import DataTable
from qpvdesk.reports.text import Paragraph as PaperParagraph
from qpvdesk.reports.text import line

_POINTS_A_CM = 28.3465
_BOLD, _TEXT, _NOTE, _CELL, _KEPT = "qpv-gras", "qpv-texte", "qpv-note", "qpv-case", "qpv-rang"
_FONTS = "'IBM Plex Sans', 'Liberation Sans', Arial"
"""The letters of the paper where the reader's machine has them; others as wide."""
_BORDER = "0.018cm solid #a6a6ab"
_AIR = "0.18cm"
"""Between two paragraphs."""


def write_open(file: BinaryIO, identity: Identity, story: Sequence[Flowable]) -> int:
    """Write the document; return how many tables it holds."""
    load_fonts()
    text = Document("text")
    text.set_language("fr-FR")
    text.meta.set_title(identity.title)
    text.meta.set_subject(identity.subject)
    body = text.body
    body.clear()
    _add_styles(text)
    _add_foot(text, identity)
    blocks = list(reading_order(story))
    turning = turning_titles(story, blocks)
    for words in identity.letterhead.lines:
        body.append(_paragraph(words, _TEXT))
    if of_chapters(blocks):
        body.append(Header(1, identity.title))
        for fact in (identity.foot_words, *identity.cover):
            body.append(_paragraph(fact, _TEXT))
    if identity.fictitious:
        body.append(_paragraph(FICTITIOUS, _BOLD))
    tables = 0
    pages = pages_by_key(blocks, turning, covered=of_chapters(blocks))
    for block in blocks:
        if isinstance(block, Contents):
            for entry in block.entries:
                body.append(_contents_line(text, entry, pages))
            continue
        for element in _elements(text, block, tables):
            if id(block) in turning:
                element.style = _turned(text, block.level)
            body.append(element)
        tables += isinstance(block, DataTable)
    whole = io.BytesIO()
    text.save(whole)
    file.write(whole.getbuffer())
    return tables


def _add_styles(text: Any) -> None:
    bold = Style("paragraph", name=_BOLD, area="text", bold=True)
    told, note = Style("paragraph", name=_TEXT), Style("paragraph", name=_NOTE)
    for style in (bold, told, note):
        style.set_properties({"fo:margin-bottom": _AIR})
    note.set_properties({"fo:font-size": "8pt", "fo:color": PRINT[Ink.MENTION]}, area="text")
    cell = Style("table-cell", name=_CELL, border=_BORDER, padding="0.08cm")
    kept = Style("table-row", name=_KEPT)
    kept.set_properties({"fo:keep-together": "always"})
    for style in (bold, told, note):
        # Head and foot know no other.
        text.insert_style(style)
    for style in (cell, kept):
        text.insert_style(style, automatic=True)
    for layout in text.get_part("styles.xml").get_elements("//style:page-layout-properties"):
        for side in ("left", "right"):
            layout.set_attribute(f"fo:margin-{side}", f"{MARGIN_X / _POINTS_A_CM:.2f}cm")
    _set_letters(text)


def _set_letters(text: Any) -> None:
    """The letters of the paper at their size, and titles without the numbers that the library puts before them."""
    sizes = {
        None: "9pt",
        "Heading": "",
        "Heading_20_1": "18pt",
        "Heading_20_2": "13pt",
        "Heading_20_3": "11pt",
    }
    for name, size in sizes.items():
        style = text.get_style("paragraph", name)
        own = {"fo:font-size": size} if size else {}
        if name:
            own |= {"fo:font-style": "normal", "fo:color": "#000091"}
        style.set_properties({"fo:font-family": _FONTS} | own, area="text")
        for named in style.get_elements("style:text-properties"):
            # The name of a font that the library chose would go before the family.
            if named.get_attribute("style:font-name"):
                named.del_attribute("style:font-name")
    for level in text.get_part("styles.xml").root.get_elements("//text:outline-level-style"):
        for sign in ("style:num-format", "style:num-suffix"):
            level.set_attribute(sign, "")
        # LibreOffice sets the points of this pattern before a title, even without a number.
        level.del_attribute("loext:num-list-format")


def _add_foot(text: Any, identity: Identity) -> None:
    """Its title above, its data, fingerprint and page numbers below, on each page."""
    master = text.get_styles("master-page")[0]
    master.set_page_header(_paragraph(identity.title, _NOTE))
    fictitious = FICTITIOUS if identity.fictitious else ""
    foot = _paragraph(" · ".join(filter(None, (fictitious, identity.foot_words, "page "))), _NOTE)
    foot.append(VarPageNumber())
    foot.append(" / ")
    foot.append(VarPageCount())
    master.set_page_footer(foot)


def _paragraph(words: str, style: str | None = None) -> Any:
    return Paragraph(line(words), style=style, formatted=False)


def _turned(text: Any, level: int) -> str:
    """The style of a title that begins a page."""
    name = f"qpv-titre-{level}"
    if text.get_style("paragraph", name) is None:
        style = Style("paragraph", name=name, parent_style=f"Heading_20_{level}")
        style.set_properties({"fo:break-before": "page"})
        text.insert_style(style, automatic=True)
    return name


def _contents_line(text: Any, entry: Entry, pages: Mapping[str, int]) -> Any:
    """A title of the contents, and its page: what is shown until the word processor has reckoned it."""
    name = f"qpv-sommaire-{entry.level}"
    if text.get_style("paragraph", name) is None:
        style = Style("paragraph", name=name)
        style.set_properties({"fo:margin-left": f"{0.5 * entry.level}cm", "fo:margin-bottom": "0.07cm"})
        stops = Element.from_tag("style:tab-stops")
        stop = Element.from_tag("style:tab-stop")
        for sign, value in (
            ("position", f"{WIDTH / _POINTS_A_CM:.2f}cm"), ("type", "right"),
            ("leader-style", "dotted"), ("leader-text", "."),
        ):  # fmt: skip
            stop.set_attribute(f"style:{sign}", value)
        stops.append(stop)
        style.get_elements("style:paragraph-properties")[0].append(stops)
        style.set_properties({"fo:font-weight": "normal" if entry.level else "bold"}, area="text")
        text.insert_style(style, automatic=True)
    place = place_name(entry.key)
    page = Element.from_tag("text:bookmark-ref")
    page.set_attribute("text:reference-format", "page")
    page.set_attribute("text:ref-name", place)
    page.text = f"{pages.get(entry.key, '')}"
    told = Paragraph("", style=name)
    link = Link(f"#{place}", text=line(entry.title))
    for part in (link, Tab(), page):
        told.append(part)
    return told


def _at_right(text: Any, after: float) -> str:
    """The style of a paragraph set to the right, with `after` points under it."""
    name = f"qpv-droite-{round(after)}"
    if text.get_style("paragraph", name) is None:
        style = Style("paragraph", name=name)
        style.set_properties({"fo:text-align": "end", "fo:margin-bottom": f"{after / _POINTS_A_CM:.2f}cm"})
        text.insert_style(style, automatic=True)
    return name


class _Look(NamedTuple):
    """How the words of a cell stand."""

    right: bool = False
    bold: bool = False
    kept: bool = False
    """On the page of the row after."""
    pale: bool = False

    def style(self, text: Any) -> str:
        """The name of the style of a paragraph, which the document holds."""
        name = "-".join(["qpv-mot", *(key for key, value in self._asdict().items() if value)])
        if text.get_style("paragraph", name) is None:
            style = Style("paragraph", name=name)
            aligned = {"fo:text-align": "end"} if self.right else {}
            style.set_properties(aligned | ({"fo:keep-with-next": "always"} if self.kept else {}))
            letters = {"fo:font-size": "8pt", "fo:font-weight": "bold" if self.bold else "normal"}
            letters |= {"fo:color": PRINT[Ink.MENTION]} if self.pale else {}
            style.set_properties(letters, area="text")
            text.insert_style(style, automatic=True)
        return name


def _sign(text: Any, sign: tuple[str, Ink]) -> Element:
    """A mark as a letter in its colour."""
    letter, ink = sign
    name = f"qpv-marque-{ink}"
    if text.get_style("text", name) is None:
        style = Style("text", name=name, color=PRINT[ink])
        text.insert_style(style, automatic=True)
    return Span(letter, style=name)


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
            yield Paragraph("", style=_TEXT)
        case ChartFlowable():
            yield _picture(text, block, block.chart.summary)
        case Legend():
            block.wrap(WIDTH, HEIGHT)
            yield _picture(text, block, f"Légende{NNBSP}: {', '.join(block.words)}")
        case Signatures():
            yield _signatures(block)
        case PaperParagraph() if block.style is not KICKER_STYLE:
            words = paragraph_text(block)
            if block.bulletText == BULLET:
                yield List([words])
            else:
                style = _NOTE if block.style is NOTE_STYLE else _TEXT
                if block.style.alignment == TA_RIGHT:
                    style = _at_right(text, block.style.spaceAfter)
                yield _paragraph(f"{block.bulletText} {words}" if block.bulletText else words, style)
        case _ if texts := getattr(block, "texts", ()):
            yield _paragraph(" · ".join(texts), _TEXT)


def _picture(text: Any, block: ChartFlowable | Legend, words: str) -> Element:
    name = text.add_file(io.BytesIO(drawn(block)))
    size = (f"{block.width / _POINTS_A_CM:.2f}cm", f"{block.height / _POINTS_A_CM:.2f}cm")
    frame = Frame.image_frame(name, size=size, anchor_type="as-char")
    frame.svg_title = line(words)
    holder = Paragraph("", style=_TEXT)
    holder.append(frame)
    return holder


def _table(text: Any, table: DataTable, name: str) -> Element:
    """A table whose header stands again on each page, in the widths of the paper."""
    grid = Table(name)
    for width in copy_widths(table):
        style = f"qpv-col-{round(width)}"
        if text.get_style("table-column", style) is None:
            column = Style("table-column", name=style, width=f"{width / _POINTS_A_CM:.2f}cm")
            text.insert_style(column, automatic=True)
        grid.append(Column(style=style))
    head = HeaderRows()
    titles: Any = Row()
    right, kept = table.columns.right, kept_rows(table)
    for at, title in enumerate(table.columns.header):
        titles.append(_cell(text, (title.replace("\n", " "),), _Look(at in right, bold=True)))
    head.append(titles)
    grid.append(head)
    rows = zip(table.text_rows(), row_signs(table), strict=True)
    for number, ((is_group, cells), signs) in enumerate(rows):
        row: Any = Row()
        row.style = _row_style(text, height_to_write(table, number))
        if is_group:
            band = _cell(text, cells[0], _Look(bold=True, kept=number in kept))
            band.set_attribute("table:number-columns-spanned", str(len(cells)))
            row.append(band)
            for _ in cells[1:]:
                row.append(Element.from_tag("table:covered-table-cell"))
        else:
            for at, (texts, sign) in enumerate(zip(cells, signs, strict=True)):
                row.append(_cell(text, texts, _Look(at in right, kept=number in kept), sign))
        grid.append(row)
    return grid


def _row_style(text: Any, height: float) -> str:
    """The style of a row that stays whole, of `height` points at least."""
    if not height:
        return _KEPT
    name = f"{_KEPT}-{round(height)}"
    if text.get_style("table-row", name) is None:
        style = Style("table-row", name=name)
        style.set_properties(
            {"fo:keep-together": "always", "style:min-row-height": f"{height / _POINTS_A_CM:.2f}cm"}
        )
        text.insert_style(style, automatic=True)
    return name


def _cell(text: Any, texts: Sequence[str], look: _Look, sign: tuple[str, Ink] | None = None) -> Any:
    """A cell: what stands under its first words is paler."""
    cell: Any = Cell(style=_CELL)
    for number, words in enumerate(texts or ("",)):
        paragraph = Paragraph("", style=look._replace(pale=number > 0).style(text))
        if sign is not None and not number:
            paragraph.append(_sign(text, sign))
            paragraph.append(" ")
        for index, told in enumerate(words.split("\n")):
            if index:
                paragraph.append(LineBreak())
            paragraph.append(line(told))
        cell.append(paragraph)
    return cell


def _signatures(block: Signatures) -> Element:
    grid = Table("Signatures")
    row = Row()
    for name in block.names:
        cell = Cell(style=_CELL)
        cell.append(_paragraph(name, _BOLD))
        for asked in ("Fonction", "Fait à", "Le", "Signature"):
            cell.append(_paragraph(f"{asked}{NNBSP}:"))
        row.append(cell)
    grid.append(row)
    return grid
