"""The shell, as others script against it: the real process on a real base."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.helpers.process import qpvdesk


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base of the starter contract that the tests of this module only read."""
    base = tmp_path_factory.mktemp("lecture") / "base.db"
    made = qpvdesk("init", "--base", str(base))
    assert made.returncode == 0, made.stderr
    return base


@pytest.fixture
def base(starter: Path, tmp_path: Path) -> Path:
    """A copy of the starter base that the test may change."""
    copy = tmp_path / "à moi, l’été.db"
    copy.write_bytes(starter.read_bytes())
    return copy


def state(base: Path, *arguments: str) -> dict:
    """Return the document of `etat --format json`."""
    ran = qpvdesk("etat", "--base", str(base), "--format", "json", *arguments)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def objective(document: dict, code: str) -> dict:
    """Return one objective of the document."""
    return next(item for item in document["objectifs"] if item["code"] == code)


def refused(*arguments: str) -> str:
    """Run a request that cannot be done; check status 1 and one plain French message; return it."""
    ran = qpvdesk(*arguments)
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr
    assert 1 <= len(ran.stderr.strip().splitlines()) <= 1
    return ran.stderr


def test_init_makes_a_base_with_every_partner(starter: Path) -> None:
    codes = [partner["code"] for partner in state(starter)["partenaires"]]
    assert set(codes) == {"REGION", "CD62", "ARS", "EN", "FT", "BPI", "CALL"}


def test_init_makes_an_example_apart_that_says_so(tmp_path: Path) -> None:
    base = tmp_path / "exemple.db"
    made = qpvdesk("init", "--exemple", "--base", str(base))
    assert made.returncode == 0, made.stderr
    assert "EXEMPLE FICTIF" in made.stdout
    assert "Données fictives" in qpvdesk("etat", "--base", str(base)).stdout
    assert (
        json.loads(qpvdesk("etat", "--base", str(base), "--format", "json").stdout)["contrat"]["fictif"]
        is True
    )
    assert qpvdesk("verifier", "--base", str(base)).returncode == 0
    assert qpvdesk("init", "--exemple", "--contrat", "lens-lievin").returncode == 2


def test_init_never_overwrites(base: Path) -> None:
    before = base.read_bytes()
    assert "existe déjà" in refused("init", "--base", str(base))
    assert base.read_bytes() == before


def test_a_figure_recorded_moves_the_state(base: Path) -> None:
    before = objective(state(base), "BPI-O01")
    assert (before["valeur_initiale"], before["valeur_cible"], before["statut"]) == (21, 40, "non_renseigne")
    assert before["valeur_actuelle"] is None

    ran = qpvdesk("relever", "BPI-O01", "27", "--base", str(base), "--date", "30/06/2025", "--source", "Note")
    assert ran.returncode == 0, ran.stderr

    after = objective(state(base, "--date", "2026-06-30"), "BPI-O01")
    assert after["valeur_actuelle"] == 27
    assert after["date_valeur"] == "2025-06-30"
    assert after["taux_avancement"] == 0.3158
    assert after["taux_attendu"] == 0.3744
    assert after["statut"] == "a_surveiller"


def test_a_move_is_told_with_what_it_is_counted_from(base: Path) -> None:
    assert objective(state(base), "CD62-O05")["evolution"] is None
    assert qpvdesk("relever", "CD62-O04", "7,4", "--base", str(base), "--date", "30/06/2026").returncode == 0
    moved = objective(state(base), "CD62-O04")["evolution"]
    assert (moved["valeur"], moved["origine"]) == (0.8, "releve")
    assert moved["intitule"].startswith("depuis le premier relevé (")


def test_the_picture_can_be_set_back(base: Path) -> None:
    qpvdesk("relever", "BPI-O01", "27", "--base", str(base), "--date", "30/06/2025")
    assert objective(state(base, "--date", "29/06/2025"), "BPI-O01")["valeur_actuelle"] is None


def test_figures_are_written_as_people_say_them(base: Path) -> None:
    ran = qpvdesk("relever", "FT-O01", "16,1 %", "--base", str(base), "--date", "31/12/2024")
    assert ran.returncode == 0, ran.stderr
    assert objective(state(base), "FT-O01")["valeur_actuelle"] == 16.1


def test_the_journal_says_who_changed_what(base: Path) -> None:
    qpvdesk("relever", "BPI-O01", "27", "--base", str(base), "--date", "30/06/2025")
    ran = qpvdesk("journal", "--base", str(base), "--objet", "BPI-O01", "--format", "json")
    assert ran.returncode == 0, ran.stderr
    assert any("27" in entry["phrase"] for entry in json.loads(ran.stdout))


def test_the_check_finds_a_sound_base_and_the_document_s_own_contradictions(starter: Path) -> None:
    ran = qpvdesk("verifier", "--base", str(starter), "--format", "json")
    assert ran.returncode == 0, ran.stderr
    document = json.loads(ran.stdout)
    assert document["base"] == {"saine": True, "problemes": []}
    assert len(document["coherence"]) > 20
    assert any("52" in point["message"] and "44" in point["message"] for point in document["coherence"])


def test_the_csv_has_a_row_for_each_objective(starter: Path) -> None:
    ran = qpvdesk("etat", "--base", str(starter), "--format", "csv")
    rows = list(csv.reader(io.StringIO(ran.stdout), delimiter=";"))
    assert len(rows) == 1 + len(state(starter)["objectifs"])


def test_the_report_is_written(starter: Path, tmp_path: Path) -> None:
    paper = tmp_path / "copil.pdf"
    ran = qpvdesk("rapport", "--base", str(starter), "--modele", "copil", "--sortie", str(paper))
    assert ran.returncode == 0, ran.stderr
    assert paper.read_bytes().startswith(b"%PDF-")


def test_the_same_base_prints_the_same_bytes(starter: Path, tmp_path: Path) -> None:
    papers = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    for paper in papers:
        qpvdesk("rapport", "--base", str(starter), "--sortie", str(paper), "--date", "30/06/2026")
    assert papers[0].read_bytes() == papers[1].read_bytes()


@pytest.mark.parametrize(
    "value", ["abc", "1.339", "NaN", "1e5", "1_000", "(12)", "n.c.", "٣٤", "", "12 jeunes"]
)
def test_what_is_no_number_is_refused_and_changes_nothing(base: Path, value: str) -> None:
    before = base.read_bytes()
    refused("relever", "BPI-O01", value, "--base", str(base), "--date", "30/06/2025")
    assert base.read_bytes() == before


@pytest.mark.parametrize("day", ["31/02/2025", "demain", "30/06/2999", "2025-13-01"])
def test_a_day_that_cannot_be_is_refused(base: Path, day: str) -> None:
    before = base.read_bytes()
    refused("relever", "BPI-O01", "27", "--base", str(base), "--date", day)
    assert base.read_bytes() == before


def test_an_unknown_code_is_answered_with_the_nearest(base: Path) -> None:
    assert "BPI-O01" in refused("relever", "BPI-001", "27", "--base", str(base), "--date", "30/06/2025")


def test_an_unknown_partner_is_answered_with_those_known(starter: Path) -> None:
    assert "FT" in refused("etat", "--base", str(starter), "--partenaire", "XX")


@pytest.mark.parametrize("content", [b"", b"bonjour", b"SQLite format 3\x00" + b"\x00" * 2000])
def test_a_file_that_is_no_base_is_refused_untouched(tmp_path: Path, content: bytes) -> None:
    base = tmp_path / "autre.db"
    base.write_bytes(content)
    refused("etat", "--base", str(base))
    assert base.read_bytes() == content


def test_an_absent_base_is_never_made_in_silence(tmp_path: Path) -> None:
    base = tmp_path / "absente.db"
    refused("etat", "--base", str(base))
    assert not base.exists()


def test_a_path_that_cannot_be_written_is_one_sentence(starter: Path, tmp_path: Path) -> None:
    refused("rapport", "--base", str(starter), "--sortie", str(tmp_path / "nulle" / "part" / "f.pdf"))
    refused("init", "--base", "/proc/impossible/base.db")


@pytest.mark.parametrize(
    "arguments", [["inconnue"], ["etat", "--nimporte"], ["relever"], ["rapport", "--modele", "roman"]]
)
def test_wrong_usage_is_two_and_in_french(arguments: list[str]) -> None:
    ran = qpvdesk(*arguments)
    assert ran.returncode == 2
    for english in ("Usage:", "Error", "Try", "No such", "Missing", "Invalid"):
        assert english not in ran.stderr


def test_the_help_is_in_french_and_lists_what_works() -> None:
    ran = qpvdesk("--help")
    assert ran.returncode == 0
    for word in (
        "init",
        "etat",
        "relever",
        "rapport",
        "verifier",
        "journal",
        "Commandes",
        "Affiche cette aide",
    ):
        assert word in ran.stdout
    for english in ("Show this", "Commands", "Usage:"):
        assert english not in ran.stdout


@pytest.mark.parametrize("command", ["init", "etat", "relever", "rapport", "verifier", "journal", "exporter"])
def test_each_command_s_help_is_in_french(command: str) -> None:
    ran = qpvdesk(command, "--help")
    assert ran.returncode == 0
    for english in ("required", "default", "Show this", "Usage:"):
        assert english not in ran.stdout
