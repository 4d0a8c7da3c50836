"""Backups: checked, under a fingerprint, thinned out with time."""

from __future__ import annotations

import os
import random
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import maintenance, opening, readers
from qpvdesk.storage.base import Database
from qpvdesk.storage.care import backup
from tests.unit.storage import samples

NOW = datetime(2026, 6, 30, 12)


def test_a_backup_is_a_whole_base_under_its_fingerprint(base: Database) -> None:
    made = maintenance.backup(base)
    assert backup.verify(made.path)
    assert backup.backups(base.path) == (made,)
    assert made.reason == "manuelle"
    with opening.open_base(made.path, read_only=True) as copy:
        assert copy.dossier("contract1") == base.dossier("contract1")
        assert readers.history(copy) == readers.history(base)
    assert [one.name for one in made.path.parent.iterdir() if "en-cours" in one.name] == []


def test_backups_are_listed_from_the_latest_of_one_moment_by_name(base: Database) -> None:
    made = [
        backup.make(base.path, now=NOW + timedelta(hours=hours), reason=reason)
        for hours, reason in ((1, "manuelle"), (0, "fusion"), (0, "import"), (30, "fusion"))
    ]
    assert backup.backups(base.path) == (made[3], made[0], made[2], made[1])


def test_a_backup_inside_a_unit_is_a_bug_and_does_not_hang(base: Database) -> None:
    with base.unit("Rien"), pytest.raises(RuntimeError):
        maintenance.backup(base)


def test_backups_come_at_most_every_half_hour(base: Database) -> None:
    assert maintenance.backup_if_due(base) is not None
    assert maintenance.backup_if_due(base) is None
    base.clock.moment += timedelta(minutes=30)  # type: ignore[attr-defined]
    assert maintenance.backup_if_due(base) is not None


@pytest.mark.parametrize("elsewhere", [False, True])
def test_each_automatic_backup_thins_those_of_its_folder(
    base: Database, tmp_path: Path, elsewhere: bool
) -> None:
    """Three of one day, and what a killed one left: the last of the three stays, wherever they are made."""
    folder = tmp_path / "disque" if elsewhere else backup.folder_of(base.path)
    now = base.clock().replace(tzinfo=None)
    old = [
        backup.make(base.path, now=now - timedelta(days=9, minutes=minutes), folder=folder)
        for minutes in (2, 1, 0)
    ]
    made = maintenance.backup_into(base, folder) if elsewhere else maintenance.backup_if_due(base)
    assert made is not None
    assert {one.path for one in backup.backups(base.path, folder)} == {old[2].path, made.path}
    assert not any(backup.fingerprint_of(one.path).exists() for one in old[:2])


def test_a_flipped_bit_is_always_seen(base: Database) -> None:
    made = maintenance.backup(base)
    whole = made.path.read_bytes()
    chance = random.Random(2030)
    for _ in range(50):
        place = chance.randrange(len(whole))
        flipped = bytes([whole[place] ^ 1 << chance.randrange(8)])
        made.path.write_bytes(whole[:place] + flipped + whole[place + 1 :])
        assert not backup.verify(made.path)
    made.path.write_bytes(whole)
    assert backup.verify(made.path)
    backup.fingerprint_of(made.path).unlink()
    assert not backup.verify(made.path)


def test_a_folder_that_cannot_be_made_is_said(base: Database, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="n’a pas pu être écrite"):
        maintenance.backup_to(base, tmp_path / "file" / "copy.db")


@pytest.mark.parametrize("end", ["-journal", "-wal", ".verrou", ".a-verifier", ".en-cours"])
def test_no_copy_takes_the_name_of_what_is_removed_from_beside_a_base(
    base: Database, path: Path, end: str
) -> None:
    target = path.parent / (path.name + end)
    held = target.read_bytes() if target.exists() else None
    with pytest.raises(UserError, match="une copie y serait effacée"):
        maintenance.backup_to(base, target)
    assert (target.read_bytes() if target.exists() else None) == held


def test_what_a_killed_backup_left_is_purged_and_the_officers_own_kept(base: Database, path: Path) -> None:
    kept = maintenance.backup(base)
    folder = backup.folder_of(path)
    for name in ("a.db.en-cours", "a.db.en-cours-journal", "gone.db.sha256"):
        (folder / name).touch()
        os.utime(folder / name, (time.time() - 4000,) * 2)
    backup.thin(path, now=kept.made_at + timedelta(days=4000))
    assert sorted(one.name for one in folder.iterdir()) == sorted(
        [kept.path.name, kept.path.name + ".sha256"]
    )


def test_what_another_program_makes_at_this_moment_is_left_to_it(base: Database, path: Path) -> None:
    """The window thins out every half hour, whatever the shell is doing."""
    maintenance.backup(base)
    names = ("a.db.en-cours", "a.db.en-cours-journal", "a.db.sha256")
    for name in names:
        (backup.folder_of(path) / name).touch()
    backup.thin(path, now=NOW)
    assert all((backup.folder_of(path) / name).exists() for name in names)


def test_two_programs_that_back_up_in_one_second_have_each_their_own(
    base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign, others = backup.sign, list[backup.Backup]()

    def sign_after_another(copy: Path, target: Path) -> None:
        if not others:
            others.append(backup.Backup(target, NOW, "", 0))
            others.append(backup.make(base.path, now=NOW))
        sign(copy, target)

    monkeypatch.setattr(backup, "sign", sign_after_another)
    own = backup.make(base.path, now=NOW)
    assert {own.path, others[1].path} == {found.path for found in backup.backups(base.path)}
    assert own.path != others[1].path
    assert backup.verify(own.path)
    assert backup.verify(others[1].path)


def test_a_year_of_backups_is_thinned_to_days_weeks_and_months() -> None:
    moments = [NOW - timedelta(hours=6 * number) for number in range(4 * 400)]
    kept = sorted(set(moments) - backup.superfluous(moments, NOW))
    older = [one for one in kept if NOW - one > timedelta(days=2)]
    assert len({one.date() for one in kept}) <= backup.DAILY + backup.WEEKLY + backup.MONTHLY
    assert {one for one in moments if NOW - one <= timedelta(days=2)} <= set(kept)
    assert len(older) == len({one.date() for one in older})
    assert min(kept) < NOW - timedelta(days=8 * 28)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 500 * 24), max_size=60))
def test_thinning_keeps_the_recent_and_the_latest_and_settles(hours: list[int]) -> None:
    moments = [NOW - timedelta(hours=number) for number in hours]
    gone = backup.superfluous(moments, NOW)
    kept = set(moments) - gone
    assert all(NOW - one > timedelta(days=2) for one in gone)
    assert not moments or max(moments) in kept
    assert backup.superfluous(kept, NOW) == frozenset()


def test_a_backup_of_a_day_to_come_holds_up_none(base: Database, path: Path) -> None:
    made = maintenance.backup(base).made_at
    # The clock was set right after it: the next one is due at once, not on that day.
    assert backup.due(path, now=made - timedelta(seconds=1))
    assert not backup.due(path, now=made)
    assert not backup.due(path, now=made + timedelta(minutes=30, seconds=-1))
    assert backup.due(path, now=made + timedelta(minutes=30))


def test_where_a_backup_cannot_be_written_first_what_should_have_followed_is_said_not_to_be_done(
    path: Path,
) -> None:
    """« La base, elle, est enregistrée » was said of a package that was not applied."""
    samples.new_base(path).close()
    backup.folder_of(path).write_bytes(b"")
    with pytest.raises(UserError, match=r"n’a pas pu être écrite.*rien de plus n’a été fait"):
        backup.make(path, now=datetime(2026, 6, 30, 12), reason="fusion")
