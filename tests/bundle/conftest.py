"""The bundle, built once, moved elsewhere and run with an empty environment: `make bundle-test`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.process import ROOT

BUILT = "QPVDESK_BUNDLE"
"""A bundle that is built already; what is not known is built."""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the bundle, in a place whose name is long, accented and spaced."""
    place = tmp_path_factory.mktemp("ailleurs") / "Mes programmes é" / ("long " * 20).strip() / "qpvdesk"
    place.parent.mkdir(parents=True)
    given = os.environ.get(BUILT)
    if given:
        shutil.copytree(given, place, symlinks=True)
        return place
    pytest.importorskip("PyInstaller")
    work = tmp_path_factory.mktemp("construction")
    made = subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm"),
            *("--distpath", str(work / "dist"), "--workpath", str(work / "build"), "build.spec"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert made.returncode == 0, made.stderr[-4000:]
    shutil.move(work / "dist" / "qpvdesk", place)
    shutil.rmtree(work)
    return place


@pytest.fixture(scope="session")
def program(bundle: Path) -> Path:
    """The program itself."""
    return bundle / ("qpvdesk.exe" if sys.platform == "win32" else "qpvdesk")


@pytest.fixture
def empty(tmp_path: Path) -> dict[str, str]:
    """An environment with nothing in it but a home and, on Windows, what no process starts without."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
    (tmp_path / "maison").mkdir()
    return {**kept, "HOME": str(tmp_path / "maison"), "USERPROFILE": str(tmp_path / "maison")}


@pytest.fixture
def run(program: Path, empty: dict[str, str], tmp_path: Path) -> Run:
    """Run a command of the bundle; it must do what is asked."""

    def ran(*arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(program), *arguments],
            cwd=tmp_path,
            env=empty,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert done.returncode == status, (arguments, done.stdout[-1000:], done.stderr[-2000:])
        return done

    return ran
