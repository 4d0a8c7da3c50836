"""Bars of statuses and shares against their reference."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from qpvdesk.charts.bars import BAR_ORDER, counts_sentence, named_bars, status_bar
from qpvdesk.charts.labels import box_of
from qpvdesk.charts.marks import DARK, LIGHT, PRINT, SHAPES, STATUS_MARKS, mixed
from qpvdesk.charts.metrics import DESCENT, shorten, text_width
from qpvdesk.charts.parity import parity_chart
from qpvdesk.charts.primitives import Hatch, Ink, Line, Mark, Polyline, Rect, Shape, Text
from qpvdesk.domain.scales import scale_words
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.domain.statuses import GROUPS, Group, Statut
from tests.unit.charts.dossiers import DAY, busy, contract


def rows(now: Situation) -> list[tuple[str, Mapping[Statut, int]]]:
    """A row for each partner."""
    return [(item.partner.short_name or item.partner.name, item.counts) for item in now.partners]


def test_every_status_has_its_own_shape_and_its_own_hatching() -> None:
    assert set(STATUS_MARKS) == set(Statut)
    assert len({look.shape for look in STATUS_MARKS.values()}) == len(Statut)
    assert len({look.hatch for look in STATUS_MARKS.values()}) == len(Statut)
    assert set(SHAPES) == set(Shape)


@pytest.mark.parametrize("palette", [LIGHT, DARK, PRINT])
def test_every_role_has_a_colour_in_every_palette(palette: dict[Ink, str]) -> None:
    assert set(palette) == set(Ink)


def test_segments_fill_the_bar_in_proportion_and_in_order() -> None:
    counts = {Statut.EN_RETARD: 1, Statut.ATTEINT: 3, Statut.SUIVI: 9}
    bar = [item for item in status_bar(counts, 400, 10).items if isinstance(item, Rect)]
    assert [rect.hatch for rect in bar] == [
        STATUS_MARKS[Statut.EN_RETARD].hatch,
        STATUS_MARKS[Statut.ATTEINT].hatch,
    ]
    assert bar[1].x == pytest.approx(100)
    assert bar[1].x + bar[1].width == pytest.approx(400, abs=1.1)


def test_a_bar_of_nothing_is_empty() -> None:
    assert status_bar({}, 400, 10).items == ()
    assert counts_sentence({}) == "0 objectif."


def test_a_partner_who_promised_nothing_is_named_and_said_so() -> None:
    chart = named_bars(rows(situation(contract(), DAY)), 400)
    shown = [item.text for item in chart.items if isinstance(item, Text)]
    assert shown == ["Premier", "aucun objectif promis"]


def test_bars_of_partners_share_one_scale_and_tell_their_total() -> None:
    now = situation(busy(), DAY)
    chart = named_bars(rows(now), 400)
    total = sum(now.partners[0].counts[status] for status in BAR_ORDER)
    assert f"{total}" in [item.text for item in chart.items if isinstance(item, Text) and item.bold]
    assert all(item.x + item.width <= 400 for item in chart.items if isinstance(item, Rect))


@pytest.mark.parametrize("row", [16.0, 19.0, 22.0])
def test_a_count_stands_on_its_own_segment(row: float) -> None:
    """Above its bar, it was as near to the bar above."""
    counts = {Statut.ATTEINT: 50, Statut.EN_RETARD: 4, Statut.NON_ATTEINT: 2}
    chart = named_bars([("Un", counts), ("Deux", counts)], 400, row=row, text_size=8)
    bars = [item for item in chart.items if isinstance(item, Rect)]
    told = [item for item in chart.items if isinstance(item, Text) and item.text in ("2", "4", "50")]
    assert len(told) == len(bars) == 6
    for segment, count in zip(bars, told, strict=True):
        box = box_of(count)
        assert segment.x < box.left < box.right < segment.x + segment.width
        assert segment.y < box.top + 0.5 < box.bottom - DESCENT * 8 < segment.y + segment.height
        solid = segment.hatch is Hatch.SOLID
        assert count.halo is not solid, "not read through a hatching"
        assert (count.ink is Ink.PAPER) is solid, "a ground of paper left of it an empty frame"
        assert solid or box.right - box.left + 3 < segment.width - 2, "nor does its ground hide the hatching"


def test_shares_are_sorted_the_furthest_below_first_with_their_gap() -> None:
    now = situation(busy(), DAY)
    chart = parity_chart(list(now.assessments.values()), 480, scale_words(now, now.objectives))
    names = [item.text for item in chart.items if isinstance(item, Text) and " · " in item.text]
    # Two of a commune: which one.
    assert [name.partition(" · ")[0] for name in names] == ["Lens", "Lens"]
    gaps = [item.text for item in chart.items if isinstance(item, Text) and item.bold]
    assert gaps == ["−4,3\u00a0pt", "+2,0\u00a0pt"]
    marks = [item for item in chart.items if isinstance(item, Mark) and item.ink is not Ink.PAPER]
    assert [mark.shape for mark in marks] == [Shape.DASHES, Shape.CHECK]  # the first has until a date to come
    assert marks[0].x < marks[1].x
    assert [hit.key for hit in chart.hits] == ["o007", "o008"]
    assert chart.summary == "2 parts comparées à leur référence, dont 1 au-dessous."
    scales = scale_words(now, now.objectives)
    alone = [parity_chart([now.assessments[hit.key]], 480, scales).summary for hit in chart.hits]
    assert alone == [
        "Une part comparée à sa référence, au-dessous.",
        "Une part comparée à sa référence, à son niveau ou au-dessus.",
    ]


def test_shares_are_a_table_too_and_an_axis_that_does_not_begin_at_zero_is_broken() -> None:
    now = situation(busy(), DAY)
    chart = parity_chart(list(now.assessments.values()), 480, scale_words(now, now.objectives))
    assert chart.rows[0][0] == "P1-O07"
    assert chart.rows[0][2:] == ("12,1\u202f%", "16,4\u202f%", "−4,3\u00a0pt")
    assert all(len(row) == len(chart.columns) for row in chart.rows)
    (sign,) = [item for item in chart.items if isinstance(item, Polyline)]
    (axis,) = [item for item in chart.items if isinstance(item, Line) and item.ink is Ink.AXIS]
    assert sign.ink is Ink.TEXT
    # It crosses the axis that it breaks, where that begins: it stood alone at the foot of a graduation.
    assert axis.y1 == axis.y2
    assert all(axis.x1 <= x <= axis.x2 for x, _ in sign.points)
    assert min(y for _, y in sign.points) < axis.y1 < max(y for _, y in sign.points)


def test_names_that_begin_alike_stay_whole_and_the_sign_of_the_axis_covers_no_words() -> None:
    now = situation(busy(), DAY)
    shares = [item for item in now.assessments.values() if item.objective.aim.compared]
    begun = "Part des quartiers prioritaires parmi les demandeurs d’emploi bénéficiaires des dispositifs"
    ends = ("de formation", "d’immersion", "de conseil")
    alike = [
        replace(share, objective=replace(share.objective, label=f"{begun} {end}"))
        for share, end in zip(shares, ends, strict=False)
    ]
    chart = parity_chart(alike, 400, dict.fromkeys((item.objective.key for item in alike), "département"))
    texts = [item for item in chart.items if isinstance(item, Text)]
    # What all begin with is said once, over them, and each is whole.
    (head,) = [item.text for item in texts if "…" in item.text]
    assert head.startswith("Département · Part des quartiers prioritaires")
    told = [item.text for item in texts]
    assert [told.count(end) for end in ends[: len(alike)]] == [1] * len(alike)
    assert len(alike) > 1
    (sign,) = [item for item in chart.items if isinstance(item, Polyline)]
    for text in texts:
        box = box_of(text)
        assert not any(box.left < x < box.right and box.top < y < box.bottom for x, y in sign.points)


def test_the_last_name_ends_before_the_sign_of_a_broken_axis() -> None:
    """The zigzag touched the end of « Ateliers tenus dans l’année »."""
    now = situation(busy(), DAY)
    shares = [item for item in now.assessments.values() if item.objective.aim.compared]
    scales = dict.fromkeys((item.objective.key for item in shares), "département")
    for count in range(1, 16):
        named = [
            replace(share, objective=replace(share.objective, label=f"{rank} {'mot ' * count}fin"))
            for rank, share in enumerate(shares)
        ]
        chart = parity_chart(named, 400, scales, row=13.0)
        (sign,) = [item for item in chart.items if isinstance(item, Polyline)]
        names = [item for item in chart.items if isinstance(item, Text) and "mot" in item.text]
        assert names
        assert max(box_of(item).right for item in names[-1:]) <= min(x for x, _ in sign.points) - 2


def test_no_share_no_chart() -> None:
    assert parity_chart([], 480, {}).height == 0


def test_a_text_is_cut_at_a_word_and_never_wider_than_its_room() -> None:
    text = "Accompagnement des demandeurs d’emploi des quartiers"
    short = shorten(text, 8, 100)
    assert short.endswith("…")
    assert text_width(short, 8) <= 100
    assert shorten("court", 8, 100) == "court"


def test_a_share_says_its_reference_and_gap_to_the_pointer() -> None:
    now = situation(busy(), DAY)
    chart = parity_chart(list(now.assessments.values()), 480, scale_words(now, now.objectives))
    assert chart.hits[0].text == (
        "12,1\u202f% au 31/12/2025, référence 16,4\u202f%, écart −4,3\u00a0pt (P1-O07)"
    )


def _weight(status: Statut) -> float:
    """How dark a bar of a status is in grey, from 0 to 1, its stripes of paper counted out."""
    look = STATUS_MARKS[status]
    colour = mixed(PRINT[look.ink], PRINT[Ink.PAPER], look.tint)
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    covered = {Hatch.BLANK: 0.1, Hatch.CROSSED: 0.55}.get(
        look.hatch, 1.0 if look.hatch is Hatch.SOLID else 0.7
    )
    return (1 - (0.299 * red + 0.587 * green + 0.114 * blue)) * covered


def test_in_grey_what_is_late_weighs_the_most_and_no_slant_tells_two_bars_apart() -> None:
    late = min(map(_weight, (Statut.NON_ATTEINT, Statut.EN_RETARD)))
    assert late > _weight(Statut.A_SURVEILLER) > max(map(_weight, GROUPS[Group.VA_BIEN]))
    assert late > 1.5 * max(map(_weight, GROUPS[Group.VA_BIEN]))
    slants = [status for status in BAR_ORDER if STATUS_MARKS[status].hatch in (Hatch.RISING, Hatch.FALLING)]
    assert slants == [Statut.EN_RETARD]


def test_two_bars_of_one_partner_are_told_apart_however_long_its_name() -> None:
    """Its scale was cut with the end of its name: two bars bore « Communauté d’agglomération ·… »."""
    name, counts = "Communauté d’agglomération de Lens-Liévin et de ses voisins", {Statut.ATTEINT: 1}
    scales = ("agglomération", "quartier")
    chart = named_bars([(f"{name} · {scale}", counts) for scale in scales], 400)
    told = [item for item in chart.items if isinstance(item, Text) and item.text.startswith("Communauté")]
    assert [item.text.rpartition(" · ")[2] for item in told] == list(scales)
    assert all(text_width(item.text, item.size) <= 400 * 0.46 for item in told)
