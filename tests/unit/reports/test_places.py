"""The sheet of a place of many promises is one that a visit reads."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import replace
from reportlab.platypus import Flowable

from qpvdesk.charts.bars import counts_sentence
from qpvdesk.domain import counts
from qpvdesk.domain.model import Dossier, Level, Sens, Territory
from qpvdesk.domain.situation import situation
from qpvdesk.domain.statuses import GROUPS, Group
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.layout import UNWATCHED
from qpvdesk.reports.models.territory import territory_sheet, write
from qpvdesk.reports.painter import ChartFlowable
from qpvdesk.reports.sections.territories import territories
from qpvdesk.reports.style import load_fonts
from qpvdesk.reports.tables import DataTable
from tests.bench.synthetic import dossier as synthetic
from tests.helpers import invented
from tests.helpers.reviews import review_of
from tests.unit.charts.dossiers import DAY, contract, measurement, objective


def test_a_place_of_many_promises_opens_on_its_counts_and_holds_on_two_pages(tmp_path: Path) -> None:
    """Eight pages by code, late and reached mixed, without one count."""
    load_fonts()
    now = situation(synthetic(0, 300, 33), DAY)
    home = next(item for item in now.dossier.territories if item.level == Level.EPCI)
    data = CopilData(review_of(now), territory=home)
    promised = [item for item in now.promises if item.territory == home.key]
    found = [now.assessments[item.key] for item in promised]
    assert len(found) > 100
    blocks = territory_sheet(data, home)
    said = [" ".join(block.getPlainText().split()) for block in blocks if hasattr(block, "getPlainText")]
    assert " ".join(counts_sentence(counts.count(found)).split()) in said
    assert any(isinstance(block, ChartFlowable) for block in blocks)
    (table,) = (block for block in blocks if isinstance(block, DataTable))
    shown = [now.assessments[now.objective_by_code(code).key].status for code in table.codes]
    assert set(shown) <= set(GROUPS[Group.A_TRAITER])
    assert shown == sorted(shown, key=GROUPS[Group.A_TRAITER].index)
    # Each of the others is counted once, under its status.
    told = [re.search(r"^[^(]+\((\d+)\D*objectifs?\)", text) for text in said]
    assert sum(int(match[1]) for match in told if match) == len(found) - len(shown)
    assert any(text.startswith("Non renseignés (18 objectifs) : ") for text in said)
    (watched,) = (text for text in said if text.startswith("À surveiller ("))
    # What has no row has its value and its day where two pages hold them, and it is said where to read the others.
    assert len(re.findall(r" (?:au|en) [\d/]+(?: pour |, à ramener à )", watched)) == int(
        watched.split("(")[1].split()[0]
    )
    assert (
        "16 objectifs à traiter d’abord au tableau, rangés par écart à l’attendu, l’avancement compté de 0 à 100 %."
        in said
    )
    assert (
        "Les valeurs des objectifs nommés par leur seul code se lisent dans la fiche de leur partenaire."
        in said
    )
    assert write(tmp_path / "a.pdf", data, UNWATCHED) == 2


def test_what_is_counted_with_what_it_declines_is_in_no_count_of_a_place() -> None:
    """« 18 objectifs », over « Atteints… (19 objectifs) »; « 0 objectif. », over ten, with an empty bar."""
    load_fonts()
    base = contract(*(objective(number, parent="o001" if number > 18 else None) for number in range(1, 20)))
    reached = tuple(measurement(number, DAY, "40") for number in range(1, 20))
    told = _said(replace(base, measurements=reached), "t1")
    assert "18 objectifs : 18 atteints. Non comptée ici, 1 déclinaison l’est avec P1-O01." in told
    assert any(" (18 objectifs et 1 déclinaison) : Bus" in text for text in told)
    quartier = Territory("q", "c", "Q2", "Quartier 2.1", Level.QPV, parent="t1")
    parts = (objective(number, parent="o001", territory="q") for number in range(2, 12))
    only = contract(objective(1), *parts)
    told = _said(replace(only, territories=(*only.territories, quartier)), "q")
    assert "Non comptées ici, 10 déclinaisons le sont avec P1-O01." in told
    assert "bar" not in told


def test_a_place_of_a_followed_declension_alone_has_no_promise() -> None:
    load_fonts()
    places = [
        Territory(f"q{rank}", "c", f"Q{rank}", f"Cité {rank}", Level.QPV, parent="t1") for rank in (1, 2)
    ]
    followed = objective(3, Sens.SUIVI, parent="o001", territory="q1", start_value=None, target_value=None)
    base = contract(objective(1), objective(2, parent="o001", territory="q2"), followed)
    held = replace(base, territories=(*base.territories, *places))
    told = _words(territories(CopilData(review_of(situation(held, DAY)))))
    assert "Sans objectif promis en propre. Quartier prioritaire : Cité 1." in told
    assert "Déclinaisons seules, comptées avec leur objectif : Cité 2." in told


def _words(blocks: list[Flowable]) -> list[str]:
    return [" ".join(block.getPlainText().split()) for block in blocks if hasattr(block, "getPlainText")]


def _said(dossier: Dossier, key: str) -> list[str]:
    """What the paragraphs of the sheet of a place say, `bar` for each drawing."""
    now = situation(dossier, DAY)
    place = next(item for item in dossier.territories if item.key == key)
    blocks = territory_sheet(CopilData(review_of(now), territory=place), place)
    return [
        " ".join(block.getPlainText().split()) if hasattr(block, "getPlainText") else "bar"
        for block in blocks
        if hasattr(block, "getPlainText") or isinstance(block, ChartFlowable)
    ]


def test_partners_of_a_place_are_in_one_order_in_its_two_lists() -> None:
    """Engagements were « CALL, EN », by code, above objectives « EN, CALL »."""
    load_fonts()
    base = invented.dossier()
    region = next(item for item in base.territories if item.code == "R32")
    engagements = tuple(replace(item, territory=region.key) for item in reversed(base.engagements))
    meteos = tuple(
        replace(base.meteos[0], key=item.key, engagement=item.key, results="Commencé.")
        for item in engagements
    )
    now = situation(replace(base, engagements=engagements, meteos=meteos), invented.TODAY)
    ranks = {code: at for at, code in enumerate(item.partner.code for item in now.partners)}
    tables = [
        [ranks[code.partition("-")[0]] for code in block.codes]
        for block in territory_sheet(CopilData(review_of(now), territory=region), region)
        if isinstance(block, DataTable) and block.codes
    ]
    assert any(len(set(table)) > 1 for table in tables)
    assert all(table == sorted(table) for table in tables), tables
