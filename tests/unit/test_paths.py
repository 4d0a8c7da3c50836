"""The one door to the resources opens from a checkout and from an installed wheel, and never outwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from qpvdesk import paths
from tests.helpers.process import ROOT


def test_a_resource_is_found_from_a_checkout() -> None:
    assert paths.resource("fonts/IBMPlexSans-Regular.ttf").is_file()
    assert paths.resource("contracts/lens-lievin/contrat.toml").is_file()


@pytest.mark.parametrize("name", ["../pyproject.toml", "fonts/../../README.md", "/etc/passwd"])
def test_a_name_that_leads_outside_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="outside"):
        paths.resource(name)


def test_a_resource_that_is_not_there_is_a_bug_of_ours() -> None:
    with pytest.raises(FileNotFoundError):
        paths.resource("fonts/Marianne.ttf")


def test_the_officer_s_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QPVDESK_DOSSIER", str(tmp_path))
    assert paths.user_base() == tmp_path / "qpvdesk.db"


def frozen(monkeypatch: pytest.MonkeyPatch, executable: Path) -> None:
    """Make the program believe that it is a bundle."""
    executable.parent.mkdir(parents=True)
    executable.touch()
    monkeypatch.delenv("QPVDESK_DOSSIER", raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(executable))


def test_a_marker_beside_the_bundle_keeps_the_data_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    frozen(monkeypatch, tmp_path / "cle" / "qpvdesk")
    usual = paths.user_folder()
    assert not usual.is_relative_to(tmp_path)
    (tmp_path / "cle" / "qpvdesk-portable.txt").touch()
    assert paths.user_folder() == tmp_path / "cle" / "donnees"
    assert paths.user_base() == tmp_path / "cle" / "donnees" / "qpvdesk.db"
    monkeypatch.setenv("QPVDESK_DOSSIER", str(tmp_path / "autre"))
    assert paths.user_folder() == tmp_path / "autre"


def test_on_macos_the_marker_stands_beside_the_application(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    frozen(monkeypatch, tmp_path / "cle" / "qpvdesk.app" / "Contents" / "MacOS" / "qpvdesk")
    (tmp_path / "cle" / "qpvdesk-portable.txt").touch()
    assert paths.portable_folder() == tmp_path / "cle" / "donnees"


def test_a_portable_checkout_makes_its_base_beside_itself(tmp_path: Path) -> None:
    checkout = tmp_path / "depot"
    checkout.mkdir()
    (checkout / "resources").symlink_to(ROOT / "resources")
    # A link would be followed to the real checkout: the package itself has to be there.
    shutil.copytree(ROOT / "qpvdesk", checkout / "qpvdesk", ignore=shutil.ignore_patterns("__pycache__"))
    (checkout / "qpvdesk-portable.txt").touch()
    environment = {name: value for name, value in os.environ.items() if name != "QPVDESK_DOSSIER"}
    ran = subprocess.run(
        [sys.executable, "-m", "qpvdesk", "init"],
        capture_output=True,
        text=True,
        cwd=checkout,
        env={**environment, "PYTHONPATH": str(checkout)},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert (checkout / "donnees" / "qpvdesk.db").is_file()


def test_a_wheel_carries_the_resources_and_finds_them(tmp_path: Path) -> None:
    """Lay the package out as the wheel does (see pyproject: `resources` becomes `qpvdesk/_resources`)."""
    wheel = tmp_path / "wheel.zip"
    with zipfile.ZipFile(wheel, "w") as bundle:
        for path in (ROOT / "qpvdesk").rglob("*.py"):
            bundle.write(path, Path("qpvdesk") / path.relative_to(ROOT / "qpvdesk"))
        for path in (ROOT / "resources" / "contracts").rglob("*.toml"):
            bundle.write(path, Path("qpvdesk/_resources") / path.relative_to(ROOT / "resources"))
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as bundle:
        bundle.extractall(site)
    code = "from qpvdesk import paths; print(paths.resource('contracts/lens-lievin/BPI.toml'))"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(site)},
        check=True,
    )
    assert Path(ran.stdout.strip()).is_relative_to(site)
