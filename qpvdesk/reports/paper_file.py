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
"""Pixels a side of a tile; shades of its mean grey, of 256, by which a program that draws the same letters a part of a
pixel elsewhere changes it."""
UNREADABLE = (pypdfium2.PdfiumError, ValueError, TypeError)
"""What a damaged file raises."""


class PaperPage(Struct, frozen=True):
    """A page of a paper."""

    words: str
    """Without spaces, which no two programs find at the same places."""
    picture: str
    """SHA-256 of how it is drawn, as anyone sees it."""
    tiles: bytes
    """The mean grey of each tile of that picture, row by row."""
    notes: int = 0
    """How many things are laid over it beside links: a note, a stamp, a field."""

    def is_drawn_as(self, other: PaperPage) -> bool:
        """Whether both are drawn the same, and nothing is laid over one alone."""
        return (self.picture, self.notes) == (other.picture, other.notes)

    def looks_like(self, other: PaperPage) -> bool:
        """Whether both are drawn alike at first sight: a letter more would not be seen."""
        pairs = zip(self.tiles, other.tiles, strict=False)
        return (
            self.notes == other.notes
            and len(self.tiles) == len(other.tiles)
            and all(abs(one - two) <= _SHADES_MAX for one, two in pairs)
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
    picture = page.render(scale=scale, grayscale=True).to_pil()
    drawn = hashlib.sha256(picture.tobytes()).hexdigest()
    return PaperPage(words, drawn, picture.reduce(_TILE).tobytes(), _notes(page))


def _notes(page: pypdfium2.PdfPage) -> int:
    count = 0
    for index in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        laid = raw.FPDFPage_GetAnnot(page.raw, index)
        count += raw.FPDFAnnot_GetSubtype(laid) != raw.FPDF_ANNOT_LINK
        raw.FPDFPage_CloseAnnot(laid)
    return count
