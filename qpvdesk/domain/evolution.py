"""How far the value of an objective moved, and from what: its declared start, else its first measurement."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from msgspec import Struct

from qpvdesk.domain.evidence import Reading
from qpvdesk.domain.french import NBSP, format_change, format_date, format_value
from qpvdesk.domain.model import Measurement, Mesure, Objective
from qpvdesk.domain.target_rules import word_before
from qpvdesk.domain.targets import counts_otherwise, is_undated_total, start_of

CONVENTION = "par convention"
"""What the comment of a measurement says of its date where the document gives none."""


class Evolution(Struct, frozen=True):
    """The move of a value, in the unit of its objective, from the figure that it is compared with."""

    change: Fraction
    from_start: bool
    """Whether it is counted from the declared start; else from the first measurement."""
    since_day: date | None
    """The day of the figure compared with; None where the start bears no date."""
    earlier: Fraction | None = None
    """That figure itself, of what is counted each year: two years are told, for nothing ran from the one to the other."""
    word: str = ""
    """What the document puts before it: `près de `."""
    conventional: bool = False
    """Whether its date is a convention."""

    @property
    def when(self) -> str:
        """`en 2022`: the year of the figure compared with; else the day on which it stood, `fin 2022`."""
        if self.since_day is None:
            return "au départ"
        return (
            year_of(self.since_day, dated=not self.conventional) or f"au{NBSP}{format_date(self.since_day)}"
        )

    def earlier_words(self, unit: str = "") -> str:
        """`près de 3 800`: the figure compared with; empty where the move is told instead."""
        return "" if self.earlier is None else f"{self.word}{format_value(self.earlier, unit)}"

    @property
    def since(self) -> str:
        """`depuis le départ (31/12/2023)`: what the move is counted from."""
        origin = "depuis le départ" if self.from_start else "depuis le premier relevé"
        return origin if self.since_day is None else f"{origin} ({format_date(self.since_day)})"

    def words(self, unit: str = "") -> str:
        """The move with its sign; a share moves by points."""
        if unit.startswith("%"):
            return f"{format_change(self.change, 1)}{NBSP}pt"
        sign = "+" if self.change > 0 else ""
        return sign + format_value(self.change, unit)


def declared_start(objective: Objective) -> tuple[Fraction | None, date | None]:
    """The start that was declared, and its day. The 0 that a running total starts from is one only where it is
    dated; what is counted in another unit is none, for nothing is taken from it."""
    start, day = start_of(objective)
    undeclared = is_undated_total(objective) or counts_otherwise(objective)
    return (None, None) if undeclared else (start, day)


def evolution_of(objective: Objective, value: Fraction, first: Reading | None) -> Evolution | None:
    """How far `value` is from the declared start; where there is none, from `first`, a first measurement that is not that
    of `value`. None where there is neither."""
    start, day = declared_start(objective)
    yearly = objective.mesure is Mesure.FLUX
    if start is not None:
        return Evolution(value - start, True, day, start if yearly else None)
    if first is None:
        return None
    earlier = first.value if yearly else None
    comment = first.measurement.comment if first.measurement is not None else ""
    return Evolution(
        value - first.value,
        False,
        first.day,
        earlier,
        word_before(comment, first.value) if yearly else "",
        CONVENTION in comment,
    )


def year_of(day: date | None, *, dated: bool = True) -> str:
    """`en 2025`: the year that the last day of one stands for, in what is counted each year; empty for another day, and
    for one of convention, which nobody dated."""
    return f"en {day.year}" if day is not None and dated and (day.month, day.day) == (12, 31) else ""


def counted_in(objective: Objective, day: date | None, measurement: Measurement | None) -> str:
    """`en 2025`: the year of the value of a day, where it is the amount of one; else empty."""
    dated = measurement is not None and CONVENTION not in measurement.comment
    return year_of(day, dated=dated) if objective.mesure is Mesure.FLUX else ""


def counted_of(objective: Objective, day: date, measurement: Measurement | None) -> str:
    """`de 2025`, else `du 31/03/2026`: of when the value of a day is, after what it is called."""
    year = counted_in(objective, day, measurement)
    return f"de {year.removeprefix('en ')}" if year else f"du {format_date(day)}"


def counted_on(objective: Objective, day: date | None, measurement: Measurement | None, at: str = "") -> str:
    """`en 2025`, else `31/03/2026` after `at`: of when the value of a day is."""
    return counted_in(objective, day, measurement) or f"{at}{format_date(day)}"
