"""The trajectory of one objective: what was promised, what was measured, where the pace leads."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import partial

from msgspec import Struct

from qpvdesk.charts.labels import Box, Label, LabelPlacer, apart
from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.metrics import shorten, text_width
from qpvdesk.charts.primitives import Anchor, Area, Chart, Ink, Line, Mark, Polyline, Primitive, Shape, Text
from qpvdesk.charts.ticks import DateTick, ValueTick, broken_axis, date_ticks, ends, spread, value_ticks
from qpvdesk.charts.trajectory_told import pace_words, trajectory_hits, trajectory_rows, trajectory_summary
from qpvdesk.domain.french import NBSP, NNBSP, format_date, format_value, raised
from qpvdesk.domain.model import Objective
from qpvdesk.domain.projection import Projection
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.domain.targets import start_of, target_of, trajectory

_DOTTED = (1.5, 2.2)
_DASHED = (4.0, 2.5)
_DAY_DASH = (1.0, 1.8)
_PROJECTION_HEIGHTS_MAX = 3
"""A projection further off than so many times the height of the rest is left to its sentence."""
_GAP = 2.0
_NEEDED_RANK = 1
"""The last value and what it is set against are named whatever the room; the rest where no line is covered."""
_MARKED_POINTS_MAX = 40
"""Beyond so many measurements, dots would run together: the line alone is drawn."""


class TrajectoryChart(Chart, frozen=True):
    """The drawing, and the graduations it stands on."""

    x_ticks: tuple[DateTick, ...] = ()
    y_ticks: tuple[ValueTick, ...] = ()


class _Series(Struct, frozen=True):
    """Everything to draw, in values and days."""

    promised: tuple[tuple[date, Fraction], ...]
    start: tuple[date, Fraction] | None
    milestones: tuple[tuple[date, Fraction], ...]
    target: tuple[date | None, Fraction] | None
    measured: tuple[tuple[date, Fraction], ...]
    reference: tuple[tuple[date, Fraction], ...]
    projection: Projection | None
    is_share: bool

    @property
    def _lines(self) -> tuple[tuple[tuple[date, Fraction], ...], ...]:
        return self.promised, self.milestones, self.measured, self.reference

    def days(self) -> list[date]:
        known = [day for group in self._lines for day, _ in group]
        known += [self.start[0]] if self.start is not None else []
        if self.target is not None and self.target[0] is not None:
            known.append(self.target[0])
        return known

    def values(self) -> list[Fraction]:
        known = [value for group in self._lines for _, value in group]
        known += [self.start[1]] if self.start is not None else []
        if self.target is not None:
            known.append(self.target[1])
        return known


class _Plane:
    """From days and values to points."""

    def __init__(self, frame: Box, days: tuple[date, date], values: tuple[Fraction, Fraction]) -> None:
        self.frame = frame
        self._first = days[0]
        self._days = max(1, (days[1] - days[0]).days)
        self._low = float(values[0])
        self._span = float(values[1] - values[0]) or 1.0

    def x(self, day: date) -> float:
        return self.frame.left + (day - self._first).days / self._days * (self.frame.right - self.frame.left)

    def y(self, value: Fraction) -> float:
        return self.frame.bottom - (value.numerator / value.denominator - self._low) / self._span * (
            self.frame.bottom - self.frame.top
        )

    def line(self, points: tuple[tuple[date, Fraction], ...]) -> tuple[tuple[float, float], ...]:
        return tuple((self.x(day), self.y(value)) for day, value in points)


def trajectory_chart(
    situation: Situation,
    objective: Objective,
    width: float,
    height: float,
    *,
    text_size: float = 7.5,
    bare: bool = False,
) -> TrajectoryChart:
    """Draw `objective` as known on the situation's day, in a box of `width` × `height` points.

    Text has `text_size`; `bare`: the target leaves its unit to the axis. A chart with nothing to show says so. Hits carry
    the key of each measurement (the day in ISO form where the value is an aggregate).
    """
    series = _series(situation, objective)
    if not series.values() or not series.days():
        return _empty(width, height, text_size)
    unit = objective.unit
    low, high = _extent(series)
    rows = max(3, min(6, int((height - 3 * text_size) / (text_size * 3))))
    counted = all(value.denominator == 1 for value in series.values())
    y_ticks = value_ticks(low, high, rows, unit, counted=counted)
    first, last = _period(series, situation.day)
    margin = max(text_width(tick.label, text_size) for tick in y_ticks) + 5
    top = text_size * 1.9
    frame = Box(margin, top, width - text_size * 0.9, height - text_size * 1.7)
    plane = _Plane(frame, (first, last), (y_ticks[0].value, y_ticks[-1].value))
    x_ticks = date_ticks(first, last, max(2, int((frame.right - frame.left) / (text_size * 4.6))))
    painter = _Painter(plane, LabelPlacer(Box(frame.left, 0, width, frame.bottom)), objective, text_size)
    painter.axes(x_ticks, y_ticks, width)
    painter.today(situation.day, series.target)
    painter.projection(series)
    painter.promised(series, bare=bare)
    painter.reference(series.reference)
    line = plane.line(series.measured)
    painter.measured(series.measured, line, situation.assessments[objective.key].status)
    painter.write()
    return TrajectoryChart(
        width,
        height,
        tuple(painter.items),
        trajectory_hits(situation.measurements_of(objective.key), objective.unit, series.measured, line),
        trajectory_summary(situation, objective),
        columns=("Date", "Valeur", "Attendu"),
        tell=partial(trajectory_rows, series.promised, series.measured, objective.unit),
        x_ticks=x_ticks,
        y_ticks=y_ticks,
    )


def target_words(objective: Objective, value: Fraction, unit: str) -> str:
    """Return what is written beside the target of a drawing; `unit`: empty where the axis names it."""
    noun = "Au moins" if objective.aim.between else raised(objective.aim.words.noun)
    return f"{noun}{NNBSP}: {format_value(value, unit)}"


def trajectory_grounds(situation: Situation, objective: Objective) -> tuple[object, ...]:
    """Return all that the drawing of an objective rests on: where that is equal, so is the drawing."""
    return (
        _series(situation, objective),
        situation.assessments[objective.key],
        situation.measurements_of(objective.key),
    )


def _series(situation: Situation, objective: Objective) -> _Series:
    value, day = start_of(objective)
    start = (day, value) if value is not None and day is not None else None
    target = target_of(objective)
    reference: tuple[tuple[date, Fraction], ...] = ()
    if objective.aim.compared and objective.reference is not None:
        reference = situation.series(objective.reference)
    measured = situation.series(objective.key)
    top, since = objective.target_max, measured[0][0] if measured else day or objective.target_date
    if objective.aim.between and top is not None and since is not None:
        reference = ((since, Fraction(top)),)
    milestones = situation.milestones_of(objective.key)
    return _Series(
        promised=trajectory(objective, milestones),
        start=start if objective.aim.promised else None,
        milestones=tuple((item.day, Fraction(item.value)) for item in milestones),
        target=None if target is None or not objective.aim.promised else (objective.target_date, target),
        measured=measured,
        reference=reference,
        projection=situation.projection(objective.key),
        is_share=objective.unit.startswith("%"),
    )


def _extent(series: _Series) -> tuple[Fraction, Fraction]:
    # Compared as floats: exact fractions are compared many times more slowly, and pixels ask for less.
    low, high = ends(series.values())
    projection = series.projection
    if projection is not None:
        known = [low, high]
        reach = max(high - low, abs(high) / 10) * _PROJECTION_HEIGHTS_MAX
        for value in (projection.now, projection.value, projection.low, projection.high):
            if value is not None and low - reach <= value <= high + reach:
                known.append(value)
        low, high = ends(known)
    low, high = spread(low, high, share=series.is_share)
    # Zero is shown where it is near: a line from 21 to 40 is read against it, one from 98 % to 99 % is not.
    if low >= 0 and low <= (high - low) * 2:
        low = Fraction(0)
    elif high <= 0 and -high <= (high - low) * 2:
        high = Fraction(0)
    return low, high


def _period(series: _Series, day: date) -> tuple[date, date]:
    days = [*series.days(), day]
    first, last = min(days), max(days)
    if (last - first).days < 60:
        last = first + timedelta(days=365)
    beyond = timedelta(days=(last - first).days // 25)
    # A value would cover the axis, its graduation and the sign of its break.
    on_axis = bool(series.measured) and series.measured[0][0] == first
    return first - beyond if on_axis else first, last + beyond


class _Painter:
    """Gathers primitives, ground first; labels come last, the most wanted placed first."""

    def __init__(self, plane: _Plane, placer: LabelPlacer, objective: Objective, size: float) -> None:
        self.items: list[Primitive] = []
        self._plane = plane
        self._placer = placer
        self._objective = objective
        self._size = size
        self._wanted: list[tuple[int, Label]] = []
        self._unit_end = 0.0
        self._day: tuple[float, str] | None = None

    def _label(self, rank: int, at: tuple[float, float], text: str, ink: Ink, *, radius: float = 3.0) -> None:
        """Ask for a label at a point; the lowest rank is placed first."""
        self._wanted.append((rank, Label(*at, text, self._size, ink, radius=radius)))

    def _value(self, value: Fraction, decimals: int | None = None) -> str:
        return format_value(value, self._objective.unit, decimals)

    def axes(self, x_ticks: tuple[DateTick, ...], y_ticks: tuple[ValueTick, ...], width: float) -> None:
        frame, size = self._plane.frame, self._size
        for tick in y_ticks:
            y = self._plane.y(tick.value)
            # As far as words may stand.
            self.items.append(Line(frame.left, y, width, y, Ink.GRID, 0.5))
            self.items.append(
                Text(frame.left - 4, y + size * 0.34, tick.label, size, Ink.MENTION, Anchor.END)
            )
            # Level with a graduation, words would be read with it.
            self._placer.block(0, y - size / 4, frame.left + size, y + size / 4)
        self.items.append(Line(frame.left, frame.bottom, width, frame.bottom, Ink.AXIS, 0.7))
        if y_ticks[0].value > 0 or y_ticks[-1].value < 0:
            self.items.append(broken_axis(frame.left, frame.bottom, size))
            self._placer.block(
                frame.left - size, frame.bottom - size * 1.2, frame.left + size / 2, frame.bottom
            )
        words: list[tuple[float, float, str]] = []
        for mark in x_ticks:
            x = self._plane.x(mark.day)
            self.items.append(Line(x, frame.bottom, x, frame.bottom + 2.5, Ink.AXIS, 0.6))
            if mark.label:
                words.append((x, text_width(mark.label, size) / 2, mark.label))
        for x, half, label in apart(words, size * 0.6):
            if x - half >= -1 and x + half <= width:
                self.items.append(Text(x, frame.bottom + size * 1.4, label, size, Ink.MENTION, Anchor.MIDDLE))
        if not self._objective.unit.startswith("%") and self._objective.unit:
            unit = shorten(self._objective.unit, size, width / 3)
            self.items.append(Text(0, size * 0.85, unit, size, Ink.MENTION))
            self._unit_end = text_width(unit, size) + 4
            self._placer.block(0, 0, self._unit_end, size * 1.1)

    def today(self, day: date, target: tuple[date | None, Fraction] | None) -> None:
        """Draw the day of the data, its words over its line; `write` names it beside where a target's stand there."""
        x, frame, size = self._plane.x(day), self._plane.frame, self._size
        self.items.append(Line(x, frame.top - size * 0.5, x, frame.bottom, Ink.AXIS, 0.6, _DAY_DASH))
        self._placer.avoid(((x, frame.top), (x, frame.bottom)), weight=1)
        text = format_date(day)
        half = text_width(text, size) / 2
        right = frame.right
        if target is not None and target[0] is not None and self._plane.y(target[1]) < frame.top + size:
            words = text_width(
                target_words(self._objective, target[1], self._objective.unit), size, bold=True
            )
            corner = min(self._plane.x(target[0]) + words / 2, frame.right) - words
            right = corner - 2 * _GAP if x < corner + words else right
        # The unit stands on the same line, to the left.
        over = max(min(x, right - half), frame.left + half, self._unit_end + half + 2)
        if abs(over - x) > half:
            self._day = (x, text)
            return
        self.items.append(Text(over, size * 0.85, text, size, Ink.MENTION, Anchor.MIDDLE))
        self._placer.block(over - half - 2, 0, over + half + 2, size * 1.1)

    def promised(self, series: _Series, *, bare: bool) -> None:
        plane, frame = self._plane, self._plane.frame
        if series.promised:
            points = plane.line(series.promised)
            self.items.append(Polyline(points, Ink.EXPECTED, 1.1))
            self._placer.avoid(points)
        elif series.target is not None:
            y = plane.y(series.target[1])
            self.items.append(Line(frame.left, y, frame.right, y, Ink.EXPECTED, 1.1, _DASHED))
            self._placer.avoid(((frame.left, y), (frame.right, y)))
        if series.start is not None:
            x, y = plane.x(series.start[0]), plane.y(series.start[1])
            self._placer.block(x - 2.5, y - 2.5, x + 2.5, y + 2.5)
            self.items.append(Mark(x, y, 5.5, Shape.CIRCLE, Ink.EXPECTED))
            self._label(2, (x, y), f"Départ{NBSP}: {self._value(series.start[1])}", Ink.MENTION)
        for day, value in series.milestones:
            x, y = plane.x(day), plane.y(value)
            self.items.append(Mark(x, y, 6, Shape.LOZENGE, Ink.EXPECTED))
            self._label(3, (x, y), f"Jalon{NNBSP}: {self._value(value)}", Ink.MENTION)
        if series.target is not None:
            day_, value = series.target
            x = plane.x(day_) if day_ is not None else frame.right
            y = plane.y(value)
            if day_ is not None:
                self.items.append(Mark(x, y, 8, Shape.TARGET, Ink.ACCENT))
                self._placer.block(x - 3.5, y - 4, x + 3.5, y + 4)
            # The unit heads the axis.
            words, short = (target_words(self._objective, value, unit) for unit in (self._objective.unit, ""))
            short = short if self._unit_end else ""
            words = short if bare and short else words
            label = Label(x, y, words, self._size, Ink.TEXT, bold=True, radius=4 if day_ else 1, short=short)
            self._wanted.append((1, label))

    def reference(self, points: tuple[tuple[date, Fraction], ...]) -> None:
        if not points:
            return
        frame = self._plane.frame
        line = self._plane.line(points)
        # A reference stands until it is measured anew.
        line = (*line, (frame.right, line[-1][1]))
        self.items.append(Polyline(line, Ink.EXPECTED, 1.1, _DASHED))
        self._placer.avoid(line)
        noun = "Au plus" if self._objective.aim.between else "Référence"
        self._label(1, line[-1], f"{noun}{NNBSP}: {self._value(points[-1][1])}", Ink.TEXT, radius=1)

    def projection(self, series: _Series) -> None:
        projection, target_day = series.projection, self._objective.target_date
        if projection is None or target_day is None or not series.measured:
            return
        plane, frame = self._plane, self._plane.frame
        day, value = series.measured[-1]
        now = value if projection.now is None else projection.now
        x1, y1 = plane.x(day), min(max(plane.y(now), frame.top), frame.bottom)
        x2, y2 = plane.x(target_day), plane.y(projection.value)
        if not frame.top - 1 <= y2 <= frame.bottom + 1 or x2 <= x1:
            return
        if projection.low is not None and projection.high is not None:
            edges = (plane.y(projection.high), plane.y(projection.low))
            corners = [(x1, y1 + edges[0] - y2), (x2, edges[0]), (x2, edges[1]), (x1, y1 + edges[1] - y2)]
            within = tuple((x, min(max(y, frame.top), frame.bottom)) for x, y in corners)
            self.items.append(Area(within, Ink.RANGE))
        self.items.append(Polyline(((x1, y1), (x2, y2)), Ink.ACCENT, 1.1, _DOTTED))
        self._placer.avoid(((x1, y1), (x2, y2)))
        self._label(4, (x2, y2), pace_words(self._objective, projection), Ink.ACCENT, radius=1.5)

    def measured(
        self, points: tuple[tuple[date, Fraction], ...], line: tuple[tuple[float, float], ...], status: Statut
    ) -> None:
        if not points:
            return
        if len(line) > 1:
            self.items.append(Polyline(line, Ink.ACCENT, 1.8))
            self._placer.avoid(line, weight=8)
        for x, y in line[:-1] if len(line) <= _MARKED_POINTS_MAX else ():
            self.items.append(Mark(x, y, 4.2, Shape.DOT, Ink.ACCENT))
        x, y = line[-1]
        look = STATUS_MARKS[status]
        plain = status in (Statut.SUIVI, Statut.SANS_TRAJECTOIRE, Statut.NON_RENSEIGNE)
        self._placer.block(x - 4, y - 4, x + 4, y + 4)
        if plain:
            self.items.append(Mark(x, y, 6, Shape.DOT, Ink.ACCENT))
        else:
            self.items.append(Mark(x, y, 11, Shape.DOT, Ink.PAPER))
            self.items.append(Mark(x, y, 9, look.shape, look.ink))
        day, value = points[-1]
        words = f"{self._value(value)} au {format_date(day)}"
        self._wanted.append((0, Label(x, y, words, self._size, Ink.ACCENT, bold=True, radius=4.5)))

    def write(self) -> None:
        """Place the labels, the most wanted first; before them the day where it has none over its line."""
        if self._day is not None:
            (x, text), frame, size = self._day, self._plane.frame, self._size
            heights = range(int(frame.top + size), int(frame.bottom), int(size / 2))
            spots = (
                Text(x + side * _GAP, y, text, size, Ink.MENTION, anchor, halo=True)
                for y in heights
                for side, anchor in ((-1, Anchor.END), (1, Anchor.START))
            )
            if placed := self._placer.first_free(spots):
                self.items.append(placed)
        for rank, label in sorted(self._wanted, key=lambda wanted: wanted[0]):
            if placed := self._placer.place(label, needed=rank <= _NEEDED_RANK):
                self.items.append(placed)


def _empty(width: float, height: float, size: float) -> TrajectoryChart:
    text = "Ni départ daté, ni relevé à représenter."
    item = Text(width / 2, height / 2, text, size, Ink.MENTION, Anchor.MIDDLE)
    return TrajectoryChart(width, height, (item,), (), text)
