"""The order of what a contract's files hold: that of the contract, and each place after the one that it lies in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.model import Contract, Dossier, Territory


def files_in_order(contract: Contract, entities: Mapping[str, Sequence[Any]]) -> Dossier:
    """Return the contract of what its files hold, by kind. Raises `UserError` where places contain each other."""
    ranks = {partner.key: (partner.rank, partner.code) for partner in entities.get("partner", ())}
    order: dict[str, Callable[[Any], Any]] = {
        "partner": lambda item: ranks[item.key],
        "engagement": lambda item: (ranks[item.partner][0], item.code),
        "objective": lambda item: (ranks[item.partner][0], item.code),
        "milestone": lambda item: (item.objective, item.day),
        "measurement": lambda item: (item.objective, item.day, item.key),
    }
    things = {**entities, "territory": _parents_first(entities.get("territory", ()))}
    return Dossier(
        contract=contract,
        **{
            BY_NAME[kind].dossier: tuple(sorted(items, key=order[kind]) if kind in order else items)
            for kind, items in things.items()
            if kind != "contract"
        },
    )


def _parents_first(territories: Sequence[Territory]) -> list[Territory]:
    """Sort the places so that each follows its parent."""
    placed: list[Territory] = []
    waiting = list(territories)
    while waiting:
        known = {territory.key for territory in placed} | {None}
        ready = [territory for territory in waiting if territory.parent in known]
        if not ready:
            names = ", ".join(territory.code for territory in waiting)
            raise UserError(
                f"Le fichier contrat.toml ne peut pas être lu\u202f: les territoires {names} se contiennent"
                " les uns les autres.",
                "Corrigez le champ «\u202fparent\u202f» de l’un d’eux.",
            )
        placed += ready
        waiting = [territory for territory in waiting if territory not in ready]
    return placed
