"""A contract's folder is loaded whole, or refused by the name of the file, of the item and of the field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import (
    Aggregation,
    Budget,
    Citation,
    Credit,
    Dossier,
    Level,
    Mesure,
    Nature,
    Sens,
    Stage,
    StatementKind,
    Thresholds,
)
from qpvdesk.services.contracts import contract_files, folder_in
from qpvdesk.services.contracts.contract_files import load

NARROW = "\u202f"

HEAD = """
format = 1
[contrat]
code = "essai"
nom = "Contrat d’essai"
epci = "200000008"
debut = 2024-01-01
fin = 2030-12-31
seuils = { avance = "0,20", conforme = "-0,05", surveiller = "-0,15" }
[[document]]
code = "ANNEXES"
titre = "Annexes"
[[document]]
code = "AVENANT"
titre = "Avenant"
date = 2025-06-01
[[territoire]]
code = "62001"
nom = "Ville-Haute"
niveau = "commune"
parent = "200000008"
[[territoire]]
code = "200000008"
nom = "Agglomération"
niveau = "epci"
   [[territoire.population]]
   perimetre = "qpv"
   valeur = 12345
   date = 2023-12-31
   citation = { rubrique = "Tableau", repere = "12 345" }
[[etablissement]]
code = "COL-HAUT"
nom = "Collège Haut"
territoire = "62001"
genre = "college"
label = "REP+"
[[reference]]
code = "REF-1"
libelle = "Délibération cadre"
partenaire = "AG"
date = 2023-10-05
vote = "3 pour, 0 contre"
"""

PARTNER = """
[partenaire]
code = "AG"
nom = "Agence d’essai"
nom_court = "Agence"
rang = 2
[[condition]]
texte = "Sous réserve des crédits"
citation = { rubrique = "Préambule", repere = "Sous réserve" }
[[engagement]]
code = "AG-E01"
libelle = "Ouvrir des postes"
thematique = "sante"
nature = "droit_commun"
echeance = 2027-12-31
territoire = "200000008"
territoires = ["62001"]
conditions = ["Accord du comité"]
citation = { document = "AVENANT", rubrique = "Postes", repere = "40 postes" }
   [[engagement.objectif]]
   code = "AG-O01"
   libelle = "Postes ouverts"
   territoire = "200000008"
   unite = "postes"
   sens = "hausse"
   valeur_initiale = 21
   date_initiale = 2023-12-31
   valeur_cible = 40
   date_cible = 2027-12-31
   agregation = "somme"
   jalons = [ { date = 2025-12-31, valeur = 30 } ]
   [[engagement.objectif]]
   code = "AG-O02"
   libelle = "Postes ouverts à Ville-Haute"
   thematique = "emploi"
   territoire = "62001"
   unite = "postes"
   sens = "hausse"
   valeur_cible = 7
   parent = "AG-O01"
[[objectif]]
code = "AG-O03"
libelle = "Part des quartiers dans la demande"
thematique = "emploi"
territoire = "200000008"
unite = "%"
sens = "suivi"
releves = [ { date = 2023-12-31, valeur = "16,4", numerateur = 164, denominateur = 1000, provisoire = true } ]
[[objectif]]
code = "AG-O04"
libelle = "Part des quartiers dans les entrées"
thematique = "emploi"
territoire = "200000008"
unite = "%"
sens = "parite"
mesure = "flux"
reference = "AG-O03"
[[financement]]
code = "AG-F01"
libelle = "Appel à projets"
annee_debut = 2024
annee_fin = 2026
montant = 2500000.50
unite = "EUR"
credits = "credits_specifiques"
engagement = "AG-E01"
[[enonce]]
code = "AG-S01"
genre = "formule"
libelle = "Postes"
valeur = 40
formule = "a + b"
objectif = "AG-O01"
operandes = [ { nom = "a", valeur = 21, libelle = "Ouverts" }, { nom = "b", valeur = 19 } ]
"""

Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Write:
    """Write the two files, each change being an old text and the new one that takes its place."""

    def write(*changes: tuple[str, str]) -> Path:
        files = {"contrat.toml": HEAD, "AG.toml": PARTNER}
        for old, new in changes:
            assert sum(text.count(old) for text in files.values()) == 1, old
            files = {name: text.replace(old, new) for name, text in files.items()}
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def _load(folder: Path) -> Dossier:
    return load(folder, key_of=lambda name: name)


def _refused(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        _load(folder)
    assert caught.value.remedy
    return caught.value.message


# What is loaded


def test_the_contract_and_its_documents_are_read(folder: Write) -> None:
    loaded = _load(folder())

    contract = loaded.contract
    assert (contract.code, contract.name, contract.epci) == ("essai", "Contrat d’essai", "200000008")
    assert (contract.start, contract.end, contract.signed_on) == (date(2024, 1, 1), date(2030, 12, 31), None)
    assert contract.thresholds == Thresholds(Decimal("0.20"), Decimal("-0.05"), Decimal("-0.15"))
    assert [(d.code, d.issued_on) for d in loaded.documents] == [
        ("ANNEXES", None),
        ("AVENANT", date(2025, 6, 1)),
    ]


def test_a_place_follows_the_one_that_holds_it(folder: Write) -> None:
    loaded = _load(folder())

    assert [place.code for place in loaded.territories] == ["200000008", "62001"]
    assert loaded.territories[1].parent == loaded.territories[0].key
    assert loaded.territories[1].level == Level.COMMUNE
    (population,) = loaded.populations
    assert (population.territory, population.perimeter) == (loaded.territories[0].key, "qpv")
    assert (population.value, population.vintage) == (Decimal(12345), date(2023, 12, 31))
    assert population.citation == Citation(loaded.documents[0].key, "Tableau", "12 345")


def test_a_partner_without_a_short_name_goes_by_its_name_or_where_it_is_long_by_its_code(
    folder: Write,
) -> None:
    """A whole official name stood in every narrow column, and page one took two pages."""
    long = "Direction départementale de l’emploi, du travail et des solidarités"
    for name, told in (("Agence d’essai", "Agence d’essai"), (long, "AG")):
        asked = ('nom = "Agence d’essai"\nnom_court = "Agence"', f'nom = "{name}"')
        (partner,) = _load(folder(asked)).partners
        assert (partner.name, partner.short_name) == (name, told)


def test_an_establishment_and_a_legal_reference_are_read(folder: Write) -> None:
    loaded = _load(folder())

    (college,) = loaded.establishments
    assert (college.name, college.kind, college.label) == ("Collège Haut", "college", "REP+")
    assert college.territory == loaded.territories[1].key
    (reference,) = loaded.legal_references
    assert (reference.partner, reference.dated) == (loaded.partners[0].key, date(2023, 10, 5))
    assert reference.vote == "3 pour, 0 contre"


def test_an_engagement_brings_its_places_and_its_conditions(folder: Write) -> None:
    loaded = _load(folder())

    (engagement,) = loaded.engagements
    assert (engagement.theme, engagement.nature) == ("sante", Nature.DROIT_COMMUN)
    assert (engagement.due, engagement.territory) == (date(2027, 12, 31), loaded.territories[0].key)
    assert engagement.citation == Citation(loaded.documents[1].key, "Postes", "40 postes")
    (place,) = loaded.engagement_territories
    assert (place.engagement, place.territory) == (engagement.key, loaded.territories[1].key)
    assert [(c.text, c.engagement) for c in loaded.conditions] == [
        ("Sous réserve des crédits", None),
        ("Accord du comité", engagement.key),
    ]


def test_objectives_refer_to_one_another_and_keep_what_is_open(folder: Write) -> None:
    loaded = _load(folder())

    posts, declined, share, parity = loaded.objectives
    assert (posts.start_value, posts.target_value) == (Decimal(21), Decimal(40))
    assert (posts.start_date, posts.target_date) == (date(2023, 12, 31), date(2027, 12, 31))
    assert (posts.sens, posts.mesure, posts.aggregation) == (Sens.HAUSSE, Mesure.STOCK, Aggregation.SOMME)
    assert (posts.theme, declined.theme) == ("sante", "emploi")
    assert (declined.parent, declined.start_value, declined.target_date) == (posts.key, None, None)
    assert (parity.reference, parity.mesure, parity.engagement) == (share.key, Mesure.FLUX, None)
    (milestone,) = loaded.milestones
    assert (milestone.objective, milestone.day, milestone.value) == (
        posts.key,
        date(2025, 12, 31),
        Decimal(30),
    )


def test_a_figure_keeps_its_digits_whether_written_as_a_number_or_as_people_do(folder: Write) -> None:
    loaded = _load(folder())

    (measured,) = loaded.measurements
    assert (str(measured.value), measured.numerator, measured.denominator) == (
        "16.4",
        Decimal(164),
        Decimal(1000),
    )
    assert measured.provisional
    (funding,) = loaded.fundings
    assert funding.amount == Decimal("2500000.50")


def test_a_funding_and_a_statement_are_read(folder: Write) -> None:
    loaded = _load(folder())

    (funding,) = loaded.fundings
    assert (funding.first_year, funding.last_year, funding.unit) == (2024, 2026, "EUR")
    assert (funding.budget, funding.credit, funding.stage) == (
        Budget.NON_PRECISE,
        Credit.CREDITS_SPECIFIQUES,
        Stage.PREVU,
    )
    assert funding.engagement == loaded.engagements[0].key
    (statement,) = loaded.statements
    assert (statement.kind, statement.value, statement.formula) == (
        StatementKind.FORMULE,
        Decimal(40),
        "a + b",
    )
    assert [(o.rank, o.name, o.value, o.label) for o in loaded.operands] == [
        (1, "a", Decimal(21), "Ouverts"),
        (2, "b", Decimal(19), ""),
    ]


def test_two_loads_are_equal_and_every_key_is_its_own(folder: Write) -> None:
    path = folder()

    one, other = _load(path), _load(path)

    assert one == other
    keys = [
        item.key
        for items in (
            one.documents, one.territories, one.populations, one.establishments, one.legal_references,
            one.partners, one.engagements, one.engagement_territories, one.conditions, one.objectives,
            one.milestones, one.measurements, one.fundings, one.statements, one.operands,
        )
        for item in items
    ]  # fmt: skip
    assert len(keys) == len(set(keys)) == 22
    assert all(key.startswith("essai/") for key in keys)


# What is refused: file, item, field and reason


FAULTS = {
    "unknown field": (
        ("rang = 2", "rangs = 2"),
        "AG.toml",
        "le fichier, partenaire",
        "rangs",
        "n’existe pas",
    ),
    "unknown field of a citation": (
        ('repere = "40 postes"', 'marque = "x", repere = "40 postes"'),
        "AG.toml",
        "AG-E01, citation",
        "marque",
        "n’existe pas",
    ),
    "unknown table": (
        ("[[etablissement]]", "[[ecole]]"),
        "contrat.toml",
        "le fichier",
        "ecole",
        "n’existe pas",
    ),
    "missing field": (('libelle = "Postes ouverts"\n', ""), "AG.toml", "AG-O01", "libelle", "manque"),
    "missing code": (
        ('code = "AG-F01"\n', ""),
        "AG.toml",
        "le fichier, financement n°\u202f1",
        "code",
        "manque",
    ),
    "empty text": (('nom = "Collège Haut"', 'nom = " "'), "contrat.toml", "COL-HAUT", "nom", "manque"),
    "missing contract": (("[contrat]", "[contrats]"), "contrat.toml", "le fichier", "contrat", "manque"),
    "missing partner": (("[partenaire]", "[partenaires]"), "AG.toml", "le fichier", "partenaire", "manque"),
    "unknown format": (
        ("format = 1", "format = 2"),
        "contrat.toml",
        "le fichier",
        "format",
        "seul le format 1",
    ),
    "text for a year": (
        ("annee_debut = 2024", 'annee_debut = "2024"'),
        "AG.toml",
        "AG-F01",
        "annee_debut",
        "nombre entier",
    ),
    "number for a text": (
        ('nom = "Ville-Haute"', "nom = 7"),
        "contrat.toml",
        "62001",
        "nom",
        "un texte est attendu",
    ),
    "true for a number": (
        ("valeur_cible = 40", "valeur_cible = true"),
        "AG.toml",
        "AG-O01",
        "valeur_cible",
        "nombre",
    ),
    "number for true": (
        ("provisoire = true", "provisoire = 1"),
        "AG.toml",
        "AG-O03, releves n°\u202f1",
        "provisoire",
        "true",
    ),
    "text for a table": (
        ('citation = { rubrique = "Préambule", repere = "Sous réserve" }', 'citation = "Préambule"'),
        "AG.toml",
        "le fichier, condition n°\u202f1",
        "citation",
        "table",
    ),
    "text for a list": (
        ('territoires = ["62001"]', 'territoires = "62001"'),
        "AG.toml",
        "AG-E01",
        "territoires",
        "liste",
    ),
    "list of numbers": (
        ('["Accord du comité"]', "[3]"),
        "AG.toml",
        "AG-E01",
        "conditions",
        "liste de textes",
    ),
    "one place twice": (('["62001"]', '["62001", "62001"]'), "AG.toml", "AG-E01", "territoires", "deux fois"),
    "words for a number": (
        ("valeur_cible = 40", 'valeur_cible = "beaucoup"'),
        "AG.toml",
        "AG-O01",
        "valeur_cible",
        "beaucoup",
    ),
    "not a number": (
        ("valeur_cible = 40", "valeur_cible = nan"),
        "AG.toml",
        "AG-O01",
        "valeur_cible",
        "nombre",
    ),
    "date written as a text": (
        ("date_cible = 2027-12-31", 'date_cible = "31/12/2027"'),
        "AG.toml",
        "AG-O01",
        "date_cible",
        "31/12/2027",
    ),
    "date with an hour": (
        ("date_cible = 2027-12-31", "date_cible = 2027-12-31T08:00:00"),
        "AG.toml",
        "AG-O01",
        "date_cible",
        "sans heure",
    ),
    "missing date": (
        ("{ date = 2025-12-31, valeur", "{ valeur"),
        "AG.toml",
        "AG-O01, jalons n°\u202f1",
        "date",
        "manque",
    ),
    "unknown way": (
        ('sens = "parite"', 'sens = "egalite"'),
        "AG.toml",
        "AG-O04",
        "sens",
        "hausse, baisse, plancher, plafond, intervalle, parite, jalon, suivi",
    ),
    "unknown theme": (
        ('thematique = "sante"', 'thematique = "loisirs"'),
        "AG.toml",
        "AG-E01",
        "thematique",
        "cadre_de_vie",
    ),
    "unknown level": (
        ('niveau = "epci"', 'niveau = "ville"'),
        "contrat.toml",
        "200000008",
        "niveau",
        "France, Région",
    ),
    "unknown perimeter": (
        ('perimetre = "qpv"', 'perimetre = "ville"'),
        "contrat.toml",
        "200000008, population n°\u202f1",
        "perimetre",
        "totale, qpv",
    ),
    "unknown money": (('unite = "EUR"', 'unite = "sacs"'), "AG.toml", "AG-F01", "unite", "EUR, ETP"),
    "code taken": (('code = "AG-O02"', 'code = "AG-O01"'), "AG.toml", "AG-O01", "code", "déjà pris"),
    "unknown place": (
        ('territoire = "62001"\ngenre', 'territoire = "62999"\ngenre'),
        "contrat.toml",
        "COL-HAUT",
        "territoire",
        "62999",
    ),
    "unknown parent place": (
        ('parent = "200000008"', 'parent = "R99"'),
        "contrat.toml",
        "62001",
        "parent",
        "R99",
    ),
    "unknown place of an engagement": (
        ('["62001"]', '["62002"]'),
        "AG.toml",
        "AG-E01",
        "territoires",
        "62002",
    ),
    "unknown parent objective": (
        ('parent = "AG-O01"', 'parent = "AG-O09"'),
        "AG.toml",
        "AG-O02",
        "parent",
        "AG-O09",
    ),
    "unknown reference": (
        ('reference = "AG-O03"', 'reference = "AG-O09"'),
        "AG.toml",
        "AG-O04",
        "reference",
        "AG-O09",
    ),
    "unknown partner": (
        ('partenaire = "AG"', 'partenaire = "ARS"'),
        "contrat.toml",
        "REF-1",
        "partenaire",
        "ARS",
    ),
    "unknown engagement": (
        ('engagement = "AG-E01"', 'engagement = "AG-E09"'),
        "AG.toml",
        "AG-F01",
        "engagement",
        "AG-E09",
    ),
    "unknown objective of a statement": (
        ('objectif = "AG-O01"', 'objectif = "AG-O09"'),
        "AG.toml",
        "AG-S01",
        "objectif",
        "AG-O09",
    ),
    "unknown document": (
        ('document = "AVENANT"', 'document = "NOTE"'),
        "AG.toml",
        "AG-E01, citation",
        "document",
        "NOTE",
    ),
    "an objective is no engagement": (
        ('engagement = "AG-E01"', 'engagement = "AG-O01"'),
        "AG.toml",
        "AG-F01",
        "engagement",
        "AG-O01",
    ),
    "mark too long": (
        ('repere = "40 postes"', 'repere = "un deux trois quatre cinq six sept huit neuf"'),
        "AG.toml",
        "AG-E01, citation",
        "repere",
        "dépasse 8 mots",
    ),
    "target before start": (
        ("date_cible = 2027-12-31", "date_cible = 2022-12-31"),
        "AG.toml",
        "AG-O01",
        "date_cible",
        "précède",
    ),
    "parity with nothing": (('reference = "AG-O03"\n', ""), "AG.toml", "AG-O04", "reference", "parité"),
    "parity with itself": (
        ('reference = "AG-O03"', 'reference = "AG-O04"'),
        "AG.toml",
        "AG-O04",
        "reference",
        "lui-même",
    ),
    "parity in another unit": (
        ('reference = "AG-O03"', 'reference = "AG-O01"'),
        "AG.toml",
        "AG-O04",
        "reference",
        "postes",
    ),
    "followed figure with a target": (
        ('sens = "suivi"', 'sens = "suivi"\nvaleur_cible = 20'),
        "AG.toml",
        "AG-O03",
        "valeur_cible",
        "cible",
    ),
    "running total with a start": (
        ("valeur_initiale = 21", 'mesure = "cumul"\nvaleur_initiale = 21'),
        "AG.toml",
        "AG-O01",
        "valeur_initiale",
        "zéro",
    ),
    "circle of parents": (
        ('agregation = "somme"', 'parent = "AG-O02"'),
        "AG.toml",
        "AG-O01",
        "parent",
        "lui-même",
    ),
    "sum of nothing": (
        ('parent = "AG-O01"', 'agregation = "somme"'),
        "AG.toml",
        "AG-O01",
        "agregation",
        "déclinaison",
    ),
    "years in the wrong order": (
        ("annee_fin = 2026", "annee_fin = 2023"),
        "AG.toml",
        "AG-F01",
        "annee_fin",
        "précède",
    ),
    "contract that ends before it starts": (
        ("fin = 2030-12-31", "fin = 2023-12-31"),
        "contrat.toml",
        "le fichier, contrat",
        "fin",
        "la fin précède le début",
    ),
    "rule without a formula": (('formule = "a + b"\n', ""), "AG.toml", "AG-S01", "formule", "manque"),
    "rule of an unknown operand": (
        ('formule = "a + b"', 'formule = "a + c"'),
        "AG.toml",
        "AG-S01",
        "formule",
        f"la formule «{NARROW}c{NARROW}» ne peut pas être calculée",
    ),
    "rule that would run code": (
        ('formule = "a + b"', "formule = \"open('x')\""),
        "AG.toml",
        "AG-S01",
        "formule",
        "ne peut pas être calculée",
    ),
    "formula of a total": (
        ('genre = "formule"', 'genre = "total"'),
        "AG.toml",
        "AG-S01",
        "formule",
        "seul un énoncé",
    ),
    "rule with nothing to check": (("valeur = 40\n", ""), "AG.toml", "AG-S01", "valeur", "manque"),
    "operand without a value": (("valeur = 21, ", ""), "AG.toml", "AG-S01, a", "valeur", "n’a pas de valeur"),
    "operand twice": (('nom = "b"', 'nom = "a"'), "AG.toml", "AG-S01, a", "nom", "deux fois"),
    "share of nothing": (
        (
            'genre = "formule"\nlibelle = "Postes"\nvaleur = 40\nformule = "a + b"\nobjectif = "AG-O01"\n'
            'operandes = [ { nom = "a", valeur = 21, libelle = "Ouverts" }, { nom = "b", valeur = 19 } ]',
            'genre = "part"\nlibelle = "Postes"\nvaleur = 40\n'
            'operandes = [ { nom = "a", valeur = 21 }, { nom = "b", valeur = 0 } ]',
        ),
        "AG.toml",
        "AG-S01",
        "operandes",
        "n’est pas zéro",
    ),
    "one side of an equality": (
        (
            'genre = "formule"\nlibelle = "Postes"\nvaleur = 40\nformule = "a + b"\nobjectif = "AG-O01"\n'
            'operandes = [ { nom = "a", valeur = 21, libelle = "Ouverts" }, { nom = "b", valeur = 19 } ]',
            'genre = "egalite"\nlibelle = "Postes"\noperandes = [ { nom = "a", valeur = 21 } ]',
        ),
        "AG.toml",
        "AG-S01",
        "operandes",
        "au moins deux valeurs",
    ),
}


@pytest.mark.parametrize(("change", "file", "item", "name", "why"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_names_file_item_and_field(
    folder: Write, change: tuple[str, str], file: str, item: str, name: str, why: str
) -> None:
    message = _refused(folder(change))

    place, _, reason = message.partition(f", champ «{NARROW}{name}{NARROW}»{NARROW}: ")
    assert place == f"Le fichier {file} ne peut pas être lu{NARROW}: {item}"
    assert why in reason


def test_all_that_is_wrong_in_a_folder_is_told_at_once(folder: Write) -> None:
    path = folder(
        ('libelle = "Ouvrir des postes"', 'libele = "Ouvrir des postes"'),
        ("valeur_cible = 40", 'valeur_cible = "beaucoup"'),
        ('niveau = "commune"', "niveau = 3"),
        ('territoire = "62001"\ngenre', 'territoire = "99999"\ngenre'),
    )
    told = _refused(path).splitlines()
    for item, why in (
        ("62001", "un texte est attendu"),
        ("AG-E01, champ «\u202flibelle\u202f»", "ce champ manque"),
        ("AG-E01, champ «\u202flibele\u202f»", "n’existe pas"),
        ("AG-O01", "beaucoup"),
        ("COL-HAUT", "«\u202f99999\u202f» n’est le code ni le nom de rien"),
    ):
        assert [line for line in told if item in line and why in line], (item, told)
    assert len(told) == 5
    # What leads to something may lead to a file that cannot be read.
    (path / "ZZ.toml").write_text("[partenaire\n", encoding="utf-8")
    told = _refused(path).splitlines()
    assert len(told) == 5
    assert any("ZZ.toml" in line and "la ligne 1" in line for line in told)
    (path / "ZZ.toml").unlink()
    # What every field allows and the contract cannot be is told at once too.
    path = folder(
        ("date_cible = 2027-12-31", "date_cible = 2020-12-31"), ("fin = 2030-12-31", "fin = 2020-12-31")
    )
    assert {"la fin précède le début", "l’échéance précède la date de départ"} <= {
        why for line in _refused(path).splitlines() for why in (line.split("\u202f: ")[-1].rstrip("."),)
    }


def test_places_that_contain_one_another_are_refused(folder: Write) -> None:
    message = _refused(folder(('niveau = "epci"', 'niveau = "epci"\nparent = "62001"')))

    assert "contrat.toml" in message
    assert "62001, 200000008" in message


def test_a_fault_of_syntax_is_told_by_its_line(folder: Write) -> None:
    message = _refused(folder(("rang = 2", "rang 2")))

    assert (
        message
        == f"Le fichier AG.toml ne peut pas être lu{NARROW}: la ligne 6 (colonne 6) n’est pas du TOML."
    )


def test_a_day_that_does_not_exist_is_told_by_its_line(folder: Write) -> None:
    assert "la ligne 8" in _refused(folder(("fin = 2030-12-31", "fin = 2030-02-30")))


def test_a_file_cut_short_is_refused(folder: Write) -> None:
    message = _refused(folder(('{ nom = "b", valeur = 19 } ]', '{ nom = "b", valeur = 19 }')))

    assert "AG.toml" in message
    assert "TOML" in message


@pytest.mark.parametrize(
    ("content", "why"),
    [("a = " + "[" * 20_000, "s’emboîte sans fin"), ("a = " + "9" * 5_000, "un nombre y est démesuré")],
    ids=["brackets", "digits"],
)
def test_a_file_that_no_reader_can_end_is_refused(folder: Write, content: str, why: str) -> None:
    path = folder()
    (path / "AG.toml").write_text(content)

    assert why in _refused(path)


@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, "[]", '{"features": [{"properties": {"code": "62001"}}]}', '{"features": 3}'],
    ids=["brackets", "a list", "no vintage", "a number"],
)
def test_outlines_in_no_form_are_refused(folder: Write, content: str) -> None:
    path = folder()
    (path / "contours.geojson").write_text(content)

    assert "contours.geojson" in _refused(path)


@pytest.mark.parametrize("coordinate", ["NaN", "1e999", "181"])
def test_an_outline_that_lies_nowhere_is_refused(folder: Write, coordinate: str) -> None:
    path = folder()
    feature = (
        '{"properties": {"code": "62001", "millesime": "2024", "source": "ANCT"}, "geometry": {"type": "Polygon",'
        f' "coordinates": [[[{coordinate}, 50], [3, 50], [3, 51], [2, 50]]]}}}}'
    )
    (path / "contours.geojson").write_text(f'{{"features": [{feature}]}}')

    assert "contours.geojson est refusé" in _refused(path)


def test_a_folder_is_read_in_a_process_of_its_own(folder: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder()
    read = folder_in.read(path)
    # Its keys are new; the rest is what the files say.
    assert read.contract.code == _load(path).contract.code
    assert len(read.objectives) == len(_load(path).objectives)
    monkeypatch.setattr(contract_files, "load", lambda *_, **__: pytest.fail("read in the program itself"))
    assert folder_in.read(path).contract.code == read.contract.code


def test_a_file_in_another_encoding_is_refused(folder: Write) -> None:
    path = folder()
    (path / "AG.toml").write_text(PARTNER, encoding="latin-1", errors="replace")

    assert "UTF-8" in _refused(path)


def test_a_folder_without_its_contract_is_refused(tmp_path: Path) -> None:
    assert _refused(tmp_path) == "Le contrat n’a pas de fichier contrat.toml."


def test_a_mark_of_eight_words_is_admitted(folder: Write) -> None:
    mark = "un deux trois quatre cinq six sept huit"

    loaded = _load(folder(('repere = "40 postes"', f'repere = "{mark}"')))

    assert loaded.engagements[0].citation is not None
    assert loaded.engagements[0].citation.mark == mark


def test_a_number_is_one_word_of_a_mark(folder: Write) -> None:
    mark = "un deux trois quatre cinq six sept 149 827"

    loaded = _load(folder(('repere = "40 postes"', f'repere = "{mark}"')))

    assert loaded.engagements[0].citation is not None
    assert loaded.engagements[0].citation.mark == mark


def test_a_citation_needs_a_document(folder: Write) -> None:
    path = folder()
    bare = HEAD.replace("[[document]]", "[[x]]").split("[[x]]")
    (path / "contrat.toml").write_text(
        bare[0] + "[[territoire]]" + HEAD.split("[[territoire]]", 1)[1], encoding="utf-8"
    )

    assert "le contrat n’a pas de document" in _refused(path)


def test_a_name_leads_where_its_code_would(folder: Write) -> None:
    """A place, a document, a thématique by what they are called: the same contract, key for key."""
    by_code = _load(folder())
    by_name = _load(
        folder(
            ('parent = "200000008"', 'parent = "l’agglomération"'),
            ('territoires = ["62001"]', 'territoires = ["Ville-Haute"]'),
            ('citation = { document = "AVENANT"', 'citation = { document = "Avenant"'),
            ('partenaire = "AG"', 'partenaire = "Agence d’essai"'),
        )
    )
    assert by_name == by_code


def test_a_name_that_two_places_bear_is_refused_with_their_codes(folder: Write) -> None:
    double = '''[[etablissement]]
code = "COL-HAUT"'''
    other = f"""[[territoire]]
code = "62002"
nom = "Ville-Haute"
niveau = "commune"
{double}"""
    message = _refused(folder((double, other), ('territoires = ["62001"]', 'territoires = ["Ville-Haute"]')))
    assert "«\u202fVille-Haute\u202f» en nomme plusieurs (62001, 62002)" in message
