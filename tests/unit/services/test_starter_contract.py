"""The contract that ships with the product, against the public document it is drawn from.

The document lies beside the checkout, or not at all: the tests that read it are skipped where it is absent.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qpvdesk.domain.coherence import findings
from qpvdesk.domain.engagements import CARRIED, followed
from qpvdesk.domain.french import fold, typeset
from qpvdesk.domain.model import Citation, Dossier, Level, Mesure, Objective, Role, Sens
from qpvdesk.domain.points import Point
from qpvdesk.domain.situation import situation
from qpvdesk.paths import resource
from qpvdesk.services.contracts.contract_files import load
from qpvdesk.storage.keys import starter_key

ROOT = Path(__file__).resolve().parents[3]
SEED = ROOT.parent / "shared" / "seed" / "annexes-contrat-de-ville-lens-lievin.txt"
FOLDER = "contracts/lens-lievin"
TODAY = date(2026, 6, 30)
NARROW = "\u202f"


@pytest.fixture(scope="module")
def contract() -> Dossier:
    return load(resource(FOLDER), key_of=starter_key)


@pytest.fixture(scope="module")
def document() -> str:
    """The document's text, white space folded and emphasis dropped."""
    if not SEED.exists():
        pytest.skip("the public document does not lie beside the checkout")
    return _folded(SEED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def points(contract: Dossier) -> tuple[Point, ...]:
    return findings(situation(contract, TODAY))


def _folded(text: str) -> str:
    return " ".join(text.replace("*", "").split())


def _files() -> list[Path]:
    return sorted(resource(FOLDER).glob("*.toml"))


# How many of each

PARTNERS = {
    # Région: 3 of the introduction, 12 of coordination, 12 of rev3, 3 rules between droit commun and crédits
    # spécifiques, 11 and 9 of the two priorities, 6 of Nos Quartiers d’Été, 2 of the decision.
    "REGION": {"engagements": 58, "fundings": 0, "conditions": 4, "statements": 11},
    # Département: the three pactes, 27 in the first, 17 in the second, 22 in the third, 1 for all, 9 attendus.
    "CD62": {"engagements": 76, "fundings": 2, "conditions": 4, "statements": 10},
    # ARS: 12 under the five orientations listed, 8 in the body of the note; one yearly budget of 2,5 M€.
    "ARS": {"engagements": 20, "fundings": 1, "conditions": 5, "statements": 23},
    # Éducation nationale: 6 of the introduction, 4 on places, 20 measures, expertise, binôme.
    "EN": {"engagements": 32, "fundings": 0, "conditions": 1, "statements": 12},
    # France Travail: services, proximity, companies, freins, partners; 37, 48 and 21 advisers.
    "FT": {"engagements": 45, "fundings": 3, "conditions": 1, "statements": 14},
    # Bpifrance: 20 on the three axes, 15 on droit commun, programme and governance; 450 M€ and 600 M€.
    "BPI": {"engagements": 35, "fundings": 2, "conditions": 4, "statements": 31},
    # The agglomeration’s proclamation: 9 of the preamble, 19 of 1.1 to 1.3, 12 of method, 29 of the labo.
    "CALL": {"engagements": 69, "fundings": 0, "conditions": 0, "statements": 5},
}

OBJECTIVES = {
    # 2050, two priorities; the seven figures of the vote are told by the délibération, and retired here.
    "REGION": {Sens.SUIVI: 9},
    # The délibération of 29 January 2024; pactes, défis, ambitions, axes, measures, and the two sums of 2019–2023.
    "CD62": {Sens.SUIVI: 11},
    # ARMS in the region and in five départements, 100 % of QPV, 100 % of volets santé; one ARMS for 10 000 people
    # is its rule; 2,5 M€ a year; the end of March 2024; 44 ARMS, 943 structures, the uncovered (region, départements).
    "ARS": {Sens.HAUSSE: 8, Sens.PLANCHER: 1, Sens.SUIVI: 10},
    # 4 parcours, three kinds of coordinators, expertise; 12 communes, 14 collèges (REP and REP+), 2 référents are facts.
    "EN": {Sens.PLANCHER: 5, Sens.SUIVI: 5},
    # Eight shares of services against 16,4 %; three of other people, compared with nothing; agencies, advisers and
    # hours; the paragraph on job seekers.
    "FT": {Sens.PARITE: 8, Sens.SUIVI: 23},
    # Thirteen figures « Objectif 2027 », 100 000 entrepreneurs, 450 and 600 M€, a doubling and a fourfold; the ambition
    # of the networks of Cap Créa is followed.
    "BPI": {Sens.HAUSSE: 18, Sens.SUIVI: 47},
    # The trial in cohésion sociale and the labo; 231 people and three figures nobody gives yet.
    "CALL": {Sens.JALON: 2, Sens.SUIVI: 4},
}


FOLLOWED = {"REGION": 21, "CD62": 28, "ARS": 13, "EN": 18, "FT": 21, "BPI": 24, "CALL": 17}
"""The engagements that are followed; all the others precise one of them."""

PROMISED = {"REGION": 0, "CD62": 2, "ARS": 9, "EN": 5, "FT": 16, "BPI": 28, "CALL": 5}
"""The figures that were promised, with a target or without; the others are of context, or retired."""


def test_what_is_followed_can_be_followed(contract: Dossier) -> None:
    codes = {partner.key: partner.code for partner in contract.partners}

    assert 110 <= len(followed(contract)) <= 150
    assert Counter(codes[item.partner] for item in followed(contract)) == FOLLOWED
    assert len(followed(contract)) + sum(item.parent is not None for item in contract.engagements) == 335


def test_what_is_no_promise_precises_one(contract: Dossier) -> None:
    """An allocation of credits, a signature, an assertion, a fact, what is expected of others: no météo to give."""
    parents = {item.code: item.parent for item in contract.engagements}
    codes = {item.key: item.code for item in contract.engagements}

    assert {code: codes[key] for code, key in parents.items() if code in NO_PROMISES and key} == NO_PROMISES


NO_PROMISES = {
    "REGION-E57": "REGION-E10", "REGION-E58": "REGION-E10", "CALL-E39": "CALL-E40", "EN-E10": "EN-E05",
    "REGION-E04": "REGION-E01", "REGION-E07": "REGION-E09", "ARS-E13": "ARS-E17",
    "CALL-E02": "CALL-E01", "CALL-E04": "CALL-E01", "CALL-E15": "CALL-E25", "CALL-E17": "CALL-E07",
}  # fmt: skip


def test_whatever_is_followed_belongs_to_an_engagement_that_is(contract: Dossier) -> None:
    known = {None, *(item.key for item in followed(contract))}

    for name in CARRIED:
        assert [item for item in getattr(contract, name) if item.engagement not in known] == []


def test_nothing_that_was_cited_is_lost(contract: Dossier) -> None:
    """The 783 citations of the first edition are there, of 568 passages; two of the note are cited once more."""
    citations = [citation for _, citation in _of_the_document(contract)]

    assert len(citations) == 785
    assert len({(citation.section, citation.mark) for citation in citations}) == 568


@pytest.mark.parametrize("code", PROMISED)
def test_promises_are_told_from_context(contract: Dossier, code: str) -> None:
    (partner,) = [partner for partner in contract.partners if partner.code == code]
    own = [item for item in contract.objectives if item.partner == partner.key and not item.retired]

    assert sum(not item.is_context for item in own) == PROMISED[code]
    assert [item.code for item in own if item.is_context and item.aim.promised] == []


def test_the_axes_are_those_that_the_document_calls_priorities(contract: Dossier) -> None:
    assert contract.contract.upper_level == "Priorité"
    assert [axis.code for axis in contract.axes] == ["REGION-P1", "REGION-P2", "FT-P1", "FT-P2", "FT-P3"]
    codes = {axis.key: axis.code for axis in contract.axes}
    of_axis = {item.code: codes[item.axis] for item in contract.engagements if item.axis}
    # « Ce dispositif s'inscrit ainsi dans la priorité 2 » : Nos Quartiers d’Été.
    assert of_axis["REGION-E52"] == "REGION-P2"
    assert {of_axis[code] for code in ("FT-E02", "FT-E05")} == {"FT-P1", "FT-P3"}


@pytest.mark.parametrize("code", PARTNERS)
def test_a_partner_has_all_that_the_document_holds(contract: Dossier, code: str) -> None:
    (partner,) = [partner for partner in contract.partners if partner.code == code]
    counted = {
        "engagements": sum(item.partner == partner.key for item in contract.engagements),
        "fundings": sum(item.partner == partner.key for item in contract.fundings),
        "conditions": sum(item.partner == partner.key for item in contract.conditions),
        "statements": sum(item.partner == partner.key for item in contract.statements),
    }

    assert counted == PARTNERS[code]


@pytest.mark.parametrize("code", OBJECTIVES)
def test_a_partner_has_all_its_figures_each_going_its_way(contract: Dossier, code: str) -> None:
    (partner,) = [partner for partner in contract.partners if partner.code == code]

    assert (
        Counter(item.sens for item in contract.objectives if item.partner == partner.key) == OBJECTIVES[code]
    )


def test_the_seven_partners_come_in_the_document_s_order(contract: Dossier) -> None:
    assert [partner.code for partner in contract.partners] == [
        "REGION",
        "CD62",
        "ARS",
        "EN",
        "FT",
        "BPI",
        "CALL",
    ]


def test_the_places_are_there(contract: Dossier) -> None:
    levels = Counter(place.level for place in contract.territories)

    assert levels == {
        Level.NATION: 1,
        Level.REGION: 1,
        Level.DEPARTEMENT: 5,
        Level.EPCI: 1,
        Level.COMMUNE: 36,
        Level.QPV: 17,
    }
    communes = {place.name: place.code for place in contract.territories if place.level == Level.COMMUNE}
    assert communes.items() >= {
        "Avion": "62065", "Billy-Montigny": "62133", "Fouquières-lès-Lens": "62351", "Grenay": "62386",
        "Harnes": "62413", "Lens": "62498", "Liévin": "62510", "Mazingarbe": "62563", "Méricourt": "62570",
        "Sains-en-Gohelle": "62737", "Sallaumines": "62771", "Wingles": "62895",
    }.items()  # fmt: skip


def test_the_fourteen_colleges_are_there_five_of_them_reinforced(contract: Dossier) -> None:
    places = {place.key: place.name for place in contract.territories}

    assert len(contract.establishments) == 14
    assert {places[item.territory] for item in contract.establishments if item.label == "REP+"} == {
        "Avion", "Grenay", "Lens", "Sallaumines",
    }  # fmt: skip
    assert Counter(item.label for item in contract.establishments) == {"REP+": 5, "REP": 9}
    assert Counter(places[item.territory] for item in contract.establishments)["Liévin"] == 2


def test_the_five_departements_have_their_inhabitants(contract: Dossier) -> None:
    codes = {place.key: place.code for place in contract.territories}

    in_quartiers = [row for row in contract.populations if row.perimeter == "qpv"]
    assert {codes[row.territory]: int(row.value) for row in in_quartiers} == {
        "D59": 361198, "D60": 68875, "D62": 149827, "D80": 36442, "D02": 37067,
    }  # fmt: skip


def test_the_legal_references_are_there_with_the_vote(contract: Dossier) -> None:
    # 23 of the Région (its decision, its budget programme and 21 visas), 8 of the Département, 3 of the ARS, one
    # each of the Éducation nationale, France Travail, Bpifrance and the agglomeration.
    assert len(contract.legal_references) == 38
    (decision,) = [item for item in contract.legal_references if item.vote]
    assert (decision.dated, decision.vote) == (date(2023, 10, 5), VOTE)


VOTE = (
    f"156 pour, 0 contre, 0 abstention{NARROW}; 120 élus présents, 49 pouvoirs donnés, 13 élus n’ont pas pris part au"
    " vote, 1 absente sans pouvoir"
)


def test_every_visa_of_the_region_is_a_reference(contract: Dossier, document: str) -> None:
    listed = " ".join(item.label for item in contract.legal_references)
    numbers = set(re.findall(r"Vu [^,]{0,60}?n° ?(\d[\d.-]+\d)", document))

    assert len(numbers) >= 15
    assert [number for number in sorted(numbers) if number not in listed] == []


# Figures checked by hand against the document's words

HAUSSE, PARITE, PLANCHER = Sens.HAUSSE, Sens.PARITE, Sens.PLANCHER
END_2023, END_2027 = date(2023, 12, 31), date(2027, 12, 31)
FIGURES: dict[str, tuple[Sens, str, object, date | None, object, date | None]] = {
    # « 21 bus déployés » en 2023 ; « Objectif 2027 : 40 bus »
    "BPI-O01": (HAUSSE, "bus", 21, END_2023, 40, END_2027),
    # « 117 chefs de projets » ; « Objectif 2027 : 200 CitésLab »
    "BPI-O02": (HAUSSE, "CitésLab", 117, END_2023, 200, END_2027),
    # « 11 Carrefours de l'entrepreneuriat » ; « Objectif 2027 : 60 Carrefours »
    "BPI-O03": (HAUSSE, "Carrefours", 11, END_2023, 60, END_2027),
    # « Objectif 2027 : 50 000 accompagnements renforcés Réseaux », d'un nouveau programme
    "BPI-O04": (HAUSSE, "accompagnements", 0, date(2024, 1, 1), 50000, END_2027),
    # « Objectif 2027 : 30 000 Prêts d'Honneur »
    "BPI-O05": (HAUSSE, "prêts", 0, date(2024, 1, 1), 30000, END_2027),
    # « Objectif 2027 : 1 000 projets innovants », d'un programme lancé en 2019 : départ ouvert
    "BPI-O06": (HAUSSE, "projets", None, None, 1000, END_2027),
    # « 3 000 TPE financées 150 M€ de prêts accordés »
    "BPI-O07": (HAUSSE, "TPE", 0, date(2024, 1, 1), 3000, END_2027),
    "BPI-O08": (HAUSSE, "M€", 0, date(2024, 1, 1), 150, END_2027),
    # « Objectif 2027 : total levés 200 M€ »
    "BPI-O09": (HAUSSE, "M€", 0, date(2024, 1, 1), 200, END_2027),
    # « 420 promos et 8 000 entrepreneurs à potentiel accélérés »
    "BPI-O11": (HAUSSE, "promotions", 0, date(2024, 1, 1), 420, END_2027),
    "BPI-O12": (HAUSSE, "entrepreneurs", 0, date(2024, 1, 1), 8000, END_2027),
    # « d'ici 2027, l'objectif national est d'accompagner 100 000 nouveaux entrepreneurs »
    "BPI-O14": (HAUSSE, "entrepreneurs", 0, date(2024, 1, 1), 100000, END_2027),
    # « doubler d'ici 5 ans le nombre d'entreprises pérennes » : ni départ ni date
    "BPI-O15": (Sens.SUIVI, "fois le départ", None, None, None, None),
    # « Pas-de-Calais 149 827 16 49 669 5 » : 16 ouverts, 5 à recruter, « en 5 ans »
    "ARS-O01-D62": (HAUSSE, "postes", 16, date(2024, 1, 1), 21, date(2029, 1, 1)),
    # 26 + 1 + 16 + 3 + 6 ouverts, 12 + 6 + 5 + 3 + 1 à recruter
    "ARS-O01": (HAUSSE, "postes", 52, date(2024, 1, 1), 79, date(2029, 1, 1)),
    # « Un budget ARS de 2,5 M€ est prévu chaque année »
    "ARS-O05": (PLANCHER, "M€", None, None, Decimal("2.5"), None),
    # « plus de 450 M€ sur 4 ans », « près de 600 M€ de nouveaux fonds »
    "BPI-OF01": (HAUSSE, "M€", 0, date(2024, 1, 1), 450, END_2027),
    "BPI-OF02": (HAUSSE, "M€", 0, date(2024, 1, 1), 600, None),
    # « 37 conseillers dédiés dans les territoires QPV » : dits, non promis
    "FT-O16": (Sens.SUIVI, "conseillers", None, None, None, None),
}

FACTS = (
    "FT-O13", "FT-O14", "FT-O17", "FT-O20", "EN-O01", "EN-O02", "EN-O10", "ARS-O02", "ARS-O09", "REGION-O02",
    "CD62-O08", "CALL-O01",
)  # fmt: skip
"""What the document says is so, counts once, or leaves to somebody else."""

MEASURED: dict[str, tuple[str, str, date]] = {
    # « 16,4% de la DEFM cat. ABC départementale réside en QPV », au 31/12/2023
    "FT-O01": ("16.4", "%", END_2023),
    # « 22,6% des Demandeurs avec un accompagnement intensif »
    "FT-O02": ("22.6", "%", END_2023),
    # « 4,2% CIE jeunes »
    "FT-O10": ("4.2", "%", END_2023),
    # « 15,8% des bénéficiaires d'« Action de Formation Préalable au Recrutement AFPR » »
    "FT-O12": ("15.8", "%", END_2023),
    # « 1 339 Emplois Francs mobilisés »
    "FT-O21": ("1339", "emplois francs", END_2023),
    # « soit 19 072 DE sur une DEFM totale de 116 528 DE »
    "FT-O22": ("19072", "demandeurs", END_2023),
    "FT-O23": ("116528", "demandeurs", END_2023),
    # « 6,6 millions d'euros entre 2019 et 2023 »
    "CD62-O04": ("6.6", "M€", END_2023),
    # « A ce jour, nous recensons 44 ARMS »
    "ARS-O06": ("44", "ARMS", date(2024, 1, 1)),
    # « 943 structures d'aides alimentaires »
    "ARS-O07": ("943", "structures", date(2024, 1, 1)),
    # « Par 156 « Pour » », le 5 octobre 2023
    "REGION-O03": ("156", "voix", date(2023, 10, 5)),
    # « plus de 231 personnes », jusqu'en janvier 2023
    "CALL-O01": ("231", "personnes", date(2023, 1, 31)),
    # « 5 452 participants » en 2023
    "BPI-O37": ("5452", "participants", END_2023),
}


def _objective(contract: Dossier, code: str) -> Objective:
    (objective,) = [objective for objective in contract.objectives if objective.code == code]
    return objective


@pytest.mark.parametrize("code", FIGURES)
def test_a_promise_is_the_document_s(contract: Dossier, code: str) -> None:
    objective = _objective(contract, code)

    assert (
        objective.sens, objective.unit, objective.start_value, objective.start_date,
        objective.target_value, objective.target_date,
    ) == FIGURES[code]  # fmt: skip


@pytest.mark.parametrize("code", FACTS)
def test_a_fact_is_no_floor_at_the_figure_that_was_measured(contract: Dossier, code: str) -> None:
    objective = _objective(contract, code)

    assert (objective.role, objective.sens) == (Role.CONTEXTE, Sens.SUIVI)
    assert (objective.target_value, objective.target_date, objective.reference) == (None, None, None)


def test_the_votes_belong_to_the_deliberation(contract: Dossier) -> None:
    votes = [_objective(contract, f"REGION-O0{number}") for number in range(3, 10)]

    assert all(objective.retired for objective in votes)


@pytest.mark.parametrize("code", MEASURED)
def test_a_first_measurement_is_the_document_s(contract: Dossier, code: str) -> None:
    objective = _objective(contract, code)
    first = min((m for m in contract.measurements if m.objective == objective.key), key=lambda m: m.day)

    assert (str(first.value), objective.unit, first.day) == MEASURED[code]


def test_the_shares_are_compared_with_the_share_of_job_seekers(contract: Dossier) -> None:
    whole = _objective(contract, "FT-O01")
    parity = [objective for objective in contract.objectives if objective.sens is PARITE]

    assert [objective.code for objective in parity] == [
        f"FT-O{number:02}" for number in range(2, 13) if number not in (3, 9, 10)
    ]
    assert {objective.reference for objective in parity} == {whole.key}
    assert {objective.mesure for objective in parity} == {Mesure.FLUX}


def test_every_promise_keeps_its_own_scale(contract: Dossier) -> None:
    places = {place.key: place.code for place in contract.territories}
    scales: dict[str, set[str]] = {}
    for partner in contract.partners:
        own = [item for item in contract.objectives if item.partner == partner.key and item.parent is None]
        scales[partner.code] = {places[item.territory] for item in own}

    assert scales["BPI"] == {"FR"}
    assert scales["FT"] == scales["CD62"] == {"D62"}
    assert scales["ARS"] == scales["REGION"] == {"R32"}
    assert scales["EN"] == scales["CALL"] == {"246200364"}


# Against the document


def _citations(contract: Dossier) -> Iterator[tuple[str, Citation]]:
    for items in (
        contract.populations, contract.establishments, contract.legal_references, contract.engagements,
        contract.conditions, contract.objectives, contract.measurements, contract.fundings, contract.statements,
    ):  # fmt: skip
        for item in items:
            if item.citation is not None:
                yield str(getattr(item, "code", item.key)), item.citation


def _of_the_document(contract: Dossier) -> list[tuple[str, Citation]]:
    """The citations but those of the official lists and of the magazine."""
    (annexes,) = [item.key for item in contract.documents if item.code == "ANNEXES"]
    return [(code, citation) for code, citation in _citations(contract) if citation.document == annexes]


def test_every_promise_and_every_figure_says_where_it_comes_from(contract: Dossier) -> None:
    for items in (
        contract.populations, contract.establishments, contract.legal_references, contract.engagements,
        contract.conditions, contract.objectives, contract.measurements, contract.fundings, contract.statements,
    ):  # fmt: skip
        assert [item for item in items if item.citation is None] == []


def test_every_mark_is_in_the_document(contract: Dossier, document: str) -> None:
    absent = [
        (code, citation.mark)
        for code, citation in _of_the_document(contract)
        if _folded(citation.mark) not in document
    ]

    assert absent == []


def test_every_figure_of_the_document_is_in_the_contract(document: str) -> None:
    """Every number but those of the list of the elected, of addresses and of telephones."""
    held = re.sub(
        r"(?<=\d)[\s\u00a0\u202f](?=\d{3})",
        "",
        " ".join(path.read_text(encoding="utf-8") for path in _files()),
    )
    listed, rest = document.index("Présents (120)"), document.index("ENGAGEMENTS DU CD62")
    text = document[:listed] + document[rest:]
    consultant = text.index("Samuel")
    text = text[: consultant - 20] + text[text.index("Ce texte est le fruit") :]
    text = text.replace("C06.03", "")
    figures = {
        re.sub(r"\s", "", found).replace(",", ".")
        for found in re.findall(r"\d+(?:[ \u00a0\u202f]\d{3})*(?:[,.]\d+)?", text)
    }

    assert len(figures) > 150
    assert (
        sorted(figure for figure in figures if figure not in held and figure.replace(".", ",") not in held)
        == []
    )


def _names(text: str) -> set[str]:
    """Return who the document names: the elected, the signatories, the consultant."""
    titled = re.findall(
        r"(?:Madame|Monsieur) ((?:[A-ZÉ][\w’'-]+ ){1,2}?(?:DE )?[A-ZÉÈ][A-ZÉÈËÇ'’-]{2,})", text
    )
    signed = re.findall(r"\b([A-ZÉ][a-zéèë]+ [A-ZÉ]{4,})\b", text)
    return {fold(name) for name in [*titled, *signed]}


def test_nobody_is_named(document: str) -> None:
    names = _names(document)
    held = fold(" ".join(path.read_text(encoding="utf-8") for path in _files()))

    assert len(names) > 150
    assert [name for name in sorted(names) if re.search(rf"\b{re.escape(name)}\b", held)] == []


def test_no_telephone_address_or_title_is_held() -> None:
    held = "\n".join(path.read_text(encoding="utf-8") for path in _files())

    assert re.findall(r"\b(?:Madame|Monsieur|Mme|Mlle|M\.) [A-ZÉ]\w+", held) == []
    assert re.findall(r"[\w.-]+@[\w-]+\.\w+", held) == []
    assert re.findall(r"\b0[1-9](?:[ .\u00a0\u202f]?\d\d){4}\b", held) == []


# French


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text a person reads, with the field that holds it."""
    if isinstance(value, dict):
        operand = "valeur" in value and "nom" in value
        for field, inner in value.items():
            if field not in ("repere", "formule", "code") and not (operand and field == "nom"):
                yield from _texts(inner, field)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, name)
    elif isinstance(value, str):
        yield name, value


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.stem)
def test_what_is_read_is_typeset(path: Path) -> None:
    texts = [text for _, text in _texts(tomllib.loads(path.read_text(encoding="utf-8"))) if "://" not in text]

    assert len(texts) > 50
    assert [text for text in texts if "'" in text] == []
    assert [text for text in texts if re.search(rf"[^{NARROW}:;!?»][:;!?%»](?:\s|$)", text)] == []
    assert [text for text in texts if re.search(rf"«[^{NARROW}]", text)] == []
    assert [text for text in texts if text != typeset(text)] == []


def test_an_engagement_says_what_is_done(contract: Dossier) -> None:
    """The label begins with a verb in the infinitive."""
    verbs = re.compile(r"(?:Ne pas |Mieux |Se |S’|Faire |Y )?\w*(?:er|ir|re|oir)\b", re.IGNORECASE)

    assert [item.label for item in contract.engagements if not verbs.match(item.label)] == []


# What the officer is told


def test_more_than_twenty_incoherences_are_found(points: tuple[Point, ...]) -> None:
    assert len(points) > 20
    assert len({point.kind for point in points}) >= 10


def test_the_posts_of_the_table_are_added_up(points: tuple[Point, ...]) -> None:
    (point,) = [point for point in points if point.ident == "comparaison:ARS-S01"]

    assert "44\u00a0ARMS recensés\u202f; 26 + 1 + 16 + 3 + 6 = 52\u00a0postes ouverts" in point.message
    assert not [point for point in points if point.kind == "total"]


def test_six_orientations_are_announced_and_five_listed(points: tuple[Point, ...]) -> None:
    (point,) = [point for point in points if point.ident == "denombrement:ARS-S02"]

    assert "annonce 6\u00a0orientations et en énumère 5" in point.message


def test_a_service_is_below_parity(points: tuple[Point, ...]) -> None:
    assert [point.object for point in points if point.kind == "parite_rompue"] == ["FT-O12"]


@pytest.mark.parametrize(
    "ident",
    [
        "base_par_habitants:ARS-S05",
        "base_absente:BPI-S03", "denombrement:BPI-S31",
        "base_absente:CALL-S01", "comparaison:BPI-S07", "enveloppe:BPI-S04", "deux_annees:BPI-S09",
        "deux_annees:BPI-S10", "comparaison:BPI-S24", "unites:BPI-O02", "comparaison:FT-S05", "comparaison:FT-S06",
        "comparaison:FT-S07", "base_absente:ARS-S18", "base_absente:FT-S08", "base_absente:FT-S09",
        "base_absente:BPI-S13",
        "noms_proches:COL-AVION-LANGEVIN:COL-GRENAY-LANGEVIN-WALLON",
    ],
)  # fmt: skip
def test_a_known_incoherence_is_found(points: tuple[Point, ...], ident: str) -> None:
    assert ident in {point.ident for point in points}


def test_what_the_document_reckons_well_raises_nothing(contract: Dossier, points: tuple[Point, ...]) -> None:
    told = {point.object for point in points}
    right = {
        # 16,4 % = 19 072 ÷ 116 528 ; 40,7 + 22,2 against 62,8 and −1,1 + 0,6 against −0,6: rounding.
        "FT-S01", "FT-S02", "FT-S03",
        # The last column of the table follows from the third: 119 134 ÷ 10 000, rounded up, is 12.
        "ARS-S10", "ARS-S11", "ARS-S12", "ARS-S13", "ARS-S14",
        # 120 + 49 − 13 = 156 ; three pactes, three axes ; 9 + 5 = 14 collèges.
        "REGION-S01", "REGION-S07", "CD62-S01", "CD62-S02", "EN-S01", "EN-S02",
    }  # fmt: skip

    assert right <= {statement.code for statement in contract.statements}
    assert right & told == set()


UNCITED = ("noms_proches", "populations", "hors_du_lieu", "sans_millesime")
"""What no passage of the document says: the rule sets things side by side."""


def test_every_point_reads_as_a_french_sentence(points: tuple[Point, ...]) -> None:
    for point in points:
        assert point.message[0].isupper() or point.message[0] in "«0123456789"
        assert point.message.endswith(".")
        assert ".." not in point.message
        assert "'" not in point.message
        assert point.message == typeset(point.message)
        assert point.citation is not None or point.kind in UNCITED


def test_a_label_leaves_the_colon_to_the_figures(contract: Dossier) -> None:
    """A point reads « label : figures »: a colon in the label would make two."""
    assert [
        statement.code for statement in contract.statements if " :" in statement.label.replace(NARROW, " ")
    ] == []
