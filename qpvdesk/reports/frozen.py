"""What a COPIL's file is made of, and the fingerprint that says which data it shows."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import canonical
from qpvdesk.domain.letterhead import NO_LETTERHEAD, Letterhead
from qpvdesk.domain.model import Meeting, MeetingKind
from qpvdesk.domain.points import Point
from qpvdesk.domain.situation import Situation
from qpvdesk.reports.composition import WHOLE, Composition


class CopilData(Struct, frozen=True, dict=True):
    """The frozen data of one printing. `alerts` and `findings` are the points d'attention, the most pressing first."""

    situation: Situation
    previous: Situation | None = None
    """The contract at the last COPIL."""
    alerts: tuple[Point, ...] = ()
    findings: tuple[Point, ...] = ()
    meeting: Meeting | None = None
    """The COPIL the file is for; by default the first one on or after the day of the data."""

    snapshot: str = ""
    """Fingerprint of the arrêté des données that is printed; empty where the data are those of the moment."""
    compared_with: str = ""
    """Fingerprint of the arrêté des données that `previous` is; empty where it was reckoned again for its day."""
    letterhead: Letterhead = NO_LETTERHEAD
    """The service's header. Not of the data: the fingerprint does not know it, unless it was frozen with them."""
    composition: Composition = WHOLE
    """What is printed of it. Not of the data: the fingerprint does not know it."""

    @property
    def day(self) -> date:
        """The date of the data."""
        return self.situation.day

    @cached_property
    def copil(self) -> Meeting | None:
        """The meeting the file is for, if any is known."""
        if self.meeting is not None:
            return self.meeting
        coming = [
            item
            for item in self.situation.dossier.meetings
            if item.kind is MeetingKind.COPIL and item.day >= self.day
        ]
        return min(coming, key=lambda item: (item.day, item.key), default=None)

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits in groups of four: the first of the snapshot's, or of the SHA-256 of the data."""
        if self.snapshot:
            return grouped(self.snapshot)
        dossier = self.situation.dossier
        # What is dated after the day is not shown: recording it must not change the fingerprint.
        shown = replace(
            dossier,
            measurements=tuple(item for item in dossier.measurements if item.day <= self.day),
            meteos=tuple(item for item in dossier.meteos if item.day <= self.day),
            counter_values=tuple(item for item in dossier.counter_values if item.day <= self.day),
            snapshots=(),
            papers=(),
        )
        content = {
            "dossier": shown,
            "day": self.day,
            "previous": self.previous.day if self.previous is not None else None,
            "compared_with": self.compared_with,
            "alerts": self.alerts,
            "findings": self.findings,
            "copil": self.copil,
        }
        return grouped(canonical.fingerprint_of(content))


def grouped(fingerprint: str) -> str:
    """Return the first sixteen digits of a fingerprint as they are read aloud, by fours."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, 16, 4))
