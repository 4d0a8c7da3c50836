"""Opening: each fault of the file has its sentence, and none of them changes the file."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import struct
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import hookimpl
from sqlite_utils.plugins import pm

from qpvdesk.domain.errors import UserError
from qpvdesk.services.care import safety
from qpvdesk.storage import authors, lock, maintenance, migrations, opening, rescue, suspicion
from qpvdesk.storage.care import backup
from qpvdesk.storage.connection import connect, journal_of
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.identity import Chains, Identity, is_base_id
from qpvdesk.storage.refusals import explained
from tests.helpers.second_reader import second_reader
from tests.unit.storage import samples


@pytest.fixture
def made(path: Path) -> Path:
    samples.new_base(path).close()
    return path


def test_an_absent_file_is_not_made(path: Path) -> None:
    with pytest.raises(opening.BaseMissingError, match="introuvable"):
        opening.open_base(path)
    assert not path.exists()


def test_a_folder_is_no_base(tmp_path: Path) -> None:
    with pytest.raises(opening.BaseMissingError):
        opening.open_base(tmp_path)


def test_an_empty_file_is_said_and_left_empty(path: Path) -> None:
    path.touch()
    with pytest.raises(opening.BaseMissingError, match="vide"):
        opening.open_base(path)
    assert path.stat().st_size == 0


@pytest.mark.parametrize("content", [b"hello", b"%PDF-1.7" * 500, b"\0" * 4096])
def test_a_file_of_another_kind_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(opening.NotOursError, match="n’est pas une base qpvdesk"):
        opening.open_base(path)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_the_base_of_another_application_is_refused(path: Path, mode: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute("CREATE TABLE a (b)")
        files = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.suffix != ".db-shm"}
        for read_only in (False, True):
            with pytest.raises(opening.NotOursError):
                opening.open_base(path, read_only=read_only)
        for name, content in files.items():
            assert path.with_name(name).read_bytes() == content


def test_a_newer_base_is_refused_untouched(made: Path) -> None:
    connection = sqlite3.connect(made)
    connection.execute(f"PRAGMA user_version = {migrations.version() + 1}")
    connection.close()
    before = made.read_bytes()
    for read_only in (False, True):
        with pytest.raises(opening.NewerBaseError) as told:
            opening.open_base(made, read_only=read_only)
        assert told.value.remedy == "Mettez qpvdesk à jour."
    assert made.read_bytes() == before
    assert list(made.parent.iterdir()) == [made]


def test_a_closed_base_is_one_single_file(made: Path) -> None:
    with opening.open_base(made) as base, base.unit("Relevé") as unit:
        unit.put(samples.MEASUREMENT.__class__("z", "obj1", "fr", samples.DAY, samples.MEASUREMENT.value))
    assert list(made.parent.iterdir()) == [made]


@pytest.mark.parametrize("read_only", [False, True])
def test_a_base_that_another_application_holds_is_waited_for_once_and_is_not_said_ours(
    made: Path, monkeypatch: pytest.MonkeyPatch, *, read_only: bool
) -> None:
    asked = []

    def counted(path: Path, mode: str) -> sqlite3.Connection:
        asked.append(mode)
        return connect(path, mode, timeout=0)

    monkeypatch.setattr(opening, "connect", counted)
    with contextlib.closing(sqlite3.connect(made, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(lock.AlreadyOpenError, match="un autre programme"):
            opening.open_base(made, read_only=read_only)
    assert asked == ["ro" if read_only else "rw"]
    assert list(made.parent.iterdir()) == [made]


@pytest.mark.parametrize("read_only", [False, True])
def test_a_base_whose_making_was_cut_short_is_said_empty(made: Path, *, read_only: bool) -> None:
    # Its pages were written, what undoes them was not let go of: nothing stood in the file before.
    head = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + struct.pack(">5I", 0, 0, 0, 512, 4096)
    journal_of(made).write_bytes(head.ljust(512, b"\0"))
    with pytest.raises(opening.BaseMissingError, match="vide"):
        opening.open_base(made, read_only=read_only)
    assert made.stat().st_size == 0


def test_what_the_head_of_a_file_says_is_asked_again_where_it_cannot_be_locked(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made.read_bytes()
    os.link(made, made.with_name("autre.db"))
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, _ADDS_A_TABLE))
    # A migration that was cut short wrote the head first, and SQLite undoes it.
    monkeypatch.setattr(suspicion, "is_of_today", lambda _: True)
    with pytest.raises(UserError, match="vient d’une version plus ancienne"):
        opening.open_base(made)
    assert made.read_bytes() == before


@pytest.mark.parametrize("other", [False, True])
def test_a_file_that_goes_while_it_is_open_takes_nothing_more(made: Path, *, other: bool) -> None:
    with opening.open_base(made) as base:
        made.unlink()
        if other:
            made.write_bytes(b"autre chose")
        words = "remplacé par un autre" if other else "déplacé ou supprimé"
        with pytest.raises(UserError, match=f"a été {words}"), base.unit("Relevé") as unit:
            unit.remove(samples.MEASUREMENT)


def test_the_pragmas_are_those_that_lose_nothing(made: Path) -> None:
    with opening.open_base(made) as base:
        told = [
            base.connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "application_id")
        ]
    assert told == ["truncate", 3, 1, 0, migrations.APPLICATION_ID]


@pytest.mark.parametrize("name", ["l'été à Liévin.db", "a?mode=memory&b#c%20.db", "été « 2 ».db"])
def test_any_name_will_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / "dossier d'été" / name
    samples.new_base(path).close()
    with opening.open_base(path) as base:
        assert base.contracts()[0].code == "contrat-1"
        maintenance.backup(base)
        assert len(backup.backups(base.path)) == 1


def test_a_base_is_never_overwritten(made: Path) -> None:
    before = made.read_bytes()
    with pytest.raises(UserError, match="existe déjà"):
        opening.create(made)
    assert made.read_bytes() == before


def test_a_base_whose_making_fails_leaves_nothing(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), opening.create(path):
        raise ZeroDivisionError
    assert list(path.parent.iterdir()) == []


def test_a_base_that_holds_something_is_kept_when_the_block_fails(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), samples.new_base(path):
        raise ZeroDivisionError
    assert path.exists()


def test_a_second_writer_is_told_who_holds_the_base_and_may_read(made: Path) -> None:
    with opening.open_base(made) as base:
        with pytest.raises(UserError, match=f"déjà ouverte par .*{os.getpid()}") as told:
            opening.open_base(made, wait=0)
        assert "lecture seule" in told.value.remedy
        with opening.open_base(made, read_only=True) as other:
            assert other.read_only
            assert other.contracts() == base.contracts()


def test_a_base_open_for_reading_refuses_to_write(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, connections = made.read_bytes(), list[str]()
    honest = opening.prepared

    def prepared(path: Path, mode: str) -> sqlite3.Connection:
        connections.append(mode)
        return honest(path, mode)

    monkeypatch.setattr(opening, "prepared", prepared)
    monkeypatch.setattr(opening, "connect", prepared)
    with opening.open_base(made, read_only=True) as base:
        # Where nothing is to be done first, what it declares and what it holds are read by one connection.
        assert connections == ["ro"]
        with pytest.raises(UserError, match="lecture seule"), base.unit("Relevé") as unit:
            unit.put(samples.MEASUREMENT)
        assert base.undo() is None
        assert base.stacks.undo_label is None
    assert made.read_bytes() == before


def test_what_a_base_declares_is_read_by_the_connection_that_it_keeps(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, asked = suspicion.declared, list[sqlite3.Connection]()

    def declared(connection: sqlite3.Connection) -> tuple[int, int, suspicion.Form]:
        asked.append(connection)
        return honest(connection)

    monkeypatch.setattr(suspicion, "declared", declared)
    for read_only in (False, True):
        with opening.open_base(made, read_only=read_only) as base:
            assert asked == [base.connection]
        asked.clear()


def test_a_file_that_cannot_be_written_opens_for_reading(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whoever runs the tests may be allowed everything: the answer of the system is given, and found by trying alone.
    monkeypatch.setattr(os, "access", lambda *_: pytest.fail("rights are asked about"))

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(lock, "acquire", refused)
    with opening.open_base(made) as base:
        assert base.read_only
        assert base.why_read_only == "l’accès est refusé"
        assert base.dossier("contract1").objectives
        with (
            pytest.raises(UserError, match=r"lecture seule \(l’accès est refusé\)"),
            base.unit("Relevé") as unit,
        ):
            unit.put(samples.MEASUREMENT)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_base_read_for_want_of_room_says_to_make_some(
    made: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(number, "full")

    monkeypatch.setattr(lock, "acquire", full)
    with opening.open_base(made) as base:
        with (
            pytest.raises(UserError, match=r"lecture seule \(.* plein") as refused,
            base.unit("Relevé") as unit,
        ):
            unit.put(samples.MEASUREMENT)
        assert refused.value.remedy == "Libérez de la place, puis rouvrez-la."


def test_a_reader_works_in_another_thread_and_sees_what_was_kept(made: Path) -> None:
    with opening.open_base(made) as base:
        seen: list[int] = []

        def job() -> None:
            with second_reader(base) as reader:
                seen.append(len(reader.dossier("contract1").measurements))
                assert reader.read_only

        with base.unit("Retrait") as unit:
            unit.remove(samples.MEASUREMENT)
        thread = threading.Thread(target=job)
        thread.start()
        thread.join()
    assert seen == [1]


def test_a_truncated_base_is_set_aside_and_the_backups_are_told(made: Path) -> None:
    with opening.open_base(made, clock=samples.Ticking()) as base:
        made_backup = maintenance.backup(base)
    whole = made.read_bytes()
    made.write_bytes(whole[: len(whole) // 2])
    before = made.read_bytes()
    for _ in range(2):
        with pytest.raises(opening.DamagedError) as told:
            opening.open_base(made)
        assert told.value.backups == (made_backup,)
        assert "12/03/2026" in told.value.remedy
        assert told.value.quarantine is not None
        assert told.value.quarantine.read_bytes() == before
    assert made.read_bytes() == before
    assert len([one for one in made.parent.iterdir() if "endommagee" in one.name]) == 1


def test_damaged_pages_are_seen_and_the_file_is_left_alone(made: Path) -> None:
    whole = made.read_bytes()
    chance = random.Random(2030)
    pages = len(whole) // 4096
    for page in chance.sample(range(pages), 25):
        hurt = whole[: page * 4096] + chance.randbytes(4096) + whole[(page + 1) * 4096 :]
        made.write_bytes(hurt)
        with pytest.raises(UserError):
            opening.open_base(made, read_only=True)
        assert made.read_bytes() == hurt


def test_opening_an_up_to_date_base_imports_sqlite3_alone(made: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from qpvdesk.storage import opening, readers\n"
        "base = opening.open_base(Path(sys.argv[1])); base.dossier('contract1'); readers.history(base, None, 5)\n"
        "print({'sqlite_utils', 'click', 'typing_extensions', 'numpy'} & set(sys.modules))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code, str(made)], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


_ADDS_A_TABLE = ("adds_a_table", "CREATE TABLE more (a TEXT) STRICT;")
_FAILS_HALF_WAY = (
    "fails_half_way",
    "CREATE TABLE half (a);\nUPDATE measurement SET comment = 'half';\nSELECT half_way();",
)


def test_a_migration_that_fails_leaves_the_base_to_the_bit(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made.read_bytes()
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, _ADDS_A_TABLE, _FAILS_HALF_WAY))
    with pytest.raises(sqlite3.OperationalError, match="half_way"):
        opening.open_base(made)
    assert made.read_bytes() == before
    assert sorted(one.name for one in made.parent.iterdir()) == ["base.db", "base.db.sauvegardes"]
    monkeypatch.undo()
    with opening.open_base(made) as base:
        assert maintenance.check(base) == []


def test_a_migration_makes_a_checked_backup_first(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = made.read_bytes()
    old = migrations.version()
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, _ADDS_A_TABLE))
    with opening.open_base(made, read_only=True, clock=samples.Ticking()) as base:
        assert base.read_only
    with opening.open_base(made, clock=samples.Ticking()) as base:
        held = backup.backups(base.path)
        assert base.connection.execute("PRAGMA user_version").fetchone()[0] == old + 1
    assert [one.reason for one in held] == ["migration"]
    assert backup.verify(held[0].path)
    assert held[0].path.stat().st_size == len(before)


def test_the_moment_of_making_is_kept(path: Path) -> None:
    with opening.create(path, now=datetime(2026, 1, 2, tzinfo=UTC)) as base:
        row = base.connection.execute("SELECT value FROM meta WHERE name = 'made_at'").fetchone()
    assert row[0].startswith("2026-01-02")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "disque est plein"),
        (sqlite3.SQLITE_IOERR, "refusé"),
        (sqlite3.SQLITE_READONLY, "lecture seule"),
        (sqlite3.SQLITE_BUSY, "occupée"),
        (sqlite3.SQLITE_CANTOPEN, "plus accessible"),
        (sqlite3.SQLITE_CORRUPT, "endommagée"),
    ],
)
def test_each_trouble_of_the_disk_has_its_sentence(path: Path, code: int, words: str) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    told = explained(error, path)
    assert told is not None
    assert words in told.message
    assert told.remedy


def test_a_base_replaced_while_it_opens_is_not_called_damaged(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = made.with_name("restauree.db")
    samples.new_base(other).close()
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE longer (text TEXT)")
        connection.execute("INSERT INTO longer VALUES (?)", ["x" * 100_000])
    connection.close()
    prepared = opening.prepared

    def slow(path: Path, mode: str) -> sqlite3.Connection:
        connection = prepared(path, mode)
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if other.exists():
            os.replace(other, path)
        return connection

    monkeypatch.setattr(opening, "prepared", slow)
    opening.open_base(made, read_only=True).close()
    assert [found.name for found in made.parent.glob("*endommagee*")] == []


def test_a_base_that_grows_while_it_is_read_is_not_called_damaged(made: Path) -> None:
    stopped = threading.Event()

    def write() -> None:
        connection = sqlite3.connect(made, timeout=30)
        connection.execute("PRAGMA journal_mode = DELETE")
        while not stopped.is_set():
            with connection:
                connection.execute("INSERT INTO meta VALUES ('longer', ?)", ["x" * 100_000])
            with connection:
                connection.execute("DELETE FROM meta WHERE name = 'longer'")
            connection.execute("VACUUM")
            time.sleep(0.02)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(50):
            opening.open_base(made, read_only=True).close()
    finally:
        stopped.set()
        writer.join()
    assert [found.name for found in made.parent.glob("*endommagee*")] == []


def test_a_base_whose_writer_sleeps_in_the_middle_of_an_act_says_who_holds_it(made: Path) -> None:
    """The laptop of a colleague, or their program, was suspended: the file is locked, its journal is hot."""
    code = (
        "import sys; from pathlib import Path; from qpvdesk.storage import lock\n"
        "from qpvdesk.storage.connection import prepared\n"
        "path = Path(sys.argv[1]); held = lock.acquire(path); c = prepared(path, 'rw'); c.execute('PRAGMA cache_size = 1')\n"
        "c.execute('BEGIN IMMEDIATE'); c.execute('UPDATE objective SET note = hex(zeroblob(90000))')\n"
        "print('ready', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(made)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as sleeper:
        assert sleeper.stdout is not None
        try:
            assert sleeper.stdout.readline() == "ready\n"
            for read_only in (False, True):
                with pytest.raises(lock.AlreadyOpenError, match=f"processus {sleeper.pid}"):
                    opening.open_base(made, wait=0, read_only=read_only)
        finally:
            sleeper.kill()
    opening.open_base(made).close()


@pytest.mark.parametrize(
    "value", ["../cle", "/tmp/x", "..\\cle", "CON", "", "A" * 32, "0" * 31, "0" * 32 + "\n"]
)
def test_the_identifier_of_a_base_is_one_of_ours_or_it_does_not_open(made: Path, value: str) -> None:
    """It names a file of the officer's folder, where their private key is."""
    _identify(made, value)
    before = made.read_bytes()
    for read_only in (False, True):
        with pytest.raises(authors.ForeignBaseError, match="identifiant que qpvdesk n’a pas donné"):
            opening.open_base(made, read_only=read_only)
    assert made.read_bytes() == before


def test_an_identifier_that_changes_once_the_base_is_open_names_no_file(path: Path, tmp_path: Path) -> None:
    identity = Identity(tmp_path / "identite")
    with samples.new_base(path) as made:
        made.authors.identity = identity
        made.authors.note_sent({"x": 1})
    assert identity.public
    key = (tmp_path / "identite" / "cle.json").read_bytes()
    with opening.open_base(path, read_only=True, identity=identity) as base:
        _identify(path, "../cle")
        with pytest.raises(authors.ForeignBaseError):
            base.authors.note_sent({"x": 1})
    with pytest.raises(ValueError, match="identifier"):
        identity.remember("../cle", Chains())
    assert (tmp_path / "identite" / "cle.json").read_bytes() == key
    assert {file.name for file in tmp_path.iterdir()} == {"base.db", "identite"}


@pytest.mark.logs
def test_the_ends_of_chains_replace_no_file_of_another_kind(tmp_path: Path) -> None:
    identity, name = Identity(tmp_path), "0" * 32
    identity.remember(name, Chains("a"))
    (file,) = (tmp_path / "suites").iterdir()
    identity.remember(name, Chains("b"))
    assert identity.chains(name).uid == "b"
    file.write_bytes(b"")  # a power cut
    identity.remember(name, Chains("c"))
    assert identity.chains(name).uid == "c"
    file.write_bytes(b'{"public": "a", "private": "b"}')
    identity.remember(name, Chains("d"))
    assert b"private" in file.read_bytes()


def test_a_base_of_a_foreign_identifier_is_repaired(made: Path) -> None:
    _identify(made, "../cle")
    (said,) = safety.faults(made)
    assert said.startswith("Cette base porte un identifiant que qpvdesk n’a pas donné")
    assert ".." not in said
    rescue.repair(made, now=datetime(2026, 6, 30, 12, tzinfo=UTC))
    with opening.open_base(made) as base:
        assert len(base.dossier("contract1").measurements) == 2
        assert is_base_id(base.authors.base_id)


def test_a_text_that_is_none_is_said_and_the_next_opening_sees_it(made: Path) -> None:
    with contextlib.closing(sqlite3.connect(made)) as connection, connection:
        connection.execute("UPDATE partner SET name = CAST(x'ff3c' AS TEXT)")
    with opening.open_base(made) as base, pytest.raises(UserError, match="est endommagée"):
        base.dossier(samples.contract().key)
    with pytest.raises(opening.DamagedError):
        opening.open_base(made)


def _identify(path: Path, value: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'base'", (value,))


def test_no_plugin_that_is_installed_beside_meets_a_base(path: Path) -> None:
    met: list[object] = []

    class Curious:
        @hookimpl
        def prepare_connection(self, conn: object) -> None:
            met.append(conn)

    plugin = Curious()
    pm.register(plugin)
    try:
        with samples.new_base(path):
            assert met == []
    finally:
        pm.unregister(plugin)


def test_a_check_tells_what_kept_it_from_reading_on(path: Path) -> None:
    with samples.new_base(path) as base:
        (root,) = base.connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'operation'"
        ).fetchone()
    with opening.open_base(path) as base:
        content = bytearray(path.read_bytes())
        content[(root - 1) * 4096 : root * 4096] = b"\x77" * 4096
        path.write_bytes(content)
        # What was read at the opening is read again.
        with base.guard.everything():
            base.connection.execute("PRAGMA shrink_memory")
        (told,) = maintenance.check(base)
    assert told.startswith("Le fichier ne peut pas être relu en entier\u202f: ")
