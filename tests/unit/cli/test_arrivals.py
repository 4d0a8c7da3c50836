"""The shell's doors for what arrives: an action plan, and what is remembered of the files of partners."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qpvdesk import cli
from qpvdesk.spreadsheets import reading

PLAN = Path(__file__).parents[2] / "reference" / "imports" / "plan-d-actions" / "a.xlsx"
Shell = Callable[..., str]


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    base = str(tmp_path / "base.db")

    def run(*words: str, status: int = 0) -> str:
        found = cli.run([*words, "--base", base])
        said = capsys.readouterr()
        assert found == status, said
        return said.out + said.err

    run("init")
    return run


def test_an_action_plan_is_listed_then_taken(shell: Shell) -> None:
    listed = shell("actions", str(PLAN), "--partenaire", "FT")
    assert "Structure B" in listed
    assert "Rien n’a été modifié." in listed
    taken = ("actions", str(PLAN), "--partenaire", "FT", "--lignes", "B3")
    assert "--nature" in shell(*taken, status=2)
    assert "1 engagement" in shell(*taken, "--nature", "gouvernance")
    assert "déjà un engagement" in shell(*taken, "--nature", "gouvernance", status=1)


def test_a_plan_sets_aside_and_remembers_by_the_shell(shell: Shell, tmp_path: Path) -> None:
    file, plan = tmp_path / "retour.csv", tmp_path / "plan.json"
    file.write_text("Code;Date;Cible 2025;Relevé\nFT-O22;31/12/2025;20000;18500\n", encoding="utf-8")
    shell("importer", str(file), "--proposer", str(plan))
    said = json.loads(plan.read_text("utf-8"))
    assert said["tables"][0]["colonnes"]["C"]["role"] == "non lu"
    said["partenaire"] = "FT"
    said["associations"] = {"Demandeurs": "FT-O22"}
    plan.write_text(json.dumps(said), "utf-8")
    assert "1 valeur" in shell("importer", str(file), "--plan", str(plan))
    assert "Demandeurs" in shell("retenus")
    shell("retenus", "--numero", "1", "--nom", "Demandeurs", "--code", "FT-O23")
    assert "FT-O23" in shell("retenus")
    shell("retenus", "--numero", "1", "--oublier")
    assert "Demandeurs" not in shell("retenus")
    assert "n’est pas dans la liste" in shell("retenus", "--numero", "1", "--oublier", status=1)


def test_the_lines_that_are_not_taken_are_written_to_be_sent_back(shell: Shell, tmp_path: Path) -> None:
    file, back = tmp_path / "retour.csv", tmp_path / "a-renvoyer.xlsx"
    file.write_text("Code;Date;Relevé\nFT-O22;31/12/2025;beaucoup\nFT-O23;31/12/2025;115000\n", "utf-8")
    assert "1 ligne" in shell("importer", str(file), "--partiel", "--refuses", str(back))
    (sheet,) = reading.read(back).sheets
    assert [cell.text for cell in sheet.cells if cell.row == 1][:3] == ["FT-O22", "31/12/2025", "beaucoup"]


@pytest.mark.parametrize(("option", "other"), [("--refuses", "base.db"), ("--proposer", "retour.csv")])
def test_what_an_import_writes_takes_the_place_of_nothing_else(
    shell: Shell, tmp_path: Path, option: str, other: str
) -> None:
    file = tmp_path / "retour.xlsx"
    shell("exporter", "--modele", "releves", "--sortie", str(file))
    before = file.read_bytes()
    assert "n’est pas connu" in shell("importer", str(file), option, str(tmp_path / other), status=1)
    if option == "--refuses":
        assert "n’est pas remplacé" in shell("importer", str(file), option, str(file), status=1)
    assert file.read_bytes() == before
    shell("etat")


def test_nor_of_a_base_that_is_named_as_what_it_writes(
    shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, base = tmp_path / "retour.csv", tmp_path / "base.json"
    file.write_text("Code;Date;Relevé\nFT-O22;31/12/2025;18500\n", encoding="utf-8")
    shell("sauvegarder", "--sortie", str(base))
    before = base.read_bytes()
    assert cli.run(["importer", str(file), "--base", str(base), "--proposer", str(base)]) == 1
    assert "est la base\u202f: elle n’est pas remplacée" in capsys.readouterr().err
    assert base.read_bytes() == before


def test_where_the_values_of_a_file_come_from_is_said_by_the_shell_too(shell: Shell, tmp_path: Path) -> None:
    file, back = tmp_path / "retour.csv", tmp_path / "releves.csv"
    file.write_text("Code;Date;Relevé\nFT-O22;31/12/2025;18500\n", encoding="utf-8")
    shell("importer", str(file), "--source", "Appel du 12/01/2026")
    shell("exporter", "--modele", "releves", "--sortie", str(back))
    assert "Appel du 12/01/2026" in back.read_text("utf-8-sig")
