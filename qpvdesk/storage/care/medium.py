"""What a folder stands on: a disk of this computer, a medium that can be torn out, another computer's disk, or a disk
that a synchroniser copies elsewhere.

A base is safe on a disk of its own only: a stick may be pulled out in the middle of a write, and the locks and
flushes that SQLite relies on are not to be trusted over a network; a synchroniser copies a base while it is written, and
puts another's in its place. What cannot be told is taken for a disk.
"""

from __future__ import annotations

import os
import re
import sys
from enum import Enum
from pathlib import Path, PurePosixPath

_NETWORK = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "davfs", "fuse.sshfs",
        "fuse.gvfsd-fuse", "fuse.davfs2", "fuse.rclone", "fuse.smbnetfs", "fuse.curlftpfs",
    }
)  # fmt: skip
_ESCAPED = re.compile(r"\\([0-7]{3})")
_SYNCED_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_SYNCED_NAME = re.compile(r"onedrive( - .*)?|resana|nextcloud", re.IGNORECASE)
_SYNCED_MARK = re.compile(r"\._?sync_\w+\.db|\.(nextcloud|owncloud)sync\.log")
"""What the clients of Nextcloud leave at the top of what they synchronise."""
_DRIVE_REMOVABLE, _DRIVE_REMOTE, _DRIVE_CDROM = 2, 4, 5


class Medium(Enum):
    """The kinds of place that matter to a base."""

    DISK = "disque"
    REMOVABLE = "amovible"
    NETWORK = "reseau"
    SYNCED = "synchronise"


def of(path: Path) -> Medium:
    """Tell what a file or a folder, which may not exist yet, stands on. Never raises."""
    try:
        path = _nearest(path.absolute()).resolve()
        if is_synced(path):
            return Medium.SYNCED
        if sys.platform == "win32":
            return _on_windows(path)
        if sys.platform == "darwin":
            return Medium.REMOVABLE if path.is_relative_to("/Volumes") else Medium.DISK
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
        return mounted(path.as_posix(), mounts)
    except (OSError, ValueError, AttributeError):
        return Medium.DISK


def is_synced(path: Path) -> bool:
    """Tell whether OneDrive, Nextcloud or Resana copies what changes there, a base half-written as anything else."""
    tops = [Path(top).resolve() for name in _SYNCED_VARIABLES if (top := os.environ.get(name))]
    return any(
        folder in tops
        or _SYNCED_NAME.fullmatch(folder.name)
        or any(map(_SYNCED_MARK.fullmatch, _names(folder)))
        for folder in (path, *path.parents)
    )


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def mounted(path: str, mountinfo: str, devices: Path = Path("/sys/dev/block")) -> Medium:
    """Tell what an absolute path stands on from what Linux says of its mounts (`man 5 proc`) and its devices."""
    best: tuple[int, str, str] = (-1, "", "")
    for line in mountinfo.splitlines():
        fields, _, rest = line.partition(" - ")
        words = fields.split(" ")
        if len(words) < 5 or not rest:
            continue
        point = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), words[4])
        depth = len(PurePosixPath(point).parts)
        # The last mount on a point hides the ones before.
        if PurePosixPath(path).is_relative_to(point) and depth >= best[0]:
            best = (depth, words[2], rest.split(" ")[0])
    depth, device, kind = best
    if kind in _NETWORK:
        return Medium.NETWORK
    if depth > 1 and device and _is_removable(devices / device):
        return Medium.REMOVABLE
    return Medium.DISK


def _is_removable(device: Path) -> bool:
    """Tell whether a block device, or the disk it is a part of, says that it can be taken out or hangs on USB."""
    if not device.exists():
        return False
    real = device.resolve()
    if any(part.startswith("usb") for part in real.parts):
        return True
    for folder in (real, real.parent):
        try:
            if (folder / "removable").read_text().strip() == "1":
                return True
        except OSError:
            continue
    return False


def _on_windows(path: Path) -> Medium:
    import ctypes  # noqa: PLC0415 - 4 ms, Windows alone needs it

    if path.drive.startswith("\\\\"):
        return Medium.NETWORK
    kind = ctypes.windll.kernel32.GetDriveTypeW(path.anchor)  # type: ignore[attr-defined,unused-ignore]
    if kind == _DRIVE_REMOTE:
        return Medium.NETWORK
    return Medium.REMOVABLE if kind in (_DRIVE_REMOVABLE, _DRIVE_CDROM) else Medium.DISK


def _nearest(path: Path) -> Path:
    """Return the path, or the nearest folder above it that is there."""
    while not os.path.lexists(path) and path != path.parent:
        path = path.parent
    return path
