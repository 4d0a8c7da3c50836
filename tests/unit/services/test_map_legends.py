"""The legend of a printed map: no name, no line to one and no dot where it begins meets it, nor the scale or the north."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from qpvdesk.charts.labels import Box, box_of, crosses
from qpvdesk.charts.map import Scene, Subject, View
from qpvdesk.charts.map_callouts import Names, dot_of, leader, stands_in
from qpvdesk.charts.map_legend import furniture
from qpvdesk.charts.map_writing import map_chart
from qpvdesk.charts.primitives import Chart, Region, Text
from qpvdesk.reports import map_file
from qpvdesk.services import bases, printing
from qpvdesk.services.desk import Desk
from qpvdesk.services.territories import layers
from qpvdesk.storage.opening import open_base
from tests.unit.storage.samples import NOON

TODAY = date(2026, 11, 28)
CODE = "lens-lievin"
PAPERS = (
    ("diapositives", "pdf", ""),
    ("diapositives", "pptx", ""),
    ("affiche", "pdf", ""),
    ("copil", "pdf", ""),
    ("territoire", "pdf", "62498"),
    ("territoire", "pdf", "246200364"),
)
Drawn = tuple[Scene, View, Subject, str, Names]


@pytest.fixture(scope="module", params=["starter", "example"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path, now = tmp_path_factory.mktemp("legends") / "base.db", datetime.combine(TODAY, NOON.timetz())
    if request.param == "starter":
        bases.create(path, CODE, now=now)
    else:
        bases.create_example(path, now=now)
    with open_base(path) as base:
        yield Desk(base, today=lambda: TODAY)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Drawn]:
    """The maps that are drawn from then on."""
    kept: list[Drawn] = []

    def keep(whole: Scene, view: View, subject: Subject, selected: str = "", *, names: Names) -> Chart:
        kept.append((whole, view, subject, selected, names))
        return map_chart(whole, view, subject, selected, names=names)

    monkeypatch.setattr(map_file, "map_chart", keep)
    return kept


def met(map_drawn: Drawn) -> list[str]:
    """What meets what stands on a map beside its places."""
    whole, view, subject, selected, names = map_drawn
    _, taken = furniture(view, subject)
    chosen = next((item for item in whole.places if item.place.code == selected), None)
    found = []
    for item in whole.places:
        texts = names.get(item.place.code, [])
        is_led = bool(texts) and not stands_in(item, texts, view)
        lines = [leader(item, view, texts, chosen)] if is_led else []
        for box in taken:
            # No line runs along it either.
            about = Box(box.left - 0.5, box.top - 0.5, box.right + 0.5, box.bottom + 0.5)
            found += [f"name: {text.text}" for text in texts if box_of(text).overlaps(box)]
            found += [f"line: {item.place.name}" for line in lines if crosses(line, about)]
            found += [f"dot: {item.place.name}" for line in lines if dot_of(*line[:2]).overlaps(box)]
    return found


def test_nothing_of_a_printed_map_goes_under_its_legend(
    desk: Desk, drawn: list[Drawn], tmp_path: Path
) -> None:
    """On the slide the line to « Mazingarbe 3 » was rubbed out by the box of the legend and came out on its other side."""
    for model, suffix, territory in PAPERS:
        drawn.clear()
        request = printing.Request(model, territory=territory or None)
        review = printing.subject(desk, desk.contracts()[0].code, request)
        printing.write_report(request, review, tmp_path / f"{model}{territory}.{suffix}")
        assert drawn, model
        assert [found for one in drawn for found in met(one)] == [], (model, suffix)


@pytest.mark.parametrize("size", [(388.0, 140.0), (388.0, 200.0), (484.0, 170.0)])
def test_nothing_goes_under_the_legend_of_a_map_of_another_height(
    desk: Desk, drawn: list[Drawn], size: tuple[float, float]
) -> None:
    """Read from afar, all that bears a figure is named without that."""
    contract = desk.contracts()[0].code
    situation, atlas = desk.review(contract, TODAY).situation, layers.atlas_of(desk, contract)
    for far in (True, False):
        map_file.chart_of(situation, atlas, size, shown=map_file.PROMISES, place=None, far=far)
    assert [found for one in drawn for found in met(one)] == []
    whole, *_, names = drawn[0]
    assert [
        item.place.name for item in whole.places if item.place.figure and item.place.code not in names
    ] == []


def test_no_name_touches_the_frame_nor_is_read_with_the_scale(desk: Desk, drawn: list[Drawn]) -> None:
    """« 5 km » ran into « Villers-au-Bois » on the sheet of the agglomération; names touched the frame of two others."""
    contract = desk.contracts()[0].code
    situation, atlas = desk.review(contract, TODAY).situation, layers.atlas_of(desk, contract)
    for code in ("246200364", "62498", "62510"):
        place = next(item for item in situation.dossier.territories if item.code == code)
        size = (484.0, 216.0 if code == "246200364" else 200.0)
        map_file.chart_of(situation, atlas, size, shown=map_file.PROMISES, place=place)
    for _, view, subject, _, names in drawn:
        items, _ = furniture(view, subject)
        scales = [box_of(item) for item in items if isinstance(item, Text) and item.text.endswith(" km")]
        within = Box(3, 3, view.width - 3, view.height - 3)
        for text in (text for texts in names.values() for text in texts):
            box = box_of(text)
            assert box.within(within), text.text
            assert not any(Box(one.left, one.top, one.right + 8, one.bottom).overlaps(box) for one in scales)


def test_the_box_of_a_legend_is_no_higher_than_its_lines(desk: Desk, drawn: list[Drawn]) -> None:
    """It ended four millimetres of a slide under them, over the map."""
    contract = desk.contracts()[0].code
    situation, atlas = desk.review(contract, TODAY).situation, layers.atlas_of(desk, contract)
    map_file.chart_of(situation, atlas, (388.0, 155.0), shown=map_file.PROMISES, place=None, far=True)
    _, view, subject, _, _ = drawn[0]
    items, taken = furniture(view, subject)
    foot = max(
        y for item in items if isinstance(item, Region) and item.rings[0][0][0] < 20 for _, y in item.rings[0]
    )
    samples = [item.rings[0] for item in items if isinstance(item, Region) and item.rings[0][0][0] < 20][1:]
    above = samples[0][0][1] - taken[-1].top
    assert foot == taken[-1].bottom
    assert foot - samples[-1][-1][1] == pytest.approx(above, abs=1)
