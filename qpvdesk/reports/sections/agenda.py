"""The agenda of the meeting and what became of earlier decisions."""

from __future__ import annotations

from reportlab.platypus import Flowable

from qpvdesk.domain.french import format_date
from qpvdesk.domain.model import DecisionState
from qpvdesk.reports.document import Entry, heading, title
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph

ENTRY = Entry("ordre-du-jour", "Ordre du jour et suites données", 0)
STATES: dict[DecisionState, str] = {
    DecisionState.A_FAIRE: "À faire",
    DecisionState.EN_COURS: "En cours",
    DecisionState.FAITE: "Faite",
    DecisionState.ABANDONNEE: "Abandonnée",
}


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
        items = [text for text in meeting.agenda.splitlines() if text.strip()]
        blocks += [paragraph(f"{number}. {text.strip()}", BODY_STYLE) for number, text in enumerate(items, 1)]
    situation = data.situation
    decisions = situation.dossier.decisions
    if decisions:
        blocks += heading("Suites données aux décisions antérieures")
        widths = fill(86, None, 104, 54, 58)
        rows = []
        for item in decisions:
            late = (
                item.due is not None
                and item.due < data.day
                and item.state in (DecisionState.A_FAIRE, DecisionState.EN_COURS)
            )
            rows.append(
                [
                    cell(situation.decision_code(item), widths[0] - 4),
                    cell(item.label, widths[1] - 8),
                    cell(item.carrier or "–", widths[2] - 8),
                    format_date(item.due),
                    "Échue" if late else STATES[item.state],
                ]
            )
        blocks += data_table(("Décision", "Objet", "Confiée à", "Échéance", "État"), rows, widths, right=(3,))
    else:
        blocks.append(paragraph("Aucune décision antérieure n’est enregistrée.", NOTE_STYLE))
    return blocks
