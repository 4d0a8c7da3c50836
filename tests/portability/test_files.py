"""Files as other systems have them: no `fcntl`, rights that show when they are tried, files held for a while, odd names."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from qpvdesk import durable
from qpvdesk.domain import file_names
from qpvdesk.domain.errors import UserError
from qpvdesk.storage import connection, lock, maintenance, opening, starter
from qpvdesk.storage.base import Database
from qpvdesk.storage.base_file import MovedError
from qpvdesk.storage.engine import sqlite3
from tests.helpers.process import qpvdesk
from tests.unit.storage import samples


@pytest.fixture
def base(tmp_path: Path) -> Database:
    made = opening.create(tmp_path / "base.db", now=samples.NOON, clock=samples.Ticking())
    starter.import_starter(made, samples.dossier())
    return made


def save(base: Database, label: str) -> None:
    objective = base.dossier("contract1").objectives[0]
    with base.unit(label) as unit:
        unit.put(replace(objective, label=label))


def label_of(path: Path) -> str:
    with opening.open_base(path, read_only=True) as base:
        return base.dossier("contract1").objectives[0].label


@pytest.mark.parametrize("how", ["moved", "deleted", "replaced", "written over"])
def test_a_base_whose_file_goes_says_so_and_can_be_saved_elsewhere(
    base: Database, tmp_path: Path, how: str
) -> None:
    older = tmp_path / "ancienne.db"
    older.write_bytes(base.path.read_bytes())
    save(base, "Avant")
    if how == "moved":
        base.path.rename(tmp_path / "ailleurs.db")
    elif how == "deleted":
        base.path.unlink()
    elif how == "replaced":
        older.replace(base.path)
    else:
        with base.path.open("r+b") as file:
            file.write(older.read_bytes())
            file.truncate()
    for label in ("Un", "Deux"):
        with pytest.raises(MovedError, match="pendant que la base était ouverte") as told:
            save(base, label)
        assert "rien n’a été enregistré" in told.value.message
    if how != "written over":
        maintenance.backup_to(base, tmp_path / "copie.db")
        assert label_of(tmp_path / "copie.db") == "Avant"
    base.close()


def test_by_whatever_link_a_base_is_opened_it_has_one_lock(base: Database, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    link = tmp_path / "x" / "lien.db"
    link.symlink_to(base.path)
    with base, pytest.raises(lock.AlreadyOpenError):
        opening.open_base(link, wait=0)


def test_a_lock_that_cannot_be_written_opens_read_only(
    base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    base.close()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lock, "acquire", full)
    with opening.open_base(base.path) as again:
        assert again.read_only
        assert again.why_read_only == "le disque est plein"


def test_a_file_of_two_names_is_written_by_none_but_the_first_window(base: Database, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    link = tmp_path / "x" / "lien.db"
    os.link(base.path, link)
    with opening.open_base(link) as other:
        assert other.read_only
        assert "lien physique" in other.why_read_only
        with pytest.raises(UserError, match="lecture seule"):
            save(other, "Deux")
    save(base, "Un")
    base.close()
    link.unlink()
    with opening.open_base(base.path) as again:
        assert not again.read_only
        assert again.dossier("contract1").objectives[0].label == "Un"


def test_rights_that_show_when_they_are_tried_open_read_only(
    base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    base.close()
    honest, opened = connection.connect, Path.open

    def connect(path: Path, mode: str, **more: float) -> sqlite3.Connection:
        return honest(path, "ro" if mode == "rw" else mode, **more)

    def refused(path: Path, mode: str = "r", **more: Any) -> Any:
        if path == base.path and "+" in mode:
            raise PermissionError(errno.EACCES, "refusé", str(path))
        return opened(path, mode, **more)

    # The lock beside it can be written: SQLite opens the file for reading.
    for module in (opening, connection):
        monkeypatch.setattr(module, "connect", connect)
    monkeypatch.setattr(Path, "open", refused)
    with opening.open_base(base.path) as again:
        assert again.read_only
        assert again.why_read_only == "son fichier est protégé en écriture"
    assert not list(base.path.parent.glob("*.verrou"))


def test_a_lock_does_not_spin_where_the_system_contradicts_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, tries = 0.0, 0

    def differs(*_: object) -> bool:
        nonlocal tries
        tries += 1
        assert tries <= 250, "between two tries it sleeps"
        return False

    def sleep(seconds: float) -> None:
        nonlocal clock
        clock += seconds

    monkeypatch.setattr(lock.os.path, "samestat", differs)
    monkeypatch.setattr(lock, "time", SimpleNamespace(monotonic=lambda: clock, sleep=sleep))
    with pytest.raises(lock.AlreadyOpenError):
        lock.acquire(tmp_path / "base.db")
    assert 1 <= clock < 1.1


def test_a_file_held_for_300_ms_is_replaced_once_it_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "document.pdf"
    held, replace_file = 0.0, os.replace

    def sharing(source: object, destination: object) -> None:
        if held < 0.3:
            error = PermissionError(13, "sharing violation")
            error.winerror = 32  # type: ignore[attr-defined]
            raise error
        replace_file(source, destination)  # type: ignore[arg-type]

    def wait(seconds: float) -> None:
        nonlocal held
        held += seconds

    monkeypatch.setattr(durable.os, "replace", sharing)
    monkeypatch.setattr(durable.time, "sleep", wait)
    durable.write(target, b"x")
    assert target.read_bytes() == b"x"


@pytest.mark.parametrize(
    "name", ["NUL", "con.pdf", "COM1.txt", "fin.", "fin ", "a:b", "a/b", "..", "é" * 200 + ".pdf"]
)
def test_a_name_that_another_system_refuses_is_cleaned(name: str, tmp_path: Path) -> None:
    cleaned = file_names.clean(name)
    file_names.check(cleaned)
    (tmp_path / cleaned).write_bytes(b"x")
    assert (tmp_path / cleaned).parent == tmp_path


@pytest.mark.skipif(sys.platform != "linux", reason="names that are any bytes")
def test_a_file_whose_name_is_no_text_is_read_written_and_restored(tmp_path: Path) -> None:
    def run(*words: str | Path) -> str:
        ended = qpvdesk(*map(str, words), "--base", str(tmp_path / "base.db"), cold=True)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    file, saved, book = (tmp_path / os.fsdecode(b"Remont\xe9e" + end) for end in (b".csv", b".db", b".xlsx"))
    file.write_text("Code;Date;Relevé\nFT-O22;31/12/2025;18500\n", encoding="utf-8")
    run("init")
    run("importer", file, "--proposer", tmp_path / "plan.json")
    assert "1 valeur" in run("importer", file, "--plan", tmp_path / "plan.json")
    run("exporter", "--modele", "releves", "--sortie", tmp_path / "releves.csv")
    assert "Remont?e.csv" in (tmp_path / "releves.csv").read_text("utf-8-sig")
    run("sauvegarder", "--sortie", saved)
    assert "Aucun acte ne serait perdu." in run("restaurer", saved)
    run("exporter", "--modele", "contrat", "--sortie", book)
    assert "AUTRE" in run("importer", book, "--nouveau-contrat", "AUTRE", "--simulation", "--format", "json")
