"""Names that look alike and are not the same: « Camille » with a Cyrillic letter, « Martin » with « rn » for « m »."""

from __future__ import annotations

import unicodedata

from qpvdesk.domain import french

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Categories of characters that no name is written with."""
_LIKE = {
    "a": "\u0430\u03b1\u0251@4",
    "b": "\u0432\u044a\u044c\u03b2\u02998",
    "c": "\u0441\u03c2\u04ab",
    "d": "\u0501",
    "e": "\u0435\u03b5\u04bd3",
    "f": "\u0192\u03dd",
    "g": "\u0261\u0581",
    "h": "\u043d\u04bb\u0570",
    "i": "\u0456\u03b9\u0131\u026al1|!\u04cf\u0406\u029f",
    "j": "\u0458\u0237",
    "k": "\u043a\u03ba",
    "m": "\u043c",
    "n": "\u03b7\u0578\u0274",
    "o": "\u043e\u03bf\u0585\u03c30",
    "p": "\u0440\u03c1",
    "q": "\u051b\u0566",
    "r": "\u0433\u0280",
    "s": "\u04555$",
    "t": "\u0442\u03c4",
    "u": "\u03c5\u057d\u03bc",
    "v": "\u03bd\u0475",
    "w": "\u051d\u03c9\u0448",
    "x": "\u0445\u03c7",
    "y": "\u0443\u03b3",
    "z": "\u03b6",
}
"""Lower-case letters of other alphabets, and signs, that one takes for a Latin letter (UTS 39, those of French names)."""

_SKELETON = {ord(other): latin for latin, others in _LIKE.items() for other in others}


def skeleton(name: str) -> str:
    """Return what two names have in common that look alike: never to be shown."""
    folded = french.fold(name).translate(_SKELETON)
    letters = "".join(char for char in folded if char.isalnum())
    return letters.replace("rn", "m").replace("vv", "w")


def seen(name: str) -> str:
    """Return a name without what would draw it as something else: line ends, escapes, signs that nobody sees."""
    return "".join(" " if unicodedata.category(char) in _UNSEEN else char for char in name).strip()
