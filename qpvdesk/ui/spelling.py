"""Which words of a contract a slip of the hand was meant for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qpvdesk.domain.spelling import SHORTEST, SHORTEST_MEANT, nearness

_WORD = re.compile(r"\w+")


class Spelling:
    """The words of some folded texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words = {word for text in texts for word in _WORD.findall(text) if len(word) >= SHORTEST_MEANT}

    def near(self, typed: str) -> dict[str, float]:
        """Return the words that `typed` (folded) may stand for, whole or not yet finished, and how near each is (0…1)."""
        if typed in self._words:
            return {typed: 1.0}
        if len(typed) < SHORTEST:
            return {}
        return {word: likeness for word in sorted(self._words) if (likeness := nearness(typed, word))}
