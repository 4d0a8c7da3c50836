"""The dashboard on one A3 page, to be laid on the table or put on the wall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from reportlab.platypus import Flowable, FrameBreak

from qpvdesk.domain.agenda import NextDate
from qpvdesk.domain.french import format_on, plural
from qpvdesk.reports import sheets
from qpvdesk.reports.ending import height_of
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, Heading, small_heading
from qpvdesk.reports.layout import Format, Watch
from qpvdesk.reports.letterhead import LetterheadBlock
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.maps import map_of
from qpvdesk.reports.models.parts import due_words
from qpvdesk.reports.sections.decisions import to_take
from qpvdesk.reports.sections.essential import (
    ENTRY,
    arbitrations,
    late_decisions,
    late_line,
    secretariat_sentence,
    standings_blocks,
)
from qpvdesk.reports.sections.moves import moved_section
from qpvdesk.reports.style import BODY_STYLE, CELL_STYLE, COMMENT_STYLE, H1_STYLE, NOTE_STYLE, WIDTH
from qpvdesk.reports.text import markup, paragraph

_GAP, _MARGIN, _FOOT = 26.0, 28.0, 40.0
_WIDTH = 2 * WIDTH + _GAP + 2 * _MARGIN
_SCALE = 1190.55 / _WIDTH
_HEIGHT = 841.89 / _SCALE
_TOP = 62.0
_COLUMN = _HEIGHT - _FOOT - 22 - _TOP
PAGES = Format(
    _WIDTH,
    _HEIGHT,
    _MARGIN,
    _FOOT,
    (
        (_MARGIN, _FOOT + _COLUMN, _WIDTH - 2 * _MARGIN, _TOP),
        (_MARGIN, _FOOT, WIDTH, _COLUMN),
        (_MARGIN + WIDTH + _GAP, _FOOT, WIDTH, _COLUMN),
    ),
    scale=_SCALE,
    head=False,
)
"""A3, landscape: a title across, two columns as wide as the text of an A4 page."""
_MAP_MIN = 150.0
_BUDGETS = ((8, 9), (6, 7), (5, 6), (4, 5), (3, 4), (2, 3), (1, 2), (0, 0), (0, -1))
"""How many late decisions and moves are shown, tried until the left column holds them."""
_DATES_MAX = 16
_TITLE_STYLE = H1_STYLE.clone(H1_STYLE.name, fontSize=21, leading=25, spaceAfter=2)


def poster(data: CopilData) -> list[Flowable]:
    """The title across; on the left what is to be settled, on the right where everything stands, and where."""
    contract = data.situation.dossier.contract
    words = data.composition.comment(ENTRY.key)
    head = [
        Heading(markup(contract.name), _TITLE_STYLE, Entry("affiche", contract.name, 0)),
        paragraph(words or f"{data.review.data_words}.", COMMENT_STYLE if words else BODY_STYLE),
    ]
    drawn = bool(map_of(data, _MAP_MIN))
    left = _with_room(_left(data, dated=drawn), to_take(data))
    right = _right(data) if drawn else [*standings_blocks(data, 19.0), *_secretariat(data)]
    if not drawn:
        # What is to come, where it has the most room: there is no map.
        column = min(left, right, key=height_of)
        column += _coming(data, _COLUMN - height_of(column))
    return [*head, FrameBreak(), *left, FrameBreak(), *right]


def _with_room(column: list[Flowable], more: list[Flowable]) -> list[Flowable]:
    """The column, and what it has room for."""
    return [*column, *more] if height_of([*column, *more]) <= _COLUMN else column


def _left(data: CopilData, *, dated: bool) -> list[Flowable]:
    """What is to be settled and, if `dated`, what is to come, with as many lines as the column holds."""
    head = [LetterheadBlock(data.letterhead)] if data.letterhead else []
    blocks: list[Flowable] = []
    for decisions, moves in _BUDGETS:
        late = [*late_decisions(data, decisions), *late_line(data)]
        blocks = [*head, *arbitrations(data), *late, *moved_section(data, moves)]
        if dated and (coming := _coming(data, _COLUMN - height_of(blocks))):
            return [*blocks, *coming]
        if height_of(blocks) <= _COLUMN:
            break
    return blocks


def _coming(data: CopilData, room: float) -> list[Flowable]:
    """What is to come, in as many lines as the room holds; none where it holds none."""
    coming = [due_words(item) for item in data.review.agenda]
    for count in range(min(len(coming), _DATES_MAX), 0, -1):
        blocks = [*small_heading("Ce qui vient"), *bullets(coming[:count])]
        if later := data.review.agenda[count:]:
            rest = sum(len(item.codes) or 1 for item in later)
            words = plural(rest, "autre échéance", "autres échéances")
            last = format_on(max(item.day for item in later))
            blocks.append(paragraph(f"et {words}, la dernière {last}{_most(later)}.", NOTE_STYLE))
        if blocks[0].getSpaceBefore() + height_of(blocks) <= room:
            return blocks
    return []


def _secretariat(data: CopilData) -> list[Flowable]:
    return [*small_heading("Pour le secrétariat"), paragraph(secretariat_sentence(data), CELL_STYLE)]


def _most(later: Sequence[NextDate]) -> str:
    """« , dont 31 fin 2027 »: the day on which most of them fall, where it is one."""
    counts: Counter[date] = Counter()
    for item in later:
        counts[item.day] += len(item.codes) or 1
    ((day, count),) = counts.most_common(1)
    return f", dont {count} {format_on(day)}" if len(counts) > 1 and 2 * count > counts.total() else ""


def _right(data: CopilData) -> list[Flowable]:
    """Where everything stands, and where on the map, which takes what room is left."""
    above = standings_blocks(data, 19.0)
    under = _secretariat(data)
    title = small_heading("Ce qui est promis, lieu par lieu")
    sources = map_of(data, _MAP_MIN)[1:]
    height = _COLUMN - height_of([*above, *title, *sources, *under]) - 12
    drawn = map_of(data, height) if height >= _MAP_MIN else []
    return [*above, *(title if drawn else []), *drawn, *under]


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the page; return 1."""
    return sheets.write(path, data, "affiche", poster, watch=watch, pages=PAGES)
