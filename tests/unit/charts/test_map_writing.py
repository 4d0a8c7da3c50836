"""The names on a map: none over another, those that bear a figure first, those without room told beneath it."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations
from math import hypot

import pytest
from msgspec.structs import replace

from qpvdesk.charts.labels import Box, box_of, crosses
from qpvdesk.charts.map import Fill, MapPlace, Scene, Subject, View, fitted, scene
from qpvdesk.charts.map_legend import beside_legend, furniture
from qpvdesk.charts.map_room import meet
from qpvdesk.charts.map_writing import left_out, map_chart, names_of
from qpvdesk.charts.primitives import Hatch, Ink, Line, Text
from qpvdesk.domain.french import NBSP

STEP = 0.02


def square(code: str, name: str, figure: str, west: int, *, wide: int = 1) -> MapPlace:
    """A commune of so many steps from the west of the map."""
    left, right = 2.8 + west * STEP, 2.8 + (west + wide) * STEP
    ring = ((left, 50.4), (left, 50.4 + STEP), (right, 50.4 + STEP), (right, 50.4), (left, 50.4))
    return MapPlace(code, name, "commune", ((ring,),), figure=figure)


def row(*places: tuple[str, str]) -> Scene:
    """Communes side by side, by name and figure."""
    return scene(square(f"c{index}", name, figure, index) for index, (name, figure) in enumerate(places))


def written(whole: Scene, view: View) -> list[Text]:
    """The lines of all the names that have room."""
    return [line for lines in names_of(whole, view, Subject()).values() for line in lines]


def test_a_place_with_a_figure_is_named_before_a_larger_one_without() -> None:
    whole = scene([square("a", "Ablain", "", 0, wide=3), square("b", "Lens", "5", 1)])
    view = fitted(whole, 70, 50)
    assert [text.text for text in written(whole, view)][:2] == ["Lens", "5"]


def test_two_names_on_a_line_are_not_read_as_one() -> None:
    whole = row(("Servins", ""), ("Gouy", ""), ("Ablain", ""), ("Souchez", ""))
    boxes = [box_of(text) for text in written(whole, fitted(whole, 160, 60))]
    assert len(boxes) > 1
    for first, second in combinations(boxes, 2):
        if first.top < second.bottom and second.top < first.bottom:
            assert first.right + 4 < second.left or second.right + 4 < first.left


def test_every_place_without_room_for_its_name_is_told_those_with_a_figure_first() -> None:
    named = [(f"Commune{chr(65 + number)}", "3" if number % 2 else "") for number in range(12)]
    whole, subject = row(*named), Subject()
    view = fitted(whole, 240, 60)
    shown = {text.text for text in written(whole, view)}
    told = left_out(whole, view, names_of(whole, view, subject)).split(", ")
    missing = [(name, figure) for name, figure in named if name not in shown]
    assert any(figure for _, figure in missing)
    assert any(not figure for _, figure in missing)
    assert sorted(told) == sorted(f"{name}{NBSP}({figure})" if figure else name for name, figure in missing)
    assert [item.endswith(")") for item in told] == sorted((bool(f) for _, f in missing), reverse=True)


@pytest.mark.parametrize("flat", [True, False])
def test_a_name_and_its_figure_stand_in_the_commune_that_they_tell_of(*, flat: bool) -> None:
    """The 3 of Méricourt stood in Vimy, whose it would have been; then its name, but for its middle, in Avion."""

    def band(code: str, south: float, north: float, figure: str = "") -> MapPlace:
        corners = ((2.8, south), (2.8, north), (2.9, north), (2.9, south), (2.8, south))
        ring = corners if flat else tuple((y - 47.6, x + 47.6) for x, y in corners)
        return MapPlace(code, "Méricourt" * bool(figure), "commune", ((ring,),), figure=figure)

    whole = scene([band("a", 50.42, 50.423, "3"), band("b", 50.4, 50.42), band("c", 50.423, 50.443)])
    stood = set()
    for side in range(40, 1600, 40):
        view = fitted(whole, 400 if flat else side, side)
        for line in names_of(whole, view, Subject()).get("a", []):
            box = box_of(line)
            for part in (0.2, 0.5, 0.8):
                x = box.left + part * (box.right - box.left)
                place = whole.at(*view.ground(x, line.y - line.size / 3))
                stood.add(place.place.code if place is not None else "")
    assert stood == {"a"}


def test_no_name_stands_on_a_quartier_that_it_does_not_name() -> None:
    quartier = replace(square("q", "Cité", "", 4), kind="quartier")
    whole = scene([square("a", "Ablain-Saint-Nazaire", "", 0, wide=9), quartier])
    view = fitted(whole, 420, 90)
    left, right = (view.page(x, 0)[0] for x in (whole.places[-1].box.left, whole.places[-1].box.right))
    written_on = [box_of(line) for line in names_of(whole, view, Subject())["a"]]
    assert all(box.right <= left or box.left >= right for box in written_on)


def test_the_legend_covers_no_place_where_the_page_has_room_beside_it() -> None:
    """Of a map as tall as its page, the corner under the legend was hidden."""
    whole = row(("Servins", ""), ("Gouy", ""))
    subject = Subject("Promis sur place", (Fill("Lieu d’un engagement"), Fill("Quartier")))
    before = fitted(whole, 388, 166)
    after = beside_legend(before, subject, whole.places)
    _, taken = furniture(after, subject)
    legend = taken[-1]

    def covered(view: View) -> bool:
        points = [view.page(*point) for item in whole.places for ring in item.rings for point in ring]
        return any(x < legend.right and y < legend.bottom for x, y in points)

    assert covered(before)
    assert not covered(after)
    assert all(after.page(*point)[0] <= 388 for item in whole.places for point in item.rings[0])


def test_a_line_to_a_name_is_parted_from_hatchings_and_from_no_outline() -> None:
    """On the slide, « Lens 5 » came through the whole west and rubbed out each outline that it passed over."""
    late = Fill("À traiter", Ink.ERROR, 0.85, Hatch.RISING)
    places = [square(f"c{at}", f"Commune-{chr(65 + at)}", "3", at) for at in range(6)]
    whole, subject = scene(replace(item, fill=late) for item in places), Subject()
    view = replace(fitted(whole, 388, 136), scale=fitted(whole, 388, 136).scale / 3)
    drawn = map_chart(whole, view, subject, names=names_of(whole, view, subject, leaders=True))
    halos = [item for item in drawn.items if isinstance(item, Line) and item.ink is Ink.PAPER]
    assert len(halos) > 6
    edges = [
        (*view.page(*first), *view.page(*last))
        for item in whole.places
        for ring in item.rings
        for first, last in pairwise(ring)
    ]
    for halo in halos:
        assert min(_near(edge, halo) for edge in edges) > halo.width / 2


def _near(edge: tuple[float, float, float, float], halo: Line) -> float:
    """How near the middle of a line comes to an edge, in points, by steps of a quarter."""
    x1, y1, x2, y2 = edge
    steps = max(1, round(4 * hypot(x2 - x1, y2 - y1)))
    points = [(x1 + (x2 - x1) * step / steps, y1 + (y2 - y1) * step / steps) for step in range(steps + 1)]
    long = hypot(halo.x2 - halo.x1, halo.y2 - halo.y1)
    away = []
    for x, y in points:
        part = ((x - halo.x1) * (halo.x2 - halo.x1) + (y - halo.y1) * (halo.y2 - halo.y1)) / long**2
        part = min(max(part, 0), 1)
        at = halo.x1 + part * (halo.x2 - halo.x1), halo.y1 + part * (halo.y2 - halo.y1)
        away.append(hypot(x - at[0], y - at[1]))
    return min(away)


def test_what_bears_a_figure_and_has_no_room_is_named_beside_the_map_at_the_end_of_a_line() -> None:
    whole, subject = row(*((f"Commune-{chr(65 + number)}", "3") for number in range(6))), Subject()
    view = replace(fitted(whole, 388, 136), scale=fitted(whole, 388, 136).scale / 3)
    assert len(names_of(whole, view, subject)) < 6
    names = names_of(whole, view, subject, leaders=True)
    assert len(names) == 6
    boxes = [box_of(text) for texts in names.values() for text in texts]
    assert not any(first.overlaps(second) for first, second in combinations(boxes, 2))
    drawn = map_chart(whole, view, subject, names=names)
    begun = {(item.x1, item.y1) for item in drawn.items if isinstance(item, Line)}
    beside = [
        item for item in whole.places if whole.at(*view.ground(*_middle(names[item.place.code]))) is None
    ]
    assert beside
    assert {view.page(*item.anchor) for item in beside} <= begun
    # Over the outlines between, which it does not stop: a gap would open a commune into another.
    assert not any(isinstance(item, Line) and item.ink is Ink.PAPER for item in drawn.items)
    # No two lines cross, none leads through where another begins; a figure keeps to its name.
    lines = [item for item in drawn.items if isinstance(item, Line) and item.width == 0.8]
    paths = [(item.x1, item.y1, item.x2, item.y2) for item in lines]
    assert len(paths) == len(beside)
    for path, other in permutations(paths, 2):
        assert not meet(path, other)
        assert not crosses(path, Box(other[0] - 2, other[1] - 2, other[0] + 2, other[1] + 2))
    assert all(names[item.place.code][-1].text.endswith("3") for item in beside)


def test_no_line_leads_from_beyond_the_frame_nor_from_under_the_legend() -> None:
    """On the sheet of a commune, that of a place of which only an edge was seen crossed the map, and its name."""
    named = [(f"Commune-{chr(65 + number)}", "3") for number in range(9)]
    whole = row(*named)
    subject = Subject("Lieux", (Fill("Lieu d’un engagement"), Fill("Quartier")))
    view = View(x=0, y=whole.places[0].anchor[1] + 1500, scale=0.02, width=388, height=136)
    for shift in range(-12000, 12001, 500):
        seen = replace(view, x=shift)
        names = names_of(whole, seen, subject, "c4", leaders=True)
        legend = furniture(seen, subject)[1][-1]
        lines = [
            item for item in map_chart(whole, seen, subject, names=names).items if isinstance(item, Line)
        ]
        begun = {(line.x1, line.y1) for line in lines if line.ink is Ink.TEXT}
        for item in whole.places:
            x, y = seen.page(*item.anchor)
            if (x, y) in begun:
                assert 0 <= x <= 388
                assert not (x < legend.right and y < legend.bottom)
        told = left_out(whole, seen, names)
        assert all(
            (f"{item.place.name}{NBSP}(3)" in told) is (item.place.code not in names and seen.shows(item.box))
            for item in whole.places
        )


def _middle(texts: list[Text]) -> tuple[float, float]:
    boxes = [box_of(text) for text in texts]
    return (boxes[0].left + boxes[0].right) / 2, (boxes[0].top + boxes[-1].bottom) / 2
