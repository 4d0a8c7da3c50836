"""A paper read back from its file: its seal, and of each page its words and its picture."""

from __future__ import annotations

import hashlib

import pypdfium2
from msgspec import Struct
from pypdfium2 import raw

from qpvdesk.domain.errors import UserError

_PAGES_MAX = 2_000
_DOTS, _PIXELS_MAX = 100 / 72, 2_400
"""Pixels a point, and of the longest side of a page, however large it says it is."""
_TILE, _SHADES_MAX = 8, 64
"""Pixels a side of a tile; shades of its mean colours, of 256, by which a program that draws the same letters a part of a
pixel elsewhere changes them."""
_DRAWN_FOR = (None, "print")
"""The screen, and the printer: a layer or a stamp may show on one alone."""
UNREADABLE = (pypdfium2.PdfiumError, ValueError, TypeError)
"""What a damaged file raises."""


class PaperPage(Struct, frozen=True):
    """A page of a paper."""

    words: str
    """Without spaces, which no two programs find at the same places."""
    picture: str
    """SHA-256 of how it is drawn, in its colours, as anyone sees it on a screen and printed."""
    tiles: bytes
    """The mean red, green and blue of each tile of both pictures, row by row."""
    notes: int = 0
    """How many things are laid over it beside links within the file: a note, a stamp, a field, a link to elsewhere."""

    def is_noted_as(self, other: PaperPage) -> bool:
        """Whether nothing is laid over one alone."""
        return self.notes == other.notes

    def is_drawn_as(self, other: PaperPage) -> bool:
        """Whether both are drawn the same, and nothing is laid over one alone."""
        return (self.picture, self.notes) == (other.picture, other.notes)

    def looks_like(self, other: PaperPage) -> bool:
        """Whether both are drawn alike at first sight: a letter more would not be seen."""
        pairs = zip(self.tiles, other.tiles, strict=False)
        return (
            self.notes == other.notes
            and len(self.tiles) == len(other.tiles)
            and all(abs(own - theirs) <= _SHADES_MAX for own, theirs in pairs)
        )


class PaperFile(Struct, frozen=True):
    """A paper as a file holds it."""

    seal: str
    """Its keywords."""
    pages: tuple[PaperPage, ...]


def is_locked(error: Exception) -> bool:
    """Whether a file was not read for want of its password."""
    return isinstance(error, pypdfium2.PdfiumError) and bool(error.err_code == raw.FPDF_ERR_PASSWORD)


def read(content: bytes) -> PaperFile:
    """Read a PDF. Raises `UserError` for too many pages, `UNREADABLE` where it is damaged."""
    with pypdfium2.PdfDocument(content) as document:
        if len(document) > _PAGES_MAX:
            raise UserError("Ce fichier a trop de pages pour un papier.", "Est-ce le bon fichier\u202f?")
        return PaperFile(document.get_metadata_value("Keywords"), tuple(_page(page) for page in document))


def _page(page: pypdfium2.PdfPage) -> PaperPage:
    text = page.get_textpage()
    words = "".join(text.get_text_bounded().split())
    scale = min(_DOTS, _PIXELS_MAX / max(page.get_size()))
    drawn, tiles = hashlib.sha256(), b""
    for medium in _DRAWN_FOR:
        picture = page.render(scale=scale, optimize_mode=medium).to_pil()
        drawn.update(picture.tobytes())
        tiles += picture.reduce(_TILE).tobytes()
    return PaperPage(words, drawn.hexdigest(), tiles, _notes(page))


def _notes(page: pypdfium2.PdfPage) -> int:
    count = 0
    for index in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        laid = raw.FPDFPage_GetAnnot(page.raw, index)
        count += not _leads_within(laid)
        raw.FPDFPage_CloseAnnot(laid)
    return count


def _leads_within(laid: raw.FPDF_ANNOTATION) -> bool:
    """Tell whether what is laid over a page is a link to a page of the same file, which draws nothing."""
    if raw.FPDFAnnot_GetSubtype(laid) != raw.FPDF_ANNOT_LINK:
        return False
    if any(raw.FPDFAnnot_HasKey(laid, key) for key in (b"AP", b"AA")):
        return False
    action = raw.FPDFLink_GetAction(raw.FPDFAnnot_GetLink(laid))
    return not raw.FPDFAnnot_HasKey(laid, b"A") or raw.FPDFAction_GetType(action) == raw.PDFACTION_GOTO
