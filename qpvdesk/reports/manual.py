"""The officer's guide on paper: the same blocks as in the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from markdown_it.tree import SyntaxTreeNode as Node
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak, Spacer

from qpvdesk.charts.primitives import Ink
from qpvdesk.reports import headings
from qpvdesk.reports.chapters import Chapter, chapter_picture, heading_of, words_of
from qpvdesk.reports.document import write_document
from qpvdesk.reports.headings import Bar, Contents, Entry
from qpvdesk.reports.layout import Identity, Manuscript
from qpvdesk.reports.style import (
    BLUE,
    BLUE_TINT,
    BODY,
    BODY_STYLE,
    BOLD,
    H1_STYLE,
    H2_STYLE,
    H3_STYLE,
    HEIGHT,
    NOTE_STYLE,
    RULE,
    WIDTH,
    colour,
    ink,
    load_fonts,
)
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.tagging import tagged
from qpvdesk.reports.text import Paragraph as Words
from qpvdesk.reports.text import cell, clean, paragraph

_CONTENTS = 3
"""Blocks of the first page, that of the contents."""
_ROOM = 0.4
"""Share of a page under which a chapter begins on the next one."""
_ITEM = 15.0
_PICTURE = 0.86
"""Share of the width of the text that a picture of the window takes."""
_SCREEN = 1680
"""Pixels: how wide the window is in its pictures."""
_PAGE, _PAPER = 1.3, 0.6
"""How much higher than wide a page of paper is at least; its width beside that of a picture of the window."""
Find = Callable[[str], Path]


def write(path: Path, chapters: Sequence[Chapter], find: Find, identity: Identity) -> int:
    """Write chapters as one PDF and return its number of pages. `find` returns the file of a picture.

    Several chapters come with their contents; one alone without. Raises `UserError` where it cannot be written.
    """
    load_fonts()
    whole = len(chapters) > 1
    entries = [
        Entry(heading.anchor, heading.words, heading.level - 1)
        for chapter in chapters
        for heading in chapter.headings
        if heading.anchor and heading.level <= 2
    ]
    story: list[Flowable] = []
    if whole:
        story += [
            headings.Heading(escape(identity.title, quote=False), H1_STYLE, None),
            Bar(),
            Contents(entries),
        ]
    known = {entry.key: entry for entry in entries}
    for chapter in chapters:
        if len(story) <= _CONTENTS:
            story += [PageBreak()] * bool(story)
        else:
            story += [CondPageBreak(HEIGHT * _ROOM), Spacer(0, 26)]
        story += _chapter(chapter, known, find)
    return write_document(path, Manuscript(identity, story, entries))


def _chapter(chapter: Chapter, entries: dict[str, Entry], find: Find) -> list[Flowable]:
    """Return a chapter; a picture stays on the page of the words that it shows, from their heading on."""
    blocks: list[Flowable] = []
    part: list[Flowable] = []
    for block in chapter.tree.children:
        if block.type == "heading":
            blocks += part
            part = []
        part += _block(block, entries, find)
        if chapter_picture(block) is not None:
            blocks.append(KeepTogether(part))
            part = []
    return blocks + part


def _block(block: Node, entries: dict[str, Entry], find: Find) -> list[Flowable]:
    match block.type:
        case "heading":
            return _heading(block, entries)
        case "blockquote":
            return [_Aside(_markup(block)), Spacer(0, 6)]
        case "table":
            return _grid(block)
        case "bullet_list" | "ordered_list":
            marks = [
                "•" if block.type == "bullet_list" else f"{rank}." for rank, _ in enumerate(block.children, 1)
            ]
            items = [_Item(mark, _markup(item)) for mark, item in zip(marks, block.children, strict=True)]
            return [*items, Spacer(0, 4)]
    picture = chapter_picture(block)
    if picture is None:
        return [Words(_markup(block), BODY_STYLE)]
    shown = words_of(picture)
    return [_Image(find(str(picture.attrs["src"])), shown), paragraph(shown, NOTE_STYLE)]


def _heading(block: Node, entries: dict[str, Entry]) -> list[Flowable]:
    heading = heading_of(block)
    style = (H1_STYLE, H2_STYLE, H3_STYLE)[heading.level - 1]
    title = headings.Heading(_markup(block), style, entries.get(heading.anchor))
    return [title, Bar()] if heading.level == 1 else [title]


def _grid(block: Node) -> list[Flowable]:
    titles, *rows = [
        [words_of(cell) for cell in row.children] for part in block.children for row in part.children
    ]
    columns = len(titles)
    shares = {2: (0.26, 0.74), 3: (0.27, 0.27, 0.46)}.get(columns, (1 / columns,) * columns)
    widths = [WIDTH * share for share in shares]
    cells: list[list[Any]] = [
        [cell(words, width - 8) for words, width in zip(row, widths, strict=True)] for row in rows
    ]
    return [*data_table(titles, cells, widths), Spacer(0, 8)]


def _markup(node: Node) -> str:
    words = "".join(map(_markup, node.children)) or escape(clean(words_of(node)), quote=False)
    match node.type:
        case "strong":
            return f'<font name="{BOLD}">{words}</font>'
        case "em":
            return f"<i>{words}</i>"
        case "code_inline":
            return f'<font name="{BOLD}" color="{BLUE}">{words}</font>'
    return words


class _Item(Words):
    """A line of a list, its mark hanging in the margin."""

    tag = "P"

    def __init__(self, mark: str, words: str) -> None:
        style = ParagraphStyle("item", BODY_STYLE, leftIndent=_ITEM, spaceAfter=3)
        super().__init__(f"<bullet>{mark}</bullet>{words}", style)


class _Aside(Words):
    """A remark, on a tint, with a bar at its left."""

    def __init__(self, words: str) -> None:
        style = ParagraphStyle(
            "aside", BODY_STYLE, leftIndent=9, rightIndent=9, backColor=colour(BLUE_TINT), borderPadding=(5, 9, 6, 9),
            spaceBefore=8, spaceAfter=8, textColor=ink(Ink.TEXT), fontSize=BODY,
        )  # fmt: skip
        super().__init__(words, style)


class _Image(Flowable):  # type: ignore[misc]
    """A picture of the window, framed, described for those who listen."""

    def __init__(self, file: Path, words: str) -> None:
        super().__init__()
        self._file, self._words = file, words
        wide, high = ImageReader(str(file)).getSize()
        # A dialog stands as large beside the window as it does on the screen.
        share = _PAPER if high > wide * _PAGE else min(1.0, wide / _SCREEN)
        self.width = WIDTH * _PICTURE * share
        self.height = self.width * high / wide
        if self.height > HEIGHT * 0.6:
            self.width, self.height = self.width * HEIGHT * 0.6 / self.height, HEIGHT * 0.6

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height + 6

    def draw(self) -> None:
        with tagged(self.canv, "Figure", alt=self._words, size=(self.width, self.height + 2)):
            self.canv.drawImage(str(self._file), 0, 2, self.width, self.height)
            self.canv.setStrokeColor(colour(RULE))
            self.canv.setLineWidth(0.5)
            self.canv.rect(0, 2, self.width, self.height)
