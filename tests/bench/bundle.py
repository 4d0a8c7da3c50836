"""Lines 12 and 13: what the bundle costs, in start and in size. Both bundles are built here, which takes a minute."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.bench.bases import Bases
from tests.bench.measure import ROOT, Line, paired, process, version
from tests.bench.start import told
from tests.bench.synthetic import ONE_CONTRACT

_NAIVE = """
import click, docx, platformdirs, pypdfium2, python_calamine, reportlab.platypus, sqlite_utils, xlsxwriter
from PySide6 import QtCharts, QtGui, QtPrintSupport, QtSvg, QtWidgets
"""
"""What the program imports, with a chart library, packed as it comes."""


def lines(bases: Bases) -> Iterator[object]:
    """Yield the lines: the bundle's window opened and closed, its `etat` and its paper, against the environment's."""
    folder, base = bases.folder, bases.of(ONE_CONTRACT)
    ours = _built(folder / "ours", [str(ROOT / "build.spec")])
    bundled = [str(ours / "qpvdesk" / "qpvdesk")]
    here = [sys.executable, "-m", "qpvdesk"]
    yardstick = "the same from the environment"
    yield Line(
        "12",
        "bundle: process to the base opened behind its window",
        yardstick,
        paired(_opened(bundled, base), _opened(here, base)),
        1.05,
    )
    paper = ["rapport", "--base", str(base), "--modele", "copil", "--sortie", str(folder / "b.pdf")]
    for what, asked in (("etat", ["etat", "--base", str(base)]), ("rapport copil", paper)):
        pair = paired(process(asked, bundled), process(asked, here))
        yield Line("12", f"bundle: {what}", yardstick, pair, 1.05)
    script = folder / "naive.py"
    script.write_text(_NAIVE, encoding="utf-8")
    resources = f"{ROOT / 'resources'}{os.pathsep}resources"
    naive = _built(
        folder / "naive", ["--onedir", "--specpath", str(folder), "--add-data", resources, str(script)]
    )
    sizes = (_size(ours) / 1e6, _size(naive) / 1e6)
    yield told("13", "bundle: size, MB", sizes, 0.5, f"naive bundle with QtCharts, {version('pyinstaller')}")


def _built(folder: Path, arguments: Sequence[str]) -> Path:
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    place = ["--distpath", str(folder), "--workpath", str(folder) + "-work"]
    subprocess.run([*command, *place, *arguments], check=True, cwd=ROOT, capture_output=True)
    shutil.rmtree(str(folder) + "-work")
    return folder


def _opened(command: Sequence[str], base: Path) -> Callable[[], object]:
    """Return what starts a process and ends it once it has locked the base it opens, behind a painted window."""
    lock = base.parent / f"{base.name}.verrou"
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def run() -> None:
        window = subprocess.Popen(
            [*command, "--base", str(base)], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
        )
        try:
            while not lock.exists():
                if window.poll() is not None:
                    raise RuntimeError(f"the window ended at once: {window.returncode}")
                time.sleep(0.005)
        finally:
            window.terminate()
            window.wait(10)
            lock.unlink(missing_ok=True)

    return run


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
