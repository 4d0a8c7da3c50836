"""What is printed where the console, or the file, is not in UTF-8."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qpvdesk.services import bases

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("console") / "base.db"
    bases.create(path, "lens-lievin", now=None)
    return path


@pytest.mark.parametrize("encoding", ["cp1252", "cp850"])
@pytest.mark.parametrize("command", [["verifier"], ["etat"], ["paquet", "desaccords"], ["absent"]])
def test_a_command_that_is_redirected_says_all_in_french(
    base: Path, encoding: str, command: list[str]
) -> None:
    more = ["--base", str(base)] if command != ["absent"] else []
    done = subprocess.run(
        [sys.executable, "-m", "qpvdesk", *command, *more],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True,
        timeout=60,
    )
    said = (done.stdout + done.stderr).decode("utf-8")
    assert "Traceback" not in said
    assert "UnicodeEncodeError" not in said
    assert done.returncode == (2 if command == ["absent"] else 0)
