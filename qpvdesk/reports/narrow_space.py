"""U+202F kept as what it is: a space that never breaks.

ReportLab's paragraphs split their text at every white space but U+00A0, the narrow no-break space included, and put
plain spaces back: « 16 % » would break before its sign. Its word splitter is replaced by one that holds U+202F.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from reportlab.platypus import paragraph

from qpvdesk.domain.french import NNBSP

_HELD = "\ue000"
"""A character of nobody's: texts are cleaned of private ones before they are laid out."""


@lru_cache(maxsize=1)
def hold_narrow_spaces() -> None:
    """Replace the splitter, once."""
    plain = paragraph.split

    def split(text: Any, delim: Any = None) -> list[str]:
        if delim is None and isinstance(text, str) and NNBSP in text:
            return [word.replace(_HELD, NNBSP) for word in plain(text.replace(NNBSP, _HELD))]
        return plain(text, delim)  # type: ignore[no-any-return]

    paragraph.split = split
