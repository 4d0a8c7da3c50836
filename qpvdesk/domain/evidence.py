"""What is known of the value of an objective by a day: readings, the parts of an aggregate."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from msgspec import Struct

from qpvdesk.domain.model import Measurement


class Reading(Struct, frozen=True):
    """The value of an objective on a day: one measurement, or the aggregate of its children."""

    value: Fraction
    day: date
    measurement: Measurement | None = None
    """None when aggregated."""
    numerator: Fraction | None = None
    denominator: Fraction | None = None


class Contribution(Struct, frozen=True):
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


class Evidence(Struct, frozen=True):
    """What is known of an objective by a day."""

    current: Reading | None = None
    """Its value by the day."""
    previous: Reading | None = None
    """That of the last earlier day."""
    first: Reading | None = None
    """Its first measurement: the start of a figure that has no other."""
    reference: Reading | None = None
    """The value of its reference on the day of `current`, for `parite`."""
    previous_reference: Reading | None = None
    """The same on the day of `previous`."""
    parts: tuple[Contribution, ...] = ()
    """Where the declined objectives stand."""
    own: Reading | None = None
    """What a parent measured itself by the day."""

    def first_before(self, day: date) -> Reading | None:
        """The first measurement, where it is older than the value that is read on `day`."""
        return self.first if self.first is not None and self.first.day < day else None


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
