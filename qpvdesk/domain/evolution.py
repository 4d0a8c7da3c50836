"""How far the value of an objective moved, and from what: its declared start, else its first measurement."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from msgspec import Struct

from qpvdesk.domain.french import NBSP, format_change, format_date, format_value
from qpvdesk.domain.model import Objective
from qpvdesk.domain.targets import counts_otherwise, is_undated_total, start_of


class Evolution(Struct, frozen=True):
    """The move of a value, in the unit of its objective, from the figure that it is compared with."""

    change: Fraction
    from_start: bool
    """Whether it is counted from the declared start; else from the first measurement."""
    since_day: date | None
    """The day of the figure compared with; None where the start bears no date."""

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


def evolution_of(
    objective: Objective, value: Fraction, first: tuple[Fraction, date] | None
) -> Evolution | None:
    """How far `value` is from the declared start; where there is none, from `first`, the value and the day of a first
    measurement that is not that of `value`. None where there is neither."""
    start, day = declared_start(objective)
    if start is not None:
        return Evolution(value - start, True, day)
    return None if first is None else Evolution(value - first[0], False, first[1])
