"""A contract's file whose columns are called otherwise, read once it is said what they give."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from qpvdesk.services.contracts import contract_export, contract_import, retitling
from qpvdesk.services.figures import imports
from tests.unit.services.test_whole_contract import NOW
from tests.unit.storage import samples


def test_columns_of_another_name_are_read_as_is_said_or_not_at_all(tmp_path: Path) -> None:
    whole, path = samples.dossier(), tmp_path / "contrat.xlsx"
    contract_export.write(whole, path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Objectifs"]
    at = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(1, at["Libellé"]).value = "Intitulé retenu"
    extra = sheet.max_column + 1
    sheet.cell(1, extra).value = "Remarque interne"
    sheet.cell(2, extra).value = "à revoir"
    workbook.save(path)
    book, code, today = imports.read(path), whole.contract.code, NOW.date()
    assert contract_import.draft(book, path, code=code, today=today).dossier is None
    label, remark = retitling.loose_columns(book)
    assert (label.sheet, label.title, remark.title) == ("Objectifs", "Intitulé retenu", "Remarque interne")
    assert "Libellé" in label.free
    assert "Valeur cible" not in label.free, "another column bears it"
    said = {(label.sheet, label.column): "Libellé", (remark.sheet, remark.column): ""}
    assert (
        contract_import.draft(retitling.retitled(book, said), path, code=code, today=today).dossier == whole
    )
    # A title that is given twice is said as one that is written twice.
    twice = {(label.sheet, label.column): "Libellé", (remark.sheet, remark.column): "Libellé"}
    (problem,) = contract_import.draft(retitling.retitled(book, twice), path, code=code, today=today).problems
    assert "deux colonnes portent le titre «\u202fLibellé\u202f»" in problem


def test_a_file_of_our_titles_has_no_loose_column(tmp_path: Path) -> None:
    path = tmp_path / "contrat.json"
    contract_export.write(samples.dossier(), path)
    book = imports.read(path)
    assert retitling.loose_columns(book) == ()
    assert retitling.retitled(book, {}) is book
