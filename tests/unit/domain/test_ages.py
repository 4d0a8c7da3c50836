"""A figure older than its expected frequency tells its age wherever its status stands."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from qpvdesk.domain.ages import age_words, is_silent_for_a_year, recorded_on
from qpvdesk.domain.model import Frequency, Sens
from qpvdesk.domain.progress import status_words
from qpvdesk.domain.situation import situation
from qpvdesk.reports.cells import StatusCell
from qpvdesk.services import state
from tests.helpers.reviews import review_of
from tests.unit.domain.builders import day, dossier, measurement, objective

ENDS = {"start": (10, "2022-12-31"), "target": (20, "2027-12-31")}


@pytest.mark.parametrize(
    ("frequency", "value", "on", "said"),
    [
        (Frequency.ANNUELLE, 25, "2025-03-31", "Atteint"),
        (Frequency.ANNUELLE, 25, "2025-04-01", "Atteint, au 31/12/2023"),
        (Frequency.ANNUELLE, 11, "2025-04-01", "À surveiller, au 31/12/2023"),
        (Frequency.MENSUELLE, 25, "2024-03-01", "Atteint, au 31/12/2023"),
        (Frequency.BIENNALE, 25, "2026-03-31", "Atteint"),
        (Frequency.BIENNALE, 25, "2026-04-01", "Atteint, au 31/12/2023"),
        (Frequency.UNIQUE, 25, "2030-01-01", "Atteint"),
    ],
)
def test_a_status_on_an_old_figure_says_of_when(frequency: Frequency, value: int, on: str, said: str) -> None:
    item = replace(objective(**ENDS), frequency=frequency)
    now = situation(dossier(item, measurements=(measurement(item, value, "2023-12-31"),)), day(on))
    found = now.assessments[item.key]
    assert status_words(found) == said
    assert ", ".join(StatusCell(found, None, 80).texts) == said
    _headers, (row,) = state.as_rows(review_of(now))
    assert said in row


def test_what_is_settled_has_no_age() -> None:
    done = objective(sens=Sens.JALON, target=(1, "2024-12-31"))
    kept = objective("B", start=(10, "2022-12-31"), target=(20, "2023-12-31"))
    values = (measurement(done, 1, "2023-12-31"), measurement(kept, 25, "2023-12-31"))
    now = situation(dossier(done, kept, measurements=values), day("2030-01-01"))
    assert [status_words(item) for item in now.assessments.values()] == ["Atteint", "Atteint"]


def test_an_age_is_told_in_the_unit_that_says_most() -> None:
    on = date(2026, 11, 28)
    told = {
        on: "du jour",
        date(2026, 11, 27): "1 jour",
        date(2026, 10, 30): "29 jours",
        date(2026, 10, 28): "1\u00a0mois",
        date(2024, 11, 29): "23\u00a0mois",
        date(2024, 11, 28): "2\u00a0ans",
        date(2023, 12, 31): "2\u00a0ans",
    }
    assert {value_day: age_words(value_day, on) for value_day in told} == told


@pytest.mark.parametrize(
    ("value_day", "silent"),
    [(None, True), (date(2024, 2, 29), True), (date(2025, 2, 27), True), (date(2025, 2, 28), False)],
)
def test_a_year_without_a_value_is_a_year_of_the_calendar(value_day: date | None, silent: bool) -> None:
    assert is_silent_for_a_year(value_day, date(2026, 2, 28)) is silent
    # 366 days, and no more than a year.
    assert not is_silent_for_a_year(date(2024, 2, 28), date(2025, 2, 28))


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ("019a8c55-7c00-7abc-8def-0123456789ab", date(2025, 11, 16)),
        ("ffffffff-ffff-7fff-8fff-ffffffffffff", None),
        ("zzzzzzzz-zzzz-7zzz-8zzz-zzzzzzzzzzzz", None),
        ("été-2026-0001-7xyz-8000-00000000000x", None),
        ("019a8c55-7c00-7abc-8def-0123456789ab\n", None),
        ("BPI-O01", None),
    ],
)
def test_the_day_is_told_by_a_key_of_ours_and_by_no_other(key: str, day: date | None) -> None:
    assert recorded_on(key) == day
