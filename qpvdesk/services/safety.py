"""Backing a base up and putting a backup back, in the officer's words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from qpvdesk.domain import french
from qpvdesk.services import bases
from qpvdesk.storage import restore as _restore
from qpvdesk.storage.restore import Preview, Restored

_SHOWN = 5


def back_up(base: Path, target: Path | None = None) -> Path:
    """Back a base up, beside it or to a file of the officer's choice; return the file. Raises `UserError`."""
    with bases.opened(base, read_only=True) as held:
        if target is None:
            return held.backup().path
        held.backup_to(target)
        return target


def preview(base: Path, backup: Path) -> Preview:
    """Say what restoring a backup would change. Raises `UserError` where it is not sound."""
    return _restore.preview(base, backup)


def restore(base: Path, backup: Path, *, now: datetime) -> Restored:
    """Put a backup in the place of a closed base, which is kept. Raises `UserError`; the base is then untouched."""
    return _restore.restore(base, backup, now=now)


def sentences(seen: Preview) -> tuple[str, ...]:
    """Say a preview in French, one sentence a line."""
    last = f", dernier acte\u202f: {seen.backup.last_act}" if seen.backup.last_act else ""
    said = [f"La sauvegarde contient {french.plural(seen.backup.figures, 'relevé', 'relevés')}{last}."]
    if seen.present is None:
        said.append("La base actuelle manque ou ne peut plus être lue.")
    else:
        said.append(f"La base actuelle en contient {french.format_number(seen.present.figures)}.")
        if seen.lost:
            verb = "ne figure pas" if len(seen.lost) == 1 else "ne figurent pas"
            said.append(f"{french.plural(len(seen.lost), 'acte', 'actes')} {verb} dans la sauvegarde\u202f:")
            said += [f"- {label}" for label in seen.lost[:_SHOWN]]
            if len(seen.lost) > _SHOWN:
                said.append(f"- et {french.format_number(len(seen.lost) - _SHOWN)} de plus.")
        else:
            said.append("Aucun acte ne serait perdu.")
    return tuple(said)
