"""Where a whole contract stands on a day: every objective assessed, counted by partner and by theme."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from msgspec.structs import replace

from qpvdesk.domain import attention, counts
from qpvdesk.domain.counts import PartnerSummary
from qpvdesk.domain.evidence import Evidence, Reading
from qpvdesk.domain.gatherings import THEMES, gatherer
from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Dossier, Measurement, Meteo, Objective, Step
from qpvdesk.domain.progress import Assessment, assess
from qpvdesk.domain.projection import Projection, misses_target, project_series, short_of
from qpvdesk.domain.readings import Readings, Series
from qpvdesk.domain.reckoning import Reckoning
from qpvdesk.domain.scales import counted
from qpvdesk.domain.statuses import Statut, Weather, to_handle
from qpvdesk.domain.targets import Course, course_of

_GROUNDS = ("contract", "objectives", "milestones", "populations", "territories")
"""What an assessment rests on, beside measurements."""


class Situation(Index):
    """A dossier seen on `day`. Nothing in it changes once built; projections are reckoned when first asked for."""

    assessments: Mapping[str, Assessment]
    counted: tuple[Assessment, ...]
    """Those of which every count, tile, bar and mean is made, in the order of the contract."""
    counts: Mapping[Statut, int]
    partners: tuple[PartnerSummary, ...]

    def __init__(
        self, dossier: Dossier, day: date, like: Situation | None = None, reckoned: Reckoning | None = None
    ) -> None:
        """`like`: one of the same day, whose assessments are taken over where nothing they rest on has moved.

        `reckoned`: what was said of it when it was frozen, which is then said again as it was.
        """
        super().__init__(dossier)
        self.day = day
        self._readings = Readings(self, day)
        self._projections: dict[str, Projection | None] = {}
        self._series: dict[str, Series] = {}
        if reckoned is not None:
            self._take(reckoned)
        else:
            self._reckon(like)

    def _take(self, reckoned: Reckoning) -> None:
        """Say again what was said."""
        self.assessments = {item.objective.key: item for item in reckoned.assessments}
        self.counted = tuple(self.assessments[key] for key in reckoned.counted)
        self.counts = reckoned.counts
        self.partners = reckoned.partners
        self._projections = {item.key: reckoned.projections.get(item.key) for item in self.objectives}
        self._series = dict(reckoned.series)
        self.to_treat = tuple(self.assessments[key] for key in reckoned.to_treat)

    def _reckon(self, like: Situation | None) -> None:
        kept: Mapping[str, Assessment] = {}
        if like is not None and self._rests_on_the_same(like):
            moved = self._moved(like)
            kept = {key: item for key, item in like.assessments.items() if key not in moved}
            # Another thread may be filling them: they are copied before they are read.
            self._projections = {key: item for key, item in like._projections.copy().items() if key in kept}
            self._series = {key: item for key, item in like._series.copy().items() if key in kept}
        self.assessments = {
            item.key: kept.get(item.key) or self._assess(item, self._readings.evidence(item))
            for item in self.objectives
        }
        self.counted = tuple(self.assessments[item.key] for item in counted(self))
        self.counts = counts.count(self.counted)
        by_partner: dict[str, list[Assessment]] = {item.key: [] for item in self.dossier.partners}
        for item in self.counted:
            by_partner.setdefault(item.objective.partner, []).append(item)
        self.partners = tuple(
            counts.summary(self, partner, by_partner[partner.key]) for partner in self.dossier.partners
        )

    def _rests_on_the_same(self, other: Situation) -> bool:
        """Whether nothing but measurements can make an assessment differ."""
        return self.day == other.day and all(
            getattr(self.dossier, name) == getattr(other.dossier, name) for name in _GROUNDS
        )

    def _moved(self, other: Situation) -> set[str]:
        """The keys of the objectives whose own figures differ, and of all that is reckoned from them."""
        now, before = self._readings.own, other._readings.own
        waiting = [key for key in now.keys() | before.keys() if now.get(key) != before.get(key)]
        moved = set(waiting)
        while waiting:
            further = self._reckoned_from.get(waiting.pop(), set()) - moved
            moved |= further
            waiting += further
        return moved

    @cached_property
    def _reckoned_from(self) -> dict[str, set[str]]:
        """By objective, the keys of its parent and of those that are compared with it."""
        followers: dict[str, set[str]] = {}
        for item in self.dossier.objectives:
            if item.parent:
                followers.setdefault(item.key, set()).add(item.parent)
            if item.reference is not None and not item.retired:
                followers.setdefault(item.reference, set()).add(item.key)
        return followers

    def _assess(self, objective: Objective, evidence: Evidence) -> Assessment:
        return assess(
            objective,
            self.day,
            evidence,
            milestones=self._milestones.get(objective.key, ()),
            thresholds=self.dossier.contract.thresholds,
        )

    def measurements_of(self, objective_key: str) -> tuple[Measurement, ...]:
        """The objective's measurements on its own territory up to the day, oldest first."""
        return tuple(self._readings.own.get(objective_key, ()))

    def measurements_of_other_places(self, objective_key: str) -> tuple[Measurement, ...]:
        """Those recorded on another territory: shown, never mixed in."""
        return tuple(self._readings.of_other_places.get(objective_key, ()))

    @cached_property
    def steps(self) -> Mapping[str, list[Step]]:
        """By the key of an engagement that is followed, its steps and those of what precises it, in the order of the
        dossier; none of one that has none."""
        found: dict[str, list[Step]] = {}
        for step in self.dossier.steps:
            found.setdefault(self.followed_by(step.engagement), []).append(step)
        return found

    @cached_property
    def _meteo_by_engagement(self) -> dict[str, Meteo]:
        known = [item for item in self.dossier.meteos if item.day <= self.day]
        ordered = sorted(known, key=lambda item: (item.day, item.key))
        return {self.followed_by(item.engagement): item for item in ordered}

    def meteo_of(self, engagement_key: str) -> Meteo | None:
        """The engagement's météo on the day: the last given, to it or to what precises it."""
        return self._meteo_by_engagement.get(self.followed_by(engagement_key))

    def weather_of(self, engagement_key: str) -> Weather:
        """What that météo says; « non renseignée » where there is none."""
        meteo = self.meteo_of(engagement_key)
        return meteo.weather if meteo is not None else Weather.NON_RENSEIGNEE

    def reading(self, objective_key: str, day: date) -> Reading | None:
        """The objective's value on `day` (not after the situation's own day): its last measurement, or the aggregate
        of the objectives that decline it. None also for an objective that the contract does not have."""
        return self._readings.reading(objective_key, day)

    def series(self, objective_key: str) -> Series:
        """The objective's values up to the day, one a date, oldest first; those of an aggregate where it has any."""
        if objective_key not in self._series:
            aggregated = self._is_aggregated(objective_key)
            self._series[objective_key] = self._readings.series(objective_key, aggregated=aggregated)
        return self._series[objective_key]

    def _is_aggregated(self, objective_key: str) -> bool:
        return objective_key in self.assessments and self._readings.is_declined(objective_key)

    def projection(self, objective_key: str) -> Projection | None:
        """Where the pace so far leads the objective by its date; None where nothing can be told."""
        if objective_key not in self._projections:
            # A pace takes the values as they were entered: a fraction of each costs more than the line itself.
            series = (
                self.series(objective_key)
                if self._is_aggregated(objective_key)
                else [(item.day, item.value) for item in self.measurements_of(objective_key)]
            )
            self._projections[objective_key] = project_series(self.objective(objective_key), series, self.day)
        return self._projections[objective_key]

    @cached_property
    def to_treat(self) -> tuple[Assessment, ...]:
        """The objectives *à traiter*, in the order in which they are looked at."""
        return tuple(attention.by_lack(self, self.counted))

    @cached_property
    def promised(self) -> tuple[Objective, ...]:
        """What is counted as promised: once each, without what is only followed."""
        return tuple(item.objective for item in self.counted if item.status is not Statut.SUIVI)

    @cached_property
    def promised_keys(self) -> frozenset[str]:
        return frozenset(item.key for item in self.promised)

    @cached_property
    def would_miss(self) -> tuple[tuple[Assessment, Projection], ...]:
        """Those that would miss their target at the pace seen so far, with where it leads, what lacks the most first."""
        found = []
        for item in self.counted:
            objective = item.objective
            # What is missed already needs no forecast; what is reached is safe, but what is kept today may not last.
            if item.status in (Statut.NON_ATTEINT, Statut.SUIVI, Statut.NON_RENSEIGNE):
                continue
            if item.status is Statut.ATTEINT and not _to_keep(objective):
                continue
            projection = self.projection(objective.key)
            if projection is not None and misses_target(objective, projection):
                pair = (item, projection)
                found.append((pair, objective, short_of(objective, projection)))
        return tuple(attention.most_lacking(self, found))

    def to_look_at(self, most: int, partner: str | None = None) -> attention.Chosen:
        """The first of them, of one partner where its key is given, and how many are left out."""
        ordered = [item for item in self.to_treat if partner in (None, item.objective.partner)]
        by_status = self.counts
        if partner is not None:
            by_status = next(summary.counts for summary in self.partners if summary.partner.key == partner)
        chosen = attention.first(ordered, most, unranked=to_handle(by_status) - len(ordered))
        unknown = [
            item.objective.target_date
            for item in self.counted
            if item.status is Statut.NON_RENSEIGNE and partner in (None, item.objective.partner)
        ]
        due = sum(day is not None and day < self.day for day in unknown)
        return replace(
            chosen, unknown=len(unknown), unknown_due=due, promised=counts.promised_count(by_status)
        )

    def reckoning(self) -> Reckoning:
        projections = {item.key: self.projection(item.key) for item in self.objectives}
        made_of_parts = [item.objective.key for item in self.assessments.values() if item.parts]
        return Reckoning(
            tuple(self.assessments.values()),
            tuple(item.objective.key for item in self.counted),
            dict(self.counts),
            self.partners,
            tuple(item.objective.key for item in self.to_treat),
            {key: item for key, item in projections.items() if item is not None},
            {key: self.series(key) for key in made_of_parts},
        )

    def matrix(self, by: str = THEMES) -> Mapping[tuple[str, str], Mapping[Statut, int]]:
        """Counts by (key of the partner, code of the thématique, or of the axis where `by` says so), every status named;
        only the pairs that have a promise."""
        code_of = gatherer(self, by)
        cells: dict[tuple[str, str], list[Assessment]] = {}
        for item in self.counted:
            cells.setdefault((item.objective.partner, code_of(item.objective)), []).append(item)
        return {pair: counts.count(items) for pair, items in cells.items()}


def _to_keep(objective: Objective) -> bool:
    """Whether what is reached is to be kept after: a bound, or a target that it started from."""
    return objective.aim.is_bound or course_of(objective) is Course.BOUND


def situation(dossier: Dossier, day: date, like: Situation | None = None) -> Situation:
    """Where `dossier` stands on `day`. `like`: one known already, which spares what has not moved since."""
    return Situation(dossier, day, like)
