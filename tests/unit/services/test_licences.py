"""The notice names every part that is imported, with its licence and its text."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qpvdesk import __version__
from qpvdesk.services import licences
from tests.helpers import notice
from tests.helpers.process import ROOT

_IMPORT_ALL = """
import importlib, pkgutil, sys
sys.modules["pyphen"] = None  # ReportLab takes it where a yardstick of the bench brought it; it is not ours.
import qpvdesk
for one in pkgutil.walk_packages(qpvdesk.__path__, "qpvdesk."):
    # The extra « région » stands in an environment of its own, never in the bundle.
    if not one.name.endswith("__main__") and not one.name.startswith("qpvdesk.region"):
        importlib.import_module(one.name)
import docx, pypdfium2, python_calamine, xlsxwriter, sqlite_utils, reportlab
print(*sorted({name.partition(".")[0] for name, module in sys.modules.items() if module}))
"""


def test_everything_that_is_imported_is_named() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL], capture_output=True, text=True, check=True, cwd=ROOT, timeout=300
    )
    imported = ran.stdout.split()
    assert len(imported) > 100
    needed = notice.distributions_of(imported)
    assert {"pypdfium2", "lxml", "pillow", "pyside6-essentials"} <= needed
    named = {notice.canonical(one.name) for one in notice.parts()}
    assert needed - named == set()


def test_each_part_has_its_licence_and_its_text() -> None:
    held = notice.parts()
    assert len(held) > 20
    for part in held:
        assert part.licence
    without = {part.name for part in held if not part.texts}
    # SQLite is in the public domain; the text of PySide6 is Qt's, given once.
    assert without <= {"SQLite", "PySide6_Essentials", "shiboken6"}


def test_the_notice_lists_then_gives_the_texts() -> None:
    said = notice.notice(notice.parts(), {"libxcb1": "Copyright X"})
    assert said.startswith(f"qpvdesk {__version__} – licences des composants")
    for words in (
        "EUROPEAN UNION PUBLIC LICENCE",
        "GNU LESSER GENERAL PUBLIC LICENSE",
        "SIL OPEN FONT LICENSE",
        "PYTHON SOFTWARE FOUNDATION LICENSE",
        "- pypdfium2 ",
        "- libxcb1 (bibliothèque du système)",
    ):
        assert words in said


def test_only_what_is_shipped_is_named_where_that_is_known() -> None:
    named = [part.name for part in notice.parts(["click", "lxml"])]
    assert named[-2:] == ["click", "lxml"]
    assert {"SQLCipher", "OpenSSL (libcrypto)"} <= set(named)


def test_a_shipped_notice_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "contracts").mkdir()
    shipped = notice.notice([notice.Part("reportlab", "5.1.0", "BSD"), notice.Part("Type", "", "OFL")])
    (tmp_path / licences.FILE).write_text(shipped, encoding="utf-8")
    monkeypatch.setattr(licences.paths, "resources", lambda: tmp_path)
    assert licences.text() == shipped
    assert licences.versions() == (("reportlab", "5.1.0"),)


def test_where_none_was_made_the_parts_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "contracts").mkdir()
    monkeypatch.setattr(licences.paths, "resources", lambda: tmp_path)
    said = licences.text()
    assert said.startswith(f"qpvdesk {__version__} – licences des composants")
    assert f"- pypdfium2 {dict(licences.versions())['pypdfium2']}\n" in said
    assert "ruff" not in dict(licences.versions())


def test_the_one_of_a_checkout_is_made_at_once_and_read_back() -> None:
    assert notice.make() == licences.paths.resources() / licences.FILE
    assert "GNU LESSER GENERAL PUBLIC" in licences.text()
    assert len(licences.versions()) > 20
