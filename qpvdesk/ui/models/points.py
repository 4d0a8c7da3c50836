"""The points d'attention as the table tells them: what disagrees first, and many alike in one line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from qpvdesk.domain.french import lowered, plural
from qpvdesk.domain.meeting_alerts import ETAPE_EN_RETARD, SUITE_EN_RETARD
from qpvdesk.domain.points import DECISION_EN_RETARD, FAMILY_COHERENCE
from qpvdesk.domain.review import PointView
from qpvdesk.domain.situation import Situation

_OVERDUE = {DECISION_EN_RETARD, ETAPE_EN_RETARD, SUITE_EN_RETARD}
"""What somebody was to do by a day that has passed."""
ALIKE = 4
"""From so many alerts of one rule and one partner on, one line says them all."""


@dataclass(frozen=True, slots=True)
class PointRow:
    """One line: a point, or the head of several of one rule and one partner."""

    ident: str
    """That of the point, or `groupe:rule:partner`."""
    views: tuple[PointView, ...]
    """The one point of the line, or all those that a head stands for."""
    head: bool = False
    open: bool = False
    """Whether the points of a head follow it."""
    group: str = ""
    """The `ident` of the head, for it and for what stands under it; empty elsewhere."""
    partner: str = ""
    """Short name; empty where the points have no partner."""
    noun: tuple[str, str] = ("point", "points")
    """What the objects of a head are, one and several."""

    @property
    def view(self) -> PointView | None:
        """The point of the line; None for a head."""
        return None if self.head else self.views[0]

    @property
    def inner(self) -> bool:
        """Whether the line stands under a head."""
        return bool(self.group) and not self.head

    @property
    def title(self) -> str:
        return self.views[0].point.title

    @property
    def mark(self) -> str:
        """What stands first in the line: the object's code, or how many a head holds."""
        if self.head:
            return f"{'Replier' if self.open else 'Voir'} les {len(self.views)}"
        return f"{'    ' if self.group else ''}{self.views[0].point.object}"

    @property
    def sentence(self) -> str:
        """What the line says: the finding without the code said already, or how many there are and whose."""
        if not self.head:
            return self.views[0].point.titled
        codes = {view.point.object for view in self.views}
        whose = f" – {self.partner}" if self.partner else ""
        finding = lowered(self.title).removeprefix(f"{self.noun[0]} ")
        return f"{plural(len(codes), *self.noun)}{whose}\u202f: {finding}"


def point_rows(
    views: Iterable[PointView], situation: Situation, opened: Collection[str] = ()
) -> tuple[PointRow, ...]:
    """Return the lines of these points; the heads whose `ident` is in `opened` are followed by their points.

    What was due comes first, then figures that disagree, never in a group: each is a matter of its own.
    """
    groups: dict[tuple[str, str, str], list[PointView]] = {}
    for view in views:
        point = view.point
        groups.setdefault((point.family, point.kind, point.partner or ""), []).append(view)
    nouns = _Nouns(situation)
    rows: list[PointRow] = []
    for (family, _, partner), members in sorted(groups.items(), key=lambda item: _rank(item[0][0], item[1])):
        name = situation.partner(partner).short_name if partner else ""
        if not _grouped(family, members):
            rows += [PointRow(view.point.ident, (view,), partner=name) for view in members]
            continue
        ident = group_of(members[0])
        unfolded = ident in opened
        rows.append(
            PointRow(
                ident,
                tuple(members),
                head=True,
                open=unfolded,
                group=ident,
                partner=name,
                noun=nouns.of(view.point.object for view in members),
            )
        )
        if unfolded:
            rows += [PointRow(view.point.ident, (view,), group=ident, partner=name) for view in members]
    return tuple(rows)


def one_by_one(rows: Iterable[PointRow]) -> list[PointRow]:
    """Return a line for each point that these lines stand for, once: what a mail or a sheet cannot unfold."""
    points = {view.point.ident: (view, row.partner) for row in rows for view in row.views}
    return [PointRow(ident, (view,), partner=partner) for ident, (view, partner) in points.items()]


def group_of(view: PointView) -> str:
    """The `ident` of the head that a point stands under, where many are alike."""
    return f"groupe:{view.point.kind}:{view.point.partner or ''}"


class _Nouns:
    """What the objects of a contract are called, by their codes."""

    def __init__(self, situation: Situation) -> None:
        dossier = situation.dossier
        self._kinds = (
            ({engagement.code for engagement in dossier.engagements}, ("engagement", "engagements")),
            ({objective.code for objective in dossier.objectives}, ("objectif", "objectifs")),
            (
                {situation.decision_code(decision) for decision in dossier.decisions},
                ("décision", "décisions"),
            ),
        )

    def of(self, codes: Iterable[str]) -> tuple[str, str]:
        """Return the noun that fits all of them, one and several."""
        chosen = set(codes)
        return next((noun for known, noun in self._kinds if chosen <= known), ("point", "points"))


def _grouped(family: str, members: Sequence[PointView]) -> bool:
    return family != FAMILY_COHERENCE and len(members) >= ALIKE


def _rank(family: str, members: Sequence[PointView]) -> tuple[bool, bool, bool]:
    # What was due first, then figures that disagree, then what is rare; within these the order of the rules.
    due = members[0].point.kind in _OVERDUE
    return not due, family != FAMILY_COHERENCE, _grouped(family, members) and not due
