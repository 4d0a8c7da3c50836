"""What the officer does about backups while the base is open in the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qpvdesk import paths
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.services import safety
from qpvdesk.storage import maintenance
from qpvdesk.storage.base import Database
from qpvdesk.storage.care.backup import Backup
from qpvdesk.storage.care.restore import Preview, Restored

if TYPE_CHECKING:
    from qpvdesk.services import privacy, sealing

Closed = Callable[[Callable[[Path], object]], None]
"""Close the base, do something to its file, open it again."""


class Keeping:
    """The backups of the open base. Each method raises `UserError` and has then changed nothing."""

    def __init__(
        self, base: Database, while_closed: Closed, forget: Callable[[], None], copies: Path | None = None
    ) -> None:
        """`forget` drops what was read of the base, which is no longer so. `copies`: the second folder of backups."""
        self._base = base
        self._while_closed = while_closed
        self._forget = forget
        self._copies = copies

    @property
    def path(self) -> Path:
        """The file of the base."""
        return self._base.path

    def look_over(self) -> None:
        """Read the whole file. Raises `UserError` where it is damaged; the next opening then offers the ways out."""
        if not maintenance.quick_check(self._base):
            raise UserError(
                "La base est endommagée\u202f: une partie du fichier ne peut plus être lue.",
                "Fermez qpvdesk et rouvrez-le\u202f: il proposera la dernière sauvegarde, ou de récupérer"
                " ce qui peut l’être.",
            )

    def copies(self) -> tuple[safety.Copy, ...]:
        """Return the backups with what each holds, the latest first."""
        return safety.copies(self._base.path)

    def back_up(self) -> Backup:
        """Back the base up now."""
        return maintenance.backup(self._base)

    def preview(self, backup: Path) -> Preview:
        """Say what restoring a backup would change."""
        return safety.preview(self._base.path, backup)

    def restore(self, backup: Path) -> Restored:
        """Put a backup in the place of the base, which is kept as a backup itself."""
        if self._base.read_only:
            raise UserError(
                "La base est ouverte en lecture seule\u202f: rien ne peut y être restauré.",
                "Fermez l’autre programme qui la tient, puis rouvrez-la.",
            )
        done: list[Restored] = []
        self._while_closed(lambda path: done.append(safety.restore(path, backup, now=datetime.now())))
        return done[0]

    def seal(self, passphrase: str) -> sealing.Sealed:
        """Put the base and its backups under a passphrase, or under another one."""
        from qpvdesk.services import sealing

        self._check_writable("protégée")
        done: list[sealing.Sealed] = []
        self._while_closed(lambda path: done.append(sealing.seal(path, passphrase, copies=self._copies)))
        return done[0]

    def unseal(self) -> tuple[str, ...]:
        """Put the base and its backups back in clear; return what was done in sentences."""
        from qpvdesk.services import sealing

        self._check_writable("remise en clair")
        done: list[tuple[str, ...]] = []
        self._while_closed(lambda path: done.append(sealing.unseal(path, copies=self._copies)))
        return done[0]

    def _check_writable(self, doing: str) -> None:
        if self._base.read_only:
            raise UserError(
                f"La base est ouverte en lecture seule\u202f: elle ne peut pas être {doing}.",
                "Fermez l’autre programme qui la tient, puis rouvrez-la.",
            )

    def report_incident(self, target: Path) -> tuple[str, ...]:
        """Write the report of an incident; return the names of what it holds."""
        from qpvdesk.services import incident

        return incident.prepare(target, base=self._base.path, logs=paths.logs_folder(), now=datetime.now())

    def trace(self, text: str) -> privacy.Trace:
        """Look for a text about a person in the base and its backups."""
        from qpvdesk.services import privacy

        return privacy.trace(self._base, text)

    def erase(self, text: str, *, copies: bool) -> Change:
        """Take a text out of the base and its journal for good, and remove the backups that hold it if so asked."""
        from qpvdesk.services import privacy

        change = privacy.erase(self._base, text)
        self._forget()
        if copies:
            privacy.erase_copies(self._base, text)
        return change
