"""« L’essentiel »: where the contract stands, what moved, what is to be settled, laid out on one page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from functools import cache, partial
from typing import NamedTuple

from reportlab.platypus import Flowable

from qpvdesk.domain.french import NNBSP, format_date, lowered
from qpvdesk.domain.meetings import overdue
from qpvdesk.domain.moves import Move
from qpvdesk.domain.scales import is_beyond_home
from qpvdesk.reports.ending import height_of, tightened
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import small_heading, title
from qpvdesk.reports.left_out import NAMED_LATER, near_left
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.sections.decisions import (
    TO_TAKE,
    expected_decisions,
    to_take,
    whose_left_out,
    with_names,
)
from qpvdesk.reports.sections.essential import (
    ARBITRATED,
    BARS_MAX,
    ENTRY,
    SETTLED,
    arbitrations,
    late_decisions,
    late_line,
    secretariat_sentence,
    standings,
    standings_blocks,
)
from qpvdesk.reports.sections.headline import words_under_bars
from qpvdesk.reports.sections.moves import COUNTED, NAMED, moved_section
from qpvdesk.reports.style import CELL_STYLE, COMMENT_STYLE, HEIGHT, SMALL
from qpvdesk.reports.text import Paragraph, led, led_markup, markup, paragraph

_ROWS = (22.0, 20.0, 18.0, 15.0)
"""Points a bar of the chart may have, the most comfortable first."""
_LEAST_ROW = 13.5
"""The same where a bar gives way to the moves, in columns or named."""
_MANNERS = (
    (BARS_MAX, False, True, False), (BARS_MAX, True, True, False), (BARS_MAX, True, False, False),
    (BARS_MAX, True, False, True), (8, True, True, False), (8, True, False, False), (8, True, False, True),
)  # fmt: skip
"""As of `_Look`: the best first."""
_CLOSE = (6, True, False, True)
"""The manner that leaves the most room to what is to be decided."""
_MOVES = 3
"""Moves that have a row, before and after, were it with fewer names of what its chapters name."""
_BUDGETS = (
    (5, 8), (5, 6), (5, 4), (4, 4), (5, 2), (4, 2), (3, 2), (5, 1), (4, 1), (3, 1), (2, 1), (1, 1),
    (5, 0), (4, 0), (3, 0), (2, 0), (1, 0), (0, 0),
    *((decisions, moves) for moves in (NAMED, COUNTED) for decisions in (5, 4, 3, 2, 1, 0)),
)  # fmt: skip
"""How many late decisions and moves have a row, tried until all stands on one page; moves: 0 for the first in a sentence."""
LATE_NAMED = _BUDGETS[0][0]
"""Late decisions that have a row, at most."""
_FURTHER_ON = "plus loin"
"""Where the decisions are that the page has no room for: a copy is cut into pages by whoever opens it."""
_COUNTED_STYLE = CELL_STYLE.clone("counted-decisions", spaceBefore=5)
"""Apart from what concerns the secretariat."""


def unnamed(data: CopilData) -> set[str]:
    """The keys of what is to be treated and has no name on the page: no row, no place in the sentence under them."""
    situation, shown = data.situation, data.situation.to_look_at(ARBITRATED).shown
    near = [item for item in shown if not is_beyond_home(situation, item.objective)]
    left = near_left(situation, near) if len(near) < len(shown) else []
    # As `enumerate_words` has it, one more is named as soon.
    named = left if len(left) <= SETTLED + 1 else left[:SETTLED]
    return {item.objective.key for item in situation.to_treat if item not in (*shown, *named)}


class PageOne(NamedTuple):
    """The page, and what it leaves to the one after."""

    blocks: list[Flowable]
    decides: bool
    """Whether it holds the decisions that are expected, with whose they are."""
    moves: int
    """As of `moved_section`: how many moves have a row."""


class _Look(NamedTuple):
    """How the page is laid out: late decisions and moves that have a row, bars at most, tables with less air, those that go
    too slowly by name, who promised nothing by their short names."""

    budget: tuple[int, int]
    bars: int
    tight: bool
    slow_named: bool
    brief: bool


class Elsewhere(NamedTuple):
    """Where what the page has no room for is read."""

    others: str = NAMED_LATER
    """What is to be treated and has no name there."""
    moves: Callable[[CopilData, Sequence[Move]], str] | None = None
    """Says it of those without a row; the comparison without it."""
    decisions: str = _FURTHER_ON
    """Whose those are that are expected."""


FURTHER_ON = Elsewhere()


def essential(data: CopilData, elsewhere: Elsewhere = FURTHER_ON) -> list[Flowable]:
    """The blocks of the page; as many lines in its lists as the page holds."""
    return without_decisions(data, elsewhere).blocks


def without_decisions(data: CopilData, elsewhere: Elsewhere = FURTHER_ON) -> PageOne:
    """The page of a file that has an agenda, under which these stand."""
    page = _Page(data, (), elsewhere)
    return page.laid_out(page.best()[0])


def with_decisions(
    data: CopilData, head: Sequence[Flowable] = (), elsewhere: Elsewhere = FURTHER_ON
) -> PageOne:
    """The page with the decisions that are expected: whole, with the names of a few where they hold, else in small letters,
    else without whose they are, were it with fewer bars, for whoever has this page alone. `head`: what stands above it on
    its page."""
    page = _Page(data, head, elsewhere)
    look, named = page.best()
    row, expected = page.row(look), expected_decisions(data)
    if height_of(to_take(data, expected)) + SMALL <= page.left(look, row):
        return _named(data, page, look)
    for small in (False, True):
        if found := page.fitting((named,), to_take(data, expected, small=small)):
            return _named(data, page, found, small=small)
    close = small_heading(f"{TO_TAKE} (par partenaire, {elsewhere.decisions})")
    # A decision that is late keeps its name; a move may lose its row to what is to be decided.
    fewer = [rows for rows in page.least if rows[0] == named[0] and rows <= named]
    tail = [*close, *bullets(whose_left_out(data, expected), small=True)]
    if found := page.fitting(fewer, tail):
        return page.laid_out(found, tail)
    return _counted(page, (look, named), fewer, (len(expected), elsewhere.decisions))


def _counted(
    page: _Page,
    best: tuple[_Look, tuple[int, int]],
    fewer: Sequence[tuple[int, int]],
    told: tuple[int, str],
) -> PageOne:
    """The page that says how many decisions are expected, and where they are: on a row of their own, else after what
    concerns the secretariat. A move gives its row up to that only where no other page of the file has them."""
    look, named = best
    words = f"{NNBSP}: {told[0]}, {told[1]}."
    row, joined = [led(TO_TAKE, words, _COUNTED_STYLE)], page.ended(words)
    if found := page.fitting((named,), row):
        return page.laid_out(found, row)
    for height in (_ROWS[-1], _LEAST_ROW):
        if found := joined.fitting((named,), least_row=height):
            return joined.laid_out(found)
    if told[1] != _FURTHER_ON and (found := page.fitting(fewer, row)):
        return page.laid_out(found, row)
    return page.laid_out(look)


def _named(data: CopilData, page: _Page, look: _Look, *, small: bool = False) -> PageOne:
    """The page so laid out, whose decisions have the names of as many objectives as hold, were it for shorter bars."""

    def tail(expected: list[str]) -> list[Flowable]:
        return to_take(data, expected, small=small)

    told = tail(with_names(data, lambda expected: page.left(look, tail=tail(expected)) >= 0))
    return page.laid_out(look, told, decides=True)


class _Page:
    """The parts of the page, laid out for each look and made once for each length."""

    def __init__(self, data: CopilData, head: Sequence[Flowable], elsewhere: Elsewhere) -> None:
        words = data.composition.comment(ENTRY.key)
        # The officer's words are put under the title afterwards, and take their room here.
        self._above = [*head, paragraph(words, COMMENT_STYLE)] if words else [*head]
        self._first = [*title(ENTRY, _of_what(data)), *arbitrations(data, elsewhere.others)]
        self._waiting = late_line(data)
        self._secretariat = secretariat_sentence(data)
        self._last = [*small_heading("Pour le secrétariat"), paragraph(self._secretariat, CELL_STYLE)]
        self._late = cache(partial(late_decisions, data))
        self._moved = cache(partial(moved_section, data, where=elsewhere.moves))
        self._bars = cache(partial(standings_blocks, data, standings(data)))
        self._under = cache(partial(words_under_bars, data.situation))
        self._tighter = cache(lambda block: tightened([block])[0])
        decisions = min(len(overdue(data.situation.dossier, data.day)), LATE_NAMED)
        moves = len(data.review.moves)
        # Each late decision by its name, and some moves, were it with less air, then with fewer names, then with fewer bars.
        self.least = [
            *((decisions, min(moves, most)) for most in (_MOVES, 1, 0)),
            (decisions, NAMED),
            (decisions, COUNTED),
            (0, COUNTED),
        ]

    def ended(self, words: str) -> _Page:
        """The same, which says how many decisions are expected where its last sentence ends."""
        page = copy(self)
        text = f"{markup(self._secretariat)} {led_markup(TO_TAKE, words)}"
        page._last = [self._last[0], Paragraph(text, CELL_STYLE)]
        return page

    def blocks(self, look: _Look, row: float, tail: Sequence[Flowable] = ()) -> list[Flowable]:
        """All that stands on the page, its bars `row` points high. `tail`: what closes it."""
        decisions, moves = look.budget
        blocks = [*self._first, *self._late(decisions), *self._waiting, *self._moved(moves)]
        blocks += [*self._bars(row, look.bars), *self._under(slow_named=look.slow_named, brief=look.brief)]
        blocks += self._last
        return [*([self._tighter(block) for block in blocks] if look.tight else blocks), *tail]

    def laid_out(self, look: _Look, tail: Sequence[Flowable] = (), *, decides: bool = False) -> PageOne:
        """The page in that look, its chart as high as the rest leaves room."""
        return PageOne(self.blocks(look, self.row(look, tail), tail), decides, look.budget[1])

    def left(self, look: _Look, row: float = _ROWS[-1], tail: Sequence[Flowable] = ()) -> float:
        """How much of the page they leave free, in points."""
        return HEIGHT - 2 - height_of([*self._above, *self.blocks(look, row, tail)])

    def best(self) -> tuple[_Look, tuple[int, int]]:
        """The look that the page has by itself, and how many decisions and moves it has to name."""
        for named in self.least:
            if look := self.fitting((named,)):
                return look, named
            if named[1] > COUNTED and (look := self.fitting((named,), least_row=_LEAST_ROW)):
                return look, named
        return _Look(_BUDGETS[-1], *_MANNERS[-1]), self.least[-1]

    def fitting(
        self, least: Sequence[tuple[int, int]], tail: Sequence[Flowable] = (), least_row: float = _ROWS[-1]
    ) -> _Look | None:
        """The first look that holds on the page with its `tail`: for the first of those numbers of rows that any holds.
        `least_row`: the points of its bars."""
        return next(
            (
                look
                for named in least
                for manner in (*_MANNERS, *([_CLOSE] if tail else []))
                for budget in _BUDGETS
                if budget >= named
                and budget[1] >= named[1]
                and self.left(look := _Look(budget, *manner), least_row, tail) >= 0
            ),
            None,
        )

    def row(self, look: _Look, tail: Sequence[Flowable] = ()) -> float:
        """The height of a bar: what room is left goes to the chart."""
        rows = (*_ROWS, _LEAST_ROW)
        return next((taller for taller in rows if self.left(look, taller, tail) >= 0), _ROWS[-1])


def _of_what(data: CopilData) -> str:
    """Of which committee, when and where, on which data: whoever has this page alone has no cover."""
    meeting, words = data.copil, data.review.data_words
    if meeting is None:
        return words
    place = f", {meeting.place}" if meeting.place else ""
    return f"{meeting.kind_name} du {format_date(meeting.day)}{place} · {lowered(words)}"
