"""The piece of a text that shows the words which were looked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from qpvdesk.domain.french import fold

_EXTRACT = 140
"""Letters of an extract, at most."""
_PIECES = re.compile(r"(?<=[.!?;])\s+|\n+")


def folded_words(text: str) -> str:
    """A text as it is compared with what was typed."""
    return fold(text.replace("’", "'").replace("\x00", " "))


def extract_of(texts: Sequence[str], parts: Sequence[str]) -> str:
    """The piece of some texts that holds the most of the words; empty where none does."""
    best, folded_best, most = "", "", 0
    for piece in chain.from_iterable(map(_PIECES.split, texts)):
        folded = folded_words(piece)
        count = sum(part in folded for part in parts)
        if count > most:
            best, folded_best, most = piece, folded, count
        if most == len(parts):
            break
    return _cut(" ".join(best.split()), folded_best, parts)


def _cut(piece: str, folded_piece: str, parts: Sequence[str]) -> str:
    """A piece no longer than a line, round its first word that was looked for."""
    if len(piece) <= _EXTRACT:
        return piece
    words, folded = piece.split(" "), folded_piece.split(" ")
    first = next((place for place, word in enumerate(folded) if any(part in word for part in parts)), 0)
    shown: list[str] = []
    room = _EXTRACT
    for word in words[max(0, first - 6) :]:
        room -= len(word) + 1
        if shown and room < -1:
            break
        shown.append(word)
    begun = "" if first <= 6 else "…"
    return f"{begun}{' '.join(shown)}…"
