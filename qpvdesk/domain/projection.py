"""Where the pace seen so far leads by the target's date. Pure and exact, as `progress`."""

from __future__ import annotations

import math
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, starmap
from operator import sub, truediv

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain.calendar import add_months
from qpvdesk.domain.french import (
    NBSP,
    NNBSP,
    format_date,
    format_month,
    format_number,
    format_value,
    round_half_away,
)
from qpvdesk.domain.model import Mesure, Objective
from qpvdesk.domain.targets import Course, against, course_of, set_against, start_of, target_of
from qpvdesk.domain.targets import reached as _is_reached

HORIZON = date(2050, 12, 31)
POINTS_MAX = 120
"""Slopes are taken between all pairs: beyond so many points only the latest count."""
_MONTHS_NEAR = 24
"""Further off, a pace tells no more than the year."""
_FIGURES = 3
_TOLD_WHOLE = 10
"""The least target of which tenths say nothing."""
_ZERO = Fraction(0)
_FLOAT_BITS = sys.float_info.max_exp - 1
_JOINED = "Droite entre les deux valeurs connues"
THIN = "d’après deux valeurs"
"""What is said of the pace that those make, wherever it is told."""
AT_THIS_PACE = "à ce rythme"
ON_THE_WHOLE = "sur l’ensemble des relevés"
"""Instead, where the last value is better than the one before, and its arrow says so."""
RANGE_POINTS_MIN = 4
"""With fewer points no range is told."""


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
    now: Fraction | None = None
    """On the day of the latest value: the line runs amid the values, not from the latest. None in what was frozen before
    it was kept: its line was drawn from the latest value."""

    @property
    def is_thin(self) -> bool:
        """Whether two values alone make the pace."""
        return self.method == _JOINED


def project_series(
    objective: Objective, series: Sequence[tuple[date, Decimal | Fraction]], day: date
) -> Projection | None:
    """Theil–Sen line through the start and `series` (sorted by date; the last of a date counts).

    None where there is nothing to aim at (no target, no date, no such `sens`), once the target's date has passed,
    or with fewer than two points. Theil (1950), Sen (1968): the slope is the median of the slopes between all pairs
    of dates, the level the median of what remains.
    """
    target, target_day, aim = target_of(objective), objective.target_date, objective.aim
    if (
        not (aim.has_target and aim.is_figure)
        or aim.between
        or target is None
        or target_day is None
        or day >= target_day
    ):
        return None
    points = _points(objective, series, day)
    if len(points) < 2 or not series:
        return None
    line = _fit(points, rising=objective.mesure is Mesure.CUMUL)
    latest_day, latest = points[-1][0], Fraction(points[-1][1])
    value, now = line.at(target_day, line.middle), line.at(latest_day, line.middle)
    low = high = None
    if len(points) >= RANGE_POINTS_MIN:
        low, high = line.at(target_day, line.low), line.at(target_day, line.high)
    if objective.mesure is Mesure.CUMUL:
        # A running total never falls.
        if value < latest:
            value = now = latest
        low = None if low is None else max(low, latest)
    if target >= 0 and all(known >= 0 for _, known in points):
        # What nobody ever counted below zero is not foreseen there.
        value, now = max(value, _ZERO), max(now, _ZERO)
        low, high = (None if end is None else max(end, _ZERO) for end in (low, high))
    kept = _meets(objective, latest)
    reached_on = latest_day if kept else _reached_on(objective, target, line, latest_day)
    method = _JOINED if len(points) == 2 else f"Pente médiane (Theil–Sen) sur {len(points)} valeurs"
    falls = objective.aim.at_most
    beyond, right = value > latest if falls else value < latest, line.slope != 0 and (line.slope < 0) is falls
    # A line that goes the right way and ends short of what is there today: the last value is not on it.
    strays = right and beyond
    words = aim.words
    # « Retrouvé » is what was held and lost: at the start, or by a value since.
    end = words.kept_again if any(_meets(objective, Fraction(known)) for _, known in points) else words.kept
    when, away = _around(reached_on, day, target_day), beyond and line.slope != 0
    step = latest - Fraction(points[-2][1])
    pace = ON_THE_WHOLE if away and step != 0 and (step < 0) is falls else AT_THIS_PACE
    reached = _reached_words(f"{words.the} {words.noun}", end, when, right=right, away=pace if away else "")
    thin = len(points) == 2
    sentence = _sentence(objective, value, kept=kept, reached=reached, thin=thin, strays=strays)
    return Projection(value, low, high, reached_on, Fraction(line.slope, line.unit), method, sentence, now)


def _points(
    objective: Objective, series: Sequence[tuple[date, Decimal | Fraction]], day: date
) -> list[tuple[date, Decimal | Fraction]]:
    """The start and the values, one a day, the latest `POINTS_MAX` of them; nothing of a `cumul` before its start."""
    start, start_day = start_of(objective)
    values: dict[date, Decimal | Fraction] = {}
    if start is not None and start_day is not None and start_day <= day:
        values[start_day] = start
    since = start_day if objective.mesure is Mesure.CUMUL and start_day is not None else date.min
    values.update((value_day, value) for value_day, value in series if value_day >= since)
    return sorted(values.items())[-POINTS_MAX:]


class _Line(Struct, frozen=True):
    """A line through points, in whole numbers: its slope a day in parts of 1/`unit`, its levels on its first day in tenths
    of those, between which four fifths of the points stray."""

    first_day: date
    unit: int
    slope: int
    low: int
    middle: int
    high: int

    def at(self, day: date, level: int) -> Fraction:
        return Fraction(level + 10 * self.slope * (day - self.first_day).days, 10 * self.unit)


def _fit(points: Sequence[tuple[date, Decimal | Fraction]], *, rising: bool) -> _Line:
    """The line through `points`; `rising`: never one that falls. Reckoned in whole numbers, which is exact and fast."""
    first_day = points[0][0]
    xs = [(day - first_day).days for day, _ in points]
    ratios = [value.as_integer_ratio() for _, value in points]
    scale = math.lcm(*(bottom for _, bottom in ratios))
    ys = [top * (scale // bottom) for top, bottom in ratios]
    top, bottom = _median_slope(xs, ys)
    if rising and top < 0:
        top = 0
    # y·bottom − top·x is the level left at each point, in units of 1/(scale·bottom).
    levels = sorted(y * bottom - top * x for x, y in zip(xs, ys, strict=True))
    return _Line(first_day, scale * bottom, top, *(_tenths(levels, tenths) for tenths in (1, 5, 9)))


def _median_slope(xs: Sequence[int], ys: Sequence[int]) -> tuple[int, int]:
    """The exact median of the slopes between all pairs, as numerator and (positive) denominator.

    A quotient of whole numbers is correctly rounded, so floats sort as the fractions do except where two of them
    fall on one float; only those are compared exactly (`statistics.median` over fractions takes 24 times as
    long on 40 points). All are divided by what keeps the greatest among the floats.
    """
    # Both are taken backwards: the quotient is the same.
    steps, climbs = _backwards(tuple(xs)), list(starmap(sub, combinations(ys, 2)))
    unit = 1 << max(0, max(map(abs, ys)).bit_length() + 1 - _FLOAT_BITS)
    slopes = list(map(truediv, climbs, steps if unit == 1 else [unit * step for step in steps]))
    ordered = sorted(slopes)

    def exactly(rounded: float) -> list[Fraction]:
        """The slopes that fall on that float, the least first."""
        count = bisect_right(ordered, rounded) - bisect_left(ordered, rounded)
        tied = [slopes.index(rounded)]
        while len(tied) < count:
            tied.append(slopes.index(rounded, tied[-1] + 1))
        climb, step = climbs[tied[0]], steps[tied[0]]
        if all(climbs[at] * step == climb * steps[at] for at in tied):
            return [Fraction(climb, step)] * len(tied)
        return sorted(Fraction(climbs[at], steps[at]) for at in tied)

    ranks = ((len(ordered) - 1) // 2, len(ordered) // 2)
    runs = {ordered[rank]: exactly(ordered[rank]) for rank in ranks}
    low, high = (runs[ordered[rank]][rank - bisect_left(ordered, ordered[rank])] for rank in ranks)
    return ((low + high) / 2).as_integer_ratio()


@lru_cache(maxsize=64)
def _backwards(xs: tuple[int, ...]) -> list[int]:
    """What each day is before each later one; the series of a contract are mostly of the same days."""
    return list(starmap(sub, combinations(xs, 2)))


def _tenths(values: list[int], tenths: int) -> int:
    """Ten times the quantile of sorted `values`, linear between the two nearest (Hyndman and Fan's type 7)."""
    below, beyond = divmod(tenths * (len(values) - 1), 10)
    above = values[min(below + 1, len(values) - 1)]
    return 10 * values[below] + beyond * (above - values[below])


def _reached_on(objective: Objective, target: Fraction, line: _Line, latest_day: date) -> date | None:
    """The first day after the latest value on which the line meets `target`; None when never or beyond the horizon."""
    if line.slope == 0 or (line.slope < 0) is not objective.aim.at_most:
        return None
    top, bottom = target.as_integer_ratio()
    days = -((line.middle * bottom - 10 * line.unit * top) // (10 * line.slope * bottom))
    ordinal = max(line.first_day.toordinal() + days, latest_day.toordinal() + 1)
    return date.fromordinal(ordinal) if ordinal <= HORIZON.toordinal() else None


def range_words(objective: Objective, projection: Projection) -> str:
    """`250 à 290`: what holds four fifths of the past gaps to the line; empty where too little is known for one."""
    low, high = projection.low, projection.high
    if low is None or high is None:
        return ""
    power, decimals = (
        _power(projection.value),
        max(_decimals(objective, end, met=True) for end in (low, high)),
    )
    if (
        not _decimals(objective, projection.value, met=True)
        and abs(target_of(objective) or _ZERO) >= _TOLD_WHOLE
    ):
        # « 0 (0,0 à 9,9) pour 806 »: tenths of what is told whole.
        decimals = 0
    ends = [round_half_away(value / power) * power if power > 1 else value for value in (low, high)]
    words = [format_number(value, decimals) for value in ends]
    # « 20 à 20 » tells no range.
    return " à ".join(words) if words[0] != words[1] else ""


def short_words(objective: Objective, projection: Projection) -> str:
    """`29 pour 40 bus`, `environ 6 100, à ramener à 4 900 postes`, `192 M€ pour 200 M€`, `94 % au lieu de 100 %`:
    where the pace leads on the day of the target."""
    sign = objective.unit.partition(" ")[0]
    share = sign.startswith("%")
    reserve = f", {THIN}" if projection.is_thin else ""
    wanted = format_value(objective.target_value, objective.unit)
    # « 94 pour 100 % » is how one says 94 %.
    rises = share and not objective.aim.at_most
    against_it = f" au lieu de {wanted}" if rises else set_against(against(objective, wanted))
    return f"{bare_words(objective, projection, sign if share or '€' in sign else '')}{against_it}{reserve}"


def bare_words(objective: Objective, projection: Projection, sign: str = "") -> str:
    """`18`, `environ 18 500`: where the pace leads on the day of the target, without its unit but the `sign` of it."""
    bare, met = replace(objective, unit=sign), not misses_target(objective, projection)
    return _shown(bare, projection.value, met=met).removeprefix("de ").removeprefix("d’")


def misses_target(objective: Objective, projection: Projection) -> bool:
    return not _meets(objective, projection.value)


def short_of(objective: Objective, projection: Projection) -> Fraction:
    """How much of its way would lack on its date, 0…1; of a bound, as a share of the bound."""
    target, start = target_of(objective) or _ZERO, start_of(objective)[0]
    on_its_way = course_of(objective) is Course.WAY and start is not None
    whole = abs(target - (start or _ZERO)) if on_its_way else abs(target)
    return min(abs(target - projection.value) / whole, Fraction(1)) if whole else Fraction(1)


def _meets(objective: Objective, value: Fraction) -> bool:
    return bool(_is_reached(objective, value))


def _around(reached_on: date | None, day: date, due: date) -> str:
    """`vers avril 2029`, `vers 2048` beyond two years: a pace knows no day. In the year that the target is due its month
    is told however far off, lest it be heard as in time. Empty where the line never meets the target."""
    if reached_on is None:
        return ""
    near = reached_on <= add_months(day, _MONTHS_NEAR) or reached_on.year == due.year
    return f"vers {format_month(reached_on) if near else reached_on.year}"


def _reached_words(target: str, end: str, when: str, *, right: bool, away: str) -> str:
    """When the target would be what its `end` says, met or held anew; else that the value moves `away` from it (on what),
    farther when due than the last one, or that it is not met, by the horizon where the line goes the `right` way."""
    if when:
        return f"{target} serait {end} {when}"
    if away and not right:
        return f"{away}, la valeur s’en éloigne"
    horizon = f" avant fin{NBSP}{HORIZON.year}" if right else ""
    return f"{AT_THIS_PACE}, {target} ne serait pas {end}{horizon}"


def _sentence(
    objective: Objective, value: Fraction, *, kept: bool, reached: str, thin: bool, strays: bool
) -> str:
    """`reached`: as in `_reached_words`; `thin`: two values alone make the pace, which is said of it; `strays`: the last
    value is away from it."""
    words, unit = objective.aim.words, objective.unit
    wanted = format_value(objective.target_value, unit)
    met = _meets(objective, value)
    shown = _shown(objective, value, met=met)
    pace = f"Au rythme constaté {THIN} seulement" if thin else "Au rythme constaté"
    text = f"{pace}, la valeur serait {shown} le {format_date(objective.target_date)}"
    if met:
        verb = "resterait" if kept else "serait"
        return f"{text}{NNBSP}: {words.the} {words.noun} ({wanted}) {verb} {words.kept}."
    text += f", pour {words.indefinite} {words.noun} de {wanted}{NNBSP}; "
    if strays and kept:
        why = "par un dernier chiffre qui s’écarte de ce rythme"
        return f"{text}{words.the} {words.noun} est {words.kept} aujourd’hui, {why}."
    if strays:
        return f"{text}le dernier chiffre, déjà meilleur, s’écarte de ce rythme."
    if kept:
        return f"{text}{words.the} {words.noun}, {words.kept} aujourd’hui, ne le serait plus."
    return f"{text}{reached}."


def _shown(objective: Objective, value: Fraction, *, met: bool) -> str:
    """`d’environ 18 500 prêts`: three figures of a large number, which a pace knows no better; never the target itself
    where that is missed."""
    power = _power(value)
    rough = round_half_away(value / power) * power
    if power > 1 and (met or rough != objective.target_value):
        return f"d’environ{NBSP}{format_value(rough, objective.unit)}"
    return f"de {format_value(value, objective.unit, _decimals(objective, value, met=met))}"


def _power(value: Fraction) -> Fraction:
    """What a value is rounded to, that three figures of it are told."""
    return Fraction(10 ** max(0, len(str(abs(int(value)))) - _FIGURES))


def _decimals(objective: Objective, value: Fraction, *, met: bool) -> int:
    """Few decimals, but never so few that a value short of its target reads as the target itself."""
    target = Fraction(objective.target_value or 0)
    decimals = 0 if target.denominator == 1 and min(abs(target), abs(value)) >= _TOLD_WHOLE else 1
    while not met and decimals < 4 and round_half_away(value, decimals) == target:
        decimals += 1
    # « 3,0 lauréats »: what is counted by ones has no decimal to say that it has none.
    whole = not objective.unit.startswith("%") and round_half_away(value, decimals).denominator == 1
    return 0 if whole else decimals
