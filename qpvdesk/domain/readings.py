"""The value of an objective on a day: its last measurement, or the aggregate of those that decline it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from qpvdesk.domain.ages import in_recording_order
from qpvdesk.domain.evidence import Contribution, Evidence, Reading, reading_of
from qpvdesk.domain.evolution import declared_start
from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Aggregation, Measurement, Objective

Series = tuple[tuple[date, Fraction], ...]
"""Values by day, one a day, oldest first."""


class Readings:
    """What was measured in a contract up to a day."""

    def __init__(self, index: Index, day: date) -> None:
        self._index = index
        self._day = day
        self._running: set[tuple[str, date]] = set()
        self.own: dict[str, list[Measurement]] = {}
        """By objective, on its own territory, oldest first."""
        self.of_other_places: dict[str, list[Measurement]] = {}
        """Those of another territory than the objective's: shown, never mixed in."""
        home = {item.key: item.territory for item in index.dossier.objectives}
        for measurement in index.dossier.measurements:
            if measurement.day <= day:
                at_home = home.get(measurement.objective) == measurement.territory
                groups = self.own if at_home else self.of_other_places
                groups.setdefault(measurement.objective, []).append(measurement)
        for groups in (self.own, self.of_other_places):
            for group in groups.values():
                in_recording_order(group)

    def reading(self, key: str, day: date) -> Reading | None:
        """The value of the objective of that key on `day`, not after the day of the readings."""
        return self.with_parts(key, day)[0]

    def with_parts(self, key: str, day: date) -> tuple[Reading | None, tuple[Contribution, ...]]:
        """The same, with where each objective that declines it stands; no parts where it is measured itself."""
        if not self.is_declined(key):
            return self._measured(key, day), ()
        children = self._index.children_of(key)
        mark = (key, day)
        if mark in self._running:
            # An objective that is declined in itself has no value.
            return None, ()
        self._running.add(mark)
        try:
            readings = [self.reading(child.key, day) for child in children]
        finally:
            self._running.discard(mark)
        return self._aggregated(key, children, readings)

    def is_declined(self, key: str) -> bool:
        """Whether the value is made by the objectives that decline it; what it measured itself stands beside."""
        return self._index.objective(key).aggregation is not Aggregation.AUCUN and bool(
            self._index.children_of(key)
        )

    def _aggregated(
        self, key: str, children: Sequence[Objective], readings: Sequence[Reading | None]
    ) -> tuple[Reading | None, tuple[Contribution, ...]]:
        objective = self._index.objective(key)
        weighted = objective.aggregation is Aggregation.MOYENNE_PONDEREE
        weights = self._weights(children) if weighted else {}
        parts = tuple(
            _part(objective, child, reading, weights)
            for child, reading in zip(children, readings, strict=True)
        )
        known = [reading for reading in readings if reading is not None]
        if any(part.missing for part in parts):
            return None, parts
        return _aggregate(objective, known, [weights.get(item.key, Fraction(0)) for item in children]), parts

    def _measured(self, key: str, day: date) -> Reading | None:
        group = self.own.get(key, [])
        count = len(group) if day >= self._day else bisect_right(group, day, key=_day_of)
        return reading_of(group[count - 1]) if count else None

    def _weights(self, children: Sequence[Objective]) -> dict[str, Fraction]:
        """Inhabitants by child objective, in one perimeter and one vintage for all (QPV first); empty where none is."""
        for perimeter in ("qpv", "totale"):
            known = self._index.populations.together([item.territory for item in children], perimeter)
            if known is not None and all(known[1]):
                return {item.key: value for item, value in zip(children, known[1], strict=True)}
        return {}

    def series(self, key: str, *, aggregated: bool) -> Series:
        """The objective's values up to the day; `aggregated`: those of the objectives that decline it, together."""
        if not aggregated:
            return tuple({item.day: Fraction(item.value) for item in self.own.get(key, ())}.items())
        values: dict[date, Fraction] = {}
        for day in sorted(self._days_below(key, frozenset())):
            reading = self.reading(key, day)
            if reading is not None and reading.measurement is None:
                values[reading.day] = reading.value
        return tuple(values.items())

    def _days_below(self, key: str, seen: frozenset[str]) -> set[date]:
        """The days on which the objective, or one that declines it, was measured."""
        if key in seen:
            return set()
        days = {item.day for item in self.own.get(key, ())}
        for child in self._index.children_of(key):
            days |= self._days_below(child.key, seen | {key})
        return days

    def evidence(self, objective: Objective) -> Evidence:
        current, parts = self.with_parts(objective.key, self._day)
        return self.evidence_of(objective, current, self.own.get(objective.key, []), parts)

    def evidence_of(
        self,
        objective: Objective,
        current: Reading | None,
        measurements: Sequence[Measurement],
        parts: tuple[Contribution, ...] = (),
    ) -> Evidence:
        """The same for a value at hand, the last of `measurements` or the aggregate of `parts`."""
        own = reading_of(measurements[-1]) if parts and measurements else None
        if current is None:
            return Evidence(parts=parts, own=own)
        previous = first = reference = previous_reference = None
        if current.measurement is None:
            previous = self._earlier_aggregate(objective.key, current)
        elif earlier := bisect_left(measurements, current.day, key=_day_of):
            previous = reading_of(measurements[earlier - 1])
            if declared_start(objective)[0] is None:
                # Of two of the first day the last recorded stands, as of any other.
                first = reading_of(
                    measurements[bisect_right(measurements, measurements[0].day, key=_day_of) - 1]
                )
        if objective.aim.compared and objective.reference is not None:
            reference = self._compared(objective.reference, current)
            previous_reference = self._compared(objective.reference, previous)
        return Evidence(current, previous, first, reference, previous_reference, parts, own)

    def _compared(self, reference: str, reading: Reading | None) -> Reading | None:
        return None if reading is None else self.reading(reference, reading.day)

    def _earlier_aggregate(self, key: str, reading: Reading) -> Reading | None:
        """The last aggregate that stood on an earlier day than `reading`."""
        earlier_days = [day for day in self._days_below(key, frozenset()) if day < reading.day]
        earlier = self.reading(key, max(earlier_days)) if earlier_days else None
        return earlier if earlier is not None and earlier.measurement is None else None


def _day_of(measurement: Measurement) -> date:
    return measurement.day


def _part(
    objective: Objective, child: Objective, reading: Reading | None, weights: Mapping[str, Fraction]
) -> Contribution:
    if reading is None:
        return Contribution(child.code)
    reason = ""
    if objective.aggregation is Aggregation.PART and (
        reading.numerator is None or reading.denominator is None
    ):
        reason = "sans numérateur ni dénominateur"
    elif objective.aggregation is Aggregation.MOYENNE_PONDEREE and child.key not in weights:
        reason = "sans population d’un même millésime"
    return Contribution(child.code, reading.day, reading.value, reason)


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
