"""Places that a text names: the table of its quartiers prioritaires, and those that an engagement is for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qpvdesk.domain.french import format_number
from qpvdesk.domain.proposing.proposal import Line, Proposal, proposed_number

_COLUMNS = re.compile(r" {2,}|\t")
_QUARTIER = re.compile(r"Q[NP]\d{5}[A-Z0-9]|QP\d{6}")
"""The code of a quartier prioritaire: `QN07191M`, or `QP071004` before 2024."""
_COUNTED = re.compile(r"habitant|population", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_FOR = re.compile(r"\b(?:Quartiers?|Communes?|Lieux|Territoires?)[^.:]{0,40}?\s?: (?P<names>[^.]+)")


def quartiers(lines: Sequence[Line]) -> Iterator[Proposal]:
    """Yield the quartiers of a table whose rows begin with their codes: name, commune, inhabitants by their columns."""
    head: list[str] = []
    known: set[str] = set()
    for line in lines:
        cells = [cell.strip() for cell in _COLUMNS.split(line.text)]
        if not _QUARTIER.fullmatch(cells[0]):
            head = cells if len(cells) > 1 else head
            continue
        if len(cells) < 2 or cells[0] in known:
            continue
        known.add(cells[0])
        titles = head if len(head) == len(cells) else [""] * len(cells)
        values = {"level": "qpv", "code": cells[0], "name": cells[1]}
        for title, cell in zip(titles[2:], cells[2:], strict=True):
            people = proposed_number(cell)
            if title.casefold().startswith("commune"):
                values["parent"] = cell
            elif people is not None and _COUNTED.search(title):
                values["inhabitants"] = format_number(people)
                if year := _YEAR.search(title):
                    values["vintage"] = f"01/01/{year[0]}"
        yield Proposal(
            "territory",
            values,
            line.text,
            line.page,
            "Territoire\u202f: une ligne qui commence par le code d’un quartier.",
        )


def places_in(text: str) -> str:
    """Return the places for which a line says that an engagement is, one a line; empty where it names none."""
    found = _FOR.search(text)
    names = re.split(r",| et ", found["names"]) if found else []
    return "\n".join(name.strip() for name in names if name.strip())
