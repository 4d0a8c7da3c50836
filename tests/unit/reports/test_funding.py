"""The means on paper: prévu, engagé and payé of each side by side, whole, posts apart from euros, nothing added up."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from qpvdesk.domain.model import Funding, Stage
from qpvdesk.reports import style
from qpvdesk.reports.sections.funding import fundings_tables
from qpvdesk.reports.tables import DataTable

PLAN = Funding("a", "c", "p", "F1", "Programme", 2024, 2027, Decimal(1000), "EUR")
PAID = replace(PLAN, key="b", code="F2", amount=Decimal(790), stage=Stage.PAYE)
OTHER = replace(PLAN, key="c", code="F3", label="Fonds", amount=Decimal(600))
POSTS = replace(
    PLAN, key="d", code="F4", label="Conseillers", unit="ETP", amount=Decimal(45), stage=Stage.PAYE
)


def test_each_means_is_one_line_and_posts_are_apart() -> None:
    style.load_fonts()
    tables = [item for item in fundings_tables((PLAN, PAID, OTHER, POSTS)) if isinstance(item, DataTable)]
    assert [item.columns.header[3:] for item in tables] == [("Prévu", "Engagé", "Payé")] * 2
    euros, posts = ([cells for _, cells in table.text_rows()] for table in tables)
    assert euros == [
        (
            ("F1", "F2"),
            ("Programme",),
            ("2024–2027",),
            ("1\u202f000\u00a0€",),
            ("–",),
            ("790\u00a0€", "79\u202f% du prévu"),
        ),
        (("F3",), ("Fonds",), ("2024–2027",), ("600\u00a0€",), ("–",), ("–",)),
    ]
    assert [cells[3:] for cells in posts] == [(("–",), ("–",), ("45\u00a0ETP",))]
