"""A review of a situation that no base holds, and the desk of a base on a day."""

from __future__ import annotations

from datetime import date
from functools import cache

from qpvdesk.domain.model import Meeting, Snapshot
from qpvdesk.domain.review import Baseline, Review, baselines, review
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.services.desk import Desk
from qpvdesk.services.settings import Settings
from qpvdesk.storage.base import Database
from tests.helpers import invented


def review_of(
    now: Situation,
    previous: Situation | None = None,
    *,
    meeting: Meeting | None = None,
    snapshot: Snapshot | None = None,
) -> Review:
    """Review a situation against `previous`, else against the day of the last COPIL reckoned again."""
    baseline = Baseline(previous.day) if previous is not None else None
    if previous is None:
        baseline = next((item for item in baselines(now.dossier, now.day) if item.snapshot is None), None)
        previous = situation(now.dossier, baseline.day) if baseline is not None else None
    return review(now, baseline, previous, meeting=meeting, snapshot=snapshot)


@cache
def invented_review() -> Review:
    """Return what is said of the invented contract on its day: nothing changes it, it is reckoned once."""
    return review_of(situation(invented.dossier(), invented.TODAY))


def desk_on(base: Database, day: date, settings: Settings | None = None) -> Desk:
    """Open the desk of an officer whose clock says that day."""
    return Desk(base, today=lambda: day, settings=settings or Settings(author=base.authors.name))
