"""The form to fill in says where a figure is counted, and why nothing is asked."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from qpvdesk.domain.model import Dossier, Level, Mesure, Sens, Territory
from qpvdesk.domain.situation import situation
from qpvdesk.reports import style
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.models.entry import entry_form
from qpvdesk.reports.tables import DataTable
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import contract, measurement, objective

DAY = date(2026, 6, 30)
SPACES = dict.fromkeys(map(ord, "\u00a0\u202f"), " ")


def _form(dossier: Dossier) -> tuple[list[str], list[str]]:
    """What its paragraphs say, and the second line of each figure."""
    style.load_fonts()
    blocks = entry_form(CopilData(review_of(situation(dossier, DAY))), None)
    said = [block.getPlainText().translate(SPACES) for block in blocks if hasattr(block, "getPlainText")]
    rows = [cells for block in blocks if isinstance(block, DataTable) for _, cells in block.text_rows()]
    return said, [cells[1][1].translate(SPACES) for cells in rows]


def test_each_figure_says_where_it_is_counted() -> None:
    """« Jeunes en parcours, k€ »: the figure of one quartier was filled in for all of the agglomération."""
    base = contract(
        objective(1), objective(2, territory="q"), objective(3, Sens.SUIVI, territory="q", target_value=None)
    )
    quartier = Territory("q", "c", "Q2", "Quartier 2.1", Level.QPV, parent="t1")
    _, told = _form(replace(base, territories=(*base.territories, quartier)))
    assert [words.rpartition(" · ")[2] for words in told] == ["Lens", *["Quartier 2.1"] * 2]


def test_a_form_that_asks_nothing_says_why() -> None:
    """« Aucun chiffre n’est à demander » under one instruction, beside a report that says « à demander »."""
    base = contract(objective(1), objective(2, Sens.SUIVI, start_value=None, target_value=None))
    days = (date(2026, 5, 31), date(2026, 3, 31))
    known = replace(base, measurements=tuple(measurement(n, day, "20") for n, day in enumerate(days, 1)))
    told, rows = _form(known)
    assert told[1:] == [
        "Rien n’est dû au 30/06/2026 : les 2 valeurs attendues sont à jour, la plus ancienne du 31/03/2026."
    ]
    assert not rows
    alone = replace(known, objectives=known.objectives[:1], measurements=known.measurements[:1])
    assert _form(alone)[0][1:] == [
        "Rien n’est dû au 30/06/2026 : la valeur attendue est à jour, du 31/05/2026."
    ]
    yearly = replace(known.objectives[0], mesure=Mesure.FLUX)
    told, _ = _form(
        replace(alone, objectives=(yearly,), measurements=(measurement(1, date(2025, 12, 31), "20"),))
    )
    assert told[1:] == ["Rien n’est dû au 30/06/2026 : la valeur attendue est à jour, de 2025."]
    none = replace(base, objectives=())
    assert _form(none)[0][1:] == ["Aucun chiffre n’est attendu, ni promis ni suivi."]


def test_the_unit_of_a_provisional_value_stands_once_under_the_name() -> None:
    """« 1 210 emplois / francs » was broken in the column of the values, under a name that says the unit."""
    old = date(2024, 1, 15)
    base = contract(objective(1, unit="emplois francs"))
    known = replace(base, measurements=(measurement(1, old, "1210", provisional=True, entered_on=old),))
    style.load_fonts()
    blocks = entry_form(CopilData(review_of(situation(known, DAY))), None)
    *_, row = [cells for block in blocks if isinstance(block, DataTable) for _, cells in block.text_rows()]
    assert [words.translate(SPACES) for words in (row[1][1], row[2][0])] == ["emplois francs · Lens", "1 210"]


def test_a_form_for_one_partner_names_it_once() -> None:
    """« Bpifrance » over the title, then « Bpifrance » over its figures."""
    style.load_fonts()
    base = contract(objective(1))
    (partner,) = base.partners
    for asked in (base, replace(base, objectives=())):
        blocks = entry_form(CopilData(review_of(situation(asked, DAY))), partner)
        told = [block.getPlainText() for block in blocks if hasattr(block, "getPlainText")]
        assert told.count(partner.name) == 1
