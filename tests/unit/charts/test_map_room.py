"""Where a name may stand: what is asked of many spots together is what is asked of each."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

from qpvdesk.charts import map_columns
from qpvdesk.charts.labels import Box
from qpvdesk.charts.map import fitted, stretches, stretches_by_row
from qpvdesk.charts.map_leading import led
from qpvdesk.charts.map_room import Room
from tests.unit.charts.test_map_placing import TOWNS, place

_VIEW = fitted(TOWNS, 388, 200, ["s"])


@pytest.mark.parametrize("code", ["s", "q1", "f2"])
def test_the_stretches_of_many_rows_are_those_of_each(code: str) -> None:
    item = place(code)
    rows = [*(item.box.top + (item.box.bottom - item.box.top) * step / 20 for step in range(-2, 23))]
    # A row through a corner of the outline.
    rows = sorted({*rows, *(y for _, y in item.rings[0])})
    over = place("q1").rings if code != "q1" else ()
    found = stretches_by_row(item.rings, over, rows)
    assert found == [stretches(item.rings, over, y) for y in rows]
    assert any(found)


def test_a_name_is_tried_where_no_other_commune_is_the_nearest_spot_first() -> None:
    room = Room(TOWNS, _VIEW)
    quartier = place("q2")
    seat = room.seat(quartier)
    home = room.home_of(quartier, seat)
    assert home is place("s")
    spots = room.spots(home, seat, (18, 9.0), (7.0, 60.0))
    costs = [away for away, _, _ in spots]
    assert costs == sorted(costs)
    assert costs[0] >= 7
    for away, x, y in spots:
        beside, under = max(abs(x - seat[0]) - 18, 0), max(abs(y - seat[1]) - 4.5, 0)
        assert away == pytest.approx(math.hypot(beside, under))
        assert away <= 60
    # As the squares of the page have it, to the width of one.
    within = [TOWNS.at(*_VIEW.ground(x, y)) for _, x, y in spots]
    communes = [
        item for item in within if item is not None and item.place.kind == "commune" and item is not home
    ]
    assert len(communes) < len(spots) / 10
    assert within.count(home) > len(spots) / 2
    assert not room.spots(None, seat, (18, 9.0), (7.0, 8.0))


def test_a_column_of_names_beside_a_map_is_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neighbours of one column change places to be led to: the other column is as it was."""
    laid: list[tuple[str, ...]] = []
    column = map_columns._column

    def counted(items, view, side, anchor):  # type: ignore[no-untyped-def]
        laid.append((anchor.name, *(item.place.code for item in items)))
        return column(items, view, side, anchor)

    monkeypatch.setattr(map_columns, "_column", counted)
    figured = [replace(item, place=replace(item.place, figure="3")) for item in TOWNS.places]
    view = fitted(TOWNS, 388, 200, []).zoomed(0.5)
    names, lines = led(
        figured, {}, Room(replace(TOWNS, places=tuple(figured)), view), taken=[Box(0, 190, 60, 200)]
    )
    assert len(names) == len(lines) == len(figured)
    assert len(laid) == len(set(laid))
