"""What the window shows at one moment: everything a page needs, reckoned off the GUI thread, frozen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError

if TYPE_CHECKING:
    from qpvdesk.domain.change import Change
    from qpvdesk.domain.model import Contract
    from qpvdesk.domain.review import Review
    from qpvdesk.domain.situation import Situation
    from qpvdesk.services.desk import Desk

POINTS = "points"
"""Beside the kinds of the base, what a picture may change by: the points d’attention and the moves, reckoned last."""


class Picture(Struct, frozen=True):
    """What is said of one contract on one day, and what can be undone."""

    contracts: tuple[Contract, ...]
    review: Review
    undo_label: str | None
    redo_label: str | None
    read_only: bool
    undo_labels: tuple[str, ...] = ()
    """What can be undone, the latest first."""
    projected: bool = False
    """True in a meeting, on the projector: nothing can be changed from the pages."""
    complete: bool = True
    """False for the very first picture, whose points and moves follow at once."""
    why_read_only: str = ""
    """What keeps the base from being written, where nobody asked for that: the end of a sentence."""
    held_by: str = ""
    """Who had the base open when it was opened here to be read alone, where that is why."""
    base: str = ""
    """The identifier of the base."""
    change: Change | None = None
    """All that differs from the picture before it; None where anything may."""

    @property
    def editable(self) -> bool:
        """Whether the pages offer to change anything."""
        return not self.read_only and not self.projected

    @property
    def why_uneditable(self) -> str:
        """Why the pages offer to change nothing, in a sentence; empty where they do."""
        if self.read_only:
            return "Cette base est en lecture seule\u202f: rien ne peut y être modifié."
        return (
            "En mode projection, rien ne se modifie dans les fiches\u202f: F11 en sort."
            if self.projected
            else ""
        )

    @property
    def situation(self) -> Situation:
        return self.review.situation

    @property
    def contract(self) -> Contract:
        return self.review.situation.dossier.contract

    @property
    def day(self) -> date:
        return self.review.day


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

    `since` is the day that moves are counted from, where one was chosen before `day`; else as `Desk.review` says.
    `first` leaves out what is not needed for a first sight: the points and the moves, which are those of the
    picture `before` until the whole one follows.
    Raises `UserError` where the base holds no contract.
    """
    contracts = desk.contracts()
    if not contracts:
        raise UserError(
            "La base ne contient aucun contrat de ville.",
            "Ouvrez une autre base, ou restaurez une sauvegarde de celle-ci.",
        )
    known_codes = {known_contract.code for known_contract in contracts}
    code = contract if contract in known_codes else contracts[0].code
    chosen = since if since is not None and since < day else None
    review = desk.review(code, day, chosen, whole=not first)
    if first and before is not None:
        known = before.review
        review = replace(review, alerts=known.alerts, findings=known.findings, moves=known.moves)
    stacks = desk.base.stacks
    # What would leave no contract is looked for once the first sight is there: one statement less.
    undo_labels = stacks.undo_labels if first else desk.base.undo_labels()
    return Picture(
        contracts=contracts,
        review=review,
        undo_label=undo_labels[0] if undo_labels else None,
        redo_label=stacks.redo_label,
        read_only=desk.base.read_only,
        why_read_only=desk.base.why_read_only,
        held_by=desk.base.held_by,
        undo_labels=undo_labels,
        complete=not first,
        base=desk.base.authors.identifier,
    )
