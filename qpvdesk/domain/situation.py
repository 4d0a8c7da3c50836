"""Where a whole contract stands on a day: every objective assessed, counted by partner and by theme."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from msgspec import Struct

from qpvdesk.domain.french import NNBSP, fold, format_date, format_rate, format_value, plural
from qpvdesk.domain.model import MEETING_LABELS as MEETING_LABELS
from qpvdesk.domain.model import (
    Aggregation,
    Decision,
    DecisionState,
    Document,
    Dossier,
    Engagement,
    Measurement,
    Meeting,
    MeetingKind,
    Mesure,
    Meteo,
    Milestone,
    Objective,
    Partner,
    Population,
    Territory,
    Theme,
)
from qpvdesk.domain.progress import (
    STATUT_LABELS,
    Assessment,
    Evidence,
    Part,
    Reading,
    Statut,
    assess,
    reading_of,
)
from qpvdesk.domain.projection import Projection, project_series


class PartnerSummary(Struct, frozen=True):
    """A partner's objectives on a day."""

    partner: Partner
    counts: Mapping[Statut, int]
    """Every status, zero included."""
    objectives: int
    """How many are promised (context figures left out)."""
    mean_rate: Fraction | None
    """Weighted mean of the bounded rates of the `rated` objectives that have a way to go (`hausse`, `baisse`)."""
    rated: int


class Move(Struct, frozen=True):
    """What became of an objective between two days."""

    objective: Objective
    before: Assessment
    after: Assessment
    sentence: str

    @property
    def status_changed(self) -> bool:
        return self.before.status is not self.after.status


class NextDate(Struct, frozen=True):
    """Something due on a day to come."""

    day: date
    label: str
    code: str
    """Code of the object; empty when several share the line (see `codes`)."""
    codes: tuple[str, ...] = ()


WORRYING = (Statut.NON_ATTEINT, Statut.EN_RETARD, Statut.A_SURVEILLER)
SEVERITY: dict[Statut, int] = {
    Statut.ATTEINT: 0,
    Statut.EN_AVANCE: 1,
    Statut.CONFORME: 2,
    Statut.A_SURVEILLER: 3,
    Statut.EN_RETARD: 4,
    Statut.NON_ATTEINT: 5,
}
"""How bad a status is; those that tell nothing of progress are left out."""

_GROUNDS = ("contract", "objectives", "milestones", "populations", "territories")
"""What an assessment rests on, beside measurements."""

_MEETING_CODES: dict[MeetingKind, str] = {
    MeetingKind.COPIL: "COPIL",
    MeetingKind.COTECH: "COTECH",
    MeetingKind.REVUE: "REVUE",
    MeetingKind.BILATERALE: "BILAT",
}


class Situation:
    """A dossier seen on `day`. Nothing in it changes once built; projections are reckoned when first asked for."""

    def __init__(self, dossier: Dossier, day: date, like: Situation | None = None) -> None:
        """`like`: one of the same day, whose assessments are taken over where nothing they rest on has moved."""
        self.dossier = dossier
        self.day = day
        self._readings: dict[tuple[str, date], Reading | None] = {}
        self._running: set[tuple[str, date]] = set()
        self._projections: dict[str, Projection | None] = {}
        self._series: dict[str, tuple[tuple[date, Fraction], ...]] = {}
        self._objective_by_key = {item.key: item for item in dossier.objectives}
        self.objectives: tuple[Objective, ...] = _contract_order(dossier)
        self._own, self._elsewhere = self._group(dossier.measurements)
        self._milestones: dict[str, list[Milestone]] = {}
        for milestone in dossier.milestones:
            self._milestones.setdefault(milestone.objective, []).append(milestone)
        self._children: dict[str, list[Objective]] = {}
        for objective in self.objectives:
            if objective.parent is not None and objective.parent != objective.key:
                self._children.setdefault(objective.parent, []).append(objective)
        kept: Mapping[str, Assessment] = {}
        if like is not None and self._rests_on_the_same(like):
            moved = self._moved(like)
            kept = {key: one for key, one in like.assessments.items() if key not in moved}
            self._projections = {key: one for key, one in like._projections.copy().items() if key in kept}
            self._series = {key: one for key, one in like._series.copy().items() if key in kept}
        self.assessments: Mapping[str, Assessment] = {
            item.key: kept.get(item.key) or self._assess(item) for item in self.objectives
        }
        self.counts: Mapping[Statut, int] = _count(self.assessments.values())
        self.partners: tuple[PartnerSummary, ...] = tuple(
            _summary(
                partner, [self.assessments[item.key] for item in self.objectives_of_partner(partner.key)]
            )
            for partner in dossier.partners
        )
        self.mean_rate, self.rated = _mean_rate(self.assessments.values())

    def _rests_on_the_same(self, other: Situation) -> bool:
        """Whether nothing but measurements can make an assessment differ."""
        return self.day == other.day and all(
            getattr(self.dossier, name) == getattr(other.dossier, name) for name in _GROUNDS
        )

    def _moved(self, other: Situation) -> set[str]:
        """The keys of the objectives whose own figures differ, and of all that is reckoned from them."""
        moved = {
            key for key in self._own.keys() | other._own.keys() if self._own.get(key) != other._own.get(key)
        }
        waiting = list(moved)
        while waiting:
            key = waiting.pop()
            objective = self._objective_by_key.get(key)
            above = {objective.parent} if objective is not None and objective.parent else set()
            for one in (above | self._compared.get(key, set())) - moved:
                moved.add(one)
                waiting.append(one)
        return moved

    @cached_property
    def _compared(self) -> dict[str, set[str]]:
        """The keys of the objectives that are compared to each reference."""
        made: dict[str, set[str]] = {}
        for item in self.objectives:
            if item.reference is not None:
                made.setdefault(item.reference, set()).add(item.key)
        return made

    def _group(
        self, measurements: Iterable[Measurement]
    ) -> tuple[dict[str, list[Measurement]], dict[str, list[Measurement]]]:
        """Measurements by objective up to the day, sorted; those of another territory than the objective's apart."""
        own: dict[str, list[Measurement]] = {}
        elsewhere: dict[str, list[Measurement]] = {}
        home = {key: item.territory for key, item in self._objective_by_key.items()}
        day = self.day
        for item in measurements:
            if item.day > day:
                continue
            groups = own if home.get(item.objective) == item.territory else elsewhere
            group = groups.get(item.objective)
            if group is None:
                groups[item.objective] = [item]
            else:
                group.append(item)
        for groups in (own, elsewhere):
            for group in groups.values():
                if any(left.day >= right.day for left, right in pairwise(group)):
                    group.sort(key=_recorded)
        return own, elsewhere

    def objective(self, key: str) -> Objective:
        """The objective of that key; KeyError when there is none."""
        return self._objective_by_key[key]

    @cached_property
    def _by_code(self) -> dict[str, Objective]:
        return {item.code: item for item in reversed((*self.objectives, *self.dossier.objectives))}

    def objective_by_code(self, code: str) -> Objective:
        """The objective of that code; KeyError when there is none."""
        return self._by_code[code]

    @cached_property
    def _partner_by_key(self) -> dict[str, Partner]:
        return {item.key: item for item in self.dossier.partners}

    def partner(self, key: str) -> Partner:
        """The partner of that key; KeyError when there is none."""
        return self._partner_by_key[key]

    @cached_property
    def _territory_by_key(self) -> dict[str, Territory]:
        return {item.key: item for item in self.dossier.territories}

    def territory(self, key: str) -> Territory:
        """The territory of that key; KeyError when there is none."""
        return self._territory_by_key[key]

    @cached_property
    def _engagement_by_key(self) -> dict[str, Engagement]:
        return {item.key: item for item in self.dossier.engagements}

    def engagement(self, key: str) -> Engagement:
        """The engagement of that key; KeyError when there is none."""
        return self._engagement_by_key[key]

    @cached_property
    def _document_by_key(self) -> dict[str, Document]:
        return {item.key: item for item in self.dossier.documents}

    def document(self, key: str) -> Document:
        """The document of that key; KeyError when there is none."""
        return self._document_by_key[key]

    def measurements_of(self, objective_key: str) -> tuple[Measurement, ...]:
        """The objective's measurements on its own territory up to the day, oldest first."""
        return tuple(self._own.get(objective_key, ()))

    def measurements_elsewhere(self, objective_key: str) -> tuple[Measurement, ...]:
        """Those recorded on another territory: shown, never mixed in."""
        return tuple(self._elsewhere.get(objective_key, ()))

    def milestones_of(self, objective_key: str) -> tuple[Milestone, ...]:
        """The objective's intermediate targets by date."""
        return tuple(sorted(self._milestones.get(objective_key, ()), key=lambda item: item.day))

    def children_of(self, objective_key: str) -> tuple[Objective, ...]:
        """The objectives that decline this one on lower territories, retired ones left out."""
        return tuple(self._children.get(objective_key, ()))

    def objectives_of_partner(self, partner_key: str) -> tuple[Objective, ...]:
        """The partner's objectives in contract order, retired ones left out."""
        return tuple(self._of_partner.get(partner_key, ()))

    @cached_property
    def _of_partner(self) -> dict[str, list[Objective]]:
        groups: dict[str, list[Objective]] = {}
        for item in self.objectives:
            groups.setdefault(item.partner, []).append(item)
        return groups

    def objectives_of_engagement(self, engagement_key: str) -> tuple[Objective, ...]:
        """The engagement's objectives in contract order, retired ones left out."""
        return tuple(item for item in self.objectives if item.engagement == engagement_key)

    def engagements_of_partner(self, partner_key: str) -> tuple[Engagement, ...]:
        """The partner's engagements, retired ones left out."""
        return tuple(
            item for item in self.dossier.engagements if item.partner == partner_key and not item.retired
        )

    @cached_property
    def _meteo_by_engagement(self) -> dict[str, Meteo]:
        known = sorted(
            (item for item in self.dossier.meteos if item.day <= self.day), key=lambda m: (m.day, m.key)
        )
        return {item.engagement: item for item in known}

    def meteo_of(self, engagement_key: str) -> Meteo | None:
        """The engagement's météo on the day: the last given."""
        return self._meteo_by_engagement.get(engagement_key)

    def reading(self, objective_key: str, day: date) -> Reading | None:
        """The objective's value on `day` (not after the situation's own day): its last measurement, or the aggregate
        of the objectives that decline it."""
        return self._read(objective_key, day)[0]

    def _read(self, key: str, day: date) -> tuple[Reading | None, tuple[Part, ...]]:
        objective = self._objective_by_key.get(key)
        if objective is None:
            return None, ()
        children = self._children.get(key)
        if not children or objective.aggregation is Aggregation.AUCUN:
            return self._measured(key, day), ()
        mark = (key, day)
        if mark in self._running:
            return None, ()
        self._running.add(mark)
        try:
            read = [(child, self.reading(child.key, day)) for child in children]
        finally:
            self._running.discard(mark)
        if all(reading is None for _child, reading in read):
            own = self._measured(key, day)
            parts = tuple(Part(child.code) for child, _reading in read)
            return own, parts
        weights = self._weights(children) if objective.aggregation is Aggregation.MOYENNE_PONDEREE else {}
        parts = tuple(_part(objective, child, reading, weights) for child, reading in read)
        readings = [reading for _child, reading in read if reading is not None]
        if any(part.missing for part in parts):
            return None, parts
        return _aggregate(
            objective, readings, [weights.get(child.key, Fraction(0)) for child in children]
        ), parts

    def _measured(self, key: str, day: date) -> Reading | None:
        group = self._own.get(key)
        if not group:
            return None
        count = len(group) if day >= self.day else bisect_right(group, day, key=_day_of)
        return reading_of(group[count - 1]) if count else None

    def _weights(self, children: Sequence[Objective]) -> dict[str, Fraction]:
        """Inhabitants by child objective, in one perimeter for all (QPV first); empty where none covers them."""
        for perimeter in ("qpv", "totale"):
            found = {child.key: self.population(child.territory, perimeter) for child in children}
            known = {key: value for key, value in found.items() if value}
            if len(known) == len(found):
                return known
        return {}

    @cached_property
    def _population(self) -> dict[tuple[str, str], Population]:
        latest: dict[tuple[str, str], Population] = {}
        for item in sorted(self.dossier.populations, key=lambda p: p.vintage or date.min):
            latest[item.territory, item.perimeter] = item
        return latest

    def population(self, territory_key: str, perimeter: str = "qpv") -> Fraction | None:
        """Inhabitants of the territory in that perimeter (`qpv` or `totale`), latest vintage."""
        found = self._population.get((territory_key, perimeter))
        return None if found is None else Fraction(found.value)

    def series(self, objective_key: str) -> tuple[tuple[date, Fraction], ...]:
        """The objective's values up to the day, one a date, oldest first; those of an aggregate where it has any."""
        if objective_key not in self._series:
            self._series[objective_key] = self._make_series(objective_key)
        return self._series[objective_key]

    def _make_series(self, key: str) -> tuple[tuple[date, Fraction], ...]:
        assessment = self.assessments.get(key)
        values: dict[date, Fraction] = {}
        if assessment is not None and assessment.aggregated:
            for day in sorted(self._child_days(key, frozenset())):
                reading = self.reading(key, day)
                if reading is not None and reading.measurement is None:
                    values[reading.day] = reading.value
        else:
            for item in self._own.get(key, ()):
                values[item.day] = Fraction(item.value)
        return tuple(values.items())

    def _child_days(self, key: str, seen: frozenset[str]) -> set[date]:
        if key in seen:
            return set()
        days = {item.day for item in self._own.get(key, ())}
        for child in self._children.get(key, ()):
            days |= self._child_days(child.key, seen | {key})
        return days

    def _assess(self, objective: Objective) -> Assessment:
        reading, parts = self._read(objective.key, self.day)
        return self._assess_reading(objective, reading, parts, self._own.get(objective.key, []))

    def _assess_reading(
        self, objective: Objective, reading: Reading | None, parts: tuple[Part, ...], group: list[Measurement]
    ) -> Assessment:
        previous = first = reference = previous_reference = None
        if reading is not None and reading.measurement is not None:
            earlier = bisect_right(group, reading.day, key=_day_of) - 1
            while earlier >= 0 and group[earlier].day == reading.day:
                earlier -= 1
            if earlier >= 0:
                previous = reading_of(group[earlier])
                if objective.start_value is None:
                    first = reading_of(group[0])
        elif reading is not None:
            previous = self._earlier_aggregate(objective.key, reading)
        if reading is not None and objective.aim.compared and objective.reference is not None:
            reference = self.reading(objective.reference, reading.day)
            if previous is not None:
                previous_reference = self.reading(objective.reference, previous.day)
        evidence = Evidence(reading, previous, first, reference, previous_reference, parts)
        return assess(
            objective,
            self.day,
            evidence,
            milestones=self._milestones.get(objective.key, ()),
            thresholds=self.dossier.contract.thresholds,
        )

    def _earlier_aggregate(self, key: str, reading: Reading) -> Reading | None:
        """The last aggregate that stood on an earlier day than `reading`."""
        for day in sorted(self._child_days(key, frozenset()), reverse=True):
            if day < reading.day:
                earlier = self.reading(key, day)
                return earlier if earlier is not None and earlier.measurement is None else None
        return None

    def preview(self, measurement: Measurement) -> Assessment:
        """Where the measurement's objective would stand were it recorded (in place of the one of its key, if any).

        KeyError when its objective is not in the dossier. The situation itself does not change.
        """
        objective = self._objective_by_key[measurement.objective]
        kept = [item for item in self._own.get(objective.key, []) if item.key != measurement.key]
        if measurement.day <= self.day and measurement.territory == objective.territory:
            kept.insert(bisect_right(kept, measurement.day, key=_day_of), measurement)
        current = reading_of(kept[-1]) if kept else None
        return self._assess_reading(objective, current, (), kept)

    def projection(self, objective_key: str) -> Projection | None:
        """Where the pace so far leads the objective by its date; None where nothing can be told."""
        if objective_key not in self._projections:
            objective = self._objective_by_key[objective_key]
            self._projections[objective_key] = project_series(objective, self.series(objective_key), self.day)
        return self._projections[objective_key]

    def worrying(self, n: int = 5) -> tuple[Assessment, ...]:
        """The `n` objectives to speak of first: missed, then late, then to watch; the furthest behind first."""
        rank = {status: index for index, status in enumerate(WORRYING)}
        chosen = [item for item in self.assessments.values() if item.status in rank and _has_line(item)]
        chosen.sort(key=lambda item: (rank[item.status], _behind(item)))
        return tuple(chosen[:n])

    def matrix(self) -> Mapping[tuple[str, Theme], Mapping[Statut, int]]:
        """Counts by (partner key, theme), every status named; only the pairs that have an objective."""
        cells: dict[tuple[str, Theme], list[Assessment]] = {}
        for item in self.objectives:
            cells.setdefault((item.partner, item.theme), []).append(self.assessments[item.key])
        return {pair: _count(items) for pair, items in cells.items()}

    def quote_part(self, objective: Objective, territory: Territory) -> Fraction | None:
        """The territory's *quote-part indicative* of a target set wider: target × its inhabitants in QPV over those of
        the objective's territory. None for what cannot be dealt out (`divisible`) or where a local target exists.
        Indicative: never counted in a status."""
        if objective.target_value is None or not divisible(objective) or objective.territory == territory.key:
            return None
        aim = objective.aim
        if not (aim.has_target and aim.is_figure) or not self._within(territory, objective.territory):
            return None
        if any(child.territory == territory.key for child in self.children_of(objective.key)):
            return None
        part, whole = self.population(territory.key), self.population(objective.territory)
        if part is None or not whole:
            return None
        return Fraction(objective.target_value) * part / whole

    def _within(self, territory: Territory, ancestor: str) -> bool:
        seen: set[str] = set()
        current: Territory | None = territory
        while current is not None and current.key not in seen:
            if current.key == ancestor:
                return True
            seen.add(current.key)
            current = self._territory_by_key.get(current.parent) if current.parent is not None else None
        return False

    def moves_since(self, other: Situation) -> tuple[Move, ...]:
        """What moved since `other`, an earlier situation: changes of status first, for the worse before the better,
        then moves of the rate or the value, the widest first."""
        moves: list[tuple[tuple[int, int, Fraction], Move]] = []
        for objective in self.objectives:
            before, after = other.assessments.get(objective.key), self.assessments[objective.key]
            if before is None or (before.status is after.status and before.value == after.value):
                continue
            move = Move(objective, before, after, _move_sentence(objective, before, after))
            moves.append((_move_rank(before, after), move))
        moves.sort(key=lambda item: item[0])
        return tuple(move for _rank, move in moves)

    def next_dates(self) -> tuple[NextDate, ...]:
        """The dates to come, the day itself included: meetings, decisions, steps, milestones, targets, engagements.
        Objectives due on the same day share one line."""
        found: list[NextDate] = []
        due: dict[date, list[Objective]] = {}
        for item in self.objectives:
            done = self.assessments[item.key].status in (Statut.SUIVI, Statut.ATTEINT)
            if item.target_date is not None and item.target_date >= self.day and not done:
                due.setdefault(item.target_date, []).append(item)
        for day, items in due.items():
            codes = tuple(item.code for item in items)
            if len(items) == 1:
                found.append(
                    NextDate(day, f"Échéance de {codes[0]}{NNBSP}: {items[0].label}", codes[0], codes)
                )
            else:
                found.append(
                    NextDate(day, f"Échéance de {plural(len(items), 'objectif', 'objectifs')}", "", codes)
                )
        for objective in self.objectives:
            for milestone in self.milestones_of(objective.key):
                if milestone.day >= self.day:
                    value = format_value(milestone.value, objective.unit)
                    label = f"Jalon de {objective.code}{NNBSP}: {value}"
                    found.append(NextDate(milestone.day, label, objective.code, (objective.code,)))
        for engagement in self.dossier.engagements:
            if engagement.due is not None and engagement.due >= self.day and not engagement.retired:
                label = f"Échéance de l’engagement {engagement.code}{NNBSP}: {engagement.label}"
                found.append(NextDate(engagement.due, label, engagement.code, (engagement.code,)))
        for step in self.dossier.steps:
            if step.due is not None and step.due >= self.day and step.done_on is None:
                code = (
                    self._engagement_by_key[step.engagement].code
                    if step.engagement in self._engagement_by_key
                    else ""
                )
                found.append(
                    NextDate(step.due, f"Étape de {code}{NNBSP}: {step.label.rstrip(' .')}", code, (code,))
                )
        for meeting in self.dossier.meetings:
            if meeting.day >= self.day:
                code = meeting_code(meeting)
                found.append(
                    NextDate(meeting.day, meeting.title or MEETING_LABELS[meeting.kind], code, (code,))
                )
        for decision in self.dossier.decisions:
            pending = decision.state in (DecisionState.A_FAIRE, DecisionState.EN_COURS)
            if decision.due is not None and decision.due >= self.day and pending:
                code = self.decision_code(decision)
                found.append(
                    NextDate(
                        decision.due,
                        f"Décision à exécuter{NNBSP}: {decision.label.rstrip(' .')}",
                        code,
                        (code,),
                    )
                )
        found.sort(key=lambda item: (item.day, fold(item.label)))
        return tuple(found)

    def decision_code(self, decision: Decision) -> str:
        """What a decision is called: its meeting's code and its rank (`COPIL-2026-03-12-D2`)."""
        meeting = self._meeting_by_key.get(decision.meeting)
        return f"{meeting_code(meeting)}-D{decision.rank}" if meeting is not None else f"D{decision.rank}"

    @cached_property
    def _meeting_by_key(self) -> dict[str, Meeting]:
        return {item.key: item for item in self.dossier.meetings}


def situation(dossier: Dossier, day: date, like: Situation | None = None) -> Situation:
    """Where `dossier` stands on `day`. `like`: one known already, which spares what has not moved since."""
    return Situation(dossier, day, like)


_INTENSIVE = re.compile(
    r"^(%|pt|points?\b|fois\b|taux\b|parts?\b|moyenne|médiane|indice|note|rang|score|âge|ratio)"
    r"|/|[\s\u00a0\u202f](pour|par)[\s\u00a0\u202f]"
)
_DURATION = re.compile(r"^(h|heures?|min|minutes?|jours?|semaines?|mois|ans?|années?)\b")


def divisible(objective: Objective) -> bool:
    """Whether the figure is a number of things, so that a place may be told its part of it.

    How the contract has it added up says it first: what sums over places can be dealt out, a mean or a share
    cannot. Else the unit says it: no ratio, no multiple, and no duration unless hours or days are counted up.
    """
    if objective.aggregation is not Aggregation.AUCUN:
        return objective.aggregation is Aggregation.SOMME
    unit = objective.unit.strip().lower()
    if _INTENSIVE.search(unit):
        return False
    return objective.mesure is not Mesure.STOCK or not _DURATION.match(unit)


def meeting_code(meeting: Meeting) -> str:
    """What a meeting is called: `COPIL-2026-03-12`."""
    return f"{_MEETING_CODES[meeting.kind]}-{meeting.day.isoformat()}"


def is_meeting_code(code: str) -> bool:
    """Tell whether a code is that of a meeting or of one of its decisions."""
    return code.partition("-")[0] in _MEETING_CODES.values()


def _contract_order(dossier: Dossier) -> tuple[Objective, ...]:
    place = {partner.key: index for index, partner in enumerate(dossier.partners)}
    kept = [item for item in dossier.objectives if not item.retired]
    return tuple(sorted(kept, key=lambda item: place.get(item.partner, len(place))))


def _day_of(measurement: Measurement) -> date:
    return measurement.day


def _recorded(measurement: Measurement) -> tuple[date, date, str]:
    # The keys of a starter contract tell nothing of time: what was entered on a known day comes after them.
    return measurement.day, measurement.entered_on or date.min, measurement.key


def _part(
    objective: Objective, child: Objective, reading: Reading | None, weights: Mapping[str, Fraction]
) -> Part:
    if reading is None:
        return Part(child.code)
    reason = ""
    if objective.aggregation is Aggregation.PART and (
        reading.numerator is None or reading.denominator is None
    ):
        reason = "sans numérateur ni dénominateur"
    elif objective.aggregation is Aggregation.MOYENNE_PONDEREE and child.key not in weights:
        reason = "sans population"
    return Part(child.code, reading.day, reading.value, reason)


def _aggregate(
    objective: Objective, readings: Sequence[Reading], weights: Sequence[Fraction]
) -> Reading | None:
    """The value of `objective` from its children's, all known; dated by the oldest of them."""
    oldest = min(reading.day for reading in readings)
    if objective.aggregation is Aggregation.SOMME:
        return Reading(sum((reading.value for reading in readings), Fraction(0)), oldest)
    if objective.aggregation is Aggregation.MOYENNE_PONDEREE:
        total = sum(
            (reading.value * weight for reading, weight in zip(readings, weights, strict=True)), Fraction(0)
        )
        return Reading(total / sum(weights), oldest)
    numerator = sum((reading.numerator or Fraction(0) for reading in readings), Fraction(0))
    denominator = sum((reading.denominator or Fraction(0) for reading in readings), Fraction(0))
    if not denominator:
        return None
    scale = 100 if objective.unit.startswith("%") else 1
    return Reading(scale * numerator / denominator, oldest, None, numerator, denominator)


def _count(assessments: Iterable[Assessment]) -> dict[Statut, int]:
    counts = dict.fromkeys(Statut, 0)
    for item in assessments:
        counts[item.status] += 1
    return counts


def _mean_rate(assessments: Iterable[Assessment]) -> tuple[Fraction | None, int]:
    """The weighted mean of the bounded rates, and how many it covers. Flags (kept or not, done or not) stay out."""
    total = weights = Fraction(0)
    rated = 0
    for item in assessments:
        gauge = item.gauge
        if gauge is None or item.flagged:
            continue
        weight = Fraction(item.objective.weight)
        total += gauge * weight
        weights += weight
        rated += 1
    return (total / weights if weights else None), rated


def _summary(partner: Partner, assessments: Sequence[Assessment]) -> PartnerSummary:
    mean, rated = _mean_rate(assessments)
    promised = sum(1 for item in assessments if item.status is not Statut.SUIVI)
    return PartnerSummary(partner, _count(assessments), promised, mean, rated)


def _has_line(assessment: Assessment) -> bool:
    return assessment.lead is not None or assessment.gap is not None


def _behind(assessment: Assessment) -> Fraction:
    """How far behind, as a fraction of the way or of the bound; the least first."""
    if assessment.lead is not None:
        return assessment.lead
    gap = -abs(assessment.gap or Fraction(0))
    value = assessment.value or Fraction(0)
    bound = value - (assessment.gap or Fraction(0))
    return gap / abs(bound) if bound else gap


def _move_rank(before: Assessment, after: Assessment) -> tuple[int, int, Fraction]:
    width = -abs((after.rate or Fraction(0)) - (before.rate or Fraction(0)))
    if before.status is after.status:
        return 1, 0, width
    worse = SEVERITY.get(after.status, 0) - SEVERITY.get(before.status, 0)
    return 0, -worse, width


def value_words(found: Assessment) -> str:
    """The value of an objective in words, with its unit; whether it is done where it is a thing to do."""
    if found.objective.aim.yes_or_no and found.value is not None:
        return "fait" if found.status is Statut.ATTEINT else "non fait"
    return format_value(found.value, found.objective.unit)


def _move_sentence(objective: Objective, before: Assessment, after: Assessment) -> str:
    head = f"{objective.code}{NNBSP}: "
    value = value_words(after)
    if before.value is None and after.value is not None:
        text = f"première valeur connue, {value}"
    elif after.value is None:
        text = "plus de valeur connue"
    elif objective.aim.yes_or_no:
        text = value
    elif before.value == after.value:
        text = f"valeur inchangée, {value}"
    else:
        text = f"de {value_words(before)} à {value}"
    if after.value_day is not None:
        text += f" au {format_date(after.value_day)}"
    if before.rate is not None and after.rate is not None and before.rate != after.rate and not after.flagged:
        text += f" (taux de {format_rate(before.rate)} à {format_rate(after.rate)})"
    if before.status is after.status:
        return f"{head}{text}, toujours «{NNBSP}{STATUT_LABELS[after.status]}{NNBSP}»."
    was, now = STATUT_LABELS[before.status], STATUT_LABELS[after.status]
    return f"{head}{text}, de «{NNBSP}{was}{NNBSP}» à «{NNBSP}{now}{NNBSP}»."
