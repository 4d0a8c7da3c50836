"""The pages of a PDF as pictures, for the screen and the printer: PDFium draws them, as most readers do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pypdfium2

from qpvdesk.domain.errors import UserError


@dataclass(frozen=True, slots=True)
class Raster:
    """A page drawn: 4 bytes a pixel, blue, green, red and one unused, `stride` bytes a line."""

    width: int
    height: int
    stride: int
    data: bytes


class Pages:
    """An open PDF. Belongs to the thread that opened it; a context manager that closes."""

    def __init__(self, path: Path) -> None:
        try:
            self._document = pypdfium2.PdfDocument(path.read_bytes())
        except (OSError, pypdfium2.PdfiumError) as error:
            raise UserError(
                f"Le fichier «\u202f{path.name}\u202f» ne peut pas être relu.", "Relancez l’aperçu."
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

    def __len__(self) -> int:
        return len(self._document)

    def size(self, page: int) -> tuple[float, float]:
        """Width and height in points of a page, counted from 0."""
        width, height = self._document.get_page_size(page)
        return float(width), float(height)

    def draw(self, page: int, scale: float) -> Raster:
        """Draw a page, counted from 0, at `scale` pixels a point."""
        sheet = self._document[page]
        bitmap = sheet.render(scale=scale, rev_byteorder=False, force_bitmap_format=_BGRX)
        try:
            return Raster(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
        finally:
            bitmap.close()
            sheet.close()

    def titles(self) -> dict[str, int]:
        """Return the chapters that the bookmarks lead to, each with its page, counted from 0; the first of a name."""
        found: dict[str, int] = {}
        for mark in self._document.get_toc():
            place = mark.get_dest() if mark.level == 0 else None
            page = place.get_index() if place is not None else None
            if page is not None:
                found.setdefault(str(mark.get_title()), int(page))
        return found

    def text(self, page: int) -> str:
        sheet = self._document[page]
        try:
            text = sheet.get_textpage()
            return str(text.get_text_bounded())
        finally:
            sheet.close()


_BGRX = pypdfium2.raw.FPDFBitmap_BGRx
