"""The program in a desktop's menu: written for one user, taken back whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpvdesk.domain.errors import UserError
from qpvdesk.services import integration
from tests.helpers.process import qpvdesk

PROGRAM = ["/home/officier/Mes programmes/qpvdesk é/qpvdesk"]


def nothing(_arguments: list[str]) -> None:
    """A desktop without tools."""


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_is_written_names_the_program_and_goes_away_again(tmp_path: Path) -> None:
    ran: list[list[str]] = []
    said = integration.write_entries(PROGRAM, tmp_path, ran.append)
    assert "double-clic" in said
    assert files(tmp_path) == {
        "applications/qpvdesk.desktop",
        "mime/packages/qpvdesk-mime.xml",
        "metainfo/fr.qpvdesk.qpvdesk.metainfo.xml",
        "icons/hicolor/256x256/apps/qpvdesk.png",
    }
    entry = (tmp_path / "applications" / "qpvdesk.desktop").read_text(encoding="utf-8")
    assert f'Exec="{PROGRAM[0]}" %f\n' in entry
    assert entry.count("Exec=") == 1
    assert ["update-mime-database", str(tmp_path / "mime")] in ran
    assert ["xdg-mime", "default", "qpvdesk.desktop", "application/vnd.qpvdesk"] in ran
    assert "n’est plus dans le menu" in integration.remove_entries(tmp_path, nothing)
    assert files(tmp_path) == set()
    integration.remove_entries(tmp_path, nothing)


@pytest.mark.skipif(not shutil.which("gio"), reason="no desktop here")
def test_the_desktop_starts_it_on_the_file(tmp_path: Path) -> None:
    """GLib reads the entry as a desktop does, and starts what it names."""
    # GLib itself fails on a program whose path holds a « % ».
    folder = tmp_path / 'un "drôle" de $dossier'
    folder.mkdir()
    told = tmp_path / "ouvert"
    os.mkfifo(told)
    program = folder / "qpvdesk"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$1" > "{told}"\n')
    program.chmod(0o755)
    integration.write_entries([str(program)], tmp_path / "donnees", nothing)
    base = tmp_path / "ma base.db"
    base.touch()
    subprocess.run(
        ["gio", "launch", str(tmp_path / "donnees" / "applications" / "qpvdesk.desktop"), str(base)],
        check=True,
        # What it starts would hold a pipe open until it is read below.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=300,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    read = subprocess.run(["cat", str(told)], capture_output=True, text=True, timeout=300, check=True)
    assert read.stdout == str(base)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_no_name_of_a_folder_breaks_the_line(name: str) -> None:
    quoted = integration._quoted(name)
    assert "\n" not in quoted
    if quoted != name:
        # Undone in the order of the standard: the text of the file first, then the quotes.
        inner = quoted[1:-1].replace("%%", "%").replace("\\\\", "\\")
        read, escaped = "", False
        for sign in inner:
            if sign == "\\" and not escaped:
                escaped = True
                continue
            read, escaped = read + sign, False
        assert read == name


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "fichier").touch()
    with pytest.raises(UserError, match="ne peut pas être modifié"):
        integration.write_entries(PROGRAM, tmp_path / "fichier", nothing)


@pytest.mark.parametrize(("given_there", "found"), [("/x/y", "/x/y"), ("relatif", None), ("", None)])
def test_the_user_s_data(given_there: str, found: str | None) -> None:
    expected = Path(found) if found else Path.home() / ".local" / "share"
    assert integration.data_folder({"XDG_DATA_HOME": given_there}) == expected


class FakeRegistry:
    """Keys and values in memory."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}
        self.announced: list[int] = []

    def write(self, key: str, name: str, value: str) -> None:
        self.held[key, name] = value

    def remove(self, key: str) -> None:
        self.held = {
            (one, name): value
            for (one, name), value in self.held.items()
            if one != key and not one.startswith(key + "\\")
        }

    def remove_value(self, key: str, name: str) -> None:
        self.held.pop((key, name), None)

    def announce(self) -> None:
        self.announced.append(len(self.held))


def test_windows_opens_its_bases_and_leaves_other_db_files_alone() -> None:
    registry = FakeRegistry()
    registry.write(r"Software\Classes\.db", "", "autre.programme")
    integration.register([r"C:\Mes outils\qpvdesk\qpvdesk.exe"], registry)
    classes = r"Software\Classes"
    assert registry.held[rf"{classes}\.qpvdesk", ""] == "qpvdesk.base"
    assert (
        registry.held[rf"{classes}\qpvdesk.base\shell\open\command", ""]
        == r'"C:\Mes outils\qpvdesk\qpvdesk.exe" "%1"'
    )
    assert registry.held[rf"{classes}\.db", ""] == "autre.programme"
    assert all(key.startswith(classes) for key, _ in registry.held)
    assert registry.announced == [len(registry.held)]
    integration.unregister(registry)
    assert registry.held == {(rf"{classes}\.db", ""): "autre.programme"}
    # The desktop is told once all is written, and once all is removed.
    assert registry.announced[1:] == [1]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the folders of a Linux desktop")
def test_the_command(tmp_path: Path) -> None:
    there = {
        "XDG_DATA_HOME": str(tmp_path / "d"),
        "XDG_CONFIG_HOME": str(tmp_path / "c"),
        "HOME": str(tmp_path),
    }
    assert "menu de votre session" in qpvdesk("bureau", environment=there).stdout
    assert (tmp_path / "d" / "applications" / "qpvdesk.desktop").is_file()
    assert "n’est plus" in qpvdesk("bureau", "--retirer", environment=there).stdout
    assert not (tmp_path / "d" / "applications" / "qpvdesk.desktop").exists()
