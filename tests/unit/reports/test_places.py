"""The sheet of a place of many promises is one that a visit reads."""

from __future__ import annotations

import re
from pathlib import Path

from qpvdesk.charts.bars import counts_sentence
from qpvdesk.domain import counts
from qpvdesk.domain.model import Level
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import GROUPS, Group
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import UNWATCHED
from qpvdesk.reports.models.territory import territory_sheet, write
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.tables import DataTable
from tests.bench.synthetic import dossier as synthetic
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY


def test_a_place_of_many_promises_opens_on_its_counts_and_holds_on_two_pages(tmp_path: Path) -> None:
    """Eight pages by code, late and reached mixed, without one count."""
    load_fonts()
    now = situation(synthetic(0, 300, 33), DAY)
    home = next(item for item in now.dossier.territories if item.level == Level.EPCI)
    data = CopilData(review_of(now), territory=home)
    promised = [item for item in now.promises if item.territory == home.key]
    found = [now.assessments[item.key] for item in promised]
    assert len(found) > 100
    blocks = territory_sheet(data, home)
    said = [" ".join(block.getPlainText().split()) for block in blocks if hasattr(block, "getPlainText")]
    assert " ".join(counts_sentence(counts.count(found)).split()) in said
    assert any(isinstance(block, ChartFlowable) for block in blocks)
    (table,) = (block for block in blocks if isinstance(block, DataTable))
    shown = [now.assessments[now.objective_by_code(code).key].status for code in table.codes]
    assert set(shown) <= set(GROUPS[Group.A_TRAITER])
    assert shown == sorted(shown, key=GROUPS[Group.A_TRAITER].index)
    # Each of the others is counted once, under its status.
    told = [re.search(r"^[^(]+\((\d+)\D*objectifs?\)", text) for text in said]
    assert sum(int(match[1]) for match in told if match) == len(found) - len(shown)
    assert write(tmp_path / "a.pdf", data, UNWATCHED) == 2
