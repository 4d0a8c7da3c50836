"""A disk that fills while a paper is written: no part of it stays, and the one before is whole."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.services import printing
from tests.helpers.reviews import invented_review

resource = pytest.importorskip("resource")
BEFORE = b"le papier d'avant"
WANTED = {"partenaire": {"partner": "ARS"}, "territoire": {"territory": "D62"}}


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file grows beyond `size` bytes: the system itself refuses, as it does where the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def write(model: str, path: Path) -> None:
    picture = invented_review()
    printing.write_report(printing.Request(model, **WANTED.get(model, {})), picture, path)


@pytest.mark.parametrize("form", ["pdf", "docx", "zip"])
@pytest.mark.parametrize("model", printing.MODELS)
def test_a_file_that_cannot_grow_leaves_the_old_one(model: str, form: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{form}"
    write(model, path)
    needed = path.stat().st_size
    path.write_bytes(BEFORE)
    for size in (0, needed // 2, needed - 1):
        with room_for(size), pytest.raises(UserError) as caught:
            write(model, path)
        assert "ne peut pas être écrit" in str(caught.value)
        assert path.read_bytes() == BEFORE
        assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"le disque est plein.*Libérez de la place"):
        write("mensuel", tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []
