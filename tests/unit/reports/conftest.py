"""The contract of three hundred objectives, which many tests of the papers read: once a module."""

from __future__ import annotations

from datetime import date

import pytest

from qpvdesk.domain.situation import situation
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.style import load_fonts
from tests.helpers.blocks import three_hundred
from tests.helpers.reviews import review_of


@pytest.fixture(scope="module")
def large() -> CopilData:
    load_fonts()
    return three_hundred()


@pytest.fixture(scope="module")
def dated(large: CopilData) -> CopilData:
    """The same set beside a day that somebody named."""
    now = large.situation
    return CopilData(review_of(now, situation(now.dossier, date(2026, 8, 30))))
