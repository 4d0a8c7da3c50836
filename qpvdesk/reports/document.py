"""The sheet: page templates, contents, bookmarks, page numbers, and a file that appears whole or not at all."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageTemplate

from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import NNBSP
from qpvdesk.domain.letterhead import NO_LETTERHEAD, Letterhead
from qpvdesk.domain.model import FICTITIOUS
from qpvdesk.reports.style import (
    BLUE,
    BODY,
    BOLD,
    GUTTER,
    H1_STYLE,
    H2_STYLE,
    H3_STYLE,
    HEIGHT,
    MARGIN_BOTTOM,
    MARGIN_TOP,
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
    load_fonts,
    text_width,
)
from qpvdesk.reports.tagging import Tags, artifact, contents_line, tagged, write_tagged
from qpvdesk.reports.text import Paragraph, line, markup, paragraph, shorten, shorten_words

Progress = Callable[[int, int], None]
_TOTAL_FORM = "pages"
_LONGEST_TITLE = 400
"""Characters of a title: beyond, it would hide what it stands over."""


class CancelledError(UserError):
    """The officer stopped the printing."""

    def __init__(self) -> None:
        super().__init__("L’impression est annulée.", "Aucun fichier n’a été écrit.")


class Identity(Struct, frozen=True):
    """What stands on every page and in the document's properties."""

    title: str
    subject: str
    author: str
    contract: str
    data_of: str
    """The date of the data, in words."""
    fingerprint: str
    day: date
    """Also the date in the file's properties, which must not tell when it was printed."""
    fictitious: bool = False
    letterhead: Letterhead = NO_LETTERHEAD
    """Whether the figures are those of an example: every page says so."""
    cover: str = ""
    """What the cover says beside the title and the subject, for those who listen."""
    foot: str = ""
    """What stands at the foot of each page in the place of the date and fingerprint of the data."""


class Entry(Struct, frozen=True):
    """A line of the contents."""

    key: str
    title: str
    level: int


class Heading(Paragraph):
    """A title that the contents and the bookmarks lead to."""

    def __init__(self, text: str, style: ParagraphStyle, entry: Entry | None = None, **options: Any) -> None:
        """`options`: those of ReportLab, which makes the two parts of a title that no page holds."""
        super().__init__(text, style, **options)
        self._entry = entry

    @property
    def level(self) -> int:
        """1 for a chapter, 2 and 3 under it."""
        return {H1_STYLE.name: 1, H2_STYLE.name: 2}.get(self.style.name, 3)

    def split(self, width: float, height: float) -> list[Flowable]:
        parts: list[Flowable] = super().split(width, height)
        if parts and parts[0] is not self:
            parts[0]._entry = self._entry
        return parts

    def draw(self) -> None:
        if self._entry is not None:
            self.canv.mark_entry(self._entry, self.height)
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


def heading(text: str, entry: Entry | None = None, *, room: float = 120) -> list[Flowable]:
    """A title of the second rank; on the next page where less than `room` points would follow it."""
    return [CondPageBreak(room), Heading(_escaped(text), H2_STYLE, entry)]


def small_heading(text: str, *, room: float = 90) -> list[Flowable]:
    """A title of the third rank."""
    return [CondPageBreak(room), Heading(_escaped(text), H3_STYLE, None)]


def _escaped(text: str) -> str:
    return markup(shorten_words(line(text), _LONGEST_TITLE))


KICKER_STYLE = ParagraphStyle(
    "kicker", fontName=MEDIUM, fontSize=BODY, leading=12, textColor=colour(BLUE), bulletFontName=MEDIUM
)


class Bar(Flowable):  # type: ignore[misc]
    """The short blue bar under a chapter's title."""

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        return width, 14

    def draw(self) -> None:
        with artifact(self.canv):
            self.canv.setFillColor(colour(BLUE))
            self.canv.rect(0, 9, 34, 3, stroke=0, fill=1)


class Contents(Flowable):  # type: ignore[misc]
    """The clickable contents. Page numbers are filled in when the last page is known, without a second pass."""

    ROW = (20.0, 15.0)

    def __init__(self, entries: Sequence[Entry], whole: object = None) -> None:
        """`whole`: what the parts of one contents have in common."""
        super().__init__()
        self._entries = tuple(entries)
        self._whole = whole or object()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its lines."""
        return self._entries

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        self.height = sum(self.ROW[entry.level] for entry in self._entries)
        return self.width, self.height

    def split(self, _width: float, height: float) -> list[Flowable]:
        taken, used = 0, 0.0
        for entry in self._entries:
            if used + self.ROW[entry.level] > height:
                break
            used += self.ROW[entry.level]
            taken += 1
        if not taken:
            return []
        return [Contents(part, self._whole) for part in (self._entries[:taken], self._entries[taken:])]

    def draw(self) -> None:
        y = self.height
        for entry in self._entries:
            row = self.ROW[entry.level]
            y -= row
            with contents_line(self.canv, self._whole, f"Aller à{NNBSP}: {line(entry.title)}"):
                self._draw_row(entry, y, row)

    def _draw_row(self, entry: Entry, y: float, row: float) -> None:
        canvas = self.canv
        font, size, indent = (BOLD, 10.0, 0.0) if entry.level == 0 else (REGULAR, 9.0, 14.0)
        text = shorten(entry.title, font, size, self.width - indent - 40)
        canvas.setFont(font, size)
        canvas.setFillColor(ink(Ink.TEXT))
        canvas.drawString(indent, y + 5, text)
        if entry.level == 0:
            canvas.setStrokeColor(colour(RULE))
            canvas.setLineWidth(0.5)
            canvas.line(0, y, self.width, y)
        canvas.saveState()
        canvas.translate(self.width, y + 5)
        canvas.doForm(f"page-of-{entry.key}")
        canvas.restoreState()
        canvas.linkRect("", entry.key, (0, y, self.width, y + row), relative=1, thickness=0)


class _Sheet(Canvas):  # type: ignore[misc]
    """A canvas that remembers where titles fall, and writes what had to wait for the last page."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.section = ""
        self._pages: dict[str, int] = {}
        self.expected: tuple[Entry, ...] = ()
        self.tags = Tags()

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        super().showPage()
        self.tags.turn_page()

    def mark_entry(self, entry: Entry, height: float) -> None:
        self.bookmarkHorizontal(entry.key, 0, height + 6)
        self.addOutlineEntry(line(entry.title), entry.key, level=entry.level, closed=entry.level > 0)
        self._pages[entry.key] = self.getPageNumber()
        if entry.level == 0:
            self.section = line(entry.title)

    def finish(self, pages: int) -> None:
        """Write the forms that stand for numbers unknown until now."""
        self._small_form(_TOTAL_FORM, f"{pages}", REGULAR, SMALL, right=False)
        for entry in self.expected:
            number = self._pages.get(entry.key)
            font, size = (BOLD, 10.0) if entry.level == 0 else (REGULAR, 9.0)
            self._small_form(
                f"page-of-{entry.key}", "" if number is None else f"{number}", font, size, right=True
            )

    def _small_form(self, name: str, text: str, font: str, size: float, *, right: bool) -> None:
        self.beginForm(name, -60, -10, 60, 20)
        self.setFont(font, size)
        self.setFillColor(ink(Ink.TEXT))
        (self.drawRightString if right else self.drawString)(0, 0, text)
        self.endForm()


class _Document(BaseDocTemplate):  # type: ignore[misc]
    def __init__(
        self,
        file: BinaryIO,
        identity: Identity,
        entries: Sequence[Entry],
        cover: Callable[[Canvas], None] | None,
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        super().__init__(
            file,
            pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
            leftMargin=MARGIN_X,
            rightMargin=MARGIN_X,
            topMargin=MARGIN_TOP,
            bottomMargin=MARGIN_BOTTOM,
            title=identity.title,
            author=identity.author,
            subject=identity.subject,
            creator="qpvdesk",
            lang="fr-FR",
            invariant=1,
            pageCompression=1,
            initialFontName=REGULAR,
            initialFontSize=BODY,
        )
        self._identity = identity
        self._entries = tuple(entries)
        self._cover = cover
        self._progress = progress
        self._cancelled = cancelled
        self._total = 0
        self._done = 0
        self.tags = Tags()
        frame = Frame(
            MARGIN_X,
            MARGIN_BOTTOM,
            WIDTH,
            HEIGHT,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )
        templates = [PageTemplate("body", [frame], onPageEnd=self._draw_page)]
        if cover is not None:
            templates.insert(0, PageTemplate("cover", [frame], onPage=self._draw_cover))
        self.addPageTemplates(templates)

    def run(self, story: list[Flowable]) -> int:
        """Lay the story out and return the number of pages."""
        self._total = len(story)
        self._tell()
        self.build(story, canvasmaker=_Sheet)
        return int(self.page)

    def _tell(self) -> None:
        if self._cancelled is not None and self._cancelled():
            raise CancelledError
        if self._progress is not None:
            self._progress(min(self._done, self._total), self._total)

    def afterFlowable(self, _flowable: Flowable) -> None:  # noqa: N802 - ReportLab's name
        # Parts of a split block count too: the share told is bounded, never above the whole.
        self._done += 1
        if self._done % 8 == 0:
            self._tell()

    def beforeDocument(self) -> None:  # noqa: N802 - ReportLab's name
        self.canv.expected = self._entries
        # With `invariant`, ReportLab dates every file of the year 2000.
        self.canv._doc._timeStamp.YMDhms = (*self._identity.day.timetuple()[:3], 0, 0, 0)
        self.canv.showOutline()

    def _draw_cover(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        if self._cover is not None:
            with tagged(canvas, "P", said=self._cover_words()):
                self._cover(canvas)
            self._footer(canvas)

    def _cover_words(self) -> str:
        identity = self._identity
        return f"{identity.title}. {identity.subject}. {identity.cover}".strip()

    def _draw_page(self, canvas: _Sheet, _document: BaseDocTemplate) -> None:
        with artifact(canvas):
            self._head(canvas)
        self._footer(canvas)

    def _head(self, canvas: _Sheet) -> None:
        canvas.saveState()
        top = PAGE_HEIGHT - 12.5 * 2.83465
        canvas.setFont(REGULAR, SMALL)
        canvas.setFillColor(ink(Ink.MENTION))
        section = shorten(canvas.section, MEDIUM, SMALL, WIDTH * 0.5)
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
        base = MARGIN_BOTTOM - 24
        canvas.setStrokeColor(colour(RULE))
        canvas.setLineWidth(0.5)
        canvas.line(MARGIN_X, base + 12, PAGE_WIDTH - MARGIN_X, base + 12)
        canvas.setFillColor(ink(Ink.TEXT))
        canvas.setFont(REGULAR, SMALL)
        text = f"page {canvas.getPageNumber()} / "
        canvas.drawString(MARGIN_X, base, text)
        canvas.saveState()
        canvas.translate(MARGIN_X + canvas.stringWidth(text, REGULAR, SMALL), base)
        canvas.doForm(_TOTAL_FORM)
        canvas.restoreState()
        canvas.setFillColor(ink(Ink.MENTION))
        identity = self._identity
        right = identity.foot or f"Données au {identity.data_of} · empreinte {identity.fingerprint}"
        canvas.drawRightString(PAGE_WIDTH - MARGIN_X, base, right)
        if identity.fictitious:
            canvas.setFillColor(ink(Ink.TEXT))
            canvas.setFont(BOLD, SMALL)
            canvas.drawCentredString(PAGE_WIDTH / 2 - 2 * GUTTER, base, FICTITIOUS)
        canvas.restoreState()

    def _endBuild(self) -> None:  # noqa: N802 - ReportLab's name
        self.canv.finish(self.page)
        self.tags = self.canv.tags
        super()._endBuild()


def _running(name: str, room: float) -> str:
    """The title of the document in `room` points: without its last words « – fiche … » rather than cut in them."""
    shown = line(name)
    while text_width(shown, REGULAR, SMALL) > room and " – " in shown:
        shown = shown.rpartition(" – ")[0]
    return shorten(shown, REGULAR, SMALL, room)


def write_document(
    path: Path,
    identity: Identity,
    entries: Sequence[Entry],
    story: list[Flowable],
    *,
    cover: Callable[[Canvas], None] | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Lay out `story` and write it to `path`; return the number of pages.

    The suffix says what is written: `.docx` the same blocks to take up in a word processor, `.zip` a CSV file for each
    table (both have no pages: 0), anything else the paper as PDF.

    The file is written beside `path`, then takes its place: what was there stays until the new one is whole.
    Raises `UserError` where it cannot be written, `CancelledError` where the officer stopped it.
    """
    load_fonts()
    path = Path(path)
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            pages = _write(file, path.suffix.lower(), identity, entries, story, cover, progress, cancelled)
            file.flush()
            os.fsync(file.fileno())
        _give_usual_rights(part)
        os.replace(part, path)
    except OSError as error:
        raise UserError(
            f"Le rapport ne peut pas être écrit dans «{NNBSP}{path.name}{NNBSP}»{NNBSP}: "
            f"{_reason(error)}. Rien n’a été remplacé.",
            "Choisissez un autre dossier, ou fermez le fichier s’il est ouvert ailleurs.",
        ) from error
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink()
    return pages


def _write(
    file: BinaryIO,
    suffix: str,
    identity: Identity,
    entries: Sequence[Entry],
    story: list[Flowable],
    cover: Callable[[Canvas], None] | None,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> int:
    # Made in memory and written at once: where the disk is full, pikepdf would end the whole program.
    whole = io.BytesIO()
    pages = 0
    if suffix in (".docx", ".zip"):
        # Not on the way to the paper.
        from qpvdesk.reports import editable

        (editable.write_word if suffix == ".docx" else editable.write_tables)(whole, identity, story)
    else:
        laid_out = io.BytesIO()
        document = _Document(laid_out, identity, entries, cover, progress, cancelled)
        pages = document.run(story)
        write_tagged(laid_out.getvalue(), document.tags.root, line(identity.title), whole)
    file.write(whole.getbuffer())
    return pages


def _give_usual_rights(path: Path) -> None:
    """A temporary file is private; a report is as readable as any other file of the officer."""
    mask = os.umask(0)
    os.umask(mask)
    with suppress(OSError):
        path.chmod(0o666 & ~mask)


def _reason(error: OSError) -> str:
    import errno

    return {
        errno.ENOENT: "le dossier n’existe pas",
        errno.ENOTDIR: "le dossier n’existe pas",
        errno.EACCES: "l’accès est refusé",
        errno.EPERM: "l’accès est refusé",
        errno.EROFS: "le support est en lecture seule",
        errno.ENOSPC: "le disque est plein",
        errno.EISDIR: "c’est un dossier",
    }.get(error.errno or 0, "le système l’a refusé")
