"""How a sentence says things: their names in it, with their articles, what is quoted, what became of a field (« la valeur
de BPI-O01 passe de 27 à 29 »)."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cached_property

from qpvdesk.domain.french import NNBSP, fold, format_date, lowered
from qpvdesk.domain.levels import Levels
from qpvdesk.domain.model import Dossier, Engagement, Funding, Level, Objective

_PAIR, _ALONE = re.compile(r"«\s*([^«»]*?)\s*»"), re.compile(r"«\s*|\s*»")
_VOWELS = "aeiouy"
_SMALL = (Level.COMMUNE, Level.QPV, Level.AUTRE)
_NO_PLURALS = ("sens", "poids")
"""Words that end with an s and are one thing."""


_READ = re.compile(r"Lu(?=\s*:)|\w+ lue?s?(?= dans )")
"""How what is kept among the reserves begins where it is our reading of the document, which nobody reserved."""


def reserve_words(text: str, of: str = "") -> str:
    """`Réserve : …`, or `Parité lue dans …` where it is a reading. `of`: what or whose it is, after the word."""
    read = _READ.match(text)
    if read and of.startswith((" (", ", ")) and not text[read.end() :].lstrip().startswith(":"):
        # « Parité lue, FT dans une phrase » would have it that the parity is of whoever reads it.
        return f"{text.rstrip('.')} ({of[2:].removesuffix(')') if of.startswith(' (') else of[2:]})."
    return f"{read[0]}{of}{text[read.end() :]}" if read else f"Réserve{of}{NNBSP}: {text}"


def is_reading(text: str) -> bool:
    """Whether a text tells how the document is read, and is no reserve."""
    return _READ.match(text) is not None


def called(item: Objective | Engagement | Funding) -> str:
    """The whole name of what was promised, or of a means, on one line, then its code."""
    return f"{' '.join(item.label.split())} ({item.code})"


def the(words: str, *, feminine: bool) -> str:
    """`la valeur`, `l’échéance`, `les besoins`."""
    first = words.partition(" ")[0]
    if first.endswith("s") and first not in _NO_PLURALS:
        return f"les {words}"
    if fold(words[:1]) in _VOWELS:
        return f"l’{words}"
    return f"{'la' if feminine else 'le'} {words}"


def of(name: str) -> str:
    """` de BPI-O01`, ` d’ARS-O02`; empty where there is no name."""
    if not name:
        return ""
    return f" d’{name}" if fold(name[:1]) in _VOWELS else f" de {name}"


def changed(subject: str, before: str, after: str, *, feminine: bool, several: bool = False) -> str:
    """What became of a field: it passes from a value to another, is filled in, or is emptied. `subject`: with its
    article and whose it is; `several`: it is in the plural."""
    accord = ("e" if feminine else "") + ("s" if several else "")
    become = "sont" if several else "est"
    if not after:
        return f"{subject} {become} effacé{accord}" + (
            f" ({'étaient' if several else 'était'} {before})" if before else ""
        )
    if not before:
        return f"{subject} {become} renseigné{accord}{NNBSP}: {after}"
    return f"{subject} {'passent' if several else 'passe'} {_from_to(before, after)}"


def quoted(words: str) -> str:
    """Words that are somebody's, or a choice in a list: « À augmenter »; what they quote in their turn is “within”. A mark
    without its other half, of words cut short, would never close: it is left out."""
    within = words
    while (paired := _PAIR.sub(r"“\1”", within)) != within:
        within = paired
    return f"«{NNBSP}{_ALONE.sub('', within)}{NNBSP}»"


def quoted_name(item: Objective | Engagement) -> str:
    """« Bus en service » (BPI-O01): its whole name within a sentence, where it would be read as a part of that."""
    return f"{quoted(' '.join(item.label.split()))} ({item.code})"


class Names:
    """What a contract calls things, as a sentence says it."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier

    @cached_property
    def _proper(self) -> re.Pattern[str]:
        known = [item.name for item in self._dossier.territories]
        known += [name for item in self._dossier.partners for name in (item.name, item.short_name)]
        # « Région » is one, « Régionaliser » begins with none.
        return re.compile(rf"(?:{'|'.join(map(re.escape, filter(None, known)))})(?!\w)")

    @cached_property
    def _labels(self) -> Counter[str]:
        return Counter(item.label for item in self._dossier.objectives if not item.retired)

    @cached_property
    def _promised(self) -> Counter[str]:
        promises = (item for item in self._dossier.objectives if not item.retired and not item.is_context)
        return Counter(item.label.casefold() for item in promises)

    @cached_property
    def by_code(self) -> dict[str, str]:
        """By code, the words of every objective and engagement."""
        labels = {item.code: item.label for item in self._dossier.objectives}
        return labels | {item.code: item.label for item in self._dossier.engagements}

    def has_namesake(self, objective: Objective) -> bool:
        """Whether another promise is called as this one is, were it with other capitals."""
        return self._promised[objective.label.casefold()] > 1

    @cached_property
    def _places_of(self) -> dict[str, set[str]]:
        """The keys of the places on which something is promised under a name."""
        found: dict[str, set[str]] = {}
        for item in self._dossier.objectives:
            if not item.retired:
                found.setdefault(item.label.casefold(), set()).add(item.territory)
        return found

    @cached_property
    def _small_places(self) -> dict[str, str]:
        """By key, the names of the communes and of what is smaller, but the contract's own place."""
        levels, home = Levels(self._dossier.place_levels), self._dossier.contract.epci
        return {
            item.key: item.name
            for item in self._dossier.territories
            if levels.scale(item.level) in _SMALL and item.code != home
        }

    def apart(self, objective: Objective) -> str:
        """`BPI-O01`, `PC-O01, Aubervilliers`: what tells an objective from its namesakes: its code, and its commune or its
        quartier where they are not all of one place."""
        several = len(self._places_of.get(objective.label.casefold(), ())) > 1
        place = self._small_places.get(objective.territory, "") if several else ""
        return f"{objective.code}, {place}" if place else objective.code

    def called(self, objective: Objective) -> str:
        """The same after its whole name, as `called` of this module is where none is called alike."""
        return f"{' '.join(objective.label.split())} ({self.apart(objective)})"

    def lowered(self, text: str) -> str:
        """The text as it goes on a sentence: the name of a partner or of a place that it begins with keeps its capital."""
        return text if self._proper.match(text) else lowered(text)

    def quoted(self, objective: Objective) -> str:
        """Its name as it is asked about, with what tells it apart where another is called the same."""
        alike = self._labels[objective.label] > 1
        return quoted(objective.label) + (f" ({self.apart(objective)})" if alike else "")


def _from_to(before: str, after: str) -> str:
    if _is_day(before) and _is_day(after):
        return f"du {before} au {after}"
    return f"de {before} à {after}"


def _is_day(words: str) -> bool:
    return len(words) == len(format_date(date.min)) and words[2:3] == words[5:6] == "/"
