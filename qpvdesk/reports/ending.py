"""How a chapter ends: not on a page that holds next to nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from copy import copy
from itertools import zip_longest
from typing import Any

from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Spacer

from qpvdesk.reports.headings import Heading
from qpvdesk.reports.keeping import kept
from qpvdesk.reports.style import HEIGHT, MARGIN_BOTTOM, MARGIN_X, PAGE_HEIGHT, PAGE_WIDTH, WIDTH
from qpvdesk.reports.tables import DataTable, data_table

_APART = 18.0
"""Points between a chapter and the one before on its page."""
_LITTLE = 0.3
"""Of a page, under which it holds next to nothing."""
_LEFT_MAX = 0.35
"""Of a page, which what begins the next may leave white."""


class Apart(Spacer):  # type: ignore[misc]
    """The room between two chapters of one page; none at the top of a page."""

    def __init__(self) -> None:
        super().__init__(0, 0)
        self.spaceBefore = _APART


def well_ended(chapter: list[Flowable]) -> tuple[list[Flowable], int]:
    """Return the chapter and how many pages it takes: its tables a little tighter where that saves a page; where its last
    page would hold next to nothing, the last part of what it gathers that fills more of one begins it, unless the page
    before would be left half empty, else the whole, if this costs no page. What a page's end parts is each ended alone."""
    turn = next((index for index, block in enumerate(chapter) if isinstance(block, PageBreak)), 0)
    if turn:
        (first, count), (rest, more) = well_ended(chapter[:turn]), well_ended(chapter[turn + 1 :])
        return [*first, chapter[turn], *rest], count + more
    pages, filled = laid_out(chapter)
    if pages == 1:
        return chapter, pages
    if any(isinstance(block, DataTable) for block in chapter):
        tighter = tightened(chapter)
        fewer, left = laid_out(tighter)
        if fewer < pages:
            chapter, pages, filled = tighter, fewer, left
    at = max((index for index, block in enumerate(chapter) if isinstance(block, Apart)), default=0)
    if at and filled < _LITTLE:
        heads = [index for index, block in enumerate(chapter) if index > at and isinstance(block, Heading)]
        page_end = PageBreak()
        whole = [*chapter[:at], page_end, *chapter[at + 1 :]]
        # Its title does not stand alone, nor with its first part's.
        for parted in (*([*chapter[:head], page_end, *chapter[head:]] for head in heads[:1:-1]), whole):
            count, filled = laid_out(parted)
            white = 1 - laid_out(parted[: parted.index(page_end)])[1]
            if count == pages and (parted is whole or (filled >= _LITTLE and white <= _LEFT_MAX)):
                return parted, pages
    return chapter, pages


def filled(blocks_of: Callable[[int], list[Flowable]], least: int) -> list[Flowable]:
    """What `blocks_of` so many rows to write on makes, with as many, from `least` on, as reach the foot of its last page."""
    few = blocks_of(least)
    heights = [
        sum(block.wrap(WIDTH, HEIGHT)[1] for block in blocks) for blocks in (few, blocks_of(least + 1))
    ]
    row = heights[1] - heights[0]
    return blocks_of(least + int((1 - laid_out(few)[1]) * HEIGHT / row)) if row > 0 else few


def height_of(blocks: Sequence[Flowable], width: float = WIDTH) -> float:
    """The points that blocks take one under the other."""
    total = 0.0
    for index, block in enumerate(blocks):
        total += block.wrap(width, HEIGHT)[1] + block.getSpaceAfter()
        total += block.getSpaceBefore() if index else 0
    return total


def tightened(blocks: Sequence[Flowable]) -> list[Flowable]:
    """The blocks, their tables with less air."""
    return [block.tightened() if isinstance(block, DataTable) else block for block in blocks]


def paired(
    header: Sequence[str],
    halves: Sequence[Sequence[Any]],
    widths: Sequence[float],
    *,
    right: Sequence[int] = (),
) -> list[Flowable]:
    """A table of two rows side by side, each of two cells, with little air; one alone has no empty half beside it."""
    rows = [[*left, *other] for left, other in zip_longest(halves[::2], halves[1::2], fillvalue=["", ""])]
    alone = (2, 3) * (not halves[1:])
    return tightened(data_table(tuple(header) * 2, rows, widths, right=right, optional=alone))


class _Trial(BaseDocTemplate):  # type: ignore[misc]
    """A document that is thrown away."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), pagesize=(PAGE_WIDTH, PAGE_HEIGHT))
        frame = Frame(MARGIN_X, MARGIN_BOTTOM, WIDTH, HEIGHT, 0, 0, 0, 0)
        self.addPageTemplates([PageTemplate("body", [frame])])
        self.left = 0.0
        # ReportLab's own switch: nothing is made of the pages.
        self._doSave = 0

    def handle_pageEnd(self) -> None:  # noqa: N802 - ReportLab's name
        self.left = (self.frame._y - MARGIN_BOTTOM) / HEIGHT
        super().handle_pageEnd()


def laid_out(chapter: Sequence[Flowable]) -> tuple[int, float]:
    """How many pages the blocks take, and how much of the last one (0…1)."""
    trial = _tried(kept(chapter))
    return int(trial.page), 1 - trial.left


def pages_of(blocks: Sequence[Flowable]) -> dict[int, int]:
    """The page, from 1, that each block begins on, by its identity."""
    found: dict[int, int] = {}
    _tried(kept(blocks), found)
    return found


def _tried(blocks: Sequence[Flowable], pages: dict[int, int] | None = None) -> _Trial:
    trial = _Trial()
    # ReportLab marks a break that it put off, and refuses to put the same one off again: the trial has its own.
    trial.build(
        [
            copy(block) if isinstance(block, (Spacer, PageBreak)) else _Measured(block, pages)
            for block in blocks
        ]
    )
    return trial


class _Measured(Flowable):  # type: ignore[misc]
    """A block that takes its room and draws nothing. `pages`: told the one that it begins on."""

    def __init__(self, block: Flowable, pages: dict[int, int] | None = None) -> None:
        super().__init__()
        self._block, self._pages = block, pages
        self.keepWithNext = getattr(block, "keepWithNext", 0)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        size: tuple[float, float] = self._block.wrap(width, height)
        return size

    def split(self, width: float, height: float) -> list[Flowable]:
        return [_Measured(part) for part in self._block.split(width, height)]

    def getSpaceBefore(self) -> float:  # noqa: N802 - ReportLab's name
        return float(self._block.getSpaceBefore())

    def getSpaceAfter(self) -> float:  # noqa: N802 - ReportLab's name
        return float(self._block.getSpaceAfter())

    def draw(self) -> None:
        if self._pages is not None:
            self._pages.setdefault(id(self._block), self.canv.getPageNumber())
