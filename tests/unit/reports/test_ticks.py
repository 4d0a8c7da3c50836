"""The tick of a bar is told on each paper that draws one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qpvdesk.domain.situation import situation
from qpvdesk.reports import style
from qpvdesk.reports.cells import Gauge
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.models.midterm import midterm
from qpvdesk.reports.models.monthly import monthly
from qpvdesk.reports.models.note import note
from qpvdesk.reports.models.partner import partner_sheet
from qpvdesk.reports.models.poster import poster
from qpvdesk.reports.models.short import short
from qpvdesk.reports.models.territory import territory_sheet
from qpvdesk.reports.models.yearly import yearly
from qpvdesk.reports.sheets import Build, paper
from qpvdesk.reports.tables import DataTable
from tests.bench import synthetic
from tests.helpers.blocks import plain
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, busy

PAPERS: dict[str, Build] = {
    "court": short,
    "note": note,
    "affiche": poster,
    "mensuel": monthly,
    "partenaire": lambda data: partner_sheet(data, data.situation.partners[0]),
    "territoire": lambda data: territory_sheet(data, data.situation.dossier.territories[0]),
    "annuel": yearly,
    "mi-parcours": midterm,
}


@pytest.mark.parametrize("paper", PAPERS)
def test_the_tick_of_a_bar_is_told_over_it(paper: str) -> None:
    """Read as the target, which is the end of the bar: no word beside it, nor at the end of what is read alone."""
    style.load_fonts()
    blocks = PAPERS[paper](CopilData(review_of(situation(busy(), DAY))))
    told = []
    for table in (block for block in blocks if isinstance(block, DataTable)):
        drawn = [value for row in table.cells for value in row if isinstance(value, Gauge)]
        titles = [title.replace("\u00a0", " ") for title in table.columns.header]
        # In a copy, which has no bars, a cell says « 10 % » and « attendu 60 % ».
        ticked = any(len(gauge.texts) > 1 for gauge in drawn)
        assert (any(title.endswith("| attendu") for title in titles)) == ticked
        told.append(ticked)
    assert any(told)


def test_halfway_the_rows_of_a_large_contract_take_two_lines(tmp_path: Path) -> None:
    """« plafond 377 séances » and « Premier relevé : 12,2 % » took a third one each: the legend stood on a ninth page."""
    style.load_fonts()
    now = situation(synthetic.dossier(0, 300, 33), date(2026, 9, 30))
    data = CopilData(review_of(now))
    tables = [block for block in midterm(data) if isinstance(block, DataTable)]
    rows = [
        cells for table in tables if table.columns.header[0] == "Objectif" for _, cells in table.text_rows()
    ]
    first = [cells[0] for cells in rows if any("premier relevé" in plain(text) for text in cells[0])]
    assert first
    assert all(len(texts) == 2 for texts in first)
    assert paper("bilan à mi-parcours", midterm)(tmp_path / "m.pdf", data) == 8
