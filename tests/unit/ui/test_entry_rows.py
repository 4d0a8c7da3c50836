"""What a row of the grid says of its figure."""

from __future__ import annotations

from msgspec.structs import replace

from qpvdesk.domain.model import Mesure
from qpvdesk.domain.situation import situation
from qpvdesk.ui.models.entry_rows import EntryColumn, rows_of
from tests.unit.domain.builders import day, dossier, measurement, objective


def test_the_last_figure_of_what_is_counted_by_year_is_of_its_year() -> None:
    bus = objective(target=(40, "2030-12-31"))
    for mesure, told in ((Mesure.FLUX, "29\u00a0bus en 2025"), (bus.mesure, "29\u00a0bus au 31/12/2025")):
        item = replace(bus, mesure=mesure)
        now = situation(dossier(item, measurements=(measurement(item, 29, "2025-12-31"),)), day("2026-06-30"))
        (row,) = rows_of(now)
        assert row.text(EntryColumn.LAST, "") == told
