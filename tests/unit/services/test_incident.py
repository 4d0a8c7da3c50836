"""The report of an incident: whole, sound to send, and never over another file."""

from __future__ import annotations

import getpass
import platform
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from qpvdesk import log
from qpvdesk.domain.errors import UserError
from qpvdesk.services.care import incident
from tests.unit.storage import samples

NOW = datetime(2026, 6, 30, 9, 5)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "journaux"
    folder.mkdir()
    return folder


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "madame-durand.db"
    samples.new_base(path).close()
    return path


def contents(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_it_tells_versions_the_state_of_the_base_and_the_logs(base: Path, logs: Path, tmp_path: Path) -> None:
    for name in (log.NAME, f"{log.NAME}.1", log.CRASHES, "autre.txt"):
        (logs / name).write_text(f"{name} WARNING\n", encoding="utf-8")
    names = incident.prepare(tmp_path / "incident.zip", base=base, logs=logs, now=NOW)
    held = contents(tmp_path / "incident.zip")
    assert names == tuple(held)
    assert set(held) == {"LISEZMOI.txt", "versions.txt", "base.txt", log.NAME, f"{log.NAME}.1", log.CRASHES}
    assert "Rapport du 30/06/2026 à 09:05" in held["versions.txt"]
    assert "Base saine." in held["base.txt"]
    assert "0 sauvegarde" in held["base.txt"]


def test_nobody_and_no_machine_is_named(base: Path, logs: Path, tmp_path: Path) -> None:
    secrets = [base.stem, str(base), str(base.parent), str(Path.home() / "Documents")]
    secrets += [name for name in (platform.node(), getpass.getuser()) if len(name) > 4]
    (logs / log.CRASHES).write_text("\n".join(secrets), encoding="utf-8")
    incident.prepare(tmp_path / "incident.zip", base=base, logs=logs, now=NOW)
    told = "\n".join(
        text for name, text in contents(tmp_path / "incident.zip").items() if name != "LISEZMOI.txt"
    )
    assert [secret for secret in secrets if secret in told] == []
    assert "qpvdesk" in told


def test_a_base_that_is_not_sound_is_told_without_its_name(base: Path, logs: Path, tmp_path: Path) -> None:
    content = bytearray(base.read_bytes())
    content[4096:20480] = bytes(16384)
    base.write_bytes(content)
    incident.prepare(tmp_path / "abimee.zip", base=base, logs=logs, now=NOW)
    assert "1 défaut" in contents(tmp_path / "abimee.zip")["base.txt"]
    incident.prepare(tmp_path / "absente.zip", base=tmp_path / "nulle-part.db", logs=logs, now=NOW)
    told = contents(tmp_path / "absente.zip")["base.txt"]
    assert "Elle ne s’ouvre pas" in told
    assert "nulle-part" not in told


def test_no_file_is_replaced_and_none_is_half_written(base: Path, logs: Path, tmp_path: Path) -> None:
    target = tmp_path / "incident.zip"
    target.write_text("à moi")
    with pytest.raises(UserError, match="existe déjà"):
        incident.prepare(target, base=base, logs=logs, now=NOW)
    assert target.read_text() == "à moi"
    with pytest.raises(UserError, match="ne peut pas être écrit"):
        incident.prepare(target / "dedans.zip", base=base, logs=logs, now=NOW)
