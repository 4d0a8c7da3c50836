"""The codes that are proposed to whom no document gives one: of a partner, of a place until its official one is known, the
next of a row; what is typed as one is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from qpvdesk.domain.french import fold
from qpvdesk.domain.levels import QPV_2015
from qpvdesk.domain.model import Level, Territory

PERIMETER = "CONTRAT"
"""The code of the place that stands for the whole of a contract whose EPCI is not known."""
_LETTERS_MAX = 24
_OF_WORDS = re.compile(r"[A-Z]{4,}|(?=.{4})[A-Z]+(?:-[A-Z]+)+")
"""A code of words: none of those of the State is without a figure."""
_OFFICIAL = (Level.EPCI, Level.COMMUNE, QPV_2015, Level.QPV)
"""The levels of which no document is bound to give the codes."""
_DASHES = re.compile("\\s*[-\u2010-\u2015]\\s*")
_TYPED = re.compile(r"([^\W\d_][\w-]*?)([- ])[^\W\d_]{1,3}\d+(?:-\w+)*")
_SORT = re.compile(
    r"^(?:communaute (?:d agglomeration|de communes|urbaine)|metropole|agglomeration|ville|commune|quartier)"
    r"(?: (?:de la|de l|des|du|de|d)(?= ))? "
)


def _words(name: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]", " ", fold(name)).split())


def partner_code(engagement: str, name: str, taken: Collection[str]) -> str:
    """Return a code for a partner: what stands before the number of one of its engagements (`ETAT-01`), else its name where
    it is one word, else the first letters of it."""
    words = _words(name).upper().split()
    words = [word for word in words if len(word) > 2] or words[:1]
    letters = words[0][:8] if len(words) == 1 else "".join(word[0] for word in words)
    return _free(engagement.rpartition("-")[0] or letters or "P", taken)


def place_code(name: str, taken: Collection[str]) -> str:
    """Return the code that stands for the official one of a place until somebody gives it: `SAINT-MAURIN`."""
    words = re.sub(r"[0-9]+", "", _SORT.sub("", f"{_words(name)} ")).upper().split()
    while len(words) > 1 and len("-".join(words)) > _LETTERS_MAX:
        words.pop()
    code = "-".join(words)[:_LETTERS_MAX]
    return _lettered(code if _OF_WORDS.fullmatch(code) else f"LIEU-{code}".rstrip("-"), taken)


def is_typed_as_code(text: str, codes: Collection[str] = ()) -> bool:
    """Tell whether a text is written as the code of what was promised is: letters, a hyphen, letters, figures. A space does
    for the hyphen after the letters that begin one of some codes, and else parts two words."""
    typed = _TYPED.fullmatch(_DASHES.sub("-", " ".join(text.split())))
    if typed is None:
        return False
    head, mark = typed.groups()
    return mark == "-" or any(fold(code).startswith(f"{fold(head)}-") for code in codes)


def code_typed(text: str, codes: Iterable[str]) -> str:
    """Return which of some codes a text is, whatever its capitals and hyphens; empty for none."""
    wanted = _words(text)
    return next((code for code in codes if _words(code) == wanted), "")


def words_code(name: str, taken: Collection[str]) -> str:
    """Return the code that the first words of a name make, `AVENANT-N-1`, with a number where it is taken; empty of marks
    alone."""
    stem = _words(name).upper().replace(" ", "-")[:_LETTERS_MAX].strip("-")
    code, number = stem, 1
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    return code


def is_stand_in(place: Territory) -> bool:
    """Tell whether the code of a place stands for its official one, which nobody gave."""
    return place.level in _OFFICIAL and _OF_WORDS.fullmatch(place.code) is not None


def next_number(prefix: str, codes: Iterable[str]) -> str:
    """Return the code that comes after the last of a row: `BPI-O16`."""
    tails = (code.removeprefix(prefix).partition("-")[0] for code in codes if code.startswith(prefix))
    last = max((int(tail) for tail in tails if tail.isascii() and tail.isdigit()), default=0)
    return f"{prefix}{last + 1:02}"


def _free(code: str, taken: Collection[str]) -> str:
    number = 2
    while code in taken:
        code, number = f"{code.rstrip('0123456789')}{number}", number + 1
    return code


def _lettered(code: str, taken: Collection[str]) -> str:
    """A code of words that is free: figures would make it look like an official one."""
    stem, letter = code, ord("B")
    while code in taken:
        code, letter = f"{stem}-{chr(letter)}", letter + 1
    return code
