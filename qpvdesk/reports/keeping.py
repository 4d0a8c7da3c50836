"""What stays together: a title with the first lines of what it is over, whatever these are."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from itertools import pairwise, takewhile

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Table

from qpvdesk.domain.wording import is_reading
from qpvdesk.reports.headings import KICKER_STYLE, Bar, Heading
from qpvdesk.reports.lists import ListItem
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.style import CONDITION_STYLE, HEIGHT, WIDTH
from qpvdesk.reports.tables import DataTable
from qpvdesk.reports.text import Paragraph, WholeParagraph

_LINES = 3
"""Of a paragraph, that must stand under its title: one or two are not split by its style."""

_SOME = 100.0
"""Points of what is said together."""

_WRITTEN = 60.0
"""Points of what fills whatever room it is given: some lines to write on."""


def kept(story: Sequence[Flowable], width: float = WIDTH) -> list[Flowable]:
    """Return the blocks with a page's end wherever a title would stand at the foot without what it is over; what is said
    under a table does not stand without its last rows.

    The room is reckoned from the blocks themselves: more would leave the foot of pages empty. `width`: of the column.
    """
    note_tables(story, width)
    _hold_last(story, width)
    _hold_conditions(story)
    blocks: list[Flowable] = []
    at = 0
    while at < len(story):
        chain = _chain(story, at, width)
        if not chain:
            blocks.append(story[at])
            at += 1
            continue
        while blocks and isinstance(blocks[-1], CondPageBreak):
            blocks.pop()
        followed = story[chain[-1] + 1 : chain[-1] + 2]
        leading = [story[index] for index in chain]
        # ReportLab keeps what leads to a paragraph with the whole of it.
        whole = bool(getattr(leading[-1], "keepWithNext", 0))
        room = _height(leading, width) + sum(
            _height([block], width) if whole and isinstance(block, Paragraph) else _least(block, width)
            for block in followed
        )
        if whole and followed and isinstance(followed[0], DataTable):
            leading[-1] = _let_go(leading[-1])
        blocks += [CondPageBreak(min(room, HEIGHT - 1)), *leading]
        at = chain[-1] + 1
    return blocks


def _let_go(block: Flowable) -> Flowable:
    """The same block, which ReportLab does not keep with the whole of the table under it: that table went overleaf, and left
    its title over half a page of white."""
    alone = copy(block)
    alone.keepWithNext = 0
    return alone


def note_tables(story: Sequence[Flowable], width: float = WIDTH) -> None:
    """Let each table know what is said under it."""
    for at, block in enumerate(story):
        if not isinstance(block, DataTable):
            continue
        after, whole = block.getSpaceAfter(), 0.0
        for under in takewhile(_is_said, story[at + 1 :]):
            above = whole + max(after, under.getSpaceBefore())
            if whole and above > _SOME:
                break
            block.noted = above + _least(under, width)
            after, whole = under.getSpaceAfter(), above + under.wrap(width, HEIGHT)[1]


def _hold_last(story: Sequence[Flowable], width: float) -> None:
    """Let the last line of a list go with the one before it: alone at the head of a page it is read as one of no list."""
    for block, under, after in zip(story, story[1:], [*story[2:], None], strict=False):
        listed = isinstance(block, ListItem) and isinstance(under, ListItem) and block.whole is under.whole
        if listed and getattr(after, "whole", None) is not block.whole:
            # A line as tall as pages begins where it can.
            block.keepWithNext = block.wrap(width, HEIGHT)[1] <= _SOME


def _hold_conditions(story: Sequence[Flowable]) -> None:
    """Let how we read a promise go with the words before it: it does not say of whom it is, as a reserve does."""
    for block, under in pairwise(story):
        if not (isinstance(block, Paragraph) and isinstance(under, Paragraph)) or _begins(block):
            continue
        if under.style.name == CONDITION_STYLE.name and is_reading(under.getPlainText()):
            block.keepWithNext = 1


def _is_said(block: Flowable) -> bool:
    """Whether it may be said of the table that it is under: what has its own subject (`À surveiller (5) : …`, a reserve of
    the partner) may begin a page."""
    if not isinstance(block, Paragraph) or isinstance(block, WholeParagraph) or _begins(block):
        return False
    return bool(block.style.name != CONDITION_STYLE.name)


def _chain(story: Sequence[Flowable], start: int, width: float) -> list[int]:
    """Where the blocks stand that lead to another, from `start` on; none where it begins no title. A paragraph of many lines
    is read without what follows it."""
    chain: list[int] = []
    if not _begins(story[start]):
        return chain
    for at in range(start, len(story)):
        block = story[at]
        if isinstance(block, CondPageBreak):
            continue
        after = story[at + 1] if at + 1 < len(story) else None
        told = announces(block, story[chain[-1]] if chain else None, after)
        if not (_leads(block) or (told and block.wrap(width, HEIGHT)[1] <= _LINES * block.style.leading)):
            break
        chain.append(at)
    return chain


def _begins(block: Flowable) -> bool:
    return (
        isinstance(block, Heading) or getattr(getattr(block, "style", None), "name", "") == KICKER_STYLE.name
    )


def _leads(block: Flowable) -> bool:
    return _begins(block) or isinstance(block, Bar) or bool(getattr(block, "keepWithNext", 0))


def announces(block: Flowable, before: Flowable | None, after: Flowable | None) -> bool:
    """Whether it is the sentence between a title and what that is over."""
    if not (isinstance(block, Paragraph) and isinstance(before, (Heading, Bar))):
        return False
    if isinstance(after, Heading):
        # Of a title as high, it says nothing.
        return after.level > (before.level if isinstance(before, Heading) else 1)
    return isinstance(after, (DataTable, Table, ChartFlowable))


def _height(blocks: Sequence[Flowable], width: float) -> float:
    """The height of blocks that stand one under the other, with the room between them and after the last."""
    total = after = 0.0
    for block in blocks:
        total += max(after, block.getSpaceBefore()) + block.wrap(width, HEIGHT)[1]
        after = block.getSpaceAfter()
    return total + after


def _least(block: Flowable, width: float) -> float:
    """How much of a block must stand under its title."""
    if isinstance(block, DataTable):
        return block.least_height + block.noted * (block.least_height >= block.wrap(width, HEIGHT)[1])
    if isinstance(block, ChartFlowable):
        return block.least_height + float(block.getSpaceBefore())
    if isinstance(block, KeepTogether):
        return _height(block._content, width)
    # What takes the room that there is, such as lines to write on, is content with some.
    height = float(block.wrap(width, _WRITTEN)[1]) + float(block.getSpaceBefore())
    return min(height, _LINES * block.style.leading) if isinstance(block, Paragraph) else height
