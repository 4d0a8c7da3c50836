"""The file work of the suite on a system that is not this one (`other_system/sitecustomize.py`), under a path of more than
260 characters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SYSTEM = Path(__file__).parent / "other_system"
FILES = (
    "tests/unit/test_durable.py", "tests/unit/storage/test_lock.py", "tests/unit/storage/test_backup.py",
    "tests/unit/storage/test_restore.py", "tests/unit/storage/test_travel.py", "tests/unit/services/test_settings.py",
    "tests/unit/services/test_colleagues.py",
)  # fmt: skip
NOT_THERE = "not on_macos and not names_of_its_folder"
"""There a folder is not flushed, and no disk is asked as on macOS."""
LONG = 261

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="reads which files are open in /proc"
)


def in_it(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": f"{SYSTEM}{os.pathsep}{ROOT}"},
        capture_output=True, text=True, timeout=900,
    )  # fmt: skip


def test_the_system_is_another_one(tmp_path: Path) -> None:
    code = (
        "import sys, os; from pathlib import Path; from qpvdesk import durable; from qpvdesk.storage import lock\n"
        "place = Path(sys.argv[1]); held = open(place / 'a.txt', 'w')\n"
        "def refused(act):\n"
        "    try: act()\n"
        "    except OSError as error: return getattr(error, 'winerror', error.errno)\n"
        "print(durable.os.name, os.name, hasattr(lock, 'fcntl'),\n"
        "      refused(lambda: os.replace(place / 'a.txt', place / 'b.txt')),\n"
        "      refused(lambda: open(place / 'nul.pdf', 'w')), refused(lambda: open(place / 'a:b', 'w')))\n"
        "first = lock.acquire(place / 'x.db')\n"
        "try: lock.acquire(place / 'x.db')\n"
        "except lock.AlreadyOpenError: print('held')\n"
        "import resource"
    )
    said = in_it("-c", code, str(tmp_path))
    assert said.stdout == "nt posix False 32 22 22\nheld\n"
    assert "ModuleNotFoundError: import of resource halted" in said.stderr


def test_what_is_done_with_files_is_done_there_too(tmp_path: Path) -> None:
    deep = tmp_path
    while len(str(deep)) <= LONG:
        deep /= "Dossier d’un agent de l’État à la préfecture"
    deep.mkdir(parents=True)
    ran = in_it(
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--basetemp={deep / 'essais'}",
        "-k",
        NOT_THERE,
        *FILES,
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
