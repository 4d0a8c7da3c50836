"""Objectives that are the parts of another, place by place: told by their names, their unit, and a sum that is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec.structs import replace

from qpvdesk.domain.french import fold
from qpvdesk.domain.proposing.proposal import Proposal, proposed_number

_PARTS_MIN = 2


def declined(found: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield proposals, each part with the objective that it declines: « Logements – Bellevue » of « Logements »."""
    at = 0
    while at < len(found):
        whole = found[at]
        parts = _parts(whole, found[at + 1 :])
        yield whole
        for part in parts:
            reason = f"{part.reason} Une part de «\u202f{whole.values['label']}\u202f»\u202f: les cibles font la sienne."
            yield replace(part, values={**part.values, "parent": whole.values["label"]}, reason=reason)
        at += 1 + len(parts)


def _parts(whole: Proposal, following: Sequence[Proposal]) -> list[Proposal]:
    target = _target(whole)
    if whole.kind != "objective" or target is None:
        return []
    parts = list[Proposal]()
    for item in following:
        stem, dash, _ = item.values.get("label", "").partition(" – ")
        same = all(item.values.get(name) == whole.values.get(name) for name in ("engagement", "unit", "sens"))
        if not (
            dash
            and same
            and item.values.get("territory")
            and fold(whole.values["label"]).startswith(fold(stem))
        ):
            break
        parts.append(item)
    told = [_target(item) for item in parts]
    apart = len({item.values["territory"] for item in parts}) == len(parts)
    return (
        parts if len(parts) >= _PARTS_MIN and apart and sum(filter(None, told), Decimal(0)) == target else []
    )


def _target(item: Proposal) -> Decimal | None:
    return proposed_number(item.values.get("target_value", ""))
