"""The product's side: a base made by its own doors from an invention, and what each of its views says of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

from msgspec.structs import replace

from qpvdesk.domain.model import MeetingKind, Sens
from qpvdesk.services import bases, measurements
from qpvdesk.services.committees import committee, freezing
from qpvdesk.services.committees.committee import MeetingEntry
from qpvdesk.services.contracts import contract_import
from qpvdesk.services.desk import Desk
from qpvdesk.services.editing import acts
from qpvdesk.services.measurements import Entry
from qpvdesk.storage.opening import open_base
from tests.reference.invention import Act, Invention
from tests.reference.reckoning import Plain, read


@dataclass
class Made:
    """A base that was made, and the rows that were frozen in it, by fingerprint."""

    path: Path
    today: date
    frozen: dict[str, Plain] = field(default_factory=dict)


def make(folder: Path, invention: Invention) -> Made:
    """Make the base of an invention: imported as an officer imports a contract, then everything done to it in order.

    The base is one that was filled before its doors refused what cannot be: it is to be reckoned all the same.
    """
    with (
        patch("qpvdesk.services.contracts.contract_draft.faults", return_value=()),
        patch("qpvdesk.services.editing.reading.faults", return_value=()),
        patch("qpvdesk.services.measurements.refusal", return_value=None),
    ):
        return _made(folder, invention)


def _made(folder: Path, invention: Invention) -> Made:
    source = folder / f"{invention.seed}.json"
    source.write_text(json.dumps(invention.document, ensure_ascii=False), encoding="utf-8")
    path = folder / f"{invention.seed}.db"
    drafted = contract_import.preview(source, code=invention.document["contrat"], today=invention.today)
    if drafted.dossier is None:
        raise AssertionError(f"contract {invention.seed} is refused: {drafted.problems}")
    bases.add_contract(path, drafted, now=datetime.combine(date(2024, 1, 2), time(9), UTC))
    made = Made(path, invention.today)
    with open_base(path) as base:
        for act in invention.acts:
            _do(Desk(base, today=lambda act=act: act.today), invention.document["contrat"], act)  # type: ignore[misc]
            if act.what == "freeze":
                rows = read(path)
                made.frozen.setdefault(rows["snapshot"][-1]["fingerprint"], rows)
    return made


def _do(desk: Desk, contract: str, act: Act) -> None:
    dossier = desk.dossier(contract)
    if act.what in ("copil", "technical"):
        assert act.day is not None
        kind = MeetingKind.COPIL if act.what == "copil" else MeetingKind.COTECH
        if all(item.day != act.day for item in dossier.meetings):
            committee.create(desk, contract, MeetingEntry(kind, act.day))
        return
    if act.what == "freeze":
        (meeting,) = (item for item in dossier.meetings if item.day == act.day)
        if not any(item.meeting == meeting.key for item in dossier.snapshots):
            freezing.freeze(desk, contract, meeting.key)
        return
    (objective,) = (item for item in dossier.objectives if item.code == act.code)
    known = [item for item in dossier.measurements if item.objective == objective.key]
    if act.what == "old":
        changes = {name: Sens(value) if name == "sens" else value for name, value in act.fields.items()}
        with desk.act("Comme avant les contrôles") as unit:
            unit.put(replace(objective, **changes))
    elif act.what == "retire":
        acts.retire(desk, contract, "objective", objective.key)
    elif act.what == "restore":
        acts.restore(desk, contract, "objective", objective.key)
    elif act.what == "remove" and known:
        measurements.remove(desk, contract, known[0].key)
    elif act.what == "counter":
        form = {
            "objective": objective.key, "day": str(act.day), "value": str(act.value), "reason": "Autre périmètre",
            "source": act.text,
        }  # fmt: skip
        acts.save(desk, contract, "counter_value", form)
    elif act.value is not None and act.day is not None:
        day, replacing = act.day, None
        if act.what == "again" and known:
            day = known[-1].day
        elif act.what == "correct" and known:
            replacing, day = known[-1].key, known[-1].day
        elif any(item.day == day for item in known):
            return
        value = min(act.value, Decimal(100)) if objective.unit == "%" else act.value
        entry = Entry(objective=objective.key, day=day, value=value, source=act.text, replacing=replacing)
        measurements.record(desk, contract, entry)
