"""Figures in: what a file would change is shown line by line, then all of it is written or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk import bounded
from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import EXAMPLE, Correspondence, Dossier, Measurement
from qpvdesk.services import measurements
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import correspondences, mapping
from qpvdesk.services.figures.correspondences import Proposal
from qpvdesk.services.figures.import_lines import Line, LineState, Planner
from qpvdesk.spreadsheets import reading
from qpvdesk.spreadsheets.book import ReadBook as ReadBook
from qpvdesk.spreadsheets.book import ReadSheet as ReadSheet
from qpvdesk.spreadsheets.book import cell_name as cell_name
from qpvdesk.spreadsheets.columns import Columns as Columns
from qpvdesk.spreadsheets.columns import guess, said_contract
from qpvdesk.storage import maintenance
from qpvdesk.storage.unit import Unit

STATE_LABELS: dict[LineState, str] = {
    LineState.NEW: "Nouveau",
    LineState.SAME: "Identique",
    LineState.CHANGED: "Modifié",
    LineState.REFUSED: "Refusé",
    LineState.UNKNOWN: "Inconnu",
    LineState.SKIPPED: "Ignoré",
}


class Plan(Struct, frozen=True):
    """What a file would do to a contract, reckoned from `dossier`."""

    file: str
    dossier: Dossier
    columns: Columns
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    proposal: Proposal | None = None
    """What was said of such a file before, where that is what was followed."""
    remember: Correspondence | None = None
    """What is to be remembered of this file, once it is imported."""

    def count(self, state: LineState) -> int:
        """Return how many lines are in that state."""
        return sum(line.state is state for line in self.lines)

    @property
    def written(self) -> tuple[Line, ...]:
        """The lines that change the base."""
        return tuple(line for line in self.lines if line.state in {LineState.NEW, LineState.CHANGED})

    @property
    def refused(self) -> tuple[Line, ...]:
        """The lines for which nothing at all is written."""
        return tuple(line for line in self.lines if line.state in {LineState.REFUSED, LineState.UNKNOWN})

    @property
    def sentence(self) -> str:
        """`3 valeurs nouvelles, 1 modifiée, 8 identiques, 0 refusée, 0 inconnue.`"""
        words = (
            (LineState.NEW, "valeur nouvelle", "valeurs nouvelles"),
            (LineState.CHANGED, "modifiée", "modifiées"),
            (LineState.SAME, "identique", "identiques"),
            (LineState.REFUSED, "refusée", "refusées"),
            (LineState.UNKNOWN, "inconnue", "inconnues"),
        )
        said = [french.plural(self.count(state), one, many) for state, one, many in words]
        if skipped := self.count(LineState.SKIPPED):
            said.append(french.plural(skipped, "ignorée", "ignorées"))
        return ", ".join(said) + "."


def read(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> ReadBook:
    """Read a file in a bounded process, which is stopped once `cancelled`. Raises `UserError`."""
    if path.suffix.lower() == ".json":
        return bounded.ask(bounded.EXPORT, path, ReadBook, cancelled=cancelled)
    return reading.read(path, cancelled=cancelled)


class Answers(Struct, frozen=True):
    """What somebody says of a file."""

    columns: Columns | None = None
    """Where the figures are; guessed from the headers where absent."""
    described: str | None = None
    """The same in the words of the shell."""
    day: date | None = None
    """The date of the values where the file gives none."""
    chosen: Mapping[str, str] = {}
    """The code of an objective for a name that the contract does not know."""
    partner: str | None = None
    """The code of whose files are to be read so from now on."""


def preview(desk: Desk, contract: str, path: Path, answers: Answers = Answers()) -> Plan:  # noqa: B008 - frozen
    """Read a file and tell what it would change; nothing is written.

    Raises `UserError` for a file that cannot be read or holds no known table.
    """
    return plan(desk, contract, read(path), path.name, answers=answers)


def _remembering(plan: Plan, book: ReadBook, partner: str, chosen: Mapping[str, str]) -> Plan:
    """Return the plan that also keeps where the figures are in the files of a partner (its code).

    Raises `UserError` for an unknown partner.
    """
    for one in plan.dossier.partners:
        if one.code == partner.upper():
            earlier = plan.proposal.chosen if plan.proposal is not None else {}
            known = correspondences.correspondence(
                plan.dossier, book, plan.columns, partner=one.key, chosen={**earlier, **chosen}
            )
            return replace(plan, remember=known)
    raise UserError(
        f"Aucun partenaire ne porte le code «\u202f{partner}\u202f».",
        f"Codes connus\u202f: {', '.join(one.code for one in plan.dossier.partners)}.",
    )


def plan(
    desk: Desk,
    contract: str,
    book: ReadBook,
    name: str,
    *,
    answers: Answers = Answers(),  # noqa: B008 - frozen
) -> Plan:
    """Tell what a book already read would change; see `preview`."""
    columns = answers.columns if answers.described is None else mapping.described(answers.described, book)
    dossier = desk.dossier(contract)
    said = said_contract(book)
    if said is not None and said.startswith(EXAMPLE) and said != dossier.contract.code:
        raise UserError(
            "Ce classeur vient d’un exemple\u202f: ses chiffres sont fictifs. Rien n’a été importé.",
            "Demandez au partenaire le classeur de votre contrat.",
        )
    if said is not None and said != dossier.contract.code:
        raise UserError(
            f"Ce classeur est celui du contrat «\u202f{said}\u202f». Rien n’a été importé.",
            f"Ouvrez la base de ce contrat\u202f; celle-ci suit «\u202f{dossier.contract.code}\u202f».",
        )
    proposal = correspondences.proposed(dossier, book) if columns is None else None
    places = columns or (proposal.columns if proposal is not None else guess(book))
    names = {**(proposal.chosen if proposal is not None else {}), **answers.chosen}
    lines = tuple(Planner(dossier, book, places, today=desk.today(), day=answers.day, chosen=names).lines())
    if not lines:
        raise UserError(
            f"Aucune valeur n’est remplie dans «\u202f{name}\u202f». Rien n’a été importé.",
            "Vérifiez que le fichier renvoyé est bien celui qui a été rempli.",
        )
    notes = list(book.notes)
    if dossier.contract.fictitious:
        notes.append(
            "Cette base est un exemple\u202f: les chiffres importés y valent pour l’essai seulement."
        )
    if proposal is not None:
        owner = next(one for one in dossier.partners if one.key == proposal.known.partner)
        notes.append(f"Colonnes lues comme la dernière fois dans les fichiers de {owner.short_name}.")
    made = Plan(name, dossier, places, lines, tuple(notes), proposal)
    return made if answers.partner is None else _remembering(made, book, answers.partner, answers.chosen)


def apply(desk: Desk, plan: Plan) -> Change:
    """Write the plan as one act: all of it or nothing. A backup is made first.

    Raises `UserError` where a line is refused or unknown, or the contract has changed since the preview.
    """
    if plan.refused:
        first = plan.refused[0]
        others = len(plan.refused) - 1
        more = f" (et {french.plural(others, 'autre', 'autres')})" if others else ""
        raise UserError(
            f"{first.sentence}{more} Rien n’a été importé.",
            "Corrigez le fichier, puis importez-le à nouveau.",
        )
    written = plan.written
    if not written and plan.remember is None:
        return Change("Rien à importer\u202f: toutes les valeurs sont déjà connues", frozenset())
    contract = plan.dossier.contract.code
    if desk.dossier(contract).measurements != plan.dossier.measurements:
        raise UserError(
            "Le contrat a changé depuis l’aperçu. Rien n’a été importé.", "Refaites l’aperçu, puis importez."
        )
    maintenance.backup(desk.base, reason="import")
    values = french.plural(len(written), "valeur", "valeurs")

    def remember(unit: Unit) -> None:
        if plan.remember is not None:
            _remember(unit, plan, plan.remember)

    return measurements.write(
        desk,
        contract,
        f"Import de «\u202f{plan.file}\u202f»\u202f: {values}",
        [line.measurement for line in written if line.measurement is not None],
        remember,
    )


def _remember(unit: Unit, plan: Plan, new: Correspondence) -> None:
    old = plan.proposal.known if plan.proposal is not None else None
    if old is not None and old.partner == new.partner:
        if old.layout == new.layout:
            return
        unit.remove(old)
    elif any((one.partner, one.layout) == (new.partner, new.layout) for one in plan.dossier.correspondences):
        return
    unit.put(new)


def as_json(plan: Plan, *, simulation: bool) -> dict[str, Any]:
    """Return the preview as the shell prints it."""
    return {
        "fichier": plan.file,
        "simulation": simulation,
        "bilan": {state.value: plan.count(state) for state in LineState},
        "notes": list(plan.notes),
        "lignes": [
            {
                "feuille": line.sheet,
                "cellule": line.cell,
                "code": line.objective.code if line.objective else None,
                "nom": line.name,
                "date": line.day.isoformat() if line.day else None,
                "etat": line.state.value,
                "ancienne_valeur": _number(line.old),
                "nouvelle_valeur": _number(line.measurement),
                "message": line.sentence,
                "avertissements": list(line.warnings),
            }
            for line in plan.lines
        ],
    }


def as_rows(plan: Plan) -> tuple[list[str], list[list[str]]]:
    """Return headers and one row of French text for each value."""
    headers = ["Cellule", "Objectif", "Date", "Avant", "Après", "État", "Remarque"]
    rows = []
    for line in plan.lines:
        unit = line.objective.unit if line.objective else ""
        rows.append(
            [
                f"{line.sheet}!{line.cell}",
                line.objective.code if line.objective else line.name,
                french.format_date(line.day),
                french.format_value(line.old.value if line.old else None, unit),
                french.format_value(line.measurement.value if line.measurement else None, unit),
                STATE_LABELS[line.state],
                " ".join((line.sentence, *line.warnings)).strip(),
            ]
        )
    return headers, rows


def _number(item: Measurement | None) -> int | float | None:
    if item is None:
        return None
    return int(item.value) if item.value == int(item.value) else float(item.value)
