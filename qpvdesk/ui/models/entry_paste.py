"""What a spreadsheet copied, read for the entry grid: which column names the figure, which is its value, its date."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french import parse_date
from qpvdesk.domain.model import Objective
from qpvdesk.domain.told import read_told
from qpvdesk.services.figures.names import Names
from qpvdesk.services.figures.roles import Role, role_of
from qpvdesk.ui.models.entry_rows import EDITABLE, EntryColumn, EntryRow, Typed

LINES_MAX = 2000
_OF_ROLE: dict[Role, EntryColumn | None] = {
    Role.INDICATOR: EntryColumn.OBJECTIVE,
    Role.VALUE: EntryColumn.VALUE,
    Role.DAY: EntryColumn.DAY,
    Role.SOURCE: EntryColumn.SOURCE,
    Role.COMMENT: EntryColumn.COMMENT,
    Role.PROVISIONAL: EntryColumn.PROVISIONAL,
}
_FIGURE = re.compile(r"[-\u2212]?[0-9][0-9 .,\u00a0\u202f\u2009]*(?:%|[kM]?€|Md€|(?:sur|/)\s*[0-9 ]+)?")

Target = EntryColumn | None
"""Where a column goes; OBJECTIVE: it says which figure; None: it is not read."""


class PastedLine(Struct, frozen=True):
    """One line: its cells, the row that it goes to, what it puts there; `fault` says why it is not taken (French)."""

    cells: tuple[str, ...]
    row: EntryRow | None
    typed: Typed | None
    fault: str = ""
    near: Objective | None = None
    """What an unknown name is most like."""
    name: str = ""
    """The name that was not known, where what it is most like was accepted."""


def cells_of(text: str) -> list[list[str]]:
    """Return the lines of cells that a spreadsheet copied; what it put between quotes is one cell, ends of line and all."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    try:
        lines = [
            [" ".join(cell.split("\n")).strip() for cell in line]
            for line in csv.reader(io.StringIO(whole), delimiter="\t")
        ]
    except csv.Error:
        lines = [[cell.strip() for cell in line.split("\t")] for line in whole.split("\n")]
    while lines and not any(lines[-1]):
        lines.pop()
    return lines or [[""]]


class Pasting:
    """Lines to be pasted. Columns are recognised by their titles, then by what they hold; somebody may say otherwise.

    Where no column says which figure, the lines go to the rows shown, one after the other from the one under the hand.
    """

    def __init__(
        self, cells: Sequence[Sequence[str]], rows: Sequence[EntryRow], shown: Sequence[EntryRow]
    ) -> None:
        """`rows`: all those of the contract; `shown`: those in view from the one under the hand."""
        width = max(map(len, cells))
        self._lines = [tuple(line) + ("",) * (width - len(line)) for line in cells[:LINES_MAX]]
        self.cut = max(0, len(cells) - LINES_MAX)
        self._shown = shown
        self._rows: Mapping[str, EntryRow] = {row.objective.key: row for row in rows}
        self._names = Names((row.objective for row in rows), {})
        titled = [role_of(title) for title in self._lines[0]]
        known = sum(role in _OF_ROLE for role in titled)
        if Role.INDICATOR in titled:
            known += sum(map(_is_day, self._lines[0]))
        headed = len(self._lines) > 1 and known * 2 >= width
        self.titles = self._lines.pop(0) if headed else ()
        self.targets: list[Target] = (
            [_OF_ROLE.get(role) if role else None for role in titled] if headed else self._recognised(width)
        )
        self._days = {place: title for place, title in enumerate(self.titles) if _is_day(title)}
        if headed and EntryColumn.VALUE not in self.targets and self._days:
            # A column headed by a day holds the values of that day; of several, the last ones are new.
            self.targets[max(self._days, key=lambda place: parse_date(self._days[place]))] = EntryColumn.VALUE
        self._accepted: dict[str, Objective] = {}
        self._once()

    @property
    def width(self) -> int:
        return len(self.targets)

    def aim(self, column: int, target: Target) -> None:
        """Say where a column goes; another that went there is no longer read."""
        self.targets = [None if other is target else other for other in self.targets]
        self.targets[column] = target

    def accept(self, lines: Iterable[PastedLine]) -> None:
        """Take what the unknown names of these lines are most like for what they mean."""
        named = self.targets.index(EntryColumn.OBJECTIVE)
        self._accepted |= {line.cells[named]: line.near for line in lines if line.near is not None}

    def lines(self, today: date) -> tuple[PastedLine, ...]:
        """Return every line that is not empty, with what comes of it."""
        named = self.targets.index(EntryColumn.OBJECTIVE) if EntryColumn.OBJECTIVE in self.targets else None
        taken: set[str] = set()
        pasted = []
        for place, cells in enumerate(self._lines):
            if not any(cells):
                continue
            row, fault, near = self._row(place, cells, named)
            if row is not None and row.objective.key in taken:
                fault = "ce chiffre est déjà donné plus haut\u202f: une seule valeur par ligne de la grille."
            typed = self._typed(cells, row) if row is not None and not fault else None
            if typed is not None and row is not None:
                if typed == row.typed or not any(self._told(cells)):
                    typed, fault = None, "rien à prendre sur cette ligne."
                else:
                    taken.add(row.objective.key)
                    fault = _trouble(typed, row.objective, today)
            name = "" if named is None or cells[named] not in self._accepted else cells[named]
            pasted.append(PastedLine(cells, row, typed, fault, near, name))
        return tuple(pasted)

    def _told(self, cells: Sequence[str]) -> list[str]:
        return [text for text, target in zip(cells, self.targets, strict=True) if target in EDITABLE and text]

    def _row(
        self, place: int, cells: Sequence[str], named: int | None
    ) -> tuple[EntryRow | None, str, Objective | None]:
        """Return the row that a line goes to; else why there is none, and what its name is most like."""
        if named is None:
            if place < len(self._shown):
                return self._shown[place], "", None
            return None, "il n’y a plus de ligne dans la grille.", None
        objective = self._names.find(cells[named]) or self._accepted.get(cells[named])
        if objective is not None:
            return self._rows[objective.key], "", None
        near = next(iter(self._names.near(cells[named])), None)
        maybe = f"\u202f; peut-être «\u202f{near.label}\u202f»" if near is not None else ""
        return None, f"aucun chiffre de la grille ne porte ce nom{maybe}.", near

    def _typed(self, cells: Sequence[str], row: EntryRow) -> Typed:
        typed = row.typed
        for place, (text, target) in enumerate(zip(cells, self.targets, strict=True)):
            if target in EDITABLE and text:
                typed = typed.taking(target, text)
                day = self._days.get(place, "")
                if target is EntryColumn.VALUE and day and EntryColumn.DAY not in self.targets:
                    typed = typed.taking(EntryColumn.DAY, day)
        return typed

    def _recognised(self, width: int) -> list[Target]:
        columns = [[line[place] for line in self._lines if line[place]] for place in range(width)]
        targets: list[Target] = [_kind(column, self._names) for column in columns]
        figures = [place for place, target in enumerate(targets) if target is EntryColumn.VALUE]
        if width > 1 and EntryColumn.VALUE not in targets:
            # Values that nobody can read are shown as what they are meant for.
            free = [place for place, target in enumerate(targets) if target is None]
            figures = free[:1]
        for place in figures[:1] or range(width == 1):
            targets[place] = EntryColumn.VALUE
        for place in range(max(figures[:1], default=0) + 1, width):
            if targets[place] is None and columns[place]:
                wanted = (EntryColumn.SOURCE, EntryColumn.COMMENT)
                targets[place] = next((target for target in wanted if target not in targets), None)
        return targets

    def _once(self) -> None:
        """Read no target twice: the first column of each."""
        for place, target in enumerate(self.targets):
            if target in self.targets[:place]:
                self.targets[place] = None


def _kind(column: Sequence[str], names: Names) -> Target:
    if not column:
        return None
    found = {
        EntryColumn.OBJECTIVE: sum(names.find(text) is not None for text in column),
        EntryColumn.DAY: sum(_is_day(text) for text in column),
        EntryColumn.VALUE: sum(_FIGURE.fullmatch(text) is not None for text in column),
    }
    best = max(found, key=lambda target: found[target])
    return best if found[best] * 2 >= len(column) else None


def _is_day(text: str) -> bool:
    if text.isdecimal():
        return False
    try:
        parse_date(text)
    except UserError:
        return False
    return True


def _trouble(typed: Typed, objective: Objective, today: date) -> str:
    """What would have to be mended in the grid; empty where nothing would."""
    try:
        if typed.value:
            read_told(typed.value, objective)
        if typed.day:
            parse_date(typed.day, today=today)
    except UserError as error:
        return french.typeset(f"à corriger dans la grille : {error.message}")
    return ""
