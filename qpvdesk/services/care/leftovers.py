"""What stays in clear once a base is under a passphrase: named, and removed where the officer asks for it."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from qpvdesk import bounded, durable
from qpvdesk.storage.care import backup
from qpvdesk.storage.care import sealing as _sealing
from qpvdesk.storage.connection import BESIDE, file_of

PREFIX = "qpvdesk-apercu-"
"""Begins the name of a temporary folder of ours, before the number of the process."""
_ASIDE = ("remplacee", "endommagee")


def clear_copies(base: Path, folder: Path | None = None) -> tuple[Path, ...]:
    """Return the copies of a base that rescues, packages, exchanges, and programs that were killed while they copied it,
    left in clear beside it, and in a second folder.
    """
    base = base.absolute()
    found = [*set_aside(base, folder)]
    found += [
        copy.path for copy in (*backup.backups(base), *(backup.backups(base, folder) if folder else ()))
    ]
    found += [path for path in sorted(base.parent.glob("*.paquet")) if _is_zip(path)]
    return tuple(path for path in found if not _sealing.is_sealed(_whole(path)))


def set_aside(base: Path, folder: Path | None = None) -> tuple[Path, ...]:
    """Return the copies of a base that rescues put aside, and those that killed programs left half-way, of its backups too;
    with each, what SQLite keeps beside it, which holds pages of it.

    `folder`: a second one for backups.
    """
    file = file_of(base)
    stem, name = glob.escape(base.stem), glob.escape(file.name)
    found = [
        path
        for middle in _ASIDE
        for end in ("", *BESIDE)
        for path in base.parent.glob(f"{stem}.{middle}*{glob.escape(base.suffix)}{end}")
    ]
    places = {file.parent, backup.folder_of(base), *((folder,) if folder else ())}
    for place in places:
        for half_way in backup.HALFWAY:
            for end in ("", *BESIDE):
                found += [*place.glob(f"{name}{half_way}{end}"), *place.glob(f"{stem}_*{half_way}{end}")]
        found += durable.left_parts(place)
    return tuple(sorted(found))


def remove(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Remove those files, with their fingerprints; return what could not be."""
    left = []
    for path in paths:
        try:
            path.unlink()
        except OSError:
            left.append(path)
            continue
        with contextlib.suppress(OSError):
            backup.fingerprint_of(path).unlink()
    return tuple(left)


def scratch() -> tempfile.TemporaryDirectory[str]:
    """Make a folder for what lies in clear for a moment; what killed programs left of theirs is removed."""
    purge_scratch()
    return tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-")


def purge_scratch() -> None:
    """Remove the folders of programs that were killed: in clear, were the base sealed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        number = folder.name.removeprefix(PREFIX).partition("-")[0]
        if not (number.isdecimal() and bounded.is_alive(int(number))):
            shutil.rmtree(folder, ignore_errors=True)


def _whole(path: Path) -> Path:
    """Return the copy that a file of SQLite's stands beside, whose head says whether both are sealed; else the file."""
    end = next((end for end in BESIDE if path.name.endswith(end)), "")
    return path.with_name(path.name.removesuffix(end))


def _is_zip(path: Path) -> bool:
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(2) == b"PK"
    return False
