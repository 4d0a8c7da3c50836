"""The file for a calendar: what is to come, whole days, in the form that RFC 5545 asks for."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from qpvdesk.domain.agenda import next_dates
from qpvdesk.domain.appointments import appointments, icalendar
from qpvdesk.domain.model import Decision, DecisionState, Meeting, MeetingKind, Visit
from qpvdesk.domain.situation import situation
from tests.unit.charts.dossiers import DAY, busy

LATER = date(2026, 12, 18)


def test_a_calendar_holds_what_is_to_come_and_nothing_closed_or_gone() -> None:
    meetings = (
        Meeting("m1", "c", MeetingKind.COPIL, date(2025, 12, 4)),
        Meeting("m2", "c", MeetingKind.COPIL, LATER, "Lens ; salle 2", "Comité, d’hiver", "Suites\nSanté"),
    )
    decisions = (
        Decision("d1", "m1", "Revoir la cible", 1, "Bpifrance", date(2026, 9, 30)),
        Decision("d2", "m1", "Close", 2, "CALL", date(2026, 9, 30), DecisionState.FAITE, date(2026, 1, 1)),
        Decision("d3", "m1", "Échue", 3, "CALL", date(2026, 1, 31)),
    )
    visits = (
        Visit(
            "v1", "c", date(2026, 1, 2), "Marché", follow_up="Écrire", due=date(2026, 10, 1), carrier="Ville"
        ),
        Visit("v2", "c", date(2026, 1, 2), "Parc", follow_up="Rien", due=date(2026, 10, 2), done_on=DAY),
    )
    known = situation(replace(busy(), meetings=meetings, decisions=decisions, visits=visits), DAY)
    items = appointments(known)
    uids = [item.uid for item in items]
    assert [uid for uid in uids if uid.startswith(("decision", "reunion", "visite"))] == [
        "decision-d1",
        "visite-v1",
        "reunion-m2",
    ]
    assert [(item.day, item.title.partition(" –")[0]) for item in items] == [
        (due.day, due.label) for due in next_dates(known)
    ], "as many dates as on the dashboard"
    assert len(set(uids)) == len(uids) > 3
    written = icalendar(items, DAY)
    assert written == icalendar(items, DAY)
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert all(len(row) <= 75 for row in written.split(b"\r\n"))
    text = written.decode().replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20261218\r\nDTEND;VALUE=DATE:20261219\r\n" in text
    assert "SUMMARY:Comité\\, d’hiver – Contrat de ville d’essai" in text
    assert "LOCATION:Lens \\; salle 2" in text
    assert "DESCRIPTION:Suites\\nSanté" in text
    assert "porteur\u202f: Bpifrance." in text
    assert text.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert "Visite de Marché\\, porteur\u202f: Ville." in text
