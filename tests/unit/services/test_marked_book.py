"""A workbook that is refused comes back with its refused cells marked, and can be put right and read again."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from qpvdesk import cli
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import Dossier
from qpvdesk.services.contracts import contract_export, contract_import, contract_layout
from qpvdesk.services.contracts.contract_preview import ContractDraft
from qpvdesk.services.contracts.marked_book import write_marked
from tests.unit.services.test_one_checker import TODAY, contract

RED = "FFF8C8C2"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    return contract(tmp_path_factory.mktemp("contrat") / "sain")


@pytest.fixture(scope="module")
def refused(sound: Dossier, tmp_path_factory: pytest.TempPathFactory) -> ContractDraft:
    """Two cells of one sheet, and one of another that is empty."""
    path = tmp_path_factory.mktemp("casse") / "c.xlsx"
    contract_export.write(sound, path)
    whole = openpyxl.load_workbook(path)
    sheet = whole["Objectifs"]
    titles = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, titles["Valeur cible"]).value = "beaucoup"
    sheet.cell(2, titles["Date cible"]).value = "31/02/2027"
    whole["Engagements"]["C2"].value = None
    whole.save(path)
    return contract_import.preview(path, code="copie", today=TODAY)


def test_the_refused_cells_are_red_with_the_reason_as_a_comment(
    refused: ContractDraft, tmp_path: Path
) -> None:
    path = tmp_path / "marque.xlsx"
    assert write_marked(refused, path) == len(refused.refused) == 3
    whole = openpyxl.load_workbook(path)
    marked = {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in whole
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if cell.fill.start_color.rgb == RED
    }
    assert {(item.sheet, openpyxl.utils.get_column_letter((item.column or 0) + 1) + str(item.row + 1)): item.why
            for item in refused.refused} == marked  # fmt: skip
    assert any("«\u202fbeaucoup\u202f» n’est pas un nombre" in why for why in marked.values())
    listed = list(whole[contract_layout.TO_MEND].iter_rows(min_row=5, values_only=True))
    assert [row[:2] for row in listed] == list(marked)
    assert {row[2] for row in listed} == {"beaucoup", "31/02/2027", None}
    assert whole["Objectifs"].data_validations.dataValidation, "its lists are there still"


def test_what_is_put_right_in_the_copy_is_taken(
    refused: ContractDraft, sound: Dossier, tmp_path: Path
) -> None:
    path = tmp_path / "marque.xlsx"
    write_marked(refused, path)
    whole = openpyxl.load_workbook(path)
    values = {"Valeur cible": 148, "Date cible": "31/12/2027", "Libellé": "Recruter"}
    for item in refused.refused:
        title = whole[item.sheet].cell(1, (item.column or 0) + 1).value
        whole[item.sheet].cell(item.row + 1, (item.column or 0) + 1).value = values[title]
    whole.save(path)
    again = contract_import.preview(path, code="copie", today=TODAY)
    assert again.dossier is not None, again.problems
    assert again.notes == ()
    assert [(item.code, item.label, item.target_value, item.target_date) for item in again.dossier.objectives] == [
        (item.code, item.label, item.target_value, item.target_date) for item in sound.objectives
    ]  # fmt: skip


def test_the_same_in_the_format_of_libreoffice(refused: ContractDraft, tmp_path: Path) -> None:
    path = tmp_path / "marque.ods"
    write_marked(refused, path)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml").decode()
    assert content.count("<office:annotation>") == 3
    assert content.count('table:style-name="refused-') == 3
    again = contract_import.preview(path, code="copie", today=TODAY)
    assert again.problems == refused.problems


def test_the_shell_writes_it_and_nothing_else(
    refused: ContractDraft, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_marked(refused, tmp_path / "c.xlsx")
    words = ["importer", str(tmp_path / "c.xlsx"), "--base", str(tmp_path / "b.db"), "--nouveau-contrat", "x"]
    assert cli.run([*words, "--refuses", str(tmp_path / "m.xlsx")]) == 1
    assert "m.xlsx (3 cases marquées)" in capsys.readouterr().out
    assert (tmp_path / "m.xlsx").exists()
    assert not (tmp_path / "b.db").exists()


def test_a_sound_workbook_and_another_format_have_no_copy(
    refused: ContractDraft, sound: Dossier, tmp_path: Path
) -> None:
    contract_export.write(sound, tmp_path / "c.json")
    fine = contract_import.preview(tmp_path / "c.json", code="copie", today=TODAY)
    for made, name in ((fine, "m.xlsx"), (refused, "m.pdf")):
        with pytest.raises(UserError, match="est un classeur, d’un classeur"):
            write_marked(made, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["c.json"]
