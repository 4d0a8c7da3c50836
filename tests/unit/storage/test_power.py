"""What the simulated power cuts found, each by itself."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import opening, suspicion
from qpvdesk.storage.connection import journal_of
from qpvdesk.storage.engine import sqlite3
from tests.faults import bench, disk, worker


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return bench.starter(tmp_path)


def test_what_an_unfinished_shortening_left_at_the_end_of_a_base_is_no_damage(path: Path) -> None:
    # SQLite shortens a file after the commit, and does not flush that.
    with path.open("ab") as file:
        file.write(bytes(4096))
    with opening.open_base(path) as base:
        worker.put(base, 1)
    with opening.open_base(path) as base:
        assert bench.sound(base)


def test_a_base_whose_making_was_cut_short_is_said_empty(tmp_path: Path) -> None:
    made = tmp_path / "vu"
    made.mkdir()
    with disk.watched(made) as seen:
        opening.create(made / "base.db").close()
    # The base has some of its pages but not its first, and the journal says that it had none.
    first = next(at for at, event in enumerate(seen.events) if event[0] == "write" and len(event[3]) == 4096)
    journal = bytearray()
    for event in seen.events[:first]:
        if event[0] == "write":
            journal[event[2] : event[2] + len(event[3])] = event[3]
    path = tmp_path / "base.db"
    path.write_bytes(bytes(8192))
    journal_of(path).write_bytes(bytes(journal))
    with pytest.raises(opening.BaseMissingError, match="vide"):
        opening.open_base(path)


@pytest.mark.parametrize("after", range(6))
def test_an_act_that_is_refused_is_not_there_and_one_that_is_there_is_not_refused(
    path: Path, after: int
) -> None:
    kept = set()
    with disk.watched(path.parent) as seen, opening.open_base(path) as base:
        seen.refuse("sync", after, disk.IO_SYNC)
        for number in (1, 2):
            with contextlib.suppress(UserError):
                worker.put(base, number)
                kept.add(number)
        seen.allow()
    with opening.open_base(path) as base:
        assert bench.numbers(base) == kept


def _left_half_way(path: Path) -> bytes:
    """Change a base that is at rest, kill that, and return the journal that it leaves."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.execute("UPDATE partner SET name = name || hex(zeroblob(200000))")
        journal = journal_of(path).read_bytes()
        connection.execute("ROLLBACK")
    return journal


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("small", [False, True])
def test_a_base_is_set_aside_as_it_was_before_the_journal_of_another_day(
    path: Path, monkeypatch: pytest.MonkeyPatch, *, read_only: bool, small: bool
) -> None:
    """A folder half synchronised: the journal is of an older state, and the base a mixture once it is rolled back."""
    if not small:
        monkeypatch.setattr(suspicion, "CHECKED_WHOLE_BYTES_MAX", 4096)
    foreign = _left_half_way(path)
    with opening.open_base(path) as base:
        for number in range(60):
            worker.put(base, number)
    whole = path.read_bytes()
    journal_of(path).write_bytes(foreign)
    with pytest.raises(opening.DamagedError) as told:
        opening.open_base(path, read_only=read_only)
    aside = told.value.quarantine
    assert aside is not None
    assert aside.name in told.value.message
    assert path.read_bytes() != whole
    assert aside.read_bytes() == whole
    assert journal_of(aside).read_bytes() == foreign
    assert not suspicion.before_of(path).exists()


def test_what_a_killed_process_left_is_undone_and_nothing_stays_beside(path: Path) -> None:
    journal_of(path).write_bytes(_left_half_way(path))
    whole = path.read_bytes()
    with opening.open_base(path) as base:
        assert bench.sound(base)
    assert path.read_bytes() == whole
    assert not [
        left.name for left in path.parent.iterdir() if left.name.startswith("base.db.") and left.is_file()
    ]


def test_a_recovery_that_was_cut_short_keeps_the_copy_of_before(path: Path) -> None:
    journal_of(path).write_bytes(_left_half_way(path))
    whole = path.read_bytes()
    suspicion.keep_before(path)
    path.write_bytes(whole[:-4096])
    suspicion.keep_before(path)
    assert suspicion.before_of(path).read_bytes() == whole
    assert suspicion.mark_of(path).exists()


def test_a_copy_of_before_that_cannot_be_removed_is_forgotten_at_the_next_opening(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal_of(path).write_bytes(_left_half_way(path))
    before, unlink = suspicion.before_of(path), Path.unlink

    def held(file: Path, missing_ok: bool = False) -> None:
        if file == before:
            raise PermissionError(file)
        unlink(file, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", held)
        opening.open_base(path).close()
    assert before.exists()
    opening.open_base(path).close()
    assert not before.exists()
    assert not suspicion.mark_of(path).exists()


def test_a_base_without_a_journal_is_not_copied(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qpvdesk.durable.copy", lambda *_: pytest.fail("copied"))
    for read_only in (False, True):
        opening.open_base(path, read_only=read_only).close()
    assert not suspicion.mark_of(path).exists()
