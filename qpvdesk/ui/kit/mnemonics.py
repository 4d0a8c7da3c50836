"""The letter that leads to a thing with Alt: one thing a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARKED = re.compile(r"&(\w)")


def apart(texts: Sequence[str], taken: str = "") -> list[str]:
    """Return the words with a letter marked in each (`&Valeur`), none twice: the first to mark one keeps it, the others take
    another of their own that is free, and mark none where there is none. `taken`: letters that are not free."""
    wanted = [(found.group(1).casefold() if (found := _MARKED.search(text)) else "") for text in texts]
    used = set(taken.casefold())
    kept = []
    for letter in wanted:
        kept.append(bool(letter) and letter not in used)
        used.add(letter)
    return [
        text if keeps or not letter else _marked(text, used)
        for text, letter, keeps in zip(texts, wanted, kept, strict=True)
    ]


def _marked(text: str, used: set[str]) -> str:
    bare = _MARKED.sub(r"\1", text, count=1)
    # The beginning of a word is found sooner than its inside.
    places = sorted(range(len(bare)), key=lambda place: bool(place) and bare[place - 1].isalnum())
    for place in places:
        letter = bare[place].casefold()
        if letter.isalpha() and letter.isascii() and letter not in used:
            used.add(letter)
            return f"{bare[:place]}&{bare[place:]}"
    return bare
