"""Figures of one column stand unit under unit."""

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
from qpvdesk.reports.style import BOLD, MEDIUM, REGULAR, TABLE, load_fonts, text_width
from qpvdesk.reports.tables import cell_texts, data_table
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, busy


class _Recorder(Canvas):  # type: ignore[misc]
    """Keeps where each text ends and in which size."""

    def __init__(self) -> None:
        super().__init__("unused.pdf")
        self.drawn: dict[str, float] = {}

    def drawRightString(self, x: float, _y: float, text: str, *_: object, **__: object) -> None:  # noqa: N802
        self.drawn[text] = x


def ends_of_units(values: list[str], width: float = 70.0) -> dict[str, float]:
    """Where the units of each figure end, from the left of its cell."""
    load_fonts()
    figures = [Figure(value, "", width) for value in values]
    data_table(("Valeur",), [[figure] for figure in figures], (width,), right=(0,))
    found = {}
    for value, figure in zip(values, figures, strict=True):
        canvas = _Recorder()
        figure.canv = canvas
        figure.draw()
        parts = figure.parts()
        assert parts is not None
        found[value] = next(iter(canvas.drawn.values())) - parts[1]
    return found


def test_figures_of_one_unit_align_on_the_comma() -> None:
    for column in (["27", "1\u202f339", "0,25", "≥ 12"], ["16,4\u00a0%", "−3,5\u00a0%", "8\u00a0%"]):
        ends = ends_of_units(column)
        assert max(ends.values()) - min(ends.values()) < 0.01


def test_figures_of_unlike_units_stand_against_the_right() -> None:
    load_fonts()
    figures = [Figure(text, "", 70) for text in ("27", "16,4\u00a0%", "3,6\u00a0M€")]
    data_table(("Cible",), [[figure] for figure in figures], (70,), right=(0,))
    for figure in figures:
        figure.canv = canvas = _Recorder()
        figure.draw()
        assert list(canvas.drawn.values()) == [pytest.approx(70)]


def test_a_column_too_narrow_is_set_to_the_right_as_a_whole() -> None:
    ends = ends_of_units(["1\u202f000\u202f000\u202f000", "1,123456789"], 60.0)
    assert ends["1\u202f000\u202f000\u202f000"] == pytest.approx(60.0)


def test_what_is_no_number_stays_at_the_edge() -> None:
    load_fonts()
    words, figure = Figure("à réaliser", "", 70), Figure("12,5", "", 70)
    data_table(("Cible",), [[words], [figure]], (70,), right=(0,))
    assert words.parts() is None
    canvas = _Recorder()
    words.canv = canvas
    words.draw()
    assert canvas.drawn["à réaliser"] == pytest.approx(70)


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
        (table,) = promised_table(CopilData(review_of(now, previous)), [objective])
        return {text for cell in table._rows[0] for text in cell_texts(cell)} & {"stable", "en progrès"}

    assert trends(start) == set()
    assert trends(start, date(2025, 1, 1)) == set(), "both were known on the day compared with"
    assert trends(start, date(2026, 3, 1)) == {"stable"}


def test_a_figure_too_wide_for_its_column_keeps_its_letters_and_takes_another_line() -> None:
    """« 29 800 accompagnements » was once drawn in letters of 6,4 points; eight is the least that is read."""
    load_fonts()
    figure = Figure("29\u202f800\u00a0accompagnements", "31/05/2026", 82)
    canvas = _Recorder()
    figure.canv = canvas
    figure.draw()
    assert list(canvas.drawn) == ["29\u202f800", "accompagnements", "31/05/2026"]
    assert canvas._fontsize >= TABLE
    assert figure.wrap(82, 100)[1] > Figure("29\u202f800", "31/05/2026", 82).wrap(82, 100)[1]
    assert figure.texts == ("29\u202f800\u00a0accompagnements", "31/05/2026")


def test_what_is_unknown_stands_against_the_right_whatever_its_column_holds() -> None:
    """Under « 6,6 M€ » a dash stood under the 6, and in the next column, of unlike units, at the edge."""
    figures = [Figure(text, "", 60, REGULAR) for text in ("6,6 M€", "–")]
    data_table(
        ("Texte", "Chiffre"),
        [[str(index), item] for index, item in enumerate(figures)],
        (100, 60),
        right=(1,),
    )
    canvas = _Recorder()
    for figure in figures:
        figure.canv = canvas
        figure.draw()
    assert canvas.drawn["–"] == figures[1].width
