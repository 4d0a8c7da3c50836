"""What is damaged, hostile or cut short stops nothing but itself, and is said."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Measurement
from qpvdesk.region import consolidation, engine, tables
from qpvdesk.region.parquet import Lake
from qpvdesk.region.postgres import Server
from qpvdesk.region.store import Entrepot
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts
from qpvdesk.storage import lock, migrations, opening, suspicion
from qpvdesk.storage.engine import sqlite3
from qpvdesk.storage.identity import Identity, key_fingerprint
from tests.region.conftest import DAY
from tests.region.test_consolidation import contract_code, in_lake, run, said


@pytest.fixture
def third(tmp_path: Path) -> Path:
    """The base of an officer who follows another contract."""
    path = tmp_path / "tiers" / "tiers.db"
    path.parent.mkdir()
    with opening.create(path, identity=Identity(path.parent / "id")) as base:
        acts.new_contract(Desk(base, today=lambda: DAY), {"code": "tiers", "name": "Un autre contrat"})
    return path


@pytest.fixture
def both(tmp_path: Path, fingerprint: str, third: Path) -> Entrepot:
    known = key_fingerprint(Identity(third.parent / "id").public)
    return Entrepot(tmp_path / "entrepot", accepted=(fingerprint, known))


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def of_tomorrow(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {migrations.version() + 1}")


@pytest.mark.logs
@pytest.mark.parametrize(
    ("trouble", "words"), [(cut, "Retirez cette base de l’entrepôt"), (of_tomorrow, "Mettez qpvdesk à jour")]
)
def test_a_base_of_the_entrepot_that_does_not_open_stops_its_own_contracts_alone(
    officer: Path, third: Path, both: Entrepot, tmp_path: Path, trouble: object, words: str
) -> None:
    lake = tmp_path / "lac"
    with Lake(lake) as place:
        run([officer], place, both)
    (path,) = both.bases()
    content = path.read_bytes()
    trouble(path)  # type: ignore[operator]
    for _ in "ab":
        # What was set aside of it is no base, the second time.
        with Lake(lake) as place:
            done = run([third, officer], place, Entrepot(both._folder, accepted=both._accepted))
        assert [item.source.name for item in done.refused] == [officer.name, path.name]
        for item in done.refused:
            assert words in item.why.remedy
    assert len(both.bases()) == 2
    assert in_lake(lake, DAY) == said(officer, DAY), "nothing is forgotten of it"
    path.write_bytes(content)
    with Lake(lake) as place:
        done = run([officer], place, Entrepot(both._folder, accepted=both._accepted))
    assert (done.refused, done.unchanged) == ((), 2)


@pytest.mark.logs
def test_a_task_says_of_a_base_that_rots_what_the_officer_is_told(
    officer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What SQLite raises is put in words in one place, whoever asks."""
    path = tmp_path / "base.db"
    content = bytearray(officer.read_bytes())
    with contextlib.closing(sqlite3.connect(officer)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'measurement'"
        ).fetchone()
    content[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    # A large base opens before it is read whole.
    monkeypatch.setattr(suspicion, "CHECKED_WHOLE_BYTES_MAX", 0)
    task = engine.Task(path, contract_code(officer), (DAY,))
    with pytest.raises(UserError, match="est endommagée"):
        engine.reckon(task)
    with pytest.raises(UserError, match="est endommagée"):
        engine.joined([engine.attempt(task)])


@pytest.mark.logs
@pytest.mark.parametrize("late", [False, True])
def test_a_base_that_rots_in_a_file_that_looks_the_same_stops_its_own_contracts_alone(
    officer: Path, third: Path, both: Entrepot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, late: bool
) -> None:
    """Neither its size nor its date changes: it is not opened before its rows are asked for. `late`: these alone."""
    with Lake(tmp_path / "lac") as place:
        run([officer, third], place, both)
    (path,) = (
        base for base in both.bases() if base.stat().st_size == max(b.stat().st_size for b in both.bases())
    )
    found, content = path.stat(), bytearray(path.read_bytes())
    for page in range(2, len(content) // 4096, 3):
        content[page * 4096 : page * 4096 + 2048] = b"\xa5" * 2048
    path.write_bytes(content)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    again = Entrepot(both._folder, accepted=both._accepted)
    if late:
        monkeypatch.setattr(again, "operations", lambda *_: iter(()))
    with Lake(tmp_path / "autre") as place:
        done = run([], place, again)
    ((source, why),) = ((item.source, item.why) for item in done.refused)
    assert source == path
    assert "Retirez cette base de l’entrepôt" in why.remedy
    assert done.contracts == ("Un autre contrat",)


def test_a_first_run_that_is_killed_anywhere_keeps_nobody_out(
    officer: Path, third: Path, both: Entrepot, tmp_path: Path
) -> None:
    """Where a base is being made is where it matters: it was left empty, and stopped every run after it."""
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from qpvdesk.region.store import Entrepot, packages\n"
        "packages.merge = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"Entrepot(Path({str(both._folder)!r})).take(Path({str(officer)!r}))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    assert both.bases() == ()
    both._folder.joinpath("0123456789abcdef.db").touch()
    with Lake(tmp_path / "lac") as place:
        done = run([officer, third], place, both)
    assert (done.refused, len(done.contracts), len(both.bases())) == ((), 2, 2)
    left = {path.suffix for path in both._folder.iterdir()} - {".db", ".json", ""}
    assert left == set(), "nor is what the killed run had begun left beside"


def test_a_base_that_a_run_of_before_left_empty_with_its_journal_is_made_anew(
    officer: Path, both: Entrepot, tmp_path: Path
) -> None:
    with Lake(tmp_path / "lac") as place:
        run([officer], place, both)
    (path,) = both.bases()
    path.write_bytes(b"")
    path.with_name(f"{path.name}-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    again = Entrepot(both._folder, accepted=both._accepted)
    with Lake(tmp_path / "lac") as place:
        assert run([officer], place, again).refused == ()
    assert in_lake(tmp_path / "lac", DAY) == said(officer, DAY)


def test_an_entrepot_without_room_refuses_what_comes_and_says_why(
    officer: Path, store: Entrepot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(lock, "acquire", full)
    with pytest.raises(UserError, match="le disque est plein"):
        store.take(officer)


@pytest.mark.parametrize("letters", ["LATIN1", "SQL_ASCII"])
def test_a_server_that_does_not_write_all_letters_is_refused_at_once(server: str, letters: str) -> None:
    name = f"lettres_{letters.lower()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING '{letters}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        )
    head, _, query = server.partition("?")
    with pytest.raises(UserError, match="toutes les lettres") as refused:
        Server(f"{head.rpartition('/')[0]}/{name}?{query}")
    assert "UTF8" in refused.value.remedy


def test_letters_that_the_server_sends_otherwise_by_default_are_written_whole(
    officer: Path, store: Entrepot, address: str
) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET client_encoding = LATIN1")
    with Server(address) as place:
        assert run([officer], place, store).refused == ()


def test_a_state_that_another_hand_wrote_is_made_again(officer: Path, store: Entrepot, address: str) -> None:
    with Server(address) as place:
        run([officer], place, store)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("UPDATE qpvdesk.consolidation SET etat = '[1]'")
        assert len(run([], place, store).contracts) == 1


def test_an_address_that_is_no_text_is_said() -> None:
    with pytest.raises(UserError, match="n’a pas répondu"), consolidation.target("postgresql://\udcff/x"):
        pass


def test_a_figure_that_no_whole_number_of_a_column_holds_is_kept(
    officer: Path, store: Entrepot, tmp_path: Path
) -> None:
    copy = tmp_path / "lens.db"
    shutil.copy(officer, copy)
    with opening.open_base(copy, identity=Identity(officer.parent / "id")) as base:
        desk = Desk(base, today=lambda: DAY)
        objective = desk.dossier(contract_code(officer)).objectives[0]
        with desk.act("Relevé") as unit:
            unit.put(Measurement("m1", objective.key, objective.territory, DAY, Decimal(10**38)))
    with Lake(tmp_path / "lac") as place:
        assert len(run([copy], place, store).contracts) == 1
    assert in_lake(tmp_path / "lac", DAY) == said(copy, DAY)


def test_two_contracts_whose_keys_differ_by_a_sign_have_each_their_folder(
    officer: Path, tmp_path: Path
) -> None:
    lake = Lake(tmp_path / "lac")
    found = engine.joined(engine.attempt_all(list(engine.tasks(officer, contract_code(officer), [DAY]))))
    (row,) = found[tables.CONTRACTS.name]
    keys = ("a.b", "a:b", "a_b", "A-b", "a-b", "x" * 200)
    for key in keys:
        found[tables.CONTRACTS.name] = [(key, *row[1:])]
        lake.keep(found, tables.State(key, (date(2026, 1, 1),)))
    assert [lake.state(key).state for key in keys] == list(keys)  # type: ignore[union-attr]
    assert len({path.parent.name.lower() for path in (tmp_path / "lac").rglob("contrat.parquet")}) == len(
        keys
    )


def test_a_base_named_in_capitals_is_a_base(officer: Path, store: Entrepot, tmp_path: Path) -> None:
    store.take(Path(shutil.copy(officer, tmp_path / "LENS.DB")))
    assert len(store.bases()) == 1
