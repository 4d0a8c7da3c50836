"""The shared folder of the window: looked at every few seconds beside the entries, taken from as soon as it changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.services.desk import Desk
from qpvdesk.ui.session import Session

if TYPE_CHECKING:
    from qpvdesk.services.sharing import Shared

_EVERY_MS = 3_000
_UNSEEN = object()
"""Stands for what the folder held, where it is to be looked at anew."""
_FOLDER, _CONTRACT = "partage/{}/dossier", "partage/{}/contrat"
"""Where the choice is kept, by the identifier of the base: no other base is left in the folder of one."""


class Sharing(QObject):
    """Exchanges with the folder that the officer chose, if any, as long as the window is open."""

    exchanged = Signal(object)
    """The `Shared` of each exchange with the folder."""
    failed = Signal(object)
    """The `UserError` of a folder that is not there for now; said once each time it goes."""

    def __init__(self, session: Session, settings: QSettings, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._seen: object = _UNSEEN
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._look)
        # An erasing or a merge may show nothing else, and is to be left in the folder all the same.
        session.pictured.connect(self._forget)

    @property
    def folder(self) -> Path | None:
        """The shared folder; None where there is none."""
        kept = self._kept(_FOLDER)
        return Path(kept) if kept else None

    @property
    def contract(self) -> str | None:
        """The key of the contract that is left in it alone; None: all are."""
        return self._kept(_CONTRACT) or None

    def _kept(self, name: str) -> str:
        picture = self._session.picture
        return "" if picture is None else str(self._settings.value(name.format(picture.base), "") or "")

    def choose(self, folder: Path | None, contract: str | None = None) -> None:
        """Exchange with that folder from now on; None: with none. `contract`: the key of the one that is left there."""
        picture = self._session.picture
        if picture is None:
            return
        self._settings.setValue(_FOLDER.format(picture.base), "" if folder is None else str(folder))
        self._settings.setValue(_CONTRACT.format(picture.base), contract or "")
        self._forget()
        if folder is not None:
            self._look()

    def _forget(self, _picture: object = None) -> None:
        """Exchange at the next look: the folder, or what we have, is not what it was."""
        self._seen = _UNSEEN
        if self.folder is None:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _look(self) -> None:
        folder = self.folder
        picture = self._session.picture
        if folder is None or self._busy or picture is None or not picture.editable:
            return
        self._busy = True
        from qpvdesk.services import sharing  # noqa: PLC0415 - 23 ms, who shares a folder alone needs it

        def compare(signature: object) -> None:
            if signature == self._seen:
                self._busy = False
            else:
                self._exchange(folder)

        self._session.read(
            "Dossier partagé", lambda *_: sharing.signature(folder), compare, lambda _: self._rest()
        )

    def _rest(self) -> None:
        self._busy = False

    def _exchange(self, folder: Path) -> None:
        from qpvdesk.services import sharing  # noqa: PLC0415 - 23 ms, who shares a folder alone needs it

        found: list[tuple[Shared, object]] = []
        contract, picture = self.contract, self._session.picture

        def act(desk: Desk) -> Change | None:
            if picture is None or desk.base.authors.identifier != picture.base:
                # Another base lies in its place since: it was never chosen for the folder.
                return None
            shared = sharing.exchange(desk, folder, contract=contract)
            found.append((shared, sharing.signature(folder)))
            return shared.change if shared.change else None

        def tell(change: Change | None) -> None:
            self._busy = False
            if not found:
                return
            shared, seen = found[0]
            # Another folder, or another contract, that was chosen meanwhile is not served yet.
            self._seen = seen if (self.folder, self.contract) == (folder, contract) else _UNSEEN
            if change is not None:
                self._session.load()
            self.exchanged.emit(shared)

        def refuse(error: UserError) -> None:
            # Said once; a share or a stick that comes back is exchanged with again.
            self._busy, self._seen = False, None
            self.failed.emit(error)

        self._session.ask("Dossier partagé", act, tell, refuse)
