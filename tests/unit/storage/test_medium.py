"""What a base stands on, told from what the system says; nothing is guessed beyond it."""

from __future__ import annotations

import ctypes
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qpvdesk.services import base_medium
from qpvdesk.storage.care import medium
from qpvdesk.storage.care.medium import Medium

MOUNTS = r"""21 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
22 21 0:20 / /proc rw shared:2 - proc proc rw
30 21 8:17 / /media/officier/CLE\040USB rw,nosuid shared:3 - vfat /dev/sdb1 rw,uid=1000
31 21 8:33 / /media/officier/carte rw shared:4 - exfat /dev/mmcblk0p1 rw
32 21 0:44 / /mnt/partage rw shared:5 - cifs //serveur/commun rw
33 21 254:2 / /home rw shared:6 - ext4 /dev/vda2 rw
34 33 0:50 / /home/officier/reseau rw shared:7 - fuse.sshfs serveur: rw
35 21 8:1 / /media/officier/parti rw - ext4 /dev/sda1 rw
36 35 0:51 / /media/officier/parti rw - nfs4 serveur:/x rw
"""


@pytest.fixture
def devices(tmp_path: Path) -> Path:
    """`/sys/dev/block` as Linux lays it out: links to where each device hangs."""
    blocks = tmp_path / "block"
    blocks.mkdir()
    for number, place, removable in (
        ("254:1", "pci0/vda/vda1", "0"),
        ("254:2", "pci0/vda/vda2", "0"),
        ("8:17", "pci0/usb1/1-1/sdb/sdb1", "0"),
        ("8:33", "pci0/mmc0/mmcblk0/mmcblk0p1", "1"),
    ):
        real = tmp_path / "devices" / place
        real.mkdir(parents=True)
        (real.parent / "removable").write_text(removable)
        (blocks / number).symlink_to(real)
    return blocks


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/var/base.db", Medium.DISK),
        ("/home/officier/base.db", Medium.DISK),
        ("/media/officier/CLE USB/base.db", Medium.REMOVABLE),
        ("/media/officier/carte/dossier/base.db", Medium.REMOVABLE),
        ("/media/officier/autre/base.db", Medium.DISK),
        ("/mnt/partage/base.db", Medium.NETWORK),
        ("/mnt/partagee/base.db", Medium.DISK),
        ("/home/officier/reseau/base.db", Medium.NETWORK),
        ("/media/officier/parti/base.db", Medium.NETWORK),
    ],
)
def test_the_nearest_mount_says(devices: Path, path: str, found: Medium) -> None:
    assert medium.mounted(path, MOUNTS, devices) is found


def test_a_mount_is_told_in_five_words_at_least() -> None:
    found = [
        medium.mounted("/x/base.db", f"{words} - nfs4 s:/x rw") for words in ("1 2 0:1 / /x", "1 2 0:1 /")
    ]
    assert found == [Medium.NETWORK, Medium.DISK]


@pytest.mark.parametrize(
    ("path", "drive", "found"),
    [
        (r"C:\Contrats\base.db", 3, Medium.DISK),
        (r"E:\base.db", 2, Medium.REMOVABLE),
        (r"F:\base.db", 5, Medium.REMOVABLE),
        (r"Z:\base.db", 4, Medium.NETWORK),
        (r"X:\base.db", 1, Medium.DISK),
        (r"\\serveur\commun\base.db", 3, Medium.NETWORK),
    ],
)
def test_windows_says_what_each_of_its_drives_is(
    monkeypatch: pytest.MonkeyPatch, path: str, drive: int, found: Medium
) -> None:
    asked = PureWindowsPath(path)
    kernel = SimpleNamespace(GetDriveTypeW=lambda top: drive if top == asked.anchor else 0)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert medium._on_windows(cast(Path, asked)) is found


@given(st.text())
def test_whatever_the_system_says_nothing_breaks(text: str) -> None:
    assert medium.mounted("/home/x/base.db", text, Path("/nowhere")) in set(Medium)


@pytest.mark.parametrize(
    ("folder", "mark", "variable"),
    [
        ("OneDrive - Préfecture", "", ""),
        ("Resana", "", ""),
        ("Nuage", ".sync_1a2b3c.db", ""),
        ("Nuage", "._sync_1a2b3c.db", ""),
        ("Nuage", ".nextcloudsync.log", ""),
        ("Travail", "", "OneDriveCommercial"),
    ],
)
def test_a_folder_that_is_synchronised_is_recognised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, mark: str, variable: str
) -> None:
    top = tmp_path / folder
    (top / "contrat").mkdir(parents=True)
    if mark:
        (top / mark).touch()
    if variable:
        monkeypatch.setenv(variable, str(top))
    assert medium.of(top / "contrat" / "base.db") is Medium.SYNCED
    assert medium.of(tmp_path / "autre" / "base.db") is not Medium.SYNCED


def test_a_base_that_is_not_there_yet_stands_where_its_folder_would(tmp_path: Path) -> None:
    assert medium.of(tmp_path / "pas" / "encore" / "base.db") is medium.of(tmp_path)


def test_the_shell_says_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from qpvdesk import cli

    for found, words in ((Medium.REMOVABLE, "support amovible"), (Medium.NETWORK, "dossier de réseau")):
        monkeypatch.setattr(medium, "of", lambda _path, found=found: found)
        assert cli.run(["etat", "--base", "/media/x/absente.db"]) == 1
        lines = capsys.readouterr().err.splitlines()
        assert [words in line for line in lines].count(True) == 1
    monkeypatch.setattr(medium, "of", lambda _path: Medium.DISK)
    assert base_medium.warning(Path("x.db")) == ""
