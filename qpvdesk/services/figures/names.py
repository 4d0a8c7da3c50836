"""What the names of a file stand for: objectives by code or label, places by code or name, as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from msgspec import Struct

from qpvdesk.domain import french
from qpvdesk.domain.model import Objective, Territory
from qpvdesk.domain.spelling import nearness
from qpvdesk.services.figures.roles import not_read

_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_WORD = re.compile("[0-9a-z]+")
_NUMBERING = re.compile(r"^(?:[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]?|[a-z][.)]|[-*•])\s+")
_LAST_PARENTHESIS = re.compile(r"\s*\(([^()]*)\)\s*$")
_LETTERS_MAX = 500
"""Beyond, a text is prose and names nothing."""
_NEAR, _NEAR_LEAST = 3, 0.45
_NEAREST_LEAST, _ALIKE = 0.6, 0.05
"""How like one alone is proposed, and by how little two differ that choose nothing."""


def plain(text: str) -> str:
    """The text without what is not seen in it, its dashes of one kind."""
    return text.strip() if text.isascii() else _DASHES.sub("-", _INVISIBLE.sub("", text)).strip()


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(french.fold(plain(text))))


def _label(text: str) -> str:
    return " ".join(_words(_NUMBERING.sub("", french.fold(plain(text)))))


def _nearest_of(word: str, label: Iterable[str]) -> float:
    """How near the nearest of some words is; what begins otherwise was not meant."""
    return max((nearness(word, own) for own in label if own[0] == word[:1]), default=0.0)


class Names:
    """The objectives of a contract by the names that a file gives them. A name is looked up once."""

    def __init__(self, objectives: Iterable[Objective], chosen: Mapping[str, str]) -> None:
        """`chosen`: code of an objective by a name that somebody said; empty for none."""
        self._objectives = tuple(objectives)
        self._by_code = {_words(item.code): item for item in self._objectives}
        self._by_joined = {"".join(code): item for code, item in self._by_code.items()}
        self._longest = max((len(code) for code in self._by_code), default=0)
        self._by_label: dict[str, list[Objective]] = {}
        for item in self._objectives:
            self._by_label.setdefault(_label(item.label), []).append(item)
        self._likenesses: list[tuple[Objective, list[str], SequenceMatcher[str]]] = []
        """Those that a text is compared with, with the words of their labels: made once, as is what each word is like."""
        self._nearness: dict[str, list[float]] = {}
        self._chosen = {french.fold(plain(name)): code for name, code in chosen.items()}
        self._known: dict[str, Objective | None] = {}

    def find(self, text: str) -> Objective | None:
        """The objective that a text names, by its code or its whole label; None where none or two may be meant."""
        if text not in self._known:
            self._known[text] = self._look_up(text)
        return self._known[text]

    def passed_over(self, text: str) -> bool:
        """Whether somebody said that the name is no indicator."""
        return self._chosen.get(french.fold(plain(text))) == ""

    def near(self, text: str) -> list[Objective]:
        """The objectives whose label is nearest, the nearest first; three at most."""
        return [item for _, item in self._ranked(text)[:_NEAR]]

    def nearest(self, text: str) -> tuple[Objective, ...]:
        """The one whose label is nearest; up to three where none is nearer than the others."""
        ranked = self._ranked(text)
        least = max(_NEAREST_LEAST, ranked[0][0] - _ALIKE) if ranked else 0
        return tuple(item for score, item in ranked[:_NEAR] if score >= least)

    def _ranked(self, text: str) -> list[tuple[float, Objective]]:
        if len(text) > _LETTERS_MAX:
            return []
        words, whole = set(_words(text)), _label(text)
        # « Immersion » for « immersions », « Prépa compétences » for « Prépacompétences », as a search finds them.
        near, joined = (
            [self._nearest_words(word) for word in words],
            self._nearest_words("".join(_words(text))),
        )

        def likeness(place: int, letters: SequenceMatcher[str]) -> float:
            told = max(sum(nearest[place] for nearest in near) / max(1, len(words)), joined[place]) * 0.9
            letters.set_seq1(whole)
            # Its bounds are reckoned far sooner: most labels have too few letters in common to be nearer.
            least = max(told, _NEAR_LEAST)
            bounded = letters.real_quick_ratio() < least or letters.quick_ratio() < least
            return told if bounded else max(told, letters.ratio())

        scored = (
            (likeness(place, letters), item) for place, (item, _, letters) in enumerate(self._compared())
        )
        near_enough = ((score, item) for score, item in scored if score >= _NEAR_LEAST)
        return sorted(near_enough, key=lambda pair: -pair[0])

    def _compared(self) -> list[tuple[Objective, list[str], SequenceMatcher[str]]]:
        if not self._likenesses:
            labelled = ((item, _label(item.label)) for item in self._objectives if not item.retired)
            self._likenesses = [
                (item, label.split(), SequenceMatcher(None, "", label)) for item, label in labelled
            ]
        return self._likenesses

    def _nearest_words(self, word: str) -> list[float]:
        """How near the nearest word of each label is to one; the lines of a sheet say the same words again and again."""
        if word not in self._nearness:
            self._nearness[word] = [_nearest_of(word, label) for _, label, _ in self._compared()]
        return self._nearness[word]

    def _look_up(self, text: str) -> Objective | None:
        chosen = self._chosen.get(french.fold(plain(text)))
        if chosen is not None:
            return self._by_code.get(_words(chosen))
        words = _words(text)
        if not words or len(text) > _LETTERS_MAX:
            return None
        if whole := self._by_code.get(words) or self._by_joined.get(words[0] if len(words) == 1 else ""):
            return whole
        return self._labelled(text) or self._coded(text, words)

    def _labelled(self, text: str) -> Objective | None:
        named = self._by_label.get(_label(text), [])
        if not named and (aside := _LAST_PARENTHESIS.search(text)) and not not_read(aside[1]):
            inside = self._by_code.get(_words(aside[1]))
            named = self._by_label.get(_label(text[: aside.start()]), [])
            if inside is not None:
                named = [inside] if inside in named else []
        return named[0] if len(named) == 1 else None

    def _coded(self, text: str, words: tuple[str, ...]) -> Objective | None:
        """An objective whose code begins or ends the text."""
        for count in range(min(self._longest, len(words) - 1), 0, -1):
            item = self._by_code.get(words[:count]) or (self._by_joined.get(words[0]) if count == 1 else None)
            if item is not None:
                return self._agreeing(item, " ".join(words[count:]))
        aside = _LAST_PARENTHESIS.search(text)
        item = self._by_code.get(_words(aside[1])) if aside else None
        return None if aside is None or item is None else self._agreeing(item, text[: aside.start()])

    def _agreeing(self, item: Objective, rest: str) -> Objective | None:
        """An objective whose code was read, unless the rest of the text names another one or is no measurement."""
        others = self._by_label.get(_label(rest), [item])
        own = " ".join(_words(rest)) in _label(item.label)
        return item if item in others and (own or not not_read(rest)) else None


class NamedTerritory(Struct, frozen=True):
    """A territory that a cell names, and what is to be said of how it was read."""

    territory: Territory
    remark: str = ""


_CODE = re.compile(r"\(?\b([0-9]{4,5}|2[ab][0-9]{3}|q[np][0-9a-z]{6}|d[0-9ab]{2,3}|r[0-9]{2}|fr)\b\)?")
_KIND = re.compile(r"^(?:ville|commune|quartier|qpv|departement|region)\s+(?:de\s+la\s+|de\s+|du\s+|d\s+)?")
_OF_2015 = re.compile(r"\bqp[0-9a-z]{6}\b")


class TerritoryNames:
    """The territories of a contract by the names that a file gives them."""

    def __init__(self, territories: Iterable[Territory]) -> None:
        self._by_code: dict[str, Territory] = {}
        self._by_name: dict[str, list[Territory]] = {}
        for item in territories:
            self._by_code[french.fold(item.code)] = item
            self._by_name.setdefault(_place_name(item.name), []).append(item)
        self._known: dict[str, NamedTerritory | None] = {}

    def find(self, text: str) -> NamedTerritory | None:
        """The territory that a text names; None where there is none or two may be meant."""
        if text not in self._known:
            self._known[text] = self._look_up(french.fold(plain(text)))
        return self._known[text]

    def why_not(self, text: str) -> str:
        """Why a text names no territory, in French, without its end."""
        folded = french.fold(plain(text))
        if _OF_2015.search(folded):
            return "est le code d’un quartier de 2015\u202f; le contrat suit ceux de 2024"
        if len(self._by_name.get(_place_name(folded), [])) > 1:
            return "désigne plusieurs territoires du contrat"
        return "n’est pas un territoire du contrat"

    def _look_up(self, folded: str) -> NamedTerritory | None:
        if exact := self._by_code.get(folded):
            return NamedTerritory(exact)
        named = self._by_name.get(_place_name(folded), [])
        if len(named) == 1:
            return NamedTerritory(named[0])
        code = _CODE.search(folded)
        if code is None:
            return None
        found = self._coded(code[1])
        rest = _place_name(folded.replace(code[0], " "))
        if found is None or (rest and found.territory not in self._by_name.get(rest, [])):
            return None
        return found

    def _coded(self, code: str) -> NamedTerritory | None:
        if territory := self._by_code.get(code):
            return NamedTerritory(territory)
        padded = self._by_code.get(f"0{code}") if len(code) == 4 and code.isdigit() else None
        if padded is None:
            return None
        return NamedTerritory(
            padded, f"Lu {padded.code} ({padded.name})\u202f: le zéro du début s’était perdu."
        )


def _place_name(text: str) -> str:
    words = re.sub("[^0-9a-z]+", " ", french.fold(plain(text))).strip()
    words = re.sub(r"\bste\b", "sainte", re.sub(r"\bst\b", "saint", words))
    return _KIND.sub("", words) or words
