"""A base of the starter contract, and the shell run in the process of the tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from qpvdesk import cli
from qpvdesk.services import bases

Run = Callable[..., str]


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base of the starter contract that no test changes."""
    path = tmp_path_factory.mktemp("coquille") / "depart.db"
    bases.create(path, "lens-lievin", now=datetime(2026, 11, 28, 9).astimezone())
    return path


@pytest.fixture
def base(starter: Path, tmp_path: Path) -> Path:
    """A copy that the test may change."""
    path = tmp_path / "base.db"
    path.write_bytes(starter.read_bytes())
    return path


@pytest.fixture
def run(base: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command that must be done, on the base; return what it printed."""

    def run(*words: str) -> str:
        status = cli.run([*words, "--base", str(base)])
        printed = capsys.readouterr()
        assert status == 0, printed.err
        return printed.out

    return run


@pytest.fixture
def refused(base: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command that must be refused with status 1, one sentence, and a base left as it was; return the sentence."""

    def refused(*words: str) -> str:
        before = base.read_bytes()
        own = () if "--base" in words else ("--base", str(base))
        assert cli.run([*words, *own]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert len(printed.err.strip().splitlines()) == 1
        assert base.read_bytes() == before
        return printed.err

    return refused


@pytest.fixture
def document(run: Run) -> Callable[..., Any]:
    """Run a command and return the JSON document that it printed."""
    return lambda *words: json.loads(run(*words, "--format", "json"))
