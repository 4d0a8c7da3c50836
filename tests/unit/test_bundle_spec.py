"""What `build.spec` says for the systems that are not at hand: read, not run."""

from __future__ import annotations

import ast
import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from qpvdesk import __version__, bounded, paths
from qpvdesk.services import integration
from tests.helpers.process import ROOT


@pytest.fixture(scope="module")
def spec() -> ast.Module:
    return ast.parse((ROOT / "build.spec").read_text(encoding="utf-8"))


def function(spec: ast.Module, name: str, **given: Any) -> Any:
    """Return one function of the spec, on its own."""
    found = [one for one in spec.body if isinstance(one, ast.FunctionDef) and one.name == name]
    space: dict[str, Any] = dict(given)
    exec(compile(ast.Module(found, []), "build.spec", "exec"), space)
    return space[name]


def constant(spec: ast.Module, name: str) -> Any:
    """Return one constant of the spec."""
    space: dict[str, Any] = {"re": re}
    for node in spec.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            exec(compile(ast.Module([node], []), "build.spec", "exec"), space)
    return space[name]


def calls(spec: ast.Module, name: str) -> list[ast.Call]:
    """Return the calls of that name in the spec, the outer ones first."""
    return [
        node
        for node in ast.walk(spec)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def call(spec: ast.Module, name: str) -> dict[str, ast.expr]:
    """Return the named arguments of the first call of that name."""
    return {one.arg: one.value for one in calls(spec, name)[0].keywords if one.arg}


def test_paths_of_more_than_260_characters_are_asked_for_and_a_certificate_is_used(spec: ast.Module) -> None:
    for made in calls(spec, "EXE"):
        # PyInstaller's own manifest says `longPathAware`; one of ours would replace it.
        assert "manifest" not in {one.arg for one in made.keywords}
    assert "QPVDESK_CERTIFICAT" in ast.unparse(call(spec, "EXE")["codesign_identity"])


def test_windows_has_a_program_for_the_window_and_one_for_the_console_in_one_folder(
    spec: ast.Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console, window = ({one.arg: one.value for one in made.keywords} for made in calls(spec, "EXE"))
    assert ast.unparse(window["console"]) == "False"
    assert (ast.unparse(console["name"]), ast.unparse(window["name"])) == ("'qpvdesk'", "'qpvdesk-fenetre'")
    (collected,) = calls(spec, "COLLECT")
    assert ast.unparse(collected.args[0]) == "*programs"
    # Started from the window, what is read from elsewhere is read by the program that has a standard output.
    for name in (paths.WINDOW_PROGRAM, paths.CONSOLE_PROGRAM):
        (tmp_path / name).touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / paths.WINDOW_PROGRAM))
    assert bounded.command("--x", tmp_path)[0] == str(tmp_path / paths.CONSOLE_PROGRAM)
    monkeypatch.setattr(sys, "executable", str(tmp_path / paths.CONSOLE_PROGRAM))
    assert integration.command() == [str(tmp_path / paths.WINDOW_PROGRAM)]


def test_the_version_resource_of_windows(spec: ast.Module, tmp_path: Path) -> None:
    made = function(spec, "write_version", re=re, __version__=__version__, WORK=tmp_path)()
    text = Path(made).read_text(encoding="utf-8")
    ast.parse(text)
    numbers = ", ".join(__version__.split(".")[:3])
    assert f"filevers=({numbers}, 0)" in text
    # French, in Unicode; the two places must say the same language and code page.
    assert "StringTable('040C04B0'" in text
    told = re.findall(r"StringTable\('(\w{4})(\w{4})'|\[(0x\w{4}), (\d+)\]", text)
    (language, page, *_), (*_, other_language, other_page) = told
    assert (int(language, 16), int(page, 16)) == (int(other_language, 16), int(other_page)) == (0x040C, 1200)
    assert "qpvdesk.exe" in text


def test_the_console_and_the_files_of_each_system(spec: ast.Module) -> None:
    program = {name: ast.unparse(value) for name, value in call(spec, "EXE").items()}
    assert program["console"] == "not MACOS"
    assert program["hide_console"] == "'hide-early' if WINDOWS else None"
    assert program["argv_emulation"] == "MACOS"
    assert program["version"] == "write_version() if WINDOWS else None"
    bundle = call(spec, "BUNDLE")
    plist = ast.literal_eval(ast.unparse(bundle["info_plist"]).replace("__version__", repr(__version__)))
    (document,), (kind,) = plist["CFBundleDocumentTypes"], plist["UTExportedTypeDeclarations"]
    assert document["LSItemContentTypes"] == [kind["UTTypeIdentifier"]]
    tags = kind["UTTypeTagSpecification"]
    entry = paths.resource("desktop/qpvdesk.desktop").read_text(encoding="utf-8")
    assert f"MimeType={tags['public.mime-type'][0]};" in entry
    mime = paths.resource("desktop/qpvdesk-mime.xml").read_text(encoding="utf-8")
    assert f'pattern="*.{tags["public.filename-extension"][0]}"' in mime
    assert ast.literal_eval(bundle["bundle_identifier"]) == "fr.qpvdesk.qpvdesk"


def test_icons_have_every_size_that_is_asked_for() -> None:
    windows = Image.open(paths.resource("icons/qpvdesk.ico"))
    assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= set(windows.info["sizes"])
    mac = Image.open(io.BytesIO(paths.resource("icons/qpvdesk.icns").read_bytes()))
    assert max(size[0] * size[2] for size in mac.info["sizes"]) >= 256


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("root.res", True),
        ("fr.res", True),
        ("coll/root.res", True),
        ("zone/fr.res", True),
        ("supplementalData.res", True),
        ("coll/ucadata.icu", True),
        ("fr_CA.res", False),
        ("coll/zh.res", False),
        ("curr/de.res", False),
        ("brkitr/thaidict.dict", False),
        ("ibm-943_P15A-2003.cnv", False),
        ("translit/root.res", False),
    ],
)
def test_of_icu_the_languages_of_the_program_are_kept(spec: ast.Module, name: str, kept: bool) -> None:
    assert bool(constant(spec, "ICU_WANTED").fullmatch(name)) is kept


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("PySide6/Qt/lib/libQt6Widgets.so.6", True),
        ("PySide6/Qt/lib/libQt6Network.so.6", False),
        ("PySide6\\Qt6Core.dll", True),
        ("PySide6\\Qt6Network.dll", False),
        ("PySide6\\opengl32sw.dll", False),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6\\plugins\\platforms\\qminimal.dll", False),
        ("PySide6\\plugins\\platforms\\qoffscreen.dll", True),
        ("PySide6\\plugins\\imageformats\\qtiff.dll", False),
        ("PySide6\\plugins\\styles\\qmodernwindowsstyle.dll", True),
        ("PySide6/Qt/plugins/platforms/libqcocoa.dylib", True),
        ("PySide6/Qt/plugins/imageformats/libqjpeg.dylib", True),
        ("PySide6/Qt/lib/QtNetwork.framework/Versions/A/QtNetwork", False),
        ("PySide6\\translations\\qtbase_fr.qm", True),
        ("PySide6\\translations\\qtbase_de.qm", False),
        ("resources/guide/pictures/x.png", True),
    ],
)
def test_what_is_left_out_is_left_out_everywhere(spec: ast.Module, name: str, kept: bool) -> None:
    unwanted, system = constant(spec, "UNWANTED_FILES"), constant(spec, "FROM_THE_SYSTEM")
    wanted = function(spec, "is_wanted", UNWANTED_FILES=unwanted, FROM_THE_SYSTEM=system)
    assert wanted((name, name, "BINARY")) is kept


def test_what_is_imported_by_its_name_goes_along(spec: ast.Module) -> None:
    """PyInstaller follows the imports that it reads; of those made by name it knows what it is told."""
    told = {ast.literal_eval(made.args[0]) for made in calls(spec, "collect_submodules")}
    named: set[str] = set()
    for path in (ROOT / "qpvdesk").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                if path.stem == "unhurried":
                    # It stands for modules that ReportLab imports where it is read.
                    continue
                (first, *_) = node.args[0].values if isinstance(node.args[0], ast.JoinedStr) else node.args
                named.add(ast.literal_eval(first).rstrip("."))
    assert {"qpvdesk.cli", "qpvdesk.reports"} <= named <= told
