"""What a line says beside what is read of it: another day under the same title, the name of something else by its code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from qpvdesk.domain import french
from qpvdesk.domain.model import Objective
from qpvdesk.domain.spelling import nearness
from qpvdesk.services.figures.import_cells import printable
from qpvdesk.services.figures.line import Value
from qpvdesk.services.figures.names import TerritoryNames
from qpvdesk.services.figures.titles import titles_of
from qpvdesk.spreadsheets.book import ReadSheet
from qpvdesk.spreadsheets.columns import Columns, bare

_LABEL = re.compile(
    r"(?:indicateur|intitule|libelle|objectif)s?"
    r"|(?:nom|intitule|libelle)s? (?:de l'|d'|des? )?(?:indicateur|objectif)s?"
)
_PART = re.compile(r"[a-z0-9]+")
_WORD = re.compile(r"[a-z][a-z0-9]{2,}")
_LITTLE = frozenset(
    {"dans", "des", "entre", "les", "nombre", "par", "parmi", "part", "pour", "qui", "sur", "taux", "total"}
)
"""Words that most names have: they tell none from another."""
_COUNTED = frozenset({
    "accompagnement", "accueil", "acte", "action", "adherent", "atelier", "beneficiaire", "candidat", "chantier",
    "convention", "demande", "dossier", "effectif", "eleve", "emploi", "enfant", "entreprise", "entretien",
    "evenement", "famille", "femme", "fille", "formation", "garcon", "habitant", "heure", "homme", "indicateur",
    "jeune", "licencie", "logement", "menage", "mesure", "montant", "objectif", "participant", "patient",
    "permanence", "personne", "place", "porteur", "projet", "public", "realisation", "realise", "rencontre",
    "resultat", "salarie", "seance", "stagiaire", "structure", "suivi", "usager", "valeur", "visite",
})  # fmt: skip
"""What a partner may well count alone (« bénéficiaires ») where the contract calls it otherwise, in the singular."""


class Beside:
    """The columns of one table beside those that are read."""

    def __init__(self, sheet: ReadSheet, columns: Columns, places: TerritoryNames) -> None:
        self._places, self._territory = places, columns.territory
        titles = {
            column: french.fold(bare(" ".join(lines))).rstrip(" *:.")
            for column, lines in titles_of(sheet, columns.top, columns.head).items()
        }
        values = {value.column for value in columns.values}
        read = (
            columns.day,
            columns.territory,
            columns.numerator,
            columns.denominator,
            columns.kind,
            columns.unit,
        )
        self._twins = [
            (column, other)
            for column in read
            for other in sorted(titles)
            if column is not None
            and other != column
            and other not in values
            and titles.get(column) == titles[other]
        ]
        labels = (column for column in sorted(titles) if _LABEL.fullmatch(titles[column]))
        taken = {columns.indicator, *values}
        self._label = (
            None
            if columns.indicator is None
            else next((column for column in labels if column not in taken), None)
        )

    def doubts(self, value: Value, objective: Objective, *, named: bool) -> Iterator[str]:
        """What of the line is doubtful. `named`: an objective is named beside, which is looked at elsewhere."""
        for column, other in self._twins:
            read, beside = value.at(column), value.at(other)
            if read is not None and beside is not None and not self._agree(column, read.text, beside.text):
                yield f"La ligne dit aussi «\u202f{printable(beside.text)}\u202f» sous le même titre, en {beside.name}."
        label = value.at(self._label)
        own = f"{objective.label} {objective.code} {objective.unit} {objective.population}"
        if not named and label is not None and _is_another(label.text, own):
            yield f"La ligne dit «\u202f{printable(label.text)}\u202f», en {label.name}\u202f: est-ce bien lui\u202f?"

    def _agree(self, column: int, text: str, other: str) -> bool:
        """Whether two cells under one title say the same: a place may be named and told by its code."""
        if text.strip() == other.strip():
            return True
        place = self._places.find(text) if column == self._territory else None
        return place is not None and place == self._places.find(other)


@lru_cache(maxsize=4096)
def _is_another(text: str, name: str) -> bool:
    """Whether a text, in the words of whoever wrote it, names something else: it shares less than half of its words.

    One word alone may also be what is counted, or the first letters of the name.
    """
    words, own = _words(text), _words(name)
    alike = sum(any(nearness(word, known) for known in own) for word in words)
    if len(words) == 1:
        (word,) = words
        initials = "".join(part[0] for part in _PART.findall(french.fold(name)))
        return not alike and _COUNTED.isdisjoint({word, word[:-1], word[:-2]}) and word not in initials
    return 2 * alike < min(len(words), len(own))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(french.fold(text))) - _LITTLE
