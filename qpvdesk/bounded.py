"""A process of its own for what comes from elsewhere: bounded in memory and time, unable to harm this one.

The child (`answer`) prints one JSON object: what was read, or why it was refused. The parent (`ask`) waits for it,
kills it where it hangs or is no longer wanted, and raises what it was told.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from qpvdesk.domain.errors import UserError

MEMORY = 900_000_000
SECONDS = 60
BOOK, PAGES = "--lire-classeur", "--lire-document"
"""The flags of the two reading processes: a table, the text of a document."""
NOTHING = "Rien n’a été importé."
_MAX_ANSWER = 400_000_000
_GLANCE = 0.2
"""Seconds between two looks at whether the reading is still wanted."""


def refused(
    sentence: str, remedy: str = "Demandez à l’expéditeur d’enregistrer le fichier à nouveau."
) -> UserError:
    """Return the error of a file that is not taken in."""
    return UserError(f"{sentence} {NOTHING}", remedy)


def command(flag: str, path: Path) -> list[str]:
    """Return the command that starts a reading process, from a checkout, a wheel or a frozen bundle."""
    if getattr(sys, "frozen", False):
        return [sys.executable, flag, str(path)]
    return [sys.executable, "-m", "qpvdesk", flag, str(path)]


def ask(
    flag: str, path: Path, *, seconds: float = SECONDS, cancelled: Callable[[], bool] = lambda: False
) -> Any:
    """Return what the reading process made of a file, as JSON has it.

    Raises `UserError` for what is refused, and where the reader hung, died or was stopped.
    """
    with tempfile.TemporaryFile() as out:
        status = _run(command(flag, path.absolute()), path, out, seconds, cancelled)
        out.seek(0, os.SEEK_END)
        size = out.tell()
        out.seek(0)
        if status != 0 or not 0 < size < _MAX_ANSWER:
            raise refused(
                f"La lecture de «\u202f{path.name}\u202f» s’est arrêtée\u202f: le fichier est abîmé ou démesuré.",
                "Ouvrez-le dans le logiciel qui l’a fait et enregistrez-le à nouveau.",
            )
        told = json.load(out)
    if "erreur" in told:
        sentence, remedy = told["erreur"]
        raise UserError(sentence, remedy)
    return told["lu"]


def answer(read: Callable[[], object]) -> int:
    """Read within bounds and print what came of it, in the child; the status is 0 for what is refused too."""
    _bound()
    try:
        told: dict[str, object] = {"lu": read()}
    except UserError as error:
        told = {"erreur": [error.message, error.remedy]}
    except MemoryError:
        heavy = refused("Le fichier est trop lourd pour être lu.", "Gardez ce qui est utile.")
        told = {"erreur": [heavy.message, heavy.remedy]}
    sys.stdout.buffer.write(json.dumps(told).encode())
    sys.stdout.buffer.flush()
    return 0


def _bound() -> None:
    """Bound memory and processor time where the system can; elsewhere the parent's clock does it alone."""
    try:
        import resource
    except ImportError:
        return
    for what, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        try:
            resource.setrlimit(what, (limit, limit))
        except (ValueError, OSError):
            continue


def _run(
    started: list[str], path: Path, out: IO[bytes], seconds: float, cancelled: Callable[[], bool]
) -> int:
    """Run the reading process to its end, or kill it, and return its status."""
    process = subprocess.Popen(
        started, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL, env=_environment(),
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
                    "Gardez ce qui est utile, ou enregistrez le fichier à nouveau.",
                )
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _environment() -> dict[str, str]:
    """Return an environment where the process finds this very package."""
    found = str(Path(__file__).parents[1])
    inherited = os.environ.get("PYTHONPATH")
    return os.environ | {"PYTHONPATH": os.pathsep.join([found, inherited] if inherited else [found])}
