"""A dossier after an act, without reading it again."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from qpvdesk.domain.change import Change
from qpvdesk.domain.model import Dossier
from qpvdesk.storage.tables import BY_KIND, RANK, Table

_FEW = 100


def patched(dossier: Dossier, change: Change) -> Dossier | None:
    """Return what `contracts.dossier` would read after the change; None where the contract is gone."""
    by_kind: dict[str, dict[str, Any]] = {}
    for kind, key, entity in change.touched:
        by_kind.setdefault(kind, {})[key] = entity
    contract = by_kind.pop("contract", {})
    if dossier.contract.key in contract:
        if contract[dossier.contract.key] is None:
            return None
        dossier = replace(dossier, contract=contract[dossier.contract.key])
    # Owners first: what is new is of this contract where its owner is.
    for kind in sorted(by_kind, key=RANK.__getitem__):
        table, touched = BY_KIND[kind], by_kind[kind]
        if table.apart:
            continue
        entities = getattr(dossier, table.dossier)
        kept = [item for item in entities if item.key not in touched]
        ours, order = _belongs(table, dossier), _order(table)
        come = [item for item in touched.values() if item is not None and ours(item)]
        if len(come) > _FEW:
            # To insert them one by one would move the others as many times.
            kept = sorted((*kept, *come), key=order)
        else:
            for item in come:
                insort(kept, item, key=order)
        if come or len(kept) != len(entities):
            rows: dict[str, Any] = {table.dossier: tuple(kept)}
            dossier = replace(dossier, **rows)
    return dossier


def _belongs(table: Table, dossier: Dossier) -> Callable[[Any], bool]:
    if table.owner is None:
        return lambda item: bool(item.contract == dossier.contract.key)
    owner = table.owner
    ref = table.by_name[owner].ref
    assert ref is not None
    keys = {item.key for item in getattr(dossier, BY_KIND[ref].dossier)}
    return lambda item: getattr(item, owner) in keys


def _order(table: Table) -> Callable[[Any], Any]:
    """The order of `ORDER BY`: what is unknown comes first."""
    names = table.order
    if not any(table.by_name[name].nullable for name in names):
        return attrgetter(*names)

    def key(item: Any) -> tuple[Any, ...]:
        return tuple((value is not None, value) for value in (getattr(item, name) for name in names))

    return key
