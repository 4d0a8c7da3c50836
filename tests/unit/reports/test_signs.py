"""What the signs of a table stand for, said under it: the tick of a bar, « ≤ » before a target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qpvdesk.domain.declined import missing_words
from qpvdesk.domain.model import Aggregation, Sens
from qpvdesk.domain.situation import situation
from qpvdesk.reports.copil import sections
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.models.disputes import asked_of_points, unlike
from qpvdesk.reports.models.midterm import midterm
from qpvdesk.reports.models.partner import partner_sheet
from qpvdesk.reports.models.yearly import yearly
from qpvdesk.reports.objectives import promised_table
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.tables import DataTable
from qpvdesk.reports.valued import value_words
from tests.helpers.blocks import paragraphs, plain, three_hundred
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, contract, measurement, objective

SPACES = str.maketrans("\u202f\u00a0", "  ")
TICK = "| attendu : l’avancement attendu à la date de la valeur."
TO_LOWER = "≤ : chiffre à faire baisser jusqu’à sa cible."


@pytest.fixture(autouse=True)
def fonts() -> None:
    load_fonts()


def _told(blocks: list[Any]) -> str:
    texts = (block.getPlainText() for block in blocks if hasattr(block, "getPlainText"))
    return " ".join(texts).translate(SPACES)


def _data(*sens: Sens) -> CopilData:
    """An objective of each kind, with a value half of its way; a bound has no start."""
    lowered = {"start_value": Decimal(100), "target_value": Decimal(20)}
    bound = {"start_value": None, "start_date": None}
    more = {Sens.BAISSE: lowered, Sens.PLAFOND: bound, Sens.PLANCHER: bound}
    items = tuple(objective(at, kind, **more.get(kind, {})) for at, kind in enumerate(sens, 1))
    values = tuple(measurement(at, date(2026, 6, 1), "60") for at in range(1, len(items) + 1))
    return CopilData(review_of(situation(contract(*items, measurements=values), DAY)))


def copil(data: CopilData) -> list[Any]:
    return [block for section in sections(data) if section.usual for block in section.build(data)]


def _table(data: CopilData, **options: Any) -> tuple[DataTable, str]:
    blocks = promised_table(data, data.situation.dossier.objectives, **options)
    (table,) = (block for block in blocks if isinstance(block, DataTable))
    return table, _told(blocks)


def test_a_table_says_under_it_what_its_signs_stand_for() -> None:
    """« ≤ » was told in the note of one paper, the tick of a bar twenty pages after it."""
    _, told = _table(_data(Sens.HAUSSE, Sens.BAISSE))
    assert told.endswith(f"{TICK} {TO_LOWER}")
    _, told = _table(_data(Sens.HAUSSE, Sens.BAISSE), ticks=False)
    assert told.endswith(TO_LOWER)
    assert TICK not in told
    _, told = _table(_data(Sens.PLANCHER))
    assert not told, "a table without signs says nothing of them"


def test_a_ceiling_is_told_from_what_is_to_come_down() -> None:
    table, told = _table(_data(Sens.BAISSE, Sens.PLAFOND))
    targets = [texts[list(table.columns.header).index("Cible")][0] for _, texts in table.text_rows()]
    assert [text.translate(SPACES).partition(" ")[0] for text in targets] == ["≤", "plafond"]
    _, told = _table(_data(Sens.PLAFOND))
    assert "≤" not in told


def test_one_head_stands_over_bars_wherever_they_are() -> None:
    """« Fait | attendu » stood over « non tenu », beside « Avancement | attendu »."""
    data = _data(Sens.HAUSSE, Sens.BAISSE)
    heads = {
        " ".join(title.split())
        for paper in (copil(data), yearly(data), midterm(data))
        for block in paper
        if isinstance(block, DataTable)
        for title in block.columns.header
        if "| attendu" in title.translate(SPACES)
    }
    assert heads == {"Avancement | attendu"}


@pytest.mark.parametrize("paper", [copil, yearly, midterm])
def test_a_paper_tells_the_tick_of_its_bars_once(paper: Any) -> None:
    assert _told(paper(_data(Sens.HAUSSE, Sens.BAISSE))).count(TICK) == 1


def test_what_contradicts_another_figure_bears_it_where_it_is_told() -> None:
    """« Atteint », 597 %, over five parts that are all late: the contradiction was told among the findings alone."""
    data = three_hundred()
    whole = data.situation.objective_by_code("REGION-O021")
    assert data.review.is_contradicted(whole.code)
    assert not data.review.is_contradicted("REGION-O001")
    (table,) = [block for block in promised_table(data, [whole]) if isinstance(block, DataTable)]
    # « Chiffres à rapprocher » sent to a list of the figures of 2023, in which that of today is not.
    beside = "à rapprocher de ses déclinaisons"
    assert any(beside in text for _, row in table.text_rows() for text in row[1])
    told = value_words(data.situation, whole, data.review)
    assert told.endswith(f"{beside})")
    # Of what is reached, the bilan at mid-term said it of none.
    tables = [block for block in midterm(data) if isinstance(block, DataTable)]
    assert any(
        beside in text.replace("\u00a0", " ")
        for block in tables
        for _, row in block.text_rows()
        for texts in row
        for text in texts
    )


def test_what_has_a_figure_of_its_own_and_no_total_says_which_part_lacks() -> None:
    """« Sans valeur (1 objectif) : Clubs sportifs ouverts (ARS-O002) (… 115 actions au 03/09/2026…) »."""
    data = three_hundred()
    told = plain(value_words(data.situation, data.situation.objective_by_code("ARS-O002"), data.review))
    assert told.endswith(
        "(Agence régionale de santé : 115 actions au 03/09/2026 ; 1 déclinaison sur 13 sans valeur (BPI-O012) ;"
        " à rapprocher de ses déclinaisons)"
    )
    assert (
        missing_words(data.situation.assessments[data.situation.objective_by_code("REGION-O021").key]) == ""
    )


def test_what_a_partner_is_asked_of_figures_that_disagree_has_its_code_and_is_one_question() -> None:
    """« Jeunes en parcours : 103 k€ annoncés », three times, under another « Jeunes en parcours » of the same sheet; of the
    120 k€ of today nothing was asked."""
    data = three_hundred()
    (summary,) = [item for item in data.situation.partners if item.partner.code == "REGION"]
    texts = map(plain, paragraphs(partner_sheet(data, summary)))
    (question,) = [text for text in texts if text.startswith("Jeunes en parcours (REGION-O021) : ")]
    assert question.startswith(
        "Jeunes en parcours (REGION-O021) : vous relevez 120 k€ au 26/08/2026, ses déclinaisons font 2 423 k€ ;"
        " 103 k€ annoncés"
    )
    assert question.endswith(" et non 491. Qu’en est-il ?")
    assert question.count("ses déclinaisons font") == 4


def test_a_total_that_its_parts_do_not_make_is_asked_of_once() -> None:
    """« vous relevez 120 au…, ses déclinaisons font 90 ; 120 annoncés au…, ses déclinaisons font 40 + 50 = 90 »."""
    whole = objective(1, aggregation=Aggregation.SOMME)
    parts = [objective(at, parent=whole.key) for at in (2, 3)]
    values = [measurement(at, date(2026, 6, 1), value) for at, value in ((1, "120"), (2, "40"), (3, "50"))]
    data = CopilData(review_of(situation(contract(whole, *parts, measurements=tuple(values)), DAY)))
    assert data.situation.assessments[whole.key].value == 90
    points = [point for point in unlike(data, "p1") if point.kind == "total_releve"]
    (question,) = map(plain, asked_of_points(data, points))
    assert (
        "120 bus annoncés au 01/06/2026, ses déclinaisons font 40 + 50 = 90 bus. Qu’en est-il ?" in question
    )
    assert "vous relevez" not in question


def test_what_a_sign_is_stands_over_a_table_of_pages() -> None:
    """It closed the notes of a table that began four pages before."""
    blocks = midterm(_data(Sens.HAUSSE, Sens.BAISSE))
    (at,) = (at for at, block in enumerate(blocks) if TICK in _told([block]))
    assert isinstance(blocks[at + 1], DataTable)
