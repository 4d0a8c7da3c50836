"""A text that no spreadsheet takes for a formula."""

from __future__ import annotations

import re

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_FIGURE = re.compile(r"[+-][\d\s,.]+(?:\s?%|\s?pts?)?")


def inert(text: str, *, figures: bool = False) -> str:
    """Return a text as it can stand in a csv file; `figures`: a signed figure may be taken for the number it is."""
    if not text.startswith(_FORMULA_STARTS) or (figures and _FIGURE.fullmatch(text)):
        return text
    return f"'{text}"
