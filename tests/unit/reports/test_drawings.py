"""What the drawings of the papers say of themselves."""

from __future__ import annotations

import re
from datetime import date

import pytest
from msgspec.structs import replace
from reportlab.platypus import Flowable, Table

from qpvdesk.charts.parity import parity_chart
from qpvdesk.charts.primitives import Text
from qpvdesk.domain.model import Dossier, Measurement
from qpvdesk.domain.scales import scale_words
from qpvdesk.domain.sens import AIMS, Sens
from qpvdesk.domain.situation import Situation, situation
from qpvdesk.reports.sections.drawings import ChartFlowable, _has_bare_target, _leaning, parity, trajectories
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.text import Paragraph
from tests.helpers.blocks import three_hundred
from tests.unit.charts.dossiers import DAY, busy, measurement

OWN, EARLIER = date(2025, 12, 31), date(2023, 12, 31)


@pytest.fixture(autouse=True)
def fonts() -> None:
    load_fonts()


def dated(day: date, *more: Measurement) -> Dossier:
    """The shares of 31/12/2025 with their reference of `day`."""
    base = busy()
    values = [item for item in base.measurements if item.objective != "o090" and item not in more]
    values += [measurement(90, day, "16.4"), *more]
    return replace(base, measurements=tuple(sorted(values, key=lambda item: (item.objective, item.day))))


def caption(now: Situation, *, named: bool = False) -> str:
    """What stands over the drawing of the shares."""
    blocks = parity(now, [now.objective(key) for key in ("o007", "o008")], named=named)
    return " ".join(
        re.sub(r"[\u00a0\u202f]", " ", block.getPlainText())
        for block in blocks
        if isinstance(block, Paragraph)
    )


def test_a_reference_of_another_day_is_not_said_to_be_of_the_same() -> None:
    assert "la référence à la même date, Part des QPV" in caption(situation(dated(OWN), DAY))
    told = caption(situation(dated(EARLIER), DAY))
    assert "la référence, Part des QPV (P1-O90), 16,4 % au 31/12/2023." in told
    assert "même date" not in told
    told = caption(situation(dated(EARLIER), DAY), named=True)
    assert "la référence au 31/12/2023 (P1-O90)." in told, "its value and its day are told far above"


def test_of_references_of_several_days_none_is_told_for_all() -> None:
    first = dated(EARLIER)
    values = tuple(
        replace(item, day=EARLIER) if item.objective == "o007" else item for item in first.measurements
    )
    told = caption(situation(replace(first, measurements=values), DAY), named=True)
    assert "la référence de même date ou d’avant (P1-O90)." in told


def test_the_pointer_and_the_table_tell_the_day_of_a_reference_that_is_of_another() -> None:
    now = situation(dated(EARLIER), DAY)
    chart = parity_chart(list(now.assessments.values()), 480, scale_words(now, now.objectives))
    assert "référence 16,4\u202f% au 31/12/2023, écart" in chart.hits[0].text
    assert chart.rows[0][3] == "16,4\u202f% au 31/12/2023"


def test_the_rule_of_a_parity_is_the_one_that_it_is_judged_by() -> None:
    """« au moins sa référence, au jour de son relevé », under a share of 2025 judged by a reference of 2023."""
    now = situation(dated(EARLIER), DAY)
    judged = now.assessments["o007"]
    assert (judged.value_day, judged.reference_day) == (OWN, EARLIER)
    assert AIMS[Sens.PARITE].rate_rule.startswith(
        "Tenu si la part vaut au moins la dernière valeur de sa référence connue au jour du relevé"
    )


def test_a_band_whose_line_runs_on_its_edge_says_where_the_values_are() -> None:
    """« les écarts à la droite étant surtout vers le haut » was read as « à droite »: the line is told of nowhere else."""
    now = three_hundred().situation
    found = (now.projection(key) for key in now.assessments)
    told = {_leaning(item) for item in found if item is not None} - {""}
    sides = ("au-dessus", "au-dessous")
    assert told <= {f", les valeurs étant surtout {side} de la tendance" for side in sides}
    assert told


def test_of_two_drawings_side_by_side_both_targets_name_their_unit_or_neither() -> None:
    """« Cible : 1 094 » stood beside « Cible : 1 110 postes », as if it were of something else."""
    now = three_hundred().situation
    found = set()
    for summary in now.partners:
        for block in trajectories(now, now.objectives_of_partner(summary.partner.key)):
            if isinstance(block, Table):
                found.add(tuple(_names_its_unit(cell) for cell in block._cellvalues[0] if cell))
    # Beside one that names no target, it has its unit.
    assert (True, None) in found
    assert (False, False) in found
    assert not found & {(True, False), (False, True)}


def _names_its_unit(cell: list[Flowable]) -> bool | None:
    """Whether the target of a drawing has its unit; nothing where it shows none."""
    (drawing,) = [item.chart for item in cell if isinstance(item, ChartFlowable)]
    texts = [item.text for item in drawing.items if isinstance(item, Text)]
    targets = [text for text in texts if text.startswith("Cible")]
    return any(letter.isalpha() for letter in targets[0].partition(":")[2]) if targets else None


def test_a_target_that_finds_no_room_even_without_its_unit_takes_none_from_its_neighbour() -> None:
    now = three_hundred().situation
    objective = next(item for item in now.dossier.objectives if item.unit == "postes" and item.target_value)
    told = {width: _has_bare_target(now, objective, width) for width in range(20, 400, 5)}
    assert not told[20]
    assert {True, False} == set(told.values())
