"""Places that a text names: the table of its quartiers prioritaires, and those that an engagement is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from qpvdesk.domain.french import format_number
from qpvdesk.domain.proposing.proposal import Line, Proposal, proposed_number

_COLUMNS = re.compile(r" {2,}|\t")
_QUARTIER = re.compile(r"Q[NP]\d{5}[A-Z0-9]|QP\d{6}")
"""The code of a quartier prioritaire: `QN07191M`, or `QP071004` before 2024."""
_COUNTED = re.compile(r"habitant|population", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_COMMUNES = re.compile(r"\bcommunes (?:de |d[’'])(?P<names>[^.;:()]+?)(?= en sont\b| sont\b|[.;:()]|$)")
_PARTS = re.compile(r",| et ")
_ARTICLE = re.compile(r"^(?:L(?:es?|a) |L[’'])")
_FOR = re.compile(r"\b(?:Quartiers?|Communes?|Lieux|Territoires?)[^.:]{0,40}?\s?: (?P<names>[^.]+)")


def territories(lines: Sequence[Line]) -> Iterator[Proposal]:
    """Yield the places of a text: its communes, without the codes that it does not give, then its quartiers."""
    found = list(_quartiers(lines))
    yield from _communes(lines, found)
    yield from found


def _communes(lines: Sequence[Line], quartiers: Sequence[Proposal]) -> Iterator[Proposal]:
    """The communes of which a sentence lists the names, and those in which a table puts the quartiers."""
    known: set[str] = set()
    named = [
        (name, line.text, line.page, "des communes énumérées")
        for line in lines
        for found in _COMMUNES.finditer(line.bare)
        for name in _proper_names(found["names"])
    ]
    for item in quartiers:
        for name in _proper_names(item.values.get("parent", "")) + item.values.get("links", "").splitlines():
            named.append((name, item.passage, item.page, "la commune d’un quartier"))
    for name, passage, page, reason in named:
        if name not in known:
            known.add(name)
            values = {"level": "commune", "name": name}
            yield Proposal("territory", values, passage, page, f"Territoire\u202f: {reason}.")


def _proper_names(words: str) -> list[str]:
    """The names that a list holds; none where one of them is a common noun."""
    names = [name.strip() for name in _PARTS.split(words) if name.strip()]
    return names if all(name[0].isupper() for name in names) else []


def _quartiers(lines: Sequence[Line]) -> Iterator[Proposal]:
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
                communes = [name.strip() for name in _PARTS.split(cell)]
                values["parent"] = communes[0]
                values |= {"links": "\n".join(communes)} if len(communes) > 1 else {}
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


class PlaceNames:
    """The places that a text proposes, and which of them its words name."""

    def __init__(self, names: Iterable[str]) -> None:
        self._of = {
            _ARTICLE.sub("", part): name for name in names for part in (name, *name.split(" – ")) if part
        }
        longest = sorted(map(re.escape, self._of), key=len, reverse=True)
        self._named = re.compile(rf"(?<![\w-])(?:{'|'.join(longest)})(?![\w-])") if longest else None

    def among(self, words: str) -> list[str]:
        """Return the places that words name, each once; their capitals count: « le parc » is no quartier."""
        found = self._named.findall(words) if self._named is not None else []
        return list(dict.fromkeys(self._of[name] for name in found))


def places_in(text: str) -> list[str]:
    """Return the places for which a line says that an engagement is."""
    found = _FOR.search(text)
    names = _PARTS.split(found["names"]) if found else []
    return [name.strip() for name in names if name.strip()]
