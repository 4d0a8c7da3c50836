"""The words of a PDF, as it draws them: its pieces with their places, and of each page its lines."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw

_UNITS_MAX = 1 << 15
_OF_A_LIST = re.compile(r"•|\d+\.")
_SAME_LINE, _TOUCHING = 0.5, 5.0
"""Points between two baselines that are one, and between two pieces of one sentence."""


class Piece(NamedTuple):
    """What is drawn in one go, in one font."""

    words: str
    left: float
    right: float
    baseline: float
    size: float
    """The points of its letters."""


def pages(paper: Path | bytes) -> list[str]:
    """Return the text of each page, in the order of the file: a line of a cell or of a paragraph is a line."""
    return [_lines(page) for page in pieces(paper)]


def text(paper: Path | bytes) -> str:
    """Return the text of all pages."""
    return "\n".join(pages(paper))


def pieces(paper: Path | bytes) -> tuple[tuple[Piece, ...], ...]:
    """Return the pieces of each page, in the order of the file."""
    return _pieces(paper if isinstance(paper, bytes) else paper.read_bytes())


def sizes(paper: Path) -> list[tuple[float, float]]:
    """Return how wide and high each page is, in points."""
    with pypdfium2.PdfDocument(paper) as document:
        return [page.get_size() for page in document]


@lru_cache(maxsize=8)
def _pieces(content: bytes) -> tuple[tuple[Piece, ...], ...]:
    with pypdfium2.PdfDocument(content) as document:
        return tuple(tuple(_pieces_of(page)) for page in document)


def _lines(drawn: tuple[Piece, ...]) -> str:
    lines: list[str] = []
    for before, piece in pairwise((None, *drawn)):
        assert piece is not None
        if before is not None and _goes_on(before, piece):
            end = " " if lines[-1].endswith(" ") or piece.words.startswith(" ") else ""
            lines[-1] = f"{lines[-1].rstrip(' ')}{end}{piece.words.lstrip(' ')}"
        else:
            lines.append(piece.words)
    return "\n".join(line.strip(" ") for line in lines)


def _goes_on(before: Piece, piece: Piece) -> bool:
    """Whether a piece is of the same sentence as the one before, on the same line: not of the next cell."""
    if abs(piece.baseline - before.baseline) > _SAME_LINE:
        return False
    return abs(piece.left - before.right) < _TOUCHING or bool(_OF_A_LIST.fullmatch(before.words.strip()))


def _pieces_of(page: pypdfium2.PdfPage) -> Iterator[Piece]:
    buffer = (ctypes.c_ushort * _UNITS_MAX)()
    matrix, size = raw.FS_MATRIX(), ctypes.c_float()
    left, right, low, high = (ctypes.c_float() for _ in range(4))
    letters = page.get_textpage()
    for item, scale, across, up in _texts(page):
        length = raw.FPDFTextObj_GetText(item, letters, buffer, ctypes.sizeof(buffer))
        # A hyphen at the end of a line is told as one that may be taken away.
        words = ctypes.string_at(buffer, max(length - 2, 0)).decode("utf-16-le").replace("\x02", "-")
        if not words:
            continue
        raw.FPDFPageObj_GetMatrix(item, matrix)
        raw.FPDFPageObj_GetBounds(item, left, low, right, high)
        raw.FPDFTextObj_GetFontSize(item, size)
        yield Piece(
            words,
            across + scale * left.value,
            across + scale * right.value,
            up + scale * matrix.f,
            scale * size.value * abs(matrix.d or matrix.b),
        )
    letters.close()
    page.close()


def _texts(page: pypdfium2.PdfPage) -> Iterator[tuple[raw.FPDF_PAGEOBJECT, float, float, float]]:
    """The texts of a page and of the drawings laid on it, each with the scale and the place of its drawing."""
    matrix = raw.FS_MATRIX()
    count = raw.FPDFPage_CountObjects(page)
    left = [(raw.FPDFPage_GetObject(page, index), 1.0, 0.0, 0.0) for index in reversed(range(count))]
    while left:
        item, scale, across, up = left.pop()
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            yield item, scale, across, up
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            raw.FPDFPageObj_GetMatrix(item, matrix)
            place = (scale * matrix.a, across + scale * matrix.e, up + scale * matrix.f)
            inside = reversed(range(raw.FPDFFormObj_CountObjects(item)))
            left += [(raw.FPDFFormObj_GetObject(item, index), *place) for index in inside]
