"""A local copy of a base that stands elsewhere: checked both ways, and nothing of either is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.services import backing
from qpvdesk.storage import lock, maintenance, opening
from qpvdesk.storage.base_file import MovedOnError
from qpvdesk.storage.care import backup, restore, travel
from tests.helpers import invented
from tests.helpers.watched_desk import WatchedBase

NOW = datetime(2026, 7, 1, 9, 0)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "cle").mkdir()
    base = tmp_path / "cle" / "base.db"
    WatchedBase(base, invented.dossier(), invented.TODAY)
    return base


@pytest.fixture
def local(tmp_path: Path) -> Path:
    return tmp_path / "local"


def write(path: Path, value: int) -> None:
    with opening.open_base(path) as base:
        measurement = base.dossier(base.contracts()[0].key).measurements[0]
        with base.unit(f"Relevé corrigé à {value}") as unit:
            unit.put(replace(measurement, value=Decimal(value)))


def value(path: Path) -> Decimal:
    with opening.open_base(path, read_only=True) as base:
        assert maintenance.check(base) == []
        return base.dossier(base.contracts()[0].key).measurements[0].value


def test_there_and_back(stick: Path, local: Path) -> None:
    before = value(stick)
    copy = travel.take(stick, local)
    assert copy.parent == local
    assert value(copy) == before
    held = travel.luggage(copy)
    assert held is not None
    assert (held.origin, held.news) == (stick, ())
    write(copy, 41)
    held = travel.luggage(copy)
    assert held is not None
    assert held.news == ("Relevé corrigé à 41",)
    done = travel.bring_back(copy, now=NOW)
    assert value(stick) == 41
    assert done.kept is not None
    assert value(done.kept) == before
    assert backup.verify(done.kept)
    travel.forget(copy)
    assert list(local.iterdir()) == []


def test_a_base_that_moved_on_is_never_replaced(stick: Path, local: Path) -> None:
    copy = travel.take(stick, local)
    write(copy, 41)
    write(stick, 42)
    with pytest.raises(UserError, match="a été modifiée depuis la copie"):
        travel.bring_back(copy, now=NOW)
    assert (value(stick), value(copy)) == (42, 41)


def test_a_base_that_moves_on_while_the_copy_comes_back_is_not_replaced(
    stick: Path, local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = travel.take(stick, local)
    write(copy, 41)
    fill = backup.write

    def fill_while_a_colleague_writes(source: Path, target: Path) -> None:
        fill(source, target)
        write(stick, 42)

    monkeypatch.setattr(backup, "write", fill_while_a_colleague_writes)
    with pytest.raises(MovedOnError, match="a été modifiée depuis la copie"):
        travel.bring_back(copy, now=NOW)
    assert (value(stick), value(copy)) == (42, 41)


def test_a_stick_that_is_gone_leaves_the_copy(stick: Path, local: Path) -> None:
    copy = travel.take(stick, local)
    write(copy, 41)
    stick.parent.rename(stick.parent.parent / "partie")
    held = travel.luggage(copy)
    assert held is not None
    assert held.news is None
    with pytest.raises(UserError, match="n’est plus là") as told:
        travel.bring_back(copy, now=NOW)
    assert str(copy) in told.value.remedy
    assert value(copy) == 41


def test_a_second_copy_never_takes_the_place_of_work_that_was_not_brought_back(
    stick: Path, local: Path
) -> None:
    copy = travel.take(stick, local)
    assert travel.take(stick, local) == copy
    write(copy, 41)
    with pytest.raises(UserError, match="garde 1 acte que la base n’a pas"):
        travel.take(stick, local)
    assert value(copy) == 41


def test_a_backup_of_a_copy_that_holds_more_than_the_origin_is_kept(stick: Path, local: Path) -> None:
    copy = travel.take(stick, local)
    untouched, worked = backup.make(copy, now=NOW), copy.parent / "avant.db"
    backup.write(copy, worked)
    write(copy, 41)
    made = backup.make(copy, now=NOW + timedelta(minutes=1))
    restore.restore(copy, worked, now=NOW + timedelta(minutes=2))
    kept = travel.forget(copy)
    assert made.path in kept
    assert untouched.path not in kept
    assert not untouched.path.exists()
    assert value(made.path) == 41
    assert not copy.exists()


def test_a_copy_that_is_forgotten_leaves_neither_a_file_nor_an_empty_folder(stick: Path, local: Path) -> None:
    copy = travel.take(stick, local)
    for minutes in range(2):
        backup.make(copy, now=NOW + timedelta(minutes=minutes))
    assert backup.folder_of(copy).is_dir()
    assert travel.forget(copy) == ()
    assert list(local.iterdir()) == []
    assert value(stick)


def test_the_origin_is_backed_up_before_a_copy_is_merged_into_it(stick: Path, local: Path) -> None:
    copy = travel.take(stick, local)
    write(copy, 41)
    write(stick, 42)
    said = backing.merge(copy)
    (kept,) = backup.backups(stick)
    assert kept.reason == "fusion"
    assert value(kept.path) == 42, "it is of before the merge"
    assert said[0].endswith("1 acte. Une sauvegarde en a été faite avant.")
    assert said[1:] == ("1 désaccord à trancher.",)
    assert list(local.iterdir()) == []
    with pytest.raises(UserError, match="la copie locale d’aucune autre"):
        backing.merge(stick)


def test_a_name_erased_at_the_origin_does_not_come_back(stick: Path, local: Path) -> None:
    with opening.open_base(stick) as base:
        measurement = base.dossier(base.contracts()[0].key).measurements[0]
        for comment in ("Vu avec Mme Untel", "Vu sur place"):
            with base.unit("Relevé commenté") as unit:
                unit.put(replace(measurement, comment=comment))
    copy = travel.take(stick, local)
    with opening.open_base(stick) as base:
        # It stood in the past alone: no act says that it was erased.
        assert maintenance.erase(base, "Mme Untel").act is None
    write(copy, 41)
    with pytest.raises(MovedOnError):
        travel.bring_back(copy, now=NOW)
    backing.merge(copy)
    assert value(stick) == 41
    assert b"Untel" not in stick.read_bytes()


def test_a_base_that_is_open_is_not_copied(stick: Path, local: Path) -> None:
    with opening.open_base(stick), pytest.raises(lock.AlreadyOpenError):
        travel.take(stick, local)
    assert not travel.place(stick, local).exists()


def test_two_bases_of_one_name_have_two_copies(tmp_path: Path, local: Path) -> None:
    assert travel.place(tmp_path / "a" / "base.db", local) != travel.place(tmp_path / "b" / "base.db", local)


def test_any_other_base_is_no_copy(stick: Path) -> None:
    assert travel.luggage(stick) is None
    with pytest.raises(UserError):
        travel.bring_back(stick, now=NOW)
