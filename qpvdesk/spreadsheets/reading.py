"""Reading a file that came from elsewhere, in a process of its own that cannot harm this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from qpvdesk.domain.errors import UserError
from qpvdesk.spreadsheets.book import ReadBook, from_json
from qpvdesk.spreadsheets.limits import refused
from qpvdesk.spreadsheets.worker import FLAG, SECONDS

_MAX_ANSWER = 400_000_000


def command(path: Path) -> list[str]:
    """Return the command that starts the reading process, from a checkout, a wheel or a frozen bundle."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG, str(path)]
    return [sys.executable, "-m", "qpvdesk", FLAG, str(path)]


def read(path: Path, *, seconds: float = SECONDS) -> ReadBook:
    """Read a spreadsheet. Raises `UserError` for what is refused, and where the reader hung or died."""
    with tempfile.TemporaryFile() as out:
        try:
            # `run` kills the process when the time is over.
            done = subprocess.run(
                command(path.absolute()), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL,
                timeout=seconds, check=False, env=_environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise refused(
                f"La lecture de «\u202f{path.name}\u202f» a pris trop de temps et a été arrêtée.",
                "Gardez les seules lignes utiles, ou enregistrez le fichier à nouveau.",
            ) from error
        out.seek(0, os.SEEK_END)
        size = out.tell()
        out.seek(0)
        if done.returncode != 0 or not 0 < size < _MAX_ANSWER:
            raise refused(
                f"La lecture de «\u202f{path.name}\u202f» s’est arrêtée\u202f: le fichier est abîmé ou démesuré.",
                "Ouvrez-le dans un tableur et enregistrez-le à nouveau.",
            )
        document = json.load(out)
    if "erreur" in document:
        sentence, remedy = document["erreur"]
        raise UserError(sentence, remedy)
    return from_json(document["livre"])


def _environment() -> dict[str, str]:
    """Return an environment where the process finds this very package."""
    found = str(Path(__file__).parents[2])
    inherited = os.environ.get("PYTHONPATH")
    return os.environ | {"PYTHONPATH": os.pathsep.join([found, inherited] if inherited else [found])}
