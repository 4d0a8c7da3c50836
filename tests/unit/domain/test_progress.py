"""The vectors of the specification, the State's own figures, and the laws that any reckoning must obey."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.evidence import Contribution, Evidence, Reading, reading_of
from qpvdesk.domain.evolution import Evolution
from qpvdesk.domain.french import format_rate
from qpvdesk.domain.model import Mesure, Objective, Role, Sens, Thresholds
from qpvdesk.domain.progress import (
    NO_REFERENCE,
    NO_START,
    NO_TARGET,
    NO_VALUE,
    NO_WHOLE,
    NOTHING_PROMISED,
    Assessment,
    assess,
    is_better,
    trend_between,
    trend_of_value,
    trend_words,
)
from qpvdesk.domain.projection import project_series
from qpvdesk.domain.statuses import STATUT_LABELS, STATUT_ORDER, Statut, Trend
from qpvdesk.domain.targets import trajectory
from tests.unit.domain.builders import day, expected_value, measurement, milestone, objective, project, rate


def look(
    item: Objective, value: object, on: str, seen_on: str | None = None, reference: object = None
) -> Assessment:
    """`item` with one value of day `on`, seen on that day or later."""
    compared = None if reference is None else Reading(Fraction(str(reference)), day(on))
    reading = reading_of(measurement(item, value, on))
    return assess(item, day(seen_on or on), Evidence(reading, reference=compared))


F = Fraction
VECTORS = [
    (
        1,
        Sens.HAUSSE,
        (21, "2023-12-31"),
        (40, "2027-12-31"),
        (27, "2025-06-30"),
        F(6, 19),
        F(547, 1461),
        "a_surveiller",
    ),
    (
        2,
        Sens.HAUSSE,
        (117, "2023-12-31"),
        (200, "2027-12-31"),
        (160, "2025-12-31"),
        F(43, 83),
        F(731, 1461),
        "conforme",
    ),
    (
        3,
        Sens.HAUSSE,
        (11, "2023-12-31"),
        (60, "2027-12-31"),
        (9, "2024-12-31"),
        F(-2, 49),
        F(366, 1461),
        "en_retard",
    ),
    (4, Sens.HAUSSE, (1, "2024-01-01"), (7, "2029-01-01"), (7, "2026-01-01"), F(1), F(731, 1827), "atteint"),
    (
        7,
        Sens.BAISSE,
        (16, "2024-01-01"),
        (12, "2028-01-01"),
        (15, "2026-01-01"),
        F(1, 4),
        F(731, 1461),
        "en_retard",
    ),
    (9, Sens.HAUSSE, None, (2500, "2027-12-31"), (300, "2025-12-31"), None, None, "sans_trajectoire"),
    (10, Sens.HAUSSE, (40, "2023-12-31"), (40, "2027-12-31"), (39, "2025-12-31"), F(0), None, "non_atteint"),
]


@pytest.mark.parametrize(("number", "sens", "start", "target", "value", "raw", "expected", "status"), VECTORS)
def test_vectors(number, sens, start, target, value, raw, expected, status) -> None:  # type: ignore[no-untyped-def]
    seen = look(objective(sens=sens, start=start, target=target), *value)
    assert (seen.rate, seen.expected_rate, seen.status) == (raw, expected, Statut(status)), number


def test_vector_8_a_running_total_starts_from_nothing() -> None:
    item = objective(
        start=(None, "2024-01-01"), target=(30000, "2027-12-31"), mesure=Mesure.CUMUL, unit="bénéficiaires"
    )
    seen = look(item, 9000, "2025-12-31")
    assert (seen.rate, seen.expected_rate) == (Fraction(3, 10), Fraction(730, 1460))
    assert seen.status is Statut.EN_RETARD


@pytest.mark.parametrize(
    ("value", "raw", "gap", "index", "status"),
    [("17.0", 1, "0.6", "1.0366", Statut.ATTEINT), ("4.2", 0, "-12.2", "0.2561", Statut.NON_ATTEINT)],
)
def test_vectors_5_and_6_parity(value: str, raw: int, gap: str, index: str, status: Statut) -> None:
    item = objective(sens=Sens.PARITE, unit="%", reference="FT-O00")
    seen = look(item, value, "2023-12-31", reference="16.4")
    assert (seen.rate, seen.gap, seen.status) == (raw, Fraction(gap), status)
    assert seen.index is not None
    assert round(float(seen.index), 4) == float(index)
    assert seen.flagged
    assert seen.expected_rate is None


@pytest.mark.parametrize(
    ("sens", "start", "target", "value", "percent"),
    [
        (Sens.HAUSSE, 0, 100, 25, "25"),
        (Sens.HAUSSE, 20, 60, 30, "25"),
        (Sens.HAUSSE, 100, 200, 80, "−20"),
        (Sens.HAUSSE, 100, 200, 250, "150"),
        (Sens.HAUSSE, 0, 800, 5, "0,63"),
        (Sens.HAUSSE, 50, 50, 50, "100"),
        (Sens.HAUSSE, 50, 50, 49, "0"),
        (Sens.BAISSE, 200, 100, 150, "50"),
        (Sens.BAISSE, 200, 100, 90, "110"),
        (Sens.BAISSE, 200, 100, 230, "−30"),
        (Sens.BAISSE, 50, 50, 40, "100"),
        (Sens.BAISSE, 50, 50, 51, "0"),
    ],
)
def test_the_rates_of_the_states_own_macro(
    sens: Sens, start: int, target: int, value: int, percent: str
) -> None:
    item = objective(sens=sens, start=(start, "2024-01-01"), target=(target, "2027-12-31"))
    raw = rate(item, value)
    assert raw is not None
    shown = format_rate(raw, 2 if "," in percent else 0)
    assert shown == f"{percent}\u202f%"
    assert (raw * 100).denominator == 1 or percent == "0,63"


@pytest.mark.parametrize(
    ("sens", "target", "value", "raw", "gap", "status"),
    [
        (Sens.PLANCHER, 40, 40, 1, 0, Statut.ATTEINT),
        (Sens.PLANCHER, 40, 39, 0, -1, Statut.NON_ATTEINT),
        (Sens.PLAFOND, 12, 12, 1, 0, Statut.ATTEINT),
        (Sens.PLAFOND, 12, 13, 0, 1, Statut.NON_ATTEINT),
    ],
)
def test_bounds_are_kept_or_not_whatever_the_date(
    sens: Sens, target: int, value: int, raw: int, gap: int, status: Statut
) -> None:
    seen = look(objective(sens=sens, target=(target, "2030-12-31")), value, "2025-01-01")
    assert (seen.rate, seen.gap, seen.status) == (raw, gap, status)


def test_a_thing_to_do_is_done_or_not() -> None:
    item = objective(sens=Sens.JALON, target=(None, "2026-12-31"))
    assert look(item, 1, "2026-01-01").status is Statut.ATTEINT
    assert look(item, 0, "2026-01-01").status is Statut.SANS_TRAJECTOIRE
    assert look(item, 0, "2026-01-01", "2026-12-31").status is Statut.SANS_TRAJECTOIRE
    assert look(item, 0, "2026-01-01", "2027-01-01").status is Statut.NON_ATTEINT
    assert look(item, 0, "2026-01-01").rate == 0


def test_a_context_figure_has_a_change_and_no_rate() -> None:
    item = objective(sens=Sens.SUIVI, start=(19072, "2023-12-31"))
    seen = look(item, 19000, "2024-12-31")
    assert (seen.status, seen.rate) == (Statut.SUIVI, None)
    assert seen.evolution == Evolution(Fraction(-72), True, day("2023-12-31"))
    assert seen.rate_reason == NOTHING_PROMISED
    assert assess(item, day("2025-01-01"), Evidence()).status is Statut.SUIVI


def test_an_empty_rate_says_why() -> None:
    dated = "2027-12-31"
    assert look(objective(start=(1, dated)), 5, "2025-01-01").rate_reason == NO_TARGET
    assert look(objective(target=(9, dated)), 5, "2025-01-01").rate_reason == NO_START
    assert look(objective(sens=Sens.PARITE, reference="X"), 5, "2025-01-01").rate_reason == NO_REFERENCE
    assert assess(objective(target=(9, dated)), day(dated), Evidence()).rate_reason == NO_VALUE
    # Beside what a parent measured itself, or one of its parts, « aucun relevé » would be untrue.
    awaited = Contribution("X-O02")
    own = Evidence(parts=(awaited,), own=Reading(Fraction(5), day(dated)))
    assert assess(objective(target=(9, dated)), day(dated), own).rate_reason == NO_WHOLE
    partly = Evidence(parts=(awaited, Contribution("X-O03", day(dated), Fraction(4))))
    assert assess(objective(target=(9, dated)), day(dated), partly).rate_reason == NO_WHOLE
    # « Total incomplet » of a total none of whose parts is known.
    none = Evidence(parts=(awaited,))
    assert assess(objective(target=(9, dated)), day(dated), none).rate_reason == NO_VALUE
    assert look(objective(start=(0, "2024-01-01"), target=(9, dated)), 0, "2025-01-01").rate_reason == ""


def test_zero_is_a_value() -> None:
    seen = look(objective(start=(0, "2024-01-01"), target=(10, "2025-12-31")), 0, "2024-01-01")
    assert (seen.value, seen.rate, seen.status) == (0, 0, Statut.CONFORME)


def test_an_unknown_start_still_lets_the_target_be_reached() -> None:
    item = objective(target=(2500, "2027-12-31"))
    assert rate(item, 2500) == 1
    assert rate(item, 2499) is None
    assert rate(replace(item, sens=Sens.BAISSE), 2499) == 1


def test_a_target_missed_on_its_date_is_missed_even_without_a_start() -> None:
    item = objective(target=(2500, "2027-12-31"))
    assert look(item, 300, "2025-12-31", seen_on="2027-12-31").status is Statut.SANS_TRAJECTOIRE
    missed = look(item, 300, "2025-12-31", seen_on="2028-01-01")
    assert (missed.status, missed.rate) == (Statut.NON_ATTEINT, None)


def test_an_old_value_is_not_late_it_is_old() -> None:
    item = objective(start=(0, "2024-01-01"), target=(100, "2027-12-31"))
    seen = look(item, 50, "2025-12-31", seen_on="2027-12-31")
    assert seen.status is Statut.CONFORME
    assert look(item, 50, "2025-12-31", seen_on="2028-01-01").status is Statut.NON_ATTEINT


def test_the_three_thresholds_are_inclusive_and_a_setting() -> None:
    item = objective(start=(0, "2024-01-01"), target=(100, "2024-04-10"))  # one point a day
    for value, status in ((60, "en_avance"), (59, "conforme"), (45, "conforme"), (44, "a_surveiller")):
        assert look(item, value, "2024-02-20").status is Statut(status), value
    assert look(item, 35, "2024-02-20").status is Statut.A_SURVEILLER
    assert look(item, 34, "2024-02-20").status is Statut.EN_RETARD
    strict = Thresholds(Decimal("0.01"), Decimal("0"), Decimal("-0.01"))
    reading = reading_of(measurement(item, 49, "2024-02-20"))
    assert assess(item, day("2024-02-20"), Evidence(reading), thresholds=strict).status is Statut.A_SURVEILLER


def test_the_trajectory_runs_through_the_milestones_and_is_flat_outside() -> None:
    item = objective(start=(0, "2024-01-01"), target=(100, "2024-12-31"))
    marks = (
        milestone(item, 80, "2024-03-01"),
        milestone(item, 10, "2024-02-01"),
        milestone(item, 999, "2023-01-01"),
    )
    assert [value for _day, value in trajectory(item, marks)] == [0, 10, 80, 100]
    assert expected_value(item, marks, day("2023-06-01")) == 0
    assert expected_value(item, marks, day("2024-02-01")) == 10
    assert expected_value(item, marks, day("2024-02-15")) == 10 + 70 * Fraction(14, 29)
    assert expected_value(item, marks, day("2030-01-01")) == 100
    for missing in ("start_value", "start_date", "target_value", "target_date"):
        assert expected_value(replace(item, **{missing: None}), (), day("2024-06-01")) is None


def test_a_yearly_amount_is_judged_against_the_target_of_its_year() -> None:
    item = objective(start=("1.0", "2023-12-31"), target=("2.6", "2027-12-31"), mesure=Mesure.FLUX, unit="M€")
    full_year = expected_value(item, (), day("2025-12-31"))
    assert expected_value(item, (), day("2025-02-01")) == full_year
    seen = look(item, "1.8", "2025-02-01")
    assert (seen.expected_value, seen.status) == (full_year, Statut.CONFORME)
    stepped = (milestone(item, "2.0", "2025-06-30"),)
    assert expected_value(item, stepped, day("2025-12-31")) == 2
    assert expected_value(item, stepped, day("2027-01-01")) == Fraction("2.6")


@pytest.mark.parametrize(
    ("before", "now", "trend"), [(10, 20, Trend.HAUSSE), (20, 10, Trend.BAISSE), (10, 10, Trend.STABLE)]
)
def test_the_trend_follows_the_value(before: int, now: int, trend: Trend) -> None:
    item = objective(start=(0, "2024-01-01"), target=(100, "2027-12-31"))
    earlier, later = (
        reading_of(measurement(item, v, d)) for v, d in ((before, "2024-06-30"), (now, "2025-06-30"))
    )
    assert assess(item, later.day, Evidence(later, earlier)).trend is trend
    assert assess(item, later.day, Evidence(later)).trend is None
    lower = objective(sens=Sens.BAISSE, start=(100, "2024-01-01"), target=(0, "2027-12-31"))
    mirrored = {Trend.HAUSSE: Trend.BAISSE, Trend.BAISSE: Trend.HAUSSE, Trend.STABLE: Trend.STABLE}
    assert assess(lower, later.day, Evidence(later, earlier)).trend is mirrored[trend]


@pytest.mark.parametrize(
    ("sens", "before", "now", "trend"),
    [
        (Sens.PLANCHER, "6.8", "9.1", Trend.HAUSSE),
        (Sens.PLANCHER, 60, 55, Trend.BAISSE),
        (Sens.PLAFOND, 60, 55, Trend.HAUSSE),
        (Sens.PLAFOND, 10, 12, Trend.BAISSE),
        (Sens.PLAFOND, 12, 12, Trend.STABLE),
        (Sens.SUIVI, 10, 12, Trend.HAUSSE),
    ],
)
def test_a_bound_that_stays_kept_or_not_still_has_the_trend_of_its_value(
    sens: Sens, before: object, now: object, trend: Trend | None
) -> None:
    item = objective(sens=sens, target=(50, None))
    evidence = Evidence(
        reading_of(measurement(item, now, "2025-06-30")), reading_of(measurement(item, before, "2024-06-30"))
    )
    assert assess(item, day("2025-06-30"), evidence).trend is trend


@pytest.mark.parametrize(
    ("sens", "trend", "of_value", "better", "words"),
    [
        (Sens.HAUSSE, Trend.HAUSSE, Trend.HAUSSE, True, "en progrès"),
        (Sens.PLAFOND, Trend.HAUSSE, Trend.BAISSE, True, "en progrès"),
        (Sens.BAISSE, Trend.BAISSE, Trend.HAUSSE, False, "en recul"),
        (Sens.PLAFOND, Trend.STABLE, Trend.STABLE, None, "stable"),
        (Sens.SUIVI, Trend.BAISSE, Trend.BAISSE, None, "en baisse"),
    ],
)
def test_the_word_of_a_value_is_told_apart_from_better_and_worse(
    sens: Sens, trend: Trend, of_value: Trend, better: bool | None, words: str
) -> None:
    item = objective(sens=sens, target=None if sens is Sens.SUIVI else (50, None))
    assert (trend_of_value(item, trend), is_better(item, trend)) == (of_value, better)
    assert trend_words(item, trend) == words


def test_a_figure_of_context_has_no_trend() -> None:
    item = replace(objective(sens=Sens.SUIVI), role=Role.CONTEXTE)
    evidence = Evidence(
        reading_of(measurement(item, 12, "2025-06-30")), reading_of(measurement(item, 10, "2024-06-30"))
    )
    assert assess(item, day("2025-06-30"), evidence).trend is None


def test_a_parity_has_the_trend_of_its_gap() -> None:
    item = objective(sens=Sens.PARITE, reference="X", unit="%")
    earlier, later = (Reading(Fraction(v), day(d)) for v, d in (("6.8", "2024-06-30"), ("9.1", "2025-06-30")))

    def trend(then: str, now: str | None) -> Trend | None:
        reference = None if now is None else Reading(Fraction(now), later.day)
        past = Reading(Fraction(then), earlier.day)
        evidence = Evidence(later, earlier, reference=reference, previous_reference=past)
        return assess(item, later.day, evidence).trend

    assert trend("16.4", "16.4") is Trend.HAUSSE
    assert trend("16.4", "18.7") is Trend.STABLE
    assert trend("16.4", "20") is Trend.BAISSE
    assert trend("16.4", None) is None


def test_a_value_with_no_known_start_has_a_trend() -> None:
    item = objective(target=(2500, "2027-12-31"))
    evidence = Evidence(
        reading_of(measurement(item, 400, "2025-06-30")), reading_of(measurement(item, 300, "2024-06-30"))
    )
    assert assess(item, day("2025-06-30"), evidence).trend is Trend.HAUSSE


def test_between_two_days_the_trend_is_that_of_a_new_value() -> None:
    item = objective(sens=Sens.PLANCHER, target=(50, None), unit="%")
    first, second = look(item, "6.8", "2024-06-30"), look(item, "9.1", "2025-06-30")
    assert trend_between(first, second) is Trend.HAUSSE
    assert trend_between(first, look(item, "6.8", "2025-06-30")) is Trend.STABLE
    assert trend_between(first, look(item, "6.8", "2024-06-30", "2025-12-31")) is None
    assert trend_between(first, look(item, "7", "2024-06-30", "2025-12-31")) is None
    assert trend_between(second, first) is None
    assert trend_between(assess(item, day("2024-01-01"), Evidence()), second) is None


def test_a_sum_that_moves_without_a_later_day_has_a_trend() -> None:
    item = objective(target=(50, None))
    oldest = day("2024-06-30")
    before, after = (assess(item, oldest, Evidence(Reading(Fraction(value), oldest))) for value in (10, 12))
    assert trend_between(before, after) is Trend.HAUSSE
    assert trend_between(before, before) is None


def test_every_status_has_a_label_and_a_place() -> None:
    assert set(STATUT_LABELS) == set(Statut) == set(STATUT_ORDER)
    assert len(STATUT_ORDER) == len(Statut)


DAYS = st.dates(date(2022, 1, 1), date(2031, 12, 31))
AMOUNTS = st.decimals(min_value=-1000, max_value=1000, places=1)
PROMISED = st.sampled_from([item for item in Sens if item is not Sens.SUIVI])


@st.composite
def objectives(draw: st.DrawFn, sens: st.SearchStrategy[Sens] = PROMISED) -> Objective:
    return replace(
        objective(),
        sens=draw(sens),
        mesure=draw(st.sampled_from(Mesure)),
        start_value=draw(st.none() | AMOUNTS),
        start_date=draw(st.none() | DAYS),
        target_value=draw(st.none() | AMOUNTS),
        target_date=draw(st.none() | DAYS),
    )


@given(objectives(st.sampled_from(Sens)), st.none() | AMOUNTS, DAYS, DAYS, st.none() | AMOUNTS)
def test_one_status_always_applies(
    item: Objective, value: Decimal | None, on: date, seen_on: date, reference: Decimal | None
) -> None:
    reading = None if value is None or on > seen_on else Reading(Fraction(value), on)
    compared = None if reference is None else Reading(Fraction(reference), on)
    seen = assess(item, seen_on, Evidence(reading, reference=compared))
    assert seen.status in STATUT_LABELS
    assert (seen.status is Statut.SUIVI) == (item.sens is Sens.SUIVI)
    if item.sens is not Sens.SUIVI:
        assert (seen.status is Statut.NON_RENSEIGNE) == (reading is None)
        assert (seen.status is Statut.ATTEINT) == (seen.rate is not None and seen.rate >= 1)
    assert (seen.rate is None) == bool(seen.rate_reason)
    assert seen.gauge is None if seen.rate is None else 0 <= (seen.gauge or 0) <= 1


@given(objectives(), AMOUNTS, AMOUNTS)
def test_the_rate_never_falls_when_the_value_gets_better(
    item: Objective, one: Decimal, other: Decimal
) -> None:
    worse, better = sorted((one, other), reverse=item.sens in (Sens.BAISSE, Sens.PLAFOND))
    low, high = rate(item, worse, Decimal(10)), rate(item, better, Decimal(10))
    if low is not None and high is not None:
        assert low <= high


@given(objectives(), AMOUNTS, st.sampled_from([Decimal("0.01"), Decimal(100), Decimal(1000)]))
def test_the_rate_does_not_depend_on_the_unit(item: Objective, value: Decimal, factor: Decimal) -> None:
    if item.sens is Sens.JALON:
        return
    scaled = replace(
        item,
        start_value=None if item.start_value is None else item.start_value * factor,
        target_value=None if item.target_value is None else item.target_value * factor,
    )
    assert rate(scaled, value * factor, 5 * factor) == rate(item, value, 5)


@given(objectives(st.just(Sens.HAUSSE)), AMOUNTS, DAYS, DAYS)
def test_a_fall_is_a_rise_in_the_mirror(item: Objective, value: Decimal, on: date, seen_on: date) -> None:
    if item.mesure is Mesure.CUMUL:
        item = replace(item, mesure=Mesure.STOCK)
    mirror = replace(
        item,
        sens=Sens.BAISSE,
        start_value=None if item.start_value is None else -item.start_value,
        target_value=None if item.target_value is None else -item.target_value,
    )
    up = assess(item, seen_on, Evidence(Reading(Fraction(value), on)))
    down = assess(mirror, seen_on, Evidence(Reading(-Fraction(value), on)))
    assert (up.rate, up.expected_rate, up.status) == (down.rate, down.expected_rate, down.status)


@given(objectives(st.sampled_from([Sens.HAUSSE, Sens.BAISSE])))
def test_the_trajectory_runs_from_0_to_1(item: Objective) -> None:
    points = trajectory(item)
    if points:
        assert rate(item, points[0][1]) == 0
        assert rate(item, points[-1][1]) == 1
        assert expected_value(replace(item, mesure=Mesure.STOCK), (), points[0][0]) == points[0][1] or (
            item.mesure is Mesure.CUMUL
        )


def test_two_points_make_a_straight_line() -> None:
    item = objective(start=(21, "2023-12-31"), target=(40, "2027-12-31"))
    seen = project(item, (measurement(item, 27, "2025-06-30"),), day("2026-06-30"))
    assert seen is not None
    assert seen.value == 21 + Fraction(6, 547) * 1461
    assert seen.slope == Fraction(6, 547)
    assert (seen.low, seen.high) == (None, None)
    assert seen.reached_on == day("2023-12-31") + timedelta(days=1733)  # 19 × 547 / 6 = 1732.2
    assert "37" in seen.sentence
    assert "40" in seen.sentence
    assert "deux valeurs" in seen.method
    # A pace knows no day: the month within two years, then the year alone.
    assert seen.sentence.endswith("vers septembre 2028.") or "vers 2028" in seen.sentence
    assert "/2028" not in seen.sentence


def test_a_pace_that_arrives_late_in_the_year_of_the_target_names_its_month() -> None:
    item = objective(start=(0, "2024-01-01"), target=(100, "2029-01-01"))
    for value, told in ((45, "vers juillet 2029."), (39, "vers 2030.")):
        seen = project(item, (measurement(item, value, "2026-06-30"),), day("2026-11-29"))
        assert seen is not None
        assert seen.sentence.endswith(told), seen.sentence


def test_a_value_short_of_its_target_never_reads_as_the_target() -> None:
    item = objective(start=(0, "2023-12-31"), target=(40, "2027-12-31"))
    seen = project(item, (measurement(item, "19.99", "2025-12-31"),), day("2026-06-30"))
    assert seen is not None
    assert 39 < seen.value < 40
    assert "serait de 39,95" in seen.sentence.replace("\u00a0", " ")


def test_one_point_projects_nothing() -> None:
    item = objective(start=(21, "2023-12-31"), target=(40, "2027-12-31"))
    assert project(item, (), day("2026-06-30")) is None
    no_start = objective(target=(40, "2027-12-31"))
    assert project(no_start, (measurement(no_start, 27, "2025-06-30"),), day("2026-06-30")) is None


def test_nothing_is_projected_once_the_date_has_come_or_without_a_target() -> None:
    item = objective(start=(21, "2023-12-31"), target=(40, "2027-12-31"))
    values = (measurement(item, 27, "2025-06-30"),)
    assert project(item, values, day("2027-12-31")) is None
    assert project(replace(item, target_date=None), values, day("2026-01-01")) is None
    assert project(replace(item, sens=Sens.SUIVI), values, day("2026-01-01")) is None


def test_one_wild_value_does_not_bend_the_projection() -> None:
    item = objective(start=(0, "2024-01-01"), target=(400, "2025-12-31"))
    values = [
        measurement(item, n, str(day("2024-01-01") + timedelta(days=n))) for n in (50, 100, 150, 200, 250)
    ]
    values.append(measurement(item, 9999, str(day("2024-01-01") + timedelta(days=300))))
    seen = project(item, values, day("2024-12-31"))
    assert seen is not None
    assert seen.slope == 1
    assert seen.value == 730


def test_four_points_give_a_range_around_the_value() -> None:
    item = objective(start=(0, "2024-01-01"), target=(1000, "2025-12-31"))
    values = [
        measurement(item, v, str(day("2024-01-01") + timedelta(days=n)))
        for n, v in ((50, 60), (100, 90), (150, 160))
    ]
    assert project(item, values[:2], day("2024-12-31")).low is None  # type: ignore[union-attr]
    seen = project(item, values, day("2024-12-31"))
    assert seen is not None
    assert seen.low is not None
    assert seen.high is not None
    assert seen.low < seen.value < seen.high


def test_what_was_never_below_zero_is_not_projected_below() -> None:
    """« Au rythme constaté : −12 séances (bande claire : −29 à 10) »."""
    item = objective(start=(50, "2023-01-01"), target=(60, "2030-12-31"))
    values = tuple(
        measurement(item, v, d) for v, d in ((40, "2024-01-01"), (22, "2025-01-01"), (14, "2026-01-01"))
    )
    seen = project(item, values, day("2026-06-30"))
    assert seen is not None
    assert (seen.value, seen.low, seen.high) == (0, 0, 0)


def test_a_running_total_never_projects_downwards() -> None:
    item = objective(start=(None, "2024-01-01"), target=(100, "2027-12-31"), mesure=Mesure.CUMUL)
    values = tuple(
        measurement(item, v, d) for v, d in ((50, "2024-06-30"), (40, "2024-12-31"), (30, "2025-06-30"))
    )
    seen = project(item, values, day("2026-01-01"))
    assert seen is not None
    assert seen.slope >= 0
    assert seen.value >= 30
    assert seen.low is None or seen.low >= 30


def test_a_total_that_only_fell_is_foreseen_where_it_stands() -> None:
    item = objective(target=(100, "2027-12-31"), mesure=Mesure.CUMUL)
    values = tuple(
        measurement(item, v, d) for v, d in ((50, "2024-06-30"), (40, "2024-12-31"), (30, "2025-06-30"))
    )
    seen = project(item, values, day("2026-01-01"))
    assert seen is not None
    assert (seen.slope, seen.value, seen.reached_on) == (0, 40, None)
    risen = project(item, (*values, measurement(item, 45, "2025-12-31")), day("2026-01-01"))
    assert risen is not None
    assert (risen.value, risen.low) == (45, 45)


def test_slopes_that_fall_on_one_float_are_told_apart() -> None:
    item = objective(target=(0, "2027-12-31"))
    large = 2**60
    heights = (0, large + 3, 2 * large + 1, 3 * large + 7)
    values = [measurement(item, v, f"2024-01-0{n}") for n, v in enumerate(heights, 1)]
    seen = project(item, values, day("2026-01-01"))
    assert seen is not None
    assert seen.slope == large + (2 + Fraction(7, 3)) / 2


def test_what_is_never_reached_or_too_late_has_no_date() -> None:
    item = objective(start=(20, "2023-12-31"), target=(40, "2027-12-31"))
    falling = project(item, (measurement(item, 18, "2025-06-30"),), day("2026-01-01"))
    slow = project(item, (measurement(item, "20.1", "2025-06-30"),), day("2026-01-01"))
    assert falling is not None
    assert slow is not None
    assert falling.reached_on is None
    assert slow.reached_on is None
    assert "ne serait pas atteinte avant fin\u00a02050." in slow.sentence
    # « pas avant fin 2050 » had it come some day.
    assert falling.sentence.endswith("; à ce rythme, la valeur s’en éloigne.")
    still = project(item, (measurement(item, 20, "2025-06-30"),), day("2026-01-01"))
    assert still is not None
    assert still.sentence.endswith("; à ce rythme, la cible ne serait pas atteinte.")


def _foreseen(sens: Sens, target: int, heights: tuple[int, ...]) -> str:
    """What is foreseen on 01/01/2026 of five half-yearly values."""
    item = objective(sens=sens, target=(target, "2026-12-31"))
    days = ("2023-12-31", "2024-06-30", "2024-12-31", "2025-06-30", "2025-12-31")
    values = [measurement(item, height, on) for height, on in zip(heights, days, strict=True)]
    seen = project(item, values, day("2026-01-01"))
    assert seen is not None
    return seen.sentence


@pytest.mark.parametrize(
    ("sens", "target", "heights", "end"),
    [
        # The line falls, amid the values: the last is below where it leads.
        (Sens.HAUSSE, 40, (30, 29, 28, 27, 10), "la cible ne serait pas atteinte."),
        (Sens.HAUSSE, 40, (30, 29, 28, 27, 26), "la valeur s’en éloigne."),
        (Sens.PLAFOND, 5, (30, 31, 32, 33, 50), "le plafond ne serait pas tenu."),
        (Sens.PLAFOND, 31, (30, 31, 32, 33, 50), "le plafond ne serait pas retrouvé."),
        (Sens.PLAFOND, 5, (30, 31, 32, 33, 34), "la valeur s’en éloigne."),
    ],
)
def test_a_value_moves_away_only_where_its_projection_is_farther_than_the_last_one(
    sens: Sens, target: int, heights: tuple[int, ...], end: str
) -> None:
    assert _foreseen(sens, target, heights).endswith(f"; à ce rythme, {end}")


@pytest.mark.parametrize(
    ("heights", "end"),
    [
        ((10, 12, 14, 16, 18), "tenu"),
        # Held at the start, or by a value since, then lost.
        ((31, 8, 12, 16, 20), "retrouvé"),
        ((4, 31, 10, 16, 22), "retrouvé"),
    ],
)
def test_a_bound_is_held_anew_only_where_it_was_held_before(heights: tuple[int, ...], end: str) -> None:
    start, *rest = heights
    item = objective(sens=Sens.PLANCHER, start=(start, "2023-12-31"), target=(30, "2026-12-31"))
    days = ("2024-06-30", "2024-12-31", "2025-06-30", "2025-12-31")
    values = [measurement(item, height, on) for height, on in zip(rest, days, strict=True)]
    seen = project(item, values, day("2026-01-01"))
    assert seen is not None
    assert f"; le plancher serait {end} vers " in seen.sentence


@pytest.mark.parametrize(
    ("sens", "target", "heights", "how"),
    [
        (Sens.HAUSSE, 40, (30, 29, 28, 25, 26), "sur l’ensemble des relevés"),
        (Sens.HAUSSE, 40, (30, 29, 28, 25, 25), "à ce rythme"),
        (Sens.PLAFOND, 5, (30, 31, 32, 35, 34), "sur l’ensemble des relevés"),
        (Sens.PLAFOND, 5, (30, 31, 32, 34, 35), "à ce rythme"),
    ],
)
def test_what_moves_away_though_its_arrow_is_for_the_better_does_so_on_the_whole(
    sens: Sens, target: int, heights: tuple[int, ...], how: str
) -> None:
    """« ↗ en progrès » in the table, « la valeur s’en éloigne » under it: of the last value, and of all."""
    assert _foreseen(sens, target, heights).endswith(f"; {how}, la valeur s’en éloigne.")


def naive_slope(points: list[tuple[int, Fraction]]) -> Fraction:
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(points) for b in points[i + 1 :]]
    return Fraction(median(slopes))


@given(
    st.lists(
        st.tuples(st.integers(1, 900), st.integers(-30, 30)), min_size=2, max_size=9, unique_by=lambda p: p[0]
    )
)
def test_the_fast_median_is_the_exact_one(points: list[tuple[int, int]]) -> None:
    item = objective(target=(1000, "2040-12-31"))
    origin = day("2024-01-01")
    points.sort()
    values = [measurement(item, Decimal(v) / 10, str(origin + timedelta(days=n))) for n, v in points]
    seen = project(item, values, day("2030-01-01"))
    assert seen is not None
    assert seen.slope == naive_slope([(n, Fraction(v, 10)) for n, v in points])
    if seen.low is not None and seen.high is not None:
        assert seen.low <= seen.value <= seen.high


@pytest.mark.parametrize("count", [2, 25, 60])
def test_the_median_is_exact_whatever_the_shares_are_of(count: int) -> None:
    """Shares of populations that have no divisor in common: no float is as large as their common denominator."""
    item = objective(target=(1000, "2040-12-31"))
    points = [(30 * n, Fraction(n * n % 17 - n, 10**14 + 2 * n + 1)) for n in range(count)]
    points[-1] = (points[-1][0], Fraction(10**9))
    origin = day("2024-01-01")
    seen = project_series(item, [(origin + timedelta(days=n), v) for n, v in points], day("2030-01-01"))
    assert seen is not None
    assert seen.slope == naive_slope(points)


@given(
    st.lists(
        st.tuples(st.integers(1, 900), st.integers(0, 90)), min_size=1, max_size=9, unique_by=lambda p: p[0]
    )
)
def test_a_reached_date_is_where_the_line_meets_the_target(points: list[tuple[int, int]]) -> None:
    item = objective(start=(0, "2024-01-01"), target=(100, "2027-12-31"))
    points.sort()
    values = [measurement(item, v, str(day("2024-01-01") + timedelta(days=n))) for n, v in points]
    seen = project(item, values, day("2026-12-31"))
    assert seen is not None
    assert item.target_date is not None
    if seen.reached_on is not None:
        assert seen.reached_on > values[-1].day
        assert seen.slope > 0
        on_line = seen.value + seen.slope * (seen.reached_on - item.target_date).days
        assert on_line >= 100
        if seen.reached_on > values[-1].day + timedelta(days=1):
            assert on_line - seen.slope < 100
