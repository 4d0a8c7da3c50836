"""The agenda of the meeting and what became of earlier decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from reportlab.platypus import Flowable

from qpvdesk.domain.french import NNBSP, format_date, plural
from qpvdesk.domain.meetings import (
    decided_by,
    decisions_of,
    earlier_decisions,
    is_late,
    is_open,
    lines,
    meeting_of,
    state_words,
)
from qpvdesk.domain.model import Decision
from qpvdesk.domain.wording import quoted
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.headings import Entry, heading, title
from qpvdesk.reports.lists import bullets, numbered
from qpvdesk.reports.sections.decisions import TO_TAKE, expected_decisions
from qpvdesk.reports.style import NOTE_STYLE, code_width, fill
from qpvdesk.reports.tables import data_table
from qpvdesk.reports.text import cell, paragraph

_CLOSED_MAX = 8
_UNDER_TABLE = NOTE_STYLE.clone("told-before", spaceBefore=4)
DECISION_WIDTHS = (110.0, 52.0, 62.0)
"""Who carries a decision, until when, its state."""

ENTRY = Entry("ordre-du-jour", "Ordre du jour et suites données", 0, "Ordre du jour")
DECISIONS = Entry("a-decider", TO_TAKE, 0)


def wanted(data: CopilData) -> bool:
    meeting = data.copil
    return any(decisions_before(data)) or bool(meeting and meeting.agenda.strip())


def agenda(data: CopilData) -> list[Flowable]:
    blocks = title(ENTRY)
    meeting = data.copil
    if meeting is not None and meeting.agenda.strip():
        blocks += heading(f"Ordre du jour du {format_date(meeting.day)}")
        blocks += numbered(lines(meeting.agenda))
    earlier, own = decisions_before(data)
    if data.composition.late_only:
        late = [item for item in (*earlier, *own) if is_late(item, data.day)]
        blocks += heading("Décisions en retard")
        return blocks + (
            decisions_table(data, late)
            if late
            else [paragraph("Aucune décision n’est en retard.", NOTE_STYLE)]
        )
    if earlier:
        shown = [item for item in earlier if not _was_told(data, item)]
        blocks += heading("Suites données aux décisions antérieures")
        blocks += decisions_table(data, shown)
        blocks += _told_before(data, [item for item in earlier if item not in shown])
    else:
        blocks.append(paragraph("Aucune décision antérieure n’est enregistrée.", NOTE_STYLE))
    if own:
        blocks += heading(own_title(data))
        blocks += decisions_table(data, own)
    return blocks


def decisions_before(data: CopilData) -> tuple[Sequence[Decision], Sequence[Decision]]:
    """What earlier meetings decided, all of it where no meeting is known, and what the meeting itself did."""
    dossier, meeting = data.situation.dossier, data.copil
    if meeting is None:
        return _by_due(decided_by(dossier, data.day), data.day), ()
    return earlier_decisions(dossier, meeting, data.day), decisions_of(dossier, meeting.key)


def own_title(data: CopilData) -> str:
    """What the decisions of the meeting itself are called: before its day nobody has taken them."""
    coming = data.copil is not None and data.copil.day > data.day
    return "Décisions inscrites pour cette réunion" if coming else "Décisions de cette réunion"


def state_told(data: CopilData, decision: Decision, day: date) -> str:
    """Where it stands on that day, in words: what a meeting to come has still to decide is inscribed, and not yet to do."""
    coming = meeting_of(data.situation.dossier, decision.meeting).day > day
    return "Inscrite" if coming and is_open(decision, day) else state_words(decision, day)


def with_decisions(data: CopilData) -> list[Flowable]:
    """The same, then what the committee is to decide, which the contents lead to."""
    return [*agenda(data), *heading(TO_TAKE, DECISIONS), *bullets(expected_decisions(data))]


def _was_told(data: CopilData, item: Decision) -> bool:
    """Whether the committee before knew it closed."""
    baseline = data.review.baseline
    known = baseline is not None and item.state_on is not None and item.state_on <= baseline.day
    return known and not is_open(item, data.day)


def _told_before(data: CopilData, closed: Sequence[Decision]) -> list[Flowable]:
    """What the committee before knew closed, in one line, by name."""
    if not closed:
        return []
    names = [f"{quoted(item.label.rstrip(' .'))} ({state_words(item, data.day).lower()})" for item in closed]
    told = f"{NNBSP}; ".join(names[:_CLOSED_MAX])
    rest = len(names) - _CLOSED_MAX
    more = f" et {plural(rest, 'autre', 'autres')}" if rest > 0 else ""
    return [paragraph(f"Closes auparavant{NNBSP}: {told}{more}.", _UNDER_TABLE)]


def _by_due(decisions: Sequence[Decision], day: date) -> list[Decision]:
    return sorted(decisions, key=lambda item: (not is_open(item, day), item.due or date.max, item.key))


def code_column(data: CopilData, decisions: Sequence[Decision]) -> float:
    return code_width((data.situation.decision_code(item) for item in decisions), most=106)


def decisions_table(
    data: CopilData, decisions: Sequence[Decision], day: date | None = None
) -> list[Flowable]:
    """Decisions with who carries them, until when, and where they stand: on the day of the data, unless another is said."""
    widths = fill(code_column(data, decisions), None, *DECISION_WIDTHS)
    rows = [
        [
            cell(data.situation.decision_code(item), widths[0] - 4),
            cell(item.label, widths[1] - 8),
            cell(item.carrier or "–", widths[2] - 8),
            format_date(item.due),
            cell(state_told(data, item, day or data.day), widths[4] - 4),
        ]
        for item in decisions
    ]
    return data_table(("Décision", "Objet", "Confiée à", "Échéance", "État"), rows, widths, right=(3,))
