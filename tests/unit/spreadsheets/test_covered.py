"""What a sheet does not show is not read as if it did: under a merged area, of no height, of no width."""

from __future__ import annotations

from pathlib import Path

import pytest

from qpvdesk.spreadsheets import covered, reading
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.spreadsheets.covered import drop_covered
from tests.helpers.work import grows_as_its_size
from tests.unit.spreadsheets.corpus import HEAD, ODS_HEAD, book, number_cell, ods, ods_text, row, text_cell


def lines(*values: str) -> str:
    return HEAD + "".join(
        row(
            at,
            text_cell(f"A{at}", f"BPI-O0{at}"),
            text_cell(f"B{at}", "31/12/2024"),
            number_cell(f"C{at}", value),
        )
        for at, value in enumerate(values, 2)
    )


def names(read: ReadBook) -> set[str]:
    return {cell.name for cell in read.sheets[0].cells}


def test_what_a_merged_area_covers_is_not_read_and_is_named(tmp_path: Path) -> None:
    merges = (
        '<mergeCells><mergeCell ref="C2:C4"/><mergeCell ref="A2:A3"/><mergeCell ref="D1:E3"/></mergeCells>'
    )
    read = reading.read(book(tmp_path, lines("27", "40", "27"), after=merges))
    assert not {"C3", "C4", "A3"} & names(read)
    assert {"C2", "A2", "A4"} <= names(read)
    (note,) = read.notes
    # What says what is shown hides nothing.
    assert (
        note
        == "Feuille «\u202fChiffres\u202f»\u202f: 2 cellules cachées sous une fusion, non lues\u202f: A3 et C3."
    )


def test_what_an_opendocument_area_covers_is_not_read(tmp_path: Path) -> None:
    def value(cell: str, number: str, more: str = "") -> str:
        kind = f'office:value-type="float" office:value="{number}"'
        return f"<table:{cell} {kind} {more}><text:p>{number}</text:p></table:{cell}>"

    table = ODS_HEAD
    for code, cell in (
        (
            "BPI-O01",
            value("table-cell", "27", 'table:number-rows-spanned="2" table:number-columns-spanned="1"'),
        ),
        ("BPI-O02", value("covered-table-cell", "40")),
        ("BPI-O03", '<table:table-cell table:number-rows-spanned="2"/>'),
        ("BPI-O04", value("covered-table-cell", "41")),
    ):
        table += f"<table:table-row>{ods_text(code)}{ods_text('31/12/2024')}{cell}</table:table-row>"
    read = reading.read(ods(tmp_path, table))
    assert {name for name in names(read) if name.startswith("C")} == {"C1", "C2"}
    assert "C3 et C5" in read.notes[0]


def test_a_line_or_a_column_of_no_size_is_hidden(tmp_path: Path) -> None:
    rows = lines("27", "40").replace('<row r="3"', '<row r="3" ht="0" customHeight="1"')
    columns = '<cols><col min="1" max="1" width="10.5"/><col min="3" max="3" width="0"/></cols>'
    (sheet,) = reading.read(book(tmp_path, rows, after=columns)).sheets
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2}, {2})


def test_areas_that_lie_over_each_other_by_the_thousand_take_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand of them over fifty thousand cells are half a milliard of places."""
    monkeypatch.setattr(covered, "_PLACES_MAX", 1_600)

    def read(size: int) -> None:
        cells = [ReadCell(at, 0, Read.NUMBER, "1") for at in range(size)]
        sheet = ReadSheet("F", cells, merged=[(0, 0, size + 100, 0)] * (size // 5))
        assert len(drop_covered(ReadBook([sheet])).sheets[0].cells) == 1

    assert grows_as_its_size(read, 400)
