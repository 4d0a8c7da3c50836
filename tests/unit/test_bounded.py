"""The reading process: bounded, told when it hangs or dies, stopped when it is no longer wanted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qpvdesk import bounded
from qpvdesk.domain.errors import UserError

HANGS = "import signal; signal.pause()"


def _runs(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(bounded, "command", lambda _flag, _path: [sys.executable, "-c", code])


def test_a_reader_that_hangs_is_stopped_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _runs(monkeypatch, HANGS)
    with pytest.raises(UserError, match="trop de temps"):
        bounded.ask(bounded.BOOK, tmp_path / "retour.xlsx", seconds=0.5)


def test_a_reader_that_is_no_longer_wanted_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _runs(monkeypatch, HANGS)
    with pytest.raises(UserError, match="a été arrêtée"):
        bounded.ask(bounded.BOOK, tmp_path / "retour.xlsx", cancelled=lambda: True)


@pytest.mark.parametrize(
    "code", ["import os; os.abort()", "import os; os._exit(9)", "pass", "bytearray(10**12)"]
)
def test_a_reader_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    _runs(monkeypatch, code)
    with pytest.raises(UserError, match="s’est arrêtée") as told:
        bounded.ask(bounded.PAGES, tmp_path / "annexes.pdf")
    assert told.value.remedy


def test_a_frozen_bundle_reads_with_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert bounded.command(bounded.BOOK, Path("f.xlsx")) == [sys.executable, "--lire-classeur", "f.xlsx"]
