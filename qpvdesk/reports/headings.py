"""Titles, and the contents that lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.french import NNBSP
from qpvdesk.reports.style import (
    BLUE,
    BODY,
    BOLD,
    COMMENT_STYLE,
    GUTTER,
    H1_STYLE,
    H2_STYLE,
    H3_STYLE,
    MEDIUM,
    REGULAR,
    RULE,
    SMALL,
    WIDTH,
    colour,
    ink,
    text_width,
)
from qpvdesk.reports.tagging import artifact, contents_line
from qpvdesk.reports.text import Paragraph, line, markup, paragraph, shorten, shorten_words

_TITLE_CHARACTERS_MAX = 400
"""Beyond, a title would hide what it stands over."""


class Entry(Struct, frozen=True):
    """A line of the contents."""

    key: str
    title: str
    level: int
    running: str = ""
    """What stands for the title of a chapter at the head of its pages; empty for the title itself."""


def page_form(entry: Entry) -> str:
    """The name of the form that holds the number of its page: drawn by name, which a code with « É » or `<` in it would
    break."""
    return f"page-of-{entry.key.encode().hex()}"


class Heading(Paragraph):
    """A title that the contents and the bookmarks lead to."""

    def __init__(self, text: str, style: ParagraphStyle, entry: Entry | None = None, **options: Any) -> None:
        """`options`: those of ReportLab, which makes the two parts of a title that no page holds."""
        super().__init__(text, style, **options)
        self.entry = entry
        self.running = ""
        """Of a part of a chapter, what stands at the head of its pages; empty where that is the chapter's."""

    @property
    def level(self) -> int:
        """1 for a chapter, 2 and 3 under it."""
        return {H1_STYLE.name: 1, H2_STYLE.name: 2}.get(self.style.name, 3)

    def split(self, width: float, height: float) -> list[Flowable]:
        parts: list[Flowable] = super().split(width, height)
        if parts and parts[0] is not self:
            parts[0].entry, parts[0].running = self.entry, self.running
        return parts

    def draw(self) -> None:
        if self.entry is not None:
            self.canv.mark_entry(self.entry, self.height)
        if self.running:
            self.canv.mark_running(self.running, self.height)
        self.tag = f"H{self.level}"
        super().draw()


def title(entry: Entry, kicker: str = "") -> list[Flowable]:
    """The title of a chapter, at the top of its page."""
    flowables: list[Flowable] = []
    if kicker:
        flowables.append(paragraph(kicker, KICKER_STYLE))
    flowables.append(Heading(_escaped(entry.title), H1_STYLE, entry))
    flowables.append(Bar())
    return flowables


def heading(text: str, entry: Entry | None = None) -> list[Flowable]:
    return [Heading(_escaped(text), H2_STYLE, entry)]


def small_heading(text: str) -> list[Flowable]:
    return [Heading(_escaped(text), H3_STYLE, None)]


def _escaped(text: str) -> str:
    return markup(shorten_words(line(text), _TITLE_CHARACTERS_MAX))


KICKER_STYLE = ParagraphStyle(
    "kicker", fontName=MEDIUM, fontSize=BODY, leading=12, textColor=colour(BLUE), bulletFontName=MEDIUM
)


class Bar(Flowable):  # type: ignore[misc]
    """The short blue bar under a chapter's title."""

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        return width, 12

    def draw(self) -> None:
        with artifact(self.canv):
            self.canv.setFillColor(colour(BLUE))
            self.canv.rect(0, 7, 34, 3, stroke=0, fill=1)


def commented(chapter: list[Flowable], comment: str) -> list[Flowable]:
    """Put the officer's words under the title of a chapter."""
    if not comment.strip():
        return chapter
    under = next((index for index, block in enumerate(chapter) if isinstance(block, Bar)), -1) + 1
    return [*chapter[:under], paragraph(comment.strip(), COMMENT_STYLE), *chapter[under:]]


class Contents(Flowable):  # type: ignore[misc]
    """The clickable contents, in two columns where chapters are many and stand alone. Page numbers are filled in when the
    last page is known, without a second pass."""

    ROW = (14.5, 13.5)
    TYPE = ((BOLD, 9.5, 0.0), (REGULAR, 9.0, 14.0))
    """Of each level, the font, its size, how far it stands in."""
    _ONE_COLUMN_MAX, _NUMBER = 8, 24.0

    def __init__(self, entries: Sequence[Entry], whole: object = None) -> None:
        """`whole`: what the parts of one contents have in common."""
        super().__init__()
        self._entries = tuple(entries)
        self._whole = whole or object()
        many = len(self._entries) > self._ONE_COLUMN_MAX or whole is not None
        # A name that half a page would cut has the whole of it.
        half = (WIDTH - GUTTER) / 2 - self._NUMBER
        short = all(text_width(line(entry.title), self.TYPE[0][0], SMALL) <= half for entry in self._entries)
        self._columns = 2 if many and short and not any(entry.level for entry in self._entries) else 1

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self._entries

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        self.height = sum(self.ROW[entry.level] for entry in self._entries[: self._in_column])
        return self.width, self.height

    @property
    def _in_column(self) -> int:
        """How many lines the first column holds."""
        return -(-len(self._entries) // self._columns)

    def split(self, _width: float, height: float) -> list[Flowable]:
        taken, used = 0, 0.0
        for entry in self._entries:
            if used + self.ROW[entry.level] > height:
                break
            used += self.ROW[entry.level]
            taken += self._columns
        if not taken:
            return []
        return [Contents(part, self._whole) for part in (self._entries[:taken], self._entries[taken:])]

    def draw(self) -> None:
        wide = (self.width - (self._columns - 1) * GUTTER) / self._columns
        y = self.height
        for index, entry in enumerate(self._entries):
            column, at = divmod(index, self._in_column)
            y = (self.height if not at else y) - self.ROW[entry.level]
            with contents_line(self.canv, self._whole, f"Aller à{NNBSP}: {line(entry.title)}"):
                self._draw_row(entry, (column * (wide + GUTTER), y), wide)

    def _draw_row(self, entry: Entry, corner: tuple[float, float], width: float) -> None:
        canvas, (x, y) = self.canv, corner
        font, size, indent = self.TYPE[entry.level]
        room = width - indent - self._NUMBER
        # A long name is a little smaller before it is cut.
        size = min(size, max(SMALL, size * room / max(text_width(line(entry.title), font, size), 1.0)))
        canvas.setFont(font, size)
        canvas.setFillColor(ink(Ink.TEXT))
        canvas.drawString(x + indent, y + 5, shorten(entry.title, font, size, room))
        if entry.level == 0:
            canvas.setStrokeColor(colour(RULE))
            canvas.setLineWidth(0.5)
            canvas.line(x, y, x + width, y)
        canvas.saveState()
        canvas.translate(x + width, y + 5)
        canvas.doForm(page_form(entry))
        canvas.restoreState()
        box = (x, y, x + width, y + self.ROW[entry.level])
        canvas.linkRect("", entry.key, box, relative=1, thickness=0)
