"""Lines 12 and 13: what the bundle costs, in start and in size. Both bundles are built here, which takes a minute."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import ROOT, Line

_RUNS = 5
_NAIVE = """
import click, docx, pikepdf, platformdirs, pypdfium2, python_calamine, reportlab.platypus, sqlite_utils, xlsxwriter
from PySide6 import QtCharts, QtGui, QtPrintSupport, QtSvg, QtWidgets
"""
"""What the program imports, with a chart library, packed as it comes."""


@dataclass(frozen=True, slots=True)
class SizeLine(Line):
    """A line of the table in megabytes."""

    def __str__(self) -> str:
        assert self.theirs is not None
        return (
            f"{self.number:>4}  {self.what:<58} {self.ours / 1e6:10.1f} MB {self.theirs / 1e6:10.1f} MB"
            f"  {self.ours / self.theirs:6.2f}  {self.goal:<8} {self.yardstick}"
        )


def lines(folder: Path, base: Path) -> Iterator[Line]:
    """Yield the lines; `base` is the one that is opened."""
    try:
        import PyInstaller  # noqa: F401
    except ImportError:
        print("  12  PyInstaller is not installed: lines 12 and 13 left out", flush=True)
        return
    ours = _built(folder / "ours", [str(ROOT / "build.spec")])
    bundled = [str(ours / "qpvdesk" / "qpvdesk")]
    here = [sys.executable, "-m", "qpvdesk"]
    _opened(bundled, base), _opened(here, base)
    pairs = [(_opened(bundled, base), _opened(here, base)) for _ in range(_RUNS)]
    yield Line(
        "12",
        "bundle: process to the base opened behind its window",
        "the same from the environment",
        statistics.median(pair[0] for pair in pairs),
        statistics.median(pair[1] for pair in pairs),
        "≤ 1.2",
    )
    script = folder / "naive.py"
    script.write_text(_NAIVE, encoding="utf-8")
    resources = f"{ROOT / 'resources'}{os.pathsep}resources"
    naive = _built(
        folder / "naive", ["--onedir", "--specpath", str(folder), "--add-data", resources, str(script)]
    )
    yield SizeLine(
        "13", "bundle: size", "naive bundle with a chart library", _size(ours), _size(naive), "≤ 0.6"
    )


def _built(folder: Path, arguments: Sequence[str]) -> Path:
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    place = ["--distpath", str(folder), "--workpath", str(folder) + "-work"]
    subprocess.run([*command, *place, *arguments], check=True, cwd=ROOT, capture_output=True)
    shutil.rmtree(str(folder) + "-work")
    return folder


def _opened(command: Sequence[str], base: Path) -> float:
    """Return the seconds from the start of a process to the lock of the base it opens, behind a painted window."""
    lock = base.parent / f"{base.name}.verrou"
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    window = subprocess.Popen(
        [*command, "--base", str(base)], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        while not lock.exists():
            if window.poll() is not None:
                raise RuntimeError(f"the window ended at once: {window.returncode}")
            time.sleep(0.001)
        return time.perf_counter() - start
    finally:
        window.terminate()
        window.wait(10)
        lock.unlink(missing_ok=True)


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
