"""The definitions of the words of the field, read from the guide's own glossary: one source for page and tooltips."""

from __future__ import annotations

import re
from functools import cache

from qpvdesk import paths
from qpvdesk.domain.french import fold, raised, typeset

_ENTRY = re.compile(r"^- \*\*(.+?)\*\*\s*:\s*(.+)$", re.MULTILINE)


@cache
def glossary() -> dict[str, str]:
    """Return the definitions, by term as the glossary writes it."""
    text = paths.resource("guide/09-glossaire.md").read_text(encoding="utf-8")
    return {term: typeset(raised(words)) for term, words in _ENTRY.findall(text)}


@cache
def _folded() -> dict[str, str]:
    return {fold(term): words for term, words in glossary().items()}


def definition(term: str) -> str:
    """Return what a term means; empty where the glossary does not say."""
    return _folded().get(fold(term), "")
