"""What a desktop is told of the program: each file can be read, and they speak of the same thing."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qpvdesk import __main__ as process
from qpvdesk import paths
from qpvdesk.services import bases
from qpvdesk.storage import migrations

MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"
TYPE = "application/vnd.qpvdesk"


@pytest.fixture
def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(paths.resource("desktop/qpvdesk.desktop").read_text(encoding="utf-8"))
    assert parser.sections() == ["Desktop Entry"]
    return parser["Desktop Entry"]


@pytest.fixture
def component() -> ET.Element:
    return ET.parse(paths.resource("desktop/fr.qpvdesk.qpvdesk.metainfo.xml")).getroot()


def test_the_entry_has_what_a_menu_needs(entry: configparser.SectionProxy) -> None:
    assert entry["Type"] == "Application"
    # One local file, as a path: that is what the process takes.
    assert entry["Exec"] == "qpvdesk %f"
    assert entry["Terminal"] == "false"
    assert entry["MimeType"] == f"{TYPE};"
    assert {"Name", "Comment[fr]", "GenericName[fr]", "Icon", "StartupWMClass"} <= set(entry)
    for name in ("Categories", "MimeType", "Keywords", "Keywords[fr]"):
        assert entry[name].endswith(";")


def test_the_ids_agree(entry: configparser.SectionProxy, component: ET.Element) -> None:
    assert component.findtext("id") == "fr.qpvdesk.qpvdesk"
    assert component.findtext("launchable") == "qpvdesk.desktop"
    assert component.findtext("project_license") == "EUPL-1.2"
    assert component.findtext("provides/mediatype") == TYPE
    assert component.findtext("provides/binary") == entry["Exec"].split()[0]
    assert component.findtext("icon") == entry["Icon"]
    # What the window says of itself, so that the desktop knows whose it is.
    source = (Path(process.__file__).parent / "app.py").read_text(encoding="utf-8")
    assert 'setDesktopFileName("qpvdesk")' in source
    french = [
        one for one in component.iter() if one.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    ]
    assert len(french) == 2


def test_a_base_is_told_by_its_mark(tmp_path: Path) -> None:
    root = ET.parse(paths.resource("desktop/qpvdesk-mime.xml")).getroot()
    kind = root.find(f"{MIME}mime-type")
    assert kind is not None
    assert kind.get("type") == TYPE
    outer = kind.find(f"{MIME}magic/{MIME}match")
    assert outer is not None
    inner = outer.find(f"{MIME}match")
    assert inner is not None
    base = tmp_path / "base.db"
    bases.create(base, "lens-lievin", now=datetime(2026, 6, 30, tzinfo=UTC))
    head = base.read_bytes()[:100]
    assert head.startswith(str(outer.get("value")).encode())
    value = int(str(inner.get("value")), 16)
    assert value == migrations.APPLICATION_ID
    at = int(str(inner.get("offset")))
    assert head[at : at + 4] == value.to_bytes(4, "big")


@pytest.mark.skipif(
    not (shutil.which("update-mime-database") and shutil.which("gio")), reason="no desktop tools here"
)
def test_the_system_knows_a_base_whatever_its_name(tmp_path: Path) -> None:
    packages = tmp_path / "donnees" / "mime" / "packages"
    packages.mkdir(parents=True)
    shutil.copy(paths.resource("desktop/qpvdesk-mime.xml"), packages)
    subprocess.run(["update-mime-database", str(packages.parent)], check=True, capture_output=True)
    base = tmp_path / "mes chiffres.db"
    bases.create(base, "lens-lievin", now=datetime(2026, 6, 30, tzinfo=UTC))
    told = subprocess.run(
        ["gio", "info", "--attributes=standard::content-type", str(base)],
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path / "donnees")},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert TYPE in told.stdout


@pytest.mark.parametrize("name", ["base.db", "BASE.DB", "contrat.qpvdesk", "/un dossier/base.db"])
def test_a_base_that_is_double_clicked_opens_the_window(name: str) -> None:
    request = process._window_request([name])
    assert request is not None
    assert request.base == Path(name)


@pytest.mark.parametrize("arguments", [["etat"], ["--help"], ["etat", "base.db"], ["base.xlsx"]])
def test_anything_else_is_a_command(arguments: list[str]) -> None:
    assert process._window_request(arguments) is None


def test_the_end_of_a_command_does_not_walk_all_that_it_held() -> None:
    code = (
        "import atexit, gc, sys\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 10_000))\n"
        "from qpvdesk.__main__ import main\n"
        "sys.exit(main(['--version']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "True"
