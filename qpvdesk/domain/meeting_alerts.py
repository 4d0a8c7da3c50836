"""Alerts of what somebody is to do: decisions, steps of engagements and follow-ups of visits past due, meetings without
agenda or data."""

from __future__ import annotations

from collections.abc import Iterator

from qpvdesk.domain.agenda import open_steps
from qpvdesk.domain.french import NNBSP, format_date, plural
from qpvdesk.domain.meetings import meeting_code, overdue
from qpvdesk.domain.model import Meeting, MeetingKind
from qpvdesk.domain.points import Finding
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.tasks import is_past_due
from qpvdesk.domain.visits import awaited, visit_codes
from qpvdesk.domain.wording import quoted

ETAPE_EN_RETARD = "etape_en_retard"
SUITE_EN_RETARD = "suite_en_retard"
REUNION_SANS_ORDRE_DU_JOUR = "reunion_sans_ordre_du_jour"
COPIL_SANS_ARRETE = "copil_sans_arrete"

_AGENDA_DAYS = 15
"""An agenda is sent two weeks ahead."""
_FREEZING_DAYS = 30
"""How long after a COPIL its data can still be frozen as it saw them, or nearly."""


def late_decisions(situation: Situation, _previous: Situation | None) -> Iterator[Finding]:
    for decision in overdue(situation.dossier, situation.day):
        due = decision.due or situation.day
        code = situation.decision_code(decision)
        late = (situation.day - due).days
        who = f" (porteur{NNBSP}: {decision.carrier})" if decision.carrier else ""
        yield Finding(
            code,
            None,
            f"La décision {quoted(decision.label.rstrip(' .'))}{who} devait être exécutée le "
            f"{format_date(due)}, soit {plural(late, 'jour', 'jours')} de retard.",
            "Relancez le porteur, ou notez ce qui est fait ou abandonné.",
            detail=decision.key,
        )


def late_steps(situation: Situation, _previous: Situation | None) -> Iterator[Finding]:
    late = [pair for pair in open_steps(situation) if is_past_due(pair[0], situation.day)]
    for step, engagement in sorted(late, key=lambda pair: pair[0].due or situation.day):
        due = step.due or situation.day
        who = f" (porteur{NNBSP}: {step.who})" if step.who else ""
        days = plural((situation.day - due).days, "jour", "jours")
        statement = (
            f"l’étape {quoted(step.label.rstrip(' .'))}{who} était prévue le {format_date(due)}, "
            f"soit {days} de retard."
        )
        yield Finding(
            engagement.code,
            engagement.partner,
            f"{engagement.label.rstrip('.')}{NNBSP}: {statement}",
            "Relancez le porteur, ou notez ce qui est fait.",
            detail=step.key,
            statement=statement,
        )


def forgotten_follow_ups(situation: Situation, _previous: Situation | None) -> Iterator[Finding]:
    if not situation.dossier.visits:
        return
    codes = visit_codes(situation.dossier.visits)
    for visit in awaited(situation.dossier, situation.day):
        if visit.due is None or not is_past_due(visit, situation.day):
            continue
        who = f" (porteur{NNBSP}: {visit.carrier})" if visit.carrier else ""
        yield Finding(
            codes[visit.key],
            None,
            f"La suite de la visite du {format_date(visit.day)} ({visit.place}), "
            f"{quoted(visit.follow_up.rstrip(' .'))}{who}, devait être donnée le {format_date(visit.due)}, soit "
            f"{plural((situation.day - visit.due).days, 'jour', 'jours')} de retard.",
            "Relancez le porteur, ou notez la suite donnée.",
        )


def unprepared_meetings(situation: Situation, _previous: Situation | None) -> Iterator[Finding]:
    for meeting in situation.dossier.meetings:
        left = (meeting.day - situation.day).days
        if not 0 <= left <= _AGENDA_DAYS or meeting.agenda.strip():
            continue
        when = f"dans {plural(left, 'jour', 'jours')}" if left else "aujourd’hui"
        yield _of_meeting(
            meeting,
            f"la réunion a lieu {when} et son ordre du jour est vide.",
            "Écrivez-le, ou reprenez celui de la réunion précédente.",
        )


def unfrozen_committees(situation: Situation, _previous: Situation | None) -> Iterator[Finding]:
    frozen = {item.meeting for item in situation.dossier.snapshots}
    for meeting in situation.dossier.meetings:
        since = (situation.day - meeting.day).days
        if meeting.kind != MeetingKind.COPIL or meeting.key in frozen or not 0 < since <= _FREEZING_DAYS:
            continue
        yield _of_meeting(
            meeting,
            f"le comité s’est tenu il y a {plural(since, 'jour', 'jours')} et ses données ne sont pas "
            f"arrêtées{NNBSP}: chaque saisie éloigne ce qu’on réimprimerait de ce qui y a été montré.",
            "Arrêtez les données de cette réunion.",
        )


def _of_meeting(meeting: Meeting, statement: str, remedy: str) -> Finding:
    name = f"{meeting.name} du {format_date(meeting.day)}"
    return Finding(meeting_code(meeting), None, f"{name}{NNBSP}: {statement}", remedy, statement=statement)
