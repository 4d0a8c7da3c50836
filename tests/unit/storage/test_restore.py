"""Restoring: said before, checked first, and itself undoable."""

from __future__ import annotations

import contextlib
import random
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk import durable
from qpvdesk.domain.errors import UserError
from qpvdesk.services.care import safety
from qpvdesk.storage import lock, maintenance, opening
from qpvdesk.storage.authors import ForeignBaseError
from qpvdesk.storage.care import backup, restore
from qpvdesk.storage.engine import sqlite3
from tests.unit.storage import samples

NOW = datetime(2026, 6, 30, 12)
BASES = Path(__file__).parents[2] / "reference"


@pytest.fixture
def saved(path: Path) -> Path:
    """A backup, then one act more in the base."""
    with samples.new_base(path) as base:
        made = maintenance.backup(base).path
        with base.unit("Relevé BPI-O01") as unit:
            unit.put(replace(samples.MEASUREMENT, key="m9", comment="après"))
    return made


def figures(path: Path) -> int:
    with opening.open_base(path, read_only=True) as base:
        assert maintenance.check(base) == []
        return len(base.dossier("contract1").measurements)


def test_the_preview_says_what_would_be_lost_and_changes_nothing(path: Path, saved: Path) -> None:
    before = path.read_bytes()
    seen = restore.preview(path, saved)
    assert (seen.backup.figures, seen.present and seen.present.figures) == (2, 3)
    assert seen.lost == ("Relevé BPI-O01",)
    assert seen.present is not None
    assert seen.present.last_act == "Relevé BPI-O01"
    assert "1 acte ne figure pas dans la sauvegarde\u202f:" in safety.sentences(seen)
    assert path.read_bytes() == before


def test_a_restore_can_itself_be_undone(path: Path, saved: Path) -> None:
    done = restore.restore(path, saved, now=NOW)
    assert figures(path) == 2
    assert done.kept is not None
    assert restore.preview(path, done.kept).lost == ()
    restore.restore(path, done.kept, now=NOW)
    assert figures(path) == 3


def test_a_damaged_base_is_set_aside_to_the_byte(path: Path, saved: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])
    damaged = path.read_bytes()
    (path.parent / (path.name + "-journal")).write_bytes(b"leftover" * 200)
    assert restore.preview(path, saved).present is None
    done = restore.restore(path, saved, now=NOW)
    assert done.kept is not None
    assert done.kept.read_bytes() == damaged
    assert figures(path) == 2


def test_an_absent_base_comes_back(path: Path, saved: Path) -> None:
    path.unlink()
    assert restore.restore(path, saved, now=NOW).kept is None
    assert figures(path) == 2


def test_a_flipped_bit_is_never_restored(path: Path, saved: Path) -> None:
    before, whole = path.read_bytes(), saved.read_bytes()
    chance = random.Random(2030)
    for _ in range(20):
        place = chance.randrange(len(whole))
        saved.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        )
        with pytest.raises(UserError, match="abîmée"):
            restore.restore(path, saved, now=NOW)
    assert path.read_bytes() == before


def test_a_backup_without_its_fingerprint_is_refused(path: Path, saved: Path) -> None:
    backup.fingerprint_of(saved).unlink()
    with pytest.raises(UserError, match="empreinte"):
        restore.restore(path, saved, now=NOW)


@pytest.mark.parametrize(
    "content", [b"", b"Un texte.", b"PK\x03\x04" + bytes(200), b"SQLite format 3\0" + bytes(200)]
)
def test_what_is_no_base_is_said_to_be_none_before_its_fingerprint_is_asked_for(
    path: Path, content: bytes
) -> None:
    samples.new_base(path).close()
    chosen = path.parent / "note.db"
    chosen.write_bytes(content)
    before = path.read_bytes()
    for refuse in (restore.preview, lambda base, one: restore.restore(base, one, now=NOW)):
        with pytest.raises(UserError, match=r"n’est pas une base qpvdesk.*note.db.*Rien n’a été restauré"):
            refuse(path, chosen)
    assert path.read_bytes() == before


def test_the_open_base_is_not_said_to_be_none(path: Path) -> None:
    with samples.new_base(path), pytest.raises(UserError, match="n’a pas son empreinte"):
        restore.preview(path, path)


def test_a_base_open_elsewhere_is_not_replaced(path: Path, saved: Path) -> None:
    with opening.open_base(path), pytest.raises(lock.AlreadyOpenError):
        restore.restore(path, saved, now=NOW)
    assert figures(path) == 3
    assert not [one for one in path.parent.iterdir() if "restauration" in one.name]


def test_a_backup_of_a_foreign_identifier_is_not_put_in_place(path: Path, saved: Path) -> None:
    with contextlib.closing(sqlite3.connect(saved)) as connection, connection:
        connection.execute("UPDATE meta SET value = '../cle' WHERE name = 'base'")
    backup.fingerprint_of(saved).write_text(f"{durable.sha256_of(saved)}  {saved.name}\n")
    before = path.read_bytes()
    for refused in (lambda: restore.preview(path, saved), lambda: restore.restore(path, saved, now=NOW)):
        with pytest.raises(ForeignBaseError):
            refused()
    assert path.read_bytes() == before


def test_what_cannot_be_read_is_not_restored(path: Path, saved: Path) -> None:
    with contextlib.closing(sqlite3.connect(saved)) as connection, connection:
        connection.execute("UPDATE act SET label = CAST(x'ff3c' AS TEXT)")
    backup.sign(saved, saved)
    before = path.read_bytes()
    with pytest.raises(UserError, match="est abîmée"):
        restore.restore(path, saved, now=NOW)
    assert path.read_bytes() == before
