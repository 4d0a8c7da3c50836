"""Reading a table: true to what was written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.spreadsheets import reading, xlsx_in
from qpvdesk.spreadsheets.book import Read, cell_name
from qpvdesk.spreadsheets.sheet import Cell, Kind, Sheet, table
from qpvdesk.spreadsheets.writing import write


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="ne peut pas être ouvert"):
        reading.read(tmp_path / "absent.xlsx")


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_what_is_written_is_read_again(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"f.{suffix}"
    cells = (
        Cell("=1+1 & <été>"), Cell(Decimal("1339.5"), Kind.NUMBER), Cell(Decimal("16.4"), Kind.SHARE),
        Cell(date(2023, 12, 31), Kind.DATE), Cell(), Cell("deux\nlignes"),
    )  # fmt: skip
    write([Sheet("Chiffres", (cells,)), Sheet("Caché", ((Cell("x"),),), hidden=True)], path)
    book = reading.read(path)
    assert [(cell.name, cell.kind, cell.text) for cell in book.sheets[0].cells] == [
        ("A1", Read.TEXT, "=1+1 & <été>"),
        ("B1", Read.NUMBER, "1339.5"),
        ("C1", Read.SHARE, "16.4"),
        ("D1", Read.DATE, "2023-12-31"),
        ("F1", Read.TEXT, "deux\nlignes"),
    ]
    assert [sheet.hidden for sheet in book.sheets] == [False, True]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_never_becomes_a_formula(tmp_path: Path, start: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    sheet = table("T", ["A"], [[f"{start}cmd|' /C calc'!A0"]])
    write([sheet], tmp_path / "f.xlsx")
    assert openpyxl.load_workbook(tmp_path / "f.xlsx").active["A2"].data_type == "s"
    write([sheet], tmp_path / "f.csv")
    assert (tmp_path / "f.csv").read_text("utf-8-sig").replace('"', "").splitlines()[1].startswith("'")


def test_cells_are_named_as_people_do() -> None:
    assert [cell_name(0, 0), cell_name(11, 25), cell_name(0, 26), cell_name(1048575, 16383)] == [
        "A1", "Z12", "AA1", "XFD1048576",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("index", "kind", "text"),
    [
        ("1", Read.TEXT, "Valeur"),
        (" 1\n", Read.TEXT, "Valeur"),
        ("9", Read.ERROR, "texte n° 9"),
        ("1.0", Read.ERROR, "texte n° 1.0"),
        ("-1", Read.ERROR, "texte n° -1"),
        ("a", Read.ERROR, "texte n° a"),
        ("99999999999", Read.ERROR, "texte n° 99999999999"),
    ],
)
def test_a_cell_that_names_no_text_of_its_table_is_an_error_and_not_the_first_of_them(
    index: str, kind: Read, text: str
) -> None:
    book = xlsx_in.read(
        {
            "xl/workbook.xml": b'<w><sheets><sheet name="F" r:id="1" xmlns:r="r"/></sheets></w>',
            "xl/_rels/workbook.xml.rels": b'<r><Relationship Id="1" Target="f.xml"/></r>',
            "xl/sharedStrings.xml": b"<s><si><t>Code</t></si><si><t>Valeur</t></si></s>",
            "xl/f.xml": f'<f><row r="1"><c r="A1" t="s"><v>{index}</v></c></row></f>'.encode(),
        }
    )
    (cell,) = book.sheets[0].cells
    assert (cell.kind, cell.text) == (kind, text)
