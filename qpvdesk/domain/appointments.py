"""Meetings and due dates as a file that any calendar reads: iCalendar, RFC 5545."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from qpvdesk.domain.meetings import is_open, lines, meeting_code
from qpvdesk.domain.model import MEETING_LABELS, Dossier

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


def appointments(dossier: Dossier, day: date) -> tuple[Appointment, ...]:
    """The meetings from `day` on, and the dates on which open decisions are due."""
    coming = [
        Appointment(
            f"reunion-{item.key}",
            item.day,
            f"{item.title or MEETING_LABELS[item.kind]} – {dossier.contract.name}",
            item.place,
            "\n".join(lines(item.agenda)),
        )
        for item in dossier.meetings
        if item.day >= day
    ]
    codes = {item.key: meeting_code(item) for item in dossier.meetings}
    due = [
        Appointment(
            f"decision-{item.key}",
            item.due,
            f"Échéance : {item.label}",
            note=f"Décision de {codes.get(item.meeting, '–')}, confiée à {item.carrier or '–'}.",
        )
        for item in dossier.decisions
        if item.due is not None and item.due >= day and is_open(item, day)
    ]
    return tuple(sorted((*coming, *due), key=lambda item: (item.day, item.uid)))


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
