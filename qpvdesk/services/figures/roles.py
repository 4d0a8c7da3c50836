"""What the title of a column says that the column is, and what of it is left unexplained."""

from __future__ import annotations

import re
from enum import StrEnum

from qpvdesk.domain import french, periods
from qpvdesk.spreadsheets.columns import bare, unit_of


class Role(StrEnum):
    """What a column is to the reader of a file."""

    INDICATOR = "indicateur"
    VALUE = "valeur"
    DAY = "date"
    TERRITORY = "territoire"
    SOURCE = "source"
    COMMENT = "commentaire"
    PROVISIONAL = "provisoire"
    NUMERATOR = "numerateur"
    DENOMINATOR = "denominateur"
    KIND = "type de valeur"
    UNIT = "unite"
    OTHER = "non lu"


_OTHER = re.compile(
    r"\b(?:cibles?|objectifs?(?! *$)|previsions?|previsionnel\w*|prevue?s?|estim\w+|projections?|projete\w*|populations?|"
    r"habitants?|evolutions?|variations?|ecarts?|rangs?|classement|tota(?:l|ux)|ensemble|moyennes?|cumuls?|tendances?|"
    r"avancement|progression|atteinte|deltas?|differences?|seuils?|poids|ponderation|coefficient|depart|initiale?s?|"
    r"precedente?s?|dernieres? valeurs?|anciennes?|attendue?s?|rappel|budget\w*|n-[0-9]|a atteindre|visee?s?|"
    r"taux de realisation|% de realisation|reste|bp|budget primitif)\b"
)
_TARGET = re.compile(r"\bobjectifs?\b")
_TITLES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(words))
    for role, words in (
        (Role.KIND, r"(?:type|nature) (?:de (?:la )?)?(?:valeur|donnee|mesure)s?|type_valeur|type"),
        (Role.UNIT, r"unites?(?: de mesure)?"),
        (Role.PROVISIONAL, r"provisoires?(?: \?)?|statut de la (?:donnee|valeur)|prov\.?"),
        (Role.NUMERATOR, r"numerateurs?|num"),
        (Role.DENOMINATOR, r"denominateurs?|denom|den"),
        (Role.SOURCE, r"sources?(?: .*)?|origine(?: .*)?|fournisseur"),
        (Role.COMMENT, r"(?:commentaire|observation|remarque|precision)s?(?: .*)?|notes?"),
        (
            Role.DAY,
            r"date|date (?:de (?:la )?(?:valeur|mesure|reference|situation|l'observation)|du releve|des (?:valeurs|donnees)"
            r"|si differente|d'observation|d'arrete|valeur)|date_valeur|jour|periode|annees?|mois|trimestres?|semestres?"
            r"|exercice|au|millesime|periode de (?:reference|mesure)",
        ),
        (Role.OTHER, r"date .*|echeances?|.*\bmise a jour|maj"),
        (
            Role.TERRITORY,
            r"territoires?|communes?|villes?|quartiers?|insee|qpv|lieux?|zone(?:_id)?|perimetre|echelle|localisation"
            r"|(?:code|nom|libelle)s?[ _](?:du |de la |des )?(?:commune|insee|qpv|quartier|territoire|geo\w*|postal|zone).*",
        ),
        (
            Role.INDICATOR,
            r"(?:codes?|ref\.?|references?|n°|identifiant\w*|id)(?: (?:de l'|d'|des? )?(?:objectif|indicateur|action)s?)?"
            r"|(?:indicateur|intitule|libelle|objectif|action|mesure)s?"
            r"|(?:nom|intitule|libelle)s? (?:de l'|d'|des? )?(?:indicateur|objectif|action|mesure)s?|identifiant_indic",
        ),
        (
            Role.VALUE,
            r"(?:nouvelle )?(?:valeur|donnee)s?"
            r"(?: (?:a saisir|actuelles?|realisees?|observees?|constatees?|relevees?|mesurees?))?"
            r"|realis(?:e|ee|es|ation|ations)|resultats?|montants?|chiffres?|nombres?|nb|effectifs?|quantites?|observee?s?"
            r"|constatee?s?|releves?|mesuree?s?|valeur_?\w*|reel|reels",
        ),
    )
)  # fmt: skip
KINDS = {
    "va": True, "valeur actuelle": True, "realise": True, "realisee": True, "reel": True, "constate": True, "observe": True,
    "actuelle": True, "valeur": True, "vi": False, "vc": False, "valeur initiale": False, "valeur cible": False,
    "cible": False, "initiale": False, "prevision": False, "previsionnel": False, "prevu": False, "objectif": False,
    "resultat": True, "resultats": True, "objectifs": False, "cibles": False,
    "estimation": False, "estime": False, "projection": False, "total": False, "attendu": False,
}  # fmt: skip
"""What rows say that their value is, folded, and whether it is a measurement."""
_VALUE_WORDS = re.compile(
    r"\b(?:valeurs?|donnees?|realis(?:e|ee|es|ees|ation)|resultats?|montants?|chiffres?|nombres?|nb|effectifs?|observee?s?"
    r"|constatee?s?|relevee?s?|mesuree?s?|reel|annees?|exercice|au|a|le|la|les|en|de|du|des|fin|situation|periode|date"
    r"|arretee?s?|nouvelle|actuelles?|saisir|ca|compte administratif)\b"
)


def role_of(title: str) -> Role | None:
    """The role that a whole title names; None where it is none that we know."""
    folded = french.fold(bare(title)).rstrip(" *:.?")
    for role, words in _TITLES:
        if words.fullmatch(folded):
            return role
    return Role.OTHER if not_read(folded) else None


def not_read(title: str) -> bool:
    """Whether a title names what must never be taken for a measurement unasked: a target, a forecast, a total."""
    folded = french.fold(title)
    return _OTHER.search(folded) is not None or (
        _TARGET.search(folded) is not None and folded.strip() != "objectif"
    )


def unexplained(title: str) -> str:
    """What is left of the title of a value once its period, its unit and the words of values are taken away, folded."""
    unit = unit_of(title)
    rest = periods.rest(title)
    if unit:
        rest = re.sub(
            rf"\(?\b(?:en )?{re.escape(french.fold(unit))}(?!\w)\)?|\(?{re.escape(french.fold(unit))}\)?",
            " ",
            rest,
        )
    return _VALUE_WORDS.sub(" ", rest).strip(" .,:;()[]-/'*°0123456789")
