"""What a contract is told by, as the officer chooses: its partners, its *thématiques*, its axes of the top level."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from qpvdesk.domain.engagements import in_axes
from qpvdesk.domain.first_sight import AXES as AXES
from qpvdesk.domain.first_sight import PARTNERS as PARTNERS
from qpvdesk.domain.first_sight import THEMES as THEMES
from qpvdesk.domain.index import Index
from qpvdesk.domain.model import Axis, Dossier, Engagement, Objective

_AXIS = "Axe"


class Gathering(Struct, frozen=True):
    """A *thématique* or an axis of the top level, and what is promised of it, in the order of the contract."""

    by: str
    code: str
    """Empty for what is of none."""
    name: str
    engagements: tuple[Engagement, ...]
    """Those that are followed."""
    objectives: tuple[Objective, ...]


def ways(dossier: Dossier) -> dict[str, str]:
    """By word, in what a contract can be told: « Partenaire », « Thématique » and, where it has axes, what it calls them."""
    found = {PARTNERS: "Partenaire", THEMES: "Thématique"}
    return found | {AXES: axis_level(dossier)} if dossier.axes else found


def axis_level(dossier: Dossier) -> str:
    """What the contract calls its axes of the top level: « Priorité », « Axe » where it does not say."""
    contract = dossier.contract
    deep = any(item.parent for item in dossier.axes)
    return (contract.top_level if deep else "") or contract.upper_level or _AXIS


def top_axes(dossier: Dossier) -> dict[str, Axis]:
    """By key of an axis, the one of the top level that it lies in: itself, or its parent. In the order of the contract."""
    by_key = {item.key: item for item in dossier.axes}
    return {item.key: by_key.get(item.parent or "", item) for item in in_axes(dossier.axes)}


def names(index: Index, by: str) -> dict[str, str]:
    """By code, in the order of the contract, the names of its thématiques or of its axes of the top level."""
    if by == AXES:
        tops = top_axes(index.dossier).values()
        return {item.code: item.name for item in tops} | {"": f"Sans {axis_level(index.dossier).lower()}"}
    used = {item.theme for item in index.engagements} | {item.theme for item in index.objectives}
    return {code: index.theme_names[code] for code in index.theme_names.in_order(used)}


def gatherer(index: Index, by: str) -> Callable[[Engagement | Objective], str]:
    """Return what tells the code of the thématique or axis that an engagement or an objective is gathered in."""
    if by != AXES:
        return lambda item: item.theme
    tops = top_axes(index.dossier)

    def axis_code(item: Engagement | Objective) -> str:
        key = index.followed_by(item.key if isinstance(item, Engagement) else item.engagement)
        axis = index.engagement(key).axis if key else None
        return tops[axis].code if axis in tops else ""

    return axis_code


def gatherings(index: Index, by: str) -> tuple[Gathering, ...]:
    """Return what is promised, gathered; each thing once, nothing for a thématique or an axis that holds nothing."""
    code_of = gatherer(index, by)
    engagements: dict[str, list[Engagement]] = {}
    objectives: dict[str, list[Objective]] = {}
    for engagement in index.engagements:
        engagements.setdefault(code_of(engagement), []).append(engagement)
    for objective in index.objectives:
        objectives.setdefault(code_of(objective), []).append(objective)
    return tuple(
        Gathering(by, code, name, tuple(engagements.get(code, ())), tuple(objectives.get(code, ())))
        for code, name in names(index, by).items()
        if code in engagements or code in objectives
    )
