"""What is seen of the pages of a paper: the white that their foot leaves, their margins, their smallest letters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2

from qpvdesk.reports.style import MARGIN_X, PAGE_HEIGHT, PAGE_WIDTH
from tests.helpers import paper_text

_HALF, _NOTHING = 0.4, 0.92
"""Of the room of a page: white that is seen as a page half empty, and as one that was turned for a line."""
_HEAD, _FOOT, _TOP = 50.0, 52.0, 140.0
"""Points of the head of a page and of its foot; how far from the top a chapter begins that begins the page."""
_OVER = 1.0
"""Points past a margin that are not seen: the edge of a letter."""
_PIXELS, _PAPER = 400, 236
"""Of the height of the picture, and above which grey it is paper."""


def half_empty(path: Path) -> list[tuple[int, float]]:
    """Pages, from 1, that are half empty and not the last of a chapter, and those turned for a line, with their white."""
    with pypdfium2.PdfDocument(path) as document:
        begun = _beginning(document)
        whites = list(_whites(document))
    last = len(whites)
    return [
        (page, round(white, 2))
        for page, white in enumerate(whites, 1)
        if (white > _HALF and page < last and page not in begun) or (white > _NOTHING and last > 1)
    ]


def past_margins(path: Path) -> list[tuple[int, str]]:
    """Pages of A4, from 1, with what is drawn on them past the margin of either side."""
    papers = zip(paper_text.pieces(path), paper_text.sizes(path), strict=True)
    return [
        (page, piece.words)
        for page, (drawn, size) in enumerate(papers, 1)
        if all(abs(side - own) < 1 for side, own in zip(size, (PAGE_WIDTH, PAGE_HEIGHT), strict=True))
        for piece in drawn
        if piece.words.strip()
        and not MARGIN_X - _OVER <= piece.left <= piece.right <= PAGE_WIDTH - MARGIN_X + _OVER
    ]


def smallest_letters(path: Path) -> float:
    """The points of the smallest letters, as they are laid out."""
    return min(round(piece.size, 1) for page in paper_text.pieces(path) for piece in page)


def _beginning(document: pypdfium2.PdfDocument) -> set[int]:
    """The pages, from 0, that a chapter begins at their head: the one before is the last of another."""
    found = set()
    for mark in document.get_toc():
        place = mark.get_dest()
        if mark.level == 0 and place is not None:
            page, (_, view) = place.get_index(), place.get_view()
            top = view[1] if len(view) > 1 and view[1] is not None else document[page].get_height()
            if top > document[page].get_height() - _TOP:
                found.add(page)
    return found


def _whites(document: pypdfium2.PdfDocument) -> Iterator[float]:
    """Of each page, the share of its room that stands empty under its last mark."""
    for page in document:
        scale = _PIXELS / page.get_height()
        picture = page.render(scale=scale, grayscale=True)
        rows, stride = bytes(picture.buffer), picture.stride
        foot, head = picture.height - round(_FOOT * scale), round(_HEAD * scale)
        marked = (row for row in range(foot, head, -1) if min(rows[row * stride :][: picture.width]) < _PAPER)
        yield (foot - next(marked, head)) / (foot - head)
        picture.close()
