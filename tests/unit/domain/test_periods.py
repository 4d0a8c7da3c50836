"""One reader of periods, for cells, titles, names and what is typed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qpvdesk.domain.calendar import month_end
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import MONTHS, format_date
from qpvdesk.domain.periods import Grain, found, read, typed

JUNE = date(2025, 6, 30)
DECEMBER = date(2025, 12, 31)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "text",
    ["30/06/2025", "30.06.2025", "30-juin-25", "30 juin 2025", "lundi 30 juin 2025", "au 30/06/2025", "2025-06-30",
     "2025-06-30T00:00:00", "2025-06-30 00:00", "30/06/2025 00:00", "juin 2025", "Juin 2025", "juin-25", "06/2025",
     "06-2025", "2025-06", "T2 2025", "T2-2025", "2025-T2", "2T2025", "2e trimestre 2025", "2ème trim. 2025",
     "deuxième trimestre 2025", "Q2 2025", "S1 2025", "2025S1", "1er semestre 2025", "premier semestre 2025",
     "fin juin 2025", "janvier-juin 2025", "de janvier à juin 2025", "du 01/01/2025 au 30/06/2025"],
)  # fmt: skip
def test_a_period_is_dated_on_its_last_day(text: str) -> None:
    period = read(text)
    assert period is not None
    assert (period.day, period.asked, period.convention) == (JUNE, False, False)
    assert not period.provisional


@pytest.mark.parametrize("text", ["2025", "année 2025", "fin 2025", "en 2025", "exercice 2025"])
def test_a_bare_year_is_its_last_day_by_a_convention_that_is_said(text: str) -> None:
    period = read(text)
    assert period is not None
    assert (period.day, period.asked, period.convention) == (DECEMBER, False, True)


@pytest.mark.parametrize(
    ("text", "proposed"),
    [("2024-2025", date(2025, 8, 31)), ("2024/2025", date(2025, 8, 31)), ("2024–2025", date(2025, 8, 31)),
     ("année scolaire 2024-2025", date(2025, 8, 31)), ("2024-25", date(2025, 8, 31)), ("2011-12", date(2011, 12, 31)),
     ("rentrée 2025", DECEMBER), ("début 2025", DECEMBER), ("mi-juin 2025", JUNE), ("30/06/25", JUNE),
     ("2024-2030", date(2030, 12, 31))],
)  # fmt: skip
def test_what_has_two_readings_is_asked(text: str, proposed: date) -> None:
    period = read(text)
    assert period is not None
    assert (period.day, period.asked) == (proposed, True)


@pytest.mark.parametrize("text", ["juin", "S1", "T2", "2e trimestre", "au 30/06", "1er semestre", "30 juin"])
def test_a_part_of_a_year_takes_the_year_above_it(text: str) -> None:
    assert read(text) is None
    period = read(text, year=2025)
    assert period is not None
    assert (period.day, period.asked) == (JUNE, False)


@pytest.mark.parametrize(
    "text",
    ["", "NC", "12", "1339", "45291", "2 000", "12/48", "31/02/2025", "T5 2025", "S26 2025", "13/2025", "Total 2025",
     "12 postes", "FT-O22", "31/12/20255", "1,5"],
)  # fmt: skip
def test_what_is_no_period_as_a_whole_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("title", "day", "asked"),
    [
        ("Réalisé au 30/06/2025", JUNE, False),
        ("Nombre de bus Année 2025", DECEMBER, False),
        ("Tableau de bord FT – T2 2025", JUNE, False),
        ("Contrat de ville 2024-2030 – situation 2025", DECEMBER, False),
        ("2025 (au 30/06/2025)", JUNE, False),
        ("Bilan_S1_2025", JUNE, False),
        ("2025 Réalisé juin", JUNE, False),
        ("Évolution 2024-2025", date(2025, 8, 31), True),
        ("2024 et 2025", DECEMBER, True),
        ("Relevé du 31/06/2025", DECEMBER, True),
        ("S26 2025", DECEMBER, True),
        ("CDV62-2025", DECEMBER, True),
    ],
)
def test_the_period_of_a_title_is_the_finest_that_it_names(title: str, day: date, asked: bool) -> None:
    period = found(title)
    assert period is not None
    assert (period.day, period.asked) == (day, asked)


@pytest.mark.parametrize(
    "title", ["Part des 15-29 ans", "Demandeurs d’emploi (cat. A, B, C)", "Valeur", "12/48", "FT-O22"]
)
def test_a_title_without_period_has_none(title: str) -> None:
    assert found(title) is None
    assert found(title, year=2025) is None


@pytest.mark.parametrize(
    "text", ["2025 (p)", "2025 (provisoire)", "2025 provisoire", "2025 (données provisoires)"]
)
def test_provisional_is_a_mark_and_no_unit(text: str) -> None:
    period = read(text)
    assert period is not None
    assert (period.day, period.provisional) == (DECEMBER, True)


def test_a_number_of_the_year_is_a_grain() -> None:
    grains = [
        read(text).grain for text in ("30/06/2025", "juin 2025", "T2 2025", "S1 2025", "2025", "2024-2025")
    ]
    assert grains == list(Grain)


@given(DAYS)
def test_every_day_is_read_back_however_it_is_written(day: date) -> None:
    month = MONTHS[day.month - 1]
    ordinal = "er" if day.day == 1 else ""
    dotted = f"au {day.day:02}.{day.month:02}.{day.year}"
    for text in (format_date(day), day.isoformat(), f"{day.day}{ordinal} {month} {day.year}", dotted):
        for period in (read(text), found(f"Valeur {text}")):
            assert period is not None
            assert (period.first, period.day, period.grain, period.asked) == (day, day, Grain.DAY, False), (
                text
            )


@given(st.integers(1990, 2099), st.integers(1, 12))
def test_every_month_quarter_and_semester_ends_on_its_last_day(year: int, month: int) -> None:
    quarter, semester = -(-month // 3), -(-month // 6)
    for text, last in (
        (f"{MONTHS[month - 1]} {year}", month),
        (f"{month:02}/{year}", month),
        (f"T{quarter} {year}", quarter * 3),
        (f"{quarter}e trimestre {year}", quarter * 3),
        (f"S{semester} {year}", semester * 6),
    ):
        period = read(text)
        assert period is not None, text
        assert (period.day, period.asked) == (month_end(year, last), False), text
        assert (period.day + timedelta(days=1)).day == 1


@given(st.text(max_size=40))
@example("Q0")
def test_no_text_breaks_the_reader(text: str) -> None:
    whole = read(text)
    assert whole is None or found(text) == whole


def test_what_is_typed_is_a_day_or_a_sentence() -> None:
    today = date(2026, 11, 2)
    assert typed("juin 2025", today=today) == JUNE
    assert typed("hier", today=today) == date(2026, 11, 1)
    for text, words in (
        ("2024-2025", "deux façons"),
        ("31/02/2025", "calendrier"),
        ("bientôt", "n’est pas une date"),
    ):
        with pytest.raises(UserError, match=words):
            typed(text, today=today)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Rentrée 2025, bilan 2025", DECEMBER),
        ("juin 2025 (mi-juin 2025)", JUNE),
        ("2025, début 2025, mars 2024", DECEMBER),
    ],
)
def test_one_span_said_twice_is_asked_where_one_of_them_is(text: str, day: date) -> None:
    """Each was left aside for the other: a title that says both ended the program."""
    period = found(text)
    assert period is not None
    assert (period.day, period.asked) == (day, True)
