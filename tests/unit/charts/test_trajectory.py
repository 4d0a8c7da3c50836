"""The trajectory: what is drawn, where, and what it says to the pointer and to those who do not see it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from msgspec.structs import replace

from qpvdesk.charts.labels import Box, Label, LabelPlacer, box_of, crosses
from qpvdesk.charts.marks import STATUS_MARKS
from qpvdesk.charts.primitives import Anchor, Area, Ink, Line, Mark, Polyline, Shape, Text
from qpvdesk.charts.trajectory import TrajectoryChart, trajectory_chart, trajectory_grounds
from qpvdesk.domain.french import format_value
from qpvdesk.domain.model import Measurement, Sens
from qpvdesk.domain.projection import bare_words, range_words
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.domain.statuses import Statut
from qpvdesk.reports.sections.drawings import trajectory
from qpvdesk.reports.style import load_fonts
from tests.unit.charts.dossiers import DAY, busy, contract, measurement, objective


@pytest.fixture(scope="module")
def now() -> Situation:
    return situation(busy(), DAY)


def draw(now: Situation, code: str, width: float = 320, height: float = 160) -> TrajectoryChart:
    return trajectory_chart(now, now.objective_by_code(code), width, height)


def texts(chart: TrajectoryChart) -> list[str]:
    return [item.text for item in chart.items if isinstance(item, Text)]


def test_the_promise_runs_from_the_start_through_the_milestone_to_the_target(now: Situation) -> None:
    chart = draw(now, "P1-O01")
    promised = next(item for item in chart.items if isinstance(item, Polyline) and item.ink is Ink.EXPECTED)
    assert len(promised.points) == 3
    (x0, y0), (x1, y1), (x2, y2) = promised.points
    assert x0 < x1 < x2
    assert y0 > y1 > y2
    days = (date(2025, 12, 31) - date(2023, 12, 31)).days / (date(2027, 12, 31) - date(2023, 12, 31)).days
    assert (x1 - x0) / (x2 - x0) == pytest.approx(days)
    assert (y0 - y1) / (y0 - y2) == pytest.approx(20 / 30)
    # Bare, its figure was read as a value.
    assert any(text.startswith("Jalon") and "30" in text for text in texts(chart))


def test_the_current_value_bears_the_shape_of_its_status(now: Situation) -> None:
    chart = draw(now, "P1-O01")
    status = now.assessments["o001"].status
    assert status is Statut.EN_RETARD
    marks = [
        item for item in chart.items if isinstance(item, Mark) and item.shape is STATUS_MARKS[status].shape
    ]
    assert [(mark.x, mark.y) for mark in marks] == [(chart.hits[-1].x, chart.hits[-1].y)]


def test_the_labels_name_the_last_value_and_the_target(now: Situation) -> None:
    shown = texts(draw(now, "P1-O01"))
    assert "15\u00a0bus au 28/12/2025" in shown
    assert "Cible\u202f: 40\u00a0bus" in shown
    # No name runs past the end of the axis.
    chart = draw(now, "P1-O01")
    (axis,) = [item for item in chart.items if isinstance(item, Line) and item.width == 0.7]
    assert max(box_of(item).right for item in chart.items if isinstance(item, Text)) <= axis.x2 + 0.1


def test_each_value_answers_the_pointer_with_its_key_date_and_source(now: Situation) -> None:
    chart = draw(now, "P1-O01")
    known = now.measurements_of("o001")
    assert [hit.key for hit in chart.hits] == [item.key for item in known]
    hit = chart.hits[0]
    assert hit.text.endswith("(Courriel)")
    assert chart.hit(hit.x + 3, hit.y - 3) == hit
    assert chart.hit(hit.x + 3, hit.y - 60) is None


def test_a_projection_is_dotted_and_its_range_lies_under_it(now: Situation) -> None:
    chart = draw(now, "P1-O01")
    projection = now.projection("o001")
    assert projection is not None
    assert projection.low is not None
    (band,) = [item for item in chart.items if isinstance(item, Area)]
    (line,) = [
        item for item in chart.items if isinstance(item, Polyline) and item.dash and item.ink is Ink.ACCENT
    ]
    # It runs at the pace that it tells, amid the values, its range as wide at both ends.
    (x1, y1), (x2, y2) = line.points
    days = (date(2027, 12, 31) - date(2025, 12, 28)).days
    assert projection.now == projection.value - projection.slope * days
    assert y1 != pytest.approx(chart.hits[-1].y)
    corners = band.points
    assert {x for x, _ in corners} == {x1, x2}
    assert corners[0][1] - y1 == pytest.approx(corners[1][1] - y2)
    assert corners[3][1] - y1 == pytest.approx(corners[2][1] - y2)
    assert any(text.startswith("au rythme constaté") for text in texts(chart))
    span = range_words(now.objective_by_code("P1-O01"), projection)
    assert span.partition(" à ")[1]
    # Under it, where its words may have no room.
    load_fonts()
    caption = trajectory(now, now.objective_by_code("P1-O01"), 240)[-1].getPlainText()
    assert re.search(rf"Au rythme constaté.: \d+ \(bande claire.: {span}\)\.", caption.replace("\u00a0", " "))


def test_a_bound_is_a_line_across(now: Situation) -> None:
    chart = draw(now, "P1-O03")
    bounds = [item for item in chart.items if isinstance(item, Line) and item.ink is Ink.EXPECTED]
    assert len(bounds) == 1
    assert bounds[0].y1 == bounds[0].y2
    assert "Plancher\u202f: 80\u202f%" in texts(chart)


def test_a_share_stands_beside_its_reference(now: Situation) -> None:
    assert "Référence\u202f: 16,4\u202f%" in texts(draw(now, "P1-O07"))


def test_nothing_to_draw_is_said_in_words() -> None:
    bare = objective(1, start_value=None, start_date=None, target_value=None, target_date=None)
    now = situation(contract(bare), DAY)
    assert texts(draw(now, "P1-O01")) == ["Ni départ daté, ni relevé à représenter."]


@pytest.mark.parametrize("code", [f"P1-O0{number}" for number in range(1, 9)])
@pytest.mark.parametrize(("width", "height"), [(220, 120), (320, 160), (900, 420)])
def test_nothing_leaves_the_frame_and_no_label_covers_another(
    now: Situation, code: str, width: float, height: float
) -> None:
    chart = draw(now, code, width, height)
    boxes = [box_of(item) for item in chart.items if isinstance(item, Text)]
    for box in boxes:
        assert box.left >= -0.5
        assert box.right <= width + 0.5
        assert box.top >= -0.5
        assert box.bottom <= height + 0.5
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other), (one, other)
    for item in chart.items:
        if isinstance(item, Polyline):
            assert all(-0.5 <= x <= width + 0.5 and -0.5 <= y <= height + 0.5 for x, y in item.points)


def test_the_summary_says_what_the_picture_shows(now: Situation) -> None:
    summary = draw(now, "P1-O02").summary
    assert summary.startswith("P1-O02, ")
    assert "38\u00a0bus au 31/12/2025" in summary
    assert "«\u202fEn retard\u202f»" in summary


def test_a_wild_projection_does_not_flatten_the_rest() -> None:
    wild = objective(1, start_value=Decimal(10), target_value=Decimal(12))
    values = (measurement(1, date(2024, 1, 31), "10"), measurement(1, date(2024, 2, 28), "11.9"))
    now = situation(contract(wild, measurements=values), date(2024, 3, 1))
    projection = now.projection("o001")
    assert projection is not None
    assert projection.value > 25
    chart = draw(now, "P1-O01")
    assert chart.y_ticks[-1].value <= 20


def test_many_values_are_a_line_without_dots() -> None:
    values = tuple(measurement(1, date(2024, 1 + n % 12, 1 + n // 12), f"{10 + n}") for n in range(60))
    ordered = tuple(sorted(values, key=lambda item: item.day))
    now = situation(contract(objective(1), measurements=ordered), DAY)
    chart = draw(now, "P1-O01")
    assert not any(
        isinstance(item, Mark) and item.shape is Shape.DOT and item.size < 5 for item in chart.items
    )
    assert len(chart.hits) == 60


@pytest.mark.parametrize("width", [220 + step / 7 for step in range(40)])
def test_the_target_is_named_whatever_the_width(now: Situation, width: float) -> None:
    for code, name in (("P1-O01", "Cible"), ("P1-O02", "Cible"), ("P1-O03", "Plancher")):
        assert any(text.startswith(name) for text in texts(draw(now, code, width, 128)))


@pytest.mark.parametrize("width", [200, 320, 520])
def test_no_label_covers_a_line(now: Situation, width: float) -> None:
    """Measured, promised and projected lines; the last value and the target are named whatever the room."""
    met = 0
    for item in now.objectives:
        chart = trajectory_chart(now, item, width, 190)
        lines = [line.points for line in chart.items if isinstance(line, Polyline) and line.width > 1]
        lines += [
            ((line.x1, line.y1), (line.x2, line.y2))
            for line in chart.items
            if isinstance(line, Line) and line.ink is Ink.EXPECTED
        ]
        for label in (text for text in chart.items if isinstance(text, Text) and text.halo):
            for points in lines:
                for (x1, y1), (x2, y2) in pairwise(points):
                    assert not crosses((x1, y1, x2, y2), box_of(label)), (item.code, label.text)
                    met += 1
    assert met


def test_a_value_is_named_off_the_day_of_the_data_near_its_point() -> None:
    """« 119 entreprises au 04/09/2026 » was written over the dotted day, « 10 400 prêts » on the curve or far from it."""
    load_fonts()
    placer = LabelPlacer(Box(20, 0, 240, 120))
    curve = ((20.0, 110.0), (120.0, 60.0), (150.0, 55.0))
    placer.avoid(((160.0, 0.0), (160.0, 120.0)), weight=1)
    placer.avoid(curve, weight=8)
    placer.avoid(((150.0, 55.0), (240.0, 30.0)))
    placer.avoid(((20.0, 110.0), (200.0, 0.0)))
    placed = placer.place(Label(150, 55, "10 400 prêts au 31/05/2026", 8, Ink.ACCENT, bold=True), needed=True)
    assert placed is not None
    box = box_of(placed)
    # Below, within the frame; not across the curve, nor a hair from it.
    assert 55 < box.top < 55 + 8
    assert box.right <= 240
    wide = Box(box.left - 1, box.top - 1, box.right + 1, box.bottom + 1)
    assert not any(crosses((*first, *second), wide) for first, second in pairwise(curve))
    free = LabelPlacer(Box(20, 0, 240, 120))
    free.avoid(((160.0, 0.0), (160.0, 120.0)), weight=1)
    placed = free.place(Label(150, 55, "119 entreprises", 8, Ink.ACCENT, bold=True), needed=True)
    assert placed is not None
    assert not crosses((160.0, 0.0, 160.0, 120.0), box_of(placed))


def test_what_must_be_named_where_no_line_is_drawn_goes_further_off_rather_than_be_left_out() -> None:
    load_fonts()
    placer = LabelPlacer(Box(0, 0, 240, 160))
    placer.block(0, 55, 240, 105)
    label = Label(120, 80, "119 entreprises", 8, Ink.ACCENT)
    assert placer.place(label, needed=True) is not None


def test_what_can_be_spared_is_not_named_across_another_line() -> None:
    """« au rythme constaté : environ 18 500 » stood over the line of what is promised, as high as 25 000."""
    load_fonts()
    for promised in (((20.0, 110.0), (230.0, 12.0)), ((20.0, 0.0), (20.0, 0.0))):
        placer = LabelPlacer(Box(20, 0, 240, 120))
        placer.avoid(promised)
        placer.avoid(((150.0, 72.0), (230.0, 45.0)))
        placer.block(110, 76, 240, 84)
        placed = placer.place(Label(230, 45, "au rythme constaté : environ 18 500", 8, Ink.ACCENT))
        # Where no line parts it from its point, it stands there.
        assert (placed is None) == (promised[0] != promised[1])


def test_a_target_is_not_named_beyond_the_line_that_ends_over_it() -> None:
    """« Cible : 79 postes » stood over the end of the pace, at 83: it read as what that leads to."""
    load_fonts()
    placer = LabelPlacer(Box(20, 0, 240, 120))
    placer.avoid(((60.0, 95.0), (236.0, 40.0)))
    placed = placer.place(Label(236, 50, "Cible : 79 postes", 8, Ink.TEXT), needed=True)
    assert placed is not None
    assert box_of(placed).top > 50, "under its point, on its own side of the pace"


def test_a_target_is_named_without_its_unit_where_only_that_has_a_place_on_its_side() -> None:
    """« Cible : 50 000 accompagnements » stood over the value of the day, beyond the pace; the unit heads the axis."""
    load_fonts()
    words = {"short": "Cible : 50 000", "text": "Cible : 50 000 accompagnements"}
    for lines, told in (
        ((((110.0, 66.0), (244.0, 29.0)), ((30.0, 114.0), (244.0, 32.0))), "short"),
        ((((30.0, 114.0), (30.0, 32.0)),), "text"),
    ):
        placer = LabelPlacer(Box(30, 0, 260, 114))
        for line in lines:
            placer.avoid(line)
        placer.avoid(((186.0, 15.0), (186.0, 114.0)), weight=1 if told == "short" else 0)
        label = Label(244, 32, words["text"], 8, Ink.TEXT, bold=True, short=words["short"])
        placed = placer.place(label, needed=True)
        assert placed is not None
        assert placed.text == words[told]
        assert told == "text" or 32 < box_of(placed).top < 32 + 3 * 8


@pytest.mark.parametrize("width", [240, 260, 320, 510])
def test_the_day_is_named_at_its_line(width: float) -> None:
    """« 29/11/2026 » left the corner to « Cible : 60 Carrefours », and its line seemed to be the target's."""
    beside = 0
    for unit in ("bus", "M€", "Carrefours", "entrepreneurs", "accompagnements renforcés"):
        goal = objective(1, unit=unit, start_date=date(2024, 1, 1), target_value=Decimal(60))
        values = (measurement(1, date(2026, 5, 31), "16", objective=goal.key),)
        seen = situation(contract(goal, measurements=values), date(2026, 11, 29))
        items = trajectory_chart(seen, goal, width, 128, text_size=8).items
        (line,) = (item for item in items if isinstance(item, Line) and item.dash == (1.0, 1.8))
        (box,) = (box_of(item) for item in items if isinstance(item, Text) and item.text == "29/11/2026")
        assert box.left - 3 <= line.x1 <= box.right + 3, unit
        beside += box.top > line.y1
    assert width > 300 or beside


def test_a_start_is_not_named_level_with_a_graduation() -> None:
    """« 750 Départ : 692 actions »: read as one."""
    base = busy()
    start = {"start_value": Decimal(692), "start_date": date(2023, 12, 31)}
    end = {"target_value": Decimal(143), "target_date": date(2027, 12, 31)}
    item = objective(1, Sens.BAISSE, unit="actions", **start, **end)
    values = [700, 690, 700, 710, 700, 715, 700, 720, 715, 725, 720, 730, 725, 737]
    taken = tuple(
        measurement(1, date(2024 + at // 6, 1 + 2 * (at % 6), 7), str(value))
        for at, value in enumerate(values)
    )
    now = situation(replace(base, objectives=(item,), measurements=taken), DAY)
    for height in range(90, 170, 4):
        chart = trajectory_chart(now, item, 240, height)
        ticks = [
            text
            for text in chart.items
            if isinstance(text, Text) and text.anchor is Anchor.END and not text.halo
        ]
        for label in (text for text in chart.items if isinstance(text, Text) and text.halo):
            level = [
                tick.text for tick in ticks if abs(tick.y - label.y) < 3 and box_of(label).left - tick.x < 10
            ]
            assert level == [], label.text
    # « Départ : 116 postes » wiped the mark of the broken axis out.
    met = 0
    for value in range(102, 140, 3):
        low = objective(1, unit="postes", **(start | {"start_value": Decimal(value)}), **end)
        measured = (measurement(1, date(2025, 1, 1), str(value + 2)),)
        now = situation(replace(base, objectives=(low,), measurements=measured, milestones=()), DAY)
        items = trajectory_chart(now, low, 240, 128).items
        for mark in (item for item in items if isinstance(item, Polyline) and item.ink is Ink.TEXT):
            for label in (item for item in items if isinstance(item, Text) and item.halo):
                met += label.text.startswith("Départ")
                assert not any(crosses((*one, *two), box_of(label)) for one, two in pairwise(mark.points))
    assert met


def test_the_figures_of_the_drawing_are_a_table_too(now: Situation) -> None:
    chart = draw(now, "P1-O01")
    assert chart.columns == ("Date", "Valeur", "Attendu")
    assert [row[1] for row in chart.rows] == [format_value(hit.value, hit.unit) for hit in chart.hits]
    assert all(len(row) == len(chart.columns) for row in chart.rows)
    assert any(row[2] != "–" for row in chart.rows)


def test_an_axis_that_does_not_begin_at_zero_shows_its_break() -> None:
    def broken(*values: str) -> bool:
        days = (date(2025, 1, 1), date(2026, 1, 1))
        known = tuple(measurement(1, day, value) for day, value in zip(days, values, strict=True))
        goal = objective(
            1, Sens.PLANCHER, start_value=None, start_date=None, target_value=Decimal(48), target_date=None
        )
        chart = trajectory_chart(situation(contract(goal, measurements=known), DAY), goal, 320, 160)
        return any(isinstance(item, Polyline) and item.ink is Ink.TEXT for item in chart.items)

    assert broken("48", "45")
    assert not broken("48", "3")


def test_half_a_point_is_not_drawn_as_a_chasm_nor_a_value_on_the_axis() -> None:
    """15.8 % against 16.4 % took the whole height, its only value in the corner, over the sign of the break."""
    day = date(2024, 1, 1)
    share = objective(1, Sens.SUIVI, unit="%", start_value=None, start_date=None, target_value=None)
    known = (measurement(1, day, "15.8"), measurement(2, date(2025, 1, 1), "16.4"))
    chart = trajectory_chart(situation(contract(share, measurements=known), DAY), share, 320, 160)
    low, high = chart.y_ticks[0].value, chart.y_ticks[-1].value
    assert high - low >= 3
    assert chart.hits[0].x > min(item.x1 for item in chart.items if isinstance(item, Line)) + 2


def test_a_start_and_a_target_are_named_beside_their_points_or_the_start_not_at_all() -> None:
    """A label four lines above its point is read as that of a graduation."""
    fund = objective(
        1, unit="M€", start_value=Decimal(0), start_date=date(2024, 1, 1), target_value=Decimal(600)
    )
    values = (
        measurement(1, date(2024, 12, 31), "20", objective=fund.key),
        measurement(2, date(2025, 12, 31), "130", objective=fund.key),
        measurement(3, date(2026, 5, 31), "160", objective=fund.key),
    )
    seen = situation(contract(fund, measurements=values), date(2026, 11, 29))
    for width in (235, 320, 510):
        chart = trajectory_chart(seen, fund, width, 128, text_size=8)
        written = {item.text.partition("\u202f")[0]: item for item in chart.items if isinstance(item, Text)}
        (target,) = (item for item in chart.items if isinstance(item, Mark) and item.shape is Shape.TARGET)
        box = box_of(written["Cible"])
        assert box.top - 12 < target.y < box.bottom + 12, width
        start = next(item for item in chart.items if isinstance(item, Mark) and item.shape is Shape.CIRCLE)
        if "Départ" in written:
            assert abs(box_of(written["Départ"]).bottom - start.y) < 3 * 8, width


def test_where_the_grounds_of_a_drawing_are_equal_so_is_the_drawing() -> None:
    def changed(**fields: object) -> Situation:
        return situation(replace(before.dossier, **fields), DAY)

    def other(item: Measurement, number: int) -> Measurement:
        return replace(item, value=item.value + 1) if number % 2 else replace(item, source="autre")

    before = situation(busy(), DAY)
    dossier = before.dossier
    situations = [
        before,
        situation(busy(), DAY),
        situation(dossier, date(2026, 3, 1)),
        *(
            changed(
                measurements=tuple(other(item, at) if item is one else item for item in dossier.measurements)
            )
            for at, one in enumerate(dossier.measurements)
        ),
        *(
            changed(objectives=tuple(replace(item, **moved) for item in dossier.objectives))
            for moved in ({"label": "Autre"}, {"unit": "lits"}, {"target_value": Decimal(77)})
        ),
        changed(milestones=()),
    ]
    same = 0
    for one, two in combinations(situations, 2):
        for key in [item.key for item in dossier.objectives]:
            grounds = [trajectory_grounds(seen, seen.objective(key)) for seen in (one, two)]
            charts = [told(trajectory_chart(seen, seen.objective(key), 320, 160)) for seen in (one, two)]
            if grounds[0] == grounds[1]:
                same += 1
                assert charts[0] == charts[1], key
    assert same > len(dossier.objectives)


def told(chart: TrajectoryChart) -> tuple[object, ...]:
    """All that a drawing holds, its table in words."""
    return chart.items, chart.hits, chart.summary, chart.rows, chart.x_ticks, chart.y_ticks


@pytest.mark.parametrize("width", [*range(220, 280, 20), 320, 360, 400, 480])
def test_the_end_of_a_projection_is_not_named_across_the_day_of_the_data(width: float) -> None:
    subject = objective(1, start_value=Decimal(21))
    days = {
        date(2024, 12, 31): "23",
        date(2025, 6, 30): "25",
        date(2025, 12, 31): "27",
        date(2026, 5, 31): "29",
    }
    dossier = contract(subject, measurements=tuple(measurement(1, day, value) for day, value in days.items()))
    now = situation(dossier, date(2026, 11, 23))
    chart = trajectory_chart(now, now.objectives[0], width, 150, text_size=11)
    (day,) = [line for line in chart.items if isinstance(line, Line) and line.x1 == line.x2 and line.dash]
    labels = [text for text in chart.items if isinstance(text, Text) and "rythme" in text.text]
    assert bool(labels) is (width >= 400), "it is named where its words stand clear of that day"
    assert not any(crosses((day.x1, day.y1, day.x2, day.y2), box_of(label)) for label in labels)


def test_a_range_whose_ends_are_told_alike_is_none(now: Situation) -> None:
    """« Bande claire : 20 à 20. » stood under a drawing."""
    projection = now.projection("o001")
    assert projection is not None
    near = replace(projection, low=Fraction(201, 10), high=Fraction(202, 10))
    assert range_words(replace(now.objective_by_code("P1-O01"), unit="postes"), near) == ""


def test_what_is_counted_by_ones_has_no_decimal_to_say_that_it_has_none(now: Situation) -> None:
    """« 3,0 lauréats », « 95,0 logements »."""
    projection = now.projection("o001")
    assert projection is not None
    counted = replace(now.objective_by_code("P1-O01"), unit="postes", target_value=Decimal(8))
    near = replace(projection, value=Fraction(3), low=Fraction(0), high=Fraction(99, 10))
    assert bare_words(counted, near) == "3"
    assert range_words(counted, near) == "0,0 à 9,9"
    assert range_words(counted, replace(near, low=Fraction(1), high=Fraction(9))) == "1 à 9"
    # « Au rythme constaté : 0 (bande claire : 0,0 à 9,9 » for 806: tenths of a séance beside a whole number.
    far = replace(counted, target_value=Decimal(806))
    assert range_words(far, near) == "0 à 10"
    assert range_words(far, replace(near, value=Fraction(31, 10))) == "0,0 à 9,9"
    # One that is short of its target is never told as the target.
    assert bare_words(counted, replace(near, value=Fraction(799, 100))) == "7,99"
