"""Backups: whole copies of the base, checked, under a fingerprint, thinned out with time.

A backup is made on a connection of its own: `Connection.backup` waits for ever for a transaction that its own
connection holds open. A bit that flips in a copy is seen by its SHA-256, kept beside it, hardly ever by SQLite.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import suspicion
from qpvdesk.storage.connection import connect
from qpvdesk.storage.engine import code_of, sqlite3
from qpvdesk.storage.refusals import explained

FOLDER_SUFFIX = ".sauvegardes"
DAILY, WEEKLY, MONTHLY = 12, 10, 9
KEPT_WHOLE = timedelta(days=2)
EVERY = timedelta(minutes=30)
_TEMPORARY, RESTORING, RESEALING = (".en-cours", ".restauration", ".chiffrement")
SALVAGED, MENDED = (".recuperation-lue", ".recuperation")
"""A damaged base as it is read, and what is put in its place."""
HALFWAY = (_TEMPORARY, RESTORING, RESEALING, SALVAGED, MENDED, suspicion.RECOVERING)
"""What ends the names of copies of a base that are being made: one that was killed leaves it."""
_FINGERPRINT = ".sha256"
_STAMP = "%Y-%m-%d_%H%M%S"


class Backup(Struct, frozen=True):
    """One backup. `reason` is one of `auto`, `migration`, `import`, `fusion`, `restauration`, `manuelle`."""

    path: Path
    made_at: datetime
    reason: str
    size: int


def folder_of(base: Path) -> Path:
    """Return the folder that holds a base's backups, beside it."""
    return base.parent / (base.name + FOLDER_SUFFIX)


def make(base: Path, *, now: datetime, reason: str = "auto", folder: Path | None = None) -> Backup:
    """Back a base up and check the copy. Raises `UserError`; then no backup was added.

    `now` is local time, without a zone: it names the file.
    """
    folder = folder or folder_of(base)
    wanted = folder / f"{base.stem}_{now.strftime(_STAMP)}_{reason}.db"
    target = _begun(wanted)
    _fill(base, target)
    return Backup(target, now.replace(microsecond=0), reason, target.stat().st_size)


def _begun(wanted: Path) -> Path:
    """Begin a backup under a name that no other program takes at the same moment; return it. Raises `UserError`."""
    while True:
        target = free_name(wanted)
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _temporary_of(target).touch(mode=0o600, exist_ok=False)
        except FileExistsError as error:
            if not target.parent.is_dir():
                raise _not_written(target, error) from error
            continue
        except OSError as error:
            raise _not_written(target, error) from error
        return target


def free_name(wanted: Path) -> Path:
    """Return the name wanted for a backup, with a number where it is taken, or another program is making that one."""
    rest, _, reason = wanted.stem.rpartition("_")
    number, free = 1, wanted
    while free.exists() or _temporary_of(free).exists():
        number += 1
        free = wanted.parent / f"{rest}_{reason.partition('-')[0]}-{number}{wanted.suffix}"
    return free


def write(base: Path, target: Path, *, source: sqlite3.Connection | None = None) -> None:
    """Copy a base to a file, checked, with its fingerprint beside. Raises `UserError`; then nothing was added.

    `source`: a connection to it that is open already, and stays so; for one whose file is gone.
    """
    temporary = _temporary_of(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary.unlink(missing_ok=True)
        temporary.touch(mode=0o600)
    except OSError as error:
        raise _not_written(target, error) from error
    _fill(base, target, source)


def _temporary_of(target: Path) -> Path:
    """Return the file in which a copy is made before it takes its name."""
    return target.parent / (target.name + _TEMPORARY)


def _fill(base: Path, target: Path, source: sqlite3.Connection | None = None) -> None:
    """Make the copy whose temporary file stands there empty; see `write`."""
    temporary = _temporary_of(target)
    try:
        with (
            contextlib.nullcontext(source) if source else contextlib.closing(connect(base, "ro")) as origin,
            contextlib.closing(connect(temporary, "rw", like=base)) as copy,
        ):
            copy.execute("PRAGMA synchronous = OFF")
            origin.backup(copy)
            # A copy must be one file: whatever journal mode the base is in, its copy is at rest.
            copy.execute("PRAGMA journal_mode = DELETE")
            # A column that is reckoned, in a base from elsewhere, would have the check go on for ever.
            sound = suspicion.is_as_made(copy) and suspicion.is_sound(copy, base)
        if not sound:
            raise UserError(
                "La sauvegarde a été abandonnée\u202f: la copie n’est pas saine.",
                "Fermez qpvdesk et rouvrez-le, ou restaurez la sauvegarde d’avant.",
                shell="Pour vérifier une base\u202f: «\u202fqpvdesk verifier\u202f».",
            )
        sign(temporary, target)
        durable.place(temporary, target)
    except sqlite3.Error as error:
        if code_of(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise _not_written(target, error) from error
        raise explained(error, base) or error from error
    except OSError as error:
        raise _not_written(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
            if not target.exists():
                fingerprint_of(target).unlink(missing_ok=True)


def _not_written(target: Path, error: Exception) -> UserError:
    return UserError(
        f"La sauvegarde n’a pas pu être écrite dans «\u202f{target.parent}\u202f». La base, elle, garde"
        " ce qui y est enregistré\u202f; rien de plus n’a été fait.",
        durable.remedy(error),
    )


def sign(copy: Path, target: Path) -> None:
    """Write the fingerprint of what is about to become `target` beside it."""
    # Of the name its very bytes, as `sha256sum` reads them.
    line = durable.sha256_of(copy).encode() + b"  " + os.fsencode(target.name) + b"\n"
    durable.write(fingerprint_of(target), line)


def fingerprint_of(path: Path) -> Path:
    """Return the path of the file that keeps a backup's SHA-256."""
    return path.parent / (path.name + _FINGERPRINT)


def verify(path: Path, *, of: Path | None = None) -> bool:
    """Tell whether a backup, or a copy of the one `of`, is to the bit what was written."""
    try:
        words = fingerprint_of(of or path).read_bytes().split()
        return bool(words) and words[0] == durable.sha256_of(path).encode()
    except OSError:
        return False


def backups(base: Path, folder: Path | None = None) -> tuple[Backup, ...]:
    """Return the backups of a base, the latest first."""
    folder = folder or folder_of(base)
    kept_backups = []
    for path in folder.glob("*.db") if folder.is_dir() else ():
        parts = path.stem.removeprefix(base.stem + "_").split("_")
        if not path.name.startswith(base.stem + "_") or len(parts) != 3:
            continue
        with contextlib.suppress(ValueError, OSError):
            made_at = datetime.strptime(f"{parts[0]}_{parts[1]}", _STAMP)
            kept_backups.append(Backup(path, made_at, parts[2].partition("-")[0], path.stat().st_size))
    return tuple(sorted(kept_backups, key=lambda item: (item.made_at, item.path.name), reverse=True))


def superfluous(moments: Iterable[datetime], now: datetime) -> frozenset[datetime]:
    """Return which backups to remove: all but those of the last two days, and the last of each of the latest
    12 days, 10 weeks and 9 months that have one."""
    ordered = sorted(set(moments), reverse=True)
    kept = {moment for moment in ordered if now - moment <= KEPT_WHOLE}
    for count, period in (
        (DAILY, lambda moment: moment.date().isoformat()),
        (WEEKLY, lambda moment: "{}-{}".format(*moment.isocalendar()[:2])),
        (MONTHLY, lambda moment: f"{moment.year}-{moment.month}"),
    ):
        seen: dict[str, datetime] = {}
        for moment in ordered:
            seen.setdefault(period(moment), moment)
        kept.update(list(seen.values())[:count])
    return frozenset(ordered) - kept


def thin(base: Path, *, now: datetime, folder: Path | None = None) -> tuple[Path, ...]:
    """Remove the automatic backups that are no longer worth their place, and what killed ones left behind."""
    folder = folder or folder_of(base)
    purge(folder)
    automatic = [item for item in backups(base, folder) if item.reason != "manuelle"]
    doomed = superfluous((item.made_at for item in automatic), now)
    removed = []
    for item in automatic:
        if item.made_at in doomed:
            with contextlib.suppress(OSError):
                item.path.unlink()
                fingerprint_of(item.path).unlink(missing_ok=True)
                removed.append(item.path)
    return tuple(removed)


def purge(folder: Path) -> None:
    """Remove what backups killed half-way left behind: temporary copies and fingerprints of nothing. Those of this hour
    may be of a backup that another program is making.
    """
    durable.purge(folder)
    with contextlib.suppress(OSError):
        halfway = [*folder.glob(f"*{_TEMPORARY}"), *folder.glob(f"*{_TEMPORARY}-journal")]
        halfway += [
            side
            for side in folder.glob(f"*{_FINGERPRINT}")
            if not (folder / side.name.removesuffix(_FINGERPRINT)).exists()
        ]
        for path in filter(durable.is_left, halfway):
            path.unlink(missing_ok=True)


def due(base: Path, *, now: datetime, folder: Path | None = None) -> bool:
    """Tell whether none was made in the last half hour. Those of a day to come, from before the clock was set
    right, do not count: they would hold up every backup until that day."""
    return not any(timedelta() <= now - kept_backup.made_at < EVERY for kept_backup in backups(base, folder))
