"""The blocks of a paper as copies that can be taken up elsewhere have them: one under the other, what belongs together
on one page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from reportlab.platypus import Flowable, PageBreak, Spacer, Table

from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.french import NNBSP, hold_codes
from qpvdesk.reports.headings import Heading
from qpvdesk.reports.keeping import announces, note_tables
from qpvdesk.reports.layout import Identity
from qpvdesk.reports.legend import Legend
from qpvdesk.reports.sections.essential import ENTRY as PAGE_ONE
from qpvdesk.reports.signs import TICK
from qpvdesk.reports.style import BOLD, MEDIUM, ink
from qpvdesk.reports.tables import DataTable
from qpvdesk.reports.text import Paragraph

_SPACES = re.compile(" {2,}")
RULED_LINES = 10
"""To write on, where the paper has some to its foot."""


def copied_blocks(story: Sequence[Flowable]) -> list[Flowable]:
    """Every block of a copy, each table with what is said under it."""
    blocks = list(_copied(story))
    note_tables(blocks)
    return blocks


def reading_order(story: Sequence[Flowable]) -> Iterator[Flowable]:
    """Every block in reading order, those that stand side by side one after the other."""
    for block in _copied(story):
        yield from chain.from_iterable(beside(block)) if type(block) is Table else (block,)


def _copied(story: Sequence[Flowable]) -> Iterator[Flowable]:
    for block in story:
        room = isinstance(block, (PageBreak, Spacer)) or not isinstance(block, Flowable)
        key = isinstance(block, Paragraph) and not copied_words(block)
        if not room and not key and not getattr(block, "printed_only", False):
            yield _ending(block) if isinstance(block, DataTable) else block


def _ending(table: DataTable) -> DataTable:
    """The table without the rows to write on that fill a page of paper: they would begin another, and a key adds one."""
    count = len(table.cells)
    while count > RULED_LINES and all(map(_is_to_write, table.cells[count - 1])):
        count -= 1
    return table.part(0, count) if count < len(table.cells) else table


def _is_to_write(value: object) -> bool:
    """Whether a cell says nothing, or a number alone."""
    return isinstance(value, str) and (not value.strip() or value.isdigit())


def beside(table: Table) -> list[list[Flowable]]:
    """The blocks of each of the columns that stand side by side."""
    return [list(reading_order(cell)) for row in table._cellvalues for cell in row]


def side_by_side(table: Table) -> list[tuple[Flowable | None, ...]]:
    """The same by levels: what stands at one height in each of the columns; None where a column is shorter."""
    return list(zip_longest(*beside(table)))


def turning_titles(story: Sequence[Flowable], blocks: Sequence[Flowable]) -> frozenset[int]:
    """The identities of the titles that begin a page on paper; the other chapters follow the one before, and a paper of
    one chapter goes on. So does what follows page one, which may run over in other letters."""
    if sum(1 for block in blocks if _is_listed(block)) < 2:
        return frozenset()
    found: set[int] = set()
    turned = after_first = False
    for block in story:
        if _is_listed(block):
            found |= {id(block)} if turned and not after_first else set()
            after_first = block.entry == PAGE_ONE
        turned = isinstance(block, PageBreak) or (turned and not isinstance(block, Heading))
    return frozenset(found)


def _is_listed(block: Flowable) -> bool:
    """Whether it is the title of a chapter, or of the sheets of a partner, as the bookmarks have them."""
    return isinstance(block, Heading) and block.entry is not None and block.entry.level == 0


def of_chapters(blocks: Sequence[Flowable]) -> bool:
    return sum(1 for block in blocks if isinstance(block, Heading) and block.level == 1) > 1


def is_kept(blocks: Sequence[Flowable], at: int) -> bool:
    """Whether a block leads to the next, as on paper, or is the sentence over a table or between a title and what that is
    over."""
    if isinstance(blocks[at], DataTable):
        return bool(blocks[at].noted)
    before, after = (blocks[near] if 0 <= near < len(blocks) else None for near in (at - 1, at + 1))
    # The key of a drawing stands under it.
    keyed = isinstance(after, Legend)
    # What is said between two tables is of the first.
    over = (
        isinstance(blocks[at], Paragraph)
        and isinstance(after, DataTable)
        and not isinstance(before, DataTable)
    )
    return keyed or over or bool(blocks[at].getKeepWithNext()) or announces(blocks[at], before, after)


def is_note(block: Paragraph) -> bool:
    """Whether it is set in the ink of what may be passed over."""
    return bool(block.style.textColor == ink(Ink.MENTION))


def is_bold(block: Paragraph) -> bool:
    return block.style.fontName in (MEDIUM, BOLD)


def paragraph_text(block: Paragraph) -> str:
    """Its words, as a copy has them: no code is broken at its hyphen, as none is on paper."""
    # Once it was laid out, the space between its heavy and its other words is told twice.
    return hold_codes(_SPACES.sub(" ", str(block.getPlainText(identify=1))))


def copied_words(block: Paragraph) -> str:
    """The same in a copy: no bar is drawn there, and nothing is said of what its tick is."""
    return _SPACES.sub(" ", paragraph_text(block).replace(TICK, "")).strip(" ")


def facts_of(identity: Identity) -> list[tuple[str, str]]:
    """What stands on a cover, each fact with what it is called; empty for what says it itself."""
    facts = identity.cover or (identity.foot_words,)
    parts = (fact.partition(f"{NNBSP}: ") for fact in facts if fact)
    return [(name, told) if told else ("", name) for name, _, told in parts]
