"""What is due from a day on: meetings, decisions, steps, milestones, targets, engagements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from qpvdesk.domain.french import NNBSP, fold, format_value, plural
from qpvdesk.domain.meetings import is_open, meeting_code
from qpvdesk.domain.model import MEETING_LABELS, Objective
from qpvdesk.domain.progress import Statut
from qpvdesk.domain.situation import Situation


class NextDate(Struct, frozen=True):
    """Something due on a day to come."""

    day: date
    label: str
    code: str
    """Code of the object; empty when several share the line (see `codes`)."""
    codes: tuple[str, ...] = ()


def next_dates(situation: Situation) -> tuple[NextDate, ...]:
    """The dates to come, the day itself included. Objectives due on the same day share one line."""
    found = [
        item
        for dates in (_targets, _milestones, _engagements, _steps, _meetings, _decisions)
        for item in dates(situation)
        if item.day >= situation.day
    ]
    return tuple(sorted(found, key=lambda item: (item.day, fold(item.label))))


def _dated(day: date, label: str, code: str) -> NextDate:
    return NextDate(day, label, code, (code,))


def _targets(situation: Situation) -> Iterator[NextDate]:
    due: dict[date, list[Objective]] = {}
    for assessment in situation.counted:
        objective = assessment.objective
        settled = assessment.status in (Statut.SUIVI, Statut.ATTEINT)
        if objective.target_date is not None and not settled:
            due.setdefault(objective.target_date, []).append(objective)
    for day, objectives in due.items():
        codes = tuple(item.code for item in objectives)
        if len(codes) == 1:
            yield _dated(day, f"Échéance de {codes[0]}{NNBSP}: {objectives[0].label}", codes[0])
        else:
            yield NextDate(day, f"Échéance de {plural(len(codes), 'objectif', 'objectifs')}", "", codes)


def _milestones(situation: Situation) -> Iterator[NextDate]:
    for objective in situation.promises:
        for milestone in situation.milestones_of(objective.key):
            value = format_value(milestone.value, objective.unit)
            yield _dated(
                milestone.day, f"Jalon de {objective.code}{NNBSP}: {value}, {objective.label}", objective.code
            )


def _engagements(situation: Situation) -> Iterator[NextDate]:
    for item in situation.engagements:
        if item.due is not None:
            yield _dated(item.due, f"Échéance de l’engagement {item.code}{NNBSP}: {item.label}", item.code)


def _steps(situation: Situation) -> Iterator[NextDate]:
    followed = {item.key: item for item in situation.dossier.engagements}
    for step in situation.dossier.steps:
        if step.due is not None and step.done_on is None:
            engagement = followed.get(situation.followed_by(step.engagement))
            code, of = (
                (engagement.code, f" ({engagement.code}, {engagement.label})") if engagement else ("", "")
            )
            yield _dated(step.due, f"Étape{NNBSP}: {step.label.rstrip(' .')}{of}", code)


def _meetings(situation: Situation) -> Iterator[NextDate]:
    for meeting in situation.dossier.meetings:
        yield _dated(meeting.day, meeting.title or MEETING_LABELS[meeting.kind], meeting_code(meeting))


def _decisions(situation: Situation) -> Iterator[NextDate]:
    for decision in situation.dossier.decisions:
        if decision.due is not None and is_open(decision, situation.day):
            label = f"Décision à exécuter{NNBSP}: {decision.label.rstrip(' .')}"
            yield _dated(decision.due, label, situation.decision_code(decision))
