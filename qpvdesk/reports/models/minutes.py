"""The relevé de décisions: what a meeting decided, who was there, room to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from reportlab.platypus import Flowable

from qpvdesk.charts.primitives import Ink
from qpvdesk.domain.french import NNBSP, format_date
from qpvdesk.domain.meetings import decisions_of, earlier_decisions, is_open, lines, state_words
from qpvdesk.domain.model import MEETING_LABELS, Decision, Meeting
from qpvdesk.reports import sheets
from qpvdesk.reports.cells import EntryBox
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.layout import Watch
from qpvdesk.reports.lists import numbered
from qpvdesk.reports.sections.agenda import decisions_table
from qpvdesk.reports.style import (
    BODY_STYLE,
    MEDIUM,
    NOTE_STYLE,
    REGULAR,
    RULE,
    TABLE,
    WIDTH,
    colour,
    fill,
    ink,
    span,
)
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.tagging import tagged
from qpvdesk.reports.text import cell, paragraph

_BLANK = 4
"""Rows to fill in by hand where nothing is recorded."""


def minutes(data: CopilData, meeting: Meeting | None) -> list[Flowable]:
    """The decisions of a meeting, what earlier ones left open, who was there; blank where nothing is recorded."""
    dossier = data.situation.dossier
    kicker = MEETING_LABELS[meeting.kind] if meeting is not None else ""
    blocks = title(Entry("decisions", "Relevé de décisions", 0), kicker)
    if meeting is None:
        blocks.append(paragraph("Aucune réunion n’est enregistrée : formulaire à remplir.", BODY_STYLE))
    else:
        name = meeting.title or MEETING_LABELS[meeting.kind]
        place = f", {meeting.place}" if meeting.place else ""
        blocks.append(paragraph(f"{name}, le {format_date(meeting.day)}{place}.", BODY_STYLE))
        agenda = lines(meeting.agenda)
        if agenda:
            blocks += heading("Ordre du jour", room=60)
            blocks += numbered(agenda)
    blocks += heading("Décisions")
    blocks += _decisions(decisions_of(dossier, meeting.key) if meeting is not None else (), data.day)
    earlier = earlier_decisions(dossier, meeting, data.day) if meeting is not None else ()
    still = [item for item in earlier if is_open(item, data.day)]
    if still:
        blocks += heading("Décisions antérieures encore ouvertes")
        blocks += decisions_table(data, still)
    blocks += heading("Présences")
    blocks += _attendance(lines(meeting.participants) if meeting is not None else ())
    blocks += heading("Signatures", room=Signatures.HEIGHT + 40)
    blocks.append(Signatures())
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
            state_words(item, day),
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


class Signatures(Flowable):  # type: ignore[misc]
    """Two frames to sign in, side by side, never cut."""

    HEIGHT = 104.0
    _NAMES = ("Pour la présidence de séance", "Pour le secrétariat de séance")

    @property
    def texts(self) -> tuple[str, ...]:
        """What it asks for."""
        return tuple(f"{name}{NNBSP}: fonction, lieu, date et signature" for name in self._NAMES)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        self.width, self.height = WIDTH, self.HEIGHT
        return self.width, self.height

    def draw(self) -> None:
        with tagged(self.canv, "P", said=". ".join(self.texts)):
            for index, name in enumerate(self._NAMES):
                self._sign(name, index * (WIDTH - span(6)))

    def _sign(self, name: str, x: float) -> None:
        canvas, top = self.canv, self.HEIGHT
        canvas.setStrokeColor(colour(RULE))
        canvas.setLineWidth(0.8)
        canvas.rect(x, 1, span(6), top - 2, stroke=1, fill=0)
        canvas.setFont(MEDIUM, TABLE)
        canvas.setFillColor(ink(Ink.TEXT))
        canvas.drawString(x + 8, top - 15, name)
        canvas.setFont(REGULAR, TABLE)
        canvas.setFillColor(ink(Ink.MENTION))
        for row, words in enumerate(("Fonction", "Fait à", "Le")):
            y = top - 31 - row * 14
            canvas.drawString(x + 8, y, words)
            canvas.setLineWidth(0.5)
            canvas.line(x + 46, y - 2, x + span(6) - 8, y - 2)
        canvas.drawString(x + 8, 9, "Signature")


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the paper and return its number of pages."""
    return sheets.write(
        path, data, "relevé de décisions", lambda shown: minutes(shown, shown.review.meeting), watch=watch
    )
