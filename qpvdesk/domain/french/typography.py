"""Text as French typography wants it, and as it is searched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

NNBSP = "\u202f"
"""Narrow no-break space: thousands, and before : ; ! ? % »."""
NBSP = "\u00a0"
"""No-break space: between a number and its unit."""
MINUS = "\u2212"
UNKNOWN = "–"
"""Printed where a figure is not known: never a zero."""
SPACES = " \u00a0\u202f\u2009"

_QUOTED = re.compile(r"[\s\u00a0\u202f]*«[^»]*»")
_PLAIN = (("œ", "oe"), ("Œ", "oe"), ("æ", "ae"), ("Æ", "ae"), ("’", "'"), ("‘", "'"), ("‐", "-"), ("‑", "-"))
_CODE_HYPHEN = re.compile(r"(?<=[A-Z\d])-(?=[A-Z]{0,2}\d)")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def _unmarked(found: re.Match[str]) -> str:
    """Leave out a mark that combines with a letter."""
    return "" if unicodedata.combining(found[0]) else found[0]


def fold(text: str) -> str:
    """A key for search and sort: lower case, without accents or ligatures, single plain spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    for letters, plain in _PLAIN:
        text = text.replace(letters, plain)
    kept = _BEYOND_ASCII.sub(_unmarked, unicodedata.normalize("NFKD", text))
    return " ".join(kept.casefold().split())


_NUMBERED = re.compile(r"(.*?)(\d+)$")


def code_ranges(codes: Iterable[str]) -> str:
    """Codes in few words: `BPI-E04 à E07, E10`; the beginning that a code shares with the one before is not said again."""
    runs: list[tuple[str, list[str]]] = []
    for code in codes:
        found = _NUMBERED.match(code)
        prefix, number = (found[1], found[2]) if found else (code, "")
        if runs and number and runs[-1][0] == prefix and int(number) == int(runs[-1][1][-1]) + 1:
            runs[-1][1].append(number)
        else:
            runs.append((prefix, [number]))
    shortened: list[str] = []
    before = ""
    for prefix, numbers in runs:
        short = prefix.rpartition("-")[2] if prefix == before else prefix
        tail = prefix.rpartition("-")[2]
        if len(numbers) > 2:
            shortened.append(f"{short}{numbers[0]} à {tail}{numbers[-1]}")
        else:
            shortened += [f"{short if not rank else tail}{number}" for rank, number in enumerate(numbers)]
        before = prefix
    return ", ".join(shortened)


_SPACE = "[ \u00a0\u202f\u2009]"
_RULES = (
    (re.compile(rf"{_SPACE}+([;:!?»%])"), NNBSP + r"\1"),
    (re.compile(rf"«{_SPACE}*"), "«" + NNBSP),
    (re.compile(r"»(?<=[^\s«]»)"), NNBSP + "»"),
    (re.compile(r"([;!?:])(?<=[\w)\]].)(?=\s|$)"), NNBSP + r"\1"),
    (re.compile(r"%(?<=[0-9]%)"), NNBSP + "%"),
    (re.compile(rf"([≥≤]){_SPACE}+(?=[0-9])"), r"\1" + NNBSP),
    (re.compile(rf"[0-9](?<![0-9,.].)[0-9]{{0,2}}(?:{_SPACE}[0-9]{{3}})+(?![0-9])"), None),
    (re.compile(rf"{_SPACE}(?<=[0-9].)(?=(?:Mds?|[kM])?€)"), NBSP),
)
"""Each begins with what it looks for: a look behind at every letter takes four times as long."""


def raised(text: str) -> str:
    """Put the first letter in upper case, and leave the others as they are."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """Put the first letter in lower case, unless it begins an acronym or is alone."""
    spoken = len(text) > 1 and (text[1].islower() or text[1] in " \u00a0’'")
    return text[0].lower() + text[1:] if spoken else text


def either(words: Iterable[str]) -> str:
    """Return a choice as it is said: `a`, `a ou b`, `a, b ou c`."""
    *first, last = words
    return f"{', '.join(first)} ou {last}" if first else last


@lru_cache(maxsize=2048)
def typeset(text: str) -> str:
    """`text` with the no-break spaces of French typography: before : ; ! ? % », after « ≥ ≤, in thousands.

    Times (`14:30`) and addresses (`https://…?x`) are left alone, and typesetting twice changes nothing.
    """
    for rule, replacement in _RULES:
        if replacement is None:
            text = rule.sub(lambda found: re.sub(_SPACE, NNBSP, found[0]), text)
        else:
            text = rule.sub(replacement, text)
    return text


def stands_in(words: str, text: str) -> bool:
    """Whether a text holds a code, a name or other words whole: `E1` stands in « E1-62 », a part of it, not in « E10 »
    nor in « BPI-E1 »."""
    return words in text and re.search(rf"(?<![\w-]){re.escape(words)}(?!\w)", text) is not None


def printable(raw: str) -> str:
    """What was read, safe to print in one line of a message."""
    text = "".join(char if char.isprintable() or char in SPACES else "·" for char in raw)
    return text if len(text) <= 30 else text[:29] + "…"


def clipped(text: str, most: int) -> str:
    """A text in at most `most` characters, wherever « … » cuts it: for one line of the journal or of a list."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def unquoted(text: str) -> str:
    """The text without what it holds between « and »: the place tells one contract from another, not the programme."""
    return _QUOTED.sub("", text)


def hold_codes(text: str) -> str:
    """Return a text whose codes (« ARS-E01 ») are not broken at their hyphen, where it is drawn."""
    return _CODE_HYPHEN.sub("\u2011", text)
