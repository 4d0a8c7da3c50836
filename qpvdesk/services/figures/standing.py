"""Which of several figures of one day stands: the last recorded, whatever the clock of the laptop said."""

from __future__ import annotations

from msgspec.structs import replace

from qpvdesk.domain.ages import recording_order
from qpvdesk.domain.model import Measurement
from qpvdesk.storage.keys import later_key


def standing(new: Measurement, last: Measurement | None) -> Measurement:
    """Have a new figure stand for its day, were the clock ahead when the one that stands there now was recorded.

    `last`: that one; None where there is none.
    """
    if last is None or recording_order(new) > recording_order(last):
        return new
    return replace(new, key=later_key(last.key), entered_on=last.entered_on)
