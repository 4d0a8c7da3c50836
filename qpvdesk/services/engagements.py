"""Engagements gathered under one that is followed, and taken out again."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from qpvdesk.domain.change import Change
from qpvdesk.domain.engagements import carried, parent_fault
from qpvdesk.domain.errors import UserError, thing_keyed
from qpvdesk.domain.french import NNBSP, enumerate_words, plural
from qpvdesk.domain.wording import called
from qpvdesk.services.desk import Desk

_NAMED_MAX = 6


def group(desk: Desk, contract: str, children: Sequence[str], parent: str) -> Change:
    """Make engagements (their keys) *précisions* of another, which takes over all that is followed of them.

    Codes, words and citations stay. Raises `UserError` where one of them cannot precise it; nothing is changed then.
    """
    dossier = desk.dossier(contract)
    known = {item.key: item for item in dossier.engagements}
    holder = thing_keyed(dossier.engagements, parent, "Cet engagement")
    if not children:
        raise UserError(
            "Aucun engagement n’est à regrouper.", "Choisissez ceux qui précisent le même engagement."
        )
    grouped = [
        replace(thing_keyed(dossier.engagements, key, "Cet engagement"), parent=parent, axis=None)
        for key in dict.fromkeys(children)
    ]
    precised = {item.parent for item in dossier.engagements}
    for item in grouped:
        if fault := parent_fault(item, known, precised):
            raise UserError(
                f"{called(item)} ne peut pas préciser {called(holder)}{NNBSP}: {fault}.",
                "Choisissez un engagement suivi du même partenaire.",
            )
    names = enumerate_words([called(item) for item in grouped], limit=_NAMED_MAX)
    count = plural(len(grouped), "engagement regroupé", "engagements regroupés")
    with desk.act(f"{count} sous {called(holder)}{NNBSP}: {names}") as unit:
        for item in grouped:
            unit.put_all([item, *carried(dossier, item.key, str(item.parent))])
    return unit.change


def ungroup(desk: Desk, contract: str, children: Sequence[str]) -> Change:
    """Follow *précisions* (their keys) by themselves again. What their engagement took over stays with it."""
    dossier = desk.dossier(contract)
    known = {item.key: item for item in dossier.engagements}
    freed = [thing_keyed(dossier.engagements, key, "Cet engagement") for key in dict.fromkeys(children)]
    if not freed or any(item.parent is None for item in freed):
        raise UserError(
            "Il n’y a pas de précision à détacher.", "Choisissez des précisions, non des engagements suivis."
        )
    names = enumerate_words([called(item) for item in freed], limit=_NAMED_MAX)
    count = plural(len(freed), "précision détachée", "précisions détachées")
    with desk.act(f"{count}{NNBSP}: {names}") as unit:
        for item in freed:
            above = known.get(item.parent or "")
            unit.put(replace(item, parent=None, axis=above.axis if above is not None else None))
    return unit.change
