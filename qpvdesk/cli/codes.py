"""The codes by which people name what a contract holds."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import either
from qpvdesk.domain.kinds import BY_NAME, Kind
from qpvdesk.domain.meetings import meeting_code
from qpvdesk.domain.model import Dossier
from qpvdesk.domain.visits import visit_codes

_NAMED_MAX = 6


def coded(dossier: Dossier, kind: Kind) -> Iterator[tuple[str, Any]]:
    """Yield each thing of a kind under its code; what has none takes that of its owner and a number."""
    if kind.name == "contract":
        yield dossier.contract.code, dossier.contract
        return
    owners = {item.key: item.code for item in dossier.partners}
    owners |= {item.key: item.code for item in dossier.engagements}
    meetings = {item.key: meeting_code(item) for item in dossier.meetings}
    visits = visit_codes(dossier.visits)
    counts: dict[str, int] = {}
    for entity in getattr(dossier, kind.dossier):
        if kind.has_code:
            yield entity.code, entity
        elif kind.name == "decision":
            yield f"{meetings[entity.meeting]}-D{entity.rank}", entity
        elif kind.name == "visit":
            yield visits[entity.key], entity
        else:
            owner = owners[entity.engagement or entity.partner]
            counts[owner] = counts.get(owner, 0) + 1
            yield f"{owner}-{counts[owner]}", entity


def named(dossier: Dossier, kind_name: str, code: str) -> Any:
    """Return the thing of that kind and code. Raises `UserError` with the nearest codes."""
    kind = BY_NAME[kind_name]
    codes = {known.upper(): entity for known, entity in coded(dossier, kind)}
    wanted = code.strip().upper()
    if wanted in codes:
        return codes[wanted]
    near = get_close_matches(wanted, list(codes), n=3)
    if near:
        remedy = f"Vouliez-vous dire {either(near)}\u202f?"
    else:
        known = list(codes)
        more = "…" if len(known) > _NAMED_MAX else "."
        remedy = (
            f"Codes connus\u202f: {', '.join(known[:_NAMED_MAX])}{more}" if known else "Il n’y en a aucun."
        )
    none = "Aucune" if kind.feminine else "Aucun"
    raise UserError(f"{none} {kind.noun or kind.french} ne porte le code «\u202f{code}\u202f».", remedy)
