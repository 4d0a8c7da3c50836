"""The map on paper: in the COPIL's file and on a place's sheet, described, in few pages, as it was frozen."""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import combinations, pairwise, permutations
from math import hypot
from pathlib import Path

import pikepdf
import pytest
from msgspec.structs import replace

from qpvdesk.charts.labels import Box, box_of, crosses
from qpvdesk.charts.map_callouts import around
from qpvdesk.charts.primitives import Ink, Line, Region, Text
from qpvdesk.domain.model import Contour, MeetingKind, Visit
from qpvdesk.reports import map_file
from qpvdesk.services import bases, paper_check, printing
from qpvdesk.services.committees import committee, freezing
from qpvdesk.services.committees.committee import MeetingEntry
from qpvdesk.services.desk import Desk
from qpvdesk.services.territories import layers, official
from qpvdesk.storage.opening import open_base
from tests.helpers import paper_text
from tests.unit.storage.samples import NOON

TODAY = date(2026, 11, 28)
SERIES = "codgeo;libgeo;TP60\nQN06226M;Cité 2;54,3\nQN06230M;Blum;s\n246200364;CALL;24,1\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The example, with a layer of reference figures. No test leaves anything in it."""
    folder = tmp_path_factory.mktemp("cartes")
    path = folder / "base.db"
    bases.create_example(path, now=datetime.combine(TODAY, NOON.timetz()))
    series = folder / "insee_2021.csv"
    series.write_text(SERIES, encoding="utf-8")
    desk = Desk(open_base(path), today=lambda: TODAY)
    official.take(desk, official.read(desk, desk.contracts()[0].code, series, source="INSEE"))
    return desk


def write(desk: Desk, path: Path, model: str, **named: str) -> list[str]:
    """Print, and return the words of each page."""
    request = printing.Request(model, **named)
    review = printing.subject(desk, desk.contracts()[0].code, request)
    printing.write_report(request, review, path)
    return [" ".join(page.split()) for page in paper_text.pages(path)]


def described(path: Path) -> list[str]:
    """What is said of each figure to those who listen."""
    found: list[str] = []

    def walk(element: pikepdf.Object) -> None:
        if isinstance(element, pikepdf.Array):
            for part in element:
                walk(part)
        elif isinstance(element, pikepdf.Dictionary):
            if element.get("/S") == "/Figure":
                found.append(str(element.Alt))
            if "/K" in element:
                walk(element.K)

    with pikepdf.open(path) as document:
        walk(document.Root.StructTreeRoot.K)
    return found


def test_the_copil_bears_its_map_and_stays_short(desk: Desk, tmp_path: Path) -> None:
    pages = write(desk, tmp_path / "copil.pdf", "copil")
    assert len(pages) <= 16
    (mapped,) = [words for words in pages if "Admin Express 2018" in words]
    for words in (
        "Lieux des promesses",
        "Lieu d’un engagement",
        "Bully-les-Mines",
        "5 km",
        "quartiers prioritaires",
    ):
        assert words in mapped
    # What bears a figure is named, were it beside the map, at the end of a line.
    assert not re.search(r"faute de place.*\(\d+\)", mapped)
    (said,) = [words for words in described(tmp_path / "copil.pdf") if words.startswith("Carte")]
    assert "36 communes, 17 quartiers" in said.replace("\u00a0", " ")
    assert "lieu d’un engagement" in said


@pytest.mark.parametrize(
    ("size", "far"), [((388.0, 136.0), True), ((388.0, 155.0), True), ((484.0, 230.0), False)]
)
def test_each_line_leads_to_one_name_through_no_other(
    desk: Desk, size: tuple[float, float], *, far: bool
) -> None:
    """The line of Lens went through the figure of Harnes and ended between two names; a name hid where a line began."""
    code = desk.contracts()[0].code
    situation, atlas = desk.review(code, TODAY).situation, layers.atlas_of(desk, code)
    chart, _ = map_file.chart_of(situation, atlas, size, shown=map_file.PROMISES, place=None, far=far)
    lines = [item for item in chart.items if isinstance(item, Line) and item.width == 0.8]
    texts = [item for item in chart.items if isinstance(item, Text)]
    # « Sallaumines » and its « 3 » under it.
    assert not far or not any(text.text.isdigit() for text in texts)
    assert lines
    # A name and its figure under it are one: a line between them strikes them apart.
    whole = [around(pair) for pair in pairwise(texts) if pair[1].text.isdigit() and pair[0].x == pair[1].x]
    for line in lines:
        boxes = [(text, box_of(text)) for text in texts]
        beside = [text for text, box in boxes if min(abs(x - line.x2) for x in (box.left, box.right)) < 2.1]
        own = [text for text in beside if text.y - 0.51 * text.size <= line.y2 <= text.y]
        # Over or under the letters of a name near its place.
        own = own or [
            text
            for text, box in boxes
            if box.left <= line.x2 <= box.right
            and min(abs(text.y + part * text.size - line.y2) for part in (-0.73, 0.16)) < 0.01
        ]
        if not own:
            # Between the two lines of one name.
            own = [text for text in beside if abs(text.y - text.size / 4 - line.y2) < 0.8 * text.size]
            assert len(own) == 2
            assert not own[0].text[-1].isdigit()
        path = (line.x1, line.y1, line.x2, line.y2)
        assert [text.text for text in texts if crosses(path, box_of(text)) and text not in own] == []
        assert not any(crosses(path, box) for box in whole)
    # That of Avion went through the dot of Méricourt.
    for line, other in permutations(lines, 2):
        dot = Box(other.x1 - 2, other.y1 - 2, other.x1 + 2, other.y1 + 2)
        assert not crosses((line.x1, line.y1, line.x2, line.y2), dot)
    # Those of Liévin and of its neighbours crossed: the figure of one was read as another's.
    assert not any(lines_meet(line, other) for line, other in combinations(lines, 2))


def test_lens_and_avion_are_named_from_no_side_through_others_on_a_slide_and_no_line_stops_an_outline(
    desk: Desk,
) -> None:
    """They were led to from the west, through six communes whose outlines their lines rubbed out; then from the east,
    through Sallaumines and Méricourt."""
    code = desk.contracts()[0].code
    situation, atlas = desk.review(code, TODAY).situation, layers.atlas_of(desk, code)
    size = (388.0, 136.0)
    chart, _ = map_file.chart_of(situation, atlas, size, shown=map_file.PROMISES, place=None, far=True)
    lines = [item for item in chart.items if isinstance(item, Line)]
    assert not any(line.ink is Ink.PAPER for line in lines)
    for text in (item for item in chart.items if isinstance(item, Text)):
        if text.text.startswith(("Lens", "Avion")):
            box = box_of(text)
            about = Box(box.left - 2.1, box.top - 2.1, box.right + 2.1, box.bottom + 2.1)
            (led,) = [line for line in lines if Box(line.x2, line.y2, line.x2, line.y2).within(about)]
            assert hypot(led.x1 - led.x2, led.y1 - led.y2) < 388 / 4
            assert abs(led.x1 - led.x2) < abs(led.y1 - led.y2)


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("62842", {"Wingles 3", "Hulluch", "Lens 5"}),
        ("62498", {"Liévin 4", "Harnes 3", "Cité 2"}),
        ("62003", {"Méricourt 3", "Avion 4", "Vimy"}),
        ("QN06225M", {"Lens 5", "Vendin-le-Vieil", "Annay"}),
        ("", {"Lens 5", "Vimy", "Gouy-Servins", "Bully-les-Mines"}),
    ],
)
def test_a_name_hides_no_outline_and_no_line_to_it_is_long(desk: Desk, code: str, named: set[str]) -> None:
    """« Grenay 3 » stood twelve centimetres from Grenay, at the end of a line through Vendin-le-Vieil; names rubbed out the
    contour that their sheet is about."""
    contract = desk.contracts()[0].code
    situation, atlas = desk.review(contract, TODAY).situation, layers.atlas_of(desk, contract)
    place = next((item for item in situation.dossier.territories if item.code == code), None)
    chart, told = map_file.chart_of(
        situation, atlas, (484.0, 200.0 if place else 216.0), shown=map_file.PROMISES, place=place
    )
    frame = chart.items[-1]
    assert isinstance(frame, Region)
    foot = max(y for _, y in frame.rings[0])
    texts = [item for item in chart.items if isinstance(item, Text) and item.glow and item.y < foot]
    for one, other in combinations(texts, 2):
        assert not box_of(one).overlaps(box_of(other))
    outlines = [item for item in chart.items if isinstance(item, Region) and len(item.rings[0]) > 5]
    for text in texts:
        box = box_of(text)
        # Neither halo nor what few of its letters go below its line.
        letters = Box(box.left, text.y - 0.7 * text.size, box.right, text.y)
        for ring in (ring for item in outlines for ring in item.rings):
            assert not any(crosses((*first, *last), letters) for first, last in pairwise(ring)), text.text
    lines = [item for item in chart.items if isinstance(item, Line) and item.y2 < foot]
    assert not place or all(hypot(item.x2 - item.x1, item.y2 - item.y1) < 484 / 4 for item in lines)
    # A figure stands after a name or beneath it.
    words = [text.text.replace("\u00a0", " ") for text in texts]
    assert named <= {*words, *map(" ".join, pairwise(words))}
    assert not {name.rstrip(" 0123456789") for name in named} & set(unnamed(told))


def unnamed(told: str) -> list[str]:
    """The places that have no room for their name, without their figures."""
    words = told.replace("\u202f", " ").replace("\u00a0", " ").partition("faute de place : ")[2]
    return [re.sub(r" \(\d+\)$", "", name) for name in words.rstrip(".").split(", ")]


def lines_meet(line: Line, other: Line) -> bool:
    """Whether they cross, by where on each the point of both is."""
    (a, b), (c, d) = ((item.x2 - item.x1, item.y2 - item.y1) for item in (line, other))
    across, x, y = a * d - b * c, other.x1 - line.x1, other.y1 - line.y1
    return across != 0 and 0 < (x * d - y * c) / across < 1 and 0 < (x * b - y * a) / across < 1


def test_the_sheets_of_three_communes_and_a_quartier_say_each_their_own(desk: Desk, tmp_path: Path) -> None:
    said = {}
    for code in ("62498", "62510", "62186", "QN06226M"):
        path = tmp_path / f"{code}.pdf"
        pages = write(desk, path, "territoire", territory=code)
        assert len(pages) <= 2
        said[code] = (" ".join(pages), *(words for words in described(path) if words.startswith("Carte")))
    assert len({words for words, _ in said.values()}) == 4
    assert len({picture for _, picture in said.values()}) == 4

    for words, _ in said.values():
        assert words.index("Ici") < words.index("Au-dessus")
    # What the map outlines is told; each wider scale has a line, not a title.
    # By the legend, beside its line, in grey too.
    assert "Quartier sans engagement propre Liévin" in " ".join(said["62510"][0].split())
    assert "Trait" not in said["62510"][0]
    assert re.search(r"France : [^:]*engagements? \(", said["62510"][0].replace("\u202f", " "))
    quartier, _ = said["QN06226M"]
    assert "54,3\u00a0% (2021)" in quartier.replace("54,3 %", "54,3\u00a0%")
    assert "+30,2" in quartier
    assert "INSEE, 2021" in quartier
    assert "54,3" not in said["62510"][0]


@pytest.mark.parametrize("code", ["62003", "62563", "QN06221M", "62498", ""])
def test_what_lies_beyond_the_agglomeration_has_its_key_where_the_map_shows_it(desk: Desk, code: str) -> None:
    contract = desk.contracts()[0].code
    situation, atlas = desk.review(contract, TODAY).situation, layers.atlas_of(desk, contract)
    place = next((item for item in situation.dossier.territories if item.code == code), None)

    def keys(contours: tuple[Contour, ...]) -> set[str]:
        drawn = replace(atlas, contours=contours)
        size = (484.0, 200.0 if place else 216.0)
        chart, _ = map_file.chart_of(situation, drawn, size, shown=map_file.PROMISES, place=place)
        return {item.text for item in chart.items if isinstance(item, Text)}

    # Lens is in the midst of the others.
    assert ("Hors de l’agglomération" in keys(atlas.contours)) == (code != "62498")
    # Of what is white because its outline is not known, no more is said.
    vimy = next(item.key for item in situation.dossier.territories if item.code == "62861")
    some = keys(tuple(item for item in atlas.contours if item.territory != vimy))
    assert "Hors de l’agglomération" not in some
    assert ("Sans contour connu" in some) == (code != "62498")


def test_a_sheet_tells_the_last_visits_of_its_place_and_no_other(desk: Desk, tmp_path: Path) -> None:
    contract = desk.contracts()[0]
    places = {item.code: item.key for item in desk.dossier(contract.code).territories}
    with desk.act("Visites") as unit:
        for number, code in enumerate(["62186"] * 4 + ["62510"]):
            unit.put(
                Visit(
                    f"exemple-visite-{number}",
                    contract.key,
                    date(2026, 3, 1 + number),
                    f"Lieu {number}",
                    places[code],
                    needs=f"Besoin {number}",
                )
            )
    try:
        words = " ".join(write(desk, tmp_path / "sheet.pdf", "territoire", territory="62186"))
    finally:
        desk.undo()
    assert "Dernières visites" in words
    assert [number for number in range(5) if f"Besoin {number}" in words] == [1, 2, 3]
    assert words.index("Besoin 3") < words.index("Besoin 1")
    assert "1 visite plus ancienne" in words.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_frozen_map_is_printed_again_though_its_layer_and_outlines_have_gone(
    desk: Desk, tmp_path: Path
) -> None:
    contract = desk.contracts()[0].code
    committee.create(desk, contract, MeetingEntry(MeetingKind.COPIL, TODAY))
    meeting = desk.dossier(contract).meetings[-1].key
    freezing.freeze(desk, contract, meeting, TODAY)
    first, again, after = (tmp_path / f"{name}.pdf" for name in ("first", "again", "after"))
    write(desk, first, "territoire", territory="QN06226M", meeting=meeting)
    layers.remove(desk, contract, "pauvrete")
    with desk.act("Contours retirés") as unit:
        for contour in layers.atlas_of(desk, contract).contours:
            unit.remove(contour)
    write(desk, again, "territoire", territory="QN06226M", meeting=meeting)
    assert again.read_bytes() == first.read_bytes()
    assert paper_check.check(desk, first).intact
    write(desk, after, "territoire", territory="QN06226M")
    assert not any(words.startswith("Carte") for words in described(after))
    assert desk.undo_many(40) is not None, "what was undone is told, though there was no more to undo"
    assert desk.undo_many(1) is None
    assert len(layers.atlas_of(desk, contract).contours) == 53


def test_what_is_printed_has_another_fingerprint_once_an_outline_is_another(desk: Desk) -> None:
    contract = desk.contracts()[0].code
    request = printing.Request("copil")
    before = printing.fingerprint_of(printing.subject(desk, contract, request))
    layers.remove(desk, contract, "pauvrete")
    assert printing.fingerprint_of(printing.subject(desk, contract, request)) != before
    desk.undo()
    assert printing.fingerprint_of(printing.subject(desk, contract, request)) == before
