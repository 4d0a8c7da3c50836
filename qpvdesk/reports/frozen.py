"""What a COPIL's file is made of, and the fingerprint that says which data it shows."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain import canonical
from qpvdesk.domain.counts import PartnerSummary
from qpvdesk.domain.letterhead import NO_LETTERHEAD, Letterhead
from qpvdesk.domain.meetings import next_copil
from qpvdesk.domain.model import Meeting, Territory
from qpvdesk.domain.review import Review
from qpvdesk.domain.situation import Situation
from qpvdesk.reports.composition import IN_WHOLE, WHOLE, Composition
from qpvdesk.reports.seal import Seal


class CopilData(Struct, frozen=True, dict=True):
    """The data of one printing."""

    review: Review
    letterhead: Letterhead = NO_LETTERHEAD
    """The service's header. Not of the data: the fingerprint does not know it, unless it was frozen with them."""
    composition: Composition = WHOLE
    """What is printed of it. Not of the data: the fingerprint does not know it."""
    origin: Seal | None = None
    """How it was asked for; None where nobody can ask for it again."""
    partner: PartnerSummary | None = None
    """The partner that it is of, if one was named."""
    territory: Territory | None = None
    """The territory that it is of, if one was named."""

    @property
    def situation(self) -> Situation:
        return self.review.situation

    @property
    def day(self) -> date:
        return self.review.day

    @cached_property
    def copil(self) -> Meeting | None:
        """The meeting the file is for: the one named, else the first COPIL on or after the day of the data."""
        if self.review.meeting is not None:
            return self.review.meeting
        return next_copil(self.situation.dossier, self.day)

    @property
    def in_whole(self) -> str:
        """Where what was not asked for is read: the same paper, printed whole."""
        return "à la fiche entière" if self.partner is not None else IN_WHOLE

    @property
    def read_on(self) -> date:
        """The day on which it is read at the latest: that of the meeting, if it is to come. What falls due until then is
        late there."""
        return max(self.copil.day, self.day) if self.copil is not None else self.day

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits in groups of four: the first of the snapshot's, or of the SHA-256 of the data."""
        review = self.review
        if self.origin is not None:
            return grouped(self.origin.fingerprint)
        if review.snapshot is not None:
            return grouped(review.snapshot.fingerprint)
        dossier = self.situation.dossier
        # What is dated after the day is not shown: recording it must not change the fingerprint.
        shown = replace(
            dossier,
            measurements=tuple(item for item in dossier.measurements if item.day <= self.day),
            meteos=tuple(item for item in dossier.meteos if item.day <= self.day),
            counter_values=tuple(item for item in dossier.counter_values if item.day <= self.day),
            breakdowns=tuple(item for item in dossier.breakdowns if item.day <= self.day),
            snapshots=(),
            papers=(),
        )
        baseline = review.baseline
        content: dict[str, object] = {
            "dossier": shown,
            "day": self.day,
            "previous": baseline.day if baseline is not None else None,
            "compared_with": baseline.fingerprint if baseline is not None else "",
            "alerts": tuple(view.point for view in review.alerts),
            "findings": tuple(view.point for view in review.findings),
            "copil": self.copil,
        }
        if review.atlas.contours or review.atlas.layers:
            atlas = review.atlas
            content["atlas"] = (atlas.contours, atlas.layers, atlas.layer_figures)
        return grouped(canonical.fingerprint_of(content))


def grouped(fingerprint: str) -> str:
    """Return the first sixteen digits of a fingerprint as they are read aloud, by fours."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, 16, 4))
