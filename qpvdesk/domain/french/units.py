"""Units as they agree with their number: `0 prêt`, `1 poste`, `1,9 poste`, `2 postes`; « 2 voix relevées »."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct


class Unit(Struct, frozen=True):
    """What things are counted in."""

    singular: str
    plural: str
    feminine: bool = False

    def agreed(self, value: int | Decimal | Fraction | float) -> str:
        """The words of the unit after that number: the plural from two on."""
        numerator, denominator = value.as_integer_ratio()
        return self.singular if -2 * denominator < numerator < 2 * denominator else self.plural

    def participle(self, masculine: str, value: int | Decimal | Fraction | float) -> str:
        """A participle that agrees with so many of them: `relevé`, `relevée`, `relevés`, `relevées`."""
        return f"{masculine}{'e' if self.feminine else ''}{'' if -2 < value < 2 else 's'}"


_MASCULINE = (
    "accompagnements apprentis axes bâtiments bénévoles bénéficiaires carrefours centres collèges conseillers contrats "
    "coordonnateurs demandeurs dossiers défis emplois enfants entrepreneurs établissements francs habitants jeunes "
    "jours lauréats logements lycées médecins objectifs opérateurs outils pactes participants partenaires porteurs "
    "postes pouvoirs projets prêts points quartiers référents réseaux salariés équivalents élèves élus"
)
_FEMININE = (
    "actions agences ambitions annexes associations bourses briques communes conventions créations délibérations "
    "entreprises familles formations heures implantations maisons mesures minutes orientations permanences personnes "
    "places politiques priorités promotions régions réunions semaines structures subventions séances visites voix "
    "années étapes"
)
_INVARIABLE = (
    "accès appuis avis bras bus cas choix concours corps cours discours fois fonds mois parcours pas pays permis poids "
    "prix procès progrès propos puits recours succès temps voix"
)
_SINGULARS = {
    "ans": "an",
    "bureaux": "bureau",
    "journaux": "journal",
    "lieux": "lieu",
    "réseaux": "réseau",
    "travaux": "travail",
}
_FEMININE_END = re.compile(r"(?:tion|sion|té|ance|ence|ette|elle|ière|euse|trice|esse|ade|ure|ie)$")
_HEAD_END = re.compile(
    r"[ \u00a0\u202f](?:pour|par|de|du|des|le|la|en|à|au|aux|sur|d’|d'|l’|l')\b.*", re.DOTALL
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def _singular(word: str) -> str:
    if known := _SINGULARS.get(word):
        return known
    # Initials and trade names (ARMS, CitésLab) are no words of the language.
    changes = word not in _INVARIABLE.split() and (word.islower() or word.istitle()) and len(word) > 3
    return word[:-1] if changes and word[-1] == "s" else word


_PLURALS = {_singular(word): word for word in f"{_MASCULINE} {_FEMININE}".split()}
_GENDERS = {_singular(word): word in _FEMININE.split() for word in f"{_MASCULINE} {_FEMININE}".split()}


@lru_cache(maxsize=512)
def unit_of(words: str) -> Unit:
    """The unit that a contract writes `words`, in the singular or in the plural.

    The words before « pour », « par », « de »… agree. A name or initials (ETP, ARMS, CitésLab) do not change; a word
    that is in no table loses its final s.
    """
    rest = _HEAD_END.search(words)
    head, tail = (words[: rest.start()], rest[0]) if rest else (words, "")
    singular = _WORD.sub(lambda found: _singular(found[0]), head)
    plural = _WORD.sub(lambda found: _PLURALS.get(_singular(found[0]), found[0]), head)
    first = _WORD.match(singular)
    noun = first[0] if first else ""
    feminine = _GENDERS.get(noun, _FEMININE_END.search(noun) is not None)
    return Unit(singular + tail, plural + tail, feminine)
