"""The one door to the resources opens from a checkout and from an installed wheel, and never outwards."""

from __future__ import annotations

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
