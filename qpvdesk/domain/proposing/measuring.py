"""How a figure counts, where the words around it tell: a yearly number, a running total, or a level on a date."""

from __future__ import annotations

import re

from qpvdesk.domain.french import fold
from qpvdesk.domain.model import Mesure

YEARLY = re.compile(
    r"\bdans l[’']ann[ée]e\b|(?:\bpar|/|\bchaque|\btous les|\btoutes les) ?an(?:n[ée]e)?s?\b|\bannuel(?:lement|le)?s?\b",
    re.IGNORECASE,
)
"""How words say a yearly number."""
_LEVEL = re.compile(
    r"\b(?:taux|delais?|stock|places?|cellules|etp|ouverte?s?|pourvus?|actifs?|actives?|agrees?|agreees?|vacante?s?"
    r"|existante?s?|en (?:poste|place|service|convention)|est tenue?|sont tenue?s?|par (?:semaine|mois|jour))\b"
)
_DONE_ONE_BY_ONE = re.compile(r"\b[a-z]+(?:ees?|es|is|ies|us|ues)\b")


def mesure_of(words: str, engagement: str, *, from_nothing: bool, yes_or_no: bool) -> Mesure | None:
    """Return how the figure of an objective counts, None where neither its words nor those of its engagement tell.

    `from_nothing`: it starts at zero and is to grow: what is done one by one adds up.
    """
    told, promised = fold(words), fold(engagement)
    if yes_or_no:
        return Mesure.STOCK
    if YEARLY.search(told):
        return Mesure.FLUX
    if _LEVEL.search(told):
        return Mesure.STOCK
    if YEARLY.search(promised):
        return Mesure.FLUX
    after_noun = told.split()[1:]
    if from_nothing and any(_DONE_ONE_BY_ONE.fullmatch(word) for word in after_noun):
        return Mesure.CUMUL
    return None
