"""What a cell of a whole contract leaves in doubt."""

from __future__ import annotations

import re

import pytest

from qpvdesk.services.contracts.contract_cells import share_doubt
from qpvdesk.spreadsheets.book import Read, ReadCell


@pytest.mark.parametrize(
    ("kind", "text", "unit", "doubt"),
    [
        (Read.NUMBER, "0.275", "%", "se lit 27,5 % ou 0,275 %"), (Read.NUMBER, "-0.5", "%", "se lit −50 % ou −0,5 %"),
        (Read.NUMBER, "1", "%", ""), (Read.NUMBER, "0", "%", ""), (Read.NUMBER, "27.5", "%", ""),
        (Read.NUMBER, "0.275", "postes", ""), (Read.TEXT, "0,275 %", "%", ""),
    ],
)  # fmt: skip
def test_a_bare_number_under_one_is_a_share_or_a_point(kind: Read, text: str, unit: str, doubt: str) -> None:
    said = share_doubt(ReadCell(0, 0, kind, text), unit)
    assert re.sub(r"\s", " ", said).partition(" : ")[0] == doubt
