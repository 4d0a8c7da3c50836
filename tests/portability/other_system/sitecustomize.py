"""Another system, as far as this one can play it: put this folder on `PYTHONPATH`, every process started is in it.

No `fcntl`, no `resource`; locks by `msvcrt`; a file that this process has open is neither replaced, renamed nor removed;
a new file is held for 300 ms by somebody else, now and then; names that Windows refuses are refused.
"""

from __future__ import annotations

import fcntl as _really
import importlib.abc
import importlib.machinery
import os
import re
import sys
import time
import types
from collections.abc import Sequence
from typing import Any

# It has ways of its own on each system, and asks this one for `resource`.
import psutil  # noqa: F401

_HELD_SECONDS, _HELD_EVERY = 0.3, 25
_REFUSED_NAME = re.compile(r"(?i:(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?)|.*[<>:\"|?*\\\x00-\x1f].*|.*[. ]")
_OURS = ("qpvdesk.storage.lock", "qpvdesk.durable")
_first_tries: dict[str, float] = {}
_seen = 0


def _locking(number: int, _mode: int, _count: int) -> None:
    # Held by one opening of the file, not by the process.
    _really.flock(number, _really.LOCK_EX | _really.LOCK_NB)


class _Nt(types.ModuleType):
    """The module `os` of another system."""

    name = "nt"

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module as it would be there."""

    def exec_module(self, module: types.ModuleType) -> None:
        there = {"msvcrt": types.ModuleType("msvcrt"), "os": _Nt("os")}
        vars(there["msvcrt"]).update(LK_NBLCK=2, locking=_locking)
        # `subprocess` takes a system with `msvcrt` for Windows: it is there for this module alone.
        before = {name: sys.modules.get(name) for name in there}
        sys.modules.update(there)
        try:
            super().exec_module(module)
        finally:
            for name, held in before.items():
                if held is None:
                    del sys.modules[name]
                else:
                    sys.modules[name] = held


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in _OURS:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(name, spec.origin)
        return spec


def _is_open_here(path: str) -> bool:
    for number in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{number}") == path:
                return True
        except OSError:
            continue
    return False


def _refuse(code: int, path: str) -> None:
    error = PermissionError(13, "sharing violation", path)
    error.winerror = code  # type: ignore[attr-defined]
    raise error


def _hold_for_a_while(source: str, target: str) -> None:
    """Let an antivirus look at one new file in so many before it may take its place."""
    global _seen
    if not source.endswith(".qpvdesk-part"):
        return
    if source not in _first_tries:
        _seen += 1
        _first_tries[source] = time.monotonic() if _seen % _HELD_EVERY == 1 else 0.0
    if time.monotonic() - _first_tries[source] < _HELD_SECONDS:
        _refuse(32, target)


def _watch(event: str, given: tuple[Any, ...]) -> None:
    if event == "open" and isinstance(given[0], str) and isinstance(given[2], int) and given[2] & os.O_CREAT:
        name = os.path.basename(given[0])
        if _REFUSED_NAME.fullmatch(name) and (
            given[0].startswith("/dev/shm/") or not given[0].startswith("/dev/")
        ):
            raise OSError(22, "Invalid argument", given[0])
    elif event in ("os.rename", "os.remove"):
        paths = [os.path.abspath(os.fspath(one)) for one in given[:2] if isinstance(one, (str, os.PathLike))]
        for path in paths:
            if _is_open_here(path):
                _refuse(32, path)
        if event == "os.rename":
            _hold_for_a_while(*paths)


sys.modules["fcntl"] = sys.modules["resource"] = None  # type: ignore[assignment]
sys.meta_path.insert(0, _Finder())
sys.addaudithook(_watch)
