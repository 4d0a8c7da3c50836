"""A base begins with whatever contract is the officer's own; a contract that is not goes from every view, and comes back."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from qpvdesk import cli, paths
from qpvdesk.domain.errors import UserError
from qpvdesk.services import bases
from qpvdesk.services.contracts import contract_export, contract_import
from qpvdesk.services.desk import opened
from qpvdesk.services.editing import acts
from qpvdesk.storage import maintenance
from qpvdesk.storage.base import Database
from tests.helpers import invented
from tests.helpers.reviews import desk_on
from tests.unit.storage import samples

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def listed(folder: Path) -> Path:
    """A list of communes, with the EPCI of each."""
    path = folder / "liste.csv"
    path.write_text("CODGEO;LIBGEO;EPCI\n62498;Lens;246200364\n", encoding="utf-8")
    return path


def test_a_blank_contract_is_ready_to_be_filled_in(tmp_path: Path) -> None:
    made = bases.create_blank(
        tmp_path / "b.db", {"name": "Contrat du Val d’Ardèze", "epci": "246200364"}, now=NOW,
        places=listed(tmp_path),
    )  # fmt: skip
    assert (made.name, made.partners, made.engagements) == ("Contrat du Val d’Ardèze", 0, 0)
    with opened(tmp_path / "b.db") as desk:
        (contract,) = desk.contracts()
        assert contract.code == "contrat-du-val-d-ardeze"
        assert len(desk.dossier(contract.code).themes) == 9
        assert {item.code for item in desk.dossier(contract.code).territories} == {"246200364", "62498"}
        assert maintenance.check(desk.base) == []


def test_a_base_keeps_its_only_contract_whatever_is_undone(tmp_path: Path) -> None:
    contract_export.write(samples.dossier(), tmp_path / "c.xlsx")
    bases.create_from_book(tmp_path / "book.db", tmp_path / "c.xlsx", now=NOW)
    bases.create_blank(tmp_path / "blank.db", {"name": "Contrat de ville de l’Île-d’Abeau"}, now=NOW)
    for name in ("book.db", "blank.db"):
        with opened(tmp_path / name) as desk:
            before = desk.contracts()
            for _ in range(2):
                with pytest.raises(
                    UserError, match=r"^« Contrat .* ne peut pas être annulé.*n’aurait plus aucun contrat"
                ):
                    desk.undo()
            assert desk.contracts() == before
            assert len(desk.dossier(before[0].code).themes) > 0
            # An arrow that can only refuse is grey.
            assert desk.base.undo_labels() == ()
            # Beside another one it goes, and comes back.
            acts.new_contract(desk, {"name": "Autre", "code": "autre"})
            assert len(desk.base.undo_labels()) >= 1
            desk.undo()
            assert desk.contracts() == before
            desk.redo()
            assert len(desk.contracts()) == 2
            assert maintenance.check(desk.base) == []


def test_what_cannot_be_leaves_no_base(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="n’est pas un numéro SIREN"):
        bases.create_blank(tmp_path / "b.db", {"name": "Val", "epci": "20009901"}, now=NOW)
    with pytest.raises(UserError, match=r"ne contient pas de contrat\.toml"):
        bases.create_from_folder(tmp_path / "b.db", tmp_path, now=NOW)
    with pytest.raises(UserError):
        bases.create_blank(
            tmp_path / "b.db", {"name": "Val", "epci": "200099017"}, now=NOW, places=listed(tmp_path)
        )
    assert not (tmp_path / "b.db").exists()


def test_a_workbook_or_a_folder_makes_a_base(tmp_path: Path) -> None:
    contract_export.write(samples.dossier(), tmp_path / "c.xlsx")
    made = bases.create_from_book(tmp_path / "b.db", tmp_path / "c.xlsx", now=NOW)
    assert (made.partners, made.engagements, made.objectives) == (2, 1, 2)
    folder = tmp_path / "lens-lievin"
    shutil.copytree(paths.resource("contracts/lens-lievin"), folder)
    made = bases.create_from_folder(tmp_path / "f.db", folder, now=NOW)
    assert (made.partners, made.engagements) == (7, 142)
    with opened(tmp_path / "f.db", read_only=True) as desk:
        assert maintenance.check(desk.base) == []


def test_an_example_is_made_on_any_contract(tmp_path: Path) -> None:
    contract_export.write(invented.dossier(), tmp_path / "c.xlsx")
    made = [
        bases.create_from_book(tmp_path / name, tmp_path / "c.xlsx", now=NOW, example=True)
        for name in ("a.db", "b.db")
    ]
    assert made[0].name.startswith("EXEMPLE FICTIF – Contrat de ville de la Vallée")
    held = []
    for name in ("a.db", "b.db"):
        with opened(tmp_path / name, read_only=True) as desk:
            (contract,) = desk.contracts()
            held.append(desk.dossier(contract.code))
            assert maintenance.check(desk.base) == []
    first, second = held
    assert first.contract.fictitious
    assert (first.measurements, first.meteos) == (second.measurements, second.meteos)
    assert {item.source for item in first.measurements} == {"Chiffre inventé pour l’exemple"}
    assert len({item.objective for item in first.measurements}) >= 6
    # Of a target without a start: about as much as it asks for, on every day.
    promised = {item.key: item for item in first.objectives if item.start_value is None and item.target_value}
    near = [
        item.value / (promised[item.objective].target_value or 1)
        for item in first.measurements
        if item.objective in promised
    ]
    assert len(near) >= 2
    assert all(Decimal("0.7") < share < Decimal("1.2") for share in near)
    assert [item.day < NOW.date() for item in first.meetings] == [True, False]
    assert len(first.snapshots) == len(first.decisions) == 1
    folder = tmp_path / "lens-lievin"
    shutil.copytree(paths.resource("contracts/lens-lievin"), folder)
    asked = ["init", "--exemple", "--dossier", str(folder), "--base", str(tmp_path / "f.db")]
    assert cli.run(asked) == 0
    assert cli.run([*asked[:-1], str(tmp_path / "g.db"), "--classeur", str(tmp_path / "c.xlsx")]) == 2
    assert not (tmp_path / "g.db").exists()


def test_a_contract_goes_from_every_view_and_comes_back(tmp_path: Path) -> None:
    with samples.new_base(tmp_path / "base.db") as base:
        desk = desk_on(base, date(2026, 6, 1))
        with pytest.raises(UserError, match="seul contrat de la base"):
            acts.remove_contract(desk, "contrat-1")
        acts.new_contract(desk, {"code": "mien", "name": "Le mien"})
        acts.remove_contract(desk, "contrat-1")
        assert [item.code for item in desk.contracts()] == ["mien"]
        assert desk.contract(None).code == "mien", "no command asks which any more"
        desk.undo()
        assert len(desk.contracts()) == 2
        acts.remove_contract(desk, "contrat-1")
        with pytest.raises(UserError, match="déjà celui d’un contrat"):
            acts.new_contract(desk, {"code": "contrat-1", "name": "Un autre"})
        with pytest.raises(UserError, match="Contrats retirés\u202f: contrat-1"):
            acts.restore_contract(desk, "mien")
        acts.restore_contract(desk, "contrat-1")
        assert desk.dossier("contrat-1").engagements == samples.dossier().engagements
        assert maintenance.check(base) == []


def test_a_file_of_a_contract_that_was_removed_does_not_write_over_it(tmp_path: Path) -> None:
    contract_export.write(samples.dossier(), tmp_path / "c.json")
    base: Database
    with samples.new_base(tmp_path / "base.db") as base:
        desk = desk_on(base, date(2026, 6, 1))
        acts.new_contract(desk, {"code": "mien", "name": "Le mien"})
        acts.remove_contract(desk, "contrat-1")
        read = contract_import.preview(tmp_path / "c.json", code="autre", today=NOW.date())
        contract_import.apply(desk, read)
        assert {item.code for item in desk.contracts()} == {"mien", "autre"}
        acts.restore_contract(desk, "contrat-1")
        assert len(desk.contracts()) == 3


def test_the_shell_begins_with_any_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = ["--base", str(tmp_path / "b.db")]
    assert cli.run(["init", "--vide", *base]) == 1
    assert "un nom" in capsys.readouterr().err
    assert cli.run(["init", "--vide", "--nom", "Contrat de X", "--code", "x", *base]) == 0
    assert cli.run(["contrat", "ajouter", "--code", "y", "--nom", "Contrat de Y", *base]) == 0
    assert cli.run(["contrat", "retirer", "x", *base]) == 0
    assert (
        cli.run(["partenaire", "ajouter", "--code", "P", "--nom", "Pilote", "--nom-court", "P", *base]) == 0
    )
    assert cli.run(["contrat", "retablir", "x", *base]) == 0
    assert cli.run(["exporter", "--modele", "gabarit", "--sortie", str(tmp_path / "g.xlsx")]) == 0
    assert (tmp_path / "g.xlsx").exists()


def test_the_journal_tells_of_one_contract_or_of_which(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["--base", str(tmp_path / "b.db")]
    assert cli.run(["init", "--vide", "--nom", "Contrat de X", "--code", "x", *base]) == 0
    assert cli.run(["contrat", "ajouter", "--code", "y", "--nom", "Contrat de Y", *base]) == 0
    for contract, partner in (("x", "PX"), ("y", "PY")):
        words = ["--code", partner, "--nom", "Pilote", "--nom-court", "P", "--contrat", contract, *base]
        assert cli.run(["partenaire", "ajouter", *words]) == 0
    assert cli.run(["partenaire", "retirer", "PX", "--contrat", "x", *base]) == 0
    capsys.readouterr()
    assert cli.run(["journal", "--contrat", "x", *base]) == 0
    told, said = capsys.readouterr()
    assert said == "Contrat\u202f: Contrat de X (x)\n"
    assert "PX" in told
    assert "PY" not in told
    assert cli.run(["journal", *base]) == 0
    told, said = capsys.readouterr()
    assert said == "Contrat\u202f: Contrat de X (x) ; Contrat de Y (y)\n"
    assert "PX" in told
    assert "PY" in told
