"""The hybrid logical clock: one number a moment, that never goes back even where the laptop's clock does.

The upper bits are milliseconds since 1970 (UTC), the lower 16 a count; so that numbers compare as moments do, and
an operation always has a greater one than the operation whose value it replaces.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from qpvdesk.domain.errors import UserError

Clock = Callable[[], datetime]

_COUNT_BITS = 16
_YEARS = range(1970, 2999)
"""Those of a moment that a package may bear."""
LATEST = int(datetime(_YEARS.stop, 1, 1, tzinfo=UTC).timestamp() * 1000) << _COUNT_BITS
"""The greatest number that a clock may give by itself; what goes on after one that had it is counted on from there."""
COUNTED_MAX = 1 << 40
"""How far it may be counted on: more acts than all officers together will do."""


def system() -> datetime:
    """Return the present moment, aware."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> int:
    """Return the number of that moment, with a count of zero. A naive moment is local time."""
    return int(moment.timestamp() * 1000) << _COUNT_BITS


def moment(hlc: int) -> datetime:
    """Return the moment inside a number, in UTC, to the millisecond."""
    return datetime.fromtimestamp((hlc >> _COUNT_BITS) / 1000, UTC)


def tick(now: datetime, last: int) -> int:
    """Return the number of an act done now, greater than `last`, the greatest seen so far.

    Raises `UserError` for a moment that no package may bear: it would keep all others back with it.
    """
    if now.year not in _YEARS:
        raise UserError(
            f"L’ordinateur se croit en {now.year}\u202f: rien n’a été enregistré.",
            "Mettez-le à la date du jour, puis recommencez.",
        )
    return max(stamp(now), last + 1)
