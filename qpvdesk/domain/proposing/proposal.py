"""What a text says that a contract could hold: one thing, where it was read, and why it was taken for that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from msgspec import Struct

from qpvdesk.domain import periods
from qpvdesk.domain.proposing.fields import as_told, field_in

LINE_CHARACTERS_MAX = 4000
"""A longer paragraph is read so far alone: no promise takes as much room."""
NUMBER = r"(?<![\d.,])(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:,\d+)?(?![.,]?\d)"
"""A number as French writes it: « 1.248 » is none, for nobody knows whether its dot parts thousands."""
FIGURED = re.compile(r"\d")
_MARKS = re.compile(r"^(?:[-*•–▪]\s+|[a-z]\.\s+|\d+[.)]\s+(?=[a-zà-ÿ]))|\*\*")


_BY_YEAR = re.compile(
    r"\b(?:d[’']ici(?: à)?|fin|avant|en|au|objectif|horizon|pour) (?:la |le |l[’'])?(?:fin )?(20\d\d)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\b(?:au|aux|de|des|du|la|le|les|en|à|et|ou|pour|par|sur)$|[,–]$", re.IGNORECASE)
"""How a line ends whose sentence goes on."""
_OF_AN_INDICATOR = re.compile(r"(?:Valeur de départ|Valeur initiale|Valeur cible|Cible|Échéance|Suivi)\s?: ")
"""How a line begins that says the figures of the indicator before it."""

_ABOUT = ("Thématique", "Pilote", "Copilote", "Moyens", "Indicateur")
"""How a line begins whose fields are told one after the other, each to its full stop."""
_SUM_BEGINS = re.compile(rf"{NUMBER}\s*(?:Md€|M€|k€|€)")
_GROUP = re.compile(r"\d{3}(?!\d)")
"""How a line begins that goes on with a number: « 3 » and « 900 suivis »."""
_BEGINS = re.compile(r"[-*•–▪]\s|\d+[.)]\s|(?:Indicateur|Fiche|Thématique|Objectif|Tableau)\b")
"""How a line begins that is no end of the one before."""


class Line(Struct, frozen=True):
    """One paragraph of a document, or one row of a table."""

    page: int
    text: str
    """As it stands, its ends trimmed."""
    bare: str
    """Without the marks of a list and of bold letters; a field of a fiche as it is read (see `fields`)."""
    listed: bool


class Proposal(Struct, frozen=True):
    """One thing that may be in the contract. Nothing is written of it until somebody accepts it."""

    kind: str
    """Name of its kind: `territory`, `engagement`, `objective`, `funding`, `statement`."""
    values: Mapping[str, str]
    """What is typed in its form, by field, as people write it; the partner and the engagement by their words."""
    passage: str
    page: int
    reason: str
    doubt: str = ""
    """What does not agree in it; empty where all does."""
    section: str = ""
    """What it stands under: the number of its fiche, else the title of its chapter; empty before any."""


_ROW = re.compile(r"\S(?: {2,}|[^\S\n]*\t[^\S\n]*)\S")


def lines_of(pages: Sequence[str]) -> Iterator[Line]:
    """Yield the paragraphs of a text: what a line or a page breaks in the middle of a sentence is one again."""
    pending, told, begun = "", "", 1
    for page, content in enumerate(pages, start=1):
        for raw in content.splitlines():
            text = raw.strip()
            field = as_told(text)
            row = field == text and _ROW.search(raw)
            short = len(pending) < LINE_CHARACTERS_MAX
            if pending and text and short and not row and _goes_on(told, field):
                pending, told = f"{pending} {text}", f"{told} {field}"
                continue
            if pending:
                yield _line(begun, pending, told)
            pending, told, begun = (
                ("", "", page) if not text else (raw.rstrip() if row else text, field, page)
            )
    if pending:
        yield _line(begun, pending, told)


def _goes_on(pending: str, text: str) -> bool:
    """Tell whether a line is the end of the sentence before it."""
    if pending.startswith("Indicateur") and _OF_AN_INDICATOR.match(text):
        return True
    if field_in(text)[0]:
        return False
    if pending.startswith(_ABOUT) and _cut(pending, text):
        return True
    if (
        text[0] in "€%("
        or (pending[-1].isdigit() and _GROUP.match(text))
        or (pending.endswith(":") and _SUM_BEGINS.match(text))
    ):
        return True
    return bool(_OPEN.search(pending)) or (text[0].islower() and pending[-1] not in ".;:")


def _cut(pending: str, text: str) -> bool:
    """Tell whether what is told of an engagement, or the figures of an indicator, are cut where a line of a page ends."""
    told = ";" in pending if pending.startswith("Indicateur") else as_told(pending) == pending
    return told and not pending.endswith(".") and not _BEGINS.match(text)


def _line(page: int, text: str, told: str) -> Line:
    text = text.strip()[:LINE_CHARACTERS_MAX]
    bare = _MARKS.sub("", text).strip()
    listed = text != bare and not text.startswith("**")
    return Line(page, text, _MARKS.sub("", told.strip()[:LINE_CHARACTERS_MAX]).strip(), listed)


def proposed_number(text: str) -> Decimal | None:
    """Return the number that a text is, None for another."""
    try:
        return Decimal(re.sub(r"[ \u00a0\u202f]", "", text).replace(",", "."))
    except InvalidOperation:
        return None


def day_in(text: str) -> date | None:
    """Return the day by which a text promises something: « au 31/12/2026 », « d’ici fin 2027 », « Objectif 2027 »."""
    if not FIGURED.search(text):
        return None
    exact = re.search(r"\b\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})\b|\b[TS][1-4] 20\d\d\b", text)
    words = _BY_YEAR.search(text)
    found = exact[0] if exact else words[1] if words else ""
    period = periods.read(found) if found else None
    return None if period is None else period.day
