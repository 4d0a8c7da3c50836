"""Where each line that is pasted goes: an empty one keeps its row, and moves no other."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from qpvdesk.domain.situation import situation
from qpvdesk.ui.models.entry_paste import Pasting
from qpvdesk.ui.models.entry_rows import EntryRow, rows_of
from qpvdesk.ui.models.pasted_text import cells_of
from tests.unit.domain.builders import day, dossier, measurement, objective

TODAY = day("2026-06-30")
CODES = ("ANCT-O01", "ANCT-O02", "ANCT-O03", "ANCT-O04", "ANCT-O05")


def grid() -> list[EntryRow]:
    figures = [objective(code, unit="logements", target=(40, "2030-12-31")) for code in CODES]
    measures = [measurement(figure, 29, "2025-12-31") for figure in figures]
    return rows_of(situation(dossier(*figures, measurements=measures), TODAY))


def values(text: str) -> dict[str, str]:
    """The value that each figure would take."""
    rows = grid()
    return {
        line.row.objective.code: line.typed.value
        for line in Pasting(cells_of(text), rows, rows).lines(TODAY)
        if line.row is not None and line.typed is not None
    }


def test_an_empty_cell_of_a_column_keeps_its_row() -> None:
    assert values("1,5\n2\n\n4 300\n\n\n") == {"ANCT-O01": "1,5", "ANCT-O02": "2", "ANCT-O04": "4 300"}


def test_an_empty_line_of_several_columns_keeps_its_row() -> None:
    assert values("2\t\n\t\n4 300\tEnquête") == {"ANCT-O01": "2", "ANCT-O03": "4 300"}
    assert values("2\t15/11/2025\tnote\n3\n\n5") == {"ANCT-O01": "2", "ANCT-O02": "3", "ANCT-O04": "5"}


def test_the_title_of_a_column_has_no_row() -> None:
    assert values("\nValeur\n2\n\n3") == {"ANCT-O01": "2", "ANCT-O03": "3"}


def test_a_mail_is_read_as_it_is_without_its_empty_lines() -> None:
    told = {"ANCT-O02": "60", "ANCT-O01": "70"}
    for gap in ("\n", "\n\n", "\n\t\n", "\n \n\n"):
        assert values(gap.join(("Bonjour,", "- ANCT-O02 : 60", "- ANCT-O01 : 70", "Cordialement"))) == told
        assert values(gap.join(("Indicateur\tValeur", "ANCT-O02\t60", "ANCT-O01\t70"))) == told


LINES = st.lists(st.sampled_from(["", "31", "32,5", "4 300"]), min_size=2, max_size=5).filter(any)


@given(LINES, st.integers(0, 3), st.booleans(), st.integers(0, 2))
@example(["31", "", "4 300"], 0, False, 0)
@example(["31", "", "4 300"], 1, True, 0)
def test_how_a_line_is_empty_moves_no_other(lines: list[str], tabs: int, wide: bool, after: int) -> None:
    """Of nameless lines, each goes to the row of its place, whether the empty ones are nothing, tabs or spaces."""
    end = "\tEnquête" if wide else ""
    text = "\n".join([*(line + end if line else "\t" * tabs for line in lines), *[""] * after])
    assert values(text) == {code: line for code, line in zip(CODES, lines, strict=False) if line}


@given(st.permutations(CODES), st.lists(st.sampled_from(["", "\t", "\t\t", " "]), min_size=5, max_size=5))
def test_lines_that_name_their_figures_are_moved_by_no_empty_one(codes: list[str], gaps: list[str]) -> None:
    lines = {code: str(30 + place) for place, code in enumerate(codes)}
    for sign in ("\t", " : "):
        text = "\n".join(f"{gap}\n{code}{sign}{lines[code]}" for gap, code in zip(gaps, codes, strict=True))
        assert values(text) == lines
