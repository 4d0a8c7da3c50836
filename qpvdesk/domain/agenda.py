"""What is due from a day on: meetings, decisions, steps, milestones, targets, engagements, what follows from visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from qpvdesk.domain import tasks
from qpvdesk.domain.counts import partner_counts
from qpvdesk.domain.french import NNBSP, fold, format_date, format_value, plural
from qpvdesk.domain.meetings import decided_by, is_entrusted, is_open, meeting_code
from qpvdesk.domain.model import Engagement, Meteo, Step, Weather
from qpvdesk.domain.progress import Assessment
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.targets import reached as meets
from qpvdesk.domain.wording import of, quoted


class NextDate(Struct, frozen=True):
    """Something due on a day to come."""

    day: date
    label: str
    code: str
    """Code of the object; empty when several share the line (see `codes`)."""
    codes: tuple[str, ...] = ()
    uid: str = ""
    """What it is, the same for ever; a calendar knows it again by that."""
    who: str = ""
    """Who does it, in the officer's words; empty where that is not said."""

    @property
    def kind(self) -> str:
        """`etape`, `visite`, `jalon`…: what falls due."""
        return self.uid.partition("-")[0]

    @property
    def told(self) -> str:
        """`Étape : Signer la convention (Opérateur ; BPI-E03, …)`: the label, with who does it."""
        return self.label.removesuffix(self._of) + self.whose

    @property
    def late_words(self) -> str:
        """`Étape, en retard depuis le 31/03/2026 : Signer la convention (Opérateur ; BPI-E03, …).`"""
        head, mark, _ = self.label.partition(f"{NNBSP}: ")
        return f"{head}, en retard depuis le {format_date(self.day)}{mark}{self.task}{self.whose}."

    @property
    def what(self) -> str:
        """`Signer la convention`: what it is without its kind."""
        return self.label.partition(f"{NNBSP}: ")[2]

    @property
    def brief(self) -> str:
        """The label, the engagement of a step by its code alone."""
        head, of, _ = self.label.partition(f" ({self.code}, ")
        return f"{head} ({self.code})" if of else head

    @property
    def task(self) -> str:
        """`Signer la convention`: the same without whose step it is."""
        return self.what.partition(f" ({self.code}, ")[0]

    @property
    def quoted_what(self) -> str:
        """`« Signer la convention » (Opérateur ; BPI-E03, …)`: the same, whose it is apart."""
        return f"{quoted(self.task)}{self.whose}"

    @property
    def whose(self) -> str:
        """Who does it, unless its code begins with that, and of which engagement a step is."""
        if not self.who or self.code.startswith(f"{self.who}-"):
            return self._of
        return f" ({self.who}{NNBSP}; {self._of[2:]}" if self._of else f" ({self.who})"

    @property
    def _of(self) -> str:
        return self.what.removeprefix(self.task)


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


def past_engagements(situation: Situation) -> tuple[NextDate, ...]:
    """The engagements whose date is past and of which nothing says since then whether they were kept, the longest due first:
    no objective has that date, no météo was given from it on, not all of their steps are done and not all that they promised
    is reached by a value from it on. What was given before tells confidence, not what became of it: it is to be asked."""
    past = (item for item in _engagements(situation) if item.day < situation.day)
    unheard = (item for item in past if not _is_heard_of(situation, item.uid.partition("-")[2], item.day))
    return tuple(sorted(unheard, key=lambda item: (item.day, fold(item.label))))


def _is_heard_of(situation: Situation, key: str, due: date) -> bool:
    """Whether a météo, its steps or what it promised says what became of an engagement since its date."""
    meteo, steps = situation.meteo_of(key), situation.steps.get(key, ())
    if meteo is not None and meteo.day >= due and _says_something(meteo):
        return True
    if steps and not any(tasks.is_pending(step, situation.day) for step in steps):
        return True
    own = situation.objectives_of_engagement(key)
    goals = [situation.assessments[goal.key] for goal in own if goal.key in situation.promised_keys]
    return bool(goals) and all(_is_reached(goal, due) for goal in goals)


def _is_reached(goal: Assessment, due: date) -> bool:
    """Whether its target is reached, by a value of that date or later."""
    return goal.status is Statut.ATTEINT and goal.value_day is not None and goal.value_day >= due


def _says_something(meteo: Meteo) -> bool:
    """Whether a record of what becomes of an engagement holds more than its day."""
    told = (meteo.results, meteo.obstacles, meteo.next_steps)
    return meteo.weather is not Weather.NON_RENSEIGNEE or any(text.strip() for text in told)


def late_counts(situation: Situation, *, of_partners: bool = False) -> list[str]:
    """How many of them there are: `2 étapes`, `1 suite de visite`; what counts none is not told. `of_partners`: without the
    follow-ups of visits that no partner carries, which the secretariat would have the committee ask of itself."""
    kinds = [
        item.kind for item in late_dates(situation) if not of_partners or is_of_a_partner(situation, item)
    ]
    return [
        plural(count, noun, nouns)
        for kind, noun, nouns in (
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
        if engagement is not None and tasks.is_pending(step, situation.day):
            yield step, engagement


def _dated(day: date, label: str, code: str, uid: str, *, who: str = "") -> NextDate:
    return NextDate(day, label, code, (code,), uid, who)


def _targets(situation: Situation) -> Iterator[NextDate]:
    due: dict[date, list[Assessment]] = {}
    for assessment in situation.counted:
        if assessment.objective.target_date is not None and assessment.status is not Statut.SUIVI:
            due.setdefault(assessment.objective.target_date, []).append(assessment)
    for day, assessments in due.items():
        objectives = [item.objective for item in assessments]
        codes = tuple(item.code for item in objectives)
        already = _already(assessments)
        if len(codes) == 1:
            words = f"Échéance{of(codes[0])}{already}{NNBSP}: {objectives[0].label}"
        else:
            whose = partner_counts(situation.dossier, [item.partner for item in objectives])
            words = f"Échéance de {plural(len(codes), 'objectif', 'objectifs')}{already} ({whose})"
        code = codes[0] if len(codes) == 1 else ""
        yield NextDate(day, words, code, codes, f"cibles-{day.isoformat()}")


def _already(due: Sequence[Assessment]) -> str:
    """`, dont 4 déjà atteints, mais 2 à rapprocher de leurs déclinaisons`: what is reached is to be so until its date; of
    some a reading of their own says otherwise than the parts that make their value."""
    reached = [item for item in due if item.status is Statut.ATTEINT]
    unsure = sum(
        item.own is not None and meets(item.objective, item.own.value, item.reference_value) is False
        for item in reached
    )
    if not reached:
        return ""
    several = "s" * (len(reached) > 1)
    among = (
        f"dont {len(reached)} déjà atteint{several}" if len(reached) < len(due) else f"déjà atteint{several}"
    )
    which = f"{unsure} " * (unsure < len(reached))
    whose = "de leurs" if unsure > 1 else "de ses"
    return f", {among}" + (f", mais {which}à rapprocher {whose} déclinaisons" if unsure else "")


def _milestones(situation: Situation) -> Iterator[NextDate]:
    for objective in situation.promises:
        for milestone in situation.milestones_of(objective.key):
            value = format_value(milestone.value, objective.unit)
            words = f"Jalon{of(objective.code)}{NNBSP}: {value}, {objective.label}"
            yield _dated(milestone.day, words, objective.code, f"jalon-{milestone.key}")


def _engagements(situation: Situation) -> Iterator[NextDate]:
    # What an engagement is to reach by its date is told as the date of that objective.
    told = {(item.engagement, item.target_date) for item in situation.promises}
    for item in situation.engagements:
        if item.due is not None and (item.key, item.due) not in told:
            words = f"Échéance de l’engagement {item.code}{NNBSP}: {item.label}"
            yield _dated(item.due, words, item.code, f"engagement-{item.key}")


def _steps(situation: Situation) -> Iterator[NextDate]:
    for step, engagement in open_steps(situation):
        if step.due is not None:
            of = f"{engagement.code}, {engagement.label.rstrip(' .')}"
            words = f"Étape{NNBSP}: {step.label.rstrip(' .')} ({of})"
            yield _dated(step.due, words, engagement.code, f"etape-{step.key}", who=step.who)


def _meetings(situation: Situation) -> Iterator[NextDate]:
    for meeting in situation.dossier.meetings:
        name = meeting.name
        yield _dated(meeting.day, name, meeting_code(meeting), f"reunion-{meeting.key}")


def _decisions(situation: Situation) -> Iterator[NextDate]:
    for decision in decided_by(situation.dossier, situation.day):
        if decision.due is not None and is_open(decision, situation.day):
            label = f"Décision à exécuter{NNBSP}: {quoted(decision.label.rstrip(' .'))}"
            code, uid = situation.decision_code(decision), f"decision-{decision.key}"
            yield _dated(decision.due, label, code, uid, who=decision.carrier)


def _visits(situation: Situation) -> Iterator[NextDate]:
    if not situation.dossier.visits:
        return
    from qpvdesk.domain.visits import awaited, visit_codes  # noqa: PLC0415 - 1 ms, a contract with visits alone needs it

    codes = visit_codes(situation.dossier.visits)
    for visit in awaited(situation.dossier, situation.day):
        if visit.due is not None:
            label = f"Suite de visite ({visit.place}){NNBSP}: {visit.follow_up.rstrip(' .')}"
            yield _dated(visit.due, label, codes[visit.key], f"visite-{visit.key}", who=visit.carrier)
