"""What a row of the grid says of its figure."""

from __future__ import annotations

from msgspec.structs import replace

from qpvdesk.domain.model import Mesure
from qpvdesk.domain.sens import Sens
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


def test_the_last_figure_of_a_thing_to_do_says_whether_it_is_done() -> None:
    """« 1 fait » was no answer."""
    item = replace(objective(target=(1, "2030-12-31")), sens=Sens.JALON, unit="fait", start_value=None)
    for value, told in ((1, "fait au 31/12/2025"), (0, "non fait au 31/12/2025")):
        now = situation(
            dossier(item, measurements=(measurement(item, value, "2025-12-31"),)), day("2026-06-30")
        )
        (row,) = rows_of(now)
        assert row.text(EntryColumn.LAST, "") == told
