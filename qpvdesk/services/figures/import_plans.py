"""A preview as the shell prints it, and the plan by which somebody settles its lines: the same list, in JSON."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from qpvdesk import bounded, durable
from qpvdesk.bounded import NOTHING
from qpvdesk.domain import french, periods
from qpvdesk.domain.calendar import iso
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.how_far import figure_words
from qpvdesk.domain.model import Measurement, Objective
from qpvdesk.domain.named import spelt_code
from qpvdesk.domain.wording import called
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import imports
from qpvdesk.services.figures.import_cells import printable
from qpvdesk.services.figures.imports import STATE_LABELS, Answers, Plan
from qpvdesk.services.figures.line import Decision, Line, LineState
from qpvdesk.services.figures.workbench import PlanTable, planned_tables, proposed_tables
from qpvdesk.spreadsheets.book import ReadBook
from qpvdesk.spreadsheets.columns import Columns

_BYTES_MAX = 50_000_000
_UNKNOWN_KEY = re.compile("unknown field `(.*?)`")
_AGAIN = "Refaites-le avec «\u202f--proposer plan.json\u202f»."


class _PlanLine(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a plan, as its file has it: what `propose` writes and no other key, so that none is misspelt unseen."""

    feuille: str
    cellule: str
    texte: str | None = None
    decision: Literal["ecrire", "ecarter"] | None = None
    code: str | None = None
    date: str | None = None
    territoire: str | None = None
    nouvelle_valeur: int | float | str | None = None
    libelle: str | None = None
    nom: str | None = None
    etat: str | None = None
    ancienne_valeur: int | float | None = None
    provisoire: bool | None = None
    message: str | None = None
    avertissements: tuple[str, ...] = ()
    proches: tuple[str, ...] = ()


class _Plan(Struct, frozen=True, forbid_unknown_fields=True):
    lignes: tuple[_PlanLine, ...]
    fichier: str = ""
    simulation: bool = True
    bilan: dict[str, int] = {}
    notes: tuple[str, ...] = ()
    partenaire: str = ""
    """The code of the partner whose memory is read and kept."""
    date: str = ""
    """The day of the values that have none."""
    associations: dict[str, str] = {}
    """The code of an objective by the name that the file gives it; empty for what is set aside."""
    tables: tuple[PlanTable, ...] = ()


def as_json(plan: Plan, *, simulation: bool) -> dict[str, Any]:
    # Each objective is compared with an unknown name, which comes back on each of its lines.
    near = cache(plan.near)
    return {
        "fichier": plan.file,
        "simulation": simulation,
        "bilan": {state.value: plan.count(state) for state in LineState},
        "notes": list(plan.notes),
        "partenaire": plan.partner,
        "associations": dict(plan.chosen),
        "tables": msgspec.to_builtins(proposed_tables(plan.book, plan.tables))
        if plan.book is not None
        else [],
        "lignes": [_line(plan, line, near) for line in plan.lines],
    }


def _line(plan: Plan, line: Line, near: Callable[[str], list[Objective]]) -> dict[str, Any]:
    places = {item.key: item.code for item in plan.dossier.territories}
    record = {
        "feuille": line.sheet,
        "cellule": line.cell,
        "texte": line.text,
        "code": line.objective.code if line.objective else None,
        "libelle": line.objective.label if line.objective else None,
        "nom": line.name,
        "date": iso(line.day),
        "territoire": places.get(line.measurement.territory) if line.measurement else None,
        "etat": line.state.value,
        "ancienne_valeur": _number(line.old),
        "nouvelle_valeur": _number(line.measurement),
        "provisoire": line.measurement.provisional if line.measurement else None,
        "message": " ".join(filter(None, (line.sentence, *line.remarks))),
        "avertissements": list(line.warnings),
    }
    if line.state is LineState.UNKNOWN:
        record["proches"] = [item.code for item in near(line.full_name)]
    return record


def propose(plan: Plan, path: Path) -> None:
    """Write the plan to be settled: each line with the decision that it has, or null where somebody must take it.

    Raises `UserError` where the file cannot be written.
    """
    document = as_json(plan, simulation=True)
    for record, line in zip(document["lignes"], plan.lines, strict=True):
        aside = line.state is LineState.ASIDE
        record["decision"] = "ecrire" if line.written else "ecarter" if aside else None
    content = msgspec.json.format(msgspec.json.encode(document), indent=1)
    try:
        durable.write(path, content)
    except OSError as error:
        raise UserError(
            f"Le plan ne peut pas être écrit dans «\u202f{path}\u202f»\u202f: {durable.reason(error)}.",
            "Vérifiez la place libre et que ce dossier peut être modifié.",
        ) from error


def follow(desk: Desk, contract: str, book: ReadBook, file: str, *, answers: Answers, path: Path) -> Plan:
    """Return the preview of a file as a plan settles it: its tables, its names, its lines. Raises `UserError`."""
    plan_file = _read(path)
    decided = _decided(plan_file, path, file)
    answers = replace(
        answers,
        chosen={**plan_file.associations, **answers.chosen},
        partner=answers.partner or plan_file.partenaire or None,
        day=answers.day or (_day(plan_file.date, "Plan") if plan_file.date else None),
    )
    if plan_file.tables:
        found: tuple[Columns, ...] = ()
        # What no reader recognises is read where the plan says.
        with suppress(UserError):
            found = imports.plan(desk, contract, book, file, answers=answers).tables
        answers = replace(answers, tables=planned_tables(book, plan_file.tables, found, today=desk.today()))
    plan = imports.plan(desk, contract, book, file, answers=answers)
    decisions = settled(plan, decided)
    return imports.plan(desk, contract, book, file, answers=replace(answers, decisions=decisions))


def decisions(path: Path, *, file: str) -> dict[str, Decision]:
    """Return what a plan made for the file of that name says of each line, by its place. Raises `UserError`."""
    return _decided(_read(path), path, file)


def _decided(plan: _Plan, path: Path, file: str) -> dict[str, Decision]:
    if plan.fichier and _same_name(plan.fichier) != _same_name(file):
        raise UserError(
            f"Le plan «\u202f{path.name}\u202f» est celui de «\u202f{plan.fichier[:80]}\u202f», pas de «\u202f{file}\u202f»."
            f" {NOTHING}",
            "Donnez le fichier pour lequel il a été fait.",
            shell=_AGAIN,
        )
    found: dict[str, Decision] = {}
    for line in plan.lignes:
        place = f"{line.feuille}!{line.cellule}"
        if place in found:
            raise UserError(
                f"Le plan «\u202f{path.name}\u202f» a deux lignes pour la cellule {place}. {NOTHING}",
                "Gardez celle qui compte et supprimez l’autre.",
            )
        found[place] = _decision(line)
    return found


def _read(path: Path) -> _Plan:
    bounded.check_ends(path)
    content = durable.read_within(path, _BYTES_MAX, "", unchanged=NOTHING, shell=_AGAIN)
    try:
        plan_file = msgspec.json.decode(content, type=_Plan | list[_PlanLine])
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        unknown = _UNKNOWN_KEY.search(str(error))
        if unknown:
            raise UserError(
                f"Le plan «\u202f{path.name}\u202f» a une clé inconnue\u202f: «\u202f{printable(unknown[1])}\u202f»."
                f" {NOTHING}",
                "Corrigez son nom ou supprimez-la.",
                shell=_AGAIN,
            ) from error
        raise UserError(
            f"Le plan «\u202f{path.name}\u202f» n’est pas compris\u202f: une liste de lignes est attendue, chacune avec sa"
            " feuille, sa cellule et sa décision («\u202fecrire\u202f» ou «\u202fecarter\u202f»).",
            shell=_AGAIN,
        ) from error
    return plan_file if isinstance(plan_file, _Plan) else _Plan(tuple(plan_file))


def _same_name(name: str) -> str:
    return unicodedata.normalize("NFC", Path(name).name)


def _day(text: str, where: str) -> date:
    period = periods.read(text)
    if period is None or period.asked:
        raise UserError(
            f"{where}\u202f: «\u202f{text[:40]}\u202f» n’est pas une date.", "Écrivez-la 31/12/2026."
        )
    return period.day


def _decision(line: _PlanLine) -> Decision:
    where = f"Ligne {line.feuille}!{line.cellule} du plan"
    day = _day(line.date, where) if line.date else None
    value = line.nouvelle_valeur
    number = None if value is None or isinstance(value, str) else format(Decimal(str(value)).normalize(), "f")
    return Decision(
        write=None if line.decision is None else line.decision == "ecrire",
        code=line.code or "",
        day=day,
        territory=line.territoire or "",
        value=value if isinstance(value, str) else (number or "").replace(".", ","),
        text=line.texte,
    )


def settled(plan: Plan, decisions: Mapping[str, Decision]) -> dict[str, Decision]:
    """Return the decisions of a plan for a file read again: of each, only what is put right.

    Raises `UserError` where the plan speaks of lines that the file does not have, or no longer as they were.
    """
    lines = {line.place: line for line in plan.lines}
    places = {item.key: item.code for item in plan.dossier.territories}
    found = {}
    for place, decision in decisions.items():
        line = lines.get(place)
        if line is None:
            raise UserError(f"Le plan parle de {place}, que le fichier n’a pas. {NOTHING}", shell=_AGAIN)
        if decision.text is not None and decision.text != line.text:
            raise UserError(
                f"La cellule {place} a changé depuis le plan\u202f: «\u202f{line.text[:40]}\u202f». Rien n’a été importé.",
                shell=_AGAIN,
            )
        new = line.measurement
        known = "" if new is None else format(new.value.normalize(), "f").replace(".", ",")
        same_value = decision.value == known
        found[place] = replace(
            decision,
            code=""
            if line.objective is not None and spelt_code((line.objective.code,), decision.code)
            else decision.code,
            day=None if decision.day == line.day else decision.day,
            territory=""
            if new is not None and decision.territory == places.get(new.territory)
            else decision.territory,
            value="" if same_value else decision.value,
        )
    return found


def as_rows(plan: Plan) -> tuple[list[str], list[list[str]]]:
    """Return headers and one row of French text for each value."""
    headers = ["Cellule", "Lu", "Objectif", "Date", "Avant", "Après", "État", "Remarque"]
    rows = []
    for line in plan.lines:
        figures = (told.value if told is not None else None for told in (line.old, line.measurement))
        rows.append(
            [
                f"{line.sheet}!{line.cell}",
                line.text,
                called(line.objective) if line.objective else line.name,
                french.format_date(line.day),
                *(
                    figure_words(figure, line.objective)
                    if line.objective
                    else french.format_value(figure, "")
                    for figure in figures
                ),
                STATE_LABELS[line.state],
                " ".join((line.sentence, *line.warnings, *line.remarks)).strip(),
            ]
        )
    return headers, rows


def _number(item: Measurement | None) -> int | float | None:
    if item is None:
        return None
    return int(item.value) if item.value == int(item.value) else float(item.value)
