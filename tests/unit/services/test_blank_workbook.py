"""The blank workbook can be filled in by a person: lists in French words, codes kept as text, what is needed shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook

from qpvdesk.domain.model import (
    Aggregation,
    Contract,
    Credit,
    Dossier,
    Engagement,
    Funding,
    Nature,
    Partner,
    Theme,
)
from qpvdesk.services.contracts import contract_export, contract_import
from qpvdesk.spreadsheets.book import ReadBook, ReadSheet


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    file = tmp_path_factory.mktemp("gabarit") / "g.xlsx"
    contract_export.write_blank(file)
    return openpyxl.load_workbook(file)


def lists(book: Workbook, sheet: str) -> dict[str, str]:
    titles = {cell.column_letter: cell.value for cell in book[sheet][1]}
    rules = book[sheet].data_validations.dataValidation
    return {titles[str(rule.sqref).partition("2:")[0]]: rule.formula1 for rule in rules}


def test_the_sheets_that_a_contract_begins_with_come_first(book: Workbook) -> None:
    assert book.sheetnames[:7] == [
        "Mode d’emploi", "Contrat", "Partenaires", "Engagements", "Objectifs", "Territoires", "Financements",
    ]  # fmt: skip


def test_choices_are_the_words_of_the_window_or_the_names_of_a_sheet(book: Workbook) -> None:
    """Codes may be left blank: a list of them would be empty. Several names, or a code, are as good."""
    found = lists(book, "Objectifs")
    assert "À augmenter,À réduire,Au moins" in found["Sens"]
    # A comma inside a word would part it in the list.
    assert len(found["Mode de calcul"].split(",")) == len(Aggregation)
    assert "Une seule fois" in found["Fréquence"]
    assert found["Partenaire"] == "'Partenaires'!$B$2:$B$1000"
    assert found["Engagement"] == "'Engagements'!$C$2:$C$1000"
    assert found["Thématique"] == "'Thématiques'!$B$2:$B$1000"
    assert lists(book, "Financements")["Unité"] == '"Euros,Postes (ETP)"'
    assert ",Commune,Quartier prioritaire," in lists(book, "Territoires")["Niveau"]
    assert "ETP,habitants" in found["Unité"]
    assert "Centre social,Collège" in lists(book, "Établissements")["Genre"]
    strict = {
        rule.formula1 for rule in book["Objectifs"].data_validations.dataValidation if rule.showErrorMessage
    }
    assert strict
    assert not any("$" in listed for listed in strict)


def test_codes_keep_their_zeros_and_needed_titles_stand_out(book: Workbook) -> None:
    page = book["Territoires"]
    titles = {cell.value: cell for cell in page[1]}
    code = titles["Code"]
    assert page.column_dimensions[code.column_letter].width >= 14
    name = titles["Nom"]
    assert "Obligatoire" in name.comment.text
    assert name.fill.fgColor.rgb != titles["Note"].fill.fgColor.rgb
    assert "tient lieu de code" in code.comment.text
    assert page.column_dimensions[code.column_letter].number_format == "@"
    notes = {cell.value: cell.comment.text for cell in book["Contrat"][1] if cell.comment}
    years = {title: "ou une année" in note for title, note in notes.items()}
    assert (years["Début"], years["Fin"], years["Date de signature"]) == (True, True, False)


def test_a_wide_sheet_prints_over_pages_that_can_be_read(book: Workbook) -> None:
    wide, narrow = book["Objectifs"], book["Partenaires"]
    assert (wide.page_setup.fitToWidth, narrow.page_setup.fitToWidth or 1) == (3, 1)
    assert wide.print_title_cols == "$A:$B"
    assert wide.page_setup.fitToHeight == 0


def test_a_contract_goes_out_in_the_words_of_the_window_and_its_years_are_no_thousands(
    tmp_path: Path,
) -> None:
    funding = Funding(
        "f", "k", "p", "ML-F01", "Conseillers", 2024, 2027, Decimal(1200), "EUR", credit=Credit.DROIT_COMMUN
    )
    dossier = Dossier(
        Contract("k", "port", "Contrat du Port"),
        partners=(Partner("p", "k", "ML", "Mission locale", "Mission locale"),),
        themes=(Theme("t", "k", "acces_aux_droits", "Accès aux droits"),),
        engagements=(
            Engagement("e", "k", "p", "ML-E01", "Parrainer", "acces_aux_droits", Nature.DROIT_COMMUN),
        ),
        fundings=(funding,),
    )
    contract_export.write(dossier, tmp_path / "c.xlsx")
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")

    def cell(sheet: str, title: str) -> Cell:
        at = next(cell.column for cell in book[sheet][1] if cell.value == title)
        found = book[sheet].cell(2, at)
        assert isinstance(found, Cell)
        return found

    assert cell("Engagements", "Thématique").value == "Accès aux droits"
    assert cell("Engagements", "Nature").value == "Droit commun"
    assert [cell("Financements", title).value for title in ("Unité", "Nature des crédits", "Avancement")] == [
        "Euros",
        "Droit commun",
        "Prévu",
    ]
    assert cell("Financements", "Première année").number_format == "0"
    assert cell("Financements", "Montant").number_format == "#,##0"
    draft = contract_import.preview(tmp_path / "c.xlsx", code="port", today=date(2026, 1, 1))
    assert draft.dossier is not None, draft.problems
    assert draft.dossier.fundings == dossier.fundings
    assert draft.dossier.engagements == dossier.engagements


@pytest.mark.parametrize(
    ("names", "held"),
    [(["Contrat"], False), (["Partenaires"], False), (["Contrat", "Partenaires"], True), ([], False)],
)
def test_a_book_of_a_whole_contract_has_its_sheet_and_another(names: list[str], held: bool) -> None:
    assert contract_import.holds_contract(ReadBook([ReadSheet(name, []) for name in names])) is held
