"""The letter that convenes a committee: when, where, its agenda, who is invited."""

from __future__ import annotations

from pathlib import Path

from reportlab.platypus import Flowable

from qpvdesk.domain.french import NNBSP, format_date
from qpvdesk.domain.meetings import is_open, lines, meeting_of, state_words
from qpvdesk.domain.model import Decision, Meeting
from qpvdesk.domain.told import quoted
from qpvdesk.reports import sheets
from qpvdesk.reports.ending import laid_out
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.layout import Watch
from qpvdesk.reports.lists import bullets, numbered
from qpvdesk.reports.sections.signature import Signatures
from qpvdesk.reports.style import BODY_STYLE, NOTE_STYLE
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
    blocks += heading("Fonctions conviées")
    people = lines(meeting.participants) if meeting is not None else ()
    invited_told = bullets(people) if people else [paragraph("À compléter.", NOTE_STYLE)]
    end = [paragraph(_REGARDS, BODY_STYLE), *heading("Signature"), Signatures(("Pour la présidence",))]
    if people and laid_out([*sheets.head_of(data), *blocks, *invited_told, *end])[0] > 1:
        # In one sentence rather than a signature alone on a page.
        invited_told = [paragraph(f"{f'{NNBSP}; '.join(people)}.", BODY_STYLE)]
    return [*blocks, *invited_told, *end]


def _to_prepare(data: CopilData, meeting: Meeting | None) -> list[Flowable]:
    """The open decisions of earlier meetings: each comes with an answer."""
    before = meeting.day if meeting is not None else data.day
    still = [item for item in data.situation.dossier.decisions if is_open(item, data.day)]
    still = [item for item in still if item.due is None or item.due <= before]
    if not still:
        return []
    told = [
        f"{quoted(item.label.rstrip(' .'))}{_told_of(data, item)}."
        for item in sorted(still, key=lambda item: (item.due is None, item.due, item.key))
    ]
    return [*heading(f"Suites à présenter, où elles en sont au {format_date(data.day)}"), *bullets(told)]


def _told_of(data: CopilData, item: Decision) -> str:
    """When it was decided, of whom it is awaited, for when, and where it stands: its own words are of what is to be."""
    decided = meeting_of(data.situation.dossier, item.meeting).day
    carrier = f", {item.carrier}" if item.carrier else ""
    due = f", pour le {format_date(item.due)}" if item.due is not None else ""
    return (
        f" (décision du {format_date(decided)}{carrier}{due}{NNBSP}: {state_words(item, data.day).lower()})"
    )


def write(path: Path, data: CopilData, watch: Watch) -> int:
    """Write the paper and return its number of pages."""
    return sheets.write_blank(path, data, "convocation", convocation, watch=watch)
