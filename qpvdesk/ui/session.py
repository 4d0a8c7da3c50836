"""The picture in force and the way to change it: the only part of the window that talks to the lane."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.ui.jobs import Job, Lane
from qpvdesk.ui.picture import POINTS, Picture, load_picture

if TYPE_CHECKING:
    from qpvdesk.domain.situation import Situation
    from qpvdesk.services.desk import Desk

T = TypeVar("T")

_AFTER_PAINT_MS = 30
_POINTS_CAME = Change("", frozenset({POINTS}))
_FAULT = (
    "Une erreur du programme a arrêté l’opération.",
    "Ce qui est tapé reste ici\u202f: vérifiez si c’est déjà enregistré, puis recommencez.",
)
"""What is said of a fault of the program to who waits for an answer: what happened, what to do next."""

Act: TypeAlias = "Callable[[Desk], Change | None]"


class Session(QObject):
    """Asks the lane for pictures and changes; says what came back.

    A change and the picture after it are one piece of work: no page ever sees the one without the other.
    """

    pictured = Signal(object)
    """A new `Picture` is in force."""
    changed = Signal(object)
    """A `Change` was made; comes just after its picture."""
    refused = Signal(str, object)
    """What was being done (French) and the `UserError`."""
    moved = Signal(object)
    """The file of the open base, or what it lies on, takes no act any more: a `FileTroubleError`."""
    printed = Signal(object)
    """The `Path` of a finished report."""
    written = Signal(object)
    """The `Path` of something else that was written where the officer said."""
    copied = Signal(object)
    """The `Path` of a copy of a joined file: it came from elsewhere."""
    print_over = Signal()
    """A printing came to its end, whichever."""

    disagreed = Signal(int)
    """How many disagreements with colleagues the base that was opened holds."""

    def __init__(
        self,
        lane: Lane,
        reader: Callable[[], Lane],
        clock: Callable[[], date],
        raise_bug: Callable[[Exception], None],
    ) -> None:
        super().__init__()
        self._lane = lane
        self._open_reader = reader
        self._reader: Lane | None = None
        self._clock = clock
        self._raise_bug = raise_bug
        self._picture: Picture | None = None
        self._contract: str | None = None
        self._day: date | None = None
        self._since: date | None = None
        self._unsafe = False
        self._checked = False
        self._projecting = False
        self._closed = False

    @property
    def picture(self) -> Picture | None:
        """The picture in force; None before the first."""
        return self._picture

    @property
    def contract(self) -> str:
        """The code of the contract shown; empty before the first picture."""
        return self._picture.contract.code if self._picture is not None else ""

    @property
    def today(self) -> date:
        return self._clock()

    def load(self, contract: str | None = None, *, whole: bool = False) -> None:
        """Load the first picture, or reload the one in force. `whole`: with its points and moves at once."""
        self._contract = contract or self._contract
        self._ask("Ouverture du contrat", first=self._picture is None and not whole)

    def show_contract(self, code: str) -> None:
        self._contract = code
        self._since = None
        self._ask("Ouverture du contrat")

    def show_day(self, day: date | None) -> None:
        """Set the date of the picture; None: today, whatever today is."""
        self._day = None if day == self._clock() else day
        self._ask("Changement de date")

    def show_since(self, day: date | None) -> None:
        """Set the day that moves are counted from; None: the last COPIL."""
        self._since = day
        self._ask("Changement de date")

    def project(self, on: bool) -> None:
        """Show pictures from which nothing can be changed, for a meeting; or come back from them."""
        self._projecting = on
        if self._picture is not None:
            self._picture = replace(self._picture, projected=on, change=None)
            self.pictured.emit(self._picture)

    def change(
        self,
        label: str,
        act: Act,
        done: Callable[[Change], None] | None = None,
        failed: Callable[[UserError], None] | None = None,
        *,
        faults: bool = False,
    ) -> None:
        """Make a change, then show the picture after it. `failed` takes a refusal in the place of `refused`; with `faults`,
        a fault of the program too, as a refusal, for who waits for an answer."""
        contract, day, since = self._contract, self._day or self._clock(), self._since
        before = self._picture

        def work(desk: Desk) -> tuple[Change | None, Picture]:
            change = act(desk)
            # A figure shows at once where it stands; the points that follow from it come just after.
            first = change is not None and change.kinds == {"measurement"}
            picture = load_picture(desk, contract, day, since, first=first, before=before)
            same = before is not None and picture.contract.key == before.contract.key
            return change, replace(picture, change=change if same else None)

        def finish(result: tuple[Change | None, Picture]) -> None:
            change, picture = result
            self._take(picture)
            if change is not None:
                self.changed.emit(change)
                if done is not None:
                    done(change)
                self._keep_safe()

        self._lane.submit(work, finish, self._refusal(label, failed, faults=faults))

    def undo(self, count: int = 1) -> None:
        """Undo the last acts."""
        self.change("Annulation", lambda desk: desk.undo_many(count))

    def redo(self) -> None:
        """Redo the last undone act."""
        self.change("Rétablissement", lambda desk: desk.redo())

    def preview(
        self,
        reckon: Callable[[Desk, Situation], T],
        done: Callable[[T], None],
        refused: Callable[[UserError], None],
    ) -> None:
        """Reckon something from the picture in force, off the GUI thread, changing nothing."""
        picture = self._picture
        if picture is None:
            return
        situation = picture.situation
        self.ask("", lambda desk: reckon(desk, situation), done, refused)

    def read(
        self,
        label: str,
        work: Callable[[Desk, Callable[[], bool]], T],
        done: Callable[[T], None],
        failed: Callable[[UserError], None] | None = None,
        *,
        faults: bool = False,
    ) -> Job:
        """Read at length beside the entries. `work` is given a function that tells whether it was cancelled; `faults`: as of
        `change`."""
        stop = threading.Event()
        if self._closed:
            # A pause of a page (letters just typed) may end after its window: nobody is there for the answer any more.
            return Job(lambda desk: work(desk, stop.is_set), done, self._refusal(label, failed), stop)
        return self._long_lane().submit(
            lambda desk: work(desk, stop.is_set), done, self._refusal(label, failed, faults=faults), stop
        )

    def replace_base(
        self, act: Callable[[Desk], T], done: Callable[[T], None], failed: Callable[[UserError], None]
    ) -> None:
        """Put another file in the place of the base, then show the picture of it. What was read at length is ended."""
        if self._reader is not None:
            # A file that is open elsewhere in the program could not be replaced on every system.
            self._reader.close()
            self._reader = None
        day, since = self._day or self._clock(), self._since

        def work(desk: Desk) -> tuple[T, Picture]:
            answer = act(desk)
            # A backup may hold other contracts than the base did.
            known = {contract.code for contract in desk.contracts()}
            return answer, load_picture(desk, self._contract if self._contract in known else None, day, since)

        def finish(result: tuple[T, Picture]) -> None:
            answer, picture = result
            self._take(picture)
            done(answer)

        self._lane.submit(work, finish, self._refusal("", failed, faults=True))

    def ask(
        self,
        label: str,
        work: Callable[[Desk], T],
        done: Callable[[T], None],
        failed: Callable[[UserError], None] | None = None,
        *,
        faults: bool = False,
    ) -> None:
        """Ask the desk for something that changes no contract, in the order of the entries. `faults`: as of `change`."""
        self._lane.submit(work, done, self._refusal(label, failed, faults=faults))

    def _long_lane(self) -> Lane:
        if self._reader is None:
            self._reader = self._open_reader()
            self._reader.idle.connect(self.print_over)
        return self._reader

    def close(self) -> None:
        """Finish the work in hand and close the base."""
        self._closed = True
        self._lane.close()
        if self._reader is not None:
            self._reader.close()

    def _ask(self, label: str, *, first: bool = False, change: Change | None = None) -> None:
        contract, day, since = self._contract, self._day or self._clock(), self._since
        self._lane.submit(
            lambda desk: replace(load_picture(desk, contract, day, since, first=first), change=change),
            self._take,
            self._refusal(label),
        )

    def _keep_safe(self) -> None:
        """Back up after what was changed is shown, so that no entry waits for it. A trouble is told once."""

        def well(_is_done: bool) -> None:
            self._unsafe = False

        def ill(error: Exception) -> None:
            if not self._unsafe:
                self._unsafe = True
                self._refusal("Sauvegarde automatique")(error)

        self._lane.submit(lambda desk: _keeping().keep_safe(desk), well, ill)

    def _take(self, picture: Picture) -> None:
        picture = self._picture = replace(picture, projected=self._projecting)
        self._contract = picture.contract.code
        self.pictured.emit(picture)
        if not picture.complete:
            # Once the first sight is painted, so that the two do not share the interpreter: a turn of the loop lays
            # the pages out, the next paints them.
            QTimer.singleShot(0, lambda: QTimer.singleShot(0, self._complete_after_paint))
        elif not self._checked:
            self._checked = True
            self._check_base()

    def _complete_after_paint(self) -> None:
        QTimer.singleShot(_AFTER_PAINT_MS, self._complete)

    def _complete(self) -> None:
        """Bring the points and the moves that the picture in force was shown without."""
        self._ask("Ouverture du contrat", change=_POINTS_CAME)

    def _check_base(self) -> None:
        """Once for a base: look for damage where that was not done lately, and for what colleagues disagree on."""

        def look_over(unread: bool) -> None:
            if unread:
                self.read(
                    "Vérification de la base", lambda desk, _: _keeping().quick_check(desk), lambda _: None
                )

        def count_disagreements(desk: Desk) -> int:
            if not desk.is_shared():
                return 0
            from qpvdesk.services import colleagues  # noqa: PLC0415 - 23 ms, a base that several write in alone needs it

            return len(colleagues.disagreements(desk))

        def tell(count: int) -> None:
            if count:
                self.disagreed.emit(count)

        self.ask("Vérification de la base", lambda desk: _keeping().unread(desk), look_over)
        self.ask("Désaccords", count_disagreements, tell)

    def _refusal(
        self, label: str, failed: Callable[[UserError], None] | None = None, *, faults: bool = False
    ) -> Callable[[Exception], None]:
        """What becomes of an error: what is for the officer goes to `failed` or is told; the rest is a bug, of which
        `failed` is told where it takes `faults`."""

        def refuse(error: Exception) -> None:
            if not isinstance(error, UserError):
                try:
                    self._raise_bug(error)
                finally:
                    # The program raises it, for its hook to show it.
                    if faults and failed is not None:
                        failed(UserError(*_FAULT))
                return
            from qpvdesk.services.opening import FileTroubleError  # noqa: PLC0415 - 60 ms, no first sight needs it

            if failed is not None:
                failed(error)
                if isinstance(error, FileTroubleError):
                    self.moved.emit(error)
            elif isinstance(error, FileTroubleError):
                self.moved.emit(error)
            else:
                self.refused.emit(label, error)

        return refuse


def _keeping() -> ModuleType:
    """What is done about the file of the base, in the lane."""
    from qpvdesk.services.care import keeping  # noqa: PLC0415 - 70 ms, no first sight needs it

    return keeping


def once_answered(session: Session, then: Callable[[], None]) -> None:
    """Call `then` once what was asked before it had its answer, a fault of the program too."""
    session.ask("", lambda _: None, lambda _: then(), lambda _: then())


def keep_sight(session: Session) -> None:
    """Have the base keep what a first sight shows of the picture in force, where it is whole and of today."""
    picture = session._picture
    if picture is None or not picture.complete or picture.day != session.today or session._since is not None:
        return
    review, contracts = picture.review, picture.contracts
    session._lane.submit(
        lambda desk: _keeping().keep_sight(desk, review, contracts), lambda _: None, lambda _: None
    )


def stay_read_only(session: Session, why: str) -> None:
    """Go on showing the picture in force, from which nothing can be changed. `why`: the end of a sentence."""
    picture = session._picture
    if picture is None:
        return

    def stop(_done: object) -> None:
        session._picture = replace(picture, read_only=True, why_read_only=why, change=None)
        session.pictured.emit(session._picture)

    session.ask("Lecture seule", lambda desk: _keeping().stop_writing(desk, why), stop)
