"""A contract whose every free text is written like rich text that opens files and addresses."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from qpvdesk.domain.kinds import KINDS, Type
from qpvdesk.domain.model import Decision, Dossier, Meeting, MeetingKind, Visit
from tests.helpers import invented

PROBE = '<b>sonde</b><img src="//host/x"><a href="//host/x">lien</a>'
_FREE = {"mark", "section", "start_unit", "unit"} | {
    field.name for kind in KINDS for field in kind.fields if field.type is Type.TEXT and field.free
}
"""The fields that an officer, or a package, fills with any words."""


def dossier() -> Dossier:
    """The invented contract, the probe before each of its free texts."""
    made = invented.dossier()
    made = replace(
        made,
        meetings=(*made.meetings, Meeting("g2", "k", MeetingKind.COTECH, date(2026, 3, 12))),
        decisions=(Decision("x1", "g1", "Écrire", 1), Decision("x2", "g2", "Réunir", 1, "Sous-préfecture")),
        visits=(Visit("w1", "k", date(2026, 3, 10), "Marché", functions="Gardien", follow_up="Écrire"),),
    )
    return seeded(made)


def seeded(thing: Any) -> Any:
    """Return a record with the probe before each of its free texts, and in the records that it holds."""
    if isinstance(thing, tuple):
        return tuple(seeded(one) for one in thing)
    fields = getattr(thing, "__struct_fields__", None) or getattr(thing, "__dataclass_fields__", None)
    if fields is None:
        return thing
    held = {name: getattr(thing, name) for name in fields}
    return type(thing)(
        **{
            name: f"{PROBE} {value}" if name in _FREE and type(value) is str else seeded(value)
            for name, value in held.items()
        }
    )
