"""What is due from a day on: meetings, decisions, steps, milestones, targets, engagements, what follows from visits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from qpvdesk.domain.counts import partner_counts
from qpvdesk.domain.french import NNBSP, fold, format_date, format_value, plural
from qpvdesk.domain.meetings import is_entrusted, is_open, meeting_code
from qpvdesk.domain.model import Engagement, Objective, Step
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.told import quoted


class NextDate(Struct, frozen=True):
    """Something due on a day to come."""

    day: date
    head: str
    """What kind of thing it is and of what: `Étape`, `Échéance de ARS-O02`, `Suite de visite (Cité 12)`."""
    code: str
    """Code of the object; empty when several share the line (see `codes`)."""
    codes: tuple[str, ...]
    uid: str
    """What it is, the same for ever; a calendar knows it again by that."""
    task: str = ""
    """`Signer la convention`: what is to be done or reached; empty where the head says it all."""
    engagement: str = ""
    """Of a step: the engagement that it is of."""
    who: str = ""
    """Who does it, in the officer's words; empty where that is not said."""

    @property
    def kind(self) -> str:
        """`etape`, `visite`, `jalon`…: what falls due."""
        return self.uid.partition("-")[0]

    @property
    def label(self) -> str:
        """`Étape : Signer la convention (ARS-E01, Ouvrir une maison de santé)`."""
        return self._under(self.head, self._of)

    @property
    def late_words(self) -> str:
        """`Étape, en retard depuis le 31/03/2026 : Signer la convention.`"""
        return f"{self._under(f'{self.head}, en retard depuis le {format_date(self.day)}', self._of)}."

    @property
    def quoted_what(self) -> str:
        """`« Signer la convention » (ARS-E01, …)`: what is to be done, whose step it is apart."""
        return f"{quoted(self.task)}{self._of}"

    def brief(self, late: str = "") -> str:
        """The label, the engagement of a step by its code alone; `late` after its head."""
        return self._under(f"{self.head}{late}", f" ({self.code})" if self.engagement else "")

    @property
    def _of(self) -> str:
        return f" ({self.code}, {self.engagement})" if self.engagement else ""

    def _under(self, head: str, of: str) -> str:
        task = quoted(self.task) if self.kind == "decision" else self.task
        return f"{head}{NNBSP}: {task}{of}" if task else head


def next_dates(situation: Situation) -> tuple[NextDate, ...]:
    """The dates to come, the day itself included. Objectives due on the same day share one line."""
    found = [
        item
        for dates in (_targets, _milestones, _engagements, _steps, _meetings, _decisions, _visits)
        for item in dates(situation)
        if item.day >= situation.day
    ]
    return tuple(sorted(found, key=lambda item: (item.day, fold(item.label))))


def late_dates(situation: Situation) -> tuple[NextDate, ...]:
    """Steps of engagements and follow-ups of visits that should have been done before the day, the longest due first;
    decisions past due stand apart (`meetings.overdue`)."""
    late = (item for dates in (_steps, _visits) for item in dates(situation) if item.day < situation.day)
    return tuple(sorted(late, key=lambda item: (item.day, fold(item.label))))


def late_counts(situation: Situation, *, of_partners: bool = False) -> list[str]:
    """How many of them there are: `2 étapes`, `1 suite de visite`; what counts none is not told. `of_partners`: without the
    follow-ups of visits that no partner carries, which the secretariat would have the committee ask of itself."""
    kinds = [
        item.kind for item in late_dates(situation) if not of_partners or is_of_a_partner(situation, item)
    ]
    return [
        plural(count, one, many)
        for kind, one, many in (
            ("etape", "étape", "étapes"),
            ("visite", "suite de visite", "suites de visites"),
        )
        if (count := kinds.count(kind))
    ]


def is_of_a_partner(situation: Situation, late: NextDate) -> bool:
    """A step is of the engagement of one; what follows from a visit, of whoever carries it."""
    partners = situation.dossier.partners
    return late.kind == "etape" or any(is_entrusted(late.who, partner) for partner in partners)


def open_steps(situation: Situation) -> Iterator[tuple[Step, Engagement]]:
    """The steps that were not done by the day, in the order of the dossier, each with the engagement that is followed for
    it; those of an engagement that was given up wait for nobody."""
    engagements = {item.key: item for item in situation.engagements}
    for step in situation.dossier.steps:
        engagement = engagements.get(situation.followed_by(step.engagement))
        if engagement is not None and (step.done_on is None or step.done_on > situation.day):
            yield step, engagement


def _targets(situation: Situation) -> Iterator[NextDate]:
    due: dict[date, list[Objective]] = {}
    for assessment in situation.counted:
        objective = assessment.objective
        settled = assessment.status in (Statut.SUIVI, Statut.ATTEINT)
        if objective.target_date is not None and not settled:
            due.setdefault(objective.target_date, []).append(objective)
    for day, objectives in due.items():
        codes, uid = tuple(item.code for item in objectives), f"cibles-{day.isoformat()}"
        if len(codes) == 1:
            yield NextDate(day, f"Échéance de {codes[0]}", codes[0], codes, uid, objectives[0].label)
        else:
            whose = partner_counts(situation.dossier, [item.partner for item in objectives])
            many = plural(len(codes), "objectif", "objectifs")
            yield NextDate(day, f"Échéance de {many} ({whose})", "", codes, uid)


def _milestones(situation: Situation) -> Iterator[NextDate]:
    for objective in situation.promises:
        for milestone in situation.milestones_of(objective.key):
            code, uid = objective.code, f"jalon-{milestone.key}"
            task = f"{format_value(milestone.value, objective.unit)}, {objective.label}"
            yield NextDate(milestone.day, f"Jalon de {code}", code, (code,), uid, task)


def _engagements(situation: Situation) -> Iterator[NextDate]:
    # What an engagement is to reach by its date is told as the date of that objective.
    told = {(item.engagement, item.target_date) for item in situation.promises}
    for item in situation.engagements:
        if item.due is not None and (item.key, item.due) not in told:
            head, uid = f"Échéance de l’engagement {item.code}", f"engagement-{item.key}"
            yield NextDate(item.due, head, item.code, (item.code,), uid, item.label)


def _steps(situation: Situation) -> Iterator[NextDate]:
    for step, engagement in open_steps(situation):
        if step.due is not None:
            code, uid = engagement.code, f"etape-{step.key}"
            task, of = step.label.rstrip(" ."), engagement.label.rstrip(" .")
            yield NextDate(step.due, "Étape", code, (code,), uid, task, of, step.who)


def _meetings(situation: Situation) -> Iterator[NextDate]:
    for meeting in situation.dossier.meetings:
        code = meeting_code(meeting)
        yield NextDate(meeting.day, meeting.name, code, (code,), f"reunion-{meeting.key}")


def _decisions(situation: Situation) -> Iterator[NextDate]:
    for decision in situation.dossier.decisions:
        if decision.due is not None and is_open(decision, situation.day):
            code, uid = situation.decision_code(decision), f"decision-{decision.key}"
            task = decision.label.rstrip(" .")
            yield NextDate(
                decision.due, "Décision à exécuter", code, (code,), uid, task, who=decision.carrier
            )


def _visits(situation: Situation) -> Iterator[NextDate]:
    if not situation.dossier.visits:
        return
    from qpvdesk.domain.visits import awaited, visit_codes  # noqa: PLC0415 - 1 ms, a contract with visits alone needs it

    codes = visit_codes(situation.dossier.visits)
    for visit in awaited(situation.dossier, situation.day):
        if visit.due is not None:
            code, head = codes[visit.key], f"Suite de visite ({visit.place})"
            task = visit.follow_up.rstrip(" .")
            yield NextDate(visit.due, head, code, (code,), f"visite-{visit.key}", task, who=visit.carrier)
