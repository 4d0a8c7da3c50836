"""A paper read back from its file: its seal, and of each page its words and the digest of its drawing."""

from __future__ import annotations

import hashlib
import io

import pikepdf
import pypdfium2
from msgspec import Struct
from pikepdf import PasswordError

from qpvdesk.domain.errors import UserError

__all__ = ["UNREADABLE", "PaperFile", "PaperPage", "PasswordError", "read"]

_PAGES_MAX = 2_000


class PaperPage(Struct, frozen=True):
    """A page of a paper."""

    words: str
    digest: str
    """SHA-256 of what draws it, whatever its packing."""


class PaperFile(Struct, frozen=True):
    """A paper as a file holds it."""

    seal: str
    """Its keywords."""
    pages: tuple[PaperPage, ...]


UNREADABLE = (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, AttributeError)
"""What a damaged file raises."""


def read(content: bytes) -> PaperFile:
    """Read a PDF. Raises `UserError` for too many pages, `UNREADABLE` where it is damaged."""
    with pikepdf.open(io.BytesIO(content)) as document, pypdfium2.PdfDocument(content) as shown:
        if len(document.pages) > _PAGES_MAX:
            raise UserError("Ce fichier a trop de pages pour un papier.", "Est-ce le bon fichier\u202f?")
        pages = tuple(
            PaperPage(shown[index].get_textpage().get_text_bounded(), _digest(page))
            for index, page in enumerate(document.pages)
        )
        return PaperFile(f"{document.docinfo.get('/Keywords', '')}", pages)


def _digest(page: pikepdf.Page) -> str:
    parts = page.obj.get("/Contents", pikepdf.Array())
    streams = parts if isinstance(parts, pikepdf.Array) else [parts]
    whole = hashlib.sha256()
    for stream in streams:
        whole.update(stream.read_bytes())
    # A note or a stamp laid over the page draws as well.
    kinds = [f"{item.get('/Subtype')}" for item in page.obj.get("/Annots", [])]
    whole.update(" ".join(kinds).encode())
    return whole.hexdigest()
