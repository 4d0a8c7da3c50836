"""What is looked at first: one order by what lacks, a place for each status, and what a cut list leaves out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.attention import Chosen, first, lack, nothing_shown, worst_first
from qpvdesk.domain.model import Level, Objective, Sens, Step, Territory, Visit
from qpvdesk.domain.review import glance
from qpvdesk.domain.sighting import first_sight
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.domain.statuses import GROUPS, Statut, where_most
from tests.helpers import invented
from tests.unit.domain.builders import (
    CONTRACT,
    FRANCE,
    PAS_DE_CALAIS,
    day,
    dossier,
    engagement,
    measurement,
    objective,
)

AGGLOMERATION = Territory("t-epci", "c", "246200364", "Lens-Liévin", Level.EPCI, parent="t-62")
HOME = {
    "contract": replace(CONTRACT, epci="246200364"),
    "territories": (FRANCE, PAS_DE_CALAIS, AGGLOMERATION),
}
ENDS = {"start": (0, "2024-01-01"), "target": (100, "2027-12-31")}


def seen(*figures: tuple[Objective, object], on: str = "2025-12-31", **extra: object) -> Situation:
    values = tuple(measurement(item, value, "2025-12-31") for item, value in figures)
    items = [item for item, _ in figures]
    return situation(dossier(*items, measurements=values, **(HOME | extra)), day(on))


def codes(now: Situation) -> list[str]:
    return [item.objective.code for item in now.to_treat]


def test_every_status_is_in_one_group() -> None:
    assert sorted(status for group in GROUPS.values() for status in group) == sorted(Statut)


def test_carrefours_come_before_one_coordinator_short() -> None:
    carrefours = objective("BPI-O40", start=(10, "2023-12-31"), target=(60, "2026-06-30"))
    coordinators = objective("EN-O07", Sens.PLANCHER, target=(9, None))
    now = seen((coordinators, 8), (carrefours, 15))
    late, short = now.assessments["BPI-O40"], now.assessments["EN-O07"]
    assert (late.status, short.status) == (Statut.EN_RETARD, Statut.NON_ATTEINT)
    assert lack(late) == late.expected_rate - Fraction(1, 10) > lack(short) == Fraction(1, 9)  # type: ignore[operator]
    assert codes(now) == ["BPI-O40", "EN-O07"]


@pytest.mark.parametrize(
    ("item", "value", "on", "lacking"),
    [
        (objective("A", **ENDS), 20, "2025-12-31", Fraction(730, 1460) - Fraction(1, 5)),
        (objective("A", **ENDS), -40, "2025-12-31", Fraction(1, 2)),
        (objective("A", **ENDS), 20, "2028-01-01", Fraction(4, 5)),
        (objective("A", Sens.PLANCHER, target=(10, None)), 4, "2025-12-31", Fraction(3, 5)),
        (objective("A", Sens.PLAFOND, target=(10, None)), 40, "2025-12-31", Fraction(1)),
        (objective("A", Sens.PLAFOND, target=(0, None)), 1, "2025-12-31", Fraction(1)),
        (objective("A", Sens.JALON, target=(None, "2025-06-30")), 0, "2025-12-31", Fraction(1)),
        (objective("A", Sens.JALON, target=(None, "2026-06-30")), 0, "2025-12-31", None),
        (objective("A", target=(100, "2027-12-31")), 20, "2025-12-31", None),
        (objective("A", Sens.PLANCHER, **ENDS), 20, "2025-12-31", Fraction(730, 1460) - Fraction(1, 5)),
    ],
)
def test_what_lacks(item: Objective, value: object, on: str, lacking: Fraction | None) -> None:
    assert lack(seen((item, value), on=on).assessments["A"]) == lacking


def test_ties_go_to_the_nearest_scale_then_the_older_date_then_the_code() -> None:
    far, near = objective("A", **ENDS), objective("B", **ENDS, territory=AGGLOMERATION.key)
    older = replace(far, key="Z", code="Z", start_date=None, target_date=day("2025-06-30"))
    same = replace(older, key="C", code="C", target_date=day("2025-12-30"))
    now = seen((far, 20), (near, 20))
    assert codes(now) == ["B", "A"]
    # Past their date both lack the whole way but a fifth.
    assert codes(seen((older, 20), (same, 20))) == ["Z", "C"]
    assert codes(seen((replace(far, key="Y", code="Y"), 20), (far, 20))) == ["A", "Y"]


def test_a_short_list_keeps_a_place_for_each_status_and_says_what_it_leaves_out() -> None:
    missed = [objective(f"M{n}", Sens.PLANCHER, target=(10, None)) for n in range(6)]
    late, watched = objective("L", **ENDS), objective("W", **ENDS)
    now = seen(*((item, 1) for item in missed), (late, 10), (watched, 38))
    chosen = now.to_look_at(4)
    assert [item.objective.code for item in chosen.shown] == ["M0", "M1", "L", "W"]
    assert chosen.left_out == 4
    assert [item.objective.code for item in now.to_look_at(2).shown] == ["M0", "L"]
    assert now.to_look_at(9).left_out == 0


@given(
    values=st.lists(st.tuples(st.integers(-50, 130), st.booleans(), st.booleans()), max_size=12),
    most=st.integers(0, 13),
)
@settings(max_examples=150, deadline=None)
def test_a_list_is_a_part_of_the_order_and_counts_the_rest(
    values: list[tuple[int, bool, bool]], most: int
) -> None:
    figures = [
        (
            objective(
                f"O{place:02}",
                Sens.PLANCHER if bound else Sens.HAUSSE,
                **(ENDS | {"start": (0 if not bound else None, "2024-01-01")}),
                territory=AGGLOMERATION.key if near else FRANCE.key,
            ),
            value,
        )
        for place, (value, bound, near) in enumerate(values)
    ]
    now = seen(*figures)
    ordered = now.to_treat
    chosen = first(ordered, most)
    assert [item for item in ordered if item in chosen.shown] == list(chosen.shown)
    assert len(chosen.shown) == min(most, len(ordered))
    assert len(chosen.shown) + chosen.left_out == len(ordered)
    statuses = {item.status for item in ordered}
    if most >= len(statuses):
        assert {item.status for item in chosen.shown} == statuses
    lacks = [lack(item) for item in ordered]
    known = [item for item in lacks if item is not None]
    assert known == sorted(known, reverse=True)
    assert lacks[: len(known)] == known


def test_all_of_them_begin_with_the_worst_and_lose_none() -> None:
    now = situation(invented.dossier(), invented.TODAY)
    ordered = worst_first(now, now.assessments.values())
    assert {item.objective.key for item in ordered} == now.assessments.keys()
    counted = list(worst_first(now, now.counted))
    assert counted[: len(now.to_treat)] == list(now.to_treat)
    groups = [next(group for group, some in GROUPS.items() if item.status in some) for item in ordered]
    assert groups == sorted(groups, key=list(GROUPS).index)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"CAF": 0}, "Aucun objectif n’est à traiter"),
        ({}, "Aucun objectif n’est à traiter"),
        ({"CAF": 0, "ARS": 1}, "ARS\u202f: le seul objectif à traiter"),
        ({"CAF": 3, "ARS": 0}, "CAF\u202f: les 3 objectifs à traiter"),
        ({"CAF": 7, "ARS": 5}, "CAF\u202f: 7 des 12 objectifs à traiter"),
        ({"CAF": 4, "ARS": 4}, "CAF et ARS\u202f: 4 des 8 objectifs à traiter, chacun"),
        (dict.fromkeys("ABCD", 2), "8 objectifs à traiter, 2 au plus par ligne"),
    ],
)
def test_a_drawing_by_name_comes_down_to_who_has_most(counts: dict[str, int], told: str) -> None:
    assert where_most(counts) == told


def test_what_has_no_line_is_not_said_to_be_nothing() -> None:
    told = [nothing_shown(Chosen((), left)) for left in (0, 1, 3)]
    assert told == [
        "Aucun objectif n’est non atteint, en retard ni à surveiller.",
        "1 objectif est à traiter, sans mesure de son écart.",
        "3 objectifs sont à traiter, sans mesure de leur écart.",
    ]
    # « Aucun objectif n’est en retard », alone, was read as « tout va bien » where forty had no value.
    assert nothing_shown(Chosen((), 0, 40, 9)).replace("\u202f", " ") == (
        "40 objectifs n’ont pas de valeur, dont 9 à échéance passée : rien n’y est jugé. "
        "Aucun autre n’est non atteint, en retard ni à surveiller."
    )
    item = objective(**ENDS)
    bare = situation(dossier(item, **HOME), day("2028-01-01")).to_look_at(5)
    assert (bare.shown, bare.left_out, bare.unknown, bare.unknown_due) == ((), 0, 1, 1)


def test_the_dates_of_a_first_sight_show_a_late_visit_and_count_what_they_leave_out() -> None:
    steps = tuple(Step(f"s{at}", "BPI-E01", f"Étape {at}", due=day(f"2025-0{at}-15")) for at in (1, 2, 3))
    visit = Visit("v", "c", day("2025-03-01"), "Marché", follow_up="Écrire", due=day("2025-09-15"))
    now = seen(engagements=(engagement(),), steps=steps, visits=(visit,))
    sight = first_sight(glance(now, None), (now.dossier.contract,))
    assert [due.kind for due in sight.dates] == ["etape", "visite"]
    assert sight.dates_left == "Et 2 autres en retard."


def test_a_figure_of_the_day_is_not_so_many_days_old() -> None:
    now = seen((objective(**ENDS), 1))
    sight = first_sight(glance(now, None), (now.dossier.contract,))
    (told,) = sight.attention
    assert "chiffre du jour" in told.wordings[0]
    assert (sum(sight.counts.values()), sight.old) == (1, {})
