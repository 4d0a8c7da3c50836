"""The officer's own desk on a base in a temporary folder, whose calls are seen and can be made to fail."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qpvdesk.domain.model import Dossier
from qpvdesk.services.desk import Desk
from qpvdesk.storage import opening, starter

_FOLDER = TemporaryDirectory(prefix="qpvdesk-tests-")


class WatchedBase:
    """A new base holding one contract, and what was asked of the desks opened on it.

    `failing` raises on the next call of that name; `calls` tells what was asked, in order.
    """

    def __init__(
        self,
        path: Path,
        dossier: Dossier,
        today: date,
        *,
        read_only: bool = False,
        model: Path | None = None,
    ) -> None:
        """`model` is a base of that dossier with its own history, copied as it is."""
        shutil.copy(model or _model(dossier, today), path)
        self.path = path
        self.calls: list[str] = []
        self.failing: dict[str, Exception] = {}
        self.closed = False
        self._contract = dossier.contract.key
        self._today = today
        self._read_only = read_only

    def open(self) -> Desk:
        """Open the desk that the window writes with. Called in its lane."""
        return _WatchedDesk(self, self._today, read_only=self._read_only)

    def read(self) -> Desk:
        """Open a desk for a long reading."""
        return _WatchedDesk(self, self._today, read_only=True)

    @property
    def held(self) -> Dossier:
        """What the base holds now."""
        base = opening.open_base(self.path, read_only=True)
        try:
            return base.dossier(self._contract)
        finally:
            base.close()


class _WatchedDesk(Desk):
    def __init__(self, watched: WatchedBase, today: date, *, read_only: bool) -> None:
        super().__init__(opening.open_base(watched.path, read_only=read_only), today=lambda: today)
        self._watched = watched

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and "_watched" in object.__getattribute__(self, "__dict__"):
            watched = object.__getattribute__(self, "_watched")
            watched.calls.append(name)
            if name in watched.failing:
                raise watched.failing.pop(name)
        return super().__getattribute__(name)

    def close(self) -> None:
        super().close()
        self._watched.closed = True


@cache
def _model(dossier: Dossier, today: date) -> Path:
    """Make the base once for all the tests that open it."""
    path = Path(_FOLDER.name) / f"modele-{id(dossier)}.db"
    with opening.create(path, now=datetime(today.year, today.month, today.day, 8).astimezone()) as base:
        starter.import_starter(base, dossier)
    return path
