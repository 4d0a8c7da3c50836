"""Whole-or-nothing writing: what was at a path stays until the new one is whole and on the disk itself.

The one place where the program makes a temporary file, flushes or renames. Whatever fails raises `OSError`, leaves the
target as it was and no temporary file; `save` alone says it to the officer.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_size

if sys.platform == "darwin":
    import fcntl

_PART = ".qpvdesk-part"
_LEFT_SECONDS = 3600
_PAUSES = (0.05, 0.1, 0.25, 0.6)
"""Seconds between the five tries of a rename."""
_SHARING_VIOLATIONS = frozenset({5, 32, 33})
"""What Windows answers while an antivirus or a synchroniser holds the file."""
_NOT_FLUSHED = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM, errno.EBADF})
"""What file systems answer that cannot flush a folder: the names in it are then as safe as they can be."""


@contextlib.contextmanager
def writing(path: Path, *, private: bool = False, flushed: bool = True) -> Iterator[BinaryIO]:
    """Open a temporary file that takes the place of `path` once the block is left without an exception.

    `private`: for the officer's own eyes, in a folder that is made where it is missing; else with the usual rights.
    `flushed` False: a power cut may take it back, or leave it empty; for what is only a help and read with care.
    """
    if private:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = beside(path)
    rights = 0o600 if private else 0o666

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, rights)

    try:
        with open(temporary, "xb", opener=opener) as file:
            yield file
            file.flush()
            if flushed:
                _flush(file.fileno())
        if flushed:
            _rename(temporary, path)
        else:
            _patiently(lambda: os.replace(temporary, path))
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def private(name: str, flags: int) -> int:
    """Open a file for the officer's own eyes: what `open` takes as its opener."""
    return os.open(name, flags, 0o600)


def write(path: Path, content: bytes, *, private: bool = False, flushed: bool = True) -> None:
    """Put the content at the path; see `writing`."""
    with writing(path, private=private, flushed=flushed) as file:
        file.write(content)


def save(content: bytes, path: Path, *, private: bool = False) -> None:
    """Put the content where the officer chose; see `writing`. Raises `UserError`."""
    try:
        write(path, content, private=private)
    except OSError as error:
        raise UserError(
            f"Le fichier «\u202f{path.name}\u202f» ne peut pas être écrit\u202f: {reason(error)}.",
            other_place(error),
        ) from error


def copy(source: Path, target: Path) -> None:
    """Put a copy in the place of the target, under the rights of its source."""
    temporary = beside(target)
    try:
        copy_privately(source, temporary)
        share_as(temporary, source)
        place(temporary, target)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def begin_privately(path: Path) -> None:
    """Make an empty file for the officer's own eyes; what stood at that path, a link too, is removed and not written."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def copy_privately(source: Path, target: Path) -> None:
    """Copy a file to one that is begun privately; it is not on the disk itself yet."""
    begin_privately(target)
    shutil.copyfile(source, target)


def share_as(path: Path, other: Path) -> None:
    """Let those read and write a private file whom another one lets; where there is no other, it stays private."""
    with contextlib.suppress(OSError):
        path.chmod(stat.S_IMODE(other.stat().st_mode) | 0o600)


def place(source: Path, target: Path) -> None:
    """Put a file made beside its target in the place of that; it is on the disk first."""
    flush(source)
    _rename(source, target)


def fill(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Make a folder of those files, all on the disk itself, which nobody reads until `place_folder` has moved it."""
    folder.mkdir(parents=True)
    for name, content in contents.items():
        with (folder / name).open("xb", buffering=0) as file:
            file.write(content)
            _flush(file.fileno())
    flush(folder)


def place_folder(source: Path, target: Path) -> None:
    """Put a folder where there is none, at once and with all that it holds."""
    _rename(source, target)


def flush(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk itself."""
    if not path.is_dir():
        with path.open("rb+") as file:
            _flush(file.fileno())
        return
    if os.name == "nt":
        return
    number: int | None = None
    try:
        number = os.open(path, os.O_RDONLY)
        _flush(number)
    except OSError as error:
        if error.errno not in _NOT_FLUSHED:
            raise
    finally:
        if number is not None:
            os.close(number)


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a content, 64 hexadecimal digits."""
    import hashlib  # noqa: PLC0415 - 6 ms, not on the way to the first paint

    return hashlib.sha256(content).hexdigest()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits."""
    import hashlib  # noqa: PLC0415 - 6 ms, not on the way to the first paint

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def reason(error: OSError) -> str:
    """Say why the system refused, in words that end a sentence."""
    if _is_shared(error):
        return "un autre programme le tient ouvert"
    return _REASONS.get(error.errno or 0, "le système l’a refusé")


def read_within(path: Path, bytes_max: int, remedy: str, *, unchanged: str = "", shell: str = "") -> bytes:
    """Return the content of a file. Raises `UserError` where it cannot be read or is larger: then with that remedy.

    `unchanged`: what a refusal says of the base.
    """
    try:
        size = path.stat().st_size
        if size <= bytes_max:
            return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error, unchanged) from error
    heavy = f"«\u202f{path.name}\u202f» est trop lourd\u202f: {format_size(size)}. {unchanged}"
    raise UserError(heavy.strip(), remedy, shell=shell)


def unreadable(path: Path, error: OSError, unchanged: str = "") -> UserError:
    """The refusal of a file that cannot be read; see `read_within`."""
    why = "il n’existe pas" if isinstance(error, FileNotFoundError) else reason(error)
    message = f"Le fichier «\u202f{path.name}\u202f» ne peut pas être ouvert\u202f: {why}. {unchanged}"
    return UserError(message.strip(), "Vérifiez son emplacement.")


def lacks_room(why: str) -> bool:
    """Tell whether that reason is a want of room, of the disk or of what an account may have."""
    return why in (_FULL, _QUOTA_FULL)


def remedy(
    error: Exception, usual: str = "Vérifiez la place libre et que ce dossier peut être modifié."
) -> str:
    """Say what to do where something could not be written in a folder: `usual`, but where another program holds it, a
    link stands in its place or its name is too long."""
    if _is_shared(error):
        return "Fermez le programme qui tient ce fichier (antivirus, synchronisation), puis recommencez."
    if isinstance(error, OSError) and error.errno == errno.ELOOP and error.filename:
        name = os.path.basename(error.filename)
        return f"«\u202f{name}\u202f» n’est pas un fichier ordinaire\u202f: déplacez-le ailleurs, puis recommencez."
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return "Le nom du fichier est trop long\u202f: donnez-lui-en un plus court, puis recommencez."
    return usual


def other_place(error: OSError) -> str:
    """Say what to do where a file could not be written where the officer chose it."""
    if lacks_room(reason(error)):
        return "Libérez de la place, ou choisissez un autre dossier."
    return "Choisissez un autre dossier, ou fermez le fichier s’il est ouvert ailleurs."


_FULL, _QUOTA_FULL = "le disque est plein", "la place qui vous est accordée est pleine"
_REASONS = {
    errno.ENOENT: "le dossier n’existe pas",
    errno.ENOTDIR: "le dossier n’existe pas",
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.EROFS: "le support est en lecture seule",
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _QUOTA_FULL,
    errno.EISDIR: "c’est un dossier",
    errno.ENAMETOOLONG: "le nom est trop long",
}


def purge(folder: Path) -> None:
    """Remove the temporary files that killed programs left in a folder; one of this hour may still be written."""
    with contextlib.suppress(OSError):
        for temporary in left_parts(folder):
            temporary.unlink()


def left_parts(folder: Path) -> list[Path]:
    """Return the temporary files that killed programs left in a folder; see `purge`."""
    return [temporary for temporary in folder.glob(f".*{_PART}") if is_left(temporary)]


def is_left(temporary: Path) -> bool:
    """Tell whether a temporary file is one that a killed program left: nobody has written in it for an hour."""
    # Another program may just have moved it to its place.
    with contextlib.suppress(OSError):
        return time.time() - temporary.stat().st_mtime > _LEFT_SECONDS
    return False


def _is_shared(error: Exception) -> bool:
    return getattr(error, "winerror", None) in {32, 33}


def beside(path: Path) -> Path:
    """Return the name of a temporary file in the folder of another, which `purge` removes where a killed program left it."""
    # Of a length of its own: the name of the file may be as long as a name can be.
    return path.parent / f".{os.urandom(8).hex()}{_PART}"


def _rename(source: Path, target: Path) -> None:
    _patiently(lambda: os.replace(source, target))
    flush(target.parent)


def _patiently(act: Callable[[], None]) -> None:
    for pause in _PAUSES:
        try:
            act()
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _SHARING_VIOLATIONS:
                raise
            time.sleep(pause)
        else:
            return
    act()


def _flush(number: int) -> None:
    if sys.platform == "darwin":
        # There `fsync` stops at the cache of the disk; some file systems know nothing else.
        with contextlib.suppress(OSError):
            fcntl.fcntl(number, fcntl.F_FULLFSYNC)
            return
    os.fsync(number)
