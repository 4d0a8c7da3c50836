"""A base whose name is as long as a name can be: what stands beside it, and its backups, bear that name and more."""

from __future__ import annotations

import contextlib
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.services.care.safety import REASONS
from qpvdesk.storage import maintenance, opening, rescue
from qpvdesk.storage.care import backup, resealing, restore, sealing, travel
from qpvdesk.storage.refusals import NAME_BYTES_MAX, check_name
from tests.helpers.keys import forget
from tests.unit.storage import samples

NOW = datetime(2026, 6, 30, 12)


def named(folder: Path, length: int) -> Path:
    return folder / f"{'é' * ((length - 3) // 2)}{'a' * ((length - 3) % 2)}.db"


def longest(folder: Path) -> Path:
    """Return the longest name that a base may have in a folder: SQLite bounds the whole path as well."""
    for length in range(NAME_BYTES_MAX, 3, -1):
        with contextlib.suppress(UserError):
            check_name(path := named(folder, length), new=True)
            return path
    raise AssertionError("none")


@pytest.mark.parametrize("deep", [0, 60, 200])
def test_the_longest_name_of_a_base_leaves_room_for_all_that_bears_it(deep: int, tmp_path: Path) -> None:
    folder = tmp_path / ("d" * deep)
    folder.mkdir(exist_ok=True)
    path = longest(folder)
    samples.new_base(path).close()
    for reason in REASONS:
        for _ in range(2):
            last = backup.make(path, now=NOW, reason=reason)
    restore.restore(path, last.path, now=NOW)
    rescue.repair(path, now=samples.NOON)
    copy = travel.take(path, folder)
    backup.make(copy, now=NOW, reason="restauration")
    for base in (path, copy):
        assert resealing.reseal(base, sealing.fresh_key("quatre mots sans rapport")).left == ()
        with opening.open_base(base) as opened:
            assert maintenance.check(opened) == []
    forget()


def test_a_longer_one_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="est trop long") as refused:
        opening.create(named(tmp_path, NAME_BYTES_MAX + 1))
    assert "moins de cent lettres" in refused.value.remedy
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("length", [240, 244, 250, 255])
def test_a_base_that_was_renamed_so_says_what_to_do(tmp_path: Path, length: int) -> None:
    samples.new_base(tmp_path / "base.db").close()
    path = named(tmp_path, length)
    shutil.move(tmp_path / "base.db", path)
    for work in (_back_up, _reseal):
        with pytest.raises(UserError) as refused:
            work(path)
        assert "nom" in refused.value.remedy
    forget()
    shutil.move(path, tmp_path / "base.db")
    with opening.open_base(tmp_path / "base.db") as base:
        assert maintenance.check(base) == []


def _back_up(path: Path) -> None:
    with opening.open_base(path) as base:
        maintenance.backup(base)


def _reseal(path: Path) -> None:
    resealing.reseal(path, sealing.fresh_key("quatre mots sans rapport"))
