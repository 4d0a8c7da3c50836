"""What a cell shows counts: its currency, its thousands, its month; and line ends are of one kind."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.dom import minidom

import openpyxl
import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.spreadsheets import reading
from qpvdesk.spreadsheets.book import Read
from qpvdesk.spreadsheets.number_formats import Format, built_in, format_of
from qpvdesk.spreadsheets.sheet import Cell, Kind, Sheet, Style
from qpvdesk.spreadsheets.writing import write
from tests.unit.spreadsheets.corpus import ods, plain


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ("General", Format(Read.NUMBER)),
        ("#,##0.00", Format(Read.NUMBER)),
        ('#,##0.00 "€"', Format(Read.NUMBER, "€")),
        ("#,##0.00\\ [$€-40C]", Format(Read.NUMBER, "€")),
        ("[$€-2]\\ #,##0", Format(Read.NUMBER, "€")),
        ('_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-', Format(Read.NUMBER, "€")),
        ('#,##0, "k€"', Format(Read.NUMBER, "k€", 3)),
        ('#,##0.0,, "M€"', Format(Read.NUMBER, "M€", 6)),
        ('0 "k€"', Format(Read.NUMBER, "k€")),
        ('0.0 "%"', Format(Read.NUMBER, "%")),
        ("0.0%", Format(Read.SHARE)),
        ('0 "bus"', Format(Read.NUMBER)),
        ("mmm\\-yy", Format(Read.DATE, "mois")),
        ("mmmm aaaa", Format(Read.DATE, "mois")),
        ("yyyy", Format(Read.DATE, "annee")),
        ("dd/mm/yyyy", Format(Read.DATE)),
        ("jj/mm/aaaa", Format(Read.DATE)),
        ("h:mm AM/PM", Format(Read.DATE)),
    ],
)
def test_a_format_says_what_is_shown(code: str, made: Format) -> None:
    assert format_of(code) == made


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ('[>=1000]#,##0," k";0', "52", Format(Read.NUMBER)),
        ('[>=1000]#,##0," k";0', "52000", Format(Read.NUMBER, "milliers", 3)),
        ('[<1000]0;[<1000000]0.0,"k€";0.0,,"M€"', "999", Format(Read.NUMBER)),
        ('[<1000]0;[<1000000]0.0,"k€";0.0,,"M€"', "250000", Format(Read.NUMBER, "k€", 3)),
        ('[<1000]0;[<1000000]0.0,"k€";0.0,,"M€"', "2500000", Format(Read.NUMBER, "M€", 6)),
        ("[<=1]0%;0.0", "0.5", Format(Read.SHARE)),
        ("[<=1]0%;0.0", "16.4", Format(Read.NUMBER)),
        ("[Red][<>0]0;[=0]0,", "0", Format(Read.NUMBER, "", 3)),
    ],
)
def test_a_format_of_several_sizes_says_what_is_shown_of_each(code: str, number: str, shown: Format) -> None:
    assert format_of(code).of(Decimal(number))._replace(cases=()) == shown


def test_a_number_is_read_by_the_size_that_its_format_shows(tmp_path: Path) -> None:
    written = openpyxl.Workbook()
    for row, value in enumerate((52, 52_000, 0.4), 1):
        written.active.cell(row, 1, value).number_format = '[>=1000]#,##0," k";[<1]0%;0'
    written.save(tmp_path / "f.xlsx")
    cells = reading.read(tmp_path / "f.xlsx").sheets[0].cells
    assert [(cell.kind, cell.text) for cell in cells] == [
        (Read.NUMBER, "52"), (Read.NUMBER, "52"), (Read.SHARE, "40"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [('#,##0," k"', 52_000, "milliers"), ('0" k"', 52, "milliers"), ('0,," millions"', 52_000_000, "millions"),
     ('0" million"', 52, "millions"), ('0" kg"', 52, ""), ('0" k€"', 52, "k€")],
)  # fmt: skip
def test_what_is_shown_in_thousands_is_read_with_its_scale(
    tmp_path: Path, code: str, value: int, shown: str
) -> None:
    written = openpyxl.Workbook()
    written.active.cell(1, 1, value).number_format = code
    written.save(tmp_path / "f.xlsx")
    (cell,) = reading.read(tmp_path / "f.xlsx").sheets[0].cells
    assert (cell.text, cell.shown) == ("52", shown)


@pytest.mark.parametrize(
    ("value", "shown", "read"),
    [
        ("52000", "52 k", "52"), ("52", "52 k", "52"), ("52000000", "52 millions", "52"),
        ("3000000000", "3 Md€", "3"), ("2500000000", "2,5 Mds€", "2.5"), ("3", "3 Md€", "3"),
        ("52000", "52", "52"), ("52345", "52,3", "52.345"), ("8900000", "8,9", "8.9"),
        ("-6600000", "\u22126\u202f600", "-6600"),
        ("9.6", "10", "9.6"), ("52000", "52 000", "52000"),
        ("9", "7", "9"), ("400", "0", "400"), ("52000", "52 bus", "52000"),
    ],
)  # fmt: skip
def test_a_number_that_its_opendocument_format_divides_is_read_as_shown(
    tmp_path: Path, value: str, shown: str, read: str
) -> None:
    cell = f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{shown}</text:p></table:table-cell>'
    (found,) = reading.read(ods(tmp_path, f"<table:table-row>{cell}</table:table-row>")).sheets[0].cells
    assert (found.kind, found.text) == (Read.NUMBER, read)


def test_the_formats_that_every_workbook_has() -> None:
    assert [built_in(number) for number in (0, 10, 14, 17)] == [
        Format(Read.NUMBER), Format(Read.SHARE), Format(Read.DATE), Format(Read.DATE, "mois"),
    ]  # fmt: skip


def test_a_workbook_gives_numbers_as_they_are_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    for column, (value, shape) in enumerate(
        ((2_500_000, '#,##0.00 "€"'), (6_600_000, '#,##0, "k€"'), (date(2025, 6, 1), "mmm-yy"), (12, "0")), 1
    ):
        page.cell(1, column, value).number_format = shape
    book.save(tmp_path / "f.xlsx")
    cells = reading.read(tmp_path / "f.xlsx").sheets[0].cells
    assert [(cell.kind, cell.text, cell.shown) for cell in cells] == [
        (Read.NUMBER, "2500000", "€"), (Read.NUMBER, "6600", "k€"), (Read.DATE, "2025-06-01", "mois"),
        (Read.NUMBER, "12", ""),
    ]  # fmt: skip


def test_an_opendocument_sheet_gives_numbers_as_they_are_shown(tmp_path: Path) -> None:
    def cell(kind: str, value: str, shown: str) -> str:
        attribute = "date-value" if kind == "date" else "value"
        return (
            f'<table:table-cell office:value-type="{kind}" office:{attribute}="{value}">'
            f"<text:p>{shown}</text:p></table:table-cell>"
        )

    row = (
        cell("currency", "2500000", "2 500 000,00 €") + cell("float", "6600000", "6 600 k€")
        + cell("float", "6600", "6 600 k€") + cell("date", "2025-06-01", "juin 25")
        + cell("date", "2025-06-01", "01/06/25") + cell("percentage", "0.231", "23,1 %")
        + cell("float", "0.231", "23,1\u202f%") + cell("float", "23.1", "23,1 %")
    )  # fmt: skip
    path = ods(tmp_path, f"<table:table-row>{row}</table:table-row>")
    assert [(cell.text, cell.shown) for cell in reading.read(path).sheets[0].cells] == [
        ("2500000", "€"), ("6600", "k€"), ("6600", "k€"), ("2025-06-01", "mois"), ("2025-06-01", ""),
        ("23.1", ""), ("23.1", ""), ("23.1", "%"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "shown", "read"),
    [
        ("52000", "52", "52"),
        ("52000", "52,0", "52"),
        ("52000", "52,000", "52000"),
        ("52000", "52.000", "52000"),
        ("52000.4", "52,000", "52000.4"),
        ("-52000", "-52,000", "-52000"),
        ("6600000", "6,6", "6.6"),
    ],
)
def test_a_number_of_opendocument_is_divided_by_its_format_not_by_the_mark_of_thousands(
    tmp_path: Path, value: str, shown: str, read: str
) -> None:
    """An English file shows 52 000 as « 52,000 »: it was read as 52."""
    row = (
        f'<table:table-cell office:value-type="float" office:value="{value}">'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )
    path = ods(tmp_path, f"<table:table-row>{row}</table:table-row>")
    assert [cell.text for cell in reading.read(path).sheets[0].cells] == [read]


def test_a_cell_that_awaits_a_number_has_no_format_that_would_make_a_quantity_of_a_percentage(
    tmp_path: Path,
) -> None:
    awaited = Cell(None, Kind.NUMBER, Style.INPUT)
    write([Sheet("Feuille", ((awaited,),))], tmp_path / "f.xlsx")
    assert openpyxl.load_workbook(tmp_path / "f.xlsx").active["A1"].number_format == "General"
    write([Sheet("Feuille", ((awaited,),))], tmp_path / "f.ods")
    styles = minidom.parseString(zipfile.ZipFile(tmp_path / "f.ods").read("content.xml"))
    named = {
        style.getAttribute("style:name"): style.getAttribute("style:data-style-name")
        for style in styles.getElementsByTagName("style:style")
    }
    assert named["input-number"] == ""
    assert named["input-date"] == "n-date"


@pytest.mark.parametrize("end", ["\r\n", "\r", "_x000D_\n", "_x000D__x000A_"])
def test_line_ends_are_of_one_kind(tmp_path: Path, end: str) -> None:
    path = plain(tmp_path, f'A;B\n"un{end}deux";3_x000D_\n'.encode())
    assert [cell.text for cell in reading.read(path).sheets[0].cells] == ["A", "B", "un\ndeux", "3"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("code,date,valeur\nFT-O01,31/12/2025,15,9\n", "Ligne 2"),
        (
            "code,date,valeur,source\nFT-O01,31/12/2025,15,France Travail\nFT-O02,31/12/2025,21,8 %,FT\n",
            "« 21,8 % »",
        ),
        ("Chiffres de 2025\n\ncode,2024,2025\nBPI-O01,21,27\nBPI-O02,1,052,160\n", "« 1,052 »"),
        ("code,date,valeur,remarque\nFT-O01,31/12/2025,\u221215,9,\n", "« \u221215,9 »"),
    ],
)
def test_a_comma_that_may_be_that_of_a_number_is_refused(tmp_path: Path, lines: str, told: str) -> None:
    with pytest.raises(UserError) as refused:
        reading.read(plain(tmp_path, lines.encode()))
    assert told in refused.value.message.replace("\u202f", " ")
    assert "points-virgules" in refused.value.remedy


@pytest.mark.parametrize(
    "lines",
    [
        'code,date,valeur\nFT-O01,31/12/2025,"15,9"\nFT-O02,31/12/2025,21.8\n',
        "Tableau,INSEE\ncode,2024,2025\nBPI-O01,21,27\n",
        "code,date,valeur,remarque\nBPI-O01,31/12/2025,27,ok,voir la page 3\nBPI-O02,31/12/2025,160,,12\n",
        "code,date,valeur,numerateur,denominateur\nFT-O01,31/12/2025,15,3,20\n",
        "code;date;valeur\nFT-O01;31/12/2025;15;9\n",
        "BPI-O01,27,3\nBPI-O02,160,3,2\n",
    ],
)
def test_commas_that_only_part_the_columns_are_read(tmp_path: Path, lines: str) -> None:
    assert reading.read(plain(tmp_path, lines.encode())).sheets[0].cells
