"""Dates of an objective whose document puts the start after the target: marked « (sic) », both are kept in a note, and
nothing is reckoned from them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from qpvdesk.domain import periods
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import format_date

_SIC = re.compile(r"\s*[(\[]sic[)\]]", re.IGNORECASE)
AS_WRITTEN = (
    "Si le document le dit ainsi, écrivez «\u202f(sic)\u202f» après la phrase ou la date\u202f: le départ n’est alors plus"
    " daté, et les deux dates restent en note."
)
"""What is to be done of a start that comes after its target where the document itself says so."""


def unmarked(words: Mapping[str, str]) -> dict[str, str]:
    """What of an objective bears « (sic) », without it, by field."""
    marked = [name for name in ("label", "start_date", "target_date") if _SIC.search(words.get(name, ""))]
    return {name: _SIC.sub("", words[name]) for name in marked}


def undated(words: Mapping[str, str]) -> dict[str, str]:
    """Of a start that comes after its target, what keeps both dates in a note and reckons nothing from them, by field."""
    try:
        start, due = (periods.end_of(words[name]) for name in ("start_date", "target_date"))
    except (KeyError, UserError):
        return {}
    if start < due:
        return {}
    told = f"Le document dit un départ au {format_date(start)} et une échéance au {format_date(due)} (sic)."
    return {"note": " ".join(filter(None, (words.get("note"), told))), "start_date": ""}
