"""What came beside a base may be a link, a pipe or a folder: nothing is written through it, and nothing waits for it.

A base may itself be opened by a link: what takes its place takes that of its file. Nobody reads it then who could not.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.storage import lock, maintenance, opening, rescue
from qpvdesk.storage.care import backup, resealing, restore, sealing
from qpvdesk.storage.care.sealing import Key
from qpvdesk.storage.connection import BesideError, journal_of
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.refusals import explained
from tests.helpers.keys import forget
from tests.unit.storage import samples

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links, pipes and rights of POSIX")
NOW = datetime(2026, 6, 30, 12)
PHRASE = "quatre mots sans rapport"
PRECIOUS = b"Un autre document."


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.fixture
def made(path: Path) -> Path:
    samples.new_base(path).close()
    return path


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """A file that is none of a base's."""
    (tmp_path / "ailleurs").mkdir()
    file = tmp_path / "ailleurs" / "document.txt"
    file.write_bytes(PRECIOUS)
    return file


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


def restored(path: Path) -> None:
    with opening.open_base(path) as base:
        saved = maintenance.backup(base).path
    restore.restore(path, saved, now=NOW)


def repaired(path: Path) -> None:
    rescue.repair(path, now=samples.NOON)


def resealed(path: Path) -> Key:
    key = sealing.fresh_key(PHRASE)
    resealing.reseal(path, key)
    return key


REPLACING: dict[str, Callable[[Path], object]] = {
    "restored": restored,
    "repaired": repaired,
    "resealed": resealed,
}


@pytest.mark.parametrize("how", ["link", "link to nothing", "other name", "pipe"])
def test_a_lock_that_is_no_plain_file_is_not_written(made: Path, precious: Path, how: str) -> None:
    locked = made.parent / "base.db.verrou"
    if how == "pipe":
        os.mkfifo(locked)
    elif how == "other name":
        os.link(precious, locked)
    else:
        locked.symlink_to(precious if how == "link" else precious.parent / "rien.txt")
    for override in (False, True):
        with pytest.raises(OSError, match=r"symbolic|plain"):
            lock.acquire(made, override=override)
    with opening.open_base(made) as base:
        assert base.read_only
        assert "base.db.verrou" in base.why_read_only
        assert "fichier ordinaire" in base.why_read_only
    assert lock.holder(made).pid == 0
    assert precious.read_bytes() == PRECIOUS
    assert list(precious.parent.iterdir()) == [precious]


@pytest.mark.parametrize("how", ["restored", "repaired", "resealed"])
@pytest.mark.parametrize("link", [False, True])
def test_what_no_lock_lets_do_names_what_stands_in_its_place(
    made: Path, precious: Path, how: str, *, link: bool
) -> None:
    """« Vérifiez la place libre », of a folder that has room."""
    saved = made.parent / "copie.db"
    with opening.open_base(made) as base:
        maintenance.backup_to(base, saved)
    locked = made.parent / "base.db.verrou"
    if link:
        locked.symlink_to(precious)
    else:
        os.link(precious, locked)
    acts: dict[str, Callable[[], object]] = {
        "restored": lambda: restore.restore(made, saved, now=NOW),
        "repaired": lambda: repaired(made),
        "resealed": lambda: resealed(made),
    }
    with pytest.raises(UserError) as refused:
        acts[how]()
    assert "«\u202fbase.db.verrou\u202f» n’est pas un fichier ordinaire" in refused.value.remedy
    assert precious.read_bytes() == PRECIOUS


@pytest.mark.parametrize("end", ["-journal", "-wal"])
@pytest.mark.parametrize("make", [getattr(os, "mkfifo", os.mkdir), os.mkdir])
@pytest.mark.parametrize("read_only", [False, True])
def test_what_sqlite_keeps_beside_a_base_is_a_plain_file(
    made: Path, make: Callable[[Path], None], end: str, *, read_only: bool
) -> None:
    beside = made.parent / (made.name + end)
    make(beside)
    with pytest.raises(UserError, match=f"base.db{end}.*n’est pas un fichier ordinaire"):
        opening.open_base(made, read_only=read_only)


def _forged(path: Path, named: Path, *, hot: bool = True) -> None:
    """Leave beside a base a journal that names the journal of a transaction over several bases."""
    magic = bytes.fromhex("d9d505f920a163d7")
    numbers = (0, 7, path.stat().st_size // 4096, 512, 4096)
    head = (magic if hot else bytes(8)) + b"".join(number.to_bytes(4, "big") for number in numbers)
    name = str(named).encode()
    ends = len(name).to_bytes(4, "big") + sum(name).to_bytes(4, "big") + magic
    journal_of(path).write_bytes(
        head.ljust(512, b"\0") + (0x40000000 // 4096 + 1).to_bytes(4, "big") + name + ends
    )


DOORS: dict[str, Callable[[Path], object]] = {
    "open": opening.open_base,
    "read": lambda path: opening.open_base(path, read_only=True),
    "back up": lambda path: backup.write(path, path.parent / "copie.db"),
    "read a copy": restore.contents,
    "restore": lambda path: restore.restore(path, path, now=NOW),
    "repair": repaired,
    "seal": resealed,
}


@pytest.mark.parametrize("hot", [True, False])
@pytest.mark.parametrize("named", ["document.txt", "base.db-mj0A1B2C9D3", "absent"])
@pytest.mark.parametrize("door", DOORS)
def test_a_journal_that_names_another_file_is_not_followed(
    made: Path, precious: Path, door: str, named: str, *, hot: bool
) -> None:
    victim = precious.rename(precious.parent / named) if named != "absent" else precious.parent / named
    _forged(made, victim, hot=hot)
    before = made.read_bytes(), journal_of(made).read_bytes()
    with pytest.raises(BesideError, match=r"base.db-journal.*désigne un autre fichier.*Déplacez-le ailleurs"):
        DOORS[door](made)
    assert (made.read_bytes(), journal_of(made).read_bytes()) == before
    assert named == "absent" or victim.read_bytes() == PRECIOUS
    assert restore.contents_or_none(made) is None


@pytest.mark.parametrize("end", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("how", ["link", "other name", "link to nothing"])
def test_what_sqlite_keeps_beside_a_base_is_not_written_through(
    made: Path, precious: Path, door: str, end: str, how: str
) -> None:
    with contextlib.closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA journal_mode = " + ("DELETE" if end == "-journal" else "WAL"))
    beside = made.parent / (made.name + end)
    if how == "other name":
        os.link(precious, beside)
    else:
        beside.symlink_to(precious if how == "link" else precious.parent / "rien.txt")
    with pytest.raises(BesideError, match=rf"base.db{end}.*(pas un fichier ordinaire|lien physique)"):
        DOORS[door](made)
    assert precious.read_bytes() == PRECIOUS
    assert list(precious.parent.iterdir()) == [precious]


@pytest.mark.parametrize(
    ("left", "how"),
    [(backup.RESTORING, "restored"), (backup.RESEALING, "resealed"), (".recuperation-lue", "repaired")],
)
def test_nothing_is_written_through_what_stands_where_a_copy_is_made(
    made: Path, precious: Path, left: str, how: str
) -> None:
    (made.parent / (made.name + left)).symlink_to(precious)
    REPLACING[how](made)
    assert precious.read_bytes() == PRECIOUS
    assert made.is_file()
    assert not made.is_symlink()
    with opening.open_base(made) as base:
        assert maintenance.check(base) == []


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
@pytest.mark.parametrize("how", REPLACING)
def test_a_base_that_is_replaced_keeps_its_rights(made: Path, how: str, mode: int) -> None:
    with opening.open_base(made) as base:
        maintenance.backup(base)
    made.chmod(mode)
    REPLACING[how](made)
    assert rights(made) == mode
    assert {rights(one.path) for one in backup.backups(made)} == {0o600}


def test_a_damaged_base_is_set_aside_for_the_same_eyes(made: Path) -> None:
    made.write_bytes(made.read_bytes()[:20_000])
    with pytest.raises(opening.DamagedError) as told:
        opening.open_base(made)
    assert told.value.quarantine is not None
    assert rights(told.value.quarantine) == 0o600


@pytest.mark.parametrize("how", REPLACING)
def test_what_is_done_to_a_base_by_a_link_is_done_to_its_file(made: Path, tmp_path: Path, how: str) -> None:
    (tmp_path / "x").mkdir()
    link = tmp_path / "x" / "lien.db"
    link.symlink_to(made)
    before = made.stat().st_ino
    REPLACING[how](link)
    assert link.is_symlink()
    assert made.stat().st_ino != before
    assert sealing.is_sealed(made) is (how == "resealed")


@pytest.mark.parametrize("read_only", [False, True])
def test_what_a_killed_process_left_half_way_is_found_by_a_link(
    made: Path, tmp_path: Path, *, read_only: bool
) -> None:
    (tmp_path / "x").mkdir()
    link = tmp_path / "x" / "lien.db"
    link.symlink_to(made)
    with contextlib.closing(sqlite3.connect(made, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("PRAGMA cache_spill = 1")
        connection.execute("BEGIN")
        connection.execute("UPDATE partner SET name = name || hex(zeroblob(200000))")
        left, half_way = journal_of(made).read_bytes(), made.read_bytes()
        connection.execute("ROLLBACK")
    made.write_bytes(half_way)
    journal_of(made).write_bytes(left)
    assert journal_of(link) == journal_of(made)
    with opening.open_base(link, read_only=read_only) as base:
        assert base.dossier("contract1") == samples.dossier()


@pytest.mark.parametrize("refused", ["unable to open database file", "attempt to write a readonly database"])
def test_a_base_in_wal_mode_where_nothing_can_be_written_is_said_to_be_so(made: Path, refused: str) -> None:
    error = sqlite3.OperationalError(refused)
    told = explained(error, made)
    assert told is not None
    assert "WAL" not in told.message
    with contextlib.closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    told = explained(error, made)
    assert told is not None
    assert "ne peut pas être lue là où elle est" in told.message
    assert "WAL" in told.message
    assert "-wal" in told.remedy
