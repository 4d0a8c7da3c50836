"""Backing up, putting back and mending, from the shell, on the real contract."""

from __future__ import annotations

import json
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from qpvdesk.storage.engine import sqlite3
from tests.helpers.process import qpvdesk


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("départ") / "base.db"
    assert qpvdesk("init", "--base", str(base)).returncode == 0
    return base


@pytest.fixture
def base(starter: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "à moi, l’été.db"
    copy.write_bytes(starter.read_bytes())
    return copy


def record(base: Path, value: str, day: str = "30/06/2025") -> None:
    ran = qpvdesk("relever", "BPI-O01", value, "--date", day, "--base", str(base))
    assert ran.returncode == 0, ran.stderr


def figures(base: Path) -> int:
    with closing(sqlite3.connect(base)) as connection:
        return int(connection.execute("SELECT count(*) FROM measurement").fetchone()[0])


def hurt(base: Path, table: str) -> bytes:
    """Destroy the page where a table begins; return the whole file as it then is."""
    with closing(sqlite3.connect(base)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    content = bytearray(base.read_bytes())
    content[(root - 1) * size : root * size] = b"\x55" * size
    base.write_bytes(content)
    return bytes(content)


def test_a_backup_is_put_back_after_saying_what_would_be_lost_and_that_too_is_undone(base: Path) -> None:
    record(base, "27")
    saved = base.parent / "copie.db"
    made = qpvdesk("sauvegarder", "--base", str(base), "--sortie", str(saved))
    assert made.returncode == 0, made.stderr
    assert "écrite et vérifiée" in made.stdout
    assert saved.with_name("copie.db.sha256").is_file()
    held = figures(base)
    record(base, "31", "31/12/2025")
    before = base.read_bytes()

    seen = qpvdesk("restaurer", str(saved), "--base", str(base), "--apercu")
    assert seen.returncode == 0
    assert "1 acte ne figure pas dans la sauvegarde" in seen.stdout
    assert "Rien n’a été modifié." in seen.stdout
    assert base.read_bytes() == before

    done = qpvdesk("restaurer", str(saved), "--base", str(base))
    assert done.returncode == 0, done.stderr
    assert figures(base) == held
    kept = done.stdout.rpartition("La base remplacée est gardée\u202f: ")[2].strip()
    assert qpvdesk("restaurer", kept, "--base", str(base)).returncode == 0
    assert figures(base) == held + 1


def test_a_backup_never_replaces_a_file(base: Path) -> None:
    there = base.parent / "là.db"
    there.write_text("à moi")
    ran = qpvdesk("sauvegarder", "--base", str(base), "--sortie", str(there))
    assert ran.returncode == 1
    assert "existe déjà" in ran.stderr
    assert there.read_text() == "à moi"


@pytest.mark.parametrize("fault", ["bit", "no fingerprint", "text", "missing"])
def test_a_bad_backup_is_refused_and_the_base_untouched(base: Path, fault: str) -> None:
    saved = base.parent / "copie.db"
    assert qpvdesk("sauvegarder", "--base", str(base), "--sortie", str(saved)).returncode == 0
    match fault:
        case "bit":
            content = bytearray(saved.read_bytes())
            content[len(content) // 2] ^= 1
            saved.write_bytes(content)
        case "no fingerprint":
            saved.with_name("copie.db.sha256").unlink()
        case "text":
            saved.write_text("bonjour")
        case "missing":
            saved.unlink()
    before = base.read_bytes()
    ran = qpvdesk("restaurer", str(saved), "--base", str(base))
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "copie.db" in ran.stderr
    assert base.read_bytes() == before


def test_a_damaged_base_is_mended_and_kept(base: Path) -> None:
    record(base, "27")
    held = figures(base)
    content = hurt(base, "document")
    refused = qpvdesk("etat", "--base", str(base))
    assert refused.returncode == 1
    assert "endommagée" in refused.stderr

    ran = qpvdesk("verifier", "--reparer", "--base", str(base))
    assert ran.returncode == 0, ran.stderr
    assert "rebâti" in ran.stdout
    assert "Perdu" not in ran.stdout
    assert figures(base) == held
    kept = Path(ran.stdout.rpartition("La base d’avant est gardée\u202f: ")[2].splitlines()[0])
    assert kept.read_bytes() == content
    assert "Base saine" in qpvdesk("verifier", "--base", str(base)).stdout


def test_a_base_whose_first_page_is_gone_is_mended(base: Path) -> None:
    record(base, "27")
    held = figures(base)
    base.write_bytes(bytes(4096) + base.read_bytes()[4096:])
    assert "n’est pas une base qpvdesk" in qpvdesk("etat", "--base", str(base)).stderr
    ran = qpvdesk("verifier", "--reparer", "--base", str(base))
    assert ran.returncode == 0, ran.stderr
    assert figures(base) == held
    assert "Base saine" in qpvdesk("verifier", "--base", str(base)).stdout


def test_the_repair_says_in_json_what_it_did(base: Path) -> None:
    hurt(base, "operation")
    ran = qpvdesk("verifier", "--reparer", "--base", str(base), "--format", "json")
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert said["reparee"] is True
    assert said["restants"] == []
    assert said["rapport"]["bad_pages"] >= 1
    assert Path(said["gardee"]).is_file()


def test_what_a_repair_lost_is_told_at_each_check(base: Path) -> None:
    """Whoever altered a base could have it say that a repair did: the officer knows whether there was one."""
    record(base, "27")
    assert "réparé" not in qpvdesk("verifier", "--base", str(base)).stdout
    hurt(base, "chain")
    assert qpvdesk("verifier", "--reparer", "--base", str(base)).returncode == 0
    ran = qpvdesk("verifier", "--base", str(base))
    assert ran.returncode == 0
    assert "Base saine" in ran.stdout
    assert "Si personne n’a réparé cette base" in ran.stdout
    told = json.loads(qpvdesk("verifier", "--base", str(base), "--format", "json").stdout)["base"]
    assert told["saine"]
    assert "Si personne n’a réparé cette base" in told["reparations"][-1]


def test_a_sound_base_is_left_alone(base: Path) -> None:
    before = base.read_bytes()
    ran = qpvdesk("verifier", "--reparer", "--base", str(base))
    assert ran.returncode == 0
    assert "rien à réparer" in ran.stdout
    assert base.read_bytes() == before


def test_what_is_no_base_of_ours_is_not_repaired(tmp_path: Path) -> None:
    other = tmp_path / "autre.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.commit()
    before = other.read_bytes()
    ran = qpvdesk("verifier", "--reparer", "--base", str(other))
    assert ran.returncode == 1
    assert "n’est pas une base qpvdesk" in ran.stderr
    assert other.read_bytes() == before


def test_the_report_of_an_incident_holds_the_log_the_versions_and_no_data(base: Path, tmp_path: Path) -> None:
    secret = "Mme Dupont-Léger"
    ran = qpvdesk(
        "relever", "BPI-O01", "27", "--date", "30/06/2025", "--commentaire", secret, "--base", str(base)
    )
    assert ran.returncode == 0, ran.stderr
    own, target = tmp_path / "prenom.nom", tmp_path / "incident.zip"
    (own / "journaux").mkdir(parents=True)
    (own / "journaux" / "qpvdesk.log").write_text("2026-01-01 ERROR qpvdesk.ui uncaught exception\n")
    (own / "journaux" / "arret.log").write_text('  File "/home/prenom.nom/qpvdesk/app.py", line 3 in run\n')
    ran = qpvdesk(
        "incident", "--sortie", str(target), "--base", str(base), environment={"QPVDESK_DOSSIER": str(own)}
    )
    assert ran.returncode == 0, ran.stderr
    with zipfile.ZipFile(target) as archive:
        held = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(held) == {"LISEZMOI.txt", "versions.txt", "base.txt", "qpvdesk.log", "arret.log"}
    assert "uncaught exception" in held["qpvdesk.log"]
    assert "Base saine." in held["base.txt"]
    assert "SQLite" in held["versions.txt"]
    assert "reportlab " in held["versions.txt"]
    assert "Mode portable\u202f: non" in held["versions.txt"]
    whole = "".join(held.values())
    for word in (secret, "prenom.nom", str(tmp_path), "l’été", "Lens"):
        assert word not in whole
    again = qpvdesk("incident", "--sortie", str(target), "--base", str(base))
    assert again.returncode == 1
    assert "existe déjà" in again.stderr


def test_a_damaged_base_does_not_hinder_the_report_of_the_incident(base: Path, tmp_path: Path) -> None:
    hurt(base, "document")
    target = tmp_path / "incident.zip"
    assert qpvdesk("incident", "--sortie", str(target), "--base", str(base)).returncode == 0
    with zipfile.ZipFile(target) as archive:
        assert "endommagée" in archive.read("base.txt").decode()


def test_a_name_is_shown_where_it_is_and_erased_only_when_confirmed(base: Path) -> None:
    ran = qpvdesk(
        "relever",
        "BPI-O01",
        "27",
        "--date",
        "30/06/2025",
        "--commentaire",
        "Vu avec Mme Dupont",
        "--base",
        str(base),
    )
    assert ran.returncode == 0, ran.stderr
    assert qpvdesk("sauvegarder", "--base", str(base)).returncode == 0
    before = base.read_bytes()
    seen = qpvdesk("effacer", "Mme Dupont", "--base", str(base))
    assert seen.returncode == 0, seen.stderr
    assert "commentaire" in seen.stdout
    assert "1 sauvegarde" in seen.stdout
    assert "Rien n’a été modifié." in seen.stdout
    assert base.read_bytes() == before
    done = qpvdesk("effacer", "Mme Dupont", "--base", str(base), "--confirmer", "--sauvegardes")
    assert done.returncode == 0, done.stderr
    assert "1 sauvegarde retirée" in done.stdout
    for path in [base, *base.parent.glob("*.sauvegardes/*.db")]:
        assert b"Dupont" not in path.read_bytes()
    assert "[effacé]" in qpvdesk("journal", "--base", str(base), "--objet", "BPI-O01").stdout
    assert "Base saine" in qpvdesk("verifier", "--base", str(base)).stdout


def test_a_base_is_sealed_used_and_put_back_in_clear(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(base, "27")
    before = qpvdesk("etat", "--base", str(base), "--format", "json").stdout
    monkeypatch.setenv("QPVDESK_NOUVELLE_PHRASE", "court")
    refused = qpvdesk("chiffrer", "--base", str(base))
    assert refused.returncode == 1
    assert "trop courte" in refused.stderr
    monkeypatch.setenv("QPVDESK_NOUVELLE_PHRASE", "quatre mots sans rapport")
    sheet = base.parent / "cle.pdf"
    done = qpvdesk("chiffrer", "--base", str(base), "--fiche", str(sheet))
    assert done.returncode == 0, done.stderr
    recovery = done.stdout.split("ordinateur\u202f:\n")[1].splitlines()[0]
    assert len(recovery.split()) == 14
    assert sheet.read_bytes().startswith(b"%PDF")
    assert b"CREATE TABLE" not in base.read_bytes()
    closed = qpvdesk("etat", "--base", str(base))
    assert closed.returncode == 1
    assert "protégée par une phrase secrète" in closed.stderr
    monkeypatch.setenv("QPVDESK_PHRASE", "quatre mots sans rapports")
    wrong = qpvdesk("etat", "--base", str(base))
    assert wrong.returncode == 1
    assert "n’ouvrent «" in wrong.stderr
    for words in ("quatre mots sans rapport", recovery):
        monkeypatch.setenv("QPVDESK_PHRASE", words)
        assert qpvdesk("etat", "--base", str(base), "--format", "json").stdout == before
    record(base, "29", "31/12/2025")
    assert qpvdesk("verifier", "--base", str(base), "--format", "json").returncode == 0
    saved = base.parent / "copie.db"
    assert qpvdesk("sauvegarder", "--base", str(base), "--sortie", str(saved)).returncode == 0
    assert b"CREATE TABLE" not in saved.read_bytes()
    clear = qpvdesk("chiffrer", "--retirer", "--base", str(base))
    assert clear.returncode == 0, clear.stderr
    monkeypatch.delenv("QPVDESK_PHRASE")
    assert figures(base) > 0
    assert qpvdesk("restaurer", str(saved), "--base", str(base)).returncode == 1
    monkeypatch.setenv("QPVDESK_PHRASE", "quatre mots sans rapport")
    back = qpvdesk("restaurer", str(saved), "--base", str(base))
    assert back.returncode == 0, back.stderr
    assert b"CREATE TABLE" not in base.read_bytes()
