"""What lies in clear is removed whole, its fingerprint too; what cannot be is named."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from qpvdesk.services.care import leftovers
from qpvdesk.storage.care import backup


def test_a_copy_goes_with_its_fingerprint_or_is_told_where_it_stays(tmp_path: Path) -> None:
    with_print, without, folder = tmp_path / "a.db", tmp_path / "b.db", tmp_path / "c.db"
    for path in (with_print, without, backup.fingerprint_of(with_print)):
        path.write_bytes(b"clair")
    folder.mkdir()
    assert leftovers.remove([with_print, without, folder]) == (folder,)
    assert list(tmp_path.iterdir()) == [folder]


def test_the_scratch_of_a_program_that_is_gone_goes_that_of_one_that_runs_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    running, gone, odd = (
        tmp_path / f"{leftovers.PREFIX}{name}-x" for name in (str(os.getpid()), "999999999", "moi")
    )
    for folder in (running, gone, odd, tmp_path / "autre"):
        folder.mkdir()
        (folder / "en clair.pdf").touch()
    with leftovers.scratch() as made:
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
            [running.name, "autre", Path(made).name]
        )
