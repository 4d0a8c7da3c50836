"""Three contracts of different shapes live a year: returns, COPIL, frozen data, papers, coherence, undo.

One is the shipped one; one is of enjeux, fiches and thématiques of its own, typed from nothing; one, after the outline of
the contract of a large town, of three piliers over two levels, with money by year and an avenant. Both in our own words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from qpvdesk.domain import meetings
from qpvdesk.domain.expected import Asked
from qpvdesk.domain.impossible_dates import AS_WRITTEN
from qpvdesk.domain.model import Level, MeetingKind, Objective
from qpvdesk.domain.points import PointNature
from qpvdesk.services import bases, measurements, printing, proposals
from qpvdesk.services.committees import committee, freezing
from qpvdesk.services.committees.committee import DecisionEntry, MeetingEntry
from qpvdesk.services.contracts import contract_export, contract_import
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts
from qpvdesk.services.figures import exports, imports
from qpvdesk.storage import maintenance, opening
from tests.helpers import paper_text
from tests.helpers.accepting import accepted
from tests.helpers.previewing import preview
from tests.helpers.white import half_empty

INVENTED = Path(__file__).parents[3] / "shared" / "cases" / "contract" / "contrat-val-ardeze.txt"
NOW = datetime(2025, 1, 6, 9, tzinfo=UTC)
PLACES = (("nation", "FR", "France", ""), ("region", "R84", "Auvergne-Rhône-Alpes", "FR"))
PILIERS = (
    ("P1", "Cohésion sociale", ""),
    ("P1A", "Réussir à l’école", "P1"),
    ("P2", "Cadre de vie", ""),
    ("P2A", "Bien se loger", "P2"),
)


def typed_town(path: Path) -> None:
    """Enjeux without levels, thématiques of its own, co-pilots: the form of each thing, filled in one by one."""
    bases.create_blank(path, {"name": "Contrat de ville du Pays d’Oulche", "code": "oulche"}, now=NOW)
    with opening.open_base(path) as base:
        desk = Desk(base, today=NOW.date)

        def save(what: str, /, **typed: str) -> None:
            acts.save(desk, "oulche", what, typed)

        for level, code, name, parent in PLACES:
            save("territory", level=level, code=code, name=name, parent=parent)
        save("theme", code="mobilite", name="Se déplacer")
        for code, name in (
            ("VILLE", "Ville d’Oulche"),
            ("ML", "Mission locale"),
            ("CAF", "Caisse d’allocations familiales"),
        ):
            save("partner", code=code, name=name, short_name=code)
        save(
            "engagement",
            partner="ML",
            code="ML-E01",
            label="Parrainer les jeunes",
            theme="emploi",
            nature="droit_commun",
            copilots="VILLE",
        )
        save(
            "engagement",
            partner="VILLE",
            code="VILLE-E01",
            label="Prolonger la ligne 3",
            theme="mobilite",
            nature="droit_commun",
        )
        common = {
            "theme": "emploi",
            "territory": "FR",
            "mesure": "stock",
            "role": "promesse",
            "frequency": "annuelle",
        }
        save(
            "objective",
            partner="ML",
            engagement="ML-E01",
            code="ML-O01",
            label="Jeunes parrainés",
            unit="jeunes",
            sens="hausse",
            start_value="40",
            start_date="31/12/2023",
            target_value="80",
            target_date="31/12/2027",
            **common,
        )
        save(
            "objective",
            partner="ML",
            engagement="ML-E01",
            code="ML-O02",
            label="Délai d’accueil",
            unit="jours",
            sens="plafond",
            start_value="50",
            start_date="31/12/2023",
            target_value="30",
            target_date="31/12/2026",
            **common,
        )
        save(
            "objective",
            partner="VILLE",
            engagement="VILLE-E01",
            code="VILLE-O01",
            label="Ligne ouverte",
            sens="jalon",
            target_value="1",
            target_date="01/09/2027",
            **{**common, "theme": "mobilite"},
        )
        save(
            "statement",
            code="S01",
            kind="denombrement",
            label="Antennes de la mission",
            value="3",
            operands="Oulche\nLa Gare",
        )


def outlined_town(path: Path) -> None:
    """Piliers over two levels, an avenant, money by year and its financers: through a workbook, from a first draft."""
    draft = path.with_name("brouillon.db")
    bases.create_blank(draft, {"name": "Engagements 2030 de la grande ville", "code": "piliers"}, now=NOW)
    with opening.open_base(draft) as base:
        desk = Desk(base, today=NOW.date)

        def save(what: str, /, **typed: str) -> None:
            acts.save(desk, "piliers", what, typed)

        for level, code, name, parent in PLACES:
            save("territory", level=level, code=code, name=name, parent=parent)
        for code, name, parent in PILIERS:
            save("axis", code=code, name=name, parent=parent)
        save("version", code="AV1", label="Avenant n° 1", kind="avenant", day="01/06/2025")
        for code in ("METRO", "BAIL", "ETAT"):
            save("partner", code=code, name=code.title(), short_name=code)
        save(
            "engagement",
            partner="METRO",
            code="METRO-E01",
            label="Ouvrir des classes passerelles",
            axis="P1A",
            theme="education",
            nature="credits_specifiques",
            funders="ETAT",
            since="AV1",
        )
        save(
            "engagement",
            partner="BAIL",
            code="BAIL-E01",
            label="Rénover les tours",
            axis="P2A",
            theme="cadre_de_vie",
            nature="droit_commun",
        )
        common = {"theme": "education", "territory": "FR", "role": "promesse", "frequency": "annuelle"}
        save(
            "objective",
            partner="METRO",
            engagement="METRO-E01",
            code="METRO-O01",
            label="Classes ouvertes",
            unit="classes",
            sens="hausse",
            mesure="cumul",
            start_value="0",
            start_date="01/01/2024",
            target_value="12",
            target_date="31/12/2028",
            **common,
        )
        save(
            "objective",
            partner="BAIL",
            engagement="BAIL-E01",
            code="BAIL-O01",
            label="Logements vacants",
            unit="%",
            sens="baisse",
            mesure="stock",
            start_value="8",
            start_date="31/12/2023",
            target_value="4",
            target_date="31/12/2028",
            **common,
        )
        save(
            "funding",
            partner="METRO",
            code="METRO-F01",
            label="Classes",
            first_year="2024",
            last_year="2026",
            amount="3",
            unit="M€",
            engagement="METRO-E01",
            budget="fonctionnement",
            credit="credits_specifiques",
            stage="prevu",
            years="2024 ; 1,2 M€ ; 900 k€\n2025 ; 1,8 M€",
            cofunders="ETAT",
        )
        save(
            "statement",
            code="S01",
            kind="total",
            label="Enveloppe des classes",
            value="3",
            unit="M€",
            operands="2024 ; 1,2\n2025 ; 2,9",
        )
        contract_export.write(desk.dossier("piliers"), path.with_suffix(".xlsx"))
    made = bases.create_from_book(path, path.with_suffix(".xlsx"), now=NOW)
    assert (made.partners, made.engagements, made.objectives) == (3, 2, 2)


def invented_town(path: Path) -> None:
    """Sixty fiches and eighteen thématiques of its own, taken from its text as it proposes them."""
    if not INVENTED.exists():
        pytest.skip("le contrat inventé n’est pas auprès du code")
    bases.create_blank(path, {"name": "Contrat de ville du Val d’Ardèze", "code": "ardeze"}, now=NOW)
    proposed = proposals.read(INVENTED)
    with opening.open_base(path) as base:
        desk = Desk(base, today=NOW.date)
        proposals.begin(desk, "ardeze", proposed.found, proposed.source)
        codes = iter(range(71901, 71907))
        refused = []
        for item in proposed.found:
            # What the text does not say is answered: the codes of the communes, how a figure counts, who pays and when.
            answers = {
                "code": str(next(codes)) if item.values.get("level") == "commune" else "", "mesure": "stock",
                "partner": "ETAT", "first_year": "2024", "last_year": "2024",
            }  # fmt: skip
            refused += accepted(desk, "ardeze", item, answers).values()
        held = desk.dossier("ardeze")
        assert (len(held.engagements), len(held.objectives)) == (60, 44)
        assert refused == [f"L’échéance précède la date de départ. {AS_WRITTEN}"]
        assert [place.level for place in held.territories].count(Level.QPV) == 5
        assert len(held.engagement_territories) == 34


def shipped(path: Path) -> None:
    bases.create(path, "lens-lievin", now=NOW)


def returned(objective: Objective, share: Decimal) -> Decimal:
    start, target = objective.start_value or Decimal(0), objective.target_value or Decimal(10)
    return (start + (target - start) * share).quantize(Decimal(1))


def sent_back(desk: Desk, code: str, objective: Objective, value: Decimal, file: Path) -> None:
    """The workbook of a partner, filled in for one objective and imported."""
    dossier = desk.dossier(code)
    partner = next(item.code for item in dossier.partners if item.key == objective.partner)
    review = desk.review(code, desk.today())
    exports.export(desk, review, file, content="remontee", partner=partner, asked=Asked.EXPECTED)
    book = openpyxl.load_workbook(file)
    sheet = book["Remontée"]
    sheet["B2"] = datetime(desk.today().year, desk.today().month, desk.today().day)
    titles = [cell.value for cell in sheet[4]]
    rows = [row for row in sheet.iter_rows(min_row=5) if row[0].value == objective.code]
    rows[0][titles.index("Valeur à saisir")].value = float(value)
    book.save(file)
    imports.apply(desk, preview(desk, code, file))


def contradictions(desk: Desk, code: str) -> Counter[str]:
    """What the text of a contract says against itself, by kind."""
    told = desk.review(code, desk.today()).findings
    return Counter(view.point.kind for view in told if view.point.nature is PointNature.CONTRADICTION)


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (typed_town, {"denombrement": 1}),
        (outlined_town, {"total": 1}),
        (shipped, {"denombrement": 2}),
        (invented_town, {"total": 2, "denombrement": 1, "part": 1, "formule": 1, "egalite": 1}),
    ],
)
def test_a_contract_lives_a_year(
    make: Callable[[Path], None], found: Mapping[str, int], tmp_path: Path
) -> None:
    path = tmp_path / "b.db"
    make(path)
    day = [date(2025, 3, 3)]
    with opening.open_base(path) as base:
        desk = Desk(base, today=lambda: day[0])
        (contract,) = desk.contracts()
        code = contract.code
        asked = [
            item
            for item in desk.dossier(code).objectives
            if item.aim.has_way and not item.is_context and not item.parent
        ]
        asked = [
            item for item in asked if item.aggregation.value == "aucun" and item.start_value is not None
        ][:4]
        assert asked
        assert contradictions(desk, code) == found
        papers = []
        for when, share in ((date(2025, 6, 16), Decimal("0.2")), (date(2025, 12, 8), Decimal("0.5"))):
            day[0] = when
            sent_back(desk, code, asked[0], returned(asked[0], share), tmp_path / f"{when}.xlsx")
            for objective in asked[1:]:
                entry = measurements.Entry(
                    objective=objective.key, day=when, value=returned(objective, share)
                )
                measurements.record(desk, code, entry)
            committee.create(desk, code, MeetingEntry(MeetingKind.COPIL, when))
            meeting = desk.dossier(code).meetings[-1]
            committee.decide(desk, code, meeting.key, DecisionEntry("Réunir les pilotes"))
            freezing.freeze(desk, code, meeting.key)
            request = printing.Request("decisions", meeting=meeting.key)
            target = tmp_path / f"{when}.pdf"
            printing.write_report(request, printing.subject(desk, code, request), target)
            papers.append("".join(paper_text.pages(target)))
        for chapters in ("partenaires", "thematiques"):
            request = printing.Request(composition=printing.Composition(chapters=chapters))
            target = tmp_path / f"{chapters}.pdf"
            assert printing.write_report(request, printing.subject(desk, code, request), target) > 3
        assert half_empty(target) == []
        assert asked[0].code in "".join(paper_text.pages(target))
        assert all("Réunir les pilotes" in paper for paper in papers)
        first, second = (
            meetings.snapshots_of(desk.dossier(code), item.key)[-1] for item in desk.dossier(code).meetings
        )
        assert first.fingerprint != second.fingerprint
        assert len(desk.review(code, day[0]).moves) > 0, "the second COPIL is told what moved since the first"
        before = desk.dossier(code)
        acts.retire(desk, code, "objective", asked[0].key)
        desk.undo()
        assert desk.dossier(code) == before
        assert contradictions(desk, code) == found, (
            "what a year of returns brings settles nothing of the text"
        )
        assert maintenance.check(base) == []
        contract_export.write(before, tmp_path / "tout.json")
    again = contract_import.preview(tmp_path / "tout.json", code="copie", today=date(2025, 12, 31))
    assert again.problems == ()
    assert again.dossier is not None
    assert again.dossier.themes == before.themes
    assert again.dossier.funding_years == before.funding_years
    assert "Lens" not in "".join(papers) or make is shipped
