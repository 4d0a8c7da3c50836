"""The automatic backup of the desk: after a while, not before, and never at the cost of an entry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.services.care import keeping
from qpvdesk.services.desk import Desk
from qpvdesk.storage import maintenance, opening
from qpvdesk.storage.care import backup
from tests.unit.storage import samples

START = datetime(2026, 3, 12, 12, tzinfo=UTC)


class Hand:
    """A clock set by hand."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment


def test_a_backup_is_made_each_half_hour_of_entries_and_holds_them(tmp_path: Path) -> None:
    path, clock = tmp_path / "base.db", Hand()
    samples.new_base(path).close()
    desk = Desk(opening.open_base(path, clock=clock), today=lambda: START.date())
    made = []
    for minutes in (0, 29, 30, 31, 59, 60, 200):
        clock.moment = START + timedelta(minutes=minutes)
        made.append(keeping.keep_safe(desk))
    desk.close()
    assert made == [True, False, True, False, False, True, True]
    held = backup.backups(path)
    assert len(held) == 4
    assert all(backup.verify(one.path) for one in held)


def test_a_clock_set_back_does_not_stop_the_backups_for_long(tmp_path: Path) -> None:
    path, clock = tmp_path / "base.db", Hand()
    samples.new_base(path).close()
    desk = Desk(opening.open_base(path, clock=clock), today=lambda: START.date())
    assert keeping.keep_safe(desk)
    clock.moment = START - timedelta(days=400)
    assert keeping.keep_safe(desk)
    desk.close()


def test_where_no_backup_can_be_written_it_is_said_and_the_base_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "base.db"
    samples.new_base(path).close()
    # A file where the folder should be: as good as a disk that refuses, whoever runs the test.
    backup.folder_of(path).write_text("")
    with opening.open_base(path) as base:
        desk = Desk(base, today=lambda: START.date())
        with pytest.raises(UserError, match="n’a pas pu être écrite"):
            keeping.keep_safe(desk)
        with base.unit("Relevé") as unit:
            unit.put(
                samples.MEASUREMENT.__class__("k1", "obj1", "fr", samples.DAY, samples.MEASUREMENT.value)
            )
        assert maintenance.check(base) == []
