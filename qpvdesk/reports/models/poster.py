"""The dashboard on one A3 page, to be laid on the table or put on the wall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product

from reportlab.platypus import Flowable

from qpvdesk.domain.agenda import NextDate
from qpvdesk.domain.french import NNBSP, format_date, format_on, plural
from qpvdesk.domain.meetings import overdue
from qpvdesk.domain.statuses import to_handle
from qpvdesk.reports import sheets
from qpvdesk.reports.ending import height_of, tightened
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, Heading, small_heading
from qpvdesk.reports.layout import Format
from qpvdesk.reports.left_out import IN_FILE
from qpvdesk.reports.letterhead import LetterheadBlock
from qpvdesk.reports.lists import bullets
from qpvdesk.reports.maps import MAP_TITLE, map_of
from qpvdesk.reports.models.parts import due_words
from qpvdesk.reports.pace import acronyms, ages, too_slow_words
from qpvdesk.reports.sections.decisions import to_take, with_names
from qpvdesk.reports.sections.essential import (
    BARS_MAX,
    ENTRY,
    arbitrations,
    late_decisions,
    late_line,
    standings,
    standings_blocks,
)
from qpvdesk.reports.sections.headline import nothing_promised
from qpvdesk.reports.sections.moves import COUNTED, NAMED, moved_section
from qpvdesk.reports.style import BODY_STYLE, CELL_STYLE, COMMENT_STYLE, H1_STYLE, NOTE_STYLE, WIDTH
from qpvdesk.reports.text import entitled, markup, paragraph

_SCALE = 1.5
"""What makes 12 points, read from a step away, of the 8 of a table."""
_WIDTH, _HEIGHT = 841.89 / _SCALE, 1190.55 / _SCALE
_MARGIN = (_WIDTH - WIDTH) / 2
_FOOT = 48.0
"""The code at the foot stands as far from the edge of the paper as on an A4 page."""
_COLUMN = _HEIGHT - _FOOT - 26
PAGES = Format(_WIDTH, _HEIGHT, _MARGIN, _FOOT, ((_MARGIN, _FOOT, WIDTH, _COLUMN),), scale=_SCALE, head=False)
"""A3, upright: one column, as wide as the text of an A4 page."""
_MAP_MIN, _MAP_MAX = 150.0, 190.0
_ROW, _ROW_TIGHT = 17.0, 15.0
"""Of a bar, and of one on a page whose rows stand closer."""
_BUDGETS = (
    (8, 9), (6, 7), (5, 6), (4, 5), (4, 3), (4, 2), (4, 1), (4, 0), (3, 2), (3, 1), (3, 0), (2, 1), (2, 0), (1, 0), (0, 0),
    (0, NAMED), (0, COUNTED),
)  # fmt: skip
"""How many late decisions and moves are shown, tried until the map has room under them."""
_FEWER_BARS = ((8, True), (4, True), (8, False), (4, False))
"""Of a page that holds no more, the others being counted, and whether it says what the short names stand for."""
_DATES_MAX = 16
_TITLE_STYLE = H1_STYLE.clone(H1_STYLE.name, fontSize=19, leading=23, spaceAfter=2)


def poster(data: CopilData) -> list[Flowable]:
    """What is to be settled, what changed, where everything stands, and where; what is to come where that leaves room."""
    contract = data.situation.dossier.contract
    words = data.composition.comment(ENTRY.key)
    head: list[Flowable] = [LetterheadBlock(data.letterhead)] if data.letterhead else []
    head += [
        Heading(markup(entitled(contract.name)), _TITLE_STYLE, Entry("affiche", contract.name, 0)),
        paragraph(_meeting_words(data), BODY_STYLE),
    ]
    head += [paragraph(words, COMMENT_STYLE)] if words else []
    blocks = next(_laid_out(data, head), None) or _parts_that_hold(data, head)
    blocks += _coming(data, _COLUMN - height_of(blocks))
    left = _COLUMN - height_of(blocks)
    more = to_take(data, with_names(data, lambda expected: height_of(to_take(data, expected)) <= left))
    return [*blocks, *more] if height_of([*blocks, *more]) <= _COLUMN else blocks


def _laid_out(data: CopilData, head: list[Flowable]) -> Iterator[list[Flowable]]:
    """The pages that hold, the best first: with the map where every late decision has its line, else without it; rows are
    drawn closer before one of them is left out, all that changed is before a bar, and bars before what the short names
    stand for."""
    late = min(len(overdue(data.situation.dossier, data.day)), _BUDGETS[0][0])
    drawn = bool(map_of(data, _MAP_MIN, far=True))
    # Whoever reads the wall has nobody to ask.
    now = data.situation
    stood = standings(data)
    told = [*ages(now), *nothing_promised(now)]
    # As on page one: what goes well today may miss its target.
    slow = [paragraph(text, CELL_STYLE) for text in too_slow_words(now, named=False)]
    bars_spelt = ((BARS_MAX, True), *_FEWER_BARS)
    bounds = ((True, *bars_spelt[0]), *((False, *bound) for bound in bars_spelt))
    for (mapped, most, spelt), (decisions, moves), tight in product(bounds, _BUDGETS, (False, True)):
        under = " ".join([*told, *(acronyms(now) if spelt else [])])
        bars = [*standings_blocks(data, stood, _ROW_TIGHT if tight else _ROW, most), *slow]
        bars += [paragraph(under, NOTE_STYLE)] if under else []
        above = [*late_decisions(data, decisions), *late_line(data), *moved_section(data, moves)]
        blocks = [*head, *arbitrations(data), *above, *bars]
        blocks = tightened(blocks) if tight else blocks
        room = _COLUMN - height_of(blocks)
        if mapped and drawn and decisions >= late and (where := _where(data, room)):
            yield [*blocks, *where]
        elif not mapped and room >= 0:
            yield blocks


def _parts_that_hold(data: CopilData, head: list[Flowable]) -> list[Flowable]:
    """Of a contract whose names and quotations are without end: what is to be settled, without what is quoted of it, then
    each part for which the page has still room."""
    bars = standings_blocks(data, standings(data), _ROW_TIGHT, _FEWER_BARS[-1][0])
    parts = (
        arbitrations(data, cited=False),
        [*late_decisions(data, 0), *late_line(data)],
        moved_section(data, -1),
        bars,
    )
    first, *others = map(tightened, parts)
    # A page without them would say that there are none.
    told = first if height_of([*head, *first]) <= _COLUMN else _counted_alone(data)
    blocks = [*head, *told]
    for part in others:
        blocks += part if height_of([*blocks, *part]) <= _COLUMN else []
    return blocks


def _counted_alone(data: CopilData) -> list[Flowable]:
    """How many objectives are to be treated, where the rows of none have room."""
    treated = to_handle(data.situation.counts)
    words = plural(treated, "objectif à traiter", "objectifs à traiter")
    return [paragraph(f"{words}{NNBSP}: faute de place, à lire {IN_FILE}.", BODY_STYLE)] if treated else []


def _meeting_words(data: CopilData) -> str:
    """Whose page it is: the committee, its day and place, the day of the data."""
    meeting = data.copil
    if meeting is None:
        return f"{data.review.data_words}."
    place = f", {meeting.place}" if meeting.place else ""
    return f"{meeting.name} du {format_date(meeting.day)}{place}. {data.review.data_words}."


def _where(data: CopilData, room: float) -> list[Flowable]:
    """The map in what room is left; nothing where it would not be read."""
    title = small_heading(MAP_TITLE)
    sources = map_of(data, _MAP_MIN, far=True)[1:]
    height = min(room - height_of([*title, *sources]) - title[0].getSpaceBefore() - 4, _MAP_MAX)
    return [*title, *map_of(data, height, far=True)] if height >= _MAP_MIN else []


def _coming(data: CopilData, room: float) -> list[Flowable]:
    """What is to come, in as many lines as the room holds; none where it holds none."""
    coming = [due_words(item) for item in data.review.agenda]
    for count in range(min(len(coming), _DATES_MAX), 0, -1):
        blocks = [*small_heading("Ce qui vient"), *bullets(coming[:count])]
        if later := data.review.agenda[count:]:
            rest = sum(len(item.codes) or 1 for item in later)
            words = plural(rest, "autre échéance", "autres échéances")
            last = format_on(max(item.day for item in later))
            blocks.append(paragraph(f"Et {words}, la dernière {last}{_most(later)}.", NOTE_STYLE))
        if blocks[0].getSpaceBefore() + height_of(blocks) <= room:
            return blocks
    return []


def _most(later: Sequence[NextDate]) -> str:
    """« , dont 31 fin 2027 »: the day on which most of them fall, where it is one."""
    counts: Counter[date] = Counter()
    for item in later:
        counts[item.day] += len(item.codes) or 1
    ((day, count),) = counts.most_common(1)
    return f", dont {count} {format_on(day)}" if len(counts) > 1 and 2 * count > counts.total() else ""


write = sheets.paper("affiche", poster, pages=PAGES)
