"""What the signs of a table stand for, said under it: the tick of a bar, « ≤ » before a target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qpvdesk.domain.model import Sens
from qpvdesk.domain.situation import situation
from qpvdesk.reports.copil import sections
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.models.midterm import midterm
from qpvdesk.reports.models.yearly import yearly
from qpvdesk.reports.objectives import promised_table
from qpvdesk.reports.sections.partner import value_words
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.tables import DataTable
from tests.helpers.blocks import three_hundred
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, contract, measurement, objective

SPACES = str.maketrans("\u202f\u00a0", "  ")
TICK = "| attendu : l’avancement attendu à la date de la valeur."
TO_LOWER = "≤ : chiffre à faire baisser jusqu’à sa cible."


@pytest.fixture(autouse=True)
def fonts() -> None:
    load_fonts()


def _told(blocks: list[Any]) -> str:
    texts = (block.getPlainText() for block in blocks if hasattr(block, "getPlainText"))
    return " ".join(texts).translate(SPACES)


def _data(*sens: Sens) -> CopilData:
    """An objective of each kind, with a value half of its way; a bound has no start."""
    lowered = {"start_value": Decimal(100), "target_value": Decimal(20)}
    bound = {"start_value": None, "start_date": None}
    more = {Sens.BAISSE: lowered, Sens.PLAFOND: bound, Sens.PLANCHER: bound}
    items = tuple(objective(at, kind, **more.get(kind, {})) for at, kind in enumerate(sens, 1))
    values = tuple(measurement(at, date(2026, 6, 1), "60") for at in range(1, len(items) + 1))
    return CopilData(review_of(situation(contract(*items, measurements=values), DAY)))


def copil(data: CopilData) -> list[Any]:
    return [block for section in sections(data) if section.usual for block in section.build(data)]


def _table(data: CopilData, **options: Any) -> tuple[DataTable, str]:
    blocks = promised_table(data, data.situation.dossier.objectives, **options)
    (table,) = (block for block in blocks if isinstance(block, DataTable))
    return table, _told(blocks)


def test_a_table_says_under_it_what_its_signs_stand_for() -> None:
    """« ≤ » was told in the note of one paper, the tick of a bar twenty pages after it."""
    _, told = _table(_data(Sens.HAUSSE, Sens.BAISSE))
    assert told.endswith(f"{TICK} {TO_LOWER}")
    _, told = _table(_data(Sens.HAUSSE, Sens.BAISSE), ticks=False)
    assert told.endswith(TO_LOWER)
    assert TICK not in told
    _, told = _table(_data(Sens.PLANCHER))
    assert not told, "a table without signs says nothing of them"


def test_a_ceiling_is_told_from_what_is_to_come_down() -> None:
    table, told = _table(_data(Sens.BAISSE, Sens.PLAFOND))
    targets = [texts[list(table.columns.header).index("Cible")][0] for _, texts in table.text_rows()]
    assert [text.translate(SPACES).partition(" ")[0] for text in targets] == ["≤", "plafond"]
    _, told = _table(_data(Sens.PLAFOND))
    assert "≤" not in told


def test_one_head_stands_over_bars_wherever_they_are() -> None:
    """« Fait | attendu » stood over « non tenu », beside « Avancement | attendu »."""
    data = _data(Sens.HAUSSE, Sens.BAISSE)
    heads = {
        " ".join(title.split())
        for paper in (copil(data), yearly(data), midterm(data))
        for block in paper
        if isinstance(block, DataTable)
        for title in block.columns.header
        if "| attendu" in title.translate(SPACES)
    }
    assert heads == {"Avancement | attendu"}


@pytest.mark.parametrize("paper", [copil, yearly, midterm])
def test_a_paper_tells_the_tick_of_its_bars_once(paper: Any) -> None:
    assert _told(paper(_data(Sens.HAUSSE, Sens.BAISSE))).count(TICK) == 1


def test_what_contradicts_another_figure_bears_it_where_it_is_told() -> None:
    """« Atteint », 597 %, over five parts that are all late: the contradiction was told among the findings alone."""
    data = three_hundred()
    whole = data.situation.objective_by_code("REGION-O021")
    assert data.review.is_contradicted(whole.code)
    assert not data.review.is_contradicted("REGION-O001")
    (table,) = [block for block in promised_table(data, [whole]) if isinstance(block, DataTable)]
    assert any("chiffres à rapprocher" in text for _, row in table.text_rows() for text in row[1])
    told = value_words(data.situation, whole, data.review)
    assert told.endswith("chiffres à rapprocher)")


def test_what_a_sign_is_stands_over_a_table_of_pages() -> None:
    """It closed the notes of a table that began four pages before."""
    blocks = midterm(_data(Sens.HAUSSE, Sens.BAISSE))
    (at,) = (at for at, block in enumerate(blocks) if TICK in _told([block]))
    assert isinstance(blocks[at + 1], DataTable)
