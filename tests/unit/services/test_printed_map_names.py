"""The names on the map of a place's sheet: whose ground each stands in, what its line leads through, none run together."""

from __future__ import annotations

from itertools import pairwise, permutations, product
from typing import NamedTuple

import pytest

from qpvdesk.charts.labels import Box, box_of, crosses
from qpvdesk.charts.map import Drawn, Scene, Subject, View, lies_within
from qpvdesk.charts.map_callouts import Names, leader
from qpvdesk.charts.map_room import SHALLOW, ink_box, seat_of, seat_within
from qpvdesk.charts.map_writing import map_chart
from qpvdesk.charts.primitives import Chart, Ink, Line, Text
from qpvdesk.domain.concerns import holds, lies_in
from qpvdesk.reports import map_file
from qpvdesk.services.desk import Desk
from qpvdesk.services.territories import layers
from tests.unit.services.test_printed_maps import TODAY, desk, lines_meet, unnamed

SHEETS = ("62498", "62065", "62510", "62842", "62563", "62413", "62570", "QN06225M", "QN06228M", "QN06221M")
"""Places in the midst of the others."""
__all__ = ["desk"]


class Written(NamedTuple):
    """The names of a map, what lies where on it, and what is told of those that it lacks."""

    whole: Scene
    view: View
    names: Names
    told: str
    selected: Drawn | None = None
    own: frozenset[str] = frozenset()
    """The selected place, the quartiers that it holds and the communes that it lies in."""

    def place(self, code: str) -> Drawn:
        return next(item for item in self.whole.places if item.place.code == code)

    def at(self, text: Text) -> Drawn | None:
        return self.whole.at(*self.view.ground(text.x, text.y - text.size / 3))

    def is_inside(self, code: str, within: str) -> bool:
        """Whether the name of a place stands in one."""
        ground = self.place(within)
        points = (self.view.ground(text.x, text.y - text.size / 3) for text in self.names[code])
        return all(lies_within(ground, *point) for point in points)

    def home(self, item: Drawn) -> Drawn | None:
        """The commune of a quartier, of what is seen of it."""
        seat = seat_of(item, self.view)
        assert seat is not None
        communes = (other for other in self.whole.places if other.place.kind == "commune")
        return next((other for other in communes if lies_within(other, *self.view.ground(*seat))), None)

    def homes(self, item: Drawn) -> set[str | None]:
        """Where the name of a quartier may stand: in its commune, in the selected one into which it reaches, were it by an
        edge where it is linked to it, or nowhere."""
        deep = {} if item.place.code not in self.own else {"deep": SHALLOW}
        reaches = self.selected is not None and any(
            seat_within(item, self.selected, self.view, **way) is not None for way in ({}, deep)
        )
        return {None, _code(self.home(item)), *([_code(self.selected)] if reaches else [])}

    def led(self) -> list[tuple[Drawn, Line]]:
        """The places whose name does not stand on them, and the line to it."""
        items = [self.place(code) for code in self.names if not self.is_inside(code, code)]
        lines = (leader(item, self.view, self.names[item.place.code], self.selected) for item in items)
        return [(item, Line(*line, Ink.TEXT, 1)) for item, line in zip(items, lines, strict=True)]

    def crossed(self, line: Line) -> list[Drawn]:
        return [
            item
            for item in self.whole.places
            if any(
                lines_meet(line, Line(*self.view.page(*first), *self.view.page(*last), Ink.TEXT, 1))
                for ring in item.rings
                for first, last in pairwise(ring)
            )
        ]


def written(
    desk: Desk, patched: pytest.MonkeyPatch, code: str, size: tuple[float, float] | None = None
) -> Written:
    """The map of a place's sheet, or that of all of them where it has no code."""
    drawn: list[tuple[Scene, View, Names]] = []

    def kept(whole: Scene, view: View, subject: Subject, selected: str = "", *, names: Names) -> Chart:
        drawn.append((whole, view, names))
        return map_chart(whole, view, subject, selected, names=names)

    patched.setattr(map_file, "map_chart", kept)
    contract = desk.contracts()[0].code
    situation, atlas = desk.review(contract, TODAY).situation, layers.atlas_of(desk, contract)
    place = next((item for item in situation.dossier.territories if item.code == code), None)
    size = size or (484.0, 200.0 if place else 216.0)
    _, told = map_file.chart_of(situation, atlas, size, shown=map_file.PROMISES, place=place)
    selected = next((item for item in drawn[0][0].places if item.place.code == code), None)
    linked = [*holds(situation, place), *lies_in(situation, place)] if place else []
    own = {code, *(other.code for other, _ in linked if other.key in atlas.shapes)}
    return Written(*drawn[0], told, selected, frozenset(own))


@pytest.mark.parametrize("code", [*SHEETS, ""])
def test_a_name_at_the_end_of_a_line_stands_in_no_other_commune(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """« Sallaumines 3 » filled Noyelles-sous-Lens, which seemed to be Sallaumines and to have three engagements."""
    seen = written(desk, monkeypatch, code)
    assert not code or code in seen.names
    for item, _ in seen.led():
        grounds = {None} if item.place.kind == "commune" else seen.homes(item)
        assert {_code(seen.at(text)) for text in seen.names[item.place.code]} <= grounds, item.place.name


def _code(item: Drawn | None) -> str | None:
    return item.place.code if item is not None else None


@pytest.mark.parametrize("code", [*SHEETS, ""])
def test_no_line_to_a_name_leads_through_what_bears_a_figure_nor_out_of_the_selected_place(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """That of Vendin-le-Vieil led through Wingles; that of a quartier of Lens, out of Lens. On the map of all the places
    what bears a figure or has a quartier is named in columns beside it, were it from the midst of the others."""
    seen = written(desk, monkeypatch, code)
    for item, line in seen.led():
        if code or not (item.place.figure or item.place.holds):
            crossed = [other.place for other in seen.crossed(line) if other is not item]
            homes = seen.homes(item) if item.place.kind == "quartier" else set()
            assert [place.name for place in crossed if place.figure and place.code not in homes] == []
            assert item.place.code == code or code not in {place.code for place in crossed}


@pytest.mark.parametrize("code", ["", "246200364"])
def test_each_commune_that_has_a_quartier_is_named_on_the_map_of_all_of_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """Bully-les-Mines, whose mayor signs, was « sans nom, faute de place » and Servins, which has no quartier, was named."""
    seen = written(desk, monkeypatch, code)
    holding = [item.place for item in seen.whole.places if item.place.holds]
    assert len(holding) == 17
    assert {"Bully-les-Mines", "Loison-sous-Lens", "Noyelles-sous-Lens"} <= {place.name for place in holding}
    assert [place.name for place in holding if place.code not in seen.names] == []


@pytest.mark.parametrize("size", [(484.0, 216.0), (484.0, 200.0)])
def test_no_line_on_the_map_of_all_places_leads_through_what_bears_a_figure_where_another_way_is_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, size: tuple[float, float]
) -> None:
    """That of « Lens 5 » led through Liévin, right over « Liévin 4 »; that of « Avion 4 », which has room in Avion, through
    Méricourt. Harnes and Fouquières-lès-Lens stand between the east and two communes, Méricourt before a third."""
    seen = written(desk, monkeypatch, "", size)
    least = {
        "Loison-sous-Lens": ["Harnes"],
        "Noyelles-sous-Lens": ["Fouquières-lès-Lens"],
        "Sallaumines": ["Méricourt"],
    }
    for item, line in seen.led():
        if item.place.figure or item.place.holds:
            crossed = [
                other.place.name for other in seen.crossed(line) if other.place.figure and other is not item
            ]
            assert set(crossed) <= set(least.get(item.place.name, [])), item.place.name
    assert seen.is_inside("62065", "62065")
    assert [
        item.place.name
        for item in seen.whole.places
        if item.place.holds and item.place.code not in seen.names
    ] == []


@pytest.mark.parametrize(
    ("code", "inside"),
    [
        ("62498", {"62628": "Noyelles-sous-Lens", "62186": "Bully-les-Mines"}),
        ("QN06225M", {"62628": "Noyelles-sous-Lens"}),
        ("62842", {"62186": "Bully-les-Mines"}),
        ("62563", {"62186": "Bully-les-Mines"}),
    ],
)
def test_a_commune_is_named_in_its_own_ground_before_a_line_leads_anywhere(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str, inside: dict[str, str]
) -> None:
    """They were told « sans nom, faute de place » where the name of a neighbour stood in them."""
    seen = written(desk, monkeypatch, code)
    for commune, name in inside.items():
        assert seen.place(commune).place.name == name
        assert commune in seen.names
        assert seen.is_inside(commune, commune)


@pytest.mark.parametrize("code", ["62498", "62065", "62510", "62563", "62842"])
def test_a_quartier_of_the_selected_place_is_named_in_it_or_told_to_have_no_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    seen = written(desk, monkeypatch, code)
    quartiers = [item for item in seen.whole.places if item.place.kind == "quartier"]
    for item in quartiers:
        if lies_within(seen.place(code), *item.anchor):
            where = item.place.code, code
            assert (
                seen.is_inside(*where)
                if item.place.code in seen.names
                else item.place.name in unnamed(seen.told)
            )


@pytest.mark.parametrize(
    ("code", "quartiers"),
    [
        ("62842", {"QN06225M": "Grande Résidence"}),
        ("62563", {"QN06220M": "Cité des Brebis", "QN06231M": "3 Cités"}),
    ],
)
def test_a_quartier_that_reaches_into_the_selected_place_is_named_in_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str, quartiers: dict[str, str]
) -> None:
    """« Son quartier : Grande Résidence » stood over a map on which strangers alone were named."""
    seen = written(desk, monkeypatch, code)
    for quartier, name in quartiers.items():
        assert seen.place(quartier).place.name == name
        assert seen.is_inside(quartier, code)


@pytest.mark.parametrize("code", [code for code in SHEETS if code.isdigit()])
def test_each_quartier_of_the_selected_place_has_its_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    seen = written(desk, monkeypatch, code)
    own = [
        item
        for item in seen.whole.places
        if item.place.kind == "quartier" and seat_of(item, seen.view) and code in seen.homes(item)
    ]
    assert [item.place.name for item in own if item.place.code not in seen.names] == []


@pytest.mark.parametrize("code", [*SHEETS, ""])
def test_no_name_that_ends_in_a_figure_stands_before_one_that_begins_with_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """« Mazingarbe 3 » and « 3 Cités » read « Mazingarbe 33 Cités »."""
    seen = written(desk, monkeypatch, code)
    for one, other in permutations(seen.names.values(), 2):
        for last, first in product(one, other):
            if last.text[-1].isdigit() and first.text[0].isdigit():
                box = box_of(last)
                assert not Box(box.left - 20, box.top - 6, box.right + 20, box.bottom + 6).overlaps(
                    box_of(first)
                )


def test_no_sheet_leaves_a_place_of_its_own_without_name_nor_writes_one_over_the_shape_of_another(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """« Les Blanches Laines Fosse 11 12 13 » and its only commune were « sans nom, faute de place » on the sheet of that
    quartier, on which nine strangers were named."""
    contract = desk.contracts()[0].code
    drawn = {item.territory for item in layers.atlas_of(desk, contract).contours}
    codes = [item.code for item in desk.dossier(contract).territories if item.key in drawn]
    assert len(codes) == 53
    for code in codes:
        seen = written(desk, monkeypatch, code)
        nameless = [item for item in map(seen.place, seen.own) if item.place.code not in seen.names]
        assert [item.place.name for item in nameless if seat_of(item, seen.view)] == [], code
        assert not {seen.place(one).place.name for one in seen.own} & set(unnamed(seen.told)), code
        _stand_apart(seen, code)


def _stand_apart(seen: Written, code: str) -> None:
    """No name crosses an outline nor stands in a place that is neither its own nor that which holds it."""
    edges = [
        (*seen.view.page(*first), *seen.view.page(*last))
        for item in seen.whole.places
        if seen.view.shows(item.box)
        for ring in item.rings
        for first, last in pairwise(ring)
    ]
    for name, texts in seen.names.items():
        item = seen.place(name)
        grounds = {None} if item.place.kind == "commune" else seen.homes(item)
        for text in texts:
            assert _code(seen.at(text)) in {name, *grounds}, (code, text.text)
            box = ink_box(text, box_of(text))
            assert not any(crosses(edge, box) for edge in edges), (code, text.text)
        assert len(texts) <= 3 + bool(item.place.figure)


@pytest.mark.parametrize(
    ("code", "inside"), [("62498", "QN06229M"), ("62528", "QN06229M"), ("62771", "QN06233M")]
)
def test_a_quartier_is_named_in_what_the_selected_commune_has_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str, inside: str
) -> None:
    """Lens has a third of Les Hauts de Liévin, whose name stood in Liévin; Loos-en-Gohelle a twentieth, without name."""
    assert written(desk, monkeypatch, code).is_inside(inside, code)


def test_a_long_name_is_broken_over_three_lines_rather_than_shortened(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = written(desk, monkeypatch, "QN06228M")
    assert [text.text for text in seen.names["QN06228M"]] == ["Calonne –", "Marichelles –", "Vent de Bise"]
    seen = written(desk, monkeypatch, "QN06233M")
    assert [text.text for text in seen.names["QN06233M"]] == ["Les Blanches", "Laines"]
    assert "Un quartier y porte le début de son nom." in seen.told


@pytest.mark.parametrize(
    ("code", "one", "other"),
    [
        ("QN06225M", "62498", "QN06225M"),
        ("QN06219M", "62065", "QN06219M"),
        ("QN06220M", "62186", "QN06220M"),
        ("62133", "62133", "QN06221M"),
    ],
)
def test_two_names_that_have_room_do_not_stand_one_upon_the_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str, one: str, other: str
) -> None:
    """« Avion 4 » over « République – Cité 4 » read as one name of three lines."""
    names = written(desk, monkeypatch, code).names
    for first, second in product(names[one], names[other]):
        box = box_of(first)
        assert not Box(box.left, box.top - 5, box.right, box.bottom + 5).overlaps(box_of(second))


@pytest.mark.parametrize("code", ["62065", "62510", "62570", "QN06233M"])
def test_a_line_to_a_name_strikes_none_of_its_letters(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """That of « Quartier du 3/15 » ended on its « 15 »."""
    seen = written(desk, monkeypatch, code)
    for item, line in seen.led():
        for text in seen.names[item.place.code]:
            box = box_of(text)
            letters = Box(box.left + 0.1, text.y - 0.7 * text.size, box.right - 0.1, text.y)
            assert not crosses((line.x1, line.y1, line.x2, line.y2), letters), text.text
