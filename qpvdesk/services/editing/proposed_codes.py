"""The code proposed for a new thing: from its name as it is typed, or the next of those of its partner."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from qpvdesk.domain.codes import partner_code, place_code, words_code
from qpvdesk.domain.kinds import Typed
from qpvdesk.domain.model import Dossier, Level
from qpvdesk.domain.proposing.naming import perimeter_name
from qpvdesk.domain.themes import code_from
from qpvdesk.services.editing.draft import form_rows
from qpvdesk.services.editing.reading import next_code

_FROM_NAME: Mapping[str, tuple[str, Callable[[str, Collection[str]], str]]] = {
    "contract": ("name", lambda name, _: code_from(perimeter_name(name)).replace("_", "-")),
    "document": ("title", words_code),
    "establishment": ("name", words_code),
    "partner": ("name", lambda name, taken: partner_code("", name, taken)),
    "place_level": ("name", lambda name, _: code_from(name)),
    "territory": ("name", place_code),
    "theme": ("name", lambda name, _: code_from(name)),
    "version": ("label", words_code),
}
"""By kind, the field of its name, and what makes a code of it, which none of those taken is."""
_COUNTED = (Level.NATION, Level.REGION, Level.DEPARTEMENT)
"""The levels whose codes everybody knows (`D13`): no words stand for one."""


def proposed_code(dossier: Dossier, kind: str, typed: Typed) -> str:
    """Return the code proposed for a new thing; empty where none can be guessed yet."""
    if kind not in _FROM_NAME:
        return next_code(dossier, kind, typed.get("partner", ""))
    if kind == "territory" and typed.get("level") in _COUNTED:
        return ""
    field, code_of_name = _FROM_NAME[kind]
    name = typed.get(field, "").strip()
    return code_of_name(name, {thing.code for thing in form_rows(dossier, kind)}) if name else ""
