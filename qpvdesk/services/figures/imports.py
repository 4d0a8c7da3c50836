"""Figures in: what a file would change is shown line by line, then all of it is written or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from qpvdesk import bounded
from qpvdesk.domain import french
from qpvdesk.domain.change import Change
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.model import EXAMPLE, Correspondence, Dossier, Objective
from qpvdesk.domain.named import partner_coded
from qpvdesk.services import measurements
from qpvdesk.services.desk import Desk
from qpvdesk.services.figures import correspondences, mapping
from qpvdesk.services.figures.correspondences import Proposal
from qpvdesk.services.figures.import_cells import printable
from qpvdesk.services.figures.import_lines import Planner
from qpvdesk.services.figures.layout import Words
from qpvdesk.services.figures.line import Decision, Line, LineState
from qpvdesk.services.figures.names import Names, TerritoryNames
from qpvdesk.services.figures.tables import FoundTable, TableReader
from qpvdesk.spreadsheets import reading
from qpvdesk.spreadsheets.book import ReadBook as ReadBook
from qpvdesk.spreadsheets.book import ReadSheet as ReadSheet
from qpvdesk.spreadsheets.book import column_letters as column_letters
from qpvdesk.spreadsheets.columns import Columns as Columns
from qpvdesk.spreadsheets.columns import said_contract, said_partner
from qpvdesk.storage import maintenance
from qpvdesk.storage.unit import Unit

STATE_LABELS: dict[LineState, str] = {
    LineState.NEW: "Nouveau",
    LineState.SAME: "Identique",
    LineState.CHANGED: "Modifié",
    LineState.DOUBTFUL: "Douteux",
    LineState.ASIDE: "Écarté",
    LineState.REFUSED: "Refusé",
    LineState.UNKNOWN: "Inconnu",
}


class Plan(Struct, frozen=True):
    """What a file would do to a contract, reckoned from `dossier`."""

    file: str
    dossier: Dossier
    tables: tuple[Columns, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    proposal: Proposal | None = None
    """What was said of such a file before, where that is what was followed."""
    remember: tuple[Correspondence, ...] = ()
    """What is to be remembered of this file, a table each, once it is imported."""
    partner: str = ""
    """The code of the partner whose memory is read; empty for none."""
    book: ReadBook | None = None
    chosen: Mapping[str, str] = {}
    """What somebody says of names, now and before (see `Answers`)."""
    source: str = ""
    """Where the figures come from whose line does not say."""

    @property
    def ours(self) -> bool:
        """Whether the file is a workbook of ours, whose columns nobody has to say."""
        return self.book is not None and said_contract(self.book) is not None

    def count(self, state: LineState) -> int:
        return sum(line.state is state for line in self.lines)

    @property
    def written(self) -> tuple[Line, ...]:
        """The lines that change the base: new ones without a doubt, and those that somebody accepted."""
        return tuple(line for line in self.lines if line.written)

    @property
    def unsettled(self) -> tuple[Line, ...]:
        """The lines that somebody must settle: refused and unknown ones first, then changes and doubts."""
        return (*self.refused, *(line for line in self.lines if line.state in _ASKED and not line.accepted))

    @property
    def refused(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state in {LineState.REFUSED, LineState.UNKNOWN})

    def near(self, name: str) -> list[Objective]:
        """The objectives that an unknown name is most like, the nearest first; three at most."""
        return Names(self.dossier.objectives, {}).near(name)

    @property
    def sentence(self) -> str:
        """`3 valeurs nouvelles, 1 modifiée, 8 identiques, 0 refusée, 0 inconnue.`"""
        counts = [
            (self.count(state), singular, plural, always) for state, singular, plural, always in _COUNTS
        ]
        return (
            ", ".join(
                french.plural(count, singular, plural)
                for count, singular, plural, always in counts
                if count or always
            )
            + "."
        )


_ASKED = {LineState.CHANGED, LineState.DOUBTFUL}
_COUNTS = (
    (LineState.NEW, "valeur nouvelle", "valeurs nouvelles", True),
    (LineState.CHANGED, "modifiée", "modifiées", True),
    (LineState.SAME, "identique", "identiques", True),
    (LineState.DOUBTFUL, "douteuse", "douteuses", False),
    (LineState.ASIDE, "écartée", "écartées", False),
    (LineState.REFUSED, "refusée", "refusées", True),
    (LineState.UNKNOWN, "inconnue", "inconnues", True),
)


def read(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> ReadBook:
    """Read a file in a bounded process, which is stopped once `cancelled`. Raises `UserError`."""
    if path.suffix.lower() == ".json":
        return bounded.ask(bounded.EXPORT, path, ReadBook, seconds=bounded.TABLE_SECONDS, cancelled=cancelled)
    return reading.read(path, cancelled=cancelled)


class Answers(Struct, frozen=True):
    """What somebody says of a file."""

    tables: tuple[Columns, ...] = ()
    """Where the figures are; guessed from the headers where none is said."""
    described: str | None = None
    """The same in the words of the shell."""
    day: date | None = None
    """The date of the values where the file gives none."""
    chosen: Mapping[str, str] = {}
    """The code of an objective for a name that the contract does not know; empty for a name, a type of value, a title
    or a sheet that is set aside."""
    partner: str | None = None
    """The code of whose files are to be read so from now on; what is remembered of them is used."""
    decisions: Mapping[str, Decision] = {}
    """What somebody says of a line, by its place (`Feuille!B12`)."""
    source: str | None = None
    """Where the figures come from whose line does not say; None: the partner, the file and the day it is read."""


def plan(
    desk: Desk,
    contract: str,
    book: ReadBook,
    name: str,
    *,
    answers: Answers = Answers(),  # noqa: B008 - frozen
) -> Plan:
    """Tell what a book already read would change; see `preview`."""
    dossier = desk.dossier(contract)
    _refuse_another(dossier, said_contract(book))
    tables = answers.tables
    if answers.described is not None:
        tables = (mapping.described(answers.described, book, today=desk.today()),)
    partner = None if answers.partner is None else partner_coded(dossier.partners, answers.partner)
    of = "" if partner is None else partner.key
    proposal = None if tables else correspondences.proposed(dossier, book, today=desk.today(), partner=of)
    chosen = {
        **correspondences.chosen_by(dossier, of),
        **(proposal.chosen if proposal is not None else {}),
        **answers.chosen,
    }
    names = Names(dossier.objectives, chosen)
    units = frozenset(french.fold(item.unit) for item in dossier.objectives)
    words = Words(names, TerritoryNames(dossier.territories), units, desk.today())
    if proposal is not None:
        tables = proposal.tables
    found = FoundTable(tables, ()) if tables else TableReader(words).tables(book, name)
    owner = partner
    if proposal is not None:
        owner = next(item for item in dossier.partners if item.key == proposal.partner)
    giver = said_partner(book) if owner is None else owner.code
    source = _source(dossier, giver, name, desk.today()) if answers.source is None else answers.source
    planner = Planner(dossier, book, words, day=answers.day, decisions=answers.decisions, source=source)
    lines = tuple(planner.lines(found.tables))
    if not lines:
        raise UserError(
            f"Aucune valeur n’est remplie dans «\u202f{name}\u202f». Rien n’a été importé.",
            "Vérifiez que le fichier renvoyé est bien celui qui a été rempli.",
        )
    # What our own workbooks hold beside what was asked is known to be no return.
    notes = [*book.notes, *(found.notes if said_contract(book) is None else ())]
    if dossier.contract.fictitious:
        notes.append(
            "Cette base est un exemple\u202f: les chiffres importés y valent pour l’essai seulement."
        )
    if proposal is not None and owner is not None:
        notes.append(f"Colonnes lues comme la dernière fois dans les fichiers de {owner.short_name}.")
    reckoned = Plan(
        name, dossier, found.tables, lines, tuple(notes), proposal, book=book, chosen=chosen, source=source
    )
    reckoned = reckoned if owner is None else replace(reckoned, partner=owner.code)
    if partner is None:
        return reckoned
    remember = correspondences.to_remember(dossier, book, found.tables, partner=partner.key, chosen=chosen)
    return replace(reckoned, remember=remember)


def _source(dossier: Dossier, code: str, name: str, today: date) -> str:
    """Propose where the figures of a file come from: « Bpifrance, retour.xlsx, lu le 30/06/2026 »."""
    names = [item.short_name for item in dossier.partners if item.code == code]
    return ", ".join((*names, printable(name), f"lu le {french.format_date(today)}"))


def _refuse_another(dossier: Dossier, code: str | None) -> None:
    """Raise `UserError` for a workbook of ours that is of another contract than this one."""
    if code is not None and code.startswith(EXAMPLE) and code != dossier.contract.code:
        raise UserError(
            "Ce classeur vient d’un exemple\u202f: ses chiffres sont fictifs. Rien n’a été importé.",
            "Demandez au partenaire le classeur de votre contrat.",
        )
    if code is not None and code != dossier.contract.code:
        raise UserError(
            f"Ce classeur est celui du contrat «\u202f{code}\u202f». Rien n’a été importé.",
            f"Ouvrez la base de ce contrat\u202f; celle-ci suit «\u202f{dossier.contract.code}\u202f».",
        )


def accepted(plan: Plan, *states: LineState) -> Plan:
    """Return the plan with every line of those states accepted; all that can be written where none is named."""
    lines = tuple(
        replace(line, accepted=True)
        if line.measurement is not None and (not states or line.state in states)
        else line
        for line in plan.lines
    )
    return replace(plan, lines=lines)


def apply(desk: Desk, plan: Plan, *, settled_only: bool = False) -> Change:
    """Write the plan as one act: all of it or nothing. A backup is made first.

    Raises `UserError` where somebody has still to settle a line, unless those that are settled go in without it, and
    where the contract has changed since the preview.
    """
    written = plan.written
    if plan.unsettled and not (settled_only and written):
        raise _unsettled(plan)
    if not written and all(line.state is LineState.ASIDE for line in plan.lines):
        raise UserError(
            f"{plan.lines[0].sentence} Rien n’a été importé.", "Demandez ces valeurs au partenaire."
        )
    if not written and not plan.remember:
        return Change("Rien à importer\u202f: toutes les valeurs sont déjà connues", frozenset())
    contract = plan.dossier.contract.code
    if desk.dossier(contract).measurements != plan.dossier.measurements:
        raise UserError(
            "Le contrat a changé depuis l’aperçu. Rien n’a été importé.", "Refaites l’aperçu, puis importez."
        )
    maintenance.backup(desk.base, reason="import")
    values = french.plural(len(written), "valeur", "valeurs")

    def remember(unit: Unit) -> None:
        correspondences.remember(unit, plan.dossier, plan.remember)

    return measurements.write(
        desk,
        contract,
        f"Import de «\u202f{plan.file}\u202f»\u202f: {values}",
        [line.measurement for line in written if line.measurement is not None],
        also=remember,
    )


_BY_A_PLAN = "Ou par un plan\u202f: «\u202f--proposer plan.json\u202f», puis «\u202f--plan plan.json\u202f»."


def _unsettled(plan: Plan) -> UserError:
    """Return the error of a plan where a line waits for somebody."""
    first, others = plan.unsettled[0], len(plan.unsettled) - 1
    more = f" (et {french.plural(others, 'autre', 'autres')})" if others else ""
    if plan.refused:
        return UserError(
            f"{first.sentence}{more} Rien n’a été importé.",
            "Corrigez le fichier, ou écartez ces lignes dans l’aperçu.",
            shell=_BY_A_PLAN,
        )
    why = first.warnings[0] if first.warnings else "elle remplacerait une valeur déjà connue."
    return UserError(
        f"Feuille «\u202f{first.sheet}\u202f», cellule {first.cell}\u202f: {why}{more} Rien n’a été importé.",
        "Acceptez ou écartez ces lignes dans l’aperçu.",
        shell=_BY_A_PLAN,
    )
