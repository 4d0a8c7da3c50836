"""The short file of a committee: page one, the agenda with what became of decisions, the decisions to take."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import Flowable, PageBreak, Spacer

from qpvdesk.domain.french import plural
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports import sheets
from qpvdesk.reports.ending import filled, laid_out, well_ended
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, commented, heading, title
from qpvdesk.reports.left_out import IN_FILE
from qpvdesk.reports.lists import bullets, first_of
from qpvdesk.reports.references import parity_note
from qpvdesk.reports.sections import agenda, page_one
from qpvdesk.reports.sections.decisions import TO_TAKE, expected_decisions, with_names
from qpvdesk.reports.sections.essential import ARBITRATED, ENTRY, to_treat_line
from qpvdesk.reports.style import NOTE_STYLE, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import paragraph

_APART = 22.0
"""Points between the agenda and the decisions of one page."""
_PAGES_MAX, _BLANK_MIN, _OTHERS = 2, 3, 10
"""Pages after the first; decisions that can be written by hand, at least; objectives that page one does not name."""


def short(data: CopilData) -> list[Flowable]:
    """Page one, then what follows it, down to the foot of its last page in rows to write on: two pages, else three."""
    head, words = sheets.head_of(data), data.composition.comment(ENTRY.key)
    first = page_one.with_decisions(data, head)
    before = [*agenda.agenda(data), Spacer(1, _APART)] if agenda.wanted(data) else []
    if not first.decides:
        before += title(Entry("a-decider", TO_TAKE, 0))

    def leading(most: int, expected: list[str], *, small: bool) -> list[Flowable]:
        told = [] if first.decides else bullets(expected)
        return well_ended([*before, *told, *_others(data, most, small=small)])[0]

    # Those that page one counts without naming them: in small letters where that saves a page, fewer where they would
    # take a fourth.
    expected = expected_decisions(data)
    tries = [(1, _OTHERS, False), (1, _OTHERS, True)]
    for pages, most, small in [*tries, *((_PAGES_MAX, fewer, False) for fewer in range(_OTHERS, -1, -1))]:
        led = leading(most, expected, small=small)
        if laid_out([*led, *_to_write(_BLANK_MIN)])[0] <= pages:
            break
    if not small:
        # So they stand right after what is to be decided, rather than under a page that this leaves a fifth of blank.
        small = laid_out(leading(most, expected, small=True))[0] < laid_out(led)[0]
        led = leading(most, expected, small=small)
    if not first.decides:
        room = laid_out([*led, *_to_write(_BLANK_MIN)])[0], laid_out(led)[0]

        def holds(told: list[str]) -> bool:
            more = leading(most, told, small=small)
            return (laid_out([*more, *_to_write(_BLANK_MIN)])[0], laid_out(more)[0]) <= room

        led = leading(most, with_names(data, holds), small=small)
    if not _are_named(data, most):
        first = page_one.with_decisions(data, head, page_one.Elsewhere(IN_FILE))
    blocks = [*commented(first.blocks, words), PageBreak()]
    return blocks + filled(lambda blank: [*led, *_to_write(blank)], _BLANK_MIN)


def _left(data: CopilData) -> list[Assessment]:
    """What page one counts without naming it, what is missed first: a page that says how many there are names them."""
    named = {item.objective.key for item in data.situation.to_look_at(ARBITRATED).shown}
    left = [item for item in data.situation.to_treat if item.objective.key not in named]
    return sorted(left, key=lambda item: item.status is not Statut.NON_ATTEINT)


def _are_named(data: CopilData, most: int) -> bool:
    """Whether each that page one says to be named later is: those that are missed, else all of them."""
    left = _left(data)
    missed = [item for item in left if item.status is Statut.NON_ATTEINT]
    return len(missed or left) <= (len(first_of(left, most)) if most else 0)


def _others(data: CopilData, most: int, *, small: bool) -> list[Flowable]:
    left = _left(data)
    shown = first_of(left, most) if most else []
    if not shown:
        return []
    told = [to_treat_line(data.situation, item) for item in shown]
    # Right under the shares, of which it is: each line has the value of its reference, and the day of that.
    after = max((at for at, item in enumerate(shown, 1) if item.objective.aim.compared), default=0)
    compared = parity_note(data.situation, [item.objective for item in shown], dated=False)
    blocks = [
        *heading("Les autres objectifs à traiter"),
        *bullets(told[:after], small=small),
        *compared,
        *bullets(told[after:], small=small),
    ]
    if rest := len(left) - len(shown):
        blocks.append(paragraph(f"Et {plural(rest, 'autre', 'autres')}, {IN_FILE}.", NOTE_STYLE))
    for block in blocks[:-1]:
        # The last of them alone over the lines to write on would be taken for one of these.
        block.keepWithNext = 1
    return blocks


def _to_write(blank: int) -> list[Flowable]:
    rows: list[list[Any]] = [[f"{number}", "\n\n\n", "", ""] for number in range(1, blank + 1)]
    widths = fill(24, None, 120, 70)
    return [
        *heading("Décisions de la séance", Entry("seance", "Décisions de la séance", 0)),
        *data_table(("N°", "Décision", "Confiée à", "Échéance"), rows, widths),
    ]


write = sheets.paper("dossier court", short)
