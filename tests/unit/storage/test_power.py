"""What the simulated power cuts found, each by itself."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import opening
from qpvdesk.storage.connection import journal_of
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
