"""Tables on the clipboard, as a spreadsheet takes them: headers, tabulations, numbers that are numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qpvdesk.domain.inert import inert

_THOUSANDS = re.compile("(?<=[0-9])[\u202f\u00a0](?=[0-9]{3})")
_NUMBER = re.compile(r"[-\u2212][0-9]+(?:,[0-9]+)?[\u202f\u00a0 ]?%?")


def as_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join("\t".join(cell(text) for text in line) for line in (titles, *rows))


def cell(text: str) -> str:
    """Return what one cell says, on one line, so that it is read as it was and never becomes a formula."""
    flat = _THOUSANDS.sub("", " ".join(text.split()) if "\n" in text or "\t" in text else text)
    if _NUMBER.fullmatch(flat):
        return flat.replace("\u2212", "-")
    return inert(flat)
