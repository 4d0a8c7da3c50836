"""Measurements to rows and back: what `Table.row` and `Table.entities` do, several times as fast.

They are the only rows that a base holds by the ten thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from qpvdesk.domain.model import Measurement
from qpvdesk.storage.tables import BY_KIND

COLUMNS = (
    "key", "objective", "territory", "day", "value", "source", "comment", "provisional", "numerator", "denominator",
    "entered_on", "citation_document", "citation_section", "citation_mark",
)  # fmt: skip
"""The order that both ways rely on; a test holds it against the table's."""

_TABLE = BY_KIND["measurement"]


class _Made(dict[Any, Any]):
    """What a function makes of what was asked, each thing once."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, asked: Any) -> Any:
        made = self[asked] = self._make(asked)
        return made


def entities(rows: Iterable[Sequence[Any]]) -> list[Measurement]:
    """Turn rows into measurements, sorted by objective, day and key."""
    made: list[Measurement] = []
    cited: list[Sequence[Any]] = []
    # Thousands of rows name the same few, of the same days and values: each is made and held once.
    names: dict[str, str] = {}
    once = names.setdefault
    decimals, days, moments = _Made(Decimal), _Made(date.fromordinal), _Made(date.fromisoformat)
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
        made.append(
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
    made += _TABLE.entities(cited)
    made.sort(key=attrgetter("objective", "day", "key"))
    return made


def rows(measurements: Iterable[Measurement]) -> Iterator[tuple[Any, ...]]:
    """Turn measurements into rows of `COLUMNS`. Raises what the codecs raise."""
    for one in measurements:
        value = one.value
        if (
            one.citation is not None
            or one.numerator is not None
            or one.denominator is not None
            or not value.is_finite()
            or "\0" in one.source
            or "\0" in one.comment
        ):
            yield _TABLE.row(one)
            continue
        entered = one.entered_on
        yield (
            one.key,
            one.objective,
            one.territory,
            one.day.toordinal(),
            format(value, "f"),
            one.source,
            one.comment,
            int(one.provisional),
            None,
            None,
            None if entered is None else entered.isoformat(),
            None,
            None,
            None,
        )
