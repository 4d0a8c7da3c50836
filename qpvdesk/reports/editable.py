"""The same blocks as on paper, in files that can be taken up elsewhere: a Word document, a CSV file for each table."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any, BinaryIO

from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.platypus import Flowable, Table

from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.french import NNBSP, fold, hold_codes
from qpvdesk.domain.inert import inert
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
    reading_order,
    side_by_side,
    turning_titles,
)
from qpvdesk.reports.copied_contents import (
    add_contents,
    add_field,
    add_ruled_line,
    lead_right,
    mark_place,
    pages_by_key,
)
from qpvdesk.reports.copied_drawings import Drawing, drawing_of, image_of
from qpvdesk.reports.copied_tables import (
    COPY_TYPE,
    KEPT_WHOLE,
    add_table,
    bare_grid,
    copied_title,
    end_copy,
    end_table,
    rgb,
    set_row,
    style_id,
)
from qpvdesk.reports.headings import KICKER_STYLE, Contents, Heading
from qpvdesk.reports.layout import Identity
from qpvdesk.reports.legend import Legend
from qpvdesk.reports.lists import BLANK, BULLET
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.sections.notes import Ruling
from qpvdesk.reports.sections.signature import SIGNED, SIGNED_LINES, Signatures
from qpvdesk.reports.style import (
    BLUE,
    BODY,
    GUTTER,
    MARGIN_BOTTOM,
    MARGIN_TOP,
    MARGIN_X,
    SMALL,
    load_fonts,
)
from qpvdesk.reports.tables import DataTable
from qpvdesk.reports.text import Paragraph, line, shorten_words, whole_names

BESIDE = 124.0
"""Points from the margin of a cover to what its facts are."""


SIGNING_HEIGHT = 136.0
"""Points of the frame of who signs."""


def write_word(file: BinaryIO, identity: Identity, story: Sequence[Flowable]) -> int:
    """Write a Word document (`.docx`) that LibreOffice opens too; return how many tables it holds."""
    load_fonts()
    word = Document()
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Pt(MARGIN_X)
    page.top_margin, page.bottom_margin = Pt(MARGIN_TOP), Pt(MARGIN_BOTTOM)
    # Eight millimetres of air between them and the text.
    page.header_distance = page.footer_distance = Mm(9)
    properties = word.core_properties
    # The format holds no more than 255 characters in each.
    properties.title, properties.subject = (
        shorten_words(text, 250) for text in (identity.title, identity.subject)
    )
    properties.author, properties.language = identity.author, "fr-FR"
    _set_styles(word)
    _proofread_in_french(word)
    _word_margins(page, identity)
    _word_head(word, identity.letterhead)
    blocks = copied_blocks(story)
    if of_chapters(blocks):
        # A paper of one chapter begins with it: a page that bears a title alone makes two of a note of one.
        word.add_heading(whole_names(identity.title), 0)
        _word_cover(word, facts_of(identity))
    if identity.fictitious:
        word.add_paragraph().add_run(FICTITIOUS).bold = True
    turning = turning_titles(story, blocks)
    pages = pages_by_key(blocks, turning, covered=of_chapters(blocks))
    for number, block in enumerate(blocks):
        if isinstance(block, Contents):
            add_contents(word, block, pages)
            continue
        before = len(word.element.body)
        _word_block(word, block, number, turned=id(block) in turning)
        # What has no words writes nothing: the paragraph before is not led to what follows.
        if len(word.element.body) > before and is_kept(blocks, number):
            word.paragraphs[-1].paragraph_format.keep_with_next = True
    end_copy(word)
    _hold_hyphens(word)
    word.save(file)
    return sum(isinstance(block, DataTable) for block in blocks)


def _hold_hyphens(word: Any) -> None:
    """Let Word hold together what a hyphen parts by its own sign: it tells that one as the hyphen that is typed."""
    for told in [*word.element.body.iter(qn("w:t"))]:
        first, *others = (told.text or "").split("\u2011")
        for text in reversed(others):
            part = OxmlElement("w:t")
            part.text = text
            part.set(qn("xml:space"), "preserve")
            told.addnext(part)
            told.addnext(OxmlElement("w:noBreakHyphen"))
        told.text = first


def _word_block(word: Any, block: Flowable, number: int, *, turned: bool) -> None:
    """Add one block of the paper, the `number`-th; nothing for what has no words. `turned`: it begins a page."""
    match block:
        case Heading():
            title = word.add_paragraph(paragraph_text(block))
            title._p.style = style_id(word, f"Heading {block.level}")
            title.paragraph_format.page_break_before = turned
            if block.entry is not None:
                mark_place(title, block.entry.key, number)
        case DataTable():
            add_table(word, block)
        case Table():
            _word_beside(word, block)
        case ChartFlowable() | Legend():
            _word_picture(word, drawing_of(block))
        case Signatures():
            _word_signatures(word, block)
        case Ruling():
            for _ in range(RULED_LINES):
                add_ruled_line(word)
        case Paragraph() if block.style is not KICKER_STYLE:
            _word_paragraph(word, block)
        case _ if texts := getattr(block, "texts", ()):
            word.add_paragraph(" · ".join(texts))


def _word_beside(word: Any, block: Table) -> None:
    levels = side_by_side(block)
    grid = bare_grid(word, len(levels), len(levels[0]))
    for row, blocks in zip(grid.rows, levels, strict=True):
        for cell, part in zip(row.cells, blocks, strict=True):
            # A name of one line ends where one of two does: the drawings are level.
            cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM if blocks is levels[0] else None
            empty = cell.paragraphs[0]._p
            if part is not None:
                _word_block(cell, part, 0, turned=False)
                cell._tc.remove(empty)
            for paragraph in cell.paragraphs:
                # The words of a column stand off those of the next; its drawing fills it.
                paragraph.paragraph_format.right_indent = Pt(GUTTER) if paragraph.text else None
                paragraph.paragraph_format.keep_with_next = blocks is not levels[-1]
    end_table(word)


def _word_paragraph(word: Any, block: Paragraph) -> None:
    listed = block.bulletText == BULLET
    number = f"{block.bulletText} " if block.bulletText and not listed else ""
    paragraph = word.add_paragraph()
    if listed:
        paragraph._p.style = style_id(word, "List Bullet")
    if block.style.alignment == TA_RIGHT:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.space_after = Pt(block.style.spaceAfter)
    if not listed and block.style.leftIndent:
        paragraph.paragraph_format.left_indent = Pt(block.style.leftIndent)
    text = copied_words(block)
    if text == BLANK:
        lead_right(paragraph)
        text = "\t"
    rest = "" if is_bold(block) else text.removeprefix(hold_codes(block.lead))
    for words, bold in ((number, False), (text[: len(text) - len(rest)], True), (rest, False)):
        if words:
            run = paragraph.add_run(words)
            run.bold = bold
            if block.style.fontSize < BODY:
                run.font.size = Pt(SMALL)
            if is_note(block):
                run.font.color.rgb = rgb(Ink.MENTION)


def _set_styles(word: Any) -> None:
    """The letters, the blue and the air of the paper, in the styles: whoever takes the copy up changes them once."""
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = COPY_TYPE, Pt(10)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(4), 1.0
    for name, size in (("Title", 22), ("Heading 1", 18), ("Heading 2", 13), ("Heading 3", 11)):
        style = word.styles[name]
        # Its own letters are those of a theme, which goes before a name.
        for sign in ("asciiTheme", "hAnsiTheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{sign}"), None)
        style.font.name = COPY_TYPE
        style.font.size, style.font.color.rgb = Pt(size), RGBColor.from_string(BLUE[1:].upper())
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(9), Pt(3)
    # The lines of a list stand apart, or those of two lines would be read as one.
    bullets = word.styles["List Bullet"]
    bullets.paragraph_format.space_after = Pt(2)
    for mark in bullets.element.findall(f".//{qn('w:contextualSpacing')}"):
        mark.getparent().remove(mark)


def _word_cover(word: Any, facts: Sequence[tuple[str, str]]) -> None:
    """What the cover says, a paragraph a fact: what it is called, then beside it what it is."""
    for name, told in facts:
        paragraph = word.add_paragraph()
        look = paragraph.paragraph_format
        look.left_indent, look.first_line_indent = Pt(BESIDE), Pt(-BESIDE)
        look.tab_stops.add_tab_stop(Pt(BESIDE))
        paragraph.add_run(name).bold = True
        paragraph.add_run(f"\t{told}")


def _proofread_in_french(word: Any) -> None:
    """Let the spelling checker read everything as French, whatever the language of the machine."""
    language = OxmlElement("w:lang")
    for name in ("val", "eastAsia"):
        language.set(qn(f"w:{name}"), "fr-FR")
    properties = word.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for known in properties.findall(qn("w:lang")):
        properties.remove(known)
    properties.append(language)


def _word_margins(page: Any, identity: Identity) -> None:
    """Its title above, its data, fingerprint and page numbers below, on each page."""
    page.header.paragraphs[0].add_run(identity.title).font.size = Pt(8)
    foot = page.footer.paragraphs[0]
    fictitious = FICTITIOUS if identity.fictitious else ""
    foot.add_run(" · ".join(filter(None, (fictitious, identity.foot_words, "page "))))
    add_field(foot, "PAGE", "1")
    foot.add_run(" / ")
    add_field(foot, "NUMPAGES", "1")
    for run in foot.runs:
        run.font.size = Pt(8)


def _word_signatures(word: Any, block: Signatures) -> None:
    """A frame for each who signs, with the lines to fill in."""
    grid = word.add_table(rows=1, cols=len(block.names))
    grid.style = "Table Grid"
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.rows[0].height = Pt(SIGNING_HEIGHT)
    for cell, name in zip(grid.rows[0].cells, block.names, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
        for asked in (*SIGNED_LINES, SIGNED):
            cell.add_paragraph(f"{asked}{NNBSP}:").paragraph_format.space_after = Pt(2)
    set_row(grid.rows[0], KEPT_WHOLE)
    word.add_paragraph()


def _word_head(word: Any, head: Letterhead) -> None:
    """The service's header, its image over its lines."""
    if (image := image_of(head)) is not None:
        _word_picture(word, image)
    for index, text in enumerate(head.lines):
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.add_run(line(text)).bold = index == 0


def _word_picture(word: Any, drawing: Drawing) -> None:
    """A drawing flush with the text."""
    run = word.add_paragraph().add_run()
    inline = run.add_picture(io.BytesIO(drawing.content), Pt(drawing.width), Pt(drawing.height))._inline
    inline.docPr.set("descr", drawing.words)
    for side in "TBLR":
        # LibreOffice leaves an eighth of an inch where none is told.
        inline.set(f"dist{side}", "0")


def write_tables(file: BinaryIO, identity: Identity, story: Sequence[Flowable]) -> int:
    """Write a ZIP with a CSV file (UTF-8, `;`) for each table, named after its titles; return how many."""
    titles = ["", "", ""]
    count = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        if identity.fictitious:
            notice = zipfile.ZipInfo("00-donnees-fictives.txt", (*identity.day.timetuple()[:3], 0, 0, 0))
            archive.writestr(notice, f"{FICTITIOUS}\r\n".encode("utf-8-sig"))
        for block in reading_order(story):
            if isinstance(block, Heading):
                level = block.level
                titles[level - 1 :] = [paragraph_text(block), *([""] * (3 - level))]
            elif isinstance(block, DataTable):
                count += 1
                name = "-".join(filter(None, (_slug(title) for title in titles))) or "tableau"
                entry = zipfile.ZipInfo(
                    f"{count:02}-{name[:80]}.csv", (*identity.day.timetuple()[:3], 0, 0, 0)
                )
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, _csv(block))
    return count


def _csv(table: DataTable) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Groupe", *map(copied_title, table.columns.header)])
    group = ""
    for is_group, cells in table.text_rows():
        if is_group:
            group = " ".join(cells[0])
            continue
        writer.writerow(
            [
                inert(group, figures=True),
                *(inert(" – ".join(filter(None, texts)), figures=True) for texts in cells),
            ]
        )
    # Excel takes a file for UTF-8 only by its mark.
    return text.getvalue().encode("utf-8-sig")


def _slug(title: str) -> str:
    return "-".join("".join(char if char.isalnum() else " " for char in fold(title)).split())
