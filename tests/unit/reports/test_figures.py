"""Figures of one column stand against its right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from reportlab.pdfgen.canvas import Canvas

from qpvdesk.domain.model import Measurement
from qpvdesk.domain.sens import Sens
from qpvdesk.domain.situation import situation
from qpvdesk.reports.cells import Figure
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.objectives import promised_table
from qpvdesk.reports.sections.moves import VALUED
from qpvdesk.reports.style import BOLD, MEDIUM, REGULAR, TABLE, load_fonts, text_width
from qpvdesk.reports.tables import PAD, cell_texts, data_table
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, busy


class _Recorder(Canvas):  # type: ignore[misc]
    """Keeps where each text ends and in which size."""

    def __init__(self) -> None:
        super().__init__("unused.pdf")
        self.drawn: dict[str, float] = {}

    def drawRightString(self, x: float, _y: float, text: str, *_: object, **__: object) -> None:  # noqa: N802
        self.drawn[text] = x


@pytest.mark.parametrize(
    "column",
    [
        ("74\u00a0M€", "6,6\u00a0M€", "–"),
        ("27", "16,4\u00a0%", "3,6\u00a0M€"),
        ("à réaliser", "12,5"),
        ("1\u202f000\u202f000", "1,12"),
    ],
)
def test_each_figure_of_a_column_stands_against_the_right(column: tuple[str, ...]) -> None:
    """Commas under commas set « 74 M€ » apart from its head, its date and the dash beneath it, in that column alone."""
    load_fonts()
    figures = [Figure(text, "", 70) for text in column]
    data_table(("Cible",), [[figure] for figure in figures], (70,), right=(0,))
    for figure in figures:
        figure.canv = canvas = _Recorder()
        figure.draw()
        assert list(canvas.drawn.values()) == [pytest.approx(figure.width)]


def test_words_before_a_figure_stand_on_its_line_where_a_column_bears_it() -> None:
    load_fonts()
    assert _lines(Figure("plus de 450\u00a0M€", "fin 2027", 52)) == [
        "plus de",
        "450\u00a0M€",
        "fin\u00a02027",
    ]
    assert _lines(Figure("plus de 450\u00a0M€", "fin 2027", 80)) == ["plus de 450\u00a0M€", "fin\u00a02027"]


def _lines(figure: Figure) -> list[str]:
    figure.canv = canvas = _Recorder()
    figure.draw()
    return list(canvas.drawn)


@pytest.mark.parametrize("font", [REGULAR, MEDIUM, BOLD])
def test_digits_are_of_one_width(font: str) -> None:
    load_fonts()
    assert len({round(text_width(digit, font, TABLE), 6) for digit in "0123456789"}) == 1


def test_a_figure_with_no_new_value_has_no_trend() -> None:
    dossier = busy()
    objective = next(item for item in dossier.objectives if item.sens is Sens.HAUSSE)
    start = date(2024, 1, 1)

    def trends(*days: date) -> set[str]:
        values = tuple(
            Measurement(
                str(day), objective.key, objective.territory, day, objective.start_value or Decimal(1)
            )
            for day in days
        )
        others = tuple(item for item in dossier.measurements if item.objective != objective.key)
        now = situation(replace(dossier, measurements=(*others, *values)), DAY)
        previous = situation(now.dossier, date(2026, 1, 1))
        (table,) = promised_table(CopilData(review_of(now, previous)), [objective], ticks=False)
        return {text for cell in table._rows[0] for text in cell_texts(cell)} & {"stable", "en progrès"}

    assert trends(start) == set()
    assert trends(start, date(2025, 1, 1)) == set(), "both were known on the day compared with"
    assert trends(start, date(2026, 3, 1)) == {"stable"}


def test_a_figure_too_wide_for_its_column_keeps_its_letters_and_takes_another_line() -> None:
    """« 29 800 accompagnements » was once drawn in letters of 6,4 points; eight is the least that is read."""
    load_fonts()
    figure = Figure("29\u202f800\u00a0accompagnements", "31/05/2026", 82)
    figure.canv = canvas = _Recorder()
    figure.draw()
    assert list(canvas.drawn) == ["29\u202f800", "accompagnements", "31/05/2026"]
    assert canvas._fontsize >= TABLE
    assert figure.wrap(82, 100)[1] > Figure("29\u202f800", "31/05/2026", 82).wrap(82, 100)[1]
    assert figure.texts == ("29\u202f800\u00a0accompagnements", "31/05/2026")
    # Two states side by side bear it.
    assert _lines(Figure("29\u202f800\u00a0accompagnements", "", VALUED - 2 * PAD)) == [figure.texts[0]]
