"""Backing a base up and putting a backup back, in the officer's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qpvdesk.domain import french
from qpvdesk.domain.counts import OBJECTIVE_NOUNS
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.services.desk import Desk
from qpvdesk.storage import maintenance
from qpvdesk.storage.authors import ForeignBaseError
from qpvdesk.storage.care import restore as _restore
from qpvdesk.storage.care.backup import Backup
from qpvdesk.storage.care.backup import backups as backups
from qpvdesk.storage.care.restore import Contents
from qpvdesk.storage.care.restore import Preview as Preview
from qpvdesk.storage.care.restore import preview as preview
from qpvdesk.storage.care.restore import restore as restore
from qpvdesk.storage.maintenance import check as check
from qpvdesk.storage.maintenance import repairs as repairs
from qpvdesk.storage.opening import DamagedError, NotOursError, open_base
from qpvdesk.storage.rescue import Report
from qpvdesk.storage.rescue import readable as readable
from qpvdesk.storage.rescue import repair as repair

_SHOWN = 5
_NAMES = 20


def back_up(base: Path, target: Path | None = None) -> Path:
    """Back a base up, beside it or to a file of the officer's choice; return the file. Raises `UserError`."""
    with open_base(base, read_only=True) as opened_base:
        if target is None:
            return maintenance.backup(opened_base).path
        maintenance.backup_to(opened_base, target)
        return target


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup and what it holds; `contents` is None where it cannot be read."""

    backup: Backup
    contents: Contents | None


def copies(base: Path) -> tuple[Copy, ...]:
    """Return the backups of a base with what each holds, the latest first."""
    return tuple(Copy(backup, _restore.contents_or_none(backup.path)) for backup in backups(base))


REASONS = {
    "auto": "automatique",
    "migration": "avant une mise à jour",
    "import": "avant un import",
    "fusion": "avant une fusion",
    "restauration": "avant une restauration",
    "reparation": "avant une réparation",
    "effacement": "avant un effacement",
    "manuelle": "à votre demande",
}
"""Why a backup was made, in the officer's words."""


def contents_sentence(contents: Contents) -> str:
    """Say what a base or a backup holds, without a capital: figures, then the last act and its day."""
    last = ""
    if contents.last_act and contents.last_day is not None:
        last = f"\u202f; dernier acte le {french.format_date(contents.last_day.date())}\u202f: {contents.last_act}"
    return f"{french.plural(contents.figures, 'relevé', 'relevés')}{last}."


def sentences(seen: Preview) -> tuple[str, ...]:
    """Say a preview in French, one sentence a line."""
    last = f", dernier acte\u202f: {seen.backup.last_act}" if seen.backup.last_act else ""
    lines = [f"La sauvegarde contient {french.plural(seen.backup.figures, 'relevé', 'relevés')}{last}."]
    if seen.present is None:
        lines.append("La base actuelle manque ou ne peut plus être lue.")
    else:
        lines.append(f"La base actuelle en contient {french.format_number(seen.present.figures)}.")
        if seen.lost:
            verb = "ne figure pas" if len(seen.lost) == 1 else "ne figurent pas"
            lines.append(f"{french.plural(len(seen.lost), 'acte', 'actes')} {verb} dans la sauvegarde\u202f:")
            lines += [f"- {label}" for label in seen.lost[:_SHOWN]]
            if len(seen.lost) > _SHOWN:
                lines.append(f"- et {french.format_number(len(seen.lost) - _SHOWN)} de plus.")
            if seen.shared:
                lines.append(
                    "Ceux que vous avez laissés dans un dossier partagé en reviendront au prochain échange\u202f: pour"
                    " vous en défaire, annulez-les plutôt (Journal), ou cessez d’abord l’échange."
                )
        else:
            lines.append("Aucun acte ne serait perdu.")
    return tuple(lines)


def faults(base: Path) -> list[str]:
    """Check a base whole; return what is wrong in French sentences, whether or not it can still be opened.

    Raises `UserError` where it is not a base of ours, comes from a later version or is not there.
    """
    try:
        with open_base(base, read_only=True) as opened_base:
            return check(opened_base)
    except ForeignBaseError as error:
        return [error.message]
    except (DamagedError, NotOursError) as error:
        if isinstance(error, NotOursError) and not readable(base):
            raise
        return [f"La base «\u202f{base.name}\u202f» est endommagée."]


_NAMED = {
    "contract": ("contrat", "contrats"),
    "engagement": ("engagement", "engagements"),
    "objective": OBJECTIVE_NOUNS,
    "measurement": ("relevé", "relevés"),
}


def repair_sentences(report: Report) -> tuple[str, ...]:
    """Say in French what a repair saved and what it could not, one sentence a line."""
    parts = [french.plural(report.kept.get(kind, 0), *words) for kind, words in _NAMED.items()]
    others = sum(count for kind, count in report.kept.items() if kind not in _NAMED)
    lines = [
        f"Récupéré\u202f: {', '.join(parts)} et {french.plural(others, 'autre élément', 'autres éléments')}."
    ]
    if report.bad_pages:
        lines.append(
            f"{french.plural(report.bad_pages, 'page du fichier', 'pages du fichier')} sur"
            f" {french.format_number(report.pages)} n’"
            + ("a pas pu être lue en entier." if report.bad_pages == 1 else "ont pas pu être lues en entier.")
        )
    if report.from_journal:
        verb = "a été rebâti" if report.from_journal == 1 else "ont été rebâtis"
        lines.append(
            f"{french.plural(report.from_journal, 'élément', 'éléments')} {verb} d’après le journal des modifications."
        )
    if report.from_rows:
        verb = "a été gardé" if report.from_rows == 1 else "ont été gardés"
        lines.append(
            f"{french.plural(report.from_rows, 'élément', 'éléments')} {verb} sans son histoire, perdue."
            if report.from_rows == 1
            else f"{french.plural(report.from_rows, 'élément', 'éléments')} {verb} sans leur histoire, perdue."
        )
    if report.differing:
        lines.append(
            "À relire, car la base et son journal ne disaient pas la même chose\u202f: "
            + _listed(report.differing)
        )
    if report.gaps:
        verb = "manque" if report.gaps == 1 else "manquent"
        lines.append(
            f"{french.plural(report.gaps, 'modification', 'modifications')} {verb} à l’histoire et ne peut être retrouvée."
            if report.gaps == 1
            else f"{french.plural(report.gaps, 'modification', 'modifications')} {verb} à l’histoire"
            " et ne peuvent être retrouvées."
        )
    if report.lost:
        names = tuple(f"{BY_NAME[loss.kind].french} {loss.name}" for loss in report.lost)
        lines.append(f"Perdu, à ressaisir\u202f: {_listed(names)}")
    elif report.bad_pages:
        lines.append("Aucun élément connu n’est perdu\u202f; comparez toutefois avec la dernière sauvegarde.")
    else:
        lines.append("Rien n’est perdu.")
    return tuple(lines)


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_NAMES])
    further = len(names) - _NAMES
    return f"{shown} et {french.format_number(further)} de plus." if further > 0 else f"{shown}."


def trust_clock(path: Path) -> int:
    """Take the clock of this computer for right in a base; return how many acts were redated. Raises `UserError`."""
    with open_base(path) as base:
        return maintenance.trust_clock(base)


def moment_to_come(desk: Desk) -> datetime | None:
    """Return the greatest moment of the journal of a base where no clock is there yet; None where there is none."""
    return maintenance.moment_to_come(desk.base)
