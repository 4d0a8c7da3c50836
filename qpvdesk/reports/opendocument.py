"""The same blocks as on paper in an OpenDocument text (`.odt`), the format that the State's own rules ask for."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, BinaryIO

from odfdo import (
    Cell,
    Column,
    Document,
    Element,
    Frame,
    Header,
    HeaderRows,
    List,
    Paragraph,
    Row,
    Style,
    Table,
    VarPageCount,
    VarPageNumber,
)
from reportlab.platypus import Flowable

from qpvdesk.domain.french import NNBSP
from qpvdesk.domain.model import FICTITIOUS
from qpvdesk.reports.cells import Legend
from qpvdesk.reports.editable import drawn, paragraph_text, reading_order
from qpvdesk.reports.headings import KICKER_STYLE, Contents, Heading
from qpvdesk.reports.layout import Identity
from qpvdesk.reports.lists import BULLET
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.sections.signature import Signatures
from qpvdesk.reports.style import HEIGHT, WIDTH, load_fonts
from qpvdesk.reports.tables import DataTable
from qpvdesk.reports.text import Paragraph as PaperParagraph
from qpvdesk.reports.text import line

_POINTS_A_CM = 28.3465
_RIGHT, _BOLD, _SMALL, _CELL, _KEPT = "qpv-droite", "qpv-gras", "qpv-petit", "qpv-case", "qpv-rang"
_FONTS = "'IBM Plex Sans', 'Liberation Sans', Arial"
"""The letters of the paper where the reader's machine has them; others as wide."""
_BORDER = "0.018cm solid #8a8a8f"


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
    body.append(Header(1, identity.title))
    heads = [*map(line, identity.letterhead.lines), identity.foot_words, identity.cover]
    for words in heads:
        if words:
            body.append(_paragraph(words))
    if identity.fictitious:
        body.append(_paragraph(FICTITIOUS, _BOLD))
    tables = 0
    for block in reading_order(story):
        for element in _elements(text, block, tables):
            body.append(element)
        tables += isinstance(block, DataTable)
    whole = io.BytesIO()
    text.save(whole)
    file.write(whole.getbuffer())
    return tables


def _add_styles(text: Any) -> None:
    right = Style("paragraph", name=_RIGHT)
    right.set_properties({"fo:text-align": "end"})
    right.set_properties({"fo:font-size": "8pt"}, area="text")
    bold = Style("paragraph", name=_BOLD, area="text", bold=True)
    small = Style("paragraph", name=_SMALL, area="text", size="8pt")
    cell = Style("table-cell", name=_CELL, border=_BORDER, padding="0.08cm")
    kept = Style("table-row", name=_KEPT)
    kept.set_properties({"fo:keep-together": "always"})
    for style in (right, bold, small, cell, kept):
        text.insert_style(style, automatic=True)
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


def _add_foot(text: Any, identity: Identity) -> None:
    """Its title above, its data, fingerprint and page numbers below, on each page."""
    master = text.get_styles("master-page")[0]
    master.set_page_header(_paragraph(identity.title))
    foot = _paragraph(" · ".join(filter(None, (identity.foot_words, "page "))))
    foot.append(VarPageNumber())
    foot.append(" / ")
    foot.append(VarPageCount())
    master.set_page_footer(foot)


def _paragraph(words: str, style: str | None = None) -> Any:
    return Paragraph(line(words), style=style, formatted=False)


def _elements(text: Any, block: Flowable, number: int) -> Iterator[Element]:
    """What a block of the paper becomes; nothing for what has no words."""
    match block:
        case Heading():
            yield Header(block.level, paragraph_text(block), formatted=False)
        case DataTable():
            yield _table(text, block, f"Tableau {number + 1}")
            yield Paragraph("")
        case ChartFlowable():
            yield _picture(text, block, block.chart.summary)
        case Legend():
            block.wrap(WIDTH, HEIGHT)
            yield _picture(text, block, f"Légende{NNBSP}: {', '.join(block.words)}")
        case Contents():
            for entry in block.entries:
                yield _paragraph(entry.title)
        case Signatures():
            yield _signatures(block)
        case PaperParagraph() if block.style is not KICKER_STYLE:
            words = paragraph_text(block)
            if block.bulletText == BULLET:
                yield List([words])
            else:
                yield _paragraph(f"{block.bulletText} {words}" if block.bulletText else words)
        case _ if texts := getattr(block, "texts", ()):
            yield _paragraph(" · ".join(texts))


def _picture(text: Any, block: ChartFlowable | Legend, words: str) -> Element:
    name = text.add_file(io.BytesIO(drawn(block)))
    size = (f"{block.width / _POINTS_A_CM:.2f}cm", f"{block.height / _POINTS_A_CM:.2f}cm")
    frame = Frame.image_frame(name, size=size, anchor_type="as-char")
    frame.svg_title = line(words)
    holder = Paragraph("")
    holder.append(frame)
    return holder


def _table(text: Any, table: DataTable, name: str) -> Element:
    """A table whose header stands again on each page, in the widths of the paper."""
    grid = Table(name)
    for width in table.columns.widths:
        style = f"qpv-col-{round(width)}"
        if text.get_style("table-column", style) is None:
            column = Style("table-column", name=style, width=f"{width / _POINTS_A_CM:.2f}cm")
            text.insert_style(column, automatic=True)
        grid.append(Column(style=style))
    head = HeaderRows()
    head.append(_row([(title.replace("\n", " "),) for title in table.columns.header], table, _BOLD))
    grid.append(head)
    for (is_group, cells), height in zip(table.text_rows(), table.row_heights, strict=True):
        # A row to write in keeps its height, as do those that hold as many lines as on paper.
        row: Any = _row(cells, table, _BOLD if is_group else None)
        row.style = _row_style(text, height if any("\n" in words for words in chain(*cells)) else 0.0)
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


def _row(cells: Sequence[Sequence[str]], table: DataTable, style: str | None) -> Element:
    row = Row()
    for column, texts in enumerate(cells):
        cell = Cell(style=_CELL)
        for words in texts or ("",):
            usual = _RIGHT if column in table.columns.right else _SMALL
            cell.append(_paragraph(words, style or usual))
        row.append(cell)
    return row


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
