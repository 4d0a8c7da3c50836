"""What is consolidated, declared once: tables, columns and their French comments. Both targets are made from it."""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum

import msgspec
from msgspec import Struct

from qpvdesk.storage.exchange.ledger import OPERATION_COLUMNS

Value = str | int | float | bool | None
Row = tuple[Value, ...]
"""One value a column. A day is ISO text (`2026-06-30`)."""


class Form(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DAY = "day"
    FLAG = "flag"


class Column(Struct, frozen=True):
    """One column: its name, what it holds, what it means in French."""

    name: str
    form: Form
    comment: str


class Table(Struct, frozen=True):
    """One table. Its first column is the key of the contract; a `dated` one has the day of the state second."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    dated: bool = False


def _columns(*rows: tuple[str, Form, str], dated: bool = False) -> tuple[Column, ...]:
    first = [("contrat", Form.TEXT, "Clé du contrat.")]
    if dated:
        first.append(("date_etat", Form.DAY, "Date de la situation."))
    return tuple(Column(*row) for row in (*first, *rows))


_T, _I, _N, _D, _F = Form.TEXT, Form.INTEGER, Form.NUMBER, Form.DAY, Form.FLAG

CONTRACTS = Table(
    "contrat",
    "Les contrats de ville consolidés.",
    _columns(
        ("code", _T, "Code du contrat."),
        ("nom", _T, "Nom du contrat."),
        ("epci", _T, "SIREN de l’intercommunalité."),
        ("region", _T, "Code de la région (R32), ou « inconnue »."),
        ("departement", _T, "Code du département (D62), ou « inconnu »."),
        ("debut", _D, "Début du contrat."),
        ("fin", _D, "Fin du contrat."),
        ("signe_le", _D, "Jour de la signature."),
        ("fictif", _F, "Vrai pour un exemple, dont aucun chiffre n’est à citer."),
    ),
)
PARTNERS = Table(
    "partenaire",
    "Les partenaires de chaque contrat.",
    _columns(
        ("code", _T, "Code."), ("nom", _T, "Nom."), ("nom_court", _T, "Nom d’usage."), ("rang", _I, "Ordre.")
    ),
)
PLACES = Table(
    "lieu",
    "Les lieux de chaque contrat ; leurs contours sont en degrés (WGS 84).",
    _columns(
        ("code", _T, "Code INSEE, SIREN ou QPV."),
        ("nom", _T, "Nom."),
        ("niveau", _T, "Niveau (commune, qpv…)."),
        ("contenu_dans", _T, "Code du lieu sous lequel il est rangé."),
        ("contour", _T, "Contour, en JSON compact de polygones ; vide s’il n’est pas connu."),
    ),
)
OBJECTIVES = Table(
    "objectif",
    "Les objectifs et indicateurs : ce qui est promis, et à quelle échelle.",
    _columns(
        ("code", _T, "Code."),
        ("partenaire", _T, "Code du partenaire."),
        ("engagement", _T, "Code de l’engagement qu’il chiffre."),
        ("libelle", _T, "Ce qui est promis."),
        ("thematique", _T, "Thématique."),
        ("territoire", _T, "Code du lieu."),
        ("echelle", _T, "Échelle : rien ne s’additionne d’une échelle à l’autre."),
        ("unite", _T, "Unité."),
        ("sens", _T, "Ce qui est voulu (hausse, baisse, plancher…)."),
        ("role", _T, "Promesse ou contexte."),
        ("mesure", _T, "Stock, flux ou part."),
        ("valeur_initiale", _N, "Valeur de départ."),
        ("date_initiale", _D, "Date du départ."),
        ("valeur_cible", _N, "Cible."),
        ("date_cible", _D, "Échéance."),
        ("parent", _T, "Code de l’objectif qu’il décline."),
        ("reference", _T, "Code de l’objectif auquel il est comparé."),
    ),
)
ASSESSMENTS = Table(
    "evaluation",
    "Où en est chaque objectif à chaque date, tel que « etat » le dit.",
    _columns(
        ("objectif", _T, "Code de l’objectif."),
        ("statut", _T, "Statut."),
        (
            "groupe",
            _T,
            "a_traiter, a_renseigner ou va_bien ; vide pour ce qui ne se compte pas (suivi, déclinaison).",
        ),
        ("valeur_actuelle", _N, "Valeur ; vide si elle n’est pas connue, jamais zéro."),
        ("date_valeur", _D, "Date de la valeur."),
        ("age_jours", _I, "Âge de la valeur, en jours."),
        ("taux_avancement", _N, "Part du chemin fait (1 = cible)."),
        ("taux_attendu", _N, "Part du chemin attendue à cette date."),
        ("valeur_attendue", _N, "Valeur attendue."),
        ("ecart", _N, "Écart à la borne, à la cible ou à la référence, dans l’unité."),
        ("indice", _N, "Valeur rapportée à la référence."),
        ("tenu", _F, "Pour ce qui se fait ou ne se fait pas : si c’est fait."),
        ("raison", _T, "Pourquoi aucun taux n’est donné."),
        ("tendance", _T, "Hausse, baisse ou stable, par les relevés."),
        ("tendance_sens", _T, "Si c’est mieux ou moins bien."),
        ("a_demander", _F, "Si un chiffre est à demander : jamais donné, ou trop ancien."),
        dated=True,
    ),
    dated=True,
)
POINTS = Table(
    "point_attention",
    "Les points d’attention de chaque contrat à chaque date.",
    _columns(
        ("point", _T, "Identifiant stable du point."),
        ("genre", _T, "Règle qui l’a trouvé."),
        ("objet", _T, "Code de ce dont il parle."),
        ("titre", _T, "Nom de la règle."),
        ("message", _T, "Le constat."),
        ("remede", _T, "Que faire."),
        ("pris_en_compte", _F, "Si l’agent l’a pris en compte."),
        ("nature", _T, "Ce que le document dit mal ; vide pour une alerte, telle qu’« etat » la donne."),
        dated=True,
    ),
    dated=True,
)
FUNDINGS = Table(
    "moyens",
    "Les moyens de chaque contrat ; des montants de stades différents ne s’additionnent pas.",
    _columns(
        ("code", _T, "Code."),
        ("partenaire", _T, "Code du partenaire."),
        ("objet", _T, "Ce qu’ils paient."),
        ("premiere_annee", _I, "Première année."),
        ("derniere_annee", _I, "Dernière année."),
        ("montant", _N, "Montant, dans son unité."),
        ("unite", _T, "EUR ou ETP."),
        ("stade", _T, "Prévu, engagé ou payé."),
        ("nature", _T, "Fonctionnement ou investissement."),
        ("credit", _T, "Droit commun ou crédits spécifiques."),
    ),
)
DECISIONS = Table(
    "decision",
    "Ce que les comités ont décidé.",
    _columns(
        ("reunion", _T, "Code de la réunion."),
        ("date_reunion", _D, "Jour de la réunion."),
        ("rang", _I, "Ordre dans la réunion."),
        ("decision", _T, "Ce qui est décidé."),
        ("porteur", _T, "Qui la porte, par fonction."),
        ("echeance", _D, "Pour quand."),
        ("etat", _T, "À faire, en cours, faite ou abandonnée."),
        ("en_retard", _F, "Si elle est échue à la dernière date calculée."),
    ),
)
MEASUREMENTS = Table(
    "releve",
    "Les relevés de chaque contrat, avec leur source.",
    _columns(
        ("objectif", _T, "Code de l’objectif."),
        ("date_releve", _D, "Date du relevé."),
        ("valeur", _N, "Valeur."),
        ("provisoire", _F, "Si elle est provisoire."),
        ("source", _T, "Source."),
    ),
)
TABLES = (
    CONTRACTS, PARTNERS, PLACES, OBJECTIVES, ASSESSMENTS, POINTS, FUNDINGS, DECISIONS, MEASUREMENTS,
)  # fmt: skip

OPERATIONS = Table(
    "operation",
    "Le journal : qui a écrit quoi, et quand. Une ligne ne change que si son texte est effacé.",
    tuple(
        Column(name, form, comment)
        for name, (form, comment) in zip(
            OPERATION_COLUMNS,
            (
                (_T, "Clé de qui a écrit, la même dans toutes ses bases."),
                (_I, "Numéro de l’opération, de un en un pour chaque auteur."),
                (_T, "Nom sous lequel il signe."),
                (_I, "Heure du poste, jamais reculée : elle ordonne ce que plusieurs ont écrit."),
                (_T, "Clé de l’acte : ce qui a été fait d’un seul geste."),
                (_T, "Ce que l’acte a fait, en mots."),
                (_T, "Jour et heure de l’acte."),
                (_T, "Acte, annulation, rétablissement ou reprise d’un paquet."),
                (_T, "Ce qui a changé : contract, objective, measurement…"),
                (_T, "Clé de ce qui a changé."),
                (_T, "Champ qui a changé ; vide pour une création ou un retrait."),
                (_T, "Valeur écrite ; vide quand elle a été ôtée."),
                (_T, "Auteur de l’opération dont la valeur est remplacée."),
                (_I, "Numéro de l’opération dont la valeur est remplacée."),
            ),
            strict=True,
        )
    ),
)
"""The journal of a family of bases, as `ledger.operations` gives it."""
DECLARED = hashlib.sha256(msgspec.json.encode((*TABLES, OPERATIONS))).hexdigest()[:16]
"""Changes with any table: what was consolidated before is made again."""

Results = dict[str, list[Row]]
"""The rows of one contract, by name of table; every table is there."""


class State(Struct, frozen=True):
    """What the rows of a contract were made from: the state of its base, and the days that were reckoned."""

    state: str
    days: tuple[date, ...]
