"""A row is as high as its longest text, broken between words as a spreadsheet does."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from qpvdesk.spreadsheets.sheet import Cell, Sheet, Style
from qpvdesk.spreadsheets.writing import write


def test_a_long_word_takes_a_line_of_its_own(tmp_path: Path) -> None:
    place = "Communauté d’agglomération du Val d’Ardèze"
    rows = ((Cell("Lieu", style=Style.HEAD),), (Cell(place),), (Cell("Saint-Maurin"),))
    write([Sheet("S", rows, (22,), head=0)], tmp_path / "s.xlsx")
    heights = openpyxl.load_workbook(tmp_path / "s.xlsx")["S"].row_dimensions
    assert heights[2].height == 45
    assert heights[3].height in {None, 15}
