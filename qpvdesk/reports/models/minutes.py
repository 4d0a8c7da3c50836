"""The relevé de décisions: what a meeting decided, who was there, room to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from reportlab.platypus import Flowable, PageBreak

from qpvdesk.domain.french import NNBSP, format_date
from qpvdesk.domain.meetings import decisions_of, earlier_decisions, is_open, lines
from qpvdesk.domain.model import Decision, Meeting
from qpvdesk.reports import sheets
from qpvdesk.reports.cells import EntryBox
from qpvdesk.reports.ending import filled, laid_out
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.lists import numbered
from qpvdesk.reports.models.attendance import ROOMS, attendance_table, expected, running_head, to_sign
from qpvdesk.reports.sections.agenda import DECISION_WIDTHS, decisions_table, state_told
from qpvdesk.reports.sections.signature import Signatures
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph

_BLANK = 4
"""Rows to fill in by hand where nothing is recorded."""
_NUMBER_WIDTH = 24.0
_PRESENT = "Présences"
_HEADER = ("N°", "Décision", "Confiée à", "Échéance", "État")
_OF_THE_MEETING = (("Nature", ""), ("Date", "jj / mm / aaaa"), ("Lieu", ""))


def minutes(data: CopilData, meeting: Meeting | None) -> list[Flowable]:
    """The decisions of a meeting, what earlier ones left open, who was there, who signs; blank where nothing is recorded.

    Who signs stands under the decisions, on one page or on two; where one does not hold it all, who was there has the
    second. Blank rows fill both.
    """
    head = sheets.head_of(data)
    people = expected(data, meeting)
    least = 0 if people else _BLANK
    still = _still_open(data, meeting)

    def decided(blank: int) -> list[Flowable]:
        return [*head, *_decided(data, meeting, blank)]

    for room in ROOMS:
        whole = partial(_sheet, [*decided(_BLANK), *still], people, room)
        if laid_out(whole(least))[0] == 1:
            return filled(whole, least)[len(head) :]
    # What earlier meetings left open has the second page where the first does not hold it.
    apart = laid_out([*decided(_BLANK), *still, *_signed()])[0] > 1
    under, over = ([], still) if apart else (still, [])
    first = filled(lambda blank: [*decided(blank), *under, *_signed()], _BLANK)
    named = heading(_PRESENT, Entry("presences", _PRESENT, 0, running_head(meeting)))
    present = to_sign(data, meeting, lambda rows: [*over, *named, *rows])
    return [*first, PageBreak(), *present][len(head) :]


def _sheet(above: Sequence[Flowable], people: Sequence[str], room: str, blank: int) -> list[Flowable]:
    return [*above, *_signed(), *heading(_PRESENT), *attendance_table(people, blank, room)]


def _decided(data: CopilData, meeting: Meeting | None, blank: int) -> list[Flowable]:
    """What is decided, with so many rows to write on where nothing is."""
    kicker = meeting.kind_name if meeting is not None else ""
    blocks = title(Entry("decisions", "Relevé de décisions", 0, running_head(meeting)), kicker)
    if meeting is None:
        none = _none(data, "réunion", "tenue")
        blocks.append(paragraph(f"{none}{NNBSP}: formulaire à remplir.", BODY_STYLE))
        widths = fill(118, None)
        boxes = [[words, EntryBox(hint, widths[1] - 4)] for words, hint in _OF_THE_MEETING]
        blocks += data_table(("La réunion", "À remplir"), boxes, widths)
    else:
        name = meeting.name
        place = f", {meeting.place}" if meeting.place else ""
        blocks.append(paragraph(f"{name}, le {format_date(meeting.day)}{place}.", BODY_STYLE))
        agenda = lines(meeting.agenda)
        if agenda:
            blocks += heading("Ordre du jour")
            blocks += numbered(agenda)
    own = decisions_of(data.situation.dossier, meeting.key) if meeting is not None else ()
    widths = fill(_NUMBER_WIDTH, None, *DECISION_WIDTHS)
    blocks += heading("Décisions")
    if not own:
        none = (
            "Aucune décision n’est enregistrée" if meeting is not None else _none(data, "décision", "prise")
        )
        blocks.append(paragraph(f"{none}{NNBSP}: lignes à remplir.", NOTE_STYLE))
    # By hand, a date begins under its title.
    right = (3,) if own else ()
    return [
        *blocks,
        *data_table(_HEADER, _rows(data, own, _day(data, meeting), widths, blank=blank), widths, right=right),
    ]


def _none(data: CopilData, noun: str, happened: str) -> str:
    """That there is none: as of the day of the data where all meetings came after it."""
    days = [item.day for item in data.situation.dossier.meetings]
    if not days or min(days) <= data.day:
        return f"Aucune {noun} n’est enregistrée"
    return f"Aucune {noun} n’était {happened} au {format_date(data.day)}"


def _day(data: CopilData, meeting: Meeting | None) -> date:
    """Once the meeting is held, its own whenever it is printed; before, that of the data, as of every other paper."""
    return min(meeting.day, data.day) if meeting is not None else data.day


def _still_open(data: CopilData, meeting: Meeting | None) -> list[Flowable]:
    """What earlier meetings decided and is not done."""
    day, dossier = _day(data, meeting), data.situation.dossier
    earlier = earlier_decisions(dossier, meeting, day) if meeting is not None else ()
    still = [item for item in earlier if is_open(item, day)]
    if meeting is None or not still:
        return []
    # Before the meeting nobody knows how they will stand on its day.
    since = f", au {format_date(day)}" if day < meeting.day else ""
    return [*heading(f"Décisions antérieures encore ouvertes{since}"), *decisions_table(data, still, day)]


def _rows(
    data: CopilData, own: Sequence[Decision], day: date, widths: Sequence[float], *, blank: int
) -> list[list[Any]]:
    if not own:
        return [[f"{number}", "\n\n", "", "", ""] for number in range(1, blank + 1)]
    return [
        [
            f"{item.rank or number}",
            cell(item.label, widths[1] - 8),
            cell(item.carrier or "–", widths[2] - 8),
            format_date(item.due),
            cell(state_told(data, item, day), widths[4] - 4),
        ]
        for number, item in enumerate(own, 1)
    ]


def _signed() -> list[Flowable]:
    return [
        *heading("Signatures"),
        Signatures(("Pour la présidence de séance", "Pour le secrétariat de séance")),
    ]


write = sheets.paper("relevé de décisions", lambda data: minutes(data, data.review.meeting))
