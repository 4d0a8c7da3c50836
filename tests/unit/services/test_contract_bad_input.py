"""What comes in wrong for a whole contract is said, and nothing is half written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import astuple, replace
from openpyxl.workbook import Workbook

from qpvdesk import cli
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import KINDS, Kind
from qpvdesk.domain.model import Dossier, Level, PlaceLevel
from qpvdesk.services.contracts import contract_export, contract_import
from qpvdesk.services.contracts.contract_cells import RefusedCell
from qpvdesk.services.contracts.contract_preview import _told
from qpvdesk.services.contracts.contract_rest import rest_of
from qpvdesk.services.editing import reading
from tests.helpers.reviews import desk_on
from tests.unit.services.test_one_checker import TODAY, base_of, contract, exported
from tests.unit.storage import samples


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    return contract(tmp_path_factory.mktemp("contrat") / "sain")


def book(sound: Dossier, path: Path, change: Callable[[Workbook], object]) -> Path:
    path.write_bytes(exported(sound, "xlsx"))
    whole = openpyxl.load_workbook(path)
    change(whole)
    whole.save(path)
    return path


def told(path: Path) -> str:
    """What is said of a workbook: refused whole, cell by cell, or in a note beside what is taken."""
    try:
        draft = contract_import.preview(path, code="copie", today=TODAY)
    except UserError as error:
        return str(error)
    return " ".join((*draft.problems, *draft.notes))


@pytest.mark.parametrize("name", ["Partenaires", "Engagements", "Objectifs", "Territoires"])
def test_a_sheet_that_was_renamed_is_the_one_thing_that_is_told(
    sound: Dossier, tmp_path: Path, name: str
) -> None:
    def rename(whole: Workbook) -> None:
        whole[name].title = "Signataires"

    draft = contract_import.preview(book(sound, tmp_path / "c.xlsx", rename), code="copie", today=TODAY)
    assert draft.dossier is None
    (problem,) = draft.problems
    assert "«\u202fSignataires\u202f» n’est pas lue" in problem
    assert f"les titres de «\u202f{name}\u202f»" in problem
    lost = told(book(sound, tmp_path / "d.xlsx", lambda whole: whole.remove(whole[name])))
    assert f"Feuille absente\u202f: «\u202f{name}\u202f»\u202f; rien n’en entre" in lost


def test_a_mistaken_engagement_or_a_blank_label_is_told_with_the_rest(sound: Dossier, tmp_path: Path) -> None:
    def mistake(whole: Workbook) -> None:
        sheet = whole["Objectifs"]
        titles = {cell.value: cell.column for cell in sheet[1] if cell.value}
        for column, value in (("Engagement", "XX-E99"), ("Libellé", "Part suivie ; valeur de départ 12 %")):
            sheet.cell(sheet.max_row + (column == "Engagement"), titles[column]).value = value
        sheet.cell(sheet.max_row + 1, titles["Engagement"]).value = next(
            cell.value for cell in whole["Engagements"][2] if cell.value
        )

    draft = contract_import.preview(book(sound, tmp_path / "e.xlsx", mistake), code="copie", today=TODAY)
    assert draft.dossier is None
    assert any("XX-E99" in problem for problem in draft.problems)


@pytest.mark.parametrize(
    "refused",
    [kind for kind in KINDS if kind.has_code and kind.name != "contract"],
    ids=lambda kind: kind.name,
)
def test_what_refers_to_a_refused_line_is_put_aside_with_it(refused: Kind) -> None:
    whole = samples.dossier()
    held = {kind.dossier: getattr(whole, kind.dossier) for kind in KINDS if kind.name != "contract"}
    rest = rest_of({**held, "contract": whole.contract, refused.dossier: ()}, {})
    assert rest is not None
    gone = {item.key for item in held[refused.dossier]}
    # A citation lies in its line, with the document that it names.
    left = [repr(astuple(item)[1:]) for name in held for item in getattr(rest, name)]
    assert not [item for item in left for key in gone if repr(key) in item]
    assert not gone or len(left) < sum(map(len, held.values()))


def test_the_first_start_says_which_sheets_it_did_not_read(
    sound: Dossier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def rename(name: str) -> Callable[[Workbook], None]:
        def change(whole: Workbook) -> None:
            if name in whole.sheetnames:
                whole[name].title = "Signataires"
            else:
                whole.create_sheet("Signataires")["A1"] = "Qui a signé"

        return change

    for name, status in (("Partenaires", 1), ("Une autre", 0)):
        path, base = book(sound, tmp_path / f"{name}.xlsx", rename(name)), tmp_path / f"{name}.db"
        assert cli.run(["init", "--classeur", str(path), "--base", str(base)]) == status
        assert "La feuille «\u202fSignataires\u202f» n’est pas lue" in "".join(capsys.readouterr())
        assert base.exists() is not bool(status)


def test_columns_may_be_moved_and_one_more_is_named(sound: Dossier, tmp_path: Path) -> None:
    def move(whole: Workbook) -> None:
        sheet = whole["Objectifs"]
        # The last column with a title comes first.
        last = max(cell.column for cell in sheet[1] if cell.value)
        values = [sheet.cell(row, last).value for row in range(1, sheet.max_row + 1)]
        for row, value in enumerate(values, start=1):
            sheet.cell(row, last).value, sheet.cell(row, 1).value = sheet.cell(row, 1).value, value

    draft = contract_import.preview(book(sound, tmp_path / "m.xlsx", move), code="copie", today=TODAY)
    assert draft.dossier is not None, draft.problems
    assert [item.label for item in draft.dossier.objectives] == [item.label for item in sound.objectives]

    def add(whole: Workbook) -> None:
        whole["Objectifs"].insert_cols(3)
        whole["Objectifs"].cell(1, 3).value = "Avis du maire"

    assert "la colonne «\u202fAvis du maire\u202f» n’est pas prévue" in told(
        book(sound, tmp_path / "a.xlsx", add)
    )


def test_a_title_that_is_over_another_column_is_refused_at_its_cells(sound: Dossier, tmp_path: Path) -> None:
    def shift(whole: Workbook) -> None:
        sheet = whole["Objectifs"]
        titles = {cell.value: cell for cell in sheet[1]}
        target, unit = titles["Valeur cible"], titles["Unité"]
        target.value, unit.value = unit.value, target.value

    draft = contract_import.preview(book(sound, tmp_path / "t.xlsx", shift), code="copie", today=TODAY)
    assert draft.dossier is None
    assert any("«\u202ftonnes\u202f» n’est pas un nombre" in problem for problem in draft.problems)
    asked = (
        "importer",
        str(tmp_path / "t.xlsx"),
        "--base",
        str(tmp_path / "b.db"),
        "--nouveau-contrat",
        "copie",
    )
    assert cli.run([*asked, "--simulation"]) == 1
    assert cli.run([*asked, "--simulation", "--format", "json"]) == 1


def test_two_contracts_of_one_code_are_refused_and_the_base_is_as_it_was(
    sound: Dossier, tmp_path: Path
) -> None:
    contract_export.write(sound, tmp_path / "c.xlsx")
    with base_of(tmp_path / "b.db", sound) as base:
        desk = desk_on(base, TODAY)
        before = base.contracts()
        draft = contract_import.preview(tmp_path / "c.xlsx", code="essai", today=TODAY)
        with pytest.raises(UserError, match="déjà"):
            contract_import.apply(desk, draft)
        assert base.contracts() == before


def test_a_level_named_like_a_partner_is_refused_by_every_road(sound: Dossier, tmp_path: Path) -> None:
    """Nobody would know which of the two a cell means; the form, the workbook and the files say so and write nothing."""
    partner = sound.partners[0]
    level = PlaceLevel("n", sound.contract.key, "NIVEAU", partner.name, Level.COMMUNE)
    mixed = replace(
        sound, place_levels=(level,), contract=replace(sound.contract, upper_level=partner.short_name)
    )
    contract_export.write(mixed, tmp_path / "c.xlsx")
    for path in (tmp_path / "c.xlsx", tmp_path / "c.json"):
        contract_export.write(mixed, path)
        draft = contract_import.preview(path, code="copie", today=TODAY)
        assert draft.dossier is None
        assert [problem.count("est le nom d’un partenaire") for problem in draft.problems] == [1, 1]
    typed = {"code": partner.code, "name": "Bassin", "scale": "commune"}
    assert "partenaire" in reading.read(sound, "place_level", typed, None).faults["code"]
    named = reading.write(sound, "contract", sound.contract.key) | {"top_level": partner.name}
    assert "partenaire" in reading.read(sound, "contract", named, sound.contract.key).faults["top_level"]

    def by_name(whole: Workbook) -> None:
        line = next(row for row in whole["Territoires"].iter_rows(min_row=2) if row[0].value == "62510")
        line[2].value = "secteur vécu"

    mine = replace(sound, place_levels=(PlaceLevel("n", "k", "NIVEAU", "Secteur vécu", Level.COMMUNE),))
    draft = contract_import.preview(book(mine, tmp_path / "n.xlsx", by_name), code="copie", today=TODAY)
    assert draft.dossier is not None, draft.problems
    assert "NIVEAU" in {item.level for item in draft.dossier.territories}


def test_a_decision_names_its_meeting_by_its_kind_and_its_day(sound: Dossier, tmp_path: Path) -> None:
    def decide(whole: Workbook) -> None:
        titles = [cell.value for cell in whole["Instances"][1]]
        for day in ("15/01/2026", "16/01/2026"):
            row = {"Genre": "COPIL", "Date": day}
            whole["Instances"].append([row.get(title) for title in titles])
        titles = [cell.value for cell in whole["Décisions"][1]]
        row = {"Instance": "COPIL-2026-01-15", "Libellé": "Réunir les pilotes"}
        whole["Décisions"].append([row.get(title) for title in titles])

    path = book(sound, tmp_path / "d.xlsx", decide)
    draft = contract_import.preview(path, code="copie", today=TODAY)
    assert draft.dossier is not None, draft.problems
    (decision,) = draft.dossier.decisions
    assert next(item for item in draft.dossier.meetings if item.key == decision.meeting).day.day == 15
    contract_export.write(draft.dossier, tmp_path / "encore.xlsx")
    written = openpyxl.load_workbook(tmp_path / "encore.xlsx")["Décisions"]
    assert "COPIL-2026-01-15" in [cell.value for cell in written[2]]

    def twice(whole: Workbook) -> None:
        decide(whole)
        whole["Instances"]["B3"].value = "15/01/2026"

    path = book(sound, tmp_path / "e.xlsx", twice)
    (problem,) = contract_import.preview(path, code="copie", today=TODAY).problems
    assert "«\u202fCOPIL-2026-01-15\u202f» n’est le code ni le nom de rien" in problem


def test_of_many_cells_of_one_cause_six_are_named() -> None:
    cells = [RefusedCell(f"A{row + 1} est vide.", row=row, column=0) for row in range(9)]
    said = _told(*cells)
    assert said.startswith("A1 est vide. De même")
    assert "A7 et 2 autres cases." in said.replace("\xa0", " ")
