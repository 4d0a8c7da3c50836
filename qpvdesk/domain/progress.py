"""How far an objective has come: rate, trajectory, status. Pure, exact, `day` always a parameter.

The rate follows the State's own practice (PILOTE), so that an officer's figure and the ministry's agree; it is kept
raw (below 0 when going backwards, above 1 beyond the target) and rounded only when shown. Values are `Fraction`s
in the objective's unit, shares in percent points; rates are fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

from qpvdesk.domain.ages import is_outdated
from qpvdesk.domain.evidence import Contribution, Evidence, Reading
from qpvdesk.domain.evolution import Evolution, counted_on, evolution_of
from qpvdesk.domain.french import NBSP, format_date
from qpvdesk.domain.model import Measurement, Milestone, Objective, Thresholds
from qpvdesk.domain.sens import Exact
from qpvdesk.domain.statuses import STATUT_LABELS, TREND_LABELS, Statut, Trend
from qpvdesk.domain.targets import (
    FLAGS,
    Course,
    course_of,
    expected_on,
    reached,
    start_of,
    target_of,
    trajectory,
)

NO_TARGET = "aucune cible"
NO_START = "aucune valeur de départ"
NO_VALUE = "aucun relevé"
NO_WHOLE = "total incomplet"
NO_REFERENCE = "aucune valeur de référence"
NOTHING_PROMISED = "chiffre suivi, sans cible promise"


class Assessment(Struct, frozen=True):
    """Where one objective stands on `day`. Values in its unit (percent points for shares), rates as fractions."""

    objective: Objective
    day: date
    status: Statut
    value: Fraction | None = None
    value_day: date | None = None
    outdated: bool = False
    """Whether another value should have come since, by its expected frequency: its age is told with its status."""
    measurement: Measurement | None = None
    """The current measurement; None when there is none or the value is aggregated."""
    aggregated: bool = False
    missing: tuple[str, ...] = ()
    """Codes of the declined objectives that have no value by `day`; then `value` is None."""
    rate: Fraction | None = None
    rate_reason: str = ""
    """French words saying why there is no rate; empty when there is one."""
    expected_value: Fraction | None = None
    """On the value's day (for a `flux`: for its year); on `day` when there is no value."""
    expected_rate: Fraction | None = None
    lead: Fraction | None = None
    """rate − expected rate."""
    gap: Fraction | None = None
    """Value − bound, target or reference, signed, in the unit."""
    index: Fraction | None = None
    """Value / reference, for `parite`."""
    reference_value: Fraction | None = None
    reference_day: date | None = None
    reference_provisional: bool = False
    trend: Trend | None = None
    previous: Measurement | None = None
    """The last measurement of an earlier day."""
    evolution: Evolution | None = None
    """How far the value moved since the declared start or the first measurement, and which; None with neither."""
    parts: tuple[Contribution, ...] = ()
    """Where each declined objective stands, for a parent."""
    own: Reading | None = None
    """What a parent measured itself, beside what its declined objectives make."""
    flagged: bool = False
    """The rate is a flag (1 kept, 0 not), not a share of the way: it takes no part in a mean."""

    @property
    def kept(self) -> bool | None:
        """Whether a bound is kept or a thing done; None where the rate is a share of the way, or not known."""
        return None if self.rate is None or not self.flagged else self.rate >= 1

    @property
    def spread(self) -> tuple[date, date] | None:
        """The first and the last day of the values that make it, where they are of several; else None."""
        days = [part.day for part in self.parts if part.day is not None] if self.aggregated else []
        return (min(days), max(days)) if len({*days}) > 1 else None

    @property
    def gauge(self) -> Fraction | None:
        """The rate bounded to 0…1, for a gauge."""
        return None if self.rate is None else min(max(self.rate, Fraction(0)), Fraction(1))


_ZERO = Fraction(0)
_ONE = Fraction(1)


def rate_of(
    objective: Objective, course: Course, value: Fraction, reference: Exact | None
) -> Fraction | None:
    """The raw *taux d'avancement* of `value`, after PILOTE's `compute_ta_macro`; None when it cannot be told.

    `reference` is the reference share on the same date, for `parite`.
    """
    done = None if course is Course.CONTRARY else reached(objective, value, reference)
    if done is None:
        return None
    flag = _ONE if done else _ZERO
    if course is not Course.WAY:
        return flag
    start, target = start_of(objective)[0], target_of(objective)
    if start is None or target is None:
        return flag or None
    return (value - start) / (target - start)


@lru_cache(maxsize=16)
def _limits(thresholds: Thresholds) -> tuple[Fraction, Fraction, Fraction]:
    return Fraction(thresholds.ahead), Fraction(thresholds.on_track), Fraction(thresholds.watch)


def status_of(
    objective: Objective, day: date, *, met: bool | None, lead: Fraction | None, thresholds: Thresholds
) -> Statut:
    """The first status that applies on `day` to what has a value. `met` is what `reached` says of it, which is a rate
    of 1 or more; `lead` is rate − expected rate on the value's own day.

    A value short of its target is short of a rate of 1 even where, for want of a start, no rate can be told: past
    its date such an objective is missed, not « sans trajectoire ».
    """
    course = course_of(objective, day)
    if course is Course.CONTEXT:
        return Statut.SUIVI
    if course is Course.CONTRARY:
        return Statut.SANS_TRAJECTOIRE
    if met:
        return Statut.ATTEINT
    due = objective.target_date
    past = due is not None and day > due
    # A parity or an interval may have until a date; any other bound is to be kept from now on.
    until = objective.aim.compared or objective.aim.between
    kept_now = course is Course.BOUND and (due is None or not until)
    if met is False and (past or kept_now):
        return Statut.NON_ATTEINT
    if lead is None:
        return Statut.SANS_TRAJECTOIRE
    ahead, on_track, watch = _limits(thresholds)
    if lead >= ahead:
        return Statut.EN_AVANCE
    if lead >= on_track:
        return Statut.CONFORME
    if lead >= watch:
        return Statut.A_SURVEILLER
    return Statut.EN_RETARD


def _without_value(evidence: Evidence) -> str:
    """Why a promise has no value: a total may lack some of what makes it, not all."""
    known = evidence.own is not None or any(part.value is not None for part in evidence.parts)
    return NO_WHOLE if known else NO_VALUE


def assess(
    objective: Objective,
    day: date,
    evidence: Evidence,
    *,
    milestones: Sequence[Milestone] = (),
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
) -> Assessment:
    """Where `objective` stands on `day`."""
    current, aim, course = evidence.current, objective.aim, course_of(objective, day)
    value_day = current.day if current is not None else day
    points = trajectory(objective, milestones) if course is Course.WAY else ()
    expected = expected_on(points, value_day, objective.mesure)
    expected_rate = None if expected is None else rate_of(objective, course, expected, None)
    if current is None:
        return Assessment(
            objective,
            day,
            Statut.NON_RENSEIGNE if aim.promised else Statut.SUIVI,
            missing=tuple(part.code for part in evidence.parts if part.missing),
            rate_reason=_without_value(evidence) if aim.promised else NOTHING_PROMISED,
            expected_value=expected,
            expected_rate=expected_rate,
            parts=evidence.parts,
            own=evidence.own,
            flagged=course in FLAGS,
        )
    value, reference = current.value, evidence.reference
    compared = _value_of(reference)
    raw, met = rate_of(objective, course, value, compared), reached(objective, value, compared)
    lead = None if raw is None or expected_rate is None else raw - expected_rate
    bound = _bound(objective, compared)
    return Assessment(
        objective=objective,
        day=day,
        status=status_of(objective, day, met=met, lead=lead, thresholds=thresholds),
        value=value,
        value_day=current.day,
        outdated=is_outdated(objective, current.day, day, met=bool(met)),
        measurement=current.measurement,
        aggregated=current.measurement is None,
        rate=raw,
        rate_reason="" if raw is not None else _reason(objective, course),
        expected_value=expected,
        expected_rate=expected_rate,
        lead=lead,
        gap=_gap(objective, value, compared),
        index=value / bound if aim.compared and bound else None,
        reference_value=bound if aim.compared else None,
        reference_day=reference.day if aim.compared and reference is not None else None,
        reference_provisional=aim.compared and _is_provisional(reference),
        trend=_trend(objective, evidence),
        previous=evidence.previous.measurement if evidence.previous is not None else None,
        evolution=evolution_of(objective, value, evidence.first_before(current.day)),
        parts=evidence.parts,
        own=evidence.own,
        flagged=course in FLAGS,
    )


def _value_of(reading: Reading | None) -> Fraction | None:
    return None if reading is None else reading.value


def _is_provisional(reading: Reading | None) -> bool:
    return reading is not None and reading.measurement is not None and reading.measurement.provisional


def _bound(objective: Objective, reference: Fraction | None) -> Fraction | None:
    return reference if objective.aim.compared and objective.reference is not None else target_of(objective)


def _gap(objective: Objective, value: Fraction, reference: Fraction | None) -> Fraction | None:
    bound = _bound(objective, reference)
    top = objective.target_max
    if objective.aim.between and bound is not None and top is not None:
        return value - min(max(value, bound), Fraction(top))
    return value - bound if bound is not None and objective.aim.is_figure else None


def _trend(objective: Objective, evidence: Evidence) -> Trend | None:
    now, before = evidence.current, evidence.previous
    if now is None or before is None:
        return None
    if not objective.aim.is_bound:
        return _trend_of(objective, before.value, now.value)
    return _trend_of(
        objective,
        _gap(objective, before.value, _value_of(evidence.previous_reference)),
        _gap(objective, now.value, _value_of(evidence.reference)),
    )


def _trend_of(objective: Objective, before: Fraction | None, now: Fraction | None) -> Trend | None:
    if before is None or now is None or objective.is_context:
        return None
    if objective.aim.between:
        # Nearer to the interval is for the better, from whichever side.
        before, now = -abs(before), -abs(now)
    if now == before:
        return Trend.STABLE
    return Trend.HAUSSE if (now > before) is not objective.aim.at_most else Trend.BAISSE


def trend_between(before: Assessment, after: Assessment) -> Trend | None:
    """The move of one objective between two days, by its values, or by the gaps to its bound; None where the later day
    has no value that the earlier one had not."""
    if before.value_day is None or after.value_day is None or before.value_day > after.value_day:
        return None
    # An aggregate bears the day of its oldest part: it may move and keep its day.
    if before.value_day == after.value_day and (not after.aggregated or before.value == after.value):
        return None
    if after.objective.aim.is_bound:
        return _trend_of(after.objective, before.gap, after.gap)
    return _trend_of(after.objective, before.value, after.value)


def trend_of_value(objective: Objective, trend: Trend) -> Trend | None:
    """The word of the value itself: what is for the better of a ceiling is a fall. None for an interval, which a value
    comes nearer to from either side."""
    if objective.aim.between and trend is not Trend.STABLE:
        return None
    turned = {Trend.HAUSSE: Trend.BAISSE, Trend.BAISSE: Trend.HAUSSE}
    return turned.get(trend, trend) if objective.aim.at_most else trend


def is_better(objective: Objective, trend: Trend) -> bool | None:
    """Whether a move is for the better; None where there is none, or nobody promised anything."""
    return None if trend is Trend.STABLE or not objective.aim.promised else trend is Trend.HAUSSE


def trend_words(objective: Objective, trend: Trend) -> str:
    """`en progrès`, `stable`; `en hausse` of a figure of which nothing is wanted."""
    if objective.aim.promised:
        return TREND_LABELS[trend].lower()
    return {Trend.HAUSSE: "en hausse", Trend.BAISSE: "en baisse", Trend.STABLE: "stable"}[trend]


def _reason(objective: Objective, course: Course) -> str:
    if course is Course.CONTEXT:
        return NOTHING_PROMISED
    if course is Course.CONTRARY:
        return objective.aim.contrary
    if objective.aim.compared:
        return NO_REFERENCE
    if objective.target_value is None:
        return NO_TARGET
    return NO_START if start_of(objective)[0] is None else NO_VALUE


def status_words(assessment: Assessment) -> str:
    """The status in words, with the age of its figure where that is old: « Atteint, au 31/12/2023 »."""
    age = f", {day_words(assessment)}" if assessment.outdated else ""
    return STATUT_LABELS[assessment.status] + age


PARTS = "déclinaisons relevées "
"""What is of several days: « 1 762 relevés » would be so many readings."""


def day_words(assessment: Assessment, at: str = "au ") -> str:
    """`au 31/03/2026`, of when a value is; `en 2025`, of what is the amount of a year; of what values of several days make,
    of none alone, `déclinaisons relevées du 24/01/2025 au 03/09/2026`. Without `at`, as it stands under a value,
    in the room of one: `31/03/2026`, `de 01/2025 à 09/2026`."""
    if assessment.spread is None:
        return counted_on(assessment.objective, assessment.value_day, assessment.measurement, at)
    if at:
        first, last = map(format_date, assessment.spread)
        return f"{PARTS}du{NBSP}{first} au{NBSP}{last}"
    first, last = (f"{day:%m/%Y}" for day in assessment.spread)
    return f"de{NBSP}{first} à{NBSP}{last}" if first != last else first


def after_value(assessment: Assessment, told: str = "") -> str:
    """`told`, of when a value is, just after it: `1 762 (déclinaisons relevées du 18/01/2025 au 19/08/2026)` is not of so
    many."""
    told = told or day_words(assessment)
    return f"({told})" if assessment.spread is not None else told
