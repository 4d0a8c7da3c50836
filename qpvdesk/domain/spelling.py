"""Which words a slip of the hand was meant for."""

from __future__ import annotations

TYPED_LETTERS_MIN = 4
"""What is typed shorter is too near to too many words."""
MEANT_LETTERS_MIN = 3
"""« buss » may be meant for « bus »."""
_ALIKE = 0.55


def nearness(typed: str, word: str) -> float:
    """How near a word is to what was typed, whole or not yet finished (0…1, 0: it was not meant); both folded."""
    if typed == word:
        return 1.0
    if len(typed) < TYPED_LETTERS_MIN or len(word) < max(MEANT_LETTERS_MIN, len(typed) - 2):
        return 0.0
    if one_slip(typed, word):
        return 0.95
    # Of a longer word, what would have been typed so far.
    begun = word[: len(typed) + 1]
    if begun.startswith(typed) or one_slip(typed, begun) or one_slip(typed, begun[:-1]):
        return 0.9
    grams, shared = _grams(typed), _grams(begun)
    alike = 2 * len(grams & shared) / (len(grams) + len(shared))
    return alike if alike >= _ALIKE else 0.0


def one_slip(word: str, other: str) -> bool:
    """Tell whether two words differ by one letter: another one, one too many, one too few, or two that changed places."""
    if word == other:
        return True
    if len(word) > len(other):
        word, other = other, word
    if len(other) - len(word) > 1:
        return False
    start = next((place for place, letter in enumerate(word) if letter != other[place]), len(word))
    if len(word) < len(other):
        return word[start:] == other[start + 1 :]
    swapped = (
        word[start : start + 2][::-1] == other[start : start + 2] and word[start + 2 :] == other[start + 2 :]
    )
    return swapped or word[start + 1 :] == other[start + 1 :]


def _grams(word: str) -> set[str]:
    padded = f" {word}"
    return {padded[place : place + 3] for place in range(len(padded) - 2)}
