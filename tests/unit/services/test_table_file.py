"""A table as it is seen goes out with its numbers, its shares and its days as such, whatever else as words."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from qpvdesk.domain.shown_table import ShownTable
from qpvdesk.services import table_file

DAY = date(2026, 6, 30)


def cells(path: Path, *words: str) -> list[object]:
    table = ShownTable(
        "Objectifs", tuple(f"C{place}" for place in range(len(words))), (words,), ("En retard",)
    )
    sheet = openpyxl.load_workbook(table_file.write(table, path, contract="Lens", day=DAY)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("12", 12),
        ("1\u202f339,5", 1339.5),
        ("\u22123", -3),
        ("0,5", 0.5),
        ("32\u202f%", 0.32),
        ("\u221212,5\u00a0%", -0.125),
        ("31/12/2026", datetime(2026, 12, 31)),
        ("31/13/2026", "31/13/2026"),
        ("0/3", "0/3"),
        # A code keeps its zero, a word its figures, what is not known is empty.
        ("01234", "01234"),
        ("FT-O01", "FT-O01"),
        ("12\u00a0bus", "12\u00a0bus"),
        ("–", None),
        ("9" * 25, "9" * 25),
    ],
)
def test_a_cell_is_what_its_words_say(words: str, value: object, tmp_path: Path) -> None:
    *_, head, row = cells(tmp_path / "a.xlsx", "ARS-O01", words)
    assert head == ["C0", "C1"]
    assert row == ["ARS-O01", pytest.approx(value) if isinstance(value, float) else value]


def test_the_head_says_what_is_seen_and_on_which_day(tmp_path: Path) -> None:
    told = [row[0] for row in cells(tmp_path / "a.xlsx", "ARS-O01", "12")[:3]]
    assert told == ["Objectifs – Lens", "Situation au 30/06/2026, 1 ligne", "Filtre\u202f: En retard"]
