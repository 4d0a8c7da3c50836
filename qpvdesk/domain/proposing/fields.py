"""The fields of a fiche, however a document titles them and sets them out: « Porteur », « Pilote : », a row of two cells."""

from __future__ import annotations

import re

from qpvdesk.domain.french import fold

LABEL, PLACES, BUDGET = "Intitulé", "Quartiers", "Budget"
_TITLES = {
    LABEL: "intitule|intitule de l'action|titre de l'action|nom de l'action|action",
    "Thématique": "thematique|thematiques",
    "Pilote": "pilote|pilotes|porteur|porteur de l'action|porteur du projet|maitre d'ouvrage|responsable|chef de file",
    "Copilote": "copilote|copilotes|co-pilote|co-pilotes",
    "Moyens": "moyens|nature des moyens|nature des credits",
    PLACES: "quartier|quartiers|quartiers concernes|territoire|territoires|territoires concernes|lieu|lieux|localisation"
    "|quartiers ou communes concernes",
    "Indicateur": "indicateur|indicateurs|indicateur de resultat|indicateurs de resultat|indicateur de suivi"
    "|indicateurs de suivi|indicateurs d'evaluation|indicateur d'evaluation",
    "Valeur de départ": "valeur de depart|valeur initiale|situation initiale|etat initial|situation de depart",
    "Cible": "cible|valeur cible|objectif chiffre|cible visee",
    "Échéance": "echeance|date cible",
    "Suivi": "suivi|frequence|periodicite|frequence de suivi",
    BUDGET: "budget|budget previsionnel|montant|cout|cout previsionnel",
}
_KNOWN = {title: name for name, titles in _TITLES.items() for title in titles.split("|")}
_TOLD = re.compile(r"(?P<title>[^\W\d][^:\t]{1,40}?)\s?(?:\t|: | {3,})\s*(?P<words>\S.*)")
_SIGNS = (": ", "\t", "   ")
_OTHER_CELLS = re.compile(r"\t| {2,}|^(?:habitants?|population)\b", re.IGNORECASE)
"""What tells that a row is of a table of several columns, or its titles."""


def field_in(text: str) -> tuple[str, str]:
    """Return the field that a line tells and its words; both empty where it tells none."""
    found = _TOLD.fullmatch(text) if any(sign in text for sign in _SIGNS) else None
    name = _KNOWN.get(fold(found["title"]).replace("’", "'").strip(" *-•"), "") if found else ""
    if found is None or not name or _OTHER_CELLS.search(found["words"]):
        return "", ""
    return name, found["words"].strip()


def as_told(text: str) -> str:
    """Return a line as a field of a fiche is read: « Pilote : Mission locale »; itself where it tells none, or several."""
    name, words = field_in(text)
    several = re.search(r"\.\s+[^\W\d][^.:]{1,40}\s?: ", words)
    return f"{name} : {words}" if name and not several and ";" not in words else text
