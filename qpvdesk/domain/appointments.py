"""Meetings and due dates as a file that any calendar reads: iCalendar, RFC 5545."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from qpvdesk.domain.agenda import NextDate, next_dates
from qpvdesk.domain.french import NNBSP
from qpvdesk.domain.meetings import lines, meeting_code
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.wording import of

_OCTETS_MAX = 75
"""Of a line, its end left out (RFC 5545, 3.1)."""


class Appointment(Struct, frozen=True):
    """A whole day in somebody's calendar."""

    uid: str
    """The same for ever: a calendar that reads it again moves it instead of adding one."""
    day: date
    title: str
    place: str = ""
    note: str = ""


def appointments(situation: Situation) -> tuple[Appointment, ...]:
    """What is to come, the day itself included: the dates of the dashboard, all of them, with what is known of each."""
    dossier = situation.dossier
    meetings = {f"reunion-{item.key}": item for item in dossier.meetings}
    codes = {item.key: meeting_code(item) for item in dossier.meetings}
    notes = {
        f"decision-{item.key}": f"Décision{of(codes.get(item.meeting, '–'))}, porteur{NNBSP}: {item.carrier or '–'}."
        for item in dossier.decisions
    } | {
        f"visite-{item.key}": f"Visite de {item.place}, porteur{NNBSP}: {item.carrier or '–'}."
        for item in dossier.visits
    }

    def appointment(item: NextDate) -> Appointment:
        meeting = meetings.get(item.uid)
        if meeting is not None:
            title = f"{item.label} – {dossier.contract.name}"
            return Appointment(item.uid, item.day, title, meeting.place, "\n".join(lines(meeting.agenda)))
        note = notes.get(item.uid, ", ".join(item.codes))
        return Appointment(item.uid, item.day, item.label, note=note)

    return tuple(map(appointment, next_dates(situation)))


def icalendar(items: Sequence[Appointment], made_on: date) -> bytes:
    """Return the file. The same appointments made on one day give the same bytes."""
    rows = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//qpvdesk//FR", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for item in items:
        rows += _event(item, made_on)
    rows.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for row in rows for part in _folded(row)).encode()


def _event(item: Appointment, made_on: date) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{item.uid}@qpvdesk"
    yield f"DTSTAMP:{made_on:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{item.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{item.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(item.title)}"
    if item.place:
        yield f"LOCATION:{_escaped(item.place)}"
    if item.note:
        yield f"DESCRIPTION:{_escaped(item.note)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    plain = "".join(
        char for char in text.replace("\r\n", "\n").replace("\r", "\n") if char == "\n" or char >= " "
    )
    for char in "\\;,":
        plain = plain.replace(char, f"\\{char}")
    return plain.replace("\n", "\\n")


def _folded(row: str) -> Iterator[str]:
    """The row in parts of at most 75 octets; those that go on begin with a space."""
    part = ""
    for char in row:
        if len((part + char).encode()) > _OCTETS_MAX:
            yield part
            part = " "
        part += char
    yield part
