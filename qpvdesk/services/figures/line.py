"""One value of a file: what it says, what would be written, what somebody says of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from msgspec import Struct

from qpvdesk.domain.model import Measurement, Objective
from qpvdesk.services.figures.import_cells import is_blank, refuse_hidden_characters
from qpvdesk.spreadsheets.book import ReadCell, ReadSheet
from qpvdesk.spreadsheets.columns import Columns, ValueColumn


class LineState(StrEnum):
    """What becomes of one value of the file."""

    NEW = "nouveau"
    SAME = "identique"
    CHANGED = "modifie"
    DOUBTFUL = "douteux"
    """It would be written, over another or not, once somebody says that it is right."""
    ASIDE = "ecarte"
    """It says that it has no value, that it is no measurement, or somebody set it aside."""
    REFUSED = "refuse"
    UNKNOWN = "inconnu"


class Decision(Struct, frozen=True, gc=False):
    """What somebody says of one line: to write it or not, and what of it is put right."""

    write: bool | None = None
    code: str = ""
    day: date | None = None
    territory: str = ""
    """The code of a territory."""
    value: str = ""
    """As it is typed, in the unit of the objective or followed by its own."""
    text: str | None = None
    """What the cell showed when it was decided; None where it was not kept."""
    seen: tuple[str, ...] | None = None
    """The doubts that were read when it was put right: another one is asked. None: whatever is doubtful is accepted."""

    def accepts(self, doubts: Iterable[str]) -> bool:
        """Whether the line is to be written in spite of these doubts."""
        return bool(self.write) and (self.seen is None or set(doubts) <= set(self.seen))


class Line(Struct, frozen=True, gc=False):
    """One value of the file. `measurement` is what would be written; `old` what it would replace or repeats."""

    sheet: str
    cell: str
    name: str
    """The code or the label that the file gives."""
    state: LineState
    objective: Objective | None = None
    day: date | None = None
    measurement: Measurement | None = None
    old: Measurement | None = None
    sentence: str = ""
    reason: str = ""
    """Why it is not taken, without its place; empty where it is."""
    remedy: str = ""
    """What whoever sent the file is to do about it."""
    warnings: tuple[str, ...] = ()
    """Doubts, in French: the line is not written before somebody accepts it."""
    remarks: tuple[str, ...] = ()
    """What is said of how it was read, in French."""
    full_name: str = ""
    """The whole name of what the contract does not know, by which the officer may say what it stands for."""
    text: str = ""
    """What the cell shows."""
    accepted: bool = False
    kind: str = ""
    """The type of value that the line says and nobody knows, by which those like it may be set aside."""

    @property
    def place(self) -> str:
        """`Feuille!B12`."""
        return f"{self.sheet}!{self.cell}"

    @property
    def written(self) -> bool:
        return self.measurement is not None and (
            self.state is LineState.NEW
            or (self.accepted and self.state in {LineState.CHANGED, LineState.DOUBTFUL})
        )


class Value(Struct, frozen=True, gc=False):
    """One cell of values with what surrounds it."""

    columns: Columns
    sheet: ReadSheet
    row: dict[int, ReadCell]
    cell: ReadCell
    column: ValueColumn
    decision: Decision

    def at(self, column: int | None) -> ReadCell | None:
        """The cell of the row in that column; None where there is none or it is blank."""
        cell = self.row.get(column) if column is not None else None
        return None if cell is None or is_blank(cell) else cell

    def text(self, column: int | None) -> str:
        cell = self.at(column) if column is not None else None
        if cell is None:
            return ""
        refuse_hidden_characters(cell, cell)
        return cell.text.strip()

    def line(
        self, name: str, state: LineState, objective: Objective | None = None, sentence: str = ""
    ) -> Line:
        """What becomes of it, where nothing is to be written."""
        return Line(
            self.sheet.name,
            self.cell.name,
            name,
            state,
            objective,
            sentence=sentence,
            text=f"{self.cell.text} {self.cell.shown}".strip(),
        )


UNDECIDED = Decision()
