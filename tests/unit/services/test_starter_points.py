"""What the rules of coherence say of the starter contract: each sentence, and its arithmetic done again by hand."""

from __future__ import annotations

import tomllib
from datetime import date
from math import ceil
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.coherence import RULES, findings
from qpvdesk.domain.points import Point, PointNature
from qpvdesk.domain.situation import situation
from qpvdesk.paths import resource
from qpvdesk.services.contracts.contract_files import load
from qpvdesk.storage.keys import starter_key

TODAY = date(2026, 6, 30)

# Département: inhabitants in QPV, posts open, inhabitants not covered, posts still to fill (the ARS's table).
TABLE = {
    "Nord": (361198, 26, 119134, 12),
    "Oise": (68875, 1, 56690, 6),
    "Pas-de-Calais": (149827, 16, 49669, 5),
    "Somme": (36442, 3, 23902, 3),
    "Aisne": (37067, 6, 1080, 1),
}
ROWS = "base_par_habitants:ARS-S05"
"""One cause, one finding: the five rows of the table under the one rule."""

REFERENCE = Path(__file__).parents[2] / "reference" / "coherence-lens-lievin.toml"

SENTENCES = {
    "denombrement:ARS-S02": "le document annonce 6_orientations et en énumère 5",
    "denombrement:BPI-S31": "le document annonce 3_axes et en énumère 2",
    "base_par_habitants:ARS-S05": "119~134, contre 101~198_habitants (361~198 − 10~000 × 26)",
    "enveloppe:BPI-S04": "150 + 200 = 350 sur 600_M€~; le détail de 250_M€ n’est pas donné.",
    "deux_annees:BPI-S09": "79~000_créations (année non dite) et 72~000_créations (année 2021).",
    "deux_annees:BPI-S10": "8~000_créations (année non dite) et 7~000_créations (année 2021).",
    "unites:BPI-O02": "le départ compte des chefs de projet (117), la cible des CitésLab (200).",
    "parite_rompue:FT-O12": "15,8~% en 2023, contre 16,4~% pour la référence («~Part des QPV dans la"
    " demande d’emploi (cat. A, B, C)~»), soit 0,6_point de moins",
    "noms_proches:COL-AVION-LANGEVIN:COL-GRENAY-LANGEVIN-WALLON": "Collège Langevin (Avion), Collège Langevin Wallon"
    " (Grenay), Collège Wallon (Méricourt) et Collège Langevin (Sallaumines).",
    "hors_du_lieu:ARS": "Aucun chiffre de ces partenaires ne porte sur l’agglomération (Communauté d’agglomération de"
    " Lens-Liévin)",
    "liste_ancienne:REF-DECRET-2014-1750": "Décret n°~2014-767~: liste nationale des quartiers prioritaires",
    "sans_echeance:BPI-OF02": "Nouveaux fonds (subventions, prêts, fonds propres)",
    "sans_echeance:CALL-O02": "Expérimentation lancée dans la cohésion sociale~; Labo de la participation ouvert",
}  # fmt: skip

TOLD_BY_THEIR_NOTE = ("comparaison", "base_absente")
"""The rules whose every statement is a finding: they reckon nothing."""


@pytest.fixture(scope="module")
def points() -> dict[str, Point]:
    contract = load(resource("contracts/lens-lievin"), key_of=starter_key)
    return {point.ident: point for point in findings(situation(contract, TODAY))}


def fr(text: str) -> str:
    return text.replace("~", "\u202f").replace("_", "\u00a0")


@pytest.mark.parametrize("ident", SENTENCES)
def test_the_sentence_spells_the_figures_out(points: dict[str, Point], ident: str) -> None:
    assert fr(SENTENCES[ident]) in points[ident].message


def test_each_contradiction_that_arithmetic_proves_is_found_at_its_passage(points: dict[str, Point]) -> None:
    contract = load(resource("contracts/lens-lievin"), key_of=starter_key)
    cited = {item.code: item.citation for item in (*contract.statements, *contract.objectives)}
    proved = tomllib.loads(REFERENCE.read_text(encoding="utf-8"))["constat"]
    assert len(proved) == 22
    for one in proved:
        (point,) = [
            point
            for point in points.values()
            if point.kind == one["regle"] and one["objet"] in (point.object, *point.instances)
        ]
        assert point.nature == one["nature"]
        assert one["calcul"] in point.message.replace("\u202f", " ").replace("\u00a0", " "), one["objet"]
        citation = cited[one["objet"]]
        assert citation is not None
        assert (citation.section, citation.mark) == (one["rubrique"], one["repere"])


def test_the_rules_alone_find_twenty_things_and_the_statements_a_dozen_more(points: dict[str, Point]) -> None:
    contract = load(resource("contracts/lens-lievin"), key_of=starter_key)
    alone = findings(situation(replace(contract, statements=(), operands=()), TODAY))
    assert len(alone) >= 20
    assert {point.nature for point in alone} == set(PointNature) - {PointNature.DOUTE}
    assert len(points) >= 32


def test_nothing_else_is_found(points: dict[str, Point]) -> None:
    """A false alarm is worse than silence: whatever is new must be read and listed above."""
    reckoned = {ident for ident, point in points.items() if point.kind not in TOLD_BY_THEIR_NOTE}

    assert reckoned == set(SENTENCES)


def test_every_reserve_told_in_words_explains_itself(points: dict[str, Point]) -> None:
    told = [point for point in points.values() if point.kind in TOLD_BY_THEIR_NOTE]

    assert len(told) > 40
    assert all(len(point.message) > 40 and point.citation is not None for point in told)


@pytest.mark.parametrize("place", TABLE)
def test_the_uncovered_column_does_not_follow_the_rule(points: dict[str, Point], place: str) -> None:
    people, posts, uncovered, missing = TABLE[place]

    assert max(0, people - 10_000 * posts) != uncovered
    assert ceil(uncovered / 10_000) == missing
    assert place in points[ROWS].message


def test_the_arithmetic_behind_the_sentences() -> None:
    people = sum(row[0] for row in TABLE.values())
    posts = sum(row[1] for row in TABLE.values())
    missing = sum(row[3] for row in TABLE.values())

    assert (people, posts, missing) == (653_409, 52, 27)
    assert posts - 44 == 8
    assert ceil(people / 10_000) == 66
    assert posts + missing - 66 == 13
    assert (ceil(149_827 / 10_000), 16 + 5 - 15) == (15, 6)
    assert (361_198 - 260_000, 119_134 - 101_198) == (101_198, 17_936)
    assert (68_875 - 10_000, 58_875 - 56_690) == (58_875, 2_185)
    assert (36_442 - 30_000, 23_902 - 6_442) == (6_442, 17_460)
    assert 50_000 + 30_000 + 1_000 + 3_000 + 2_500 + 8_000 + 2_000 == 96_500
    assert round(8_000 / 79_000 * 100, 1) == 10.1
    assert round(7_000 / 72_000 * 100, 1) == 9.7
    assert round(19_072 / 116_528 * 100, 1) == 16.4


def test_every_rule_has_a_title_the_officer_reads(points: dict[str, Point]) -> None:
    titles = {kind: title for kind, title, *_ in RULES}

    assert all(point.title == titles[point.kind] for point in points.values())


def test_what_one_cause_gathers_goes_on_small_after_its_colon(points: dict[str, Point]) -> None:
    told = {ident: points[ident].message for ident in (ROWS, "denombrement:ARS-S02")}
    plain = {ident: text.replace("\u202f", " ").replace("\u00a0", " ") for ident, text in told.items()}
    assert plain[ROWS].startswith(
        "Le document ne dit pas combien d’habitants couvre ce qui est déjà en place ; si chacun en couvrait autant que la"
        " règle en compte, ces chiffres seraient autres : habitants non couverts, Nord : 119 134, contre 101 198"
    )
    assert " ; habitants non couverts, Oise : " in plain[ROWS]
    # What each post covers by the table itself.
    covered = {place: (people - left) / posts for place, (people, posts, left, _) in TABLE.items()}
    assert (
        (min(covered.values()), max(covered.values())) == (covered["Somme"], covered["Oise"]) == (4180, 12185)
    )
    assert "de 4 180 habitants (Somme) à 12 185 (Oise)" in plain[ROWS]
    # The same count said twice is told once, and beside it where it is found again.
    assert plain["denombrement:ARS-S02"].count("annonce 6 orientations") == 1
    assert (
        " ; nombre d’orientations, dans la note et dans le titre de son annexe : 6"
        in plain["denombrement:ARS-S02"]
    )
