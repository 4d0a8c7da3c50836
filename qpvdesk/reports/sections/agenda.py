"""The agenda of the meeting and what became of earlier decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from reportlab.platypus import Flowable

from qpvdesk.domain.french import format_date
from qpvdesk.domain.meetings import decisions_of, earlier_decisions, is_late, is_open, lines, state_words
from qpvdesk.domain.model import Decision
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.lists import numbered
from qpvdesk.reports.style import NOTE_STYLE, code_width, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph

ENTRY = Entry("ordre-du-jour", "Ordre du jour et suites données", 0)


def wanted(data: CopilData) -> bool:
    """Whether there is an agenda or an earlier decision to show."""
    meeting = data.copil
    return bool(data.situation.dossier.decisions) or bool(meeting and meeting.agenda.strip())


def agenda(data: CopilData) -> list[Flowable]:
    """The blocks of the section."""
    blocks = title(ENTRY)
    meeting = data.copil
    if meeting is not None and meeting.agenda.strip():
        blocks += heading(f"Ordre du jour du {format_date(meeting.day)}")
        blocks += numbered(lines(meeting.agenda))
    dossier = data.situation.dossier
    earlier = (
        earlier_decisions(dossier, meeting, data.day)
        if meeting is not None
        else _by_due(dossier.decisions, data.day)
    )
    own = decisions_of(dossier, meeting.key) if meeting is not None else ()
    if data.composition.late_only:
        late = [item for item in (*earlier, *own) if is_late(item, data.day)]
        blocks += heading("Décisions en retard")
        return blocks + (
            decisions_table(data, late)
            if late
            else [paragraph("Aucune décision n’est en retard.", NOTE_STYLE)]
        )
    if earlier:
        blocks += heading("Suites données aux décisions antérieures")
        blocks += decisions_table(data, earlier)
    else:
        blocks.append(paragraph("Aucune décision antérieure n’est enregistrée.", NOTE_STYLE))
    if own:
        blocks += heading("Décisions de cette réunion")
        blocks += decisions_table(data, own)
    return blocks


def _by_due(decisions: Sequence[Decision], day: date) -> list[Decision]:
    return sorted(decisions, key=lambda item: (not is_open(item, day), item.due or date.max, item.key))


def decisions_table(data: CopilData, decisions: Sequence[Decision]) -> list[Flowable]:
    """Decisions with who carries them, until when, and where they stand."""
    widths = fill(
        code_width((data.situation.decision_code(item) for item in decisions), most=106), None, 110, 56, 54
    )
    rows = [
        [
            cell(data.situation.decision_code(item), widths[0] - 4),
            cell(item.label, widths[1] - 8),
            cell(item.carrier or "–", widths[2] - 8),
            format_date(item.due),
            state_words(item, data.day),
        ]
        for item in decisions
    ]
    return data_table(("Décision", "Objet", "Confiée à", "Échéance", "État"), rows, widths, right=(3,))
