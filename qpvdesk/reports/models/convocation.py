"""The letter that convenes a committee: when, where, its agenda, who is invited."""

from __future__ import annotations

from pathlib import Path

from reportlab.lib.enums import TA_RIGHT
from reportlab.platypus import Flowable, Spacer

from qpvdesk.domain.french import NNBSP, format_date
from qpvdesk.domain.meetings import is_open, lines
from qpvdesk.domain.model import Meeting
from qpvdesk.reports import sheets
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.layout import Watch
from qpvdesk.reports.lists import numbered
from qpvdesk.reports.sections.agenda import decisions_table
from qpvdesk.reports.sections.signature import Signatures
from qpvdesk.reports.style import BODY_STYLE, LEAD
from qpvdesk.reports.text import paragraph

_UNKNOWN = "……………………"
"""Where something is to be written by hand."""
_REGARDS = "Je vous prie d’agréer, Madame, Monsieur, l’expression de ma considération distinguée."


def convocation(data: CopilData) -> list[Flowable]:
    """The letter of the meeting that is named, else of the next COPIL; with blanks where nothing is recorded."""
    meeting = data.copil
    contract = data.situation.dossier.contract
    name = (meeting.name) if meeting is not None else "Comité de pilotage"
    blocks = title(Entry("convocation", "Convocation", 0), name)
    day = format_date(meeting.day) if meeting is not None else _UNKNOWN
    invited = f"{name[:1].lower()}{name[1:]} ({contract.name})"
    place = meeting.place if meeting is not None and meeting.place else _UNKNOWN
    blocks += [
        paragraph(f"{_UNKNOWN}, le {_UNKNOWN}", _RIGHT_STYLE),
        paragraph(f"Objet{NNBSP}: {invited}", BODY_STYLE),
        paragraph("Madame, Monsieur,", BODY_STYLE),
        paragraph(
            f"J’ai l’honneur de vous convier à la réunion en objet, le {day} à {_UNKNOWN} (heure). Lieu{NNBSP}: {place}.",
            BODY_STYLE,
        ),
    ]
    blocks += heading("Ordre du jour")
    agenda = lines(meeting.agenda) if meeting is not None else ()
    blocks += numbered(agenda or (_UNKNOWN, _UNKNOWN, _UNKNOWN))
    blocks += _to_prepare(data, meeting)
    blocks += [Spacer(0, LEAD), paragraph(_REGARDS, BODY_STYLE), Spacer(0, LEAD)]
    blocks.append(Signatures(("Pour la présidence",)))
    people = lines(meeting.participants) if meeting is not None else ()
    told = f"{f'{NNBSP}; '.join(people or [_UNKNOWN] * 3)}."
    return [*blocks, *heading("Destinataires"), paragraph(told, BODY_STYLE)]


def _to_prepare(data: CopilData, meeting: Meeting | None) -> list[Flowable]:
    """The open decisions of earlier meetings: each comes with an answer."""
    before = meeting.day if meeting is not None else data.day
    still = [item for item in data.situation.dossier.decisions if is_open(item, data.day)]
    still = [item for item in still if item.due is None or item.due <= before]
    if not still:
        return []
    still.sort(key=lambda item: (item.due is None, item.due, item.key))
    title_words = f"Suites à présenter, où elles en sont au {format_date(data.day)}"
    return [*heading(title_words), *decisions_table(data, still)]


_RIGHT_STYLE = BODY_STYLE.clone("place-and-day", alignment=TA_RIGHT)


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the paper and return its number of pages."""
    return sheets.write_blank(path, data, "convocation", convocation, watch=watch)
