"""What the officer does about the file of the base while it is open in the window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Contract
from qpvdesk.domain.review import Review
from qpvdesk.domain.sighting import first_sight
from qpvdesk.services.desk import Desk
from qpvdesk.storage import kept_sight, maintenance
from qpvdesk.storage.care.backup import Backup

if TYPE_CHECKING:
    from qpvdesk.services.care.sealing import Sealed
    from qpvdesk.storage.care.restore import Restored


def unread(desk: Desk) -> bool:
    """Tell whether the base is too large to have been read whole when it was opened."""
    return not maintenance.was_checked(desk.base)


def quick_check(desk: Desk) -> None:
    """Read the whole file. Raises `UserError` where it is damaged; the next opening then offers the ways out."""
    if not maintenance.quick_check(desk.base):
        raise UserError(
            "La base est endommagée\u202f: une partie du fichier ne peut plus être lue.",
            "Fermez qpvdesk et rouvrez-le\u202f: il proposera la dernière sauvegarde, ou de récupérer"
            " ce qui peut l’être.",
        )


def keep_safe(desk: Desk) -> bool:
    """Back the base up where the last backup is half an hour old; tell whether one was made.

    Raises `UserError` where it, or its copy in the second folder of the settings, cannot be written.
    """
    backup = maintenance.backup_if_due(desk.base)
    if backup is not None and desk.settings.copies is not None:
        maintenance.backup_into(desk.base, desk.settings.copies)
    return backup is not None


def back_up(desk: Desk) -> Backup:
    """Back the base up now. Raises `UserError`."""
    return maintenance.backup(desk.base)


def keep_sight(desk: Desk, review: Review, contracts: Sequence[Contract]) -> None:
    """Keep what a first sight shows of the open base, for the next window; of one that is only read, or empty, nothing."""
    if not desk.base.read_only and review.situation.dossier.objectives:
        kept_sight.keep(desk.base, first_sight(review, contracts))


def stop_writing(desk: Desk, why: str) -> None:
    """Take the base for one that can only be read from now on. `why`: the end of a sentence."""
    maintenance.stop_writing(desk.base, why)


def save_copy(desk: Desk, target: Path) -> Path:
    """Write what the open base holds to another file, were its own gone; return that file. Raises `UserError`."""
    maintenance.backup_to(desk.base, target)
    return target


def restore(desk: Desk, backup: Path) -> Restored:
    """Put a backup in the place of the base, which is kept as a backup itself. Raises `UserError`."""
    _check_writable(desk, "rien ne peut y être restauré")
    from qpvdesk.storage.care import restore as restoring  # noqa: PLC0415 - 3 ms, not on the way to the first paint

    done = desk.while_closed(lambda path: restoring.restore(path, backup, now=datetime.now()))
    # What it lacks, it lacks knowingly.
    desk.base.authors.part()
    return done


def seal(desk: Desk, passphrase: str) -> Sealed:
    """Put the base and its backups under a passphrase, or under another one. Raises `UserError`."""
    _check_writable(desk, "elle ne peut pas être protégée")
    from qpvdesk.services.care import sealing  # noqa: PLC0415 - 2 ms, not on the way to the first paint

    return desk.while_closed(lambda path: sealing.seal(path, passphrase, copies=desk.settings.copies))


def unseal(desk: Desk) -> tuple[str, ...]:
    """Put the base and its backups back in clear; return what was done in sentences. Raises `UserError`."""
    _check_writable(desk, "elle ne peut pas être remise en clair")
    from qpvdesk.services.care import sealing  # noqa: PLC0415 - 2 ms, not on the way to the first paint

    return desk.while_closed(lambda path: sealing.unseal(path, copies=desk.settings.copies))


def _check_writable(desk: Desk, consequence: str) -> None:
    if desk.base.read_only:
        raise UserError(
            f"La base est ouverte en lecture seule\u202f: {consequence}.",
            "Fermez l’autre programme qui la tient, puis rouvrez-la.",
        )
