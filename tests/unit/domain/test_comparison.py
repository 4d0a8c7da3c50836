"""Two pictures of one contract, side by side."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qpvdesk.domain.comparison import Fate, compare, comparison_sentence
from qpvdesk.domain.model import Aggregation, Decision, DecisionState, Dossier, Meeting, MeetingKind, Sens
from qpvdesk.domain.moves import moves_between, renewed_day
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Statut
from tests.unit.domain.builders import BPI, CONTRACT, FRANCE, measurement, objective

START, TARGET = (0, "2024-01-01"), (100, "2028-01-01")
ONE = objective("BPI-O01", start=START, target=TARGET)
TWO = objective("BPI-O02", start=START, target=TARGET)
CONTEXT = objective("BPI-O03", sens=Sens.SUIVI)
THEN, NOW = date(2025, 12, 31), date(2026, 12, 31)


def dossier(*values: tuple[str, object, str], objectives: tuple = (ONE, TWO, CONTEXT)) -> Dossier:
    found = tuple(measurement(code, value, on) for code, value, on in values)
    return Dossier(
        CONTRACT, territories=(FRANCE,), partners=(BPI,), objectives=objectives, measurements=found
    )


def fates(before: Dossier, after: Dossier) -> dict[str, Fate]:
    found = compare(situation(before, THEN), situation(after, NOW))
    return {pair.objective.code: pair.fate for pair in found.pairs}


@pytest.mark.parametrize(
    ("then", "now", "fate"),
    [
        ("50", "20", Fate.MOINS_BIEN),
        ("20", "75", Fate.MIEUX),
        (None, "75", Fate.STATUT),
        ("100", "101", Fate.TAUX),
        (None, None, Fate.INCHANGE),
    ],
)
def test_an_objective_meets_one_fate(then: str | None, now: str | None, fate: Fate) -> None:
    before = [("BPI-O01", then, "2025-12-31")] if then else []
    after = [*before, ("BPI-O01", now, "2026-12-31")] if now else before
    assert fates(dossier(*before), dossier(*after))["BPI-O01"] is fate


def test_a_revised_target_is_told_even_where_no_figure_moved() -> None:
    revised = replace(ONE, target_value=Decimal(200))
    assert fates(dossier(), dossier(objectives=(revised, TWO, CONTEXT)))["BPI-O01"] is Fate.REVISE
    moved = compare(
        situation(dossier(("BPI-O01", "50", "2025-12-31")), THEN),
        situation(dossier(("BPI-O01", "50", "2025-12-31"), objectives=(revised, TWO, CONTEXT)), NOW),
    )
    pair = moved.pairs[0]
    assert pair.revised
    assert pair.rate_step == Fraction(-1, 4)


def test_a_figure_that_nobody_promised_is_called_a_followed_figure() -> None:
    """« 1 objectif bouge sans changer de statut (chiffre suivi) » : it is no objective."""
    first, then = ("BPI-O03", 4, "2025-12-31"), ("BPI-O03", 5, "2026-12-31")
    found = compare(situation(dossier(first), THEN), situation(dossier(first, then), NOW))
    assert comparison_sentence(found).endswith(
        "1 chiffre suivi bouge sans changer de statut, 2 objectifs sont inchangés."
    )
    alone = compare(
        situation(dossier(first, objectives=(CONTEXT,)), THEN),
        situation(
            dossier(first, then, objectives=(CONTEXT, objective("BPI-O05", sens=Sens.SUIVI), ONE)), NOW
        ),
    )
    assert comparison_sentence(alone).endswith(
        "1 chiffre suivi bouge sans changer de statut, 2 objectifs sont nouveaux (dont 1 chiffre suivi)."
    )


def test_what_comes_and_what_goes_is_told() -> None:
    new = objective("BPI-O04", start=START, target=TARGET)
    gone = replace(TWO, retired=True)
    found = compare(situation(dossier(), THEN), situation(dossier(objectives=(ONE, gone, CONTEXT, new)), NOW))
    assert {pair.objective.code: pair.fate for pair in found.pairs} == {
        "BPI-O01": Fate.INCHANGE,
        "BPI-O03": Fate.INCHANGE,
        "BPI-O04": Fate.NOUVEAU,
        "BPI-O02": Fate.CLOS,
    }
    assert [pair.objective.code for pair in found.moved] == ["BPI-O04", "BPI-O02"]
    assert found.counts[Fate.NOUVEAU] == found.counts[Fate.CLOS] == 1
    # Of the two one is followed alone: nobody promised it.
    assert comparison_sentence(found).endswith(
        "1 objectif est nouveau, 1 est retiré, 2 sont inchangés (dont 1 chiffre suivi)."
    )
    closed = found.pairs[-1]
    assert (closed.after, closed.rate_step) == (None, None)
    assert closed.before is not None
    assert closed.before.status is Statut.NON_RENSEIGNE


def test_the_worse_comes_first_then_the_widest_change() -> None:
    before = dossier(
        ("BPI-O01", "20", "2025-12-31"), ("BPI-O02", "50", "2025-12-31"), ("BPI-O03", "1", "2025-12-31")
    )
    after = dossier(
        ("BPI-O01", "75", "2026-12-31"), ("BPI-O02", "20", "2026-12-31"), ("BPI-O03", "2", "2026-12-31")
    )
    found = compare(situation(before, THEN), situation(after, NOW)).moved
    assert [(pair.objective.code, pair.fate) for pair in found] == [
        ("BPI-O02", Fate.MOINS_BIEN),
        ("BPI-O01", Fate.MIEUX),
        ("BPI-O03", Fate.TAUX),
    ]
    assert found[2].rate_step is None  # a context figure has no rate


def test_a_move_is_told_shortly_without_its_days() -> None:
    before, after = dossier(("BPI-O01", "20", "2025-12-31")), dossier(("BPI-O01", "75", "2026-12-31"))
    (move,) = moves_between(situation(before, THEN), situation(after, NOW))
    assert (
        move.brief.replace("\u202f", " ").replace("\xa0", " ")
        == "de 20 bus à 75 bus, de « En retard » à « Conforme »"
    )
    assert "31/12/2025" in move.told


def test_a_value_put_right_is_told_as_such_and_never_as_a_move_of_a_day_to_itself() -> None:
    before, after = dossier(("BPI-O01", "20", "2025-12-31")), dossier(("BPI-O01", "75", "2025-12-31"))
    (move,) = moves_between(situation(before, THEN), situation(after, NOW))
    assert _plain(move.told).startswith("valeur du 31/12/2025 corrigée, de 20 bus à 75 bus (taux")
    assert _plain(move.brief) == "de 20 bus à 75 bus, valeur corrigée, de « En retard » à « En avance »"
    assert renewed_day(move.before, move.after) == "corrigé, 31/12/2025"


@pytest.mark.parametrize(
    ("later", "told", "day"),
    [
        (
            (("BPI-O02", "30", "2026-10-15"),),
            "de 30 bus à 50 bus, une déclinaison sur 3 ayant une valeur nouvelle (au 15/10/2026)"
            " et la plus ancienne restant celle du 31/12/2024 (taux",
            "une déclinaison sur 3 relevée depuis, le 15/10/2026",
        ),
        (
            (("BPI-O02", "30", "2026-10-15"), ("BPI-O04", "15", "2026-11-15")),
            "de 30 bus à 55 bus, 2 déclinaisons sur 3 ayant une valeur nouvelle (jusqu’au 15/11/2026)"
            " et la plus ancienne restant celle du 31/12/2024 (taux",
            "2 déclinaisons sur 3 relevées depuis, jusqu’au 15/11/2026",
        ),
        (
            (("BPI-O05", "15", "2024-12-31"),),
            "de 30 bus à 35 bus, la valeur d’une déclinaison sur 3 au 31/12/2024 étant corrigée (taux",
            "une déclinaison sur 3 relevée depuis, le 31/12/2024",
        ),
    ],
)
def test_a_sum_that_keeps_the_day_of_its_oldest_part_says_which_moved(
    later: tuple[tuple[str, object, str], ...], told: str, day: str
) -> None:
    whole = replace(ONE, aggregation=Aggregation.SOMME)
    parts = [objective(f"BPI-O0{number}", sens=Sens.SUIVI, parent="BPI-O01") for number in (2, 4, 5)]
    first = [
        ("BPI-O02", "10", "2025-10-15"),
        ("BPI-O04", "10", "2025-06-30"),
        ("BPI-O05", "10", "2024-12-31"),
    ]
    family = (whole, *parts)
    then = situation(dossier(*first, objectives=family), THEN)
    moves = moves_between(then, situation(dossier(*first, *later, objectives=family), NOW))
    (move,) = [move for move in moves if move.objective.code == "BPI-O01"]
    assert _plain(move.told).startswith(told)
    assert renewed_day(move.before, move.after) == day
    brief = renewed_day(move.before, move.after, brief=True)
    assert re.fullmatch(r"(une|2) déclinaisons? sur 3, \d\d/\d\d/\d{4}", brief)
    assert "corrigée" not in move.brief


def _plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_decided_by_and_closed_between_the_two() -> None:
    meeting = Meeting("m", "c", MeetingKind.COPIL, THEN)
    kept = [Decision(f"d{rank}", "m", "Écrire", rank) for rank in (1, 2, 3)]
    before = replace(
        dossier(), meetings=(meeting,), decisions=(kept[0], replace(kept[1], state=DecisionState.FAITE))
    )
    after = replace(
        dossier(),
        meetings=(meeting,),
        decisions=(*(replace(item, state=DecisionState.FAITE) for item in kept[:2]), kept[2]),
    )
    found = compare(situation(before, THEN), situation(after, NOW))
    assert [item.key for item in found.new_decisions] == ["d3"]
    assert [item.key for item in found.closed_decisions] == ["d1"]
    assert comparison_sentence(found).endswith("1 décision prise entre les deux. 1 décision close.")


figures = st.lists(
    st.tuples(
        st.sampled_from(["BPI-O01", "BPI-O02", "BPI-O03"]),
        st.integers(0, 150).map(str),
        st.dates(date(2024, 2, 1), THEN).map(date.isoformat),
    ),
    max_size=6,
)
subsets = st.sets(st.sampled_from([ONE, TWO, CONTEXT])).map(
    lambda chosen: tuple(item for item in (ONE, TWO, CONTEXT) if item in chosen)
)


@given(figures, figures, subsets, subsets)
def test_every_objective_of_either_picture_is_told_once(
    one: list[tuple[str, object, str]], other: list[tuple[str, object, str]], left: tuple, right: tuple
) -> None:
    def picture(values: list[tuple[str, object, str]], objectives: tuple) -> Dossier:
        codes = {item.code for item in objectives}
        unique = {(code, on): (code, value, on) for code, value, on in values if code in codes}
        return dossier(*unique.values(), objectives=objectives)

    before, after = situation(picture(one, left), THEN), situation(picture(other, right), THEN)
    found = compare(before, after)
    assert sorted(pair.objective.code for pair in found.pairs) == sorted(
        {item.code for item in (*left, *right)}
    )
    assert sum(found.counts.values()) == len(found.pairs)
    assert len(found.moved) == len(found.pairs) - found.counts[Fate.INCHANGE]
    # Seen the other way round, better is worse and new is closed.
    mirror = {pair.objective.code: pair.fate for pair in compare(after, before).pairs}
    opposite = {
        Fate.MIEUX: Fate.MOINS_BIEN,
        Fate.MOINS_BIEN: Fate.MIEUX,
        Fate.NOUVEAU: Fate.CLOS,
        Fate.CLOS: Fate.NOUVEAU,
    }
    assert all(mirror[pair.objective.code] is opposite.get(pair.fate, pair.fate) for pair in found.pairs)


@given(figures)
def test_a_picture_compared_with_itself_has_not_moved(values: list[tuple[str, object, str]]) -> None:
    unique = {(code, on): (code, value, on) for code, value, on in values}
    now = situation(dossier(*unique.values()), THEN)
    assert compare(now, now).moved == ()


@pytest.mark.parametrize(
    ("now", "told"),
    [
        # Both parts fell behind, and so did their sum.
        ((30, 30), {"BPI-O01"}),
        # One made up for what the other lost, and more.
        ((30, 80), {"BPI-O01", "BPI-O02"}),
        ((25, 50), {"BPI-O01", "BPI-O02", "BPI-O04"}),
        # Their values alone moved.
        ((38, 38), {"BPI-O01"}),
    ],
)
def test_a_part_is_told_where_its_whole_says_nothing_of_what_became_of_it(
    now: tuple[int, int], told: set[str]
) -> None:
    """« Statut dégradé (17 et 1 déclinaison) »: two fell behind, one of them of a total that kept its status."""
    whole = replace(ONE, aggregation=Aggregation.SOMME)
    parts = [
        objective(code, start=START, target=(50, "2028-01-01"), parent="BPI-O01")
        for code in ("BPI-O02", "BPI-O04")
    ]
    family = (whole, *parts)
    first = [(item.code, "25", "2025-12-31") for item in parts]
    later = [(item.code, str(value), "2026-12-31") for item, value in zip(parts, now, strict=True)]
    before = situation(dossier(*first, objectives=family), THEN)
    moves = moves_between(before, situation(dossier(*first, *later, objectives=family), NOW))
    assert {move.objective.code for move in moves} == told


def test_what_is_decided_after_the_earlier_day_is_new_since() -> None:
    """Beside a day that is reckoned again, the same base: each decision was known of before it was taken."""
    meeting = Meeting("m", "c", MeetingKind.COTECH, NOW)
    held = replace(dossier(), meetings=(meeting,), decisions=(Decision("d1", "m", "Écrire", 1),))
    assert [item.key for item in compare(situation(held, THEN), situation(held, NOW)).new_decisions] == ["d1"]
    later = replace(held, meetings=(replace(meeting, day=NOW + timedelta(days=1)),))
    assert compare(situation(later, THEN), situation(later, NOW)).new_decisions == ()
