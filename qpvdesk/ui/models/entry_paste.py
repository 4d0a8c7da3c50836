"""What a spreadsheet copied, read for the entry grid: which column names the figure, which is its value, its date."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from msgspec import Struct

from qpvdesk.domain import french
from qpvdesk.domain.errors import UserError
from qpvdesk.domain.faults.units import counts_things
from qpvdesk.domain.french import parse_date
from qpvdesk.domain.model import Objective
from qpvdesk.domain.typed_figures import read_day, read_figure, whole_day
from qpvdesk.domain.wording import called
from qpvdesk.services.figures.names import Names
from qpvdesk.services.figures.roles import Role, role_of
from qpvdesk.ui.models.entry_rows import EDITABLE, EntryColumn, EntryRow, Typed
from qpvdesk.ui.models.pasted_text import FIGURE, parted, title_day

LINES_MAX = 2000
_OF_ROLE: dict[Role, EntryColumn | None] = {
    Role.INDICATOR: EntryColumn.OBJECTIVE,
    Role.VALUE: EntryColumn.VALUE,
    Role.DAY: EntryColumn.DAY,
    Role.SOURCE: EntryColumn.SOURCE,
    Role.COMMENT: EntryColumn.COMMENT,
    Role.PROVISIONAL: EntryColumn.PROVISIONAL,
}
_HEADING_LINES_MAX = 5
_NAMES_SAMPLED = 20
_FAR = Fraction(3, 2)
"""How many times the last figure a value is when it was probably meant for another line."""

_DAY_LIKE = re.compile(
    r"[0-9]{1,2}[/.-][0-9]{1,2}(?:[/.-][0-9]{2,4})?(?: [0-9:]+)?"
    r"|(?:janv|fevr|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec)[a-z]*[. -]*[0-9]{2,4}"
    r"|(?:[ts][1-4]|[1-4](?:er|e)? (?:trimestre|semestre)) ?[0-9]{4}"
)
"""What can only be a day or a period, folded: « 31/10 », « oct-26 », « T3 2026 », « 31/10/2026 00:00 »."""
_EMPTY = "rien à prendre sur cette ligne."

Target = EntryColumn | None
"""Where a column goes; OBJECTIVE: it says which figure; None: it is not read."""


class PastedLine(Struct, frozen=True):
    """One line: its cells, the row that it goes to, what it puts there; `fault` says why it is not taken (French)."""

    cells: tuple[str, ...]
    row: EntryRow | None
    typed: Typed | None
    fault: str = ""
    near: Objective | None = None
    """What an unknown name is most like, until that is accepted: the line goes nowhere before."""
    name: str = ""
    """The name that was not known."""
    unnamed: bool = False
    """Whether its place among the lines alone says which figure it is."""

    @property
    def is_taken(self) -> bool:
        return self.typed is not None and self.near is None

    @property
    def is_left(self) -> bool:
        """Whether what it gives goes nowhere."""
        return not self.is_taken and self.fault != _EMPTY

    @property
    def far(self) -> bool:
        """Whether the value is far from the last one of its row: a line that nothing names is probably another's."""
        if self.row is None or self.typed is None or not self.row.now.value or self.fault:
            return False
        try:
            new, last = Fraction(read_figure(self.typed.value, self.row.objective).value), self.row.now.value
        except UserError:
            return False
        return not min(new, last) > 0 or max(new, last) >= _FAR * min(new, last)


class Pasting:
    """Lines to be pasted. Columns are recognised by their titles, then by what they hold; somebody may say otherwise.

    Where no column says which figure, the lines go to the rows shown, one after the other from the one under the hand.
    """

    def __init__(
        self,
        cells: Sequence[Sequence[str]],
        rows: Sequence[EntryRow],
        in_view: Sequence[EntryRow],
        start: int = 0,
        *,
        day: str = "",
    ) -> None:
        """`rows`: all those of the contract; `start`: the place of the hand among those in view; `day`: that of the
        return, which a line without one is of."""
        self.day, self.rows = day, tuple(rows)
        self.cut = max(0, len(cells) - LINES_MAX)
        # An empty line has no width of its own: a spreadsheet gives it as many tabs as it has columns, a mail none.
        cells = [line if any(line) else [""] for line in cells[:LINES_MAX]]
        if len(cells) > 1 and max(map(len, cells)) == 1:
            cells = parted([line[0] for line in cells])
        width = max(map(len, cells))
        self._lines = [tuple(line) + ("",) * (width - len(line)) for line in cells]
        self._in_view, self._start = in_view, start
        self.by_code = False
        """Whether what nothing names follows the codes, as the document does, rather than the rows shown."""
        self._rows: Mapping[str, EntryRow] = {row.objective.key: row for row in rows}
        self._names = Names((row.objective for row in rows), {})
        self._likely = _likely(rows, in_view)
        self._near: dict[str, tuple[Objective, ...]] = {}
        self._days: dict[int, str] = {}
        titled: list[Role | None] = []
        filled = [place for place, line in enumerate(self._lines) if any(line)]
        for place in filled[:_HEADING_LINES_MAX]:
            self._days = {column: day for column in range(width) if (day := self._headed(place, column))}
            if self._days or place == filled[0]:
                titled = [role_of(title) for title in self._lines[place]]
            if self._days:
                break
        headed = bool(self._days) or (
            len(filled) > 1 and sum(role in _OF_ROLE for role in titled) * 2 >= width
        )
        self.titles = self._without_titles(place if self._days else filled[0]) if headed else ()
        self.targets: list[Target] = (
            [_OF_ROLE.get(role) if role else None for role in titled] if headed else self._recognised(width)
        )
        if EntryColumn.VALUE not in self.targets and self._days:
            # A column headed by a day holds the values of that day; of several, the last ones are new.
            self.targets[max(self._days, key=lambda column: parse_date(self._days[column]))] = (
                EntryColumn.VALUE
            )
        if EntryColumn.OBJECTIVE not in self.targets:
            values = self.targets.index(EntryColumn.VALUE) if EntryColumn.VALUE in self.targets else 0
            # What stands before the values names them, known or not: they never go by their order beside it.
            free = [
                column
                for column in range(values)
                if self.targets[column] is None and not (headed and titled[column]) and self._says(column)
            ]
            if free:
                self.targets[max(free, key=self._names_known)] = EntryColumn.OBJECTIVE
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
        self._accepted |= {line.name: line.near for line in lines if line.near is not None}

    def name_of(self, line: PastedLine) -> str:
        """The name that a line gives its figure; empty where no column does."""
        return "" if self.unnamed else line.cells[self.targets.index(EntryColumn.OBJECTIVE)]

    def mean(self, line: PastedLine, objective: Objective) -> None:
        """Say which figure the name of a line means."""
        self._accepted[self.name_of(line)] = objective

    @property
    def unnamed(self) -> bool:
        """Whether the order of the lines alone says which figure each is."""
        return EntryColumn.OBJECTIVE not in self.targets

    @property
    def reorderable(self) -> bool:
        """Whether the rows that lines without a name go to are others in the order of the document."""
        count = len(self._lines)
        return self.unnamed and self._order(by_code=False)[:count] != self._order(by_code=True)[:count]

    def _order(self, *, by_code: bool) -> list[str]:
        rows = list(self._in_view[self._start :])
        if by_code:
            rows = sorted(self._in_view, key=lambda row: row.objective.code)
            if self._start:
                rows = rows[rows.index(self._in_view[self._start]) :]
        return [row.objective.key for row in rows]

    def lines(self, today: date) -> tuple[PastedLine, ...]:
        """Return every line that is not empty, with what comes of it; an empty one keeps the row that its place gives it."""
        named = None if self.unnamed else self.targets.index(EntryColumn.OBJECTIVE)
        order = self._order(by_code=self.by_code)
        taken: set[str] = set()
        pasted = []
        filled = [(place, cells) for place, cells in enumerate(self._lines) if any(cells)]
        sure = {} if named is None else {cells[named]: self._known(cells[named]) for _, cells in filled}
        unit = self._usual_unit(sure)
        certain = {item.key for item in sure.values() if item is not None}
        for place, cells in filled:
            fault, near, objective = "", None, None
            name = "" if named is None else cells[named]
            if named is not None and not any(self._told(cells)):
                fault = _EMPTY
            elif named is None:
                objective = self._rows[order[place]].objective if place < len(order) else None
                fault = "" if objective else "il n’y a plus de ligne dans la grille."
            elif sure[name] is not None:
                objective = sure[name]
            else:
                objective, fault = self._guess(name, self._value(cells), unit)
                near = objective
                if near is not None and near.key in certain:
                    near = None
                    fault = "le chiffre qui ressemble à ce nom est déjà donné par une autre ligne."
            row = None if objective is None else self._rows[objective.key]
            if row is not None and row.objective.key in taken:
                near = None
                fault = "ce chiffre est déjà donné plus haut\u202f: une seule valeur par ligne de la grille."
            typed = self._typed(cells, row, today) if row is not None and not fault else None
            if typed is not None and row is not None:
                if typed == row.typed or not any(self._told(cells)):
                    typed, near, fault = None, None, _EMPTY
                else:
                    taken.add(row.objective.key)
                    fault = _trouble(typed, row.objective, today)
            guessed = name if near is not None or name in self._accepted else ""
            pasted.append(PastedLine(cells, row, typed, fault, near, guessed, unnamed=named is None))
        return tuple(pasted)

    def _told(self, cells: Sequence[str]) -> list[str]:
        return [text for text, target in zip(cells, self.targets, strict=True) if target in EDITABLE and text]

    def _known(self, name: str) -> Objective | None:
        return self._names.find(name) or self._accepted.get(name)

    def _value(self, cells: Sequence[str]) -> str:
        return cells[self.targets.index(EntryColumn.VALUE)] if EntryColumn.VALUE in self.targets else ""

    def _usual_unit(self, names: Mapping[str, Objective | None]) -> str:
        """The unit of most figures that names mean, or are like without a doubt; empty where there is none."""
        likely = ((item,) if item is not None else self._nearest(name) for name, item in names.items())
        units = Counter(found[0].unit for found in likely if len(found) == 1)
        return units.most_common(1)[0][0] if units else ""

    def _guess(self, name: str, value: str, unit: str) -> tuple[Objective | None, str]:
        """Return what an unknown name is most like; else why nothing is proposed."""
        if not name:
            return None, "rien ne dit de quel chiffre il s’agit."
        near = [item for item in self._nearest(name) if _can_be(value, item)]
        # A sheet mostly gives figures of one kind: shares, or numbers of things.
        near = [item for item in near if item.unit == unit] or near
        if len(near) == 1:
            return near[0], ""
        some = [f"«\u202f{called(item)}\u202f»" for item in near]
        maybe = f"\u202f; ce peut être {french.either(some)}" if some else ""
        return None, f"aucun chiffre de la grille ne porte ce nom{maybe}."

    def _nearest(self, name: str) -> tuple[Objective, ...]:
        """The one that a name is most like, in view if it can be; several where none is more than the others."""
        if name not in self._near:
            found = (names.nearest(name) for names in self._likely)
            self._near[name] = next(filter(None, found), ())
        return self._near[name]

    def _headed(self, place: int, column: int) -> str:
        """The day that heads the figures of a column from a line on; empty where none does."""
        day = title_day(self._lines[place][column])
        below = [line[column] for line in self._lines[place + 1 :]] if day else []
        figures = any(FIGURE.fullmatch(text) for text in below) and not any(map(_is_day, below))
        return day if figures else ""

    def _without_titles(self, place: int) -> tuple[str, ...]:
        """Take the titles out of the lines, and what is empty before them: no row was meant by it."""
        titles = self._lines[place]
        self._lines = [*filter(any, self._lines[:place]), *self._lines[place + 1 :]]
        return titles

    def _says(self, column: int) -> list[str]:
        """The words of a column, where most of its cells are words; none where they are figures or days."""
        cells = [line[column] for line in self._lines if line[column]][:_NAMES_SAMPLED]
        words = [text for text in cells if re.search(r"[^\W\d_]", text) and not _is_day(text)]
        return words if len(words) * 2 > len(cells) else []

    def _names_known(self, column: int) -> int:
        return sum(bool(self._nearest(name)) for name in self._says(column))

    def _typed(self, cells: Sequence[str], row: EntryRow, today: date) -> Typed:
        typed = row.typed
        for place, (text, target) in enumerate(zip(cells, self.targets, strict=True)):
            if target in EDITABLE and text:
                if target is EntryColumn.DAY:
                    text = whole_day(text, today)
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
        if EntryColumn.DAY not in targets:
            # Days written in several ways are still days: a source is never one.
            dated = (place for place in range(width) if targets[place] is None and _says_days(columns[place]))
            for place in [*dated][:1]:
                targets[place] = EntryColumn.DAY
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


def _likely(rows: Sequence[EntryRow], in_view: Sequence[EntryRow]) -> list[Names]:
    """Where a name is looked for: among the figures of the partners in view first, then among all."""
    givers = {row.objective.partner for row in in_view}
    own = [row for row in rows if row.objective.partner in givers]
    parts = (own, rows) if len(own) < len(rows) else (rows,)
    return [Names((row.objective for row in part), {}) for part in parts]


def _kind(column: Sequence[str], names: Names) -> Target:
    if not column:
        return None
    found = {
        EntryColumn.OBJECTIVE: sum(names.find(text) is not None for text in column),
        EntryColumn.DAY: sum(_is_day(text) for text in column),
        EntryColumn.VALUE: sum(FIGURE.fullmatch(text) is not None for text in column),
    }
    best = max(found, key=lambda target: found[target])
    return best if found[best] * 2 >= len(column) else None


def _can_be(text: str, objective: Objective) -> bool:
    """Whether a value can be one of an objective: no share of what is counted by one."""
    try:
        value = read_figure(text, objective).value if text else 0
    except UserError:
        return False
    return not counts_things(objective.unit) or value == int(value)


def _is_day(text: str) -> bool:
    if text.isdecimal():
        return False
    try:
        parse_date(text)
    except UserError:
        return False
    return True


def _says_days(column: Sequence[str]) -> bool:
    """Whether a column is one of days or months, however each is written."""
    return sum(_is_day(text) or bool(_DAY_LIKE.fullmatch(french.fold(text))) for text in column) * 3 > len(
        column
    )


def _trouble(typed: Typed, objective: Objective, today: date) -> str:
    """What would have to be mended in the grid; empty where nothing would."""
    try:
        if typed.value:
            read_figure(typed.value, objective)
        if typed.day:
            read_day(typed.day, today)
    except UserError as error:
        return french.typeset(f"à corriger dans la grille : {error.message} {error.remedy}".rstrip())
    return ""
