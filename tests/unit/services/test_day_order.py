"""One order of day and month for a whole column, from the days that prove it; else a question on each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from qpvdesk.services import bases
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import imports
from qpvdesk.services.figures.line import LineState
from qpvdesk.spreadsheets.book import Read, ReadBook, ReadCell, ReadSheet
from qpvdesk.storage.opening import open_base
from tests.helpers.reviews import desk_on

TODAY = date(2026, 11, 28)
NEW, DOUBTFUL = LineState.NEW, LineState.DOUBTFUL
APRIL_3, MARCH_4, APRIL_13 = date(2025, 4, 3), date(2025, 3, 4), date(2025, 4, 13)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("depart") / "base.db"
    bases.create(path, "lens-lievin", now=datetime(2026, 1, 5, 9).astimezone())
    with open_base(path) as opened:
        yield desk_on(opened, TODAY)


def read(desk: Desk, rows: list[list[str | date]]) -> list[tuple[date | None, LineState]]:
    cells = [
        ReadCell(row, column, Read.DATE if isinstance(value, date) else Read.TEXT, str(value))
        for row, values in enumerate(rows) for column, value in enumerate(values)
    ]  # fmt: skip
    book = ReadBook([ReadSheet("Feuil1", cells)])
    plan = imports.plan(desk, desk.base.contracts()[0].code, book, "retour.xlsx")
    return [(line.day, line.state) for line in plan.lines]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("03/04/2025", "13/04/2025"), [(APRIL_3, NEW), (APRIL_13, NEW)]),
        (("03/04/2025", "05/06/2025"), [(APRIL_3, NEW), (date(2025, 6, 5), NEW)]),
        (("03/04/2025", "04/13/2025"), [(MARCH_4, DOUBTFUL), (APRIL_13, DOUBTFUL)]),
        (("13/04/2025", "04/14/2025"), [(APRIL_13, DOUBTFUL), (date(2025, 4, 14), DOUBTFUL)]),
        # A spreadsheet that reads the month first turned what it could, and left the rest as text.
        ((APRIL_3, "13/04/2025"), [(APRIL_3, DOUBTFUL), (APRIL_13, NEW)]),
        ((date(2025, 4, 30), "13/04/2025"), [(date(2025, 4, 30), NEW), (APRIL_13, NEW)]),
        (("juin 2025", "04/13/2025"), [(date(2025, 6, 30), NEW), (APRIL_13, DOUBTFUL)]),
    ],
)
def test_the_days_of_a_column_have_one_order(
    desk: Desk, days: tuple[str | date, ...], expected: list[tuple[date, LineState]]
) -> None:
    codes = ("FT-O22", "FT-O23")
    rows = [[code, day, "18500"] for code, day in zip(codes, days, strict=True)]
    assert read(desk, [["Code", "Date", "Valeur"], *rows]) == expected


def test_the_days_of_titles_have_one_order(desk: Desk) -> None:
    rows: list[list[str | date]] = [["Code", "03/04/2025", "04/13/2025"], ["FT-O22", "18500", "18600"]]
    assert read(desk, rows) == [(MARCH_4, DOUBTFUL), (APRIL_13, DOUBTFUL)]
