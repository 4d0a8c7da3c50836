"""The window, as a process: it starts, it needs a display, it opens no socket, it imports little."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qpvdesk import system_libraries
from tests.helpers.process import ROOT, qpvdesk

FIRST_PAINT = """
import json, sys
from pathlib import Path
sockets = []
sys.addaudithook(lambda event, args: sockets.append(event) if event.startswith("socket.") else None)
from tests.helpers.first_paint import open_and_paint
open_and_paint(Path(sys.argv[1]))
print(json.dumps({"modules": sorted(sys.modules), "sockets": sockets}))
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fenetre") / "base.db"
    assert qpvdesk("init", "--base", str(path)).returncode == 0
    return path


def test_the_first_paint_imports_little_and_opens_no_socket(base: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT, str(base)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    seen = json.loads(ran.stdout.splitlines()[-1])
    heavy = {
        "numpy", "reportlab", "sqlite_utils", "openpyxl", "click", "PIL", "tomllib", "PySide6.QtNetwork", "_hashlib",
        "cryptography", "qpvdesk.reports.chapters", "qpvdesk.services.care.sealing",
        "qpvdesk.services.care.safety", "qpvdesk.storage.rescue",
    }  # fmt: skip
    assert heavy & set(seen["modules"]) == set()
    assert seen["sockets"] == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only X11 and Wayland can lack a display")
def test_no_display_is_one_sentence_and_status_one(base: Path) -> None:
    environment = {"QT_QPA_PLATFORM": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    ran = qpvdesk("--base", str(base), environment=environment)
    assert ran.returncode == 1
    assert len(ran.stderr.strip().splitlines()) == 1
    assert "écran" in ran.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only X11 can have an unreachable display")
def test_an_unreachable_display_is_one_sentence_and_status_one(base: Path) -> None:
    environment = {"QT_QPA_PLATFORM": "", "DISPLAY": ":987", "WAYLAND_DISPLAY": ""}
    ran = qpvdesk("--base", str(base), environment=environment)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    # A machine without a desktop has no library of X11 either: then those are what is named.
    missing = system_libraries.missing({"DISPLAY": ":987"})
    assert (
        "apt-get install " + " ".join(missing) if missing else "l’écran déclaré ne répond pas"
    ) in ran.stderr


def test_the_window_has_one_style_on_every_system() -> None:
    code = "from qpvdesk import app; print(app.made_application().style().name())"
    elsewhere = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_STYLE_OVERRIDE": "windows"}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=elsewhere, check=True
    )
    assert ran.stdout.split() == ["fusion"]
