"""The levels of what is promised: axes, the engagements that are followed, the *précisions* that are read under them.

An engagement with a parent is a *précision*: it keeps its code, its words and its citation, and everything that is
followed of it (météo, steps, objectives, means, reserves, joined files) belongs to its engagement. Nothing else in the
program tells which engagements are followed.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from qpvdesk.domain.french import NNBSP
from qpvdesk.domain.model import INVOLVEMENT_LABELS, Axis, Dossier, Engagement
from qpvdesk.domain.wording import called, quoted

CARRIED = ("meteos", "steps", "objectives", "fundings", "conditions", "attachments")
"""The tuples of a dossier whose things go from a *précision* to its engagement."""


def holders(engagements: Sequence[Engagement]) -> Mapping[str, str]:
    """By key of an engagement, the key of the one that is followed for it: its own, or that of its parent.

    A parent that was retired or is gone holds nothing: what precised it is followed by itself. Where two laptops made a
    chain, the first of it holds all.
    """
    by_key = {item.key: item for item in engagements}
    holders: dict[str, str] = {}
    for item in engagements:
        above, seen = item, {item.key}
        while above.parent is not None and above.parent not in seen:
            parent = by_key.get(above.parent)
            if parent is None or (parent.retired and not item.retired):
                break
            above = parent
            seen.add(above.key)
        holders[item.key] = above.key
    return holders


def followed(dossier: Dossier) -> tuple[Engagement, ...]:
    """The engagements that are followed, in the order of the contract; what was retired is left out."""
    held_by = holders(dossier.engagements)
    return tuple(item for item in dossier.engagements if not item.retired and held_by[item.key] == item.key)


def precision_words(item: Engagement) -> str:
    """« FT-E08 Aides à l’embauche (Synthèse, « les emplois francs ») »: a *précision* with where it was read."""
    source = item.citation
    where = f" ({source.section}, {quoted(source.mark)})" if source is not None else ""
    detail = f" {item.detail}" if item.detail else ""
    return f"{item.code} {item.label.rstrip('.')}.{detail}{where}"


def carried(dossier: Dossier, child: str, parent: str) -> Iterator[Any]:
    """Yield what belongs to one engagement, changed so that it belongs to another."""
    for name in CARRIED:
        for item in getattr(dossier, name):
            if item.engagement == child:
                yield replace(item, engagement=parent)


def parent_fault(
    engagement: Engagement, known: Mapping[str, Engagement], precised: Container[str | None]
) -> str:
    """Say in French, without capital or stop, why an engagement cannot precise its parent; empty where it can.

    `precised`: the keys of those that others precise.
    """
    if engagement.parent is None:
        return ""
    if engagement.parent == engagement.key:
        return "un engagement ne se précise pas lui-même"
    parent = known.get(engagement.parent)
    if parent is None:
        return ""
    if parent.partner != engagement.partner:
        return f"{called(parent)} est l’engagement d’un autre partenaire"
    if parent.parent is not None:
        return f"{called(parent)} est lui-même une précision{NNBSP}: choisissez l’engagement qu’il précise"
    if engagement.key in precised:
        return f"{called(engagement)} a ses propres précisions{NNBSP}: détachez-les d’abord"
    return ""


def axis_fault(axis: Axis, known: Mapping[str, Axis]) -> str:
    """Say in French why an axis cannot lie in its parent; empty where it can."""
    if axis.parent is None:
        return ""
    if axis.parent == axis.key:
        return "un axe ne se contient pas lui-même"
    parent = known.get(axis.parent)
    if (parent is not None and parent.parent is not None) or any(
        item.parent == axis.key for item in known.values()
    ):
        return "les axes n’ont que deux niveaux"
    return ""


def in_axes(axes: Sequence[Axis]) -> tuple[Axis, ...]:
    """The axes in order: each followed by those that lie in it."""
    ordered = sorted(axes, key=lambda item: (item.rank, item.code))
    keys = {item.key for item in axes}
    found: list[Axis] = []
    for top in ordered:
        if top.parent is None or top.parent not in keys:
            found.append(top)
            found += (item for item in ordered if item.parent == top.key and item.key != top.key)
    return tuple(found)


def axis_words(dossier: Dossier, engagement: Engagement) -> str:
    """« Priorité 1 – Renforcer l’attractivité des quartiers »: the axis of an engagement, or of the one that it precises."""
    holder = engagement
    if engagement.parent is not None:
        key = holders(dossier.engagements).get(engagement.key, engagement.key)
        holder = next(item for item in dossier.engagements if item.key == key)
    axis = next((item for item in dossier.axes if item.key == holder.axis), None)
    if axis is None:
        return ""
    contract = dossier.contract
    level = contract.top_level if axis.parent is None and contract.top_level else contract.upper_level
    return f"{level}{NNBSP}: {axis.name}" if level else axis.name


def involved_words(dossier: Dossier, engagement: Engagement) -> str:
    """Who is in an engagement beside its pilot, and since which version: « Copilote : État · Depuis : Avenant n° 1 »."""
    names = dossier.partner_names
    parts = []
    for role, words in INVOLVEMENT_LABELS.items():
        own = [
            names[item.partner]
            for item in dossier.engagement_partners
            if item.engagement == engagement.key and item.role is role
        ]
        if own:
            parts.append(f"{words}\u202f: {', '.join(own)}")
    since = next((item.label for item in dossier.versions if item.key == engagement.since), "")
    return " · ".join([*parts, *([f"Depuis\u202f: {since}"] if since else [])])
