"""Names on a map of paper: over no outline, on their own ground or led to; a legend whose lines are those of the map."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from msgspec.structs import replace

from qpvdesk.charts import map_subjects
from qpvdesk.charts.labels import Box, box_of, crosses
from qpvdesk.charts.map import (
    OUTSIDE,
    SELECTED,
    Drawn,
    Fill,
    MapPlace,
    Scene,
    Subject,
    View,
    fitted,
    scene,
    style_of,
)
from qpvdesk.charts.map_callouts import cut
from qpvdesk.charts.map_legend import furniture, keyed
from qpvdesk.charts.map_writing import left_out, map_chart, names_of
from qpvdesk.charts.marks import LIGHT, PRINT, Palette, mixed
from qpvdesk.charts.primitives import Ink, Line, Region, Text

STEP = 0.02


def square(
    code: str, name: str, west: float, south: float, *, wide: float = 1, kind: str = "commune"
) -> MapPlace:
    """A square so many steps from the west and the south of the map."""
    left, right = 2.8 + west * STEP, 2.8 + (west + wide) * STEP
    foot, top = 50.4 + south * STEP / 1.57, 50.4 + (south + wide) * STEP / 1.57
    ring = ((left, foot), (left, top), (right, top), (right, foot), (left, foot))
    return MapPlace(code, name, kind, ((ring,),), figure="3" if code.startswith("f") else "")


TOWNS = scene(
    [
        square("f1", "Sallaumines", 0, 0),
        square("s", "Lens", 1, 0),
        square("f2", "Fouquières-lès-Lens", 2, 0),
        square("c1", "Loison-sous-Lens", 1, 1),
        square("c2", "Éleu-dit-Leauwette", 1, -1),
        square("q1", "Cité des Taberneaux", 0.93, 0.4, wide=0.14, kind="quartier"),
        square("q2", "Les Hauts de Liévin", 1.84, 0.8, wide=0.3, kind="quartier"),
    ]
)
NEAR = Subject("Lieux", (Fill("Lieu d’un engagement"),), beneath=True)


def seen(part: float) -> View:
    """Lens, as large as a part of the frame."""
    return fitted(TOWNS, 388, 200, ["s"]).zoomed(part)


def outline(item: Drawn, view: View) -> list[tuple[float, float, float, float]]:
    return [(*view.page(*first), *view.page(*last)) for ring in item.rings for first, last in pairwise(ring)]


def place(code: str, whole: Scene = TOWNS) -> Drawn:
    return next(item for item in whole.places if item.place.code == code)


@pytest.mark.parametrize("leaders", [True, False])
@pytest.mark.parametrize("part", [0.3, 0.42, 0.6, 0.86])
def test_no_name_rubs_out_the_contour_of_the_selected_place(part: float, *, leaders: bool) -> None:
    view = seen(part)
    names = names_of(TOWNS, view, NEAR, "s", leaders=leaders)
    assert "s" in names
    contour = outline(place("s"), view)
    for texts in names.values():
        for text in texts:
            box = box_of(text)
            letters = Box(box.left - 1, text.y - 0.7 * text.size, box.right + 1, text.y + 1)
            assert not any(crosses(segment, letters) for segment in contour), text.text


@pytest.mark.parametrize("part", [0.3, 0.42, 0.6, 0.86])
def test_a_name_stands_on_its_own_ground_or_at_the_end_of_a_line(part: float) -> None:
    view = seen(part)
    names = names_of(TOWNS, view, NEAR, "s", leaders=True)
    chart = map_chart(TOWNS, view, NEAR, "s", names=names)
    lines = [item for item in chart.items if isinstance(item, Line) and item.ink in {Ink.TEXT, Ink.MENTION}]
    for code, texts in names.items():
        own = outline(place(code), view)
        boxes = [box_of(text) for text in texts]
        middle = (
            sum(box.left + box.right for box in boxes) / 2 / len(boxes),
            (boxes[0].top + boxes[-1].bottom) / 2,
        )
        if TOWNS.at(*view.ground(*middle)) is place(code):
            assert not any(crosses(segment, box) for segment in own for box in boxes)
            continue
        left, right = min(box.left for box in boxes) - 3, max(box.right for box in boxes) + 3
        led = [line for line in lines if left < line.x2 < right and boxes[0].top < line.y2 < boxes[-1].bottom]
        assert any(TOWNS.at(*view.ground(line.x1, line.y1)) is place(code) for line in led), code


@pytest.mark.parametrize("part", [0.3, 0.42, 0.6, 0.86])
def test_no_two_names_touch_and_no_line_is_long_nor_leads_across_the_selected_place(part: float) -> None:
    view = seen(part)
    names = names_of(TOWNS, view, NEAR, "s", leaders=True)
    for first, second in combinations(names.values(), 2):
        for one, other in ((box_of(a), box_of(b)) for a in first for b in second):
            assert not one.overlaps(Box(other.left - 2, other.top - 1, other.right + 2, other.bottom + 1))
    contour = outline(place("s"), view)
    for line in map_chart(TOWNS, view, NEAR, "s", names=names).items:
        if isinstance(line, Line) and line.y1 < view.height and line.ink is not Ink.PAPER:
            assert abs(line.x2 - line.x1) < view.width / 3
            met = [
                segment
                for segment in contour
                if crosses((line.x1, line.y1, line.x2, line.y2), Box(*_sorted(segment)))
            ]
            assert len(met) <= 1


def _sorted(segment: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = segment
    return min(x1, x2) - 0.05, min(y1, y2) - 0.05, max(x1, x2) + 0.05, max(y1, y2) + 0.05


def test_a_place_whose_middle_is_beyond_the_frame_is_named_in_what_is_seen_of_it() -> None:
    """Méricourt, a large blue ground beside Acheville, had no name, « faute de place »."""
    whole = scene(
        [
            square("s", "Acheville", 0, 0),
            square("f", "Méricourt", -6, -2, wide=6),
            square("c", "Vimy", -2, -6.2, wide=6),
        ]
    )
    view = fitted(whole, 388, 200, ["s"]).zoomed(0.6)
    names = names_of(whole, view, NEAR, "s", leaders=True)
    assert names.keys() == {"s", "f", "c"}
    assert left_out(whole, view, names) == ""


@pytest.mark.parametrize("columns", [10, 6])
def test_the_selected_place_has_its_short_name_near_it_rather_than_the_long_one_far_from_it(
    columns: int,
) -> None:
    """« Les Hauts de Liévin – Résidence des Provinces – Cités 9-9bis » had no room on its own sheet, and no name there."""
    long = square("s", "Calonne – Résidence des Provinces – Vent de Bise", 0, 0, wide=0.1, kind="quartier")
    about = [
        square(f"c{column}-{row}", "", (column - 5) * 0.4, (row - 5) * 0.4, wide=0.4)
        for column in range(columns)
        for row in range(10)
    ]
    whole = scene([long, *about])
    view = fitted(whole, 388, 200, ["s"]).zoomed(0.1)
    (texts,) = names_of(whole, view, NEAR, "s", leaders=True).values()
    assert [text.text for text in texts] == ["Calonne"]


def test_the_legend_has_the_lines_of_the_map_and_those_alone_that_are_seen() -> None:
    """White communes, of a thin grey line, were taken for « quartiers sans engagement », the only white in the legend."""
    engaged, nothing = (
        Fill("Lieu d’un engagement", Ink.INFO, 0.2),
        Fill("Quartier sans engagement", Ink.PAPER, 1.0),
    )
    towns = [square("a", "Lens", 0, 0), square("b", "Vimy", 1, 0)]
    whole = scene(
        [
            replace(towns[0], fill=engaged),
            towns[1],
            replace(square("q", "Cité", 5, 0.2, wide=0.3, kind="quartier"), fill=nothing),
        ]
    )
    subject = Subject("Lieux", (engaged, nothing), bare="Commune sans engagement")
    told = keyed(whole, fitted(whole, 388, 200), subject, "a")
    assert [(key.word, key.style.edge, key.style.width) for key in told.keys] == [
        ("Lieu d’un engagement", Ink.AXIS, 0.7),
        ("Commune sans engagement", Ink.AXIS, 0.7),
        ("Quartier sans engagement", Ink.TEXT, 0.9),
        ("Lens", SELECTED.edge, SELECTED.width),
    ]
    items, _ = furniture(fitted(whole, 388, 200), told)
    drawn = [item for item in items if isinstance(item, Region)]
    for key in told.keys:
        assert any(replace(item, rings=()) == key.style for item in drawn)
    assert any(style_of(item.place) == told.keys[2].style for item in whole.places)
    near = keyed(whole, fitted(whole, 388, 200, ["a"]), subject)
    assert [key.word for key in near.keys] == ["Lieu d’un engagement", "Commune sans engagement"]


def test_what_no_commune_has_is_told_from_a_commune_that_nothing_fills_where_it_is_seen() -> None:
    """On the sheet of Acheville a third of the frame was white, as « Commune sans engagement propre » is."""
    subject = replace(NEAR, bare="Commune sans engagement", outside="Hors de l’agglomération")
    far, near = fitted(TOWNS, 388, 200), fitted(TOWNS, 388, 200, ["s"]).zoomed(6)
    told = keyed(TOWNS, far, subject, "s")
    key = next(key for key in told.keys if key.word == told.outside)
    chart = map_chart(TOWNS, far, told, "s")
    ground = chart.items[0]
    assert isinstance(ground, Region)
    assert (ground.ink, ground.tint, ground.width) == (key.style.ink, key.style.tint, 0.0)
    assert ground.rings == (((0.0, 0.0), (388.0, 0.0), (388.0, 200.0), (0.0, 200.0)),)
    # The communes stand on it, white.
    bare = style_of(square("c", "Vimy", 0, 0))
    assert (bare.ink, bare.tint) == (Ink.PAPER, 1.0)
    told = keyed(TOWNS, near, subject, "s")
    assert told.outside == ""
    assert "Hors de l’agglomération" not in {key.word for key in told.keys}
    assert not any(
        isinstance(item, Region) and item.tint == OUTSIDE.tint
        for item in map_chart(TOWNS, near, told, "s").items
    )


@pytest.mark.parametrize("palette", [LIGHT, PRINT])
def test_turned_to_grey_what_no_commune_has_is_neither_white_nor_a_place_of_an_engagement(
    palette: Palette,
) -> None:
    def grey(ink: Ink, tint: float) -> float:
        colour = mixed(palette[ink], palette[Ink.PAPER], tint)
        parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return sum(part * weight for part, weight in zip(parts, (0.299, 0.587, 0.114), strict=True))

    named = map_subjects._PROMISED["named"]
    levels = [grey(Ink.PAPER, 1.0), grey(OUTSIDE.ink, OUTSIDE.tint), grey(named.ink, named.tint)]
    assert all(lighter - darker > 12 for lighter, darker in pairwise(levels)), levels
    assert levels[1] - levels[2] >= 30, f"a photocopy takes one for the other: {levels}"
    assert levels[1] > 230, "a name on it is read as on paper"


def test_legend_scale_and_north_of_a_map_that_fills_its_frame_stand_under_it() -> None:
    view = seen(0.6)
    told = keyed(TOWNS, view, NEAR, "s")
    items, taken = furniture(view, told)
    assert taken == []
    assert all(item.y - 8 > view.height for item in items if isinstance(item, Text))
    assert all(min(item.y1, item.y2) > view.height for item in items if isinstance(item, Line))
    chart = map_chart(TOWNS, view, told, "s")
    assert max(item.y for item in chart.items if isinstance(item, Text)) < chart.height
    grounds = [item for item in chart.items if isinstance(item, Region) and item not in items]
    assert all(y <= view.height for item in grounds for ring in item.rings for _, y in ring)
    assert {"Lens", "N", "Commune"} <= {item.text for item in items if isinstance(item, Text)}
    assert any(
        item.text.endswith(" m") or item.text.endswith(" km") for item in items if isinstance(item, Text)
    )


def test_the_sources_of_a_map_that_fills_its_frame_stand_under_its_legend() -> None:
    """On the map of one place in a file, they ran over its outlines."""
    view = seen(0.6)
    told = keyed(TOWNS, view, replace(NEAR, sources="Sources\u202f: IGN"), "s")
    texts = {item.text: item.y for item in furniture(view, told)[0] if isinstance(item, Text)}
    assert view.height < texts["Commune"] < texts["Sources\u202f: IGN"] - 8
    assert texts["Sources\u202f: IGN"] < map_chart(TOWNS, view, told, "s").height


def test_the_contour_of_the_selected_place_is_drawn_over_what_stops_the_others() -> None:
    """A line to a name parts the outlines that it passes over."""
    view = seen(0.6)
    items = map_chart(TOWNS, view, NEAR, "s").items
    parted = [index for index, item in enumerate(items) if isinstance(item, Line) and item.ink is Ink.PAPER]
    contours = [
        index for index, item in enumerate(items) if isinstance(item, Region) and item.width == SELECTED.width
    ]
    assert parted == [] or max(contours) > max(parted)


@pytest.mark.parametrize("name", ["République – Cité 4", "Cité du Transvaal – Centre", "Cité 5 – Cité 11"])
def test_the_second_line_of_a_name_begins_with_no_dash(name: str) -> None:
    first, second = cut(name, 8, 50, bold=True)
    assert not second.startswith("–")
    assert f"{first} {second}" == name
    assert cut("Cité –", 8, 5, bold=True) == ["Cité –"]
