"""In a process of its own: run acts through a VFS that notes each write, truncation and sync, in order.

The acts come as the very statements the program ran, and the pragmas from the program's own `prepare`. Only APSW
opens a file here: two SQLite libraries in one process break each other's locks.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import apsw

from qpvdesk.storage.connection import prepare

Event = tuple[Any, ...]


class Disk(apsw.VFS):
    def __init__(self, events: list[Event]) -> None:
        self.events = events
        super().__init__("recording", "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 (SQLite's name)
        return File(self.events, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        self.events.append(("delete", Path(name).name, sync))
        super().xDelete(name, sync)


class File(apsw.VFSFile):
    def __init__(self, events: list[Event], name: Any, flags: list[int]) -> None:
        self.events = events
        self.called = Path(name if isinstance(name, str) else name.filename()).name if name else "temporary"
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.events.append(("write", self.called, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self.events.append(("truncate", self.called, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self.events.append(("sync", self.called))


def main(base: str, statements: str, out: str) -> None:
    events: list[Event] = []
    disk = Disk(events)
    connection = apsw.Connection(base, flags=apsw.SQLITE_OPEN_READWRITE, vfs="recording")
    prepare(connection, read_only=False)  # type: ignore[arg-type]
    if len(sys.argv) > 4:
        connection.execute(f"PRAGMA synchronous = {sys.argv[4]}")
    number = 0
    for statement in pickle.loads(Path(statements).read_bytes()):
        connection.execute(statement)
        if statement == "COMMIT":
            number += 1
            events.append(("kept", number))
    connection.close()
    # SQLite knows the VFS for as long as it is referred to.
    del disk
    Path(out).write_bytes(pickle.dumps(events))


if __name__ == "__main__":
    main(*sys.argv[1:4])
