"""What an officer's laptop gets: no Python, no network, no environment; everything works from the folder alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from docx import Document

from qpvdesk import system_libraries
from tests.bundle.conftest import Run
from tests.helpers import notice, paper_text
from tests.helpers.process import ROOT

LARGEST = 163_000_000
"""Bytes. The guide and its pictures may grow a little; a library that comes in unasked may not."""
UNWANTED = re.compile(
    r"Qt6?(Network|Qml|Quick|Sql|Multimedia|WebEngine|Pdf|3D)|libssl|libgtk|_ssl\b|pyphen|numpy|avif"
    r"|default-docx-template|plugins/(tls|sqldrivers)"
)


def files(bundle: Path) -> list[Path]:
    return [path for path in bundle.rglob("*") if path.is_file() and not path.is_symlink()]


def test_it_is_small_and_holds_nothing_for_nothing(bundle: Path) -> None:
    assert sum(path.stat().st_size for path in files(bundle)) < LARGEST
    names = [path.relative_to(bundle).as_posix() for path in files(bundle)]
    assert [name for name in names if UNWANTED.search(name)] == []


def test_what_a_start_loads_stands_as_files_and_nothing_else(bundle: Path) -> None:
    """Inflated one by one, the modules of the archive cost a tenth of a start; as files, all of them would be 15 MB."""
    modules = {path.relative_to(bundle / "_internal").as_posix() for path in bundle.rglob("*.pyc")}
    assert modules >= {"qpvdesk/__init__.pyc", "qpvdesk/app.pyc", "qpvdesk/cli/table.pyc", "click/core.pyc"}
    assert [name for name in modules if name.startswith(("reportlab", "lxml", "qpvdesk/reports"))] == []


def test_it_holds_what_it_needs(bundle: Path) -> None:
    names = {path.relative_to(bundle).as_posix() for path in files(bundle)}

    def holds(end: str) -> bool:
        return any(name.endswith(end) for name in names)

    for end in (
        "resources/contracts/lens-lievin/contrat.toml",
        "resources/examples/lens-lievin.toml",
        "resources/fonts/IBMPlexSans-Regular.ttf",
        "resources/themes/qpvdesk.qss",
        "resources/desktop/qpvdesk.desktop",
        "resources/LICENCES.txt",
        "resources/SBOM.cdx.json",
        "translations/qtbase_fr.qm",
        "LICENSE",
    ):
        assert holds(end), end


def glibc_of(paths: Iterable[Path]) -> tuple[int, ...]:
    """The highest version of glibc that the programs and libraries among files ask for."""
    asked = {
        tuple(map(int, found.split(b".")))
        for path in paths
        if (content := path.read_bytes()).startswith(b"\x7fELF")
        for found in re.findall(rb"GLIBC_(\d+\.\d+)", content)
    }
    return max(asked)


def test_it_asks_for_no_newer_glibc_than_is_said(bundle: Path) -> None:
    """An older system refuses it without a word of French: the README says from which on it starts."""
    said = re.search(r"glibc (\d+)\.(\d+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert said is not None
    assert glibc_of(files(bundle)) <= (int(said[1]), int(said[2]))


def test_its_accelerators_are_there(bundle: Path) -> None:
    names = {path.name.partition(".")[0] for path in files(bundle)}
    # Without the first a paper takes a fifth more of processor.
    assert {"_rl_accel", "_core"} <= names


def test_nothing_is_loaded_before_our_first_line_that_a_command_does_not_ask_for(program: Path) -> None:
    readers = pytest.importorskip("PyInstaller.archive.readers")
    run_first = {name for name in readers.CArchiveReader(str(program)).toc if name.startswith("pyi_rth_")}
    # Each start paid for sources, lists of modules and forks that nobody asks for; a command, for Qt besides.
    assert run_first & {"pyi_rth_inspect", "pyi_rth_pkgutil", "pyi_rth_multiprocessing"} == set()
    assert not sys.platform.startswith("linux") or "pyi_rth_pyside6" not in run_first


def test_its_notice_names_all_it_holds(bundle: Path, program: Path) -> None:
    readers = pytest.importorskip("PyInstaller.archive.readers")
    archive = readers.CArchiveReader(str(program)).open_embedded_archive("PYZ.pyz")
    inside = bundle / "_internal"
    modules = {name.partition(".")[0] for name in archive.toc}
    modules |= {re.split(r"[/\\.]", path.relative_to(inside).as_posix())[0] for path in files(inside)}
    said = (inside / "resources" / "LICENCES.txt").read_text(encoding="utf-8")
    named = {notice.canonical(line.split()[1]) for line in said.splitlines() if re.match(r"- \S+ \d", line)}
    assert len(named) > 20
    assert notice.distributions_of(modules) - named == set()
    if sys.platform.startswith("linux") and shutil.which("dpkg"):
        ours = [path.name for path in inside.glob("lib*.so*") if path.is_file() and not path.is_symlink()]
        assert len(re.findall(r"^- \S+ \(bibliothèque du système\)$", said, re.MULTILINE)) > len(ours) / 3
    assert "PyInstaller (amorceur)" in said


def test_the_commands(run: Run, tmp_path: Path) -> None:
    assert run("--version").stdout.startswith("qpvdesk ")
    assert "Commandes" in run("--help").stdout
    run("init", "--base", "base.db")
    assert run("etat", "--base", "base.db").stdout.count("\n") > 100
    assert "Base saine." in run("verifier", "--base", "base.db").stdout
    run("relever", "BPI-O01", "23", "--base", "base.db", "--date", "31/12/2024")
    run("sauvegarder", "--base", "base.db", "--sortie", "copie.db")
    run("incident", "--base", "base.db", "--sortie", "incident.zip")
    versions = zipfile.ZipFile(tmp_path / "incident.zip").read("versions.txt").decode()
    assert "Mode portable\u202f: non" in versions
    assert "reportlab " in versions
    assert "PySide6" in versions
    assert "n’existe pas" in run("etatt", status=2).stderr


def test_every_paper_of_the_example(run: Run, tmp_path: Path) -> None:
    run("init", "--exemple", "--base", "exemple.db")
    told = json.loads(run("etat", "--base", "exemple.db", "--format", "json").stdout)
    assert told["contrat"]["fictif"] is True
    for model, options in (
        ("copil", ()),
        ("partenaire", ("--partenaire", "BPI")),
        ("territoire", ("--territoire", "D62")),
        ("saisie", ("--partenaire", "FT")),
        ("decisions", ()),
        ("mensuel", ()),
        ("annuel", ()),
    ):
        for form in ("pdf", "docx"):
            run("rapport", "--base", "exemple.db", "--modele", model, "--sortie", f"{model}.{form}", *options)
        assert all("Données fictives" in page for page in paper_text.pages(tmp_path / f"{model}.pdf"))
        footer = Document(str(tmp_path / f"{model}.docx")).sections[0].footer
        assert footer.paragraphs[0].text.startswith("Données fictives")
    run("rapport", "--base", "exemple.db", "--sortie", "tableaux.zip")


def test_files_come_in_through_the_bounded_process(
    run: Run, program: Path, empty: dict[str, str], tmp_path: Path
) -> None:
    run("init", "--base", "base.db")
    (tmp_path / "valeurs.csv").write_text("Code;Date;Valeur\nBPI-O01;30/06/2025;25\n", encoding="utf-8")
    assert "1 valeur" in run("importer", "valeurs.csv", "--base", "base.db").stdout
    for form in ("xlsx", "ods"):
        run("exporter", "--base", "base.db", "--modele", "releves", "--sortie", f"releves.{form}")
        assert "0 refusée" in run("importer", f"releves.{form}", "--base", "base.db").stdout
    run("rapport", "--base", "base.db", "--modele", "mensuel", "--sortie", "mois.pdf")
    read = [str(program), "--lire-document", "mois.pdf"]
    assert b"Point mensuel" in subprocess.check_output(read, cwd=tmp_path, env=empty, timeout=300)


def test_a_marker_beside_it_keeps_the_base_there(run: Run, bundle: Path) -> None:
    marker = bundle / "qpvdesk-portable.txt"
    marker.touch()
    try:
        assert "donnees" in run("init").stdout
        assert (bundle / "donnees" / "qpvdesk.db").is_file()
    finally:
        marker.unlink()
        shutil.rmtree(bundle / "donnees", ignore_errors=True)


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Yield the environment of a virtual screen, or of none (Qt draws in memory) where this system lacks what it asks."""
    xvfb = shutil.which("Xvfb") if sys.platform.startswith("linux") else None
    if xvfb is None or system_libraries.missing({"DISPLAY": ":0"}):
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    told, said = os.pipe()
    server = subprocess.Popen(
        [xvfb, "-displayfd", str(said), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=[said],
        stderr=subprocess.DEVNULL,
    )
    os.close(said)
    try:
        with os.fdopen(told) as number:
            yield {"DISPLAY": f":{number.readline().strip()}"}
    finally:
        server.terminate()
        server.wait(90)


@pytest.mark.parametrize("double_clicked", [False, True])
def test_the_window(
    run: Run, program: Path, empty: dict[str, str], tmp_path: Path, double_clicked: bool
) -> None:
    run("init", "--exemple", "--base", "exemple.db")
    base = tmp_path / "exemple.db"
    arguments = [str(base)] if double_clicked else ["--base", str(base)]
    lock = tmp_path / "exemple.db.verrou"
    with screen() as shown:
        window = subprocess.Popen(
            [str(program), *arguments],
            cwd=tmp_path,
            env=empty | shown,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            until = time.monotonic() + 300
            while window.poll() is None and time.monotonic() < until:
                if lock.exists() and (titled := title(shown)) is not False:
                    break
                time.sleep(0.1)
            else:
                pytest.fail(f"no window: {window.poll()}")
            assert titled is None or "EXEMPLE FICTIF" in titled
            assert window.poll() is None
        finally:
            window.send_signal(signal.SIGTERM)
            _, said = window.communicate(timeout=300)
    assert "Traceback" not in said
    assert "qt." not in said


def title(shown: dict[str, str]) -> str | bool | None:
    """Return the title of the window on the virtual screen; False until it is there, None where none can tell."""
    teller = shutil.which("xwininfo")
    if teller is None or "DISPLAY" not in shown:
        return None
    told = subprocess.run(
        [teller, "-root", "-tree"], env=os.environ | shown, capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r'"([^"\n]* – qpvdesk)"', told)
    return found[1] if found else False
