"""Which words of a contract a slip of the hand was meant for."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"\w+")
SHORTEST = 4
"""What is typed shorter is too near to too many words."""
_SHORTEST_MEANT = 3
"""« buss » may be meant for « bus »."""
_ALIKE = 0.55


class Spelling:
    """The words of some folded texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_length: dict[int, list[str]] = {}
        words = {word for text in texts for word in _WORD.findall(text) if len(word) >= _SHORTEST_MEANT}
        for word in sorted(words):
            self._by_length.setdefault(len(word), []).append(word)
        self._words = words

    def near(self, typed: str) -> dict[str, float]:
        """Return the words that `typed` (folded) may stand for, whole or not yet finished, and how near each is (0…1)."""
        if typed in self._words:
            return {typed: 1.0}
        if len(typed) < SHORTEST:
            return {}
        found: dict[str, float] = {}
        grams = _grams(typed)
        for length, words in self._by_length.items():
            if length < max(_SHORTEST_MEANT, len(typed) - 2):
                continue
            for word in words:
                if one_slip(typed, word):
                    found[word] = 0.95
                    continue
                # Of a longer word, what would have been typed so far.
                begun = word[: len(typed) + 1]
                if begun.startswith(typed) or one_slip(typed, begun) or one_slip(typed, begun[:-1]):
                    found[word] = 0.9
                    continue
                shared = _grams(begun)
                alike = 2 * len(grams & shared) / (len(grams) + len(shared))
                if alike >= _ALIKE:
                    found[word] = alike
        return found


def one_slip(one: str, other: str) -> bool:
    """Tell whether two words differ by one letter: another one, one too many, one too few, or two that changed places."""
    if one == other:
        return True
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = next((place for place, letter in enumerate(one) if letter != other[place]), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    swapped = (
        one[start : start + 2][::-1] == other[start : start + 2] and one[start + 2 :] == other[start + 2 :]
    )
    return swapped or one[start + 1 :] == other[start + 1 :]


def _grams(word: str) -> set[str]:
    padded = f" {word}"
    return {padded[place : place + 3] for place in range(len(padded) - 2)}
