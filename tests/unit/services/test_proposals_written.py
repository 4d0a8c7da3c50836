"""From a text to a contract: partners and thématiques first, then each proposal as its form takes it."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from qpvdesk.domain.impossible_dates import AS_WRITTEN, undated
from qpvdesk.domain.model import Contract, Dossier, Level, Territory
from qpvdesk.domain.proposing import Proposal
from qpvdesk.domain.themes import usual_themes
from qpvdesk.services import bases, proposal_forms, proposals
from qpvdesk.storage import opening, starter
from tests.helpers import invented
from tests.helpers.accepting import accepted
from tests.helpers.reviews import desk_on

NOW = datetime(2026, 11, 28, 12).astimezone()
TEXT = """CONTRAT DE VILLE

Le contrat lie deux signataires : État – préfecture du Nord, Ville du Port.

3. ENGAGEMENTS : ÉTAT – PRÉFECTURE DU NORD

Fiche-action ETAT-01. Financer 22 postes d’adultes-relais.
Thématique : Tranquillité publique. Pilote : État.
  Indicateur : Postes pourvus ; valeur de départ 16 (31/12/2023) ; cible 22 postes au 31/12/2026. Suivi : semestrielle.

4. ENGAGEMENTS : VILLE DU PORT

Fiche-action VP-01. Ouvrir deux maisons de santé.
Thématique : Santé. Pilote : Ville. Copilote : ETAT.
  Indicateur : Part des habitants suivis ; valeur de départ 11,2 (31/12/2023). Suivi : annuelle.
  Indicateur : Maisons ouvertes ; valeur de départ 0 (31/12/2027) ; cible 2 maisons au 31/12/2026.

Tableau 1. Médiateurs (règle : un médiateur pour 1 500 habitants, arrondi à l’entier supérieur)
Quartier        Habitants   Médiateurs prévus
Le Bois         2 650       1
Le Lac          1 540       2
"""


def test_what_is_accepted_is_what_the_text_says_and_the_rest_waits(tmp_path: Path) -> None:
    (tmp_path / "cadre.txt").write_text(TEXT, encoding="utf-8")
    found = proposals.read(tmp_path / "cadre.txt").found
    blank = Dossier(
        Contract("k", "port", "Contrat du Port"),
        territories=(Territory("t", "k", "Z1", "Le Port", Level.EPCI),),
        themes=tuple(usual_themes("k", lambda code: f"theme {code}")),
    )
    base = opening.create(tmp_path / "base.db", now=NOW, clock=lambda: NOW)
    with base:
        starter.import_starter(base, blank)
        desk = desk_on(base, NOW.date())
        proposals.begin(desk, "port", found)
        partners = {item.code: item.name for item in desk.dossier("port").partners}
        assert partners == {"ETAT": "État – préfecture du Nord", "VP": "Ville du Port"}
        assert proposals.lacking(desk.dossier("port"), found) == ([], [], [])
        taken: Counter[str] = Counter()
        refused: list[str] = []
        for item in found:
            faults = accepted(
                desk, "port", item, {"nature": "droit_commun", "mesure": "stock", "sens": "suivi"}
            )
            refused += faults.values()
            taken[item.kind] += not faults
        held = desk.dossier("port")
        assert (taken["engagement"], taken["objective"]) == (2, 2)
        assert refused == [f"L’échéance précède la date de départ. {AS_WRITTEN}"]
        posts, share = held.objectives
        assert (posts.code, posts.target_value, posts.unit, posts.frequency) == (
            "ETAT-O01",
            22,
            "postes",
            "semestrielle",
        )
        assert (share.unit, share.theme) == ("%", "sante")
        # What is followed has no start: the one that the text says is its first figure.
        (first,) = held.measurements
        assert (first.objective, first.value, first.day) == (share.key, Decimal("11.2"), date(2023, 12, 31))
        assert held.engagements[0].theme == "tranquillite_publique"
        assert [item.role for item in held.engagement_partners] == ["copilote"]
        rule, _ = (item for item in held.statements if item.formula)
        assert rule.formula == "arrondi_sup(habitants / 1500)"
        left = proposals.fresh(held, found)
        assert [item.values["label"] for item in left] == ["Maisons ouvertes"]


def test_a_contract_without_a_place_is_given_its_own_perimeter(tmp_path: Path) -> None:
    (tmp_path / "cadre.txt").write_text(TEXT, encoding="utf-8")
    found = proposals.read(tmp_path / "cadre.txt").found
    bases.create_blank(tmp_path / "base.db", {"name": "Contrat de ville du Port", "code": "port"}, now=NOW)
    with opening.open_base(tmp_path / "base.db") as base:
        desk = desk_on(base, NOW.date())
        wanted = proposals.lacking(desk.dossier("port"), found)
        words = proposals.lacking_words(*map(len, wanted))
        assert words == "Créer 2 partenaires, 1 thématique et le périmètre du contrat"
        assert proposals.begin(desk, "port", found).label.startswith("Partenaires, thématiques et périmètre")
        (place,) = desk.dossier("port").territories
        assert (place.name, place.level) == ("Port", Level.AUTRE)
        for kind in ("engagement", "objective"):
            first = next(item for item in found if item.kind == kind)
            accepted(desk, "port", first, {"nature": "droit_commun"})
        (objective,) = desk.dossier("port").objectives
        assert objective.territory == place.key
        assert proposals.lacking(desk.dossier("port"), found) == ([], [], [])


def test_the_quartiers_of_the_text_are_made_and_each_engagement_has_its_own(tmp_path: Path) -> None:
    text = TEXT.replace("Thématique : Santé.", "Thématique : Santé. Quartiers concernés : Le Lac, Le Marais.")
    table = (
        "\nCode QPV      Quartier    Commune    Habitants (2019)\n"
        "QN05901M      Le Bois     Port       2 650\n"
        "QN05902M      Le Lac      Port       1 540\n"
        "Total                                4 190\n\n"
    )
    (tmp_path / "cadre.txt").write_text(table + text, encoding="utf-8")
    found = proposals.read(tmp_path / "cadre.txt").found
    assert [item.kind for item in found[:3]] == ["territory"] * 3
    bases.create_blank(tmp_path / "base.db", {"name": "Contrat de ville du Port", "code": "port"}, now=NOW)
    with opening.open_base(tmp_path / "base.db") as base:
        desk = desk_on(base, NOW.date())
        proposals.begin(desk, "port", found)
        wanted = [*found[:3], next(item for item in found if item.values.get("theme") == "Santé")]
        wanted.append(next(item for item in found if item.kind == "objective"))
        for item in wanted:
            assert not accepted(desk, "port", item, {"nature": "droit_commun"})
        held = desk.dossier("port")
        perimeter, commune, *quartiers = sorted(held.territories, key=lambda place: place.code != "CONTRAT")
        assert (commune.code, commune.name, commune.parent) == ("PORT", "Port", perimeter.key)
        assert [(item.code, item.name, item.parent) for item in quartiers] == [
            ("QN05901M", "Le Bois", commune.key),
            ("QN05902M", "Le Lac", commune.key),
        ]
        assert [(item.value, item.vintage) for item in held.populations] == [
            (2650, date(2019, 1, 1)),
            (1540, date(2019, 1, 1)),
        ]
        assert [item.territory for item in held.engagement_territories] == [quartiers[1].key]
        assert held.objectives[0].territory == perimeter.key
        assert not any(item.kind == "territory" for item in proposals.fresh(held, found))


OTHERWISE = """CONTRAT DE VILLE 2024 – 2030

ENGAGEMENTS DE LA RÉGION

Action 1.1 : Soutenir l’insertion des jeunes
Pilote : Région
Moyens : droit commun et crédits spécifiques
Indicateur : nombre de jeunes accompagnés ; situation initiale 120 (2023) ; objectif 200 en 2027.

ENGAGEMENTS DE LA CAF

Fiche n° 3 : Ouvrir des places d’accueil
Indicateur : Places ouvertes ; départ 40 (fin 2023) ; cible 60 places d’ici fin 2027. Suivi : trimestrielle.
"""
"""The same things as another town writes them: years alone, several means, numbers without letters."""


def test_a_contract_written_otherwise_is_read_without_a_silent_choice(tmp_path: Path) -> None:
    (tmp_path / "cadre.txt").write_text(OTHERWISE, encoding="utf-8")
    proposed = proposals.read(tmp_path / "cadre.txt")
    bases.create_blank(
        tmp_path / "base.db", {"name": "Contrat de ville du Bassin", "code": "bassin"}, now=NOW
    )
    with opening.open_base(tmp_path / "base.db") as base:
        desk = desk_on(base, NOW.date())
        proposals.begin(desk, "bassin", proposed.found, proposed.source)
        assert [item.code for item in desk.dossier("bassin").partners] == ["REGION", "CAF"]
        asked = {proposals.title(item): set(accepted(desk, "bassin", item)) for item in proposed.found}
        # Two natures are said, and how a year counts is not: neither is supposed, and the theme is left to be said.
        assert asked["Soutenir l’insertion des jeunes"] == {"nature"}
        assert asked["nombre de jeunes accompagnés"] == {"mesure"}
        assert asked["Ouvrir des places d’accueil"] == {"nature"}
        assert asked["Places ouvertes"] == set()
        (places,) = desk.dossier("bassin").objectives
        assert (places.start_date, places.target_date, places.frequency) == (
            date(2023, 12, 31),
            date(2027, 12, 31),
            "trimestrielle",
        )
        young = next(item for item in proposed.found if item.values.get("unit") == "jeunes")
        assert not accepted(desk, "bassin", young, {"mesure": "flux"})
        held = desk.dossier("bassin").objectives[-1]
        assert (held.start_value, held.start_date, held.target_value, held.target_date) == (
            120,
            date(2023, 12, 31),
            200,
            date(2027, 12, 31),
        )


def proposal(kind: str, **values: str) -> Proposal:
    return Proposal(kind, values, "passage", 1, "raison")


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (
            proposal(
                "engagement", label="Ouvrir", partner="Bpifrance", theme="Emploi", nature="droit_commun"
            ),
            "Partenaire\u202f: Bpifrance – Banque publique d’investissement\u202f; Thématique\u202f: Emploi\u202f;"
            " Nature\u202f: Droit commun.",
        ),
        (
            proposal("engagement", label="Ouvrir", partner="Inconnu", theme="Emploi"),
            "Thématique\u202f: Emploi. À préciser\u202f: Partenaire et Nature.",
        ),
        (
            proposal(
                "objective",
                label="Clubs",
                partner="BPI",
                sens="suivi",
                mesure="stock",
                start_value="12",
                start_date="31/12/2023",
            ),
            "Partenaire\u202f: Bpifrance – Banque publique d’investissement\u202f; Territoire\u202f: Hauts-de-France"
            " (région) (non dit)\u202f; Mesure\u202f: Un niveau à une date\u202f; Fréquence des relevés\u202f: Annuelle (non"
            " dit). Son départ, 12 au 31/12/2023, entre comme relevé.",
        ),
        (
            proposal("territory", name="Le Lac"),
            "Rangé sous\u202f: Hauts-de-France (région) (non dit)\u202f; Code\u202f: LE-LAC (non dit, en attendant le code"
            " officiel).",
        ),
    ],
)
def test_what_is_chosen_is_told_with_what_the_text_does_not_say(item: Proposal, told: str) -> None:
    held = invented.dossier()
    assert proposal_forms.told(held, item, proposal_forms.filled(held, item)) == told


def test_what_the_contract_lacks_comes_after_what_it_has() -> None:
    held = replace(invented.dossier(), themes=tuple(usual_themes("k", lambda code: f"theme {code}")))
    named = [
        ("CAF", "Emploi"),
        ("MISSION LOCALE", "Emploi"),
        ("caf", "emploi"),
        ("BPI", "Pêche"),
        ("", "Chasse"),
    ]
    partners, themes, places = proposals.lacking(
        held, [proposal("engagement", partner=partner, theme=theme) for partner, theme in named]
    )
    assert [(item.code, item.name, item.rank) for item in partners] == [
        ("CAF", "Caf", 4),
        ("ML", "Mission locale", 5),
    ]
    known = len(held.themes)
    assert [(item.name, item.rank - known) for item in themes] == [("Pêche", 1), ("Chasse", 2)]
    assert places == []


def test_a_start_that_comes_before_its_target_is_kept_as_it_is() -> None:
    kept = {"start_date": "31/12/2023", "target_date": "31/12/2027"}
    for words in ({}, kept, {"start_date": "bientôt", "target_date": "31/12/2023"}):
        assert undated(words) == {}
    assert undated({"start_date": "31/12/2027", "target_date": "31/12/2023"})["start_date"] == ""
