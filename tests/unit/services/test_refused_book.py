"""The lines of a file that are not taken go back to the partner in its own columns, and come in again put right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from qpvdesk.domain.errors import UserError
from qpvdesk.services import bases
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import exports, imports, refused_book
from qpvdesk.services.figures.imports import Answers
from qpvdesk.services.figures.line import Decision, Line, LineState
from qpvdesk.services.figures.refused_book import WHAT_TO_DO, WHY, not_taken, write_refused
from qpvdesk.spreadsheets import reading
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.storage.opening import open_base
from tests.helpers.reviews import desk_on

TODAY = date(2026, 11, 28)
CODE = "lens-lievin"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("depart") / "base.db"
    bases.create(path, CODE, now=datetime(2026, 1, 5, 9).astimezone())
    with open_base(path) as opened:
        yield desk_on(opened, TODAY)


def book(*rows: list[str], name: str = "Suivi 2025") -> ReadBook:
    cells = [
        ReadCell(row, column, Read.TEXT, text)
        for row, texts in enumerate(rows) for column, text in enumerate(texts) if text
    ]  # fmt: skip
    return ReadBook([ReadSheet(name, cells)], styled=False)


def written(path: Path) -> list[list[object]]:
    (sheet, *_) = openpyxl.load_workbook(path).worksheets
    return [list(row) for row in sheet.iter_rows(values_only=True)]


FILE = book(
    ["Suivi du contrat de ville"],
    [],
    ["Référence", "Indicateur", "Relevé au 31/12/2025", "Remarques"],
    ["FT-O22", "Demandeurs d’emploi", "18500", "bon"],
    ["FT-O23", "Bénéficiaires", "environ beaucoup", "à revoir"],
    ["ZZ-O99", "Chômage des jeunes en quartier", "12", ""],
)


def test_the_refused_lines_alone_stand_in_the_partner_s_columns_with_why_and_what_to_do(
    desk: Desk, tmp_path: Path
) -> None:
    plan = imports.plan(desk, CODE, FILE, "a.csv")
    assert [line.state for line in plan.lines][:2] == [LineState.NEW, LineState.REFUSED]
    path = tmp_path / "a-renvoyer.xlsx"
    assert write_refused(plan, path) == len(not_taken(plan)) == 2
    rows = written(path)
    assert rows[0][0] == "Suivi du contrat de ville"
    assert rows[2] == ["Référence", "Indicateur", "Relevé au 31/12/2025", "Remarques", WHY, WHAT_TO_DO]
    assert [row[:4] for row in rows[3:]] == [
        ["FT-O23", "Bénéficiaires", "environ beaucoup", "à revoir"],
        ["ZZ-O99", "Chômage des jeunes en quartier", "12", None],
    ]
    reasons = [(str(row[4]), str(row[5])) for row in rows[3:]]
    assert all(why and do and why.endswith(".") and do.endswith(".") for why, do in reasons), reasons
    assert "environ beaucoup" in reasons[0][0]
    assert "n’est pas un indicateur du contrat" in reasons[1][0]


@pytest.mark.parametrize(
    ("cell", "row", "column"),
    [
        ("A1", 0, 0), ("Z3", 2, 25), ("AA10", 9, 26), ("AZ11", 10, 51), ("BA12", 11, 52), ("ZZ99", 98, 701),
        ("AAA100", 99, 702), ("", 0, 0), ("lot 3", 0, 0),
    ],
)  # fmt: skip
def test_the_place_of_a_line_is_that_of_its_cell(cell: str, row: int, column: int) -> None:
    line = Line("Suivi", cell, "FT-O22", LineState.UNKNOWN)
    assert (refused_book._row_of(line), refused_book._column_of(line)) == (row, column)


def test_put_right_it_comes_in_as_any_file_does(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a-renvoyer.xlsx"
    write_refused(imports.plan(desk, CODE, FILE, "a.csv"), path)
    returned = openpyxl.load_workbook(path)
    returned.worksheets[0]["C4"] = 115000
    returned.worksheets[0].delete_rows(5)
    returned.save(path)
    plan = imports.plan(desk, CODE, reading.read(path), path.name)
    assert [(line.objective.code, line.day, line.measurement.value, line.state)
            for line in plan.lines if line.objective and line.measurement] == [
        ("FT-O23", date(2025, 12, 31), Decimal(115000), LineState.NEW)
    ]  # fmt: skip
    assert len(plan.lines) == 1


def test_a_doubt_goes_back_until_it_is_accepted_and_each_column_is_named(desk: Desk, tmp_path: Path) -> None:
    file = book(["Code", "31/12/2024", "31/12/2025"], ["ARS-O03", "0,16", "n’importe quoi"])
    plan = imports.plan(desk, CODE, file, "a.csv")
    path = tmp_path / "a.ods"
    assert write_refused(plan, path) == 1, "two values of one row are one row"
    (sheet,) = reading.read(path).sheets
    why = next(cell.text for cell in sheet.cells if cell.row == 1 and cell.column == 3)
    assert "«\u202f31/12/2024\u202f»" in why
    assert "«\u202f31/12/2025\u202f»" in why
    aside = Answers(
        decisions={"Suivi 2025!C2": Decision(write=False), "Suivi 2025!B2": Decision(write=True, value="16")}
    )
    settled = imports.plan(desk, CODE, file, "a.csv", answers=aside)
    assert not_taken(settled) == ()
    with pytest.raises(UserError, match="Toutes les lignes"):
        write_refused(settled, tmp_path / "rien.xlsx")
    assert not (tmp_path / "rien.xlsx").exists()
    with pytest.raises(UserError, match=r"\.xlsx ou en \.ods"):
        write_refused(plan, tmp_path / "a.pdf")


def test_merged_titles_and_names_are_written_in_each_of_their_cells(desk: Desk, tmp_path: Path) -> None:
    file = book(
        ["Code", "2024", "", "2025", ""],
        ["", "S1", "S2", "S1", "S2"],
        ["FT-O22", "17000", "18000", "dix", "19000"],
    )
    merged = [(0, 1, 0, 2), (0, 3, 0, 4), (0, 0, 1, 0)]
    file = ReadBook([ReadSheet("T/1", file.sheets[0].cells, merged=merged)], styled=False)
    plan = imports.plan(desk, CODE, file, "a.csv")
    assert [line.day for line in plan.lines if line.day] == [
        date(2024, 6, 30),
        date(2024, 12, 31),
        date(2025, 12, 31),
    ]
    path = tmp_path / "a.xlsx"
    write_refused(plan, path)
    returned = openpyxl.load_workbook(path)
    assert returned.sheetnames == ["T 1"]
    returned.worksheets[0]["D3"] = 18500
    returned.save(path)
    again = imports.plan(desk, CODE, reading.read(path), path.name)
    assert [line.day for line in again.lines] == [
        date(2024, 6, 30), date(2024, 12, 31), date(2025, 6, 30), date(2025, 12, 31),
    ]  # fmt: skip


def test_a_workbook_of_ours_is_known_again(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "remontee.xlsx"
    exports.export(desk, desk.review(CODE, TODAY), path, content="remontee", partner="FT")
    filled = openpyxl.load_workbook(path)
    sheet = filled["Remontée"]
    sheet["B2"] = date(2026, 10, 31)
    sheet["M5"] = "douze environ"
    filled.save(path)
    plan = imports.plan(desk, CODE, reading.read(path), path.name)
    back = tmp_path / "a-renvoyer.xlsx"
    assert write_refused(plan, back) == 1
    refilled = openpyxl.load_workbook(back)
    refilled["Remontée"]["M5"] = 12
    refilled.save(back)
    again = imports.plan(desk, CODE, reading.read(back), back.name)
    assert again.ours
    assert [line.day for line in again.lines] == [date(2026, 10, 31)]
    assert not_taken(replace(again, lines=())) == ()
