"""Rules on what was entered: what no road would let in today, in a base that was filled before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qpvdesk.domain.coherence.checks import Checked
from qpvdesk.domain.faults import Fault, faults
from qpvdesk.domain.french import format_date
from qpvdesk.domain.kinds import BY_NAME
from qpvdesk.domain.points import Finding

_OWNERS = ("objective", "statement", "territory", "engagement", "partner")
"""What a thing without a code is said to be of, the nearest first."""


def impossible(checked: Checked) -> Iterator[Finding]:
    """What form, file and package refuse."""
    things: dict[tuple[str, str], Any] = {
        ("contract", checked.dossier.contract.key): checked.dossier.contract
    }
    for fault in faults(checked.dossier):
        if not things.keys() & {(fault.kind, fault.key)}:
            things |= {
                (fault.kind, item.key): item for item in getattr(checked.dossier, BY_NAME[fault.kind].dossier)
            }
        thing = things[fault.kind, fault.key]
        owner = thing if hasattr(thing, "code") else _owner(checked, thing)
        if getattr(owner, "retired", False) or fault.field == "formula":
            # The rule of formulas says itself which one it cannot reckon.
            continue
        yield Finding(
            owner.code,
            getattr(owner, "partner", None),
            f"{_called(fault, thing, owner)} : {fault.words}.",
            fault.remedy or "Corrigez ce champ : aucune saisie ne l’admettrait aujourd’hui.",
            getattr(thing, "citation", None) or getattr(owner, "citation", None),
            ":".join((fault.field, *([] if thing is owner else [_detail(thing)]))),
        )


def _owner(checked: Checked, thing: Any) -> Any:
    for name in _OWNERS:
        key = getattr(thing, name, None)
        if key is not None:
            return next(item for item in getattr(checked.dossier, BY_NAME[name].dossier) if item.key == key)
    raise AssertionError(thing)


def _called(fault: Fault, thing: Any, owner: Any) -> str:
    """Name what is at fault: an objective, or « …, relevé du 31/12/2025 »."""
    name = str(getattr(owner, "label", "") or getattr(owner, "name", ""))
    if thing is owner:
        return name
    day = getattr(thing, "day", None)
    return f"{name}, {BY_NAME[fault.kind].french}{f' du {format_date(day)}' if day else ''}"


def _detail(thing: Any) -> str:
    """Tell two parts of one thing apart, alike on every laptop."""
    day = getattr(thing, "day", None)
    return day.isoformat() if day else str(getattr(thing, "name", "") or thing.key)
