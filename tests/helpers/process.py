"""Start the real program, as the officer's machine does."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.helpers import warm

ROOT = Path(__file__).parents[2]


def qpvdesk(
    *arguments: str,
    folder: Path | None = None,
    timeout: float = 300,
    environment: dict[str, str] | None = None,
    cold: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run `python -m qpvdesk` on the arguments and return what it printed and its exit status.

    It is a process of its own, that starts anew where it is to be `cold` (see `warm`).
    """
    variables = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)} | (environment or {})
    command = [sys.executable, "-m", "qpvdesk", *arguments]
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        Path(os.devnull).open("rb") as void,
    ):
        files = (void.fileno(), out.fileno(), err.fileno())
        number = None if cold else warm.start("qpvdesk", arguments, files, variables, folder)
        if number is None:
            return subprocess.run(
                command, executable=sys.executable, capture_output=True, text=True, timeout=timeout, cwd=folder,
                env=variables, check=False,
            )  # fmt: skip
        process = warm.Process(number, command)
        try:
            status = process.wait(timeout)
        finally:
            process.kill()
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode().replace("\r\n", "\n"))
    return subprocess.CompletedProcess(command, status, *said)
