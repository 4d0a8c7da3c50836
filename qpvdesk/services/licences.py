"""The notice of licences, made when the program is built (`build.spec`) or made ready (`make`), and shown."""

from __future__ import annotations

import contextlib
import importlib.metadata as metadata
import re
from collections.abc import Iterator

from qpvdesk import __version__, paths

FILE = "LICENCES.txt"
RULE = "=" * 80
"""Between the list of the parts and the text of each."""

_LISTED = re.compile(r"^- (\S+) (\d\S*)\u202f: ", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def text() -> str:
    """Return the notice; where none was made, the names and the versions alone."""
    shipped = _shipped()
    if shipped:
        return shipped
    parts = "".join(f"- {name} {version}\n" for name, version in versions())
    return (
        f"qpvdesk {__version__} – licences des composants\n\n{parts}\n"
        f"Les textes des licences sont réunis par «\u202fmake\u202f», dans «\u202fresources/{FILE}\u202f».\n"
    )


def versions() -> tuple[tuple[str, str], ...]:
    """Return the name and the version of each part: as the notice says, else of the libraries that are asked for."""
    listed = _LISTED.findall(_shipped().partition(RULE)[0])
    return tuple(listed) or tuple(sorted(_installed()))


def _shipped() -> str:
    try:
        return paths.resource(FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _installed() -> Iterator[tuple[str, str]]:
    for line in metadata.requires("qpvdesk") or ():
        found = _NAME.match(line)
        if found and "extra ==" not in line:
            # Wanted on another system only.
            with contextlib.suppress(metadata.PackageNotFoundError):
                yield found[0], metadata.version(found[0])
