"""Faults that the bench must see: each spoils the program in this process, and names the row that catches it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from qpvdesk import durable
from qpvdesk.storage import connection, lock, opening
from qpvdesk.storage.care import backup, restore
from qpvdesk.storage.exchange import merging
from qpvdesk.storage.unit import Unit

VARIABLE = "QPVDESK_PLANTED_FAULT"
"""Names the fault that a worker plants in itself."""


class Spoiling(NamedTuple):
    """An attribute, and what makes the spoiled one of the sound one."""

    owner: Any
    name: str
    spoiled: Callable[[Any], Any]


def _nothing(_sound: Any) -> Callable[..., None]:
    return lambda *_, **__: None


def _careless(sound: Callable[..., None]) -> Callable[..., None]:
    def prepare(base: Any, *, read_only: bool) -> None:
        sound(base, read_only=read_only)
        if not read_only:
            base.execute("PRAGMA synchronous = OFF")

    return prepare


def _rename_first(_sound: Any) -> Callable[[Path, Path], None]:
    def place(made: Path, target: Path) -> None:
        durable._rename(made, target)
        durable.flush(target)

    return place


def _sign_last(sound: Callable[..., None]) -> Callable[[Path, Path], None]:
    """The backup bears its name before its fingerprint is there."""

    def sign(copy: Path, target: Path) -> None:
        content = copy.read_bytes()
        durable.write(target, content)
        sound(target, target)

    return sign


def _commit_before(sound: Callable[..., Any]) -> Callable[..., Any]:
    def late(self: Any, *arguments: Any) -> Any:
        base = self._connection
        base.set_authorizer(None)
        base.execute("COMMIT")
        base.execute("BEGIN IMMEDIATE")
        base.execute("PRAGMA defer_foreign_keys = ON")
        return sound(self, *arguments)

    return late


def _journal_later(sound: Callable[..., None]) -> Callable[..., None]:
    """The rows are kept before the journal says so."""

    def finish(self: Any, sign: Any) -> None:
        base, act = self._connection, self._link.number
        base.set_authorizer(None)
        base.execute("PRAGMA defer_foreign_keys = ON")
        rows = base.execute("SELECT * FROM operation WHERE act = ?", (act,)).fetchall()
        base.execute("DELETE FROM operation WHERE act = ?", (act,))
        base.execute("COMMIT")
        base.execute("BEGIN IMMEDIATE")
        for row in rows:
            base.execute(f"INSERT INTO operation VALUES ({', '.join('?' * len(row))})", row)
        sound(self, sign)

    return finish


class _Kept(type(Path())):  # type: ignore[misc]
    """A path whose file is not removed."""

    def unlink(self, missing_ok: bool = False) -> None:  # noqa: ARG002
        return


def _left_journal(_sound: Any) -> Callable[..., Any]:
    return lambda path: _Kept(path.parent / (path.name + "-journal"))


FAULTS: dict[str, tuple[Spoiling, ...]] = {
    "no flush anywhere": (
        Spoiling(durable, "_flush", _nothing),
        Spoiling(durable, "flush", _nothing),
    ),
    "hot journal left at restore": (Spoiling(restore, "journal_of", _left_journal),),
    "a lock that never locks": (Spoiling(lock, "_lock", lambda _: lambda _file: True),),
    "synchronous OFF": (
        Spoiling(connection, "prepare", _careless),
        Spoiling(opening, "prepare", _careless),
    ),
    "journal after commit": (Spoiling(Unit, "finish", _journal_later),),
    "backup before its fingerprint": (Spoiling(backup, "sign", _sign_last),),
    "merge in two transactions": (Spoiling(merging.Merger, "_project", _commit_before),),
    "rename before flush": (Spoiling(durable, "place", _rename_first),),
}


@contextlib.contextmanager
def planted(name: str) -> Iterator[None]:
    """Spoil the program inside the block."""
    sound = [(one, getattr(one.owner, one.name)) for one in FAULTS[name]]
    for one, function in sound:
        setattr(one.owner, one.name, one.spoiled(function))
    try:
        yield
    finally:
        for one, function in sound:
            setattr(one.owner, one.name, function)
