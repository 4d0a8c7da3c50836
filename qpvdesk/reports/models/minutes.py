"""The relevé de décisions: what a meeting decided, who was there, room to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.domain.french import format_date
from qpvdesk.domain.meetings import decisions_of, earlier_decisions, is_open, lines, state_words
from qpvdesk.domain.model import MEETING_LABELS, Decision, Meeting
from qpvdesk.reports import sheets
from qpvdesk.reports.cells import EntryBox
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.layout import Watch
from qpvdesk.reports.lists import numbered
from qpvdesk.reports.sections.agenda import decisions_table
from qpvdesk.reports.sections.signature import Signatures
from qpvdesk.reports.style import (
    BODY_STYLE,
    NOTE_STYLE,
    fill,
)
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph

_BLANK = 4
"""Rows to fill in by hand where nothing is recorded."""
_OF_THE_MEETING = (("Nature", ""), ("Date", "jj / mm / aaaa"), ("Lieu", ""))


def minutes(data: CopilData, meeting: Meeting | None) -> list[Flowable]:
    """The decisions of a meeting, what earlier ones left open, who was there; blank where nothing is recorded."""
    dossier = data.situation.dossier
    kicker = MEETING_LABELS[meeting.kind] if meeting is not None else ""
    blocks = title(Entry("decisions", "Relevé de décisions", 0), kicker)
    if meeting is None:
        blocks.append(paragraph("Aucune réunion n’est enregistrée : formulaire à remplir.", BODY_STYLE))
        widths = fill(118, None)
        boxes = [[words, EntryBox(hint, widths[1] - 4)] for words, hint in _OF_THE_MEETING]
        blocks += data_table(("La réunion", "À remplir"), boxes, widths)
    else:
        name = meeting.title or MEETING_LABELS[meeting.kind]
        place = f", {meeting.place}" if meeting.place else ""
        blocks.append(paragraph(f"{name}, le {format_date(meeting.day)}{place}.", BODY_STYLE))
        agenda = lines(meeting.agenda)
        if agenda:
            blocks += heading("Ordre du jour")
            blocks += numbered(agenda)
    # Once the meeting is held, of its day whenever it is printed; before, of the day of the data, as every other paper.
    day = min(meeting.day, data.day) if meeting is not None else data.day
    blocks += heading("Décisions")
    blocks += _decisions(decisions_of(dossier, meeting.key) if meeting is not None else (), day)
    earlier = earlier_decisions(dossier, meeting, day) if meeting is not None else ()
    still = [item for item in earlier if is_open(item, day)]
    if still:
        blocks += heading("Décisions antérieures encore ouvertes")
        blocks += decisions_table(data, still, day)
    blocks += heading("Présences")
    blocks += _attendance(lines(meeting.participants) if meeting is not None else ())
    blocks += heading("Signatures")
    blocks.append(Signatures(("Pour la présidence de séance", "Pour le secrétariat de séance")))
    return blocks


def _decisions(own: Sequence[Decision], day: date) -> list[Flowable]:
    widths = fill(24, None, 120, 60, 60)
    if not own:
        blank: list[list[Any]] = [[f"{number}", "\n\n", "", "", ""] for number in range(1, _BLANK + 1)]
        return [
            paragraph("Aucune décision n’est enregistrée : lignes à remplir.", NOTE_STYLE),
            *data_table(("N°", "Décision", "Confiée à", "Échéance", "État"), blank, widths),
        ]
    rows: list[list[Any]] = [
        [
            f"{item.rank or number}",
            cell(item.label, widths[1] - 8),
            cell(item.carrier or "–", widths[2] - 8),
            format_date(item.due),
            cell(state_words(item, day), widths[4] - 4),
        ]
        for number, item in enumerate(own, 1)
    ]
    return data_table(("N°", "Décision", "Confiée à", "Échéance", "État"), rows, widths)


def _attendance(people: Sequence[str]) -> list[Flowable]:
    """A row for each function: boxes to tick, room to name who stands in, room to sign."""
    widths = fill(None, 44, 44, 118, 128)
    blank = "" if people else "\n"
    rows: list[list[Any]] = [
        [
            cell(text, widths[0] - 4) if text else blank,
            EntryBox("", 12, 12),
            EntryBox("", 12, 12),
            "",
            "",
        ]
        for text in (people or [""] * (_BLANK + 1))
    ]
    return data_table(("Fonction", "Présent", "Excusé", "Représenté par", "Émargement"), rows, widths)


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the paper and return its number of pages."""
    return sheets.write(
        path, data, "relevé de décisions", lambda shown: minutes(shown, shown.review.meeting), watch=watch
    )
