"""The contract that a file would make, or every cell of it that is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qpvdesk.domain import french
from qpvdesk.domain.counts import OBJECTIVE_NOUNS
from qpvdesk.domain.engagements import followed
from qpvdesk.domain.model import Dossier
from qpvdesk.services.contracts.contract_cells import RefusedCell
from qpvdesk.services.contracts.joined_files import File
from qpvdesk.spreadsheets.book import ReadBook

_PLACES_MAX = 6
"""Cells of one cause that are told by their names."""
NOTHING = "Rien n’a été importé."


@dataclass(frozen=True, slots=True)
class ContractDraft:
    """The contract that a file holds. `dossier` is None where a cell is refused; `refused` names each."""

    file: str
    dossier: Dossier | None
    counts: Mapping[str, int]
    """How many of each kind, by the name of its sheet."""
    refused: tuple[RefusedCell, ...]
    notes: tuple[str, ...]
    files: Mapping[str, File | Path] = field(default_factory=dict)
    """What the joined files hold, or where they stand beside the workbook, by fingerprint."""
    book: ReadBook | None = None
    """What was read, to be given back with its refused cells marked."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The code of the contract; none where a cell is refused."""
        return () if self.dossier is None else (self.dossier.contract.code,)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why cells are refused, each cause once, and where."""
        causes: dict[tuple[str, str], list[RefusedCell]] = {}
        for number, item in enumerate(self.refused):
            # An element of a JSON document has no cell.
            alike = item.why if item.sheet and not self.file.lower().endswith(".json") else f"{number}"
            causes.setdefault((item.sheet, alike), []).append(item)
        return tuple(_told(*cells) for cells in causes.values())

    @property
    def sentence(self) -> str:
        """`Contrat de ville de X : 7 partenaires, 146 engagements…`, or how many cells are refused."""
        if self.dossier is None:
            cells = french.plural(len(self.refused), "case refusée", "cases refusées")
            causes = len(self.problems)
            return f"{cells}{f', pour {causes} causes' if 1 < causes < len(self.refused) else ''}. {NOTHING}"
        dossier = self.dossier
        words = (
            french.plural(len(dossier.partners), "partenaire", "partenaires"),
            french.plural(len(followed(dossier)), "engagement", "engagements"),
            french.plural(len(dossier.objectives), *OBJECTIVE_NOUNS),
            french.plural(len(dossier.measurements), "relevé", "relevés"),
        )
        return f"{dossier.contract.name}\u202f: {', '.join(words)}."


def _told(first: RefusedCell, *others: RefusedCell) -> str:
    """Why cells are refused, at the first of them, and where the others are."""
    if not others:
        return first.words
    places = [item.place for item in others[:_PLACES_MAX]]
    more = len(others) - len(places)
    places += [french.plural(more, "autre case", "autres cases")] if more else []
    return f"{first.words} De même\u202f: {french.enumerate_words(places)}."
