"""The pages of a paper: their templates, heads and feet, the numbers that wait for the last page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, BinaryIO

from msgspec import Struct
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from qpvdesk import __version__
from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.letterhead import NO_LETTERHEAD, Letterhead
from qpvdesk.domain.model import FICTITIOUS
from qpvdesk.reports.codes import LinkTargets, code_of_link, destination, link_targets_of, link_words
from qpvdesk.reports.headings import Contents, Entry, page_form
from qpvdesk.reports.keeping import kept
from qpvdesk.reports.letterhead import letterhead_words
from qpvdesk.reports.seal import SIDE, draw_code
from qpvdesk.reports.structure import write_tagged
from qpvdesk.reports.style import (
    BODY,
    BOLD,
    GUTTER,
    HEIGHT,
    MARGIN_BOTTOM,
    MARGIN_X,
    MEDIUM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    REGULAR,
    RULE,
    SMALL,
    WIDTH,
    colour,
    ink,
    text_width,
)
from qpvdesk.reports.tables import DataTable
from qpvdesk.reports.tagging import Tags, artifact, tagged
from qpvdesk.reports.text import line, shorten

_TOTAL_FORM = "pages"
_AFTER_PAGES = 62.0
"""Points from the margin to what stands after the number of pages."""


class CancelledError(UserError):
    """The officer stopped the printing."""

    def __init__(self) -> None:
        super().__init__("L’impression est annulée.", "Aucun fichier n’a été écrit.")


class Watch(Struct, frozen=True):
    """Who waits for a paper: told how far it is, asked whether to stop."""

    progress: Callable[[int, int], None] | None = None
    """Told (done, whole)."""
    cancelled: Callable[[], bool] | None = None

    def tell(self, done: int, whole: int) -> None:
        """Say how far it is. Raises `CancelledError` where the officer stopped it."""
        if self.cancelled is not None and self.cancelled():
            raise CancelledError
        if self.progress is not None:
            self.progress(done, whole)


UNWATCHED = Watch()


class Identity(Struct, frozen=True):
    """What stands on every page and in the document's properties."""

    title: str
    subject: str
    author: str
    day: date
    """Also the date in the file's properties, which must not tell when it was printed."""
    data_words: str = ""
    """Which data they are: « Données arrêtées au 30/06/2026 »."""
    fingerprint: str = ""
    fictitious: bool = False
    """Whether the figures are those of an example: every page says so."""
    letterhead: Letterhead = NO_LETTERHEAD
    cover: tuple[str, ...] = ()
    """What the cover says beside the title and the subject, for those who listen."""
    foot: str = ""
    """What stands at the foot of each page in the place of what tells the data."""
    seal: str = ""
    """How it was asked for, for its properties."""

    @property
    def foot_words(self) -> str:
        """Which data, under which fingerprint, printed by which version; nothing on a paper that shows none."""
        told = f"{self.data_words} · empreinte {self.fingerprint} · qpvdesk {__version__}"
        return self.foot or (told if self.fingerprint else "")


class Format(Struct, frozen=True):
    """The pages of a paper, in points as they are laid out; drawn `scale` times as large."""

    width: float
    height: float
    margin_x: float
    margin_bottom: float
    frames: tuple[tuple[float, float, float, float], ...]
    """Where the text stands, one frame after the other: left, bottom, width, height."""
    scale: float = 1.0
    head: bool = True
    """Whether the title of the paper and that of the chapter stand above each page."""
    foot_size: float = SMALL
    """Of the letters of the foot, as they are laid out."""


A4_PAGES = Format(
    PAGE_WIDTH, PAGE_HEIGHT, MARGIN_X, MARGIN_BOTTOM, ((MARGIN_X, MARGIN_BOTTOM, WIDTH, HEIGHT),)
)


class Manuscript(Struct, frozen=True):
    """What is laid out: who it is, its blocks in reading order, the lines of its contents, its cover, its pages."""

    identity: Identity
    story: list[Flowable]
    entries: Sequence[Entry] = ()
    cover: Callable[[Canvas], None] | None = None
    pages: Format = A4_PAGES


def lay_out(manuscript: Manuscript, watch: Watch, file: BinaryIO) -> int:
    """Write the paper as a tagged PDF and return its number of pages. The same manuscript gives the same bytes."""
    document = _Document(manuscript, watch)
    pages = document.run(kept(manuscript.story, manuscript.pages.frames[0][2]))
    write_tagged(document.sheet, document.sheet.tags.root, line(manuscript.identity.title), file)
    return pages


_HEAD_ROOM = 108.0
"""In points from the top of a page: a title within it begins the page."""


class _Sheet(Canvas):  # type: ignore[misc]
    """A canvas that remembers where titles fall, and writes what had to wait for the last page."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.section = ""
        """The chapter that the page in hand begins with; a page of none yet, the first that begins on it."""
        self._last_begun = ""
        self._pages: dict[str, int] = {}
        self.expected: tuple[Entry, ...] = ()
        self.tags = Tags()

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        super().showPage()
        self.section = self._last_begun
        self.tags.turn_page()

    def mark_entry(self, entry: Entry, height: float) -> None:
        self.bookmarkHorizontal(entry.key, 0, height + 6)
        self.addOutlineEntry(line(entry.title), entry.key, level=entry.level, closed=entry.level > 0)
        self._pages[entry.key] = self.getPageNumber()
        if entry.level == 0:
            self.mark_running(entry.running or entry.title, height)

    def mark_running(self, words: str, height: float) -> None:
        """What stands at the head of the pages from here on, and of this one where it begins at `height`."""
        self._last_begun = line(words)
        if not self.section or self.absolutePosition(0, height)[1] > PAGE_HEIGHT - _HEAD_ROOM:
            self.section = self._last_begun

    def linkRect(self, contents: str, destinationname: str, *place: Any, **options: Any) -> None:  # noqa: N802 - theirs
        """Lead to a place; where a paragraph names a code, to the row that bears it, and nowhere where none does."""
        code = code_of_link(destinationname)
        if code and (code not in link_targets_of(self).codes or not self.tags.add_link(link_words(code))):
            return
        super().linkRect(contents, destination(code) if code else destinationname, *place, **options)

    def finish(self, pages: int, size: float) -> None:
        """Write the forms that stand for numbers unknown until now; `size`: of the letters of the foot."""
        self._small_form(_TOTAL_FORM, f"{pages}", REGULAR, size, right=False)
        for entry in self.expected:
            number = self._pages.get(entry.key)
            font, size, _ = Contents.TYPE[entry.level]
            self._small_form(page_form(entry), "" if number is None else f"{number}", font, size, right=True)

    def _small_form(self, name: str, text: str, font: str, size: float, *, right: bool) -> None:
        self.beginForm(name, -60, -10, 60, 20)
        self.setFont(font, size)
        self.setFillColor(ink(Ink.TEXT))
        (self.drawRightString if right else self.drawString)(0, 0, text)
        self.endForm()


class _Document(BaseDocTemplate):  # type: ignore[misc]
    def __init__(self, manuscript: Manuscript, watch: Watch) -> None:
        identity, pages = manuscript.identity, manuscript.pages
        super().__init__(
            io.BytesIO(),
            pagesize=(pages.width * pages.scale, pages.height * pages.scale),
            title=identity.title,
            author=identity.author,
            subject=identity.subject,
            creator="qpvdesk",
            keywords=identity.seal,
            lang="fr-FR",
            invariant=1,
            pageCompression=1,
            initialFontName=REGULAR,
            initialFontSize=BODY,
        )
        self._identity = identity
        self._entries = tuple(manuscript.entries)
        self._cover = manuscript.cover
        self._pages = pages
        self._watch = watch
        self._total = 0
        self._done = 0
        self._link_targets = LinkTargets()
        # Its structure is written with it, by us.
        self._doSave = 0
        frames = [Frame(*box, 0, 0, 0, 0) for box in pages.frames]
        templates = [PageTemplate("body", frames, onPage=self._enlarge, onPageEnd=self._draw_page)]
        if self._cover is not None:
            templates.insert(0, PageTemplate("cover", frames, onPage=self._draw_cover))
        self.addPageTemplates(templates)

    def run(self, story: list[Flowable]) -> int:
        """Lay the story out and return the number of pages."""
        self._total = len(story)
        self._link_targets = LinkTargets(
            code for block in story if isinstance(block, DataTable) for code in block.codes
        )
        self._tell()
        self.build(story, canvasmaker=_Sheet)
        return int(self.page)

    def _tell(self) -> None:
        self._watch.tell(min(self._done, self._total), self._total)

    def afterFlowable(self, _flowable: Flowable) -> None:  # noqa: N802 - ReportLab's name
        # Parts of a split block count too: the share told is bounded, never above the whole.
        self._done += 1
        if self._done % 8 == 0:
            self._tell()

    def beforeDocument(self) -> None:  # noqa: N802 - ReportLab's name
        self.canv.expected = self._entries
        self.canv.link_targets = self._link_targets
        # With `invariant`, ReportLab dates every file of the year 2000.
        self.canv._doc._timeStamp.YMDhms = (*self._identity.day.timetuple()[:3], 0, 0, 0)
        self.canv.showOutline()

    def _enlarge(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        if self._pages.scale != 1:
            canvas.scale(self._pages.scale, self._pages.scale)

    def _draw_cover(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        if self._cover is not None:
            with tagged(canvas, "P", text=self._cover_words()):
                self._cover(canvas)
            self._footer(canvas)

    def _cover_words(self) -> str:
        identity = self._identity
        head = f"{letterhead_words(identity.letterhead)}. " if identity.letterhead else ""
        return f"{identity.title}. {identity.subject}. {head}{' '.join(identity.cover)}".strip()

    def _draw_page(self, canvas: _Sheet, _document: BaseDocTemplate) -> None:
        if self._pages.head:
            with artifact(canvas):
                self._head(canvas)
        self._footer(canvas)

    def _head(self, canvas: _Sheet) -> None:
        canvas.saveState()
        top = PAGE_HEIGHT - 12.5 * 2.83465
        canvas.setFont(REGULAR, SMALL)
        canvas.setFillColor(ink(Ink.MENTION))
        # A paper that is of what its chapter is of says it once.
        section_in_title = line(self._identity.title).casefold().endswith(canvas.section.casefold())
        # One of the two is cut, not both: the name of the paper is the same on every page.
        free = WIDTH - GUTTER - canvas.stringWidth(line(self._identity.title), REGULAR, SMALL)
        room = min(max(free, WIDTH * 0.2), WIDTH * 0.4)
        section = "" if section_in_title else _section(canvas.section, room)
        left = WIDTH - canvas.stringWidth(section, MEDIUM, SMALL) - GUTTER
        canvas.drawString(MARGIN_X, top, _running(self._identity.title, left))
        canvas.setFont(MEDIUM, SMALL)
        canvas.drawRightString(PAGE_WIDTH - MARGIN_X, top, section)
        canvas.restoreState()

    def _footer(self, canvas: Canvas) -> None:
        with artifact(canvas):
            self._foot(canvas)

    def _foot(self, canvas: Canvas) -> None:
        canvas.saveState()
        size = self._pages.foot_size
        left, right = self._pages.margin_x, self._pages.width - self._pages.margin_x
        base = self._pages.margin_bottom - 24
        canvas.setStrokeColor(colour(RULE))
        canvas.setLineWidth(0.5)
        canvas.line(left, base + 12, right, base + 12)
        canvas.setFillColor(ink(Ink.TEXT))
        canvas.setFont(REGULAR, size)
        text = f"page {canvas.getPageNumber()} / "
        canvas.drawString(left, base, text)
        canvas.saveState()
        canvas.translate(left + canvas.stringWidth(text, REGULAR, size), base)
        canvas.doForm(_TOTAL_FORM)
        canvas.restoreState()
        canvas.setFillColor(ink(Ink.MENTION))
        identity = self._identity
        if identity.fingerprint:
            draw_code(canvas, identity.fingerprint, (right - SIDE, base + 12 - 3 - SIDE))
            right -= SIDE + 6
            canvas.setFillColor(ink(Ink.MENTION))
        words, room = identity.foot_words, right - left - 2 * _AFTER_PAGES
        # A narrow page holds what tells the data, without the version that printed them.
        words = words if text_width(words, REGULAR, size) <= room else words.rpartition(" · ")[0] or words
        if text_width(words, REGULAR, size) > right - left - _AFTER_PAGES:
            # Not otherwise: what sets a line would take the groups of a fingerprint for thousands.
            words = shorten(words, REGULAR, size, right - left - _AFTER_PAGES)
        canvas.drawRightString(right, base, words)
        if identity.fictitious:
            canvas.setFillColor(ink(Ink.TEXT))
            canvas.setFont(BOLD, size)
            begun = right - text_width(words, REGULAR, size)
            # Where the words of the data leave no room on their line, it has one of its own.
            beside = left + _AFTER_PAGES + text_width(FICTITIOUS, BOLD, size) + size <= begun
            place = (left + _AFTER_PAGES, base) if beside else (left, base - size - 2)
            canvas.drawString(*place, FICTITIOUS)
        canvas.restoreState()

    def _endBuild(self) -> None:  # noqa: N802 - ReportLab's name
        self.sheet: _Sheet = self.canv
        self.sheet.finish(self.page, self._pages.foot_size)
        super()._endBuild()


def _section(words: str, room: float) -> str:
    """What a page is of in `room` points: of a part of a chapter its own name, where both have none."""
    if text_width(line(words), MEDIUM, SMALL) > room:
        words = words.rpartition(" · ")[2]
    return shorten(words, MEDIUM, SMALL, room)


def _running(name: str, room: float) -> str:
    """The title of the document in `room` points: its last words, « – fiche … », say which paper it is and stay whole."""
    head, dash, tail = line(name).rpartition(" – ")
    end = f"{dash}{tail}"
    left = room - text_width(end, REGULAR, SMALL)
    if not head or left <= room / 3:
        return shorten(line(name), REGULAR, SMALL, room)
    # « … Quartiers 2030 » de… – fiche » ends on a word of nothing.
    return f"{_LEADING_ON.sub('…', shorten(head, REGULAR, SMALL, left))}{end}"


_LEADING_ON = re.compile(r"(?: (?:de|du|des|à|au|aux|en|la|le|les|et))+…$")
"""Short words at the end of what is cut, which lead to the next."""
