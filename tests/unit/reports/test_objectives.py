"""The tables of objectives: what they say of how far a figure moved, and since when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from qpvdesk.domain.model import Dossier, Mesure, Sens
from qpvdesk.domain.situation import situation
from qpvdesk.reports.cells import Figure
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.objectives import followed_table, promised_table
from qpvdesk.reports.sections.territories import territories
from qpvdesk.reports.style import MEDIUM, REGULAR, SMALL, load_fonts, text_width
from qpvdesk.reports.tables import PAD, DataTable
from qpvdesk.reports.valued import followed_pairs
from tests.helpers import invented
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, contract, measurement, objective

COPIL = date(2025, 12, 4)
NOTHING = {"start_value": None, "start_date": None, "target_value": None, "target_date": None}


@pytest.fixture(autouse=True)
def fonts() -> None:
    load_fonts()


def cells(table: list[Any], column: int) -> list[tuple[str, ...]]:
    """What the cells of a column say."""
    (found,) = (item for item in table if isinstance(item, DataTable))
    return [texts[column] for _group, texts in found.text_rows()]


def between(dossier: Dossier) -> CopilData:
    return CopilData(review_of(situation(dossier, DAY), situation(dossier, COPIL)))


def test_a_move_says_what_it_is_counted_from() -> None:
    nothing = {"sens": Sens.SUIVI, **NOTHING}
    items = (
        objective(1, mesure=Mesure.CUMUL, **nothing),
        objective(2, mesure=Mesure.CUMUL, **nothing),
        objective(3, **nothing | {"start_value": Decimal(17), "start_date": date(2023, 12, 31), "unit": "%"}),
    )
    values = (
        measurement(1, date(2024, 12, 31), "3.6"),
        measurement(2, date(2024, 12, 31), "6.6"),
        measurement(2, date(2026, 6, 1), "7.4"),
        measurement(3, date(2025, 12, 31), "16.5"),
    )
    table = followed_table(situation(contract(*items, measurements=values), DAY), items)
    assert cells(table, 3) == [
        ("–",),
        ("+0,8", "depuis le premier relevé (31/12/2024)"),
        ("−0,5\u00a0pt", "depuis le départ (31/12/2023)"),
    ]


def test_what_a_move_is_counted_from_fits_in_its_column() -> None:
    item = objective(1, Sens.SUIVI, **NOTHING)
    values = (measurement(1, date(2024, 12, 28), "1"), measurement(1, date(2026, 6, 1), "2"))
    (table,) = followed_table(situation(contract(item, measurements=values), DAY), (item,))
    (_group, texts) = table.text_rows()[0]
    assert text_width(texts[3][1], REGULAR, SMALL) <= table.columns.widths[3] - 8


def test_a_bound_that_came_nearer_is_not_stable_and_nothing_new_has_no_trend() -> None:
    items = (
        objective(1, Sens.PLANCHER, unit="%", start_value=None, start_date=None),
        objective(2, Sens.PLANCHER, unit="%", start_value=None, start_date=None),
        objective(3),
        objective(4),
    )
    values = (
        measurement(1, date(2024, 12, 31), "6.8"),
        measurement(1, date(2026, 6, 1), "9.1"),
        measurement(2, date(2023, 12, 31), "6.8"),
        measurement(3, date(2024, 6, 30), "15"),
        measurement(3, date(2024, 12, 31), "20"),
        measurement(4, date(2024, 12, 31), "20"),
        measurement(4, date(2026, 6, 1), "20"),
    )
    table = promised_table(between(contract(*items, measurements=values)), items)
    assert [texts[1:] for texts in cells(table, 6)] == [
        ("en progrès",),
        ("au 31/12/2023",),
        ("au 31/12/2024",),
        ("stable",),
    ]


def test_the_heading_of_the_trends_says_what_they_are_counted_from() -> None:
    items = (objective(1),)
    values = (measurement(1, date(2024, 12, 31), "15"), measurement(1, date(2026, 6, 1), "20"))
    dossier = contract(*items, measurements=values)
    alone = CopilData(review_of(situation(replace(dossier, meetings=()), DAY)))
    for data, since in ((between(dossier), "depuis le 04/12/2025"), (alone, "depuis le relevé\nprécédent")):
        (table,) = (item for item in promised_table(data, items) if isinstance(item, DataTable))
        assert table.columns.header[-1] == f"Statut, tendance\n{since}"
        widest = max(text_width(text, MEDIUM, SMALL) for text in table.columns.header[-1].split("\n"))
        assert widest + PAD <= table.columns.widths[-1]
    first = replace(dossier, measurements=values[:1], meetings=())
    (table,) = promised_table(CopilData(review_of(situation(first, DAY))), items, ticks=False)
    assert isinstance(table, DataTable)
    assert table.columns.header[-1] == "Statut", "one measurement has no trend"


def test_a_gap_has_its_unit_where_there_is_room() -> None:
    bound = {"start_value": None, "start_date": None, "target_value": Decimal(3)}
    items = (
        objective(1, Sens.PLAFOND, **bound),
        objective(2, Sens.PLAFOND, **bound, unit="accompagnements individualisés"),
    )
    values = [measurement(number, date(2026, 6, 1), "2.8") for number in (1, 2)]
    table = promised_table(between(contract(*items, measurements=tuple(values))), items)
    assert [texts[1:] for texts in cells(table, 4)] == [("écart −0,2\u00a0bus",), ("écart −0,2",)]


def test_a_move_of_money_has_its_unit() -> None:
    item = objective(1, sens=Sens.SUIVI, unit="M€", mesure=Mesure.CUMUL, **NOTHING)
    values = (measurement(1, date(2024, 12, 31), "6.6"), measurement(1, date(2026, 6, 1), "8.9"))
    table = followed_table(situation(contract(item, measurements=values), DAY), (item,))
    assert cells(table, 3) == [("+2,3\u00a0M€", "depuis le premier relevé (31/12/2024)")]


def test_a_figure_in_points_has_its_unit_beside_it() -> None:
    """« Variation sur un an de la part… −0,2 », two a row, where no unit stands under a name."""
    item = objective(1, sens=Sens.SUIVI, unit="pt", mesure=Mesure.FLUX, **NOTHING)
    values = (measurement(1, date(2024, 12, 31), "-0.4"), measurement(1, date(2025, 12, 31), "-0.2"))
    now = situation(contract(item, measurements=values), DAY)
    (pairs,) = followed_pairs(now, [item])
    assert isinstance(pairs, DataTable)
    ((_, (said, value)),) = pairs.text_rows()
    assert value[0] == "−0,2\u00a0pt"
    assert "−0,4\u00a0pt en\u00a02024" in " ".join(said).replace("\u202f", " ")
    assert cells(followed_table(now, (item,)), 3) == [("contre −0,4\u00a0pt", "en\u00a02024")]


def test_where_there_is_no_value_there_is_no_unit() -> None:
    """« Entreprises pérennes (BPI-O15), fois le départ, le texte dit : « doubler » », before a dash."""
    item = objective(1, sens=Sens.SUIVI, label="Délai moyen", unit="jours", mesure=Mesure.STOCK, **NOTHING)
    values = (measurement(1, date(2026, 5, 1), "5"),)
    for known in (values, ()):
        (pairs,) = followed_pairs(situation(contract(item, measurements=known), DAY), [item])
        assert isinstance(pairs, DataTable)
        ((_, (name, _)),) = pairs.text_rows()
        assert ("jours" in " ".join(name)) is bool(known)


def test_what_is_due_and_was_never_given_says_so() -> None:
    """« Fait · Hauts-de-France », due two years and a half ago, was « non renseigné » and no more."""
    due = {"target_date": date(2024, 3, 31), "start_date": date(2023, 12, 31)}
    dossier = replace(contract(objective(1, **due), objective(2)), measurements=())
    data = CopilData(review_of(situation(dossier, DAY)))
    told = cells(promised_table(data, data.situation.objectives), -1)
    assert told == [("Non renseigné", "échéance passée"), ("Non renseigné",)]
    assert text_width(told[0][1], REGULAR, SMALL) + 20 <= 87 - PAD


def test_a_table_of_which_nothing_is_known_has_no_column_that_says_so_on_each_row() -> None:
    items = (objective(1), objective(2))
    for values, headed in (((), False), ((measurement(1, date(2026, 6, 1), 3),), True)):
        data = CopilData(review_of(situation(contract(*items, measurements=values), DAY)))
        (table,) = (item for item in promised_table(data, items) if isinstance(item, DataTable))
        assert any("attendu" in title for title in table.columns.header) == headed
        assert "Statut" in table.columns.header


def test_no_date_is_broken_in_its_column() -> None:
    """« début 202 / 4 » stood under a start, where the column was a little too narrow."""
    starts = [date(2023, 12, 31), date(2024, 1, 1)]
    own = [objective(number, start_date=day) for number, day in enumerate(starts, 1)]
    data = CopilData(review_of(situation(contract(*own), DAY)))
    (table,) = (item for item in promised_table(data, own) if isinstance(item, DataTable))
    figures = [cell for row in table._rows for cell in row if isinstance(cell, Figure)]
    assert len(figures) == 4, "of what has no value, no column of values"
    assert all(len(figure._under_lines) <= 1 for figure in figures)
    assert figures[0].texts[1] != figures[2].texts[1]


@pytest.mark.parametrize(("text", "value"), [("près de 600 M€", "600"), ("plus de 450 M€", "450")])
def test_a_target_said_about_stands_on_one_line(text: str, value: str) -> None:
    """« près de 600 / M€ », then « près de / 600 M€ » stood on two, where the column was a little too narrow."""
    item = objective(1, unit="M€", target_value=Decimal(value), target_text=text)
    data = CopilData(review_of(situation(contract(item), DAY)))
    (table,) = (found for found in promised_table(data, [item]) if isinstance(found, DataTable))
    (target,) = (found for found in table._rows[0] if isinstance(found, Figure) and value in found.texts[0])
    assert target.texts[0].replace("\u00a0", " ") == text
    assert [*target._lines] == [target.texts[0]]


def test_no_day_is_broken_in_the_table_of_places() -> None:
    """« 01/01/201 / 9 » stood under the inhabitants of a quartier."""
    dossier = invented.dossier()
    blocks = territories(CopilData(review_of(situation(dossier, DAY))))
    figures = [
        cell
        for block in blocks
        if isinstance(block, DataTable)
        for row in block._rows
        for cell in row
        if isinstance(cell, Figure) and len(cell.texts) > 1
    ]
    assert figures
    assert all(len(figure._under_lines) == 1 for figure in figures), [figure.texts for figure in figures]
    # « France / France »: a place named as its scale is told once.
    for name, told in (("Région", ("Région",)), ("Grand Est", ("Grand Est", "Région"))):
        places = tuple(
            replace(item, name=name) if item.level == "region" else item for item in dossier.territories
        )
        alone = situation(replace(dossier, territories=places), DAY)
        assert cells(territories(CopilData(review_of(alone))), 1) == [told]


def test_engagements_without_a_place_are_counted_under_the_table_of_places() -> None:
    """« 0 » and « 0 » stood there, under a cover of 150: they were taken for lost."""
    dossier = invented.dossier()
    nowhere = tuple(replace(item, territory=None) for item in dossier.engagements)
    for placed, left in ((True, 2), (False, 3)):
        told = dossier if placed else replace(dossier, engagements=nowhere)
        blocks = territories(CopilData(review_of(situation(told, DAY))))
        (table,) = (block for block in blocks if isinstance(block, DataTable))
        assert ("Engagements\nà cette échelle" in table.columns.header) is placed
        said = [block.getPlainText().replace("\u00a0", " ") for block in blocks if hasattr(block, "text")]
        assert f"{left} engagements ne disent pas pour quel territoire ils sont." in said
