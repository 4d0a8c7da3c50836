"""What Qt loads from the system: the table is whole, is read before Qt is imported, and gives one command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from qpvdesk import app, system_libraries
from qpvdesk.domain.errors import UserError
from tests.helpers.process import ROOT

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Qt brings its own")

LIBRARIES = system_libraries.OFFSCREEN | system_libraries.X11 | system_libraries.WAYLAND
ALWAYS_THERE = re.compile(
    # The C and C++ libraries and zlib are in every Debian; glib's threads come with glib; Qt brings itself and ICU.
    r"lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+|z|zstd|gthread-2\.0)\.so|libQt6|libicu|libpyside6|libshiboken6"
)


def asked_for(pattern: str) -> set[str]:
    """Return the libraries that files of Qt name in their table of what they need, other than what is always there."""
    folder = Path(PySide6.__file__).parent / "Qt"
    names: set[str] = set()
    for path in folder.glob(pattern):
        for name in re.findall(rb"\0(lib[\w.+-]+\.so\.\d+)(?=\0)", path.read_bytes()):
            names.add(name.decode())
    return {name for name in names if not ALWAYS_THERE.match(name)}


@pytest.mark.parametrize(
    ("pattern", "table"),
    [
        ("lib/libQt6Gui.so.6", system_libraries.OFFSCREEN),
        ("lib/libQt6Widgets.so.6", system_libraries.OFFSCREEN),
        ("lib/libQt6DBus.so.6", system_libraries.OFFSCREEN),
        ("plugins/platforms/libqoffscreen.so", system_libraries.OFFSCREEN),
        ("lib/libQt6XcbQpa.so.6", system_libraries.OFFSCREEN | system_libraries.X11),
        ("plugins/platforms/libqxcb.so", system_libraries.OFFSCREEN | system_libraries.X11),
        ("lib/libQt6WaylandClient.so.6", system_libraries.OFFSCREEN | system_libraries.WAYLAND),
        ("plugins/platforms/libqwayland.so", system_libraries.OFFSCREEN | system_libraries.WAYLAND),
    ],
)
def test_what_qt_asks_for_is_in_the_table(pattern: str, table: dict[str, str]) -> None:
    asked = asked_for(pattern)
    assert asked
    assert asked - table.keys() == set()


@pytest.mark.parametrize(
    ("environment", "absent", "packages"),
    [
        ({}, {"libGL.so.1", "libxcb-cursor.so.0"}, ["libgl1"]),
        ({"DISPLAY": ":0"}, {"libGL.so.1", "libxcb-cursor.so.0"}, ["libgl1", "libxcb-cursor0"]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, {"libxcb-cursor.so.0"}, []),
        ({"WAYLAND_DISPLAY": "wayland-0"}, {"libwayland-client.so.0"}, ["libwayland-client0"]),
        # Qt goes on to the other screen: the one that lacks least is enough.
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, {"libwayland-client.so.0"}, []),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, {"libxcb-cursor.so.0"}, []),
        (
            {"DISPLAY": ":0"},
            set(LIBRARIES),
            [*system_libraries.OFFSCREEN.values(), *system_libraries.X11.values()],
        ),
    ],
)
def test_what_is_missing_depends_on_the_screen(
    environment: dict[str, str], absent: set[str], packages: list[str]
) -> None:
    assert system_libraries.missing(environment, is_there=lambda name: name not in absent) == packages


def test_a_bundle_takes_all_of_it_and_two_tools_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries.shutil, "which", lambda _: None)
    monkeypatch.setattr(
        system_libraries.sysconfig,
        "get_config_var",
        {"INSTSONAME": "libpython3.99.so.1.0", "LIBDIR": "/nowhere"}.get,
    )
    own = f"libpython{sys.version_info.major}.{sys.version_info.minor}"
    missing = system_libraries.missing_to_bundle(is_there=lambda _: False)
    assert missing == [*LIBRARIES.values(), own, "binutils"]


@pytest.mark.parametrize(
    ("environment", "seen"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen:configfile=x"}, False),
        ({"QT_QPA_PLATFORM": "vnc"}, True),
    ],
)
def test_a_screen_is_what_somebody_can_look_at(environment: dict[str, str], seen: bool) -> None:
    assert system_libraries.has_screen(environment) is seen


def test_a_screen_that_does_not_answer_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, name in (("DISPLAY", ":987"), ("WAYLAND_DISPLAY", "nulle-part")):
        monkeypatch.setenv(variable, name)
        assert not system_libraries.screen_answers({variable: name})
    assert not system_libraries.screen_answers({})


def test_all_that_is_missing_is_said_in_one_line_before_qt_is_imported(tmp_path: Path) -> None:
    program = (
        "import ctypes, sys\n"
        "def absent(*arguments): raise OSError\n"
        "ctypes.CDLL = absent\n"
        "sys.modules['PySide6'] = None\n"
        "from qpvdesk.__main__ import main\n"
        "sys.exit(main([]))\n"
    )
    variables = os.environ | {"DISPLAY": ":0", "QT_QPA_PLATFORM": "", "WAYLAND_DISPLAY": ""}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=variables | {"QPVDESK_DOSSIER": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 1
    (line,) = ran.stderr.splitlines()
    packages = [*system_libraries.OFFSCREEN.values(), *system_libraries.X11.values()]
    assert line.endswith("apt-get install " + " ".join(packages))


def test_who_may_not_install_is_told_the_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system_libraries.shutil, "which", lambda name: name if name == "apt-get" else None)
    with pytest.raises(SystemExit, match=r"sudo apt-get install libgl1 libegl1$"):
        system_libraries.install(["libgl1", "libegl1"])


@pytest.mark.parametrize(("user", "prefix"), [(0, []), (1000, ["sudo", "-n"])])
def test_who_may_install_does(monkeypatch: pytest.MonkeyPatch, user: int, prefix: list[str]) -> None:
    given: list[list[str]] = []

    def run(arguments: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        given.append(arguments)
        return subprocess.CompletedProcess(arguments, 0)

    monkeypatch.setattr(system_libraries.os, "geteuid", lambda: user)
    monkeypatch.setattr(system_libraries.shutil, "which", lambda name: name)
    monkeypatch.setattr(subprocess, "run", run)
    system_libraries.install(["libgl1"])
    assert given[-1][: len(prefix)] == prefix
    assert given[-1][-3:] == ["install", "--no-install-recommends", "libgl1"]


def test_what_stops_the_start_is_said_in_a_box_where_no_terminal_shows_it(
    qtbot: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMessageBox

    del qtbot
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    shown: list[str] = []

    def close() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        shown.append(box.text() + " " + box.informativeText())
        box.reject()

    def refuse() -> Path:
        raise UserError("Le dossier est en lecture seule.", "Changez-en.")

    monkeypatch.setattr(app, "own_base", refuse)
    with pytest.raises(UserError):
        app.prepared(application, None)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "")
    QTimer.singleShot(0, close)
    with pytest.raises(UserError):
        app.prepared(application, None)
    assert shown == ["Le dossier est en lecture seule. Changez-en."]
