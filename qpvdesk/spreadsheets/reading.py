"""Reading a file that came from elsewhere, in a process of its own that cannot harm this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from qpvdesk.domain.errors import UserError
from qpvdesk.spreadsheets.book import ReadBook, from_json
from qpvdesk.spreadsheets.limits import refused
from qpvdesk.spreadsheets.worker import FLAG, SECONDS

_MAX_ANSWER = 400_000_000
_GLANCE = 0.2
"""Seconds between two looks at whether the reading is still wanted."""


def command(path: Path) -> list[str]:
    """Return the command that starts the reading process, from a checkout, a wheel or a frozen bundle."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG, str(path)]
    return [sys.executable, "-m", "qpvdesk", FLAG, str(path)]


def read(path: Path, *, seconds: float = SECONDS, cancelled: Callable[[], bool] = lambda: False) -> ReadBook:
    """Read a spreadsheet. Raises `UserError` for what is refused, and where the reader hung, died or was stopped."""
    with tempfile.TemporaryFile() as out:
        status = _run(path, out, seconds, cancelled)
        out.seek(0, os.SEEK_END)
        size = out.tell()
        out.seek(0)
        if status != 0 or not 0 < size < _MAX_ANSWER:
            raise refused(
                f"La lecture de «\u202f{path.name}\u202f» s’est arrêtée\u202f: le fichier est abîmé ou démesuré.",
                "Ouvrez-le dans un tableur et enregistrez-le à nouveau.",
            )
        document = json.load(out)
    if "erreur" in document:
        sentence, remedy = document["erreur"]
        raise UserError(sentence, remedy)
    return from_json(document["livre"])


def _run(path: Path, out: IO[bytes], seconds: float, cancelled: Callable[[], bool]) -> int:
    """Run the reading process to its end, or kill it, and return its status."""
    process = subprocess.Popen(
        command(path.absolute()), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL, env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )  # fmt: skip
    last = time.monotonic() + seconds
    try:
        while True:
            try:
                return process.wait(min(_GLANCE, seconds))
            except subprocess.TimeoutExpired:
                pass
            if cancelled():
                raise refused(
                    f"La lecture de «\u202f{path.name}\u202f» a été arrêtée.", "Choisissez un fichier."
                )
            if time.monotonic() > last:
                raise refused(
                    f"La lecture de «\u202f{path.name}\u202f» a pris trop de temps et a été arrêtée.",
                    "Gardez les seules lignes utiles, ou enregistrez le fichier à nouveau.",
                )
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _environment() -> dict[str, str]:
    """Return an environment where the process finds this very package."""
    found = str(Path(__file__).parents[2])
    inherited = os.environ.get("PYTHONPATH")
    return os.environ | {"PYTHONPATH": os.pathsep.join([found, inherited] if inherited else [found])}
