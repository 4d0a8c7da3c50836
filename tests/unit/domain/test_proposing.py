"""What a text promises is proposed with its passage; what does not agree in it is said. A past fact promises nothing."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from qpvdesk import paths
from qpvdesk.domain.french import fold, format_date, format_number
from qpvdesk.domain.model import Mesure
from qpvdesk.domain.proposing import Proposal, propose
from qpvdesk.domain.proposing.blanks import fill_partner
from qpvdesk.domain.proposing.declining import declined
from qpvdesk.domain.proposing.figures import noun_or_sign
from qpvdesk.domain.proposing.measuring import mesure_of
from qpvdesk.domain.proposing.naming import contract_name, perimeter_name
from qpvdesk.domain.proposing.passage import passage_in
from qpvdesk.domain.proposing.proposal import LINE_CHARACTERS_MAX, lines_of
from qpvdesk.domain.proposing.stated import still_to_do
from qpvdesk.services.contracts import contract_files
from qpvdesk.storage.keys import starter_key

SHARED = Path(__file__).parents[4] / "shared"
INVENTED = SHARED / "cases" / "contract" / "contrat-val-ardeze.txt"
SEED = SHARED / "seed" / "annexes-contrat-de-ville-lens-lievin.txt"
TEXT = """
3. ENGAGEMENTS : MISSION LOCALE DU PAYS D’OULCHE

Fiche-action ML-01. Parrainer les jeunes des deux quartiers.
Thématique : Insertion. Pilote : Mission locale. Copilote : Ville.
  Indicateur : Jeunes parrainés ; valeur de départ 40 (31/12/2023) ; cible 75 jeunes au
  31/12/2027. Suivi : annuelle.
  Indicateur : Délai d’accueil ; valeur de départ 45 (31/12/2026) ; cible 20 jours au 31/12/2025. Suivi : mensuelle.

- Ouvrir une permanence le samedi

Objectif 2028 : 12 ateliers et 300 participants accueillis
En 2022, la mission a permis de recevoir 900 jeunes d’ici la fin du plan.
L’ambition est d’accompagner 1 200 nouveaux apprentis d’ici 2029.
Les moyens portés à 3,5 M€ de 2024 à 2027 couvrent les salaires.

Les trois antennes : le centre, la gare et le port.
Les quatre antennes concernées : le centre, la gare et le port.
En 2023, 250 jeunes sur 1 000 suivis, soit 30 %, sont des quartiers.
Le fonds s’élève à 900 000 € : 500 000 € pour la ville, 300 000 € pour l’agglomération.

Tableau 1. Guichets à ouvrir (un guichet pour 2 000 habitants)
Quartier     Habitants   Guichets
Le Port      4 100       3
La Gare      5 000       2
Total                    5
"""


@pytest.fixture(scope="module")
def found() -> list[Proposal]:
    return propose([TEXT])


def of(found: list[Proposal], kind: str) -> list[Proposal]:
    return [item for item in found if item.kind == kind]


def test_an_engagement_has_its_code_its_partner_and_its_thematique(found: list[Proposal]) -> None:
    first, second = of(found, "engagement")
    assert first.values == {
        "partner": "MISSION LOCALE DU PAYS D’OULCHE", "code": "ML-01", "label": "Parrainer les jeunes des deux quartiers",
        "theme": "Insertion", "copilots": "Ville",
    }  # fmt: skip
    assert second.values["label"] == "Ouvrir une permanence le samedi"


def test_an_objective_has_its_start_target_unit_and_dates(found: list[Proposal]) -> None:
    parrainage, delai, *others = of(found, "objective")
    assert parrainage.values == {
        "label": "Jeunes parrainés", "frequency": "annuelle", "partner": "MISSION LOCALE DU PAYS D’OULCHE",
        "engagement": "ML-01", "sens": "hausse", "unit": "jeunes", "start_value": "40", "start_date": "31/12/2023",
        "target_value": "75", "target_date": "31/12/2027",
    }  # fmt: skip
    assert parrainage.doubt == ""
    assert "31/12/2025" in delai.doubt
    assert delai.values["sens"] == "baisse"
    read = [(item.values["target_value"], item.values["unit"], item.values["target_date"]) for item in others]
    assert read == [
        ("12", "ateliers", "31/12/2028"),
        ("300", "participants", "31/12/2028"),
        ("1\u202f200", "apprentis", "31/12/2029"),
    ]


def test_money_is_a_means(found: list[Proposal]) -> None:
    (money,) = of(found, "funding")
    assert [money.values[name] for name in ("amount", "unit", "first_year", "last_year")] == [
        "3,5",
        "M€",
        "2024",
        "2027",
    ]


def test_figures_of_figures_say_what_does_not_agree(found: list[Proposal]) -> None:
    doubts = [item.doubt for item in of(found, "statement")]
    assert len(doubts) == 7
    assert sorted(filter(None, doubts)) == [
        "250 sur 1 000 font 25 %, et non 30 %.",
        "La Gare\u202f: la règle donne 3, le tableau dit 2.",
        "Les 2 parties font 800\u202f000 €, et non 900 000 €.",
        "Quatre annoncés, 3 énumérés.",
    ]


def test_each_has_its_passage_and_its_reason(found: list[Proposal]) -> None:
    flat = " ".join(TEXT.split())
    for item in found:
        assert item.reason.endswith(".")
        assert " ".join(item.passage.split()) in flat


@pytest.mark.skipif(not INVENTED.exists(), reason="le contrat inventé n’est pas auprès du code")
def test_the_goal_is_held_on_the_invented_contract() -> None:
    found = propose([INVENTED.read_text(encoding="utf-8")])
    book = openpyxl.load_workbook(INVENTED.with_suffix(".xlsx"))
    head, *rows = book["Objectifs"].iter_rows(values_only=True)
    partners = {row[0]: row[1] for row in book["Partenaires"].iter_rows(min_row=2, values_only=True)}
    objectives = {fold(item.values["label"]): item.values for item in of(found, "objective")}
    right = 0
    quantified = [dict(zip(head, row, strict=True)) for row in rows if row[11] is not None]
    for row in quantified:
        read = objectives.get(fold(row["Libellé"]), {})
        day = format_date(row["Date cible"].date()) if row["Date cible"] else ""
        share = isinstance(row["Valeur cible"], float) and row["Unité"] == "%" and row["Valeur cible"] < 1
        target = str(row["Valeur cible"]).removesuffix(" %").replace(".", ",")
        target = str(round(row["Valeur cible"] * 100)) if share else target
        right += (
            read.get("target_value", "").replace("\u202f", "") == target
            and read.get("target_date", "") == day
            and read.get("unit", "") == (row["Unité"] or "")
            and fold(read.get("partner", "")) == fold(partners[row["Partenaire"]])
        )
    assert right >= 0.9 * len(quantified)
    assert len(of(found, "engagement")) == 60
    assert sum(bool(item.doubt) for item in found) >= 6


@pytest.mark.skipif(not SEED.exists(), reason="le document public n’est pas auprès du code")
def test_the_goal_is_held_on_the_public_document() -> None:
    dossier = contract_files.load(paths.resource("contracts/lens-lievin"), key_of=starter_key)
    found = [
        item for item in propose([SEED.read_text(encoding="utf-8")]) if item.kind in ("objective", "funding")
    ]
    wanted = [item for item in dossier.objectives if item.target_value is not None and not item.is_context]
    used: set[int] = set()
    for objective in wanted:
        assert objective.target_value is not None
        target = format_number(objective.target_value)
        for rank, item in enumerate(found):
            amount = item.values.get("target_value", item.values.get("amount", ""))
            near = item.values.get("unit", "")[:3].lower() == objective.unit[:3].lower()
            if rank not in used and amount == target and near:
                used.add(rank)
                break
    assert len(used) >= 0.8 * len(wanted)
    assert len(found) - len(used) < len(found) / 4


@pytest.mark.parametrize(
    ("years", "read"),
    [
        ("2024-2030", ("01/01/2024", "31/12/2030")), ("2026-2026", ("01/01/2026", "31/12/2026")),
        ("2030-2024", (None, None)),
    ],
)  # fmt: skip
def test_the_years_of_a_contract_are_read_where_they_follow_one_another(
    years: str, read: tuple[str | None, str | None]
) -> None:
    said = f"Contrat de ville {years} du Val d’Ardèze, signé le 12 mars 2024"
    (found,) = (item.values for item in propose([said]) if item.kind == "contract")
    assert ((found.get("start"), found.get("end")), found["signed_on"]) == (read, "12/03/2024")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (
            "Communauté d’agglomération du Val",
            "Contrat de ville de la Communauté d’agglomération du Val",
        ),
        ("MÉTROPOLE DU LAC", "Contrat de ville de la Métropole du lac"),
        ("L’agglomération de Lens", "Contrat de ville de l’Agglomération de Lens"),
        ("Convention cadre", ""),
    ],
)
def test_a_document_names_the_town_of_its_contract(line: str, name: str) -> None:
    assert contract_name([f"CONTRAT DE VILLE 2024-2030\n{line}\nPréambule"]) == name


@pytest.mark.parametrize(
    ("contract", "name"),
    [
        ("Contrat de ville de l'Île-d'Abeau", "Île-d'Abeau"),
        ("Contrat de ville 2024-2030 d'Annecy", "Annecy"),
        ("Contrat de ville de La Rochelle", "La Rochelle"),
        ("CONTRAT DE VILLE DE LENS", "LENS"),
        ("Contrat de ville de la Métropole du Lac", "Métropole du Lac"),
        ("Agglo du Lac", "Agglo du Lac"),
    ],
)
def test_a_place_is_named_without_the_article_of_its_contract(contract: str, name: str) -> None:
    """« l'Île-d'Abeau » was listed with its small article, and « Rochelle » without its own."""
    assert perimeter_name(contract) == name


@pytest.mark.parametrize(
    ("label", "engagement", "from_nothing", "mesure"),
    [
        ("Clubs aidés dans l’année", "", False, Mesure.FLUX),
        ("Jeunes parrainés", "Parrainer 90 jeunes par an", False, Mesure.FLUX),
        ("Délai moyen de traitement", "", False, Mesure.STOCK),
        ("Patrouilles par semaine", "", False, Mesure.STOCK),
        ("Centres ouverts", "", True, Mesure.STOCK),
        ("Logements réhabilités à Bellevue et au Parc", "", True, Mesure.CUMUL),
        ("Enfants suivis par le programme", "", False, None),
        ("Part des heures d’insertion", "", False, None),
    ],
)
def test_how_a_figure_counts_is_told_by_its_words_or_not_at_all(
    label: str, engagement: str, from_nothing: bool, mesure: Mesure | None
) -> None:
    assert mesure_of(label, engagement, from_nothing=from_nothing, yes_or_no=False) is mesure


@pytest.mark.parametrize(
    ("sentence", "whose"),
    [
        ("Un budget ARS de 2,5 M€ est prévu chaque année.", "ARS"),
        ("L’enveloppe de la CAF atteint 300 k€ d’ici 2027.", "CAF"),
        ("Un budget QPV de 1 M€ est prévu.", "MISSION LOCALE"),
    ],
)
def test_a_sum_that_says_whose_it_is_is_not_of_the_chapter_it_stands_in(sentence: str, whose: str) -> None:
    found = propose([f"2. ENGAGEMENTS : MISSION LOCALE\n\n{sentence}\n"])
    assert [item.values["partner"] for item in found if item.kind == "funding"] == [whose]


def test_the_chapter_of_the_means_is_of_no_partner_and_counts_nothing_twice() -> None:
    text = TEXT + (
        "\n4. MOYENS\n\nLes crédits du programme s’élèvent à 90 000 € par an : 50 000 € pour l’école, 40 000 € pour\n"
        "le sport.\nL’office verse 30 000 € d’abattement par an : 10 000 € pour Mission locale du Pays d’Oulche et\n"
        "20 000 € pour Mission locale du Pays d’Oulche.\nCes montants valent sous réserve du vote du budget.\n"
    )
    found = propose([text])
    sums = [
        (item.values.get("partner", ""), item.values["amount"], bool(item.doubt))
        for item in of(found, "funding")[1:]
    ]
    ml = "MISSION LOCALE DU PAYS D’OULCHE"
    assert sums == [("", "90 000", True), (ml, "10 000", True), (ml, "20 000", True)]
    (reserve,) = of(found, "condition")
    assert reserve.values == {"text": "Ces montants valent sous réserve du vote du budget."}


def test_places_are_read_with_their_communes_and_an_objective_has_its_own() -> None:
    text = (
        "CONTRAT DE VILLE 2024-2030\nAnnexe signée le 31/02/2024\nConvention signée le 12 avril 2024\n"
        "Les communes de Port-Louis, Gare et Le Bois sont membres.\n"
        "Code QPV      Quartier          Commune          Habitants (2019)\n"
        "QN05901M      Les Tilleuls      Gare             2 650\n"
        "QN05902M      Le Parc           Gare, Le Bois    1 540\n\n"
        "ENGAGEMENTS : VILLE\n\nFiche-action V-01. Réhabiliter.\nMoyens : droit commun. Quartiers : Les Tilleuls, Le Parc.\n"
        "  Indicateur : Logements aux Tilleuls ; valeur de départ 0 (01/01/2024) ; cible 20 logements au 31/12/2027.\n"
        "  Indicateur : Vacance du parc ; valeur de départ 8 (01/01/2024) ; cible 4 % au 31/12/2027.\n"
    )
    found = propose([text])
    (contract,) = of(found, "contract")
    assert contract.values == {"start": "01/01/2024", "end": "31/12/2030", "signed_on": "12/04/2024"}
    places = [item.values for item in of(found, "territory")]
    assert [place["name"] for place in places] == ["Port-Louis", "Gare", "Le Bois", "Les Tilleuls", "Le Parc"]
    assert (places[4]["parent"], places[4]["links"]) == ("Gare", "Gare\nLe Bois")
    (engagement,) = of(found, "engagement")
    assert engagement.values["nature"] == "droit_commun"
    assert [item.values.get("territory", "") for item in of(found, "objective")] == ["Les Tilleuls", ""]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("valeur de départ 900 k€ (2023) ; cible 1,2 M€ d’ici à 2027", ("0,9", "1,2", "M€", "31/12/2027", "hausse")),
        ("valeur de départ 16 (fin 2023) ; cible 20 à 22 postes au T4 2026",
         ("16", "entre 20 et 22", "postes", "31/12/2026", "intervalle")),
        ("valeur de départ 16 ; cible entre 20 et 22 postes en 2026",
         ("16", "entre 20 et 22", "postes", "31/12/2026", "intervalle")),
        ("valeur de départ 3 (2023) ; cible 1 pour 1 500 habitants au 1er septembre 2026",
         ("3", "1 pour 1 500 habitants", "", "01/09/2026", "")),
        ("valeur de départ 185 tonnes (déc. 2023) ; cible −20 % en juin 2026",
         ("185", "−20 %", "tonnes", "30/06/2026", "baisse")),
        ("valeur de départ 12 (2023) ; cible 2026 : 22 postes", ("12", "22", "postes", "31/12/2026", "hausse")),
        ("cible 22 postes ; échéance : 31/12/2026", ("", "22", "postes", "31/12/2026", "hausse")),
        ("valeur de départ 12 (2023) ; cible 20 postes à la rentrée 2026", ("12", "20", "postes", "rentrée 2026", "hausse")),
        ("valeur de départ 12 (2023) ; cible 60 places de crèche au moins en 2028",
         ("12", "60", "places", "31/12/2028", "hausse")),
        ("valeur de départ 12 (2023) ; cible 10 jours maximum en 2028", ("12", "10", "jours", "31/12/2028", "baisse")),
        ("valeur de départ 0 (2023) ; cible 20 nouvelles places en 2028", ("0", "20", "places", "31/12/2028", "hausse")),
        ("valeur de départ 12 (2023) ; cible 60 jeunes suivis en 2028", ("12", "60", "jeunes", "31/12/2028", "hausse")),
    ],
)  # fmt: skip
def test_a_figure_is_read_as_people_write_it(said: str, read: tuple[str, ...]) -> None:
    """A day that can be read in two ways stays in its words: the form asks for it."""
    (item,) = propose([f"Indicateur : Ce qui est suivi ; {said}. Suivi : annuelle."])
    names = ("start_value", "target_value", "unit", "target_date", "sens")
    assert tuple(item.values.get(name, "") for name in names) == read
    assert item.doubt == ""


def test_an_objective_of_another_unit_is_no_part_of_the_one_before() -> None:
    whole = Proposal(
        "objective", {"label": "Logements", "unit": "logements", "target_value": "30"}, "", 1, "Objectif."
    )
    parts = [
        replace(
            whole,
            values={
                **whole.values,
                "label": f"Logements – {place}",
                "territory": place,
                "target_value": "15",
            },
        )
        for place in ("Nord", "Sud")
    ]
    assert [item.values.get("parent") for item in declined([whole, *parts])] == [None, *["Logements"] * 2]
    euros = [replace(item, values={**item.values, "unit": "€"}) for item in parts]
    assert not any(item.values.get("parent") for item in declined([whole, *euros]))


@pytest.mark.parametrize(
    ("said", "unread"),
    [
        ("valeur de départ 1.248 (31/12/2023) ; cible 2.500 places au 31/12/2026", "1.248"),
        (
            "valeur de départ 12 (2023) ; cible 60 places supplémentaires au 31/12/2026",
            "60 places supplémentaires",
        ),
        ("valeur de départ 12 (2023) ; cible 22 postes en 2026, 40 en 2030", "22 postes en 2026, 40 en 2030"),
        (
            "valeur de départ 12 (2023) ; cible 2026 : 22 postes ; cible 2030 : 40 postes",
            "cible 2026 : 22 postes",
        ),
        ("valeur de départ 12 en 2022 et 14 en 2023 ; cible 22 postes en 2026", "12 en 2022 et 14 en 2023"),
        ("valeur de départ 1 h 30 (2023) ; cible 45 minutes en 2026", "1 h 30"),
        ("valeur de départ 3 sur 5 (2023) ; cible 5 sur 5 en 2026", "5 sur 5"),
        ("valeur de départ 0,078 (2023) ; cible 4 % en 2026", "0,078"),
        ("valeur de départ 1,2 million (2023) ; cible 800 000 € en 2026", "1,2 million"),
        ("valeur de départ environ 12 (2023) ; cible une vingtaine en 2026", "une vingtaine"),
        ("valeur de départ 12 (2023) ; cible 20-22 postes", "20-22"),
        ("valeur de départ environ 12 (2023) ; cible 20 à 22 postes en 2026", "environ 12"),
        ("valeur de départ 12 (hors QPV) ; cible 20 postes en 2026", "12 (hors QPV)"),
        ("valeur de départ 12 (2023) ; cible 20 à 22 postes par mois", "par mois"),
        *(
            (f"valeur de départ 12 (2023) ; cible 60 {words}", words)
            for words in (
                "places tous les trois mois",
                "places chaque mois",
                "places une année sur deux",
                "places chacun",
                "chacun",
                "places maximum",
                "places cumulées en 2028",
                "places nouvelles en 2028",
                "nouvelles places",
                "places hors QPV en 2028",
                "places sous trois ans",
                "places en trois ans",
                "places dans les trois ans",
                "places à la fin du contrat",
                "places tous les deux ans au 31/12/2028",
            )
        ),
    ],
)
def test_what_is_not_read_for_sure_is_no_figure(said: str, unread: str) -> None:
    (item,) = propose([f"Indicateur : Ce qui est suivi ; {said}. Suivi : annuelle."])
    assert item.doubt.startswith("À préciser")
    assert unread in item.doubt
    assert "sens" not in item.values
    assert not {"start_value", "target_value"} <= item.values.keys()


@pytest.mark.parametrize(
    "sentence",
    [
        "L’objectif est de porter de 900 k€ à 1,2 M€ les crédits d’ici 2027.",
        "L’objectif est de recruter entre 20 et 22 médiateurs d’ici 2027.",
        "L’objectif est de recruter 1 médiateur pour 1 500 habitants d’ici 2030.",
        "L’objectif est de créer 1.248 places d’ici 2030.",
        "L’objectif est d’ouvrir 60 places supplémentaires d’ici le 31/12/26.",
        "Recrutement de 20 à 22 médiateurs.",
        "Objectif 2028 : 1.248 ateliers",
        "Indicateur : Clubs aidés (32 en 2023, 40 en 2027). Suivi : annuelle.",
    ],
)
def test_a_sentence_of_two_figures_proposes_none(sentence: str) -> None:
    (item,) = of(propose([sentence]), "objective")
    assert item.doubt.startswith("À préciser")
    assert not {"start_value", "target_value", "sens"} & item.values.keys()


def test_a_target_by_year_counts_by_year_and_lines_of_one_indicator_are_joined() -> None:
    joined = (
        "Indicateur : Postes pourvus\nValeur de départ : 16 (31/12/2023)\nCible : 22 postes au 31/12/2026\n"
    )
    yearly = "Indicateur : Logements réhabilités ; valeur de départ 0 (2023) ; cible 40 logements {} jusqu’en 2030."
    posts, *every = (
        item.values
        for item in propose(
            [
                "\n".join(
                    [
                        joined,
                        *map(yearly.format, ("par an", "/ an", "tous les ans", "chaque année", "(annuel)")),
                    ]
                )
            ]
        )
    )
    assert (posts["label"], posts["start_value"], posts["target_value"]) == ("Postes pourvus", "16", "22")
    read = {(homes["mesure"], homes["target_value"], homes["target_date"]) for homes in every}
    assert (len(every), read) == (5, {("flux", "40", "31/12/2030")})


def test_a_sum_and_a_target_cut_where_a_line_ends_are_read_whole() -> None:
    text = (
        "1. ENGAGEMENTS : RIVE HABITAT\n\nIndicateur : Part du parc vacant ;\nvaleur de départ\n12 (31/12/2023) ; cible 8\n"
        "% au 31/12/2027. Suivi : annuelle.\nIndicateur : Logements ; cible 20 logements au 31/12/2027.\n\n"
        "2. ENGAGEMENTS : LOGIS DU LAC\n\nLes deux bailleurs consacrent 610 000 € d’abattement :\n"
        "412 000 € pour Rive Habitat et 188 000\n€ pour Logis du Lac.\n"
    )
    found = propose([text])
    targets = [(item.values["target_value"], item.values["unit"]) for item in of(found, "objective")]
    assert targets == [("8", "%"), ("20", "logements")]
    sums = [(item.values["partner"], item.values["amount"]) for item in of(found, "funding")]
    assert sums == [("RIVE HABITAT", "412 000"), ("LOGIS DU LAC", "188 000")]


def test_what_lines_and_pages_cut_is_read_whole() -> None:
    """A name after its article, a place after a comma, a number at its space, fields over a page too."""
    pages = [
        "3. ENGAGEMENTS : ÉTAT\n\nFiche-action E-01. Étendre la cité éducative aux collèges de Varenne et de La\n"
        "Forge.\nThématique : Éducation. Moyens : droit commun. Quartiers ou communes concernés : Varenne, La\n",
        "Forge. Pilote : État. Copilote :\nAgglomération.\n\n"
        "La Mission locale a accompagné en 2023 1 248 jeunes sur 3\n900 suivis, soit 34 % de son public.",
    ]
    found = propose(pages)
    (engagement,) = (item for item in found if item.kind == "engagement")
    assert engagement.page == 1
    assert engagement.values["label"] == "Étendre la cité éducative aux collèges de Varenne et de La Forge"
    assert engagement.values["territories"] == "Varenne\nLa Forge"
    assert engagement.values["copilots"] == "Agglomération"
    assert "1 248 jeunes sur 3 900" in next(item.passage for item in found if item.kind == "statement")


@pytest.mark.parametrize(
    ("between", "engagement", "partner"),
    [
        ("Thématique : Emploi.", "ML-01", "MISSION LOCALE"),
        ("Fiche n° 2", None, "MISSION LOCALE"),
        ("4. ENGAGEMENTS : VILLE DU PORT", None, "VILLE DU PORT"),
        ("ENGAGEMENTS DE LA CAF", None, "CAF"),
        ("5. LES MOYENS", None, None),
    ],
)
def test_what_comes_after_the_next_number_or_chapter_is_not_of_the_engagement_before(
    between: str, engagement: str | None, partner: str | None
) -> None:
    text = f"""
3. ENGAGEMENTS : MISSION LOCALE

Fiche-action ML-01. Parrainer les jeunes des deux quartiers.

{between}

  Indicateur : Jeunes parrainés ; valeur de départ 40 (31/12/2023) ; cible 75 jeunes au 31/12/2027.
"""
    (found,) = (item for item in propose([text]) if item.kind == "objective")
    assert (found.values.get("engagement"), found.values.get("partner")) == (engagement, partner)


@pytest.mark.parametrize("left", ["Postes restants", "Reste à ouvrir", "Places restantes"])
@pytest.mark.parametrize(
    "row", ["Le Port      n.d.       2", "Le Port      4       –", "Le Port      *       *"]
)
def test_a_row_without_its_two_figures_counts_for_nothing(left: str, row: str) -> None:
    text = f"""
Quartier        Postes ouverts    {left}
{row}
La Gare      5       2
Le Lac      1*       1
"""
    found = [item.values for item in still_to_do(list(lines_of([text])))]
    assert [(item["label"], item["start_value"], item["target_value"]) for item in found] == [
        ("Postes ouverts, La Gare", "5", "7"),
        ("Postes ouverts, Le Lac", "1", "2"),
        ("Postes ouverts, ensemble", "6", "9"),
    ]


def test_a_table_that_counts_two_things_says_of_neither_what_is_left() -> None:
    text = """
Quartier     Postes ouverts    Postes restants    Places ouvertes    Places restantes
Le Port      4                 2                  30                 10
La Gare      5                 2                  20                 10
"""
    assert list(still_to_do(list(lines_of([text])))) == []


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        (" euros.", "€"), ("euro", "€"), ("milliers d’euros", "k€"), ("million d'euros", "M€"), ("millions d’euros", "M€"),
        ("milliard d’euros", "Md€"), ("milliards d’euros par an", "Md€"), ("% des jeunes", "%"), ("k€ par an", "k€"),
        ("M€", "M€"), ("€", "€"), ("les nouveaux postes", "postes"), ("adultes-relais", "adultes-relais"), ("", ""),
    ],
)  # fmt: skip
def test_the_words_after_a_number_give_its_unit(words: str, unit: str) -> None:
    assert noun_or_sign(words) == unit


def test_a_passage_of_one_indicator_is_read_and_of_two_none_is_chosen() -> None:
    one = "Places ; valeur de départ 12 (31/12/2023) ; cible 60 places au 31/12/2028."
    values, doubt = passage_in(f"Indicateur : {one}")
    assert (values["label"], values["start_value"], values["target_value"], doubt) == (
        "Places",
        "12",
        "60",
        "",
    )
    assert passage_in(f"{one}\nIndicateur : Postes ; cible 3 postes au 31/12/2028.") == ({}, "")
    assert passage_in("Places") == ({}, "")


def test_a_table_of_tabulations_gives_its_quartiers() -> None:
    """As a document of Word gives it: the empty cells keep their places."""
    table = (
        "Code QPV\tQuartier\tCommune\tHabitants (2019)\n"
        "QN07191M\tLes Tilleuls\t\t4 210\nQN07191M\tEncore\t\t4\nQN07195M\tLe Parc\tMontclair\t2 120"
    )
    quartiers = [item.values for item in propose([table]) if item.values.get("level") == "qpv"]
    assert [(item["name"], item.get("parent", ""), item["inhabitants"], item["vintage"]) for item in quartiers] == [
        ("Les Tilleuls", "", "4\u202f210", "01/01/2019"), ("Le Parc", "Montclair", "2\u202f120", "01/01/2019"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("L’État s’engage à porter le nombre de postes d’adultes-relais de 16 fin 2023 à 22 fin 2026.",
         ("Nombre de postes d’adultes-relais", "postes", "16", "31/12/2023", "22", "31/12/2026", "hausse")),
        ("Le nombre de patrouilles de proximité sera doublé d’ici 2026 (12 par semaine en 2023).",
         ("Nombre de patrouilles de proximité", "patrouilles", "12", "31/12/2023", "24", "31/12/2026", "hausse")),
        ("Le taux de vacance sera ramené de 7,8 % à moins de 4 % en 2027.",
         ("Taux de vacance", "%", "7,8", "", "4", "31/12/2027", "baisse")),
        ("Le délai d’accueil passera de 52 à 30 jours.", ("Délai d’accueil", "jours", "52", "", "30", "", "baisse")),
        ("La Mission locale accompagnera chaque année 1 248 jeunes des quartiers (1 020 en 2023).",
         ("La Mission locale accompagnera", "jeunes", "1\u202f020", "31/12/2023", "1\u202f248", "", "hausse")),
        ("Le bailleur réhabilitera 640 logements entre 2024 et 2030, dont 320 aux Tilleuls.",
         ("Le bailleur réhabilitera", "logements", "", "", "640", "31/12/2030", "hausse")),
        ("Une baisse de 20 % des dépôts sauvages est visée d’ici fin 2027 (185 tonnes en 2023).",
         ("Une baisse", "tonnes", "185", "31/12/2023", "−20 %", "31/12/2027", "baisse")),
        ("Les bailleurs planteront 1 200 arbres avant le 31 décembre 2030.",
         ("Les bailleurs planteront", "arbres", "", "", "1\u202f200", "31/12/2030", "hausse")),
    ],
)  # fmt: skip
def test_a_plain_sentence_proposes_what_it_promises(sentence: str, read: tuple[str, ...]) -> None:
    (item,) = of(propose([sentence]), "objective")
    label, *told = read
    fields = ("unit", "start_value", "start_date", "target_value", "target_date", "sens")
    assert item.values["label"].startswith(label)
    assert [item.values.get(name, "") for name in fields] == told
    assert not item.doubt


@pytest.mark.parametrize(
    "sentence",
    [
        "Un tiers des parcours sera réservé aux habitants à l’horizon 2025, contre 27,5 % en 2023.",
        "Entre 20 et 22 médiateurs seront recrutés avant le 31 décembre 2027.",
        "L’ARS recrutera de 20 à 22 médiateurs.",
    ],
)
def test_a_plain_sentence_that_is_not_read_for_sure_is_asked(sentence: str) -> None:
    (item,) = of(propose([sentence]), "objective")
    assert item.doubt.startswith("À préciser")
    assert not {"start_value", "target_value", "sens"} & item.values.keys()


@pytest.mark.parametrize(
    "sentence",
    [
        "En 2023, la Mission locale a accompagné 1 020 jeunes.",
        "Le comité de pilotage se réunira deux fois par an.",
        "Les habitants seront associés, conformément à la loi de 2014.",
        "Le point d’accueil sera ouvert de 8 h à 18 h.",
        "Les enfants de 3 à 6 ans seront accueillis.",
        "La convention s’achèvera le 31 décembre 2030.",
        "La réunion se tiendra le 12 avril, et fermera à 18 heures.",
        "Le groupe se réunira tous les 3 mois.",
    ],
)
def test_a_sentence_without_a_promised_figure_proposes_nothing(sentence: str) -> None:
    assert of(propose([sentence]), "objective") == []


def test_a_sum_and_what_it_is_made_of_are_one_means() -> None:
    sentence = "L’agglomération mobilise 4,2 M€ sur 2025-2028 pour rénover le centre, dont 900 k€ de l’ANRU."
    (means,) = (item.values for item in propose([sentence]) if item.kind == "funding")
    assert (means["amount"], means["unit"], means["first_year"], means["last_year"]) == (
        "4,2",
        "M€",
        "2025",
        "2028",
    )
    assert means["label"] == "Rénover le centre"
    assert "credit" not in means


def test_the_credits_of_the_programme_147_are_those_of_the_politique_de_la_ville() -> None:
    (means,) = (item.values for item in propose(["Les crédits du programme 147 s’élèvent à 900 k€ en 2025."]))
    assert means["credit"] == "credits_specifiques"


def test_a_text_that_never_ends_a_sentence_is_read_in_pieces() -> None:
    """A paragraph without an end is cut where none is so long: each line is looked at once, not with all those before."""
    lines = list(lines_of(["et encore des mots sans point, \n" * 3000]))
    assert len(lines) > 20
    assert max(len(line.text) for line in lines) <= LINE_CHARACTERS_MAX
    assert sum(len(line.text) for line in lines) > 90_000


FICHES = """
Fiche action n° 1
Intitulé de l’action\tOuvrir deux maisons de quartier
Thématique\tParticipation
Porteur\tVille de Saint-Maurin
Quartiers concernés\tLes Tilleuls, Bellevue
Indicateurs\tNombre de maisons de quartier ouvertes
Situation initiale\t0 (2023)
Cible\t2 maisons en 2027
Budget prévisionnel\t450 000 €

Fiche-action ML-02
Intitulé : Former les jeunes
Pilote : Mission locale
Indicateur : Jeunes formés ; valeur de départ 30 (2023) ; cible 80 jeunes en 2026
"""


def test_a_fiche_set_out_as_a_table_of_two_columns_is_read_by_its_titles() -> None:
    found = propose([FICHES])
    first, second = (item.values for item in of(found, "engagement"))
    assert (first["label"], first["partner"], first["theme"]) == (
        "Ouvrir deux maisons de quartier", "Ville de Saint-Maurin", "Participation",
    )  # fmt: skip
    assert first["territories"] == "Les Tilleuls\nBellevue"
    assert (second["code"], second["label"], second["partner"]) == (
        "ML-02",
        "Former les jeunes",
        "Mission locale",
    )
    houses, young = (item.values for item in of(found, "objective"))
    assert (houses["label"], houses["start_value"], houses["target_value"], houses["target_date"]) == (
        "Nombre de maisons de quartier ouvertes", "0", "2", "31/12/2027",
    )  # fmt: skip
    assert (houses["engagement"], houses["partner"]) == (first["label"], "Ville de Saint-Maurin")
    assert (young["engagement"], young["partner"], young["target_value"]) == ("ML-02", "Mission locale", "80")
    (budget,) = (item.values for item in found if item.kind == "funding")
    assert (budget["amount"], budget["engagement"], budget["partner"]) == (
        "450 000", first["label"], "Ville de Saint-Maurin",
    )  # fmt: skip
    assert {item.section for item in of(found, "objective")} == {"Fiche action n° 1", "Fiche-action ML-02"}


@pytest.mark.parametrize(
    ("said", "amount", "unit"),
    [
        ("2 millions d’euros", "2", "M€"), ("1,5 M€", "1,5", "M€"), ("450 000 euros", "450 000", "€"),
        ("450 k€", "450", "k€"),
    ],
)  # fmt: skip
def test_the_budget_of_a_fiche_has_its_unit(said: str, amount: str, unit: str) -> None:
    found = propose([FICHES.replace("450 000 €", said)])
    (budget,) = (item.values for item in found if item.kind == "funding")
    assert (budget["amount"], budget["unit"]) == (amount, unit)


def test_the_titles_of_a_table_are_no_field_of_a_fiche() -> None:
    table = "Quartier   Habitants   Places\nLes Tilleuls   4 210   3\nQuartier\tHabitants"
    text = f"Fiche-action E-01. Ouvrir une maison.\n{table}"
    (engagement,) = of(propose([text]), "engagement")
    assert "territories" not in engagement.values


@pytest.mark.parametrize(
    ("name", "short", "engagement", "code"),
    [
        ("Communauté d’agglomération du Val d’Ardèze", "Agglomération", "", "CAVA"),
        ("Communauté d’agglomération du Val d’Ardèze", "Agglomération", "AGGLO-E01", "AGGLO"),
        ("Caisse d’allocations familiales", "CAF", "", "CAF"), ("Mission locale du Val", "Mission locale", "", "ML"),
        ("Agglomération", "Agglomération", "", "AGGLOMER"),
    ],
)  # fmt: skip
def test_a_partner_without_code_has_that_of_its_short_name_or_its_initials(
    name: str, short: str, engagement: str, code: str
) -> None:
    words = {"name": name, "short_name": short}
    fill_partner(words, engagement=engagement, taken=())
    assert words["code"] == code
