"""What a zip says of itself, before anything of it is unpacked: workbooks and packages are zips from elsewhere."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from enum import Enum, auto
from typing import BinaryIO

_END, _END_BYTES = b"PK\x05\x06", 22
"""How the last record of a zip begins, and its length without a comment."""
_COMMENT_BYTES_MAX = 65_535
_ENTRY_BYTES_MAX = 400
"""Bytes that one member of ours, or of a workbook, takes in the directory of a zip."""
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
SMALL = 1_000_000
"""Bytes that a member may have whatever its ratio."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a zip may hold: members, bytes of one and of all once unpacked, times the packed size."""

    members: int
    member: int
    total: int
    ratio: int


TEXT = Limits(members=4_000, member=60_000_000, total=300_000_000, ratio=400)
"""What a docx or an odt may hold."""
PACKAGE = Limits(members=20_000, member=300_000_000, total=400_000_000, ratio=200)
"""What a package of a colleague may hold."""


class Fault(Enum):
    """Why a zip is not unpacked."""

    MANY = auto()
    TWICE = auto()
    OUTSIDE = auto()
    LOCKED = auto()
    SWOLLEN = auto()


class ArchiveError(ValueError):
    """A zip that is not unpacked."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


def opened(file: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """Open a zip whose directory is within limits. Raises `ArchiveError`, `zipfile.BadZipFile` or `OSError`.

    No format that we read packs in another way than deflate, and the errors of the others are those of no zip.
    """
    _check_directory(file, limits)
    archive = zipfile.ZipFile(file)
    _check(archive.infolist(), limits)
    if any(member.compress_type not in _WAYS for member in archive.infolist()):
        raise zipfile.BadZipFile("packed in another way")
    return archive


def _check_directory(file: BinaryIO, limits: Limits) -> None:
    """Refuse a directory of millions of members before it is read: its length stands at the end of the file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_BYTES - _COMMENT_BYTES_MAX))
    tail = file.read()
    end = tail.rfind(_END)
    if end >= 0 and int.from_bytes(tail[end + 12 : end + 16], "little") > limits.members * _ENTRY_BYTES_MAX:
        raise ArchiveError(Fault.MANY)


def _check(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = [member.filename for member in members]
    if len(names) > limits.members:
        raise ArchiveError(Fault.MANY)
    if len({name.lower() for name in names}) != len(names):
        raise ArchiveError(Fault.TWICE)
    for name in names:
        if name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/"):
            raise ArchiveError(Fault.OUTSIDE)
    if any(member.flag_bits & 1 for member in members):
        raise ArchiveError(Fault.LOCKED)
    if sum(member.file_size for member in members) > limits.total:
        raise ArchiveError(Fault.SWOLLEN)
    for member in members:
        swollen = member.file_size > SMALL and member.file_size > limits.ratio * max(1, member.compress_size)
        if member.file_size > limits.member or swollen:
            raise ArchiveError(Fault.SWOLLEN)
