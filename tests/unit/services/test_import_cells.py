"""What a cell says is told in steps that grow as its letters, whatever they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qpvdesk.domain.typed_figures import read_ratio
from qpvdesk.services.figures.import_cells import is_figure
from qpvdesk.spreadsheets.book import Read, ReadCell
from tests.helpers.work import grows_as_its_size
from tests.unit.charts.dossiers import busy

OBJECTIVE = busy().objectives[0]


def figure(text: str) -> bool:
    return is_figure(ReadCell(0, 0, Read.TEXT, text))


@pytest.mark.parametrize("reader", [figure, lambda text: read_ratio(text, OBJECTIVE)])
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", " 1", " (1"])
@pytest.mark.parametrize("before", ["1", "12 sur 1", "-1"])
def test_a_long_cell_takes_no_time(reader: Callable[[str], object], space: str, before: str) -> None:
    def read(times: int) -> None:
        assert not reader(f"{before}{space * times}x")

    assert grows_as_its_size(read, 50)


@pytest.mark.parametrize(
    "text",
    ["1 339", "16,4 %", "16,4%", "\u2212 3", "≈ 30", "1'200", "2,5 M€", "2,5  M€ ", "12 *", "12 % (1)",
     "12 (p)", "12 sur 48", "12/48 ", "12 "],
)  # fmt: skip
def test_a_figure_is_one(text: str) -> None:
    assert figure(text)


@pytest.mark.parametrize(
    "text", ["1 339 bus", "12 sur", "sur 48", "12 (dont 3)", "FT-O15", "12 sur 48 x", "x 12"]
)
def test_what_is_more_than_a_figure_is_none(text: str) -> None:
    assert not figure(text)
