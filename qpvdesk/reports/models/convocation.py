"""The letter that convenes a committee: when, where, its agenda, who is invited."""

from __future__ import annotations

from reportlab.lib.enums import TA_RIGHT
from reportlab.platypus import Flowable

from qpvdesk.domain.french import NNBSP, format_date, format_in_words, lowered
from qpvdesk.domain.meetings import is_open, lines
from qpvdesk.domain.model import Decision
from qpvdesk.reports import sheets
from qpvdesk.reports.ending import laid_out
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, small_heading, title
from qpvdesk.reports.lists import BLANK, bullets, numbered
from qpvdesk.reports.sections.agenda import decisions_before, decisions_table
from qpvdesk.reports.style import BODY_STYLE
from qpvdesk.reports.text import paragraph

_UNKNOWN = "……………………"
"""Where something is to be written by hand."""
_LINES = (BLANK,) * 5
_TO = "Destinataires"
_REGARDS = "Je vous prie d’agréer, Madame, Monsieur, l’expression de ma considération distinguée."


_REGARDS_STYLE = BODY_STYLE.clone("letter-regards", spaceBefore=10)
_RIGHT_STYLE = BODY_STYLE.clone("letter-right", alignment=TA_RIGHT)
_SIGNED_STYLE = _RIGHT_STYLE.clone("letter-signed", spaceBefore=6, spaceAfter=64)


def convocation(data: CopilData) -> list[Flowable]:
    """The letter of the meeting that is named, else of the next COPIL; with blanks where nothing is recorded."""
    meeting = data.copil
    contract = data.situation.dossier.contract
    name = (meeting.name) if meeting is not None else "Comité de pilotage"
    blocks = title(Entry("convocation", "Convocation", 0), name)
    day = format_in_words(meeting.day) if meeting is not None else _UNKNOWN
    invited = f"{lowered(name)} ({contract.name})"
    place = meeting.place if meeting is not None and meeting.place else _UNKNOWN
    blocks += [
        paragraph(f"À {_UNKNOWN}, le {_UNKNOWN}", _RIGHT_STYLE),
        paragraph(f"Objet{NNBSP}: {invited}", BODY_STYLE),
        paragraph("Madame, Monsieur,", BODY_STYLE),
        paragraph(
            f"J’ai l’honneur de vous convier à la réunion en objet, le {day} à {_UNKNOWN} heures.", BODY_STYLE
        ),
        # The dots to write on end the line.
        paragraph(f"Lieu{NNBSP}: {place}{'.' * (place != _UNKNOWN)}", BODY_STYLE),
    ]
    blocks += heading("Ordre du jour")
    agenda = lines(meeting.agenda) if meeting is not None else ()
    blocks += numbered(agenda or _LINES)
    blocks += _to_prepare(data)
    blocks += [
        paragraph(_REGARDS, _REGARDS_STYLE),
        paragraph("Pour la présidence (nom, fonction et signature)", _SIGNED_STYLE),
    ]
    people = lines(meeting.participants) if meeting is not None else ()
    told = bullets(people or _LINES)
    if people and laid_out([*sheets.head_of(data), *blocks, *small_heading(_TO), *told])[0] > 1:
        # In one sentence rather than the end of a list alone on a page.
        told = [paragraph(f"{f'{NNBSP}; '.join(people)}.", BODY_STYLE)]
    return [*blocks, *small_heading(_TO), *told]


def _to_prepare(data: CopilData) -> list[Flowable]:
    """The open decisions of earlier meetings, each of which comes with an answer: when it was decided, of whom it is
    awaited, for when, and where it stands."""
    if not (still := _still_open(data)):
        return []
    title_words = f"Suites à présenter, où elles en sont au {format_date(data.day)}"
    return [*heading(title_words), *decisions_table(data, still)]


def _still_open(data: CopilData) -> list[Decision]:
    """The decisions of earlier meetings that are to be answered for at this one, the first due first."""
    before = data.copil.day if data.copil is not None else data.day
    earlier, _ = decisions_before(data)
    still = [item for item in earlier if is_open(item, data.day) and (item.due is None or item.due <= before)]
    return sorted(still, key=lambda item: (item.due is None, item.due, item.key))


write = sheets.paper("convocation", convocation, told=lambda data: bool(_still_open(data)))
