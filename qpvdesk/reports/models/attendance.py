"""The attendance sheet of a committee: a row for each function, blank rows down to the foot of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.french import fold, format_date
from qpvdesk.domain.meetings import lines
from qpvdesk.domain.model import Level, Meeting
from qpvdesk.domain.situation import Situation
from qpvdesk.reports import sheets
from qpvdesk.reports.cells import EntryBox
from qpvdesk.reports.ending import filled, laid_out
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, title
from qpvdesk.reports.style import BODY_STYLE, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph

_BLANK = 3
"""Rows for who was not expected, where few are."""
_MANY = 16
ROOMS = ("\n\n", "\n")
"""Lines to sign on: 13 mm, 9 where they are many."""
_MAYORS = re.compile(
    r"(les )?maires"
    r"( des (communes|villes|quartiers)( (du contrat|(qui ont|avec|ayant) un quartier.*))?| du contrat.*)?"
)


def attendance(data: CopilData) -> list[Flowable]:
    """The sheet of the meeting that is named, else of the next COPIL."""
    meeting = data.copil
    words = "Réunion à préciser."
    if meeting is not None:
        place = f", {meeting.place}" if meeting.place else ""
        words = f"{meeting.name}, le {format_date(meeting.day)}{place}."
    head = sheets.head_of(data)
    entry = Entry("emargement", "Feuille d’émargement", 0, running_head(meeting))
    above = [*head, *title(entry), paragraph(words, BODY_STYLE)]
    return to_sign(data, meeting, lambda rows: [*above, *rows])[len(head) :]


def running_head(meeting: Meeting | None) -> str:
    """Which meeting a sheet is of, on each of its pages: one that is signed may come loose."""
    return f"Séance du {format_date(meeting.day)}" if meeting is not None else ""


def to_sign(
    data: CopilData, meeting: Meeting | None, sheet: Callable[[list[Flowable]], list[Flowable]]
) -> list[Flowable]:
    """What `sheet` makes of a row for each who is expected: as high as one page holds, and blank ones to its foot."""
    people = expected(data, meeting)
    least = _BLANK if len(people) < _MANY else 1

    def rows(room: str, blank: int) -> list[Flowable]:
        return sheet(attendance_table(people, blank, room))

    room = next((room for room in ROOMS if laid_out(rows(room, least))[0] == 1), ROOMS[-1])
    return filled(partial(rows, room), least)


def expected(data: CopilData, meeting: Meeting | None) -> list[str]:
    """Who is expected, each to sign for himself: the mayors of several communes are as many."""
    people = lines(meeting.participants) if meeting is not None else ()
    return [function for told in people for function in _mayors(data.situation, told) or [told]]


def _mayors(situation: Situation, told: str) -> list[str]:
    """The mayor of each commune that `told` is about; none where it is about others."""
    told = fold(told).strip(" .")
    if not _MAYORS.fullmatch(told):
        return []
    communes = [item for item in situation.dossier.territories if item.level == Level.COMMUNE]
    if "quartier" in told:
        communes = [item for item in communes if situation.places.quartiers_in(item.key)]
    return [f"Maire, {item.name}" for item in communes]


def attendance_table(people: Sequence[str], blank: int, room: str) -> list[Flowable]:
    """A row for each function and so many blank ones: boxes to tick, room to name who stands in, `room` to sign."""
    widths = fill(None, 44, 44, 118, 128)
    rows: list[list[Any]] = [
        [cell(text, widths[0] - 4) if text else "", EntryBox("", 12, 12), EntryBox("", 12, 12), "", room]
        for text in (*people, *[""] * blank)
    ]
    return data_table(("Fonction", "Présent", "Excusé", "Représenté par", "Émargement"), rows, widths)


write = sheets.blank("feuille d’émargement", attendance)
