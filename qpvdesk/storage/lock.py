"""One writer a base: a small file beside it that says who, held by a lock of the system.

The lock of the system falls with the process, so a killed one leaves nothing in the way; the words in the file are
for the colleague who finds the base taken. Where the file names another computer (a shared folder whose locks do
not travel), it is believed, until the officer overrides it knowingly.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import time
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from qpvdesk import durable
from qpvdesk.domain.errors import UserError

SUFFIX = ".verrou"
_PATIENCE = 0.05
_LEAVING = 20
"""How many times that long a lock is tried for whose holder leaves just now, or seems to on an odd file system."""
_ALONE = sum(getattr(os, flag, 0) for flag in ("O_BINARY", "O_NOFOLLOW", "O_NONBLOCK"))
"""The file itself, no link to another, and no pipe that never opens."""
# Windows forbids reading the locked bytes: those locked lie far beyond the words.
_FAR = 1 << 30


class Holder(Struct, frozen=True):
    """Who has the base open. `pid` is 0 where the file does not say."""

    host: str
    pid: int

    def __str__(self) -> str:
        if not self.pid:
            return self.host or "un autre programme"
        return f"le poste {self.host} (processus {self.pid})"


class AlreadyOpenError(UserError):
    """The base is being written by someone else."""

    def __init__(self, path: Path, holder: Holder) -> None:
        super().__init__(
            f"La base «\u202f{path.name}\u202f» est déjà ouverte par {holder}.",
            "Fermez-la là-bas, ou ouvrez-la ici en lecture seule.",
        )
        self.holder = holder


class Lock:
    """Held from `acquire` to `release`."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self.path = path

    def release(self) -> None:
        """Let go and leave nothing behind. Harmless twice."""
        if self._file.closed:
            return
        # While it is still held: whoever takes the file next must find it empty.
        with contextlib.suppress(OSError):
            self._file.truncate(0)
        if os.name != "nt":
            with contextlib.suppress(OSError):
                self.path.unlink()
            self._file.close()
        else:
            self._file.close()
            with contextlib.suppress(OSError):
                self.path.unlink()


def acquire(base: Path, *, wait: float = 0.0, override: bool = False) -> Lock:
    """Take the lock of a base, waiting at most `wait` seconds.

    `override` takes over a lock left by another computer; one that this system knows to be held never is.
    Raises `AlreadyOpenError`, or `OSError` where the folder cannot be written.
    """
    until = time.monotonic() + wait
    while True:
        got = _try(base, override)
        if isinstance(got, Lock):
            return got
        if time.monotonic() >= until + (_PATIENCE * _LEAVING if got is None else 0):
            raise AlreadyOpenError(base, got or Holder("", 0))
        time.sleep(_PATIENCE if got is not None else _PATIENCE / 10)


def attempt(base: Path, *, wait: float, override: bool) -> tuple[Lock | None, str]:
    """Return the lock; None, and why, where none can be had: rights, a full disk, a file that other names bear too.

    A journal stands beside the name that was opened: by another name the same file would be read without it.
    """
    if base.stat().st_nlink > 1:
        return None, "son fichier porte aussi un autre nom (lien physique)"
    try:
        return acquire(base, wait=wait, override=override), ""
    except OSError as error:
        if error.errno == errno.ELOOP:
            name = base.resolve().name + SUFFIX
            return None, f"«\u202f{name}\u202f», à côté de lui, n’est pas un fichier ordinaire"
        return None, durable.reason(error)


def holder(base: Path) -> Holder:
    """Return who says that they hold a base, as far as the file beside it can be read."""
    base = base.resolve()
    path = base.parent / (base.name + SUFFIX)
    try:
        words = path.read_bytes() if path.is_file() else b""
        return _read(words) or Holder("", 0)
    except OSError:
        return Holder("", 0)


def place(path: Path) -> str:
    """Return what tells this very file on this computer from any copy of it."""
    return f"{host_name()}:{path.stat().st_ino}"


def host_name() -> str:
    """Return the name of this computer. `platform.node` says the same, and costs 7 ms of every start."""
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


def _try(base: Path, override: bool) -> Lock | Holder | None:
    """Return the lock, or who has it, or None where its holder left just now and it is worth trying again."""
    # By whatever link it is opened, a base has one lock: beside the file itself.
    base = base.resolve()
    path = base.parent / (base.name + SUFFIX)
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | _ALONE, 0o666), "r+b", 0)
    try:
        _check_plain(file, path)
        locked = _lock(file)
        named = _read(file.read(4096))
        if not locked:
            return named or Holder("", 0)
        if not _same_file(file, path):
            # Its holder removed it between our opening and our locking: that lock guards nothing any more.
            return None
        if named and named.host != host_name() and not override:
            return named
        file.seek(0)
        file.truncate(0)
        lock = Lock(file, path)
        try:
            file.write(json.dumps({"poste": host_name(), "processus": os.getpid()}).encode())
        except OSError:
            # On a full disk a lock would be left that says nothing.
            lock.release()
            raise
        file = None  # type: ignore[assignment]
        return lock
    finally:
        if file is not None:
            file.close()


def _check_plain(file: BinaryIO, path: Path) -> None:
    """Raise `OSError` for a file that other names bear, or that is none: what came beside a base may lead elsewhere."""
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        raise OSError(errno.ELOOP, "no plain file of one name", str(path))


def _read(words: bytes) -> Holder | None:
    if not words:
        return None
    try:
        fields = json.loads(words)
        return Holder(str(fields["poste"]), int(fields["processus"]))
    except (ValueError, KeyError, TypeError):
        return Holder("un autre programme", 0)


def _same_file(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


if os.name == "nt":
    import msvcrt

    def _lock(file: BinaryIO) -> bool:
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        finally:
            file.seek(0)
        return True

else:
    import fcntl

    def _lock(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
