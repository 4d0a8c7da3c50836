"""Offline means offline: the interpreter itself is asked whether a socket was ever touched."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.helpers.process import ROOT

WATCHED = """
import json, sys
touched = []
sys.addaudithook(lambda event, args: touched.append(event) if event.startswith(("socket.", "urllib.")) else None)
from qpvdesk.__main__ import main
statuses = [main(words) for words in json.loads(sys.argv[1])]
print(json.dumps({"statuses": statuses, "touched": touched}))
"""


def watched(*commands: list[str]) -> dict[str, list[object]]:
    """Run the commands in one process and return their statuses and the socket events it saw."""
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED, json.dumps(commands)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
        check=True,
    )
    seen: dict[str, list[object]] = json.loads(ran.stdout.splitlines()[-1])
    return seen


def test_no_command_touches_a_socket(tmp_path: Path) -> None:
    base, paper = str(tmp_path / "b.db"), str(tmp_path / "f.pdf")
    seen = watched(
        ["init", "--base", base],
        ["relever", "BPI-O01", "27", "--base", base, "--date", "30/06/2025"],
        ["etat", "--base", base, "--format", "json"],
        ["rapport", "--base", base, "--sortie", paper],
        ["verifier", "--base", base],
        ["journal", "--base", base],
    )
    assert seen == {"statuses": [0] * 6, "touched": []}


def test_the_watch_sees_a_socket() -> None:
    code = WATCHED.replace(
        "from qpvdesk.__main__ import main", "import socket; socket.socket().close(); main = len"
    )
    ran = subprocess.run([sys.executable, "-c", code, "[]"], capture_output=True, text=True, check=True)
    assert "socket.__new__" in json.loads(ran.stdout)["touched"]
