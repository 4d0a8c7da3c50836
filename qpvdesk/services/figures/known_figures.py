"""What the figures of a file are beside those that are known: new, the same, another value of the same day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.ages import in_recording_order
from qpvdesk.domain.faults.doubts import Doubts, adds_nothing
from qpvdesk.domain.model import Dossier, Measurement
from qpvdesk.services.figures.line import LineState
from qpvdesk.spreadsheets.columns import Columns


class Outcome(Struct, frozen=True, gc=False):
    """What becomes of a value: what would be written, over what, and what is unusual in it."""

    state: LineState
    measurement: Measurement
    old: Measurement | None
    unusual: Sequence[str] = ()
    remarks: Sequence[str] = ()


class KnownFigures:
    """The figures of one contract, by which those of a file are compared."""

    def __init__(self, dossier: Dossier) -> None:
        self.doubts = Doubts(dossier)
        self.series: dict[tuple[str, str], list[Measurement]] = {}
        for known in dossier.measurements:
            self.series.setdefault((known.objective, known.territory), []).append(known)
        for series in self.series.values():
            in_recording_order(series)

    def compared(self, new: Measurement, columns: Columns) -> Outcome:
        """What becomes of a value beside those that are known."""
        known = self.series.get((new.objective, new.territory), [])
        before = bisect_left(known, new.day, key=_day_of)
        after = bisect_right(known, new.day, key=_day_of)
        old = known[after - 1] if after > before else None
        state = LineState.NEW
        if old is not None:
            state = LineState.SAME if _same(old, new, columns) else LineState.CHANGED
            new = replace(
                old,
                value=new.value,
                source=new.source or old.source,
                comment=new.comment or old.comment,
                provisional=old.provisional
                if columns.provisional is None and not new.provisional
                else new.provisional,
                numerator=_kept(new.numerator, old.numerator, old.value == new.value),
                denominator=_kept(new.denominator, old.denominator, old.value == new.value),
            )
        if state is LineState.SAME:
            return Outcome(state, new, old)
        later = known[after:]
        known_later = (
            (f"Une valeur plus récente est déjà connue ({french.format_date(later[-1].day)}).",)
            if later
            else ()
        )
        # What it replaces is said by the line itself.
        doubts = [doubt.sentence for doubt in self.doubts.of(new) if doubt.kind != "meme_jour"]
        return Outcome(state, new, old, doubts, known_later)


def _same(old: Measurement, new: Measurement, columns: Columns) -> bool:
    """Whether the file says nothing of a known value that the base does not."""
    unsaid = columns.provisional is None and not new.provisional
    return adds_nothing(replace(new, provisional=old.provisional) if unsaid else new, old)


def _day_of(measurement: Measurement) -> date:
    return measurement.day


def _kept(new: Decimal | None, old: Decimal | None, same: bool) -> Decimal | None:
    """Return a part of a value: the new one; else the old one, as long as the value it makes is the same."""
    return new if new is not None else old if same else None
