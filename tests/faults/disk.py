"""What the disk sees of the program, call by call, and what it holds once the power has gone between two of them.

SQLite's own way to the disk is taken over through its virtual file system, in the library that the program runs on; what
Python writes is looked at before each flush, rename and removal. Sectors are 512 bytes. Of what was not flushed each write
is kept, dropped or torn, in any order; of the names (made, renamed, removed) that were not flushed with their folder a
first part is kept, in their order, as a journalled file system does. A new file whose content is flushed keeps its name,
and a folder keeps its own.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import stat
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlcipher3._sqlite3

SECTOR = 512
FULL, IO_WRITE, IO_SYNC = 13, 10 | 3 << 8, 10 | 4 << 8
"""SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC."""
_CREATES = 0x4

Event = tuple[Any, ...]

_P, _I, _L = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
_OPEN = ctypes.CFUNCTYPE(_I, _P, _P, _P, _I, _P)
_DELETE = ctypes.CFUNCTYPE(_I, _P, _P, _I)
_CLOSE = ctypes.CFUNCTYPE(_I, _P)
_WRITE = ctypes.CFUNCTYPE(_I, _P, _P, _I, _L)
_TRUNCATE = ctypes.CFUNCTYPE(_I, _P, _L)
_SYNC = ctypes.CFUNCTYPE(_I, _P, _I)


class _Vfs(ctypes.Structure):
    """`sqlite3_vfs`, version 3: https://www.sqlite.org/c3ref/vfs.html"""

    _fields_ = [
        ("version", _I), ("file_bytes", _I), ("path_max", _I), ("next", _P), ("name", ctypes.c_char_p), ("data", _P),
        ("open", _P), ("delete", _P), *((f"other{number}", _P) for number in range(13)),
    ]  # fmt: skip


class _Methods(ctypes.Structure):
    """`sqlite3_io_methods`, version 3: https://www.sqlite.org/c3ref/io_methods.html"""

    _fields_ = [
        ("version", _I), ("close", _P), ("read", _P), ("write", _P), ("truncate", _P), ("sync", _P),
        *((f"other{number}", _P) for number in range(13)),
    ]  # fmt: skip


_library = ctypes.CDLL(sqlcipher3._sqlite3.__file__)
_library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
_library.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
_library.sqlite3_vfs_register.argtypes = [ctypes.POINTER(_Vfs), _I]
_lasting: list[object] = []
"""What SQLite points to for as long as the process lives."""


class _Layer:
    """Stands between SQLite and the system's own file system; tells whoever listens."""

    def __init__(self) -> None:
        self.listener: Disk | None = None
        self._names: dict[int, str] = {}
        self._tables: dict[int, tuple[_Methods, _Methods]] = {}
        self._of: dict[int, _Methods] = {}
        self.system = _library.sqlite3_vfs_find(None)
        self.vfs = _Vfs.from_buffer_copy(self.system.contents)
        self.vfs.name = b"watched"
        self._system_open = _OPEN(self.system.contents.open)
        self._system_delete = _DELETE(self.system.contents.delete)
        self._open, self._delete = _OPEN(self.open), _DELETE(self.delete)
        self._calls = _CLOSE(self.close), _WRITE(self.write), _TRUNCATE(self.truncate), _SYNC(self.sync)
        self.vfs.open = ctypes.cast(self._open, _P)
        self.vfs.delete = ctypes.cast(self._delete, _P)

    def open(self, _vfs: int, name: int | None, file: int, flags: int, out: int | None) -> int:
        code: int = self._system_open(ctypes.addressof(self.system.contents), name, file, flags, out)
        place = ctypes.c_void_p.from_address(file)
        if code or not name or not place.value:
            return code
        if place.value not in self._tables:
            own = _Methods.from_address(place.value)
            watched = _Methods.from_buffer_copy(own)
            watched.close, watched.write, watched.truncate, watched.sync = (
                ctypes.cast(call, _P) for call in self._calls
            )
            self._tables[place.value] = (own, watched)
        own, watched = self._tables[place.value]
        self._of[file] = own
        self._names[file] = os.fsdecode(ctypes.string_at(name))
        place.value = ctypes.addressof(watched)
        if self.listener is not None:
            self.listener.opened(self._names[file], made=bool(flags & _CREATES))
        return code

    def close(self, file: int) -> int:
        own, name = self._of.pop(file), self._names.pop(file)
        if self.listener is not None:
            self.listener.closed(name)
        return int(_CLOSE(own.close)(file))

    def delete(self, _vfs: int, name: int, synced: int) -> int:
        code: int = self._system_delete(ctypes.addressof(self.system.contents), name, synced)
        if not code and self.listener is not None:
            self.listener.removed(os.fsdecode(ctypes.string_at(name)), synced=bool(synced))
        return code

    def write(self, file: int, data: int, count: int, offset: int) -> int:
        listener = self.listener
        if listener is not None and (refused := listener.refuses("write")):
            # What a full disk takes of a write before it refuses.
            if (half := count // 2) > 0:
                _WRITE(self._of[file].write)(file, data, half, offset)
            return refused
        code = int(_WRITE(self._of[file].write)(file, data, count, offset))
        if not code and listener is not None:
            listener.wrote(self._names[file], offset, ctypes.string_at(data, count))
        return code

    def truncate(self, file: int, size: int) -> int:
        code = int(_TRUNCATE(self._of[file].truncate)(file, size))
        if not code and self.listener is not None:
            self.listener.truncated(self._names[file], size)
        return code

    def sync(self, file: int, flags: int) -> int:
        if self.listener is not None and (refused := self.listener.refuses("sync")):
            return refused
        code = int(_SYNC(self._of[file].sync)(file, flags))
        if not code and self.listener is not None:
            self.listener.synced(self._names[file])
        return code


def _layer() -> _Layer:
    if not _lasting:
        _lasting.append(_Layer())
    layer = _lasting[0]
    assert isinstance(layer, _Layer)
    return layer


class Disk:
    """What happens to the files of a folder. `events` are in the order in which the system was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.events: list[Event] = []
        self.before: dict[str, bytes] = {}
        self._live: dict[str, tuple[int, int]] = {}
        """Name → our number of the file, and the system's."""
        self._content: dict[int, bytearray] = {}
        self._open: dict[str, int] = {}
        self._within: dict[str, Path | None] = {}
        self._count = 0
        self._refused: tuple[str, int, int] | None = None
        self.asked = 0
        self._look(first=True)

    def keep(self, word: object) -> None:
        """Note that something was acknowledged to the officer."""
        self.events.append(("kept", word))

    def refuse(self, kind: str, after: int, code: int) -> None:
        """Refuse each `write` or `sync` of SQLite after so many."""
        self._refused, self.asked = (kind, after, code), 0

    def allow(self) -> None:
        """Refuse nothing any more."""
        self._refused = None

    def refuses(self, kind: str) -> int:
        """Return the error with which SQLite's call is met; 0 for none."""
        if self._refused is None or self._refused[0] != kind:
            return 0
        self.asked += 1
        return self._refused[2] if self.asked > self._refused[1] else 0

    # SQLite

    def opened(self, path: str, *, made: bool) -> None:
        if (name := self._name(path)) is not None:
            self._look()
            self._open[name] = self._open.get(name, 0) + 1
            if made and name not in self._live:
                self._note_new(name, b"")

    def closed(self, path: str) -> None:
        if (name := self._name(path)) is not None:
            self._open[name] -= 1
            if not self._open[name]:
                del self._open[name]

    def wrote(self, path: str, offset: int, data: bytes) -> None:
        if (name := self._name(path)) in self._live:
            number = self._live[name][0]
            self.events.append(("write", number, offset, data))
            _write(self._content[number], offset, data)

    def truncated(self, path: str, size: int) -> None:
        if (name := self._name(path)) in self._live:
            number = self._live[name][0]
            self.events.append(("truncate", number, size))
            _truncate(self._content[number], size)

    def synced(self, path: str) -> None:
        if (name := self._name(path)) in self._live:
            self.events.append(("sync", self._live[name][0]))

    def removed(self, path: str, *, synced: bool) -> None:
        if (name := self._name(path)) in self._live:
            del self._live[name]
            self.events.append(("remove", name))
            if synced:
                self.events.append(("names", str(Path(name).parent)))

    # Python

    def flushed(self, number: int) -> None:
        """Note a flush of an open file or folder."""
        told = os.fstat(number)
        if stat.S_ISDIR(told.st_mode):
            for folder in (self.folder, *(one for one in self.folder.rglob("*") if one.is_dir())):
                if os.path.samestat(folder.stat(), told):
                    self._look()
                    self.events.append(("names", str(folder.relative_to(self.folder))))
            return
        self._look()
        for name, (own, inode) in self._live.items():
            if inode == told.st_ino and (self.folder / name).exists():
                self.events.append(("sync", own))

    def renamed(self, source: str, target: str) -> None:
        before, after = self._name(source), self._name(target)
        if before in self._live and after is not None:
            self._live[after] = self._live.pop(before)
            self.events.append(("rename", before, after))

    def look(self) -> None:
        """Note what Python wrote, made or removed since."""
        self._look()

    def _look(self, *, first: bool = False) -> None:
        found = {}
        for path in self.folder.rglob("*"):
            with contextlib.suppress(OSError):
                if path.is_file() and path.suffix != ".verrou":
                    found[str(path.relative_to(self.folder))] = path
        for name in [name for name in self._live if name not in found]:
            del self._live[name]
            self.events.append(("remove", name))
        for name, path in found.items():
            if name in self._open:
                continue
            content, inode = path.read_bytes(), path.stat().st_ino
            if first:
                self.before[name] = content
                self._live[name] = (self._count, inode)
                self._content[self._count] = bytearray(content)
                self._count += 1
                continue
            if name in self._live and self._live[name][1] != inode:
                del self._live[name]
                self.events.append(("remove", name))
            if name not in self._live:
                self._note_new(name, content)
            number = self._live[name][0]
            if content != self._content[number]:
                self.events += [("truncate", number, 0), ("write", number, 0, content)]
                self._content[number] = bytearray(content)

    def _note_new(self, name: str, content: bytes) -> None:
        self._live[name] = (self._count, (self.folder / name).stat().st_ino)
        self.events.append(("make", name, self._count))
        if content:
            self.events.append(("write", self._count, 0, content))
        self._content[self._count] = bytearray(content)
        self._count += 1

    def _name(self, path: str) -> str | None:
        folder, name = os.path.split(path)
        if folder not in self._within:
            # Asked at each page that is written: the folders stay where they are.
            real = Path(folder).resolve()
            inside = real.is_relative_to(self.folder)
            self._within[folder] = real.relative_to(self.folder) if inside else None
        within = self._within[folder]
        return None if within is None else str(within / name)


@contextlib.contextmanager
def watched(folder: Path) -> Iterator[Disk]:
    """Note what the program does to a folder. SQLite opens in it only inside the block, and is closed at its end."""
    layer, disk = _layer(), Disk(folder)
    own: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in ("fsync", "replace", "rename")}

    def fsync(number: int) -> None:
        own["fsync"](number)
        disk.flushed(number)

    def moving(name: str) -> Callable[..., None]:
        def move(source: Any, target: Any, **how: Any) -> None:
            disk.look()
            own[name](source, target, **how)
            disk.renamed(os.fspath(source), os.fspath(target))

        return move

    os.fsync = fsync
    os.replace, os.rename = moving("replace"), moving("rename")
    layer.listener = disk
    _library.sqlite3_vfs_register(ctypes.byref(layer.vfs), 1)
    try:
        yield disk
        disk.look()
    finally:
        _library.sqlite3_vfs_register(layer.system, 1)
        layer.listener = None
        for name, function in own.items():
            setattr(os, name, function)


def after_cut(disk: Disk, at: int, chance: random.Random) -> tuple[dict[str, bytes], list[Any]]:
    """Return the files as they are on the disk when the power goes before event `at`, and what was acknowledged."""
    numbers = {name: number for number, name in enumerate(disk.before)}
    content: defaultdict[int, bytearray] = defaultdict(bytearray)
    content.update((number, bytearray(disk.before[name])) for name, number in numbers.items())
    pending: dict[int, list[Event]] = {}
    names: list[Event] = []
    kept = []
    for event in disk.events[:at]:
        match event:
            case ("kept", word):
                kept.append(word)
            case ("write" | "truncate", number, *_):
                pending.setdefault(number, []).append(event)
            case ("sync", number):
                for change in pending.pop(number, []):
                    _change(content[number], change, None)
                for made in [one for one in names if one[0] == "make" and one[2] == number]:
                    names.remove(made)
                    numbers[made[1]] = number
            case ("names", folder):
                for change in [
                    one for one in names if str(Path(one[-1 if one[0] == "rename" else 1]).parent) == folder
                ]:
                    names.remove(change)
                    _rename(numbers, change)
            case _:
                names.append(event)
    for change in names[: chance.choice((0, len(names), chance.randint(0, len(names))))]:
        _rename(numbers, change)
    for number, changes in pending.items():
        mood = chance.random()
        for change in changes:
            if mood > 0.2 and chance.random() < 0.6:
                _change(content[number], change, chance)
    return {name: bytes(content[number]) for name, number in numbers.items()}, kept


def _rename(numbers: dict[str, int], change: Event) -> None:
    match change:
        case ("make", name, number):
            numbers[name] = number
        case ("remove", name):
            numbers.pop(name, None)
        case ("rename", before, after) if before in numbers:
            numbers[after] = numbers.pop(before)


def _change(content: bytearray, event: Event, chance: random.Random | None) -> None:
    if event[0] == "truncate":
        _truncate(content, event[2])
        return
    _, _, offset, data = event
    if chance is None or chance.random() < 0.5:
        _write(content, offset, data)
        return
    for start in range(0, len(data), SECTOR):
        if chance.random() < 0.5:
            _write(content, offset + start, data[start : start + SECTOR])


def _write(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _truncate(content: bytearray, size: int) -> None:
    del content[size:]
    content.extend(bytes(size - len(content)))
