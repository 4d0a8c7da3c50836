"""What a contract comes down to on a day, in one sentence: what to handle, what is late, what to ask, what comes next."""

from __future__ import annotations

from qpvdesk.domain.expected import to_ask
from qpvdesk.domain.first_sight import Headline, Subject
from qpvdesk.domain.french import plural
from qpvdesk.domain.meetings import meeting_code, next_copil, overdue
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import to_handle


def headline(situation: Situation) -> tuple[Headline, ...]:
    """The parts of the sentence, the most pressing first; what counts nothing says so."""
    handle = to_handle(situation.counts)
    late = len(overdue(situation.dossier, situation.day))
    ask = len(to_ask(situation))
    return (
        _part(Subject.TO_HANDLE, handle, "objectif", "objectifs", more="à traiter"),
        _part(Subject.LATE_DECISIONS, late, "décision échue", "décisions échues", feminine=True),
        _part(Subject.TO_ASK, ask, "chiffre", "chiffres", more="à demander"),
        _next_copil(situation),
    )


def _part(
    subject: Subject, count: int, noun: str, nouns: str, *, more: str = "", feminine: bool = False
) -> Headline:
    told = plural(count, noun, nouns) if count else f"{'aucune' if feminine else 'aucun'} {noun}"
    return Headline(subject, f"{told} {more}".rstrip(), count)


def _next_copil(situation: Situation) -> Headline:
    copil = next_copil(situation.dossier, situation.day)
    if copil is None:
        return Headline(Subject.NEXT_COPIL, "aucun COPIL inscrit", 0)
    days = (copil.day - situation.day).days
    when = f"dans {plural(days, 'jour', 'jours')}" if days else "aujourd’hui"
    return Headline(Subject.NEXT_COPIL, f"COPIL {when}", days, meeting_code(copil))
