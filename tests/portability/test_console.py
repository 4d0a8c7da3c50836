"""What is printed where the console, or the file, is not in UTF-8: by every command."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qpvdesk.cli.table import COMMANDS
from qpvdesk.services import bases

ROOT = Path(__file__).parents[2]

_EACH = """
import io, json, sys
from qpvdesk import __main__, cli

class Console(io.TextIOWrapper):
    def isatty(self):
        return encoding.endswith("tty")

encoding, lines = json.loads(sys.stdin.read())
told = []
for words in lines:
    for name in ("stdout", "stderr"):
        setattr(sys, name, Console(io.BytesIO(), encoding=encoding.removesuffix("tty")))
    __main__._speak_french()
    status = cli.run(words)
    said = ""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        said += stream.buffer.getvalue().decode(stream.encoding)
    told.append((words, status, said))
sys.__stdout__.buffer.write(json.dumps(told).encode())
"""
"""Runs each command line in one process, whose standard streams are those of another system."""

DONE = (
    ["etat"], ["etat", "--format", "json"], ["verifier"], ["contrats"], ["reunions"], ["journal"], ["chercher", "bus"],
    ["horloge"], ["retenus"], ["relever", "BPI-O01", "30", "--date", "30/06/2026"], ["annuler"], ["refaire"],
    ["engagement", "lister"], ["sauvegarder"], ["paquet", "desaccords"], ["paquet", "empreinte"],
)  # fmt: skip
"""What is done on a base, and prints it."""


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "cp850tty"])
def test_every_command_says_all_in_french(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "base.db"
    bases.create(path, "lens-lievin", now=None)
    helped = [[word, "--help"] for word in COMMANDS]
    # Nothing given, or nothing that is there: a usage, or what is lacking.
    refused = [[word, "--absente"] for word in COMMANDS] + [["absent"]]
    lines = [*helped, *refused, *([*words, "--base", str(path)] for words in DONE)]
    done = subprocess.run(
        [sys.executable, "-c", _EACH],
        cwd=ROOT,
        env=os.environ | {"QPVDESK_DOSSIER": str(tmp_path / "dossier"), "PYTHONUTF8": "0"},
        input=json.dumps([encoding, lines]).encode(),
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    told = json.loads(done.stdout)
    assert len(told) == len(lines)
    for words, status, said in told:
        expected = 2 if words in refused else 0
        assert status == expected, (words, said)
        assert said
        assert "Traceback" not in said
        # Where a file takes it, each sign is kept; a console shows « ? » for what it cannot.
        assert encoding.endswith("tty") or "?" not in said.replace("\u202f?", ""), (words, said)


@pytest.mark.skipif(sys.platform == "win32", reason="a console of this kind is a Unix one")
def test_a_text_from_elsewhere_commands_no_console(tmp_path: Path) -> None:
    """A title, a colour, an erased line, a text that runs backwards: signs alone, or nothing."""
    import pty

    try:
        ours, theirs = pty.openpty()
    except OSError as error:
        pytest.skip(f"this system lends no console: {error}")
    base = tmp_path / "base.db"
    bases.create(base, "lens-lievin", now=None)
    label = "\x1b]0;pwn\x07\x1b[31mROUGE\x1b[2K\r\u202eexe"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "qpvdesk",
            "engagement",
            "modifier",
            "ARS-E01",
            "--libelle",
            label,
            "--base",
            base,
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=300,
    )
    with subprocess.Popen(
        [sys.executable, "-m", "qpvdesk", "engagement", "lister", "--base", str(base)],
        cwd=ROOT,
        stdout=theirs,
    ) as process:
        os.close(theirs)
        said = b""
        # The end of a console is an error on Linux, nothing elsewhere.
        with contextlib.suppress(OSError):
            while part := os.read(ours, 65_536):
                said += part
        os.close(ours)
    assert process.returncode == 0
    text = said.decode()
    assert "ROUGE" in text
    assert not set(text.replace("\r\n", "\n")) & set("\x1b\x07\r\u202e")
