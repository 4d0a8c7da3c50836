"""A base of three contracts of one département: the starter with invented figures, and two that were made after it."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from qpvdesk.services import bases
from qpvdesk.services.contracts import contract_export, contract_import
from qpvdesk.services.desk import Desk
from qpvdesk.storage import opening
from tests.helpers import demo

DAY = demo.DAY
NEIGHBOURS = {"arras": ("Contrat de ville d’Arras", "BPI"), "calais": ("Contrat de ville de Calais", "FT")}
"""By code: the name, and the partner of which it has no figure yet."""


def make(path: Path, *, day: date = DAY) -> Path:
    """Write the base; its officer is that of the environment."""
    bases.create(path, "lens-lievin", now=datetime(day.year, day.month, day.day, 9).astimezone())
    with opening.open_base(path) as base:
        demo.fill(base)
        desk = Desk(base, today=lambda: day)
        file = path.with_suffix(".json")
        contract_export.write(desk.dossier("lens-lievin"), file)
        whole = json.loads(file.read_text(encoding="utf-8"))
        for code, (name, silent) in NEIGHBOURS.items():
            add(desk, _without(whole, name, silent), code, path)
        file.unlink()
    return path


def add(desk: Desk, whole: dict[str, Any], code: str, path: Path) -> None:
    """Take a contract of a file into the base."""
    file = path.with_name(f"{code}.json")
    file.write_text(json.dumps(whole), encoding="utf-8")
    draft = contract_import.preview(file, code=code, today=desk.today())
    assert draft.dossier is not None, draft.problems
    contract_import.apply(desk, draft)
    file.unlink()


def _without(whole: dict[str, Any], name: str, silent: str) -> dict[str, Any]:
    """The same contract under another name, without the figures of a partner."""
    kept = [line for line in whole["releves"] if not str(line["objectif"]).startswith(silent)]
    return {**whole, "fiche": [{**whole["fiche"][0], "nom": name}], "releves": kept}
