"""What is counted by year is told of its year, as « en 2025 », on every page; a state, of its day."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from qpvdesk.domain.alerts import alerts
from qpvdesk.domain.coherence import findings
from qpvdesk.domain.model import Mesure, Sens
from qpvdesk.domain.progress import status_words
from qpvdesk.domain.situation import situation
from qpvdesk.reports.cells import StatusCell
from qpvdesk.reports.sections.moves import value_cell
from tests.unit.domain.builders import dossier, measurement, objective

SPACES = str.maketrans("\u00a0\u202f", "  ")


def test_what_is_counted_by_year_is_told_of_its_year_wherever_its_value_stands() -> None:
    """« 15,1 % relevé du 31/12/2025 » stood on one page and « 15,1 % en 2025 » on the next."""
    whole = objective("FT-O01", Sens.SUIVI, unit="%", partner="p-ft")
    part = replace(whole, key="FT-O02", code="FT-O02", label="Part", sens=Sens.PARITE, reference=whole.key)
    part = replace(part, mesure=Mesure.FLUX)
    values = [
        measurement(whole, "15.9", "2023-12-31"),
        measurement(part, "18.4", "2022-12-31", provisional=True, entered_on=date(2023, 1, 31)),
        measurement(part, "15.1", "2023-12-31"),
    ]
    held = dossier(whole, part, measurements=tuple(values))
    now, then = (situation(held, date(year, 6, 30)) for year in (2025, 2023))
    found, before = now.assessments[part.key], then.assessments[part.key]
    assert status_words(found) == "Non atteint, en 2023"
    assert value_cell(found, 90).texts == ("15,1\u202f%", "en\u00a02023")
    assert value_cell(before, 90).texts == ("18,4\u202f%", "provisoire, en\u00a02022")
    assert "en 2023" in StatusCell(found, None, 100).texts
    told = [item.message.translate(SPACES) for item in (*alerts(now), *findings(now))]
    assert any("15,1 % en 2023, contre 15,9 %" in text for text in told)
    assert any("la valeur de 2022 (18,4 %) est provisoire" in text for text in told)
    assert any("celle de 2023, plus récente" in text for text in told)
    assert not any("au 31/12/202" in text for text in told if "référence (" not in text), told
