"""From what is typed in a form to the things of a contract, and back; each fault is told at its field."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec.structs import replace

from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.codes import next_number
from qpvdesk.domain.faults import Fault, doubtful_codes, faults
from qpvdesk.domain.faults.doubts import Doubts
from qpvdesk.domain.impossible_dates import AS_WRITTEN
from qpvdesk.domain.kinds import BY_ENTITY, BY_NAME, Type, Typed
from qpvdesk.domain.model import Dossier, Objective
from qpvdesk.services.editing.draft import FormDraft as FormDraft
from qpvdesk.services.editing.draft import FormReader
from qpvdesk.services.editing.draft import form_rows as form_rows
from qpvdesk.services.editing.objectives import as_written
from qpvdesk.services.editing.objectives import asked_of as asked_of
from qpvdesk.services.editing.rules import COMPLETE, SHOWN
from qpvdesk.storage.keys import new_key
from qpvdesk.storage.patching import patched

_PARTS = {
    "milestone": "milestones",
    "breakdown": "breakdowns",
    "population": "inhabitants",
    "territory_link": "links",
    "condition": "conditions",
    "engagement_partner": "copilots",
    "funding_year": "years",
    "operand": "operands",
    "objective": "declined",
}
"""Where a form asks for what is put along with its thing, by kind."""


def read(
    dossier: Dossier, kind: str, typed: Typed, key: str | None, *, today: date | None = None
) -> FormDraft:
    """Understand a form; `key` is that of the thing changed, None for a new one. Never raises on what is typed.

    What leads to another thing is its key, or its code. `today`: what is of a later day and cannot be is at fault.
    """
    declared = BY_NAME[kind]
    old = find(dossier, kind, key) if key else None
    draft = FormDraft()
    if kind == "objective":
        typed = as_written(typed, draft.faults)
    reader = FormReader(dossier, declared, typed, draft.faults)
    values = reader.values(old)
    if old is None:
        owner = {"contract": dossier.contract.key} if "contract" in declared.by_name else {}
        draft.put.append(declared.entity(key=new_key(), **owner, **values))
    else:
        draft.put.append(replace(old, **values))
    if kind in COMPLETE:
        COMPLETE[kind](reader, draft, old)
    after = _after(dossier, kind, draft)
    draft.unread = reader.unread
    checked = () if reader.unread else faults(after, today=today, among={thing.key for thing in draft.put})
    for fault in checked:
        # Where the document itself says so, nobody can put it right.
        backwards = (fault.kind, fault.field) == ("objective", "target_date") and draft.main.target_date
        hint = f" {AS_WRITTEN}" if backwards else ""
        reader.fault(_asked_at(draft, fault), f"{fault.sentence}{hint}")
    if kind in ("contract", "territory"):
        draft.doubts = tuple(doubt.sentence for doubt in doubtful_codes(after, among={draft.main.key}))
    elif kind == "measurement" and not draft.faults:
        draft.doubts = tuple(doubt.sentence for doubt in Doubts(after).lasting(draft.main))
    _check_code(dossier, kind, draft)
    return draft


def _after(dossier: Dossier, kind: str, draft: FormDraft) -> Dossier:
    if kind == "contract":
        return replace(dossier, contract=draft.main)
    return after(dossier, draft.put, draft.removed)


def after(dossier: Dossier, put: Iterable[Any], removed: Iterable[Any] = ()) -> Dossier:
    """Return a contract with things put in it, and others removed."""
    gone = ((BY_ENTITY[type(thing)].name, thing.key, None) for thing in removed)
    come = ((BY_ENTITY[type(thing)].name, thing.key, thing) for thing in put)
    left = patched(dossier, Change("", frozenset(), touched=(*gone, *come)))
    assert left is not None
    return left


def _asked_at(draft: FormDraft, fault: Fault) -> str:
    if fault.key != draft.main.key:
        return _PARTS.get(fault.kind, fault.field)
    # The three limits are three fields; the last tells of their order.
    return "thresholds_watch" if fault.field == "thresholds" else fault.field


def write(dossier: Dossier, kind: str, key: str) -> dict[str, str]:
    """Return a thing of the contract as its form shows it. Raises `KeyError` where it is gone."""
    thing = find(dossier, kind, key)
    typed: dict[str, str] = {}
    for field in BY_NAME[kind].asked:
        value = getattr(thing, field.name, "")
        for part in field.parts:
            of_part = "" if value is None else getattr(value, part.name)
            # The limits of the statuses are fractions, typed in points.
            points = field.type is Type.THRESHOLDS
            typed[f"{field.name}_{part.name}"] = _shown(of_part * 100 if points else of_part)
        if not field.parts:
            typed[field.name] = _shown(value)
    return typed | (SHOWN[kind](dossier, thing) if kind in SHOWN else {})


_PLACES_MAX = 5
"""Places of an objective that its form names."""
_SHARED = ("citation_document", "unit", "start_date", "target_date", "first_year", "last_year")


def shared(kind: str, typed: Typed) -> dict[str, str]:
    """Return what the next thing of a kind likely shares with the one just typed: what was chosen, the unit and the dates,
    nothing else that was written."""
    chosen = {
        field.name
        for field in BY_NAME[kind].asked
        if field.type in (Type.LINK, Type.CODE, Type.WORD, Type.LEVEL) and field.ref != "version"
    }
    return {name: text for name, text in typed.items() if name in chosen or name in _SHARED}


def copied(dossier: Dossier, kind: str, key: str) -> dict[str, str]:
    """Return a thing as the form of a copy of it shows it: without its code, nor what was measured or is declined."""
    own = ("code", "breakdowns", "declined")
    return {name: text for name, text in write(dossier, kind, key).items() if name not in own}


def find(dossier: Dossier, kind: str, key: str) -> Any:
    """Return the thing of that kind and key. Raises `KeyError`."""
    for thing in form_rows(dossier, kind):
        if thing.key == key:
            return thing
    raise KeyError(key)


def called(thing: Any) -> str:
    """Return what a thing is called in a list: its code and its label, or its words."""
    names = [getattr(thing, name, "") for name in ("code", "label", "name", "title", "text", "reason")]
    if not any(names):
        return f"du {french.format_date(thing.day)}"
    return " ".join(" ".join(name for name in names if name).split())


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case StrEnum():
            return value.value
        case date():
            return french.format_date(value)
        case Decimal():
            return french.format_number(value)
    return str(value)


def _check_code(dossier: Dossier, kind: str, draft: FormDraft) -> None:
    if kind == "contract" or not BY_NAME[kind].has_code:
        return
    wanted = {thing.code for thing in draft.put if isinstance(thing, type(draft.main))}
    own = {thing.key for thing in draft.put}
    taken = {thing.code for thing in form_rows(dossier, kind) if thing.key not in own} & wanted
    if taken:
        draft.faults.setdefault(
            "code",
            f"Le code {', '.join(sorted(taken))} est déjà pris dans ce contrat, peut-être par un élément retiré.",
        )


def next_code(dossier: Dossier, kind: str, partner: str) -> str:
    """Return the next free code of a kind, after those of its partner (`BPI-O16`); empty where none can be guessed."""
    letter = {"engagement": "E", "objective": "O", "funding": "F", "statement": "S"}.get(kind)
    owner = next((item.code for item in dossier.partners if item.key == partner), None)
    if letter is None or owner is None:
        return ""
    return next_number(f"{owner}-{letter}", (thing.code for thing in form_rows(dossier, kind)))


def sentence(draft: FormDraft, dossier: Dossier) -> str:
    """Say what an objective as typed asks for, or what is doubtful in a figure; empty with faults, and else."""
    if draft.doubts:
        return " ".join(draft.doubts)
    objective = draft.main if draft.put else None
    if not isinstance(objective, Objective) or draft.faults:
        return ""
    asked = asked_of(objective, dossier)
    parts = [item for item in draft.put if isinstance(item, Objective) and item.parent == objective.key]
    names = {item.key: item.name for item in dossier.territories}
    told = french.enumerate_words(
        [
            names[item.territory]
            + (f" {french.format_number(item.target_value)}" if item.target_value is not None else "")
            for item in parts
        ],
        _PLACES_MAX,
    )
    return f"{asked} Décliné\u202f: {told}." if asked and told else asked
