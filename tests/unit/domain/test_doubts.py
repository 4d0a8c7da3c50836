"""What is possible and unlikely in a figure: the same words at every door, and silence where nothing is odd."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.faults import faults
from qpvdesk.domain.faults.doubts import Doubts
from qpvdesk.domain.faults.figures import measurement_faults, suspects
from qpvdesk.domain.faults.known import Known
from qpvdesk.domain.faults.units import counts_things, funding_amount, is_share
from qpvdesk.domain.model import Mesure, Sens
from tests.unit.domain.builders import (
    FRANCE,
    NORD,
    PAS_DE_CALAIS,
    day,
    dossier,
    measurement,
    milestone,
    objective,
)

WAY: dict[str, Any] = {"start": (21, "2023-12-31"), "target": (40, "2027-12-31")}


def kinds(value: object, *known: tuple[object, str], **fields: Any) -> set[str]:
    numbers = {name: fields.pop(name) for name in ("numerator", "denominator") if name in fields}
    owner = objective(**(WAY | fields))
    held = tuple(measurement(owner, old, day) for old, day in known)
    new = measurement(owner, value, "2026-06-30", key="new", **numbers)
    return {doubt.kind for doubt in Doubts(dossier(owner, measurements=held)).of(new)}


@pytest.mark.parametrize(
    ("value", "fields", "doubted"),
    [
        ("27", {}, set()),
        ("27.5", {}, {"entier"}),
        ("27.5", {"unit": "ETP"}, set()),
        ("-3", {}, {"signe"}),
        ("-0.4", {"unit": "pt", "sens": Sens.SUIVI, "start": None, "target": None}, set()),
        ("400", {}, {"ordre"}),
        ("2", {}, {"ordre"}),
        ("4", {"sens": Sens.PLANCHER, "start": None}, {"ordre"}),
        ("4", {"start": (0, "2023-12-31"), "target": (400, "2027-12-31")}, set()),
    ],
)
def test_a_figure_alone(value: str, fields: dict[str, Any], doubted: set[str]) -> None:
    assert kinds(value, **fields) == doubted


@pytest.mark.parametrize(
    ("value", "before", "told"),
    [
        (170, None, False),
        (152, 147, False),
        (170, 159, False),
        (1590, 159, True),
        (1590, None, True),
        (119, 8, True),
    ],
)
def test_what_is_to_fall_is_held_against_its_start_before_its_target(
    value: int, before: int | None, told: bool
) -> None:
    """From 159 down to 6: 152 after 147 is ten times the target and more, as its start was, and no slip of a comma."""
    way: dict[str, Any] = {
        "sens": Sens.BAISSE,
        "start": (159, "2023-12-31"),
        "target": (6, "2027-12-31"),
    }
    known = () if before is None else ((before, "2026-03-31"),)
    assert ("ordre" in kinds(value, *known, **way)) is told
    assert ("ordre" in kinds(value, *known, **way | {"sens": Sens.PLAFOND})) is told


@pytest.mark.parametrize(
    ("value", "day", "more", "told"),
    [
        (80, "2026-06-30", {}, [True]), (150, "2026-06-30", {}, []), (80, "2026-12-31", {}, []),
        (80, "2026-06-30", {"unit": "%"}, []), (80, "2026-03-31", {"before": "2025-06-30"}, [True]),
        (80, "2026-06-30", {"before": "2025-06-30"}, []), (80, "2026-06-30", {"target": (148, "2027-06-30")}, []),
        (80, "2026-06-30", {"sens": Sens.PLANCHER, "start": None}, [True]),
        (150, "2026-06-30", {"sens": Sens.PLANCHER, "start": None}, []),
    ],
)  # fmt: skip
def test_part_of_a_year_against_what_is_counted_by_year_is_told(
    value: int, day: str, more: dict[str, Any], told: list[bool]
) -> None:
    """80 tonnes in June are no year of 148, nor 80 places one of 148: the point stays until somebody confirms it."""
    usual = {
        "unit": "tonnes",
        "sens": Sens.BAISSE,
        "start": (185, "2023-12-31"),
        "target": (148, "2027-12-31"),
    }
    fields = usual | {name: value for name, value in more.items() if name != "before"}
    owner = objective(**fields, mesure=Mesure.FLUX)
    held = (measurement(owner, 90, more["before"]),) if "before" in more else ()
    found = Doubts(dossier(owner, measurements=held)).of(measurement(owner, value, day, key="new"))
    assert [doubt.lasting for doubt in found if doubt.kind == "annee"] == told


def test_a_figure_against_the_last_one_known() -> None:
    assert kinds(250, (25, "2025-06-30")) == {"ordre"}
    assert kinds(30, (25, "2025-06-30")) == set()
    assert kinds("2.5", (25, "2025-06-30")) == {"ordre", "entier"}
    assert kinds(400, (4, "2025-06-30"), target=(400, "2027-12-31")) == {"ecart"}, (
        "on its way, if in one leap"
    )


def test_two_figures_of_one_day_are_told_and_so_is_the_same_twice() -> None:
    assert kinds(26, (25, "2026-06-30")) == {"meme_jour"}
    assert kinds(25, (25, "2026-06-30")) == {"meme_jour"}


@pytest.mark.parametrize(
    ("value", "proposed"),
    [
        # Between 2 and 20 M€, ten times less or more: what the figure would be in a smaller unit.
        ("150000000", "des euros\u202f?"),
        ("500000", "des euros\u202f?"),
        ("150000", "des k€\u202f?"),
        ("500", "des k€\u202f?"),
        ("40000000000", ""),
    ],
)
def test_an_amount_that_was_typed_in_a_smaller_unit_is_asked_in_it(value: str, proposed: str) -> None:
    owner = objective(unit="M€", start=(2, "2023-12-31"), target=(20, "2027-12-31"))
    new = measurement(owner, value, "2026-06-30", key="new")
    (doubt,) = (item for item in Doubts(dossier(owner)).of(new) if item.kind == "ordre")
    assert doubt.sentence.partition(")\u202f: ")[2].removesuffix(".") == proposed


def test_a_value_is_the_quotient_of_its_two_numbers() -> None:
    share: dict[str, Any] = {"unit": "%", "sens": Sens.SUIVI, "start": None, "target": None}
    numbers = {"numerator": Decimal(164), "denominator": Decimal(1000)}
    assert kinds("16.4", **share, **numbers) == set()
    assert kinds("18", **share, **numbers) == {"quotient"}


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        ("30", "%", "33,33\u202f%, et non 30\u202f%."),
        ("33.3", "%", ""),
        ("33.4", "%", "33,33\u202f%, et non 33,4\u202f%."),
        ("33.334", "%", "33,333\u202f%, et non 33,334\u202f%."),
        ("3", "pt", "0,33\u00a0pt, et non 3\u00a0pt."),
    ],
)
def test_a_quotient_is_told_to_the_hundredth_at_least(value: str, unit: str, told: str) -> None:
    owner = objective(unit=unit, sens=Sens.SUIVI)
    new = replace(measurement(owner, value, "2026-06-30"), numerator=Decimal(1), denominator=Decimal(3))
    found = [item.sentence for item in Doubts(dossier(owner)).of(new) if item.kind == "quotient"]
    assert found == ([f"Le numérateur sur le dénominateur fait {told}"] if told else [])


def test_a_figure_of_another_place_is_told_where_its_objective_is_counted() -> None:
    """A place that is gone names nothing, and hides no other."""
    owner = objective()
    parts = [
        objective(f"BPI-O01-{rank}", parent=owner.key, territory=place)
        for rank, place in enumerate((PAS_DE_CALAIS.key, "partie"))
    ]
    figure = measurement(owner, 3, "2026-06-30", territory=NORD.key)
    (fault,) = measurement_faults(Known(dossier(owner, *parts)), figure)
    assert "se compte sur France et Pas-de-Calais, pas sur Nord" in fault[1]
    (fault,) = measurement_faults(Known(dossier(owner)), replace(figure, territory="partie"))
    assert "n’existe plus" in fault[1]


def test_decimals_that_were_there_before_are_no_surprise() -> None:
    owner = objective(**WAY)
    new = measurement(owner, "27.5", "2026-06-30")
    halves = dossier(owner, milestones=(milestone(owner, "24.5", "2025-12-31"),))
    assert Doubts(halves).of(new) == ()


@given(
    figures=st.lists(
        st.tuples(
            st.sampled_from(["-30", "-3", "0", "0.5", "1", "3", "3.5", "30", "300", "3000"]),
            st.sampled_from(["2024-06-30", "2024-12-31", "2025-06-30", "2025-12-31"]),
            st.sampled_from([None, ("1", "3"), ("30", "100")]),
        ),
        max_size=7,
    ),
    unit=st.sampled_from(["bus", "%", "k€"]),
    start=st.sampled_from([None, (0, "2023-12-31"), (21, "2023-12-31")]),
    target=st.sampled_from([None, (40, "2027-12-31")]),
    sens=st.sampled_from(list(Sens)),
    mesure=st.sampled_from(list(Mesure)),
)
@example(
    figures=[("1", "2024-06-30", None), ("300", "2024-12-31", None), ("300", "2024-12-31", None)],
    unit="bus",
    start=None,
    target=(40, "2027-12-31"),
    sens=Sens.HAUSSE,
    mesure=Mesure.STOCK,
)
@example(
    figures=[("1", "2024-06-30", None), ("30", "2024-06-30", None), ("200", "2024-12-31", None)],
    unit="bus",
    start=None,
    target=(40, "2027-12-31"),
    sens=Sens.SUIVI,
    mesure=Mesure.STOCK,
)
@example(
    figures=[("30", "2024-06-30", None), ("-3", "2024-12-31", None)],
    unit="bus",
    start=None,
    target=None,
    sens=Sens.SUIVI,
    mesure=Mesure.STOCK,
)
def test_a_whole_series_is_doubted_as_each_of_its_figures_is(
    figures: list[tuple[str, str, tuple[str, str] | None]],
    unit: str,
    start: Any,
    target: Any,
    sens: Sens,
    mesure: Mesure,
) -> None:
    owner = objective(unit=unit, sens=sens, start=start, target=target, mesure=mesure)
    held = [
        measurement(owner, value, day, key=f"m{9 - at}")
        if parts is None
        else measurement(
            owner, value, day, key=f"m{9 - at}", numerator=Decimal(parts[0]), denominator=Decimal(parts[1])
        )
        for at, (value, day, parts) in enumerate(figures)
    ]
    # Those of one day stand in another order in the contract, by their keys, than they were entered in.
    doubts = Doubts(dossier(owner, measurements=tuple(held)))
    series = sorted(held, key=lambda item: item.day)
    along = list(doubts.lasting_along(owner, series))
    assert along == [(item, doubt) for item in series for doubt in doubts.of(item) if doubt.lasting]


@given(
    st.sampled_from(["bus", "%", "% de 2019"]),
    st.sampled_from([Sens.HAUSSE, Sens.JALON]),
    st.lists(
        st.fixed_dictionaries(
            {
                "value": st.sampled_from([Decimal(text) for text in ("-1", "0", "1", "100", "100.1")]),
                "territory": st.sampled_from([FRANCE.key, NORD.key, "nowhere"]),
                "objective": st.sampled_from(["BPI-O01", "nothing"]),
                "day": st.sampled_from(["2008-12-31", "2009-01-01", "2026-05-01", "2026-05-02"]),
                "entered_on": st.sampled_from([None, day("2026-05-01")]),
                "numerator": st.sampled_from([None, Decimal(1)]),
                "denominator": st.sampled_from([None, Decimal(0), Decimal(2)]),
            }
        ),
        max_size=12,
    ),
    st.sampled_from([None, day("2026-05-01")]),
)
def test_what_cannot_be_is_found_among_suspects_alone(
    unit: str, sens: Sens, given_figures: list[dict[str, Any]], today: date | None
) -> None:
    owner = objective(unit=unit, sens=sens)
    figures = tuple(
        replace(measurement(owner, 1, found.pop("day"), key=f"m{at}"), **found)
        for at, found in enumerate(given_figures)
    )
    known = Known(dossier(owner, measurements=figures), today)
    guilty = [item.key for item in figures if any(measurement_faults(known, item))]
    found = {fault.key for fault in faults(known.dossier, today=today) if fault.kind == "measurement"}
    assert found == set(guilty)
    # Few are looked at twice: none that has no quotient, and is of a number that has no bound.
    plain = {
        item.key
        for item in figures
        if item.objective == owner.key and item.numerator is item.denominator is None and sens is Sens.HAUSSE
    }
    assert plain & {item.key for item in suspects(known, figures)} <= set(guilty)


@pytest.mark.parametrize(
    ("unit", "counted"),
    [
        ("bus", True),
        ("postes", True),
        ("habitants", True),
        ("%", False),
        ("M€", False),
        ("ETP", False),
        ("tonnes", False),
        ("ARMS pour 10 000 habitants", False),
        ("", False),
        ("jours", False),
    ],
)
def test_a_unit_counts_things_or_measures(unit: str, counted: bool) -> None:
    assert counts_things(unit) is counted
    assert is_share(unit) is (unit == "%")


def test_a_share_is_what_is_counted_in_per_cent_and_nothing_more() -> None:
    assert is_share("%")
    assert not is_share("% de 2019")


@pytest.mark.parametrize(
    ("amount", "unit", "known"),
    [
        ("2.5", "M€", ("2500000.0", "EUR")),
        ("3", "€", ("3", "EUR")),
        ("12", "k€", ("12000", "EUR")),
        ("3", "ETP", ("3", "ETP")),
        ("3", "équivalents temps plein", ("3", "ETP")),
        ("3", "sacs", ("3", "sacs")),
    ],
)
def test_money_is_brought_to_euros(amount: str, unit: str, known: tuple[str, str]) -> None:
    assert funding_amount(Decimal(amount), unit) == (Decimal(known[0]), known[1])
