"""The words of the window that the glossary defines: their tooltip is its definition."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from qpvdesk.domain.french import fold
from qpvdesk.services.glossary import definition
from qpvdesk.ui.kit.tips import tip_more

_SAME = {
    "taux": "Taux d’avancement",
    "taux moyen": "Taux d’avancement",
    "avancement": "Taux d’avancement",
    "reference": "Parité",
    "ecart": "Parité",
    "indice": "Parité",
    "prov.": "Provisoire",
    "chiffre provisoire": "Provisoire",
    "valeur de depart": "Départ",
    "dernier releve": "Relevé",
    "nouvelle valeur": "Relevé",
    "arreter les donnees": "Arrêté des données",
    "objectifs": "Objectif quantifié",
    "objectif": "Objectif quantifié",
    "parite avec la part des habitants des quartiers": "Parité",
    "conditions": "Réserve",
    "confiee a": "Décision",
}
"""What the window calls a thing, and what the glossary does."""


def meaning(words: str) -> str:
    """Return what words of the window mean; empty where the glossary does not say."""
    term = " ".join(words.replace("&", "").split(",")[0].split(" (")[0].replace("*", "").split()).strip(" :…")
    term = _SAME.get(fold(term), term)
    return definition(term) or definition(term.removesuffix("s"))


def explain(widget: QWidget, term: str | None = None) -> QWidget:
    """Let a widget say what a term means, after what it says itself; return it. None: the words of the widget."""
    words = str(widget.property("text") or "") if term is None else term
    tip_more(widget, meaning(words))
    return widget
