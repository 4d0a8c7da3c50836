"""A file is there whole, on the disk itself, or what was there before is."""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.services.figures import exports
from qpvdesk.services.settings import Settings, SettingsFile
from qpvdesk.ui.drafts import Drafts
from tests.helpers.reviews import desk_on
from tests.unit.storage import samples

posix = pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")


def held_by_another() -> PermissionError:
    """What Windows raises while an antivirus looks at the file."""
    error = PermissionError(errno.EACCES, "sharing violation")
    error.winerror = 32  # type: ignore[attr-defined]
    return error


def failing(times: int, act: Callable[..., None], error: Callable[[], OSError]) -> Callable[..., None]:
    """Do what `act` does once it was asked for so many times in vain."""
    left = [times]

    def tried(*arguments: object) -> None:
        if left[0]:
            left[0] -= 1
            raise error()
        act(*arguments)

    return tried


def test_the_new_one_is_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for content in (b"one", b"two"):
        durable.write(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_as_long_as_names_can_be_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 251 + ".txt")
    durable.write(path, b"x")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("broken", ["replace", "fsync"])
def test_what_fails_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"before")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, broken, full)
    with pytest.raises(UserError, match=r"a\.txt.*le disque est plein\. Libérez de la place"):
        durable.save(b"after", path)
    (tmp_path / "b.txt").write_bytes(b"source")
    with pytest.raises(OSError, match="full"):
        durable.copy(tmp_path / "b.txt", path)
    assert path.read_bytes() == b"before"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_block_that_raises_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"before")
    with pytest.raises(ZeroDivisionError), durable.writing(path) as file:
        file.write(b"half" * (1 // len(b"")))
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_another_program_holds_is_tried_five_times_in_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, waited = tmp_path / "a.txt", list[float]()
    monkeypatch.setattr(time, "sleep", waited.append)
    really = os.replace
    monkeypatch.setattr(os, "replace", failing(4, really, held_by_another))
    durable.write(path, b"x")
    assert path.read_bytes() == b"x"
    assert sum(waited) == pytest.approx(1.0)
    monkeypatch.setattr(os, "replace", failing(5, really, held_by_another))
    with pytest.raises(UserError, match="un autre programme le tient ouvert"):
        durable.save(b"y", path)
    assert path.read_bytes() == b"x"
    assert "Fermez le programme" in durable.remedy(held_by_another())


def test_a_folder_that_refuses_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited = list[float]()
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(os, "replace", failing(9, os.replace, lambda: PermissionError(errno.EACCES, "no")))
    with pytest.raises(UserError, match="l’accès est refusé"):
        durable.save(b"x", tmp_path / "a.txt")
    assert waited == []


@posix
def test_both_the_file_and_the_names_of_its_folder_reach_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed = list[bool]()
    monkeypatch.setattr(os, "fsync", lambda number: flushed.append(stat.S_ISDIR(os.fstat(number).st_mode)))
    durable.write(tmp_path / "a.txt", b"x")
    assert flushed == [False, True]
    durable.copy(tmp_path / "a.txt", tmp_path / "b.txt")
    assert flushed == [False, True] * 2
    durable.fill(tmp_path / "c", {"1.txt": b"x", "2.txt": b"y"})
    assert flushed == [False, True] * 2 + [False, False, True]
    assert [path.read_bytes() for path in sorted((tmp_path / "c").iterdir())] == [b"x", b"y"]


@posix
def test_a_file_system_that_cannot_flush_a_folder_is_written_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = os.fsync

    def partly(number: int) -> None:
        if stat.S_ISDIR(os.fstat(number).st_mode):
            raise OSError(errno.EINVAL, "not on this one")
        really(number)

    monkeypatch.setattr(os, "fsync", partly)
    durable.write(tmp_path / "a.txt", b"x")
    assert (tmp_path / "a.txt").read_bytes() == b"x"


def test_on_macos_the_disk_is_asked_to_empty_its_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[int]()

    class Fcntl:
        F_FULLFSYNC = 51

        @staticmethod
        def fcntl(_number: int, command: int) -> None:
            asked.append(command)

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(durable, "fcntl", Fcntl, raising=False)
    durable.write(tmp_path / "a.txt", b"x")
    assert asked == [51, 51]


def test_what_killed_programs_left_is_removed_after_an_hour(tmp_path: Path) -> None:
    old, young, other = (tmp_path / name for name in (".1.qpvdesk-part", ".2.qpvdesk-part", ".3.part"))
    for path in (old, young, other):
        path.touch()
    os.utime(old, (time.time() - 4000,) * 2)
    durable.purge(tmp_path)
    assert sorted(tmp_path.iterdir()) == [young, other]


@pytest.fixture
def ordinary() -> int:
    """The rights that any new file gets here."""
    mask = os.umask(0o027)
    os.umask(mask)
    return 0o666 & ~mask


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_a_colleague_can_read_what_is_exported(tmp_path: Path, ordinary: int) -> None:
    from qpvdesk.services import colleagues
    from qpvdesk.services.contracts import contract_export

    with samples.new_base(tmp_path / "a.db") as base:
        review = desk_on(base, samples.DAY).review(None, samples.DAY)
        for name in ("etat.xlsx", "etat.ods", "etat.csv"):
            exports.export(base, review, tmp_path / name, content="etat", partner=None)
        contract_export.write(review.situation.dossier, tmp_path / "contrat.json")
        colleagues.prepare(desk_on(base, samples.DAY), tmp_path / "a.paquet")
    SettingsFile(tmp_path / "own").export(tmp_path / "reglages.json", Settings())
    made = [path for path in tmp_path.iterdir() if path.suffix not in {".db", ""}]
    assert len(made) == 6
    assert {path.name: rights(path) for path in made if rights(path) != ordinary} == {}


@posix
def test_the_officers_own_files_are_for_the_officer_alone(tmp_path: Path) -> None:
    folder = tmp_path / "qpvdesk"
    SettingsFile(folder).write(Settings(author="Déléguée"))
    drafts = Drafts(folder / "brouillons")
    drafts.keep("releve", {"valeur": "12"})
    drafts.flush()
    for path in (folder / "reglages.json", drafts.path("releve")):
        assert rights(path) == 0o600
    assert rights(folder) == 0o700


def test_a_draft_that_a_full_disk_refused_is_written_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was forgotten: who frees room and closes without typing more had what they had typed before."""
    drafts = Drafts(tmp_path)
    drafts.keep("releve", {"valeur": "1"})
    drafts.flush()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(durable, "write", full)
        drafts.keep("releve", {"valeur": "12"})
        drafts.keep("visite", {"texte": "mot"})
        drafts.flush()
        assert drafts.trouble is not None
        assert json.loads(drafts.path("releve").read_bytes()) == {"valeur": "1"}
    drafts.drop("visite")
    drafts.flush()
    assert json.loads(drafts.path("releve").read_bytes()) == {"valeur": "12"}
    assert drafts.trouble is None
    assert drafts.names() == ("releve",)


def test_a_file_is_read_within_a_bound_and_a_refusal_says_how_heavy_it_is(tmp_path: Path) -> None:
    path = tmp_path / "lot.json"
    path.write_bytes(b"x" * 2_100_000)
    assert durable.read_within(path, 2_100_000, "") == path.read_bytes()
    with pytest.raises(UserError) as heavy:
        durable.read_within(path, 2_099_999, "Gardez-en moins.", unchanged="Rien n’a changé.")
    assert heavy.value.message == "«\u202flot.json\u202f» est trop lourd\u202f: 2,1\u00a0Mo. Rien n’a changé."
    assert heavy.value.remedy == "Gardez-en moins."
    path.unlink()
    with pytest.raises(UserError, match=r"il n’existe pas\. Rien n’a changé\."):
        durable.read_within(path, 1, "", unchanged="Rien n’a changé.")
