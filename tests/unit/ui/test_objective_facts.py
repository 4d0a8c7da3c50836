"""What is said under the citation of an objective is what was known on the day."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from qpvdesk.domain.model import CounterValue
from qpvdesk.domain.situation import situation
from qpvdesk.ui.pages.objective_facts import source_lines
from tests.unit.domain.builders import day, dossier, measurement, objective


def test_another_figure_of_a_later_day_is_not_told_of_an_earlier_one() -> None:
    bus = objective(target=(40, "2030-12-31"))
    other = CounterValue("c1", bus.key, day("2026-06-30"), Decimal(31), "Compte du rectorat")
    full = replace(dossier(bus, measurements=(measurement(bus, 29, "2026-03-31"),)), counter_values=(other,))
    for on, told in (("2026-04-15", False), ("2026-06-30", True)):
        now = situation(full, day(on))
        lines = [words for words, _ in source_lines(now, now.assessments[bus.key])]
        assert any("contre-valeur" in words for words in lines) is told, on
