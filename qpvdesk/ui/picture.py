"""What the window shows at one moment: everything a page needs, reckoned off the GUI thread, frozen."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract, MeetingKind
from qpvdesk.domain.situation import Move, Situation
from qpvdesk.services.desk import Desk
from qpvdesk.services.state import PointView


class Picture(Struct, frozen=True):
    """One contract on one day, with what moved since `since` and what can be undone."""

    contracts: tuple[Contract, ...]
    situation: Situation
    points: tuple[PointView, ...]
    since: date
    moves: tuple[Move, ...]
    undo_label: str | None
    redo_label: str | None
    read_only: bool
    undo_labels: tuple[str, ...] = ()
    """What can be undone, the latest first."""
    projected: bool = False
    """True in a meeting, on the projector: nothing can be changed from the pages."""
    complete: bool = True
    """False for the very first picture, whose points and moves follow at once."""

    @property
    def editable(self) -> bool:
        """Whether the pages offer to change anything."""
        return not self.read_only and not self.projected

    @property
    def contract(self) -> Contract:
        """The contract shown."""
        return self.situation.dossier.contract

    @property
    def day(self) -> date:
        """The date of the picture."""
        return self.situation.day


def load_picture(
    desk: Desk,
    contract: str | None,
    day: date,
    since: date | None,
    *,
    first: bool = False,
    before: Picture | None = None,
) -> Picture:
    """Reckon the picture of a contract (by code; None: the first of the base) on a day.

    `since` is the day that moves are counted from: None for the last COPIL, or a year before without one.
    `first` leaves out what is not needed for a first sight: the points and the moves, which are those of the
    picture `before` until the whole one follows.
    Raises `UserError` where the base holds no contract.
    """
    contracts = desk.contracts()
    if not contracts:
        raise UserError(
            "La base ne contient aucun contrat de ville.",
            "Créez le contrat de départ avec la commande « qpvdesk init ».",
        )
    code = contract if contract in {one.code for one in contracts} else contracts[0].code
    situation = desk.situation(code, day)
    start = since or last_copil(situation) or _year_before(day)
    if first:
        undo, redo = desk.undo_label(), desk.redo_label()
        points, moves = (before.points, before.moves) if before is not None else ((), ())
        return Picture(
            contracts,
            situation,
            points,
            start,
            moves,
            undo,
            redo,
            desk.read_only,
            undo_labels=desk.undo_labels(),
            complete=False,
        )
    earlier = desk.situation(code, start)
    return Picture(
        contracts=contracts,
        situation=situation,
        points=desk.points(situation),
        since=start,
        moves=situation.moves_since(earlier),
        undo_label=desk.undo_label(),
        redo_label=desk.redo_label(),
        read_only=desk.read_only,
        undo_labels=desk.undo_labels(),
    )


def last_copil(situation: Situation) -> date | None:
    """Return the day of the last COPIL held before the date of the picture."""
    days = (
        meeting.day
        for meeting in situation.dossier.meetings
        if meeting.kind is MeetingKind.COPIL and meeting.day < situation.day
    )
    return max(days, default=None)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
