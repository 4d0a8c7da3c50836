"""What a crash leaves behind, and what reaches the disk itself, on every system."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from qpvdesk import log
from qpvdesk.storage.connection import prepared
from tests.helpers.process import ROOT
from tests.unit.storage import samples


def test_a_crash_is_kept_in_a_file_where_there_is_a_console_too(tmp_path: Path) -> None:
    code = (
        "import faulthandler; from qpvdesk import __main__; __main__._keep_a_log(); faulthandler._sigabrt()"
    )
    died = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"QPVDESK_DOSSIER": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert died.returncode != 0
    kept = (tmp_path / "journaux" / log.CRASHES).read_text(encoding="utf-8")
    assert "Fatal Python error: Aborted" in kept
    assert "Fatal Python error" not in died.stderr


def test_on_macos_every_connection_that_writes_empties_the_cache_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples.new_base(tmp_path / "base.db").close()
    monkeypatch.setattr(sys, "platform", "darwin")
    with contextlib.closing(prepared(tmp_path / "base.db", "rw")) as connection:
        asked = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("fullfsync", "synchronous")
        }
    # A flush stops at the cache of the disk without the first; 3 is EXTRA.
    assert asked == {"fullfsync": 1, "synchronous": 3}


def test_each_grave_fault_of_the_review_has_a_test_that_is_there() -> None:
    told = (ROOT / "tests" / "faults" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", told)
    assert len(named) > 30
    for path, name in named:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), name
    rows = " ".join(line.split("·")[0] for line in told.splitlines() if line.startswith("| "))
    wanted = {*map(str, range(1, 15)), *(f"W{number}" for number in range(1, 16))}
    assert wanted <= set(re.findall(r"\bW?\d+\b", rows))
