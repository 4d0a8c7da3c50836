"""A process that tries mutants, one after the other, in a copy of the checkout: `python -m tests.mutants.worker COPY`.

It reads one JSON object a line, `{"module", "code", "tests", "seconds"}`, and answers with one, `{"verdict"}`. What the
tests import from outside is loaded once; each mutant is then tried in a fork: nothing of one is left to the next.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

import pytest

LOADED_ONCE = (
    *("hypothesis", "hypothesis.stateful", "sqlcipher3", "sqlite_utils", "click", "pypdf", "openpyxl"),
    *(
        "reportlab.platypus",
        "pikepdf",
        "docx",
        "pypdfium2",
        "xlsxwriter",
        "PySide6.QtWidgets",
        "pytestqt.plugin",
    ),
)
MEMORY_MAX = 6 * 2**30
"""Bytes that a fork may take: a mutant may never stop growing."""
KILLED, SURVIVED, ENDLESS = "killed", "survived", "endless"


def main(copy: Path) -> int:
    """Answer until the end of the input."""
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    for name in LOADED_ONCE:
        importlib.import_module(name)
    moment = time.time_ns()
    for line in sys.stdin:
        job = json.loads(line)
        module = copy / job["module"]
        original, moment = module.read_bytes(), moment + 2_000_000_000
        try:
            module.write_text(job["code"], encoding="utf-8")
            # A cached module is known by the second of its source: no two mutants share one.
            os.utime(module, ns=(moment, moment))
            verdict = tried(job["tests"], job["seconds"])
        finally:
            module.write_bytes(original)
            moment += 2_000_000_000
            os.utime(module, ns=(moment, moment))
        print(json.dumps({"verdict": verdict}), flush=True)
    return 0


def tried(tests: list[str], seconds: float) -> str:
    """Run tests in a fork until one fails, or for so many seconds, and return the verdict."""
    child = os.fork()
    if child == 0:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(silence, stream)
        status = 3
        try:
            status = int(
                pytest.main(
                    ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--no-header", *tests]
                )
            )
        finally:
            os._exit(status)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return SURVIVED if status == 0 else KILLED
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return ENDLESS


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
