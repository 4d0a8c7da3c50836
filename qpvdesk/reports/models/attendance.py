"""The attendance sheet of a committee: a row for each function, blank rows down to the foot of the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.french import format_date
from qpvdesk.domain.meetings import lines
from qpvdesk.reports import sheets
from qpvdesk.reports.cells import EntryBox
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, title
from qpvdesk.reports.layout import Watch
from qpvdesk.reports.style import BODY_STYLE, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph

_ROWS, _ROOM = 17, "\n\n"
"""As many as a page holds under its title, and lines to sign on in each."""


def attendance(data: CopilData) -> list[Flowable]:
    """The sheet of the meeting that is named, else of the next COPIL."""
    meeting = data.copil
    words = "Réunion à préciser."
    people: tuple[str, ...] = ()
    if meeting is not None:
        place = f", {meeting.place}" if meeting.place else ""
        words = f"{meeting.name}, le {format_date(meeting.day)}{place}."
        people = lines(meeting.participants)
    return [
        *title(Entry("emargement", "Feuille d’émargement", 0)),
        paragraph(words, BODY_STYLE),
        *attendance_table(people, max(3, _ROWS - len(people)), _ROOM),
    ]


def attendance_table(people: Sequence[str], blank: int, room: str) -> list[Flowable]:
    """A row for each function and so many blank ones: boxes to tick, room to name who stands in, `room` to sign."""
    widths = fill(None, 44, 44, 118, 128)
    rows: list[list[Any]] = [
        [cell(text, widths[0] - 4) if text else "", EntryBox("", 12, 12), EntryBox("", 12, 12), "", room]
        for text in (*people, *[""] * blank)
    ]
    return data_table(("Fonction", "Présent", "Excusé", "Représenté par", "Émargement"), rows, widths)


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the paper and return its number of pages."""
    return sheets.write_blank(path, data, "feuille d’émargement", attendance, watch=watch)
