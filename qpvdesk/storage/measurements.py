"""Measurements to rows and back: what `Table.row` and `Table.entities` do, several times as fast.

They are the only rows that a base holds by the ten thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from qpvdesk.domain.model import Measurement
from qpvdesk.storage.codecs import decimal_in
from qpvdesk.storage.tables import BY_KIND, UNREADABLE, UnreadableRowError

COLUMNS = (
    "key", "objective", "territory", "day", "value", "source", "comment", "provisional", "numerator", "denominator",
    "entered_on", "citation_document", "citation_section", "citation_mark",
)  # fmt: skip
"""The order that both ways rely on; a test holds it against the table's."""

_TABLE = BY_KIND["measurement"]


class _Cache(dict[Any, Any]):
    """What a function makes of what was asked, each thing once."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, asked: Any) -> Any:
        value = self[asked] = self._make(asked)
        return value


def entities(rows: Iterable[Sequence[Any]]) -> list[Measurement]:
    """Turn rows into measurements, sorted by objective, day and key. Raises `UnreadableRowError` as `Table.entities`."""
    try:
        return _entities(rows)
    except UNREADABLE as error:
        raise UnreadableRowError(f"measurement: {error}") from error


def _entities(rows: Iterable[Sequence[Any]]) -> list[Measurement]:
    measurements: list[Measurement] = []
    cited: list[Sequence[Any]] = []
    # Thousands of rows name the same few, of the same days and values: each is made and held once.
    names: dict[str, str] = {}
    once = names.setdefault
    decimals, days, moments = _Cache(decimal_in), _Cache(date.fromordinal), _Cache(date.fromisoformat)
    for row in rows:
        (
            key,
            objective,
            place,
            day,
            value,
            source,
            comment,
            provisional,
            above,
            below,
            entered,
            document,
            _,
            _,
        ) = row
        if document is not None:
            cited.append(row)
            continue
        measurements.append(
            Measurement(
                key,
                once(objective, objective),
                once(place, place),
                days[day],
                value=decimals[value],
                source=once(source, source),
                comment=comment,
                provisional=provisional == 1,
                numerator=None if above is None else decimals[above],
                denominator=None if below is None else decimals[below],
                entered_on=None if entered is None else moments[entered],
            )
        )
    measurements += _TABLE.entities(cited)
    measurements.sort(key=attrgetter("objective", "day", "key"))
    return measurements


def rows(measurements: Iterable[Measurement]) -> Iterator[tuple[Any, ...]]:
    """Turn measurements into rows of `COLUMNS`. Raises what the codecs raise."""
    for measurement in measurements:
        value = measurement.value
        if (
            measurement.citation is not None
            or measurement.numerator is not None
            or measurement.denominator is not None
            or not value.is_finite()
            or "\0" in measurement.source
            or "\0" in measurement.comment
        ):
            yield _TABLE.row(measurement)
            continue
        entered = measurement.entered_on
        yield (
            measurement.key,
            measurement.objective,
            measurement.territory,
            measurement.day.toordinal(),
            format(value, "f"),
            measurement.source,
            measurement.comment,
            int(measurement.provisional),
            None,
            None,
            None if entered is None else entered.isoformat(),
            None,
            None,
            None,
        )
