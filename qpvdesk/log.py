"""The technical log: what went wrong and where in the program, never what was typed nor whose machine it is.

It can be joined to a request for help as it is. A message is kept only where the program wrote it; what was put into it
is not, numbers apart. An exception keeps its kind and its places in the code, not its words: those quote values.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import re
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path, PurePath

NAME = "qpvdesk.log"
CRASHES = "arret.log"
SIZE, COUNT = 500_000, 3
"""Bytes of one file, and how many full ones are kept beside it."""

_OURS = "qpvdesk"
_PACKAGES = ("qpvdesk", "site-packages", "dist-packages")
_QUOTED_PATH = re.compile(r'File "([^"]*)"')


class Discreet(logging.Formatter):
    """Writes one record: moment, gravity, where from, what, and for an exception its kinds and places."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record without anything that came from the officer."""
        words = [self.formatTime(record), record.levelname, record.name, self._message(record)]
        lines = [" ".join(words)]
        if record.exc_info and record.exc_info[1] is not None:
            lines += _chain(record.exc_info[1])
        return "\n".join(lines)

    def _message(self, record: logging.LogRecord) -> str:
        if record.name.partition(".")[0] != _OURS:
            # A library may have put anything into its message, before it came here.
            return f"({PurePath(record.pathname).name}:{record.lineno})"
        arguments = record.args if isinstance(record.args, tuple) else (record.args,)
        if record.args and all(isinstance(argument, int | float) for argument in arguments):
            return record.getMessage()
        return record.msg if isinstance(record.msg, str) else type(record.msg).__name__


class _SharedLog(RotatingFileHandler):
    """A log that several programs write: where another holds the file, and Windows lets nobody rename it, it goes on."""

    def doRollover(self) -> None:  # noqa: N802
        with contextlib.suppress(OSError):
            super().doRollover()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """A log that a full disk refuses is no news to whoever asked for something else, and in English."""
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)


def handler(folder: Path) -> RotatingFileHandler:
    """Return what writes the log in a folder, which is made. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    log = _SharedLog(
        folder / NAME, maxBytes=SIZE, backupCount=COUNT, encoding="utf-8", delay=True, errors="replace"
    )
    log.setFormatter(Discreet())
    return log


def place(path: str) -> str:
    """Return a file of the program as every machine knows it: without the folders of this one."""
    parts = re.split(r"[\\/]", path)
    for package in _PACKAGES:
        if package in parts[:-1]:
            at = len(parts) - 1 - parts[::-1].index(package)
            return "/".join(parts[at if package == _OURS else at + 1 :])
    return parts[-1]


def shortened(text: str) -> str:
    """Return what `faulthandler` wrote, with each file named as `place` does."""
    return _QUOTED_PATH.sub(lambda found: f'File "{place(found[1])}"', text)


def _chain(error: BaseException) -> list[str]:
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(f"  {type(current).__module__}.{type(current).__qualname__}{_code(current)}")
        lines += [
            f"    {place(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        current = current.__cause__ or current.__context__
    return lines


def _code(error: BaseException) -> str:
    """Return the number a system or a base gives to an error; it says much and holds nothing of anybody's."""
    if isinstance(error, OSError) and error.errno is not None:
        return f" [{errno.errorcode.get(error.errno, error.errno)}]"
    name = getattr(error, "sqlite_errorname", "")
    return f" [{name}]" if name else ""
