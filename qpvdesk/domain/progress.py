"""How far an objective has come: rate, trajectory, status, projection. Pure, exact, `day` always a parameter.

The rate follows the State's own practice (PILOTE), so that an officer's figure and the ministry's agree; it is kept
raw (below 0 when going backwards, above 1 beyond the target) and rounded only when shown. Values are `Fraction`s
in the objective's unit, shares in percent points; rates are fractions.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from msgspec import Struct

from qpvdesk.domain.french import NBSP, NNBSP, format_date, format_value, round_half_away
from qpvdesk.domain.model import Measurement, Mesure, Milestone, Objective, Sens, Thresholds


class Statut(StrEnum):
    """Where an objective stands on a day."""

    SUIVI = "suivi"
    NON_RENSEIGNE = "non_renseigne"
    ATTEINT = "atteint"
    NON_ATTEINT = "non_atteint"
    SANS_TRAJECTOIRE = "sans_trajectoire"
    EN_AVANCE = "en_avance"
    CONFORME = "conforme"
    A_SURVEILLER = "a_surveiller"
    EN_RETARD = "en_retard"


STATUT_LABELS: dict[Statut, str] = {
    Statut.SUIVI: "Suivi",
    Statut.NON_RENSEIGNE: "Non renseigné",
    Statut.ATTEINT: "Atteint",
    Statut.NON_ATTEINT: "Non atteint",
    Statut.SANS_TRAJECTOIRE: "Sans trajectoire",
    Statut.EN_AVANCE: "En avance",
    Statut.CONFORME: "Conforme",
    Statut.A_SURVEILLER: "À surveiller",
    Statut.EN_RETARD: "En retard",
}

STATUT_ORDER: tuple[Statut, ...] = (
    Statut.NON_ATTEINT,
    Statut.EN_RETARD,
    Statut.A_SURVEILLER,
    Statut.SANS_TRAJECTOIRE,
    Statut.NON_RENSEIGNE,
    Statut.CONFORME,
    Statut.EN_AVANCE,
    Statut.ATTEINT,
    Statut.SUIVI,
)
"""Worst first, for lists and bars."""


class Trend(StrEnum):
    """The rate of the current value against that of the previous one; a rise is always for the better."""

    HAUSSE = "hausse"
    BAISSE = "baisse"
    STABLE = "stable"


TREND_LABELS: dict[Trend, str] = {
    Trend.HAUSSE: "En progrès",
    Trend.BAISSE: "En recul",
    Trend.STABLE: "Stable",
}

NO_TARGET = "aucune cible"
NO_START = "aucune valeur de départ"
NO_VALUE = "aucun relevé"
NO_REFERENCE = "aucune valeur de référence"
NOTHING_PROMISED = "indicateur de contexte, sans engagement chiffré"


class Reading(Struct, frozen=True):
    """The value of an objective on a day: one measurement, or the aggregate of its children."""

    value: Fraction
    day: date
    measurement: Measurement | None = None
    """None when aggregated."""
    numerator: Fraction | None = None
    denominator: Fraction | None = None


class Part(Struct, frozen=True):
    """What one declined objective brings to its parent: nothing yet (`day` None), or a value of that day."""

    code: str
    day: date | None = None
    value: Fraction | None = None
    reason: str = ""
    """French words when it cannot be counted though it has a value."""

    @property
    def missing(self) -> bool:
        """Whether the parent must wait for it."""
        return self.day is None or bool(self.reason)


class Assessment(Struct, frozen=True):
    """Where one objective stands on `day`. Values in its unit (percent points for shares), rates as fractions."""

    objective: Objective
    day: date
    status: Statut
    value: Fraction | None = None
    value_day: date | None = None
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
    trend: Trend | None = None
    previous: Measurement | None = None
    """The last measurement of an earlier day."""
    change: Fraction | None = None
    """Value − start value; − first measurement where no start is known."""
    parts: tuple[Part, ...] = ()
    """Where each declined objective stands, for a parent."""
    flagged: bool = False
    """The rate is a flag (1 kept, 0 not), not a share of the way: it takes no part in a mean."""

    @property
    def gauge(self) -> Fraction | None:
        """The rate bounded to 0…1, for a gauge."""
        return None if self.rate is None else min(max(self.rate, Fraction(0)), Fraction(1))


class Projection(Struct, frozen=True):
    """Where the pace seen so far leads."""

    value: Fraction
    """On the target's date."""
    low: Fraction | None
    high: Fraction | None
    """The 80 % range of `value`; None with fewer than four points."""
    reached_on: date | None
    """None when never, or after 31/12/2050."""
    slope: Fraction
    """In units a day."""
    method: str
    sentence: str


Exact = int | Decimal | Fraction

HORIZON = date(2050, 12, 31)
_ZERO = Fraction(0)
_ONE = Fraction(1)
_BOUNDS = (Sens.PLANCHER, Sens.PLAFOND)
_POINTS_MAX = 120
"""Slopes are taken between all pairs: beyond so many points only the latest count."""


def reading_of(measurement: Measurement) -> Reading:
    """`measurement` as an exact reading."""
    numerator, denominator = measurement.numerator, measurement.denominator
    return Reading(
        Fraction(measurement.value),
        measurement.day,
        measurement,
        None if numerator is None else Fraction(numerator),
        None if denominator is None else Fraction(denominator),
    )


def current(measurements: Sequence[Measurement], day: date) -> Measurement | None:
    """The measurement with the greatest date ≤ `day`, the last recorded of that date; `measurements` sorted."""
    count = bisect_right(measurements, day, key=_day_of)
    return measurements[count - 1] if count else None


def _day_of(measurement: Measurement) -> date:
    return measurement.day


def start_of(objective: Objective) -> tuple[Fraction | None, date | None]:
    """(v0, t0), each None when unknown. A `cumul` starts from 0 by definition."""
    if objective.mesure is Mesure.CUMUL:
        return _ZERO, objective.start_date
    value = objective.start_value
    return (None if value is None else Fraction(value)), objective.start_date


def target_of(objective: Objective) -> Fraction | None:
    """The target or bound, in the objective's unit."""
    return None if objective.target_value is None else Fraction(objective.target_value)


def holds_bound(objective: Objective) -> bool:
    """Whether the objective is kept or not, with no way to go: `plancher`, `plafond`, `parite`, or a `hausse`
    (`baisse`) whose start already is at or beyond its target."""
    sens = objective.sens
    if sens in _BOUNDS or sens is Sens.PARITE:
        return True
    if sens is not Sens.HAUSSE and sens is not Sens.BAISSE:
        return False
    start, target = start_of(objective)[0], objective.target_value
    if start is None or target is None:
        return False
    return start >= target if sens is Sens.HAUSSE else start <= target


def reached(objective: Objective, value: Exact, reference: Exact | None = None) -> bool | None:
    """Whether `value` meets the target, bound or reference; None when there is none."""
    sens = objective.sens
    if sens is Sens.SUIVI:
        return None
    target: Exact | None = objective.target_value
    if sens is Sens.PARITE:
        target = reference if reference is not None or objective.reference is not None else target
    if sens is Sens.JALON and not target:
        target = 1
    if target is None:
        return None
    return value <= target if sens in (Sens.BAISSE, Sens.PLAFOND) else value >= target


def rate(objective: Objective, value: Exact, reference: Exact | None = None) -> Fraction | None:
    """The raw *taux d'avancement* of `value`, after PILOTE's `compute_ta_macro`; None when it cannot be told.

    `reference` is the reference share on the same date, for `parite`.
    """
    return _rate(objective, start_of(objective)[0], Fraction(value), reference)


def _rate(
    objective: Objective, start: Fraction | None, value: Fraction, reference: Exact | None
) -> Fraction | None:
    done = reached(objective, value, reference)
    if done is None:
        return None
    if objective.sens not in (Sens.HAUSSE, Sens.BAISSE):
        return _ONE if done else _ZERO
    target = target_of(objective)
    if start is None or target is None:
        return _ONE if done else None
    ahead = start < target if objective.sens is Sens.HAUSSE else start > target
    if ahead:
        return (value - start) / (target - start)
    return _ONE if done else _ZERO


def trajectory(
    objective: Objective, milestones: Sequence[Milestone] = ()
) -> tuple[tuple[date, Fraction], ...]:
    """The points the expected value runs through: start, milestones by date, target. Empty where an end is missing
    or the objective has no way to go (a bound to keep, a context figure)."""
    start, start_day = start_of(objective)
    target, target_day = target_of(objective), objective.target_date
    if objective.sens is Sens.SUIVI or holds_bound(objective):
        return ()
    if start is None or start_day is None or target is None or target_day is None or start_day >= target_day:
        return ()
    points = [(start_day, start)]
    for milestone in sorted(milestones, key=lambda item: item.day):
        if start_day < milestone.day < target_day:
            points.append((milestone.day, Fraction(milestone.value)))
    points.append((target_day, target))
    return tuple(points)


def expected_value(objective: Objective, milestones: Sequence[Milestone], day: date) -> Fraction | None:
    """The value the trajectory wants on `day`; for a `flux`, the amount it wants for the whole year of `day`."""
    return _expected(objective, trajectory(objective, milestones), day)


def _expected(objective: Objective, points: Sequence[tuple[date, Fraction]], day: date) -> Fraction | None:
    if not points:
        return None
    if objective.mesure is Mesure.FLUX:
        # A yearly amount is judged against its year's target, on whichever day of that year it is dated.
        dated = [value for point_day, value in points[1:] if point_day.year == day.year]
        if dated:
            return dated[-1]
        day = date(day.year, 12, 31)
    if day <= points[0][0]:
        return points[0][1]
    if day >= points[-1][0]:
        return points[-1][1]
    after = 1
    while points[after][0] < day:
        after += 1
    (left_day, left), (right_day, right) = points[after - 1], points[after]
    if right_day == left_day:
        return right
    return left + (right - left) * Fraction((day - left_day).days, (right_day - left_day).days)


@lru_cache(maxsize=16)
def _limits(thresholds: Thresholds) -> tuple[Fraction, Fraction, Fraction]:
    return Fraction(thresholds.ahead), Fraction(thresholds.on_track), Fraction(thresholds.watch)


def status_of(
    objective: Objective,
    day: date,
    *,
    measured: bool,
    met: bool | None,
    lead: Fraction | None,
    thresholds: Thresholds,
) -> Statut:
    """The first status that applies on `day`. `met` is what `reached` says of the value, which is a rate of 1 or
    more; `lead` is rate − expected rate on the value's own day.

    A value short of its target is short of a rate of 1 even where, for want of a start, no rate can be told: past
    its date such an objective is missed, not « sans trajectoire ».
    """
    if objective.sens is Sens.SUIVI:
        return Statut.SUIVI
    if not measured:
        return Statut.NON_RENSEIGNE
    if met:
        return Statut.ATTEINT
    past = objective.target_date is not None and day > objective.target_date
    if met is False and (past or holds_bound(objective)):
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


def assess(
    objective: Objective,
    day: date,
    *,
    current: Reading | None,
    previous: Reading | None = None,
    first: Reading | None = None,
    milestones: Sequence[Milestone] = (),
    reference: Reading | None = None,
    previous_reference: Reading | None = None,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
    parts: tuple[Part, ...] = (),
) -> Assessment:
    """Where `objective` stands on `day`.

    `current` is its value by `day`, `previous` that of the last earlier day, `first` its first measurement (the
    start of a figure that has no other). `reference` is the reference's value on `current.day`, and
    `previous_reference` on `previous.day`, for `parite`. `parts` tells where the declined objectives stand.
    """
    start = start_of(objective)[0]
    points = trajectory(objective, milestones)
    missing = tuple(part.code for part in parts if part.missing) if current is None else ()
    if current is None:
        expected = _expected(objective, points, day)
        return Assessment(
            objective,
            day,
            status_of(objective, day, measured=False, met=None, lead=None, thresholds=thresholds),
            missing=missing,
            rate_reason=NOTHING_PROMISED if objective.sens is Sens.SUIVI else NO_VALUE,
            expected_value=expected,
            expected_rate=None if expected is None else _rate(objective, start, expected, None),
            parts=parts,
        )
    value = current.value
    compared = reference.value if reference is not None else None
    raw = _rate(objective, start, value, compared)
    met = reached(objective, value, compared)
    expected = _expected(objective, points, current.day)
    expected_rate = None if expected is None else _rate(objective, start, expected, None)
    lead = None if raw is None or expected_rate is None else raw - expected_rate
    bound = target_of(objective)
    if objective.sens is Sens.PARITE and objective.reference is not None:
        bound = compared
    change = None
    if start is not None:
        change = value - start
    elif first is not None and first.day < current.day:
        change = value - first.value
    trend = None
    if previous is not None and raw is not None:
        before = previous_reference.value if previous_reference is not None else None
        trend = _trend(raw, _rate(objective, start, previous.value, before))
    parity = objective.sens is Sens.PARITE
    return Assessment(
        objective=objective,
        day=day,
        status=status_of(objective, day, measured=True, met=met, lead=lead, thresholds=thresholds),
        value=value,
        value_day=current.day,
        measurement=current.measurement,
        aggregated=current.measurement is None,
        missing=missing,
        rate=raw,
        rate_reason="" if raw is not None else _reason(objective, start),
        expected_value=expected,
        expected_rate=expected_rate,
        lead=lead,
        gap=None if bound is None or objective.sens in (Sens.SUIVI, Sens.JALON) else value - bound,
        index=value / bound if parity and bound else None,
        reference_value=bound if parity else None,
        reference_day=reference.day if parity and reference is not None else None,
        trend=trend,
        previous=previous.measurement if previous is not None else None,
        change=change,
        parts=parts,
        flagged=objective.sens is Sens.JALON or holds_bound(objective),
    )


def _trend(now: Fraction, before: Fraction | None) -> Trend | None:
    if before is None:
        return None
    if now == before:
        return Trend.STABLE
    return Trend.HAUSSE if now > before else Trend.BAISSE


def _reason(objective: Objective, start: Fraction | None) -> str:
    if objective.sens is Sens.SUIVI:
        return NOTHING_PROMISED
    if objective.sens is Sens.PARITE:
        return NO_REFERENCE
    if objective.target_value is None:
        return NO_TARGET
    return NO_START if start is None else NO_VALUE


def project(objective: Objective, measurements: Sequence[Measurement], day: date) -> Projection | None:
    """Where the pace of the start and of `measurements` up to `day` leads by the target's date; see
    `project_series`."""
    return project_series(
        objective, [(item.day, item.value) for item in measurements if item.day <= day], day
    )


def project_series(
    objective: Objective, series: Sequence[tuple[date, Decimal | Fraction]], day: date
) -> Projection | None:
    """Theil–Sen line through the start and `series` (sorted by date; the last of a date counts).

    None where there is nothing to aim at (no target, no date, no such `sens`), once the target's date has passed,
    or with fewer than two points. Theil (1950), Sen (1968): the slope is the median of the slopes between all pairs
    of dates, the level the median of what remains.
    """
    target, target_day = target_of(objective), objective.target_date
    if objective.sens not in (Sens.HAUSSE, Sens.BAISSE, *_BOUNDS) or target is None or target_day is None:
        return None
    start, start_day = start_of(objective)
    values: dict[date, Decimal | Fraction] = {}
    if start is not None and start_day is not None and start_day <= day:
        values[start_day] = start
    cumul = objective.mesure is Mesure.CUMUL
    for value_day, value in series:
        if not (cumul and start_day is not None and value_day < start_day):
            values[value_day] = value
    if len(values) < 2 or not series or day >= target_day:
        return None
    days = sorted(values)[-_POINTS_MAX:]
    xs = [item.toordinal() for item in days]
    ys, scale = _integers([values[item] for item in days])
    top, bottom = _median_slope(xs, ys)
    if cumul and top < 0:
        top = 0
    # In whole numbers: y·bottom − top·x is the level left at each point, scaled by `bottom`.
    levels = sorted(y * bottom - top * (x - xs[0]) for x, y in zip(xs, ys, strict=True))
    middle = _median_sorted(levels)
    unit = scale * bottom
    slope = Fraction(top, unit)
    value = (middle + top * (target_day.toordinal() - xs[0])) / unit
    latest = Fraction(ys[-1], scale)
    if cumul:
        value = max(value, latest)
    low = high = None
    if len(days) >= 4:
        low = value + (_quantile(levels, Fraction(1, 10)) - middle) / unit
        high = value + (_quantile(levels, Fraction(9, 10)) - middle) / unit
        if cumul:
            low = max(low, latest)
    kept = bool(reached(objective, latest))
    reached_on = days[-1] if kept else _reached_on(objective, target, slope, middle / unit, xs[0], xs[-1])
    method = (
        "Droite entre les deux valeurs connues"
        if len(days) == 2
        else f"Pente médiane (Theil–Sen) sur {len(days)} valeurs"
    )
    sentence = _projection_sentence(objective, target, target_day, value, kept, reached_on)
    return Projection(value, low, high, reached_on, slope, method, sentence)


def _integers(values: list[Decimal | Fraction]) -> tuple[list[int], int]:
    """`values` × a common scale, as whole numbers, and the scale."""
    exact = [value if isinstance(value, Fraction) else Fraction(value) for value in values]
    scale = 1
    for item in exact:
        if scale % item.denominator:
            scale = _common(scale, item.denominator)
    return [item.numerator * (scale // item.denominator) for item in exact], scale


def _common(left: int, right: int) -> int:
    product = left * right
    while right:
        left, right = right, left % right
    return product // left


@lru_cache(maxsize=_POINTS_MAX)
def _pairs(count: int) -> tuple[tuple[int, int], ...]:
    return tuple(combinations(range(count), 2))


def _median_slope(xs: list[int], ys: list[int]) -> tuple[int, int]:
    """The exact median of the slopes between all pairs, as numerator and (positive) denominator.

    A quotient of whole numbers is correctly rounded, so floats sort as the fractions do except where two of them
    fall on one float; only those are compared exactly.
    """
    pairs = _pairs(len(xs))
    keys = [(ys[j] - ys[i]) / (xs[j] - xs[i]) for i, j in pairs]
    ordered = sorted(keys)
    half = len(ordered) // 2
    high = _exact_at(half, ordered, keys, pairs, xs, ys)
    if len(ordered) % 2:
        return high.numerator, high.denominator
    mean = (high + _exact_at(half - 1, ordered, keys, pairs, xs, ys)) / 2
    return mean.numerator, mean.denominator


def _exact_at(
    rank: int,
    ordered: list[float],
    keys: list[float],
    pairs: tuple[tuple[int, int], ...],
    xs: list[int],
    ys: list[int],
) -> Fraction:
    key = ordered[rank]
    tied = [pairs[index] for index, item in enumerate(keys) if item == key]
    exact = [Fraction(ys[j] - ys[i], xs[j] - xs[i]) for i, j in tied]
    if len(exact) == 1:
        return exact[0]
    return sorted(exact)[rank - bisect_left(ordered, key)]


def _median_sorted(values: list[int]) -> Fraction:
    half = len(values) // 2
    return Fraction(values[half]) if len(values) % 2 else Fraction(values[half] + values[half - 1], 2)


def _quantile(values: list[int], share: Fraction) -> Fraction:
    """The quantile of sorted `values`, linear between the two nearest (Hyndman and Fan's type 7)."""
    position = share * (len(values) - 1)
    below = position.numerator // position.denominator
    if below + 1 >= len(values):
        return Fraction(values[-1])
    return values[below] + (values[below + 1] - values[below]) * (position - below)


def _reached_on(
    objective: Objective, target: Fraction, slope: Fraction, level: Fraction, origin: int, last: int
) -> date | None:
    """The first day after `last` on which the line meets `target`; None when never or beyond the horizon."""
    rising = objective.sens in (Sens.HAUSSE, Sens.PLANCHER)
    if slope == 0 or (slope > 0) is not rising:
        return None
    away = (target - level) / slope
    ordinal = max(origin - (-away.numerator // away.denominator), last + 1)
    return date.fromordinal(ordinal) if ordinal <= HORIZON.toordinal() else None


def misses_target(objective: Objective, projection: Projection) -> bool:
    """Whether the projected value fails the target on its date."""
    return not reached(objective, projection.value)


def _projection_sentence(
    objective: Objective,
    target: Fraction,
    target_day: date,
    value: Fraction,
    kept: bool,
    reached_on: date | None,
) -> str:
    wanted = format_value(target, objective.unit)
    met = bool(reached(objective, value))
    # Few decimals, but never so few that a value short of its target reads as the target itself.
    least = 0 if target.denominator == 1 and abs(target) >= 10 and abs(value) >= 10 else 1
    places = least
    while not met and places < 4 and round_half_away(value, places) == target:
        places += 1
    shown = format_value(value, objective.unit, places)
    bound = objective.sens in _BOUNDS
    noun = {Sens.PLANCHER: "plancher", Sens.PLAFOND: "plafond"}.get(objective.sens, "cible")
    the, one, done = ("le", "un", "tenu") if bound else ("la", "une", "atteinte")
    text = f"Au rythme constaté, la valeur serait de {shown} le {format_date(target_day)}"
    if met:
        verb = "resterait" if kept else "serait"
        return f"{text}{NNBSP}: {the} {noun} ({wanted}) {verb} {done}."
    text += f", pour {one} {noun} de {wanted}{NNBSP}; "
    if kept:
        return f"{text}aujourd’hui, {the} {noun} est {done}."
    if bound:
        done = "retrouvé"
    if reached_on is None:
        return f"{text}à ce rythme, {the} {noun} ne serait pas {done} avant fin{NBSP}2050."
    return f"{text}{the} {noun} serait {done} le {format_date(reached_on)}."
