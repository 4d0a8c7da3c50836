"""A long table on its pages: one header a page, every row, none alone."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Spacer

from qpvdesk.domain.model import Weather
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports import style
from qpvdesk.reports.cells import Figure, WeatherCell
from qpvdesk.reports.legend import Swatch
from qpvdesk.reports.models.attendance import attendance_table
from qpvdesk.reports.style import (
    HEIGHT,
    MARGIN_BOTTOM,
    MARGIN_X,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    REGULAR,
    SMALL,
    WIDTH,
    text_width,
)
from qpvdesk.reports.tables import DataTable, data_table
from qpvdesk.reports.text import cell, stacked
from qpvdesk.reports.text_cell import UNDER
from tests.helpers import paper_text


def pages(lines: list[int], above: float) -> list[list[str]]:
    """Set a table under some room, its rows of so many lines; return the words of each page that belong to it."""
    style.load_fonts()
    rows = [[f"rang{number}", "\n".join(["texte"] * count)] for number, count in enumerate(lines)]
    out = io.BytesIO()
    document = BaseDocTemplate(out, pagesize=(PAGE_WIDTH, PAGE_HEIGHT))
    frame = Frame(MARGIN_X, MARGIN_BOTTOM, WIDTH, HEIGHT, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate("body", [frame])])
    document.build([Spacer(1, above), *data_table(("Titre", "Texte"), rows, (WIDTH / 2, WIDTH / 2))])
    words = [page.split() for page in paper_text.pages(out.getvalue())]
    return [[word for word in page if word.startswith(("Titre", "rang"))] for page in words]


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(st.integers(1, 6), min_size=4, max_size=90), above=st.floats(0, HEIGHT - 60))
def test_each_page_has_the_header_once_and_every_row_is_there(lines: list[int], above: float) -> None:
    held = [page for page in pages(lines, above) if page]
    assert [page.count("Titre") for page in held] == [1] * len(held)
    assert [word for page in held for word in page if word != "Titre"] == [
        f"rang{n}" for n in range(len(lines))
    ]


def test_the_row_that_keeps_the_last_one_company_waits_for_its_page() -> None:
    # The last row does not fit: the one before goes along, though it would fit where it stood.
    assert pages([3] * 6 + [9], HEIGHT - 290) == [
        ["Titre", *(f"rang{n}" for n in range(5))],
        ["Titre", "rang5", "rang6"],
    ]


def test_a_short_table_stands_on_one_page_and_a_long_one_begins_with_three_rows() -> None:
    """The key of the marks was torn six rows and three, eight objectives two and six."""
    assert pages([1] * 9, HEIGHT - 120) == [[], ["Titre", *(f"rang{n}" for n in range(9))]]
    assert pages([3] * 12, HEIGHT - 100)[0] == []
    # Five objectives of three lines, put off whole, left a quarter of their page blank.
    assert [len(page) for page in pages([3] * 4, HEIGHT - 120)] == [3, 3]
    # Four rows of two lines are read at a glance: two scales of four were torn from the contract's own.
    assert [len(page) for page in pages([2] * 4, HEIGHT - 90)] == [0, 5]
    # Two rows left for the last page take a third along.
    assert pages([3] * 12, HEIGHT - 430)[1] == ["Titre", "rang9", "rang10", "rang11"]


def test_the_first_row_does_not_stand_alone_before_a_page_is_turned() -> None:
    # There is room for the header and one row: both wait for the page of the others.
    assert pages([2] * 5, HEIGHT - 55) == [[], ["Titre", *(f"rang{n}" for n in range(5))]]


def test_columns_of_values_take_the_width_of_what_they_hold_and_leave_the_rest_to_words() -> None:
    """« Objectif » had a fifth of the page, its names four to eight lines, beside the white of the other columns."""
    style.load_fonts()
    rows = [["Un", Figure("12", "", 82), Figure("3 %", "fin 2027", 72)], ["Deux", "–", Figure("4 %", "", 72)]]
    (table,) = data_table(("Objectif", "Actuel", "Cible"), rows, (100, 90, 80), right=(1, 2))
    words, actual, target = table.columns.widths
    assert words + actual + target == 270
    assert actual < 50
    assert target < 50
    # A value that takes two lines is given what the longer needs.
    broken = [["Un", Figure("12 accompagnements", "", 40)]]
    (table,) = data_table(("Objectif", "Actuel"), broken, (100, 90), right=(1,))
    assert table.columns.widths[1] < 90


def test_the_room_of_an_empty_column_goes_to_words_and_what_follows_does_not_touch_the_last_rule() -> None:
    """Labels of halfway broke on three lines beside the empty room of a column of figures."""
    style.load_fonts()
    for first, wider in (("Objectif", 0), ("Code", 1)):
        rows = [["Un", "12", "–", "3"]]
        (table,) = data_table((first, "B", "C", "D"), rows, (100, 60, 70, 60), optional=(2,))
        assert table.columns.widths[wider] == (100, 60)[wider] + 70
        assert table.getSpaceAfter() >= 3


def test_what_is_said_under_a_name_runs_under_the_figures_beside_it() -> None:
    """« Frein : … » took eight lines of a third of the page, beside the white of four columns of figures."""
    style.load_fonts()
    told = "Frein : " + "peu de places dans les quartiers, " * 5

    def height(beside: str, more: list[str]) -> float:
        rows = [[stacked("Coordonnateurs", more), beside, "non tenu"]]
        (table,) = data_table(("Objectif", "Valeur", "Avancement"), rows, (120, 180, 180))
        return float(table.row_heights[0])

    line = UNDER.leading
    # Two lines of the page's width where its column makes eight; under its neighbours, not over them.
    assert height("8", [told]) == height("8", ["x"]) + line
    assert height("8\n01/09/2026", [told]) == pytest.approx(height("8", ["x", "x", "x"]) + 0.12, abs=0.5)
    # Where the neighbours are too high for it to be worth the wait, it stands beside them.
    assert height("\n".join("8" * 12), [told]) == height("\n".join("8" * 12), ["x"])
    # What is cut for want of a page is set again in its own column.
    cell = stacked("Coordonnateurs", [told])
    cell.run_under(10.0, 480.0)
    wide = cell.wrap(112, HEIGHT)[1]
    first, rest = cell.split(112, 40.0)
    assert first.wrap(112, HEIGHT)[1] + rest.wrap(112, HEIGHT)[1] > wide


def test_a_long_table_begins_with_three_lines_of_which_the_title_of_a_group_is_one() -> None:
    """« Statut dégradé » and two rows of 30 points waited for the next page before a sixth of one."""
    style.load_fonts()
    rows = [[f"rang{number}", "texte"] for number in range(20)]
    for groups in ((), (0,)):
        (table,) = data_table(("Titre", "Texte"), rows, (200, 200), groups=groups)
        assert table.least_height == pytest.approx(4 * table.row_heights[0], abs=2)


def test_a_list_of_a_line_each_is_not_cut_whatever_stands_in_its_cells() -> None:
    """The legend of the statuses, six on a page and two on the next: a hatching was a hair taller than a line."""
    style.load_fonts()
    rows = [[Swatch(status), "En retard", cell("Écart.", 200)] for status in Statut]
    (table,) = data_table(("Marque", "Statut", "Quand"), rows, (56, 92, 200))
    assert table.split(348, 6 * table.row_heights[0]) == []


def test_a_table_of_few_rows_is_not_cut_under_the_name_of_each_partner() -> None:
    """« Moyens notés pour 2026 »: a band and one row at the foot, its two other rows overleaf."""
    style.load_fonts()
    rows = [["Région", ""], ["R-F01", "a\nb"], ["Bpifrance", ""], ["B-F01", "a\nb"], ["B-F02", "a\nb"]]
    (table,) = data_table(("Titre", "Moyen"), rows, (100, 200), groups=(0, 2))
    assert table.split(300, sum(table.row_heights[:3]) + 20) == []
    assert table.least_height > sum(table.row_heights)


def test_a_row_to_write_in_shows_where_its_columns_end() -> None:
    """« Échéance » and « État » were 10 points apart over one white band."""
    style.load_fonts()
    rows: list[list[Any]] = [["1", "", ""], ["2", "Ouvrir le lieu", ""]]
    (table,) = data_table(("N°", "Décision", "Échéance"), rows, (24, 300, 80))
    assert isinstance(table, DataTable)
    ruled = [command[1:3] for command in table._table(2)._linecmds if command[0] == "LINEBEFORE"]
    assert ruled == [((1, 1), (-1, 1))]
    (table,) = attendance_table(["Maire"], 0, "\n")
    assert isinstance(table, DataTable)
    assert "LINEBEFORE" in [command[0] for command in table._table(1)._linecmds], "who stands in, who signs"


def test_the_day_of_an_old_meteo_stays_within_its_column() -> None:
    style.load_fonts()
    for width in (70.0, 85.0, 100.0):
        meteo = WeatherCell(Weather.NUAGE, ["Appuis", "nécessaires"], "25/11/2025, ancienne", width)
        assert meteo.texts[-1] == "25/11/2025, ancienne"
        room = width - WeatherCell.INDENT
        assert all(text_width(text, REGULAR, SMALL) <= room for text in meteo.lines[2:]), width
        assert " ".join(meteo.lines[2:]) == meteo.texts[-1]


def test_a_group_that_goes_on_says_so_within_its_sentence() -> None:
    rows = [["Vérifiez la commune avant de rapprocher les lignes.", ""], *[["1", "Constat"]] * 60]
    (table,) = data_table(("Objet", "Constat"), rows, (80.0, WIDTH - 80.0), groups=[0])
    _, rest = table.split(WIDTH, 300)
    assert isinstance(rest, DataTable)
    assert rest.text_rows()[0][1][0] == ("Vérifiez la commune avant de rapprocher les lignes (suite)",)
