"""What an objective asks: its start, its target, the trajectory between them. Pure and exact, as `progress`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum, auto
from fractions import Fraction
from itertools import pairwise

from qpvdesk.domain.french import NBSP, fold, format_date
from qpvdesk.domain.model import Mesure, Milestone, Objective
from qpvdesk.domain.sens import Exact

Trajectory = tuple[tuple[date, Fraction], ...]
"""Days and the values expected on them; straight lines between."""


class Course(Enum):
    """What an objective has to do on a day."""

    CONTEXT = auto()
    """Nothing: nobody promised it."""
    DONE = auto()
    """To be done, or not done yet."""
    WAY = auto()
    """To go from a start to a target: its rate is a share of the way."""
    BOUND = auto()
    """To keep a bound, a parity, or a target that it starts from: its rate is a flag, 1 kept and 0 not."""
    CONTRARY = auto()
    """To go to a target that lies behind its start: nothing can be reckoned."""


FLAGS = frozenset({Course.DONE, Course.BOUND})
"""The courses whose rate says « kept » or « done » and is no share of a way."""


def counts_otherwise(objective: Objective) -> bool:
    """Whether the start is counted in another unit than the target: 117 chefs de projet, for 200 CitésLab."""
    return bool(objective.start_unit) and fold(objective.start_unit) != fold(objective.unit)


def start_of(objective: Objective) -> tuple[Fraction | None, date | None]:
    """(v0, t0), each None when unknown. A `cumul` starts from 0 by definition."""
    if objective.mesure is Mesure.CUMUL:
        return Fraction(0), objective.start_date
    value = objective.start_value
    return (None if value is None else Fraction(value)), objective.start_date


def is_multiple(objective: Objective) -> bool:
    """Whether it tells how many times its own start it is: « 1,4 fois le départ »."""
    return objective.unit.startswith("fois ")


def by_reference(objectives: Iterable[Objective]) -> dict[str, list[Objective]]:
    """The shares among those, by the key of what each is compared with."""
    shares: dict[str, list[Objective]] = {}
    for item in objectives:
        if item.aim.compared and item.reference:
            shares.setdefault(item.reference, []).append(item)
    return shares


_LOWERED = "à ramener à"


def against(objective: Objective, figure: str, *, met: bool = False, brief: bool = False) -> str:
    """What a value is set against, as it is said after it: `pour 60`, `pour au moins 9`, `pour une référence de 16,4 %`,
    `à ramener à 39` of what is to fall, which « 139 pour 39 » would have done three times over.

    `met`: it is there already; `brief`: what a share is compared with is told where its reference is named, as a floor.
    """
    aim = objective.aim
    if aim.way < 0 and not met:
        return f"{_LOWERED} {figure}"
    if aim.compared and not brief:
        return f"pour une référence de {figure}"
    if not aim.sign or figure[:1].isalpha():
        return f"pour {figure}"
    return f"pour {'au plus' if aim.at_most else 'au moins'} {figure}"


def set_against(words: str) -> str:
    """The same with what joins it to its value: ` pour 60`; `, à ramener à 39`; empty where there is nothing."""
    return words and f"{',' if words.startswith(_LOWERED) else ''} {words}"


def lacks_date(objective: Objective) -> bool:
    """Whether its date is missing: a bound or a parity is to keep at each value, and needs none."""
    return objective.target_date is None and bool(objective.aim.way or objective.aim.yes_or_no)


def lacks_target(objective: Objective) -> bool:
    """Whether a target, a bound or what a share is compared with is missing; a thing to do, a figure followed need none."""
    aim, target = objective.aim, objective.target_value
    if not aim.is_figure or (aim.compared and objective.reference is not None):
        return False
    return target is None or (aim.between and objective.target_max is None)


UNDATED = "sans échéance"
"""What is said of a target wherever it is told and nobody dated it."""


def is_undated(objective: Objective) -> bool:
    """Whether nobody said by when its target is promised: a share is compared at each value, what is given each year is
    due each year."""
    aim = objective.aim
    return (
        objective.target_date is None
        and aim.promised
        and not aim.compared
        and objective.mesure is not Mesure.FLUX
    )


def yearly(objective: Objective) -> str:
    """` par an` after a value that is counted by year, unless its unit says so or it is a share; else empty."""
    unit = objective.unit
    is_told = unit.startswith("%") or unit.endswith(("par an", "/an"))
    return (
        f"{NBSP}par an"
        if objective.mesure is Mesure.FLUX and not is_told and not objective.aim.yes_or_no
        else ""
    )


def due_words(objective: Objective) -> str:
    """`31/12/2027`, `sans échéance`; « – » where none is wanted."""
    return UNDATED if is_undated(objective) else format_date(objective.target_date)


def is_undated_total(objective: Objective) -> bool:
    """Whether nobody declared that a running total starts: its 0 counts in a rate, and is told as no start."""
    return objective.mesure is Mesure.CUMUL and objective.start_date is None


def target_of(objective: Objective) -> Fraction | None:
    """The target or bound, in the objective's unit."""
    return None if objective.target_value is None else Fraction(objective.target_value)


def course_of(objective: Objective, day: date | None = None) -> Course:
    """What `objective` has to do on `day`; None: on its way, before its date.

    A floor or a ceiling that starts on the wrong side of its bound and has a date is a way to go until that date, the
    date included, and a bound to keep after it.
    """
    aim, target = objective.aim, objective.target_value
    start = 0 if objective.mesure is Mesure.CUMUL else objective.start_value
    if not aim.promised:
        return Course.CONTEXT
    if aim.yes_or_no:
        return Course.DONE
    if aim.way:
        if start is None or target is None or aim.lies_ahead(start, target):
            return Course.WAY
        return Course.BOUND if start == target else Course.CONTRARY
    due = objective.target_date
    if (
        not aim.is_one_bound
        or due is None
        or start is None
        or target is None
        or (day is not None and day > due)
    ):
        return Course.BOUND
    return Course.WAY if aim.lies_ahead(start, target) else Course.BOUND


NOT_COUNTED = "le départ et la date ne compteront pas"
"""What is said of a floor or a ceiling that is a bound from now on, wherever a start or a date was given to it."""


def is_bound_from_now(objective: Objective) -> bool:
    """Whether a floor or a ceiling is to be kept from now on although a start or a date was given, which will not count:
    one is missing, or it starts on the right side already."""
    given = (objective.start_value, objective.start_date, objective.target_date)
    return (
        objective.aim.is_one_bound
        and course_of(objective) is Course.BOUND
        and any(item is not None for item in given)
    )


def reached(objective: Objective, value: Exact, reference: Exact | None = None) -> bool | None:
    """Whether `value` meets the target, bound or reference; None when there is none."""
    aim = objective.aim
    target: Exact | None = objective.target_value
    if aim.compared and (reference is not None or objective.reference is not None):
        target = reference
    elif aim.yes_or_no:
        target = target or 1
    if aim.between and target is not None:
        return None if objective.target_max is None else target <= value <= objective.target_max
    return None if target is None or not aim.promised else aim.met(value, target)


def trajectory(objective: Objective, milestones: Sequence[Milestone] = ()) -> Trajectory:
    """The points the expected value runs through: start, milestones by date, target. Empty where an end is missing
    or the objective has no way to go (a bound to keep, a context figure)."""
    start, start_day = start_of(objective)
    target, target_day = target_of(objective), objective.target_date
    if course_of(objective) is not Course.WAY:
        return ()
    if start is None or start_day is None or target is None or target_day is None or start_day >= target_day:
        return ()
    points = [(start_day, start)]
    for milestone in sorted(milestones, key=lambda item: item.day):
        if start_day < milestone.day < target_day:
            points.append((milestone.day, Fraction(milestone.value)))
    points.append((target_day, target))
    return tuple(points)


def expected_on(points: Trajectory, day: date, mesure: Mesure) -> Fraction | None:
    """The value that a trajectory wants on `day`; for a `flux`, for the whole year of `day`."""
    if not points:
        return None
    if mesure is Mesure.FLUX:
        # A yearly amount is judged against its year's target, on whichever day of that year it is dated.
        dated = [value for point_day, value in points[1:] if point_day.year == day.year]
        if dated:
            return dated[-1]
        day = date(day.year, 12, 31)
    if day <= points[0][0]:
        return points[0][1]
    for (left_day, left), (right_day, right) in pairwise(points):
        if day <= right_day:
            return left + (right - left) * Fraction((day - left_day).days, (right_day - left_day).days)
    return points[-1][1]
