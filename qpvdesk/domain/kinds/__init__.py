"""Every kind of thing and every field, declared once."""

from __future__ import annotations

from typing import Any

from qpvdesk.domain.kinds import checks, committees, contract, figures, places, promises
from qpvdesk.domain.kinds.declaration import REQUIRED, Ask, Choices, Field, FieldPart, Kind, Type, Typed

KINDS: tuple[Kind, ...] = (
    *contract.KINDS,
    *places.KINDS,
    *(kind for kind in promises.KINDS if kind.name not in promises.AFTER_FIGURES),
    *figures.KINDS,
    *(kind for kind in promises.KINDS if kind.name in promises.AFTER_FIGURES),
    *committees.KINDS,
    *checks.KINDS,
    committees.PAPER,
)
"""Parents before their children: the order in which rows can be added, and the journal tells of them."""

BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS}
BY_ENTITY: dict[Any, Kind] = {kind.entity: kind for kind in KINDS}


def journal_subject(name: str) -> str:
    """The word of what a change of a thing of that kind is about."""
    kind = BY_NAME[name]
    return kind.about or journal_subject(kind.by_name[kind.owner or ""].ref or "")
