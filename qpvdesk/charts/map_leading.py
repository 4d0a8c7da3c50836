"""Which places are named beside a map that is whole, at the end of a line each, and which rather near them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qpvdesk.charts.labels import Box, crosses
from qpvdesk.charts.map import Drawn, MapPlace
from qpvdesk.charts.map_callouts import Leader, Names, around, boxes_of, dot_of, is_seen, leader_from
from qpvdesk.charts.map_columns import Columns
from qpvdesk.charts.map_room import Room


def led(
    items: Sequence[Drawn],
    names: Names,
    room: Room,
    *,
    taken: Sequence[Box],
    standing: Sequence[Leader] = (),
) -> tuple[Names, list[Leader]]:
    """Return `names` and those of the items that they lack, which stand beside the map, with the lines that lead to these:
    of what bears a figure, then of the communes that have a quartier, where the columns hold them too.

    A line through the name or the figure of another place would be read as leading to that one: it is named beside too,
    where the columns hold it. None leads from beyond the frame nor from under what is `taken`. `standing`: the lines to
    those of the names that have one already, which are returned too.
    """
    view = room.view
    items = [item for item in items if is_seen(dot_of(*view.page(*item.anchor)), view, taken)]
    missing = [item for item in items if item.place.figure and item.place.code not in names]
    holding = [item for item in items if _holds_alone(item.place) and item.place.code not in names]

    def beside(wanted: Sequence[Drawn], written: Names) -> Names:
        return Columns(wanted, room, taken=taken, written=boxes_of(written), standing=standing).names()

    beyond = beside([*missing, *holding], names)
    if len(beyond) == len(missing) + len(holding):
        missing += holding
    else:
        # All of them at once is seldom too many; else each that the columns still hold.
        beyond = beside(missing, names)
        for item in holding:
            stood = beside([*missing, item], names)
            if len(stood) == len(beyond) + 1:
                beyond, missing = stood, [*missing, item]
    lines = _leaders(missing, room, beyond)
    while crossed := next((item for item in items if _is_crossed(item, names, lines)), None):
        kept = {code: texts for code, texts in names.items() if code != crossed.place.code}
        more = beside([*missing, crossed], kept)
        if len(more) <= len(beyond):
            break
        names, beyond, missing = kept, more, [*missing, crossed]
        lines = _leaders(missing, room, beyond)
    return names | beyond, [*standing, *lines]


def through(items: Sequence[Drawn], names: Names, room: Room, *, taken: Sequence[Box]) -> list[Drawn]:
    """Those of the items that lack a name of which a line to a column, were it no steep one, leads through another place
    with a figure."""
    missing = [item for item in items if item.place.code not in names]
    columns = Columns(missing, room, taken=taken, written=boxes_of(names))
    return [item for item in missing if columns.is_barred(item)]


def _holds_alone(place: MapPlace) -> bool:
    """Whether a quartier is all that a commune has: on a map that names no such place, it has no name."""
    return place.holds and bool(place.name) and not place.figure


def _leaders(items: Iterable[Drawn], room: Room, beyond: Names) -> list[Leader]:
    told = ((item, beyond.get(item.place.code)) for item in items)
    return [leader_from(room.seat(item), texts) for item, texts in told if texts is not None]


def _is_crossed(item: Drawn, names: Names, lines: Sequence[Leader]) -> bool:
    """A line between a name and its figure, under it, strikes them apart."""
    texts = names.get(item.place.code, ()) if item.place.figure else ()
    return bool(texts) and any(crosses(line, around(texts)) for line in lines)
