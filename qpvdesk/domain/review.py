"""What is said of one contract on one day, compared with another: made once, read by window, shell, export and paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from msgspec import Struct

from qpvdesk.domain.agenda import NextDate, next_dates
from qpvdesk.domain.atlas import NO_ATLAS, Atlas
from qpvdesk.domain.french import NNBSP, format_date
from qpvdesk.domain.meetings import in_order, snapshots_of
from qpvdesk.domain.model import Acknowledgement, Dossier, Meeting, MeetingKind, Snapshot
from qpvdesk.domain.moves import Move, moves_between
from qpvdesk.domain.points import DESACCORD, Point, PointNature
from qpvdesk.domain.progress import trend_between
from qpvdesk.domain.reckoning import Standing
from qpvdesk.domain.situation import Situation
from qpvdesk.domain.statuses import Trend


class PointView(Struct, frozen=True):
    """A point d'attention with the officer's acknowledgement, if any."""

    point: Point
    acknowledgement: Acknowledgement | None

    @property
    def acknowledged(self) -> bool:
        return self.acknowledgement is not None

    @property
    def to_do(self) -> bool:
        """Whether somebody has an act to do now: what the document says badly can wait for its next version."""
        return self.point.to_do and not self.acknowledged

    @property
    def reason(self) -> str:
        """Why it was acknowledged; empty where it was not."""
        return self.acknowledgement.reason if self.acknowledgement else ""

    @property
    def acknowledged_on(self) -> date | None:
        return self.acknowledgement.day if self.acknowledgement else None


class Baseline(Struct, frozen=True):
    """What a contract is compared with: a day, and why that one."""

    day: date
    """The date of the data compared with."""
    meeting: Meeting | None = None
    """The committee that it is compared with; None for a date that somebody named."""
    snapshot: Snapshot | None = None
    """The arrêté of what that committee saw; None where the day is reckoned again."""

    @property
    def fingerprint(self) -> str:
        """That of the arrêté; empty where the day is reckoned again."""
        return self.snapshot.fingerprint if self.snapshot is not None else ""

    @property
    def since(self) -> str:
        """`depuis le 30/06/2026 (données arrêtées)`: what the heading of every change says."""
        return (
            f"depuis le {format_date(self.day)}{' (données arrêtées)' if self.snapshot is not None else ''}"
        )

    @property
    def since_whole(self) -> str:
        """The same with what `note` adds, where that is no more than the committee that saw these data; else empty."""
        if self.snapshot is None or self.meeting is None:
            return ""
        return f"{self.since}, comité du {format_date(self.meeting.day)}"

    @property
    def note(self) -> str:
        """Where the figures compared with come from, in one sentence."""
        # It names the day: the one that was told just before may be that of a value.
        return self._note(f"du {format_date(self.day)}")

    @property
    def note_after_since(self) -> str:
        """The same just after `since`, which named that day."""
        return self._note("d’alors")

    def _note(self, of_day: str) -> str:
        if self.snapshot is not None:
            told = (
                f"pour le comité du {format_date(self.meeting.day)}"
                if self.meeting is not None
                else f"au {format_date(self.day)}"
            )
            return f"Comparé aux données arrêtées {told}."
        unlike = f"{NNBSP}: ses données n’étaient pas arrêtées" if self.meeting is not None else ""
        return f"Comparé à la situation {of_day}, recalculée{unlike}."


class Review(Struct, frozen=True, dict=True):
    """Everything that is said of one contract on one day. `Desk.review` is the only maker."""

    situation: Situation
    baseline: Baseline | None = None
    """What it is compared with; None where there is nothing."""
    previous: Standing | None = None
    """Where it stood as the baseline has it; None without a baseline, and where only a first sight was reckoned."""
    alerts: tuple[PointView, ...] = ()
    findings: tuple[PointView, ...] = ()
    """What the rules of coherence found."""
    moves: tuple[Move, ...] = ()
    """What moved since the baseline."""
    trends: dict[str, Trend | None] = {}
    """By objective that the baseline knows, the move of its value since; None where it has no new one."""
    agenda: tuple[NextDate, ...] = ()
    """Every date to come, the soonest first."""
    meeting: Meeting | None = None
    """The committee that it is made for, if one was named."""
    snapshot: Snapshot | None = None
    """The arrêté that it shows; None where it shows what is recorded now."""
    arrete: str = ""
    """Which of the arrêtés of its meeting that is, in words."""
    program: str = ""
    """The version of the program that said it, where it was frozen as it was said; else it is said by today's rules."""
    atlas: Atlas = NO_ATLAS
    """The outlines and the reference layers, where a paper is to show them: the window reads them apart."""

    @property
    def day(self) -> date:
        return self.situation.day

    @property
    def data_words(self) -> str:
        """Which data it shows, and whether somebody froze them: what stands on the cover and at the foot of a paper."""
        day = format_date(self.day)
        if self.snapshot is None:
            kept = snapshots_of(self.situation.dossier, self.meeting.key) if self.meeting is not None else ()
            seen = (
                f"celles du comité sont arrêtées au {format_date(kept[-1].day)}" if kept else "non arrêtées"
            )
            return f"Données au {day} ({seen})"
        return f"Données arrêtées au {day}{'' if self.program else ', recalculées'}"

    @property
    def data_note(self) -> str:
        """What there is to know of these data beside their day: which arrêté, and whether its figures are reckoned anew."""
        if self.snapshot is None:
            return "non arrêtées"
        again = "chiffres recalculés selon les règles d’aujourd’hui"
        return self.arrete if self.program else ", ".join(part for part in (self.arrete, again) if part)

    def trend_of(self, objective: str) -> Trend | None:
        """The move of the objective of that key since the baseline: None where it has no new value, or was not there yet.

        Since its previous value where nothing is compared with.
        """
        if self.previous is None:
            return self.situation.assessments[objective].trend
        return self.trends.get(objective)

    @property
    def trend_since(self) -> str:
        """What every trend is counted from: `depuis le 30/06/2026 (données arrêtées)`."""
        known = self.baseline if self.previous is not None else None
        return "depuis le relevé précédent" if known is None else known.since

    @property
    def waiting(self) -> tuple[PointView, ...]:
        """The alerts that nobody has acknowledged: those that are counted and asked about."""
        return tuple(view for view in self.alerts if not view.acknowledged)

    @property
    def to_do(self) -> int:
        """How many points ask somebody for an act now; each that is settled takes one away, however they are shown."""
        return sum(view.to_do for view in self.points)

    @property
    def contradictions(self) -> int:
        """How many findings are figures that cannot both be right: the only ones that are counted as such."""
        return sum(view.point.nature is PointNature.CONTRADICTION for view in self.findings)

    def is_contradicted(self, code: str) -> bool:
        """Whether a figure of the object of that code cannot be right beside another."""
        return any(
            code in (view.point.object, *view.point.instances)
            for view in self.findings
            if view.point.nature is PointNature.CONTRADICTION
        )

    @cached_property
    def _disputes(self) -> tuple[Point, ...]:
        return tuple(view.point for view in self.alerts if view.point.kind == DESACCORD)

    def disputes_on(self, code: str) -> tuple[str, ...]:
        """What colleagues wrote otherwise than what is shown of the object of that code, one sentence each."""
        return tuple(point.message for point in self._disputes if point.object == code)

    @property
    def points(self) -> tuple[PointView, ...]:
        """The points d'attention: alerts, then findings of coherence."""
        return (*self.alerts, *self.findings)


def baselines(dossier: Dossier, before: date) -> Iterator[Baseline]:
    """What a contract is compared with where nobody names anything, the best first.

    The last COPIL before the day whose data were frozen (its last arrêté first), then the one before it and so on;
    then the day of the last COPIL, reckoned again.
    """
    copils = [item for item in dossier.meetings if item.kind == MeetingKind.COPIL and item.day < before]
    latest_first = in_order(copils)[::-1]
    for meeting in latest_first:
        for snapshot in reversed(snapshots_of(dossier, meeting.key)):
            yield Baseline(snapshot.day, meeting, snapshot)
    if latest_first:
        yield Baseline(latest_first[0].day, latest_first[0])


def glance(situation: Situation, baseline: Baseline | None) -> Review:
    """What a first sight shows: neither points nor moves, which cost the most."""
    return Review(situation, baseline, agenda=next_dates(situation))


def review(
    situation: Situation,
    baseline: Baseline | None = None,
    previous: Situation | None = None,
    *,
    meeting: Meeting | None = None,
    snapshot: Snapshot | None = None,
) -> Review:
    """Say everything of a situation. `previous` is the contract as `baseline` has it."""
    from qpvdesk.domain.alerts import alerts  # noqa: PLC0415 - 4 ms, after the first sight
    from qpvdesk.domain.coherence import findings  # noqa: PLC0415 - 12 ms, after the first sight

    return Review(
        situation,
        baseline,
        Standing(previous.day, dict(previous.assessments)) if previous is not None else None,
        alerts=_views(situation, alerts(situation, previous)),
        findings=_views(situation, findings(situation)),
        moves=moves_between(previous, situation) if previous is not None else (),
        trends=_trends(previous, situation) if previous is not None else {},
        agenda=next_dates(situation),
        meeting=meeting,
        snapshot=snapshot,
    )


def _trends(earlier: Situation, later: Situation) -> dict[str, Trend | None]:
    return {
        key: trend_between(before, later.assessments[key])
        for key, before in earlier.assessments.items()
        if key in later.assessments
    }


def _views(situation: Situation, points: Sequence[Point]) -> tuple[PointView, ...]:
    """Join points d'attention with the last acknowledgement of each, as of the day of the situation."""
    acknowledged = {
        item.point: item
        for item in sorted(situation.dossier.acknowledgements, key=lambda item: item.day)
        if item.day <= situation.day
    }
    return tuple(PointView(point, acknowledged.get(point.ident)) for point in points)
