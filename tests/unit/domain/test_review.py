"""What a review says against the day that it is compared with."""

from __future__ import annotations

from qpvdesk.domain.review import Baseline, Review, review
from qpvdesk.domain.sighting import first_sight
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import Trend
from tests.unit.domain.builders import day, dossier, measurement, objective

ENDS = {"start": (0, "2023-12-31"), "target": (100, "2027-12-31")}
MOVED, STILL, NEW = (objective(code, **ENDS) for code in ("A", "B", "C"))
FIGURES = tuple(
    measurement(item, value, when)
    for item, value, when in (
        (MOVED, 10, "2024-06-30"), (MOVED, 20, "2025-06-30"), (STILL, 10, "2023-12-31"), (STILL, 20, "2024-06-30"),
        (NEW, 10, "2025-03-31"), (NEW, 20, "2025-06-30"),
    )
)  # fmt: skip


GONE = objective("D", **ENDS)
"""Removed since what is compared with."""


def _against(committee: Baseline | None) -> Review:
    now = situation(dossier(MOVED, STILL, NEW, measurements=FIGURES), day("2025-12-31"))
    if committee is None:
        return review(now)
    seen = [item for item in FIGURES if item.objective != NEW.key]
    return review(
        now, committee, situation(dossier(MOVED, STILL, GONE, measurements=tuple(seen)), committee.day)
    )


def test_a_trend_is_since_the_day_compared_with_and_of_a_new_value_alone() -> None:
    compared = _against(Baseline(day("2024-12-31")))
    trends = [compared.trend_of(item.key) for item in (MOVED, STILL, NEW)]
    assert trends == [Trend.HAUSSE, None, None]
    assert compared.trend_since == "depuis le 31/12/2024"
    sight = first_sight(compared, (compared.situation.dossier.contract,))
    assert [(move.code, move.brief) for move in sight.moves] == [
        (move.objective.code, move.brief) for move in compared.moves
    ]
    assert len(compared.moves) == sight.moved == 1
    assert (sight.since.day, sight.since.compared, sight.since.frozen) == (day("2024-12-31"), True, False)


def test_with_nothing_to_compare_with_a_trend_is_since_the_value_before() -> None:
    alone = _against(None)
    assert [alone.trend_of(item.key) for item in (MOVED, STILL, NEW)] == [Trend.HAUSSE] * 3
    assert alone.trend_since == "depuis le relevé précédent"
    since = first_sight(alone, (alone.situation.dossier.contract,)).since
    assert (since.compared, since.frozen, since.copil) == (False, False, False)


def test_an_arrow_of_the_value_says_nothing_against_the_status_beside_it() -> None:
    """« de « En avance » à « En retard » » stood under a green arrow, because the value had risen."""
    figures = tuple(measurement(MOVED, value, on) for value, on in ((20, "2024-06-30"), (22, "2025-06-30")))
    before = situation(dossier(MOVED, measurements=figures[:1]), day("2024-06-30"))
    compared = review(
        situation(dossier(MOVED, measurements=figures), day("2025-12-31")), Baseline(before.day), before
    )
    assert compared.trend_of(MOVED.key) is Trend.HAUSSE
    assert compared.moves[0].status_changed
    (move,) = first_sight(compared, (compared.situation.dossier.contract,)).moves
    assert (move.code, move.trend) == (MOVED.code, None)


def test_what_moved_is_seen_before_first_values() -> None:
    """Four first values, for which nothing moved, kept « de « En retard » à « À surveiller » » behind « Voir les 8 »."""
    first = tuple(objective(code, **ENDS) for code in ("N1", "N2", "N3", "N4"))
    figures = (
        measurement(MOVED, 10, "2024-06-30"),
        measurement(MOVED, 52, "2025-12-31"),
        *(measurement(item, 90, "2025-12-31") for item in first),
    )
    before = situation(dossier(MOVED, *first, measurements=figures[:1]), day("2024-12-31"))
    after = situation(dossier(MOVED, *first, measurements=figures), day("2025-12-31"))
    compared = review(after, Baseline(before.day), before)
    assert len(compared.moves) == 5
    shown = first_sight(compared, (after.dossier.contract,)).moves
    assert (shown[0].code, len(shown)) == (MOVED.code, 4)
